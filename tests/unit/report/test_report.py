"""What a report tells of pilots, and to whom; how it is written."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Engine
from proeftuin.definitions import Catalogue
from proeftuin.report import report, write_report
from tests.domain.planted import OWN, PARTIES, PILOT, RIVAL, Planted, planted
from tests.unit.engines import Clock
from tests.unit.report.reading import LABEL, Hostile, fifteen, filled, of_fifteen, read, text_of

LEAD = Actor("lead-1", roles={"coordinator"})
OWNER = Actor("owner-1", roles={"client_owner"})
MEGABYTE = 1_000_000


@pytest.mark.parametrize("name", ["existing-contract", "tender", "small-purchases"])
def test_no_text_becomes_a_tag_or_an_attribute(name: str) -> None:
    """A report in which every field of every record and every label is hostile has the tags of one with plain words."""
    plain, evil = (read(text_of(filled(*one, name).engine)) for one in ((Planted, ""), (Hostile, LABEL)))
    assert plain.tags == evil.tags
    assert "<script>alert(1)</script>" in "".join(evil.words)
    assert not re.search("[\u202e\x1b]", "".join(evil.words))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_label_of_a_workflow_file_becomes_a_tag(lang: str) -> None:
    """A report on fifteen lives under files of which every label is hostile has the tags of one with plain labels."""
    plain, evil = (read(text_of(fifteen(ending), language=lang)) for ending in ("", LABEL))
    assert plain.tags == evil.tags
    assert evil.told(LABEL.strip("\u202e")) > len(evil.tags) / 20
    assert [] == [one for one in evil.words if "\u202e" in one]


def test_a_report_tells_nothing_of_participants() -> None:
    """No word of a record that is about a participant is in a report, whoever reads it, while those of others are."""
    made = planted(Catalogue().get("existing-contract"))
    private = [one.text for one in made.words if one.where in made.table.private.records]
    text = text_of(made.engine)
    assert private
    assert [] == [one for one in private if re.search(rf"(?<![\w-]){re.escape(one)}(?!\w)", text)]
    assert [one.text for one in made.words if one.where == "lesson" and one.text in text]


def test_what_is_due_about_a_participant_is_not_told() -> None:
    """Of what is due in the coming weeks, what runs on a placement is left out, and what comes after it is told."""
    asked = of_fifteen(language="en")
    told = asked[asked.index('<section id="next">') :].partition("</section>")[0]
    assert ("Still at work" in told, told.count("Call after closing (3 months)")) == (False, 2)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_picture_tells_of_a_participant(lang: str) -> None:
    """What pictures tell when pointed at names no participant and no placement, while it does name agreements."""
    told = " ".join(re.findall(r"<title>([^<]*)</title>", of_fifteen(language=lang)))
    records = Catalogue().get("existing-contract").records
    placement, agreement = (records[one].label[lang] for one in ("placement", "agreement"))
    assert any(one.pilot.kept.get("placement") for one in fifteen().dossiers())
    assert [] == re.findall(rf"\bs[0-9]+\b|: {placement}:", told)
    assert f": {agreement}:" in told


def test_a_report_names_no_professional() -> None:
    """No id of who acted, was assigned or was reminded is in a report, not even where pictures are pointed at."""
    text, dossiers = of_fifteen(language="en"), list(fifteen().dossiers())
    people = {event.actor for one in dossiers for event in one.events()} - {"system"}
    people |= {str(held.data["person"]) for one in dossiers for held in one.pilot.kept.get("assignment", ())}
    assert {"owner-1", "lead-1"} <= people
    assert [] == [one for one in people if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text)]
    assert "Assignment: Commissioning owner" in text


def test_a_goal_tells_its_figure_in_words() -> None:
    """What a goal is measured by is called as the figure is."""
    assert "The first people at work, Jobs of 25.5 hours" in of_fifteen(language="en")


def test_a_supplier_reads_nothing_of_another() -> None:
    """No word on another supplier's track is in the report that a supplier gets, and its own track is."""
    made = planted(Catalogue().get("existing-contract"))
    text = text_of(made.engine, actor=Actor("s", roles={"supplier_lead"}, party=PARTIES[OWN]))
    theirs = [one.text for one in made.words if one.place == RIVAL or (one.place == PILOT and one.where != "data")]
    assert [] == [one for one in theirs if one.startswith("zq") and one in text]
    assert (True, False) == (f"{OWN}.supplier" in text, f"{RIVAL}.supplier" in text)


def test_a_monitor_gets_figures_and_no_pilots() -> None:
    """Who may see figures alone gets no page, no name of a pilot, and no due day."""
    text = of_fifteen(language="en", actor=Actor("m", roles={"monitor"}))
    assert "Of single pilots nothing is shown to this reader." in text
    assert ("<article" in text, "Window cleaning" in text) == (False, False)


def test_a_page_tells_what_was_decided_by_whom_and_on_what() -> None:
    """A decision stands on the page with its day, its role and what was recorded before it."""
    text = " ".join("".join(read(of_fifteen(language="en")).words).split())
    told = r"Exploring -> Support and commitment by Coordinator ?on [^.]*Evidence: Inventory, reference P02-1"
    assert re.search(told, text), text[-3000:]


@pytest.fixture
def engine() -> Engine:
    engine = Engine.open("memory://")
    data = {"title": "Catering", "organisation": "DJI", "programme": "Samen"}
    engine.start("existing-contract", actor=LEAD, data=data, id="canteen")
    return engine


def test_a_story_whose_consent_was_withdrawn_is_told_no_more(engine: Engine) -> None:
    """A story is told while its consent stands, and nowhere in the report after it was withdrawn."""
    day = engine.get("canteen").path[0].since.isoformat()
    story = {"title": "From washing up to cooking", "url": "https://example.org/cook", "consent": "C-1", "scope": "web"}
    engine.fire("canteen", "share_story", actor=LEAD, data={**story, "consent_date": day})
    assert "From washing up to cooking, https://example.org/cook" in text_of(engine)
    engine.fire("canteen", "withdraw_story", actor=LEAD, data={"story": "story-1", "date": day})
    assert ("washing up" in text_of(engine), "example.org" in text_of(engine)) == (False, False)


@pytest.mark.parametrize("actor", [None, LEAD])
def test_a_story_that_was_withdrawn_since_is_in_no_report_of_an_earlier_day(actor: Actor | None) -> None:
    """What rests on a consent is told of no day any more once that was withdrawn."""
    clock = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    story = {"title": "From washing up to cooking", "url": "https://example.org/cook", "consent": "C-1", "scope": "web"}
    with Engine.open("memory://", time=clock) as engine:
        engine.start("existing-contract", actor=LEAD, data={"title": "Catering", "organisation": "DJI"}, id="canteen")
        engine.fire("canteen", "share_story", actor=LEAD, data={**story, "consent_date": "2026-03-02"})
        clock.pass_(days=10)
        assert "washing up" in text_of(engine, as_of="2026-03-05", actor=actor)
        engine.fire("canteen", "withdraw_story", actor=LEAD, data={"story": "story-1", "date": "2026-03-12"})
        text = text_of(engine, as_of="2026-03-05", actor=actor)
        assert (1, False, False) == (text.count("<article"), "washing up" in text, "example.org" in text)


def test_pilots_can_be_chosen(engine: Engine) -> None:
    """Filters choose the pilots of the figures, the pages and the due days, and a programme names the report."""
    data = {"title": "Cleaning", "organisation": "UU", "programme": "Ander"}
    engine.start("existing-contract", actor=LEAD, data=data, id="cleaning")
    text = text_of(engine, programme="Samen")
    assert ("<h1>Samen</h1>" in text, "Catering" in text, "Cleaning" in text) == (True, True, False)
    assert ("pilots_by_phase", "exploration", "1") in read(text).cells


@pytest.mark.parametrize(("moment", "made"), [("21:59", "14 Jul 2026"), ("22:00", "15 Jul 2026")])
@pytest.mark.parametrize("as_of", [None, "2026-07-11", "2026-07-01"])
def test_a_report_was_made_on_the_day_that_it_is_where_its_pilots_are(
    moment: str, made: str, as_of: str | None
) -> None:
    """The day on which a report was made is that of the zone by which it counts, also where no pilot had begun yet."""
    clock = Clock(datetime(2026, 7, 10, 9, tzinfo=UTC))
    with Engine.open("memory://", time=clock) as engine:
        engine.start("existing-contract", actor=LEAD, data={"title": "Catering", "organisation": "DJI"})
        clock.at = datetime.fromisoformat(f"2026-07-14T{moment}+00:00")
        text = text_of(engine, language="en", as_of=as_of)
    assert f"(made on {made})" in text
    assert as_of or f"As of {made}" in text


def test_a_report_of_no_pilots_says_so() -> None:
    """An empty store gives a report that says that there is nothing yet."""
    with Engine.open("memory://") as engine:
        text = text_of(engine, language="en")
    assert "There are no pilots on this day." in text
    assert "nothing is shown to this reader" not in text, "there is nothing to be shown"


def test_it_asks_nothing_of_a_network() -> None:
    """Nothing in a report names an address to load from, and it forbids its browser to."""
    text = of_fifteen(language="nl")
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href|xlink:href)=\"(?!#)|url\(|@import|<script|<link", text)


def test_fifteen_pilots_stay_below_a_megabyte() -> None:
    """The report of fifteen pilots is smaller than a megabyte."""
    assert len(of_fifteen(language="nl").encode()) < MEGABYTE


def test_progress_is_told_pilot_by_pilot() -> None:
    """Progress begins at none, tells each pilot, and ends with all of them."""
    told: list[tuple[int, int]] = []
    text_of(fifteen(), progress=lambda done, pilots: told.append((done, pilots)))
    assert [(number, 15) for number in range(16)] == told


def test_a_file_is_replaced_by_a_whole_report_or_not_at_all(engine: Engine, tmp_path: Path) -> None:
    """A report that fails half way leaves the file that was there, and nothing beside it."""
    file = tmp_path / "report.html"
    write_report(engine, file, language="en")
    before = file.read_text(encoding="utf-8")

    def stop(done: int, _pilots: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(engine, file, progress=stop)
    assert ([file], before) == (list(tmp_path.iterdir()), file.read_text(encoding="utf-8"))


def test_two_that_write_the_same_report_at_once_each_write_a_whole_one(engine: Engine, tmp_path: Path) -> None:
    """While a report is written to a file, another one may be: whoever is last leaves theirs, and nothing else."""
    file = tmp_path / "report.html"

    def meanwhile(done: int, _pilots: int) -> None:
        if done:
            write_report(engine, file, language="en")

    write_report(engine, file, language="nl", progress=meanwhile)
    assert ([file], text_of(engine, language="nl")) == (list(tmp_path.iterdir()), file.read_text(encoding="utf-8"))


def _language(engine: Engine) -> object:
    return report(engine, language="fr")


def _day(engine: Engine) -> object:
    return report(engine, as_of="soon")


def _far(engine: Engine) -> object:
    return report(engine, as_of="9999-12-30")


def _months(engine: Engine) -> object:
    return text_of(engine, months=-1)


def _filter(engine: Engine) -> object:
    return text_of(engine, programme=3)


@pytest.mark.parametrize(
    ("ask", "word"),
    [(_language, "language"), (_day, "as_of"), (_far, "as_of"), (_months, "months"), (_filter, "programme")],
)
def test_what_cannot_be_asked_is_told(engine: Engine, word: str, ask: Callable[[Engine], Any]) -> None:
    """A language, a day, a number of months or a filter that is none is refused by name."""
    with pytest.raises(BadArgument, match=word):
        ask(engine)


def test_an_earlier_day_tells_what_had_been_recorded_by_then() -> None:
    """Of an earlier day the pages tell nothing that was recorded later, and a pilot that had not begun has none."""
    text, later = (of_fifteen(language="en", **more) for more in ({"as_of": "2026-10-09"}, {}))
    assert (True, False) == ("21 Oct 2026" in later, "21 Oct 2026" in text)
    assert ("is told of today alone" in text, text.count("<article")) == (True, 15)
    assert 0 == of_fifteen(language="en", as_of="2026-09-20").count("<article")


def test_pictures_of_single_pilots_are_left_out_of_a_large_report() -> None:
    """Pages have pictures up to so many pilots, and none where there is one more."""
    texts = [of_fifteen(language="en", pictures=most) for most in (15, 14)]
    assert [15, 0] == [text.count("<figcaption>The life of") for text in texts]
