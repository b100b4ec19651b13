"""A, continued: many pilots loaded at once are as if each had been loaded by itself."""

from functools import partial
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from proeftuin import codec
from proeftuin.core.pilot import Pilot
from proeftuin.spi import Bulk, Loaded, Receipt, Wanted
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import ending
from proeftuin.testing.commits import changed, started
from proeftuin.testing.expect import Broken, present, same
from proeftuin.testing.rules import ANSWERS
from proeftuin.testing.threads import all_well, together

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 250  # more than any store asks for in one trip
NAMES = ("p1", "p10", "P1", "p1 ", "\u00e9", "%", "_", "'--", "nobody")


@case("A20", ANSWERS, needs="Bulk")
def many_are_as_one_by_one(bench: Bench) -> None:
    """Each answer is what `load` gives, in the order asked, also for what is unknown, repeated or known already."""
    for number, name in enumerate(NAMES[:-1]):
        pilot = bench.write(None, started(name), receipt=Receipt("key", "f", name.encode()))
        bench.advance(pilot, number % 3)
    wanted = [Wanted(*one) for one in product(NAMES, (None, "key", "KEY"), (None, 0, 1, 2, 3, 9))]
    Random(20).shuffle(wanted)  # the same at every run
    for asked in (wanted, wanted[:1], wanted[:100], wanted[:101], [*wanted, *wanted], [Wanted("p1", "key", 1)] * 3):
        expected = tuple(bench.store.load(bench.tenant, one.pilot_id, key=one.key, have=one.have) for one in asked)
        same(expected, bench.bulk.load_many(bench.tenant, asked), f"load_many of {len(asked)}")
    same((), bench.bulk.load_many(bench.tenant, ()))
    same((None,), bench.bulk.load_many(bench.fresh("tenant"), (Wanted("p1", "key"),)))


@case("A20", ANSWERS, needs="Bulk")
def hundreds_at_once(bench: Bench) -> None:
    """Hundreds of pilots come each in its place, with its own head and its own receipt."""
    names = [f"p{number * 7 % MANY:03}" for number in range(MANY)]
    made = [bench.written(None, started(name), receipt=Receipt("key", "f", name.encode())) for name in names]
    for commits in [made] if bench.store.multi_pilot else [[one] for one in made]:
        bench.append(*(commit for commit, _ in commits))
    found = bench.bulk.load_many(bench.tenant, [Wanted(name, "key") for name in names])
    expected = [Loaded(1, commit.head, commit.receipts[0]) for commit, _ in made]
    same(expected, list(found))
    known = bench.bulk.load_many(bench.tenant, [Wanted(name, None, 1) for name in names])
    same([Loaded(1, None)] * MANY, list(known))


@case("A20", ANSWERS, needs="Bulk")
def each_of_many_is_of_one_moment(bench: Bench) -> None:
    """While others write, version and head of each belong together, and no receipt is missing that its version has."""
    names, last, done = [f"p{number}" for number in range(4)], 30, list[bool]()
    reader = bench.second()
    if not isinstance(reader, Bulk):
        raise Broken("a second client lacks the part Bulk")
    pilots = {name: bench.begin(name) for name in names}

    def write() -> None:
        for version in range(2, last + 1):
            for name in names:
                pilots[name] = _next(bench, pilots[name], version)

    def read(client: Bulk) -> None:
        known = dict.fromkeys(names, 1)
        while not done:
            _look(client, bench.tenant, known)
        _look(client, bench.tenant, known)
        same(dict.fromkeys(names, last), known)

    acts: list[Callable[[], None]] = [ending(write, done), partial(read, reader), partial(read, bench.bulk)]
    all_well(together(acts))


def _next(bench: Bench, pilot: Pilot, version: int) -> Pilot:
    return bench.write(pilot, changed(pilot), receipt=Receipt(f"key-{version}", "f", b""))


def _look(client: Bulk, tenant: str, known: dict[str, int]) -> None:
    """Load all at once, expect each answer to be whole, and note the versions."""
    wanted = [Wanted(name, f"key-{version + 1}", have) for name, version in known.items() for have in (None, version)]
    answers = client.load_many(tenant, wanted)
    for one, answer in zip(wanted, answers, strict=True):
        loaded, before = present(answer, one.pilot_id), known[one.pilot_id]
        if loaded.head is None:
            same(one.have, loaded.version, "the version of a head that did not come")
        else:
            body = codec.decode_pilot(loaded.head.body)
            same([(one.pilot_id, loaded.version)] * 2, [(one.id, one.version) for one in (loaded.head.summary, body)])
        if loaded.version > before:
            present(loaded.receipt, f"the receipt of version {before + 1}, at version {loaded.version},")
    known |= {name: present(one).version for name, one in zip(known, answers[::2], strict=True)}
