from datetime import timedelta

from attrs import evolve as changed

from proeftuin.core.commands import Actor
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Field
from tests.unit.core.small import (
    BOARD,
    LEAD,
    NOW,
    OTHER_SELLER,
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
)

DUTY = kind(
    "Assignment", duty=Field("text"), person=Field("person"), track=Field("track"), until=Field("date"),
)  # fmt: skip
TRACKS = {
    "supplier": supplier(
        opener("identify", "seen"),
        opener("propose", "seen", allow=("seller",)),
        edge("talk", "seen", "talking", during=("any_open",), allow=("lead", "seller")),
        edge("agree", "talking", "agreed", during=("any_open",), sign=("lead", "seller")),
    )
}
CORRECTION = FrozenDict(record=Field("record"), fields=Field("map"), reason=Field("text"))
WORKFLOW = small(
    edge("ours", allow=("lead",)),
    edge("boards", allow=("board",)),
    edge("theirs", allow=("seller",)),
    edge("shared", allow=("lead", "seller")),
    edge("first_one", allow=("starter",)),
    edge("mend", records=(op(correct=("note",)),), allow=("adder",), data=CORRECTION),
    edge("touch", allow=("adder",)),
    edge("note", allow=("lead", "watcher"), records=(op(add="note"),)),
    edge("assign", records=(op(add="assignment"),)),
    edge("point", allow=("seller",), data=FrozenDict(at=Field("track"), all=Field("list", of="track"))),
    edge("share", allow=("seller",), data=FrozenDict(rows=Field("list", of=FrozenDict(track=Field("track"))))),
    edge("remind", allow=("reminded",)),
    edge("odd", allow=("ghost",)),
    records={"note": kind("Note", text=Field("text")), "assignment": DUTY},
    tracks=TRACKS,
)  # fmt: skip


def opened() -> Play:
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    play.accept("identify", track="other")
    return play


def test_a_role_must_be_held() -> None:
    """Who lacks the role is forbidden, and told who may."""
    (blocker,) = Play(WORKFLOW).refuse("ours", by=WATCHER)
    assert ("forbidden-role", ("lead",)) == (blocker.code, blocker.params["roles"])


def test_the_other_side_cannot_act_for_this_one() -> None:
    """Across the table the answer is unilateral, for a trigger that one side alone may fire."""
    play = Play(WORKFLOW)
    assert ("unilateral",) == play.codes("ours", by=SELLER)
    assert ("unilateral",) == play.codes("theirs", by=LEAD)


def test_without_sides_nothing_is_unilateral() -> None:
    """A trigger for both sides, or an actor without a side, gets forbidden-role."""
    play = Play(WORKFLOW)
    stranger = Actor("x", roles={"unheard_of"})
    assert ("forbidden-role",) == play.codes("shared", by=WATCHER)
    assert ("forbidden-role",) == play.codes("theirs", by=WATCHER)
    assert ("forbidden-role",) == play.codes("ours", by=stranger)


def test_a_role_that_the_workflow_does_not_know_has_no_side() -> None:
    """A role that only an edge names is held like any other."""
    assert ("pilot.changed",) == tuple(
        one.type for one in Play(WORKFLOW).accept("odd", by=Actor("g", roles={"ghost"})).events
    )


def test_the_first_of_the_roles_held_is_the_one_used() -> None:
    """An actor with several roles acts in the first that the edge names."""
    both = Actor("x", roles={"seller", "lead"}, party="acme")
    assert "lead" == Play(WORKFLOW).accept("shared", by=both).events[0].role


def test_a_supplier_acts_on_its_own_track_only() -> None:
    """A supplier's role counts on the tracks of its own party, and nowhere without a party."""
    play = opened()
    assert ("forbidden-role",) == play.codes("talk", track="acme", by=OTHER_SELLER)
    assert ("forbidden-role",) == play.codes("talk", track="acme", by=Actor("s", roles={"seller"}))
    assert "seller" == play.accept("talk", track="acme", by=SELLER).events[0].role


def test_a_supplier_opens_a_track_for_its_own_party_only() -> None:
    """Who opens a track under another party's key is forbidden."""
    play = Play(WORKFLOW)
    assert ("forbidden-role",) == play.codes("propose", track="other", by=SELLER)
    play.accept("propose", track="acme", by=SELLER)
    assert "acme" == play.pilot.tracks["acme"].party


def test_the_party_may_come_from_a_field() -> None:
    """Where the party is a field of the opening trigger, that field says whose track it is."""
    fields = FrozenDict(supplier=Field("party", required=True))
    workflow = small(
        tracks={"supplier": supplier(opener("propose", "seen", allow=("seller",), data=fields), party_from="supplier")}
    )
    play = Play(workflow)
    assert ("forbidden-role",) == play.codes("propose", {"supplier": "other"}, track="t1", by=SELLER)
    play.accept("propose", {"supplier": "acme"}, track="t1", by=SELLER)
    assert "acme" == play.pilot.tracks["t1"].party


def test_a_supplier_names_no_track_of_another() -> None:
    """A track named in the data of a supplier's command is its own, and an unknown one is the data check's business."""
    play = opened()
    assert ("forbidden-role",) == play.codes("point", {"at": "other"}, by=SELLER)
    assert ("bad-reference",) == play.codes("point", {"at": "nobody"}, by=SELLER)
    assert ("forbidden-role",) == play.codes("point", {"all": ["acme", "other"]}, by=SELLER)
    assert ("bad-reference",) == play.codes("point", {"all": ["acme", "nobody"]}, by=SELLER)
    assert ("bad-value",) == play.codes("point", {"all": "other"}, by=SELLER)
    play.accept("point", {"at": "acme", "all": ["acme"]}, by=SELLER)


def test_a_supplier_names_with_whom_it_makes_a_job() -> None:
    """Rows that name tracks are shares in one thing, so those of others may stand among them."""
    opened().accept("share", {"rows": [{"track": "acme"}, {"track": "other"}]}, by=SELLER)


def test_who_started_may_act_until_somebody_coordinates() -> None:
    """The starter's relation ends with the assignment of a coordinator."""
    play = Play(WORKFLOW)
    assert "starter" == play.accept("first_one").events[0].role
    assert ("forbidden-role",) == play.codes("first_one", by=WATCHER)
    play.accept("assign", {"duty": "coordinator", "person": "somebody", "until": TODAY.isoformat()})
    assert ("forbidden-role",) == play.codes("first_one")
    play.now = NOW + timedelta(days=1)
    play.accept("first_one")


def test_who_added_a_record_may_correct_it() -> None:
    """The adder of the record that is named may correct it, and nobody else; an unknown one is told as such."""
    play = Play(WORKFLOW)
    play.accept("note", {"text": "a"})
    correction = {"record": "note-1", "fields": {"text": "b"}, "reason": "typo"}
    assert ("forbidden-role",) == play.codes("mend", correction, by=WATCHER)
    assert ("bad-reference",) == play.codes("mend", {**correction, "record": "note-9"}, by=WATCHER)
    assert "adder" == play.accept("mend", correction).events[0].role


def test_who_recorded_nothing_is_offered_no_correction() -> None:
    """Correcting is an option of whoever recorded something that may be corrected, and of nobody else."""
    play = Play(WORKFLOW)
    play.accept("note", {"text": "a"}, by=WATCHER)
    play.accept("assign", {"duty": "hr", "person": "somebody"})
    offered = {by.id: {one.trigger for one in play.options(by=by)} & {"mend", "touch"} for by in (LEAD, WATCHER, BOARD)}
    assert {"lead-1": {"touch"}, "watcher-1": {"mend", "touch"}, "board-1": set()} == offered
    assert ("forbidden-role",) == play.codes("mend", {"record": " ", "reason": "typo"})
    play.accept("mend", {"reason": "typo"}, by=WATCHER)


def test_what_may_be_corrected_is_offered_and_nothing_else() -> None:
    """The candidates of a correction are the records of its types that this actor recorded; without `adder`, all."""
    anybody = edge("amend", records=(op(correct=("note",)),), data=CORRECTION)
    play = Play(changed(WORKFLOW, edges=(*WORKFLOW.edges, anybody)))
    for by in (LEAD, WATCHER):
        play.accept("note", {"text": "a"}, by=by)
    play.accept("assign", {"duty": "hr", "person": "somebody"})
    offered = {one.trigger: one.fields["record"].get("candidates") for one in play.options() if "record" in one.fields}
    assert {"mend": ("note-1",), "amend": ("note-1", "note-2")} == offered


def test_a_supplier_corrects_no_track_of_another_into_a_record() -> None:
    """A track that a supplier's correction names is its own, as where it was recorded; the client names any."""
    note = kind("Note", text=Field("text"), at=Field("track"), all=Field("list", of="track"))
    mend = edge("mend", records=(op(correct=("note",)),), allow=("adder",), data=CORRECTION)
    jot = edge("jot", allow=("lead", "seller"), records=(op(add="note"),))
    play = Play(small(mend, jot, records={"note": note}, tracks=TRACKS))
    for key in ("acme", "other"):
        play.accept("identify", track=key)
    for by in (SELLER, LEAD):
        play.accept("jot", {"text": "a"}, by=by)

    def fix(number: int, **fields: object) -> dict[str, object]:
        return {"record": f"note-{number}", "fields": fields, "reason": "typo"}

    assert ("forbidden-role",) == play.codes("jot", {"at": "other"}, by=SELLER)
    for fields in ({"at": "other"}, {"all": ["acme", "other"]}):
        (blocker,) = play.refuse("mend", fix(1, **fields), by=SELLER)
        assert ("forbidden-role", "party") == (blocker.code, blocker.params["because"])
    assert "because" not in play.refuse("mend", fix(2, at="other"), by=SELLER)[0].params
    assert ("bad-value",) == play.codes("mend", {**fix(1), "fields": "text"}, by=SELLER)
    play.accept("mend", fix(1, at="acme", all=["acme"]), by=SELLER)
    play.accept("mend", fix(2, at="other"))


def test_nobody_has_been_reminded_yet() -> None:
    """The relation of who was reminded holds for nobody before a clock told somebody."""
    assert ("forbidden-role",) == Play(WORKFLOW).codes("remind")


def test_who_acted_in_an_excluded_role_is_bound_over_time() -> None:
    """Who acted as lead may never act as the board that excludes it, also holding both roles."""
    both = Actor("lead-1", roles={"lead", "board"})
    play = Play(WORKFLOW)
    assert ("forbidden-role",) == play.codes("boards", by=both)
    play.accept("boards", by=BOARD)


def test_who_is_assigned_in_an_excluded_role_is_bound_too() -> None:
    """An open assignment to the one role bars the other up to its last day, before anything was done in it."""
    play, board = Play(WORKFLOW, by=WATCHER), Actor("b-2", roles={"board"})
    data = {"duty": "lead", "person": "b-2", "until": TODAY.isoformat()}
    play.accept("assign", data, by=Actor("l", roles={"lead"}))
    assert ("forbidden-role",) == play.codes("boards", by=board)
    play.now = NOW + timedelta(days=1)
    play.accept("boards", by=board)
    play.accept("boards", by=Actor("b-3", roles={"board"}))


def test_two_signatures_are_given_by_two_people() -> None:
    """Who signed in one role cannot sign in the other, also when holding both."""
    play = opened()
    play.accept("talk", track="acme")
    both = Actor("x", roles={"lead", "seller"}, party="acme")
    assert ("seller",) == play.sign("agree", {}, track="acme", by=both).waiting
    assert "lead" == play.sign("agree", {}, track="acme", by=both).events[-1].role
    without = Actor("x", roles={"seller"}, party="acme")
    assert ("forbidden-role",) == play.codes("agree", {}, track="acme", by=without)
    play.accept("agree", {}, track="acme", by=SELLER)
