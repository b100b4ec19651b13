"""What clients asked and were told, written down as it happens, for `linear` to judge."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from time import monotonic_ns
from typing import Any, Literal

from attrs import astuple, define, field

from proeftuin.errors import Conflict, OutcomeUnknown, StoreError
from tests.faults.linear import Call

Noted = tuple[str, Call]


@define
class Journal:
    """The calls of one process, each with its pilot, by the clock that all processes of a machine share."""

    noted: list[Noted] = field(factory=list)

    def begin(self, pilot_id: str, call: Call) -> None:
        """Be told of a write that begins, as it stands if nothing is heard of it any more; who may die notes it."""

    def note(self, pilot_id: str, call: Call) -> None:
        """Be told of a call that ended."""
        self.noted.append((pilot_id, call))

    def read(self, client: str, pilot_id: str, ask: Callable[[], tuple[int, str]]) -> int:
        """Ask for the version that stands and its value, and note them; a read that fails says nothing."""
        began = monotonic_ns()
        version, value = ask()
        self.note(pilot_id, Call(client, began, monotonic_ns(), "ok", value, version=version))
        return version

    def write(
        self, client: str, pilot_id: str, value: str, expected: int | None, act: Callable[[], tuple[int, bool]]
    ) -> None:
        """Write a value, and note what that came to.

        Args:
            client: who writes.
            pilot_id: on which pilot.
            value: what nobody else writes.
            expected: the version to write it on, None for whichever stands.
            act: does it; returns the version, and whether it is the first result again.
        """

        def note(told: Literal["ok", "fail", "info"], version: int | None = None, *, again: bool = False) -> None:
            ended = monotonic_ns()
            call = Call(client, began, ended, told, value, True, expected, version, again)  # noqa: FBT003  # it writes
            self.note(pilot_id, call)

        began = monotonic_ns()
        self.begin(pilot_id, Call(client, began, began, "info", value, writes=True, expected=expected))
        try:
            version, again = act()
        except Conflict as lost:
            note("fail", lost.actual)
            raise
        except OutcomeUnknown:
            note("info")
            raise
        except StoreError:
            note("fail")
            raise
        note("ok", version, again=again)

    def dumped(self) -> list[list[Any]]:
        """Plain lists, to cross to another process."""
        return [[pilot_id, *astuple(call)] for pilot_id, call in self.noted]


def loaded(rows: Iterable[list[Any]]) -> list[Noted]:
    """Read what another process dumped."""
    return [(pilot_id, Call(*values)) for pilot_id, *values in rows]


def by_pilot(noted: Iterable[Noted]) -> dict[str, list[Call]]:
    """Return the calls of each pilot: its history, as the clients saw it."""
    histories: dict[str, list[Call]] = defaultdict(list)
    for pilot_id, call in noted:
        histories[pilot_id].append(call)
    return histories
