"""A, continued: whatever is asked in one tenant tells nothing of another."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from proeftuin.errors import Conflict
from proeftuin.spi import Bulk, Commit, Delivers, Erases, Personal, Query, Receipt, Store, Subscription, Wanted
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import KEY
from proeftuin.testing.commits import advance, begin, changed, started, written
from proeftuin.testing.courier import NOON
from proeftuin.testing.expect import refused, same
from proeftuin.testing.rules import ANSWERS, TENANTS

MANY = 50
MARKER = re.compile(r"marker-\d\d-\w+")
LIKE = ("", "A", "a", "a ", "Z", "\u00e9", "e\u0301", "\uffff", "\U0001f600", "%", "_", "0")


@case("A10", TENANTS)
def no_answer_tells_of_another_tenant(bench: Bench) -> None:
    """Of fifty tenants with pilots of the same ids each is told its own names in every answer, and nobody else's."""
    word = bench.fresh("").removeprefix("-")
    markers = [f"marker-{number:02}-{word}" for number in range(MANY)]
    tenants = {bench.fresh("tenant"): marker for marker in markers}
    for tenant, marker in tenants.items():
        for commit in _marked(tenant, marker):
            bench.append(commit)
        if isinstance(bench.store, Delivers):
            bench.store.subscribe(tenant, Subscription("log", marker.encode()), now=NOON, beginning=True)
    for tenant, marker in tenants.items():
        for name, answer in _answers(bench.store, tenant, marker):
            same({marker}, {*MARKER.findall(repr(answer))}, f"whose names {name} tells")


def _marked(tenant: str, marker: str) -> Iterator[Commit]:
    """Give the commits that begin two pilots of a tenant, which name it wherever they can."""
    words = {"state": marker, "phase": marker, "set": {"title": marker, "organisation": marker, "programme": marker}}
    for name, ref, person in (("p1", marker, marker), (marker, None, "somebody")):
        personal = (Personal("s1", person, marker.encode()),)
        receipt = Receipt(KEY, "f", marker.encode())
        yield written(None, started(name, ref=ref, **words), tenant=tenant, receipt=receipt, personal=personal)[0]


def _answers(store: Store, tenant: str, marker: str) -> Iterator[tuple[str, object]]:
    """Give what a store says in a tenant to every question that there is."""
    yield "load", store.load(tenant, "p1", key=KEY)
    yield "history", list(store.history(tenant, "p1"))
    yield "receipt", store.receipt(tenant, "p1", KEY)
    yield "receipts", list(store.receipts(tenant, "p1"))
    yield "personal", store.personal(tenant, "p1")
    yield "find", store.find(Query(tenant))
    yield "find", store.find(Query(tenant, workflow="plain", organisation=marker))
    yield "count", store.count(Query(tenant))
    yield "count", store.count(Query(tenant, workflow="plain"))
    if isinstance(store, Bulk):
        yield "load_many", store.load_many(tenant, [Wanted("p1", KEY), Wanted(marker, KEY), Wanted("p1", KEY)])
    if isinstance(store, Erases):
        yield "holders", [marker, *store.holders(tenant, marker), *store.holders(tenant, "somebody")]
        same(2, len([*store.holders(tenant, marker), *store.holders(tenant, "somebody")]), "how many hold a ref")
    if isinstance(store, Delivers):
        yield "subscriptions", store.subscriptions(tenant)
        same(2, store.fan_out(tenant, now=NOON), "how many pilots have news")
        yield "lanes", store.lanes(tenant, "log")
        same(2, store.lag(tenant, "log").lanes, "how many lanes there are")
        yield "claim", store.claim(tenant, "log", now=NOON, until=NOON + timedelta(minutes=1))


@case("A10", ANSWERS)
def tenants_are_those_with_pilots(bench: Bench) -> None:
    """The tenants that have pilots are listed once each, in order, page by page; one that only tried is not."""
    word = bench.fresh("tenants")
    names = sorted(f"{word}{suffix}" for suffix in LIKE)
    for number, name in enumerate(names):
        for count in range(1 + number % 3):
            advance(bench.store, begin(bench.store, f"p{count}", name), 1, name)
    tried, pilot = f"{word}b", bench.begin()
    lost, _ = written(pilot, changed(pilot), tenant=tried)
    refused(Conflict, partial(bench.append, lost))
    if isinstance(bench.store, Delivers):
        bench.store.subscribe(tried, Subscription("log", b""), now=NOON, beginning=True)
    before = word[:-1]
    same(names, [one for one in bench.store.tenants(after=before, limit=10_000) if one.startswith(word)])
    same(names[3:5], list(bench.store.tenants(after=names[2], limit=2)))
    for limit in (1, 5):
        same(names, _walked(bench.store, before, word, limit), f"pages of {limit}")
    same((), bench.store.tenants(after="\U0010ffff" * 2))


def _walked(store: Store, after: str, word: str, limit: int) -> list[str]:
    """Return the names with a word that pages of so many give."""
    found = list[str]()
    while page := [one for one in store.tenants(limit=limit, after=after) if one.startswith(word)]:
        found += page
        after = page[-1]
    return found
