"""Stores that miscount, mix up tenants, lose receipts, or load many pilots at once in another way than one."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from attrs import evolve

from proeftuin.core.structs import replace
from proeftuin.errors import Conflict, PilotExists
from proeftuin.spi import Commit, Holder, Loaded, Query, Receipt, Tally, Wanted
from proeftuin.spi.checks import check_commits
from tests.kit.mutant import InMemory

Recorded = Callable[[object], None] | None


class CountsWithoutTracks(InMemory):
    """Counts without regard to the states of tracks."""

    named: ClassVar[tuple[str, ...]] = ("A17",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        return super().count(evolve(query, track_state=None))


class CountsOnePage(InMemory):
    """Counts what one page of `find` would show."""

    named: ClassVar[tuple[str, ...]] = ("A17",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        shown = [super(CountsOnePage, self).count(evolve(query, ref=one.ref)) for one in self.find(query).items]
        return tuple(sorted({one for tallies in shown for one in tallies}))


class CountsEverywhere(InMemory):
    """Counts the pilots of all tenants."""

    named: ClassVar[tuple[str, ...]] = ("A10", "A17")

    def count(self, query: Query) -> tuple[Tally, ...]:
        counts: dict[tuple[str, str], int] = {}
        for tenant in [*self._tenants]:
            for one in super().count(evolve(query, tenant=tenant)):
                counts[one.phase, one.state] = counts.get((one.phase, one.state), 0) + one.pilots
        return tuple(sorted(Tally(*place, pilots) for place, pilots in counts.items()))


class CountsBySize(InMemory):
    """Tells the states with most pilots first."""

    named: ClassVar[tuple[str, ...]] = ("A17",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        return tuple(sorted(super().count(query), key=lambda one: -one.pilots))


class CountsNone(InMemory):
    """Tells of states in which no pilot lies that fits."""

    named: ClassVar[tuple[str, ...]] = ("A17",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        found = {(one.phase, one.state): one for one in super().count(query)}
        everywhere = super().count(Query(query.tenant))
        return tuple(found.get((one.phase, one.state), evolve(one, pilots=0)) for one in everywhere)


class CountsAlike(InMemory):
    """Counts states together that differ in case only."""

    named: ClassVar[tuple[str, ...]] = ("A17",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        counts: dict[tuple[str, str], Tally] = {}
        for one in super().count(query):
            place = (one.phase.casefold(), one.state.casefold())
            before = counts.get(place)
            counts[place] = evolve(before, pilots=before.pilots + one.pilots) if before else one
        return tuple(sorted(counts.values()))


class TenantsAsInADictionary(InMemory):
    """Lists tenants in the order of a dictionary, without regard to case."""

    named: ClassVar[tuple[str, ...]] = ("A10",)

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        names = sorted(self._tenants, key=lambda one: (one.casefold(), one))
        return tuple(one for one in names if after is None or one.casefold() > after.casefold())[:limit]


class TenantsAtOnce(InMemory):
    """Lists all tenants on each page."""

    named: ClassVar[tuple[str, ...]] = ("A10",)

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        return super().tenants(limit=10**6, after=after)


class TenantsThatTried(InMemory):
    """Lists tenants that have a subscriber, or tried to write, and have no pilot."""

    named: ClassVar[tuple[str, ...]] = ("A10",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        with self._lock:
            for one in commits:
                self._tenants.setdefault(one.tenant, {})
        super().append(*commits, recorded=recorded)


class HoldersEverywhere(InMemory):
    """Looks for a ref in all tenants."""

    named: ClassVar[tuple[str, ...]] = ("A10",)

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        self._pilots(tenant)
        found = [one for name in [*self._tenants] for one in super(HoldersEverywhere, self).holders(name, ref)]
        return tuple(found[:limit])


class ReceiptsSkip(InMemory):
    """Goes on behind one receipt too many at each page."""

    named: ClassVar[tuple[str, ...]] = ("A19",)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        for number, one in enumerate(super().receipts(tenant, pilot_id)):
            if number % 257 < 256:
                yield one


class ReceiptsThatSaySomething(InMemory):
    """Leaves out the receipts whose bodies are empty."""

    named: ClassVar[tuple[str, ...]] = ("D11",)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        return (one for one in super().receipts(tenant, pilot_id) if one.body)


class ReceiptsAsTheyCame(InMemory):
    """Gives receipts in the order in which they were left."""

    named: ClassVar[tuple[str, ...]] = ("A19",)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        kept = self._pilots(tenant).get(pilot_id)
        return iter([] if kept is None else [*kept.receipts.values()])


class ReceiptsByPlace(InMemory):
    """Reads each receipt by its place, while others are added."""

    named: ClassVar[tuple[str, ...]] = ("A19",)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        place = 0
        while len(found := list(super().receipts(tenant, pilot_id))) > place:
            yield found[min(place, 599)]
            place += 1


class FirstReceiptOnly(InMemory):
    """Keeps the first receipt of a commit, and forgets the others."""

    named: ClassVar[tuple[str, ...]] = ("A19",)

    def _write(self, commit: Commit) -> None:
        super()._write(replace(commit, receipts=commit.receipts[:1]))


class LooksAtOneKey(InMemory):
    """Looks whether the first key of a commit is taken, and writes over the others."""

    named: ClassVar[tuple[str, ...]] = ("A19",)

    def _judge(self, commit: Commit) -> None:
        super()._judge(replace(commit, receipts=commit.receipts[:1]))


class KeepsFreeKeys(InMemory):
    """Keeps the receipts whose keys are free although another one of the commit is taken."""

    named: ClassVar[tuple[str, ...]] = ("A19",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except Conflict as error:
            kept = self._pilots(commits[0].tenant).get(error.pilot_id)
            if kept is not None and error.actual == error.expected:
                for one in commits[0].receipts:
                    kept.receipts.setdefault(one.key, one)
            raise


class TakesAKeyTwice(InMemory):
    """Takes two receipts under one key, and keeps the last."""

    named: ClassVar[tuple[str, ...]] = ("B04",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        taken = (replace(one, receipts=tuple({given.key: given for given in one.receipts}.values())) for one in commits)
        super().append(*taken, recorded=recorded)


class ManyInOrderOfId(InMemory):
    """Gives many pilots in order of id."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        return super().load_many(tenant, sorted(wanted, key=lambda one: one.pilot_id))


class ManyWithoutTheUnknown(InMemory):
    """Leaves out the pilots that it does not know."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        return tuple(one for one in super().load_many(tenant, wanted) if one is not None)


class ManyWithoutReceipts(InMemory):
    """Gives many pilots without their receipts."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        return super().load_many(tenant, [replace(one, key=None) for one in wanted])


class ManyOnce(InMemory):
    """Takes a pilot that is asked for twice for one question."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        different = {one.pilot_id: one for one in wanted}
        found = dict(zip(different, super().load_many(tenant, [*different.values()]), strict=True))
        return tuple(found[one.pilot_id] for one in wanted)


class ManyUpToAHundred(InMemory):
    """Loads the first hundred of many."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        found = super().load_many(tenant, wanted[:100])
        return (*found, *[None] * (len(wanted) - len(found)))


class ManyFromMemory(InMemory):
    """Loads many from what it loaded before, be it stale or not."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._known: dict[tuple[str, Wanted], Loaded] = {}

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        for one in wanted:
            at = (tenant, replace(one, key=None))
            loaded = super().load_many(tenant, [one])[0]
            if loaded is not None:
                self._known.setdefault(at, loaded)
        return tuple(self._known.get((tenant, replace(one, key=None))) for one in wanted)


class ManyAtTwoMoments(InMemory):
    """Reads the versions of many first and their heads afterwards, and others write between."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        versions = super().load_many(tenant, wanted)
        self.gap()
        heads = super().load_many(tenant, wanted)
        pairs = zip(versions, heads, strict=True)
        return tuple(replace(head, version=one.version) if head and one else None for one, head in pairs)


class ManyReceiptsFirst(InMemory):
    """Reads the receipts of many before their heads, and others write between."""

    named: ClassVar[tuple[str, ...]] = ("A20",)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        before = super().load_many(tenant, wanted)
        self.gap()
        after = super().load_many(tenant, [replace(one, key=None) for one in wanted])
        pairs = zip(before, after, strict=True)
        return tuple(replace(head, receipt=one.receipt if one else None) if head else None for one, head in pairs)


class BlamesTheFirst(InMemory):
    """Names the first commit of an append, whichever it was that did not fit."""

    named: ClassVar[tuple[str, ...]] = ("B03",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except Conflict as error:
            raise Conflict(commits[0].pilot_id, error.expected, error.actual) from error
        except PilotExists as error:
            raise PilotExists(commits[0].pilot_id, error.ref) from error


class ByKind(InMemory):
    """Writes the commits that begin pilots first, for good, and then those that change some."""

    named: ClassVar[tuple[str, ...]] = ("B03",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        begins = [one for one in commits if one.expected == 0]
        changes = [one for one in commits if one.expected]
        if begins and changes:
            super().append(*begins)
            super().append(*changes, recorded=recorded)
        else:
            super().append(*commits, recorded=recorded)


class ForgetsPartsOfMany(InMemory):
    """Leaves out the subjects where many commits come at once."""

    named: ClassVar[tuple[str, ...]] = ("B03",)

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        alone: tuple[Commit, ...] = commits
        if len(commits) > 1:
            alone = tuple(replace(one, personal=()) for one in commits)
        super().append(*alone, recorded=recorded)


class StaysOpenForKeepers(InMemory):
    """Answers keepers although it was closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        return () if self._closed else super().count(query)


class StaysOpenForWorkflows(InMemory):
    """Answers those who ask for a workflow although it was closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def get_workflow(self, name: str, version: int) -> bytes | None:
        return None if self._closed else super().get_workflow(name, version)


class ReceiptsThatCanChange(InMemory):
    """Gives receipts whose bodies can be changed."""

    named: ClassVar[tuple[str, ...]] = ("A13",)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        for one in super().receipts(tenant, pilot_id):
            body: Any = bytearray(one.body)
            yield replace(one, body=body)
