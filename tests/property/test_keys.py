"""Idempotency keys: one command under a key acts once, whoever asks again, and from wherever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from attrs import evolve
from hypothesis import given, settings

from proeftuin import Result
from proeftuin.core.frozen import FrozenDict
from proeftuin.errors import BadArgument, KeyReused, Refused
from tests.property.conftest import Url
from tests.property.pilots import Call, Player, World, made_up
from tests.property.source import Source, sources
from tests.property.stored import everything
from tests.property.story import START, somebody, somewhere
from tests.scale import scaled

STEPS = 10
THREADS = 4


def _same(first: Result, again: Result) -> None:
    assert (again.duplicate, first.pilot, first.events) == (True, again.pilot, again.events)
    assert (first.warnings, first.pending, first.started) == (again.warnings, again.pending, again.started)


def _others(call: Call, source: Source, player: Player) -> Call:
    """A command that differs in one respect."""
    return source.pick(
        (
            evolve(call, trigger=f"{call.trigger}x"),
            evolve(call, track="elsewhere" if call.track is None else None),
            evolve(call, data={**(call.data or {}), "more": 1}),
            evolve(call, actor=next(one for one in player.cast if one.id != call.actor.id)),
        )
    )


def _check(world: World, player: Player, pilot_id: str) -> None:
    source, told = player.source, dict[str, tuple[Call, Result]]()
    for number in range(STEPS):
        call = player.call(world.engine.get(pilot_id), world.clock.now())
        outcome = world.fire(pilot_id, call, key=f"key-{number}")
        if isinstance(outcome, Result):
            told[f"key-{number}"] = call, outcome
        world.clock.forward(days=source.below(3))
        before = everything(world.store, world.url)
        for key in source.some(tuple(told), 30):
            call, first = told[key]
            again = world.fire(pilot_id, call, key=key)
            assert isinstance(again, Result)
            _same(first, again)
            with pytest.raises(KeyReused):
                world.fire(pilot_id, _others(call, source, player), key=key)
        if source.chance(20):
            world.reopen()
        assert before == everything(world.store, world.url)
    world.engine.close()


@given(data=sources(1_000))
@settings(max_examples=scaled(15))
def test_a_key_acts_once_on_an_ordinary_pilot(new_url: Url, data: Source) -> None:
    """The same command under its key gives its first result again whatever came after, and another one is refused."""
    _check(*somewhere(data, new_url()))


@given(data=sources(1_300))
@settings(max_examples=scaled(15))
def test_a_key_acts_once_under_random_workflows(new_url: Url, data: Source) -> None:
    """Under any workflow a command under its key gives its first result again, and another one is refused."""
    _check(*made_up(data, new_url()))


def _together(*acts: Callable[[], object]) -> list[object]:
    """What each gives or raises, all of them begun at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except (KeyReused, Refused, BadArgument) as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _accepted(world: World, player: Player, pilot_id: str) -> Call | None:
    """A command that would be accepted."""
    for _ in range(20):
        call = evolve(player.call(world.engine.get(pilot_id), world.clock.now()), on=None)
        try:
            option = world.engine.explain(pilot_id, call.trigger, actor=call.actor, data=call.data, track=call.track)
        except BadArgument:
            continue
        if option.allowed:
            return call
    return None


def _fire(world: World, pilot_id: str, call: Call, key: str) -> Callable[[], object]:
    return lambda: world.engine.fire(
        pilot_id, call.trigger, actor=call.actor, data=call.data, track=call.track, key=key
    )


@given(data=sources(1_000))
@settings(max_examples=scaled(12))
def test_threads_with_one_key_act_once(new_url: Url, data: Source) -> None:
    """Of threads that fire one command under one key at once, one writes it and all get the same result."""
    world, player, pilot_id = somewhere(data, new_url())
    for number in range(3):
        call = _accepted(world, player, pilot_id)
        if call is None:
            break
        version = world.engine.get(pilot_id).version
        came = _together(*[_fire(world, pilot_id, call, f"key-{number}")] * THREADS)
        results = [one for one in came if isinstance(one, Result)]
        assert THREADS == len(results), came
        (first,) = (one for one in results if not one.duplicate)
        for one in results:
            if one is not first:
                _same(first, one)
        assert version + len(first.events) == world.engine.get(pilot_id).version
    assert () == world.engine.verify()
    world.engine.close()


@given(data=sources(1_000))
@settings(max_examples=scaled(12))
def test_threads_with_other_commands_under_one_key_get_one_winner(new_url: Url, data: Source) -> None:
    """Of threads that fire different commands under one key at once, one is accepted and the others are told so."""
    world, _, pilot_id = somewhere(Source(b""), new_url())
    who = somebody("coordinator")
    words = [data.pick(("one", "two", "three")) for _ in range(THREADS)]
    calls = [Call("add_lesson", who, {"text": word}) for word in words]
    came = _together(*(_fire(world, pilot_id, call, "key") for call in calls))
    (first,) = (one for one in came if isinstance(one, Result) and not one.duplicate)
    winner = first.events[0].data["fields"]["text"]
    for word, one in zip(words, came, strict=True):
        assert isinstance(one, Result if word == winner else KeyReused)
    assert first.pilot == world.engine.get(pilot_id)
    assert () == world.engine.verify()
    world.engine.close()


@given(data=sources(64))
@settings(max_examples=scaled(12))
def test_threads_that_start_under_one_key_begin_one_pilot(new_url: Url, data: Source) -> None:
    """Of threads that start a pilot under one key at once, one begins it, its equals get it and the others are told."""
    world, _, _ = somewhere(Source(b""), new_url())
    titles = [data.pick(("A", "B")) for _ in range(THREADS)]

    def start(title: str) -> Callable[[], object]:
        values = FrozenDict({**START, "title": title})
        return lambda: world.engine.start("existing-contract", actor=somebody("hr"), data=values, key="key")

    came = _together(*map(start, titles))
    (first,) = (one for one in came if isinstance(one, Result) and not one.duplicate)
    for title, one in zip(titles, came, strict=True):
        assert isinstance(one, Result if title == first.pilot.data["title"] else KeyReused)
        assert not isinstance(one, Result) or first.pilot == one.pilot
    assert 2 == len(list(world.engine.each()))
    world.engine.close()
