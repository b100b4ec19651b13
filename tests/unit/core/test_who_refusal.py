"""Why somebody may not: told with who may, and with what stands between; and whom a term was told."""

import pytest

from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Record, Told, Track
from proeftuin.core.structs import replace
from proeftuin.core.table import compile_workflow
from proeftuin.core.who import recipient, refusal
from proeftuin.core.workflow import Field
from tests.unit.core.days import clock, timed
from tests.unit.core.small import (
    BOARD,
    LEAD,
    NOW,
    OTHER_SELLER,
    SELLER,
    TODAY,
    WATCHER,
    Play,
    a_pilot,
    a_track,
    edge,
    kind,
    op,
    opener,
    record,
    small,
    supplier,
)

OPEN = ("any_open",)
DUTY = kind("Assignment", duty=Field("text"), person=Field("person"), until=Field("date"))
WORKFLOW = small(
    edge("ours"),
    edge("boards", allow=("board", "watcher")),
    edge("shared", allow=("lead", "seller")),
    edge("assign", allow=("lead", "watcher"), records=(op(add="assignment"),)),
    edge("mend", allow=("adder",), records=(op(correct=("assignment",)),), data=FrozenDict(record=Field("record"))),
    records={"assignment": DUTY},
    tracks={
        "supplier": supplier(
            opener("identify", "seen", during=OPEN),
            edge("talk", "seen", "talking", during=OPEN, allow=("seller",)),
            edge("agree", "seen", "agreed", during=OPEN, sign=("lead", "seller")),
        )
    },
)
BOTH = Actor("x", roles={"lead", "seller"}, party="acme")


def told(code: str, *roles: str, track: str | None = None, **more: str) -> Blocker:
    return Blocker(code, FrozenDict(roles=roles, **more), track)


def refused(play: Play, trigger: str, by: Actor, track: str | None = None) -> Blocker:
    rules = [rule for rule in play.table.every if rule.edge.trigger == trigger]
    return refusal(play.table, play.attempt(trigger, by=by, track=track), rules)


def test_a_refusal_says_who_may_and_what_stands_between() -> None:
    """Who may not is told who may, on which track, and why a role that they hold does not count."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    assert told("forbidden-role", "lead") == refused(play, "ours", WATCHER)
    assert told("unilateral", "lead") == refused(play, "ours", SELLER)
    assert told("unilateral", "seller", track="acme") == refused(play, "talk", LEAD, "acme")
    party = told("forbidden-role", "seller", track="acme", because="party")
    assert party == refused(play, "talk", OTHER_SELLER, "acme")
    board = Actor(LEAD.id, roles={"lead", "board"})
    excluded = told("forbidden-role", "board", "watcher", because="excluded", held="lead")
    assert excluded == refused(play, "boards", board)


def test_who_signed_in_one_role_is_told_so_in_the_other() -> None:
    """Who gave one of two signatures may not give the other, which says so; who gave none has the wrong party."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    stranger = Actor("y", roles={"seller"}, party="other")
    party = told("forbidden-role", "lead", "seller", track="acme", because="party")
    assert party == refused(play, "agree", stranger, "acme")
    play.sign("agree", {}, track="acme", by=BOTH)
    again = Actor("x", roles={"seller"}, party="acme")
    signed = told("forbidden-role", "lead", "seller", track="acme", because="signed")
    assert signed == refused(play, "agree", again, "acme")
    assert party == refused(play, "agree", stranger, "acme")


def test_a_relation_is_no_second_pair_of_eyes() -> None:
    """Who signed in a role does not sign as the starter too, whichever roles the host says that they have then."""
    sign = ("watcher", "starter", "board")
    play = Play(small(edge("seal", sign=sign, allow=())), by=WATCHER)
    bare = Actor(WATCHER.id, roles=())
    assert ("watcher", "board") == play.sign("seal", by=bare).waiting
    assert ("watcher", "board") == play.sign("seal", by=WATCHER).waiting
    other = Play(play.table.workflow, by=WATCHER)
    assert ("starter", "board") == other.sign("seal", by=WATCHER).waiting
    assert told("forbidden-role", *sign, because="signed") == refused(other, "seal", bare)
    assert ("forbidden-role",) == other.codes("seal", by=bare)
    assert told("forbidden-role", *sign) == refused(other, "seal", Actor("y", roles=()))


def test_who_recorded_nothing_yet_corrects_nothing() -> None:
    """Before anything was recorded that may be corrected, nobody is its adder."""
    play = Play(WORKFLOW)
    assert ("forbidden-role",) == play.codes("mend")
    play.accept("assign", {"duty": "hr", "person": "somebody"}, by=WATCHER)
    assert ("forbidden-role",) == play.codes("mend")


def test_the_last_day_of_an_assignment_ends_where_the_pilot_is() -> None:
    """A day ends at midnight in the workflow's own time zone, an hour before it does so in London."""
    play, board = Play(WORKFLOW, by=WATCHER), Actor("b-2", roles={"board"})
    data = {"duty": "lead", "person": "b-2", "until": TODAY.isoformat()}
    play.accept("assign", data, by=WATCHER)
    play.now = NOW.replace(hour=22, minute=30)
    assert ("forbidden-role",) == play.codes("boards", by=board)
    play.now = NOW.replace(hour=23, minute=30)
    play.accept("boards", by=board)


# -- whom a term was told ----------------------------------------------------------------------------------------------

TERMS = compile_workflow(
    timed(
        quiet=clock("7 days", since="progress"),
        answer=clock("7 days", since="supplier.seen"),
        task=clock("7 days, 14 days", per="job"),
    )
)
TRACKS = [a_track("acme"), a_track("other")]


def is_told(key: str, by: Actor, *records: Record, tracks: list[Track] = TRACKS, role: str = "seller") -> bool:
    play = Play(TERMS.workflow)
    attempt = replace(play.attempt("go", by=by), pilot=a_pilot(*records, tracks=tracks, workflow=TERMS.workflow))
    return recipient(TERMS, attempt, key, Told(TODAY, roles=(role,)))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("quiet", (False, False)),
        ("answer:acme", (True, False)),
        ("answer:other:7 days", (False, True)),
        ("answer:nobody", (False, False)),
        ("task:job-1", (True, False)),
        ("task:job-2:14 days", (False, True)),
        ("task:job-3", (False, False)),
        ("task:job-9", (False, False)),
    ],
)
def test_a_supplier_is_told_of_what_is_on_its_own_track(key: str, expected: tuple[bool, bool]) -> None:
    """A term of a track, or of a record on one, was told that supplier; one of the pilot, or of nothing kept, none."""
    jobs = [record("job", 1, track="acme"), record("job", 2, track="other"), record("job", 3)]
    assert expected == tuple(is_told(key, by, *jobs) for by in (SELLER, OTHER_SELLER))


def test_a_supplier_is_not_told_of_records_that_are_gone() -> None:
    """Where no record of the kind is kept any more, its term was told no supplier, and others by their role."""
    assert not is_told("task:job-1", SELLER)
    assert is_told("task:job-1", BOARD, role="board")
    assert not is_told("task:job-1", LEAD, role="board")


def test_a_role_that_the_workflow_does_not_know_has_no_side_to_be_told_on() -> None:
    """Who holds a role that only a clock names was told as such."""
    assert is_told("quiet", Actor("g", roles={"ghost"}), role="ghost")
