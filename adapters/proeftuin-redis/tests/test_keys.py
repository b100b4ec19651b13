import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from proeftuin.spi import Commit, Holder, Personal, Receipt, Subscription, replace
from proeftuin.testing import begin, changed, started, written
from proeftuin_redis import RedisStore
from proeftuin_redis._values import instant, read_instant

Asked = Callable[..., object]

NAMES = ("a", "a/1:b", "1:a", "/", ":", "*", "{a}", "a b", "\u00e9", "\U0001f600", "\r\n", "\x01", "9:a/1:b")
KINDS = {
    "behind", "due", "events", "holders", "ids", "index", "keys", "lane", "lanes", "news", "parked", "personal",
    "pilot", "receipts", "schema", "since", "subscriptions", "tenants", "tokens", "workflow",
}  # fmt: skip
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def parsed(name: str) -> tuple[str, ...]:
    """The kind of a key and the names in it, each behind its length in bytes."""
    kind, _, rest = name.encode().removeprefix(b"proeftuin/").partition(b"/")
    found = [kind.decode()]
    while rest:
        length, _, rest = rest.partition(b":")
        size = int(length)
        found.append(rest[:size].decode())
        assert rest[size : size + 1] in {b"", b"/"}, name
        rest = rest[size + 1 :]
    return tuple(found)


def full(tenant: str, name: str) -> Commit:
    """A commit that leaves a key of every kind that a commit can."""
    commit, _ = written(None, started(name, ref=name), tenant=tenant)
    return replace(commit, receipts=(Receipt(name, "f", b""),), personal=(Personal(name, name, b"\0salt\0"),))


def test_every_key_can_be_read_back(url: str, store: RedisStore, asked: Asked) -> None:
    """Each name in a key stands behind its length, so whatever character is in it, no two keys are taken for one."""
    for tenant in NAMES:
        store.subscribe(tenant, Subscription(tenant, b""), now=NOW)
        store.append(*(full(tenant, name) for name in NAMES))
        store.fan_out(tenant, now=NOW)
        for claim in store.claim(tenant, tenant, now=NOW, until=NOW + timedelta(hours=1), limit=1):
            store.resend(tenant, tenant, claim.pilot_id, now=NOW)
        store.append(full(tenant, "last"))
        store.put_workflow(tenant, 1, "h", b"")
    found = asked(url, "KEYS", "*")
    assert isinstance(found, list)
    read = [parsed(name) for name in found]

    assert [] == [name for name in found if not re.match("proeftuin/[a-z]+", name)]
    assert KINDS - {"parked"} == {one[0] for one in read}
    assert len(read) == len(set(read))
    assert {(one, other) for one in NAMES for other in (*NAMES, "last")} == {
        (tenant, name) for kind, tenant, name in (one for one in read if len(one) == 3) if kind == "pilot"
    }
    assert store.tenants() == tuple(sorted(NAMES))


def test_holders_come_in_order_of_bytes(store: RedisStore) -> None:
    """Holders come by id and then by subject, also where one id begins another and a character sorts below a comma."""
    names = ("p", "p\x01", "p1", "p-", "\u00e9", "\uffff", "\U0001f600")
    for name in names:
        subjects = ("s10", "s9", "s1")
        personal = tuple(Personal(subject, "somebody", b"") for subject in subjects)
        store.append(replace(written(None, started(name))[0], personal=personal))
    expected = [Holder(name, subject) for name in sorted(names) for subject in ("s1", "s10", "s9")]
    assert expected == list(store.holders("default", "somebody"))
    assert expected[:4] == list(store.holders("default", "somebody", limit=4))


@pytest.mark.parametrize("year", [1, 1969, 1970, 2255, 2256, 9999])
def test_instants_sort_as_digits(year: int) -> None:
    """Instants one microsecond apart differ, sort and come back, also where a double could not tell them apart."""
    first = datetime(year, 6, 1, 12, 0, 0, 1, tzinfo=UTC)
    moments = [first + timedelta(microseconds=number) for number in range(-2, 3)]
    digits = [instant("at", one) for one in moments]
    assert sorted(set(digits)) == digits
    assert {19} == {len(one) for one in digits}
    assert moments == [read_instant(one) for one in digits]


@pytest.mark.parametrize("before", ["99999999999999", "9007199254740992", "9223372036854775805"])
def test_tokens_are_exact(url: str, store: RedisStore, asked: Asked, before: str) -> None:
    """A token beyond what Lua can count to is given, told from the one before, and settled exactly."""
    store.subscribe("default", Subscription("log", b""), now=NOW)
    begin(store)
    store.fan_out("default", now=NOW)
    asked(url, "SET", "proeftuin/tokens/7:default", before)
    until = NOW + timedelta(hours=1)
    (first,) = store.claim("default", "log", now=NOW, until=until)
    (second,) = store.claim("default", "log", now=until, until=until + timedelta(hours=1))
    assert [int(before) + 1, int(before) + 2] == [first.token, second.token]
    assert [False, True] == [store.renew(one, now=until, until=until + timedelta(hours=2)) for one in (first, second)]


def test_a_filter_that_changes_leaves_its_old_place(url: str, store: RedisStore, asked: Asked) -> None:
    """When a pilot is found by another word it is no longer found by the old one, and nothing of that is left."""
    pilot = begin(store, state="one")
    for state in ("two", "three"):
        commit, pilot = written(pilot, changed(pilot))
        head = replace(commit.head, summary=replace(commit.head.summary, state=state))
        store.append(replace(commit, head=head))
    found = asked(url, "KEYS", "*state=*")
    assert ["proeftuin/index/7:default/11:state=three"] == found
