"""Stores that write what they should not, or do not write what they should: versions, keys, transactions."""

from collections.abc import Callable
from sqlite3 import IntegrityError
from typing import Any, ClassVar

from attrs import evolve

from proeftuin.errors import Conflict, StoreError
from proeftuin.spi import Commit
from proeftuin.spi.checks import check_commits
from tests.kit.mutant import InMemory

Recorded = Callable[[object], None] | None


def is_used_key(error: Conflict) -> bool:
    return error.actual == error.expected


class Overwriting(InMemory):
    """Writes over what is there, whatever version that has."""

    def _write(self, commit: Commit) -> None:
        kept = self._tenants.get(commit.tenant, {}).get(commit.pilot_id)
        if kept is not None:
            del kept.entries[commit.expected :]
        super()._write(commit)


class M01(Overwriting):
    """Changes the head without looking at its version, so an update is lost."""

    named: ClassVar[tuple[str, ...]] = ("C01", "C03", "C04")

    def _judge(self, commit: Commit) -> None:
        try:
            super()._judge(commit)
        except Conflict as error:
            if is_used_key(error):
                raise


class M02(Overwriting):
    """Looks at the version first and writes afterwards, and others come between."""

    named: ClassVar[tuple[str, ...]] = ("C03", "C04")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        with self._lock:
            refs = self._judged(commits)
        self.gap()
        if recorded is not None and commits:
            recorded(None)
        with self._lock:
            self._refs |= refs
            for commit in commits:
                self._write(commit)


class M03(InMemory):
    """Does not look how many rows its UPDATE changed, so a lost race is taken for a won one."""

    named: ClassVar[tuple[str, ...]] = ("C01",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except Conflict as error:
            if is_used_key(error):
                raise


class M04(InMemory):
    """Shows what is not committed yet."""

    named: ClassVar[tuple[str, ...]] = ("C09",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        with self._lock:
            refs = self._judged(commits)
            before = self._copied()
            for commit in commits:
                self._write(commit)
        try:
            if recorded is not None and commits:
                recorded(None)
        except BaseException:
            self._tenants = before
            raise
        self._refs |= refs

    def _copied(self) -> dict[str, Any]:
        return {
            tenant: {
                name: evolve(one, entries=[*one.entries], receipts={**one.receipts}, personal=[*one.personal])
                for name, one in pilots.items()
            }
            for tenant, pilots in self._tenants.items()
        }


class M05(InMemory):
    """Marks a pilot as having news after the commit, in a second step."""

    named: ClassVar[tuple[str, ...]] = ("B01", "F01", "F02")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*commits, recorded=recorded)
        self.gap()
        with self._lock:
            for commit in commits:
                super()._mark(commit)

    def _mark(self, commit: Commit) -> None:
        pass


class M06(InMemory):
    """Marks a pilot as having news before the commit, in a step of its own that is not undone."""

    named: ClassVar[tuple[str, ...]] = ("B05", "F01")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        with self._lock:
            for commit in commits:
                if commit.pilot_id in self._pilots(commit.tenant):
                    self._mark(commit)
        super().append(*commits, recorded=recorded)


class M07(InMemory):
    """Writes the history in a transaction of its own."""

    named: ClassVar[tuple[str, ...]] = ("B01", "B02")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except Conflict:
            raise
        except BaseException:
            with self._lock:
                for commit in commits:
                    kept = self._tenants.get(commit.tenant, {}).get(commit.pilot_id)
                    if kept is not None and len(kept.entries) == commit.expected:
                        kept.entries.extend(commit.entries)
            raise


class M17(InMemory):
    """Takes a key that was used already, and forgets what it was used for."""

    named: ClassVar[tuple[str, ...]] = ("H01", "H03")

    def _judge(self, commit: Commit) -> None:
        try:
            super()._judge(commit)
        except Conflict as error:
            if not is_used_key(error):
                raise


class M18(InMemory):
    """Takes another command under a used key for the first one, and says that all is well."""

    named: ClassVar[tuple[str, ...]] = ("H02",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        for commit in commits:
            for given in commit.receipts:
                if self.receipt(commit.tenant, commit.pilot_id, given.key) not in (None, given):
                    return
        super().append(*commits, recorded=recorded)


class SaysAgainThatAllIsWell(InMemory):
    """Takes a commit that it has written already for done, as it finds its receipt."""

    named: ClassVar[tuple[str, ...]] = ("H01",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except Conflict as error:
            (commit, *others) = commits
            (given, *more) = commit.receipts or (None,)
            again = given is not None and self.receipt(commit.tenant, commit.pilot_id, given.key) == given
            if not again or others or more or error.actual == error.expected:
                raise


class M19(InMemory):
    """Remembers a key although nothing was written under it."""

    named: ClassVar[tuple[str, ...]] = ("H05",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except BaseException:
            for commit in commits:
                kept = self._tenants.get(commit.tenant, {}).get(commit.pilot_id)
                if kept is not None:
                    kept.receipts.update((given.key, given) for given in commit.receipts)
            raise


class M30(InMemory):
    """Takes every constraint that a database enforces for a lost race."""

    named: ClassVar[tuple[str, ...]] = ("C07",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except (IntegrityError, StoreError) as error:
            raise Conflict(commits[0].pilot_id, commits[0].expected, commits[0].expected + 1) from error


class M36(InMemory):
    """Writes the commits of one append one by one, each for good."""

    named: ClassVar[tuple[str, ...]] = ("B03",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        for place, commit in enumerate(commits):
            super().append(commit, recorded=recorded if place == len(commits) - 1 else None)


class Forgetful(InMemory):
    """Says yes to everything, and keeps nothing."""

    named: ClassVar[tuple[str, ...]] = ("A01", "A04", "C01", "D07", "H01", "K02")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        if recorded is not None:
            recorded(None)


class Trusting(Overwriting):
    """Takes whatever it is given, looks at nothing, and calls back even where there is nothing to write."""

    named: ClassVar[tuple[str, ...]] = ("A03", "A05", "B04", "D08", "D13", "F12", "I01")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        if recorded is not None:
            recorded(None)
        with self._lock:
            for commit in commits:
                self._write(commit)


class Volatile(InMemory):
    """Says that it is durable and serves many processes, and keeps everything in its own memory."""

    named: ClassVar[tuple[str, ...]] = ("A00", "A11", "B08", "B09", "C14", "J02")
    durable = True
    multi_process = True


class Solitary(InMemory):
    """Says that it serves many processes, though not that it is durable, and keeps everything in its own memory."""

    named: ClassVar[tuple[str, ...]] = ("B09", "L07")
    multi_process = True
