"""C: many at once. Of those who decided on the same version one wins, and the others are told the truth."""

import sqlite3
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from proeftuin import codec
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict, PilotExists, StoreBusy, StoreError
from proeftuin.spi import Commit, Personal, Query, Receipt, Store
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import KEY, RECEIPT, ending, refused_whole
from proeftuin.testing.commits import advance, begin, changed, grown, started, stored
from proeftuin.testing.expect import holds, present, refused, same
from proeftuin.testing.histories import Act, Done, faults
from proeftuin.testing.processes import contend
from proeftuin.testing.rules import ANSWERS, COMPARE, ERRORS, VERSIONS, WHOLE
from proeftuin.testing.threads import Aside, all_well, together

if TYPE_CHECKING:
    from collections.abc import Callable


@case("C01", COMPARE)
def a_passed_version_is_a_conflict(bench: Bench) -> None:
    """A commit on a version that has passed is refused with the actual one, and nothing of it is written."""
    pilot = bench.advance(bench.begin(), 3)
    before = bench.everything("p1")
    for expected in (1, 2, 3):
        _loses(bench, replace(pilot, version=expected), actual=4)
        same(before, bench.everything("p1"))


@case("C02", COMPARE)
def a_coming_version_is_a_conflict(bench: Bench) -> None:
    """A commit on a version that is yet to come, or of a pilot that is not there, is refused with the actual one."""
    pilot = bench.advance(bench.begin())
    before = bench.everything("p1")
    for expected in (3, 4, 10, 2**31, 2**53 + 1):
        _loses(bench, replace(pilot, version=expected), actual=2)
        same(before, bench.everything("p1"))
    _, nobody = bench.written(None, started("nobody"))
    _loses(bench, nobody, actual=0)
    bench.absent("nobody")


def _loses(bench: Bench, pilot: Pilot, *, actual: int) -> None:
    personal = (Personal("s1", "somebody", b"salt"),)
    commit, _ = bench.written(pilot, changed(pilot), receipt=RECEIPT, personal=personal)
    error = refused(Conflict, lambda: bench.append(commit))
    same((pilot.id, pilot.version, actual), (error.pilot_id, error.expected, error.actual))


@case("C03", COMPARE)
def one_winner(bench: Bench) -> None:
    """Of two writers, and of many, at one version exactly one wins; the others are told the version that won."""
    pilot, clients = bench.begin(), [bench.store, bench.second()]
    for writers in (2, 2, 2, 16, 32):
        commits = [bench.change(pilot, winner=number) for number in range(writers)]
        outcomes = together([partial(clients[number % 2].append, one) for number, one in enumerate(commits)])
        winners = [number for number, one in enumerate(outcomes) if one is None]
        same(1, len(winners), f"how many of {writers} writers won")
        pilot = bench.stored()
        told = {(type(one), getattr(one, "expected", None), getattr(one, "actual", None)) for one in outcomes if one}
        same({(Conflict, pilot.version - 1, pilot.version)}, told, "what the others are told")
        same(winners[0], pilot.data["winner"])
    same(list(range(1, 7)), bench.versions())


@case("C03", COMPARE)
def one_beginner(bench: Bench) -> None:
    """Of many who begin a pilot with the same id or the same ref exactly one does, and the others are told so."""
    by_id = [bench.written(None, started("p1", number=number))[0] for number in range(16)]
    by_ref = [bench.written(None, started(f"q{number}", ref="r"))[0] for number in range(16)]
    clients = [bench.store, bench.second()]
    for commits in (by_id, by_ref):
        outcomes = together([partial(clients[number % 2].append, one) for number, one in enumerate(commits)])
        same(1, outcomes.count(None), "how many began it")
        same({PilotExists}, {type(one) for one in outcomes if one}, "what the others are told")
    same([1, 1], [len(bench.versions()), len(bench.found(ref="r"))])


@case("C04", COMPARE)
def no_update_is_lost(bench: Bench) -> None:
    """Four writers that read, change and retry leave as many changes as they were told, each on the one before."""
    bench.begin()
    wins, writers = 25, 4
    clients = [bench.store, bench.second()]
    told = all_well(
        together([partial(contend, clients[one % 2], bench.tenant, "p1", 1, wins) for one in range(writers)])
    )
    _counted(bench, [one for found in told for one in found], wins * writers)


@case("C05", VERSIONS)
def no_gaps_and_no_repeats(bench: Bench) -> None:
    """After many have written at once the versions of each pilot are 1 to n, in one chain with one head."""
    names = ("p1", "p2")
    for name in names:
        bench.begin(name)
    together([partial(contend, bench.store, bench.tenant, names[one % 2], 1, 10) for one in range(6)])
    for name in names:
        same(list(range(1, 32)), bench.versions(name))
        same(31, bench.load(name).version)
    bench.whole(*names)


def _counted(bench: Bench, told: list[list[int]], total: int) -> None:
    same([[number + 1, number] for number in range(1, total + 1)], sorted(told), "what the winners were told")
    final = bench.stored()
    same((total + 1, total), (final.version, final.data["count"]))
    same(list(range(1, total + 2)), bench.versions())
    bench.whole("p1")


@case("C06", COMPARE)
def a_conflict_leaves_the_loser_clean(bench: Bench) -> None:
    """After a conflict the loser reads what the winner wrote, at once and everywhere, and wins when it tries again."""
    winner, loser = bench.second(), bench.store
    pilot = bench.begin()
    for version in (2, 4):
        before = bench.stored(store=loser)
        loser.find(Query(bench.tenant, workflow="plain"))
        won, after = bench.written(pilot, changed(pilot, winner=version), receipt=Receipt(f"key-{version}", "f", b""))
        winner.append(won)
        refused(Conflict, partial(loser.append, bench.change(before)))
        same(after, bench.stored(store=loser))
        same(won.receipts[0], loser.receipt(bench.tenant, "p1", f"key-{version}"))
        same(list(range(1, version + 1)), bench.versions(store=loser))
        same([version], [one.version for one in loser.find(Query(bench.tenant, workflow="plain")).items])
        pilot = advance(loser, after, 1, bench.tenant)
    same([1, 2, 3, 4, 5], bench.versions(store=winner))


@case("C07", ERRORS)
def another_constraint_is_no_conflict(bench: Bench) -> None:
    """What a database refuses for another reason, in a table of the host or a subject issued twice, is no conflict."""
    subject = (Personal("s1", "somebody", b"salt"),)
    pilot = bench.write(None, started("p1"), personal=subject)
    before, problem = bench.everything("p1"), sqlite3.IntegrityError("UNIQUE constraint failed: people.name")

    def recorded(_: object) -> None:
        raise problem

    found = refused(sqlite3.IntegrityError, lambda: bench.append(bench.change(pilot), recorded=recorded))
    holds(found is problem, "what a callback raises is raised as it is")
    again, _ = bench.written(pilot, changed(pilot), personal=subject)
    refused((StoreError, BadArgument), lambda: bench.append(again), "a subject that was issued before")
    same(before, bench.everything("p1"))
    bench.advance(pilot)


@case("C08", ERRORS)
def crossing_writers_do_not_deadlock(bench: Bench) -> None:
    """Who writes the same pilots in opposite order wins whole or loses whole, and is never told of a deadlock."""
    pilots = [bench.begin(f"p{number}") for number in range(4)]
    if not bench.store.multi_pilot:
        refused_whole(bench, [bench.change(one) for one in pilots])
        return
    clients = [bench.store, bench.second()]
    for number in range(5):
        orders = [[bench.change(one, by=by) for one in (pilots if by % 2 else pilots[::-1])] for by in range(4)]
        outcomes = together([partial(clients[by % 2].append, *orders[by]) for by in range(4)])
        told = {type(one) for one in outcomes if one}
        holds(told <= {Conflict, StoreBusy}, f"the losers are told of a conflict, or that it is busy, not {told}")
        pilots = [bench.stored(one.id) for one in pilots]
        same(outcomes.count(None), len({one.data.get("by") for one in pilots if one.version == number + 2}))
        if outcomes.count(None) == 0:  # all were told that the store is busy, which it may be
            bench.append(*orders[0])
            pilots = [bench.stored(one.id) for one in pilots]
    same([6] * 4, [one.version for one in pilots])


@case("C09", WHOLE)
def nothing_uncommitted_is_seen(bench: Bench) -> None:
    """What is written and not yet committed is in no answer, for the same client and for another one."""
    pilot = bench.begin()
    before, problem = _seen(bench, bench.store), ValueError("no")
    commit, _ = bench.written(pilot, changed(pilot, note="dirty"), receipt=RECEIPT)
    commits = [commit]
    if bench.store.multi_pilot:
        commits.append(bench.written(None, started("p2"))[0])
    for client in (bench.store, bench.second()):
        readers = list[Aside[object]]()

        def recorded(_: object, client: Store = client, readers: list[Aside[object]] = readers) -> None:
            readers.append(Aside(lambda: _seen(bench, client)))
            readers[0].gets_through()  # a store may also make readers wait for its writer
            raise problem

        refused(ValueError, partial(bench.append, *commits, recorded=recorded))
        same(before, readers[0].result(), "what was read inside the transaction of another")
    bench.append(*commits)


def _seen(bench: Bench, store: Store) -> object:
    names = ("p1", "p2")
    page = store.find(Query(bench.tenant, limit=10_000))
    return [bench.everything(*names, store=store), [store.load(bench.tenant, name, key=KEY) for name in names], page]


@case("C10", ANSWERS)
def one_read_is_of_one_moment(bench: Bench) -> None:
    """Version, head and receipt that one load gives belong together while others write."""
    bench.write(None, started("p1"), receipt=Receipt("key-1", "f", b"1"))
    last, clients, done = 60, (bench.second(), bench.store), list[bool]()

    def write() -> None:
        pilot = bench.stored()
        for version in range(2, last + 1):
            commit, pilot = bench.written(pilot, changed(pilot), receipt=Receipt(f"key-{version}", "f", b""))
            bench.append(commit)

    def look(client: Store, known: int) -> int:
        loaded = present(client.load(bench.tenant, "p1", key=f"key-{known + 1}"), "the pilot")
        head = present(loaded.head, "the head")
        same([loaded.version] * 2, [head.summary.version, codec.decode_pilot(head.body).version])
        same(loaded.version > known, loaded.receipt is not None, f"the receipt of {known + 1} at {loaded.version}")
        same(loaded.version, len(bench.versions(store=client, upto=loaded.version)))
        return loaded.version

    def read(client: Store) -> None:
        known = 1
        while not done:
            known = look(client, known)
        same(last, look(client, last))

    readers: list[Callable[[], None]] = [partial(read, client) for client in clients]
    all_well(together([ending(write, done), *readers]))


@case("C11", ANSWERS)
def a_write_is_seen_at_once(bench: Bench) -> None:
    """What was acknowledged is in the next answer, of the same client and of a second one."""
    other = bench.second()
    pilot = bench.begin()
    for version in range(2, 22):
        pilot = bench.advance(pilot)
        for client in (bench.store, other):
            same(pilot, bench.stored(store=client))
            same(version, len(bench.versions(store=client)))
            same([version], [one.version for one in client.find(Query(bench.tenant, workflow="plain")).items])


@case("C12", COMPARE)
def a_pair_has_one_winner(bench: Bench) -> None:
    """Of two appends that each judged two pilots and write both exactly one wins, so a rule over both can hold."""
    pilots = [bench.begin(name) for name in ("p1", "p2")]
    if not bench.store.multi_pilot:
        refused_whole(bench, [bench.change(one) for one in pilots])
        return
    clients = [bench.store, bench.second()]
    for taken in range(1, 6):
        offers = [[bench.change(one, taken=taken, by=by) for one in pilots] for by in range(2)]
        outcomes = together([partial(clients[0].append, *offers[0]), partial(clients[1].append, *reversed(offers[1]))])
        told = {type(one) for one in outcomes if one}
        if None not in outcomes:  # both may be told that the store is busy, and then nobody has written
            same({StoreBusy}, told, "what they are told where nobody won")
            same(pilots, [bench.stored(one.id) for one in pilots])
            bench.append(*offers[0])
            outcomes[0] = None
        same(1, outcomes.count(None), "how many won")
        holds(told <= {Conflict, StoreBusy}, f"the loser is told of a conflict, or that it is busy, not {told}")
        pilots = [bench.stored(one.id) for one in pilots]
        same({(taken, outcomes.index(None))}, {(one.data["taken"], one.data["by"]) for one in pilots})


@case("C13", WHOLE)
def writers_of_different_pilots_both_write(bench: Bench) -> None:
    """While one append is under way another one on another pilot goes through, or waits, or is told that it is busy."""
    pilot, other = bench.begin(), bench.second()
    writers = list[Aside[Pilot]]()

    def recorded(_: object) -> None:
        writers.append(Aside(lambda: begin(other, "p2", bench.tenant)))
        writers[0].gets_through()

    bench.append(bench.change(pilot), recorded=recorded)
    outcome = writers[0].outcome()
    if isinstance(outcome, BaseException):
        if not isinstance(outcome, StoreBusy):
            raise outcome
        begin(other, "p2", bench.tenant)
    same(([1, 2], [1]), (bench.versions(), bench.versions("p2")))


@case("C14", COMPARE, needs="multi_process")
def two_processes_lose_nothing(bench: Bench) -> None:
    """Two other processes and this one, each with several writers on one pilot, lose no change and leave no gap."""
    bench.begin()
    wins, writers = 8, 3
    errand = {"pilot_id": "p1", "writers": writers, "wins": wins}
    with bench.elsewhere("contend", **errand) as one, bench.elsewhere("contend", **errand) as other:
        one.go()
        other.go()
        told = contend(bench.store, bench.tenant, "p1", writers, wins) + one.result() + other.result()
    _counted(bench, told, 3 * writers * wins)


@case("C15", ANSWERS)
def readers_and_writers_do_not_hinder_each_other(bench: Bench) -> None:
    """While several pilots are written in batches every read gives an answer that is true of some moment."""
    names, batches, size = [f"p{number}" for number in range(4)], 6, 10
    for name in names:
        bench.begin(name)
    clients, done = (bench.store, bench.second()), list[bool]()

    def write() -> None:
        for _ in range(batches):
            for name in names:
                pilot = bench.stored(name)
                bench.append(bench.written(pilot, *grown(pilot, size))[0])

    def look(client: Store, seen: dict[str, int]) -> None:
        found = {one.id: one.version for one in client.find(Query(bench.tenant, workflow="plain")).items}
        for name, before in seen.items():
            version = present(client.load(bench.tenant, name), name).version
            same(list(range(1, version + 1)), bench.versions(name, store=client, upto=version))
            holds(before <= found[name] <= version, f"{name} goes on: {before}, {found[name]}, {version}")
            same(1, version % size, "whole batches")
            seen[name] = version

    def read(client: Store) -> None:
        seen = dict.fromkeys(names, 1)
        while not done:
            look(client, seen)
        look(client, seen)
        same([1 + batches * size] * len(names), list(seen.values()))

    readers: list[Callable[[], None]] = [partial(read, client) for client in clients]
    all_well(together([ending(write, done), *readers]))


@case("C16", COMPARE)
def histories_can_be_put_in_one_order(bench: Bench) -> None:
    """All that clients were told while they read and wrote fits one order in which each act lies within its time."""
    bench.begin()
    time, clients = count(), [bench.store, bench.second()]

    def act(number: int) -> list[Done]:
        store, done = clients[number % 2], list[Done]()
        pilot = present(stored(store, tenant=bench.tenant))
        for turn in range(12):
            began = next(time)
            if turn % 3 == number % 3:
                pilot = present(stored(store, tenant=bench.tenant))
                done.append(Done(Act.READ, began, next(time), pilot.version))
                continue
            commit, after = bench.written(pilot, changed(pilot, by=number))
            done.append(_tried(store, commit, began, time))
            pilot = after if done[-1].act is Act.WON else present(stored(store, tenant=bench.tenant))
        return done

    told = all_well(together([partial(act, number) for number in range(6)]))
    same([], faults([one for found in told for one in found]), "what does not fit")


def _tried(store: Store, commit: Commit, began: int, time: "count[int]") -> Done:
    try:
        store.append(commit)
    except Conflict as error:
        return Done(Act.LOST, began, next(time), error.actual, error.expected)
    return Done(Act.WON, began, next(time), commit.expected + 1, commit.expected)
