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

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from proeftuin.core.commands import Actor
from proeftuin.engine import Engine
from proeftuin.exports._export import FORMATS, Export, Format

__all__ = ["FORMATS", "Format", "write_export"]


def write_export(
    engine: Engine,
    file: BinaryIO,
    *,
    format: Format,  # noqa: A002  # the word that people use
    actor: Actor | None = None,
    pilots: str | Iterable[str] | None = None,
    lang: str = "en",
    sheet: str | None = None,
    people: bool = False,
    progress: Callable[[int], object] | None = None,
    **filters: Any,  # noqa: ANN401  # those of `find`
) -> int:
    """Write pilots to a file, in a format for another tool.

    Args:
        engine: whose pilots.
        file: open for writing bytes; it is not closed.
        format: one of `FORMATS`.
        actor: for whom: what this actor does not see is left out. None means that nobody in particular asks.
        pilots: an id or ids; None means all that match the filters.
        lang: `en` or `nl`, for what people read in it.
        sheet: of `csv` which one: `pilots`, `tracks`, `events`, `figures`, or a type of record; `pilots` by default.
        people: whether it says who did what, by the ids that the host gave. Roles are always there.
        progress: is called with the number of pilots so far, after each.
        filters: those of `find`, where no ids are given.

    Returns:
        How many pilots are in it.

    Raises:
        BadArgument: for an unknown format, language or sheet, for what the format does not take, for ids together with
            filters, or where the library for a format is not installed.
        UnknownPilot: for an id of no pilot, or of one of which the actor sees nothing.

    Note:
        Nothing but whole pilots for another store, `export_pilots(personal=True)`, ever holds the ref of a participant.
    """
    export = Export(engine, actor, pilots, filters, lang=lang, people=people, progress=progress)
    return export.write(file, format, sheet)
