"""Options told whole: what their fields take, what they may point at, and how far away is shown."""

import pytest

from proeftuin.core.commands import Actor, Blocker, Option
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import Guard
from proeftuin.core.options import options
from proeftuin.core.workflow import Field
from tests.unit.core.small import (
    BOARD,
    LEAD,
    SELLER,
    WATCHER,
    Play,
    edge,
    kind,
    op,
    opener,
    said,
    small,
    supplier,
    use,
)

OPEN = ("any_open",)
STEP = Field("record", record="step")
KEPT = {"note": kind("Note", text=Field("text")), "step": kind("Step", what=Field("text"))}
ADDING = (edge("note", records=(op(add="note"),)), edge("plan", records=(op(add="step"),)))


def shown(play: Play, trigger: str, **more: str) -> list[Option]:
    return [one for one in play.options(track=more.get("track")) if one.trigger == trigger]


def test_a_form_learns_all_that_a_field_takes() -> None:
    """A field is told with its limits, zero among them, and a row with its choices; each by the nearest word for it."""
    row = FrozenDict(size=Field("choice", of=("s", "m"), label=said("Size")), hours=Field("decimal", max="0"), x=STEP)
    fields = FrozenDict(
        rows=Field("list", of=row), n=Field("integer", min=0, max=9), own=Field("text", label=said("Own"))
    )
    words = {".n": said("Number"), ".own": said("Other"), ".hours": said("Hours")}
    (found,) = shown(Play(small(edge("go", data=fields), records=KEPT, words=words)), "go")
    inner = {
        "size": {"type": "choice", "required": False, "choices": ("s", "m"), "label": said("Size")},
        "hours": {"type": "decimal", "required": False, "max": "0", "label": said("Hours")},
        "x": {"type": "record", "required": False, "record": "step", "label": {"en": "x", "nl": "x"}},
    }
    assert {
        "rows": {"type": "list", "required": False, "of": inner, "label": {"en": "rows", "nl": "rows"}},
        "n": {"type": "integer", "required": False, "min": 0, "max": 9, "label": said("Number")},
        "own": {"type": "text", "required": False, "label": said("Own")},
    } == found.fields


def test_what_stays_where_it_is_leads_nowhere() -> None:
    """An edge that leads to the same state moves nothing, and is shown without a target."""
    (found,) = shown(Play(small(edge("stay", to="same"))), "stay")
    assert (None, "record") == (found.to, found.kind)


def test_a_record_may_be_pointed_at_by_what_corrects_nothing() -> None:
    """Only the record that a correction is of is one of its types; any other reference points at all that fits it."""
    about = FrozenDict(record=Field("record"), about=Field("record"), fields=Field("map"), reason=Field("text"))
    point = edge("point", data=FrozenDict(record=Field("record")))
    mend = edge("mend", records=(op(correct=("note",)),), data=about)
    play = Play(small(*ADDING, point, mend, records=KEPT))
    play.accept("note", {"text": "a"})
    play.accept("plan", {"what": "b"})
    every = ("note-1", "step-1")
    assert every == shown(play, "point")[0].fields["record"]["candidates"]
    fields = shown(play, "mend")[0].fields
    assert (("note-1",), every) == (fields["record"]["candidates"], fields["about"]["candidates"])


def test_what_opens_a_track_may_point_at_what_is_there() -> None:
    """A track that is yet to be opened has no records of its own, so its opener points at those of the pilot."""
    invite = opener("invite", "seen", during=OPEN, data=FrozenDict(step=STEP))
    play = Play(small(*ADDING, records=KEPT, tracks={"supplier": supplier(invite)}))
    play.accept("plan", {"what": "b"})
    assert ("step-1",) == shown(play, "invite")[0].fields["step"]["candidates"]


@pytest.mark.parametrize(("by", "code"), [(WATCHER, "forbidden-role"), (LEAD, "wrong-state")])
def test_what_stands_alone_is_an_option_that_takes_nothing(by: Actor, code: str) -> None:
    """A dry run of what is not judged further is told at its place, with its words and the one reason against it."""
    talk = edge("talk", "seen", "talking", during=OPEN, label=said("Talk"))
    leave = edge("leave", ("seen", "talking"), "gone", during=OPEN)
    play = Play(small(tracks={"supplier": supplier(opener("identify", "seen"), talk, leave)}))
    play.accept("identify", track="acme")
    play.accept("leave", track="acme")
    found = play.explain("talk", track="acme", by=by)
    expected = Option(
        "talk", "acme", None, "record", EMPTY, allowed=False, blockers=found.blockers, warnings=(), fields=EMPTY,
        label=said("Talk"),
    )  # fmt: skip
    assert (expected, [code]) == (found, [one.code for one in found.blockers])


TALKS = (
    opener("identify", "seen", during=OPEN),
    edge("talk", "seen", "talking", during=OPEN),
    edge("agree", "talking", "agreed", during=OPEN),
    edge("leave", "agreed", "gone", during=OPEN),
)


def test_what_is_one_move_of_the_track_away_is_shown() -> None:
    """On a track stands what can be done there and what can after one more move, and not what lies farther."""
    play = Play(small(tracks={"supplier": supplier(*TALKS)}))
    play.accept("identify", track="acme")
    for trigger, expected in ((None, ["talk", "agree"]), ("talk", ["agree", "leave"]), ("agree", ["leave"])):
        if trigger:
            play.accept(trigger, track="acme")
        found = play.options(track="acme")
        assert expected == [one.trigger for one in found]
        assert [True, False][: len(found)] == [one.allowed for one in found]


def test_what_opens_a_track_after_one_more_move_is_on_none_yet() -> None:
    """An opener whose turn is yet to come names no track, nor does the reason why it cannot be done now."""
    invite = opener("invite", "seen", during=("second",), allow=("lead", "seller"))
    play = Play(small(edge("advance", "first", "second"), tracks={"supplier": supplier(invite)}))
    for by, key in ((LEAD, None), (SELLER, SELLER.party)):
        (found,) = (one for one in play.options(by=by) if one.trigger == "invite")
        (blocker,) = found.blockers
        assert (key, "wrong-state", None) == (found.track, blocker.code, blocker.track)


def test_what_waits_for_track_and_pilot_both_is_two_moves_away() -> None:
    """A move of the pilot and one of the track are counted together."""
    later = edge("leave", "talking", "gone", during=("second",))
    play = Play(small(edge("advance", "first", "second"), tracks={"supplier": supplier(*TALKS[:2], later)}))
    play.accept("identify", track="acme")
    assert ["talk"] == [one.trigger for one in play.options(track="acme")]
    play.accept("advance")
    assert ["talk", "leave"] == [one.trigger for one in play.options(track="acme")]


def test_unless_asked_for_everything_only_what_may_be_done_is_told() -> None:
    """Who says nothing of it gets the options that are open, and not those of others."""
    never = Guard("never", lambda question: Blocker("wrong-state", FrozenDict(never=True)))
    edges = (edge("stay"), edge("go", require=(use("never"),)), edge("boards", allow=("board",)))
    play = Play(small(*edges), guards=(never,))
    for by, expected in ((LEAD, ["stay"]), (BOARD, ["boards"])):
        assert expected == [one.trigger for one in options(play.table, play.attempt("options", by=by))]
