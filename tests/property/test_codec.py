"""What is stored comes back as it was, byte for byte; what would not is refused at the door."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin import Result, codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument
from proeftuin.result import keep, recall
from tests.property.pilots import Player, World, made_up
from tests.property.source import Source, sources
from tests.property.story import somewhere
from tests.scale import scaled

MOMENT = datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)
WHOLE = st.integers(-(2**63), 2**63 - 1)
SOUND = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
DATA = st.dictionaries(st.text(max_size=8), SOUND, max_size=5)
UNSOUND = st.sampled_from(
    [1.5, float("nan"), float("inf"), b"bytes", {1, 2}, object(), "\ud800", 2**70, datetime(2026, 1, 1, tzinfo=UTC)]
)


def _event(data: Any, **changes: Any) -> Event:
    fields = {"pilot_id": "p1", "version": 1, "type": "pilot.changed", "at": MOMENT, "on": date(2026, 3, 2)}
    fields |= {"actor": "ann", "role": "hr", "trigger": "tell", "track": None, "data": data, "key": None}
    return Event(**{**fields, **changes})


def _check(world: World, player: Player, pilot_id: str) -> None:
    pilot = world.engine.get(pilot_id)
    for number in range(20):
        call = player.call(pilot, world.clock.now())
        outcome = world.fire(pilot_id, call, key=f"key-{number}")
        if not isinstance(outcome, Result):
            continue
        for event in outcome.events:
            body = codec.encode_event(event)
            assert event == codec.decode_event(body, event.digest)
            assert body == codec.encode_event(codec.decode_event(body, event.digest))
            assert body == _canonical(json.loads(body))
        pilot = outcome.pilot
        head = codec.encode_pilot(pilot)
        again = codec.decode_pilot(head)
        assert pilot == again
        assert head == codec.encode_pilot(again) == _compact(json.loads(head))
        kept = recall(codec.decode(keep(outcome)), pilot, outcome.events)
        assert (outcome.warnings, outcome.pending, outcome.started) == (kept.warnings, kept.pending, kept.started)


def _compact(value: Any, *, sort_keys: bool = False) -> bytes:
    """The standard library's JSON, without white space."""
    return json.dumps(value, sort_keys=sort_keys, separators=(",", ":"), ensure_ascii=False).encode()


def _canonical(value: Any) -> bytes:
    """The standard library's idea of canonical JSON."""
    return _compact(value, sort_keys=True)


@given(data=sources(1_000))
@settings(max_examples=scaled(25))
def test_events_heads_and_receipts_of_an_ordinary_pilot_come_back(data: Source) -> None:
    """Whatever happens under `existing-contract` is decoded to equal values, whose encoding has the same bytes."""
    _check(*somewhere(data))


@given(data=sources(1_300))
@settings(max_examples=scaled(25))
def test_events_heads_and_receipts_of_random_workflows_come_back(data: Source) -> None:
    """Whatever happens under any workflow is decoded to equal values, whose encoding has the same bytes."""
    _check(*made_up(data))


@given(DATA, st.text(min_size=1, max_size=20))
@settings(max_examples=scaled(200))
def test_hostile_values_that_can_be_kept_come_back(value: dict[str, Any], word: str) -> None:
    """Any text, 64-bit integer or nesting in an event, its head and a receipt comes back exactly, in canonical form."""
    data: FrozenDict = freeze(value)
    event = _event(data, actor=word, trigger=word, track=word, key=word)
    body = codec.encode_event(event)
    assert event == codec.decode_event(body, "")
    assert body == _canonical(json.loads(body))
    pilot = evolve(_began(word), event if "set" not in data else _event(FrozenDict()))
    assert pilot == codec.decode_pilot(codec.encode_pilot(pilot))
    assert json.loads(_canonical(value)) == codec.decode(codec.canonical(value))


def _began(word: str) -> Pilot:
    words = {"workflow": word, "hash": "", "state": word, "phase": word, "set": FrozenDict({word: word})}
    pilot = evolve(None, _event(FrozenDict(words), type="pilot.started", version=0))
    record = Record("fact-1", word, FrozenDict({word: word}), word, word, word, MOMENT, MOMENT.date(), 1, MOMENT.date())
    return replace(pilot, kept=FrozenDict({word: (record,)}))


@given(DATA, UNSOUND, st.sampled_from(["value", "nested", "listed", "key"]))
@settings(max_examples=scaled(100))
def test_what_cannot_be_kept_exactly_is_refused(value: dict[str, Any], bad: Any, place: str) -> None:
    """A float, bytes, a set, an integer beyond 64 bits or half a surrogate is a bad argument wherever it stands."""
    if place == "key":
        bad = "\udfff"
    value = {**value, "spoilt": {"nested": {"x": bad}, "listed": [1, bad], "key": {"\udfff": 1}}.get(place, bad)}
    for encode in (codec.canonical, lambda one: codec.encode_event(_event(freeze(one)))):
        with pytest.raises(BadArgument):
            encode(value)


@given(DATA, DATA)
@settings(max_examples=scaled(100))
def test_equal_values_have_equal_bytes(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Two values have the same canonical bytes exactly where they are the same JSON, in whatever order of keys."""
    turned = dict(reversed(one.items()))
    assert codec.canonical(one) == codec.canonical(turned)
    assert (_canonical(one) == _canonical(other)) == (codec.canonical(one) == codec.canonical(other))
