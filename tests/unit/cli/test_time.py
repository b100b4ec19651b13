"""`tick` and `work`: what they print, their exit codes, and how a worker stops; and the filters of `list` on time."""

import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from proeftuin import CorruptStore, Engine, OutcomeUnknown, StoreBusy, StoreError, StoreFull, StoreUnavailable
from proeftuin.cli import time as working
from proeftuin.ticking import Ticker
from tests.unit.cli.running import Run, lead

DATA = {"title": "Catering", "organisation": "DJI"}


class Past:
    """A clock of so many days ago."""

    def __init__(self, days: int) -> None:
        self.at = datetime.now(UTC) - timedelta(days=days)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def late(store: Path) -> Path:
    """A store in which a pilot was silent for thirty days, and one of another tenant for nine."""
    for tenant, days in (("default", 30), ("other", 9)):
        with Engine.open(f"sqlite:///{store}", time=Past(days), tenant=tenant) as engine:
            engine.start("existing-contract", actor=lead(), data=DATA, id=f"of-{tenant}")
    return store


def damage(store: Path, pilot: str) -> None:
    connection = sqlite3.connect(store)
    connection.execute("UPDATE pilots SET body = x'00' WHERE id = ?", (pilot,))
    connection.commit()
    connection.close()


def test_a_tick_does_what_is_due_once(run: Run, late: Path) -> None:
    """The first tick tells on how many pilots something was done, the second that there is nothing."""
    del late
    assert (0, "+ what was due is done on 1 pilot\n") == (run("tick").code, run("tick", "--tenant", "other").out)
    assert (0, "Nothing was due.\n") == (run("tick").code, run("tick").out)
    assert "Stalled" in run("history", "of-default").out


def test_a_tick_for_all_tenants_names_each(run: Run, late: Path) -> None:
    """With --all-tenants every tenant of the store is done, and told by its name."""
    del late
    assert (
        "+ default: what was due is done on 1 pilot\n+ other: what was due is done on 1 pilot\n"
        == run("tick", "--all-tenants").out
    )
    assert {"done": 0, "failed": 0, "more": False, "tenants": {"default": 0, "other": 0}} == run(
        "tick", "--all-tenants", "--json"
    ).json


@pytest.fixture
def broken(late: Path, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """A store in which ticking the first of two tenants raises what is in the list."""
    del late
    real = Ticker.tick
    errors: list[Exception] = [CorruptStore("it is not whole")]

    def tick(self: Ticker, *arguments: object) -> object:
        if self._tenant == "default":
            raise errors[-1]
        return real(self, *arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(Ticker, "tick", tick)
    return errors


def test_a_tenant_that_cannot_be_ticked_keeps_no_other_one_waiting(run: Run, broken: list[Exception]) -> None:
    """What is wrong with one tenant is told by its name, the others are done, and the exit code says so."""
    answer = run("tick", "--all-tenants")
    assert (5, "") == (answer.code, answer.err)
    assert answer.out.startswith("+ other: what was due is done on 1 pilot\nx default: error: ")
    broken.append(RuntimeError("what a host would rather not show"))
    answer = run("tick", "--all-tenants")
    assert (1, "x default: error: RuntimeError\n") == (answer.code, answer.out)
    answer = run("tick", "--all-tenants", "--json")
    assert (1, {"default": "RuntimeError"}) == (answer.code, answer.json["errors"])


def test_a_store_that_is_away_ends_a_tick_for_all_tenants(run: Run, broken: list[Exception]) -> None:
    """A store that cannot be reached for one tenant is not asked for the others."""
    broken.append(StoreUnavailable("nobody answers"))
    answer = run("tick", "--all-tenants")
    assert (5, "", True) == (answer.code, answer.out, "nobody answers" in answer.err)


def test_a_tick_with_a_limit_says_that_there_is_more(run: Run, store: Path) -> None:
    """So many pilots are done and the rest is announced, in words and in JSON."""
    with Engine.open(f"sqlite:///{store}", time=Past(30)) as engine:
        for _ in range(3):
            engine.start("existing-contract", actor=lead(), data=DATA)
    assert {"done": 1, "failed": 0, "more": True, "tenants": {"default": 1}} == run(
        "tick", "--limit", "1", "--json"
    ).json
    assert "There is more that is due." in run("tick", "--limit", "1").out
    assert 1 == run("tick", "--json").json["done"]


def test_a_tick_that_could_not_read_a_pilot_exits_with_1(run: Run, late: Path) -> None:
    """A damaged pilot is named with the reason on the error output, the others are done, and a script is told."""
    with Engine.open(f"sqlite:///{late}", time=Past(30)) as engine:
        engine.start("existing-contract", actor=lead(), data=DATA, id="damaged")
    damage(late, "damaged")
    answer = run("tick")
    assert (1, True) == (answer.code, answer.err.startswith("damaged: "))
    assert "+ what was due is done on 1 pilot" in answer.out
    assert "1 pilot could not be read" in answer.out
    assert (1, 1) == (run("tick", "--json").code, run("tick", "--json").json["failed"])


def test_a_tick_counts_on_the_days_of_the_organisation(run: Run, late: Path) -> None:
    """Closures and the choice for Liberation Day are taken as options or from the environment, and judged."""
    del late
    assert 0 == run("tick", "--closed", "2026-12-24..2027-01-01", "--closed", "2026-05-15").code
    assert 0 == run("tick", "--liberation-day", "never").code
    for wrong in ("2026-13-01", "2026-05-02..2026-05-01", "2026-05-02..", "soon"):
        answer = run("tick", "--closed", wrong)
        assert (2, True) == (answer.code, "is no day of closure" in answer.err)


@pytest.mark.parametrize(
    "options", [("tick", "--limit", "0"), ("work", "--every", "0"), ("tick", "--liberation-day", "x")]
)
def test_what_makes_no_sense_is_refused(run: Run, late: Path, options: tuple[str, ...]) -> None:
    """A limit and a time between rounds are at least 1, and a choice is one of those that there are."""
    del late
    assert 2 == run(*options).code


def test_pilots_are_listed_and_counted_by_time(run: Run, late: Path) -> None:
    """`list` and `counts` take what is overdue and a signal that is up."""
    del late
    run("tick", "--all-tenants")
    for filters in (["--overdue"], ["--signal", "stalled"], ["--overdue", "--signal", "stalled"]):
        assert ["of-default"] == [one["id"] for one in run("list", *filters, "--json").json["items"]]
        assert 1 == run("counts", *filters, "--json").json["pilots"]
    assert (0, 1) == (
        run("counts", "--signal", "stalled", "--tenant", "other", "--json").json["pilots"],
        run("counts", "--overdue", "--tenant", "other", "--json").json["pilots"],
    )


# -- work --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The waits between rounds; in the third the process is sent a SIGTERM."""
    waits: list[float] = []

    def wait(_stop: working.Stop, seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(working.Stop, "wait", wait)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    yield waits
    assert before == (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT))


def test_a_worker_goes_on_until_it_is_told_to_stop(run: Run, late: Path, rounds: list[float]) -> None:
    """Round after round it does what is due, tells of rounds that did something, and ends well on SIGTERM."""
    del late
    answer = run("work", "--every", "7", "--all-tenants")
    assert (0, "", [7.0] * 3) == (answer.code, answer.err, rounds)
    assert [
        "sqlite:///proeftuin.db: what is due is done every 7 seconds; Ctrl-C stops it.",
        "+ default: what was due is done on 1 pilot",
        "+ other: what was due is done on 1 pilot",
        "Stopped; what was begun is finished.",
    ] == answer.out.splitlines()


@pytest.mark.parametrize("json", [[], ["--json"]])
def test_a_worker_goes_on_where_a_tenant_cannot_be_ticked(
    json: list[str], run: Run, broken: list[Exception], rounds: list[float]
) -> None:
    """In each round it is told what is wrong with that tenant, and the others are done."""
    del broken
    answer = run("work", "--all-tenants", *json)
    assert (0, 3, 3) == (answer.code, len(rounds), answer.out.count("it is not whole"))


def test_a_worker_writes_a_line_of_json_for_each_round_that_did_something(
    run: Run, late: Path, rounds: list[float]
) -> None:
    """With --json nothing is written but one line for each round in which something was done or failed."""
    del late, rounds
    assert {"done": 1, "failed": 0, "tenants": {"default": 1}} == run("work", "--json").json


def test_a_worker_tells_of_a_damaged_pilot_once(run: Run, late: Path, rounds: list[float]) -> None:
    """However many rounds come by it, the error output names it one time."""
    del rounds
    damage(late, "of-default")
    answer = run("work")
    assert (0, 1, 3) == (answer.code, len(answer.err.splitlines()), answer.out.count("could not be read"))


@pytest.mark.parametrize("error", [StoreUnavailable, OutcomeUnknown, StoreFull, StoreBusy])
def test_a_worker_outlives_a_store_that_is_away(
    error: type[StoreError], run: Run, late: Path, rounds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that cannot reach the store, or loses it, is told, and the next one does what was due."""
    del late, rounds
    real, calls = Ticker.tick, []

    def tick(self: Ticker, *arguments: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise error("nobody answers")
        return real(self, *arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(Ticker, "tick", tick)
    answer = run("work")
    assert (0, True, True) == (answer.code, "nobody answers" in answer.err, "done on 1 pilot" in answer.out)


def test_a_worker_looks_whether_to_stop_while_there_is_more(
    run: Run, store: Path, rounds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of much that is due a part is done at a time, and a worker that is told to stop leaves the rest."""
    with Engine.open(f"sqlite:///{store}", time=Past(30)) as engine:
        for _ in range(5):
            engine.start("existing-contract", actor=lead(), data=DATA)
    monkeypatch.setattr(working, "AT_ONCE", 1)
    real, calls = Ticker.tick, []

    def tick(self: Ticker, *arguments: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, *arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(Ticker, "tick", tick)
    answer = run("work")
    assert (0, [60.0], True) == (answer.code, rounds, "done on 2 pilots" in answer.out)


def test_one_tick_does_all_however_much_there_is(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a limit a tick ends when nothing is due any more."""
    with Engine.open(f"sqlite:///{store}", time=Past(30)) as engine:
        for _ in range(3):
            engine.start("existing-contract", actor=lead(), data=DATA)
    monkeypatch.setattr(working, "AT_ONCE", 1)
    assert {"done": 3, "failed": 0, "more": False, "tenants": {"default": 3}} == run("tick", "--json").json


# -- signals ---------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(60)
def test_a_signal_that_another_thread_gets_ends_a_wait() -> None:
    """A worker that sleeps is woken also where the system gives the signal to another one of its threads."""
    blocked, ended = threading.Event(), threading.Event()

    def get() -> None:
        assert blocked.wait(60)
        os.kill(os.getpid(), signal.SIGTERM)
        ended.wait(60)

    with working.stopping() as stop:
        thread = threading.Thread(target=get)
        thread.start()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # for this thread alone
        try:
            blocked.set()
            stop.wait(3600)
            assert stop.asked
        finally:
            ended.set()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            thread.join()


@pytest.mark.timeout(60)
def test_whoever_waits_is_told_to_stop() -> None:
    """Each of several that wait, and each that waits later, goes on when the end is asked for, however often."""
    with working.stopping() as stop:
        assert not stop.asked
        waiting = [threading.Thread(target=stop.wait, args=(3600,), daemon=True) for _ in range(5)]
        for one in waiting:
            one.start()
        for _ in range(10_000):
            stop.ask()
        stop.wait(3600)
        for one in waiting:
            one.join()
    assert stop.asked  # also when all has ended
