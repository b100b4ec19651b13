"""Numbers from pilots: exact to the end, rounded once for display, and silent about small groups.

A metric is a function from a pilot, on a day, to `Share`s: an amount, and the person that it rests on. Shares are
summed over a portfolio first and divided once; nothing rounded is ever added. Definitions are those of the field: a
placement is active on a day when it has started and not ended, half-open.
"""

from proeftuin.core.metrics._base import Metric, Share
from proeftuin.core.metrics.measure import FIELDS, measure
from proeftuin.core.metrics.placements import METRICS

__all__ = ["FIELDS", "METRICS", "Metric", "Share", "measure"]
