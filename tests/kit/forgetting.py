"""Stores that forget too little, too much, at the wrong moment, or not for good."""

from collections.abc import Callable
from typing import ClassVar

from proeftuin.core.structs import replace
from proeftuin.errors import StoreError
from proeftuin.spi import Commit, Holder, Personal
from proeftuin.spi.checks import check_commits
from tests.kit.mutant import InMemory, OnSqlite

Recorded = Callable[[object], None] | None


class M45(InMemory):
    """Forgets before the commit, in a step of its own that is not undone."""

    named: ClassVar[tuple[str, ...]] = ("L07",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        with self._lock:
            for one in commits:
                kept = self._pilots(one.tenant).get(one.pilot_id)
                if kept is not None:
                    kept.personal = [person for person in kept.personal if person.subject not in one.erased]
        super().append(*commits, recorded=recorded)


class ForgetsThoughLost(InMemory):
    """Forgets although the commit lost its race."""

    named: ClassVar[tuple[str, ...]] = ("L07",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except StoreError:
            raise
        except Exception:
            for one in commits:
                kept = self._pilots(one.tenant).get(one.pilot_id)
                if kept is not None:
                    kept.personal = [person for person in kept.personal if person.subject not in one.erased]
            raise


class ForgetsAfterwards(OnSqlite):
    """Forgets after the commit, in a second one that a crash prevents."""

    named: ClassVar[tuple[str, ...]] = ("L07",)

    def begin(self) -> None:
        self._waiting: list[tuple[str, str, str]] = []

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*(replace(one, erased=()) for one in commits), recorded=recorded)
        self._waiting += [(one.tenant, one.pilot_id, subject) for one in commits for subject in one.erased]

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        while self._waiting:
            self.statement(
                "DELETE FROM personal WHERE tenant = ? AND pilot_id = ? AND subject = ?", *self._waiting.pop()
            )
        return super().personal(tenant, pilot_id)


class ForgetsBeforeTheCallback(OnSqlite):
    """Forgets for good before it calls back, so that a crash there has forgotten already."""

    named: ClassVar[tuple[str, ...]] = ("L07",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        for one in commits:
            for subject in one.erased:
                values = (one.tenant, one.pilot_id, subject)
                self.statement("DELETE FROM personal WHERE tenant = ? AND pilot_id = ? AND subject = ?", *values)
        super().append(*commits, recorded=recorded)


class NoScrub(OnSqlite):
    """Leaves what was forgotten in the log that is written ahead."""

    named: ClassVar[tuple[str, ...]] = ("L01",)

    def scrub(self) -> None:
        pass


class KeepsDeleted(OnSqlite):
    """Keeps what is deleted in a table of its own, as some do for audits."""

    named: ClassVar[tuple[str, ...]] = ("L01",)

    def begin(self) -> None:
        self.statement("CREATE TABLE IF NOT EXISTS bin (ref)")
        keep = "INSERT INTO bin VALUES (old.ref)"
        self.statement(f"CREATE TRIGGER IF NOT EXISTS binned AFTER DELETE ON personal BEGIN {keep}; END")


class HidesRefs(InMemory):
    """Hides a ref that is to be forgotten from the pilot, and still knows who held it."""

    named: ClassVar[tuple[str, ...]] = ("L01",)

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._held: dict[tuple[str, str], list[Holder]] = {}

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        for one in commit.personal:
            self._held.setdefault((commit.tenant, one.ref), []).append(Holder(commit.pilot_id, one.subject))

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        self._pilots(tenant)
        return tuple(self._held.get((tenant, ref), [])[:limit])


class ForgetsReceipts(InMemory):
    """Forgets the receipts of a pilot too when it forgets somebody."""

    named: ClassVar[tuple[str, ...]] = ("L02",)

    def _write(self, commit: Commit) -> None:
        kept = self._pilots(commit.tenant).get(commit.pilot_id)
        if kept is not None and commit.erased:
            kept.receipts.clear()
        super()._write(commit)


class BlanksHistory(InMemory):
    """Writes over the first event of a pilot when it forgets somebody."""

    named: ClassVar[tuple[str, ...]] = ("L02",)

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        if commit.erased:
            entries = self._tenants[commit.tenant][commit.pilot_id].entries
            entries[0] = replace(entries[0], body=b"{}")


class MustBeThere(InMemory):
    """Fails where a subject that is to be forgotten is not there."""

    named: ClassVar[tuple[str, ...]] = ("L03",)

    def _judge(self, commit: Commit) -> None:
        super()._judge(commit)
        kept = self._pilots(commit.tenant).get(commit.pilot_id)
        if {*commit.erased} - {one.subject for one in (kept.personal if kept else ())}:
            raise StoreError("no such subject")


class ForgetsByNumber(InMemory):
    """Forgets the subjects of that name of every pilot in the tenant."""

    named: ClassVar[tuple[str, ...]] = ("L04",)

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        for kept in self._tenants[commit.tenant].values():
            kept.personal = [one for one in kept.personal if one.subject not in commit.erased]


class ForgetsInAllTenants(InMemory):
    """Forgets the subjects of the pilot of that id in every tenant."""

    named: ClassVar[tuple[str, ...]] = ("L04",)

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        for pilots in self._tenants.values():
            kept = pilots.get(commit.pilot_id)
            if kept is not None:
                kept.personal = [one for one in kept.personal if one.subject not in commit.erased]


class ForgetsAlike(InMemory):
    """Forgets subjects that differ in case only."""

    named: ClassVar[tuple[str, ...]] = ("L04",)

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        kept, gone = self._tenants[commit.tenant][commit.pilot_id], {one.casefold() for one in commit.erased}
        kept.personal = [one for one in kept.personal if one.subject.casefold() not in gone]


class ForgetsTheFirst(InMemory):
    """Forgets the first of the subjects that it is to forget."""

    named: ClassVar[tuple[str, ...]] = ("L01",)

    def _write(self, commit: Commit) -> None:
        super()._write(replace(commit, erased=commit.erased[:1]))


class ForgetsSilently(InMemory):
    """Tells subscribers nothing of a commit that forgets somebody."""

    named: ClassVar[tuple[str, ...]] = ("L05",)

    def _mark(self, commit: Commit) -> None:
        if not commit.erased:
            super()._mark(commit)


class HoldersAsTheyCame(InMemory):
    """Tells who knows a ref in the order in which they learned it."""

    named: ClassVar[tuple[str, ...]] = ("L08",)

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        pilots = self._pilots(tenant).items()
        found = [Holder(name, one.subject) for name, kept in pilots for one in kept.personal if one.ref == ref]
        return tuple(found[:limit])


class HoldersAlike(InMemory):
    """Tells also who knows a ref that begins as this one does."""

    named: ClassVar[tuple[str, ...]] = ("L08",)

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        pilots = sorted(self._pilots(tenant).items())
        found = [
            Holder(name, subject)
            for name, kept in pilots
            for subject in sorted(one.subject for one in kept.personal if one.ref[:254] == ref[:254])
        ]
        return tuple(found[:limit])


class CannotForget(InMemory):
    """Takes what is to be forgotten although it does not offer to forget, and keeps it."""

    named: ClassVar[tuple[str, ...]] = ("B04",)
    holders = None  # type: ignore[assignment]  # a part that is taken away
    scrub = None  # type: ignore[assignment]  # the same

    def _write(self, commit: Commit) -> None:
        super()._write(replace(commit, erased=()))


class IssuesAndForgets(InMemory):
    """Takes a subject that is issued and forgotten at once."""

    named: ClassVar[tuple[str, ...]] = ("B04",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        super().append(*(replace(one, erased=()) for one in commits), recorded=recorded)
