"""What a case works on: a store, a tenant of its own, other clients of the same data, and words for honest commits.

Cases are kept apart by their tenants, and definitions, which have none, by their names. So one scratch database is
enough for all of them, and nothing needs to be emptied.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from attrs import evolve, frozen

from proeftuin.core.events import Event
from proeftuin.core.evolve import replay
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.spi import (
    Bulk,
    Commit,
    Definitions,
    Delivers,
    Erases,
    Hosted,
    HostedStore,
    Loaded,
    Personal,
    Query,
    Receipt,
    Store,
    Streams,
    Summary,
    Timed,
    Timing,
    Wakes,
)
from proeftuin.storage.verify import verify
from proeftuin.testing import commits
from proeftuin.testing.case import Case, offers
from proeftuin.testing.commits import changed, crowd, started, written
from proeftuin.testing.expect import present, same
from proeftuin.testing.files import NEARBY
from proeftuin.testing.hosts import SQLALCHEMY, Host
from proeftuin.testing.opening import Address, named
from proeftuin.testing.processes import Elsewhere

Words = Any  # the data of an event is of any shape


@frozen
class Lab:
    """Where benches are made: the store, how many other pilots stand in each tenant, hosts, and where files are."""

    address: Address
    others: int = 0
    host: str = SQLALCHEMY
    files: str = NEARBY

    def found(self) -> tuple[Path, ...] | None:
        """Return the files of the store as they are now, None where nobody can look at them."""
        found: tuple[Path, ...] | None = named(self.files)(self.address.url)
        return found

    def unmet(self, one: Case, store: Store) -> str | None:
        """Return why a case is not asked of a store; None where it is."""
        return one.unmet(store, files="files" in one.needs and self.found() is not None)

    @contextmanager
    def bench(self) -> Iterator["Bench"]:
        """Make a bench for one case; its clients are closed behind it."""
        made = Bench(evolve(self, address=self.address.another(token_hex(8))))
        try:
            made.fill()
            yield made
        finally:
            made.close()


class Bench:
    """A store for one case.

    Attributes:
        store: a client of its own.
        tenant: which nobody else uses.
        others: the ids of the pilots that stand there from the start, in order.
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._clients: list[Store] = []
        self._hosts: list[Host] = []
        self.tenant = self.fresh("tenant")
        self.store = self._opened()
        self.others: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where the store is."""
        return self._lab.address.url

    def fill(self) -> None:
        """Write the other pilots."""
        if self._lab.others:
            made = [replace(one, tenant=self.tenant) for one in _others(self._lab.others)]
            for few in [made] if self.store.multi_pilot else [[one] for one in made]:
                self.append(*few)
            self.others = tuple(sorted(one.pilot_id for one in made))

    def close(self) -> None:
        """Close every client, and let the hosts go first, as they may hold what a client waits for."""
        while self._hosts:
            self._hosts.pop().close()
        while self._clients:
            self._clients.pop().close()

    def fresh(self, word: str) -> str:
        """Return a name that nobody has used."""
        return f"{word}-{token_hex(8)}"

    # -- clients

    def _opened(self) -> Store:
        store = self._lab.address.open()
        self._clients.append(store)
        return store

    def second(self) -> Store:
        """Return another client on the same data; the same one where a store serves one process only."""
        return self._opened() if self.store.multi_process else self.store

    def leave(self, client: Store) -> None:
        """Close a second client, unless it is the only one that there can be."""
        if client is not self.store:
            client.close()

    def reopen(self) -> None:
        """Close every client, and open the store anew."""
        self.close()
        self.store = self._opened()

    def elsewhere(self, errand: str, **arguments: object) -> Elsewhere:
        """Return another process on the same data, in which an errand is to be done in this tenant."""
        return Elsewhere(self._lab.address, errand, tenant=self.tenant, **arguments)

    def crash(self, errand: str, **arguments: object) -> None:
        """Let another process do an errand in the middle of which it dies; alone, where there may be one only."""
        if not self.store.multi_process:
            self.close()
        with self.elsewhere(errand, **arguments) as other:
            other.go()
            other.dies()
        if not self._clients:
            self.store = self._opened()

    def host(self) -> Host:
        """Return a transaction of a host, on a connection of its own to the same database."""
        begun: Host = named(self._lab.host)(self.url)
        self._hosts.append(begun)
        return begun

    def using(self, host: Host) -> HostedStore:
        """Return the store inside a transaction of a host."""
        assert isinstance(self.store, Hosted)  # noqa: S101  # for the type checker; the case needs the part
        return self.store.using(host.connection)

    def offers(self, what: str) -> bool:
        """Whether the store offers a part, or has a flag."""
        return offers(self.store)[what]

    @property
    def definitions(self) -> Definitions:
        """The part of the store that keeps workflows."""
        assert isinstance(self.store, Definitions)  # noqa: S101  # for the type checker; the case needs the part
        return self.store

    @property
    def bulk(self) -> Bulk:
        """The part of the store that loads many at once."""
        assert isinstance(self.store, Bulk)  # noqa: S101  # for the type checker; the case needs the part
        return self.store

    @property
    def eraser(self) -> Erases:
        """The part of the store that forgets."""
        assert isinstance(self.store, Erases)  # noqa: S101  # for the type checker; the case needs the part
        return self.store

    def in_files(self, pattern: str) -> set[str]:
        """Return what the files of the store hold of a pattern; each is gone through once, as it may be long."""
        files = present(self._lab.found(), "a way to look at the files")
        return {one.decode() for path in files for one in re.findall(pattern.encode(), path.read_bytes())}

    @property
    def timer(self) -> Timed:
        """The part of the store that knows what is due."""
        assert isinstance(self.store, Timed)  # noqa: S101  # for the type checker; the case needs the part
        return self.store

    def stored_timing(self, name: str = "p1") -> Timing:
        """Return what is stored of a pilot's terms."""
        return present(self.load(name).head, f"the head of pilot {name!a}").timing

    @property
    def lanes(self) -> Delivers:
        """The part of the store that keeps lanes."""
        assert isinstance(self.store, Delivers)  # noqa: S101  # for the type checker; the case needs the part
        return self.store

    @property
    def waker(self) -> Wakes:
        """The part of the store that passes hints on."""
        assert isinstance(self.store, Wakes)  # noqa: S101  # for the type checker; the case needs the part
        return self.store

    @property
    def streamer(self) -> Streams:
        """The part of the store that writes commits as they are made."""
        assert isinstance(self.store, Streams)  # noqa: S101  # for the type checker; the case needs the part
        return self.store

    # -- writing

    def written(
        self, before: Pilot | None, *events: Event, receipt: Receipt | None = None, personal: tuple[Personal, ...] = ()
    ) -> tuple[Commit, Pilot]:
        """Return the commit that writes these events in this tenant, and the pilot after it."""
        return written(before, *events, tenant=self.tenant, receipt=receipt, personal=personal)

    def append(self, *given: Commit, recorded: Callable[[object], None] | None = None) -> None:
        """Write commits."""
        self.store.append(*given, recorded=recorded)

    def write(
        self, before: Pilot | None, *events: Event, receipt: Receipt | None = None, personal: tuple[Personal, ...] = ()
    ) -> Pilot:
        """Write events on a pilot in one commit, and return it."""
        commit, pilot = self.written(before, *events, receipt=receipt, personal=personal)
        self.store.append(commit)
        return pilot

    def begin(self, name: str = "p1", **data: Words) -> Pilot:
        """Write a new pilot."""
        return self.write(None, started(name, **data))

    def advance(self, pilot: Pilot, count: int = 1, **words: Words) -> Pilot:
        """Write so many changes on a pilot, each a commit of its own."""
        return commits.advance(self.store, pilot, count, self.tenant, **words)

    def change(self, pilot: Pilot, **words: Words) -> Commit:
        """Return the commit that changes a pilot."""
        return self.written(pilot, changed(pilot, **words))[0]

    # -- reading

    def load(self, name: str = "p1", *, key: str | None = None, have: int | None = None) -> Loaded:
        """Return what is stored of a pilot, which must be there."""
        return present(self.store.load(self.tenant, name, key=key, have=have), f"pilot {name!a}")

    def absent(self, *names: str) -> None:
        """Expect that there are no such pilots."""
        for name in names:
            same(None, self.store.load(self.tenant, name), f"pilot {name!a}")
            same([], self.versions(name), f"the history of pilot {name!a}")

    def stored(self, name: str = "p1", store: Store | None = None) -> Pilot:
        """Return a pilot as its stored head says."""
        return present(commits.stored(store or self.store, name, self.tenant), f"pilot {name!a}")

    def versions(
        self, name: str = "p1", store: Store | None = None, *, after: int = 0, upto: int | None = None
    ) -> list[int]:
        """Return the versions that a history gives."""
        return commits.versions(store or self.store, name, tenant=self.tenant, after=after, upto=upto)

    def everything(self, *names: str, store: Store | None = None) -> list[Any]:
        """Return all that the store says about some pilots, to compare before with after."""
        return commits.everything(store or self.store, *names, tenant=self.tenant)

    def found(self, limit: int = 10_000, **filters: Any) -> list[Summary]:  # each filter has its type
        """Return what one page of `find` gives."""
        return list(self.store.find(Query(self.tenant, limit=limit, **filters)).items)

    def paged(self, limit: int = 7, **filters: Any) -> list[Summary]:  # as above
        """Return what all pages of `find` give."""
        found, after = list[Summary](), None
        while True:
            page = self.store.find(Query(self.tenant, limit=limit, after=after, **filters))
            found += page.items
            if page.next is None:
                return found
            after = page.next

    def ids(self, **filters: Any) -> list[str]:  # as above
        """Return the ids of what one page of `find` gives."""
        return [one.id for one in self.found(**filters)]

    def whole(self, *names: str) -> None:
        """Expect that histories, chains and heads agree."""
        for name in names:
            same([], [str(one) for one in verify(self.store, self.tenant, name, replay=replay)], "what verify finds")


@cache
def _others(count: int) -> tuple[Commit, ...]:
    return tuple(crowd(count))
