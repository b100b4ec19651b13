"""Exports: pilots as files for other tools. Nothing here decides what may leave the store: `dossiers` does.

jsonl    whole pilots for another store, or what an actor sees of them: one JSON a line
xes      a log for process mining, a trace for each pilot (IEEE 1849)
ocel     a log for process mining with objects: pilots, tracks, parties, records (OCEL 2.0, JSON)
csv      one sheet, for any spreadsheet
xlsx     all sheets in one file
ics      due days, for a calendar

Each is written as a stream: pilots come one after another, and what must stand further down in a file waits on disk. So
memory does not grow with the number of pilots.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, BinaryIO, Literal, get_args

from proeftuin.core.commands import Actor
from proeftuin.dossiers import Dossier
from proeftuin.engine import Engine
from proeftuin.errors import BadArgument
from proeftuin.exports._how import How

__all__ = ["FORMATS", "Format", "write_export"]

Format = Literal["jsonl", "xes", "ocel", "csv", "xlsx", "ics"]
FORMATS: tuple[Format, ...] = get_args(Format)


def write_export(
    engine: Engine,
    file: BinaryIO,
    *,
    format: Format,  # noqa: A002  # the word that people use
    actor: Actor | None = None,
    pilots: str | Iterable[str] | None = None,
    lang: str = "en",
    people: bool = False,
    progress: Callable[[int], object] | None = None,
    **filters: Any,  # noqa: ANN401  # those of `find`
) -> int:
    """Write pilots to a file, in a format for another tool, and return how many there were."""
    eyes = engine if actor is None else engine.seen_by(actor)
    counted = _Counted(progress)
    how = How(lang, people, engine.workflow)
    import_module(f"proeftuin.exports.{format}").write(counted.over(eyes.dossiers(pilots=pilots, **filters)), file, how)
    return counted.pilots


class _Counted:
    def __init__(self, progress: Callable[[int], object] | None) -> None:
        self._progress = progress
        self.pilots = 0

    def over(self, found: Iterable[Dossier]) -> Iterator[Dossier]:
        for one in found:
            yield one
            self.pilots += 1
            if self._progress is not None:
                self._progress(self.pilots)
