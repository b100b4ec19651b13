"""Pilots under `existing-contract`, driven by everybody at random, and never outside what the domain promises."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve as changed
from hypothesis import note, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from proeftuin import Result
from proeftuin.core import evolve as folding
from proeftuin.core.commands import Actor, Blocker, Command, Remedy
from proeftuin.core.events import Event
from proeftuin.core.evolve import SYSTEM
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.errors import BadArgument, Conflict, KeyReused, Refused
from tests.property import oracle
from tests.property.conftest import Url
from tests.property.pilots import MARK, Call, Outcome, Player, World, bundled_table
from tests.property.source import Source, sources
from tests.property.stored import PERSONAL, everything, holders
from tests.property.story import CAST, OPEN, START, somebody, story
from tests.scale import scaled

WORKFLOW = bundled_table().workflow
BYTES = 200
MOVES = {"pilot.moved", "track.opened", "track.moved", "pilot.paused", "pilot.resumed"}
# What a remedy may not be refused for by somebody in a role that it names.
IMPOSSIBLE = {
    "unknown-trigger",
    "unknown-track",
    "wrong-state",
    "paused",
    "forbidden-role",
    "unilateral",
    "track-exists",
}


class Lifecycle(RuleBasedStateMachine):
    """An engine on a store, and beside it each pilot as the fold of the events that the engine returned."""

    new_url: Url

    def __init__(self) -> None:
        super().__init__()
        self.world = World(bundled_table(), url=type(self).new_url())
        self.pilots: dict[str, Pilot] = {}
        self.history: dict[str, list[Event]] = {}
        self.told: list[tuple[str, str, Call, Result]] = []

    # -- rules ---------------------------------------------------------------------------------------------------------

    @initialize(source=sources(4))
    def begin(self, source: Source) -> None:
        """Start somewhere in an ordinary life."""
        self._start()
        told = story(self.world.today())
        for call in told[: source.pick((0, 4, 10, 17, 24, 30, 33, 33, OPEN, OPEN, len(told)))]:
            assert isinstance(self._say("p1", call), Result), str(call)

    @rule(source=sources(BYTES))
    def say(self, source: Source) -> None:
        """Somebody says a few things."""
        for _ in range(source.between(1, 6)):
            name = self._any(source)
            self._say(name, self._player(source).call(self.pilots[name], self.world.clock.now()))

    @rule(source=sources(BYTES))
    def say_with_key(self, source: Source) -> None:
        """Somebody says something under a key."""
        name, key = self._any(source), f"key-{len(self.told)}"
        call = self._player(source).call(self.pilots[name], self.world.clock.now())
        outcome = self._say(name, call, key=key)
        if isinstance(outcome, Result):
            self.told.append((name, key, call, outcome))

    @precondition(lambda self: self.told)
    @rule(source=sources(4))
    def say_again(self, source: Source) -> None:
        """What was said under a key is said again, and something else under the same key."""
        name, key, call, first = source.pick(self.told)
        again = self.world.fire(name, call, key=key)
        assert isinstance(again, Result)
        assert (again.duplicate, first.events, first.pilot) == (True, again.events, again.pilot)
        with pytest.raises(KeyReused):
            self.world.fire(name, changed(call, trigger="something_else"), key=key)
        self._unchanged(name)

    @rule(source=sources(2))
    def say_unaware(self, source: Source) -> None:
        """Somebody who saw another version says something, and hears which one it is by now."""
        name = self._any(source)
        version = self.pilots[name].version
        with pytest.raises(Conflict) as caught:
            self.world.fire(
                name, Call("add_lesson", somebody("hr"), {"text": "late"}), expect=version + source.pick((1, 7))
            )
        assert version == caught.value.actual
        self._unchanged(name)

    @rule(source=sources(2 * BYTES))
    def say_several(self, source: Source) -> None:
        """One person says several things at once: all or nothing."""
        name = self._any(source)
        player = self._player(source)
        calls = [player.call(self.pilots[name], self.world.clock.now()) for _ in range(source.between(2, 4))]
        commands: Any = [Command(one.trigger, one.data, one.track, one.on) for one in calls]
        note(f"{name}: in one batch: {[str(one) for one in calls]}")
        before = self.pilots[name]
        try:
            result = self.world.engine.batch(name, commands, actor=calls[0].actor, expect=before.version)
        except (Refused, BadArgument) as no:
            self._refused(name, no)
        else:
            self._fold(name, result)

    @rule(source=sources(2))
    def entangle(self, source: Source) -> None:
        """Whoever decides for the board is made coordinator, or the other way round."""
        data = {"duty": source.pick(("coordinator", "board")), "person": source.pick(("board-1", "coordinator-1"))}
        self._say("p1", Call("assign", somebody("client_owner"), data))

    @precondition(lambda self: self.pilots["p1"].tracks)
    @rule(source=sources(4))
    def sign_for_both(self, source: Source) -> None:
        """One person signs for the client, and tries to for the supplier too."""
        track = source.pick(tuple(self.pilots["p1"].tracks.values()))
        trigger = "sign_agreement" if track.state == "willing" else "amend_agreement"
        data = {"places": {"employment": source.between(2, 4), "bundled": 2}, "from": self.world.today()}
        first = self._say("p1", Call(trigger, Actor("one", roles="client_owner"), data, track.key))
        again = self._say("p1", Call(trigger, Actor("one", roles="supplier_lead", party=track.party), None, track.key))
        assert isinstance(again, Refused) or not isinstance(first, Result)

    @rule(source=sources(1))
    def wait(self, source: Source) -> None:
        """Time goes by, not always by whole days."""
        self.world.clock.forward(**source.pick(({"days": 1}, {"seconds": 1}, {"days": 7}, {"hours": 15}, {"days": 60})))

    @rule()
    def reopen(self) -> None:
        """Another process goes on."""
        self.world.reopen()

    @precondition(lambda self: len(self.pilots) < 3)
    @rule()
    def start(self) -> None:
        """Another pilot begins."""
        self._start()

    @rule(source=sources(BYTES))
    def pause_and_resume(self, source: Source) -> None:
        """A hold that ends on the day on which it began leaves everything as it was."""
        name = self._any(source)
        before = self.pilots[name]
        data = {"reason": "holiday", "resume_by": self.world.clock.now().date().replace(year=2099)}
        owner = somebody("client_owner")
        assert isinstance(self._say(name, Call("pause", owner, data)), Refused)  # more than 26 weeks ahead
        paused = self._say(name, Call("pause", owner, {**data, "resume_by": self._later(40)}))
        if isinstance(paused, Result):
            self._say(name, self._player(source).call(paused.pilot, self.world.clock.now()))
            resumed = self._say(name, Call("resume", owner, {}))
            said = self.pilots[name].version - before.version
            assert self.pilots[name].hold != PAUSED
            if isinstance(resumed, Result) and said == 2:
                same = ("state", "phase", "tracks", "kept", "signatures", "cycle", "since", "cycle_since", "last_move")
                assert [getattr(before, one) for one in same] == [getattr(resumed.pilot, one) for one in same]

    @rule(source=sources(BYTES))
    def follow_remedies(self, source: Source) -> None:
        """Whatever a refusal says would help can be done, as far as state and role go, by whom it names."""
        name = self._any(source)
        pilot = self.pilots[name]
        call = self._player(source).said(source.pick(bundled_table().every), pilot, self.world.clock.now())
        outcome = self._say(name, call)
        for blocker in outcome.blockers if isinstance(outcome, Refused) else ():
            for remedy in blocker.missing:
                if (remedy.trigger, remedy.track) != (call.trigger, call.track):
                    self._possible(name, blocker, remedy)

    # -- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def counts_add_up(self) -> None:
        """Each pilot is in one phase, each track in one state; jobs are hours by 25.5, however they are grouped."""
        engine, pilots = self.world.engine, self.pilots
        summaries = {one.id: one for one in engine.each()}
        phases = Counter(one.phase for one in summaries.values())
        assert len(pilots) == phases.total() == sum(len(engine.find(phase=phase).items) for phase in phases)
        for name, pilot in pilots.items():
            states = WORKFLOW.tracks["supplier"].states
            assert len(pilot.tracks) == sum(one.state == state for state in states for one in pilot.tracks.values())
            assert {one.state for one in pilot.tracks.values()} == set(summaries[name].track_states)
        today = self.world.today()
        exact = self._jobs(pilots)
        assert oracle.paid_hours(pilots.values(), today) / Fraction("25.5") == exact
        assert exact == sum((self._jobs([name]) for name in pilots), Fraction(0))
        half = [name for number, name in enumerate(pilots) if number % 2]
        assert exact == self._jobs(half) + self._jobs([name for name in pilots if name not in half])

    def _jobs(self, names: Any) -> Fraction:
        exact = self.world.engine.metrics("jobs_25_5", pilots=list(names))["jobs_25_5"].exact
        assert exact is not None
        return exact

    def teardown(self) -> None:
        """At the end: the log is whole, tells no ref, gives the same figures; and every pilot can be closed."""
        try:
            if self.pilots:
                self._whole()
                for name, pilot in list(self.pilots.items()):
                    if pilot.state != "closed":
                        self._close(name)
                assert () == self.world.engine.verify()
        finally:
            self.world.engine.close()

    def _whole(self) -> None:
        engine = self.world.engine
        assert () == engine.verify()
        figures = engine.metrics()
        for name, pilot in self.pilots.items():
            assert self.history[name] == list(engine.history(name))
            assert pilot == folding.replay(self.history[name])
            assert [] == list(oracle.strange_keys(WORKFLOW, self.history[name]))
        assert holders(everything(self.world.store, self.world.url), MARK) <= {PERSONAL}
        self.world.reopen()
        assert figures == self.world.engine.metrics()

    def _close(self, name: str) -> None:
        """Stop a pilot, on hold or not: the way out that every state has."""
        lesson = self._say(name, Call("add_lesson", somebody("hr"), {"text": "it ends"}))
        assert isinstance(lesson, Result), lesson
        data = {"reason": "the end", "placement_plan": "with the next one"}
        stopped = self._say(name, Call("stop", somebody("client_owner"), data))
        assert isinstance(stopped, Result), stopped
        assert ("closed", "stopped", "running") == (stopped.pilot.state, stopped.pilot.outcome, stopped.pilot.hold)

    # -- how it is done ----------------------------------------------------------------------------------------------

    def _player(self, source: Source) -> Player:
        return Player(source, bundled_table(), CAST)

    def _any(self, source: Source) -> str:
        return source.pick(tuple(self.pilots)) if source.chance(12) else "p1"

    def _later(self, days: int) -> Any:
        return self.world.today().fromordinal(self.world.today().toordinal() + days)

    def _start(self) -> None:
        name = f"p{len(self.pilots) + 1}"
        while name in self.pilots:
            name += "x"
        began = self.world.engine.start("existing-contract", actor=somebody("coordinator"), data=START, id=name)
        self._fold(name, began)

    def _say(self, name: str, call: Call, **options: Any) -> Outcome:
        outcome = self.world.fire(name, call, **options)
        if isinstance(outcome, Result):
            before = self.pilots[name]
            self._fold(name, outcome)
            self._allowed(before, call, outcome)
        else:
            self._refused(name, outcome)
        return outcome

    def _fold(self, name: str, result: Result) -> None:
        """Take over what happened, and look at every promise about pilots."""
        before = self.pilots.get(name)
        new = list(self.world.engine.history(name, after=0 if before is None else before.version))
        due, own = new[: -len(result.events)], new[-len(result.events) :]
        assert own == list(result.events)
        assert {SYSTEM} >= {event.actor for event in due}
        for event in new:
            assert before is None or before.updated_at <= event.at
            before = folding.evolve(before, event)
            self.history.setdefault(name, []).append(event)
            self._kept(before, event, self.history[name])
        assert before == result.pilot == self.world.engine.get(name)
        self.pilots[name] = result.pilot
        for other in [event.data["pilot"] for event in result.events if event.type == "pilot.linked"]:
            self.history[other] = list(self.world.engine.history(other))
            self.pilots[other] = self.world.engine.get(other)
            assert result.pilot.id == self.pilots[other].data["follow_up_of"]
        assert [] == list(oracle.overfull(result.pilot, self.world.today()))
        assert [] == list(oracle.doubled(result.pilot))

    def _kept(self, pilot: Pilot, event: Event, history: list[Event]) -> None:
        """What an event may not say."""
        if event.type == "pilot.moved":
            assert (event.data["from"], event.data["to"]) in oracle.STEPS or "stop" == event.trigger
            if event.data["to"] == "engaging":
                assert oracle.committed_by(history) - oracle.coordinators(history), (
                    "nobody but the coordinator committed"
                )
        if event.type == "record.added" and event.data["record"] == "agreement":
            signed = oracle.signers(history, event)
            assert {"client_owner", "supplier_lead"} == set(signed)
            assert 2 == len(set(signed.values()))
        for roles in pilot.acted_as.values():
            assert not {"board", "coordinator"} <= set(roles)

    def _allowed(self, before: Pilot, call: Call, result: Result) -> None:
        """What was accepted had to be allowed: on hold, once closed, to this person."""
        if before.hold == PAUSED:
            assert call.trigger in oracle.ON_HOLD
        if before.state == "closed":
            assert call.trigger in oracle.CLOSED
            assert MOVES.isdisjoint(event.type for event in result.events)
        for event in (one for one in result.events if one.actor != SYSTEM):  # which only says what is due
            assert event.role in call.actor.roles or event.role in {"starter", "adder"}
            assert call.actor.id == event.actor
            if event.role.startswith("supplier"):
                assert event.track is None or call.actor.party in oracle.parties(result.pilot, event)

    def _refused(self, name: str, no: Refused | BadArgument) -> None:
        self._unchanged(name)
        if isinstance(no, Refused):
            hopeless = oracle.without_remedy(self.pilots[name], no.blockers)
            assert not hopeless, hopeless
            assert no.blockers
            assert MARK not in repr(no.blockers) + str(no)
            for blocker in no.blockers:
                assert blocker.code != "guard-error"
                for lang in ("en", "nl"):
                    text = blocker.text(lang)
                    assert text
                    assert text != blocker.code
                    assert "{" not in text.replace("{'", "")

    def _unchanged(self, name: str) -> None:
        engine = self.world.engine
        assert self.pilots[name] == engine.get(name)
        assert [] == list(engine.history(name, after=self.pilots[name].version))
        issued = self.pilots[name].counts.get("subject", 0)
        assert issued == len(self.world.store.personal("default", name))

    def _possible(self, name: str, blocker: Blocker, remedy: Remedy) -> None:
        for actor in _doers(self.pilots[name], remedy):
            track = remedy.track
            if track is None and remedy.trigger in bundled_table().openers:
                track = actor.party or "a-new-one"
            option = self.world.engine.explain(name, remedy.trigger, actor=actor, data=dict(remedy.data), track=track)
            against = IMPOSSIBLE.intersection(one.code for one in option.blockers)
            assert not against, f"{blocker.code} names {remedy}, which {actor} cannot do: {against}"


def _doers(pilot: Pilot, remedy: Remedy) -> Iterator[Actor]:
    """Somebody new in each role that a remedy names."""
    for role in remedy.roles:
        if role not in WORKFLOW.roles:
            continue
        track = pilot.tracks.get(str(remedy.track or remedy.data.get("track")))
        party = track.party if track else "newcomer"
        side = WORKFLOW.roles[role].side
        yield Actor(f"new-{role}", roles=role, party=party if side == "supplier" else None)


@pytest.mark.timeout(3_600)
def test_no_sequence_of_commands_breaks_a_promise(new_url: Url) -> None:
    """Whatever everybody says, in whatever order, commitment, places, signatures, figures, log and privacy hold."""
    here = type("Here", (Lifecycle,), {"new_url": staticmethod(new_url)})
    run_state_machine_as_test(here, settings=settings(max_examples=scaled(10), stateful_step_count=30))


def test_every_state_has_a_way_to_closed() -> None:
    """From each state of the pilot, and from each of a supplier, an end can be reached."""
    table = bundled_table()
    ends = {
        None: {"closed"},
        "supplier": {name for name, one in WORKFLOW.tracks["supplier"].states.items() if one.done},
    }
    for kind, states in table.distances.items():
        for state, reached in states.items():
            assert ends[kind] & set(reached), f"{kind or 'pilot'}: {state}"
