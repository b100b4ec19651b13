"""Every metric, by its name."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Definition
from proeftuin.core.metrics.jobs import JOBS
from proeftuin.core.metrics.lifecycle import LIFECYCLE
from proeftuin.core.metrics.monitoring import MONITORING
from proeftuin.core.metrics.placements import PLACEMENTS
from proeftuin.core.metrics.purchases import PURCHASES
from proeftuin.core.metrics.retention import RETENTION
from proeftuin.core.metrics.social_return import SOCIAL_RETURN
from proeftuin.core.metrics.tracks import TRACKS

METRICS: Mapping[str, Definition] = FrozenDict(
    {
        one.name: one
        for one in (*PLACEMENTS, *JOBS, *RETENTION, *TRACKS, *LIFECYCLE, *MONITORING, *SOCIAL_RETURN, *PURCHASES)
    }
)
