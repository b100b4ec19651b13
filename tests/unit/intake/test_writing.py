"""What is written, and what never is: whole pilots, once, under the rules of the engine that they go to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, Blocker, Engine, Refused, StoreBusy, load_workflow
from proeftuin.definitions import dump
from proeftuin.intake import take_in
from proeftuin.spi import Before
from proeftuin.storage import open_store
from tests.unit.intake.sheets import StandingTime, begun, blockers, codes, done, engine, judged, sheet

LEAD = Actor("anna", roles={"coordinator"})
ROWS = (begun(), done("add_lesson", text="x"), done("add_lesson", text="x"))


def _content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_dry_run_leaves_the_files_as_they_are(tmp_path: Path) -> None:
    """After a dry run no byte of the store differs: not even the workflow is kept."""
    url = f"sqlite:///{tmp_path}/pilots.db"
    Engine.open(url).close()
    before = _content(tmp_path)
    with Engine.open(url) as one:
        report = take_in(one, sheet(*ROWS), dry_run=True)
    assert (True, ("P-1",), ()) == (report.ok, report.sound, report.written)
    assert before == _content(tmp_path)


def test_rows_that_begin_by_an_edited_file_are_refused() -> None:
    """A sheet begins no pilot by a file that was changed without a new version, and says what to do."""
    store = open_store("memory://")
    first = Engine(store, time=StandingTime())
    first.start("existing-contract", actor=LEAD, data={"title": "a", "organisation": "b"})
    held = first.workflow("existing-contract")
    other = load_workflow(dump(held).decode().replace('"add_lesson"', '"note_lesson"') + "\n")
    assert other.hash != held.hash
    for named in ("existing-contract", "existing-contract@1"):
        rows = [{**row, "workflow": named} if row.get("workflow") else row for row in ROWS]
        report = take_in(Engine(store, workflows=[other], time=StandingTime()), sheet(*rows))
        assert ([(2, ["cannot-be-kept"])], ()) == (codes(report), report.written)
        assert "give the change the next version" in blockers(report)[0].text("en")


def test_a_row_that_was_not_there_before_is_refused() -> None:
    """A pilot that is there gets nothing added: what is new in its rows is refused, what is known is there already."""
    with engine() as one:
        take_in(one, sheet(*ROWS))
        report = take_in(one, sheet(*ROWS, done("add_lesson", text="new"), begun("P-2")))
        assert ["there", "there", "there", "refused", "accepted"] == [verdict.what for verdict in report.verdicts]
        assert (["other-history"], ()) == ([blocker.code for blocker in blockers(report)], report.written)
        partly = take_in(one, sheet(*ROWS, done("add_lesson", text="new"), begun("P-2")), partly=True)
        assert ("P-2",) == partly.written
        assert 2 == len(one.get(one.find(ref="P-1").items[0].id).kept["lesson"])


def test_a_pilot_that_was_begun_by_hand_is_left_alone() -> None:
    """A ref that belongs to a pilot of another origin is refused, row by row."""
    with engine() as one:
        one.start("existing-contract", actor=LEAD, data={"title": "Canteen", "organisation": "DJI"}, ref="P-1")
        assert [(2, ["other-history"]), (3, ["other-history"]), (4, ["other-history"])] == codes(
            take_in(one, sheet(*ROWS))
        )


def test_how_a_cell_is_written_does_not_matter_the_second_time() -> None:
    """The same thing in another notation is still the same row."""
    goal = done("set_goal", kind="horizon", text="All", target="12,5")
    with engine() as one:
        take_in(one, sheet(begun(), goal))
        same = {**goal, "date": "6-1-2026", "target": "12.5", "kind": "Aan de horizon", "trigger": "Doel stellen"}
        assert {"there"} == {verdict.what for verdict in take_in(one, sheet(begun(), same)).verdicts}


def test_what_a_row_leaves_in_the_history_is_the_same_for_every_participant(tmp_path: Path) -> None:
    """The key that a row leaves says nothing about whom it is about, so an erasure leaves nothing to guess with."""
    from proeftuin.core.table import compile_workflow  # noqa: PLC0415  # the same
    from proeftuin.definitions import Catalogue  # noqa: PLC0415  # used here alone
    from proeftuin.intake._columns import columns  # noqa: PLC0415  # the same
    from proeftuin.intake._rows import RowReader  # noqa: PLC0415  # the same
    from proeftuin.intake._sheet import read_sheet  # noqa: PLC0415  # the same

    table = compile_workflow(Catalogue().get("existing-contract"))

    def mark(**data: str) -> str:
        found = read_sheet(
            sheet({**done("start_placement", track="x"), "participant": "", "placement": "", "reason": "", **data})
        )
        reader = RowReader(table, columns(found, [table]))
        return reader.mark(reader.read(found.lines[0], "P-1"))

    assert mark(participant="person-a") == mark(participant="person-b")
    moved = {"trigger": "move_placement", "start": "2026-01-07"}
    assert mark(placement="person-a", **moved) == mark(placement="person-b", **moved)
    corrected = {"trigger": "correct", "record": "placement-1", "reason": "typo"}
    left = [mark(fields=f'{{"participant": "{one}", "paid": true}}', **corrected) for one in ("person-a", "person-b")]
    assert left[0] == left[1]
    assert mark(trigger="correct", reason="typo") != mark(trigger="correct", reason="slip")


class Watching:
    """A hook that may veto, and hears of what was done."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def before(self, moment: Before) -> Blocker | None:
        return Blocker("no-lessons") if moment.command.trigger == "add_lesson" else None

    def recorded(self, moment: Any) -> None:
        self.heard.append("recorded")

    def committed(self, moment: Any) -> None:
        self.heard.append("committed")

    def refused(self, moment: Any) -> None:
        self.heard.append("refused")


def test_a_veto_of_the_host_counts_and_a_trial_is_not_heard() -> None:
    """A hook that may veto is asked for every row, and nobody is told of what was only tried."""
    hook = Watching()
    report = judged(*ROWS, hooks=[hook])
    assert [(3, ["no-lessons"])] == codes(report)
    assert [] == hook.heard


def test_guards_and_numbers_of_the_host_count() -> None:
    """The limits that the host sets hold for rows too."""
    from datetime import date  # noqa: PLC0415  # used here alone

    from proeftuin import Dated, Settings  # noqa: PLC0415  # the same

    few = Settings({"kept_records": [Dated("1", date(2015, 1, 1), "a test")]})
    assert [(4, ["limit-reached"])] == codes(judged(*ROWS, settings=few))


def test_each_tenant_has_its_own() -> None:
    """A sheet goes to the tenant of the engine, and a ref that another tenant has is free."""
    with engine() as one:
        other = one.for_tenant("other")
        assert ("P-1",) == take_in(one, sheet(*ROWS)).written
        assert ("P-1",) == take_in(other, sheet(*ROWS)).written
        assert ("default", "other") == one.tenants()


def test_inside_the_transaction_of_a_host_nothing_is_there_before_it_commits(tmp_path: Path) -> None:
    """An import on the host's connection is undone with it."""
    import sqlite3  # noqa: PLC0415  # used here alone

    url = f"sqlite:///{tmp_path}/pilots.db"
    with Engine.open(url, time=StandingTime()) as one:
        connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        assert ("P-1",) == take_in(one.using(connection), sheet(*ROWS)).written
        connection.rollback()
        connection.close()
        assert () == one.count()


def _with_ref_taken(one: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have another client begin a pilot with the same ref between the judgement and the writing."""
    write = one.import_pilots

    def late(lines: Iterator[str], **options: Any) -> Any:
        one.start("existing-contract", actor=LEAD, data={"title": "First", "organisation": "DJI"}, ref="P-1")
        return write(lines, **options)

    monkeypatch.setattr(one, "import_pilots", late)


def test_whoever_was_first_keeps_the_ref(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot whose ref was taken between the judgement and the writing is not written, and that is told."""
    with engine() as one:
        _with_ref_taken(one, monkeypatch)
        report = take_in(one, sheet(*ROWS, begun("P-2")))
        assert (False, ("P-2",), ("P-1",)) == (report.ok, report.written, report.taken)
        assert "First" == one.get(one.find(ref="P-1").items[0].id).data["title"]


def test_a_store_that_fails_is_told_and_the_sheet_can_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the store fails at the writing nothing is half, and the same sheet then does it."""
    with engine() as one:
        with monkeypatch.context() as broken:
            broken.setattr(one._parts["store"], "append", _busy)
            with pytest.raises(StoreBusy):
                take_in(one, sheet(*ROWS))
        assert () == one.count()
        assert ("P-1",) == take_in(one, sheet(*ROWS)).written


def _busy(*commits: object, **_: object) -> None:
    raise StoreBusy("others held it for too long")


def test_each_row_is_what_fire_would_have_answered() -> None:
    """A refused row has the very blockers that the same command gets at the front door."""
    with engine() as one:
        report = take_in(one, sheet(begun(date="2026-03-02"), done("complete_exploration", date="2026-03-02")))
        pilot = one.start("existing-contract", actor=LEAD, data={"title": "Canteen", "organisation": "DJI"}).pilot
        with pytest.raises(Refused) as refused:
            one.fire(pilot.id, "complete_exploration", actor=LEAD, on="2026-03-02")
    assert refused.value.blockers == report.verdicts[1].blockers
