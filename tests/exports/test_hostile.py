"""Whatever people wrote, each format holds it as they wrote it, and nothing of it becomes anything else."""

import csv
import io
import json
import re
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl.utils.escape import unescape

from proeftuin import Actor, Engine
from proeftuin.exports import FORMATS, Format
from proeftuin.views.figures import may_calculate
from tests.exports.reading import attributes, cells, exported, log, objects, standing
from tests.scale import scaled
from tests.unit.engines import BEGAN, DATA, FACILITATOR, LEAD, REF, RIVAL, SELLER, Clock, engine, placed, start

FORMULAS = (
    "=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", " =HYPERLINK(1)", "\uff1d1+1", '=cmd|"/c x"!A1',
)  # fmt: skip
MARKUP = (
    '"><script>', "]]>", "&lt;&amp;", "<!--", "'\"", "a\nb", "a\tb", "\ufffe\x01", "_x0041_", "{}[]", "\u202eabc",
    "END:VEVENT", "\x85\u2028", "%2F/..",
)  # fmt: skip
# What a store keeps: no NUL, no half of a pair; and in names no control characters.
ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
TEXTS = (st.sampled_from(FORMULAS + MARKUP) | ANYTHING).filter(lambda text: text.strip() != "")
NAMES = TEXTS.filter(lambda text: not any(unicodedata.category(one) == "Cc" for one in text))
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lost(text: str) -> str:
    """A text as XML can hold it."""
    return NO_XML.sub("\ufffd", text)


def written_by(title: str, who: str, name: str) -> Engine:
    """A pilot with hostile words wherever words may be."""
    on = engine()
    actor = Actor(who, roles={"lead"})
    pilot = on.start("talks", actor=actor, data={"title": title, "organisation": who}, id=name, ref=name).pilot.id
    on.fire(pilot, "identify", actor=actor, track="acme")
    on.fire(pilot, "note", actor=actor, data={"text": title})
    return on


@settings(max_examples=scaled(25))
@given(TEXTS, NAMES, NAMES)
@example("=1+1", "<a b='c'>&", 'x"/><event/>')
@example("\ufffe", "_x000D_", "%2F/a")
def test_every_format_holds_what_was_written(title: str, who: str, name: str) -> None:
    """Any text in title, organisation, actor and id comes back from each format as it was, and nothing else does."""
    on = written_by(title, who, name)
    (trace,) = log(exported(on, "xes", people=True)).iter("trace")
    told = attributes(trace)
    assert (lost(name), lost(title), lost(who)) == tuple(told[one] for one in ("concept:name", "title", "organisation"))
    events = [attributes(one) for one in trace.iter("event")]
    assert [lost(event.id) for event in on.history(name)] == [one["event_id"] for one in events]
    assert {lost(who)} == {one["org:resource"] for one in events}
    found = objects(exported(on, "ocel", people=True))
    (pilot,) = (standing(one) for one in found["objects"] if one["type"] == "pilot")
    assert (title, who) == (pilot["title"], pilot["organisation"])
    assert [event.id for event in on.history(name)] == [one["id"] for one in found["events"]]
    assert title == json.loads(exported(on, "jsonl", actor=LEAD))["body"]["data"]["title"]


@settings(max_examples=scaled(25))
@given(TEXTS, NAMES)
@example("=1+1", "_x0041_")
@example('x;"=1', "x; @1")
def test_no_sheet_holds_a_formula(title: str, who: str) -> None:
    """Any text is a text cell with what was written, in CSV behind a quote where it would be a formula."""
    on = written_by(title, who, "p")
    text = exported(on, "csv").decode()
    heads, row = csv.reader(io.StringIO(text, newline=""))
    for wanted, cell in ((title, row[heads.index("title")]), (who, row[heads.index("organisation")])):
        quoted = may_calculate(wanted) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", wanted)
        assert (quoted or wanted[0] == "'") == (cell[0] == "'")
        assert wanted.replace("'", "") == cell.replace("'", "")
    parted = [cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in line]
    assert not any(may_calculate(one) for one in parted)
    told = [one for one in cells(exported(on, "xlsx", people=True)) if one.value is not None]
    assert {"s", "n", "d"} >= {one.data_type for one in told}
    texts = [one for one in told if one.data_type == "s"]
    assert {readable(title), readable(who)} <= {readable(unescape(one.value)) for one in texts}
    assert all(one.quotePrefix for one in texts if may_calculate(unescape(one.value)))


def readable(text: str) -> str:
    """A text without what XML makes other characters of: ends of lines, and what it has no place for."""
    return lost(text).replace("\r\n", "\n").replace("\r", "\n").replace("\ufffd", "")


@settings(max_examples=scaled(25))
@given(TEXTS)
def test_a_calendar_holds_no_line_of_anybody(title: str) -> None:
    """Whatever a pilot is called, the calendar holds the events that it should, and each is named by one line."""
    on = engine(text=TERM)
    start(on, data={"title": title})
    (event,) = Calendar.from_ical(exported(on, "ics")).walk("VEVENT")
    assert str(event["SUMMARY"]).endswith(": look") or "\u2026" in str(event["SUMMARY"])


TERM = """
format: 1
workflow: talks
version: 1
label: {en: Talks}
roles: {lead: {side: client, label: {en: Lead}}}
start: {to: open, allow: [lead], data: {title: {type: text}, organisation: {type: text}}}
states: {open: {phase: exploration, label: {en: Open}}, closed: {phase: closed, final: true, label: {en: Closed}}}
edges: [{trigger: close, from: open, to: closed, allow: [lead], label: {en: Close}}]
clocks: {look: {since: open, due: 7 days, remind: {lead: [0 days]}}}
"""


# -- what does not leave -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two() -> Engine:
    """A pilot with a participant at each of two suppliers."""
    on = engine(time=Clock())
    pilot = start(on)
    for track, ref in (("acme", REF), ("rival", "ref-planted-0002")):
        on.fire(pilot, "identify", actor=LEAD, track=track)
        placed(on, pilot, ref, track=track)
    on.fire(pilot, "remark", actor=RIVAL, track="rival", data={"text": "between us"})
    return on


def raw(on: Engine, format_: Format, **asked: Any) -> str:
    """Everything that an export says, as text."""
    sheets = [{"sheet": name} for name in ("pilots", "tracks", "events", "placement", "note", "figures")]
    texts = [exported(on, format_, **asked, **more) for more in (sheets if format_ == "csv" else [{}])]
    if format_ == "xlsx":
        return "\n".join(str(one.value) for text in texts for one in cells(text))
    return b"".join(texts).decode()


@pytest.mark.parametrize("format_", FORMATS)
def test_no_format_holds_a_ref(two: Engine, format_: Format) -> None:
    """The ref of a participant is in no export, whatever else is asked for, and what is erased was never in one."""
    people = {"people": True} if format_ not in {"jsonl", "ics"} else {}
    assert "ref-planted" not in raw(two, format_, **people)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_supplier_gets_its_own(two: Engine, format_: Format) -> None:
    """A supplier's export holds its own track and participant, and no word of another supplier's."""
    told = raw(two, format_, actor=SELLER)
    assert not {"rival", "between us", "s2"} & set(re.findall(r"[\w ]+", told))
    assert ("acme" in told) == (format_ != "ics")


def test_a_facilitator_gets_no_participants(two: Engine) -> None:
    """A facilitator's logs hold the tracks and the notes, and nothing about a participant."""
    found = objects(exported(two, "ocel", actor=FACILITATOR))
    assert {"pilot", "track:supplier", "party", "record:note"} == {one["type"] for one in found["objects"]}
    kinds = [one["event_type"] for one in map(attributes, log(exported(two, "xes", actor=FACILITATOR)).iter("event"))]
    assert kinds.count("record.added") == 1


def test_an_export_is_of_one_version(two: Engine) -> None:
    """What is written to a pilot while it is exported is in none of its parts."""
    on = engine(time=Clock(BEGAN + timedelta(1)))
    pilot = start(on)
    found = next(on.dossiers())
    on.fire(pilot, "note", actor=LEAD, data={"text": "late"})
    assert ([1], 1) == ([one.version for one in found.events()], found.pilot.version)
    assert DATA["title"] == found.pilot.data["title"]
