"""One export: which pilots, for whom, and what of them each format asks for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO, Literal, TypeVar, get_args

from attrs import evolve

from proeftuin.agenda import Deadline, Deadlines
from proeftuin.core.commands import Actor
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import LANGUAGES
from proeftuin.dossiers import Dossier
from proeftuin.engine import Engine
from proeftuin.errors import BadArgument, UnknownPilot
from proeftuin.exports._figures import Figures
from proeftuin.exports._how import How
from proeftuin.exports._sheets import FIGURES, PILOTS, Sheets
from proeftuin.spi import Summary

Format = Literal["jsonl", "xes", "ocel", "csv", "xlsx", "ics"]
FORMATS: tuple[Format, ...] = get_args(Format)
TOGETHER = 200
"""Of how many pilots due days are counted in one go."""
T = TypeVar("T")


class Export:
    """Pilots on their way into a file.

    Args:
        engine: whose pilots.
        actor: for whom; `pilots` and `filters` say which.
        pilots: an id or ids, or None.
        filters: those of `find`.
        lang: the language; `people` is whether professionals are named.
        people: see there.
        progress: is told how many pilots there were so far.
    """

    def __init__(
        self,
        engine: Engine,
        actor: Actor | None,
        pilots: str | Iterable[str] | None,
        filters: Mapping[str, Any],
        *,
        lang: str,
        people: bool,
        progress: Callable[[int], object] | None,
    ) -> None:
        if lang not in LANGUAGES:
            raise BadArgument("lang", f"must be one of {', '.join(LANGUAGES)}")
        if pilots is not None and any(one is not None for one in filters.values()):
            raise BadArgument("pilots", "give ids or filters, not both")
        self._engine = engine
        self._view = None if actor is None else engine.seen_by(actor)
        self._eyes = engine if self._view is None else self._view
        self._pilots = pilots if pilots is None or isinstance(pilots, str) else tuple(pilots)
        self._filters = filters
        self._how = How(lang, people, engine.workflow)
        self._progress = progress
        self._count = 0

    def write(self, file: BinaryIO, format: Format, sheet: str | None) -> int:  # noqa: A002  # the word that people use
        """Write it, and return how many pilots are in it."""
        if format not in FORMATS:
            raise BadArgument("format", f"must be one of {', '.join(FORMATS)}")
        if sheet is not None and format != "csv":
            raise BadArgument("sheet", "goes with csv alone; xlsx holds all of them")
        if self._how.people and format in {"jsonl", "ics"}:
            raise BadArgument("people", "jsonl names them anyway, and in ics there are none; leave it out")
        writers: Mapping[Format, Callable[[BinaryIO], None]] = {
            "jsonl": self._jsonl,
            "xes": self._xes,
            "ocel": self._ocel,
            "csv": lambda to: self._csv(to, sheet or PILOTS),
            "xlsx": self._xlsx,
            "ics": self._ics,
        }
        writers[format](file)
        return self._count

    # -- what is written -------------------------------------------------------------------------------------------

    def _dossiers(self) -> Iterator[Dossier]:
        return self._counted(self._eyes.dossiers(pilots=self._pilots, **self._filters))

    def _ids(self) -> Iterator[str]:
        """Give the ids of the pilots that are meant."""
        if self._pilots is None:
            return (one.id for one in self._summaries())
        return iter((self._pilots,) if isinstance(self._pilots, str) else self._pilots)

    def _summaries(self) -> Iterator[Summary]:
        return self._eyes.each(**self._filters)

    def _counted(self, found: Iterable[T]) -> Iterator[T]:
        """Give pilots, and tell how many there were behind each."""
        for one in found:
            yield one
            self._count += 1
            if self._progress is not None:
                self._progress(self._count)

    def _sheets(self) -> Sheets:
        """Return the sheets of the workflows that the pilots follow."""
        if self._pilots is None:
            followed = dict.fromkeys(one.workflow for one in self._summaries())
        else:
            followed = dict.fromkeys(self._eyes.get(one).workflow for one in self._ids())
        return Sheets(map(self._engine.workflow, sorted(followed)), self._how)

    # -- formats ---------------------------------------------------------------------------------------------------

    def _jsonl(self, file: BinaryIO) -> None:
        ids = self._counted(self._ids())
        lines = self._engine.export_pilots(ids) if self._view is None else self._view.export(ids)
        file.writelines(line.encode() for line in lines)

    def _xes(self, file: BinaryIO) -> None:
        from proeftuin.exports import xes  # noqa: PLC0415  # one format is asked for, and not the others

        xes.write(self._dossiers(), file, self._how)

    def _ocel(self, file: BinaryIO) -> None:
        from proeftuin.exports import ocel  # noqa: PLC0415  # the same

        ocel.write(self._dossiers(), file, self._how)

    def _csv(self, file: BinaryIO, name: str) -> None:
        from proeftuin.exports import csv  # noqa: PLC0415  # the same

        sheets = self._sheets()
        if name == FIGURES:
            figures = self._figures(sheets)
            csv.write(figures.columns, figures.rows, file)
            return
        if name not in sheets.all:
            known = ", ".join((*sheets.all, FIGURES))
            raise BadArgument("sheet", f"there is none called {name}; there are: {known}")
        rows = (row for one in self._dossiers() for row in sheets.all[name].rows(one))
        csv.write(sheets.all[name].columns, rows, file)

    def _xlsx(self, file: BinaryIO) -> None:
        from proeftuin.exports import xlsx  # noqa: PLC0415  # the same

        sheets = self._sheets()
        xlsx.write(self._dossiers(), file, sheets, lambda: self._figures(sheets))

    def _figures(self, sheets: Sheets) -> Figures:
        """Return the figures of the pilots, as far as they may be seen; there are none of pilots of which none may."""
        try:
            found = self._eyes.metrics(pilots=self._pilots, **self._filters)
        except UnknownPilot:
            found = {}
        return Figures.of(found, sheets.workflows, self._how)

    def _ics(self, file: BinaryIO) -> None:
        from proeftuin.views.ics import ics_lines  # noqa: PLC0415  # the same

        ids = self._counted(self._ids())
        some = iter(lambda: tuple(islice(ids, TOGETHER)), ())
        found = (self._due(one) for one in some)
        file.writelines(line.encode() for line in ics_lines(found, lang=self._how.lang))

    def _due(self, ids: tuple[str, ...]) -> Deadlines:
        """Return the due days of pilots, without those on a track or record that may not leave."""
        there = {one.pilot.id: _places(one.pilot) for one in self._eyes.dossiers(pilots=ids)}
        due = self._eyes.deadlines(pilots=ids)
        return evolve(due, items=tuple(one for one in due.items if _place(one) in there[one.pilot_id]))


def _places(pilot: Pilot) -> frozenset[str | None]:
    """Return on what of a pilot a term may run: on all of it, on a track, on a record."""
    kept = {name for held in pilot.kept.values() for one in held for name in (one.id, one.first)}
    return frozenset({None, *pilot.tracks, *kept})


def _place(deadline: Deadline) -> str | None:
    """Return the track or record that a term runs on, by its key."""
    _, *places = deadline.key.split(":")
    return places[0] if places else None
