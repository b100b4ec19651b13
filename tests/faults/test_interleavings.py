"""Two clients in every order of deciding and writing: what a guard forbids on what is stored never comes about."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import permutations

import pytest

from proeftuin import Engine, Refused
from proeftuin.spi import Before
from tests.domain.existing.life import Life
from tests.domain.life import Clock, person
from tests.domain.people.life import PLACES

ORDERS = sorted(set(permutations("aabb")))
LAST = PLACES["employment"]

Act = Callable[[Engine], object]


class Client:
    """An engine of its own in a thread, which stops once: after it has decided, before it writes."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.engine = Engine.open(url, time=clock, hooks=[self])
        self.codes: tuple[str, ...] = ()
        self._decides, self._stopped, self._go = True, threading.Event(), threading.Event()

    def before(self, moment: Before) -> None:
        """Stop, the first time; who lost the race decides anew, and goes on."""
        if self._decides:
            self._decides = False
            self._stopped.set()
            self._go.wait()

    def steps(self, act: Act) -> Iterator[None]:
        """Begin, up to the decision; then go on to the end."""
        self._decides = True
        self._stopped.clear()
        self._go.clear()
        thread = threading.Thread(target=self._run, args=(act,), daemon=True)
        thread.start()
        self._stopped.wait()
        yield
        self._go.set()
        thread.join()
        yield

    def _run(self, act: Act) -> None:
        self.codes = ()
        try:
            act(self.engine)
        except Refused as no:
            self.codes = no.codes
        finally:
            self._stopped.set()  # a refusal comes before the stop


@pytest.fixture
def life(url: str) -> Iterator[Life]:
    """A pilot with one place left."""
    made = Life(url=url).reach("implementing")
    for _ in range(LAST - 1):
        made.place()
    yield made
    made.engine.close()


@pytest.fixture
def clients(url: str, life: Life) -> Iterator[dict[str, Client]]:
    with ExitStack() as stack:
        made = {name: Client(url, life.clock) for name in "ab"}
        for one in made.values():
            stack.callback(one.engine.close)
        yield made


def played(order: tuple[str, ...], clients: dict[str, Client], acts: dict[str, Act]) -> dict[str, tuple[str, ...]]:
    """Let each client take its next step whenever its name comes up; what each was told."""
    steps = {name: clients[name].steps(act) for name, act in acts.items()}
    for name in order:
        next(steps[name])
    return {name: client.codes for name, client in clients.items()}


def placing(life: Life) -> Act:
    """Place somebody new."""
    data, who = life.placement(), person("supplier_hr@alpha")
    return lambda engine: engine.fire(life.id, "start_placement", actor=who, data=data, track="alpha")


def pausing(life: Life) -> Act:
    """Put the pilot on hold."""
    data, who = {"reason": "Holidays", "resume_by": life.day(28)}, person("coordinator")
    return lambda engine: engine.fire(life.id, "pause", actor=who, data=data)


def free(life: Life) -> None:
    """End the placement that began last, and go on a day later."""
    data = {"placement": life.pilot.records("placement")[-1].id, "end": life.today, "reason": "other"}
    life.do("supplier_hr@alpha", "end_placement", data, "alpha")
    life.later(1)


def test_the_last_place_is_given_once(life: Life, clients: dict[str, Client]) -> None:
    """In whatever order two clients give away the last place, one does, and the other is told that there is none."""
    for order in ORDERS:
        before = life.pilot.version
        told = played(order, clients, {name: placing(life) for name in clients})
        assert [(), ("capacity-exceeded",)] == sorted(told.values())
        assert before + 1 == life.pilot.version
        free(life)
    assert () == life.engine.verify()


def test_nobody_is_placed_in_a_pilot_on_hold(life: Life, clients: dict[str, Client]) -> None:
    """Whoever decides before another client puts the pilot on hold, and writes after that, is refused."""
    for order in ORDERS:
        told = played(order, clients, {"a": placing(life), "b": pausing(life)})
        late = order.index("b", order.index("b") + 1) < order.index("a", order.index("a") + 1)
        assert {"a": ("paused",) if late else (), "b": ()} == told
        life.do("coordinator", "resume")
        if not late:
            free(life)
    placed = [event for event in life.engine.history(life.id) if event.trigger == "start_placement"]
    assert {"running"} == {life.engine.get(life.id, version=event.version - 1).hold for event in placed}
    assert () == life.engine.verify()
