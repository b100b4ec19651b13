"""Cells: what people write for days, numbers, choices, lists and maps, and what of it does not fit."""

from typing import Any

import pytest

from proeftuin.core.workflow import Field, Workflow
from proeftuin.definitions import Catalogue
from proeftuin.intake._values import Bad, by_name, day, map_key, map_value, meant, number, one_of, value

ROW = {"person": Field(type="person", required=True), "hours": Field(type="decimal"), "day": Field(type="date")}
KINDS = Field(type="map", of="integer", keys=("training", "employment"))


@pytest.fixture(scope="module")
def workflow() -> Workflow:
    """The bundled workflow, for what it calls things."""
    return Catalogue().get("existing-contract")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-31", "2026-03-31"),
        ("2026-3-1", "2026-03-01"),
        ("2026-03-31 00:00:00", "2026-03-31"),
        ("31-03-2026", "2026-03-31"),
        ("1-3-2026", "2026-03-01"),
        ("31.3.2026", "2026-03-31"),
        ("31-3-2026 0:00", "2026-03-31"),
    ],
)
def test_a_day_is_read(text: str, expected: str) -> None:
    """Days come as ISO writes them or as the Dutch do."""
    assert expected == day(text).isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "31/3/2026",
        "3/31/2026",
        "31-2-2026",
        "31-3-26",
        "46112",
        "31-3.2026",
        "2026-03-31 10:00",
        "mrt 2026",
        "0-1-2026",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    """What could be another day, or is none, is refused."""
    with pytest.raises(Bad, match="bad-date"):
        day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        ("-3", "-3"),
        ("+3", "3"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("25,50", "25.50"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("12\N{NO-BREAK SPACE}000", "12000"),
    ],
)
def test_a_number_is_read(text: str, expected: str) -> None:
    """Numbers come with a comma or a point, and with thousands set apart."""
    assert expected == number(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234", "two-numbers"),
        ("12,345", "two-numbers"),
        ("twaalf", "bad-number"),
        ("12 uur", "bad-number"),
        ("1.2.3", "bad-number"),
        ("1,23,4", "bad-number"),
        ("12,", "bad-number"),
        (",5", "bad-number"),
        ("1e3", "bad-number"),
        ("\N{ARABIC-INDIC DIGIT THREE}", "bad-number"),
        ("=12", "bad-number"),
    ],
)
def test_what_is_no_number_is_refused(text: str, code: str) -> None:
    """What is no number, or could be two, is refused."""
    with pytest.raises(Bad, match=code):
        number(text)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        (Field(type="integer"), "16", 16),
        (Field(type="integer"), "16,00", 16),
        (Field(type="boolean"), "Ja", True),
        (Field(type="boolean"), "ONWAAR", False),
        (Field(type="text"), "=1+1", "=1+1"),
        (Field(type="choice", of=("employment", "training")), "employment", "employment"),
        (Field(type="choice", of=("employment", "training")), "Dienstverband", "employment"),
        (Field(type="choice", of=("yes", "no", "unknown")), "Nee", "no"),
        (Field(type="choice", of=(13, 26)), "26", 26),
        (Field(type="list", of="text"), "one, two", ["one", "two"]),
        (Field(type="list", of="text"), "one, two; three", ["one, two", "three"]),
        (Field(type="list", of="text"), "one\ntwo\n", ["one", "two"]),
        (Field(type="list", of="text"), '["one; two"]', ["one; two"]),
        (Field(type="list", of=("justice", "wajong")), "Justitie; wajong", ["justice", "wajong"]),
        (Field(type="list", of=ROW), "ann / 12,5; bob", [{"person": "ann", "hours": "12.5"}, {"person": "bob"}]),
        (Field(type="list", of=ROW), "ann /  / 1-3-2026", [{"person": "ann", "day": "2026-03-01"}]),
        (KINDS, "training: 2; Dienstverband: 3", {"training": 2, "employment": 3}),
        (KINDS, '{"training": 2}', {"training": 2}),
        (Field(type="map"), "weekly_hours: 12", {"weekly_hours": "12"}),
        (Field(type="list", of="text"), "[2.50]", ["2.50"]),
    ],
)  # fmt: skip
def test_a_cell_becomes_what_its_field_asks_for(workflow: Workflow, field: Field, text: str, expected: Any) -> None:
    """Each type of field has its ways to be written."""
    assert expected == value(workflow, field, text)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (Field(type="integer"), "16,5", "bad-number"),
        (Field(type="integer"), "9" * 30, "bad-number"),
        (Field(type="boolean"), "misschien", "bad-truth"),
        (Field(type="choice", of=("employment",)), "Dienstverbant", "bad-choice"),
        (Field(type="list", of=("justice",)), "justice; politie", "bad-choice"),
        (Field(type="list", of=ROW), "ann / 1 / 1-3-2026 / more", "bad-row"),
        (Field(type="list", of=ROW), "/ 12", "bad-row"),
        (Field(type="list", of=ROW), "ann / veel", "bad-number"),
        (Field(type="list", of="text"), "[1, 2", "bad-json"),
        (Field(type="list", of="text"), "[NaN]", "bad-json"),
        (Field(type="list", of="text"), "[" * 20_000, "bad-json"),
        (Field(type="map"), '{"a": 1, "a": 2}', "bad-json"),
        (KINDS, "training", "bad-map"),
        (KINDS, "training: 1; training: 2", "bad-map"),
        (KINDS, "coffee: 1", "bad-choice"),
        (KINDS, "training: veel", "bad-number"),
    ],
)
def test_what_does_not_fit_is_refused(workflow: Workflow, field: Field, text: str, code: str) -> None:
    """What does not fit its field is refused, never guessed."""
    with pytest.raises(Bad) as raised:
        value(workflow, field, text)
    assert code == raised.value.code


def test_a_choice_that_is_nearly_right_is_told(workflow: Workflow) -> None:
    """What was probably meant is told as it may be written."""
    assert ["dienstverband"] == meant(workflow, "Dienstverbant", ("employment", "training"))
    assert ["complete_exploration"] == meant(workflow, "complet_exploration", ("complete_exploration",))
    assert [] == meant(workflow, "something else altogether", ("employment",))


def test_what_names_two_things_names_none(workflow: Workflow) -> None:
    """A label that two words share picks neither, and each is still found by itself."""
    words = {**workflow.words, "one": {"en": "Same", "nl": "Zelfde"}, "two": {"en": "Same", "nl": "Ander"}}
    from attrs import evolve  # noqa: PLC0415  # used here alone

    shared = evolve(workflow, words=words)
    assert None is one_of(shared, "same", ("one", "two"))
    assert ("one", "two") == (one_of(shared, "zelfde", ("one", "two")), one_of(shared, "two", ("one", "two")))
    assert {"one": "one", "two": "two", "zelfde": "one", "ander": "two"} == by_name(shared, ("one", "two"))


def test_the_parts_of_a_map_can_stand_in_columns_of_their_own(workflow: Workflow) -> None:
    """A key is found by its label, and its value is judged as one of the map's."""
    assert ("employment", 3) == (map_key(workflow, KINDS, "Dienstverband"), map_value(workflow, KINDS, "3"))
