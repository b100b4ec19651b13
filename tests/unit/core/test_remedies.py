import pytest
from attrs import evolve as replaced

from proeftuin.core import remedies
from proeftuin.core.commands import Blocker, Need, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Record
from proeftuin.core.structs import replace
from proeftuin.core.table import Rule
from proeftuin.core.workflow import Field
from tests.unit.core.small import TODAY, Play, a_pilot, a_track, edge, kind, opener, record, small, supplier, use


def test_a_blocker_gets_the_trigger_that_it_refuses() -> None:
    """The facts of a blocker name the trigger, unless they do already."""
    play = Play(small(edge("go")))
    one, two = remedies.explain(
        play.table, play.attempt("go"), (Blocker("a"), Blocker("b", FrozenDict(trigger="other")))
    )
    assert ("go", "other") == (one.params["trigger"], two.params["trigger"])


def test_what_a_guard_names_itself_comes_first() -> None:
    """Remedies that a guard gives are kept, before those that are found for its needs."""
    play = Play(small(edge("go")))
    own = Remedy("call")
    (done,) = remedies.explain(play.table, play.attempt("go"), (Blocker("a", missing=(own,)),))
    assert (own,) == done.missing


def test_a_blocker_keeps_its_own_track() -> None:
    """The code of a use and the track fired at are filled in only where they say something new."""
    plain, own = Blocker("a"), Blocker("a", track="own")
    assert plain is remedies.coded(plain, None, None)
    assert own is remedies.coded(own, None, a_track())
    assert ("b", "own") == (remedies.coded(own, "b", a_track()).code, remedies.coded(own, "b", a_track()).track)
    assert "acme" == remedies.coded(plain, None, a_track()).track


def test_what_nothing_can_bring_about_is_never() -> None:
    """A state that no trigger leads to any more is told as never, and one that can be reached as it was."""
    play = Play(small(edge("go"), edge("on", "first", "second")))
    far = Blocker("wrong-state", FrozenDict(state="first"), needs=(Need("reach", states=("third",)),))
    near = Blocker("wrong-state", FrozenDict(state="first"), needs=(Need("reach", states=("second",)),))
    told = remedies.explain(play.table, play.attempt("go"), (far, near))
    assert [(True, 0), (None, 1)] == [(one.params.get("never"), len(one.missing)) for one in told]


def test_every_blocker_has_words() -> None:
    """Whatever is refused is explained in each language."""
    (blocker,) = Play(small(edge("go", "second"), edge("on", "first", "second"))).refuse("go")
    assert {"en", "nl"} == set(blocker.texts)


def rule_of(play: Play, trigger: str) -> Rule:
    """The first rule of a trigger."""
    return next(one for one in play.table.every if one.edge.trigger == trigger)


def whole(blocker: Blocker) -> tuple[Blocker, tuple[Need, ...]]:
    """A blocker with what it misses, which blockers are not compared by."""
    return blocker, blocker.needs


def test_what_is_over_is_never() -> None:
    """What can no longer be done is told with the state that rules it out, of the track or else of the pilot."""
    play = Play(small(edge("go")))
    track, attempt = a_track(at="gone"), play.attempt("talk", track="acme")
    expected = Blocker("wrong-state", FrozenDict(state="gone", never=True), "acme")
    assert (expected, ()) == whole(remedies.never(attempt, track))
    expected = Blocker("wrong-state", FrozenDict(state="first", never=True))
    assert (expected, ()) == whole(remedies.never(play.attempt("go"), None))


LATER = ("second", "third")
FAR = small(
    edge("go", LATER, require=(use("outcome_was", outcome="won"), use("outcome_was", outcome="else"))),
    edge("mark", LATER),
    tracks={
        "supplier": supplier(
            opener("identify", "seen", during=("any_open",)),
            opener("invite", "seen", during=LATER),
            edge("agree", ("talking", "parked"), during=LATER),
            edge("note", "talking", during=("any_open",)),
            edge("meet", "seen", during=LATER),
        )
    },
)
FURTHER = Need("reach", states=LATER)
TRACK = Need("reach", track="acme", states=("parked", "talking"))
TALKING = Need("reach", track="acme", states=("talking",))


@pytest.mark.parametrize(
    ("trigger", "track", "state", "needed", "needs"),
    [
        ("mark", None, "first", LATER, (FURTHER,)),
        ("go", None, "first", LATER, (replaced(FURTHER, data=FrozenDict(outcome="won")),)),
        ("invite", "new", "first", LATER, (FURTHER,)),
        ("meet", "acme", "first", LATER, (FURTHER,)),
        ("note", "acme", "seen", ("talking",), (TALKING,)),
        ("agree", "acme", "seen", ("parked", "second", "talking", "third"), (TRACK, FURTHER)),
    ],
)
def test_what_is_too_early_says_what_must_be_reached(
    trigger: str, track: str | None, state: str, needed: tuple[str, ...], needs: tuple[Need, ...]
) -> None:
    """What cannot be done yet names the state it is in, all that it waits for, and what the pilot must end with."""
    play = Play(FAR)
    play.accept("identify", track="acme")
    found = remedies.not_yet(play.attempt(trigger, track=track), rule_of(play, trigger))
    there = track if track in play.pilot.tracks else None
    expected = Blocker("wrong-state", FrozenDict(state=state, needed=needed, never=False), there)
    assert (expected, needs) == whole(found)


def test_an_edge_that_says_no_tells_the_choices_that_others_are_for() -> None:
    """What is refused by its choice is met by the same command with another choice, and nothing else of it changed."""
    how = FrozenDict(how=Field("choice", of=("well", "badly", "not")), n=Field("integer"))
    edges = [edge("go", when=FrozenDict(how=(one,)), data=how) for one in ("well", "badly")]
    refusing = edge("go", when=FrozenDict(how=("not",)), data=how, refuse="no-way")
    play = Play(small(*edges, refusing))
    (blocker,) = play.refuse("go", {"how": "not", "n": 2})
    expected = [Remedy("go", FrozenDict(how=one, n=2), roles=("lead",)) for one in ("well", "badly")]
    assert ("no-way", expected) == (blocker.code, list(blocker.missing))
    openers = [opener("open", "seen", when=one.when, data=how, refuse=one.refuse) for one in (*edges, refusing)]
    play = Play(small(edge("open", data=how), tracks={"supplier": supplier(*openers)}))
    (blocker,) = play.refuse("open", {"how": "not", "n": 2}, track="acme")
    expected = [Remedy("open", one.data, "acme", ("lead",)) for one in expected]
    assert ("no-way", expected) == (blocker.code, list(blocker.missing))
    play = Play(small(edge("halt", refuse="not-here", data=how)))
    for data in (None, {"n": 1}):
        (blocker,) = play.refuse("halt", data)
        assert ("not-here", ()) == (blocker.code, blocker.missing)


def test_an_opener_may_be_there_to_say_no() -> None:
    """An edge that would open a track and says no instead is told by its code, and that nothing would help."""
    play = Play(small(tracks={"supplier": supplier(opener("identify", "seen", refuse="no-more"))}))
    (blocker,) = play.refuse("identify", track="acme")
    assert ("no-more", ()) == (blocker.code, blocker.missing)


def test_a_hold_is_told_with_the_day_on_which_it_ends() -> None:
    """What a hold refuses names the day by which it is to be resumed, and needs that."""
    until = FrozenDict(resume_by=Field("date"))
    play = Play(small(edge("go"), edge("hold", hold="pause", data=until), edge("resume", hold="resume")))
    play.accept("hold", {"resume_by": "2026-04-01"})
    expected = Blocker("paused", FrozenDict(resume_by="2026-04-01"))
    assert (expected, (Need("resume"),)) == whole(remedies.paused(play.attempt("go")))


def test_what_runs_cannot_be_resumed() -> None:
    """Resuming a pilot that runs needs a pause first, from the state in which it is."""
    found = remedies.not_paused(Play(small(edge("go"))).attempt("resume"))
    expected = Blocker("wrong-state", FrozenDict(state="first", needed=("paused",), never=False))
    assert (expected, (Need("resume", data=FrozenDict(hold="pause")),)) == whole(found)


def test_a_full_head_lets_go_of_what_is_open() -> None:
    """A pilot that can hold no more needs the end of some open records of a kind that is let go of, or its own."""
    kinds = {"note": kind("Note"), "step": kind("Step", keep="open"), "task": kind("Task", keep="open")}
    play = Play(small(edge("go"), records=kinds))
    attempt = play.attempt("go")

    def full(*held: Record) -> tuple[Blocker, tuple[Need, ...]]:
        return whole(remedies.full(play.table, replace(attempt, pilot=a_pilot(*held, workflow=play.table.workflow))))

    closing = (Blocker("limit-reached"), (Need("reach", states=("closed",)),))
    assert closing == full()
    assert closing == full(record("note"), record("step", ended=TODAY))
    steps = [record("step", number) for number in range(2, 6)]
    needs = tuple(Need("end", record="step", ids=(f"step-{number}",)) for number in (2, 3, 4))
    assert (Blocker("limit-reached"), needs) == full(record("step", 1, ended=TODAY), *steps, record("note"))
    task = Need("end", record="task", ids=("task-1",))
    assert (Blocker("limit-reached"), (needs[0], task)) == full(record("task"), steps[0])
