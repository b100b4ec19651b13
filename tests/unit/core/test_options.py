import pytest

from proeftuin.core.commands import Attempt, Blocker, Command, Option
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import Guard
from proeftuin.core.options import explain
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Edge, Field, RecordOp
from tests.unit.core.small import (
    LEAD,
    NOW,
    SELLER,
    WATCHER,
    Play,
    a_pilot,
    a_track,
    edge,
    kind,
    op,
    opener,
    record,
    said,
    small,
    supplier,
    use,
)

OPEN = ("any_open",)
CHOICE = Field("choice", of=("good", "bad"), required=True, label=said("Result"))
RECORDS = {"note": kind("Note", text=Field("text", required=True)), "step": kind("Step", what=Field("text"))}
A_STEP = FrozenDict(step=Field("record", record="step", required=True))
TRACKS = {
    "supplier": supplier(
        opener("identify", "seen", during=OPEN, data=FrozenDict(name=Field("text"))),
        opener("propose", "seen", during=OPEN, allow=("seller",)),
        edge("talk", "seen", "talking", during=OPEN, allow=("lead", "seller")),
        edge("park", ("seen", "talking"), "parked", during=OPEN),
        edge("unpark", "parked", "previous", during=OPEN),
        edge("own_step", "any", during=OPEN, records=(op(add="step"),)),
        edge("own_finish", "any", during=OPEN, data=A_STEP, records=(op(end="step", by="step"),)),
    ),
    "category": supplier(edge("look", "seen", during=OPEN)),
}  # fmt: skip
WORKFLOW = small(
    edge("note", records=(op(add="note"),), label=said("Write a note")),
    edge("advance", "first", "second"),
    edge("advance", "second", "third"),
    edge("finish", "third", "closed", when=FrozenDict(how=("good",)), data=FrozenDict(how=CHOICE), outcome="good"),
    edge("finish", "third", "closed", when=FrozenDict(how=("bad",)), data=FrozenDict(how=CHOICE), allow=("board",)),
    edge("hold", hold="pause"),
    edge("resume", hold="resume", paused="allowed"),
    edge("boards", allow=("board",)),
    edge("plan", records=(op(add="step"),)),
    edge("done", data=A_STEP, records=(op(end="step", by="step"),)),
    edge("stay", to="same", data=FrozenDict(at=Field("track"), about=Field("list", of="record"))),
    records=RECORDS,
    tracks=TRACKS,
)  # fmt: skip


def words(found: tuple[Option, ...]) -> list[str]:
    return [one.trigger for one in found]


def option(play: Play, trigger: str, **more: object) -> Option:
    return next(one for one in play.options(**more) if one.trigger == trigger)  # type: ignore[arg-type]  # as options takes


def test_moves_come_first_then_not_yet_then_records() -> None:
    """Options are in the order moves, what is not yet possible, what is only recorded."""
    play = Play(
        small(
            edge("note", records=(op(add="note"),)),
            edge("mark", "second"),
            edge("advance", "first", "second"),
            records=RECORDS,
        )
    )
    found = play.options()
    assert ["advance", "mark", "note"] == words(found)
    assert [("move", True), ("record", False), ("record", True)] == [(one.kind, one.allowed) for one in found]


def test_what_is_forbidden_far_or_over_is_shown_only_on_request() -> None:
    """Without `all` nothing forbidden, more than one move away, or over for good is shown; with it everything is."""
    play = Play(WORKFLOW)
    assert "boards" not in words(play.options())
    assert "finish" not in words(play.options())
    everything = words(play.options(everything=True))
    assert {"boards", "finish", "advance", "resume"} <= set(everything)
    play.accept("advance")
    play.accept("advance")
    play.accept("finish", {"how": "good"})
    assert [] == words(play.options())
    assert ("wrong-state",) == tuple(one.code for one in option(play, "advance", everything=True).blockers)


def test_an_edge_is_shown_with_the_choice_that_picks_it() -> None:
    """Per edge of a trigger the choice that it is for is preset."""
    play = Play(WORKFLOW)
    play.accept("advance")
    play.accept("advance")
    found = option(play, "finish")
    assert ({"how": "good"}, "closed", ("good",)) == (found.preset, found.to, found.fields["how"]["choices"])


def test_a_choice_among_several_presets_nothing() -> None:
    """An edge for several choices leaves the choice open, and shows those it is for."""
    fields = FrozenDict(how=Field("choice", of=("a", "b", "c"), required=True))
    play = Play(small(edge("go", "first", "second", when=FrozenDict(how=("a", "b")), data=fields)))
    found = option(play, "go")
    assert ({}, ("a", "b")) == (found.preset, found.fields["how"]["choices"])


def test_fields_say_what_must_be_given() -> None:
    """Each field is shown with its type, whether it is required, its choices and its label."""
    play = Play(small(edge("go", data=FrozenDict(how=CHOICE, note=Field("list", of=("x", "y"))))))
    shown = option(play, "go").fields
    assert {"type": "choice", "required": True, "choices": ("good", "bad"), "label": said("Result")} == shown["how"]
    plain = {"type": "list", "required": False, "of": ("x", "y"), "label": {"en": "note", "nl": "note"}}
    assert plain == shown["note"]


def test_fields_tell_their_limits_and_the_fields_of_a_row() -> None:
    """What a form needs stands in an option: bounds, a default, and of a list of rows each field of a row."""
    row = Field("list", of=FrozenDict(hours=Field("decimal", min="0.5", required=True)), max=3)
    play = Play(small(edge("go", data=FrozenDict(rows=row, day=Field("date", not_after="today", default="x")))))
    shown = option(play, "go").fields
    assert ("0.5", True, 3) == (
        shown["rows"]["of"]["hours"]["min"],
        shown["rows"]["of"]["hours"]["required"],
        shown["rows"]["max"],
    )
    assert ("today", "x") == (shown["day"]["not_after"], shown["day"]["default"])


def test_a_reference_shows_what_it_may_point_at() -> None:
    """A field for a track or record lists the candidates, those of the own track on an edge of a track."""
    play = Play(WORKFLOW)
    for key in ("acme", "other"):
        play.accept("identify", track=key)
        play.accept("own_step", {"what": "x"}, track=key)
    play.accept("plan", {"what": "y"})
    shown = option(play, "stay").fields
    assert (("acme", "other"), ("step-1", "step-2", "step-3")) == (
        shown["at"]["candidates"],
        shown["about"]["candidates"],
    )
    assert ("step-2",) == option(play, "own_finish", track="other").fields["step"]["candidates"]
    play.accept("own_finish", {"step": "step-2"}, track="other")
    assert ("step-1", "step-3") == option(play, "done").fields["step"]["candidates"]


def test_a_bundled_record_may_be_pointed_at_on_each_track_that_contributes() -> None:
    """What a track contributes to is among its candidates, as it is accepted there, wherever it began."""
    bundled = record("step", track="acme", contributions=[{"track": "acme"}, {"track": "other"}])
    pilot = a_pilot(bundled, tracks=[a_track("acme"), a_track("other"), a_track("third")], workflow=WORKFLOW)
    table = compile_workflow(WORKFLOW)
    for key, expected in (("acme", ("step-1",)), ("other", ("step-1",)), ("third", ())):
        command = Command("own_finish", FrozenDict(step="step-1"), key)
        shown = explain(table, Attempt(pilot, command, LEAD, NOW))
        assert expected == shown.fields["step"]["candidates"]
        assert bool(expected) == shown.allowed


@pytest.mark.parametrize("given", [["acme", "other"], "other", {"track": "other"}])
def test_what_a_workflow_calls_contributions_may_be_anything(given: object) -> None:
    """A field of that name that holds no rows with tracks makes a record one of no other track."""
    gift = record("step", track="acme", contributions=given)
    pilot = a_pilot(gift, tracks=[a_track("acme"), a_track("other")], workflow=WORKFLOW)
    command = Command("own_finish", FrozenDict(step="step-1"), "other")
    shown = explain(compile_workflow(WORKFLOW), Attempt(pilot, command, LEAD, NOW))
    assert () == shown.fields["step"]["candidates"]


def test_what_needs_a_record_that_there_is_not_is_left_out() -> None:
    """A trigger whose required reference has nothing to point at is shown only on request."""
    play = Play(WORKFLOW)
    assert "done" not in words(play.options())
    assert "done" in words(play.options(everything=True))
    play.accept("plan", {"what": "x"})
    assert "done" in words(play.options())


def test_nothing_is_missing_before_anything_was_asked() -> None:
    """Judged without data, missing fields are no blockers, and guards that read fields abstain."""
    odd = Guard("odd", lambda question: Blocker("odd"), reads=("n",))
    firm = Guard("firm", lambda question: Blocker("firm"))
    fields = FrozenDict(n=Field("integer", required=True))
    play = Play(
        small(edge("go", require=(use("odd"), use("firm")), data=fields), edge("free", data=fields)), guards=(odd, firm)
    )
    assert ("firm",) == tuple(one.code for one in option(play, "go").blockers)
    assert option(play, "free").allowed


def test_a_track_has_options_of_its_own() -> None:
    """Each track shows its own triggers, and asked for one track only those are shown."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    play.accept("identify", track="other")
    assert {"acme", "other"} == {one.track for one in play.options() if one.trigger == "talk"}
    found = play.options(track="acme")
    assert ({"acme"}, "talking") == ({one.track for one in found}, option(play, "talk", track="acme").to)


def test_a_parked_track_shows_where_it_goes_back_to() -> None:
    """The target of going back is the state before the detour."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    play.accept("park", track="acme")
    assert "seen" == option(play, "unpark", track="acme").to


def test_a_client_is_offered_one_new_track_without_a_key() -> None:
    """An opener is shown once, for a key that is still to be chosen, also where such keys are taken."""
    play = Play(WORKFLOW)
    for key in ("track-1", "track-3"):
        play.accept("identify", track=key)
    (found,) = (one for one in play.options() if one.trigger == "identify")
    assert (None, True, "seen", "move") == (found.track, found.allowed, found.to, found.kind)


def test_a_supplier_is_offered_its_own_track_until_it_has_one() -> None:
    """A supplier may open the track of its own party, once."""
    play = Play(WORKFLOW)
    assert ["acme"] == [one.track for one in play.options(by=SELLER) if one.trigger == "propose"]
    play.accept("propose", track="acme", by=SELLER)
    assert [] == [one for one in play.options(by=SELLER) if one.trigger == "propose"]
    assert ["acme"] == [one.track for one in play.options(by=SELLER) if one.trigger == "talk"]
    (taken,) = (one for one in play.options(by=SELLER, everything=True) if one.trigger == "propose")
    assert ("acme", ["track-exists"]) == (taken.track, [one.code for one in taken.blockers])


def test_holding_shows_in_what_can_be_done() -> None:
    """A running pilot can be paused and not resumed, a paused one the other way round."""
    play = Play(WORKFLOW)
    assert ("move", True) == (option(play, "hold").kind, option(play, "hold").allowed)
    assert "resume" not in words(play.options())
    play.accept("hold")
    assert option(play, "resume").allowed
    assert ("paused",) == tuple(one.code for one in option(play, "hold").blockers)


def test_labels_are_those_of_the_edge_the_workflow_or_the_word() -> None:
    """An option is called as its edge says, else as the workflow says, else by its trigger."""
    play = Play(
        small(
            edge("note", label=said("Write")),
            edge("advance", "first", "second"),
            edge("odd_one"),
            words={"advance": said("Go on")},
        )
    )
    labels = {one.trigger: one.label["en"] for one in play.options()}
    assert {"note": "Write", "advance": "Go on", "odd_one": "odd_one"} == labels


def test_asking_of_what_does_not_exist_gets_an_answer() -> None:
    """A dry run of an unknown trigger is an option that is not allowed, with the reason."""
    found = Play(WORKFLOW).explain("fly")
    assert (False, ("unknown-trigger",), {}, "fly") == (
        found.allowed,
        tuple(one.code for one in found.blockers),
        found.fields,
        found.label["en"],
    )


def test_a_dry_run_is_judged_with_its_data() -> None:
    """With data an option is judged like the command itself, and an incomplete signature is allowed."""
    advice = Guard("advice", lambda question: Blocker("mind"))
    play = Play(
        small(
            edge("go", advise=(use("advice"),), data=FrozenDict(n=Field("integer"))),
            edge("seal", sign=("lead", "board")),
        ),
        guards=(advice,),
    )
    assert (True, ("mind",)) == (
        play.explain("go", {"n": 1}).allowed,
        tuple(one.code for one in play.explain("go").warnings),
    )
    assert ("bad-value",) == tuple(one.code for one in play.explain("go", {"n": "x"}).blockers)
    assert play.explain("seal").allowed


def test_the_same_edge_is_shown_once() -> None:
    """An edge that several choices lead to, or an answer that stands alone, is not repeated."""
    fields = FrozenDict(how=Field("choice", of=("a", "b"), required=True))
    split = [
        edge("go", "first", to, when=FrozenDict(how=(how,)), data=fields, allow=("board",))
        for how, to in (("a", "second"), ("b", "third"))
    ]
    found = [one for one in Play(small(*split)).options(everything=True) if one.trigger == "go"]
    assert ["forbidden-role", "forbidden-role"] == [one.blockers[0].code for one in found]
    play = Play(small(edge("go", "first", "second"), edge("go", "second", "third")))
    assert ["go"] == words(play.options())


def test_what_is_ruled_out_for_good_is_left_out() -> None:
    """A guard that says never removes the option, unless everything is asked for."""
    never = Guard("never", lambda question: Blocker("wrong-state", FrozenDict(never=True)))
    play = Play(small(edge("go", require=(use("never"),)), edge("stay")), guards=(never,))
    assert ["stay"] == words(play.options())
    assert ["go", "stay"] == sorted(words(play.options(everything=True)))


def test_who_may_do_nothing_is_offered_nothing() -> None:
    """An actor without a role here has no options, and with all of them only refusals."""
    play = Play(WORKFLOW)
    assert () == play.options(by=WATCHER)
    assert not any(one.allowed for one in play.options(by=WATCHER, everything=True))


def test_looking_is_free() -> None:
    """Asking for options or a dry run leaves the pilot as it was."""
    play = Play(WORKFLOW)
    before = play.pilot
    play.options(by=LEAD, everything=True)
    assert before == play.pilot
    assert isinstance(play.table.every[0].edge, Edge)
    assert isinstance(play.table.every[0].edge.records[0], RecordOp)
