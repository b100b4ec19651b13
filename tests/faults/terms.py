"""A lifecycle with many clocks, on which people write notes all the time, and what these clocks must have come to.

The days of `Quick` pass quickly, and alike in all processes of a machine.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from time import monotonic_ns

from attrs import define

from proeftuin import Actor, Command, Engine, Event, load_workflow
from proeftuin.spi import Store
from proeftuin.storage import open_store

FLOW = """
format: 1
workflow: spread
version: 1
label: {en: Spread, nl: Verspreid}
timezone: Europe/Amsterdam
roles:
  lead: {side: client, label: {en: Lead, nl: Projectleider}}
  board: {side: client, label: {en: Board, nl: Bestuur}}
  system: {label: {en: The system, nl: Het systeem}}
records:
  note:
    label: {en: Note, nl: Notitie}
    keep: latest
    fields: {text: {type: text, required: true}}
start: {to: open, allow: [lead], data: {title: {type: text}}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: note, from: open, allow: [lead], label: {en: Note, nl: Noteren}, records: [{add: note}]}
  - {trigger: finish, from: open, to: closed, allow: [lead], label: {en: Finish, nl: Afronden}}
tracks:
  supplier:
    label: {en: Supplier, nl: Leverancier}
    party_from: key
    states:
      asked: {label: {en: Asked, nl: Gevraagd}}
      lapsed: {done: true, label: {en: Lapsed, nl: Verlopen}}
    edges:
      - {trigger: ask, opens: supplier, to: asked, while: any_open, allow: [lead], label: {en: Ask, nl: Vragen}}
      - {trigger: lapse, from: asked, to: lapsed, while: any_open, allow: [system], label: {en: Lapse, nl: Verlopen}}
clocks:
  answer: {since: supplier.asked, due: 28 days, remind: {lead: [7 days, 14 days, 21 days]}, fire: lapse}
  review: {since: open, due: 30 days, remind: {lead: [10 days, 20 days]}, escalate: {board: 35 days}, signal: {slow: 40 days, tell: [board]}}
  check_in: {since: progress, due: 2 days, remind: {lead: [3 days]}}
words:
  slow: {en: Slow, nl: Traag}
metrics: [pilots_by_phase]
"""  # noqa: E501  # a workflow file, one clock a line

LEAD = Actor("lead-1", roles={"lead"})
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAST_DAY = 45  # on which all has fallen due that does not depend on what people do
TRACKS = ("acme", "rival", "third")
RESTARTED = "check_in"  # the clock that every note begins anew

Moment = tuple[str, str, str]
"""A clock, the day on which it began to run, and what it did."""


@define
class Quick:
    """A clock by which so many days pass in a second, from a reading of the clock that a machine's processes share."""

    zero: int
    days: float

    def now(self) -> datetime:
        """The present instant."""
        return BEGAN + timedelta(days=(monotonic_ns() - self.zero) / 1e9 * self.days)

    def read_at(self, moment: datetime) -> int:
        """When it showed an instant, as a reading of the shared clock."""
        return self.zero + int((moment - BEGAN) / timedelta(days=self.days) * 1e9)


@define
class Still:
    """A clock that shows one day."""

    day: int = 0

    def now(self) -> datetime:
        """That day."""
        return BEGAN + timedelta(days=self.day)


def engine_on(store: Store, time: Quick | Still | None = None) -> Engine:
    """An engine that knows the lifecycle; without a clock of ours it has that of the machine."""
    return Engine(store, workflows=[load_workflow(FLOW)], time=time)


def begin(engine: Engine, pilot_id: str) -> None:
    """Begin a pilot and ask suppliers; all clocks run from then on."""
    engine.start("spread", actor=LEAD, data={"title": "Catering"}, id=pilot_id)
    engine.batch(pilot_id, [Command("ask", track=one) for one in TRACKS], actor=LEAD)


def moments(history: Iterable[Event]) -> Counter[Moment]:
    """How often each moment of each clock was done in the history of a pilot."""
    done = (one for one in history if "done" in one.data)
    return Counter((one.data["clock"], one.data["anchor"], name) for one in done for name in one.data["done"])


def promised() -> frozenset[Moment]:
    """What the clocks that nobody restarts come to whenever they are ticked, and be it only on the last day."""
    return _ticked(LAST_DAY)


def possible() -> frozenset[Moment]:
    """What they come to when they are ticked each day: what nobody is reminded of any more is never told."""
    return _ticked(*range(LAST_DAY + 1))


@cache
def _ticked(*days: int) -> frozenset[Moment]:
    clock = Still()
    with engine_on(open_store("memory://"), clock) as engine:
        begin(engine, "p")
        for clock.day in days:
            engine.tick()
        return frozenset(one for one in moments(engine.history("p")) if one[0] != RESTARTED)
