"""Hostile values through the codec by itself, and through each store: they come back in every type, or are refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import PAUSED, RUNNING, Pause, Pilot, Raised, Record, Signature, Told, Track, Visit
from proeftuin.core.structs import names as fields_of
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, CorruptStore
from proeftuin.spi import Personal, Query, Receipt, Store
from proeftuin.storage import open_store
from proeftuin.storage.verify import verify
from tests.scale import scaled
from tests.stores import TENANT, changed, path_url, started, stored, written

HOSTILE = (
    "", " ", "\t\r\n", "\0", "null", "None", "true", "1", "1.10", "-0", "1e5", "NaN", "0x7f", "'", '"', "`", "\\",
    "\\u0000", "' OR 1=1 --", "; DROP TABLE pilots", "${x}", "{{x}}", "%s%n", "%", "_", "../../etc", "C:\\con",
    "<script>", "]]>", "&amp;", "=1+1", "\u202eabc", "\ufeff", "\u200b", "é", "e\u0301", "ß", "\u0130", "\U0001f600",
    "\U0010ffff", "\ud7ff", "\ue000", "Z\u0351\u036b", "\u0628\u0633", "田中", "\x7f", "\x1b[31m", "a" * 10_000,
    ":1.5", '":1.5,', "[1.5", "2026-01-05",
)  # fmt: skip

# Text as Unicode has it, without halves of surrogate pairs.
text = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=255)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), text)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=4)),
    max_leaves=12,
).map(freeze)
data = st.dictionaries(text, values, max_size=6).map(freeze)
days = st.dates()
moments = st.datetimes(timezones=st.just(UTC))
maybe = st.none() | text
later = st.none() | days

events = st.builds(
    Event, text, st.integers(1, 2**63 - 1), text, moments, days, text, text, text, maybe, data, maybe, st.just("")
)
records = st.builds(Record, text, text, data, maybe, text, text, moments, days, st.integers(1, 99), days, later, later)
visits = st.lists(st.builds(Visit, text, days, data), min_size=1, max_size=3).map(tuple)
tracks = st.builds(Track, text, text, text, text, days, days, visits)
words = st.lists(text, max_size=3).map(tuple)
votes = st.builds(Signature, text, maybe, text, text, text, data)


def frozen(items: st.SearchStrategy[Any]) -> st.SearchStrategy[FrozenDict]:
    return st.dictionaries(text, items, max_size=3).map(FrozenDict)


pilots = st.builds(
    Pilot,
    id=text,
    ref=maybe,
    workflow=text,
    version=st.integers(1, 2**63 - 1),
    digest=text,
    state=text,
    phase=text,
    outcome=maybe,
    hold=st.sampled_from([RUNNING, PAUSED]),
    cycle=st.integers(1, 99),
    data=data,
    tracks=frozen(tracks),
    signatures=st.lists(votes, max_size=2).map(tuple),
    kept=frozen(st.lists(records, max_size=3).map(tuple)),
    counts=frozen(st.integers(0, 10**6)),
    acted_as=frozen(st.lists(text, max_size=2).map(tuple)),
    starter=text,
    since=days,
    cycle_since=days,
    last_move=days,
    created_at=moments,
    updated_at=moments,
    progress=days,
    entered=frozen(days),
    pauses=st.lists(st.builds(Pause, days, later), max_size=2).map(tuple),
    told=frozen(st.builds(Told, days, words, words, words, later)),
    signals=st.lists(st.builds(Raised, text, text, days), max_size=2).map(tuple),
)


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all the way down, since `True == 1` and a list is no tuple."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if fields := fields_of(type(one)):
        return all(same(getattr(one, field), getattr(other, field)) for field in fields)
    return bool(one == other)


@given(events)
@settings(max_examples=scaled(200))
def test_every_event_comes_back(event: Event) -> None:
    """A decoded event equals the one that was encoded, in every type too, and encodes to the same bytes."""
    sealed, entry = codec.seal(event, codec.genesis("p"))
    back = codec.decode_event(entry.body, entry.digest)
    assert same(sealed, back)
    assert entry.body == codec.encode_event(back)


@given(pilots)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_pilot_comes_back(pilot: Pilot) -> None:
    """A decoded head equals the one that was encoded, in every type too, and encodes to the same bytes."""
    body = codec.encode_pilot(pilot)
    back = codec.decode_pilot(body)
    assert same(pilot, back)
    assert body == codec.encode_pilot(back)


@given(
    st.recursive(
        st.one_of(scalars, st.integers(), st.floats(), st.binary(max_size=3), st.decimals(), days, st.text(max_size=3)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.one_of(text, st.integers()), inner, max_size=3),
        max_leaves=8,
    )
)
@settings(max_examples=scaled(200))
def test_what_is_accepted_is_exact(value: Any) -> None:
    """Any value is either refused as a bad argument, or comes back equal."""
    try:
        body = codec.canonical(value)
    except BadArgument:
        return
    assert same(freeze(value), freeze(codec.decode(body)))


@given(st.binary(max_size=60) | text.map(str.encode))
@settings(max_examples=scaled(200))
def test_any_bytes_are_read_or_told(body: bytes) -> None:
    """Bytes from anywhere are data or a corrupt store, and nothing else."""
    for read in (codec.decode, codec.decode_pilot, lambda given: codec.decode_event(given, "")):
        try:
            read(body)
        except CorruptStore:
            continue


@given(st.lists(st.tuples(text, maybe, st.none() | data, text), min_size=2, max_size=2))
def test_fingerprints_tell_commands_apart(commands: list[tuple[Any, ...]]) -> None:
    """Two commands have the same fingerprint only where they are the same."""
    one, other = commands
    assert same(freeze(one), freeze(other)) is (codec.fingerprint(*one) == codec.fingerprint(*other))


@given(days, st.decimals(allow_nan=False, allow_infinity=False))
def test_a_value_and_its_text_are_one_command(day: date, number: Decimal) -> None:
    """A date or decimal and the text that the log keeps of it have the same fingerprint."""
    typed, told = {"day": day, "number": number}, {"day": day.isoformat(), "number": freeze(number)}
    assert codec.fingerprint("t", None, typed, "a") == codec.fingerprint("t", None, told, "a")


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("round-trips")
    made = open_store("memory://" if request.param == "memory" else path_url(folder / "pilots.db"))
    yield made
    made.close()


@given(
    pilot_id=names,
    content=data,
    key=names,
    organisation=maybe.filter(lambda one: one is None or "\0" not in one),
    subject=names,
    salt=st.binary(max_size=20),
    at=st.datetimes(timezones=st.just(UTC)),
)
@settings(max_examples=scaled(150))
def test_what_is_stored_comes_back(
    store: Store,
    *,
    pilot_id: str,
    content: FrozenDict,
    key: str,
    organisation: Any,
    subject: str,
    salt: bytes,
    at: datetime,
) -> None:
    """Ids, keys, refs, data, bytes and moments come back from a store as they went in, and the chain holds."""
    if store.load(TENANT, pilot_id) is not None:
        return
    begun = replace(started(pilot_id, set=freeze({"organisation": organisation, "content": content})), at=at)
    receipt, personal = Receipt(key, "f" * 64, salt), Personal("s1", subject, salt)
    commit, pilot = written(None, begun, receipt=receipt, personal=(personal,))
    store.append(commit)
    more, pilot = written(pilot, changed(pilot, more=content))
    store.append(more)
    assert same(pilot, stored(store, pilot_id))
    assert [*commit.entries, *more.entries] == list(store.history(TENANT, pilot_id))
    assert (receipt, (personal,)) == (store.receipt(TENANT, pilot_id, key), store.personal(TENANT, pilot_id))
    assert [] == list(verify(store, TENANT, pilot_id, replay=replay))
    (found,) = [one for one in store.find(Query(TENANT, limit=10**6)).items if one.id == pilot_id]
    assert (organisation, at) == (found.organisation, found.created_at)
