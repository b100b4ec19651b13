"""Guards on dates, and on texts that must not point at a person."""

from datetime import date

from proeftuin.core.calendar import later
from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.privacy import looks_like_identity


@guard(
    reads=("$field",),
    codes=("bad-value",),
    field=Param("text", required=True, refers="field", of=("date",)),
    weeks=Param("integer"),
)
def within(question: Question) -> Answer:
    """A date lies after today, and at most so many weeks ahead."""
    name, weeks = question.params["field"], question.params.get("weeks")
    value = question.data.get(name)
    if value is None:
        return None
    day = date.fromisoformat(value)
    params = {"field": name, "weeks": weeks}
    if day <= question.today:
        return Blocker("bad-value", FrozenDict({**params, "problem": "not-after-today"}))
    if weeks is not None and day > later(question.today, 7 * weeks):
        return Blocker("bad-value", FrozenDict({**params, "problem": "too-late"}))
    return None


@guard(
    reads=("$start", "$end"),
    codes=("bad-value",),
    start=Param("text", required=True, refers="field", of=("date",)),
    end=Param("text", required=True, refers="field", of=("date",)),
)
def period(question: Question) -> Answer:
    """A period ends after it begins."""
    name = question.params["end"]
    start, end = question.data.get(question.params["start"]), question.data.get(name)
    if start is None or end is None or date.fromisoformat(start) < date.fromisoformat(end):
        return None
    return Blocker("bad-value", FrozenDict({"field": name, "problem": "interval"}))


@guard(
    reads=("$field",),
    codes=("bad-value",),
    field=Param("text", required=True, refers="field", of=("date",)),
    after=Param("text", required=True),
)
def not_before(question: Question) -> Answer:
    """A date lies on or after the one that the track holds."""
    name = question.params["field"]
    day = question.data.get(name)
    held = question.track.data.get(question.params["after"]) if question.track else None
    if day is None or held is None or date.fromisoformat(day) >= date.fromisoformat(held):
        return None
    return Blocker("bad-value", FrozenDict({"field": name, "problem": "before-that"}))


@guard(reads=("$fields",), codes=("privacy-violation",), fields=Param("names", required=True))
def privacy(question: Question) -> Answer:
    """None of these texts, corrected ones included, holds what looks like an identity."""
    corrected = question.data.get("fields")
    given = {**question.data, **(corrected if isinstance(corrected, FrozenDict) else {})}
    return [
        Blocker("privacy-violation", FrozenDict({"field": name, "problem": "identity"}))
        for name in question.params["fields"]
        if looks_like_identity(str(given.get(name, "")))
    ]
