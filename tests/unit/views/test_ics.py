from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar, Component

from proeftuin.agenda import Deadline, Deadlines
from proeftuin.core.frozen import FrozenDict
from proeftuin.views.ics import ahead, ics
from tests.unit.agendas import LEAD, SELLER, Play, day
from tests.unit.engines import REF

AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LABEL = FrozenDict(en="Sign of life", nl="Levensteken")

HOSTILE = [
    "a\r\nATTENDEE:mailto:x@example.org",
    "a\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:b",
    "a\\nATTENDEE:x",
    "a\u2028ATTENDEE:x\u2029b\x85c\x0bd\x0ce",
    "a;b,c\\d:e\"f'g",
    "a\u202eb\x00c\x1bd",
    "\U0001f600" * 200,
    "x" * 5000,
    "SUMMARY:b",
    " ",
]


def deadline(**parts: object) -> Deadline:
    given = {
        "pilot_id": "p",
        "title": "Catering",
        "kind": "clock",
        "key": "life",
        "label": LABEL,
        "text": None,
        "track": None,
        "due": date(2026, 3, 9),
    }
    made = {**given, **parts}
    return Deadline(**made, days=(made["due"] - TODAY).days)  # type: ignore[arg-type, operator]  # parts of any kind


def events(*found: Deadline, lang: str = "en") -> list[Component]:
    """The events of a calendar, as a reader of the file gets them."""
    calendar = Calendar.from_ical(ics(Deadlines(AT, found), lang=lang))
    assert ("2.0", "-//proeftuin//proeftuin//EN") == (calendar["VERSION"], calendar["PRODID"])
    assert [] == calendar.errors
    found_events = list(calendar.walk("VEVENT"))
    assert [] == [fault for event in found_events for fault in event.errors]
    return found_events


def names(event: Component) -> list[str]:
    return [name for name, _ in event.property_items(recursive=False)]


def test_a_due_day_is_an_event_of_a_whole_day() -> None:
    """A due day becomes one event on that day, which takes up no time, with the moment at which it was asked for."""
    (event,) = events(deadline(track="acme", key="invitation:acme"))
    assert "p-invitation:acme@proeftuin" == event["UID"]
    assert (date(2026, 3, 9), AT.replace(microsecond=0)) == (event.decoded("DTSTART"), event.decoded("DTSTAMP"))
    assert "Catering: Sign of life (acme)" == event["SUMMARY"]
    assert "TRANSPARENT" == event["TRANSP"]
    assert type(event.decoded("DTSTART")) is date
    assert "DTEND" not in event


def test_the_words_are_in_the_language_that_was_asked_for() -> None:
    """Labels are shown in the language, and what people wrote as they wrote it."""
    (event,) = events(deadline(text="Two met"), lang="nl")
    assert "Catering: Levensteken, Two met" == event["SUMMARY"]


def test_only_days_ahead_are_in_the_file() -> None:
    """Today and later are in the file, and yesterday is not."""
    found = [deadline(key=str(one), due=date(2026, 3, one)) for one in (1, 2, 3)]
    assert ["p-2@proeftuin", "p-3@proeftuin"] == [one["UID"] for one in events(*found)]
    assert ["2", "3"] == [one.key for one in ahead(Deadlines(AT, tuple(found)))]


def test_a_calendar_without_a_day_ahead_is_whole() -> None:
    """Where nothing lies ahead the file is a calendar without events."""
    assert [] == events()
    assert "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//proeftuin//proeftuin//EN\r\nEND:VCALENDAR\r\n" == ics(
        Deadlines(AT, ())
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["title", "text", "track", "pilot_id", "key"])
def test_no_word_begins_a_property_of_its_own(place: str, text: str) -> None:
    """Whatever somebody wrote, the file has the events and properties that it has with plain text, twice read alike."""
    plain, hostile = (events(deadline(**{place: one}), deadline(key="other")) for one in ("plain", text))
    assert [names(one) for one in plain] == [names(one) for one in hostile]
    written = ics(Deadlines(AT, (deadline(**{place: text}),)))
    assert written == str(Calendar.from_ical(written).to_ical(), "utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_lines_are_as_long_as_the_format_allows(text: str) -> None:
    """No line of the file is longer than 75 bytes, none is torn within a character, and each ends as it should."""
    raw = ics(Deadlines(AT, (deadline(title=text, text=text),))).encode()
    lines = raw.split(b"\r\n")
    assert b"" == lines.pop()
    assert 75 >= max(map(len, lines))
    assert not any(b"\n" in one or b"\r" in one for one in lines)
    assert all(one.decode() for one in lines)


def test_what_is_written_is_read_back() -> None:
    """Signs that the format uses itself come back as they were, and control characters are gone."""
    (event,) = events(deadline(title='a;b,c\\d:e"f\r\ng\x1b[31mh'))
    assert 'a;b,c\\d:e"f g[31mh: Sign of life' == event["SUMMARY"]


def test_a_long_summary_is_cut() -> None:
    """A summary has at most 250 characters."""
    (event,) = events(deadline(text="x" * 2000))
    assert "Catering: Sign of life, " + "x" * 225 + "\u2026" == event["SUMMARY"]


def test_the_due_days_of_pilots_become_events() -> None:
    """Each clock and track of each pilot has its event, under an id that stays the same when its day moves."""
    play = Play()
    for pilot in ("p", "q"):
        play.start(pilot)
    play.do("invite", track="acme")
    play.do("agree", SELLER, track="acme")
    play.do("invite", track="rival")
    play.do("place", SELLER, track="acme", participant=REF, start=day(0))
    expected = [
        ("p-life@proeftuin", day(7)),
        ("q-life@proeftuin", day(7)),
        ("p-invitation:rival@proeftuin", day(20)),
        ("p-stay:placement-1:13 weeks@proeftuin", day(91)),
        ("p-stay:placement-1:26 weeks@proeftuin", day(182)),
    ]
    assert expected == _days(play)
    assert REF not in ics(play.engine.deadlines())
    play.on(5)
    play.do("note")
    assert ("p-life@proeftuin", day(12)) in _days(play)
    (event, *_) = Calendar.from_ical(ics(play.engine.deadlines())).walk("VEVENT")
    assert play.clock.at == event.decoded("DTSTAMP")


def test_a_tenant_has_events_of_its_own() -> None:
    """Who takes in the calendars of two tenants that have pilots of one id keeps the events of both."""
    play = Play()
    for tenant, place in (
        ("default", "proeftuin"),
        ("city", "city.proeftuin"),
        ("City @ X", "City%20%40%20X.proeftuin"),
    ):
        engine = play.engine.for_tenant(tenant)
        engine.start("talks", actor=LEAD, data={"title": "Catering", "organisation": "UU"}, id="p")
        for found in (engine, engine.seen_by(LEAD)):
            (event,) = Calendar.from_ical(ics(found.deadlines())).walk("VEVENT")
            assert f"p-life@{place}" == event["UID"]


def _days(play: Play) -> list[tuple[str, date]]:
    return [(str(one["UID"]), one.decoded("DTSTART")) for one in events(*play.engine.deadlines().items)]


def test_a_day_at_the_end_of_time_can_be_written() -> None:
    """The last day that there is can be an event, as no day after it is needed."""
    (event,) = events(deadline(due=date.max))
    assert date.max == event.decoded("DTSTART")
