"""Engines on a workflow with clocks of each kind, and a clock that a test moves by days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import Factory, define

from proeftuin import Actor, Engine, Event, load_workflow
from proeftuin.core.calendar import Calendar
from proeftuin.spi import Due, Loaded, Store, Timed, Timing
from tests.unit.engines import Counting

LEAD = Actor("lead-1", roles={"lead"})
SELLER = Actor("seller-1", roles={"seller"}, party="acme")
RIVAL = Actor("seller-2", roles={"seller"}, party="rival")
COACH = Actor("coach-1", roles={"facilitator"})
OFFICER = Actor("officer-1", roles={"privacy_officer"})

FLOW = """
format: 1
workflow: terms
version: 1
label: {en: Terms, nl: Termijnen}
timezone: Europe/Amsterdam
roles:
  lead: {side: client, label: {en: Lead, nl: Projectleider}}
  board: {side: client, label: {en: Board, nl: Bestuur}}
  seller: {side: supplier, label: {en: Seller, nl: Leverancier}}
  facilitator: {label: {en: Facilitator, nl: Procesbegeleider}}
  system: {label: {en: The system, nl: Het systeem}}
records:
  note:
    label: {en: Note, nl: Notitie}
    fields: {text: {type: text, required: true}}
  placement:
    label: {en: Placement, nl: Plaatsing}
    interval: [start, end]
    fields:
      participant: {type: subject, required: true}
      start: {type: date, required: true}
      end: {type: date}
start: {to: open, allow: [lead], data: {title: {type: text}}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  talking: {phase: supplier_talks, label: {en: Talking, nl: In gesprek}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: talk, from: open, to: talking, allow: [lead], label: {en: Talk, nl: Praten}}
  - {trigger: finish, from: [open, talking], to: closed, allow: [lead], label: {en: Finish, nl: Afronden}}
  - {trigger: note, from: any_open, allow: [lead], label: {en: Note, nl: Noteren}, records: [{add: note}]}
  - {trigger: pause, from: any_open, hold: pause, progress: false, allow: [lead], label: {en: Pause, nl: Pauzeren}}
  - {trigger: resume, from: any_open, hold: resume, progress: false, paused: allowed, allow: [lead], label: {en: Resume, nl: Hervatten}}
tracks:
  supplier:
    label: {en: Supplier, nl: Leverancier}
    party_from: key
    states:
      seen: {label: {en: Seen, nl: In beeld}}
      asked: {label: {en: Asked, nl: Gevraagd}}
      agreed: {done: true, label: {en: Agreed, nl: Afgesproken}}
      lapsed: {done: true, label: {en: Lapsed, nl: Verlopen}}
    edges:
      - {trigger: identify, opens: supplier, to: seen, while: any_open, allow: [lead], label: {en: Identify, nl: In beeld brengen}}
      - {trigger: ask, from: seen, to: asked, while: any_open, allow: [lead], label: {en: Ask, nl: Vragen}}
      - {trigger: agree, from: asked, to: agreed, while: any_open, allow: [lead, seller], label: {en: Agree, nl: Afspreken}}
      - {trigger: lapse, from: asked, to: lapsed, while: any_open, allow: [system], label: {en: Lapse, nl: Verlopen}}
      - {trigger: place, from: [seen, asked], while: any_open, allow: [lead], label: {en: Place, nl: Plaatsen}, records: [{add: placement}]}
clocks:
  check_in:
    since: progress
    due: 7 days
    remind: {lead: [8 days, 14 days]}
    escalate: {board: 21 days}
    signal: {stalled: 28 days, tell: [facilitator]}
  answer: {since: supplier.asked, due: 28 days, remind: {lead: [14 days]}, fire: lapse}
  review: {since: talking, due: 10 working days, remind: {board: [10 working days]}, signal: {reviewless: 12 working days}}
  stay: {per: placement, since: start, due: 4 weeks, remind: {lead: [4 weeks]}}
words:
  start: {en: Start, nl: Begin}
  end: {en: End, nl: Einde}
  stalled: {en: Stalled, nl: Stilgevallen}
  reviewless: {en: Not looked at, nl: Niet bekeken}
metrics: [placements_started]
"""  # noqa: E501  # a workflow file, one edge a line

ABROAD = FLOW.replace("workflow: terms", "workflow: abroad").replace("Europe/Amsterdam", "Pacific/Auckland")
ZONE = ZoneInfo("Europe/Amsterdam")
BEGAN = datetime(2026, 3, 2, 9, tzinfo=ZONE)  # a Monday
FIRST = BEGAN.date()
TERMS = load_workflow(FLOW)
OVERSEAS = load_workflow(ABROAD)

LIFE = [
    ("reminded check_in", 8),
    ("reminded check_in", 14),
    ("reminded answer:acme", 14),
    ("escalated check_in", 21),
    ("fired answer:acme", 28),
    ("raised check_in", 28),
]
"""What clocks do on a pilot on which a supplier was asked on day 0, and then nothing is done."""


def day(number: int) -> date:
    """The day so many days after pilots began."""
    return FIRST + timedelta(days=number)


def moment(number: int, hour: float = 9) -> datetime:
    """An hour of that day, in the zone of the workflow."""
    return datetime(*day(number).timetuple()[:3], tzinfo=ZONE) + timedelta(hours=hour)


@define
class Days:
    """A clock that stands still until it is set."""

    at: datetime = BEGAN

    def now(self) -> datetime:
        return self.at


@define
class Play:
    """An engine on a store, and the days of its clock."""

    store: Store
    calendar: Calendar | None = None
    options: dict[str, Any] = Factory(dict)
    clock: Days = Factory(Days)
    ids: Counting = Factory(lambda: Counting(prefix="p"))
    engine: Engine = Factory(lambda self: self.another(), takes_self=True)

    def another(self, **options: Any) -> Engine:
        """One more engine on the same store, as another process has one."""
        given = {"workflows": [TERMS, OVERSEAS], "time": self.clock, "ids": self.ids, "calendar": self.calendar}
        return Engine(self.store, **{**given, **self.options, **options})

    def start(self, workflow: str = "terms", **more: Any) -> str:
        return self.engine.start(workflow, **{"actor": LEAD, "data": {}, **more}).pilot.id

    def asked(self, track: str = "acme") -> str:
        """Start a pilot on which a supplier was asked."""
        pilot = self.start()
        for trigger in ("identify", "ask"):
            self.engine.fire(pilot, trigger, actor=LEAD, track=track)
        return pilot

    def on(self, number: int, hour: float = 9) -> Engine:
        """Let it be an hour of a day."""
        self.clock.at = moment(number, hour)
        return self.engine

    def tick(self, number: int, hour: float = 9) -> int:
        """Tick on a day, and return on how many pilots something was done."""
        return self.on(number, hour).tick().done

    def told(self, pilot: str) -> list[tuple[str, int]]:
        """What clocks did on a pilot: type and clock, and the day."""
        return [_told(one) for one in self.engine.history(pilot) if "clock" in one.data]

    def timing(self, pilot: str, tenant: str = "default") -> Timing:
        loaded = self.store.load(tenant, pilot)
        assert loaded is not None
        assert loaded.head is not None
        return loaded.head.timing

    def version(self, pilot: str) -> int:
        return self.engine.get(pilot).version


def _told(event: Event) -> tuple[str, int]:
    what = event.type.partition(".")[2]
    return f"{what} {event.data['clock']}", (event.on - FIRST).days


class Hidden:
    """A store that hands everything on but the part `Timed`."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        if name in ("due", "untimed", "retime"):
            raise AttributeError(name)
        return getattr(self._inner, name)


class Watched(Hidden):
    """A store that counts what is read of it, and may be changed in the middle."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner)
        self.loaded: list[str] = []
        self.given: list[int] = []
        self.before_append: list[Any] = []
        self.before_retime: list[Any] = []

    def load(self, tenant: str, pilot_id: str, **more: Any) -> Loaded | None:
        self.loaded.append(pilot_id)
        return self._inner.load(tenant, pilot_id, **more)

    def append(self, *commits: Any, **more: Any) -> None:
        if self.before_append:
            self.before_append.pop(0)()
        self._inner.append(*commits, **more)

    def due(self, tenant: str, **more: Any) -> tuple[Due, ...]:
        found = _timed(self._inner).due(tenant, **more)
        self.given.append(len(found))
        return found

    def untimed(self, *arguments: Any, **more: Any) -> tuple[str, ...]:
        return _timed(self._inner).untimed(*arguments, **more)

    def retime(self, *arguments: Any, **more: Any) -> bool:
        if self.before_retime:
            self.before_retime.pop(0)()
        return _timed(self._inner).retime(*arguments, **more)


def _timed(store: Store) -> Timed:
    assert isinstance(store, Timed)
    return store


def days_of(engine: Engine, pilot: str) -> Iterator[tuple[str, date]]:
    """What happened on a pilot, and the day that it counts for."""
    return ((one.type, one.on) for one in engine.history(pilot))
