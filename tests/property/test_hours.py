"""Hours told ahead or late, moves, and mistakes that are mended: in any order the figures are of what was true."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from attrs import define, frozen
from hypothesis import given, note, settings
from hypothesis import strategies as st

from proeftuin import Result, Settings
from proeftuin.core.commands import Accepted, Attempt, Command
from proeftuin.core.decide import decide
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import freeze
from proeftuin.core.metrics import Metric, measure
from proeftuin.core.pilot import Pilot
from tests.property.pilots import World, bundled_table
from tests.property.story import PARTIES, START, somebody, story
from tests.scale import scaled

TRACK = PARTIES[0]
DAYS = 24  # from the one on which all of it is told
HOURS = st.sampled_from(("8", "12", "16", "20", "24", "32", "36"))
JOB, BASELINE = Fraction(51, 2), Fraction(4)
NAMES = ("jobs_25_5", "jobs_extra", "paid_hours_jobs")
Step = tuple[str, int]


@frozen
class Life:
    """What was true of one person at work; days are counted from the first that there is.

    Attributes:
        start: the day on which the first placement began.
        hours: those of each day from which others held, that of the start included.
        moves: the days on which another placement took its place, and whether the move told hours of its own.
    """

    start: int
    hours: Mapping[int, str]
    moves: Mapping[int, bool]

    def on(self, day: int) -> Fraction:
        """The weekly hours on a day."""
        return Fraction(next((hours for begin, hours in sorted(self.hours.items(), reverse=True) if begin <= day), 0))

    def figures(self, day: int) -> tuple[Fraction, ...]:
        """What the figures have to be."""
        paid = sum((self.on(one) for one in range(day + 1)), Fraction(0)) / (day + 1)
        extra = self.on(day) - BASELINE if day >= self.start else Fraction(0)
        return self.on(day) / JOB, extra / JOB, paid / JOB


@st.composite
def lives(draw: st.DrawFn) -> Life:
    start = draw(st.integers(1, 12))
    later = st.integers(start + 1, DAYS - 4)
    hours = {day: draw(HOURS) for day in (start, *sorted(draw(st.sets(later, max_size=4))))}
    moves = {day: draw(st.booleans()) for day in sorted(draw(st.sets(later, max_size=2)))}
    return Life(start, hours, {day: own and day in hours for day, own in moves.items()})


@cache
def ready() -> World:
    """A world whose pilot is about to place its first person."""
    world = World(bundled_table())
    world.engine.start("existing-contract", actor=somebody("coordinator"), data=START, id="p1")
    told = story(world.today())
    for call in told[: next(place for place, one in enumerate(told) if one.trigger == "start_placement")]:
        assert isinstance(world.fire("p1", call), Result), str(call)
    return world


@define
class Teller:
    """Tells a life in an order that is drawn, and mends on the way what it told wrong."""

    draw: st.DrawFn
    life: Life
    world: World
    pilot: Pilot
    begun: int = 0

    def day(self, number: int) -> str:
        return (self.world.today() + timedelta(number)).isoformat()

    def say(self, trigger: str, **data: Any) -> None:
        note(f"{trigger} {data}")
        command = Command(trigger, freeze(data), None if trigger == "correct" else TRACK)
        attempt = Attempt(self.pilot, command, somebody("supplier_hr", TRACK), self.world.clock.now())
        decision = decide(self.world.table, attempt)
        assert isinstance(decision, Accepted), decision
        self.pilot = replay(decision.events, self.pilot) or self.pilot

    def mend(self, record: str, **fields: str) -> None:
        self.say("correct", record=record, fields=fields, reason="a mistake")

    def with_hours(self, trigger: str, number: int, **data: Any) -> None:
        """Tell something with the hours that held from that day, maybe wrong, and then mend them."""
        true = self.life.hours[number]
        told = self.draw(st.just(true) | HOURS)
        self.say(trigger, weekly_hours=told, **data)
        if told != true:
            self.mend(self.pilot.records("placement")[-1].id, weekly_hours=true)

    def steps(self, starts: list[int], moves: list[int], changes: list[int]) -> Iterator[Step]:
        """What may be told next: of a placement that ended no more hours, and none from before one that is open."""
        moved = len(self.pilot.records("placement")) > 1
        since = self.pilot.records("placement")[-1].since.isoformat()
        if starts:
            yield "start", starts[0]
        if moves and all(one >= moves[0] for one in changes) and (moved or self.day(moves[0]) >= since):
            yield "move", moves[0]
        yield from (("change", one) for one in changes if self.day(one) >= since)

    def tell(self) -> Pilot:
        """Tell all of it, and return what came of it."""
        first, *starts = [*self.draw(st.lists(st.integers(0, DAYS - 1), max_size=2)), self.life.start]
        own = {day for day, told in self.life.moves.items() if told}
        moves, changes = sorted(self.life.moves), sorted(self.life.hours.keys() - {self.life.start} - own)
        terms = {"participant": "s1", "kind": "employment", "paid": True, "counts_for_banenafspraak": "yes"}
        self._first(first, baseline=str(BASELINE), **terms)
        while found := list(self.steps(starts, moves, changes)):
            what, number = self.draw(st.sampled_from(found))
            if what == "start":
                self.begin(starts.pop(0))
            elif what == "move":
                self.move(moves.pop(0), own=number in own)
            else:
                changes.remove(number)
                last = self.pilot.records("placement")[-1].id
                self.with_hours("change_hours", number, placement=last, **{"from": self.day(number)})
        assert ([], [], []) == (starts, moves, changes)
        return self.pilot

    def _first(self, number: int, **terms: Any) -> None:
        true = self.life.hours[self.life.start]
        told = self.draw(st.just(true) | HOURS)
        self.say("start_placement", start=self.day(number), weekly_hours=told, **terms)
        if told != true:
            self.mend("placement-1", weekly_hours=true)

    def begin(self, number: int) -> None:
        """Mend the start of the first placement, unless it would begin after its end."""
        until = self.pilot.records("placement")[0].until
        if until is None or self.day(number) <= until.isoformat():
            self.mend("placement-1", start=self.day(number))

    def move(self, number: int, *, own: bool) -> None:
        data = {"placement": self.pilot.records("placement")[-1].id, "start": self.day(number)}
        if own:
            self.with_hours("move_placement", number, **data)
        else:
            self.say("move_placement", **data)


def figures(world: World, pilot: Pilot, day: str) -> tuple[Fraction | None, ...]:
    """What the library makes of a pilot on a day."""
    found: Mapping[str, Metric] = measure(
        [(world.table.workflow, pilot)], NAMES, now=world.clock.now(), settings=Settings(),
        as_of=date.fromisoformat(day), since=world.today(),
    )  # fmt: skip
    return tuple(found[name].exact for name in NAMES)


@given(st.data(), lives())
@settings(max_examples=scaled(100), deadline=None)
def test_figures_do_not_depend_on_the_order_in_which_hours_are_told(data: st.DataObject, life: Life) -> None:
    """In whatever order hours, moves and mended mistakes are told, on each day the figures are of what was true."""
    world = ready()
    teller = Teller(data.draw, life, world, world.engine.get("p1"))  # type: ignore[arg-type]  # draws alike
    pilot = teller.tell()
    for day in range(DAYS):
        assert life.figures(day) == figures(world, pilot, teller.day(day)), teller.day(day)
