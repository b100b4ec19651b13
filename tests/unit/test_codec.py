import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import Pause, Raised, Record, Signature, Told, Track, Visit
from proeftuin.core.structs import names, replace
from proeftuin.errors import BadArgument, CorruptStore
from tests.stores import BEGAN, changed, opened, started, written

FIRST = started("p1")


def record(number: int, **data: Any) -> Record:
    return Record(
        f"placement-{number}",
        "placement",
        freeze(data),
        "acme",
        "ann",
        "hr",
        BEGAN,
        date(2026, 1, 5),
        1,
        date(2026, 1, 6),
    )


def parts(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, dict):
        for item in value.values():
            yield from parts(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from parts(item)
    else:
        for name in names(type(value)):
            yield from parts(getattr(value, name))


def test_canonical_json_has_one_form() -> None:
    """Keys come by code point, without white space, in UTF-8."""
    value = {"b": [1, True, None], "a": {"\U0001f600": "é", "\uffff": -(2**63)}}
    expected = '{"a":{"\uffff":-9223372036854775808,"\U0001f600":"é"},"b":[1,true,null]}'
    assert expected.encode() == codec.canonical(value)


def test_order_of_keys_does_not_matter() -> None:
    """Two mappings with the same content have the same bytes."""
    assert codec.canonical({"a": 1, "b": 2}) == codec.canonical({"b": 2, "a": 1})


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        2**63,
        -(2**63) - 1,
        10**40,
        float("nan"),
        b"bytes",
        {1, 2},
        Decimal("1.10"),
        BEGAN,
        UUID(int=1),
        {"deep": [{"list": (1.0,)}]},
        {1: "one"},
        {None: 1},
        "\ud800",
        {"\ud800": 1},
        object(),
    ],
)
def test_what_is_not_kept_exactly_is_refused(value: Any) -> None:
    """Floats, bytes, sets, decimals, moments, other keys than text, and half surrogates are refused."""
    with pytest.raises(BadArgument):
        codec.canonical({"value": value})


def test_a_float_is_named_by_its_place() -> None:
    """The message says in which field the float stands."""
    with pytest.raises(BadArgument, match=r"value\.rows\.hours"):
        codec.canonical({"rows": {"hours": 1.5}})


def test_an_endless_nesting_is_refused() -> None:
    """Data nested deeper than the interpreter can follow is a bad argument."""
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises((BadArgument, RecursionError)):
        codec.canonical(value)


def test_an_event_comes_back_as_it_went_in() -> None:
    """Every field of an event, nested data included, is equal after decoding, and frozen."""
    event = started("p1", ref="r", set={"rows": [{"a": "1.10"}, {}], "none": None, "yes": True, "n": 2**63 - 1})
    sealed, entry = codec.seal(event, codec.genesis("p1"))
    back = codec.decode_event(entry.body, entry.digest)
    assert sealed == back
    assert [] == [part for part in parts(back.data) if type(part) in (dict, list)]
    assert back.at.tzinfo is UTC


def test_a_body_holds_every_field_but_the_digest() -> None:
    """The hashed bytes hold all keys, absent ones as null, and not the digest itself."""
    fields = json.loads(codec.encode_event(FIRST))
    expected = "actor at data key on pilot_id role track trigger type version"
    assert expected.split() == list(fields) == sorted({*names(Event)} - {"digest"})
    assert fields["key"] is None
    assert ("2026-01-05T10:00:00.000001Z", "2026-01-05") == (fields["at"], fields["on"])


@pytest.mark.parametrize(
    "changes",
    [
        {"at": datetime(2026, 1, 5, 9)},  # noqa: DTZ001  # the naive moment is what is refused
        {"at": datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=1)))},
        {"on": BEGAN},
        {"data": FrozenDict(hours=1.5)},
        {"data": FrozenDict(day=date(2026, 1, 5))},
        {"actor": "\udc00"},
    ],
)
def test_an_event_that_would_not_come_back_is_refused(changes: dict[str, Any]) -> None:
    """A moment outside UTC, a moment for a day, a float, a bare date and half a surrogate are refused."""
    with pytest.raises(BadArgument):
        codec.encode_event(replace(FIRST, **changes))


def test_the_chain_is_what_the_documentation_says() -> None:
    """A digest is the SHA-256 of the domain, the previous digest and the body; the first follows on the pilot's id."""
    sealed, entry = codec.seal(FIRST, codec.genesis("p1"))
    before = sha256(b"p1").digest()
    assert sha256(b"proeftuin/1" + before + entry.body).hexdigest() == entry.digest == sealed.digest
    assert (1, "pilot.started") == (entry.version, entry.type)


def test_equal_events_of_two_pilots_have_different_digests() -> None:
    """The pilot is part of the body and of the beginning of the chain."""
    assert codec.chain(codec.genesis("a"), b"{}") != codec.chain(codec.genesis("b"), b"{}")


def test_a_pilot_comes_back_as_it_went_in() -> None:
    """A head with tracks, records, votes, roles and clocks is equal after decoding, and frozen through and through."""
    _, pilot = written(None, FIRST)
    _, pilot = written(pilot, opened(pilot, "acme", "invited"))
    pilot = replace(
        pilot,
        outcome="embedded",
        signatures=(Signature("sign", "acme", "client_owner", "ann", "willing", freeze({"cap": ["1", {"x": 2}]})),),
        kept=FrozenDict(placement=(record(1, kind="training"), record(2, rows=[{"hours": "7.50"}], none=None))),
        tracks=FrozenDict(
            acme=Track(
                "acme",
                "supplier",
                "acme",
                "agreed",
                date(2026, 2, 1),
                date(2026, 2, 3),
                (Visit("a", date(2026, 1, 9)), Visit("b", date(2026, 2, 1), FrozenDict(x=1))),
            )
        ),
        entered=FrozenDict(exploring=date(2026, 1, 5), engaging=date(2026, 2, 1)),
        pauses=(Pause(date(2026, 1, 6), date(2026, 1, 9)), Pause(date(2026, 2, 2))),
        told=FrozenDict(
            {
                "check_in": Told(date(2026, 1, 5)),
                "talks:acme": Told(date(2026, 2, 1), ("a", "b"), ("hr",), ("ann",), date(2026, 2, 9)),
            }
        ),
        signals=(Raised("stalled", "check_in", date(2026, 2, 2)),),
    )
    back = codec.decode_pilot(codec.encode_pilot(pilot))
    assert pilot == back
    assert [] == [part for part in parts(back) if type(part) in (dict, list)]
    assert codec.encode_pilot(pilot) == codec.encode_pilot(back)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"data":3}', b"[" * 100_000, codec.encode_event(FIRST)[:-1] + b"}}"],
)
def test_a_bad_body_is_named_by_its_place(body: bytes) -> None:
    """Bytes that are no event, head or receipt are a corrupt store, told with pilot and version."""
    with pytest.raises(CorruptStore, match="event 7 of pilot 'p1'"):
        codec.decode_event(body, "", pilot_id="p1", version=7)
    with pytest.raises(CorruptStore, match="the head of pilot 'p1'"):
        codec.decode_pilot(body, pilot_id="p1")


def test_a_bad_receipt_is_named_by_its_place() -> None:
    """A receipt that cannot be read is a corrupt store, told with the place that the caller gives."""
    with pytest.raises(CorruptStore, match="the receipt of 'p1'"):
        codec.decode(b"{", place="the receipt of 'p1'")


def test_plain_data_comes_back() -> None:
    """What a receipt holds is equal after decoding."""
    value = {"a": [1, None, True, {"b": "1.10"}], "c": {}}
    assert value == codec.decode(codec.canonical(value))


def test_a_receipt_and_a_fingerprint_are_of_canonical_json() -> None:
    """However they are made, their bytes are those of plain data: those of earlier versions are still the same."""
    kept: dict[str, Any] = {
        "after": 1,
        "upto": 2,
        "warnings": [{"b": 1, "a": "\u00e9"}],
        "pending": ["hr"],
        "started": None,
    }
    assert codec.canonical(kept) == codec.encode_receipt(**kept)
    command = {"trigger": "tell", "track": "acme", "data": {"b": 1, "a": None}, "actor": "ann"}
    told = codec.fingerprint("tell", "acme", {"b": 1, "a": None}, "ann")
    assert sha256(codec.canonical(command)).hexdigest() == told


def test_a_fingerprint_tells_commands_apart() -> None:
    """Another trigger, track, data or actor gives another fingerprint; nothing is confused by where a word stands."""
    given = [
        ("ab", "c", None, "x"),
        ("a", "bc", None, "x"),
        ("ab", None, None, "x"),
        ("ab", "c", {}, "x"),
        ("ab", "c", {"n": 1}, "x"),
        ("ab", "c", {"n": True}, "x"),
        ("ab", "c", {"n": "1"}, "x"),
        ("ab", "c", None, "y"),
    ]
    assert len(given) == len({codec.fingerprint(*one) for one in given})


def test_a_fingerprint_takes_values_and_their_text_alike() -> None:
    """A date or decimal and the text that the log keeps of it are the same command."""
    typed = {"start": date(2026, 1, 5), "hours": Decimal("7.50"), "rows": [{"n": 1}]}
    text = {"start": "2026-01-05", "hours": "7.50", "rows": ({"n": 1},)}
    assert codec.fingerprint("t", None, typed, "a") == codec.fingerprint("t", None, text, "a")


def test_decoding_does_not_share_state() -> None:
    """Two decodings of the same body are equal and apart."""
    body = codec.encode_event(changed(written(None, FIRST)[1]))
    assert codec.decode_event(body, "a").digest != codec.decode_event(body, "b").digest
