"""Numbers from pilots: exact to the end, rounded once for display, and silent about small groups.

A metric is a function from the facts of a pilot on a day to `Share`s: an amount, and the person that it rests on.
Shares are summed over a portfolio first and divided once; nothing rounded is ever added, and no percentage averaged.
Definitions are those of the field: a placement is active on a day when it has started and not ended, half-open.

    placements, jobs, retention   people at work
    tracks, lifecycle, monitoring the pilots and their suppliers
    social_return, purchases      what is bought, and what contractors owe
    measure                       from pilots to what may be shown
    targets                       what goals want of them
"""

from proeftuin.core.metrics._base import Facts, Metric, Share
from proeftuin.core.metrics.catalogue import METRICS
from proeftuin.core.metrics.measure import FIELDS, Meter, Unmeasurable, begins, measure
from proeftuin.core.metrics.targets import Target, Targets

__all__ = [
    "FIELDS",
    "METRICS",
    "Facts",
    "Meter",
    "Metric",
    "Share",
    "Target",
    "Targets",
    "Unmeasurable",
    "begins",
    "measure",
]
