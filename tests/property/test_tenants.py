"""Tenants in any order: whatever is done for one, each has exactly what it would have had by itself."""

from typing import Any

from hypothesis import given, settings

from proeftuin import Actor, Engine
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.property.conftest import Url
from tests.property.pilots import REFS, Ids, World, bundled_table
from tests.property.source import Source, sources
from tests.property.story import START, somebody, story
from tests.scale import scaled

TENANTS = ("a", "b", "A", "a ")
OFFICER = Actor("officer-1", roles={"privacy_officer"})


def held(store: Store, tenant: str) -> list[Any]:
    """All that a store holds of a tenant."""
    names = [one.id for one in Engine(store, tenant=tenant).each()]
    return [
        (
            store.load(tenant, name),
            list(store.history(tenant, name)),
            list(store.receipts(tenant, name)),
            store.personal(tenant, name),
        )
        for name in names
    ]


class One:
    """A tenant on a store, with ids and a clock of its own."""

    def __init__(self, store: Store, tenant: str) -> None:
        self.world = World(bundled_table(), store=store, ids=Ids())
        workflows = [bundled_table().workflow]
        self.engine = Engine(store, tenant=tenant, ids=self.world.ids, time=self.world.clock, workflows=workflows)
        self.told = story(self.world.today())
        self.lived = 0

    def go_on(self, what: int) -> None:
        """Do the next thing of an ordinary life, or forget somebody."""
        if self.lived == 0:
            self.engine.start("existing-contract", actor=somebody("coordinator"), data=START, id="same", ref="same")
        elif what == 0:
            self.engine.erase(REFS[0], actor=OFFICER, reason="asked")
            return
        elif self.lived <= len(self.told):
            call = self.told[self.lived - 1]
            key = f"key-{self.lived}"
            self.engine.fire("same", call.trigger, actor=call.actor, data=call.data, track=call.track, key=key)
        self.lived += 1


@given(data=sources(200))
@settings(max_examples=scaled(6))
def test_each_tenant_is_as_if_it_were_alone(new_url: Url, data: Source) -> None:
    """Four tenants live the same names, refs and keys in any order, and each ends as in a store of its own."""
    shared = open_store(new_url())
    together = {name: One(shared, name) for name in TENANTS}
    alone = {name: One(open_store("memory://"), name) for name in TENANTS}
    for _ in range(30 + data.below(40)):
        name, what = data.pick(TENANTS), data.below(12)
        together[name].go_on(what)
        alone[name].go_on(what)
    for name in TENANTS:
        assert held(alone[name].engine._store, name) == held(shared, name)
        assert () == together[name].engine.verify()
    lived = tuple(sorted(name for name in TENANTS if together[name].lived))
    assert lived == together["a"].engine.tenants()
    shared.close()
