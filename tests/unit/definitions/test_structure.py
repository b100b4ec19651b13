"""From plain values to the classes of a workflow: strictly, with the shorthands of the format, all faults at once."""

from pathlib import Path
from typing import Any

import pytest

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Edge, FieldRef, GuardUse, Offset, RecordRef, Signal, Workflow
from proeftuin.definitions._shapes import SCALAR, ListOf
from proeftuin.definitions._structure import Problem, _kinds, _problems, structure
from proeftuin.definitions._tree import BROKEN, compose

TEXT = (Path(__file__).parents[2] / "data" / "every.yaml").read_text(encoding="utf-8")


def values() -> dict[str, Any]:
    found: dict[str, Any] = compose(TEXT).value
    return found


def changed(value: object, *path: str | int) -> tuple[Workflow | None, tuple[Problem, ...]]:
    """Structure the workflow with one value put in another's place, or added."""
    whole = values()
    inner: Any = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return structure(whole)


def edge(**more: object) -> Edge:
    workflow, problems = changed({"trigger": "go", **{key.rstrip("_"): one for key, one in more.items()}}, "edges", 0)
    assert () == problems
    assert workflow is not None
    return workflow.edges[0]


def clock(**more: object) -> Any:
    workflow, problems = changed({key.rstrip("_"): one for key, one in more.items()}, "clocks", "new")
    assert () == problems
    assert workflow is not None
    return workflow.clocks["new"]


def test_what_comes_out_is_frozen() -> None:
    """Mappings are frozen and lists are tuples, through and through."""
    workflow, _ = structure(values())
    assert workflow is not None
    assert isinstance(workflow.roles, FrozenDict)
    assert isinstance(workflow.edges[0].require[0].params["where"], FrozenDict)
    assert ("idea", "result") == workflow.records["note"].fields["kind"].of
    assert hash(workflow.roles["lead"].excludes)


def test_one_value_may_stand_for_a_list() -> None:
    """The states of `from` and `while` and the values of `when` are one or a list."""
    one = edge(from_="idle", while_="busy", when={"well": True})
    assert (("idle",), ("busy",), (True,)) == (one.sources, one.during, one.when["well"])
    many = edge(from_=["idle", "busy"], while_=["busy"], when={"well": [True, 1, "x"]})
    assert (("idle", "busy"), ("busy",), (True, 1, "x")) == (many.sources, many.during, many.when["well"])


def test_a_guard_is_a_name_or_a_name_with_parameters() -> None:
    """A guard is written as its name, or as its name with parameters of plain data."""
    params = {"a": "x", "b": 1, "c": True, "d": ["x", 2], "e": {"f": "x", "g": [1]}}
    frozen = FrozenDict(a="x", b=1, c=True, d=("x", 2), e=FrozenDict(f="x", g=(1,)))
    uses = edge(require=["commitment", {"has": params}, {"goals": {}}]).require
    assert (GuardUse("commitment"), GuardUse("has", frozen), GuardUse("goals")) == uses


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("28 days", Offset(28, "days")),
        ("1 day", Offset(1, "days")),
        ("0 days", Offset(0, "days")),
        ("13 weeks", Offset(13, "weeks")),
        ("1 month", Offset(1, "months")),
        ("3 working days", Offset(3, "working_days")),
        ("14 days before due", Offset(14, "days", "before due")),
        ("1 working day after due", Offset(1, "working_days", "after due")),
    ],
)
def test_an_offset_is_written_as_people_say_it(text: str, offset: Offset) -> None:
    """A length of time is a number and a unit, and counts from the due day where it says so."""
    assert (offset,) == clock(due=text).due


def test_a_clock_has_its_shorthands() -> None:
    """A clock's due day, reminders, escalations, signal and beginning may be written short."""
    found = clock(
        since={"record": "note", "where": {"kind": ["idea", "result"]}},
        until="job",
        due=["13 weeks", "26 weeks"],
        remind={"lead": "8 days", "board": ["1 day", "2 days"]},
        signal={"stalled": "28 days", "tell": ["watcher"]},
    )
    assert RecordRef("note", FrozenDict(kind=("idea", "result"))) == found.since
    assert (Offset(13, "weeks"), Offset(26, "weeks")) == found.due
    assert (Offset(8, "days"),) == found.remind["lead"]
    assert (Offset(1, "days"), Offset(2, "days")) == found.remind["board"]
    assert Signal("stalled", Offset(28, "days"), ("watcher",)) == found.signal
    assert Signal("late", Offset(1, "days")) == clock(due="1 day", signal={"late": "1 day"}).signal
    assert FieldRef("until") == clock(due={"field": "until"}).due


def test_a_value_is_plain_or_taken_from_a_field() -> None:
    """A value in `set` is text, a number, yes or no, or the field that it is taken from."""
    found = edge(set={"a": "x", "b": 1, "c": False, "d": {"field": "e"}}, outcome={"field": "e"})
    assert FrozenDict(a="x", b=1, c=False, d=FieldRef("e")) == found.set
    assert FieldRef("e") == found.outcome


FIELD = ("records", "note", "fields", "text")


@pytest.mark.parametrize(
    ("code", "value", "path"),
    [
        ("wrong-type", "false", (*FIELD, "required")),
        ("wrong-type", 1, (*FIELD, "required")),
        ("wrong-type", "1", ("version",)),
        ("wrong-type", True, ("version",)),
        ("wrong-type", 5, ("workflow",)),
        ("wrong-type", "client", ("edges", 0, "allow")),
        ("wrong-type", {"a": 1}, ("edges", 0, "allow")),
        ("wrong-type", ["a"], ("states",)),
        ("wrong-type", "x", ("states", "idle")),
        ("wrong-type", "x", ("groups", "client")),
        ("wrong-type", ["has"], ("edges", 0, "require", 0)),
        ("wrong-type", {"has": {}, "goals": {}}, ("edges", 0, "require", 0)),
        ("wrong-type", {}, ("edges", 0, "require", 0)),
        ("wrong-type", {"tell": ["lead"]}, ("clocks", "quiet", "signal")),
        ("wrong-type", "stalled", ("clocks", "quiet", "signal")),
        ("wrong-type", 7, ("clocks", "quiet", "due")),
        ("wrong-type", [1], ("edges", 0, "from")),
        ("wrong-type", "1", ("format",)),
        ("bad-value", 2, ("format",)),
        ("bad-value", 0, ("version",)),
        ("bad-value", "texts", (*FIELD, "type")),
        ("bad-value", "choice", (*FIELD, "of")),
        ("bad-value", "client side", ("roles", "lead", "side")),
        ("bad-value", 10**18, (*FIELD, "min")),
        ("bad-form", "Every", ("workflow",)),
        ("bad-form", "every_part", ("workflow",)),
        ("bad-form", "__class__", ("edges", 0, "trigger")),
        ("bad-form", "pil\u043et", ("edges", 0, "trigger")),
        ("bad-form", "os.system", ("edges", 0, "require", 0)),
        ("bad-form", {"os.system": {}}, ("edges", 0, "require", 0)),
        ("bad-form", "28 dagen", ("clocks", "quiet", "due")),
        ("bad-form", "-1 days", ("clocks", "quiet", "due")),
        ("bad-form", "for ever", ("records", "note", "keep")),
        ("bad-form", "../../etc/passwd", ("timezone",)),
        ("bad-form", "1,5", (*FIELD, "min")),
        ("bad-form", "a.b.c.d", ("clocks", "quiet", "since")),
        ("bad-form", " ", ("label", "en")),
        ("bad-form", ["Not A Word"], ("records", "note", "fields", "kind", "of")),
        ("too-long", "x" * 65, ("edges", 0, "trigger")),
        ("too-long", "x" * 201, ("label", "en")),
        ("no-value", None, ("edges", 0, "to")),
        ("no-value", None, ("edges", 0, "from")),
        ("no-value", None, ("states", "idle")),
        ("unknown-key", 1, ("edges", 0, "too")),
        ("unknown-key", "x", ("hash",)),
        ("unknown-key", 1, ("clocks", "resume_by", "due", "felid")),
    ],
)
def test_nothing_is_coerced_or_ignored(code: str, value: object, path: tuple[str | int, ...]) -> None:
    """A value of another kind or form, a missing value and an unknown key are refused, each at its path."""
    workflow, problems = changed(value, *path)
    assert workflow is None
    assert (code, path) in {(one.code, one.path[: len(path)]) for one in problems}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("Idle", ("states",)),
        ("a.b", ("roles",)),
        ("x" * 65, ("clocks",)),
        ("missing_idea", ("codes",)),
        ("Word", ("words",)),
        ("english", ("label",)),
    ],
)
def test_a_key_of_the_wrong_form_is_refused_as_a_key(key: str, path: tuple[str, ...]) -> None:
    """A name, code, word or language that has not its form is refused, and it is the key that is at fault."""
    _, problems = changed({}, *path, key)
    assert [(*path, key)] == [one.path for one in problems if one.key]


def test_a_missing_key_is_told_by_its_name() -> None:
    """A required key that is absent is told at the path where it should be."""
    whole = values()
    del whole["start"]["to"]
    assert [("missing-key", ("start", "to"))] == [(one.code, one.path) for one in structure(whole)[1]]


def test_a_near_miss_comes_with_the_right_word() -> None:
    """An unknown key or value comes with the closest one that is known."""
    assert changed(1, "edges", 0, "reqire")[1][0].text.endswith("did you mean `require`?")
    assert changed("clint", "roles", "lead", "side")[1][0].text.endswith("did you mean `client`?")


def test_all_faults_are_told_at_once() -> None:
    """Faults in every section, and several in one element, are all found in one go."""
    whole = values()
    whole["roles"]["lead"]["side"] = 5
    whole["edges"][0] |= {"to": None, "allow": "lead", "froom": "idle"}
    whole["clocks"]["quiet"]["remind"]["lead"] = ["soon", 3]
    _, problems = structure(whole)
    expected = {
        ("roles", "lead", "side"),
        ("edges", 0, "to"),
        ("edges", 0, "allow"),
        ("edges", 0, "froom"),
        ("clocks", "quiet", "remind", "lead", 0),
        ("clocks", "quiet", "remind", "lead", 1),
    }
    assert expected == {one.path for one in problems}


def test_what_was_told_before_is_not_told_again() -> None:
    """A value that the text made a fault is a gap without a code of its own."""
    _, problems = changed(BROKEN, "edges", 0, "to")
    assert [Problem("", "", ("edges", 0, "to"))] == list(problems)


@pytest.mark.parametrize("value", [5, "x", [], None, BROKEN])
def test_what_is_no_mapping_is_no_workflow(value: object) -> None:
    """A document that is no mapping is one fault."""
    workflow, problems = structure(value)
    assert workflow is None
    assert [()] == [one.path for one in problems]


def test_only_the_first_hundred_hints_are_looked_for() -> None:
    """Of very many unknown keys and values all are told, and the first hundred come with a hint."""
    whole = values()
    whole["edges"] += [{"trigger": "x", "fromm": "y", "paused": "alowed"} for _ in range(150)]
    _, problems = structure(whole)
    assert 300 == len(problems)
    assert 100 == sum("did you mean" in one.text or "known are" in one.text for one in problems)


def test_an_error_of_the_library_is_a_fault_too() -> None:
    """Whatever else comes up while a file is structured is told as a fault, not raised."""
    assert ["unreadable"] == [one.code for one in _problems(RecursionError())]


def test_a_shape_knows_the_kinds_of_values_that_it_is_written_as() -> None:
    """A shape of several shapes is written as any kind of value that one of them is."""
    assert (str, int, bool) == _kinds(SCALAR)
    assert (list, str, int, bool) == _kinds(ListOf(SCALAR, one=True))
