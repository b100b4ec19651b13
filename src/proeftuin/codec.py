"""The door to msgspec: events, heads and receipts to canonical JSON, and back.

1. Canonical JSON is UTF-8 with keys by code point, no white space, and integers as the only numbers; so equal values
   have equal bytes, and the bytes that are stored are the bytes that are hashed. A head, which nobody hashes, has the
   fields of a pilot and its parts in the order in which their classes name them: to sort them takes half as long again.
2. What would not come back as it went in, from any database, is refused at the door: floats, bytes, sets, moments out
   of UTC, integers of more than 64 bits, half surrogate pairs.
3. The digest of an event is `sha256(b"proeftuin/1" + previous digest (32 bytes) + body)`, where the body is every field
   of the event but `digest`; before the first event stands `sha256(pilot id)`. A digest thus vouches for all before it.
4. An event of a type whose form has changed says its form in its body, and is read in today's (`core.forms`).

What people wrote is read by `definitions`, strictly; here is read only what we wrote ourselves. What is not here: where
bytes are kept (`storage`), whether a chain is whole (`storage.verify`), and what programs are told (`web.api.jsons`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from types import NoneType
from typing import Any, TypeVar
from zlib import compress, decompress
from zlib import error as zlib_error

import attrs
import msgspec

from proeftuin.core import forms, structs
from proeftuin.core.events import Event
from proeftuin.core.frozen import LISTS, MAPPINGS, FrozenDict, freeze
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, CorruptStore
from proeftuin.spi import Entry, Summary

DOMAIN = b"proeftuin/1"
Value = TypeVar("Value")

_SIMPLE = frozenset({str, bool, NoneType})
_INTEGERS = range(-(2**63), 2**63)
_NESTS = frozenset({dict, list})
ADVICE = "; `proeftuin verify` names every place"
"""Said of what cannot be read, but by `verify` itself."""
_UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)  # what msgspec, and `_thaw` inside it, may raise


def _thaw(_: type, value: Any) -> Any:  # noqa: ANN401  # the shape of data is the workflow's business
    """Make a `FrozenDict`, the one type that msgspec does not know; most data is flat, and is then not walked."""
    return FrozenDict(value) if _NESTS.isdisjoint(map(type, value.values())) else freeze(value)


_encode = msgspec.json.Encoder(order="deterministic").encode
"""By the keys of mappings; the fields of classes stay in the order in which those name them."""
_decode_data = msgspec.json.Decoder().decode
_decode_parts = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_event = msgspec.json.Decoder(Event, dec_hook=_thaw).decode
_decode_pilot = msgspec.json.Decoder(Pilot, dec_hook=_thaw).decode


class _Body(structs.Struct):
    """What is hashed of an event: its fields by code point, as canonical JSON has them, and its form if it says one."""

    actor: str
    at: datetime
    data: FrozenDict
    form: int | msgspec.UnsetType
    key: str | None
    on: date
    pilot_id: str
    role: str
    track: str | None
    trigger: str
    type: str
    version: int


class _Receipt(structs.Struct):
    """What a receipt holds; its fields by code point."""

    after: int
    pending: Sequence[str]
    started: str | None
    upto: int
    warnings: Sequence[Mapping[str, Any]]


class _Asked(structs.Struct):
    """What tells commands apart; its fields by code point."""

    actor: str
    data: Any
    track: str | None
    trigger: str


class _Formed(msgspec.Struct):
    """Of the body of an event, what says how the rest is to be read."""

    form: int = 1


_decode_form = msgspec.json.Decoder(_Formed).decode


def _refuse_inexact(value: object, place: str) -> None:
    kind = type(value)
    if kind in _SIMPLE:
        return
    if kind is int:
        if value not in _INTEGERS:
            raise BadArgument(place, "not every database keeps an integer of more than 64 bits; give text")
    elif isinstance(value, LISTS):  # first: to look whether a list is a mapping takes long
        for item in value:
            _refuse_inexact(item, place)
    elif isinstance(value, MAPPINGS):
        if not _SIMPLE.issuperset(map(type, value.values())):
            for key, item in value.items():
                if type(item) not in _SIMPLE:
                    _refuse_inexact(item, f"{place}.{key}")
    else:
        raise BadArgument(place, f"a {kind.__name__} is not kept exactly; give text or an integer")


def _encoded(value: object, place: str) -> bytes:
    try:
        return _encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BadArgument(place, f"it cannot be kept as JSON: {error}") from error


def _read(decode: Callable[[Any], Any], body: object, place: str) -> Any:  # noqa: ANN401  # the caller narrows it
    try:
        return decode(body)
    except _UNREADABLE as error:
        raise CorruptStore(f"{place} cannot be read: {error}{ADVICE}") from error


def canonical(value: object) -> bytes:
    """Return the canonical JSON of text, integers, booleans, None, and mappings and lists of them.

    Raises:
        BadArgument: for anything else; a float has no exact form that all readers share.
    """
    _refuse_inexact(value, "value")
    return _encoded(value, "value")


def encode_receipt(
    *, after: int, upto: int, warnings: Sequence[Mapping[str, Any]], pending: Sequence[str], started: str | None
) -> bytes:
    """Return the canonical JSON of what came of a command: the events from one version to another, and the rest.

    Raises:
        BadArgument: for what is in a warning, and would not come back as it is.
    """
    _refuse_inexact(warnings, "warnings")
    return _encoded(_Receipt(after, pending, started, upto, warnings), "receipt")


def decode(body: bytes, *, place: str = "a receipt") -> Any:  # noqa: ANN401  # plain data of any shape
    """Return the plain data that `canonical` was given: mappings as dicts, lists and tuples as lists.

    Raises:
        CorruptStore: naming `place`.
    """
    return _read(_decode_data, body, place)


def line(values: Mapping[str, object], body: bytes | None = None) -> bytes:
    """Return plain data as a line of JSON; `body`, which is JSON already, stands in it exactly as it is."""
    encoded = canonical(values)
    return encoded + b"\n" if body is None else encoded[:-1] + b',"body":' + body + b"}\n"


def read_line(raw: bytes) -> tuple[dict[str, Any], bytes | None]:
    """Return the data of a line, and its body as it stands there.

    Raises:
        CorruptStore: for what is no line of JSON.
    """
    parts = _read(_decode_parts, raw, "a line")
    body = parts.pop("body", None)
    values = {name: _read(_decode_data, bytes(part), "a line") for name, part in parts.items()}
    return values, None if body is None else bytes(body)


def encode_event(event: Event) -> bytes:
    """Return the canonical JSON of every field of an event but `digest`.

    Raises:
        BadArgument: for what would not come back as it is.
    """
    if event.at.tzinfo is not UTC:
        raise BadArgument("at", f"{event.at} is not in UTC")
    if type(event.on) is not date:
        raise BadArgument("on", f"{event.on!r} is not a date")
    _refuse_inexact(event.data, "data")
    body = _Body(
        event.actor,
        event.at,
        event.data,
        forms.form_of(event.type) if event.type in forms.STEPS else msgspec.UNSET,
        event.key,
        event.on,
        event.pilot_id,
        event.role,
        event.track,
        event.trigger,
        event.type,
        event.version,
    )
    return _encoded(body, "event")


def decode_event(body: bytes, digest: str, *, pilot_id: str = "?", version: int | None = None) -> Event:
    """Return the event whose body this is.

    Args:
        body: as stored.
        digest: as stored beside it; it is not checked here.
        pilot_id: where the body was found; together with `version` only for the message.
        version: where the body was found.

    Raises:
        CorruptStore: naming the place.
    """
    try:
        event: Event = _decode_event(body)
        if event.type in forms.STEPS or b'"form":' in body:
            event = forms.raised(event, _decode_form(body).form)
    except _UNREADABLE as error:
        raise CorruptStore(f"event {version or '?'} of pilot {pilot_id!r} cannot be read: {error}") from error
    structs.force_setattr(event, "digest", digest)  # not shared yet, and a copy costs
    return event


_Kinds = dict[str, tuple[tuple[Record, ...], bytes]]


@attrs.define(eq=False)
class Parts:
    """What the last encoding of a head left: pairs, so that threads that encode one head at once do it no harm.

    Attributes:
        kept: all records that it held, and their JSON; None before the first.
        records: those of each type, and their JSON, since they were first other than before.
    """

    kept: tuple[Mapping[str, tuple[Record, ...]], msgspec.Raw] | None = None
    records: _Kinds = attrs.Factory(dict)


def encode_pilot(pilot: Pilot, parts: Parts | None = None) -> bytes:
    """Return the JSON of a pilot.

    Args:
        pilot: its data comes from events, which were judged when they were encoded.
        parts: what the last encoding of this pilot left, and this one leaves: records that are still the same are not
            encoded again, nor are those that others were added to. Without, a pilot of 300 records takes 0.1 ms.
    """
    if parts is None:
        return _encode(pilot)
    last = parts.kept
    if last is None:  # nothing to compare with, and all at once is quicker
        last = parts.kept = pilot.kept, msgspec.Raw(_encode(pilot.kept))
    elif last[0] is not pilot.kept:  # most moves leave all records as they are
        kinds = {kind: msgspec.Raw(_encoded_records(kind, one, parts.records)) for kind, one in pilot.kept.items()}
        last = parts.kept = pilot.kept, msgspec.Raw(_encode(kinds))
    return _encode(structs.replace(pilot, kept=last[1]))


def _encoded_records(kind: str, records: tuple[Record, ...], parts: _Kinds) -> bytes:
    last, body = parts.get(kind, ((), b"[]"))
    if last is records:
        return body
    if last and records[: len(last)] == last:
        added = _encode(records[len(last) :])
        body = body if added == b"[]" else body[:-1] + b"," + added[1:]
    else:
        body = _encode(records)
    parts[kind] = records, body
    return body


def summary(pilot: Pilot) -> Summary:
    """Return what `find` gives of a pilot."""
    data = pilot.data
    return Summary(
        pilot.id,
        pilot.ref,
        pilot.workflow,
        pilot.version,
        pilot.state,
        pilot.phase,
        pilot.outcome,
        pilot.hold,
        data.get("organisation"),
        data.get("programme"),
        tuple(sorted({track.state for track in pilot.tracks.values()})) if pilot.tracks else (),
        pilot.created_at,
        pilot.updated_at,
        pilot.digest,
        tuple(sorted({one.signal for one in pilot.signals})) if pilot.signals else (),
    )


def decode_pilot(body: bytes, *, pilot_id: str = "?") -> Pilot:
    """Return the pilot whose body this is, frozen through and through.

    Raises:
        CorruptStore: naming the pilot.
    """
    pilot: Pilot = _read(_decode_pilot, body, f"the head of pilot {pilot_id!r}")
    settle(pilot)
    return pilot


def settle(pilot: Pilot) -> None:
    """Freeze the mappings of a pilot that was just read, and that nobody shares yet."""
    for name in ("tracks", "kept", "acted_as", "entered", "told", "laid"):
        structs.force_setattr(pilot, name, FrozenDict(getattr(pilot, name)))


def plain(value: object) -> Any:  # noqa: ANN401  # plain data of any shape
    """Return a value of ours as plain data: moments and days as text, sets and tuples as lists."""
    return msgspec.to_builtins(value, order="sorted")


def from_plain(kind: type[Value], told: object) -> Value:
    """Return the value of which `plain` made this; the mappings of a pilot are yet to be settled.

    Raises:
        CorruptStore: for what is not of that kind.
    """
    return _read(lambda given: msgspec.convert(given, kind, dec_hook=_thaw), told, f"what was sent as {kind}")  # type: ignore[no-any-return]  # it is of that kind


def pack(value: object) -> bytes:
    """Return a value of ours in few bytes."""
    return compress(msgspec.msgpack.encode(value, order="sorted"))


def unpack(kind: type[Value], body: bytes) -> Value:
    """Return the value of which `pack` made this; the mappings of a pilot are yet to be settled.

    Raises:
        CorruptStore: for what is not of that kind.
    """
    return _read(lambda given: _unpacked(kind, given), body, f"what was packed as {kind}")  # type: ignore[no-any-return]  # it is of that kind


def _unpacked(kind: type[Value], body: bytes) -> Value:
    try:
        return msgspec.msgpack.decode(decompress(body), type=kind, dec_hook=_thaw)
    except zlib_error as odd:
        raise ValueError("it was cut off or changed") from odd


def genesis(pilot_id: str) -> str:
    """Return what stands before the first digest of a pilot, in hex."""
    return sha256(pilot_id.encode()).hexdigest()


def chain(previous: str, body: bytes) -> str:
    """Return the digest of a body that follows on a digest, both in hex."""
    return sha256(DOMAIN + bytes.fromhex(previous) + body).hexdigest()


def seal(event: Event, previous: str) -> tuple[Event, Entry]:
    """Return the event with its digest, and the entry to store.

    Args:
        event: not recorded yet.
        previous: the digest of the event before it, `genesis` for the first.
    """
    body = encode_event(event)
    digest = chain(previous, body)
    return replace(event, digest=digest), Entry(event.version, event.type, body, digest)


def fingerprint(trigger: str, track: str | None, data: Mapping[str, object] | None, actor_id: str) -> str:
    """Return what tells one command from another under the same idempotency key, in hex.

    Note:
        A date or decimal and its text are the same data, so they give the same fingerprint.
    """
    given = data if type(data) is FrozenDict else freeze(data)
    _refuse_inexact(given, "data")
    return sha256(_encoded(_Asked(actor_id, given, track, trigger), "command")).hexdigest()


def commitment(ref: str, salt: bytes) -> str:
    """Return the salted commitment to a ref that the first event of its subject holds, in hex."""
    return sha256(salt + ref.encode()).hexdigest()
