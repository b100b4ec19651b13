"""The built-in guards, a file per family, and the one registry that workflow files name them from."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import agreements, awards, choice, dates, people, records, tenders, tracks
from proeftuin.core.guards._base import Answer, Change, Guard, Param, Question, guard

FAMILIES = (people, records, tracks, agreements, dates, tenders, awards, choice)

BUILT_IN: Mapping[str, Guard] = FrozenDict(
    {one.name: one for family in FAMILIES for one in vars(family).values() if isinstance(one, Guard)}
)

__all__ = ["BUILT_IN", "Answer", "Change", "Guard", "Param", "Question", "guard"]
