from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from proeftuin.core.commands import Accepted, Actor, Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import Answer, Guard, Question, guard
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.workflow import Field
from tests.unit.core.small import (
    BOARD,
    LEAD,
    NOW,
    SELLER,
    TODAY,
    WATCHER,
    Play,
    edge,
    kind,
    op,
    opener,
    small,
    supplier,
    use,
)

CONTENT = FrozenDict(n=Field("integer", required=True))
A_STEP = FrozenDict(step=Field("record", record="step", required=True))
GOOD = FrozenDict(how=("good",))
TRACKS = {
    "supplier": supplier(
        opener("identify", "seen", during=("first", "second")),
        edge("talk", "seen", "talking", during=("second",)),
        edge("agree", "talking", "agreed", during=("any_open",), sign=("lead", "seller"), data=CONTENT),
        edge("drop", ("seen", "talking"), "gone", during=("any_open",)),
    )
}  # fmt: skip
OUTCOME = Field("choice", of=("good", "bad", "other"), required=True)
WORKFLOW = small(
    edge("advance", "first", "second"),
    edge("advance", "second", "third"),
    edge("back", "third", "second"),
    edge("finish", "third", "closed", when=GOOD, outcome="good", allow=("board",), data=FrozenDict(how=OUTCOME)),
    edge("finish", "third", "closed", when=FrozenDict(how=("bad",)), outcome="bad", data=FrozenDict(how=OUTCOME)),
    edge("hold", hold="pause"),
    edge("resume", hold="resume", paused="allowed"),
    edge("note", "any", paused="allowed", records=(op(add="note"),)),
    edge("date_it", "second", data=FrozenDict(n=Field("integer"), m=Field("integer"))),
    records={"note": kind("Note", text=Field("text", required=True))},
    tracks=TRACKS,
)  # fmt: skip


def closed() -> Play:
    play = Play(WORKFLOW)
    play.accept("advance")
    play.accept("advance")
    play.accept("finish", {"how": "bad"})
    return play


# -- what and which ----------------------------------------------------------------------------------------------------


def test_an_unknown_word_stands_alone() -> None:
    """A trigger that the workflow does not have is told as such, and nothing else is judged."""
    assert ("unknown-trigger",) == Play(WORKFLOW).codes("fly", {"x": 1}, track="nope")


def test_a_trigger_of_a_track_needs_a_track() -> None:
    """A trigger of a track without one, or on one that does not exist, is an unknown track."""
    play = Play(WORKFLOW)
    assert ("unknown-track",) == play.codes("talk")
    assert ("unknown-track",) == play.codes("talk", track="nobody")


def test_a_trigger_of_the_pilot_is_none_of_a_track() -> None:
    """The pilot's own trigger on a track is not known there."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    assert ("unknown-trigger",) == play.codes("advance", track="acme")


def test_the_edge_is_the_first_that_leaves_this_state() -> None:
    """One trigger may mean another move in another state."""
    play = Play(WORKFLOW)
    play.accept("advance")
    play.accept("advance")
    assert "third" == play.pilot.state


def test_a_choice_in_the_data_picks_the_edge() -> None:
    """Who may fire, and where it leads, is that of the edge whose choice was given."""
    play = Play(WORKFLOW)
    play.accept("advance")
    play.accept("advance")
    assert ("forbidden-role",) == play.codes("finish", {"how": "good"})
    assert (
        "bad"
        == next(one for one in play.accept("finish", {"how": "bad"}).events if one.type == "pilot.moved").data[
            "outcome"
        ]
    )


@pytest.mark.parametrize("data", [{}, {"how": ""}, {"how": "unheard"}, {"how": 5}])
def test_an_absent_or_wrong_choice_admits_every_edge(data: dict[str, object]) -> None:
    """Where no choice is made, the first edge that the actor may fire is judged, and the data says what is wrong."""
    play = Play(WORKFLOW)
    play.accept("advance")
    play.accept("advance")
    assert [("missing-field", "bad-value")[bool(data.get("how"))]] == [*play.codes("finish", data)]


def test_a_choice_that_no_edge_is_for_is_refused() -> None:
    """A valid choice that no edge takes picks none, also where another edge of the trigger could go."""
    play = Play(WORKFLOW)
    play.accept("advance")
    play.accept("advance")
    assert ("bad-value",) == play.codes("finish", {"how": "other"})


def test_a_yes_or_no_can_pick_the_edge() -> None:
    """A field of yes or no picks an edge like a choice does."""
    fields = FrozenDict(big=Field("boolean", required=True))
    play = Play(
        small(
            edge("go", "first", "second", when=FrozenDict(big=(True,)), data=fields),
            edge("go", "first", "third", when=FrozenDict(big=(False,)), data=fields),
        )
    )
    play.accept("go", {"big": False})
    assert "third" == play.pilot.state


# -- not yet and never -------------------------------------------------------------------------------------------------


def test_what_cannot_be_done_yet_stands_beside_the_rest() -> None:
    """Where a source is still ahead, wrong-state means not yet, and the data is judged all the same."""
    play = Play(WORKFLOW)
    assert ("wrong-state", "bad-value") == play.codes("date_it", {"n": "x"})
    (blocker, _) = play.refuse("date_it", {"n": "x"})
    assert ("first", ("second",), False) == tuple(blocker.params[name] for name in ("state", "needed", "never"))


def test_what_can_never_be_done_again_stands_alone() -> None:
    """Where no source can be reached any more, wrong-state is all there is, and nothing would help."""
    (blocker,) = closed().refuse("date_it", {"n": "x"})
    assert ("wrong-state", True, ()) == (blocker.code, blocker.params["never"], blocker.missing)


def test_of_edges_ahead_the_nearest_is_judged() -> None:
    """Of several edges that could be fired later, the failures are those of the one fewest moves away."""
    fields = FrozenDict(n=Field("integer", required=True))
    play = Play(
        small(
            edge("advance", "first", "second"),
            edge("advance", "second", "third"),
            edge("mark", "third", data=fields),
            edge("mark", "second"),
        )
    )
    assert ("wrong-state",) == play.codes("mark")


def test_a_track_waits_for_the_pilot() -> None:
    """An edge of a track waits until both the track and the pilot are where it can be fired."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    (blocker,) = play.refuse("talk", track="acme")
    assert ("wrong-state", "first", ("second",)) == (blocker.code, blocker.params["state"], blocker.params["needed"])
    play.accept("advance")
    play.accept("drop", track="acme")
    (blocker,) = play.refuse("talk", track="acme")
    assert ("gone", True, "acme") == (blocker.params["state"], blocker.params["never"], blocker.track)


def test_a_track_can_be_opened_once() -> None:
    """The key of a track that there is cannot be opened again."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    (blocker,) = play.refuse("identify", track="acme")
    assert ("track-exists", "acme", ()) == (blocker.code, blocker.params["key"], blocker.missing)


def test_a_track_is_opened_only_while_the_pilot_allows() -> None:
    """An opener out of its time is refused, as never where that time has passed."""
    (blocker,) = closed().refuse("identify", track="acme")
    assert ("wrong-state", True) == (blocker.code, blocker.params["never"])
    play = Play(
        small(
            edge("advance", "first", "second"),
            tracks={"supplier": supplier(opener("identify", "seen", during=("second",)))},
        )
    )
    assert ("wrong-state",) == play.codes("identify", track="acme")


@pytest.mark.parametrize("key", ["has space", "-dash", "x" * 65])
def test_a_track_has_a_key_that_stores_and_people_can_keep(key: str) -> None:
    """The key of a new track has the form of a party."""
    assert ("bad-value",) == Play(WORKFLOW).codes("identify", track=key)


# -- hold --------------------------------------------------------------------------------------------------------------


def test_on_hold_only_what_is_allowed_goes_on() -> None:
    """While paused a trigger is refused beside its other failures, unless its edge allows it."""
    play = Play(WORKFLOW)
    play.accept("hold")
    assert ("paused",) == play.codes("advance")
    assert ("wrong-state", "paused", "bad-value") == play.codes("date_it", {"n": "x"})
    play.accept("note", {"text": "x"})
    play.accept("resume")
    play.accept("advance")


def test_only_what_is_paused_can_be_resumed() -> None:
    """Resuming a running pilot is not yet possible."""
    assert ("wrong-state",) == Play(WORKFLOW).codes("resume")


# -- business dates ----------------------------------------------------------------------------------------------------


def test_a_business_date_lies_between_the_last_move_and_today() -> None:
    """A date after today or before the last move is a bad value that names the last move."""
    play = Play(WORKFLOW)
    for on, problem in ((TODAY + timedelta(1), "after-today"), (TODAY - timedelta(1), "before-last-move")):
        (blocker,) = play.refuse("advance", on=on)
        assert ("bad-value", "on", problem, TODAY.isoformat()) == (
            blocker.code,
            *(blocker.params[name] for name in ("field", "problem", "last_move")),
        )
    assert TODAY == play.accept("advance", on=TODAY).events[0].on


def test_a_clock_that_runs_back_moves_no_date_back() -> None:
    """With an earlier clock the business date stays that of the last move, and the recording time does not run back."""
    play = Play(WORKFLOW)
    (event,) = play.accept("advance", now=NOW - timedelta(days=3)).events
    assert (TODAY, NOW) == (event.on, event.at)


def test_today_is_that_of_the_workflows_zone() -> None:
    """Shortly before midnight in UTC it is the next day in Amsterdam."""
    play = Play(WORKFLOW)
    late = NOW.replace(hour=23, minute=30)
    assert date(2026, 3, 3) == play.accept("advance", now=late).events[0].on


# -- guards ------------------------------------------------------------------------------------------------------------


@guard(codes=("no",))
def nay(question: Question) -> Answer:
    """Never."""
    return Blocker("no", FrozenDict(trigger=question.trigger))


@guard(codes=("no", "neither"))
def both(question: Question) -> Iterator[Blocker]:
    """Two reasons."""
    del question
    yield Blocker("no")
    yield Blocker("neither", track="elsewhere")


@guard(reads=("n",), codes=("odd",))
def even(question: Question) -> Answer:
    """The number is even."""
    return Blocker("odd") if question.data.get("n", 1) % 2 else None


@guard()
def broken(question: Question) -> Answer:
    """It raises."""
    raise RuntimeError(question.trigger)


def guarded(*guards: Guard, fields: FrozenDict = FrozenDict(), **more: object) -> Play:  # noqa: B008  # frozen
    uses = tuple(use(one.name) for one in guards)
    return Play(small(edge("go", "first", "second", require=uses, data=fields, **more)), guards=guards)


def test_every_guard_is_asked() -> None:
    """All blockers of all guards are told, in the order of the edge."""
    assert ("no", "no", "neither") == guarded(nay, both).codes("go")


def test_a_guard_that_raises_is_a_no() -> None:
    """A guard that fails stands as a blocker with its name and the kind of error, beside the others."""
    first, second = guarded(broken, nay).refuse("go")
    assert ("guard-error", "broken", "RuntimeError") == (first.code, first.params["guard"], first.params["error"])
    assert "no" == second.code


@pytest.mark.parametrize("answer", [True, False, "no", 5, ["no"], object()])
def test_a_guard_that_answers_nonsense_is_a_no(answer: object) -> None:
    """An answer that is no blocker, and not nothing, fails closed."""
    odd = Guard("odd_one", lambda question: answer)  # type: ignore[arg-type,return-value]  # what a host might write
    assert ("guard-error",) == guarded(odd).codes("go")


@pytest.mark.parametrize("answer", [None, (), []])
def test_a_guard_that_has_nothing_against_it_lets_pass(answer: object) -> None:
    """Nothing, or no blockers, is a yes."""
    assert isinstance(guarded(Guard("calm", lambda question: answer)).fire("go"), Accepted)  # type: ignore[arg-type,return-value]  # empty lists of blockers


def test_a_guard_that_raises_for_a_later_state_is_left_out() -> None:
    """Judged for a state that is still ahead, a guard that cannot cope is no reason yet."""
    play = Play(
        small(
            edge("advance", "first", "second"), edge("go", "second", "third", require=(use("broken"), use("no_way")))
        ),
        guards=(broken, Guard("no_way", nay.check)),
    )
    assert ("wrong-state", "no") == play.codes("go")


def test_a_use_can_give_its_own_code() -> None:
    """The code of a use replaces that of the guard."""
    play = Play(small(edge("go", "first", "second", require=(use("nay", code="host-no"),))), guards=(nay,))
    assert ("host-no",) == play.codes("go")


def test_a_blocker_of_a_guard_belongs_to_the_track_fired_at() -> None:
    """A blocker has the track fired at, unless the guard named another."""
    workflow = small(
        tracks={
            "supplier": supplier(
                opener("identify", "seen"),
                edge(
                    "go",
                    "seen",
                    "talking",
                    during=("any_open",),
                    require=(use("both"), use("nay", code="x"), use("broken")),
                ),
            )
        }
    )
    play = Play(workflow, guards=(both, nay, broken))
    play.accept("identify", track="acme")
    assert [("no", "acme"), ("neither", "elsewhere"), ("x", "acme"), ("guard-error", "acme")] == [
        (one.code, one.track) for one in play.refuse("go", track="acme")
    ]


def test_advice_warns_and_stops_nothing() -> None:
    """What an advising guard says comes with the accepted command."""
    play = Play(small(edge("go", "first", "second", advise=(use("nay"),))), guards=(nay,))
    assert ("no",) == play.warns("go")


NUMBER = FrozenDict(n=Field("integer"))
REQUIRED = FrozenDict(n=Field("integer", required=True))


def test_a_guard_is_not_asked_about_a_field_that_was_refused() -> None:
    """A guard that reads a refused or required but absent field abstains; the data check has said enough."""
    assert ("bad-value",) == guarded(even, fields=NUMBER).codes("go", {"n": "x"})
    assert ("missing-field",) == guarded(even, fields=REQUIRED).codes("go")
    required_when = FrozenDict(n=Field("integer", required_when=FrozenDict(m=("x",))), m=Field("text"))
    assert ("missing-field",) == guarded(even, fields=required_when).codes("go", {"m": "x"})


def test_an_absent_optional_field_reads_as_nothing() -> None:
    """A guard is asked where an optional field that it reads was not given, or is none of the edge's."""
    assert ("odd",) == guarded(even, fields=NUMBER).codes("go")
    assert ("odd",) == guarded(even).codes("go")
    guarded(even, fields=NUMBER).accept("go", {"n": 2})


# -- signatures --------------------------------------------------------------------------------------------------------


def talking() -> Play:
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    play.accept("advance")
    play.accept("talk", track="acme")
    return play


def test_a_missing_signature_is_waited_for() -> None:
    """The first vote is recorded, and the answer names who is still to sign."""
    pending = talking().sign("agree", {"n": 1}, track="acme")
    assert (("seller",), ("signature.added",)) == (pending.waiting, tuple(one.type for one in pending.events))


def test_the_last_signature_completes_the_edge() -> None:
    """With the vote of the other side on the same content the edge is fired, and no vote is left."""
    play = talking()
    play.sign("agree", {"n": 1}, track="acme")
    types = [one.type for one in play.accept("agree", {"n": 1}, track="acme", by=SELLER).events]
    assert (["signature.added", "track.moved"], "agreed", ()) == (
        types,
        play.pilot.tracks["acme"].state,
        play.pilot.signatures,
    )


def test_without_data_the_missing_party_signs_what_is_pending() -> None:
    """No data means exactly the content that waits."""
    play = talking()
    play.sign("agree", {"n": 7}, track="acme")
    play.accept("agree", track="acme", by=SELLER)
    assert {"n": 7} == play.pilot.tracks["acme"].data


def test_without_data_and_without_votes_the_data_is_missing() -> None:
    """The first to sign cannot leave out the content."""
    assert ("missing-field",) == talking().codes("agree", track="acme")


def test_other_content_voids_the_vote() -> None:
    """A vote on other content voids the earlier one, which is written down, and waits anew."""
    play = talking()
    play.sign("agree", {"n": 1}, track="acme")
    pending = play.sign("agree", {"n": 2}, track="acme", by=SELLER)
    assert (["signature.voided", "signature.added"], ("lead",)) == (
        [one.type for one in pending.events],
        pending.waiting,
    )
    play.accept("agree", {"n": 2}, track="acme")


def test_signing_again_changes_nothing() -> None:
    """The same vote twice still waits for the other side."""
    play = talking()
    play.sign("agree", {"n": 1}, track="acme")
    assert ("seller",) == play.sign("agree", {"n": 1}, track="acme").waiting
    assert 1 == len(play.pilot.signatures)


def test_leaving_the_state_voids_the_votes_cast_in_it() -> None:
    """A track that moves on without the signatures voids them, and says so."""
    play = talking()
    play.sign("agree", {"n": 1}, track="acme")
    types = [one.type for one in play.accept("drop", track="acme").events]
    assert (["track.moved", "signature.voided"], ()) == (types, play.pilot.signatures)


def test_a_pilot_that_moves_voids_the_votes_on_its_own_triggers() -> None:
    """Votes under a trigger of the pilot last while the pilot stays where it is; those of tracks stay."""
    workflow = small(edge("advance", "first", "second"), edge("seal", "any_open", sign=("lead", "board")))
    play = Play(workflow)
    assert ("board",) == play.sign("seal").waiting
    assert ("board",) == play.sign("seal").waiting
    play.accept("advance")
    assert () == play.pilot.signatures
    play.sign("seal")
    play.accept("seal", by=BOARD)
    assert play.events[-1].data["complete"]


def test_guards_are_asked_at_each_vote() -> None:
    """A vote is refused like any command, and leaves the earlier one alone."""
    held = {"no": False}
    watch = Guard("watch", lambda question: Blocker("no") if held["no"] else None)
    play = Play(small(edge("seal", sign=("lead", "board"), require=(use("watch"),))), guards=(watch,))
    play.sign("seal")
    held["no"] = True
    assert ("no",) == play.codes("seal", by=BOARD)
    assert 1 == len(play.pilot.signatures)


# -- what must not be kept ---------------------------------------------------------------------------------------------

PERSONAL = small(
    edge("place", records=(op(add="placement"),), require=(use("nay"),)),
    records={"placement": kind("Placement", who=Field("subject", required=True), hours=Field("decimal"))},
)


def test_what_looks_like_an_identity_is_told_alone() -> None:
    """A violation hides all other failures, so that no answer repeats what was given."""
    play = Play(PERSONAL, guards=(nay,))
    findings = FrozenDict(who="privacy-violation")
    data = {"who": "withheld", "hours": "x"}
    (blocker,) = play.refuse("place", data, findings=findings)
    assert ("privacy-violation", "who", "form") == (blocker.code, blocker.params["field"], blocker.params["problem"])
    assert ("privacy-violation",) == play.codes("place", {"who": "s1", "diagnosis": "x"})
    assert ("bad-value", "no") == play.codes("place", {"who": "s1", "hours": "x"})


def test_commitments_stand_in_the_first_event_of_a_record() -> None:
    """The commitment to a participant's ref is in the event that adds the record."""
    play = Play(small(*[edge("place", records=(op(add="placement"),))], records=PERSONAL.records))
    (event,) = play.accept("place", {"who": "s1"}, commitments=FrozenDict(s1="c")).events
    assert {"s1": "c"} == event.data["commitments"]
    (event,) = play.accept("place", {"who": "s1"}).events
    assert "commitments" not in event.data


def test_a_head_that_is_full_takes_no_more() -> None:
    """Beyond the number of kept records adding is refused, and ending one would help."""
    few = Settings({"kept_records": [Dated("1", TODAY, "test")]})
    workflow = small(
        edge("plan", records=(op(add="step"),)),
        edge("finish", data=A_STEP, records=(op(end="step", by="step"),)),
        records={"step": kind("Step", keep="open", what=Field("text"))},
    )  # fmt: skip
    play = Play(workflow, settings=few)
    play.accept("plan", {"what": "a"})
    (blocker,) = play.refuse("plan", {"what": "b"})
    assert ("limit-reached", ["finish"]) == (blocker.code, [one.trigger for one in blocker.missing])
    play.accept("finish", {"step": "step-1"})
    play.accept("plan", {"what": "b"})


def test_a_full_head_of_what_never_goes_away_can_only_be_closed() -> None:
    """Where nothing that is kept can be let go of, the way to the end of the pilot is what remains."""
    few = Settings({"kept_records": [Dated("1", TODAY, "test")]})
    play = Play(WORKFLOW, settings=few)
    play.accept("note", {"text": "a"})
    (blocker,) = play.refuse("note", {"text": "b"})
    assert ("limit-reached", ["advance"]) == (blocker.code, [one.trigger for one in blocker.missing])


# -- deciding is pure --------------------------------------------------------------------------------------------------


def test_a_decision_changes_nothing() -> None:
    """The same attempt decided twice gives the same answer, and leaves the pilot alone."""
    play = Play(WORKFLOW)
    before = play.pilot
    assert play.explain("advance").allowed
    assert before == play.pilot
    assert play.explain("advance") == play.explain("advance")


def test_the_actor_may_hold_roles_that_mean_nothing_here() -> None:
    """Unknown roles of an actor neither help nor harm."""
    Play(WORKFLOW).accept("advance", by=Actor("x", roles={"lead", "king"}))
    assert ("forbidden-role",) == Play(WORKFLOW).codes("advance", by=Actor("x", roles={"king"}))
    assert LEAD.id != WATCHER.id
