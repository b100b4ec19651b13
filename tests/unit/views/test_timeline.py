from datetime import UTC, date, datetime
from functools import partial

import pytest

from proeftuin import Engine, Event, Workflow
from proeftuin.core.events import EVENT_TYPES
from proeftuin.core.frozen import FrozenDict
from proeftuin.definitions import Catalogue, scenario_folder
from proeftuin.scenario import Player, load_scenario
from proeftuin.views import fold, plain, timeline, word
from proeftuin.views.words import said, value

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIELDS = {"type": "report", "date": "2026-01-05", "reference": "D-1"}

# type -> (trigger, track, data, in English, in Dutch)
TOLD = {
    "pilot.started": (
        "start", None, {"set": {"title": "Catering", "organisation": "DJI"}},
        "Pilot begun: Catering, DJI", "Proeftuin begonnen: Catering, DJI",
    ),
    "pilot.moved": (
        "conclude", None, {"from": "evaluating", "to": "closed", "outcome": "embedded", "set": {"outcome": "embedded"}},
        "Conclude the pilot: Evaluating -> Closed, outcome Structurally embedded",
        "Proeftuin afronden: Evalueren -> Afgesloten, uitkomst Structureel geborgd",
    ),
    "pilot.paused": (
        "pause", None, {"set": {"reason": "Summer", "resume_by": "2026-09-01"}},
        "Put on hold: Summer, resume by 2026-09-01", "Pauzeren: Summer, hervatten voor 2026-09-01",
    ),
    "pilot.resumed": ("resume", None, {}, "Resume", "Hervatten"),
    "pilot.changed": (
        "update_details", None, {"set": {"title": "Groen"}}, "Change the details: Groen", "Gegevens aanpassen: Groen",
    ),
    "pilot.linked": (
        "reroute", None, {"pilot": "p-2", "relation": "reroute", "data": {"rationale": "It fits"}},
        "Take another route: pilot p-2, rationale It fits",
        "Een andere route nemen: proeftuin p-2, onderbouwing It fits",
    ),
    "pilot.migrated": (
        "migrate", None, {"workflow": "existing-contract@2", "from": "existing-contract@1", "reason": "simpler"},
        "Goes on under existing-contract@2: simpler", "Gaat verder onder existing-contract@2: simpler",
    ),
    "track.opened": (
        "propose", "sodexo", {"kind": "supplier", "to": "identified", "set": {"origin": "supplier", "contract": "C-1"}},
        "sodexo: Propose to take part: In view, contract C-1", "sodexo: Zich aanmelden: In beeld, contract C-1",
    ),
    "track.moved": (
        "invite", "sodexo", {"from": "identified", "to": "invited"},
        "sodexo: Invite: In view -> Invited", "sodexo: Uitnodigen: In beeld -> Uitgenodigd",
    ),
    "record.added": (
        "add_evidence", None, {"record": "evidence", "id": "evidence-1", "fields": FIELDS},
        "Evidence: Evaluation report, reference D-1", "Bewijsstuk: Evaluatierapport, kenmerk D-1",
    ),
    "record.changed": (
        "change_hours", "sodexo", {"record": "placement", "id": "placement-1", "set": {"weekly_hours": "24"}},
        "sodexo: Placement changed: placement-1, hours a week 24",
        "sodexo: Plaatsing gewijzigd: placement-1, uren per week 24",
    ),
    "record.corrected": (
        "correct", None,
        {"record": "evidence", "id": "evidence-1", "set": {"reference": "D-2", "note": None}, "reason": "typo"},
        "Evidence corrected: evidence-1, reference D-2, without note, typo",
        "Bewijsstuk verbeterd: evidence-1, kenmerk D-2, zonder toelichting, typo",
    ),
    "record.ended": (
        "end_placement", "sodexo", {"record": "placement", "id": "placement-1", "set": {"reason": "moved_on"}},
        "sodexo: Placement ended: placement-1, Moved on", "sodexo: Plaatsing afgelopen: placement-1, Doorgestroomd",
    ),
    "signature.added": (
        "sign_agreement", "sodexo", {"role": "client_owner", "data": {}},
        "sodexo: Sign the agreement: signed as Commissioning owner",
        "sodexo: Afspraak ondertekenen: getekend als Intern opdrachtgever",
    ),
    "signature.voided": (
        "decline", "sodexo", {"trigger": "sign_agreement", "role": "client_owner", "actor": "owner-1"},
        "sodexo: Sign the agreement: the signature of Commissioning owner no longer counts",
        "sodexo: Afspraak ondertekenen: de handtekening van Intern opdrachtgever telt niet meer",
    ),
    "data.erased": (
        "erase", None, {"subjects": ("s1",), "reason": "asked"},
        "Participant forgotten: asked", "Deelnemer vergeten: asked",
    ),
    "data.exported": (
        "export_pilots", None, {"subjects": ("s1", "s2"), "reason": "moving"},
        "Refs of participants exported: s1, s2, moving", "Verwijzingen van deelnemers geëxporteerd: s1, s2, moving",
    ),
    "data.looked_up": (
        "look_up", None, {"subjects": ("s1",), "reason": "a call"},
        "Looked up who it is: s1, a call", "Opgezocht wie het is: s1, a call",
    ),
    "clock.reminded": (
        "tick", None, {"clock": "check_in", "roles": ("coordinator",), "persons": ("P-12",)},
        "Sign of life: reminder to Coordinator, P-12", "Levensteken: herinnering aan Projectleider, P-12",
    ),
    "clock.escalated": (
        "tick", None, {"clock": "resume_by", "roles": ("client_owner",)},
        "Day to resume: escalated to Commissioning owner", "Hervatdatum: opgeschaald naar Intern opdrachtgever",
    ),
    "clock.snoozed": (
        "snooze", None, {"clock": "check_in", "until": "2026-01-19", "reason": "Christmas"},
        "Sign of life: reminders wait until 2026-01-19, Christmas",
        "Levensteken: herinneringen wachten tot 2026-01-19, Christmas",
    ),
    "clock.fired": (
        "tick", "sodexo", {"clock": "gone_clock:sodexo", "trigger": "lapse"},
        "sodexo: Gone clock: fell due, so Lapse", "sodexo: Gone clock: verstreken, daarom Verlopen",
    ),
    "signal.raised": (
        "tick", None, {"clock": "check_in:placement-3:26 weeks", "signal": "stalled", "roles": ("facilitator",)},
        "Stalled: Sign of life, placement-3, 26 weeks, told to Facilitator",
        "Stilgevallen: Levensteken, placement-3, 26 weeks, gemeld aan Procesbegeleider",
    ),
    "signal.cleared": (
        "add_lesson", None, {"clock": "check_in", "signal": "stalled"},
        "No longer stalled: Sign of life", "Niet meer stilgevallen: Levensteken",
    ),
}  # fmt: skip

TOLD_BY_CLOCKS = ("clock.reminded", "signal.raised")


@pytest.fixture(scope="module")
def workflow() -> Workflow:
    return Catalogue().get("existing-contract")


@pytest.fixture(scope="module")
def history() -> list[Event]:
    """The history of the pilot of DJI and Sodexo."""
    player = Player(load_scenario(scenario_folder() / "dji-sodexo.yaml"), partial(Engine.open, "memory://"))
    with player.engine as engine:
        assert all(outcome.ok for outcome in player.run())
        return list(engine.history(player.pilots[0]))


def event(type_: str, trigger: str, track: str | None, data: dict[str, object], role: str = "hr") -> Event:
    return Event("p-1", 1, type_, AT, date(2026, 1, 5), "ann", role, trigger, track, FrozenDict(data))


def test_every_event_type_is_told() -> None:
    """There is a sentence for each type of event that there is."""
    assert set(EVENT_TYPES) == set(TOLD)


@pytest.mark.parametrize("type_", TOLD)
def test_an_event_is_told_in_both_languages(workflow: Workflow, type_: str) -> None:
    """Each event becomes one sentence in words of the workflow, in English and in Dutch."""
    trigger, track, data, english, dutch = TOLD[type_]
    told = event(type_, trigger, track, data)  # type: ignore[arg-type]  # a table of plain data
    assert english == timeline(workflow, [told])[0].what
    assert dutch == timeline(workflow, [told], lang="nl")[0].what


def test_a_type_of_a_later_version_is_not_left_out(workflow: Workflow) -> None:
    """An event that this version does not know is shown by its type."""
    assert "Pilot.teleported" == timeline(workflow, [event("pilot.teleported", "x", None, {})])[0].what


def test_who_is_told_by_role(workflow: Workflow) -> None:
    """The role is told by its label; a relation to the pilot by what it is."""
    rows = [
        timeline(workflow, [event("pilot.resumed", "resume", None, {}, role)])[0] for role in ("hr", "starter", "?")
    ]
    assert ["HR professional", "Who began it", "?"] == [row.who for row in rows]
    assert {"ann"} == {row.actor for row in rows}


def test_a_cycle_and_the_last_signature_are_told(workflow: Workflow) -> None:
    """A new round says which one, and the signature that completes says so."""
    moved = event("pilot.moved", "iterate", None, {"from": "evaluating", "to": "implementing", "cycle": 2})
    assert "Go another round: Evaluating -> Implementing, round 2" == timeline(workflow, [moved])[0].what
    signed = event("signature.added", "sign_agreement", "sodexo", {"role": "supplier_lead", "complete": True})
    assert timeline(workflow, [signed])[0].what.endswith("the last signature")


def test_a_clock_that_tells_nobody_says_no_more_than_its_name(workflow: Workflow) -> None:
    """A reminder or a signal without anybody to tell is told by its clock alone."""
    told = [event(one, "tick", None, {"clock": "check_in", "signal": "stalled"}, "system") for one in TOLD_BY_CLOCKS]
    rows = timeline(workflow, told)
    assert ["Sign of life", "Stalled: Sign of life"] == [row.what for row in rows]
    assert {"The system"} == {row.who for row in rows}


def test_a_move_to_the_same_state_has_no_arrow(workflow: Workflow) -> None:
    """What changes a track without moving it is told without states."""
    same = event("track.moved", "amend_agreement", "sodexo", {"from": "agreed", "to": "agreed"})
    assert "sodexo: Amend the agreement" == timeline(workflow, [same])[0].what


def test_a_whole_life_is_told_row_by_row(workflow: Workflow, history: list[Event]) -> None:
    """Every event of a whole life has its row, in order, with nothing of a participant but the opaque subject."""
    rows = timeline(workflow, history)
    assert [one.version for one in history] == [row.version for row in rows]
    assert [] == [row for row in rows if not row.what or not row.who or "part-a" in row.what]


def test_folding_takes_alike_rows_together(workflow: Workflow, history: list[Event]) -> None:
    """Eight placements on one day are one row, and a folded life loses no move."""
    rows = timeline(workflow, history)
    folded = fold(rows)
    placed = [row for row in folded if row.on == date(2019, 5, 1) and row.type == "record.added"]
    assert [8] == [row.times for row in placed]
    assert placed[0].what.endswith("(8x)")
    assert "participant" not in placed[0].what
    moves = {"pilot.moved", "track.moved", "track.opened", "pilot.started"}
    assert [row.what for row in rows if row.type in moves] == [row.what for row in folded if row.type in moves]
    by_people, told = ([row for row in some if row.actor != "system"] for some in (rows, folded))
    assert len(told) < len(by_people) / 2


def test_folding_leaves_the_end_out_that_a_new_beginning_tells(workflow: Workflow, history: list[Event]) -> None:
    """Three people who move on are told by where they start, not also by where they end."""
    day = [row for row in fold(timeline(workflow, history)) if row.on == date(2019, 7, 1)]
    moved = [row for row in day if row.type.startswith("record")]
    assert [("record.added", 3)] == [(row.type, row.times) for row in moved]


def test_rows_that_are_not_alike_stay_apart(workflow: Workflow) -> None:
    """Other people, other days and other triggers are never folded into one."""
    one = event("record.added", "add_lesson", None, {"record": "lesson", "id": "lesson-1", "fields": {"text": "x"}})
    other = event("record.added", "add_evidence", None, {"record": "evidence", "id": "e-1", "fields": FIELDS})
    assert [1, 1, 1] == [row.times for row in fold(timeline(workflow, [one, other, one]))]
    assert "Lesson: x (2x)" == fold(timeline(workflow, [one, one]))[0].what


def test_text_loses_what_cannot_be_read() -> None:
    """Control characters, turns of direction and line ends are gone, and long text is cut."""
    assert "a b c" == plain(" a\x1b\n\tb\u202e  c\x00")
    assert "abc\u2026" == plain("abcdef", 4)
    assert "5" == plain(5)


def test_values_are_put_into_words(workflow: Workflow) -> None:
    """Choices are told by their labels, maps by their members, rows by their number."""
    told = [value(workflow, one, "en") for one in (True, "report", ("justice", "wajong"), "free", 3)]
    assert ["Yes", "Evaluation report", "Justice, Wajong", "free", "3"] == told
    assert "Employment 2" == value(workflow, FrozenDict(employment=2), "en")
    assert "2" == value(workflow, (FrozenDict(a=1), FrozenDict(a=2)), "en")


def test_a_word_without_a_label_is_still_readable(workflow: Workflow) -> None:
    """A word that nobody labelled is shown without its underscores, and nothing as nothing."""
    assert ("no such word", "") == (word(workflow, "no_such_word", "nl"), word(workflow, None, "en"))
    assert ("Ja", "Yes", "Oui", "") == (
        said({"nl": "Ja"}, "nl"), said({"en": "Yes"}, "nl"), said({"fr": "Oui"}, "nl"), said({}, "nl"),
    )  # fmt: skip
