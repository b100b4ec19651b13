"""The ordinary life of a pilot under `existing-contract`, so that random commands can begin anywhere in it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from proeftuin import Result
from proeftuin.core.commands import Actor
from tests.property.pilots import REFS, Call, Player, World, bundled_table, people
from tests.property.source import Source

PARTIES = ("sodexo", "vebego", "dolmans")
START = {"title": "Catering", "organisation": "UU", "target_group": ["wajong"]}
OPEN = 36  # commands until the evaluation
CAST = people(bundled_table(), PARTIES)
BY_ID = {actor.id: actor for actor in CAST}


def somebody(role: str, party: str | None = None) -> Actor:
    return BY_ID[f"{role}-{party or 1}"]


def _say(trigger: str, role: str, track: str | None = None, party: str | None = None, **data: Any) -> Call:
    return Call(trigger, somebody(role, party), data, track)


def _exploration(today: date) -> Iterator[Call]:
    present = [{"person": f"{role}-1", "role": role} for role in ("hr", "procurement", "contract_manager")]
    yield _say("log_activity", "coordinator", type="joint_session", date=today, present=present)
    yield _say("add_evidence", "hr", type="inventory", date=today, reference="nothing found")
    yield _say("choose_route", "coordinator", route="existing-contract", rationale="running contracts")
    yield _say("complete_exploration", "coordinator")


def _commitment(today: date) -> Iterator[Call]:
    yield _say("record_decision", "board", date=today, reference="minutes 3")
    yield _say("assign", "coordinator", duty="client_owner", person="client_owner-1")
    yield _say("add_evidence", "coordinator", type="action_plan", date=today, reference="plan")
    yield _say("set_goal", "client_owner", kind="short", text="two candidates", due=today + timedelta(days=60))
    yield _say("set_goal", "board", kind="horizon", text="everywhere")
    yield _say("open_supplier_talks", "client_owner")


def _talks(today: date, party: str) -> Iterator[Call]:
    yield _say("propose", "supplier_lead", party, party, supplier=party.title())
    yield _say("invite", "procurement", party)
    present = [
        {"person": "coordinator-1", "role": "coordinator"},
        {"person": f"supplier_lead-{party}", "role": "supplier_lead", "party": party},
    ]
    yield _say("start_talk", "supplier_lead", party, party, date=today, present=present)
    yield _say("express_willingness", "supplier_lead", party, party)
    places = {"day_activity": 2, "employment": 2, "bundled": 1}
    yield Call("sign_agreement", somebody("client_owner"), {"places": places, "from": today}, party)
    yield Call("sign_agreement", somebody("supplier_lead", party), None, party)
    duty = {"duty": "contact_supplier", "person": f"supplier_lead-{party}", "track": party}
    yield Call("assign", somebody("coordinator"), duty)


def _implementation(today: date) -> Iterator[Call]:
    for duty in ("contact_client", "supervision", "contract_manager"):
        yield _say("assign", "client_owner", duty=duty, person="contract_manager-1")
    yield _say("start_implementation", "coordinator")
    terms = {"weekly_hours": "24", "paid": True, "counts_for_banenafspraak": "yes", "start": today}
    for number, party in enumerate(PARTIES[:2]):
        yield _say("start_delivery", "contract_manager", party)
        data = {**terms, "participant": REFS[number], "kind": "employment"}
        yield Call("start_placement", somebody("supplier_hr", party), data, party)
    rows = [{"track": party, "weekly_hours": "12"} for party in PARTIES[:2]]
    data = {**terms, "participant": REFS[2], "kind": "bundled", "contributions": rows}
    yield Call("start_placement", somebody("hr"), data, PARTIES[0])


def _evaluation(today: date) -> Iterator[Call]:
    yield _say("start_evaluation", "coordinator")
    yield _say("add_evidence", "coordinator", type="report", date=today, reference="report")
    yield _say("add_lesson", "hr", text="begin small")


def _closing(today: date) -> Iterator[Call]:
    for number, party in enumerate((*PARTIES[:2], PARTIES[0]), start=1):
        data = {"placement": f"placement-{number}", "end": today, "reason": "moved_on"}
        yield Call("end_placement", somebody("hr"), data, party)
    for party in PARTIES[:2]:
        yield _say("complete", "contract_manager", party)
    yield _say("conclude", "client_owner", outcome="follow_up")
    yield _say("spawn_follow_up", "coordinator", title="The next")


def story(today: date) -> list[Call]:
    """Every command of an ordinary life, up to its follow-up."""
    return [
        *_exploration(today),
        *_commitment(today),
        *(call for party in PARTIES[:2] for call in _talks(today, party)),
        *_implementation(today),
        *_evaluation(today),
        *_closing(today),
    ]


def somewhere(source: Source, url: str = "memory://") -> tuple[World, Player, str]:
    """A pilot under `existing-contract`, somewhere in its ordinary life."""
    world = World(bundled_table(), url=url)
    began = world.engine.start("existing-contract", actor=somebody("coordinator"), data=START, id="p1")
    told = story(world.today())
    lived = told[: source.between(0, len(told))] if source.chance(20) else told[: source.between(0, OPEN)]
    for call in lived:
        assert isinstance(world.fire(began.pilot.id, call), Result), str(call)
    return world, Player(source, world.table, CAST), began.pilot.id
