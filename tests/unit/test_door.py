from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Command, codec, door, load_workflow
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.table import Table, compile_workflow
from proeftuin.spi import Personal
from tests.unit.engines import FLOW, LEAD, REF, Counting

TABLE: Table = compile_workflow(load_workflow(FLOW))
OTHER = "ref-other-0002"


@pytest.mark.parametrize("value", ["a", "x" * 255, "é", "a b", "../..", "🌱"])
def test_a_name_is_any_sound_text(value: str) -> None:
    """Ids, refs and keys are the host's own, up to 255 characters."""
    assert value == door.name("id", value)


@pytest.mark.parametrize("value", ["", " ", "x" * 256, "a\n", "\x7f", "\ud800", 5, None, b"x"])
def test_a_name_that_some_store_would_change_is_refused(value: object) -> None:
    """What is empty, too long, no text, or not kept alike by every store is refused, with the argument's name."""
    with pytest.raises(BadArgument, match=r"^key: ") as caught:
        door.name("key", value)
    assert "key" == caught.value.argument


def test_an_actor_is_taken_as_it_is() -> None:
    """A sound actor is handed on."""
    actor = Actor("a", roles={"x"}, party="p")
    assert actor is door.actor(actor)


def test_a_moment_is_brought_to_utc() -> None:
    """The same moment in another zone is the same moment in UTC."""
    there = datetime(2026, 3, 2, 11, tzinfo=timezone(timedelta(hours=2)))
    assert (datetime(2026, 3, 2, 9, tzinfo=UTC), UTC) == (door.moment("at", there), door.moment("at", there).tzinfo)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), ("2026-03-02", date(2026, 3, 2)), (date(2026, 3, 2), date(2026, 3, 2))]
)
def test_a_day_is_a_date_or_its_text(value: object, expected: date | None) -> None:
    """A day is given as such, as text, or not at all."""
    assert expected == door.day("on", value)


@pytest.mark.parametrize("value", ["20260302", "2026-W10-1", "2026-3-2", "soon", "", 20260302, datetime(2026, 3, 2)])  # noqa: DTZ001  # the point
def test_a_day_in_another_form_is_refused(value: object) -> None:
    """One form is a day, so that a command, a sheet and the web mean the same by it."""
    with pytest.raises(BadArgument, match="on: must be a date, or its text YYYY-MM-DD"):
        door.day("on", value)


def test_data_is_frozen_at_the_door() -> None:
    """Whatever mapping comes in, what goes on cannot be changed; nothing stays nothing."""
    assert None is door.data(None)
    frozen = door.data({"a": [1, {"b": Decimal("1.0")}], "c": date(2026, 3, 2)})
    assert FrozenDict(a=(1, FrozenDict(b="1.0")), c="2026-03-02") == frozen
    assert FrozenDict is type(frozen)


@pytest.mark.parametrize(
    "value",
    [{f"f{number}": "x" * 5_000 for number in range(13)}, {"text": "é" * 30_000}, {"n": list(range(500))}],
)
def test_data_up_to_64_kb_passes(value: dict[str, object]) -> None:
    """What is long, and not too long, is left to the check of its fields."""
    assert door.data(value) == door.data(value)


def test_a_fault_has_its_place() -> None:
    """The error names where in the data it is."""
    with pytest.raises(BadArgument) as caught:
        door.data({"rows": [{"hours": 0.5}]})
    assert "data.rows[].hours" == caught.value.argument


# -- subjects ----------------------------------------------------------------------------------------------------------


def held(*known: tuple[str, str]) -> door.Subjects:
    return door.Subjects(Counting(), lambda: [Personal(subject, ref, b"salt") for subject, ref in known])


def passed(
    data: dict[str, Any] | None, trigger: str = "place", subjects: door.Subjects | None = None, count: int = 0
) -> door.Passed:
    command = door.command(trigger, data, None, None)
    return door.subjects(TABLE, command, subjects or held(), count)


def test_a_new_reference_becomes_the_next_subject() -> None:
    """A reference that is not known gets the number after those issued, and a salted commitment."""
    subjects = held()
    found = passed({"participant": REF, "kind": "x"}, subjects=subjects, count=3)
    assert {"participant": "s4", "kind": "x"} == found.command.data
    assert {"s4": codec.commitment(REF, b"sixteen bytes ok")} == found.commitments
    assert [("s4", REF)] == [(one.subject, one.ref) for one in subjects.issued]


@pytest.mark.parametrize("ref", ["emp123456782", "p19870312x", "jan-12-2024"])
def test_who_is_known_stays_so_whatever_the_reference_looks_like(ref: str) -> None:
    """A reference that a new participant may not have goes on naming the one whom the pilot knows by it."""
    assert {"participant": "privacy-violation"} == passed({"participant": ref}, subjects=held()).findings
    found = passed({"participant": ref}, subjects=held(("s1", ref)), count=1)
    assert ({"participant": "s1"}, {}) == (found.command.data, found.findings)


def test_a_known_reference_keeps_its_subject() -> None:
    """A reference that the pilot knows is the subject that it was, and nothing new is issued."""
    subjects = held(("s1", OTHER), ("s2", REF))
    found = passed({"participant": REF}, subjects=subjects, count=2)
    assert ({"participant": "s2"}, {}, []) == (found.command.data, found.commitments, subjects.issued)


def test_what_was_issued_before_counts() -> None:
    """Commands of one batch share what was issued, and each commits to its own."""
    subjects = held()
    assert {"s1"} == set(passed({"participant": REF}, subjects=subjects).commitments)
    assert {"s2"} == set(passed({"participant": OTHER}, subjects=subjects).commitments)
    assert {} == passed({"participant": REF}, subjects=subjects).commitments


@pytest.mark.parametrize(
    ("ref", "code"), [("jan@example.org", "privacy-violation"), ("short", "bad-value"), (7, "bad-value")]
)
def test_what_is_no_reference_is_withheld(ref: object, code: str) -> None:
    """A wrong reference goes no further: its place is taken by a word, and the finding goes with it."""
    found = passed({"participant": ref})
    assert ({"participant": door.WITHHELD}, {"participant": code}) == (found.command.data, found.findings)


def test_the_table_is_asked_only_for_participants() -> None:
    """Who is known is read once, and not at all for a command without a participant."""
    asked: list[int] = []

    def known() -> list[Personal]:
        asked.append(1)
        return []

    subjects = door.Subjects(Counting(), known)
    for data, trigger in ((None, "place"), ({}, "place"), ({"text": REF}, "note"), ({"participant": None}, "place")):
        passed(data, trigger, subjects)
    assert [] == asked
    for ref in (REF, OTHER):
        passed({"participant": ref}, subjects=subjects)
    assert [1] == asked


def fields_of(found: door.Passed) -> object:
    assert found.command.data is not None
    return found.command.data["fields"]


def test_a_correction_is_looked_into() -> None:
    """The fields of a correction may hold a participant too, and others pass as they are."""
    found = passed({"record": "placement-1", "fields": {"participant": REF, "kind": "x"}, "reason": "r"}, "correct")
    assert {"participant": "s1", "kind": "x"} == fields_of(found)
    odd = passed({"record": "placement-1", "fields": "x", "reason": "r"}, "correct")
    assert "x" == fields_of(odd)


def test_other_triggers_keep_their_fields() -> None:
    """A field called `fields` of another trigger is not looked into."""
    data = {"fields": {"participant": REF}}
    assert data == passed(data, "note").command.data


def test_a_workflow_without_participants_needs_no_subjects() -> None:
    """Where no field holds a participant the command passes as it is."""
    plain = FLOW.replace("{type: subject, required: true}", "{type: text, required: true}")
    command = Command("place", FrozenDict(participant=REF))
    assert command is door.subjects(compile_workflow(load_workflow(plain)), command, held(), 0).command


def test_a_commitment_depends_on_salt_and_reference() -> None:
    """Without the salt a commitment cannot be guessed from the reference, nor the other way round."""
    made = {codec.commitment(ref, salt) for ref in (REF, OTHER) for salt in (b"a" * 16, b"b" * 16)}
    assert 4 == len(made)
    assert all(64 == len(one) for one in made)


@pytest.mark.parametrize(
    "check",
    [lambda: door.actor(LEAD), lambda: door.count("n", 3), lambda: door.text("t", "x"), lambda: door.several("s", [1])],
)
def test_what_is_sound_passes(check: Callable[[], object]) -> None:
    """Sound arguments are handed on without an error."""
    assert None is not check()
