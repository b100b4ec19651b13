"""Late, doubled and missed ticks: the same commands with other ticks in between give the same pilot.

One life makes the commands up, and looks at its clocks only when somebody says something. The others live through the
same commands, with a tick every day, on random days, or twice. Each does at a command what the engine does: what moves
the pilot first, then the command, then what is still to be said.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs
from attrs import Factory, define
from hypothesis import given, note, settings

from proeftuin.core.begin import begin
from proeftuin.core.begin import nothing as blank
from proeftuin.core.calendar import Weekdays
from proeftuin.core.catch_up import CatchUp
from proeftuin.core.clocks import schedule, terms
from proeftuin.core.commands import Accepted, Attempt, Command, Refusal
from proeftuin.core.decide import decide
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve, replay
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.core.structs import replace
from tests.property.pilots import BEGAN, REFS, Call, Player, bundled_table
from tests.property.source import Source, sources
from tests.property.story import CAST, START, somebody, story
from tests.scale import scaled

TABLE = bundled_table()
CALENDAR = Weekdays()
STEPS = 14
GAPS = (0, 0, 1, 3, 7, 10, 16, 29, 45, 70, 120)
LATER = timedelta(days=1_500)  # by then everything is due
Step = tuple[datetime, Call]
Said = tuple[str, str, str, str]  # type of event, clock, anchor, day


@define
class Life:
    """A pilot, and all that happened to it."""

    events: list[Event]
    pilot: Pilot
    sent: list[Said] = Factory(list)
    done: list[Said] = Factory(list)

    @classmethod
    def began(cls) -> "Life":
        attempt = Attempt(blank(TABLE, "p1", BEGAN), Command("start", freeze(START)), somebody("coordinator"), BEGAN)
        decision = begin(TABLE, attempt)
        assert isinstance(decision, Accepted)
        pilot = replay(decision.events)
        assert pilot is not None
        return cls(list(decision.events), pilot)

    def tick(self, now: datetime) -> tuple[Event, ...]:
        caught = CatchUp(TABLE, self.pilot, CALENDAR, now).moves().reminders()
        self._add(caught.events)
        return tuple(caught.events)

    def say(self, now: datetime, call: Call) -> bool:
        """Say something, and tell whether it was accepted; a refusal leaves no trace."""
        before = CatchUp(TABLE, self.pilot, CALENDAR, now).moves()
        command = Command(call.trigger, None if call.data is None else _keyed(call.data), call.track, call.on)
        decision = decide(TABLE, Attempt(before.pilot, command, call.actor, now, new_id="p2"))
        if isinstance(decision, Refusal):
            return False
        self._add([*before.events, *decision.events])
        after = CatchUp(TABLE, self.pilot, CALENDAR, now)
        after.clear(decision.events[-1].on)
        self._add(after.reminders().events)
        return True

    def _add(self, events: Iterable[Event]) -> None:
        for event in events:
            self.events.append(event)
            self.pilot = evolve(self.pilot, event)
            kept = {
                "clock.reminded": self.sent,
                "clock.escalated": self.sent,
                "clock.fired": self.done,
                "signal.raised": self.done,
            }.get(event.type)
            if kept is not None:
                kept.append((event.type, event.data["clock"], event.data["anchor"], event.on.isoformat()))


def _keyed(data: Mapping[str, Any]) -> FrozenDict:
    """What the engine's door makes of data: participants are known by keys."""
    keys = {ref: f"s{number}" for number, ref in enumerate(REFS, start=1)}
    return FrozenDict(
        {name: keys.get(value, value) if isinstance(value, str) else freeze(value) for name, value in data.items()}
    )


def _sayable(call: Call) -> bool:
    """Whether the core may be given this: the engine's door keeps the rest out, so there is no need to try it here."""
    known = {trigger for _, trigger in TABLE.rules} | set(TABLE.openers)
    return call.trigger in known and "object" not in repr(call.data)


def _made_up(source: Source) -> Iterator[tuple[int, Call | None]]:
    """An ordinary life up to somewhere, then anything; with the days of silence before each command."""
    told = story(BEGAN.date())
    for call in told[: source.between(0, len(told))]:
        yield (source.pick((1, 3, 9, 20)) if source.chance(25) else 0), call
    for _ in range(STEPS):
        yield source.pick(GAPS), None


def _holding(source: Source, pilot: Pilot, now: datetime) -> Call | None:
    """Now and then the pilot is put on hold, and not for long."""
    if pilot.hold == PAUSED:
        return Call("resume", somebody("coordinator"), {}) if source.chance(60) else None
    data = {"reason": "holiday", "resume_by": (now + timedelta(days=source.pick((1, 20, 90)))).date()}
    return Call("pause", somebody("coordinator"), data) if source.chance(12) else None


def lived(source: Source) -> tuple[Life, list[Step]]:
    """Live a life in which nothing looks at the clocks but commands, and tell what was said in it."""
    life, steps, now = Life.began(), list[Step](), BEGAN
    player = Player(source, TABLE, CAST, wild=0)
    for gap, given_ in _made_up(source):
        now += timedelta(days=gap, hours=source.below(5))
        seen = CatchUp(TABLE, life.pilot, CALENDAR, now).moves().pilot
        call = given_ or _holding(source, seen, now) or player.call(seen, now)
        if given_ is None and not _sayable(call):
            continue
        if call.trigger in TABLE.beginners:
            continue  # there is this pilot alone
        if call.trigger in {"pause", "resume"}:
            call = attrs.evolve(call, on=None)  # a hold that is told late undoes no reminder
        if life.say(now, call):
            steps.append((now, call))
            note(f"{now.date()} {call}")
    return life, steps


def plain(pilot: Pilot) -> Any:
    """A pilot without what depends on how often its clocks were looked at."""
    bare = replace(pilot, version=0, digest="", updated_at=BEGAN, told=FrozenDict(), nudges=(), acted_as=FrozenDict())
    return {name: getattr(bare, name) for name in type(bare).__annotations__}


def due(pilot: Pilot) -> dict[str, Any]:
    """Every term that runs: since when, due when, and what of it is done."""
    running = list(terms(TABLE, pilot, CALENDAR))
    told = {one.key: pilot.told[one.key] for one in running if one.key in pilot.told}
    return {
        one.key: (
            one.anchor,
            one.due(),
            set(told[one.key].done) if one.key in told and told[one.key].anchor == one.anchor else set(),
        )
        for one in running
    }


def _same(one: Life, other: Life) -> None:
    assert plain(one.pilot) == plain(other.pilot)
    assert due(one.pilot) == due(other.pilot)
    assert sorted(one.done) == sorted(other.done)
    assert schedule(TABLE, one.pilot, CALENDAR) == schedule(TABLE, other.pilot, CALENDAR)


def _daily(
    life: Life, steps: list[Step], end: datetime, days: "set[int] | None" = None, *, twice: bool = False
) -> None:
    """Live through the same commands, with a tick every day, or on these days only."""
    today = BEGAN
    for number, (now, call) in enumerate([*steps, (end, None)]):
        while today.date() < now.date():
            if days is None or (today - BEGAN).days in days:
                life.tick(today)
                if twice:
                    assert () == life.tick(today)
                    assert () == life.tick(today - timedelta(days=1))
                    assert () == life.tick(today + timedelta(minutes=1))
            today += timedelta(days=1)
        if call is not None:
            assert life.say(now, call), f"{number}: {call} was accepted where nobody ticked"


def _check(source: Source, days: "set[int] | None", *, twice: bool) -> None:
    silent, steps = lived(source)
    end = (steps[-1][0] if steps else BEGAN) + timedelta(days=source.below(100))
    other = Life.began()
    _daily(other, steps, end, days, twice=twice)
    silent.tick(end)
    other.tick(end)
    _same(silent, other)
    silent.tick(end + LATER)
    other.tick(end + LATER)
    _same(silent, other)
    if days is None:
        _reminded(silent, other)


def _reminded(silent: Life, daily: Life) -> None:
    """What was sent late was sent daily too, on the same day; and of what still runs, the last is the same."""
    assert set(silent.sent) <= set(daily.sent)
    assert len(daily.sent) == len(set(daily.sent))
    for one in terms(TABLE, silent.pilot, CALENDAR):
        for type_ in ("clock.reminded", "clock.escalated"):
            last = [
                max((on for *what, on in life.sent if what == [type_, one.key, one.anchor.isoformat()]), default=None)
                for life in (silent, daily)
            ]
            assert last[0] == last[1], (type_, one.key, last)


@given(sources(700))
@settings(max_examples=scaled(12))
def test_daily_ticks_and_none_give_the_same(source: Source) -> None:
    """A pilot that is ticked daily, and one only looked at when somebody speaks, are the same in the end."""
    _check(source, None, twice=False)


@given(sources(700), sources(60))
@settings(max_examples=scaled(12))
def test_ticks_on_any_days_give_the_same(source: Source, ticks: Source) -> None:
    """A pilot that is ticked now and then, after silent days of any number, ends up as one that never was."""
    days, number = set[int](), 0
    while not ticks.spent:
        number += ticks.between(1, 40)
        days.add(number)
    _check(source, days, twice=False)


@given(sources(700))
@settings(max_examples=scaled(15))
def test_a_second_tick_does_nothing(source: Source) -> None:
    """A tick twice a day, or by a clock that jumped back a day, does nothing that the first did not do."""
    _check(source, None, twice=True)
