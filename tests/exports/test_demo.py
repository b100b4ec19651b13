"""The portfolio that comes with the command, in each format: valid, whole, and each event once."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from icalendar import Calendar

from proeftuin import Actor, Engine
from proeftuin.core.private import reveals_crime
from proeftuin.exports import FORMATS, Format
from proeftuin.views.figures import may_calculate
from tests.exports.reading import attributes, cells, log, objects, pages, standing, table, traces, written

LANGUAGES = ("en", "nl")
SUPPLIER = Actor("lead-1", roles={"supplier_lead"}, party="maat")
FACILITATOR = Actor("help-1", roles={"facilitator"})
MONITOR = Actor("monitor-1", roles={"monitor"})


def may_leave(on: Engine) -> list[str]:
    """The id of every event of every pilot but, of one that takes part in which reveals a crime, those about people."""
    found = []
    for one in on.each():
        table_ = on._reader.table(on.get(one.id))
        hidden = table_.private.records if any(map(reveals_crime, on.history(one.id))) else frozenset()
        for event in on.history(one.id):
            clock = table_.workflow.clocks.get(str(event.data.get("clock", "")).partition(":")[0])
            about = event.data.get("record", None if clock is None else clock.per)
            if about not in hidden:
                found.append(event.id)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_log_for_mining_has_each_event_once(demo: Engine, lang: str) -> None:
    """The XES file is valid, a trace is a pilot, and each event stands in the trace of its pilot once, in order."""
    found = traces(written(demo, "xes", lang=lang))
    assert [one.id for one in demo.each()] == list(found)
    told = [event["event_id"] for _, events in found.values() for event in events]
    assert may_leave(demo) == told
    assert 600 < len(told) == len({event["identity:id"] for _, events in found.values() for event in events})
    for name, (trace, events) in found.items():
        pilot = demo.get(name)
        assert (pilot.workflow, pilot.state, pilot.data["title"]) == tuple(
            trace[each] for each in ("workflow", "state", "title")
        )
        recorded = {one.id: one for one in demo.history(name)}
        for one in events:
            event = recorded[one["event_id"]]
            assert event.at == datetime.fromisoformat(one["time:timestamp"])
            assert (event.on.isoformat(), event.type, event.trigger, event.track) == (
                one["on"][:10], one["event_type"], one["trigger"], one.get("track"),
            )  # fmt: skip


def test_a_log_declares_what_it_uses(demo: Engine) -> None:
    """Keys with a prefix are those of a declared extension, each classifier uses globals, and each event has these."""
    tree = log(written(demo, "xes", people=True))
    prefixes = {one.get("prefix") for one in tree.iter("extension")}
    assert {"concept", "identity", "lifecycle", "org", "time"} == prefixes
    keys = {one.get("key") for one in tree.iter() if one.get("key") is not None}
    assert {key.partition(":")[0] for key in keys if ":" in key} == prefixes
    for scope, kind in (("trace", "trace"), ("event", "event")):
        globals_ = {key for one in tree.iter("global") if one.get("scope") == scope for key in attributes(one)}
        used = {key for one in tree.iter("classifier") if one.get("scope") == scope for key in one.get("keys").split()}
        assert used <= globals_
        assert all(globals_ <= set(attributes(one)) for one in tree.iter(kind))


def test_an_activity_is_one_thing(demo: Engine) -> None:
    """What was done is called as its trigger is, its effects by that and what they did; no name is of two triggers."""
    events = [event for _, events in traces(written(demo, "xes")).values() for event in events]
    triggers: dict[str, set[str]] = {}
    for one in events:
        triggers.setdefault(one["concept:name"], set()).add(one["trigger"])
    assert all(len(found) == 1 for found in triggers.values())
    signed = {one["event_type"] for one in events if one["concept:name"] == "Sign the agreement"}
    assert {"track.moved"} == signed
    added = {one["event_type"] for one in events if one["concept:name"] == "Sign the agreement: agreement added"}
    assert {"record.added"} == added


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_log_of_objects_has_each_event_once(demo: Engine, lang: str) -> None:
    """The OCEL file is valid, each event stands in it once with its pilot, and nothing points at what is not there."""
    found = objects(written(demo, "ocel", lang=lang))
    assert sorted(may_leave(demo)) == sorted(one["id"] for one in found["events"])
    for one in found["events"]:
        first, *_ = one["relationships"]
        assert {"objectId": f"pilot/{one['id'].rpartition('-')[0]}", "qualifier": "pilot"} == first


def test_objects_are_what_the_portfolio_holds(demo: Engine) -> None:
    """Each pilot, track and party is an object that ends as it is now, and a supplier of two pilots is one party."""
    found = objects(written(demo, "ocel"))
    things = {one["id"]: one for one in found["objects"]}
    for one in demo.each():
        pilot = demo.get(one.id)
        told = standing(things[f"pilot/{one.id}"])
        assert (pilot.state, pilot.phase, str(pilot.cycle)) == (told["state"], told["phase"], told["cycle"])
        for track in pilot.tracks.values():
            thing = things[f"track/{one.id}/{track.key}"]
            assert (f"track:{track.kind}", track.state) == (thing["type"], standing(thing)["state"])
    parties = {party for one in demo.each() for party in demo.get(one.id).parties}
    assert {f"party/{name}" for name in parties} <= {name for name, one in things.items() if one["type"] == "party"}
    pilots = Counter(
        other["objectId"]
        for one in found["objects"]
        if one["type"].startswith("track:")
        for other in one["relationships"]
        if other["qualifier"] == "party"
    )
    assert max(pilots.values()) > 1


def test_a_placement_tells_how_it_went(demo: Engine) -> None:
    """A placement is an object with its hours and days as they changed, its track, its pilot and an opaque person."""
    found = objects(written(demo, "ocel"))
    kinds = {one["name"]: {each["name"]: each["type"] for each in one["attributes"]} for one in found["objectTypes"]}
    assert ("float", "time", "boolean") == tuple(
        kinds["record:placement"][one] for one in ("weekly_hours", "start", "paid")
    )
    placements = [one for one in found["objects"] if one["type"] == "record:placement"]
    assert placements
    for one in placements:
        assert {"pilot", "track", "participant"} <= {each["qualifier"] for each in one["relationships"]}
    assert any(len({each["time"] for each in one["attributes"]}) > 1 for one in placements)


def test_a_workbook_has_cells_of_their_types(demo: Engine) -> None:
    """Text is text, numbers are numbers and days are days; nothing is a formula; each page has a heading of its own."""
    found = pages(written(demo, "xlsx", lang="nl"))
    first, *_, happened, figures = found
    assert ("Proeftuinen", "Wat er gebeurde", "Cijfers") == (first, happened, figures)
    assert 15 == len(found[first]) - 1
    assert len(may_leave(demo)) == len(found[happened]) - 1
    kinds = Counter(cell.data_type for rows in found.values() for row in rows for cell in row)
    assert not kinds.keys() - {"s", "n", "d"}
    assert all(isinstance(cell.value, str) and cell.value for rows in found.values() for cell in rows[0])
    for rows in found.values():
        heads = [cell.value for cell in rows[0]]
        assert len(heads) == len(set(heads))


def test_a_sheet_is_the_same_in_both_formats(demo: Engine) -> None:
    """Each page of the workbook holds row by row what the sheet of that name holds as CSV."""
    book = list(pages(written(demo, "xlsx", lang="nl")).values())
    for name, page in (("pilots", book[0]), ("tracks", book[1]), ("events", book[-2]), ("figures", book[-1])):
        rows = table(written(demo, "csv", sheet=name, lang="nl"))
        assert len(rows) == len(page) - 1
        for row, told in zip(rows, page[1:], strict=True):
            assert [_text(cell.value) for cell in told] == [_bare(one) for one in row.values()]


def _text(value: Any) -> str | Decimal:
    """A cell of a workbook as the text of CSV."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    return "" if value is None else Decimal(str(value)) if isinstance(value, int | float) else str(value)


def _bare(text: str) -> str | Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text[1:] if text.startswith("'") and may_calculate(text[1:]) else text


def test_records_are_a_sheet_of_their_own(demo: Engine) -> None:
    """Placements have a row each, with the participant by an opaque key, hours as a number and days as days."""
    rows = table(written(demo, "csv", sheet="placement"))
    kept = [one for each in demo.dossiers() for one in each.pilot.records("placement")]
    assert len(kept) == len(rows) > 10
    for one, row in zip(kept, rows, strict=True):
        assert (one.id, one.data["participant"]) == (row["record"], row["participant"])
        assert Decimal(one.data["weekly_hours"]) == Decimal(row["weekly_hours"])
        assert one.since == date.fromisoformat(row["active_since"])


def test_a_calendar_has_the_due_days_of_its_pilots(demo: Engine) -> None:
    """The calendar holds each due day ahead of the chosen pilots once, whatever their number."""
    chosen = [one.id for one in demo.each(state="implementing")]
    expected = [one for one in demo.deadlines().items if one.pilot_id in chosen and one.days >= 0]
    for asked in ({"state": "implementing"}, {"pilots": tuple(chosen)}):
        found = Calendar.from_ical(written(demo, "ics", **asked)).walk("VEVENT")
        assert expected
        assert sorted(f"{one.pilot_id}-{one.key}@proeftuin" for one in expected) == sorted(str(e["UID"]) for e in found)


def test_lines_are_those_of_an_export(demo: Engine) -> None:
    """As lines pilots are whole, for another store, or as an actor sees them."""
    whole = [json.loads(one) for one in written(demo, "jsonl").splitlines()]
    assert 15 == sum("pilot" in one for one in whole)
    actor = Actor("c-1", roles={"coordinator"})
    assert "".join(demo.seen_by(actor).export()).encode() == written(demo, "jsonl", actor=actor)


@pytest.mark.parametrize("format_", FORMATS)
def test_who_sees_nothing_gets_nothing(demo: Engine, format_: Format) -> None:
    """To a monitor there is no pilot in any format, and a supplier gets no track of another."""
    asked: dict[str, Any] = {} if format_ != "csv" else {"sheet": "tracks"}
    text = written(demo, format_, actor=MONITOR, **asked)
    named = {cell.value for cell in cells(text)} if format_ == "xlsx" else text.decode()
    assert not [one.id for one in demo.each() if one.id in named]
    parties = {party for one in demo.each() for party in demo.get(one.id).parties} - {"maat"}
    seen = written(demo, format_, actor=SUPPLIER, **asked)
    told = " ".join(str(cell.value) for cell in cells(seen)) if format_ == "xlsx" else seen.decode()
    assert not [one for one in parties if f'"{one}"' in told or f",{one}," in told or f"/{one}" in told]
    assert any(one.id in told for one in demo.each()) or format_ == "ics"


def test_a_detained_person_is_in_no_format(demo: Engine) -> None:
    """Of a pilot that takes part in which reveals a crime no participant and no placement leaves, whoever asks."""
    pilot = next(one.id for one in demo.each() if any(map(reveals_crime, demo.history(one.id))))
    assert demo.get(pilot).records("placement")
    for actor in (None, Actor("l-1", roles={"supplier_lead"}, party="sodexo")):
        asked: dict[str, Any] = {"pilots": pilot, "actor": actor}
        _, events = traces(written(demo, "xes", **asked))[pilot]
        assert events
        assert not [one for one in events if one.get("record") == "placement"]
        kinds = {one["type"] for one in objects(written(demo, "ocel", **asked))["objects"]}
        assert not kinds & {"participant", "record:placement", "record:retention"}
        assert [] == table(written(demo, "csv", sheet="placement", **asked))


def test_a_range_of_pilots_is_chosen_as_in_find(demo: Engine) -> None:
    """The filters of `find` and ids choose the same pilots in each format."""
    chosen = [one.id for one in demo.each(phase="supplier_talks")]
    assert 1 < len(chosen) < 15
    assert set(chosen) == set(traces(written(demo, "xes", phase="supplier_talks")))
    assert written(demo, "ocel", phase="supplier_talks") == written(demo, "ocel", pilots=tuple(chosen))
    assert chosen == [row["pilot"] for row in table(written(demo, "csv", phase="supplier_talks"))]


def test_professionals_are_named_where_they_are_asked_for(demo: Engine) -> None:
    """Who did it is in no log and on no sheet by default, and with `people` in all of them."""
    people = {event.actor for one in demo.each() for event in demo.history(one.id)} - {"system"}
    people |= {str(one.data["person"]) for each in demo.each() for one in demo.get(each.id).records("assignment")}
    kinds: tuple[tuple[Format, dict[str, str]], ...] = (
        ("xes", {}), ("ocel", {}), ("csv", {"sheet": "events"}), ("csv", {"sheet": "assignment"}),
    )  # fmt: skip
    for format_, asked in kinds:
        without, with_ = (_words(demo, format_, people=named, **asked) for named in (False, True))
        assert not people & without, format_
        assert people & with_, format_


def _words(demo: Engine, format_: Format, **asked: Any) -> set[str]:
    """Every value in an export."""
    text = written(demo, format_, **asked)
    if format_ == "xes":
        return {str(one.get("value")) for one in log(text).iter()}
    if format_ == "ocel":
        found = objects(text)
        return {one["value"] for each in (*found["objects"], *found["events"]) for one in each["attributes"]}
    return {one for row in table(text) for one in row.values()}


def test_moments_are_in_utc(demo: Engine) -> None:
    """The moment in a sheet is that of the event, in UTC."""
    pilot = next(iter(demo.each())).id
    rows = table(written(demo, "csv", sheet="events", pilots=pilot))
    for row, event in zip(rows, demo.history(pilot), strict=True):
        assert event.at.replace(microsecond=0) == datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
