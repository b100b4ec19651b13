"""Stores that give back something else than they were given: moments, numbers, texts, bytes."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from itertools import count
from typing import Any, ClassVar, cast

from attrs import evolve

from proeftuin.core.structs import replace
from proeftuin.spi import Commit, Entry, Loaded, Page, Personal, Query, Receipt, Summary
from proeftuin.storage.memory import _Kept
from tests.kit.mutant import InMemory, Rewriting, numbered, rewritten

Change = Callable[[str], str]


class Clock(InMemory):
    """Changes the moments of what it shows."""

    def find(self, query: Query) -> Page:
        page = super().find(query)
        return evolve(page, items=tuple(self._shown(one) for one in page.items))

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        loaded = super().load(tenant, pilot_id, key=key, have=have)
        if loaded is None or loaded.head is None:
            return loaded
        return replace(loaded, head=replace(loaded.head, summary=self._shown(loaded.head.summary)))

    def _shown(self, one: Summary) -> Summary:
        return replace(one, created_at=self.moment(one.created_at), updated_at=self.moment(one.updated_at))

    def moment(self, at: datetime) -> datetime:
        raise NotImplementedError


class M10(Clock):
    """Drops the zone of a moment."""

    named: ClassVar[tuple[str, ...]] = ("D01",)

    def moment(self, at: datetime) -> datetime:
        return at.replace(tzinfo=None)


class M11(Clock):
    """Drops the microseconds of a moment."""

    named: ClassVar[tuple[str, ...]] = ("D01",)

    def moment(self, at: datetime) -> datetime:
        return at.replace(microsecond=0)


class M12(Clock):
    """Takes local time for UTC, and forgets which of two equal hours was meant."""

    named: ClassVar[tuple[str, ...]] = ("D01",)

    def moment(self, at: datetime) -> datetime:
        return at.replace(tzinfo=UTC, fold=0)


class Numbers(Rewriting):
    """Changes the decimals in bodies, which are kept as text."""

    def changed(self, commit: Commit) -> Commit:
        return rewritten(commit, lambda body: json.dumps(self._walked(json.loads(body))).encode())

    def _walked(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._walked(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._walked(one) for one in value]
        if isinstance(value, str) and "." in value:
            try:
                return self.number(Decimal(value))
            except InvalidOperation:
                pass
        return value

    def number(self, value: Decimal) -> str:
        raise NotImplementedError


class M13(Numbers):
    """Takes decimals for floats."""

    named: ClassVar[tuple[str, ...]] = ("D03",)

    def number(self, value: Decimal) -> str:
        return str(float(value))


class M14(Numbers):
    """Takes the zeros off the end of decimals."""

    named: ClassVar[tuple[str, ...]] = ("D03", "D16")

    def number(self, value: Decimal) -> str:
        return format(value.normalize(), "f")


class Texts(Rewriting):
    """Changes the texts of a commit: those of its summary, its key, its subjects and its bodies."""

    def changed(self, commit: Commit) -> Commit:
        summary, change = commit.head.summary, self.text
        names = ("state", "phase", "hold", "outcome", "organisation", "programme", "ref")
        told = {name: change(one) for name in names if (one := getattr(summary, name)) is not None}
        tracks = tuple(map(change, summary.track_states))
        commit = replace(commit, head=replace(commit.head, summary=replace(summary, track_states=tracks, **told)))
        personal = tuple(Personal(change(one.subject), change(one.ref), one.salt) for one in commit.personal)
        receipts = tuple(Receipt(change(one.key), one.fingerprint, one.body) for one in commit.receipts)
        return replace(commit, receipts=receipts, personal=personal)

    def text(self, text: str) -> str:
        raise NotImplementedError


class M15(Texts):
    """Cuts what is longer than its column."""

    named: ClassVar[tuple[str, ...]] = ("D08",)

    def text(self, text: str) -> str:
        return text[:191]


class NarrowSignals(Rewriting):
    """Keeps signals in an encoding that knows fewer characters."""

    named: ClassVar[tuple[str, ...]] = ("D07",)

    def changed(self, commit: Commit) -> Commit:
        summary = commit.head.summary
        signals = tuple(one.encode("ascii", "replace").decode() for one in summary.signals)
        return replace(commit, head=replace(commit.head, summary=replace(summary, signals=signals)))


class TypesInLowerCase(Rewriting):
    """Keeps the types of events in lower case."""

    named: ClassVar[tuple[str, ...]] = ("D07",)

    def changed(self, commit: Commit) -> Commit:
        return replace(commit, entries=tuple(replace(one, type=one.type.lower()) for one in commit.entries))


class StripsFingerprints(Rewriting):
    """Keeps fingerprints without the space around them."""

    named: ClassVar[tuple[str, ...]] = ("D07",)

    def changed(self, commit: Commit) -> Commit:
        receipts = tuple(replace(one, fingerprint=one.fingerprint.strip()) for one in commit.receipts)
        return replace(commit, receipts=receipts)


class NoControlsInIds(InMemory):
    """Finds no pilot whose id holds a control character."""

    named: ClassVar[tuple[str, ...]] = ("D07",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        odd = "\x01" in pilot_id or "\x1b" in pilot_id
        return None if odd else super().load(tenant, pilot_id, key=key, have=have)


class M35(Texts):
    """Strips texts, makes one kind of line end of all, and composes what was decomposed."""

    named: ClassVar[tuple[str, ...]] = ("D14", "D07")

    def text(self, text: str) -> str:
        return unicodedata.normalize("NFC", text.strip().replace("\r\n", "\n")) or " "


def blind(key: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFKD", key.casefold()) if not unicodedata.combining(one))
    return plain.rstrip(" ")


class Blind(dict[str, Receipt]):
    """Receipts as a database finds them whose collation is blind to case, accent and a space at the end."""

    def __setitem__(self, key: str, value: Receipt) -> None:
        super().__setitem__(blind(key), value)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(blind(str(key)))

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(blind(key), default)


class M16(InMemory):
    """Finds keys without regard to case, accent, or a space at the end."""

    named: ClassVar[tuple[str, ...]] = ("D09", "H08")

    def _write(self, commit: Commit) -> None:
        pilots = self._tenants.setdefault(commit.tenant, {})
        pilots.setdefault(commit.pilot_id, _Kept(commit.head, receipts=Blind()))
        super()._write(commit)


class M31(InMemory):
    """Hands out what it holds itself."""

    named: ClassVar[tuple[str, ...]] = ("A13", "A14")

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        kept = self._pilots(tenant).get(pilot_id)
        return () if kept is None else kept.personal  # type: ignore[return-value]  # its own list: that is the fault


class M33(Rewriting):
    """Takes an empty text for none."""

    named: ClassVar[tuple[str, ...]] = ("A16", "D15")

    def changed(self, commit: Commit) -> Commit:
        summary = commit.head.summary
        told = {name: getattr(summary, name) or None for name in ("organisation", "programme")}
        return replace(commit, head=replace(commit.head, summary=replace(summary, **told)))


class M34(Rewriting):
    """Keeps bodies as JSON: large integers become floats, keys are sorted, spaces and doubled keys go."""

    named: ClassVar[tuple[str, ...]] = ("D04", "D10", "D05")

    def changed(self, commit: Commit) -> Commit:
        return rewritten(commit, _as_json)


def _as_json(body: bytes) -> bytes:
    try:
        read = json.loads(body, parse_int=lambda text: int(text) if len(text) < 16 else int(float(text)))
        return json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return body


class Retelling(InMemory):
    """Gives another account of a history each time that it is read."""

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._times = count()

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        time = next(self._times)
        return (self.told(one, time) for one in super().history(tenant, pilot_id, after=after, upto=upto))

    def told(self, entry: Entry, time: int) -> Entry:
        raise NotImplementedError


class M22(Retelling):
    """Gives an event a new digest at each attempt to deliver it."""

    named: ClassVar[tuple[str, ...]] = ("F08",)

    def told(self, entry: Entry, time: int) -> Entry:
        return replace(entry, digest=sha256(b"%d" % time).hexdigest())


class M23(Retelling):
    """Writes the body of an event anew at each attempt to deliver it, with other spaces."""

    named: ClassVar[tuple[str, ...]] = ("F08",)

    def told(self, entry: Entry, time: int) -> Entry:
        return replace(entry, body=entry.body + b" " * (time % 2))


class Ordering(InMemory):
    """Gives a history in another order than that of the versions."""

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        entries = sorted(super().history(tenant, pilot_id), key=self.place)
        return iter(numbered(entries, after, upto))

    def place(self, entry: Entry) -> Any:
        raise NotImplementedError


class M08(Ordering):
    """Orders a history by time."""

    named: ClassVar[tuple[str, ...]] = ("A07",)

    def place(self, entry: Entry) -> str:
        return str(json.loads(entry.body).get("at")) if entry.body.startswith(b"{") else ""


class M09(Ordering):
    """Orders a history by the text of its versions, ten before two."""

    named: ClassVar[tuple[str, ...]] = ("A07", "A08")

    def place(self, entry: Entry) -> str:
        return str(entry.version)


class TruthsAsNumbers(Rewriting):
    """Keeps true and false as one and zero."""

    named: ClassVar[tuple[str, ...]] = ("D06",)

    def changed(self, commit: Commit) -> Commit:
        return rewritten(commit, lambda body: body.replace(b":true", b":1").replace(b":false", b":0"))


class DatesAsMoments(Rewriting):
    """Keeps a day as the beginning of it."""

    named: ClassVar[tuple[str, ...]] = ("D02",)

    def changed(self, commit: Commit) -> Commit:
        return rewritten(commit, lambda body: re.sub(rb'"(\d{4}-\d\d-\d\d)"', rb'"\1T00:00:00"', body))


class TextBodies(Rewriting):
    """Keeps bodies as text, and replaces what is none."""

    named: ClassVar[tuple[str, ...]] = ("D05", "D11")

    def changed(self, commit: Commit) -> Commit:
        return rewritten(commit, lambda body: body.decode(errors="replace").encode())


class NarrowBodies(Rewriting):
    """Keeps bodies in an encoding that knows fewer characters."""

    named: ClassVar[tuple[str, ...]] = ("D07",)

    def changed(self, commit: Commit) -> Commit:
        return rewritten(
            commit, lambda body: body.decode().encode("latin-1", errors="replace").decode("latin-1").encode()
        )


class ShallowBodies(Rewriting):
    """Takes empty lists and mappings for nothing."""

    named: ClassVar[tuple[str, ...]] = ("D10",)

    def changed(self, commit: Commit) -> Commit:
        return rewritten(commit, lambda body: body.replace(b"[]", b"null").replace(b"{}", b"null"))


class CutsBodies(Rewriting):
    """Cuts a body at a megabyte."""

    named: ClassVar[tuple[str, ...]] = ("D13",)

    def changed(self, commit: Commit) -> Commit:
        return rewritten(commit, lambda body: body[: 2**20 - 1])


class SubjectsByName(InMemory):
    """Orders subjects as texts, the tenth before the second."""

    named: ClassVar[tuple[str, ...]] = ("D10",)

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        return tuple(sorted(super().personal(tenant, pilot_id), key=lambda one: one.subject))


class DriversTypes(InMemory):
    """Gives bodies as the driver gives them, in a type of its own."""

    named: ClassVar[tuple[str, ...]] = ("D12", "A13")

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        found = super().history(tenant, pilot_id, after=after, upto=upto)
        return (replace(one, body=cast("bytes", bytearray(one.body))) for one in found)


class AcceptsNaive(InMemory):
    """Takes a moment without a zone for one in UTC."""

    named: ClassVar[tuple[str, ...]] = ("D01",)

    def find(self, query: Query) -> Page:
        if query.updated_after is not None and query.updated_after.tzinfo is None:
            query = evolve(query, updated_after=query.updated_after.replace(tzinfo=UTC))
        return super().find(query)
