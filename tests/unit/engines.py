"""Engines on a small workflow, with a clock and ids that a test can foresee."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import Factory, define

from proeftuin import Actor, Engine, Event, Workflow, load_workflow
from proeftuin.spi import Commit, Entry, Loaded, Page, Personal, Query, Receipt, Store, Tally
from proeftuin.storage import open_store

FLOW = """
format: 1
workflow: talks
version: 1
label: {en: Talks, nl: Gesprekken}
timezone: Europe/Amsterdam
roles:
  lead: {side: client, label: {en: Lead, nl: Projectleider}}
  board: {side: client, label: {en: Board, nl: Bestuur}}
  seller: {side: supplier, label: {en: Seller, nl: Leverancier}}
  facilitator: {label: {en: Facilitator, nl: Procesbegeleider}}
  monitor: {label: {en: Monitor, nl: Monitor}}
records:
  note:
    label: {en: Note, nl: Notitie}
    fields:
      text: {type: text, required: true}
      day: {type: date, not_after: today}
      hours: {type: decimal}
      mood: {type: choice, of: [good, bad]}
  placement:
    label: {en: Placement, nl: Plaatsing}
    interval: [start, end]
    fields:
      participant: {type: subject, required: true}
      start: {type: date, required: true}
      end: {type: date}
      kind: {type: choice, of: [training, employment], required: true}
start:
  to: open
  allow: [lead, facilitator]
  data:
    title: {type: text, required: true}
    organisation: {type: text}
    programme: {type: text}
    sector: {type: text}
    follow_up_of: {type: text}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  talking: {phase: supplier_talks, label: {en: Talking, nl: In gesprek}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: talk, from: open, to: talking, allow: [lead], label: {en: Talk, nl: Praten}, advise: [has: {record: note, code: no-note}]}
  - {trigger: finish, from: talking, to: closed, outcome: done, allow: [board], label: {en: Finish, nl: Afronden}, require: [has: {record: note, code: missing-note}]}
  - {trigger: note, from: any, allow: [lead, seller, facilitator], label: {en: Note, nl: Noteren}, records: [{add: note}]}
  - {trigger: details, from: any_open, allow: [lead], label: {en: Details, nl: Gegevens}, data: {sector: {type: text}, n: {type: integer}}}
  - {trigger: seal, from: any_open, sign: [lead, board], label: {en: Seal, nl: Bezegelen}, data: {terms: {type: text, required: true}}}
  - trigger: correct
    from: any
    allow: [adder]
    label: {en: Correct, nl: Verbeteren}
    data: {record: {type: record, required: true}, fields: {type: map, required: true}, reason: {type: text, required: true}}
    records: [{correct: [note, placement]}]
  - trigger: follow
    from: closed
    allow: [lead]
    label: {en: Follow up, nl: Vervolgen}
    data: {title: {type: text}}
    starts: {workflow: talks, copy: [organisation], set: {title: {field: title}}, link: follow_up_of}
tracks:
  supplier:
    label: {en: Supplier, nl: Leverancier}
    party_from: key
    states:
      seen: {label: {en: Seen, nl: In beeld}}
      agreed: {done: true, label: {en: Agreed, nl: Afgesproken}}
    edges:
      - {trigger: identify, opens: supplier, to: seen, while: any_open, allow: [lead], label: {en: Identify, nl: In beeld brengen}}
      - {trigger: agree, from: seen, to: agreed, while: any_open, sign: [lead, seller], label: {en: Agree, nl: Afspreken}, data: {terms: {type: text, required: true}}}
      - {trigger: place, from: [seen, agreed], while: any_open, allow: [seller, lead], label: {en: Place, nl: Plaatsen}, records: [{add: placement}]}
      - {trigger: remark, from: [seen, agreed], while: any_open, allow: [seller, lead], label: {en: Remark, nl: Opmerken}, records: [{add: note}]}
metrics: [placements_started, persons_placed]
words:
  start: {en: Start, nl: Begin}
  terms: {en: Terms, nl: Voorwaarden}
  text: {en: Text, nl: Tekst}
  supplier: {en: Supplier, nl: Leverancier}
codes:
  no-note: {en: There is no note yet., nl: Er is nog geen notitie.}
  missing-note: {en: A note is missing., nl: Er ontbreekt een notitie.}
  host-no: {en: The host says no., nl: De gastheer weigert.}
"""  # noqa: E501  # a workflow file, one edge a line

GUARDED = FLOW.replace("workflow: talks", "workflow: guarded").replace(
    "advise: [has: {record: note, code: no-note}]", "require: [host_guard]"
)

LEAD = Actor("lead-1", roles={"lead"})
BOARD = Actor("board-1", roles={"board"})
OFFICER = Actor("officer-1", roles={"privacy_officer"})
SELLER = Actor("seller-1", roles={"seller"}, party="acme")
RIVAL = Actor("seller-2", roles={"seller"}, party="rival")
FACILITATOR = Actor("help-1", roles={"facilitator"})
MONITOR = Actor("monitor-1", roles={"monitor"})
STRANGER = Actor("nobody-1", roles={"passer_by"})

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
REF = "ref-planted-0001"
DATA = {"title": "Catering", "organisation": "UU"}


@define
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = BEGAN

    def now(self) -> datetime:
        return self.at

    def pass_(self, **length: float) -> None:
        self.at += timedelta(**length)


@define
class Counting:
    """Ids in order, and salts that everybody can guess."""

    count: int = 0
    prefix: str = "pilot-"

    def pilot_id(self) -> str:
        self.count += 1
        return f"{self.prefix}{self.count}"

    def salt(self) -> bytes:
        return b"sixteen bytes ok"


def engine(store: Store | str = "memory://", text: str = FLOW, **options: Any) -> Engine:
    """An engine on a store, or on what a URL names."""
    opened = open_store(store) if isinstance(store, str) else store
    known = options.pop("known", None)
    workflow = _loaded(text) if known is None else load_workflow(text, guards=known)
    given = {"workflows": [workflow], "time": Clock(), "ids": Counting(), **options}
    return Engine(opened, **given)


@cache
def _loaded(text: str) -> Workflow:
    return load_workflow(text)


def start(on: Engine, /, **more: Any) -> str:
    """Start a pilot, and return its id."""
    data = {**DATA, **more.pop("data", {})}
    return on.start("talks", **{"actor": LEAD, "data": data, **more}).pilot.id


def types(events: Iterable[Event]) -> list[str]:
    return [one.type for one in events]


@cache
def _empty() -> bytes:
    """An empty database, made once: a hundred tests need one, and making its tables takes longer than most of them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_store(f"sqlite:///{path}").close()
        return path.read_bytes()


def sqlite_url(folder: Path, name: str = "pilots.db") -> str:
    path = folder / name
    if not path.exists():
        path.write_bytes(_empty())
    return f"sqlite:///{path}"


def everything(store: Store, tenant: str = "default") -> list[object]:
    """All that a store holds, byte for byte."""
    page = store.find(Query(tenant, limit=1000))
    held: list[object] = [page]
    for one in page.items:
        held += [store.load(tenant, one.id), list(store.history(tenant, one.id)), store.personal(tenant, one.id)]
    return held


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@define
class Wrapped:
    """A store that hands everything on to another one, for a test to change a method of."""

    inner: Store
    calls: list[str] = Factory(list)

    @property
    def durable(self) -> bool:
        return self.inner.durable

    @property
    def multi_process(self) -> bool:
        return self.inner.multi_process

    @property
    def multi_pilot(self) -> bool:
        return self.inner.multi_pilot

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        self.calls.append("load")
        return self.inner.load(tenant, pilot_id, key=key, have=have)

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        self.calls.append("append")
        self.inner.append(*commits, recorded=recorded)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        self.calls.append("history")
        return self.inner.history(tenant, pilot_id, after=after, upto=upto)

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        return self.inner.receipt(tenant, pilot_id, key)

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        self.calls.append("personal")
        return self.inner.personal(tenant, pilot_id)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        return self.inner.receipts(tenant, pilot_id)

    def find(self, query: Query) -> Page:
        return self.inner.find(query)

    def count(self, query: Query) -> tuple[Tally, ...]:
        return self.inner.count(query)

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        return self.inner.tenants(limit=limit, after=after)

    def close(self) -> None:
        self.inner.close()


def placed(on: Engine, pilot: str, ref: str = REF, *, track: str = "acme", **data: object) -> Mapping[str, Any]:
    """Place a participant on a track, and return the fields of the record."""
    facts = {"participant": ref, "start": TODAY, "kind": "training", **data}
    result = on.fire(pilot, "place", actor=LEAD, track=track, data=facts)
    fields: Mapping[str, Any] = result.events[-1].data["fields"]
    return fields
