"""A refusal changes nothing at all."""

from attrs import evolve
from hypothesis import given, note, settings

from proeftuin import Result
from proeftuin.core.commands import Command
from proeftuin.core.frozen import FrozenDict
from proeftuin.errors import BadArgument, Refused
from tests.property.conftest import Url
from tests.property.pilots import MARK, Call, Outcome, Player, World, made_up
from tests.property.source import Source, sources
from tests.property.stored import PERSONAL, everything, holders
from tests.property.story import somewhere
from tests.scale import scaled

STEPS = 20


def _check_single(world: World, player: Player, pilot_id: str) -> None:
    """Give every command one of three keys: one that a refusal had consumed would be refused to the next."""
    before, fresh = everything(world.store, world.url), 0
    for _ in range(STEPS):
        call = player.call(world.engine.get(pilot_id), world.clock.now())
        outcome = world.fire(pilot_id, call, key=f"key-{fresh}")
        if isinstance(outcome, Result):
            assert not outcome.duplicate
            before, fresh = everything(world.store, world.url), fresh + 1
            assert holders(before, MARK) <= {PERSONAL}
        else:
            assert before == everything(world.store, world.url)
            assert not isinstance(outcome, Refused) or MARK not in f"{outcome} {outcome.blockers}"
    world.engine.close()


@given(data=sources(1_000))
@settings(max_examples=scaled(20))
def test_a_refused_command_changes_no_byte_of_an_ordinary_pilot(new_url: Url, data: Source) -> None:
    """After a refusal or a bad argument every stored row is what it was, its key is free, and no answer tells a ref."""
    _check_single(*somewhere(data, new_url()))


@given(data=sources(1_300))
@settings(max_examples=scaled(20))
def test_a_refused_command_changes_no_byte_under_random_workflows(new_url: Url, data: Source) -> None:
    """Under any workflow every stored row is what it was before a refusal, its key free, and no answer tells a ref."""
    _check_single(*made_up(data, new_url()))


def _batch(world: World, pilot_id: str, calls: list[Call], key: str | None = None) -> Outcome:
    for call in calls:
        note(f"in a batch: {call}")
    commands = [Command(one.trigger, one.data, one.track, one.on) for one in calls]
    try:
        return world.engine.batch(pilot_id, commands, actor=calls[0].actor, key=key)
    except (Refused, BadArgument) as no:
        return no


def _check_batches(world: World, player: Player, pilot_id: str) -> None:
    for _ in range(STEPS // 2):
        pilot = world.engine.get(pilot_id)
        calls = [player.call(pilot, world.clock.now()) for _ in range(player.source.between(2, 4))]
        calls = [evolve(call, actor=calls[0].actor) for call in calls]
        before = everything(world.store, world.url)
        outcome = _batch(world, pilot_id, calls, "key")
        if isinstance(outcome, Refused):
            assert before == everything(world.store, world.url)
            _check_place(world, pilot_id, calls, outcome)
        elif isinstance(outcome, BadArgument):
            assert before == everything(world.store, world.url)
        else:
            assert pilot.version + len(outcome.events) == outcome.pilot.version
            return
    assert () == world.engine.verify()


def _check_place(world: World, pilot_id: str, calls: list[Call], no: Refused) -> None:
    """The commands before the one that was refused are fine by themselves; that one is refused alike after them."""
    places = {blocker.command for blocker in no.blockers}
    assert len(places) == 1
    place = places.pop()
    assert place is not None
    assert place == 0 or isinstance(_batch(world, pilot_id, calls[:place]), Result)
    alone = world.fire(pilot_id, calls[place])
    assert isinstance(alone, Refused)
    assert no.blockers == tuple(evolve(one, command=place) for one in alone.blockers)


@given(data=sources(1_000))
@settings(max_examples=scaled(20))
def test_a_refused_batch_changes_no_byte_of_an_ordinary_pilot(new_url: Url, data: Source) -> None:
    """A batch of which one command is refused writes nothing, and names the place of that command and its reasons."""
    _check_batches(*somewhere(data, new_url()))


@given(data=sources(1_300))
@settings(max_examples=scaled(20))
def test_a_refused_batch_changes_no_byte_under_random_workflows(new_url: Url, data: Source) -> None:
    """Under any workflow a batch is all or nothing, and names the place of the refused command and its reasons."""
    _check_batches(*made_up(data, new_url()))


@given(data=sources(1_000))
@settings(max_examples=scaled(15))
def test_a_refused_start_makes_no_pilot(new_url: Url, data: Source) -> None:
    """Nonsense given to `start` is refused or a bad argument, and leaves no row behind, nor takes its key or ref."""
    world, player, _ = somewhere(Source(b""), new_url())
    before = everything(world.store, world.url)
    for _ in range(5):
        call = player.nonsense(world.engine.get("p1")) if data.chance(50) else Call("start", data.pick(player.cast))
        wild: dict[str, object] = {"title": "A", "organisation": data.pick(("", None, 1, "UU"))}
        try:
            began = world.engine.start(
                "existing-contract", actor=call.actor, data={**wild, **FrozenDict(call.data or {})}, key="k", ref="r"
            )
        except (Refused, BadArgument):
            assert before == everything(world.store, world.url)
        else:
            assert "r" == began.pilot.ref
            return
