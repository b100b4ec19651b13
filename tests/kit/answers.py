"""Stores that look in the wrong place: other pilots, other tenants, other pages."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from struct import pack
from typing import ClassVar

from attrs import evolve

from proeftuin.core.structs import replace
from proeftuin.spi import Commit, Entry, Loaded, Page, Query, Receipt, Tally
from proeftuin.spi.checks import check_query
from tests.kit.mutant import InMemory


class M39(InMemory):
    """Looks for a pilot by the beginning of its id, with `_` and `%` as wild cards."""

    named: ClassVar[tuple[str, ...]] = ("A09",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        return super().load(tenant, self._like(tenant, pilot_id), key=key, have=have)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        return super().history(tenant, self._like(tenant, pilot_id), after=after, upto=upto)

    def _like(self, tenant: str, pilot_id: str) -> str:
        pattern = "".join({"_": ".", "%": ".*"}.get(one, re.escape(one)) for one in pilot_id)
        return next((one for one in sorted(self._pilots(tenant)) if re.match(pattern, one)), pilot_id)


class M40(InMemory):
    """Forgets the tenant when it looks for a receipt."""

    named: ClassVar[tuple[str, ...]] = ("A10",)

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        found = (super(M40, self).receipt(one, pilot_id, key) for one in [*self._tenants])
        return next((one for one in found if one is not None), None)


class M41(InMemory):
    """Counts the pilots that were shown, and goes on behind so many."""

    named: ClassVar[tuple[str, ...]] = ("A15",)

    def find(self, query: Query) -> Page:
        page = super().find(evolve(query, after=None, limit=10**6))
        start = int(query.after) if query.after is not None and query.after.isdigit() else 0
        items = page.items[start : start + query.limit]
        end = start + len(items)
        return Page(items, str(end) if end < len(page.items) else None)


class Unordered(InMemory):
    """Orders pilots as a telephone book does, without regard to case."""

    named: ClassVar[tuple[str, ...]] = ("A15",)

    def find(self, query: Query) -> Page:
        everything = super().find(evolve(query, after=None, limit=10**6)).items
        items = sorted(everything, key=lambda one: (one.id.casefold(), one.id))
        after = ((query.after or "").casefold(), f"{query.after or ''}\0")
        start = bisect_left(items, after, key=lambda one: (one.id.casefold(), one.id))
        page = items[start : start + query.limit]
        return Page(tuple(page), page[-1].id if start + len(page) < len(items) else None)


class ReadsBlindly(InMemory):
    """Takes it for granted that a pilot is there."""

    named: ClassVar[tuple[str, ...]] = ("A02",)

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        return self._pilots(tenant)[pilot_id].receipts.get(key)


class AlwaysSendsHead(InMemory):
    """Sends the head again although the caller has it."""

    named: ClassVar[tuple[str, ...]] = ("A01",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        return super().load(tenant, pilot_id, key=key)


class InclusiveRange(InMemory):
    """Gives the event after which it was asked too."""

    named: ClassVar[tuple[str, ...]] = ("A08",)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        return super().history(tenant, pilot_id, after=max(after, 1) - 1, upto=upto)


class BindsAnyNumber(InMemory):
    """Gives the numbers that it was asked with to a driver that takes 64 bits."""

    named: ClassVar[tuple[str, ...]] = ("A08",)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        pack("qq", after, upto or 0)
        return super().history(tenant, pilot_id, after=after, upto=upto)


class StaleSummary(InMemory):
    """Shows of a pilot what it was when it was begun."""

    named: ClassVar[tuple[str, ...]] = ("A04", "A15", "A17")

    def find(self, query: Query) -> Page:
        page = super().find(query)
        return evolve(page, items=tuple(replace(one, version=1, updated_at=one.created_at) for one in page.items))


class AnyFilter(InMemory):
    """Shows what fits one of two filters."""

    named: ClassVar[tuple[str, ...]] = ("A15", "A17")

    def find(self, query: Query) -> Page:
        if query.state is None or query.organisation is None:
            return super().find(query)
        both = [super().find(evolve(query, state=None)), super().find(evolve(query, organisation=None))]
        items = sorted({one.id: one for page in both for one in page.items}.values(), key=lambda one: one.id)
        return Page(tuple(items[: query.limit]), items[query.limit - 1].id if len(items) > query.limit else None)


class Unchanging(InMemory):
    """Leaves some columns as the first commit of a pilot filled them."""

    columns: ClassVar[tuple[str, ...]] = ()

    def _write(self, commit: Commit) -> None:
        kept = self._pilots(commit.tenant).get(commit.pilot_id)
        if kept is not None:
            before = {name: getattr(kept.head.summary, name) for name in self.columns}
            commit = replace(commit, head=replace(commit.head, summary=replace(commit.head.summary, **before)))
        super()._write(commit)


class ProgrammesStay(Unchanging):
    """Leaves organisation and programme as they were at first."""

    named: ClassVar[tuple[str, ...]] = ("A15",)
    columns = ("organisation", "programme")


class WorkflowsStay(Unchanging):
    """Leaves the workflow that a pilot began under."""

    named: ClassVar[tuple[str, ...]] = ("A15",)
    columns = ("workflow",)


class HoldsStay(Unchanging):
    """Leaves hold and outcome as they were at first."""

    named: ClassVar[tuple[str, ...]] = ("A15",)
    columns = ("hold", "outcome")


class FoldsStay(InMemory):
    """Leaves the number of the fold rules that the first head was made by."""

    named: ClassVar[tuple[str, ...]] = ("A15",)

    def _write(self, commit: Commit) -> None:
        kept = self._pilots(commit.tenant).get(commit.pilot_id)
        fold = commit.head.fold if kept is None else kept.head.fold
        super()._write(replace(commit, head=replace(commit.head, fold=fold)))


class FoundByWhatWas(InMemory):
    """Finds a pilot by every state that its tracks were ever in."""

    named: ClassVar[tuple[str, ...]] = ("A15",)

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._ever: dict[str, set[str]] = {}

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        self._ever.setdefault(commit.pilot_id, set()).update(commit.head.summary.track_states)

    def find(self, query: Query) -> Page:
        if query.track_state is None:
            return super().find(query)
        everything = super().find(evolve(query, track_state=None, limit=10**6)).items
        items = [one for one in everything if query.track_state in self._ever[one.id]]
        return Page(tuple(items[: query.limit]), items[query.limit - 1].id if len(items) > query.limit else None)


class ByBeginning(InMemory):
    """Finds a workflow by the beginning of its name and version."""

    named: ClassVar[tuple[str, ...]] = ("A15",)

    def find(self, query: Query) -> Page:
        check_query(query)
        if query.workflow is None:
            return super().find(query)
        begins = query.workflow if "@" in query.workflow else f"{query.workflow}@"
        everything = super().find(evolve(query, workflow=None, limit=10**6)).items
        items = [one for one in everything if one.workflow.startswith(begins)]
        return Page(tuple(items[: query.limit]), items[query.limit - 1].id if len(items) > query.limit else None)


class AsksForOneMore(InMemory):
    """Asks a driver that takes 64 bits for one more pilot than was asked for, to know whether there is another page."""

    named: ClassVar[tuple[str, ...]] = ("A15",)

    def find(self, query: Query) -> Page:
        check_query(query)
        pack("q", query.limit + 1)
        return super().find(query)


class CountsBySomeFilters(InMemory):
    """Counts without a look at the signals where it looks at the workflow."""

    named: ClassVar[tuple[str, ...]] = ("A17",)

    def count(self, query: Query) -> tuple[Tally, ...]:
        return super().count(query if query.workflow is None else evolve(query, signal=None))


class StaysOpen(InMemory):
    """Answers although it was closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def close(self) -> None:
        pass


class FailsWhenClosed(InMemory):
    """Lets calls that are under way fail in their own words when it is closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        if self._closed:
            raise AttributeError("'NoneType' object has no attribute 'execute'")
        return super().load(tenant, pilot_id, key=key, have=have)


class TwoMoments(InMemory):
    """Reads the version first and the receipt afterwards, and others write between."""

    named: ClassVar[tuple[str, ...]] = ("C10",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        loaded = super().load(tenant, pilot_id, have=have)
        if loaded is None or key is None:
            return loaded
        self.gap()
        return replace(loaded, receipt=self.receipt(tenant, pilot_id, key))


class TwoPages(InMemory):
    """Finds the ids first and reads their heads afterwards, and sees fewer when others write between."""

    named: ClassVar[tuple[str, ...]] = ("C15",)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        first = list(super().history(tenant, pilot_id, after=after, upto=upto))
        self.gap()
        known = self.load(tenant, pilot_id)
        return iter(first if known is None or upto is None or known.version == upto else first[:-1])


class SharedCursor(InMemory):
    """Keeps what is asked for where every thread can change it."""

    named: ClassVar[tuple[str, ...]] = ("Q04",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        self._wanted = pilot_id
        self.gap()
        return super().load(tenant, self._wanted, key=key, have=have)


class LooksAtAll(InMemory):
    """Counts the events of a pilot one by one to know its version."""

    named: ClassVar[tuple[str, ...]] = ("Q03",)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        loaded = super().load(tenant, pilot_id, key=key, have=have)
        versions = [max(one.version, 1) for one in self.history(tenant, pilot_id)]
        return loaded and replace(loaded, version=len(versions))


class ReadsAll(InMemory):
    """Reads a whole history before it gives the first event."""

    named: ClassVar[tuple[str, ...]] = ("K10",)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        entries = super().history(tenant, pilot_id, after=after, upto=upto)
        return iter([replace(one, body=bytes(bytearray(one.body))) for one in entries])


class OverwritesWorkflow(InMemory):
    """Lets another definition of the same name and version take the place of the first."""

    named: ClassVar[tuple[str, ...]] = ("A18",)

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the port's own word
        self._workflows[name, version] = (hash, body)


class LooksBeforeItKeeps(InMemory):
    """Looks whether there is a definition, and keeps another one a moment later, whatever came in between."""

    named: ClassVar[tuple[str, ...]] = ("A18",)

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the port's own word
        there = (name, version) in self._workflows
        self.gap()
        if there:
            super().put_workflow(name, version, hash, body)
        self._workflows[name, version] = (hash, body)


class RewritesHistory(InMemory):
    """Changes an earlier event when a later one is written."""

    named: ClassVar[tuple[str, ...]] = ("K01",)

    def _write(self, commit: Commit) -> None:
        super()._write(commit)
        entries = self._tenants[commit.tenant][commit.pilot_id].entries
        entries[0] = replace(entries[0], type=commit.entries[-1].type)
