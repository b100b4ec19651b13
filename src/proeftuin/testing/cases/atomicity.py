"""B: an append is whole or absent, whatever goes wrong in it, and nobody is hindered afterwards."""

import asyncio
from collections.abc import Callable
from functools import partial

from attrs import frozen

from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict, PilotExists, ProeftuinError, Reentered
from proeftuin.spi import Commit, Entry, Personal, Receipt, Store
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import KEY, RECEIPT, refused_whole
from proeftuin.testing.commits import advance, begin, changed, started, written
from proeftuin.testing.expect import Broken, holds, refused, same
from proeftuin.testing.rules import EXACT, RESOURCES, WHOLE
from proeftuin.testing.threads import Aside

SUBJECT = (Personal("s1", "somebody", b"salt"),)


@case("B01", WHOLE)
def a_callback_that_raises_undoes_everything(bench: Bench) -> None:
    """An exception of the callback leaves head, history, receipt, subjects and marks as they were, and is raised on."""
    pilot = bench.begin()
    before, problem = bench.everything("p1", "p2"), ValueError("no")
    commits = [bench.written(pilot, changed(pilot), receipt=RECEIPT, personal=SUBJECT)[0]]
    if bench.store.multi_pilot:
        commits.append(bench.written(None, started("p2", ref="r"), receipt=RECEIPT, personal=SUBJECT)[0])
    holds(
        problem is refused(ValueError, lambda: bench.append(*commits, recorded=_raising(problem))),
        "it is raised as it is",
    )
    same(before, bench.everything("p1", "p2"))
    same([], bench.ids(ref="r"))
    bench.append(*commits)
    same([1, 2], bench.versions())


@case("B01", WHOLE)
def a_callback_undoes_a_beginning(bench: Bench) -> None:
    """A pilot whose first append was undone by its callback does not exist, and its id, ref and key are free."""
    commit, _ = bench.written(None, started("p1", ref="r"), receipt=RECEIPT, personal=SUBJECT)
    refused(ValueError, lambda: bench.append(commit, recorded=_raising(ValueError("no"))))
    bench.absent("p1")
    same((None, ()), (bench.store.receipt(bench.tenant, "p1", KEY), bench.store.personal(bench.tenant, "p1")))
    same([], bench.ids(ref="r"))
    bench.begin("p2", ref="r")
    bench.write(None, started("p1"), receipt=RECEIPT)


@case("B01", WHOLE)
def a_callback_is_called_once(bench: Bench) -> None:
    """The callback is called once per append, however many commits it has, and with one connection."""
    called = list[object]()
    bench.append(bench.written(None, started("p1"))[0], recorded=called.append)
    if bench.store.multi_pilot:
        bench.append(*(bench.written(None, started(name))[0] for name in ("p2", "p3")), recorded=called.append)
        called.pop()
    same(1, len(called))


@case("B01", WHOLE)
def a_callback_hears_of_nothing_that_does_not_fit(bench: Bench) -> None:
    """For a taken id, ref or key, or a passed version, the callback, which comes after the writes, is not called."""
    pilot, called = bench.write(None, started("p1", ref="r"), receipt=RECEIPT), list[object]()
    later = bench.advance(pilot)
    bad = {
        "id": (PilotExists, bench.written(None, started("p1"))[0]),
        "ref": (PilotExists, bench.written(None, started("p2", ref="r"))[0]),
        "key": (Conflict, bench.written(later, changed(later), receipt=RECEIPT)[0]),
        "version": (Conflict, bench.written(pilot, changed(pilot))[0]),
    }
    for what, (kind, commit) in bad.items():
        refused(kind, partial(bench.append, commit, recorded=called.append), f"a {what}")
        same([], called, f"after a {what}")
    bench.append(bench.change(later), recorded=called.append)
    same(1, len(called))


@case("B01", WHOLE)
def writing_from_a_callback_is_refused(bench: Bench) -> None:
    """A callback that appends to the same store is told so at once, and its append is undone with the outer one."""
    inner, outer = (bench.written(None, started(name))[0] for name in ("p2", "p1"))
    refused(Reentered, lambda: bench.append(outer, recorded=lambda _: bench.append(inner)))
    bench.absent("p1", "p2")
    bench.append(outer)


@case("B02", WHOLE)
def whatever_write_fails_nothing_is_left(bench: Bench) -> None:
    """A taken id, ref or key, or a passed version, in any place of an append, leaves nothing of it."""
    taken = bench.advance(bench.write(None, started("taken", ref="taken"), receipt=RECEIPT))
    bad = {
        "id": (PilotExists, bench.written(None, started("taken"))[0]),
        "ref": (PilotExists, bench.written(None, started("new", ref="taken"), receipt=RECEIPT, personal=SUBJECT)[0]),
        "key": (Conflict, bench.written(taken, changed(taken), receipt=RECEIPT, personal=SUBJECT)[0]),
        "version": (Conflict, bench.written(replace(taken, version=1), changed(replace(taken, version=1)))[0]),
    }
    pilots = [bench.begin(f"p{number}") for number in range(2)] if bench.store.multi_pilot else []
    names = ("taken", "new", *(one.id for one in pilots))
    before = bench.everything(*names)
    for what, (kind, commit) in bad.items():
        for place in range(len(pilots) + 1):
            commits = [bench.written(one, changed(one), receipt=RECEIPT, personal=SUBJECT)[0] for one in pilots]
            commits.insert(place, commit)
            refused(kind, partial(bench.append, *commits), f"a {what}, in place {place}")
            same(before, bench.everything(*names), f"after a {what} in place {place}")
    for one in (*pilots, taken):
        bench.advance(one)


@case("B03", WHOLE)
def a_batch_is_atomic(bench: Bench) -> None:
    """Of a hundred commits in one append none is written where the first, the middle or the last does not fit."""
    names = [f"p{number:02}" for number in range(100)]
    pilots = [bench.begin(name) for name in names[:50]]
    before = bench.everything(*names)
    good = [bench.change(one) for one in pilots] + [bench.written(None, started(name))[0] for name in names[50:]]
    if not bench.store.multi_pilot:
        refused_whole(bench, good)
        return
    behind = bench.advance(bench.begin("behind"))
    for place in (0, 50, 99):
        commits = [*good[:place], bench.change(replace(behind, version=1)), *good[place + 1 :]]
        error = refused(Conflict, partial(bench.append, *commits))
        same(("behind", 1, 2), (error.pilot_id, error.expected, error.actual))
        same(before, bench.everything(*names), f"after a conflict in place {place}")
    bench.append(*good)
    same([2] * 50 + [1] * 50, [bench.load(name).version for name in names])


@case("B03", WHOLE)
def several_pilots_or_a_refusal(bench: Bench) -> None:
    """A store that is `multi_pilot` writes a pilot and its follow-up in one append; one that is not refuses them."""
    pilot = bench.begin()
    commits = [bench.written(pilot, changed(pilot), receipt=RECEIPT)[0], bench.written(None, started("p2"))[0]]
    if not bench.store.multi_pilot:
        refused_whole(bench, commits)
        return
    bench.append(*commits)
    same((RECEIPT, [1, 2], [1]), (bench.load(key=KEY).receipt, bench.versions(), bench.versions("p2")))
    bench.whole("p1", "p2")


@case("B03", WHOLE)
def tenants_in_one_append(bench: Bench) -> None:
    """The same pilot id in two tenants are two pilots, also within one append."""
    tenants = (bench.tenant, bench.fresh("tenant"))
    commits = [written(None, started("p1", title=tenant), tenant=tenant)[0] for tenant in tenants]
    if not bench.store.multi_pilot:
        refused_whole(bench, commits)
        return
    bench.append(*commits)
    same([one.head for one in commits], [getattr(bench.store.load(tenant, "p1"), "head", None) for tenant in tenants])


@case("B04", EXACT)
def what_makes_no_sense_is_refused_whole(bench: Bench) -> None:
    """Versions with a gap or repeated, no events, a pilot twice, another head, no version: nothing is written."""
    good, pilot = bench.written(None, started("p1"))
    entry, (other, _) = good.entries[0], bench.written(None, started("p2"))
    nameless = replace(good.head.summary, workflow="plain")
    wrong: dict[str, tuple[Commit, ...]] = {
        "a gap": (replace(good, entries=(entry, Entry(3, "x", b"{}", "d"))),),
        "a repeated version": (replace(good, entries=(entry, entry)),),
        "no events": (replace(good, entries=()),),
        "the wrong order": (replace(good, entries=(replace(entry, version=2), entry)),),
        "a pilot twice": (good, bench.change(pilot)),
        "the head of another pilot": (replace(good, head=other.head),),
        "the head of another version": (replace(good, head=bench.change(pilot).head),),
        "a workflow without a version": (replace(good, head=replace(good.head, summary=nameless)),),
    }
    for what, commits in wrong.items():
        refused(BadArgument, partial(bench.append, *commits), what)
        bench.absent("p1", "p2")
    bench.append(good)


@case("B08", WHOLE, needs="outlives")
def a_crash_before_the_commit_leaves_nothing(bench: Bench) -> None:
    """A process that dies inside the callback has written nothing, and nothing that it held stops anybody."""
    pilot = bench.begin()
    before = bench.everything("p1", "p2")
    for name in ("p1", "p2"):
        bench.crash("die_inside", pilot_id=name)
    same(before, bench.everything("p1", "p2"))
    bench.write(pilot, changed(pilot), receipt=Receipt("key-2", "f", b""))
    bench.begin("p2")
    if bench.store.durable:
        bench.reopen()
    same(([1, 2], [1]), (bench.versions(), bench.versions("p2")))
    bench.whole("p1", "p2")


@case("B09", WHOLE, needs="outlives")
def a_crash_after_the_commit_loses_nothing(bench: Bench) -> None:
    """All that an append wrote is there when the process dies as soon as it has returned."""
    bench.begin()
    for name, versions in (("p1", [1, 2]), ("p2", [1])):
        bench.crash("die_after", pilot_id=name)
        same(versions, bench.versions(name))
        same(b"2", getattr(bench.store.receipt(bench.tenant, name, "key-2"), "body", None), "the receipt")
        bench.whole(name)
        bench.advance(bench.stored(name))


@case("B10", WHOLE)
def whatever_is_raised_undoes_everything(bench: Bench) -> None:
    """An interrupt, an exit and a cancelled task in the callback undo the append as any error does."""
    pilot = bench.begin()
    for number, problem in enumerate(
        (KeyboardInterrupt(), SystemExit(3), asyncio.CancelledError(), GeneratorExit()), 2
    ):
        before = bench.everything("p1")
        commit, after = bench.written(
            pilot, changed(pilot), receipt=Receipt(f"key-{number}", "f", b""), personal=SUBJECT
        )
        found = refused(BaseException, partial(bench.append, commit, recorded=_raising(problem)))
        holds(found is problem, f"a {type(problem).__name__} is raised as it is")
        same(before, bench.everything("p1"))
        bench.append(replace(commit, personal=()))
        pilot = after
    same([1, 2, 3, 4, 5], bench.versions())


@frozen
class _Failure:
    kind: type[BaseException]
    act: Callable[[], object]


@case("B11", RESOURCES)
def no_failure_hinders_anybody(bench: Bench) -> None:
    """After each kind of failure other threads and other clients write at once, as nothing stays open."""
    pilot = bench.advance(bench.write(None, started("p1", ref="r"), receipt=RECEIPT))
    behind = replace(pilot, version=1)
    failures = {
        "a conflict": _Failure(Conflict, lambda: bench.append(bench.change(behind))),
        "a used key": _Failure(
            Conflict, lambda: bench.append(bench.written(pilot, changed(pilot), receipt=RECEIPT)[0])
        ),
        "a taken id": _Failure(PilotExists, bench.begin),
        "a taken ref": _Failure(PilotExists, lambda: bench.begin("p2", ref="r")),
        "a bad commit": _Failure(BadArgument, lambda: bench.append(replace(bench.change(pilot), entries=()))),
        "a callback that raises": _Failure(
            ValueError, lambda: bench.append(bench.change(pilot), recorded=_raising(ValueError("no")))
        ),
        "a callback that writes": _Failure(
            Reentered, lambda: bench.append(bench.change(pilot), recorded=lambda _: bench.append(bench.change(pilot)))
        ),
    }
    other = bench.second()
    for number, (what, failure) in enumerate(failures.items()):
        refused(failure.kind, failure.act, what)
        name = f"q{number}"
        after = Aside(partial(_two_steps, other, name, bench.tenant)).outcome()
        if isinstance(after, ProeftuinError):
            raise Broken(f"after {what} another client is told: {after}") from after
        same(2, after, f"the version that another client wrote after {what}")
        bench.advance(bench.stored(name))
    same([1, 2], bench.versions())


def _two_steps(store: Store, name: str, tenant: str) -> int:
    return advance(store, begin(store, name, tenant), 1, tenant).version


def _raising(problem: BaseException) -> Callable[[object], None]:
    def recorded(_: object) -> None:
        raise problem

    return recorded
