"""Guards on dates, and on texts that must not point at a person."""

from datetime import date, timedelta

from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.privacy import looks_like_identity


@guard(
    reads=("$field",),
    codes=("bad-value",),
    field=Param("text", required=True, refers="field"),
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
    if weeks is not None and day > question.today + timedelta(weeks=weeks):
        return Blocker("bad-value", FrozenDict({**params, "problem": "too-late"}))
    return None


@guard(reads=("$fields",), codes=("privacy-violation",), fields=Param("names", required=True, refers="field"))
def privacy(question: Question) -> Answer:
    """None of these texts holds what looks like an identity: a citizen service number, an address, a birth date."""
    return [
        Blocker("privacy-violation", FrozenDict({"field": name, "problem": "identity"}))
        for name in question.params["fields"]
        if looks_like_identity(str(question.data.get(name, "")))
    ]
