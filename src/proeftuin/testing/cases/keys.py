"""H: a key acts once. What it led to is remembered as long as the pilot, and nothing else uses it up."""

from functools import partial

from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict, OutcomeUnknown, PilotExists, StoreError
from proeftuin.spi import Commit, Receipt
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import LIKE_EACH_OTHER
from proeftuin.testing.cases.parts import KEY, RECEIPT, everyone_sees
from proeftuin.testing.commits import changed, grown, started
from proeftuin.testing.expect import Broken, holds, present, refused, same
from proeftuin.testing.rules import RECEIPTS
from proeftuin.testing.threads import together


@case("H01", RECEIPTS)
def the_same_command_again(bench: Bench) -> None:
    """A second commit with the same receipt, be it the very same one, is a conflict, and the first result stays."""
    pilot = bench.write(None, started("p1"), receipt=RECEIPT)
    for _ in range(2):
        _is_taken(bench, pilot, RECEIPT)
        pilot = bench.advance(pilot)
    same(RECEIPT, bench.store.receipt(bench.tenant, "p1", KEY))
    commit, _ = bench.written(pilot, changed(pilot), receipt=Receipt("again", "f", b"again"))
    bench.append(commit)
    before = bench.everything("p1")
    error = refused(Conflict, lambda: bench.append(commit), "the very same commit once more")
    same(("p1", pilot.version, pilot.version + 1), (error.pilot_id, error.expected, error.actual))
    same(before, bench.everything("p1"))


@case("H02", RECEIPTS)
def the_same_key_for_something_else(bench: Bench) -> None:
    """Another command, or another result, under a key that was used is a conflict too, and never silently the first."""
    pilot = bench.write(None, started("p1"), receipt=RECEIPT)
    for receipt in (
        Receipt(KEY, "other", b"other"),
        Receipt(KEY, RECEIPT.fingerprint, b"other"),
        Receipt(KEY, "g", b""),
    ):
        _is_taken(bench, pilot, receipt)


def _is_taken(bench: Bench, pilot: Pilot, receipt: Receipt) -> None:
    before = bench.everything("p1")
    commit, _ = bench.written(pilot, changed(pilot), receipt=receipt)
    error = refused(Conflict, lambda: bench.append(commit))
    same(("p1", pilot.version, pilot.version), (error.pilot_id, error.expected, error.actual))
    same(before, bench.everything("p1"))


@case("H03", RECEIPTS)
def one_of_many_with_the_same_key(bench: Bench) -> None:
    """Of many commits with the same key at once one is written, and its receipt is what all find afterwards."""
    pilot, clients = bench.begin(), [bench.store, bench.second()]
    for turn in range(3):
        key = f"key-{turn}"
        offers = [_with_key(bench, pilot, key, number) for number in range(20)]
        outcomes = together([partial(clients[number % 2].append, one) for number, one in enumerate(offers)])
        same((1, {Conflict}), (outcomes.count(None), {type(one) for one in outcomes if one}))
        (winner,) = offers[outcomes.index(None)].receipts
        same([winner] * 2, [client.receipt(bench.tenant, "p1", key) for client in clients])
        pilot = bench.stored()
        refused(Conflict, partial(bench.append, _with_key(bench, pilot, key, 99)))
    same([1, 2, 3, 4], bench.versions())


def _with_key(bench: Bench, pilot: Pilot, key: str, number: int) -> Commit:
    return bench.written(pilot, changed(pilot, number=number), receipt=Receipt(key, "f", b"%d" % number))[0]


@case("H04", RECEIPTS)
def a_key_belongs_to_its_pilot(bench: Bench) -> None:
    """The same key on two pilots, also within one append, is two keys."""
    commits = [bench.written(None, started(name), receipt=Receipt("k", name, b""))[0] for name in ("p1", "p2")]
    for few in [commits] if bench.store.multi_pilot else [[one] for one in commits]:
        bench.append(*few)
    bench.write(None, started("p3"), receipt=Receipt("k", "p3", b""))
    found = [bench.store.receipt(bench.tenant, name, "k") for name in ("p1", "p2", "p3", "p4")]
    same([*(Receipt("k", name, b"") for name in ("p1", "p2", "p3")), None], found)


@case("H05", RECEIPTS)
def a_failure_uses_no_key(bench: Bench) -> None:
    """A key whose commit was refused, lost or undone can be used again, as if nobody had tried."""
    pilot = bench.begin(ref="r")
    advanced = bench.advance(pilot)

    def recorded(_: object) -> None:
        raise ValueError("no")

    failures: list[tuple[type[Exception], Commit]] = [
        (Conflict, bench.written(pilot, changed(pilot), receipt=RECEIPT)[0]),
        (PilotExists, bench.written(None, started("p1"), receipt=RECEIPT)[0]),
        (PilotExists, bench.written(None, started("p2", ref="r"), receipt=RECEIPT)[0]),
        (BadArgument, replace(bench.written(advanced, changed(advanced), receipt=RECEIPT)[0], entries=())),
    ]
    for kind, commit in failures:
        refused(kind, partial(bench.append, commit))
    good, _ = bench.written(advanced, changed(advanced), receipt=RECEIPT)
    refused(ValueError, lambda: bench.append(good, recorded=recorded))
    for name in ("p1", "p2"):
        same(None, bench.store.receipt(bench.tenant, name, KEY), f"the receipt on {name}")
    bench.append(good)
    bench.write(None, started("p2"), receipt=RECEIPT)


@case("H06", RECEIPTS)
def a_key_is_remembered_everywhere(bench: Bench) -> None:
    """A receipt is the same for every client, and after a restart where a store is durable; its key stays taken."""
    pilot = bench.write(None, started("p1"), receipt=RECEIPT)
    everyone_sees(bench, "p1")
    same(RECEIPT, bench.load(key=KEY).receipt)
    _is_taken(bench, pilot, RECEIPT)


@case("H07", RECEIPTS)
def a_key_lives_as_long_as_its_pilot(bench: Bench) -> None:
    """The first receipt of a pilot is still there after hundreds of later events and receipts."""
    pilot = bench.write(None, started("p1"), receipt=RECEIPT)
    for number in range(2, 32):
        pilot = bench.write(pilot, *grown(pilot, 10), receipt=Receipt(f"key-{number}", "f", b"%d" % number))
    same(301, pilot.version)
    same(RECEIPT, bench.load(key=KEY).receipt)
    found = [bench.store.receipt(bench.tenant, "p1", f"key-{number}") for number in range(2, 32)]
    same([b"%d" % number for number in range(2, 32)], [present(one).body for one in found])
    _is_taken(bench, pilot, RECEIPT)


@case("H08", RECEIPTS)
def keys_are_compared_exactly(bench: Bench) -> None:
    """Keys that look alike, or differ in case, accent, width or a space, are different, and each is taken by itself."""
    pilot = bench.begin()
    for text in LIKE_EACH_OTHER:
        same(None, bench.store.receipt(bench.tenant, "p1", text), f"the receipt of {text!a}, not used yet")
        same(None, bench.load(key=text).receipt, f"the receipt of {text!a}, not used yet")
        pilot = bench.write(pilot, changed(pilot), receipt=Receipt(text, "f", text.encode()))
    for text in LIKE_EACH_OTHER:
        same(text.encode(), present(bench.load(key=text).receipt).body, ascii(text))
        _is_taken(bench, pilot, Receipt(text, "f", b"again"))


@case("H09", RECEIPTS)
def an_unknown_outcome_is_settled_by_its_key(bench: Bench) -> None:
    """A commit whose answer was lost is told as unknown or done, and whoever asks by its key finds it done once."""
    pilot = bench.begin()
    commit, _ = bench.written(pilot, changed(pilot), receipt=RECEIPT)

    def recorded(connection: object) -> None:
        end = getattr(connection, "commit", None)
        if end is not None:  # it goes through, and the store finds no transaction left to commit
            end()

    try:
        bench.append(commit, recorded=recorded)
    except OutcomeUnknown:
        pass
    except StoreError as error:
        raise Broken(f"what may have been written is told as if it were not: {error}") from error
    written = bench.versions()
    holds(written in ([1], [1, 2]), f"it was written once or not at all, not {written}")
    if bench.load(key=KEY).receipt is None:
        bench.append(commit)
    same((RECEIPT, [1, 2]), (bench.load(key=KEY).receipt, bench.versions()))
    _is_taken(bench, bench.stored(), RECEIPT)
    bench.whole("p1")
