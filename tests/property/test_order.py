"""Suppliers do not wait for each other: what happens on two tracks gives the same in any order."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings

from proeftuin import Result
from proeftuin.core.pilot import Pilot, Record
from proeftuin.errors import Refused
from tests.property.pilots import REFS, Call, World, bundled_table
from tests.property.source import Source, sources
from tests.property.story import PARTIES, START, somebody, story
from tests.scale import scaled

Step = Callable[[Pilot], Call]
KINDS = ("day_activity", "employment", "training")


def _placement(pilot: Pilot, track: str, number: int) -> str:
    """The id of one of the placements of a track, told by its number there; ids count over all tracks."""
    own = pilot.records("placement", track=track)
    return own[number % len(own)].id if own else "placement-99"


def _say(party: str, trigger: str, role: str, data: dict[str, Any] | None = None) -> Step:
    actor = somebody(role, party if role.startswith("supplier") else None)
    return lambda _: Call(trigger, actor, data or {}, party)


def _about(party: str, trigger: str, number: int, data: dict[str, Any]) -> Step:
    def step(pilot: Pilot) -> Call:
        named = {**data, "placement": _placement(pilot, party, number)}
        return Call(trigger, somebody("supplier_hr", party), named, party)

    return step


def _steps(source: Source, party: str, today: date) -> Iterator[Step]:
    """What one supplier lives through; its participants are its own, as a person at two suppliers is shared."""
    own = REFS[:2] if party == PARTIES[0] else REFS[2:]
    for _ in range(source.between(1, 10)):
        day = (today + timedelta(days=source.pick((0, 0, -20, 30)))).isoformat()
        number, hours, kind = source.below(4), source.pick(("8", "25.5", "32")), source.pick(KINDS)
        places = {kind: source.between(1, 3), "employment": source.between(1, 2)}
        placed: dict[str, Any] = {"participant": source.pick(own), "kind": kind, "weekly_hours": hours, "start": day}
        placed |= {"paid": source.chance(60), "counts_for_banenafspraak": source.pick(("yes", "no", "unknown"))}
        yield from source.pick(
            (
                [_say(party, "start_placement", "supplier_hr", placed)],
                [_about(party, "end_placement", number, {"end": day, "reason": "other"})],
                [_about(party, "change_hours", number, {"weekly_hours": hours, "from": day})],
                [_about(party, "move_placement", number, {"start": day, "kind": kind})],
                [_about(party, "record_retention", number, {"weeks": 13, "answer": "worse"})],
                [
                    _say(party, "amend_agreement", role, {"places": places, "from": day})
                    for role in ("client_owner", "supplier_lead")
                ],
                [_say(party, "start_delivery", "contract_manager")],
                [_say(party, "start_placement", "supplier_hr", placed)],
                [_say(party, "complete", "contract_manager")],
                [_say(party, "withdraw", "supplier_lead", {"reason": "r", "placement_plan": source.pick(("", "p"))})],
            )
        )


def _live(lives: dict[str, list[Step]], source: Source) -> tuple[World, dict[str, list[Any]]]:
    """Let both live through their steps, each in its own order, taking turns as the source says."""
    world = World(bundled_table())
    pilot_id = world.engine.start("existing-contract", actor=somebody("coordinator"), data=START, id="p1").pilot.id
    told = story(world.today())
    for call in told[: next(place for place, one in enumerate(told) if one.trigger == "start_delivery")]:
        assert isinstance(world.fire(pilot_id, call), Result)
    left = {party: list(steps) for party, steps in lives.items()}
    came: dict[str, list[Any]] = {party: [] for party in lives}
    while any(left.values()):
        party = source.pick([party for party, steps in left.items() if steps])
        outcome = world.fire(pilot_id, left[party].pop(0)(world.engine.get(pilot_id)))
        came[party].append(outcome.codes if isinstance(outcome, Refused) else type(outcome))
    return world, came


def _plain(world: World, one: Record) -> tuple[Any, ...]:
    """A record without what counts over all tracks: its id, and the subject, for which the host's ref stands."""
    data = {name: world.engine.ref("p1", value) if name == "participant" else value for name, value in one.data.items()}
    if one.type == "retention":
        data["placement"] = None
    return (one.type, data, one.track, one.actor, one.since, one.until, one.ended)


def _seen(world: World, party: str) -> Any:
    pilot = world.engine.get("p1")
    records = [_plain(world, one) for kept in pilot.kept.values() for one in kept if one.track == party]
    votes = [vote for vote in pilot.signatures if vote.track == party]
    return pilot.tracks[party], records, votes


@given(sources(400), sources(60), sources(60))
@settings(max_examples=scaled(25))
def test_two_suppliers_do_not_depend_on_whose_turn_it_is(steps: Source, one: Source, other: Source) -> None:
    """In every interleaving each supplier gets the same answers, tracks and records, and the pilot the same figures."""
    today = World(bundled_table()).today()
    lives = {party: list(_steps(steps, party, today)) for party in PARTIES[:2]}
    (first, came_first), (second, came_second) = _live(lives, one), _live(lives, other)
    assert came_first == came_second
    for party in PARTIES[:2]:
        assert _seen(first, party) == _seen(second, party)
    assert first.engine.metrics(pilots="p1") == second.engine.metrics(pilots="p1")
    assert first.engine.get("p1").state == second.engine.get("p1").state
