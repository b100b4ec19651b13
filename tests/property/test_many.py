"""Many commands at once give what the same commands give one by one: answers, events, heads, receipts and refs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import asdict
from hypothesis import given, settings

from proeftuin import Blocker, Fire, Refused, Result, codec
from proeftuin.core.table import Table
from proeftuin.errors import ProeftuinError
from proeftuin.spi import Receipt
from tests.property.conftest import Url
from tests.property.kinds import opened
from tests.property.pilots import Ids, Player, World, bundled_table, made_up
from tests.property.source import Source, sources
from tests.property.stored import everything
from tests.property.story import CAST, START, somebody, story
from tests.scale import scaled
from tests.stores import TENANT

COMMANDS = 25
SIZES = (1, 2, 3, 7, COMMANDS)
ROUNDS = {"postgresql": 2, "mariadb": 2}


class Named(Ids):
    """Ids that count on behind a name of their own, so that many tries fit into one store."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def pilot_id(self) -> str:
        return f"{self.name}-{super().pilot_id()}"


def answer(world: World, one: Fire) -> Result | ProeftuinError:
    """What firing gives or raises."""
    try:
        return world.engine.fire(
            one.pilot_id,
            one.trigger,
            actor=one.actor,
            data=one.data,
            track=one.track,
            key=one.key,
            expect=one.expect,
            on=one.on,
        )
    except ProeftuinError as error:
        return error


def told(answers: list[Any]) -> list[Any]:
    """Answers as what can be compared.

    Note:
        Remedies come in the order of the tracks, which is that of their keys in a pilot that was read from a store and
        that in which they were opened in one that was not; so they are compared as sets.
    """
    return [_result(one) if isinstance(one, Result) else _error(one) for one in answers]


def _result(one: Result) -> Any:
    return one.pilot, one.events, _blockers(one.warnings), one.pending, one.duplicate, one.started


def _error(one: ProeftuinError) -> Any:
    return type(one), _blockers(one.blockers) if isinstance(one, Refused) else str(one)


def _blockers(given: Iterable[Blocker]) -> list[str]:
    return _sets(asdict(one, recurse=False) | {"missing": map(asdict, one.missing)} for one in given)


def _sets(blockers: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(_text({**one, "missing": sorted(map(_text, one["missing"]))}) for one in blockers)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _receipt(one: Receipt) -> Any:
    kept = codec.decode(one.body)
    return one.key, one.fingerprint, {**kept, "warnings": _sets(kept["warnings"])}


def commands(world: World, player: Player, names: list[str]) -> Iterator[tuple[Fire, Result | ProeftuinError]]:
    """Random commands on some pilots, with what comes of each when it is fired by itself."""
    source, said, done = player.source, list[Fire](), list[Fire]()
    for number in range(COMMANDS):
        name = source.pick(names)
        if said and source.chance(30):
            one = source.pick(done if done and source.chance(60) else said)  # the same once more, under its key or none
        else:
            call, version = player.call(world.engine.get(name), world.clock.now()), world.engine.get(name).version
            key = source.pick((f"key-{number}", f"key-{number}", source.pick(said).key)) if said else "key"
            expect = version - source.below(2) if source.chance(10) else None
            place = "nowhere" if source.chance(3) else name
            one = Fire(place, call.trigger, call.actor, call.data, call.track, key, expect, call.on)
        said.append(one)
        came = answer(world, one)
        if isinstance(came, Result) and one.key is not None:
            done.append(one)
        yield one, came


def pair(table: Table, name: str, other: World) -> tuple[World, World]:
    """A world in memory, and another one that will live the same."""
    alone = World(table, ids=Named(name))
    other.ids = Named(name)
    other.engine = other.opened()
    return alone, other


def lived(worlds: tuple[World, World], source: Source, name: str) -> list[str]:
    """Begin the same pilots in both, each somewhere in its ordinary life."""
    names = [f"{name}-p{number}" for number in range(1, 4)]
    calls = story(worlds[0].today())
    for pilot_id in names:
        length = source.between(0, len(calls) - 1)
        for world in worlds:
            world.engine.start("existing-contract", actor=somebody("coordinator"), data=START, id=pilot_id)
            for call in calls[:length]:
                world.engine.fire(pilot_id, call.trigger, actor=call.actor, data=call.data, track=call.track)
    return names


def check(worlds: tuple[World, World], player: Player, names: list[str]) -> list[Any]:
    """Fire commands one by one in one world and together in the other, and compare; return the answers."""
    alone, together = worlds
    given, answers = map(list, zip(*commands(alone, player, names), strict=True))
    came = together.engine.fire_many(given, chunk=player.source.pick(SIZES))
    assert told(answers) == told(list(came))
    assert kept(alone, names) == kept(together, names)
    assert () == together.engine.verify()
    return answers


def kept(world: World, names: list[str]) -> dict[str, Any]:
    """All that is stored of the pilots, and of those that they began."""
    mine = f"{names[0].partition('-')[0]}-"
    found = sorted(one.id for one in world.engine.each() if one.id.startswith(mine))
    store = world.store
    return {
        name: (
            store.load(TENANT, name),
            list(store.history(TENANT, name)),
            list(map(_receipt, store.receipts(TENANT, name))),
            store.personal(TENANT, name),
        )
        for name in found
    }


@given(data=sources(2_000))
@settings(max_examples=scaled(5))
def test_many_commands_on_ordinary_pilots_are_those_commands(new_url: Url, data: Source) -> None:
    """Whatever is said to three pilots, saying it all at once leaves what saying it one by one leaves."""
    url = new_url()
    worlds = pair(bundled_table(), "r0", World(bundled_table(), url=url))
    names = lived(worlds, data, "r0")
    check(worlds, Player(data, bundled_table(), CAST), names)
    assert "pilots" in everything(worlds[1].store, url)
    worlds[1].engine.close()


@given(data=sources(2_000))
@settings(max_examples=scaled(5))
def test_many_commands_under_random_workflows_are_those_commands(new_url: Url, data: Source) -> None:
    """Under any workflow saying everything at once leaves what saying it one by one leaves."""
    copy = Source(data._data)
    alone, player, name = made_up(data, "memory://")
    together, _, same = made_up(copy, new_url())
    assert name == same
    check((alone, together), player, [name])
    together.engine.close()


@pytest.mark.parametrize("kind", ROUNDS)
def test_many_commands_on_a_server_are_those_commands(kind: str, tmp_path: Path) -> None:
    """On a server too saying everything at once leaves what saying it one by one leaves, refusals and keys among it."""
    random, seen = Random(11), list[Any]()
    with ExitStack() as stack:
        store = opened(kind, stack, tmp_path)
        for number in range(scaled(ROUNDS[kind])):
            source, name = Source(random.randbytes(2_000)), f"r{number}"
            worlds = pair(bundled_table(), name, World(bundled_table(), store=store))
            seen += check(worlds, Player(source, bundled_table(), CAST), lived(worlds, source, name))
    assert {Result, Refused} <= {type(one) for one in seen}
    assert any(one.duplicate for one in seen if isinstance(one, Result))
