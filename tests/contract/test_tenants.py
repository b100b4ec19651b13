import pytest

from proeftuin.storage import open_store
from tests.contract.scratch import Kind, scratch
from tests.stores import started, written

TENANTS = tuple(f"tenant {number:04}" for number in range(2100))  # more than MariaDB goes through in one recursion


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql", "mariadb"])
def test_thousands_of_tenants_are_listed(kind: Kind) -> None:
    """All of thousands of tenants are listed in one answer, and as many of them as are asked for."""
    with scratch(kind) as url:
        store = open_store(url)
        store.append(*(written(None, started("p1"), tenant=name)[0] for name in TENANTS))
        assert TENANTS == store.tenants(limit=10_000)
        assert TENANTS[5:2005] == store.tenants(limit=2000, after=TENANTS[4])
        store.close()
