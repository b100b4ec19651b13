from functools import partial
from typing import Any

import pytest

from proeftuin import BadArgument, Engine, UnknownPilot
from proeftuin.definitions import scenario_folder
from proeftuin.portfolio import Portfolio
from proeftuin.scenario import Player, load_scenario
from proeftuin.seen import View
from tests.domain.existing.life import Life
from tests.domain.life import person

PHASES = {"exploration": 2, "commitment": 2, "supplier_talks": 2, "implementation": 4, "evaluation": 1, "closed": 4}


def programme() -> Engine:
    player = Player(load_scenario(scenario_folder() / "fifteen-pilots.yaml"), partial(Engine.open, "memory://"))
    assert all(outcome.ok for outcome in player.run())
    return player.engine


@pytest.fixture(scope="module")
def fifteen() -> Engine:
    """The programme of fifteen pilots, as it is on 15 January 2027."""
    return programme()


def test_a_portfolio_adds_up(fifteen: Engine) -> None:
    """Phases and outcomes are those of all pilots, jobs are pooled, and every figure tells its coverage."""
    found = fifteen.portfolio()
    assert (15, PHASES, 11) == (found.pilots, found.figures["pilots_by_phase"].value, found.open)
    assert {"running": 11, "embedded": 2, "follow_up": 0, "ended": 0, "stopped": 2} == found.figures[
        "pilots_by_outcome"
    ].value
    assert ("14.86", (7, 15)) == (found.figures["jobs_25_5"].value, found.figures["jobs_25_5"].coverage)
    assert found.overdue == len(fifteen.find(overdue=True).items)
    assert {15} == {one.coverage[1] for one in found.figures.values()}


def test_rounded_figures_do_not_add_up(fifteen: Engine) -> None:
    """Adding the figures of pilots, each rounded by itself, gives another number than all of them together."""
    each = [fifteen.metrics("jobs_25_5", pilots=one.id)["jobs_25_5"] for one in fifteen.each()]
    cents = sum(int(one.value.replace(".", "")) for one in each)
    assert (1487, 17) == (cents, fifteen.metrics("placements_active")["placements_active"].value)
    hours = sum(one.exact or 0 for one in each) * 51 / 2
    assert 379 == hours


def test_targets_are_those_of_goals(fifteen: Engine) -> None:
    """What the goals of pilots want is added up, beside what these pilots have."""
    (target,) = fifteen.portfolio().targets
    assert ("jobs_25_5", "18.00", "14.86", "82.57", 7) == (
        target.metric, target.target, target.value, target.share, target.pilots,
    )  # fmt: skip


def test_a_target_is_compared_over_the_same_period() -> None:
    """What there is of a figure over a period is what the figure itself says of that period."""
    on, one = programme(), "fifteen-pilots-10"
    goal = {"kind": "horizon", "text": "More hours", "metric": "paid_hours_jobs", "target": "5"}
    on.fire(one, "set_goal", actor=person("coordinator"), data=goal)
    for since in ("2026-06-01", None):
        figure = on.metrics("paid_hours_jobs", pilots=one, since=since)["paid_hours_jobs"].value
        targets = {each.metric: each.value for each in on.portfolio(pilots=one, since=since).targets}
        assert figure == targets["paid_hours_jobs"]


def by_title(found: Portfolio) -> dict[str, Any]:
    return {one.title: one for one in found.waiting}


def test_it_tells_what_each_pilot_waits_for(fifteen: Engine) -> None:
    """For each open pilot the next move, what stands in its way, and who can lift that."""
    found = by_title(fifteen.portfolio())
    exploring = found["Waste"]
    assert ("complete_exploration", "exploration", "Verkennen") == (
        exploring.trigger, exploring.phase, exploring.state_label["nl"],
    )  # fmt: skip
    assert ["missing-pair", "missing-inventory", "missing-route"] == [one.code for one in exploring.hindrances]
    inventory = exploring.hindrances[1]
    assert "hr" in inventory.roles
    assert ("HR professional" in inventory.who["en"], "Inkoper" in inventory.who["nl"]) == (True, True)
    assert inventory.text["nl"].startswith("Er ligt nog geen overzicht")
    committing = found["Print shop"]
    assert "missing-commitment" in [one.code for one in committing.hindrances]
    assert ("start_evaluation", ()) == (found["Gardens"].trigger, found["Gardens"].hindrances)
    evaluating = found["Post and parcels"]
    assert (("conclude", "missing-report")) == (evaluating.trigger, evaluating.hindrances[0].code)


def test_the_quietest_come_first_and_no_more_than_asked(fifteen: Engine) -> None:
    """Pilots are listed by how long nobody did anything, and as many as were asked for are."""
    every = fifteen.portfolio().waiting
    assert [one.days for one in every] == sorted((one.days for one in every), reverse=True)
    assert every[:3] == fifteen.portfolio(limit=3).waiting
    assert ((), 11) == (fifteen.portfolio(limit=0).waiting, fifteen.portfolio(limit=0).open)


def test_an_earlier_day_has_figures_alone(fifteen: Engine) -> None:
    """As of an earlier day figures are those of then, and what pilots wait for is not told."""
    found = fifteen.portfolio(as_of="2026-10-08")
    assert (12, 12, (), None) == (
        found.pilots, found.figures["pilots_by_phase"].value["exploration"], found.waiting, found.overdue,
    )  # fmt: skip


def test_it_is_of_the_pilots_that_were_asked_for(fifteen: Engine) -> None:
    """Filters, or ids, say which pilots; both together are refused, and so is an unknown one."""
    one = fifteen.find(organisation="Gemeente Oost").items[0].id
    programme = "Samen aan de slag"
    asked: list[dict[str, Any]] = [
        {"organisation": "Gemeente Oost"}, {"pilots": one}, {"programme": programme}, {"programme": "x"},
    ]  # fmt: skip
    assert [1, 1, 15, 0] == [fifteen.portfolio(**each).pilots for each in asked]
    assert None is fifteen.portfolio(pilots=[one]).overdue
    with pytest.raises(BadArgument, match="ids or filters"):
        fifteen.portfolio(pilots=one, programme="x")
    with pytest.raises(UnknownPilot):
        fifteen.portfolio(pilots=[one, "gone"])
    with pytest.raises(BadArgument, match="limit"):
        fifteen.portfolio(limit=-1)


def test_who_is_outside_sees_what_they_may(fifteen: Engine) -> None:
    """A monitor gets figures alone, a facilitator pilots too, a supplier nothing; all without small groups."""
    seen = {role: fifteen.seen_by(person(role)).portfolio() for role in ("monitor", "facilitator", "coordinator")}
    assert [(), 11, 11] == [
        seen["monitor"].waiting,
        *(len(seen[one].waiting) for one in ("facilitator", "coordinator")),
    ]
    assert [None, 11, 11] == [one.open for one in seen.values()]
    assert [15, 15, 15] == [one.pilots for one in seen.values()]
    assert ["14.86"] * 3 == [one.figures["jobs_25_5"].value for one in seen.values()]
    assert 0 == fifteen.seen_by(person("supplier_lead@maat")).portfolio().pilots
    few = fifteen.seen_by(person("monitor")).portfolio(organisation="Gemeente Noord")
    assert ("<5", "<5", None) == (few.figures["jobs_25_5"].value, few.targets[0].value, few.targets[0].share)
    assert None is few.overdue


def test_whoever_sees_no_term_counts_none(fifteen: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """On how many pilots a term is due is told of the terms that are seen, as in a list of these pilots."""
    every, view = fifteen.portfolio().overdue, fifteen.seen_by(person("facilitator"))
    monkeypatch.setattr(View, "_sees", lambda *_: False)
    assert (True, 0, 0) == (bool(every), view.portfolio().overdue, len(view.find(overdue=True).items))


def test_a_facilitator_is_told_nothing_about_a_participant() -> None:
    """A reason that names a placement is told to a facilitator only as something that stands in the way."""
    life = Life().reach("implementing")
    placement = life.place()
    life.do("coordinator", "start_evaluation")
    life.paper("report")
    life.paper("embedding")
    client, facilitator = (life.engine.seen_by(person(role)).portfolio() for role in ("coordinator", "facilitator"))
    assert ["open-tracks"] == [one.code for one in client.waiting[0].hindrances]
    assert ["open-tracks"] == [one.code for one in facilitator.waiting[0].hindrances]
    assert placement not in repr(facilitator)


def test_a_pilot_on_hold_waits_to_be_resumed() -> None:
    """A hold stands among what stands in the way, with who can lift it."""
    life = Life()
    life.pause()
    (found,) = life.engine.portfolio().waiting
    held = next(one for one in found.hindrances if one.code == "paused")
    assert ("coordinator", "client_owner") == held.roles


def test_persons_are_those_who_are_assigned() -> None:
    """Who holds a role that can lift a reason is named."""
    life = Life()
    before = {one.code: one.persons for one in life.engine.portfolio().waiting[0].hindrances}
    life.assign("hr", "anna")
    (found,) = life.engine.portfolio().waiting
    after = {one.code: one.persons for one in found.hindrances}
    assert ((), ("anna-client",)) == (before["missing-inventory"], after["missing-inventory"])


def test_nothing_is_a_portfolio_too() -> None:
    """Without pilots every figure is of nothing, and nobody waits."""
    found = Engine.open("memory://").portfolio()
    assert (0, 0, 0, (), ()) == (found.pilots, found.open, found.overdue, found.waiting, found.targets)
