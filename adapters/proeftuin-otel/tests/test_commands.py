import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import StatusCode

from proeftuin import (
    AsyncEngine,
    Blocker,
    Command,
    Conflict,
    Engine,
    Fire,
    KeyReused,
    ProeftuinError,
    Refused,
    UnknownPilot,
    load_workflow,
)
from proeftuin.errors import StoreBusy
from proeftuin.spi import Before, Committed
from proeftuin_otel import Commands
from tests.telemetry import Told
from tests.unit.engines import BOARD, FLOW, LEAD, STRANGER, Wrapped, engine, start
from tests.unit.test_engine_races import Losing
from tests.unit.ticking import Play


class Busy(Wrapped):
    """A store that takes nothing once it is told to."""

    busy = False

    def append(self, *commits: Any, recorded: Any = None) -> None:
        if self.busy:
            raise StoreBusy("somebody holds it")
        super().append(*commits, recorded=recorded)


def busy(on: Engine, pilot: str) -> object:
    on._store.busy = True  # type: ignore[attr-defined]  # it is the one above
    return on.fire(pilot, "talk", actor=LEAD)


def twice(on: Engine, pilot: str) -> object:
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="k")
    return on.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="k")


def reused(on: Engine, pilot: str) -> object:
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="k")
    return on.fire(pilot, "talk", actor=LEAD, key="k")


def sealed(on: Engine, pilot: str) -> object:
    return on.fire(pilot, "seal", actor=LEAD, data={"terms": "ours"})


Case = tuple[Callable[[Engine, str], object], type[ProeftuinError] | None, str, dict[str, Any]]
CASES: dict[str, Case] = {
    "accepted": (
        lambda on, pilot: on.fire(pilot, "talk", actor=LEAD),
        None,
        "fire talk",
        {"trigger": "talk", "pilot.id": "pilot-1", "workflow": "talks", "version": 2, "role": "lead"},
    ),
    "pending": (
        sealed,
        None,
        "fire seal",
        {"trigger": "seal", "pilot.id": "pilot-1", "workflow": "talks", "version": 2, "role": "lead"},
    ),
    "duplicate": (
        twice,
        None,
        "fire note",
        {"trigger": "note", "pilot.id": "pilot-1", "workflow": "talks", "version": 2, "role": "lead"},
    ),
    "refused": (
        lambda on, pilot: on.fire(pilot, "talk", actor=BOARD),
        Refused,
        "fire talk",
        {"trigger": "talk", "pilot.id": "pilot-1", "codes": ("forbidden-role",)},
    ),
    "refused, a word that is no trigger": (
        lambda on, pilot: on.fire(pilot, "planted", actor=LEAD),
        Refused,
        "fire _OTHER",
        {"trigger": "_OTHER", "pilot.id": "pilot-1", "codes": ("unknown-trigger",)},
    ),
    "conflict": (
        lambda on, pilot: on.fire(pilot, "talk", actor=LEAD, expect=7),
        Conflict,
        "fire",
        {"pilot.id": "pilot-1", "conflicts": 1},
    ),
    "failed, no such pilot": (lambda on, pilot: on.fire("planted", "talk", actor=LEAD), UnknownPilot, "fire", {}),
    "failed, a used key": (reused, KeyReused, "fire", {"pilot.id": "pilot-1"}),
    "failed, a busy store": (busy, StoreBusy, "fire", {}),
}


@pytest.mark.parametrize("case", CASES)
def test_each_outcome_has_its_span_and_its_count(told: Told, case: str) -> None:
    """However a command ends, one span and one count say so, and only what is known to be no one's text is told."""
    call, error, span_name, facts = CASES[case]
    outcome = case.partition(",")[0]
    on = engine(Busy(engine()._store), hooks=[told.commands()])
    pilot = start(on)
    if error is None:
        call(on, pilot)
    else:
        with pytest.raises(error):
            call(on, pilot)
    span = told.spans("fire")[-1]
    wrong = {} if error in (None, Refused) else {"error.type": error.__name__}
    own = {"verb": "fire", "tenant": "default", "outcome": outcome, "conflicts": 0} | facts
    assert {f"proeftuin.{name}": value for name, value in own.items()} | wrong == dict(span.attributes or {})
    assert (span_name, StatusCode.ERROR if wrong else StatusCode.UNSET) == (span.name, span.status.status_code)
    assert (None, ()) == (span.status.description, span.events)
    counted = (*wrong.values(), outcome, *([facts["trigger"]] if "trigger" in facts else []), "fire")
    assert 1 == told.figures("proeftuin.commands")[counted]
    assert (*wrong.values(), outcome, "fire") in told.figures("proeftuin.command.duration")


def test_a_start_and_a_batch_have_their_verbs(told: Told) -> None:
    """Beginning a pilot, and several commands at once, are one span each."""
    on = engine(hooks=[told.commands()])
    pilot = start(on)
    assert ["start start"] == [one.name for one in told.spans("start")]
    on.batch(pilot, [Command("note", {"text": "a"}), Command("talk")], actor=LEAD)
    span = told.span("batch")
    assert ("batch note", 3) == (span.name, (span.attributes or {})["proeftuin.version"])


def test_many_commands_are_one_span_and_a_count_each(told: Told) -> None:
    """A call of `fire_many` is one span that says how many went well; each command is counted by its own outcome."""
    on = engine(hooks=[told.commands()])
    pilot = start(on)
    told.spans()
    on.fire_many([Fire(pilot, "talk", LEAD), Fire(pilot, "talk", LEAD), Fire("nobody", "talk", LEAD)])
    span = told.span("fire_many")
    assert {"done": 1, "failed": 2, "outcome": "done", "verb": "fire_many", "tenant": "default", "conflicts": 0} == {
        name.removeprefix("proeftuin."): value for name, value in (span.attributes or {}).items()
    }
    assert {
        ("accepted", "start", "start"): 1,
        ("accepted", "talk", "fire_many"): 1,
        ("refused", "talk", "fire_many"): 1,
        ("UnknownPilot", "failed", "fire_many"): 1,
    } == told.figures("proeftuin.commands")


def test_a_tick_is_a_span_and_what_it_moved_counts_as_days_in_a_state(told: Told) -> None:
    """A tick tells on how many pilots something was done, and a track that lapsed tells how long it had waited."""
    play = Play(engine()._store, options={"hooks": [told.commands()]})
    play.asked()
    told.spans()
    play.tick(40)
    span = told.span("tick")
    assert (1, 0) == tuple((span.attributes or {})[f"proeftuin.{name}"] for name in ("done", "failed"))
    assert {("asked", "supplier", "terms"): 28, ("seen", "supplier", "terms"): 0} == told.figures(
        "proeftuin.state.duration"
    )


def test_days_in_a_state_are_counted_when_it_is_left(told: Told) -> None:
    """Each state that a pilot left tells its days once, also where one commit leaves several; staying tells nothing."""
    play = Play(engine()._store, options={"hooks": [told.commands()]})
    pilot = play.start()
    play.on(5).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert {} == told.figures("proeftuin.state.duration")
    play.on(7).batch(pilot, [Command("talk"), Command("finish")], actor=LEAD)
    assert {("open", "terms"): 7, ("talking", "terms"): 0} == told.figures("proeftuin.state.duration")


def test_lost_races_are_counted_and_lie_in_one_span(told: Told) -> None:
    """A command that is decided anew is one span, which says how often it came too late."""
    store = Losing(engine()._store, 0)
    on = engine(store, hooks=[told.commands()])
    pilot = start(on)
    store.times = 2
    on.fire(pilot, "talk", actor=LEAD)
    span = told.span("fire talk")
    assert (2, "accepted") == tuple((span.attributes or {})[f"proeftuin.{name}"] for name in ("conflicts", "outcome"))
    assert {(): 2} == told.figures("proeftuin.conflicts")


def test_refusals_are_counted_by_reason(told: Told) -> None:
    """Each reason of a refusal counts once, the hosts' own and those of calls without a span too."""

    class No:
        def before(self, moment: Before) -> Blocker | None:
            return Blocker("host-no") if moment.command.trigger == "talk" else None

    on = engine(hooks=[told.commands(), No(), No()])
    pilot = start(on)
    for call in (
        lambda: on.fire(pilot, "talk", actor=LEAD),
        lambda: on.fire(pilot, "note", actor=LEAD, data={"mood": "odd"}),
        lambda: on.erase("somebody", actor=STRANGER, reason="asked"),
    ):
        with pytest.raises(Refused) as no:
            call()
        assert no.value.codes
    counted = told.figures("proeftuin.refusals")
    assert (1, 1, {1}) == (counted["host-no",], counted["forbidden-role",], set(counted.values()))
    assert len(counted) > 3


def test_what_happens_meanwhile_lies_below_the_span(told: Told) -> None:
    """A command lies below the host's span, and what a hook traces or fires meanwhile lies below the command."""
    tracer = told.tracers.get_tracer("host")

    class Host:
        def committed(self, moment: Committed) -> None:
            tracer.start_span("told").end()
            if moment.events[0].trigger == "talk":
                on.fire(moment.pilot.id, "note", actor=LEAD, data={"text": "they talk"})

    on = engine(hooks=[told.commands(), Host()])
    pilot = start(on)
    told.spans()
    with tracer.start_as_current_span("request"):
        on.fire(pilot, "talk", actor=LEAD)
        tracer.start_span("afterwards").end()
    spans = {one.name: one for one in told.spans() if not one.name.startswith(("create", "told"))}
    ids = {name: one.context.span_id for name, one in spans.items() if one.context}
    parents = {name: one.parent.span_id for name, one in spans.items() if one.parent}
    assert {
        "fire talk": ids["request"],
        "fire note": ids["fire talk"],
        "afterwards": ids["request"],
    } == parents


def test_threads_have_spans_of_their_own(told: Told) -> None:
    """Commands that run at the same time do not get into each other's spans."""
    barrier = threading.Barrier(4)

    class Together:
        def before(self, moment: Before) -> None:
            if moment.command.trigger == "note":
                barrier.wait(timeout=60)

    on = engine(hooks=[told.commands(), Together()])
    pilots = [start(on) for _ in range(4)]
    told.spans()
    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(on.fire, one, "note", actor=LEAD, data={"text": "x"}) for one in pilots]:
            one.result(timeout=60)
    spans = told.spans("fire note")
    assert sorted(pilots) == sorted((one.attributes or {})["proeftuin.pilot.id"] for one in spans)  # type: ignore[type-var]  # they are texts
    assert [(None, 1)] * 4 == [(one.parent, len(one.links)) for one in spans]


def test_an_awaited_command_is_below_the_span_of_its_task(told: Told) -> None:
    """Each of many tasks finds its commands below its own span, though worker threads carry them out."""
    tracer = told.tracers.get_tracer("host")

    async def one(on: AsyncEngine, number: int) -> None:
        with tracer.start_as_current_span(f"request {number}"):
            await on.start("talks", actor=LEAD, data={"title": "x"}, id=f"pilot-{number}")

    async def all_of_them() -> None:
        async with AsyncEngine.open("memory://", workflows=[load_workflow(FLOW)], hooks=[told.commands()]) as on:
            await asyncio.gather(*(one(on, number) for number in range(20)))

    asyncio.run(all_of_them())
    spans = told.spans()
    requests = {one.context.span_id: one.name for one in spans if one.name.startswith("request")}
    below = {one.parent.span_id: one for one in spans if one.parent and one.name.startswith("start")}
    assert {f"request {number}": f"pilot-{number}" for number in range(20)} == {
        requests[parent]: (one.attributes or {})["proeftuin.pilot.id"] for parent, one in below.items()
    }


def test_without_sampling_figures_are_complete(told: Told) -> None:
    """Where no span is sampled none is made, of events neither, and everything is counted."""
    quiet = Told(ALWAYS_OFF)
    on = engine(hooks=[quiet.commands()])
    on.fire(start(on), "talk", actor=LEAD)
    assert [] == quiet.spans()
    assert {("accepted", "start", "start"): 1, ("accepted", "talk", "fire"): 1} == quiet.figures("proeftuin.commands")
    assert {("open", "talks"): 0} == quiet.figures("proeftuin.state.duration")
    quiet.close()


def test_without_an_sdk_nothing_is_told_and_nothing_breaks() -> None:
    """Where the host has set up no SDK, an engine with the hook does as one without."""
    on = engine(hooks=[Commands()])
    assert "talking" == on.fire(start(on), "talk", actor=LEAD).pilot.state
