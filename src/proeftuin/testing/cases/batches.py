"""B, continued: commits of every kind, on many pilots, in one append, or written as they are made."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, product

from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict, PilotExists
from proeftuin.spi import Commit, Personal, Query, Receipt
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import refused_whole
from proeftuin.testing.commits import changed, everything, grown, started, written
from proeftuin.testing.expect import Broken, refused, same
from proeftuin.testing.rules import WHOLE

MANY = 127  # in each of two tenants; a prime, so that no part that a store may write at once fits them evenly
PLACES = {"!first": 0, "p060 between": MANY, "~last": 2 * MANY}  # also in order of id


@case("B03", WHOLE)
def whatever_is_mixed_is_written_whole(bench: Bench) -> None:
    """Beginnings and changes in two tenants, with keys, subjects and refs to forget, are all written by one append."""
    tenants = (bench.tenant, bench.fresh("tenant"))
    mixed = _mixed(bench, tenants)
    if not bench.store.multi_pilot:
        refused_whole(bench, [one for one, _ in mixed][:2])
        return
    bench.append(*(commit for commit, _ in mixed))
    _written(bench, mixed)


def _written(bench: Bench, mixed: list[tuple[Commit, Pilot]]) -> None:
    """Expect that all of what commits hold is there."""
    for commit, pilot in mixed:
        loaded = bench.store.load(commit.tenant, commit.pilot_id)
        same((pilot.version, commit.head), (getattr(loaded, "version", None), getattr(loaded, "head", None)))
        kept = list(bench.store.receipts(commit.tenant, commit.pilot_id))
        same(list(commit.receipts), [one for one in kept if one.key != "before"])
        same(list(commit.entries), list(bench.store.history(commit.tenant, commit.pilot_id, after=commit.expected)))
        known = {one.subject: one for one in bench.store.personal(commit.tenant, commit.pilot_id)}
        same([*commit.personal], [known.get(one.subject) for one in commit.personal])
        same(set(), known.keys() & {*commit.erased}, "subjects that are forgotten and known")
    bench.whole(*(pilot.id for commit, pilot in mixed if commit.tenant == bench.tenant))


@case("B03", WHOLE)
def whatever_is_mixed_is_refused_whole(bench: Bench) -> None:
    """Where one of hundreds does not fit, be it the first, one between or the last, it is named and none is written."""
    tenants = (bench.tenant, bench.fresh("tenant"))
    mixed = [commit for commit, _ in _mixed(bench, tenants)]
    if not bench.store.multi_pilot:
        refused_whole(bench, mixed[:2])
        return
    _refused(bench, tenants, mixed, bench.append)


def _refused(bench: Bench, tenants: tuple[str, ...], mixed: list[Commit], write: Callable[..., None]) -> None:
    """Expect that one commit that does not fit is named, wherever it stands, and none is written."""
    bench.begin("taken", ref="taken")
    there = {name: _there(bench, name) for name in PLACES}
    before = _told(bench, tenants)
    for (name, place), what in product(PLACES.items(), ("version", "key", "id", "ref")):
        kind, bad, named = _unfit(bench, there[name], what)
        error = refused(kind, partial(write, *mixed[:place], bad, *mixed[place:]), f"a {what}, as {name}")
        same(named, [getattr(error, one) for one in ("pilot_id", "expected", "actual", "ref") if hasattr(error, one)])
        same(before, _told(bench, tenants), f"after a {what}, as {name}")
    write(*mixed)


# -- as they are made


def _streamed(bench: Bench, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
    """Let the store take commits one by one, in order."""
    made = sorted(commits, key=lambda one: (one.tenant, one.pilot_id))
    bench.streamer.append_each(iter(made), recorded=recorded)


@case("B12", WHOLE, needs="Streams")
def what_is_streamed_is_written_whole(bench: Bench) -> None:
    """What is written while more of it is made is all that one append would write, and the callback comes once."""
    mixed, called = _mixed(bench, (bench.tenant, bench.fresh("tenant"))), list[object]()
    _streamed(bench, recorded=called.append)
    same([], called, "calls for nothing")
    first, *others = (commit for commit, _ in mixed)
    _streamed(bench, first)
    _streamed(bench, *others, recorded=called.append)
    same(1, len(called), "calls")
    _written(bench, mixed)


@case("B12", WHOLE, needs="Streams")
def what_is_streamed_is_refused_whole(bench: Bench) -> None:
    """Where one of hundreds that are written as they are made does not fit, it is named and none is written."""
    tenants = (bench.tenant, bench.fresh("tenant"))
    mixed = [commit for commit, _ in _mixed(bench, tenants)]
    _refused(bench, tenants, mixed, partial(_streamed, bench))


@case("B12", WHOLE, needs="Streams")
def what_fails_undoes_what_was_streamed(bench: Bench) -> None:
    """What the making of a commit raises, or the callback, is raised on as it is, and nothing is written."""
    made = [bench.change(bench.begin(f"p{number:03}")) for number in range(MANY)]
    names = ("p000", f"p{MANY - 1:03}")
    before = bench.everything(*names)
    for error in (RuntimeError(), OverflowError(), PilotExists("p1"), KeyboardInterrupt()):
        for count in (0, 1, MANY):
            _raised_on(bench, error, chain(made[:count], _failing(error)), None)
        _raised_on(bench, error, iter(made), partial(_raise, error))
        same(before, bench.everything(*names), f"after {type(error).__name__}")
    bench.streamer.append_each(iter(made))
    bench.whole(*names)


@case("B12", WHOLE, needs="Streams")
def a_stream_is_in_order(bench: Bench) -> None:
    """A pilot that comes twice or too late is a bad argument, as is what `append` would refuse: nothing is written."""
    first, second = (bench.change(bench.begin(name)) for name in ("p1", "p2"))
    before = bench.everything("p1", "p2")
    for made in ((second, first), (first, first), (first, second, first), (first, replace(second, entries=()))):
        refused(BadArgument, partial(bench.streamer.append_each, iter(made)))
        same(before, bench.everything("p1", "p2"))
    bench.streamer.append_each(iter((first, second)))
    bench.whole("p1", "p2")


def _raise(error: BaseException, _: object) -> None:
    raise error


def _failing(error: BaseException) -> Iterator[Commit]:
    """Fail once a commit is asked for."""
    for failing in (error,):
        raise failing
    yield from ()


def _raised_on(
    bench: Bench, error: BaseException, made: Iterator[Commit], recorded: Callable[[object], None] | None
) -> None:
    try:
        bench.streamer.append_each(made, recorded=recorded)
    except type(error) as raised:
        same(True, raised is error, "whether it is raised on as it is")
    else:
        raise Broken(f"what raised {type(error).__name__} was accepted")


# -- what they are made of


def _there(bench: Bench, name: str) -> Pilot:
    return bench.advance(bench.write(None, started(name), receipt=Receipt("before", "f", b"")))


def _unfit(bench: Bench, pilot: Pilot, what: str) -> tuple[type[Conflict | PilotExists], Commit, list[object]]:
    """Return a commit that does not fit, the error that it must lead to, and what that must name."""
    if what == "id":
        return PilotExists, bench.written(None, started(pilot.id))[0], [pilot.id, None]
    if what == "ref":
        other = f"{pilot.id} new"
        return PilotExists, bench.written(None, started(other, ref="taken"))[0], [other, "taken"]
    if what == "key":
        commit = replace(bench.change(pilot), receipts=(Receipt("new", "f", b""), Receipt("before", "f", b"")))
        return Conflict, commit, [pilot.id, 2, 2]
    return Conflict, bench.change(replace(pilot, version=1)), [pilot.id, 1, 2]


def _mixed(bench: Bench, tenants: tuple[str, ...]) -> list[tuple[Commit, Pilot]]:
    """Return commits of every kind, and the pilots after them; those that change pilots find them there."""
    made = list[tuple[Commit, Pilot]]()
    forgets = bench.offers("Erases")
    for number, tenant in product(range(MANY), tenants):
        name, people = f"p{number:03}", (_person("s3"), _person("s4"))[: number % 3]
        if number % 2:
            commit, pilot = written(None, started(name, ref=f"ref {number}"), tenant=tenant, personal=people)
        else:
            first, receipt = (_person("s1"), _person("s2")), Receipt("before", "f", b"")
            begun, before = written(None, started(name), tenant=tenant, receipt=receipt, personal=first)
            bench.append(begun)
            events = (changed(before),) if number % 4 else grown(before, 3)
            commit, pilot = written(before, *events, tenant=tenant, personal=people)
            commit = replace(commit, erased=("s1", "nobody")[: 1 + number % 3] if forgets and number % 6 == 0 else ())
        keys = tuple(Receipt(f"k{key}", "f", b"%d" % key) for key in range(number % 4))
        made.append((replace(commit, receipts=keys), pilot))
    return made


def _person(subject: str) -> Personal:
    return Personal(subject, f"ref of {subject}", b"salt")


def _told(bench: Bench, tenants: tuple[str, ...]) -> object:
    """Return what the store says of all pilots in short, and of some in full."""
    names = (*PLACES, *(f"{name} new" for name in PLACES), "taken", "p000", "p001", "p059", "p060", "p125", "p126")
    in_short = [bench.store.find(Query(tenant, workflow="plain", limit=1000)) for tenant in tenants]
    return in_short, [everything(bench.store, *names, tenant=tenant, keys=("new", "before")) for tenant in tenants]
