"""Corrections: what guards see of them, and what is said of one that cannot be."""

from collections.abc import Mapping

import pytest

from proeftuin.core.commands import Blocker, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Record
from proeftuin.core.workflow import Field
from tests.unit.core.days import iso
from tests.unit.core.small import Play, Watch, edge, kind, op, opener, small, supplier, use

CORRECTION = FrozenDict(
    record=Field("record", required=True), fields=Field("map", required=True), reason=Field("text", required=True)
)
JOB = kind(
    "Job",
    interval=("start", "end"),
    who=Field("person"),
    mood=Field("text", default="calm"),
    start=Field("date", required=True),
    end=Field("date"),
    seen=Field("date", not_after="today"),
)
STOP = FrozenDict(job=Field("record", record="job", required=True), day=Field("date"))


def correcting(watch: Watch) -> Play:
    """A pilot with two suppliers that keeps jobs, and notes that name a supplier; jobs can be ended, all corrected."""
    return Play(
        small(
            edge("place", records=(op(add="job"),)),
            edge("stop", records=(op(end="job", by="job", at="day"),), data=STOP),
            edge("note", records=(op(add="note"),)),
            edge("about", records=(op(add="note", track="on"),), data=FrozenDict(on=Field("track"))),
            edge("renew", records=(op(add="memo"),)),
            edge("correct", records=(op(correct=("job", "note")),), data=CORRECTION, require=(use("watch"),)),
            records={
                "job": JOB,
                "note": kind("Note", text=Field("text"), track=Field("track")),
                "memo": kind("Memo", text=Field("text")),
            },
            tracks={"supplier": supplier(opener("identify", "seen"))},
        ),
        guards=(watch.guard,),
    )


def kept(play: Play, name: str) -> Record:
    return next(one for held in play.pilot.kept.values() for one in held if one.id == name)


def refused(play: Play, name: str, fields: Mapping[str, object]) -> tuple[Blocker, ...]:
    return play.refuse("correct", {"record": name, "fields": fields, "reason": "r"})


def bad(code: str, **params: str) -> list[tuple[str, Mapping[str, str]]]:
    """One blocker, as it is told of a correction."""
    return [(code, {**params, "trigger": "correct"})]


def told(blockers: tuple[Blocker, ...]) -> list[tuple[str, Mapping[str, str]]]:
    return [(one.code, one.params) for one in blockers]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("note-1", {"text": "b"}),
        ("note-1", {"track": "other"}),
        ("note-1", {"track": None}),
        ("job-1", {"who": "w"}),
        ("job-1", {"end": iso(-1)}),
        ("job-1", {"start": iso(-8), "end": iso(-3)}),
    ],
)
def test_guards_see_a_correction_as_it_will_be_kept(name: str, fields: Mapping[str, object]) -> None:
    """The record that guards are shown is the one that the head holds afterwards: its track, its days and its end."""
    watch = Watch()
    play = correcting(watch)
    for key in ("acme", "other"):
        play.accept("identify", track=key)
    play.accept("note", {"text": "a", "track": "acme"})
    play.accept("place", {"start": iso(-9)})
    play.accept("stop", {"job": "job-1", "day": iso(-2)})
    before = kept(play, name)
    play.accept("correct", {"record": name, "fields": fields, "reason": "r"})
    (seen,) = watch.asked[-1].changing
    assert (before, kept(play, name)) == (seen.before, seen.after)


def test_a_record_stays_on_the_track_that_it_was_put_on() -> None:
    """A correction that says nothing of the track leaves a record on the one that the command had named for it."""
    play = correcting(Watch())
    for key in ("acme", "other"):
        play.accept("identify", track=key)
    play.accept("about", {"on": "acme", "track": "other", "text": "a"})
    play.accept("correct", {"record": "note-1", "fields": {"text": "b"}, "reason": "r"})
    assert ("acme", "b") == (kept(play, "note-1").track, kept(play, "note-1").data["text"])


def test_a_corrected_day_that_cannot_lie_ahead_is_held_against_today() -> None:
    """A field that takes no day after today takes none in a correction, and today is taken."""
    play = correcting(Watch())
    play.accept("place", {"start": iso(-9)})
    assert bad("future-dated", field="seen", problem="after-today") == told(refused(play, "job-1", {"seen": iso(1)}))
    play.accept("correct", {"record": "job-1", "fields": {"seen": iso(0)}, "reason": "r"})
    assert iso(0) == kept(play, "job-1").data["seen"]


def test_a_wrong_value_takes_nothing_away() -> None:
    """A last day that is no date is told as such, and not also as a last day that is missing."""
    play = correcting(Watch())
    play.accept("place", {"start": iso(-9)})
    play.accept("stop", {"job": "job-1", "day": iso(-2)})
    assert bad("bad-value", field="end", problem="not-a-date") == told(refused(play, "job-1", {"end": "soon"}))


def test_what_is_corrected_to_nothing_may_have_a_default() -> None:
    """A field with a default that is corrected to nothing has its default, and is not taken away."""
    play = correcting(Watch())
    play.accept("place", {"start": iso(-9), "mood": "glad"})
    play.accept("correct", {"record": "job-1", "fields": {"mood": None}, "reason": "r"})
    assert "calm" == kept(play, "job-1").data["mood"]


@pytest.mark.parametrize("fields", [{"end": iso(-10)}, {"start": iso(-1)}, {"end": None}])
def test_an_interval_that_cannot_be_is_a_fault_of_the_correction(fields: Mapping[str, object]) -> None:
    """A last day before the first, or none of what has ended, is told of the fields that were given as a whole."""
    play = correcting(Watch())
    play.accept("place", {"start": iso(-9)})
    play.accept("stop", {"job": "job-1", "day": iso(-2)})
    assert bad("bad-value", field="fields", problem="interval") == told(refused(play, "job-1", fields))


def test_what_is_renewed_instead_is_told_of_the_record() -> None:
    """A record of a type that is not corrected is a bad reference, and the field to blame is the one that names it."""
    play = correcting(Watch())
    play.accept("renew", {"text": "x"})
    assert bad("bad-reference", field="record", problem="renewed-instead") == told(
        refused(play, "memo-1", {"text": "y"})
    )


def test_what_an_edge_refuses_is_to_be_fired_again_with_another_choice() -> None:
    """A correction to a choice that no edge accepts is helped by the same with a choice that one does."""
    order = kind("Order", by=Field("choice", of=("person", "system"), required=True), text=Field("text"))
    adding = (op(add="order"),)
    play = Play(
        small(
            edge("order", records=adding, when=FrozenDict(by=("person",))),
            edge("order", records=adding, when=FrozenDict(by=("system",)), refuse="no-choice"),
            edge("withdraw", records=(op(end="order"),)),
            edge("correct", records=(op(correct=("order",)),), data=CORRECTION),
            records={"order": order},
        )
    )
    play.accept("order", {"by": "person"})
    (blocker,) = refused(play, "order-1", {"by": "system", "text": "a"})
    again = FrozenDict(record="order-1", fields=FrozenDict(by="person"))  # without what people wrote
    assert ("no-choice", (Remedy("correct", again, roles=("lead",)),)) == (blocker.code, blocker.missing)


@pytest.mark.parametrize("named", [False, True])
def test_a_guard_that_judged_what_is_corrected_is_asked_again(named: bool) -> None:  # noqa: FBT001  # one of two files
    """A guard that wants it is asked of the correction too, once, for the types that are corrected there alone."""
    again, once, elsewhere = Watch("again", mended=True), Watch("once"), Watch("elsewhere", mended=True)
    own = (use("again"),) if named else ()
    workflow = small(
        edge("note", records=(op(add="note"),), require=(use("again"), use("once"))),
        edge("memo", records=(op(add="memo"),), require=(use("elsewhere"),)),
        edge("correct", records=(op(correct=("note",)),), data=CORRECTION, require=own),
        records={"note": kind("Note", text=Field("text")), "memo": kind("Memo", text=Field("text"))},
    )
    play = Play(workflow, guards=(again.guard, once.guard, elsewhere.guard))
    play.accept("note", {"text": "a"})
    play.accept("memo", {"text": "a"})
    play.accept("correct", {"record": "note-1", "fields": {"text": "b"}, "reason": "r"})
    assert ["note", "correct"] == [one.trigger for one in again.asked]
    assert ["note"] == [one.trigger for one in once.asked]
    assert ["memo"] == [one.trigger for one in elsewhere.asked]


def test_a_guard_of_what_is_added_on_a_track_is_asked_again_of_the_pilot() -> None:
    """Where a record was added on a track, a correction by an edge of the pilot asks its guards as well."""
    watch = Watch("again", mended=True)
    note = edge("note", "seen", during=("any_open",), records=(op(add="note"),), require=(use("again"),))
    correct = edge("correct", records=(op(correct=("note",)),), data=CORRECTION)
    records = {"note": kind("Note", text=Field("text"))}
    workflow = small(correct, records=records, tracks={"supplier": supplier(opener("identify", "seen"), note)})
    play = Play(workflow, guards=(watch.guard,))
    play.accept("identify", track="acme")
    play.accept("note", {"text": "a"}, track="acme")
    play.accept("correct", {"record": "note-1", "fields": {"text": "b"}, "reason": "r"})
    assert ["note", "correct"] == [one.trigger for one in watch.asked]
