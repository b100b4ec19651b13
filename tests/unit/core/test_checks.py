from typing import Any

import pytest

from proeftuin.core.checks import Checked, Ground, among, asked, check
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.workflow import Field
from tests.unit.core.small import TODAY, a_pilot, a_track, names, record

HELD = a_pilot(
    record("placement", 1, track="acme"),
    record("placement", 2, track="other", kind="bundled", contributions=[{"track": "acme"}, {"track": "other"}]),
    record("goal", 1, ended=TODAY),
    tracks=[a_track("acme"), a_track("other")],
)


def judged(field: Field, value: object, *, track: str | None = None, live: bool = False, **data: Any) -> Checked:
    live_names = frozenset({"field"}) if live else frozenset[str]()
    fields = {"field": field, **{name: Field("text") for name in data}}
    return check(fields, freeze({"field": value, **data}), Ground(HELD, track, TODAY, EMPTY, live_names))


def fault(field: Field, value: object, **more: Any) -> tuple[str, str | None]:
    """The code and the problem of the one blocker."""
    (only,) = judged(field, value, **more).blockers
    return only.code, only.params.get("problem")


LONG_URL = "https://example.org/".ljust(2_000, "x")
ROW = FrozenDict(who=Field("person", required=True), share=Field("decimal"))


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        (Field("text"), "é 🌱\n", "é 🌱\n"),
        (Field("integer"), -(2**63), -(2**63)),
        (Field("decimal"), "1.10", "1.10"),
        (Field("decimal"), 3, "3"),
        (Field("date"), "2026-03-02", "2026-03-02"),
        (Field("date", not_after="today"), "2026-03-02", "2026-03-02"),
        (Field("boolean"), False, False),
        (Field("choice", of=("a", 13)), 13, 13),
        (Field("list", of="date"), ["2026-03-02"], ("2026-03-02",)),
        (Field("list", of=("a", "b")), ["b"], ("b",)),
        (Field("list"), ["x"], ("x",)),
        (Field("list"), [], ()),
        (Field("list", min=1, max=1), ["x"], ("x",)),
        (Field("list", of=ROW), [{"who": "w", "share": "0.5"}], (FrozenDict(who="w", share="0.5"),)),
        (Field("list", of="record", record="placement"), ["placement-1"], ("placement-1",)),
        (Field("map", of="integer", keys=("a",)), {"a": 1}, FrozenDict(a=1)),
        (Field("map", of="integer"), {"z": 1}, FrozenDict(z=1)),
        (Field("map"), {"any": {"thing": True}}, FrozenDict(any=FrozenDict(thing=True))),
        (Field("map", of="integer", min=1, max=2), {"a": 1, "b": 2}, FrozenDict(a=1, b=2)),
        (Field("map", of="track"), {"a": "acme"}, FrozenDict(a="acme")),
        (Field("url"), "https://example.org/a?b=c", "https://example.org/a?b=c"),
        (Field("url"), LONG_URL, LONG_URL),
        (Field("person"), "Jo", "Jo"),
        (Field("party"), "ACME.nl_1", "ACME.nl_1"),
        (Field("subject"), "s12", "s12"),
        (Field("track"), "acme", "acme"),
        (Field("new_track"), "fresh", "fresh"),
        (Field("record"), "placement-1", "placement-1"),
        (Field("record", record="placement"), "placement-2", "placement-2"),
    ],
)
def test_what_fits_is_kept_as_it_is(field: Field, value: object, kept: object) -> None:
    """A value that fits its field passes unchanged, but for a whole number given for a decimal."""
    found = judged(field, value)
    assert (FrozenDict(field=kept), (), frozenset()) == (found.data, found.blockers, found.refused)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Field("text"), 5, "not-a-text"),
        (Field("text"), "x" * 10_001, "too-long"),
        (Field("text", max=3), "four", "too-long"),
        (Field("text", min=3), "ab", "too-short"),
        (Field("text"), "a\0b", "control-character"),
        (Field("text"), "a\ud800b", "control-character"),
        (Field("person"), "x" * 256, "too-long"),
        (Field("url"), LONG_URL + "x", "too-long"),
        (Field("url"), "ftp://example.org", "not-a-url"),
        (Field("url"), "javascript:alert(1)", "not-a-url"),
        (Field("party"), "no spaces", "form"),
        (Field("integer"), True, "not-a-number"),
        (Field("integer"), "1", "not-a-number"),
        (Field("integer"), 2**63, "not-a-number"),
        (Field("integer", min=1), 0, "too-small"),
        (Field("integer", max=1), 2, "too-large"),
        (Field("decimal"), "1,5", "not-a-number"),
        (Field("decimal"), "NaN", "not-a-number"),
        (Field("decimal"), 1.5, "not-a-number"),
        (Field("decimal"), True, "not-a-number"),
        (Field("decimal", min="0.5"), "0.49", "too-small"),
        (Field("decimal", max="40"), "40.01", "too-large"),
        (Field("date"), "2 March", "not-a-date"),
        (Field("date"), "2026-02-30", "not-a-date"),
        (Field("date"), 20260302, "not-a-date"),
        (Field("boolean"), 1, "not-a-yes-or-no"),
        (Field("choice", of=("a", 1)), True, "not-a-choice"),
        (Field("choice", of=("a",)), "b", "not-a-choice"),
        (Field("list"), "x", "not-a-list"),
        (Field("list", min=2), ["x"], "too-few"),
        (Field("list", max=1), ["x", "y"], "too-many"),
        (Field("map"), "x", "not-a-map"),
        (Field("map", of="integer", keys=("a",)), {"b": 1}, "not-a-choice"),
        (Field("map", of="integer", min=1), {"b": 0}, "too-small"),
        (Field("map", of="integer", max=1), {"b": 2}, "too-large"),
        (Field("subject"), "s0", "form"),
        (Field("subject"), 1, "form"),
    ],
)
def test_what_does_not_fit_is_named(field: Field, value: object, expected: str) -> None:
    """A value of the wrong type, length, form or range is a bad value, and the problem says which."""
    assert ("bad-value", expected) == fault(field, value)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Field("date", not_after="today"), "2026-03-03", ("future-dated", "after-today")),
        (Field("track"), "nobody", ("bad-reference", "no-such-track")),
        (Field("track"), 5, ("bad-reference", "no-such-track")),
        (Field("new_track"), "acme", ("track-exists", "taken")),
        (Field("new_track"), "no spaces", ("bad-value", "form")),
        (Field("record"), "placement-9", ("bad-reference", "no-such-record")),
        (Field("record", record="goal"), "placement-1", ("bad-reference", "no-such-record")),
    ],
)
def test_references_and_dates_have_codes_of_their_own(field: Field, value: object, expected: tuple[str, str]) -> None:
    """A future date, a reference to nothing and a taken key are told apart from bad values."""
    assert expected == fault(field, value)


def test_a_record_must_lie_on_the_track_or_count_there() -> None:
    """On a track, a record of another one is unknown unless the track contributes to it."""
    assert ("bad-reference", "no-such-record") == fault(Field("record"), "placement-1", track="other")
    assert FrozenDict(field="placement-2") == judged(Field("record"), "placement-2", track="acme").data


def test_a_record_to_be_ended_must_be_open() -> None:
    """A field whose record is ended or changed takes open records only; one that only points takes any."""
    assert ("bad-reference", "no-such-record") == fault(Field("record"), "goal-1", live=True)
    assert () == judged(Field("record"), "goal-1").blockers


@pytest.mark.parametrize(
    ("field", "value", "place", "code", "problem"),
    [
        (Field("list", of="integer"), [1, "x"], "field[1]", "bad-value", "not-a-number"),
        (Field("list", of=("a",)), ["b"], "field[0]", "bad-value", "not-a-choice"),
        (Field("list", of=ROW), ["x"], "field[0]", "bad-value", "not-a-row"),
        (Field("list", of=ROW), [{"who": "w", "share": "x"}], "field[0].share", "bad-value", "not-a-number"),
        (Field("list", of=ROW), [{"share": "1"}], "field[0].who", "missing-field", "missing"),
        (Field("list", of="record", record="goal"), ["placement-1"], "field[0]", "bad-reference", "no-such-record"),
        (Field("map", of="integer", keys=("a",)), {"b": 1}, "field.b", "bad-value", "not-a-choice"),
    ],
)
def test_a_fault_inside_a_value_has_its_place(field: Field, value: object, place: str, code: str, problem: str) -> None:
    """A fault in a list, row or map is told with the place inside the field, and with what is wrong there."""
    (only,) = judged(field, value).blockers
    assert (code, place, problem) == (only.code, only.params["field"], only.params["problem"])


def test_a_refused_field_is_known_as_such() -> None:
    """Guards that read a refused field are not asked, so its name is handed on and its value is not."""
    found = judged(Field("integer"), "x", note="kept")
    assert (frozenset({"field"}), FrozenDict(note="kept")) == (found.refused, found.data)


@pytest.mark.parametrize("value", [None, "", "  \n", (), {}])
def test_what_is_empty_counts_as_missing(value: object) -> None:
    """A required field that is absent, blank or empty is missing, and only that."""
    assert ("missing-field", None) == fault(Field("list", required=True), value)


@pytest.mark.parametrize("value", [None, ""])
def test_an_absent_optional_field_is_left_out(value: object) -> None:
    """An optional field that is not given leaves nothing behind."""
    found = judged(Field("text"), value)
    assert (EMPTY, ()) == (found.data, found.blockers)


def test_a_default_stands_in_for_an_absent_value() -> None:
    """A field with a default is never missing."""
    assert FrozenDict(field="client") == judged(Field("text", required=True, default="client"), None).data


def test_a_field_may_be_asked_for_by_another() -> None:
    """With `required_when` a field must be given exactly where all the other fields have such a value."""
    field = Field("date", required_when=FrozenDict(kind=("short",), side=("client", "both")))
    assert asked(field, {"kind": "short", "side": "both"})
    assert not asked(field, {"kind": "short", "side": "supplier"})
    assert not asked(field, {"kind": "horizon"})
    assert not asked(Field("date"), {})


def test_an_unknown_field_is_refused_with_what_can_be_given() -> None:
    """A field that is not asked for is refused, not ignored, and the answer lists those that are."""
    found = check({"title": Field("text")}, FrozenDict(titel="x"), Ground(HELD, None, TODAY, EMPTY))
    assert [("unknown-field", "titel", "title")] == [
        (one.code, one.params["field"], one.params["fields"]) for one in found.blockers
    ]


def test_of_a_record_with_a_participant_an_unknown_field_is_not_repeated() -> None:
    """About a participant an unknown field is a violation whose answer holds neither its name nor its value."""
    found = check({}, FrozenDict(jan_jansen="ill"), Ground(HELD, None, TODAY, EMPTY), personal=True)
    assert ["privacy-violation"] == [one.code for one in found.blockers]
    assert "jan_jansen" not in repr(found)


PLACES = {
    "a text": (Field("text"), "{}"),
    "a list of texts": (Field("list"), ("fine", "{}")),
    "a list that says so": (Field("list", of="text"), ("{}",)),
    "a row": (Field("list", of={"day": Field("date"), "text": Field("text")}), (FrozenDict(text="{}"),)),
    "a map": (Field("map", of="text"), FrozenDict(a="{}")),
}


def filled(value: Any, text: str) -> Any:
    """The same value with a text in its place."""
    if isinstance(value, tuple):
        return tuple(filled(one, text) for one in value)
    if isinstance(value, FrozenDict):
        return FrozenDict({name: filled(one, text) for name, one in value.items()})
    return value.replace("{}", text)


def violations(field: Field, value: object, *, personal: bool) -> list[tuple[str, object]]:
    found = check({"x": field}, FrozenDict(x=value), Ground(HELD, None, TODAY, EMPTY), personal=personal)
    assert bool(found.blockers) is ("x" not in found.data)
    return [(one.code, one.params["problem"]) for one in found.blockers]


@pytest.mark.parametrize("place", PLACES)
def test_no_text_names_a_citizen_and_none_beside_a_participant_points_at_a_person(place: str) -> None:
    """A service number is refused in every text; an address of somebody only in what is about a participant."""
    field, shape = PLACES[place]
    assert [] == violations(field, filled(shape, "Two met"), personal=True)
    for personal in (False, True):
        assert [("privacy-violation", "citizen")] == violations(field, filled(shape, "nr 123456782"), personal=personal)
    assert [("privacy-violation", "identity")] == violations(field, filled(shape, "jan@example.org"), personal=True)
    assert [] == violations(field, filled(shape, "jan@example.org"), personal=False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field("person"), "jan@example.org"),
        (Field("choice", of=("123456782",)), "123456782"),
        (Field("map"), FrozenDict(employer="jan@example.org")),
        (Field("map", of="integer"), FrozenDict(a=123456782)),
        (Field("list", of="integer"), (123456782,)),
    ],
)
def test_what_has_a_form_of_its_own_is_no_text(field: Field, value: object) -> None:
    """The id of a professional, a choice, a number and a map of fields that are checked elsewhere are not searched."""
    assert [] == violations(field, value, personal=True)


def test_a_web_address_beside_a_participant_points_at_nobody() -> None:
    """The address of a page may hold a number or a name, but not where it is about a participant."""
    url = "https://example.org/?to=jan@example.org"
    assert [("privacy-violation", "identity")] == violations(Field("url"), url, personal=True)
    assert [] == violations(Field("url"), url, personal=False)


@pytest.mark.parametrize("code", ["privacy-violation", "bad-value"])
def test_what_the_door_found_becomes_a_blocker(code: str) -> None:
    """A reference that the door withheld is refused with the code that the door found."""
    found = check(
        {"participant": Field("subject")},
        FrozenDict(participant="withheld"),
        Ground(HELD, None, TODAY, FrozenDict(participant=code)),
    )
    assert [code] == [one.code for one in found.blockers]


def test_all_faults_are_found_at_once() -> None:
    """No fault hides another."""
    fields = {"a": Field("integer"), "b": Field("text", required=True)}
    found = check(fields, FrozenDict(a="x", c="y"), Ground(HELD, None, TODAY, EMPTY))
    assert ["unknown-field", "bad-value", "missing-field"] == [one.code for one in found.blockers]


@pytest.mark.parametrize(
    ("value", "choices", "expected"), [(1, (1, True), True), (True, (1,), False), ("a", "abc", False)]
)
def test_a_choice_is_compared_with_its_type(value: object, choices: object, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """Yes and 1 are different choices, and choices come in a tuple or not at all."""
    assert expected is among(value, choices)


def test_names_are_kept_in_the_order_of_the_fields() -> None:
    """What passes is in the order of the fields, however it was given."""
    fields = {name: Field("text") for name in names("one", "two")}
    found = check(fields, FrozenDict(two="2", one="1"), Ground(HELD, None, TODAY, EMPTY))
    assert ["one", "two"] == list(found.data)
