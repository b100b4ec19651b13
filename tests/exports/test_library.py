"""The call that writes exports: what it takes, what it refuses, and lives that are seldom."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Engine, UnknownPilot, load_workflow
from proeftuin.exports import write_export, xlsx
from tests.exports.reading import attributes, cells, exported, log, objects, pages, standing, table, traces
from tests.unit.engines import FLOW, LEAD, MONITOR, SELLER, Clock, engine, placed, start
from tests.unit.test_public import loaded
from tests.versions.offers import LEAD as OFFERER
from tests.versions.offers import SELLER as OFFERED
from tests.versions.offers import Case
from tests.versions.test_seen import FIRST, MEMO


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"format": "pdf"}, "format: must be one of jsonl, xes, ocel, csv, xlsx, ics"),
        ({"lang": "de"}, "lang: must be one of en, nl"),
        ({"sheet": "pilots"}, "sheet: goes with csv alone"),
        ({"format": "csv", "sheet": "x"}, "called x; there are: pilots, tracks, note, placement, events, figures"),
        ({"format": "jsonl", "people": True}, "people: jsonl names them anyway"),
        ({"pilots": "p", "state": "open"}, "give ids or filters, not both"),
        ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(asked: dict[str, Any], words: str) -> None:
    """A word that is none, and what does not go together, is refused before anything is written."""
    on, file = engine(), io.BytesIO()
    start(on, id="p")
    with pytest.raises((BadArgument, TypeError), match=words):
        write_export(on, file, **{"format": "xes", **asked})
    assert b"" == file.getvalue() or "colour" in asked


def test_a_pilot_that_is_not_seen_is_unknown() -> None:
    """Who names a pilot that is not there, or of which they see nothing, is told that there is none."""
    on = engine()
    start(on, id="p")
    for asked in ({"pilots": "q"}, {"pilots": ["p", "q"]}, {"pilots": "p", "actor": MONITOR}):
        with pytest.raises(UnknownPilot):
            exported(on, "xes", **asked)


def test_progress_is_told_pilot_by_pilot() -> None:
    """Who wants to know hears after each pilot how many there were, and in the end how many there are."""
    on, told, file = engine(), list[int](), io.BytesIO()
    for _ in range(3):
        start(on)
    assert 3 == write_export(on, file, format="ocel", progress=told.append)
    assert [1, 2, 3] == told


def test_a_format_loads_its_own_library_alone() -> None:
    """Neither the library nor its exports load what writes workbooks and calendars before it is asked for."""
    found = loaded("import proeftuin.exports")
    assert not found & {"xlsxwriter", "icalendar", "openpyxl", "proeftuin.exports.xlsx"}


@pytest.mark.parametrize(("moment", "day"), [("21:59:59", "2026-07-14"), ("22:00:00", "2026-07-15")])
def test_a_pilot_began_on_the_day_that_it_was_there(moment: str, day: str) -> None:
    """The day on which a pilot began is that of its workflow's zone, as the day since when it is in its state."""
    on = engine(time=Clock(datetime.fromisoformat(f"2026-07-14T{moment}+00:00")))
    start(on)
    (row,) = table(exported(on, "csv"))
    assert (day, day) == (row["begun"], row["since"])
    heads, values = ([cell.value for cell in one] for one in pages(exported(on, "xlsx"))["Pilots"])
    assert day == f"{values[heads.index('Begun')]:%Y-%m-%d}"


# -- logs of several tenants -------------------------------------------------------------------------------------------


def life_of(on: Engine) -> Engine:
    """A pilot `p` with a track of a supplier and a participant in it."""
    start(on, id="p")
    on.fire("p", "identify", actor=LEAD, track="acme")
    placed(on, "p")
    return on


def ids_of(on: Engine) -> set[str]:
    """Whatever a case, an event or an object of the logs is known by."""
    cases = traces(exported(on, "xes"))
    found = objects(exported(on, "ocel"))
    told = {one[name] for _, events in cases.values() for one in events for name in ("event_id", "identity:id")}
    return {*cases, *told, *(one["id"] for name in ("objects", "events") for one in found[name])}


def test_logs_of_two_tenants_can_be_put_together() -> None:
    """Tenants with pilots, tracks and parties of one name have no id in common, nor has the default one with them."""
    first = life_of(engine())
    several = [first, *(life_of(first.for_tenant(name)) for name in ("uu", "u:u/%", "acme"))]
    ids = [ids_of(one) for one in several]
    assert [len(ids[0])] * 4 == [len(one) for one in ids]
    assert sum(map(len, ids)) == len(set().union(*ids))
    assert {"uu:p", "uu:p-1", "pilot/uu/p", "track/uu/p/acme", "party/uu/acme", "participant/uu/p/s1"} <= ids[1]
    assert {"u%3Au%2F%25:p", "pilot/u:u%2F%25/p"} <= ids[2]


def test_ids_of_the_default_tenant_name_no_tenant() -> None:
    """Logs of a store with one tenant have the ids that the pilots and events have in it."""
    ids = ids_of(life_of(engine()))
    assert {"p", "p-1", "pilot/p", "track/p/acme", "party/acme", "participant/p/s1"} <= ids
    assert "08273626-a5ec-5758-9e55-8a47646b99aa" in ids


# -- workbooks ---------------------------------------------------------------------------------------------------------


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a sheet is full the export says so, instead of leaving rows out."""
    monkeypatch.setattr(xlsx, "ROWS", 3)
    on = engine()
    for _ in range(2):
        start(on)
    assert 3 == len(pages(exported(on, "xlsx"))["Pilots"])
    start(on)
    with pytest.raises(BadArgument, match="more rows come than the 3 that a sheet may have; ask for fewer, or csv"):
        exported(on, "xlsx")


def test_what_no_cell_holds_is_text_or_cut() -> None:
    """A text that is too long for a cell ends in an ellipsis, and a day before those of workbooks is a text."""
    on = engine()
    pilot = start(on)
    on.fire(pilot, "note", actor=LEAD, data={"text": "x" * 10_000, "day": "1066-10-14", "hours": "12.50"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx, "LONGEST", 100)
        book = exported(on, "xlsx")
    values = {one.value for one in cells(book)}
    assert {"x" * 99 + "\u2026", "1066-10-14", 12.5} <= values


def test_a_number_that_a_workbook_would_round_is_text() -> None:
    """A number of more digits than a spreadsheet keeps stands there with all of them; shorter ones are numbers."""
    on = engine()
    pilot = start(on)
    kept, rounded = ("123456789012345", "-0.10", "1000000000000000000"), ("1234567890123456.75", "-9007199254740993")
    for hours in (*kept, *rounded):
        on.fire(pilot, "note", actor=LEAD, data={"text": "x", "hours": hours})
    whole = engine(text=FLOW.replace("sector: {type: text}", "sector: {type: integer}"))
    for sector in (9_007_199_254_740_993, 12):
        start(whole, data={"sector": sector})
    values = {one.value for book in (on, whole) for one in cells(exported(book, "xlsx"))}
    assert {123456789012345, -0.1, 10**18, *rounded, "9007199254740993", 12} <= values
    assert all(one in exported(on, "csv", sheet="note").decode() for one in (*kept, *rounded))


def test_names_of_pages_are_taken_by_workbooks() -> None:
    """A type of record with a label that no page may have, or that another has, gets one that is free."""
    text = FLOW.replace("{en: Note, nl: Notitie}", "{en: 'A: very/long [label] that no page may have', nl: n}", 1)
    text = text.replace("{en: Placement, nl: Plaatsing}", "{en: pilots, nl: n}")
    on = engine(text=text)
    pilot = start(on)
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(on, pilot)
    names = list(pages(exported(on, "xlsx")))
    assert ["Pilots", "Tracks", "A  very long  label  that no pa", "pilots placement"] == names[:4]
    assert ["What happened", "Figures"] == names[4:]


def test_the_head_that_is_printed_on_every_page_is_that_of_its_own_sheet() -> None:
    """Also where sheets were put into another order than that in which they came."""
    on = engine()
    first = start(on, id="a")
    on.fire(first, "identify", actor=LEAD, track="acme")
    placed(on, first)
    on.fire(start(on, id="b"), "note", actor=LEAD, data={"text": "x"})
    with zipfile.ZipFile(io.BytesIO(exported(on, "xlsx"))) as book:
        told = book.read("xl/workbook.xml").decode()
    names = re.findall(r'<sheet name="([^"]*)"', told)
    assert ["Pilots", "Tracks", "Note", "Placement"] == names[:4]
    titles = re.findall(r'localSheetId="([0-9]+)">(.*?)!', told)
    assert sorted(names) == sorted(name.strip("'") for _, name in titles)
    assert [] == [name for place, name in titles if names[int(place)] != name.strip("'")]


def test_a_field_that_is_called_as_a_column_has_one_of_its_own() -> None:
    """Fields with the name of a column that every row has keep their values beside it."""
    text = FLOW.replace(
        "      text: {type: text, required: true}\n", "      text: {type: text}\n      role: {type: text}\n", 1
    )
    on = engine(text=text)
    pilot = start(on)
    on.fire(pilot, "note", actor=LEAD, data={"text": "x", "role": "mine"})
    (row,) = table(exported(on, "csv", sheet="note"))
    assert ("Lead", "mine") == (row["role"], row["field_role"])


def test_a_field_is_read_as_that_of_its_own_kind_of_track() -> None:
    """Where two kinds of track begin with a field of one name, each value is read as its own kind says."""
    kinds = """tracks:
  firm:
    label: {en: Firm, nl: Bedrijf}
    states: {seen: {label: {en: Seen, nl: In beeld}}}
    edges: [{trigger: meet, opens: firm, to: seen, while: any_open, allow: [lead], data: {size: {type: decimal}}}]
"""
    opening = "allow: [lead], label: {en: Identify, nl: In beeld brengen}"
    on = engine(text=FLOW.replace("tracks:\n", kinds).replace(opening, f"{opening}, data: {{size: {{type: text}}}}"))
    pilot = start(on)
    on.fire(pilot, "meet", actor=LEAD, track="one", data={"size": "12.50"})
    on.fire(pilot, "identify", actor=LEAD, track="two", data={"size": "large"})
    sizes = [row["size"] for row in table(exported(on, "csv", sheet="tracks"))]
    assert ["12.50", "large"] == sizes


# -- seldom lives ------------------------------------------------------------------------------------------------------


def migrated() -> Engine:
    """A pilot with a track and a record that have other names since a migration."""
    case = Case(*MEMO, first=FIRST)
    case.engine.fire("p", "offer", track="alpha", actor=OFFERED)
    case.engine.fire("p", "note", actor=OFFERER, data={"text": "secret", "consent": True})
    case.migrate("records: {note: {to: memo, set: {mark: 1}}}")
    case.engine.fire("p", "note", actor=OFFERER, data={"text": "later"})
    return case.engine


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_migrated_pilot_is_told_in_the_words_of_its_time(lang: str) -> None:
    """Events before a migration have the words of the version that held then, and the migration is one event."""
    on = migrated()
    events = [attributes(one) for one in log(exported(on, "xes", lang=lang)).iter("event")]
    assert [one.id for one in on.history("p")] == [one["event_id"] for one in events]
    assert 1 == sum(one["event_type"] == "pilot.migrated" for one in events)
    found = objects(exported(on, "ocel", lang=lang))
    (pilot,) = (one for one in found["objects"] if one["type"] == "pilot")
    versions = [one["value"] for one in pilot["attributes"] if one["name"] == "workflow"]
    assert 2 == len(versions)
    assert on.get("p").workflow == versions[-1] == standing(pilot)["workflow"]
    assert {"record:note", "record:memo"} <= {one["type"] for one in found["objects"]}


@pytest.mark.parametrize("kind", ["date", "decimal"])
def test_a_value_that_a_migration_let_pass_is_told_as_it_is(kind: str) -> None:
    """Where a field has another type by now, what was written before and is none of it stands there as text."""
    later = FLOW.replace("version: 1", "version: 2").replace("sector: {type: text}", f"sector: {{type: {kind}}}")
    on = Engine.open("memory://", workflows=[load_workflow(FLOW), load_workflow(later)])
    on.start("talks@1", actor=LEAD, data={"title": "Canteen", "sector": "later on"}, id="p")
    plan = on.plan_migration("talks@1", 2)
    plan = on.plan_migration("talks@1", 2, f"{plan.text()}accept: [data-misfits]\n")
    assert 1 == on.migrate(plan, actor=Actor("ada", roles={"workflow_manager"}), reason="new rules").done
    assert "later on" in exported(on, "csv", sheet="pilots").decode()
    exported(on, "xlsx")


def test_a_withdrawn_consent_is_in_no_format() -> None:
    """What somebody consented to is in sheets until the consent is withdrawn, and then in nothing."""
    on = migrated()

    def told() -> str:
        sheet = exported(on, "csv", sheet="memo").decode()
        words = " ".join(str(one.value) for one in cells(exported(on, "xlsx")))
        return sheet + words + exported(on, "ocel").decode() + exported(on, "xes").decode()

    assert "secret" in told()
    on.fire("p", "forget", actor=OFFERER)
    assert "secret" not in told()


def test_a_supplier_sees_a_track_from_the_middle_of_its_life() -> None:
    """What a supplier sees of a migration and of its own track makes a log that is whole in itself."""
    on = migrated()
    assert objects(exported(on, "ocel", actor=OFFERED))["events"]
    assert log(exported(on, "xes", actor=OFFERED)) is not None


def test_figures_are_those_that_may_be_seen() -> None:
    """The sheet of figures holds what a role may know: all, small groups withheld, or nothing."""
    on = engine()
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(on, pilot)

    def value(**asked: Any) -> list[str]:
        rows = table(exported(on, "csv", sheet="figures", **asked))
        return [row["value"] for row in rows if row["figure"] == "Persons placed"]

    assert (["1"], ["<5"], []) == (value(), value(actor=MONITOR), value(actor=SELLER))
    assert [] == value(actor=SELLER, pilots=pilot)


@pytest.mark.parametrize("ask", [lambda on: on.dossiers(pilots="p", state="open"), lambda on: on.dossiers(pilots="q")])
def test_dossiers_are_of_known_pilots(ask: Callable[[Any], Any]) -> None:
    """Ids together with filters are refused, and so is an id of no pilot, for everybody alike."""
    on = engine()
    start(on, id="p")
    for eyes in (on, on.seen_by(LEAD)):
        with pytest.raises((BadArgument, UnknownPilot)):
            list(ask(eyes))


STAYS = "clocks: {stays: {per: placement, since: start, due: [13 weeks], label: {en: Stays, nl: Blijft}}}\nmetrics: ["


@pytest.mark.parametrize(("group", "days"), [("other", 1), ("justice", 0)])
def test_a_calendar_holds_no_day_of_a_detained_person(group: str, days: int) -> None:
    """The due day of a placement is in the calendar, unless taking part in the pilot reveals a crime."""
    text = FLOW.replace("metrics: [", STAYS).replace("    sector:", "    target_group: {type: text}\n    sector:", 1)
    on = engine(text=text)
    pilot = start(on, data={"target_group": group})
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(on, pilot)
    assert 1 == len(on.deadlines(pilots=pilot).items)
    assert days == exported(on, "ics").count(b"BEGIN:VEVENT") == exported(on, "ics", actor=LEAD).count(b"placement-1")
