"""`explain` and `options` against `fire`: what they promise is what happens."""

from attrs import evolve
from hypothesis import given, note, settings

from proeftuin import Result
from proeftuin.core.commands import Blocker, Option
from proeftuin.core.frozen import EMPTY
from proeftuin.core.table import Rule
from proeftuin.errors import BadArgument, Refused
from tests.property.pilots import Call, Outcome, Player, World, made_up
from tests.property.source import Source, sources
from tests.property.story import somewhere
from tests.scale import scaled

STEPS = 25
ROLES = {"forbidden-role", "unilateral"}


def _explained(world: World, pilot_id: str, call: Call) -> Option | BadArgument:
    try:
        return world.engine.explain(pilot_id, call.trigger, actor=call.actor, data=call.data, track=call.track)
    except BadArgument as bad:
        return bad


def _same(promised: Option | BadArgument, came: Outcome) -> None:
    if isinstance(promised, BadArgument) or isinstance(came, BadArgument):
        assert repr(promised) == repr(came)
        return
    assert promised.allowed == isinstance(came, Result)
    assert promised.blockers == (came.blockers if isinstance(came, Refused) else ())
    if isinstance(came, Result):
        assert promised.warnings == came.warnings


def _play(world: World, player: Player, pilot_id: str) -> None:
    for _ in range(STEPS):
        call = player.call(world.engine.get(pilot_id), world.clock.now())
        if call.on is not None:
            call = evolve(call, on=None)  # a dry run has no business date
        promised = _explained(world, pilot_id, call)
        _same(promised, world.fire(pilot_id, call))
        world.clock.forward(days=player.source.below(3))


@given(data=sources(1_000))
@settings(max_examples=scaled(40))
def test_explain_is_what_fire_answers_on_an_ordinary_pilot(data: Source) -> None:
    """For any command, nonsense included, both allow alike, with equal blockers, remedies, words and warnings."""
    _play(*somewhere(data))


@given(data=sources(1_300))
@settings(max_examples=scaled(40))
def test_explain_is_what_fire_answers_under_random_workflows(data: Source) -> None:
    """For any command under any workflow both allow alike, with equal blockers, remedies, words and warnings."""
    _play(*made_up(data))


def _rules(world: World, option: Option) -> list[Rule]:
    return [
        rule
        for rule in world.table.every
        if rule.edge.trigger == option.trigger and (rule.edge.opens or (rule.kind is None) == (option.track is None))
    ]


def _asks_nothing(world: World, option: Option) -> bool:
    """Whether an option can be fired with no more than its preset, and nobody has to look at data to judge it."""
    required = {name for name, field in option.fields.items() if field["required"]}
    read = any(bound.reads for rule in _rules(world, option) for bound in rule.require)
    return required <= set(option.preset) and not read


def _check_options(world: World, player: Player, pilot_id: str) -> None:
    """For everybody: fire an option that is allowed, or see that one that is not is refused for the same reasons."""
    for number, actor in enumerate(player.cast):
        options = world.engine.options(pilot_id, actor=actor, all=player.source.chance(30))
        simple = [one for one in options if one.allowed and _asks_nothing(world, one)]
        refused = [one for one in options if not one.allowed and ROLES.isdisjoint(b.code for b in one.blockers)]
        if simple:
            option = player.source.pick(simple)
            note(f"{actor.id} may {option.trigger} on {option.track}")
            key = option.track or (f"new-{number}" if option.trigger in world.table.openers else None)
            came = world.fire(pilot_id, Call(option.trigger, actor, dict(option.preset), key))
            assert isinstance(came, Result), came
        elif refused:
            option = player.source.pick(refused)
            data = {name: field["choices"][0] for name, field in option.fields.items() if "choices" in field}
            key = option.track or ("new" if option.trigger in world.table.openers else None)
            came = world.fire(pilot_id, Call(option.trigger, actor, data, key))
            assert isinstance(came, Refused)
            assert {_plain(one) for one in option.blockers} <= {_plain(one) for one in came.blockers}


def _plain(blocker: Blocker) -> Blocker:
    """The same without what follows from the data."""
    return evolve(blocker, missing=(), needs=(), texts=EMPTY, params=EMPTY)


@given(data=sources(1_000))
@settings(max_examples=scaled(15))
def test_an_option_that_needs_no_data_can_be_fired_on_an_ordinary_pilot(data: Source) -> None:
    """What `options` allows without asking for data is accepted, and what it refuses is refused for those reasons."""
    _check_options(*_played(*somewhere(data)))


@given(data=sources(1_300))
@settings(max_examples=scaled(30))
def test_an_option_that_needs_no_data_can_be_fired_under_random_workflows(data: Source) -> None:
    """Under any workflow what `options` allows without asking for data is accepted, and the rest refused as told."""
    _check_options(*_played(*made_up(data)))


def _played(world: World, player: Player, pilot_id: str) -> tuple[World, Player, str]:
    for _ in world.played(pilot_id, player, 10):
        pass
    return world, player, pilot_id
