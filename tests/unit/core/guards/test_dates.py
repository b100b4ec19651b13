from datetime import timedelta
from typing import Any

import pytest

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import BUILT_IN, Param, Question, dates, guard
from proeftuin.core.pilot import Visit
from proeftuin.core.structs import replace
from tests.unit.core.small import TODAY, a_track, codes_of, question


@pytest.mark.parametrize(
    ("days", "params", "expected"),
    [
        (1, {}, None),
        (0, {}, "not-after-today"),
        (-1, {}, "not-after-today"),
        (14, {"weeks": 2}, None),
        (15, {"weeks": 2}, "too-late"),
        (4000, {}, None),
        (4000, {"weeks": 10**12}, None),
    ],
)
def test_a_date_lies_ahead_but_not_too_far(days: int, params: Any, expected: str | None) -> None:
    """The date lies after today, and where the file says so within that many weeks."""
    data = {"until": (TODAY + timedelta(days=days)).isoformat()}
    blocker = dates.within(question(data=data, params={"field": "until", **params}))
    assert expected == (None if blocker is None else blocker.params["problem"])  # type: ignore[union-attr]  # one blocker


def test_a_date_that_was_not_given_is_not_judged() -> None:
    """An absent date is the data check's business."""
    assert None is dates.within(question(params={"field": "until"}))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"from": "2026-01-01", "until": "2026-01-02"}, ()),
        ({"from": "2026-01-01", "until": "2026-01-01"}, ("bad-value",)),
        ({"from": "2026-01-02", "until": "2026-01-01"}, ("bad-value",)),
        ({"from": "2026-01-02"}, ()),
        ({"until": "2026-01-02"}, ()),
    ],
)
def test_a_period_ends_after_it_begins(data: dict[str, str], expected: tuple[str, ...]) -> None:
    """Where both days are given, the last is after the first."""
    assert expected == codes_of(dates.period(question(data=data, params={"start": "from", "end": "until"})))


def test_texts_must_not_point_at_a_person() -> None:
    """Each text that looks like an identity is a violation, told by its field and not by its content."""
    data = {"note": "bel 06-12345678", "plan": "12 plekken", "more": "jan@example.org"}
    answer = dates.privacy(question(data=data, params={"fields": ("note", "plan", "more", "absent")}))
    assert ("privacy-violation", "privacy-violation") == codes_of(answer)
    assert "06-12345678" not in repr(answer)


# -- what a guard is ---------------------------------------------------------------------------------------------------


def test_guards_are_found_by_their_names() -> None:
    """The registry holds each built-in guard under its own name, with a summary and its codes."""
    assert [] == [name for name, one in BUILT_IN.items() if name != one.name or not one.summary or not one.codes]
    assert dates.within is BUILT_IN["within"]


def test_a_guard_reads_the_fields_that_its_parameters_name() -> None:
    """A field is read by its own name, or by each name that a parameter gives."""
    made = guard(reads=("kind", "$field", "$fields", "$absent"), field=Param("text"), fields=Param("names"))(
        lambda asked: None
    )
    assert {"kind", "until", "a", "b"} == made.fields({"field": "until", "fields": ("a", "b")})


def test_a_function_becomes_a_guard() -> None:
    """A guard has the name and first line of its function, or the name that it is given."""

    def late(asked: Question) -> None:
        """It is too late.

        More about it.
        """
        del asked

    assert ("late", "It is too late.") == (guard()(late).name, guard()(late).summary)
    made = guard(name="other", codes=["x"])(late)
    assert ("other", late, ("x",)) == (made.name, made.check, made.codes)
    assert "" == guard()(lambda asked: None).summary


def test_a_question_shows_records_as_they_would_be() -> None:
    """Records of a type are shown with what the command changes and adds."""
    from proeftuin.core.guards import Change  # noqa: PLC0415  # the one use here
    from tests.unit.core.small import a_pilot, record  # noqa: PLC0415  # likewise

    one, two, new = record("goal", 1), record("goal", 2), record("goal", 3)
    closed = record("goal", 1, ended=TODAY)
    asked = question(a_pilot(one, two), adding=(new, record("step")), changing=(Change(one, closed),))
    assert [closed, two, new] == asked.records("goal")


@pytest.mark.parametrize(
    ("given", "held", "expected"),
    [
        ("2026-03-02", "2026-03-02", ()),
        ("2026-03-01", "2026-03-02", ("bad-value",)),
        (None, "2026-03-02", ()),
        ("2026-03-01", None, ()),
    ],
)
def test_what_follows_is_not_earlier(given: str | None, held: str | None, expected: tuple[str, ...]) -> None:
    """A date may not lie before the one that the track holds; where one of them is absent there is nothing to ask."""
    data = FrozenDict() if held is None else FrozenDict(published_on=held)
    track = replace(a_track(), trail=(Visit("seen", TODAY, data),))
    params = {"field": "sent_on", "after": "published_on"}
    given_data = {} if given is None else {"sent_on": given}
    assert expected == codes_of(dates.not_before(question(track=track, params=params, data=given_data)))
    assert None is dates.not_before(question(params=params, data=given_data))
