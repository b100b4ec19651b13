"""What is used up while stores are measured: pilots that stand ready to move, and the commits that would move them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from attrs import Factory, define, field, frozen

from benchmarks import lifecycles
from benchmarks.lifecycles import EVERYBODY, MOVES, NOW, STATES, WORKER, existing_contract, fired, plain
from proeftuin import Actor, Engine
from proeftuin.core.settings import Settings
from proeftuin.drafts import Draft
from proeftuin.spi import Commit, Receipt, Store
from proeftuin.timekeeping import Timekeeper

TENANT = "default"
TIMES = Timekeeper(None, Settings(), forgets=True)  # as an engine counts on a store that can


class Clock:
    """The moment at which all pilots here began, for ever."""

    def now(self) -> datetime:
        """Return that moment."""
        return NOW


@frozen
class Case:
    """One lifecycle, and the moves that are measured on it.

    Attributes:
        made: makes a pilot that may make all the moves, by its id.
        options: what an engine needs to know.
    """

    name: str
    actor: Actor
    triggers: tuple[str, ...]
    made: Callable[[str], Draft]
    options: Mapping[str, Any] = field(factory=dict)

    def moves(self, pilots: int) -> int:
        """Return how many moves so many pilots can make."""
        return pilots * len(self.triggers)

    def engine(self, store: Store, *, cache: int) -> Engine:
        """Return an engine on a store, keeping so many decoded heads."""
        return Engine(store, time=Clock(), cache=cache, **self.options)


CONTRACT = Case("existing-contract, 20 records", EVERYBODY, MOVES, existing_contract)
PLAIN = Case(
    "nine plain states",
    WORKER,
    ("advance",) * len(STATES),
    plain,
    {"workflows": [lifecycles.plain_workflow()], "guards": {"ready": lifecycles.ready}},
)


def timed(draft: Draft) -> Draft:
    """Tell a draft when its terms come, as the engine tells a store."""
    draft.timing = TIMES.exact(draft.table, draft.pilot)
    return draft


@define
class Supply:
    """New pilots of a case in a store, as many as are wanted, whose ids begin with a word."""

    case: Case
    store: Store
    word: str = "pilot"
    _numbers: "count[int]" = Factory(count)

    def pilots(self, moves: int) -> list[Draft]:
        """Write as many new pilots as can make so many moves, and return them."""
        wanted = range(moves // len(self.case.triggers))
        pilots = [timed(self.case.made(f"{self.word}-{next(self._numbers):09}")) for _ in wanted]
        self.store.append(*(one.commit(TENANT) for one in pilots))
        return pilots

    def commits(self, moves: int, *, keyed: bool) -> list[Commit]:
        """Write new pilots, and return the commits that would move them; `keyed` ones carry a receipt."""
        found = []
        for pilot in self.pilots(moves):
            before = pilot
            for number, trigger in enumerate(self.case.triggers):
                after = Draft(before.table, before.pilot, before.pilot.version)
                fired(after, trigger, self.case.actor)
                timed(after)
                receipt = Receipt(f"key-{number}", "f" * 64, b'{"after":21,"upto":22}') if keyed else None
                after.receipts += [receipt] if receipt else []
                found.append(after.commit(TENANT))
                before = after
        return found
