from collections.abc import Callable, Iterator

import pytest

from proeftuin import Engine
from proeftuin.errors import CorruptStore, SchemaTooNew, StoreUnavailable
from proeftuin.testing import begin, versions
from proeftuin_redis import _server, open_redis
from tests.own_servers import OwnRedis
from tests.servers import fresh_redis

Asked = Callable[..., object]
Started = Callable[..., OwnRedis]


def test_the_entry_point_opens_a_store(url: str) -> None:
    """An engine finds the store by the scheme of its URL."""
    engine = Engine.open(url)
    assert [] == list(engine.find().items)
    engine.close()


def test_a_cluster_is_refused(started: Started) -> None:
    """A server that is part of a cluster is refused at once, and told why."""
    with pytest.raises(StoreUnavailable, match="is a cluster"):
        open_redis(started("--cluster-enabled", "yes").url)


def test_a_server_that_throws_keys_away_is_refused(started: Started, asked: Asked) -> None:
    """Where any key may be evicted no store is opened; where only keys that lapse may be, it is."""
    server = started("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
    with pytest.raises(StoreUnavailable, match="maxmemory-policy is allkeys-lru"):
        open_redis(server.url)
    asked(server.url, "CONFIG SET", "maxmemory-policy", "volatile-lru")
    open_redis(server.url).close()


def test_a_replica_is_refused(started: Started, asked: Asked) -> None:
    """A server that copies another one takes no writes, and so is no store; one that becomes one says so."""
    server = started()
    opened = open_redis(server.url)
    asked(server.url, "REPLICAOF", "127.0.0.1", "1")
    with pytest.raises(StoreUnavailable, match="is a replica"):
        open_redis(server.url)
    with pytest.raises(StoreUnavailable, match="is a replica"):
        begin(opened)
    opened.close()


@pytest.mark.parametrize(("version", "good"), [("6.2.14", False), ("7.0.0", True), ("10.1.0", True), ("", False)])
def test_an_old_server_is_refused(url: str, version: str, good: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001  # pytest gives it
    """A version before 7.0 is refused, and one of two digits is not taken for one of one."""
    told = _server.info
    monkeypatch.setattr(_server, "info", lambda wire: told(wire) | {"redis_version": version})
    if good:
        open_redis(url).close()
    else:
        with pytest.raises(StoreUnavailable, match=r"at least 7\.0 is needed"):
            open_redis(url)


@pytest.fixture(scope="module")
def lasting(lasting_url: str) -> Iterator[str]:
    with fresh_redis(lasting_url) as fresh:
        yield fresh


@pytest.mark.parametrize(
    ("setting", "value", "usual"),
    [("appendfsync", "everysec", "always"), ("no-appendfsync-on-rewrite", "yes", "no"), ("appendonly", "no", "yes")],
)
def test_durable_is_what_the_server_says(lasting: str, asked: Asked, setting: str, value: str, usual: str) -> None:
    """A store is durable only where each answer comes after the disk has it, and can be told to insist on that."""
    opened = open_redis(f"{lasting}?durable=required")
    assert opened.durable
    opened.close()
    asked(lasting, "CONFIG SET", setting, value)
    opened = open_redis(lasting)
    assert not opened.durable
    opened.close()
    with pytest.raises(StoreUnavailable, match="does not say that it is durable"):
        open_redis(f"{lasting}?durable=required")
    asked(lasting, "CONFIG SET", setting, usual)


def test_what_may_not_be_asked_is_not_durable(lasting: str, asked: Asked) -> None:
    """Where the user may not read the settings, the store opens and says that it is not durable."""
    asked(lasting, "ACL SETUSER", "bob", "on", ">pw", "~*", "+@all", "-config|get")
    opened = open_redis(lasting.replace("redis://", "redis://bob:pw@"))
    assert not opened.durable
    opened.close()


def test_a_later_schema_is_refused_unwritten(url: str, asked: Asked) -> None:
    """A schema of a later version is refused, at open as in each write of a store that is open, and nothing changes."""
    opened = open_redis(url)
    begin(opened)
    assert "1" == asked(url, "GET", "proeftuin/schema")
    asked(url, "SET", "proeftuin/schema", "2")
    before = asked(url, "DBSIZE")
    with pytest.raises(SchemaTooNew, match="schema 2"):
        open_redis(url)
    with pytest.raises(SchemaTooNew):
        begin(opened, "p2")
    with pytest.raises(SchemaTooNew):
        opened.unsubscribe("default", "log")
    with pytest.raises(SchemaTooNew):
        opened.put_workflow("plain", 1, "h", b"")
    assert (before, [1]) == (asked(url, "DBSIZE"), versions(opened))
    opened.close()


def test_a_schema_that_is_none_is_told(url: str, asked: Asked) -> None:
    """Where something else stands in the place of the schema, that key is named."""
    asked(url, "SET", "proeftuin/schema", "ours")
    with pytest.raises(CorruptStore, match="the key `schema`"):
        open_redis(url)


def test_opening_writes_nothing(url: str, asked: Asked) -> None:
    """Opening, asking and closing leave an empty database empty."""
    opened = open_redis(url)
    assert (None, ()) == (opened.load("t", "p"), opened.tenants())
    opened.close()
    assert 0 == asked(url, "DBSIZE")


def test_prefixes_are_apart(url: str) -> None:
    """Stores with different prefixes in one database do not see each other, also where one begins like the other."""
    stores = [open_redis(f"{url}?prefix={one}") for one in ("a", "a.", "ab")]
    for number, one in enumerate(stores):
        for count in range(number + 1):
            begin(one, f"p{count}")
    assert [[1, 0, 0], [1, 1, 0], [1, 1, 1]] == [[len(versions(one, f"p{n}")) for n in range(3)] for one in stores]
    for one in stores:
        one.close()


@pytest.mark.parametrize("wrong", ["redis://127.0.0.1:1/0", "redis://no.such.host.invalid/0"])
def test_an_absent_server_is_told(wrong: str) -> None:
    """A server that cannot be reached is told with its place."""
    with pytest.raises(StoreUnavailable, match=r"cannot be reached, so nothing was written"):
        open_redis(wrong)


def test_a_wrong_password_is_told_without_it(url: str) -> None:
    """A user that the server does not know is told, and the password is in no message."""
    with pytest.raises(StoreUnavailable, match="does not know this user") as told:
        open_redis(url.replace("redis://", "redis://ann:canary-1@"))
    assert "canary-1" not in f"{told.value} {told.value.__cause__}"
