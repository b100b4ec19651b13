"""Whole pilots as text: out of one store, into another, with every version, digest and instant as it was.

The text is JSON lines, and is written and read as a stream:

    {"at":"2026-03-31T22:00:00Z","export":1,"tenant":"default"}
    {"hash":"<hex>","workflow":"existing-contract@1","body":{...}}      before the first pilot that ever followed it
    {"digest":"<hex>","pilot":"<id>","version":42}
    {"digest":"<hex>","event":1,"type":"pilot.started","body":{...}}    42 of these; the body as it was hashed
    {"fingerprint":"<hex>","receipt":"<key>","body":{...}}
    {"personal":"s1","ref":"<ref>","salt":"<hex>"}                      only where asked for
    {"end":"<id>","hash":"<hex>"}                                       SHA-256 of all lines before it
    {"hash":"<hex>","pilots":15}                                        the same

1. An event's body is canonical JSON and stands in the line as it is, so each chain can be checked with nothing but the
   text, and comes back byte for byte.
2. A pilot is exported as of one version; what is written meanwhile is left out.
3. Nothing is believed when it is read: chains are checked, events folded anew, and a pilot is written whole or not:
   none before the hash behind it fits. One that is there already, with the same history or one that went on from it, is
   passed over; so an import that was cut off is done again. A pilot that another one began is written together with
   that one, where it comes behind it; in a store that takes one pilot at a time, right after it.
4. What names participants is left out, unless it is asked for (domain 2.8: the key is kept apart).
"""

from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any

from attrs import Factory, define, frozen

from proeftuin import codec, door
from proeftuin.core.events import FOLLOWING
from proeftuin.core.evolve import replay
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import dump, parse
from proeftuin.errors import BadArgument, CorruptStore, PilotExists, UnknownPilot, UnknownWorkflow, WorkflowChanged
from proeftuin.heads import head
from proeftuin.spi import Commit, Definitions, Entry, Loaded, Personal, Query, Receipt, Store
from proeftuin.spi.checks import check_commits, kept_otherwise
from proeftuin.tables import Tables

FORMAT = 1
TOGETHER = 50
"""How many pilots are written in one transaction, and those that they began."""


@frozen
class Imported:
    """What an import did.

    Attributes:
        pilots: those that were written, or, in a dry run, that would be.
        known: those that were there already, with the same history or one that went on from it.
        differing: those whose id or ref is taken by a pilot with another history; they were left alone.
    """

    pilots: int
    known: int
    differing: tuple[str, ...]


# -- out -----------------------------------------------------------------------------------------------------------


def export(
    store: Store, tables: Tables, tenant: str, now: datetime, *, pilots: Iterable[str], personal: bool
) -> Iterator[str]:
    """Give the lines of an export; see `Engine.export_pilots`."""
    hashed, count, written = sha256(), 0, set[str]()

    def told(line: bytes) -> str:
        hashed.update(line)
        return line.decode()

    at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    yield told(codec.line({"export": FORMAT, "tenant": tenant, "at": at}))
    for count, pilot_id in enumerate(pilots, 1):  # noqa: B007  # told at the end
        for line in _pilot(store, tables, tenant, pilot_id, written, personal=personal):
            yield told(line)
        yield told(codec.line({"end": pilot_id, "hash": hashed.hexdigest()}))
    yield codec.line({"hash": hashed.hexdigest(), "pilots": count}).decode()


def _pilot(
    store: Store, tables: Tables, tenant: str, pilot_id: str, written: set[str], *, personal: bool
) -> Iterator[bytes]:
    loaded = store.load(tenant, pilot_id)
    if loaded is None or loaded.head is None:
        raise UnknownPilot(pilot_id)
    version, summary = loaded.version, loaded.head.summary
    for workflow in _followed(store, tables, tenant, pilot_id, loaded):
        if workflow.id not in written:
            written.add(workflow.id)
            yield codec.line({"workflow": workflow.id, "hash": workflow.hash}, dump(workflow))
    yield codec.line({"pilot": pilot_id, "version": version, "digest": summary.digest})
    issued: set[str] = set()
    for one in store.history(tenant, pilot_id, upto=version):
        event = codec.decode_event(one.body, one.digest, pilot_id=pilot_id, version=one.version)
        issued |= event.data.get("commitments", {}).keys()
        issued -= {*event.data["subjects"]} if event.type == "data.erased" else set()  # it may have been put back
        yield codec.line({"event": one.version, "type": one.type, "digest": one.digest}, one.body)
    for receipt in store.receipts(tenant, pilot_id):
        if _upto(receipt, pilot_id) <= version:
            yield codec.line({"receipt": receipt.key, "fingerprint": receipt.fingerprint}, receipt.body)
    if personal:
        for known in store.personal(tenant, pilot_id):
            if known.subject in issued:  # others were issued meanwhile, or forgotten
                yield codec.line({"personal": known.subject, "ref": known.ref, "salt": known.salt.hex()})


def _followed(store: Store, tables: Tables, tenant: str, pilot_id: str, loaded: Loaded) -> Iterator[Workflow]:
    """Give the workflows that a pilot follows and did follow: its history is told in the words of each.

    One that it left is passed over where it is known no more.
    """
    for one in store.history(tenant, pilot_id, upto=loaded.version):
        if one.type in FOLLOWING:
            event = codec.decode_event(one.body, one.digest, pilot_id=pilot_id, version=one.version)
            with suppress(UnknownWorkflow, WorkflowChanged):
                yield tables.shown(str(event.data["workflow"])).workflow
    if loaded.head is not None:
        yield tables.shown(loaded.head.summary.workflow).workflow


def _upto(receipt: Receipt, pilot_id: str) -> int:
    """Return the version that a command led to."""
    place = f"the receipt of key {receipt.key!r} of pilot {pilot_id!r}"
    kept = codec.decode(receipt.body, place=place)
    after, upto = (kept.get("after"), kept.get("upto")) if isinstance(kept, dict) else (None, None)
    if not (isinstance(after, int) and isinstance(upto, int) and 0 <= after < upto):
        raise CorruptStore(f"{place} names no versions")
    return upto


# -- in ------------------------------------------------------------------------------------------------------------


class _Lines:
    """The lines of an export, read and checked one by one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self._hash = sha256()
        self._sound = 0
        self._pilots = 0
        self.number = 0

    def __iter__(self) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """Give the lines between the first and the last; one that ends a pilot only where the hash in it fits."""
        ended = False
        for line in self._lines:
            self.number += 1
            if ended:
                raise self.broken("there is more after its last line")
            raw, values, body = self._read(line)
            if self.number == 1:
                if values.get("export") != FORMAT:
                    raise self.broken(f"it does not begin as an export of format {FORMAT}")
            elif "pilots" in values:
                self._check(values, {"pilots": self._pilots})
                ended = True
            else:
                if "end" in values:
                    self._check(values, {"end": values["end"]})
                    self._pilots += 1
                yield values, body
            self._hash.update(raw)
        if not ended:
            raise self.broken("it is cut off: its last line, with the hash, is missing")

    def _read(self, line: str) -> tuple[bytes, dict[str, Any], bytes | None]:
        try:
            raw = line.rstrip("\r\n").encode() + b"\n"
            return raw, *codec.read_line(raw)
        except (CorruptStore, UnicodeEncodeError, AttributeError, TypeError):
            raise self.broken("it is no JSON object") from None

    def _check(self, values: dict[str, Any], words: dict[str, Any]) -> None:
        if values != {**words, "hash": self._hash.hexdigest()}:
            raise self.broken(f"its hash does not fit: it was changed, or one of lines {self._sound + 1} and on was")
        self._sound = self.number

    def broken(self, problem: str) -> BadArgument:
        """Return the refusal of a line."""
        return BadArgument("lines", f"line {self.number}: {problem}; the pilots before it are whole")


ODD = (CorruptStore, AttributeError, LookupError, TypeError, ValueError)
"""What is raised by lines that no export wrote, though each is JSON."""


def import_pilots(lines: Iterable[str], store: Store, tenant: str, *, dry_run: bool) -> Imported:
    """Read pilots, and write those that are not there yet; see `Engine.import_pilots`."""
    came = _Arrivals(store, tenant, dry_run=dry_run)
    try:
        _read(_Lines(lines), came, tenant)
    except BadArgument:
        came.done()
        raise
    return came.done()


def _read(source: _Lines, came: "_Arrivals", tenant: str) -> None:
    coming: _Coming | None = None
    for values, body in source:
        workflow: Workflow | None = None
        arrival: _Arrival | None = None
        try:
            if coming is None:
                coming, workflow = _between(values, body or b"")
            elif "end" in values:
                arrival = _checked(coming, values["end"], tenant)
                coming = None
            else:
                _add(coming, values, body or b"")
        except ODD as error:
            raise source.broken(f"it is not as an export writes it: {error}") from error
        try:
            if workflow is not None:
                came.define(workflow, body or b"")
            if arrival is not None:
                came.take(arrival)
        except BadArgument as error:
            raise source.broken(error.problem) from error
    if coming is not None:
        raise source.broken(f"pilot {coming.id!r} has no end")


def _between(values: dict[str, Any], body: bytes) -> tuple["_Coming | None", Workflow | None]:
    """Read a line that stands outside a pilot: it begins one, or holds a workflow."""
    if "pilot" in values:
        return _Coming(door.name("pilot", values["pilot"]), values["version"], values["digest"]), None
    found = parse(body)
    if (found.id, found.hash) != (values["workflow"], values["hash"]):
        raise ValueError(f"it holds {found.id}, and its hash is {found.hash}")
    return None, found


@define(eq=False, repr=False)
class _Coming:
    """A pilot on its way in."""

    id: str
    version: int
    digest: str
    entries: list[Entry] = Factory(list)
    receipts: dict[str, Receipt] = Factory(dict)
    personal: dict[str, Personal] = Factory(dict)


@frozen(eq=False, repr=False)
class _Arrival:
    """A pilot that is to be written, and the ids of those that it began."""

    commit: Commit
    began: frozenset[str]


def _add(coming: _Coming, values: dict[str, Any], body: bytes) -> None:
    """Read a line of a pilot."""
    if "event" in values:
        coming.entries.append(Entry(values["event"], values["type"], body, values["digest"]))
    elif "receipt" in values:
        receipt = Receipt(values["receipt"], values["fingerprint"], body)
        _once(coming.receipts, receipt.key)
        _upto(receipt, coming.id)
        coming.receipts[receipt.key] = receipt
    else:
        known = Personal(values["personal"], values["ref"], bytes.fromhex(values["salt"]))
        _once(coming.personal, known.subject)
        coming.personal[known.subject] = known


def _once(known: Container[str], name: str) -> None:
    if name in known:
        raise ValueError(f"{name!r} stands there twice")


def _checked(coming: _Coming, end: str, tenant: str) -> _Arrival:
    """Return a pilot whose chain is whole."""
    pilot = _folded(coming)
    if (pilot.id, pilot.version, pilot.digest) != (end, coming.version, coming.digest):
        raise ValueError(f"pilot {pilot.id!r} ends at version {pilot.version}, not at {coming.version} of {end!r}")
    late = [one.key for one in coming.receipts.values() if _upto(one, pilot.id) > pilot.version]
    if late:
        raise ValueError(f"the receipts of keys {late} are of versions that pilot {pilot.id!r} does not have")
    receipts, personal = tuple(coming.receipts.values()), tuple(coming.personal.values())
    commit = Commit(tenant, pilot.id, 0, tuple(coming.entries), head(pilot), receipts, personal)
    check_commits((commit,))
    return _Arrival(commit, frozenset(str(one["pilot"]) for one in pilot.data.get("linked", ())))


def _folded(coming: _Coming) -> Pilot:
    digest = codec.genesis(coming.id)
    events, commitments = [], dict[str, str]()
    for version, entry in enumerate(coming.entries, 1):
        digest = codec.chain(digest, entry.body)
        if entry.version != version or entry.digest != digest:
            raise ValueError(f"event {version} of pilot {coming.id!r} is missing, in another place, or was changed")
        event = codec.decode_event(entry.body, entry.digest, pilot_id=coming.id, version=version)
        if (event.pilot_id, event.version, event.type) != (coming.id, version, entry.type):
            raise ValueError(f"event {version} of pilot {coming.id!r} says that it is {event.type} {event.id}")
        events.append(event)
        commitments |= event.data.get("commitments", {})
    for one in coming.personal.values():
        if commitments.get(one.subject) != codec.commitment(one.ref, one.salt):
            raise ValueError(f"the ref of subject {one.subject!r} is not the one that its history commits to")
    pilot = replay(events)
    if pilot is None:
        raise ValueError(f"pilot {coming.id!r} has no events")
    return pilot


class _Arrivals:
    """Writes pilots as they come, some together."""

    def __init__(self, store: Store, tenant: str, *, dry_run: bool) -> None:
        self._store = store
        self._tenant = tenant
        self._dry_run = dry_run
        self._waiting: dict[str, _Arrival] = {}
        self._left = set[str]()  # what was begun by pilots that are not there
        self._pilots = 0
        self._known = 0
        self._differing: list[str] = []

    def define(self, workflow: Workflow, body: bytes) -> None:
        """Keep a workflow version; one that the store holds with other content is refused."""
        if not isinstance(self._store, Definitions):
            return
        name, version = workflow.name, workflow.version
        if not self._dry_run:
            self._store.put_workflow(name, version, workflow.hash, body)
        elif self._store.get_workflow(name, version) not in (None, body):
            raise kept_otherwise(name, version)

    def take(self, arrival: _Arrival) -> None:
        """Write a pilot, together with others."""
        name = arrival.commit.pilot_id
        full = len(self._waiting) >= TOGETHER or not self._store.multi_pilot
        if name in self._waiting or (full and not any(name in one.began for one in self._waiting.values())):
            self._flush()
        self._waiting[name] = arrival

    def done(self) -> Imported:
        """Write what waits, and tell what was done."""
        self._flush()
        return Imported(self._pilots, self._known, tuple(self._differing))

    def _flush(self) -> None:
        new, self._waiting = list(self._waiting.values()), {}
        together = self._store.multi_pilot
        for refs in (self._dry_run, True)[: 1 + together]:  # refs are looked up only where not all could be written
            new = [one for one in new if self._is_new(one, refs=refs)]
            if self._dry_run or not new or (together and self._is_written(*new)):
                self._pilots += len(new)
                return
        for one in new:
            if one.commit.pilot_id in self._left:
                self._differing.append(one.commit.pilot_id)
            elif self._is_written(one):
                self._pilots += 1
            else:
                self._compare(one)

    def _is_written(self, *new: _Arrival) -> bool:
        """Write pilots in one transaction; False where one is there by now, or a ref is taken."""
        try:
            self._store.append(*(one.commit for one in new))
        except PilotExists:
            return False
        return True

    def _is_new(self, arrival: _Arrival, *, refs: bool) -> bool:
        commit = arrival.commit
        loaded = self._store.load(self._tenant, commit.pilot_id)
        if loaded is not None or (refs and self._is_taken(commit.head.summary.ref)):
            self._compare(arrival)
            return False
        if commit.pilot_id in self._left:
            self._differing.append(commit.pilot_id)
            return False
        return True

    def _is_taken(self, ref: str | None) -> bool:
        return ref is not None and bool(self._store.find(Query(self._tenant, ref=ref, limit=1)).items)

    def _compare(self, arrival: _Arrival) -> None:
        """Judge a pilot that is not written: whether the one that is there has all of its history."""
        last = arrival.commit.head.summary
        there = self._store.history(self._tenant, last.id, after=last.version - 1, upto=last.version)
        if last.digest in (one.digest for one in there):
            self._known += 1
            return
        self._differing.append(last.id)
        if self._store.load(self._tenant, last.id) is None:  # its ref is taken, so what it began would name nobody
            self._left |= arrival.began
