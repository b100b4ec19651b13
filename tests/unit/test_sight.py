"""What is left of a pilot for who may not see all of it: names, refusals, tracks that change hands, exports."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Engine, UnknownPilot, Workflow, load_workflow
from proeftuin.sight import SOMETHING, SUPPLIER, Sight
from proeftuin.views import timeline
from tests.domain.existing.life import Life
from tests.unit.engines import (
    FACILITATOR,
    LEAD,
    MONITOR,
    SELLER,
    STRANGER,
    Clock,
    Counting,
    engine,
    placed,
    start,
    types,
)

ROOT = Path(__file__).parents[2]
ALPHA = Actor("hr-alpha", roles={"supplier_hr", "supplier_lead"}, party="alpha")
BETA = Actor("hr-beta", roles={"supplier_hr"}, party="beta")
HELP = Actor("help-1", roles={"facilitator"})
ROWS = ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"})


@pytest.fixture
def life() -> Life:
    """A pilot with two suppliers that deliver, a placement at each."""
    life = Life().reach("implementing").supplier("beta", "delivering")
    life.place("alpha", "person-801")
    life.place("beta", "person-802")
    return life


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_a_refusal_that_rests_on_another_supplier_names_nothing_of_it(life: Life) -> None:
    """That a person is placed elsewhere is all that a supplier hears of it: no track, record, day or remedy there."""
    data = life.placement("person-802")
    whole = life.engine.explain(life.id, "start_placement", actor=ALPHA, data=data, track="alpha").blockers[0]
    assert ("overlap", "beta", "placement-2") == (whole.code, whole.track, whole.params["other"])
    (seen,) = life.engine.seen_by(ALPHA).explain(life.id, "start_placement", data=data, track="alpha").blockers
    assert ("overlap", None, SOMETHING) == (seen.code, seen.track, seen.texts)
    assert not any(word in repr(seen) for word in ("beta", "placement-2"))
    assert {"end_placement", "start_placement"} >= {one.trigger for one in seen.missing} > set()


def test_a_remedy_on_another_track_keeps_its_terms_to_itself(life: Life) -> None:
    """What another supplier agreed on is in no remedy that a supplier is shown, though who can help is."""
    life.do(
        "client_owner",
        "amend_agreement",
        {**life.agreement(), "places": {"employment": 1}, "conditions": "Secret"},
        "beta",
    )
    life.do("supplier_lead@beta", "amend_agreement", None, "beta")
    data = life.placement(kind="bundled", contributions=ROWS)
    whole = life.engine.explain(life.id, "start_placement", actor=ALPHA, data=data, track="alpha")
    assert "Secret" in repr(whole.blockers)
    seen = life.engine.seen_by(ALPHA).explain(life.id, "start_placement", data=data, track="alpha")
    assert [one.code for one in whole.blockers] == [one.code for one in seen.blockers]
    assert not any(word in repr(seen.blockers) for word in ("Secret", "beta"))
    assert any(one.roles for blocker in seen.blockers for one in blocker.missing)


def test_a_refusal_about_what_is_seen_is_whole(life: Life) -> None:
    """Of its own track a supplier is told everything, in the same words as the engine tells it."""
    data = life.placement("person-801")
    view = life.engine.seen_by(ALPHA)
    whole = life.engine.explain(life.id, "start_placement", actor=ALPHA, data=data, track="alpha")
    assert whole.blockers == view.explain(life.id, "start_placement", data=data, track="alpha").blockers


# -- what is about a participant ---------------------------------------------------------------------------------------


def test_a_facilitator_counts_no_persons(life: Life) -> None:
    """How many placements and participants there are is a small figure too, and not in the pilot that is shown."""
    counts = life.engine.seen_by(HELP).get(life.id).counts
    assert {"placement": 2, "subject": 2}.items() <= life.pilot.counts.items()
    assert not {"placement", "retention", "subject"} & counts.keys()
    assert life.pilot.counts["activity"] == counts["activity"]


def test_who_was_forgotten_is_not_told(life: Life) -> None:
    """That a participant was forgotten, and why, is for the client's side alone."""
    officer = Actor("officer-1", roles={"privacy_officer"})
    life.engine.erase("person-801", actor=officer, reason="asked by letter")
    for actor, told in ((HELP, False), (ALPHA, False), (Actor("hr-1", roles={"hr"}), True)):
        assert told is ("data.erased" in types(life.engine.seen_by(actor).history(life.id)))


def test_an_answer_about_a_placement_is_not_told(life: Life) -> None:
    """A facilitator learns of no answer to whether somebody still works, nor of its correction."""
    life.later(7 * 13)
    data = {"placement": "placement-1", "weeks": 13, "answer": "left"}
    life.do("supplier_hr@alpha", "record_retention", data, "alpha")
    view = life.engine.seen_by(HELP)
    assert () == view.get(life.id).records("retention")
    assert "left" not in repr(list(view.history(life.id)))
    assert 1 == len(life.engine.seen_by(ALPHA).get(life.id).records("retention"))


@pytest.mark.parametrize("track", [None, "alpha"])
def test_a_plan_for_who_is_placed_is_for_the_client(life: Life, track: str | None) -> None:
    """What is to become of people who are placed is for the client, and for the supplier with whom they are."""
    life.do("hr", "add_lesson", {"text": "Begin small"})
    data = {"reason": "No money", "placement_plan": "Both stay on"}
    life.do("client_owner", "withdraw" if track else "stop", data, track)
    for actor, told in ((HELP, False), (ALPHA, track is not None), (BETA, False), (Actor("hr-1", roles={"hr"}), True)):
        view = life.engine.seen_by(actor)
        text = repr((view.get(life.id), list(view.history(life.id))))
        assert (told, track is None or actor != BETA) == ("Both stay on" in text, "No money" in text)


# -- what was told with somebody's consent -----------------------------------------------------------------------------

STORY = {"title": "Fatima works", "url": "https://example.org/fatima", "consent": "consent-77", "scope": "the web"}


@pytest.mark.parametrize("role", ["hr", "facilitator", "supplier_lead"])
def test_a_withdrawn_story_is_gone_for_every_reader(life: Life, role: str) -> None:
    """Once consent is withdrawn no view shows the story, not as it stood before either; that it was withdrawn stays."""
    life.do("coordinator", "share_story", {**STORY, "consent_date": life.today})
    life.do(
        "coordinator",
        "share_story",
        {**STORY, "title": "Omar works", "consent": "consent-78", "scope": "all", "consent_date": life.today},
    )
    fields = {"title": "Fatima works here", "scope": "the paper"}
    life.do("coordinator", "correct", {"record": "story-1", "fields": fields, "reason": "About Fatima"})
    told = life.pilot.version
    shown = role != "supplier_lead"
    party = "alpha" if role == "supplier_lead" else None
    view = life.engine.seen_by(Actor("x", roles={role}, party=party))
    assert shown is ("Fatima works here" in repr((view.get(life.id), list(view.export(life.id)))))
    life.later(1)
    life.do("coordinator", "withdraw_story", {"story": "story-1", "date": life.today})
    events = list(view.history(life.id))
    rows = timeline(life.engine.workflow("existing-contract"), events)
    looks = (
        view.get(life.id),
        view.get(life.id, version=told),
        view.get(life.id, at=life.engine.get(life.id).created_at),
    )
    texts = repr((looks, events, rows, list(view.export()), view.find(), view.options(life.id, all=True)))
    assert not any(word in texts for word in ("Fatima", "consent-77", "the paper"))
    assert shown is ("Omar works" in texts)
    assert shown is ("record.ended" in [one.type for one in events if one.data.get("record") == "story"])


def test_the_timeline_does_not_tell_a_withdrawn_story(life: Life) -> None:
    """Told row by row, by whoever may see everything, of a withdrawn story nothing is left but that there was one."""
    life.do("coordinator", "share_story", {**STORY, "consent_date": life.today})
    flow = life.engine.workflow("existing-contract")
    assert any("Fatima" in row.what for row in timeline(flow, life.engine.history(life.id)))
    life.do("coordinator", "withdraw_story", {"story": "story-1", "date": life.today})
    rows = timeline(flow, life.engine.history(life.id))
    assert not any("Fatima" in row.what or "consent-77" in row.what for row in rows)
    assert ["Story", "Story ended"] == [row.what for row in rows if "Story" in row.head]


# -- tracks that change hands ------------------------------------------------------------------------------------------


@cache
def lots() -> Workflow:
    return load_workflow(ROOT / "tests" / "data" / "lots.yaml")


@pytest.fixture
def lot() -> Engine:
    """A pilot with a lot that was awarded to one, tendered again, and awarded to another."""
    made = Engine.open("memory://", workflows=[lots()], time=Clock(), ids=Counting())
    pilot = made.start("lots", actor=LEAD, data={"title": "T"}, id="p").pilot.id
    made.fire(pilot, "open_lot", actor=LEAD, track="C1", data={"value": 900})
    made.fire(pilot, "award", actor=LEAD, track="C1", data={"winner": "acme"})
    made.fire(pilot, "retender", actor=LEAD, track="C1")
    made.fire(pilot, "award", actor=LEAD, track="C1", data={"winner": "rival"})
    return made


def test_what_is_nobodys_is_seen_by_no_supplier(lot: Engine) -> None:
    """Before its award a procurement is on no supplier's view, whatever its party."""
    for version in (1, 2, 4):
        for party in ("acme", "rival", "None", "none"):
            assert {} == lot.seen_by(Actor("x", roles={"seller"}, party=party)).get("p", version=version).tracks


def test_each_sees_what_happened_while_it_was_its_own(lot: Engine) -> None:
    """Who won first sees that award and its end, who won next the second; neither sees the other's name."""
    seen = {party: lot.seen_by(Actor("x", roles={"seller"}, party=party)) for party in ("acme", "rival")}
    assert ({}, {"C1"}) == (seen["acme"].get("p").tracks, set(seen["rival"].get("p").tracks))
    assert [1, 3, 4] == [one.version for one in seen["acme"].history("p")]
    assert [1, 5] == [one.version for one in seen["rival"].history("p")]
    assert [5] == [one.version for one in seen["rival"].history("p", after=1)]
    for party, other in (("acme", "rival"), ("rival", "acme")):
        assert other not in repr((list(seen[party].history("p")), seen[party].get("p")))
    with pytest.raises(BadArgument):
        list(seen["acme"].history("p", after=-1))


def test_who_takes_a_track_over_is_not_named_to_who_loses_it(lot: Engine) -> None:
    """Where a track goes from one to another at once, the first sees that it is gone, and not to whom."""
    table, before = lot._reader.table(lot.get("p")), lot.get("p", version=3)
    (event,) = (one for one in lot.history("p") if one.version == 5)
    after = lot.get("p")
    first = Sight(table, after, SUPPLIER, "acme").event(event, Sight(table, before, SUPPLIER, "acme"))
    assert first is not None
    assert ("awarded", None) == (first.data["to"], first.data["party"])
    assert "rival" not in repr(first)


def test_states_of_others_are_not_found_by_asking(lot: Engine) -> None:
    """A supplier that asks for pilots by the state of a track gets those in which its own track is in that state."""
    rival, acme = (Actor("x", roles={"seller"}, party=party) for party in ("rival", "acme"))
    assert ["p"] == [one.id for one in lot.seen_by(rival).find(track_state="awarded").items]
    assert [] == list(lot.seen_by(acme).each(track_state="awarded"))
    assert ["p"] == [one.id for one in lot.seen_by(acme).each()]


# -- counts and exports ------------------------------------------------------------------------------------------------


def test_pilots_are_counted_as_far_as_they_are_seen() -> None:
    """By phase and state, with the filters of `find`; to who sees no pilot there is nothing to count."""
    on = engine()
    start(on), start(on)
    on.fire(start(on), "talk", actor=LEAD)
    for actor in (LEAD, SELLER, FACILITATOR):
        assert on.count() == on.seen_by(actor).count()
        assert on.count(state="open") == on.seen_by(actor).count(state="open")
    assert ((), ()) == (on.seen_by(MONITOR).count(), on.seen_by(STRANGER).count())


def bodies(lines: Any) -> list[dict[str, Any]]:
    return [json.loads(line)["body"] for line in lines]


def test_an_export_holds_what_is_seen() -> None:
    """Each line is a pilot as `get` shows it to this actor; all that are seen, or those that are named."""
    on = engine(ids=Counting())
    for one in (start(on), start(on)):
        on.fire(one, "identify", actor=LEAD, track="acme")
        placed(on, one)
    assert ["pilot-1", "pilot-2"] == [one["id"] for one in bodies(on.seen_by(SELLER).export())]
    (body,) = bodies(on.seen_by(SELLER).export("pilot-2"))
    assert ("pilot-2", 1) == (body["id"], len(body["kept"]["placement"]))
    assert not bodies(on.seen_by(FACILITATOR).export(["pilot-1"]))[0]["kept"]["placement"]
    assert [] == list(on.seen_by(MONITOR).export())
    for wrong in ("pilot-9", ["pilot-1", "pilot-9"]):
        with pytest.raises(UnknownPilot):
            list(on.seen_by(LEAD).export(wrong))
    with pytest.raises(UnknownPilot):
        list(on.seen_by(STRANGER).export("pilot-1"))
    with pytest.raises(BadArgument):
        list(on.seen_by(LEAD).export(7))  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize("where", ["pilot", "agreement"])
@pytest.mark.parametrize("by", ["hr", "supplier_hr@alpha"])
def test_of_a_pilot_for_ex_detainees_nobody_exports_persons(where: str, by: str) -> None:
    """Where taking part says that somebody committed a crime, no placement leaves with an export, whoever asks."""
    life = Life(target_group=("justice", "other") if where == "pilot" else ("other",)).reach("implementing")
    if where == "agreement":
        terms = {**life.agreement(), "target_group": ("justice",)}
        life.do("client_owner", "amend_agreement", terms, "alpha")
        life.do("supplier_lead@alpha", "amend_agreement", None, "alpha")
    life.place("alpha", "person-801")
    role, _, party = by.partition("@")
    view = life.engine.seen_by(Actor("x", roles={role}, party=party or None))
    (body,) = bodies(view.export(life.id))
    assert 1 == len(view.get(life.id).records("placement"))
    assert not body["kept"]["placement"]
    assert "s1" not in json.dumps(body)
