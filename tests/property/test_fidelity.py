"""Every store gives back what it was given, or refuses it as all the others do: memory beside each database."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin import Actor, Engine, codec, load_workflow
from proeftuin.core.frozen import freeze
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, PilotExists, ProeftuinError
from proeftuin.spi import Commit, Personal, Query, Receipt, Store
from tests.property.kinds import opened
from tests.property.pilots import BEGAN, Clock, Ids
from tests.property.test_round_trips import HOSTILE, same
from tests.property.values import Made
from tests.scale import scaled
from tests.stores import TENANT, begin, changed, everything, started, stored, with_digest, written

BATCH = 500
REFUSAL = 2  # parts: the class and the words; an answer has more
SIMILAR = ("abc", "ABC", "abc ", " abc", "ábc", "a\u0301bc", "ａｂｃ", "straße", "strasse", "ı", "i", "K", "\u212a")  # noqa: RUF001  # meant
IMPOSSIBLE = ("", "\0", "nul\0inside", "half \ud800", "x" * 256, "x" * 10_001)
VALUES = {"memory": scaled(100_000), "sqlite": scaled(100_000), "postgresql": scaled(10_000), "mariadb": scaled(10_000)}


@frozen
class Two:
    """A store in memory, and one of another kind, on which the same is done."""

    memory: Store
    other: Store


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mariadb"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("fidelity")
        yield Two(opened("memory", stack, folder), opened(request.param, stack, folder))


# -- values in data ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", VALUES)
def test_a_hundred_thousand_values_come_back(kind: str, tmp_path: Path) -> None:
    """Values of every kind come back from event and head, in every type, and each store holds the same digests."""
    with ExitStack() as stack:
        store, memory = opened(kind, stack, tmp_path), opened("memory", stack, tmp_path)
        pilot, seen = begin(store), 0
        begin(memory)
        while seen < VALUES[kind]:
            values = Made(pilot.version).values(BATCH)
            commit, pilot = written(pilot, changed(pilot, **{f"{place}": one for place, one in enumerate(values)}))
            for each in (memory, store):
                each.append(commit)
            seen += check(store, pilot, commit, values)
        assert everything(memory, "p1") == everything(store, "p1")


def check(store: Store, pilot: Pilot, commit: Commit, values: list[Any]) -> int:
    """Read a batch back in both ways; how many values it had."""
    (entry,) = store.history(TENANT, "p1", after=commit.expected)
    read = codec.decode_event(entry.body, entry.digest).data["set"]
    found = stored(store)
    assert found is not None
    for place, value in enumerate(values):
        expected = freeze(value)
        assert same(expected, read[f"{place}"]), repr(value)
        assert same(expected, found.data[f"{place}"]), repr(value)
    assert (pilot, pilot.digest, commit.entries) == (found, entry.digest, (entry,))
    return len(values)


# -- names and instants --------------------------------------------------------------------------------------------

NAMES = ("pilot_id", "tenant", "ref", "key", "state", "phase", "outcome", "hold", "organisation", "programme",
         "track_state", "workflow", "subject", "person")  # fmt: skip
texts = st.one_of(
    st.sampled_from([*HOSTILE, "x" * 255, "x" * 256, "é" * 255, "\U0001f600" * 255, "\U0001f600" * 256, "\ud800"]),
    st.text(st.characters(exclude_categories=[]), max_size=300),
    st.text(min_size=1, max_size=20),
)
zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.one_of(
    st.datetimes(timezones=zones, min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001  # the zone is drawn
    st.just(datetime(2026, 10, 25, 2, 30, fold=1)),  # noqa: DTZ001  # without a zone, to be refused
    st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), BEGAN]),
)


def named(names: dict[str, str], at: datetime, salt: bytes) -> Commit:
    """A commit with these names in their places."""
    good, _ = written(None, started("p1"))
    pilot_id = names.get("pilot_id", "p1")
    words: dict[str, Any] = {name: names[name] for name in NAMES[4:10] if name in names}
    words |= {"id": pilot_id, "ref": names.get("ref"), "created_at": at, "updated_at": at}
    words["track_states"] = (names.get("track_state", "a"),)
    if "workflow" in names:
        words["workflow"] = f"{names['workflow']}@7"
    return replace(
        good,
        tenant=names.get("tenant", TENANT),
        pilot_id=pilot_id,
        head=replace(good.head, summary=replace(good.head.summary, **words)),
        receipts=(Receipt(names.get("key", "k"), "f" * 64, salt),),
        personal=(Personal(names.get("subject", "s1"), names.get("person", "ann"), salt),),
    )


def worded(place: str, word: str) -> Commit:
    """A commit with a word in the place of one that the library makes itself."""
    good, _ = written(None, started("words"), receipt=Receipt("k", "f" * 64, b""))
    if place == "fingerprint":
        return replace(good, receipts=(Receipt("k", word, b""),))
    if place == "head":
        return replace(good, head=with_digest(good.head, word))
    (entry,) = good.entries
    return replace(good, entries=(replace(entry, type=word) if place == "type" else replace(entry, digest=word),))


def answer(store: Store, commit: Commit) -> tuple[Any, ...]:
    """What a store says to a commit, and what it then finds by each of its names; or how it refuses."""
    summary, (receipt,) = commit.head.summary, commit.receipts
    try:
        store.append(commit)
    except ProeftuinError as error:
        return type(error), str(error)
    queries = [
        Query(commit.tenant, **{name: getattr(summary, name)})
        for name in ("workflow", "state", "phase", "organisation", "programme", "ref")
        if getattr(summary, name) is not None
    ]
    queries.append(Query(commit.tenant, track_state=summary.track_states[0]))
    queries.append(Query(commit.tenant, updated_after=summary.updated_at))
    return (
        store.load(commit.tenant, commit.pilot_id, key=receipt.key),
        list(store.history(commit.tenant, commit.pilot_id)),
        store.personal(commit.tenant, commit.pilot_id),
        [[one.id for one in store.find(query).items] for query in queries],
    )


def test_names_and_instants_are_kept_or_refused_alike(two: Two) -> None:
    """Any names, instants and bytes come back and are found from each database as from memory, or are refused alike."""
    answers = Counter[bool]()

    @given(st.dictionaries(st.sampled_from(NAMES), texts, max_size=4), texts, moments, st.binary(max_size=9))
    @settings(max_examples=scaled(300))
    def agree(names: dict[str, str], pilot_id: str, at: datetime, salt: bytes) -> None:
        commit = named({**names, "pilot_id": pilot_id}, at, salt)
        found = answer(two.memory, commit)
        assert found == answer(two.other, commit)
        answers[len(found) > REFUSAL] += 1

    agree()
    assert min(answers[True], answers[False]) > 10


def test_each_name_is_judged_alike(two: Two) -> None:
    """Each hostile text in the place of each name is kept and found, or refused, as it is in memory."""
    everywhere = [dict.fromkeys(NAMES, text) for text in (*HOSTILE, *SIMILAR, *("é" * size for size in (254, 255)))]
    somewhere = [{"pilot_id": "p9", name: text} for text in IMPOSSIBLE for name in NAMES]
    for names in (*everywhere, *somewhere):
        commit = named(names, BEGAN, b"")
        found = answer(two.memory, commit)
        assert found == answer(two.other, commit)
    assert PilotExists is answer(two.other, named(everywhere[1], BEGAN, b""))[0]


@pytest.mark.parametrize("place", ["fingerprint", "head", "type", "digest"])
def test_each_word_is_judged_alike(two: Two, place: str) -> None:
    """What is too long, empty or no text in the place of a digest, type or fingerprint is refused as in memory."""
    for word in ("x" * 65, "\U0001f600" * 65, "", "\0", "\ud800"):
        found = answer(two.memory, worded(place, word))
        assert (BadArgument, found) == (found[0], answer(two.other, worded(place, word)))


# -- through the engine --------------------------------------------------------------------------------------------

FLOW = """
format: 1
workflow: keeping
version: 1
label: {en: Keeping, nl: Bewaren}
timezone: Europe/Amsterdam
roles:
  lead: {side: client, label: {en: Lead, nl: Projectleider}}
start: {to: open, allow: [lead], data: {title: {type: text}, organisation: {type: text}}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: close, from: open, to: closed, allow: [lead], label: {en: Close, nl: Sluiten}}
  - trigger: keep
    from: open
    allow: [lead]
    label: {en: Keep, nl: Bewaren}
    data:
      text: {type: text}
      whole: {type: integer}
      number: {type: decimal}
      day: {type: date}
      flag: {type: boolean}
      link: {type: url}
      who: {type: person}
      texts: {type: list, of: text}
      wholes: {type: list, of: integer}
      numbers: {type: list, of: decimal}
      days: {type: list, of: date}
      rows: {type: list, of: {a: {type: text}, b: {type: decimal}, c: {type: integer}}}
      map: {type: map}
"""
FIELDS = ("text", "whole", "number", "day", "flag", "link", "who", "texts", "wholes", "numbers", "days", "rows", "map")
LEAD = Actor("ann", roles={"lead"})
anything = st.one_of(
    st.integers(0, 10**6).map(lambda seed: Made(seed).value()),
    st.sampled_from([*HOSTILE, *(2**63 + off for off in (-1, 0, 1)), 2**64, -(2**63) - 1, 10**40, 1.5, float("nan")]),
    st.sampled_from([b"bytes", {1, 2}, BEGAN, object, "\ud800", {1: 2}, [[[]]]]),
    st.sampled_from(["x" * size for size in (10_000, 10_001, 70_000)]),
    st.decimals() | st.floats() | st.text() | st.dates() | st.binary(max_size=3),
    st.lists(st.integers() | st.text() | st.decimals(), max_size=5),
)
made = st.integers(0, 10**9).map(Made)
fitting = st.fixed_dictionaries(
    {},
    optional={
        "text": texts,
        "whole": made.map(Made.integer),
        "number": made.map(Made.number) | st.decimals(-1000, 1000, places=2),
        "day": made.map(Made.day),
        "flag": st.booleans(),
        "texts": st.lists(texts, max_size=3),
        "rows": st.lists(st.fixed_dictionaries({"a": texts, "b": made.map(Made.number)}), max_size=3),
        "map": st.dictionaries(texts, texts, max_size=2),
    },
)


@frozen
class Engines:
    """An engine on a store in memory and one on a store of another kind, whose clocks and ids say the same."""

    memory: Engine
    other: Engine


@pytest.fixture(scope="module")
def engines(two: Two) -> Engines:
    workflow = load_workflow(FLOW)
    made = []
    for store in (two.memory, two.other):
        made.append(Engine(store, workflows=[workflow], time=Clock(), ids=Ids(), tenant="engine"))
        made[-1].start("keeping", actor=LEAD, data={"title": "t"}, id="p1")
    return Engines(*made)


def said(engine: Engine, data: dict[str, Any], key: str | None) -> tuple[Any, ...]:
    """What an engine says to a command, and what it then reads from its store; or how it refuses."""
    try:
        result = engine.fire("p1", "keep", actor=LEAD, data=data, key=key)
    except ProeftuinError as error:
        return type(error), str(error)
    event = next(engine.history("p1", after=result.pilot.version - 1))  # others follow where a key was used before
    return result.pilot, result.events, event, event.digest


def test_commands_are_kept_or_refused_alike(engines: Engines) -> None:
    """Whatever is said to the engine is kept with the same digest on each database as in memory, or refused alike."""
    answers = Counter[bool]()

    @given(fitting | st.dictionaries(st.sampled_from((*FIELDS, "unknown")), anything, max_size=3), st.none() | texts)
    @settings(max_examples=scaled(300))
    def agree(data: dict[str, Any], key: str | None) -> None:
        found = said(engines.memory, data, key)
        assert found == said(engines.other, data, key)
        answers[len(found) > REFUSAL] += 1

    agree()
    assert min(answers[True], answers[False]) > 10


def test_fields_of_each_type_come_back_through_the_engine(engines: Engines) -> None:
    """Thousands of texts, numbers and days given to the engine are read back from each store as they were given."""
    made, kept = Made(7), 0
    while kept < scaled(10_000):
        data: dict[str, Any] = {
            "texts": [text for text in (made.text() for _ in range(120)) if "\0" not in text and text],
            "wholes": [made.integer() for _ in range(60)],
            "numbers": [made.number() for _ in range(60)],
            "days": [made.day() for _ in range(60)],
        }
        answers = [said(engine, data, None) for engine in (engines.memory, engines.other)]
        assert answers[0] == answers[1]
        event = answers[0][2]
        for name, values in data.items():
            assert same(freeze(values), event.data["set"][name])
            kept += len(values)
