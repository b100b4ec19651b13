import pytest

from proeftuin.core import table
from proeftuin.core._machine import machine, read
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import Guard, Question
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Field, FieldRef, Starts, expand_roles
from tests.unit.core.small import (
    BASE,
    Play,
    edge,
    kind,
    op,
    opener,
    question,
    small,
    supplier,
    use,
)

PLACEMENT = kind(
    "Placement",
    interval=("start", "end"),
    who=Field("subject", required=True),
    start=Field("date", required=True),
    end=Field("date"),
    hours=Field("list", by_engine=True),
    weekly=Field("decimal"),
)


def test_the_machine_orders_edges_as_the_file_does() -> None:
    """Per state and trigger the rows come back in the order in which they were given."""
    rows = [("go", "a", "b"), ("go", "b", None), ("go", "a", "c"), ("stay", "a", "a")]
    assert {("a", "go"): (0, 2), ("b", "go"): (1,), ("a", "stay"): (3,)} == read(machine("abc", rows))


def test_reading_a_machine_adds_nothing_to_it() -> None:
    """A machine read twice gives the same, so looking leaves no entries behind."""
    built = machine("ab", [("go", "a", "b")])
    assert read(built) == read(built)
    assert ["a"] == list(built.events["go"].transitions)


@pytest.mark.parametrize("word", ["os.system", "builtins.exec", "0"])
def test_a_word_never_becomes_code(word: str) -> None:
    """A callback given as a dotted name is refused, and not imported or called."""
    built = machine("ab", [])
    with pytest.raises(LookupError, match="not code"):
        type(built).resolve_callable(word, None)  # type: ignore[arg-type]  # there is no event


def test_groups_are_replaced_by_their_roles() -> None:
    """A group stands for its roles, each once, in order."""
    assert ("board", "lead", "watcher") == expand_roles(BASE, ("board", "team", "lead"))


def test_a_rule_takes_the_fields_of_its_data_and_of_the_records_that_it_adds() -> None:
    """What may be given is the edge's own data and the record's fields, but what the engine sets itself."""
    adding = edge(
        "place",
        records=(op(add="placement", set={"weekly": FieldRef("size")}, append={"hours": {"n": FieldRef("size")}}),),
        data=FrozenDict(size=Field("decimal"), made=Field("text", by_engine=True)),
    )
    (rule,) = compile_workflow(small(adding, records={"placement": PLACEMENT})).rules[None, "place"]
    assert {"who", "start", "end", "size"} == set(rule.fields)
    assert {"who", "start", "end", "hours", "weekly", "size"} == rule.consumed
    assert rule.personal
    assert not rule.moves


def test_a_copied_record_is_asked_for_by_its_id_alone() -> None:
    """An op that copies, changes or corrects takes no fields of the record, and names those that it consumes."""
    edges = (
        edge("renew", records=(op(add="note", copy="old"),), data=FrozenDict(old=Field("record"))),
        edge("mend", records=(op(correct=("note",)),)),
        edge("shut", records=(op(end="note", by="which", at="day"),), data=FrozenDict(which=Field("record"))),
    )
    table = compile_workflow(small(*edges, records={"note": kind("Note", text=Field("text"))}))
    renew, mend, shut = table.every
    assert {"old"} == set(renew.fields) == renew.live
    assert {"record", "fields", "reason"} == mend.consumed
    assert frozenset() == mend.live
    assert [{"which", "day"}, {"which"}] == [set(shut.consumed), set(shut.live)]


def test_the_side_of_a_rule_is_the_one_that_all_its_roles_share() -> None:
    """A rule for one side alone knows it; one for both, or for somebody without a side, has none."""
    edges = (
        edge("ours", allow=("lead", "board")),
        edge("theirs", allow=("seller",)),
        edge("both", sign=("lead", "seller")),
        edge("anyone", allow=("watcher",)),
        edge("mine", allow=("starter",)),
    )
    table = compile_workflow(small(*edges))
    assert ["client", "supplier", None, None, None] == [rule.side for rule in table.every]
    assert ("lead", "seller") == table.every[2].allowed


def test_an_exclusion_binds_both_roles() -> None:
    """Of two roles that exclude each other the table names each for the other."""
    assert {"board": {"lead"}, "lead": {"board"}} == compile_workflow(BASE).excludes


def test_a_row_that_an_add_copies_is_remembered() -> None:
    """The table knows which record fields an `add` copies into a list, so that a correction can follow."""
    row = {"from": FieldRef("start"), "n": FieldRef("size"), "fixed": 1}
    adding = edge(
        "place",
        records=(op(add="placement", append={"hours": row}),),
        data=FrozenDict(size=Field("decimal")),
    )
    table = compile_workflow(small(adding, records={"placement": PLACEMENT}))
    assert {"placement": (("hours", "from", "start"),)} == table.mirrors
    assert {"who"} == table.personal


def test_openers_stand_apart_from_the_edges_of_a_track() -> None:
    """An edge that opens a track is found by its trigger, not among those that leave a state."""
    workflow = small(
        edge("spawn", starts=Starts("small")),
        tracks={"supplier": supplier(opener("identify", "seen"), edge("talk", "seen", "talking"))},
    )
    table = compile_workflow(workflow)
    assert ["identify"] == list(table.openers)
    assert ("supplier", "identify") not in table.rules
    assert ["talk"] == [rule.edge.trigger for rule in table.at["supplier", "seen", "talk"]]
    assert {"identify", "talk", "spawn"} == table.triggers
    assert {"spawn"} == table.beginners
    assert [True, False, True] == [rule.moves for rule in (*table.openers["identify"], table.every[0], table.every[2])]


def test_a_guard_is_bound_with_its_parameters() -> None:
    """A use of a guard knows the data fields that it then reads, and the code that it was given."""
    uses = (use("within", field="day", code="late"), use("within", field="other"))
    table = compile_workflow(small(edge("hold", data={"day": Field("date")}, require=uses)))
    late, other = table.every[0].require
    assert (frozenset({"day"}), "late", "within") == (late.reads, late.code, late.guard.name)
    assert frozenset() == other.reads


def test_a_host_cannot_replace_a_built_in_guard() -> None:
    """A guard of the host under the name of a built-in one is not used."""

    def within(asked: Question) -> None:
        del asked

    table = compile_workflow(
        small(edge("go", require=(use("within", field="day"),))), {"within": Guard("within", within)}
    )
    assert within is not table.every[0].require[0].guard.check


def test_a_guard_can_be_asked_by_calling_it() -> None:
    """A guard is called with a question, like the function that it was made of."""
    assert None is Guard("calm", lambda asked: None)(question())


def test_nothing_is_registered_as_a_model() -> None:
    """The machine has no models: it is read, never run."""
    assert [] == machine("ab", []).models
    assert Play().table.workflow is BASE
    assert table.SYSTEM == "system"
