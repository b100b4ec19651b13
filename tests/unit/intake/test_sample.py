"""Fifteen running pilots in a spreadsheet, with mistakes: the sample that the docs hand out."""

from collections import Counter

import pytest

from proeftuin import Actor
from proeftuin.intake import Report, take_in
from tests.unit.intake.sheets import MISTAKES, NOW, SAMPLE, engine, mended


@pytest.fixture(scope="module")
def wrong() -> Report:
    """What comes of the sample as it is."""
    with engine() as one:
        return take_in(one, SAMPLE.read_bytes())


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_told_at_its_row(wrong: Report, mistake: tuple[str, int, str, str, tuple[str, ...]]) -> None:
    """A row with a mistake is refused with its codes, and no other row of its pilot is."""
    pilot, row, _, _, codes = mistake
    refused = [one for one in wrong.verdicts if one.pilot == pilot and one.what == "refused"]
    assert [(row, codes)] == [(one.row, tuple(blocker.code for blocker in one.blockers)) for one in refused]


def test_the_heading_is_told_once_with_what_was_meant(wrong: Report) -> None:
    """A slip in a heading is one finding in row 1, and the rows are judged as if it had been what was meant."""
    heads = [one for one in wrong.verdicts if one.row == 1]
    assert [("unknown-column", "kenmerk")] == [(two.code, two.params["meant"]) for one in heads for two in one.blockers]
    assert 1 + len(MISTAKES) == sum(one.what == "refused" for one in wrong.verdicts)


def test_rows_behind_a_mistake_are_not_reached(wrong: Report) -> None:
    """Of a pilot with a mistake the rows before it hold, and those behind it are not reached."""
    for pilot, row, *_ in MISTAKES:
        found = {one.row: one.what for one in wrong.verdicts if one.pilot == pilot}
        assert {"accepted"} >= {what for number, what in found.items() if number < row}
        assert {"not-reached"} >= {what for number, what in found.items() if number > row}


def test_every_reason_says_what_to_do_in_both_languages(wrong: Report) -> None:
    """No reason is a bare code, whatever the language, and the one who may help is named where the engine knows."""
    found = {blocker.code: blocker for one in wrong.verdicts for blocker in one.blockers}
    assert [] == [code for code, one in found.items() for lang in ("en", "nl") if one.text(lang) == code]
    assert "Board" in found["forbidden-role"].text("en")
    assert "Bestuur" in found["forbidden-role"].text("nl")
    assert ["complete_exploration"] == [one.trigger for one in found["wrong-state"].missing]
    meant = {code: one.params["meant"] for code, one in found.items() if "meant" in one.params}
    assert {
        "unknown-trigger",
        "unknown-track",
        "unknown-role",
        "unknown-workflow",
        "bad-choice",
        "unknown-column",
    } == set(meant)
    assert ("uitnodigen", "schoonschip") == (meant["unknown-trigger"], meant["unknown-track"])


def test_what_looks_like_a_person_is_not_repeated(wrong: Report) -> None:
    """The number that could be somebody's stands nowhere in the report."""
    assert "111222333" not in repr(wrong)


def test_nothing_is_written_where_anything_is_wrong() -> None:
    """The sample as it is leaves the store empty, also when only some pilots are asked for: its headings are wrong."""
    with engine() as one:
        for report in (take_in(one, SAMPLE.read_bytes(), partly=partly) for partly in (False, True)):
            assert (False, ()) == (report.ok, report.written)
            assert ("PT-01", "PT-07", "PT-12") == report.sound
        assert () == one.count()


def test_in_parts_only_whole_pilots_are_written() -> None:
    """With its heading mended and one row more, only the pilots all rows of which hold are there, with all of these."""
    with engine() as one:
        report = take_in(one, mended({1, 49}), partly=True)
        assert ("PT-01", "PT-02", "PT-07", "PT-12") == report.written
        assert {"PT-01", "PT-02", "PT-07", "PT-12"} == {each.ref for each in one.each()}
        rows = Counter(verdict.pilot for verdict in report.verdicts)
        for pilot in one.each():
            assert rows[str(pilot.ref)] == len({event.key for event in one.history(pilot.id) if event.key})
        assert () == one.verify()


def test_mended_all_fifteen_are_in() -> None:
    """With every mistake mended the fifteen pilots are in, with the figures of the portfolio, and all is whole."""
    with engine() as one:
        report = take_in(one, mended())
        assert (True, 15) == (report.ok, len(report.written))
        assert () == one.verify()
        phases = {tally.phase: tally.pilots for tally in one.count()}
        expected = {"exploration": 2, "commitment": 2, "supplier_talks": 2, "implementation": 4, "evaluation": 1}
        assert {**expected, "closed": 4} == phases
        found = one.metrics("jobs_25_5", "placements_active")
        assert ("14.86", 17) == (found["jobs_25_5"].value, found["placements_active"].value)


def test_what_was_recorded_now_says_so() -> None:
    """Each event counts for the day of its row, and is recorded at the moment of the import."""
    with engine() as one:
        take_in(one, mended())
        pilot = one.find(ref="PT-02").items[0]
        events = list(one.history(pilot.id))
        assert {NOW} == {event.at for event in events}
        assert "2024-02-14" == events[0].on.isoformat()
        assert (NOW, NOW) == (pilot.created_at, pilot.updated_at)


def test_participants_are_known_again() -> None:
    """The refs of participants come along, and the history holds none of them."""
    with engine() as one:
        take_in(one, mended())
        pilot = one.find(ref="PT-02").items[0]
        assert "s1" == one.subject(pilot.id, "deelnemer-pt02-1")
        assert "deelnemer" not in repr(list(one.history(pilot.id)))


def test_a_second_time_nothing_is_done() -> None:
    """The same sheet again finds every row done, and writes nothing."""
    with engine() as one:
        take_in(one, mended())
        before = list(one.checkpoint())[1:]
        again = take_in(one, mended())
        assert {"there"} == {verdict.what for verdict in again.verdicts}
        assert (True, ()) == (again.ok, again.written)
        assert before == list(one.checkpoint())[1:]


def test_pilots_go_on_after_it() -> None:
    """A pilot that was taken in takes commands as any other, and its sheet still counts as done."""
    with engine() as one:
        take_in(one, mended())
        pilot = one.find(ref="PT-07").items[0].id
        lead = Actor(next(one.history(pilot)).actor, roles={"coordinator"})
        one.fire(pilot, "add_lesson", actor=lead, data={"text": "Ask the tailor first"})
        assert {"there"} == {verdict.what for verdict in take_in(one, mended()).verdicts}
