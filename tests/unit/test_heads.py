from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from proeftuin import codec
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.structs import replace
from proeftuin.heads import Heads, head
from proeftuin.spi import UNTIMED, Timing
from proeftuin.storage.memory import MemoryStore
from tests.stores import TENANT, started, written

_, BEGUN = written(None, started("p1"))


def record(kind: str, number: int, note: str) -> Record:
    data = FrozenDict({"note": note})
    return Record(f"{kind}-{number}", kind, data, None, "ann", "lead", BEGUN.created_at, BEGUN.since, 1, BEGUN.since)


# What may happen to the records of one type: one is added, one is changed, the first or all are dropped.
STEPS = st.lists(st.tuples(st.sampled_from("aaaacdx"), st.sampled_from(("lesson", "goal")), st.text(max_size=3)))


def stepped(pilot: Pilot, what: str, kind: str, note: str) -> Pilot:
    kept = pilot.kept.get(kind, ())
    if what == "a":
        kept = (*kept, record(kind, len(kept) + 1, note))
    elif what == "c":
        kept = (*kept[:-1], *(replace(one, data=FrozenDict({"note": note})) for one in kept[-1:]))
    else:
        kept = kept[1:] if what == "d" else ()
    return replace(pilot, kept=FrozenDict({**pilot.kept, kind: kept}), version=pilot.version + 1)


@given(STEPS)
def test_a_head_encoded_in_parts_is_the_same_head(steps: list[tuple[str, str, str]]) -> None:
    """Whatever happens to records, the bytes that reuse the last encoding are those that do not."""
    pilot, parts = BEGUN, codec.Parts()
    for step in steps:
        pilot = stepped(pilot, *step)
        moved = replace(pilot, state="elsewhere")  # its records stay as they are
        assert codec.encode_pilot(pilot) == codec.encode_pilot(pilot, parts)
        assert codec.encode_pilot(moved) == codec.encode_pilot(moved, parts)


def test_the_parts_of_a_head_are_forgotten_with_it() -> None:
    """A head that leaves the cache, for room or after a lost race, takes what its encoding left with it."""
    heads = Heads(MemoryStore(), TENANT, 2)
    pilots = [replace(BEGUN, id=name) for name in ("p1", "p2", "p3")]
    assert [head(one) for one in pilots] == [heads.encoded(one, UNTIMED) for one in pilots]
    assert {} == heads._parts
    for one in pilots:
        heads.put(one, UNTIMED)
        heads.encoded(one, UNTIMED)
    assert ["p2", "p3"] == list(heads._parts)
    heads.drop("p3")
    assert ["p2"] == list(heads._parts)


SOON = Timing(datetime(2026, 3, 3, tzinfo=UTC), None, "-")


def test_a_timing_is_that_of_a_version() -> None:
    """What is known of the terms of a pilot holds for the version that was read, and no older one replaces it."""
    heads = Heads(MemoryStore(), TENANT, 2)
    older = replace(BEGUN, version=BEGUN.version - 1)
    heads.put(BEGUN, SOON)
    heads.put(older, UNTIMED)
    assert (SOON, UNTIMED) == (heads.timing(BEGUN), heads.timing(older))
    heads.put(BEGUN, UNTIMED)
    assert UNTIMED == heads.timing(BEGUN)


def test_the_timings_of_pilots_go_with_their_heads() -> None:
    """However many pilots are read, no more timings are held than heads may be, and without a cache the last alone."""
    heads, none = Heads(MemoryStore(), TENANT, 2), Heads(MemoryStore(), TENANT, 0)
    pilots = [replace(BEGUN, id=name) for name in ("p1", "p2", "p3")]
    for one in pilots:
        heads.put(one, SOON)
        none.put(one, SOON)
    assert [UNTIMED, SOON, SOON] == [heads.timing(one) for one in pilots]
    assert [UNTIMED, UNTIMED, SOON] == [none.timing(one) for one in pilots]
    heads.drop("p3")
    assert UNTIMED == heads.timing(pilots[2])
