"""T: time. A store finds the pilots that are due, and what it is told of their terms comes back with them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict
from proeftuin.spi import UNTIMED, Commit, Due, Query, Timing
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.commits import changed, signalling, started
from proeftuin.testing.expect import refused, same
from proeftuin.testing.rules import ANSWERS, EXACT, TENANTS, WHOLE

NOON = datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=UTC)
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
MANY = 130


def timed(commit: Commit, timing: Timing, *signals: str) -> Commit:
    """Return a commit whose head says when its terms come, and which signals are up."""
    return signalling(replace(commit, head=replace(commit.head, timing=timing)), *signals)


def begun(bench: Bench, name: str, timing: Timing, *signals: str) -> Pilot:
    """Write a new pilot with a timing."""
    commit, pilot = bench.written(None, started(name))
    bench.append(timed(commit, timing, *signals))
    return pilot


def all_due(bench: Bench, now: datetime, limit: int = 100) -> Iterator[Due]:
    """Give every pilot that is due, page by page."""
    after: Due | None = None
    while found := bench.timer.due(bench.tenant, now=now, limit=limit, after=after):
        same(True, len(found) <= limit, "the length of a page")
        yield from found
        after = found[-1]


@case("T01", EXACT, needs="Timed")
def a_timing_comes_back(bench: Bench) -> None:
    """What a commit says of its terms comes back with the head, to the microsecond, and a later commit replaces it."""
    far = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    old = datetime(1, 1, 1, tzinfo=UTC)
    timings = [UNTIMED, Timing(NOON, None, "a"), Timing(None, far, "-"), Timing(old, NOON + TICK, "x" * 64)]
    pilot = begun(bench, "p1", timings[0])
    same(UNTIMED, bench.stored_timing())
    for timing in (*timings, *reversed(timings)):
        commit, pilot = bench.written(pilot, changed(pilot))
        bench.append(timed(commit, timing))
        same(timing, bench.stored_timing(), f"{timing}")
    same(Timing(), bench.stored_timing())


@case("T01", EXACT, needs="Timed")
def an_impossible_timing_is_refused(bench: Bench) -> None:
    """An instant without a zone, or a word that no database keeps, is refused, and nothing is written."""
    good, _ = bench.written(None, started("p1"))
    naive = NOON.replace(tzinfo=None)
    for wrong in (
        Timing(naive, None, "a"),
        Timing(None, naive, "a"),
        Timing(NOON, None, "x" * 65),
        Timing(NOON, None, "\0"),
    ):
        refused(BadArgument, partial(bench.append, timed(good, wrong)), f"{wrong}")
    bench.absent("p1")


@case("T02", ANSWERS, needs="Timed")
def what_is_due_comes_in_order(bench: Bench) -> None:
    """Pilots come by the instant at which they are due, then by id; none too early, none twice, none left out."""
    expected = []
    for number in range(MANY):
        name, at = f"p{number * 37 % MANY:03}", NOON + (number % 7 - 3) * HOUR
        begun(bench, name, Timing(at, None, "a"))
        expected.append(Due(name, at))
    begun(bench, "never", Timing(None, NOON - HOUR, "a"))
    begun(bench, "unknown", UNTIMED)
    expected.sort(key=lambda one: (one.at, one.pilot_id))
    for now in (NOON - 3 * HOUR - TICK, NOON - 3 * HOUR, NOON, NOON + TICK, NOON + 9 * HOUR):
        wanted = [one for one in expected if one.at <= now]
        for limit in (1, 7, 100, 1000):
            if limit > 1 or len(wanted) < MANY:
                same(wanted, list(all_due(bench, now, limit)), f"due at {now}, {limit} at a time")
    same((), bench.timer.due(bench.tenant, now=NOON - 9 * HOUR))


@case("T02", ANSWERS, needs="Timed")
def what_is_done_is_due_no_more(bench: Bench) -> None:
    """A pilot is due by what its last commit says: later, sooner, or never."""
    pilot = begun(bench, "p1", Timing(NOON, None, "a"))
    same((Due("p1", NOON),), bench.timer.due(bench.tenant, now=NOON))
    for at, now, found in ((NOON + HOUR, NOON, 0), (NOON - HOUR, NOON, 1), (None, NOON + 9 * HOUR, 0), (NOON, NOON, 1)):
        commit, pilot = bench.written(pilot, changed(pilot))
        bench.append(timed(commit, Timing(at, None, "a")))
        same(found, len(bench.timer.due(bench.tenant, now=now)), f"due {at}, asked at {now}")


@case("T03", ANSWERS, needs="Timed")
def calendars_that_are_not_known_are_found(bench: Bench) -> None:
    """The pilots whose days were counted on another calendar, or on none yet, are found in order of id."""
    marks = ("", "-", "nl-1", "nl-2", "NL-1")
    for number in range(MANY):
        begun(bench, f"p{number * 37 % MANY:03}", Timing(NOON, None, marks[number % len(marks)]))
    held = {f"p{number * 37 % MANY:03}": marks[number % len(marks)] for number in range(MANY)}
    for known in (("-",), ("-", "nl-1"), ("nl-1", "nl-2", "-"), marks, ("other",)):
        wanted = sorted(name for name, mark in held.items() if mark not in known)
        found, after = [], None
        while page := bench.timer.untimed(bench.tenant, known, limit=9, after=after):
            found += [name for name in page if name in held]  # the others of a crowd were never counted
            after = page[-1]
        same(wanted, found, f"counted on none of {known}")


@case("T04", WHOLE, needs="Timed")
def a_pilot_is_timed_anew(bench: Bench) -> None:
    """A timing is noted without a commit where the version is still that one, and nothing else changes."""
    pilot = bench.advance(begun(bench, "p1", UNTIMED))
    commit, pilot = bench.written(pilot, changed(pilot))
    bench.append(timed(commit, Timing(NOON, NOON, "a"), "stalled"))
    begun(bench, "p2", Timing(NOON, None, "a"))
    before, history = bench.load(), list(bench.store.history(bench.tenant, "p1"))
    later = Timing(NOON + HOUR, None, "b")
    for version in (0, 1, 2, 4):
        same(False, bench.timer.retime(bench.tenant, "p1", version, later), f"at version {version}")
    same(False, bench.timer.retime(bench.tenant, "nobody", 1, later))
    same(before, bench.load())
    same(True, bench.timer.retime(bench.tenant, "p1", pilot.version, later))
    head = before.head and replace(before.head, timing=later)
    same((replace(before, head=head), history), (bench.load(), list(bench.store.history(bench.tenant, "p1"))))
    same(["p2"], [one.pilot_id for one in bench.timer.due(bench.tenant, now=NOON)])
    same(True, bench.timer.retime(bench.tenant, "p1", pilot.version, later), "noted again")
    same(UNTIMED, (bench.timer.retime(bench.tenant, "p1", 3, UNTIMED), bench.stored_timing())[1])


@case("T04", WHOLE, needs="Timed")
def a_lost_commit_tells_nothing(bench: Bench) -> None:
    """A commit that lost its race leaves timing and signals as they were."""
    pilot = begun(bench, "p1", Timing(NOON, None, "a"))
    stale = timed(bench.written(pilot, changed(pilot))[0], Timing(None, None, "b"), "stalled")
    now = bench.advance(pilot)
    bench.timer.retime(bench.tenant, "p1", now.version, Timing(NOON + HOUR, None, "a"))
    refused(Conflict, partial(bench.append, stale))
    same(Timing(NOON + HOUR, None, "a"), bench.stored_timing())
    same([], bench.found(signal="stalled"))


@case("T05", ANSWERS, needs="Timed")
def what_may_be_overdue_is_found(bench: Bench) -> None:
    """Pilots are found and counted by when a term of theirs may be overdue, also beside other filters."""
    held = {f"p{number:02}": NOON + (number % 5) * HOUR if number % 3 else None for number in range(40)}
    up = {name: ("stalled",) if name > "p15" else () for name in held}
    for name, late in held.items():
        begun(bench, name, Timing(None, late, "a"), *up[name])
    for now, signal in product((NOON - TICK, NOON, NOON + 2 * HOUR), (None, "stalled", "other")):
        by_now = [name for name, day in held.items() if day is not None and day <= now]
        wanted = [name for name in by_now if signal is None or signal in up[name]]
        found, where = bench.paged(overdue=now, signal=signal), f"overdue at {now}, signal {signal}"
        same(wanted, [one.id for one in found], where)
        counted = bench.store.count(Query(bench.tenant, overdue=now, signal=signal))
        same(len(wanted), sum(one.pilots for one in counted), where)
    refused(BadArgument, lambda: bench.store.find(Query(bench.tenant, overdue=NOON.replace(tzinfo=None))))


@case("T06", TENANTS, needs="Timed")
def what_is_due_is_the_tenants_own(bench: Bench) -> None:
    """No tenant finds, or times anew, a pilot of another."""
    other = bench.fresh("tenant")
    commit, _ = bench.written(None, started("p1"))
    bench.append(timed(replace(commit, tenant=other), Timing(NOON, NOON, "old"), "stalled"))
    begun(bench, "p2", Timing(NOON, NOON, "old"), "stalled")
    for tenant, name in ((other, "p1"), (bench.tenant, "p2")):
        same((Due(name, NOON),), bench.timer.due(tenant, now=NOON))
        same((name,), bench.timer.untimed(tenant, ("new", "")))
        same([name], [one.id for one in bench.store.find(Query(tenant, signal="stalled")).items])
        same([name], [one.id for one in bench.store.find(Query(tenant, overdue=NOON)).items])
    same(False, bench.timer.retime(bench.tenant, "p1", 1, UNTIMED))
    same((Due("p1", NOON),), bench.timer.due(other, now=NOON))
