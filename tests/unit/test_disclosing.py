"""Who learns who a participant is, and what is noted of it: exports with refs, look-ups, and the log."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Conflict, Engine, Refused, UnknownPilot
from proeftuin.noting import Noted
from proeftuin.spi import Committed
from proeftuin.storage import open_store
from proeftuin.storage.memory import MemoryStore
from tests.domain.existing.life import Life
from tests.unit.engines import (
    FACILITATOR,
    LEAD,
    MONITOR,
    OFFICER,
    REF,
    RIVAL,
    SELLER,
    STRANGER,
    Clock,
    Counting,
    engine,
    everything,
    placed,
    sqlite_url,
    start,
    types,
)
from tests.unit.test_engine_erase import LosingErases

OTHER = "ref-planted-0002"
WHY = "a new server"


@pytest.fixture(params=["memory", "sqlite"])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A pilot `pilot-1` with a participant at each of two suppliers, and one without any."""
    url = "memory://" if request.param == "memory" else sqlite_url(tmp_path)
    with engine(url, time=Clock(), ids=Counting()) as made:
        for track, ref in (("acme", REF), ("rival", OTHER)):
            pilot = "pilot-1" if track == "rival" else start(made)
            made.fire(pilot, "identify", actor=LEAD, track=track)
            placed(made, pilot, ref, track=track)
        start(made)
        yield made


def export(on: Engine, *pilots: str, **more: Any) -> list[str]:
    given = {"personal": True, "actor": OFFICER, "reason": WHY, **more}
    return list(on.export_pilots(pilots or None, **given))


def log(on: Engine, **more: Any) -> list[Noted]:
    return list(on.privacy_log(**{"actor": OFFICER, **more}))


def codes(ask: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        ask()
    assert all(refused.value.blockers[0].text(lang) for lang in ("en", "nl"))
    return refused.value.codes


# -- exports with refs -------------------------------------------------------------------------------------------------


def test_an_export_with_refs_is_in_the_history_of_each_pilot(on: Engine) -> None:
    """Who exported the refs, whose, when and why stands in the pilots that have any, before the text is made."""
    lines = [json.loads(line) for line in export(on)]
    assert {"s1": REF, "s2": OTHER} == {one["personal"]: one["ref"] for one in lines if "personal" in one}
    event = list(on.history("pilot-1"))[-1]
    assert ("data.exported", "officer-1", "privacy_officer") == (event.type, event.actor, event.role)
    assert {"subjects": ("s1", "s2"), "reason": WHY} == event.data
    assert "data.exported" in [one.get("type") for one in lines]
    assert ["pilot.started"] == types(on.history("pilot-2"))
    assert () == on.verify()


def test_made_again_it_is_the_same_text(on: Engine) -> None:
    """An export that was cut off and is made again by the same person for the same reason adds nothing."""
    assert export(on) == export(on)
    assert 1 == len(log(on))
    export(on, reason="another one")
    export(on)
    assert [WHY, "another one", WHY] == [one.reason for one in log(on)]


def test_without_refs_nothing_is_noted(on: Engine) -> None:
    """Anybody may move pilots without refs, and no history tells of it."""
    before = everything(on._store)
    list(on.export_pilots())
    assert before == everything(on._store)


@pytest.mark.parametrize("actor", [LEAD, SELLER, FACILITATOR, MONITOR, STRANGER])
def test_only_the_privacy_officer_exports_refs(on: Engine, actor: Actor) -> None:
    """Anybody else is refused at once, and nothing is noted."""
    before = everything(on._store)
    assert ("forbidden-role",) == codes(lambda: on.export_pilots(personal=True, actor=actor, reason=WHY))
    assert before == everything(on._store)


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"actor": None}, "actor"),
        ({"reason": None}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"reason": "for jan@example.org"}, "reason"),
        ({"reason": "\0"}, "reason"),
        ({"actor": "officer"}, "actor"),
        ({"pilots": 7}, "pilots"),
    ],
)
def test_what_is_asked_wrongly_is_told(on: Engine, given: dict[str, Any], argument: str) -> None:
    """Refs are exported by somebody and for a reason, which itself names nobody."""
    asked: dict[str, Any] = {"pilots": None, "personal": True, "actor": OFFICER, "reason": WHY, **given}
    with pytest.raises(BadArgument) as wrong:
        on.export_pilots(**asked)
    assert argument == wrong.value.argument
    with pytest.raises(UnknownPilot):
        export(on, "pilot-9")


def test_who_comes_in_meanwhile_is_noted_too() -> None:
    """A participant who is placed between the note and the text is in the text, and then in the log."""

    class Meanwhile:
        def committed(self, moment: Committed) -> None:
            if moment.events[-1].type == "data.exported" and made.subject(pilot, OTHER) is None:
                placed(made, pilot, OTHER)

    made = engine(hooks=[Meanwhile()])
    pilot = start(made)
    made.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(made, pilot)
    assert OTHER in "".join(export(made))
    assert [("s1",), ("s1", "s2")] == [one.subjects for one in log(made)]


def test_refs_of_ex_detainees_stay() -> None:
    """Where taking part says that somebody was detained, the whole export is refused, and names which pilots it is."""
    life = Life(target_group=("justice",)).reach("implementing")
    life.place("alpha", REF)
    officer = Actor("officer-1", roles={"privacy_officer"})
    with pytest.raises(Refused) as refused:
        life.engine.export_pilots(personal=True, actor=officer, reason=WHY)
    assert (("privacy-violation",), (life.id,)) == (refused.value.codes, refused.value.blockers[0].params["pilots"])
    assert REF not in "".join(life.engine.export_pilots())
    assert "data.exported" not in types(life.engine.history(life.id))


def test_refs_of_ex_detainees_stay_whomever_the_pilot_is_for_since() -> None:
    """Once a pilot was for people who were detained, another target group lets nothing about who took part out."""
    life = Life(target_group=("justice",)).reach("implementing")
    life.place("alpha", REF)
    life.do("coordinator", "update_details", {"target_group": ("other",)})
    assert ("privacy-violation",) == codes(lambda: export(life.engine))
    (dossier,) = life.engine.dossiers()
    assert "placement" not in {one.data.get("record") for one in dossier.events()}
    assert not any(one.records("placement") for one in (dossier.pilot, dossier.stood(life.clock.now())))


def test_a_lost_race_is_noted_all_the_same() -> None:
    """While others write, the export waits its turn on that pilot; after five lost races it is a conflict."""
    store = LosingErases(open_store("memory://"), 0)
    made = engine(store)
    pilot = start(made)
    made.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(made, pilot)
    store.times = 2
    export(made)
    assert [1] == [len(log(made))]
    store.times = 5
    with pytest.raises(Conflict):
        export(made, reason="again")


# -- looking up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "subject", "ref", "role"),
    [
        (OFFICER, "s1", REF, "privacy_officer"),
        (LEAD, "s2", OTHER, "lead"),
        (SELLER, "s1", REF, "seller"),
        (RIVAL, "s2", OTHER, "seller"),
    ],
)
def test_who_sees_a_participant_may_look_up_who_it_is(
    on: Engine, actor: Actor, subject: str, ref: str, role: str
) -> None:
    """The client's side, the participant's own supplier and the privacy officer get the ref, and it is noted."""
    version = on.get("pilot-1").version
    assert ref == on.look_up("pilot-1", subject, actor=actor, reason="She called")
    (event,) = on.history("pilot-1", after=version)
    assert ("data.looked_up", actor.id, role) == (event.type, event.actor, event.role)
    assert {"subjects": (subject,), "reason": "She called"} == event.data
    assert ref not in repr(event)
    assert ref == on.look_up("pilot-1", subject, actor=actor, reason="She called")
    assert version + 1 == on.get("pilot-1").version


@pytest.mark.parametrize(
    ("actor", "subject"),
    [(SELLER, "s2"), (RIVAL, "s1"), (FACILITATOR, "s1"), (MONITOR, "s1"), (STRANGER, "s1"), (LEAD, "s9"), (LEAD, REF)],
)
def test_nobody_else_learns_who_it_is(on: Engine, actor: Actor, subject: str) -> None:
    """A supplier learns nothing of another's participants, a facilitator of none, and nobody of who is not there."""
    before = everything(on._store)
    assert ("forbidden-role",) == codes(lambda: on.look_up("pilot-1", subject, actor=actor, reason="Curious"))
    assert before == everything(on._store)


def test_of_who_was_forgotten_there_is_nothing_to_look_up(on: Engine) -> None:
    """Once erased there is no ref, and no look-up is noted."""
    on.erase(REF, actor=OFFICER, reason="asked")
    assert None is on.look_up("pilot-1", "s1", actor=LEAD, reason="She called")
    assert ["erased"] == [one.what for one in log(on)]
    with pytest.raises(UnknownPilot):
        on.look_up("pilot-9", "s1", actor=LEAD, reason="She called")
    with pytest.raises(BadArgument):
        on.look_up("pilot-1", "s1", actor=LEAD, reason="")


def test_who_looked_is_bound_to_nothing(on: Engine) -> None:
    """To look somebody up is no act in a role, no progress, and moves no day."""
    before = on.get("pilot-1")
    on.look_up("pilot-1", "s1", actor=Actor("new-1", roles={"lead"}), reason="She called")
    after = on.get("pilot-1")
    assert (before.acted_as, before.progress, before.kept) == (after.acted_as, after.progress, after.kept)


# -- the log -----------------------------------------------------------------------------------------------------------


def test_the_log_tells_who_did_what_and_why(on: Engine) -> None:
    """Erasures, exports and look-ups are told in the order in which they were done on each pilot, without a ref."""
    on.look_up("pilot-1", "s1", actor=LEAD, reason="She called")
    export(on)
    on.erase(REF, actor=OFFICER, reason="asked by letter")
    found = log(on)
    assert [
        ("looked_up", "lead-1", "lead", ("s1",), "She called"),
        ("exported", "officer-1", "privacy_officer", ("s1", "s2"), WHY),
        ("erased", "officer-1", "privacy_officer", ("s1",), "asked by letter"),
    ] == [(one.what, one.actor, one.role, one.subjects, one.reason) for one in found]
    assert {"pilot-1"} == {one.pilot_id for one in found}
    assert [one.version for one in found] == sorted(one.version for one in found)
    assert not any(ref in repr(found) for ref in (REF, OTHER))


def test_the_log_can_be_cut(on: Engine) -> None:
    """By pilot, and by the day from which it is wanted."""
    export(on)
    clock = on._parts["time"]
    clock.at += timedelta(days=10)
    on.erase(OTHER, actor=OFFICER, reason="asked")
    days = [None, "2026-03-02", "2026-03-03", clock.at.date(), "2026-03-13"]
    assert [2, 2, 1, 1, 0] == [len(log(on, since=one)) for one in days]
    assert [2, 0, 2] == [len(log(on, pilots=one)) for one in ("pilot-1", "pilot-2", ["pilot-2", "pilot-1"])]
    with pytest.raises(UnknownPilot):
        log(on, pilots="pilot-9")
    with pytest.raises(BadArgument):
        on.privacy_log(actor=OFFICER, since="yesterday")


def test_a_day_of_the_log_begins_at_midnight_where_its_pilots_are(on: Engine) -> None:
    """A day from which the log is wanted begins in the zone of each workflow, an hour or two before it does in UTC."""
    clock = on._parts["time"]
    for moment, days in (("2026-07-14T21:59", (1, 0)), ("2026-07-14T22:00", (2, 1))):
        clock.at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        on.look_up("pilot-1", "s1", actor=OFFICER, reason=f"asked at {moment}")
        for pilots in (None, "pilot-1"):
            found = [len(log(on, since=one, pilots=pilots)) for one in ("2026-07-14", "2026-07-15")]
            assert [*days] == found


def test_the_log_is_whole_where_a_workflow_is_lost() -> None:
    """A pilot of which nobody knows the zone any more is in the log, by the day that it was in UTC."""
    store = MemoryStore()
    made = engine(store, time=Clock(datetime(2026, 7, 14, 22, 30, tzinfo=UTC)))
    pilot = start(made)
    made.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(made, pilot, REF)
    export(made)
    days = ("2026-07-14", "2026-07-15", "2026-07-16")
    assert [1, 1, 0] == [len(log(made, since=one)) for one in days]
    store._workflows["talks", 1] = ("h", b"{")
    assert [1, 0, 0] == [len(log(engine(store), since=one)) for one in days]


@pytest.mark.parametrize("actor", [LEAD, SELLER, FACILITATOR, MONITOR, STRANGER])
def test_only_the_privacy_officer_reads_the_log(on: Engine, actor: Actor) -> None:
    """Anybody else is refused."""
    assert ("forbidden-role",) == codes(lambda: on.privacy_log(actor=actor))


def test_the_system_is_in_the_log_too() -> None:
    """What was forgotten because the time after closing was over is told as done by the system, without a reason."""
    life = Life().reach("implementing")
    life.place("alpha", REF)
    life.do("hr", "add_lesson", {"text": "Begin small"})
    life.do("client_owner", "stop", {"reason": "No money", "placement_plan": "They stay on"})
    life.later(740)
    life.engine.tick()
    (entry,) = log(life.engine)
    assert ("erased", "system", ("s1",), None) == (entry.what, entry.actor, entry.subjects, entry.reason)
