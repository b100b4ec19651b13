"""The rows of one pilot, tried one after the other, up to the first that is refused."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from attrs import Factory, define, evolve

from proeftuin.core.commands import Blocker
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table
from proeftuin.engine import Engine, Result
from proeftuin.errors import BadArgument, Refused, UnknownWorkflow, WorkflowChanged
from proeftuin.intake._faults import close, dated, fault, hinted
from proeftuin.intake._report import Verdict, What
from proeftuin.intake._rows import START, Row, RowReader
from proeftuin.intake._trial import Trial

ALONE = "it begins another pilot, and this store takes one at a time"


@define(eq=False, repr=False)
class Judged:
    """The verdicts on the rows of one pilot; `ids` are the pilots that were begun, the first one and those after it."""

    ref: str
    verdicts: list[Verdict] = Factory(list)
    ids: list[str] = Factory(list)
    there: bool = False

    @property
    def sound(self) -> bool:
        """Whether all rows hold, and the pilot is not there yet."""
        return not self.there and all(one.what in {"accepted", "warning"} for one in self.verdicts)


def keys(reader: RowReader, rows: Iterable[Row]) -> list[str]:
    """Return a key for each row: the same for the same row in another import, and another for the same row again."""
    found: list[str] = []
    counts: dict[str, int] = {}
    for row in rows:
        mark = reader.mark(row)
        counts[mark] = counts.get(mark, 0) + 1
        found.append(f"sheet-{mark}-{counts[mark]}")
    return found


def known(engine: Engine, pilot_id: str, rows: Sequence[Row], marks: Sequence[str], table: Table) -> Judged:
    """Return the verdicts on rows of a pilot that the store has: each was done by an earlier import, or is refused."""
    done = {event.key for event in engine.history(pilot_id)}
    found = Judged(rows[0].pilot, there=True)
    for row, key in zip(rows, marks, strict=True):
        if key in done:
            found.verdicts.append(_verdict(row, table, "there"))
        else:
            found.verdicts.append(_verdict(row, table, "refused", (fault("other-history"),)))
    return found


def tried(trial: Trial, rows: Sequence[Row], marks: Sequence[str], table: Table) -> Judged:
    """Return the verdicts on rows of a new pilot, which the trial then has."""
    return _Try(trial, table, rows[0].pilot).run(rows, marks)


def _covered(row: Row, blocker: Blocker) -> bool:
    """Whether the engine says of a field what was told already, and better."""
    return blocker.params.get("field") in row.faulty


def _verdict(row: Row, table: Table, what: What, blockers: Iterable[Blocker] = ()) -> Verdict:
    trigger = row.trigger or None
    return Verdict(row.number, row.pilot, what, trigger, row.track, tuple(blockers), workflow=table.workflow)


class _Try:
    """One pilot on its way."""

    def __init__(self, trial: Trial, table: Table, ref: str) -> None:
        self._trial = trial
        self._engine = trial.engine
        self._table = table
        self._judged = Judged(ref)
        self._kept: dict[str, str] = {}
        self._began = 0

    def run(self, rows: Sequence[Row], marks: Sequence[str]) -> Judged:
        """Try each row; behind one that was refused only what is wrong with a row itself can be told."""
        refused = False
        for row, key in zip(rows, marks, strict=True):
            if refused:
                verdict = _verdict(row, self._table, "refused" if row.faults else "not-reached", row.faults)
            else:
                verdict = self._one(row, key)
                refused = verdict.what == "refused"
            self._judged.verdicts.append(verdict)
        self._settle()
        return self._judged

    def _settle(self) -> None:
        """Leave out who was to sign where a later row did."""
        if self._judged.ids:
            waits = {(one.trigger, one.track) for one in self._engine.get(self._judged.ids[0]).signatures}
            self._judged.verdicts = [
                one if (one.trigger, one.track) in waits else evolve(one, pending=()) for one in self._judged.verdicts
            ]

    def _one(self, row: Row, key: str) -> Verdict:
        faults = [*row.faults, *self._misplaced(row)]
        result: Result | None = None
        if row.trigger and row.actor is not None and len(faults) == len(row.faults):
            self._trial.stand(row.on, self._table)
            data = self._pointed(row, faults)
            try:
                result = self._done(row, key, data)
                if result.started is not None and not self._trial.together:  # as the store would refuse it from `fire`
                    faults.append(fault("cannot-be-kept", problem=ALONE))
            except Refused as refused:
                faults += [self._told(row, one) for one in refused.blockers if not _covered(row, one)]
            except (BadArgument, UnknownWorkflow, WorkflowChanged) as error:
                faults.append(fault("cannot-be-kept", problem=f"{error}"))
        if faults or result is None:
            return _verdict(row, self._table, "refused", faults)
        self._remember(row, result)
        what: What = "warning" if result.warnings else "accepted"
        return Verdict(
            row.number,
            row.pilot,
            what,
            row.trigger,
            row.track,
            warnings=result.warnings,
            pending=result.pending,
            workflow=self._table.workflow,
        )

    def _told(self, row: Row, blocker: Blocker) -> Blocker:
        """Return a blocker in the words of a sheet, with what may have been meant by a track that there is not."""
        if blocker.params.get("field") == "on":
            return dated(blocker, row.day)
        if blocker.code != "unknown-track" or row.track is None:
            return blocker
        return hinted(blocker, close(row.track, self._engine.get(self._judged.ids[0]).tracks))

    def _misplaced(self, row: Row) -> Iterable[Blocker]:
        if not self._began and row.trigger != START:
            yield fault("no-start")
        if self._began and row.trigger == START:
            yield fault("begun-already", row=self._began)
        if row.keep in self._kept:
            yield fault("kept-twice", value=row.keep)

    def _done(self, row: Row, key: str, data: Mapping[str, Any]) -> Result:
        actor = row.actor
        if actor is None:  # pragma: no cover  # such a row is not tried
            raise AssertionError
        if row.trigger == START:
            workflow = self._table.workflow.id
            pilot_id = str(uuid5(NAMESPACE_URL, f"proeftuin:{key}"))
            return self._engine.start(workflow, actor=actor, data=data, id=pilot_id, ref=row.pilot, key=key, on=row.on)
        return self._engine.fire(
            self._judged.ids[0], row.trigger, actor=actor, data=data or None, track=row.track, key=key, on=row.on
        )

    def _remember(self, row: Row, result: Result) -> None:
        if row.trigger == START:
            self._began = row.number
            self._judged.ids.append(result.pilot.id)
        if result.started is not None:
            self._judged.ids.append(result.started)
        added = [event.data["id"] for event in result.events if event.type == "record.added"]
        if row.keep is not None and added:
            self._kept[row.keep] = added[0]

    # -- records that rows point at --------------------------------------------------------------------------------

    def _pointed(self, row: Row, faults: list[Blocker]) -> dict[str, Any]:
        """Return the data, with the ids of the records that the row points at."""
        if not row.points or not self._judged.ids:
            return row.data
        pilot = self._engine.get(self._judged.ids[0])
        found = dict(row.data)
        for name in row.points & found.keys():
            one = found[name]
            several = isinstance(one, list)
            ids = [self._record(pilot, each, row, faults) for each in (one if several else [one])]
            found[name] = ids if several else ids[0]
        return found

    def _record(self, pilot: Pilot, given: Any, row: Row, faults: list[Blocker]) -> Any:  # noqa: ANN401  # as it was given
        """Return the id of the record that a value names, or the value itself for the engine to judge."""
        if not isinstance(given, str):
            return given
        if given.startswith("$"):
            if given[1:] not in self._kept:
                faults.append(fault("not-kept", value=given[1:], meant=close(given[1:], self._kept)))
                row.faulty |= row.points
            return self._kept.get(given[1:], given)
        return self._of_participant(pilot, given) or given

    def _of_participant(self, pilot: Pilot, ref: str) -> str | None:
        """Return the record of a participant: the one that is open, or else the last."""
        subject = self._engine.subject(pilot.id, ref)
        if subject is None:
            return None
        theirs = [
            one
            for records in pilot.kept.values()
            for one in records
            if any(one.data.get(name) == subject for name in self._table.personal)
        ]
        still = [one for one in theirs if one.ended is None]
        return (still or theirs)[-1].id if theirs else None
