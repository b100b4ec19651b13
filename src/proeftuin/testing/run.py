"""`conform`: every case on a store, one after the other, without pytest."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from time import perf_counter
from types import MappingProxyType

from proeftuin.errors import BadArgument, StoreUnavailable
from proeftuin.spi import SPI_VERSION, Store
from proeftuin.testing.bench import Lab
from proeftuin.testing.case import Case, offers
from proeftuin.testing.cases import CASES
from proeftuin.testing.commits import CROWD
from proeftuin.testing.expect import Broken
from proeftuin.testing.files import NEARBY
from proeftuin.testing.hosts import SQLALCHEMY
from proeftuin.testing.opening import Address
from proeftuin.testing.report import Report, Result
from proeftuin.testing.threads import Aside

KIT_VERSION = 5
"""Raised with every case that a store which passed before might fail."""

SIZES = MappingProxyType({"small": 0, "crowded": CROWD})
FIRST = "A00"
LONGEST = 900.0  # seconds that a case may take, on a store that is slow or far away

Told = Callable[[Result], object]


def conform(
    url: str,
    *,
    opener: str | None = None,
    host: str = SQLALCHEMY,
    files: str = NEARBY,
    only: Collection[str] = (),
    sizes: Collection[str] = tuple(SIZES),
    told: Told | None = None,
) -> Report:
    """Run the kit on a store, and return what came of it.

    Args:
        url: a scratch database; what the cases write stays in it, each in a tenant of its own. For a store that reads
            everything when it opens, write `{}` in the URL, and each case gets a store of its own.
        opener: `module:function` that opens the URL, for a store that is not installed.
        host: `module:function` that begins a transaction of a host on the URL, for a store with the part `Hosted` that
            does not take SQLAlchemy connections; see `proeftuin.testing.hosts`.
        files: `module:function` that finds the files of the store; see `proeftuin.testing.files`.
        only: groups and cases, such as `("A", "B07")`; none means all.
        sizes: `small`, `crowded`, or both.
        told: called with each result as it comes.

    Raises:
        BadArgument: for a group, case or size that there is not.
        StoreError: where the store cannot be opened, or does not come to be within the time that a case may take.
    """
    began, address, cases = perf_counter(), Address(url, opener), chosen(only)
    labs = _labs(address, host, files, sizes)
    store = _first(address.another("kit"))
    results = list[Result]()
    for one in _results(cases, labs, store):
        results.append(one)
        if told is not None:
            told(one)
    seconds = perf_counter() - began
    return Report(
        KIT_VERSION, SPI_VERSION, _kind(store), offers(store), tuple(results), seconds, _stopped(results[-1:])
    )


def _first(address: Address) -> Store:
    """Open a store to ask what it offers, and close it, in a thread of its own, as it may wait for ever."""

    def opened() -> Store:
        store = address.open()
        store.close()
        return store

    try:
        found = Aside(opened).outcome(LONGEST)
    except Broken:
        raise StoreUnavailable(
            f"the store was not opened and closed within {LONGEST:g} seconds, so no case was run: it waits for ever"
        ) from None
    if isinstance(found, BaseException):
        raise found
    return found


def chosen(only: Collection[str]) -> tuple[Case, ...]:
    """Return the cases of these groups and numbers, all where none are named."""
    wanted = tuple(one.strip().upper() for one in only)
    known = {one.id for one in CASES} | {one.group for one in CASES}
    if unknown := sorted(set(wanted) - known):
        raise BadArgument("only", f"there is no case or group {', '.join(unknown)}")
    return tuple(one for one in CASES if one.chosen(wanted))


def _labs(address: Address, host: str, files: str, sizes: Collection[str]) -> list[tuple[str, Lab]]:
    if unknown := sorted(set(sizes) - set(SIZES)):
        raise BadArgument("sizes", f"there is no size {', '.join(unknown)}; there are {', '.join(SIZES)}")
    if not sizes:
        raise BadArgument("sizes", f"nothing would be asked; name {' or '.join(SIZES)}, or both")
    return [(size, Lab(address, others, host, files)) for size, others in SIZES.items() if size in sizes]


def _results(cases: Iterable[Case], labs: list[tuple[str, Lab]], store: Store) -> Iterator[Result]:
    for one in cases:
        for size, lab in labs:
            reason = lab.unmet(one, store)
            result = Result(one, size, "skipped", reason) if reason else _judged(one, size, lab)
            yield result
            if _stopped([result]):
                return


def _stopped(last: list[Result]) -> str | None:
    """Return why nothing can be judged after a result, None where it can."""
    if last and last[0].case.id == FIRST and last[0].verdict == "failed":
        return f"{last[0].reason}; no other case can be judged before this one holds"
    return None


def _judged(one: Case, size: str, lab: Lab) -> Result:
    """Run a case in a thread of its own, so that a store that waits for ever fails and does not stop the run."""
    began = perf_counter()
    error = _raised(partial(_run, one, lab))
    seconds = perf_counter() - began
    if error is None:
        return Result(one, size, "passed", seconds=seconds)
    told = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
    return Result(one, size, "failed", f"{one.blame()} {told}", seconds, error)


def _run(one: Case, lab: Lab) -> None:
    with lab.bench() as bench:
        one.run(bench)


def _raised(act: Callable[[], None]) -> BaseException | None:
    try:
        return Aside(act).outcome(LONGEST)
    except Broken as error:
        return error


def _kind(store: Store) -> str:
    return f"{type(store).__module__}.{type(store).__qualname__}"
