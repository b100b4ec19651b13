from pathlib import Path

import pytest

from proeftuin import BadArgument, DefinitionError
from proeftuin.simulation import bundled_behaviour, load_behaviour
from proeftuin.simulation._behaviour import Facilitators
from proeftuin.simulation._draws import Choice, Spread
from tests.unit.simulation.behaving import SMALL, bundled, faults, read, replaced, table


def test_what_a_file_says_is_read() -> None:
    """Acts, stays, draws, calls and people are read as the file says them."""
    found = read(SMALL)
    (stop,) = found.stays["pilot", "exploring"].next
    assert ("small", 2026, 7) == (found.name, found.begins.year, found.ends.month)
    assert ("stop", "client_owner", 0.4) == (stop.trigger, stop.by, stop.likely)
    assert Spread("fixed", (10,), "days") == stop.after
    assert {"reason": "Enough"} == stop.data
    assert Spread("uniform", (1, 3)) == found.draws["places"]
    assert Choice({"one": 0.25, "two": 0.75}) == found.draws["word"]
    assert (7, 0, "check_in") == (found.calls.every, found.calls.silent, found.calls.trigger)
    assert {"call": 0.5, "reminder": 0, "escalation": 0, "signal": 0} == found.nudges


def test_the_bundled_behaviour_is_whole() -> None:
    """The behaviour that comes with the workflow has no fault, and says itself that all of it is assumption."""
    found = load_behaviour(bundled(), table())
    assert "existing-contract" == found.workflow
    assert {"exploring", "committing", "engaging", "implementing", "evaluating"} <= {one for _, one in found.stays}
    assert "ASSUMPTION" in bundled().read_text(encoding="utf-8")


def test_a_workflow_without_a_behaviour_is_told() -> None:
    """Where none is bundled, it is said which there are and that a file can be named."""
    with pytest.raises(BadArgument, match=r"none is bundled for tender \(bundled: existing-contract\); name a file"):
        bundled_behaviour("tender")


WRONG = [
    ("behaviour: small", "behaviour: small\nmood: fine", 2, "unknown-key", "`mood` is no key here"),
    ("behaviour: small\n", "", 1, "missing-key", "`behaviour` is missing here; add it"),
    ("workflow: existing-contract\n", "workflow: tender\n", 2, "unknown-workflow", "there is no workflow `tender`"),
    ("begins: 2026-01-05", "begins: 2026-02-30", 3, "bad-day", "a day is expected here, as in 2026-03-31"),
    ("begins: 2026-01-05", "begins: 0001-01-01", 3, "bad-day", "a day lies in the years 2 to 5000"),
    ("ends: 2026-07-01", "ends: 9999-12-31", 4, "bad-day", "a day lies in the years 2 to 5000"),
    ("ends: 2026-07-01", "ends: 2026-01-05", 4, "bad-day", "the simulation must end after it begins"),
    ("{over: 1 days}", "[1 days]", 5, "wrong-type", "a mapping is expected here"),
    ("{over: 1 days}", "{over: 1.5}", 5, "number", "`1.5` is no whole number"),
    ("{over: 1 days}", "{over: 1 days, every: 2 days}", 5, "missing-key", "say either `every`"),
    ("by: coordinator\n", "by: board\n", 7, "unknown-role", "there is no role `board`"),
    ("title: Pilot $number", "titel: Pilot", 8, "unknown-field", "`titel` is no field of `start`; did you mean"),
    ("{over: 1 days}", "{}", 5, "missing-key", "say either `every`"),
    ("arrivals: {over: 1 days}\n", "", 1, "missing-key", "`arrivals` is missing here; add it"),
    ("{over: 1 days}", "{over: {uniform: [1 days, 9 days]}}", 5, "bad-spread", "all begin within a number of days"),
    ("{over: 1 days}", "{over: 9 working days}", 5, "bad-spread", "all begin within a number of days"),
    ("{over: 1 days}", "{until: 1 days, every: 2 days}", 5, "unknown-key", "`until` is no key here"),
    ("number: 1, ", "", 9, "missing-key", "say either `number` or `pilots_each`"),
    ("number: 1,", "number: 1e400,", 9, "number", "`1e400` is no whole number"),
    ("calls_a_week: 7", "calls_a_week: 0", 9, "bad-number", "a whole number from 1"),
    ("every: 7 days", "every: 0 days", 10, "bad-number", "a call comes every day at most"),
    ("role: facilitator", "role: monitor", 9, "forbidden-role", "`monitor` may not fire `check_in`; it can be done by"),
    ("date: $today, mood", "mood", 10, "missing-field", "`check_in` needs `date`; add it"),
    ("{date: $today, mood: going_well}", "[today]", 10, "wrong-type", "a mapping is expected here"),
    (", organisation: Organisation $number", "", 8, "missing-field", "`start` needs `organisation`; add it"),
    ("fire: check_in", "fire: check-in", 10, "unknown-trigger", "no trigger `check-in`; did you mean `check_in`"),
    ("call: 50%", "call: 50", 11, "bad-share", "a percentage from 0% to 100% is expected here, as in 60%"),
    ("call: 50%", "call: 101%", 11, "bad-share", "a percentage from 0% to 100% is expected here"),
    ("{within: 7 days, call: 50%}", "often", 11, "wrong-type", "a mapping is expected here"),
    ("uniform: [1, 3]", "uniform: [3, 1]", 13, "bad-spread", "the numbers of `uniform` must rise: least, most"),
    ("uniform: [1, 3]", "uniform: [1]", 13, "bad-spread", "`uniform` takes 2: least, most"),
    ("uniform: [1, 3]", "lognormal: [0, 3]", 13, "bad-spread", "`lognormal` begins above 0"),
    ("uniform: [1, 3]", "normal: [1, 3]", 13, "bad-share", "a percentage"),
    ("two: 75%", "two: 65%", 14, "bad-share", "these come to 90% together; make it 100%"),
    ("two: 75%", "two: 74.9%", 14, "bad-share", "these come to 99.9% together; make it 100%"),
    ("after: 2 days", "after: 2 weeks", 16, "bad-spread", "days or working days, as in `10 days`, is expected here"),
    ("after: 2 days", "after: {uniform: [1 days, 2 working days]}", 16, "bad-spread", "cannot be mixed here"),
    ("after: 2 days", "after: {uniform: [1 days, 2 days], fixed: 1 days}", 16, "bad-spread", "one distribution"),
    ("rationale: Because", "rationale: $todey", 16, "unknown-word", "`$todey` stands for nothing; did you mean `$tod"),
    ("rationale: Because", "rationale: $person", 16, "unknown-word", "write `$person.ROLE` and `$draw.NAME`"),
    ("rationale: Because", "rationale: $person.hrm", 16, "unknown-role", "there is no role `hrm`"),
    ("rationale: Because", "rationale: $draw.plaices", 16, "unknown-draw", "no draw `plaices`; did you mean `places`"),
    ("exploring:\n", "explorin:\n", 18, "unknown-state", "there is no state `explorin`; did you mean `exploring`?"),
    ("by: client_owner", "by: hr", 20, "forbidden-role", "`hr` may not fire `stop`; it can be done by client"),
    ("likely: 40%", "chance: 40%", 20, "unknown-key", "`chance` is no key here"),
    ("{reason: Enough}", "[Enough]", 20, "wrong-type", "a mapping is expected here"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "code", "text"), WRONG)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, line: int, code: str, text: str) -> None:
    """A fault names its line, has a stable code, and says what is wrong or what to do."""
    (told,) = faults(replaced(old, new))
    assert (line, code) == told[:2]
    assert text in told[2]


def test_all_faults_are_told_at_once() -> None:
    """One fault hides no other, and they stand in the order of the text."""
    wrong = (
        replaced("call: 50%", "call: half")
        .replace("ends: 2026-07-01", "ends: soon")
        .replace("two: 75%", "two: 65%")
        .replace("by: client_owner", "by: me")
    )
    expected = [(4, "bad-day"), (11, "bad-share"), (14, "bad-share"), (20, "unknown-role")]
    assert expected == [one[:2] for one in faults(wrong)]


@pytest.mark.parametrize(
    ("added", "line"),
    [
        ("    meanwhile:\n      - {fire: add_lesson, by: hr}\n", 22),
        ("records:\n  lesson:\n    - {fire: add_lesson, by: hr}\n", 23),
        ("tracks:\n  supplier:\n    opens: {count: 1, in: [exploring], fire: identify, by: contract_manager}\n", 23),
        ("    at_last: {fire: add_lesson, by: hr}\n", 0),  # a remedy may give it
    ],
)
def test_a_field_that_nobody_else_gives_is_not_left_out(added: str, line: int) -> None:
    """What is done beside the way needs all its fields; a move is told of what it lacks when it is tried."""
    assert [line][: bool(line)] == [told[0] for told in faults(SMALL + added)]


def test_moves_that_are_likelier_than_certain_are_refused() -> None:
    """The moves out of one state cannot come to more than all of it."""
    more = "      - {fire: complete_exploration, by: coordinator, likely: 70%}\n"
    (told,) = faults(SMALL + more)
    assert (19, "bad-share", "what comes next is likelier than 100% together; lower it") == told


def test_a_file_that_is_no_yaml_or_not_there_is_told_as_the_others(tmp_path: Path) -> None:
    """A text that cannot be read, an alias, an empty file and an absent one are faults with the file and a line."""
    absent = tmp_path / "absent.yaml"
    with pytest.raises(DefinitionError, match=r"absent.yaml:1:1: unreadable: the file cannot be read") as no:
        load_behaviour(absent, table())
    assert 1 == len(no.value.faults)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"behaviour: caf\xe9\n")
    with pytest.raises(DefinitionError, match="the file is not in UTF-8; save it so"):
        load_behaviour(latin, table())
    for mark in ("#", "##"):  # where it is cut a letter may be cut too
        latin.write_text(f"{mark}{'é' * 200_000}\n{SMALL}", encoding="utf-8")
        with pytest.raises(DefinitionError, match="a behaviour has at most 256 kB"):
            load_behaviour(latin, table())
    assert ["not-yaml"] == [one[1] for one in faults("a: [1\n")]
    assert ["wrong-type"] == [one[1] for one in faults("- 1\n- 2\n")]
    assert ["alias"] == [code for _, code, _ in faults(replaced("behaviour: small", "behaviour: *small"))]


def test_facilitators_follow_from_the_pilots_or_are_given() -> None:
    """There is one facilitator for every so many pilots, or as many as the file says."""
    each = Facilitators("facilitator", 10, pilots_each=15)
    assert [1, 1, 2, 34] == [each.count(pilots) for pilots in (1, 15, 16, 500)]
    assert 3 == Facilitators("facilitator", 10, number=3).count(500)
