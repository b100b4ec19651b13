import gc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from proeftuin import (
    BadArgument,
    Command,
    Engine,
    PilotExists,
    Refused,
    StoreUnavailable,
    UnknownPilot,
    UnknownWorkflow,
)
from proeftuin.ports import RandomIds, SystemTime
from proeftuin.storage import open_store
from tests.unit.engines import (
    BEGAN,
    BOARD,
    DATA,
    FLOW,
    LEAD,
    REF,
    SELLER,
    Clock,
    Counting,
    engine,
    everything,
    placed,
    rows,
    sqlite_url,
    start,
    types,
)

Made = Callable[..., Engine]


@pytest.fixture(params=["memory", "sqlite"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    """Make engines, each on a store of its own, and close them."""
    opened: list[Engine] = []

    def made(**more: Any) -> Engine:
        url = "memory://" if request.param == "memory" else sqlite_url(tmp_path, f"{len(opened)}.db")
        opened.append(engine(url, **more))
        return opened[-1]

    yield made
    for one in opened:
        one.close()


# -- starting and firing -----------------------------------------------------------------------------------------------


def test_a_pilot_is_started(make: Made) -> None:
    """A start gives the pilot with its first event, under a new id."""
    result = make().start("talks", actor=LEAD, data=DATA)
    assert ("pilot-1", 1, "open", "talks@1") == (
        result.pilot.id,
        result.pilot.version,
        result.pilot.state,
        result.pilot.workflow,
    )
    assert (["pilot.started"], (), (), False, None) == (
        types(result.events),
        result.warnings,
        result.pending,
        result.duplicate,
        result.started,
    )


def test_a_version_of_a_workflow_may_be_named(make: Made) -> None:
    """A workflow is named alone, for its highest version, or with its version."""
    on = make()
    for name in ("talks@1", "talks", "talks@1"):
        assert "talks@1" == on.start(name, actor=LEAD, data=DATA).pilot.workflow
        assert "talks@1" == on.workflow(name).id


@pytest.mark.parametrize("name", ["nope", "talks@2", "talks@", "@1", "", "../talks", "Talks"])
def test_an_unknown_workflow_is_told_with_the_known_ones(make: Made, name: str) -> None:
    """What is not known cannot be started, and the message lists what is."""
    on = make()
    with pytest.raises(UnknownWorkflow, match="talks"):
        on.start(name, actor=LEAD, data=DATA)


def test_a_pilot_may_have_an_id_and_a_ref_of_the_host(make: Made) -> None:
    """The host's own id and reference are kept, and the reference finds the pilot."""
    on = make()
    pilot = on.start("talks", actor=LEAD, data=DATA, id="our-7", ref="case/7").pilot
    assert ("our-7", "case/7") == (pilot.id, pilot.ref)
    assert ["our-7"] == [one.id for one in on.find(ref="case/7").items]


def test_an_id_or_ref_is_taken_once(make: Made) -> None:
    """A second pilot under a taken id or reference is refused, and the error says which."""
    on = make()
    on.start("talks", actor=LEAD, data=DATA, id="a", ref="r")
    with pytest.raises(PilotExists, match="id 'a' exists") as by_id:
        on.start("talks", actor=LEAD, data=DATA, id="a")
    assert ("a", None) == (by_id.value.pilot_id, by_id.value.ref)
    with pytest.raises(PilotExists, match="the ref 'r'") as by_ref:
        on.start("talks", actor=LEAD, data=DATA, id="b", ref="r")
    assert "r" == by_ref.value.ref
    with pytest.raises(UnknownPilot):
        on.get("b")


def test_a_command_gives_the_pilot_after_it_and_its_events(make: Made) -> None:
    """An accepted command moves the pilot, and its warnings stop nothing."""
    on = make()
    result = on.fire(start(on), "talk", actor=LEAD)
    assert ("talking", 2, ["pilot.moved"], ["no-note"]) == (
        result.pilot.state,
        result.pilot.version,
        types(result.events),
        [one.code for one in result.warnings],
    )


def test_a_refusal_tells_every_reason_and_changes_nothing(make: Made) -> None:
    """A refused command raises with all blockers, and leaves the store as it was, byte for byte."""
    on = make()
    pilot = start(on)
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        on.fire(pilot, "finish", actor=BOARD)
    assert (pilot, "finish", ("wrong-state", "missing-note")) == (no.value.pilot_id, no.value.trigger, no.value.codes)
    assert before == everything(on._store)


def test_a_refusal_is_gone_with_its_last_reader(make: Made) -> None:
    """A refusal stands in no circle with its traceback, which would keep the pilot until garbage is collected."""
    on = make()
    pilot = start(on)
    gc.disable()
    try:
        with pytest.raises(Refused) as no:
            on.fire(pilot, "note", actor=LEAD, data={})
        kept = ref(no.value)
        del no
        assert kept() is None
    finally:
        gc.enable()


def test_a_refused_start_has_no_pilot(make: Made) -> None:
    """A start that is refused names no pilot, and leaves none behind."""
    on = make()
    with pytest.raises(Refused) as no:
        on.start("talks", actor=BOARD, data=DATA)
    assert (None, "start", ("forbidden-role",)) == (no.value.pilot_id, no.value.trigger, no.value.codes)
    assert () == on.find().items


@pytest.mark.parametrize("on_day", [date(2026, 2, 1), "2026-02-01"])
def test_what_is_told_late_counts_for_its_day(make: Made, on_day: date | str) -> None:
    """The business date may be given as such or as text, while the recording time stays now."""
    on = make()
    pilot = on.start("talks", actor=LEAD, data=DATA, on=on_day).pilot
    assert (date(2026, 2, 1), BEGAN) == (pilot.since, pilot.created_at)
    moved = on.fire(pilot.id, "talk", actor=LEAD, on="2026-02-10").events[0]
    assert (date(2026, 2, 10), BEGAN) == (moved.on, moved.at)
    with pytest.raises(Refused) as no:
        on.fire(pilot.id, "note", actor=LEAD, data={"text": "x"}, on="2026-02-09")
    assert "2026-02-10" == no.value.blockers[0].params["last_move"]


def test_a_signature_is_waited_for_and_completed(make: Made) -> None:
    """A trigger that needs two signatures is pending after the first, and done after the second."""
    on = make()
    pilot = start(on)
    first = on.fire(pilot, "seal", actor=LEAD, data={"terms": "a"})
    assert (("board",), ["signature.added"]) == (first.pending, types(first.events))
    second = on.fire(pilot, "seal", actor=BOARD)
    assert ((), "a") == (second.pending, second.pilot.data["terms"])


# -- looking back ------------------------------------------------------------------------------------------------------


def told(on: Engine, clock: Clock) -> str:
    """A pilot with one event a day: started, two notes, a move."""
    pilot = start(on)
    for trigger, data in (("note", {"text": "a"}), ("note", {"text": "b"}), ("talk", None)):
        clock.pass_(days=1)
        on.fire(pilot, trigger, actor=LEAD, data=data)
    return pilot


def test_a_pilot_is_seen_as_it_stood_at_a_version(make: Made) -> None:
    """Each version can be looked at again, and is the fold of its history so far."""
    clock = Clock()
    on = make(time=clock)
    pilot = told(on, clock)
    stood = on.get(pilot, version=2)
    assert (2, "open", 1) == (stood.version, stood.state, len(stood.records("note")))
    assert on.get(pilot) == on.get(pilot, version=4)


def test_a_pilot_is_seen_as_it_stood_at_a_moment(make: Made) -> None:
    """At a moment, in whatever zone it is given, exactly what was recorded up to it counts."""
    clock = Clock()
    on = make(time=clock)
    pilot = told(on, clock)
    then = BEGAN + timedelta(days=1)
    assert (2, 1) == (on.get(pilot, at=then).version, on.get(pilot, at=then - timedelta(microseconds=1)).version)
    assert 2 == on.get(pilot, at=then.astimezone()).version
    with pytest.raises(UnknownPilot):
        on.get(pilot, at=BEGAN - timedelta(seconds=1))


def test_a_history_is_told_in_order(make: Made) -> None:
    """The events of a pilot come in order of version, from after the one given."""
    clock = Clock()
    on = make(time=clock)
    pilot = told(on, clock)
    assert [1, 2, 3, 4] == [one.version for one in on.history(pilot)]
    assert [(3, "record.added"), (4, "pilot.moved")] == [(one.version, one.type) for one in on.history(pilot, after=2)]
    assert [] == list(on.history(pilot, after=9))


@pytest.mark.parametrize(
    "ask",
    [
        lambda on: on.get("nope"),
        lambda on: on.history("nope"),
        lambda on: on.fire("nope", "talk", actor=LEAD),
        lambda on: on.batch("nope", [Command("talk")], actor=LEAD),
        lambda on: on.options("nope", actor=LEAD),
        lambda on: on.explain("nope", "talk", actor=LEAD),
        lambda on: on.subject("nope", REF),
        lambda on: on.ref("nope", "s1"),
        lambda on: on.metrics("persons_placed", pilots="nope"),
    ],
)
def test_an_unknown_pilot_is_told_at_once(make: Made, ask: Callable[[Engine], object]) -> None:
    """Whatever is asked of a pilot that there is not, the answer names it."""
    with pytest.raises(UnknownPilot, match="'nope'"):
        ask(make())


def test_the_recording_time_never_runs_back(make: Made) -> None:
    """With a clock that was set back the moments of a pilot still do not decrease."""
    clock = Clock()
    on = make(time=clock)
    pilot = start(on)
    clock.pass_(days=-3)
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert [BEGAN, BEGAN] == [one.at for one in on.history(pilot)]


# -- finding -----------------------------------------------------------------------------------------------------------


def many(on: Engine, clock: Clock) -> None:
    """Five pilots: a and b talking, c closed; d with a track; e of a programme."""
    for name in "abcde":
        clock.pass_(hours=1)
        start(on, id=name, data={"organisation": name.upper(), **({"programme": "P"} if name == "e" else {})})
    for name in "abc":
        on.fire(name, "talk", actor=LEAD)
    on.fire("c", "note", actor=LEAD, data={"text": "x"})
    on.fire("c", "finish", actor=BOARD)
    on.fire("d", "identify", actor=LEAD, track="acme")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "abcde"),
        ({"workflow": "talks"}, "abcde"),
        ({"workflow": "talks@1"}, "abcde"),
        ({"workflow": "talks@2"}, ""),
        ({"state": "talking"}, "ab"),
        ({"phase": "closed"}, "c"),
        ({"track_state": "seen"}, "d"),
        ({"track_state": "agreed"}, ""),
        ({"organisation": "B"}, "b"),
        ({"programme": "P"}, "e"),
        ({"state": "talking", "organisation": "B"}, "b"),
        ({"ref": "none"}, ""),
        ({"updated_after": BEGAN + timedelta(hours=4)}, "abcde"),
        ({"updated_after": BEGAN + timedelta(hours=5)}, ""),
    ],
)
def test_pilots_are_found_by_all_filters_together(make: Made, filters: dict[str, Any], expected: str) -> None:
    """Only pilots for which every given filter holds are found, in order of id."""
    clock = Clock()
    on = make(time=clock)
    many(on, clock)
    assert list(expected) == [one.id for one in on.find(**filters).items]


def test_a_summary_tells_where_a_pilot_stands(make: Made) -> None:
    """What is found is told from columns alone: workflow, version, state, outcome, tracks and moments."""
    clock = Clock()
    on = make(time=clock)
    many(on, clock)
    (closed,) = on.find(state="closed").items
    assert ("talks@1", 4, "closed", "done", "running", "C", ()) == (
        closed.workflow,
        closed.version,
        closed.phase,
        closed.outcome,
        closed.hold,
        closed.organisation,
        closed.track_states,
    )
    assert (BEGAN + timedelta(hours=3), BEGAN + timedelta(hours=5)) == (closed.created_at, closed.updated_at)
    assert ("seen",) == on.find(organisation="D").items[0].track_states


def test_pages_follow_each_other_without_gap_or_overlap(make: Made) -> None:
    """A page says where the next one begins, and the last one that there is none."""
    clock = Clock()
    on = make(time=clock)
    many(on, clock)
    seen: list[list[str]] = []
    after = None
    while not seen or after is not None:
        page = on.find(limit=2, after=after)
        seen.append([one.id for one in page.items])
        after = page.next
    assert [["a", "b"], ["c", "d"], ["e"]] == seen


def test_each_goes_through_all_pages(make: Made) -> None:
    """Going through all pilots reads on, page by page, and takes the same filters."""
    on = make(ids=Counting())
    for _ in range(3):
        start(on)
    assert ["pilot-1", "pilot-2", "pilot-3"] == [one.id for one in on.each()]
    assert [] == list(on.each(organisation="nobody"))


def test_each_reads_on_behind_a_full_page() -> None:
    """More pilots than fit a page are all given, once each."""
    on = engine()
    for number in range(502):
        start(on, id=f"p{number:04}")
    assert [f"p{number:04}" for number in range(502)] == [one.id for one in on.each()]


# -- what can be done --------------------------------------------------------------------------------------------------


def test_options_say_what_can_be_done_now(make: Made) -> None:
    """The options of an actor are those that this actor may fire, and asking writes nothing."""
    on = make()
    pilot = start(on)
    before = everything(on._store)
    assert ["talk", "identify", "note", "details", "seal"] == [one.trigger for one in on.options(pilot, actor=LEAD)]
    assert before == everything(on._store)


def test_all_options_include_what_is_forbidden(make: Made) -> None:
    """With `all` every edge is there, with its reasons."""
    on = make()
    pilot = start(on)
    found = {one.trigger: one.allowed for one in on.options(pilot, actor=BOARD, all=True)}
    assert (False, False, True) == (found["talk"], found["finish"], found["seal"])


def test_options_of_one_track(make: Made) -> None:
    """Asked for a track only what can be done there is given."""
    on = make()
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    assert {"agree", "place", "remark"} == {one.trigger for one in on.options(pilot, actor=SELLER, track="acme")}


def test_a_dry_run_answers_as_fire_would(make: Made) -> None:
    """With data the same reasons are given as when it is fired, without writing anything."""
    on = make()
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    before = everything(on._store)
    data = {"participant": REF, "start": "2026-13-01", "kind": "training"}
    found = on.explain(pilot, "place", actor=LEAD, data=data, track="acme")
    assert (False, ("bad-value",)) == (found.allowed, tuple(one.code for one in found.blockers))
    assert on.explain(pilot, "place", actor=LEAD, data={**data, "start": "2026-03-01"}, track="acme").allowed
    assert on.explain(pilot, "seal", actor=LEAD, data={"terms": "x"}).allowed
    assert before == everything(on._store)


# -- participants ------------------------------------------------------------------------------------------------------


def test_a_participant_is_known_by_an_opaque_subject(make: Made) -> None:
    """A reference becomes a subject, the same one each time, that the engine can translate both ways."""
    on = make()
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    assert ["s1", "s1", "s2"] == [placed(on, pilot, ref)["participant"] for ref in (REF, REF, "ref-other-0002")]
    assert ("s1", None) == (on.subject(pilot, REF), on.subject(pilot, "ref-nobody-1"))
    assert (REF, None) == (on.ref(pilot, "s1"), on.ref(pilot, "s9"))


def test_what_was_corrected_to_nothing_is_gone_also_when_read_anew(tmp_path: Path) -> None:
    """A field that is corrected to nothing stands as nothing in the log, and is absent from a pilot, kept or folded."""
    with engine(sqlite_url(tmp_path)) as on:
        pilot = start(on)
        on.fire(pilot, "note", actor=LEAD, data={"text": "x", "day": "2026-03-01"})
        on.fire(pilot, "correct", actor=LEAD, data={"record": "note-1", "fields": {"day": None}, "reason": "typo"})
        assert {"day": None} == list(on.history(pilot))[-1].data["set"]
    with engine(sqlite_url(tmp_path)) as on:
        assert () == on.verify(pilot)
        found = on.get(pilot), on.get(pilot, version=on.get(pilot).version)
        assert [{"text": "x"}] * 2 == [one.records("note")[0].data for one in found]


def test_a_reference_is_nowhere_but_in_its_own_table(tmp_path: Path) -> None:
    """Of a reference no event, head or receipt holds a byte."""
    with engine(sqlite_url(tmp_path)) as on:
        pilot = start(on)
        on.fire(pilot, "identify", actor=LEAD, track="acme")
        data = {"participant": REF, "start": "2026-03-01", "kind": "training"}
        on.fire(pilot, "place", actor=LEAD, track="acme", data=data, key="k")
        correction = {"record": "placement-1", "fields": {"participant": "ref-right-0001"}, "reason": "typo"}
        on.fire(pilot, "correct", actor=LEAD, data=correction, key="k2")
        assert "ref-right-0001" == on.ref(pilot, "s2")
    held = [
        row
        for table in ("pilots", "events", "receipts")
        for row in rows(tmp_path / "pilots.db", f"SELECT * FROM {table}")  # noqa: S608  # three words of our own
    ]
    assert held
    assert not any("ref-" in repr(row) for row in held)


def test_the_commitment_to_a_reference_is_in_the_log_once(make: Made) -> None:
    """The first event of a subject holds a salted commitment to its reference, later ones none."""
    on = make()
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(on, pilot)
    placed(on, pilot)
    held = [one.data.get("commitments") for one in on.history(pilot) if one.type == "record.added"]
    assert [{"s1"}, None] == [one and set(one) for one in held]


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        ("jan@example.org", "privacy-violation"),
        ("123456782", "privacy-violation"),
        ("x", "bad-value"),
        (7, "bad-value"),
    ],
)
def test_a_reference_that_is_none_is_refused_and_not_repeated(make: Made, ref: object, code: str) -> None:
    """What looks like an identity, or has the wrong form, is refused without a subject being issued."""
    on = make()
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        on.fire(
            pilot,
            "place",
            actor=LEAD,
            track="acme",
            data={"participant": ref, "start": "2026-03-01", "kind": "training"},
        )
    assert (code,) == no.value.codes
    assert len(str(ref)) < 3 or str(ref) not in f"{no.value!r} {no.value.as_problem()}"
    assert before == everything(on._store)


def test_a_blank_participant_is_missing(make: Made) -> None:
    """An empty reference is no reference."""
    on = make()
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    with pytest.raises(Refused) as no:
        on.fire(
            pilot,
            "place",
            actor=LEAD,
            track="acme",
            data={"participant": "", "start": "2026-03-01", "kind": "training"},
        )
    assert ("missing-field",) == no.value.codes


# -- tenants, opening and closing --------------------------------------------------------------------------------------


def test_tenants_do_not_see_each_other(make: Made) -> None:
    """Two engines on one store under two tenants have their own pilots, ids and refs."""
    one = make()
    other = engine(one._store, tenant="other")
    start(one, id="a", ref="r")
    start(other, id="a", ref="r", data={"organisation": "elsewhere"})
    assert ("UU", "elsewhere") == (one.get("a").data["organisation"], other.get("a").data["organisation"])
    one.fire("a", "talk", actor=LEAD)
    assert (["a"], []) == (
        [each.id for each in one.find(state="talking").items],
        list(other.find(state="talking").items),
    )
    assert (2, 1) == (len(list(one.history("a"))), len(list(other.history("a"))))
    start(one, id="b")
    with pytest.raises(UnknownPilot):
        other.get("b")


def test_a_closed_engine_says_so(make: Made) -> None:
    """Leaving the block closes the store, closing twice does nothing, and any other call is told."""
    with make() as on:
        start(on)
    on.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        on.get("pilot-1")


def test_an_engine_that_cannot_be_made_leaves_no_store_open(tmp_path: Path) -> None:
    """Where the options are wrong the store that was opened is closed again."""
    with pytest.raises(BadArgument, match="tenant"):
        Engine.open(sqlite_url(tmp_path), tenant="")
    Engine.open(sqlite_url(tmp_path), workflows=[]).close()


def test_an_object_that_is_no_store_is_refused() -> None:
    """What lacks a method of a store is named at once, not at the first use."""
    with pytest.raises(BadArgument, match="has no method load, append"):
        Engine(object())  # type: ignore[arg-type]  # what a host might pass


def test_the_bundled_workflows_are_the_default() -> None:
    """Without workflows of its own an engine knows those that ship with the library."""
    with Engine.open("memory://") as on:
        assert "existing-contract@1" == on.start("existing-contract", actor=LEAD_OF_ALL, data=DATA).pilot.workflow


LEAD_OF_ALL = type(LEAD)("c-1", roles={"coordinator"})


def test_without_a_clock_and_ids_the_systems_are_used() -> None:
    """The defaults give an aware moment in UTC, ids that sort by age, and salts of sixteen bytes."""
    assert UTC is SystemTime().now().tzinfo
    ids = RandomIds()
    made = [ids.pilot_id() for _ in range(100)]
    assert 100 == len(set(made))
    assert all("7" == one[14] and one[19] in "89ab" and len(one) == 36 for one in made)
    assert 16 == len(ids.salt())
    with Engine.open("memory://", workflows=[_flow()]) as on:
        assert on.start("talks", actor=LEAD, data=DATA).pilot.created_at <= datetime.now(UTC)


def _flow() -> Any:
    from proeftuin import load_workflow  # noqa: PLC0415  # as an embedder would, by its public name

    return load_workflow(FLOW)


def test_a_pilot_goes_on_when_its_file_is_gone(tmp_path: Path) -> None:
    """A store keeps the definition that its pilots follow, so that they can be used without the file."""
    with engine(sqlite_url(tmp_path)) as on:
        pilot = start(on)
    with Engine.open(sqlite_url(tmp_path), workflows=[]) as on:
        assert "talking" == on.fire(pilot, "talk", actor=LEAD).pilot.state
        with pytest.raises(UnknownWorkflow):
            on.start("talks", actor=LEAD, data=DATA)


def test_a_store_without_definitions_takes_those_of_the_engine() -> None:
    """A store that keeps no workflows serves an engine that knows them."""
    from tests.unit.engines import Wrapped  # noqa: PLC0415  # the one use here

    on = engine(Wrapped(open_store("memory://")))
    assert "talking" == on.fire(start(on), "talk", actor=LEAD).pilot.state
    bare = Engine(on._store, workflows=[])
    with pytest.raises(UnknownWorkflow):
        bare.fire("pilot-1", "note", actor=LEAD, data={"text": "x"})
