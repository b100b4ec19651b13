"""Pilots as files: `export`."""

import sys
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import OK, Usage
from proeftuin.cli.options import Acts, At, Chosen, Eyes, Filters, Out, Store, Who, find_pilot
from proeftuin.cli.progress import progress_bar
from proeftuin.cli.screen import GOOD, SOFT
from proeftuin.cli.whole import STDOUT, closing, whole_file, write_whole
from proeftuin.core.commands import Actor
from proeftuin.exports import Format, write_export

SOME = Parameter(negative=())
OFFICER = "privacy_officer"


def export(
    *pilots: str,
    out: Out,
    format: Format = "jsonl",  # noqa: A002  # the word that people type
    sheet: str | None = None,
    people: Annotated[bool, SOME] = False,
    personal: Annotated[bool, SOME] = False,
    reason: str | None = None,
    seen: Annotated[bool, SOME] = False,
    chosen: Chosen = Filters(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Write pilots to a file: whole for another store, or for a spreadsheet, process mining or a calendar.

    Args:
        pilots: their ids, the beginnings of them, or your refs; left out, all that are chosen.
        out: the file, or - for the standard output.
        format: jsonl for another store; xes, ocel for process mining; csv, xlsx for a spreadsheet; ics for a calendar.
        sheet: of csv which one: pilots, tracks, events, figures, or a type of record.
        people: also who did it, by the ids that your organisation gave; roles are always there.
        personal: of jsonl, also the refs of participants, which another store needs; for the privacy officer.
        reason: why, with `--personal`; it stays in the history of each pilot.
        seen: of jsonl, not whole: one line for each pilot, with only what the person with this role sees.
        chosen: which pilots, where none is named.
        who: for whom, with a role; in jsonl only with `--seen`. Who does it, with `--personal`.
        at: where pilots are kept.
    """
    if (which := _at_odds(format, reason, personal=personal, seen=seen)) is not None:
        raise Usage(which)
    if personal:
        return _with_refs(pilots, out, who, reason, chosen, at=at)
    if format == "xlsx" and out == STDOUT and sys.stdout.isatty():
        raise Usage("no-text", format=format)
    asker = who.actor() if seen else who.asker() if format != "jsonl" else None
    asked: dict[str, Any] = {"format": format, "sheet": sheet, "people": people, "lang": at.lang}
    count = _written(pilots, out, asker, chosen, asked, at=at)
    told = "exported-seen" if asker is not None else "exported" if format == "jsonl" else "exported-as"
    return _told(at, out, told, count, format=format, whole=format == "jsonl" and asker is None)


def _at_odds(form: str, reason: str | None, *, personal: bool, seen: bool) -> str | None:
    """Return the word for what does not go together, None where all does."""
    if personal and (seen or form != "jsonl"):
        return "personal-or-seen"
    if seen and form != "jsonl":
        return "seen-alone"
    return "reason-alone" if reason is not None and not personal else None


def _written(
    pilots: tuple[str, ...], out: str, asker: Actor | None, chosen: Filters, asked: dict[str, Any], *, at: At
) -> int:
    """Write the pilots that are meant, with a bar, and return how many there are."""
    filters = {name: one for name, one in chosen.asked().items() if one is not None}
    with at.engine() as engine:
        eyes: Eyes = engine if asker is None else engine.seen_by(asker)
        wanted = tuple(find_pilot(eyes, one) for one in pilots) or None

        def total() -> int:
            return len(wanted) if wanted else sum(one.pilots for one in eyes.count(**filters))

        with progress_bar(at.screen.tell("exporting"), total) as progress, whole_file(out) as file:
            return write_export(engine, file, actor=asker, pilots=wanted, progress=progress, **asked, **filters)


def _with_refs(pilots: tuple[str, ...], out: str, who: Who, reason: str | None, chosen: Filters, *, at: At) -> int:
    """Write whole pilots with the refs of their participants."""
    if who.as_ is None or reason is None:
        raise Usage("personal-why")
    officer = Actor(who.as_, roles=who.role or (OFFICER,), party=who.party)
    with at.engine() as engine:
        wanted = [find_pilot(engine, one) for one in pilots] or [one.id for one in engine.each(**chosen.asked())]
        lines = engine.export_pilots(wanted, personal=True, actor=officer, reason=reason)
        last = write_whole(out, lines, private=True)
    return _told(at, out, "exported", int(str(closing(last)["pilots"])), format="jsonl", whole=True, personal=True)


def _told(at: At, out: str, told: str, count: int, *, format: str, whole: bool, personal: bool = False) -> int:  # noqa: A002  # as above
    """Say what was written, where that is not the standard output."""
    screen = at.screen
    if out == STDOUT:
        return OK
    if screen.json:
        screen.data({"file": out, "format": format, "pilots": count, "personal": personal})
        return OK
    screen.item(Text("+", GOOD), screen.tell(told, count=count, file=out, format=format))
    if whole and count:
        screen.show(screen.tell("with-refs" if personal else "without-refs"), style=SOFT, indent=2)
    return OK
