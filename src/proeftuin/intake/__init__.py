"""Intake: pilots that are already running, from a spreadsheet into a store.

    take_in   the bytes of a CSV file and an engine -> Report: a verdict on every row, and what was written

One row is one thing that happened. Every row passes the one door of the engine, in the order of the file: roles, state,
data, guards, signatures, dates; and each is judged as on its own day. That is tried on an engine of its own in memory;
what holds is then carried over as whole pilots, one commit each, recorded now. So a pilot is written with all its rows
or not at all, and by default nothing is written where any row is refused.

Each row leaves its key in the history, so a sheet that is taken in again finds what it did, and does nothing.
See docs/moving.md for the columns.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from proeftuin.core.commands import Blocker
from proeftuin.engine import Engine
from proeftuin.errors import UnknownWorkflow, WorkflowChanged
from proeftuin.intake._columns import Columns, columns, words_alone
from proeftuin.intake._faults import close, fault
from proeftuin.intake._judge import Judged, keys, known, tried
from proeftuin.intake._report import Report, Verdict, What
from proeftuin.intake._rows import START, RowReader
from proeftuin.intake._sheet import Line, Sheet, Unreadable, read_sheet
from proeftuin.intake._trial import Trial
from proeftuin.intake._values import plain_key

if TYPE_CHECKING:
    from proeftuin.core.table import Table

__all__ = ["Report", "Verdict", "What", "take_in"]


def take_in(engine: Engine, source: bytes, *, dry_run: bool = False, partly: bool = False) -> Report:
    """Judge every row of a sheet, and write the pilots that it is about.

    Args:
        engine: where they go.
        source: the content of a CSV file.
        dry_run: only judge.
        partly: write the pilots that hold, also where others do not; otherwise all or none are written. Where a heading
            is wrong, nothing is.

    Raises:
        DefinitionError: where the file of a workflow has faults.
        StoreError: where the store fails; pilots that were written are whole, and the sheet can be taken in again.
    """
    try:
        sheet = read_sheet(source)
    except Unreadable as error:
        return Report((Verdict(1, "", "refused", blockers=(error.blocker,)),))
    return _Intake(engine, sheet).run(dry_run=dry_run, partly=partly)


class _Intake:
    """One sheet on its way in."""

    def __init__(self, engine: Engine, sheet: Sheet) -> None:
        self._engine = engine
        self._sheet = sheet
        self._trial = Trial(engine)
        self._columns: Columns = words_alone(sheet.heads)
        self._readers: dict[str, RowReader] = {}
        self._tables: dict[str, Table] = {}
        self._unknown: dict[str, UnknownWorkflow | WorkflowChanged] = {}

    def run(self, *, dry_run: bool, partly: bool) -> Report:
        """Judge, and write."""
        groups = self._pilots()
        followed = {ref: self._followed(lines) for ref, lines in groups.items()}
        self._columns = columns(self._sheet, list(self._tables.values()))
        about = [Verdict(1, "", "refused", blockers=self._columns.faults)] if self._columns.faults else []
        if self._sheet.broken is not None:
            about.append(Verdict(self._sheet.broken[0], "", "refused", blockers=(self._sheet.broken[1],)))
        if any(one.code == "missing-column" for one in self._columns.faults):
            return Report(tuple(about))
        judged = [self._judged(ref, lines, followed[ref]) for ref, lines in groups.items()]
        verdicts = [verdict for one in judged for verdict in one.verdicts]
        sound = [one for one in judged if one.sound]
        report = Report((*about, *sorted(verdicts, key=lambda one: one.row)), tuple(one.ref for one in sound))
        if dry_run or about or not sound or not (partly or report.ok):
            return report
        return self._written(report, sound)

    def _pilots(self) -> dict[str, list[Line]]:
        """Return the rows per pilot, each in the order of the file."""
        found: dict[str, list[Line]] = {}
        for line in self._sheet.lines:
            found.setdefault(self._columns.cell(line, "pilot"), []).append(line)
        return found

    def _followed(self, lines: Iterable[Line]) -> str:
        """Return which workflow the rows of a pilot name first, and see to it that its table is there."""
        named = next(filter(None, (self._columns.cell(line, "workflow") for line in lines)), "")
        if named and named not in self._tables and named not in self._unknown:
            try:
                self._tables[named] = self._trial.table(named)
            except (UnknownWorkflow, WorkflowChanged) as error:
                self._unknown[named] = error
        return named

    def _judged(self, ref: str, lines: Sequence[Line], followed: str) -> Judged:
        table = self._tables.get(followed)
        if table is None or not ref:
            return self._lost(ref, lines, followed)
        if followed not in self._readers:
            self._readers[followed] = RowReader(table, self._columns)
        reader = self._readers[followed]
        rows = [reader.read(line, ref) for line in lines]
        for row, line in zip(rows, lines, strict=True):
            if self._columns.cell(line, "workflow") not in ("", followed):
                row.wrong(fault("other-workflow", value=followed))
        marks = keys(reader, rows)
        there = self._engine.find(ref=ref, limit=1).items
        if there:
            return known(self._engine, there[0].id, rows, marks, table)
        return tried(self._trial, rows, marks, table)

    def _lost(self, ref: str, lines: Iterable[Line], followed: str) -> Judged:
        """Return the verdicts on rows of which it is not known what they are about."""
        if not ref:
            blockers = (fault("missing-cell", column=self._columns.words["pilot"].head),)
            return Judged(ref, [Verdict(line.number, ref, "refused", blockers=blockers) for line in lines])
        first, *rest = lines
        if (error := self._unknown.get(followed)) is not None:
            why = _no_workflow(followed, error)
        elif plain_key(self._columns.cell(first, "trigger")) == START:
            why = fault("missing-cell", column="workflow")
        else:
            why = fault("no-start")
        verdicts = [Verdict(first.number, ref, "refused", blockers=(why,))]
        return Judged(ref, verdicts + [Verdict(line.number, ref, "not-reached") for line in rest])

    def _written(self, report: Report, sound: Sequence[Judged]) -> Report:
        """Carry the pilots over, each as one commit."""
        ids = [pilot_id for one in sound for pilot_id in one.ids]
        came = self._engine.import_pilots(self._trial.export(ids))
        lost = {*came.differing}
        written = tuple(one.ref for one in sound if lost.isdisjoint(one.ids))
        taken = tuple(one.ref for one in sound if not lost.isdisjoint(one.ids))
        return Report(report.verdicts, report.sound, written, taken)


def _no_workflow(named: str, error: UnknownWorkflow | WorkflowChanged) -> Blocker:
    if isinstance(error, WorkflowChanged):
        return fault("cannot-be-kept", problem=f"{error}")
    return fault("unknown-workflow", value=named, known=", ".join(error.known), meant=close(named, error.known))
