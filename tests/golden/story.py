"""What the golden stores hold, and what a store says of it: the same in every run, on every database."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from proeftuin import Actor, Engine, Pilot
from proeftuin.scenario import Player, load_scenario
from proeftuin.spi import Store

HERE = Path(__file__).parent
SCENARIO = HERE.parents[1] / "workflows" / "scenarios" / "dji-sodexo.yaml"
PLAIN = HERE / "plain.yaml"
TIMED = HERE / "timed.yaml"
TENANTS = ("default", "Ünït 'two'")
BEGAN = datetime(2026, 3, 2, 9, 0, 0, 123_456, tzinfo=UTC)
REF = "case/2026 'één'"
KEY = "the first note, told once"

LEAD, BOARD = Actor("lead-1", roles={"lead"}), Actor("board-1", roles={"board"})
TEXTS = (
    "plain", "O'Neill \"said\" \\ %s %(x)s :y ? {z} `q` $1", "line\r\nline\n\ttab ;\n-- no comment", "Ünïcödé ß ﬁ",
    "e\u0301 is not \u00e9", "\u202eright to left\u202c שלום مرحبا", "中文 日本語 한국어",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\ufeff\u200b\u2028", " blanks around ", "null", "1.10",
)  # fmt: skip


class Clock:
    """A clock that goes on by an hour and a microsecond each time that it is read."""

    def __init__(self, moment: datetime = BEGAN) -> None:
        self._moment = moment

    def now(self) -> datetime:
        self._moment += timedelta(hours=1, microseconds=1)
        return self._moment

    def forward(self, days: int) -> None:
        """Let so many days go by."""
        self._moment += timedelta(days=days)


class Ids:
    """Ids and salts that follow from a name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def pilot_id(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"

    def salt(self) -> bytes:
        self._count += 1
        return sha256(f"{self._name} {self._count}".encode()).digest()[:16]


def tell(url: str) -> None:
    """Play it all into a store."""
    player = Player(load_scenario(SCENARIO), partial(Engine.open, url))
    with player.engine:
        for outcome in player.run():
            assert outcome.ok, outcome.explain(str(SCENARIO))
    for number, tenant in enumerate(TENANTS):
        with Engine.open(url, workflows=[PLAIN], time=Clock(), ids=Ids(f"plain-{number}"), tenant=tenant) as engine:
            _plain(engine)
    clock = Clock()
    with Engine.open(url, workflows=[TIMED], time=clock, ids=Ids("timed"), tenant=TENANTS[0]) as engine:
        _timed(engine, clock)


def _plain(engine: Engine) -> None:
    """Three pilots under a workflow of one page: one that goes the whole way, one on hold, one that just began."""
    data = {"title": "Een 'proeftuin'", "organisation": "Gemeente Ooststellingwerf", "programme": "x" * 3000}
    whole = engine.start("plain", actor=LEAD, data=data, ref=REF, key="begin").pilot.id
    fire = partial(engine.fire, whole)
    fire("note", actor=LEAD, data={"text": TEXTS[0]}, key=KEY)
    for number, text in enumerate(TEXTS):
        kept = {"text": text, "number": f"-{number}.{number:02}0", "count": (-1) ** number * (2**63 - 1 - number)}
        fire("note", actor=LEAD, data={**kept, "day": date(2026, 1, 1 + number), "tags": list(TEXTS[:number])})
    for ref in ("candidate-x7", "candidate-y8", "candidate-x7"):
        fire("note", actor=BOARD, data={"text": "about somebody", "person": ref})
    fire("agree", actor=LEAD)
    fire("agree", actor=BOARD)
    fire("finish", actor=BOARD, key="finish " + "k" * 248)
    held = engine.start("plain", actor=LEAD, data={"title": "On hold"}, id="held").pilot.id
    engine.fire(held, "pause", actor=LEAD)
    engine.start("plain", actor=LEAD, data={"title": "New", "organisation": "Gemeente Ooststellingwerf"})


def _timed(engine: Engine, clock: Clock) -> None:
    """Pilots whose terms came: silent, put off, lapsed, on hold past its day, promised; and one that just began."""
    pilots = {name: f"timed-{name}" for name in ("silent", "put-off", "lapsed", "held", "promised")}
    for pilot_id in pilots.values():
        engine.start("timed", actor=LEAD, data={"title": "Op tijd"}, id=pilot_id)
    today = BEGAN.date()
    engine.fire(pilots["lapsed"], "ask", actor=LEAD, track="asked-1")
    engine.fire(pilots["held"], "pause", actor=LEAD, data={"resume_by": today + timedelta(days=12)})
    promise = {"text": "A call", "due": today + timedelta(days=9), "owner": "Ünï-1"}
    engine.fire(pilots["promised"], "promise", actor=LEAD, data=promise)
    for days in (3, 5, 2, 4):
        clock.forward(days)
        engine.tick(pilots=list(pilots.values()))
    late = {"clock": "call", "until": today + timedelta(days=20), "reason": "Holidays"}
    engine.fire(pilots["put-off"], "snooze", actor=LEAD, data=late)
    clock.forward(8)
    engine.tick(pilots=[pilots["silent"], pilots["lapsed"]])
    engine.fire(pilots["promised"], "note", actor=BOARD, data={"text": "Kept"})
    engine.start("timed", actor=LEAD, data={"title": "Just began"}, id="timed-new")


def said(store: Store) -> dict[str, Any]:
    """What a store says of all that: read by an engine, and below it byte by byte."""
    tenants: dict[str, Any] = {}
    for tenant in TENANTS:
        engine = Engine(store, tenant=tenant, time=Clock())
        assert () == engine.verify()
        tenants[tenant] = {one.id: _pilot(engine, store, tenant, one.id) for one in engine.each()}
    return tenants


def _pilot(engine: Engine, store: Store, tenant: str, pilot_id: str) -> dict[str, Any]:
    pilot = engine.get(pilot_id)
    entries = list(store.history(tenant, pilot_id))
    written = [b"%d %s %s %s" % (one.version, one.type.encode(), one.body, one.digest.encode()) for one in entries]
    metrics = engine.metrics(pilots=pilot_id)
    told: dict[str, Any] = {
        "ref": pilot.ref,
        "workflow": pilot.workflow,
        "version": pilot.version,
        "digest": pilot.digest,
        "state": pilot.state,
        "phase": pilot.phase,
        "outcome": pilot.outcome,
        "hold": pilot.hold,
        "tracks": {key: track.state for key, track in pilot.tracks.items()},
        "records": {kind: len(kept) for kind, kept in pilot.kept.items()},
        "created": pilot.created_at.isoformat(),
        "updated": pilot.updated_at.isoformat(),
        "events": sha256(b"\n".join(written)).hexdigest(),
        "people": [[one.subject, one.ref, one.salt.hex()] for one in store.personal(tenant, pilot_id)],
        "definition": sha256(_definition(store, pilot.workflow)).hexdigest(),
        "metrics": {name: [f"{one.value}", f"{one.exact}", one.coverage] for name, one in metrics.items()},
    }
    plain: dict[str, Any] = json.loads(json.dumps(told | _time(pilot, store, tenant), default=str))
    return plain


def _time(pilot: Pilot, store: Store, tenant: str) -> dict[str, Any]:
    """What its clocks did, and when they come; nothing for a pilot of before there were any."""
    loaded = store.load(tenant, pilot.id)
    assert loaded is not None
    assert loaded.head is not None
    timing = loaded.head.timing
    did = {key: [one.anchor, one.done, one.roles, one.persons, one.snoozed] for key, one in pilot.told.items()}
    known = {
        "signals": [[one.signal, one.clock, one.since] for one in pilot.signals],
        "did": sha256(json.dumps(did, default=str).encode()).hexdigest() if did else "",
        "timing": [timing.due, timing.overdue, timing.calendar] if timing.calendar else [],
    }
    return {name: value for name, value in known.items() if value}


def _definition(store: Store, workflow: str) -> bytes:
    name, _, version = workflow.partition("@")
    body = store.get_workflow(name, int(version))  # type: ignore[attr-defined]  # a part that all of ours have
    assert isinstance(body, bytes)
    return body


def digest_of(path: Path) -> str:
    """The hash of a file's content."""
    return sha256(path.read_bytes()).hexdigest()
