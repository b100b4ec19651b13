"""diff: what changed between two versions of a workflow, and what that does to pilots that are running.

1. *Cosmetic*: no decision, date, figure or stored byte depends on it. Labels, texts, the order of what is shown.
2. *Widening*: what was allowed stays allowed and does the same; more may be.
3. *Narrowing*: what was allowed may be refused, do something else, or fall due on another day. A term that is new is
   one, as a pilot may be late for it on the day on which it begins to count.
4. *Nothing falls through*: every attribute of every class of a workflow is compared, and what no rule is for, or what
   cannot be compared, is narrowing. One element may have several changes; the heaviest counts (`worst`).
5. *Renamed* is only said where it can be proved: nothing else differs, and nothing else is like it.

Name, version and hash tell which workflow it is, and are no change.

What is not here: whether a particular pilot can go on under the new version.
"""

from collections.abc import Iterable

from proeftuin.core.diff._change import (
    COSMETIC,
    NARROWING,
    WEIGHTS,
    WIDENING,
    Both,
    Change,
    Effect,
    Kind,
    Pair,
    heaviest,
)
from proeftuin.core.diff._rules import RULES
from proeftuin.core.diff._walk import compare
from proeftuin.core.workflow import Workflow

__all__ = ["COSMETIC", "NARROWING", "WEIGHTS", "WIDENING", "Change", "Effect", "Kind", "diff", "worst"]


def diff(old: Workflow, new: Workflow) -> tuple[Change, ...]:
    """Return what changed between two versions of a workflow, each with what it does to pilots that are running.

    Args:
        old: the version that pilots follow.
        new: the version that they might follow.

    Returns:
        Nothing where both say the same; else the changes in the order of the format, and of the new file.

    Note:
        The name and the version of a workflow are no change. So a workflow can also be compared with the one that it
        builds on, or with another one.
    """
    return tuple(compare(Pair(Both(old, new, RULES), "", old, new)))


def worst(changes: Iterable[Change]) -> Effect | None:
    """Return what changes do to running pilots as a whole: the heaviest effect of them, None where there are none."""
    return heaviest(one.effect for one in changes)
