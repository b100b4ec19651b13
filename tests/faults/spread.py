"""A house on several hosts and one database: eight processes that serve, tick and deliver.

Meanwhile some of them are killed, paused, cut off, or hear no answers. At the end all is judged that is stored, was
told and has arrived.

    python -m tests.faults.spread LINKS PILOTS SECONDS DAYS

Links are `wires` or `namespaces` (see `hosts`; run it under `unshare --net` then). Troubles come until so many seconds
are over, each kind at least once; so many days pass in one of them. It prints what it found, as JSON.

No trouble lasts for a time that is set: each goes on until the others have gone on, and whoever was hit has noticed.
"""

import json
import os
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from random import Random
from time import monotonic, monotonic_ns
from typing import Any

from attrs import Factory, define
from sqlalchemy import make_url

from proeftuin import Engine
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from tests.faults import terms
from tests.faults.delivering import SUBSCRIBER
from tests.faults.endpoint import Endpoint
from tests.faults.fitting import amiss, spans
from tests.faults.hosts import Host, Namespaced, OpenPostgres, Wired
from tests.faults.linear import Call, overlapping
from tests.faults.speaking import Speaking
from tests.faults.working import Job
from tests.own_servers import OwnPostgres
from tests.scale import RELEASE
from tests.serving import HOST

ROLES = ("serve", "serve", "serve", "serve", "tick", "tick", "deliver", "deliver")
TROUBLES = ("killed", "paused", "cut off", "deaf")
PATIENCE = 120.0
# An engine's own patience with a silent server; what it has by itself takes longer than a test may.
OPTIONS = {
    "timeout": "3" if RELEASE else "0.5",
    "keepalives_idle": "1",
    "keepalives_interval": "1",
    "keepalives_count": "2",
}
OPTIONS["tcp_user_timeout"] = "1500"
ON = {"serve": 10, "tick": 2, "deliver": 2}
"""How many rounds each of the others does before a trouble is over."""


@define(eq=False)
class Worker:
    """One of the processes, started anew where it was killed.

    Attributes:
        rounds: how many it went, how much was done in them, and which errors it told of.
        wanted: whether it is to live.
    """

    house: "House"
    role: str
    name: str
    host: Host
    rounds: int = 0
    done: int = 0
    errors: Counter[str] = Factory(Counter)
    lives: int = 0
    wanted: bool = False
    _process: Speaking | None = None
    _ear: threading.Thread | None = None

    def begin(self) -> None:
        """Start the process."""
        self.lives += 1
        self.wanted = True
        self._process = Speaking("tests.faults.working", self._job().written(), under=self.host.under)
        self._ear = threading.Thread(target=self._listen, args=(self._process,), daemon=True)
        self._ear.start()

    def _job(self) -> Job:
        house = self.house
        host, port = self.host.reach(house.server.port)
        url = make_url(house.server.url).set(host=host, port=port).update_query_dict(OPTIONS)
        far = self.host.reach(house.far.port)
        name = f"{self.name}.{self.lives}"
        return Job(self.role, name, f"{url}", house.clock.zero, house.clock.days, house.pilots, far)

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """Kill it, and hear what it had said."""
        self.wanted = False
        self.send(signal.SIGKILL)
        self._gone()

    def dismiss(self) -> None:
        """Have it end its work."""
        assert self._process is not None
        self.wanted = False
        self._process.dismiss()
        self._gone()

    def _gone(self) -> None:
        assert self._process is not None
        assert self._ear is not None
        self._ear.join()
        self._process.close()

    def _listen(self, process: Speaking) -> None:
        while line := process.hear():
            word, *said = json.loads(line)
            with self.house.news:
                self.house.hear(self, word, said)
                self.house.news.notify_all()
        with self.house.news:
            if self.wanted:
                self.house.faults.append(f"{self.name} ended by itself")
            self.house.news.notify_all()


@define(eq=False)
class House:
    """All of it.

    Attributes:
        calls: what clients were told, of each pilot.
        begun: the writes that were begun; of those nothing may have been heard.
        troubled: how often each kind of trouble came.
        faults: what is wrong.
    """

    server: OwnPostgres
    far: Endpoint
    pilots: list[str]
    clock: terms.Quick
    news: threading.Condition = Factory(threading.Condition)
    workers: list[Worker] = Factory(list)
    calls: dict[str, list[Call]] = Factory(dict)
    begun: dict[tuple[str, int], tuple[str, Call]] = Factory(dict)
    troubled: Counter[str] = Factory(Counter)
    faults: list[str] = Factory(list)

    def hear(self, worker: Worker, word: str, said: list[Any]) -> None:
        """Note what a process said."""
        if word == "round":
            worker.rounds += 1
            worker.done += said[0]
        elif word == "error":
            worker.errors[said[0]] += 1
        else:
            pilot, call = said[0], Call(*said[1:])
            place = call.client + call.value * call.writes, call.began  # type: ignore[operator]  # a write has one
            if word == "begin":
                self.begun[place] = pilot, call
            else:
                self.begun.pop(place, None)
                self.calls.setdefault(pilot, []).append(call)

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds that does not take long."""
        with self.news:
            self.news.wait_for(lambda: self.faults or holds(), PATIENCE)
            if self.faults or not holds():
                state = {one.name: (one.rounds, dict(one.errors)) for one in self.workers}
                raise SystemExit(f"waited in vain until {what}: {self.faults} {state}")

    # -- troubles --------------------------------------------------------------------------------------------------

    def storm(self, seconds: float, chance: Random) -> None:
        """Bring trouble, each kind in turn, on one of each role or more, until the time is over."""
        until, number = monotonic() + seconds, 0
        while number < len(TROUBLES) or monotonic() < until:
            hit = [one for role in dict.fromkeys(ROLES) for one in self._some(role, chance)]
            self.trouble(TROUBLES[number % len(TROUBLES)], hit)
            number += 1

    def _some(self, role: str, chance: Random) -> list[Worker]:
        those = [one for one in self.workers if one.role == role]
        return chance.sample(those, chance.randrange(1, len(those)))

    def trouble(self, kind: str, hit: Sequence[Worker]) -> None:
        """Bring one trouble, and return when all are well again."""
        self.troubled[kind] += 1
        erred = {one: one.errors.total() for one in hit}
        with _TROUBLES[kind](hit):
            self._others_go_on(hit)
            if kind in {"cut off", "deaf"}:
                noticed = f"all notice that they are {kind}"
                self.until(noticed, lambda: _all(one.errors.total() > erred[one] for one in hit))
        did = {one: one.rounds for one in hit}
        self.until(f"all get well that were {kind}", lambda: _all(one.rounds > did[one] for one in hit))

    def _others_go_on(self, hit: Sequence[Worker]) -> None:
        """Wait until those that were not hit have done enough, and what was written before has arrived by them."""
        others = {one: one.rounds + ON[one.role] for one in self.workers if one not in hit}
        self.until("others go on", lambda: _all(one.rounds >= enough for one, enough in others.items()))
        self.arrived()

    def arrived(self) -> None:
        """Wait until all has arrived that is written now."""
        with self.engine() as engine:
            versions = {name: engine.get(name).version for name in self.pilots}
        last = self.far.ledger.last
        with self.far.news:
            come = self.far.news.wait_for(
                lambda: all(last.get(name, 0) >= version for name, version in versions.items()), PATIENCE
            )
        if not come:
            raise SystemExit("waited in vain until all arrives")

    # -- the beginning and the end ---------------------------------------------------------------------------------

    def engine(self, time: terms.Quick | terms.Still | None = None) -> Engine:
        """An engine beside the server, which no trouble reaches."""
        return terms.engine_on(open_store(self.server.url), time)

    def begin(self, hosts: Sequence[Host]) -> None:
        """Begin the pilots and start all processes."""
        with self.engine(terms.Still()) as engine:
            engine.subscribe(SUBSCRIBER, start="beginning")
            for name in self.pilots:
                terms.begin(engine, name)
        self.clock.zero = monotonic_ns()
        self.workers = [
            Worker(self, role, f"{role}-{number}", host)
            for number, (role, host) in enumerate(zip(ROLES, hosts, strict=True))
        ]
        for one in self.workers:
            one.begin()
        self.until("all work", lambda: _all(one.rounds for one in self.workers))

    def end(self) -> None:
        """Have all end their work, when all is done that falls due on the last day."""
        for role in ("serve", "tick"):
            self._dismiss(role)
        passed = (self.clock.now() - terms.BEGAN).days
        with self.engine(terms.Still(max(terms.LAST_DAY, passed + 1))) as engine:
            while engine.tick().done:
                pass
        self.arrived()
        self._dismiss("deliver")

    def _dismiss(self, role: str) -> None:
        for one in self.workers:
            if one.role == role:
                one.dismiss()

    # -- judging ---------------------------------------------------------------------------------------------------

    def judge(self) -> None:
        """Say what is wrong with the store, with what clients were told, and with what arrived."""
        for pilot, call in self.begun.values():
            self.calls.setdefault(pilot, []).append(call)
        committed = dict[str, str]()
        store = open_store(self.server.url)
        with terms.engine_on(store) as engine:
            for name in self.pilots:
                history = list(engine.history(name))
                committed |= {one.id: one.digest for one in history}
                found = amiss(history, spans(store, name, history), self.calls.get(name, []), self.clock)
                self.faults += [f"{name}: {one}" for one in found]
                self.faults += [f"{name}: {one}" for one in _wrong_moments(terms.moments(history))]
            self.faults += [f"{one}" for one in engine.verify()]
        self.faults += self.far.ledger.amiss(committed)

    def told(self) -> dict[str, Any]:
        """What the test reads."""
        calls = [one for some in self.calls.values() for one in some]
        return {
            "faults": self.faults,
            "written": sum(one.told == "ok" and one.writes and not one.again for one in calls),
            "repeated": sum(one.again for one in calls),
            "lost": sum(one.told == "fail" and one.version is not None for one in calls),
            "unknown": sum(one.told == "info" for one in calls),
            "read": sum(not one.writes for one in calls),
            "overlapping": sum(overlapping(some) for some in self.calls.values()),
            "ticked": sum(one.done for one in self.workers if one.role == "tick"),
            "arrived": len(self.far.ledger.first),
            "came": self.far.ledger.came,
            "errors": dict(sum((one.errors for one in self.workers), Counter[str]())),
            "troubled": dict(self.troubled),
        }


def _all(found: Iterator[object]) -> bool:
    return all(found)


def _wrong_moments(found: Counter[terms.Moment]) -> Iterator[str]:
    yield from (f"{moment} was done {times} times" for moment, times in found.items() if times != 1)
    yield from (f"{moment} was never done" for moment in terms.promised() - found.keys())
    strange = (one for one in found.keys() - terms.possible() if one[0] != terms.RESTARTED)
    yield from (f"{moment} never falls due" for moment in strange)


@contextmanager
def _killed(hit: Sequence[Worker]) -> Iterator[None]:
    for one in hit:
        one.kill()
    yield
    for one in hit:
        one.begin()


@contextmanager
def _paused(hit: Sequence[Worker]) -> Iterator[None]:
    for one in hit:
        one.send(signal.SIGSTOP)
    yield
    for one in hit:
        one.send(signal.SIGCONT)


@contextmanager
def _cut_off(hit: Sequence[Worker]) -> Iterator[None]:
    for one in hit:
        one.host.cut()
    yield
    for one in hit:
        one.host.mend()


@contextmanager
def _deaf(hit: Sequence[Worker]) -> Iterator[None]:
    for one in hit:
        one.host.deafen()
    yield
    for one in hit:
        one.host.mend()


LINKS: Mapping[str, tuple[type[OwnPostgres], Callable[[], Host], str]] = {
    "wires": (OwnPostgres, Wired, HOST),
    "namespaces": (OpenPostgres, Namespaced, ""),
}
"""Of each kind of link the server, what makes a host, and where the subscriber listens."""

_TROUBLES = dict(zip(TROUBLES, (_killed, _paused, _cut_off, _deaf), strict=True))


def run(links: str, pilots: int, seconds: float, days: float) -> dict[str, Any]:
    """Do all of it."""
    with ExitStack() as stack:
        kind, make, place = LINKS[links]
        hosts = [make() for _ in ROLES]
        for host in hosts:
            stack.callback(host.close)
        server = stack.enter_context(kind())
        upgrade(server.url)
        far = Endpoint(Random(1), listener=socket.create_server((place, 0), backlog=128))
        stack.enter_context(far.open())
        house = House(server, far, [f"p{number:03}" for number in range(pilots)], terms.Quick(0, days))
        try:
            house.begin(hosts)
            house.storm(seconds, Random(1))
            house.end()
        finally:
            for one in house.workers:
                if one.wanted:
                    one.kill()
        house.judge()
        return house.told()


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))))  # noqa: T201  # what the test reads
