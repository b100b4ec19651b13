"""What keepers of many pilots ask of the SQL store: many at once, counts, tenants, and to forget a ref."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from proeftuin.spi import Holder, Loaded, Query, Receipt, Tally, Wanted
from proeftuin.spi.checks import check_query
from proeftuin.storage.sql.access import Access
from proeftuin.storage.sql.database import Row, Values, translating
from proeftuin.storage.sql.rows import PLAIN, filters_of, head_of
from proeftuin.storage.sql.several import SEVERAL, given, reads
from proeftuin.storage.sql.statements import HEAD, Statement, Statements

STEPS = 1000  # from one tenant to the next; after so many MariaDB leaves a recursion, and only a warning tells


class Keeping(Access):
    """Many pilots at once."""

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        """See `proeftuin.spi.Bulk.load_many`."""
        return tuple(one for some in _parted(wanted) for one in self._load_some(tenant, some))

    def _load_some(self, tenant: str, wanted: Sequence[Wanted]) -> Iterator[Loaded | None]:
        known = [one.pilot_id for one in wanted if one.have is not None]
        versions = {row[0]: row[1] for row in self._several(tenant, known, heads=False)}
        missed = [one.pilot_id for one in wanted if one.have is None or versions.get(one.pilot_id) != one.have]
        heads = {row[PLAIN]: row for row in self._several(tenant, missed, heads=True)}
        receipts = self._receipts(tenant, [one for one in wanted if one.key is not None])  # read last: see `Bulk`
        for one in wanted:
            receipt = None if one.key is None else receipts.get((one.pilot_id, one.key))
            row = heads.get(one.pilot_id)
            if one.have is not None and versions.get(one.pilot_id) == one.have:
                yield Loaded(one.have, None, receipt)
            elif row is not None:
                yield Loaded(row[0], head_of(row), receipt)
            else:
                yield None

    def _several(self, tenant: str, names: Sequence[str], *, heads: bool) -> list[Row]:
        if not names:
            return []
        values = {"at_tenant": tenant, **given(self._statements, "id", names)}
        return self._all(_heads(self._statements) if heads else _versions(self._statements), values)

    def _receipts(self, tenant: str, wanted: Sequence[Wanted]) -> Mapping[tuple[str, str], Receipt]:
        if not wanted:
            return {}
        ids, keys = [one.pilot_id for one in wanted], [f"{one.key}" for one in wanted]
        pairs = {**given(self._statements, "pilot_id", ids), **given(self._statements, "key", keys)}
        rows = self._all(_receipts(self._statements), {"at_tenant": tenant, **pairs})
        return {(pilot_id, key): Receipt(key, *rest) for pilot_id, key, *rest in rows}

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        """See `proeftuin.spi.Store.receipts`."""
        where: Values = {"at_tenant": tenant, "at_id": pilot_id}
        return (Receipt(*row) for row in self._paged(self._statements.receipts, where, ""))  # no key is empty

    def count(self, query: Query) -> tuple[Tally, ...]:
        """See `proeftuin.spi.Store.count`."""
        check_query(query)
        filters = {name: value for name, value in filters_of(query).items() if name != "after"}
        rows = self._all(self._statements.count(*filters), {"at_tenant": query.tenant, **filters})
        return tuple(Tally(*row) for row in rows)

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        """See `proeftuin.spi.Store.tenants`."""
        found, after = list[str](), after or ""  # no name is empty
        while (size := min(limit - len(found), STEPS)) > 0:
            rows = self._all(self._statements.tenants, {"after": after, "limit": size})
            found += [row[0] for row in rows]
            if len(rows) < size:
                break
            after = found[-1]
        return tuple(found)

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        """See `proeftuin.spi.Erases.holders`."""
        rows = self._all(self._statements.holders, {"at_tenant": tenant, "ref": ref, "limit": limit})
        return tuple(Holder(*row) for row in rows)

    def scrub(self) -> None:
        """See `proeftuin.spi.Erases.scrub`."""
        self._connections.enter()
        connection = self._connections.take()
        try:
            with translating(self._database):
                self._database.scrub(connection)
        finally:
            self._connections.give(connection)


def _parted(wanted: Sequence[Wanted]) -> Iterable[tuple[Wanted, ...]]:
    return (tuple(wanted[start : start + SEVERAL]) for start in range(0, len(wanted), SEVERAL))


@lru_cache(maxsize=8)
def _versions(statements: Statements) -> Statement:
    return reads(statements, statements.tables.pilots, ["id"], ["id", "version"])


@lru_cache(maxsize=8)
def _heads(statements: Statements) -> Statement:
    return reads(statements, statements.tables.pilots, ["id"], HEAD)


@lru_cache(maxsize=8)
def _receipts(statements: Statements) -> Statement:
    names = ["pilot_id", "key", "fingerprint", "body"]
    return reads(statements, statements.tables.receipts, ["pilot_id", "key"], names)
