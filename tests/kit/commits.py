"""Stores that write what they should not, continued: one for each case that the others would let pass."""

from collections.abc import Callable
from sqlite3 import OperationalError
from typing import ClassVar

from proeftuin.core.structs import force_setattr, replace
from proeftuin.errors import Conflict
from proeftuin.spi import Commit
from proeftuin.spi.checks import check_commits
from tests.kit.appends import M02, Overwriting
from tests.kit.mutant import InMemory

Recorded = Callable[[object], None] | None


class AcceptsTheFuture(Overwriting):
    """Refuses only versions that have passed, and not those that are yet to come."""

    named: ClassVar[tuple[str, ...]] = ("C02",)

    def _judge(self, commit: Commit) -> None:
        try:
            super()._judge(commit)
        except Conflict as error:
            if error.expected <= error.actual:
                raise


class Racing(M02):
    """Looks first and writes afterwards, as M02; here for what becomes of whole histories."""

    named: ClassVar[tuple[str, ...]] = ("C05", "C16", "K11")


class Piecemeal(InMemory):
    """Holds its lock for one commit at a time."""

    named: ClassVar[tuple[str, ...]] = ("C12",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        for commit in commits:
            super().append(commit, recorded=recorded)
            self.gap()


class CatchesException(InMemory):
    """Undoes an append on an error, and not on an interrupt."""

    named: ClassVar[tuple[str, ...]] = ("B10",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        problem: BaseException | None = None

        def called(connection: object) -> None:
            nonlocal problem
            try:
                if recorded is not None:
                    recorded(connection)
            except Exception:
                raise
            except BaseException as error:  # noqa: BLE001  # the interrupt that is not noticed in time
                problem = error

        super().append(*commits, recorded=called)
        if problem is not None:
            raise problem


class NestedWrites(InMemory):
    """Lets a callback write, and commits what it wrote by itself."""

    named: ClassVar[tuple[str, ...]] = ("B01",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        with self._lock:
            before, self._writing = self._writing, False
            try:
                super().append(*commits, recorded=recorded)
            finally:
                self._writing = before


class CallsBackPerCommit(InMemory):
    """Calls back once for each commit of an append."""

    named: ClassVar[tuple[str, ...]] = ("B01",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        def called(connection: object) -> None:
            for _ in commits:
                if recorded is not None:
                    recorded(connection)

        super().append(*commits, recorded=called)


class CallsBackBeforeJudging(InMemory):
    """Calls back before it looks whether an append fits."""

    named: ClassVar[tuple[str, ...]] = ("B01",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        if commits and recorded is not None:
            recorded(None)
            recorded = None
        super().append(*commits, recorded=recorded)


class RefStaysTaken(InMemory):
    """Keeps the ref of a pilot whose beginning was undone."""

    named: ClassVar[tuple[str, ...]] = ("B01",)

    def _judged(self, commits: tuple[Commit, ...]) -> set[tuple[str, str]]:
        refs = super()._judged(commits)
        self._refs |= refs
        return refs


class IgnoresRefs(InMemory):
    """Does not look whether a ref is taken."""

    named: ClassVar[tuple[str, ...]] = ("A03",)

    def _judged(self, commits: tuple[Commit, ...]) -> set[tuple[str, str]]:
        for commit in commits:
            self._judge(commit)
        return set()


class OnePilotOnly(InMemory):
    """Says that it takes one pilot at a time, and takes several."""

    named: ClassVar[tuple[str, ...]] = ("B03",)
    multi_pilot = False


class Reverses(InMemory):
    """Writes the events of one commit in the wrong order, under the right numbers."""

    named: ClassVar[tuple[str, ...]] = ("A06",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        super().append(*(self._turned(one) for one in commits), recorded=recorded)

    def _turned(self, commit: Commit) -> Commit:
        entries = zip(commit.entries, reversed(commit.entries), strict=True)
        return replace(commit, entries=tuple(replace(last, version=first.version) for first, last in entries))


class Deadlocks(InMemory):
    """Locks pilots in the order given, and tells of a deadlock in the driver's words."""

    named: ClassVar[tuple[str, ...]] = ("C08",)

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._first: dict[str, int] = {}

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        held = commits[0].pilot_id if len(commits) > 1 else None
        if held is None:
            super().append(*commits, recorded=recorded)
            return
        self._first[held] = self._first.get(held, 0) + 1
        self.gap()
        others = [one for one in commits if self._first.get(one.pilot_id) and one.pilot_id != held]
        self._first[held] -= 1
        if others:
            raise OperationalError("deadlock detected")
        super().append(*commits, recorded=recorded)


class RefusesWhileBusy(InMemory):
    """Tells in the driver's words that another append is under way."""

    named: ClassVar[tuple[str, ...]] = ("C13",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        if not self._lock.acquire(blocking=False):
            raise OperationalError("database is locked")
        try:
            super().append(*commits, recorded=recorded)
        finally:
            self._lock.release()


class OneOfATenant(InMemory):
    """Takes pilots of two tenants with the same id for one, within an append."""

    named: ClassVar[tuple[str, ...]] = ("B03",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*{one.pilot_id: one for one in commits}.values(), recorded=recorded)


class MutatesInput(InMemory):
    """Changes what it was given."""

    named: ClassVar[tuple[str, ...]] = ("A14",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        for commit in commits:
            force_setattr(commit.head.summary, "organisation", None)
        super().append(*commits, recorded=recorded)
