"""What keepers of pilots do over the years: `import`, `erase`, `checkpoint`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import CONFLICT, OK
from proeftuin.cli.options import At, Out, Store
from proeftuin.cli.screen import BAD, GOOD, SOFT, Screen
from proeftuin.cli.whole import STDOUT, closing, faults_of, given_file, present, watched, write_whole
from proeftuin.core.commands import Actor
from proeftuin.engine import Engine
from proeftuin.views import plain

FEW = 10
OFFICER = "privacy_officer"
HEAD_BYTES = 4096


def checkpoint(*, out: Out, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Write the version and last digest of every pilot to a file, for another party to keep.

    Args:
        out: the file, or - for the standard output.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        last = closing(write_whole(out, engine.checkpoint()))
    screen = at.screen
    if out == STDOUT:
        return OK
    if screen.json:
        screen.data({"file": out, "pilots": last["pilots"], "hash": last["hash"]})
        return OK
    screen.item(Text("+", GOOD), screen.tell("marked", count=last["pilots"], file=out))
    screen.raw(f"  {last['hash']}\n")
    screen.show(screen.tell("keep-hash"), style=SOFT, indent=2)
    return OK


def import_(
    *,
    from_: Annotated[str, Parameter(name="--from", allow_leading_hyphen=True)],
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    partly: Annotated[bool, Parameter(negative=())] = False,
    each: Annotated[bool, Parameter(negative=())] = False,
    workflow: Path | None = None,
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Take pilots in: from a spreadsheet (CSV), every row judged, or from what `export` wrote.

    Args:
        from_: the file, or - for the standard input; what it holds tells which of the two it is.
        dry_run: only judge, and write nothing.
        partly: write the pilots that hold, also where others do not.
        each: of a spreadsheet, one line per row; otherwise alike ones that follow each other are taken together.
        workflow: a workflow file that rows of the spreadsheet name, instead of the bundled workflows.
        at: where pilots go to.
    """
    workflow = workflow and present(workflow)
    with given_file(from_) as file, at.engine(workflow=workflow) as engine:
        if _is_export(from_, file):
            return _moved(at.screen, engine, from_, file, dry_run=dry_run, partly=partly)
        from proeftuin.cli.sheet import show_report
        from proeftuin.intake import take_in

        report = take_in(engine, file.read(), dry_run=dry_run, partly=partly)
    return show_report(at.screen, report, dry_run=dry_run, partly=partly, each=each)


def _is_export(name: str, file: BinaryIO) -> bool:
    """Whether a file is what `export` writes: by its first byte, or by its name."""
    start = file.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    file.seek(0)
    return start.startswith(b"{") or name.endswith(".jsonl")


def _lines(file: BinaryIO) -> Iterator[str]:
    file.seek(0)
    for raw in file:
        yield raw.decode("utf-8", "replace")  # what was no UTF-8 then fits no hash


def _moved(screen: Screen, engine: Engine, name: str, file: BinaryIO, *, dry_run: bool, partly: bool) -> int:
    """Check an export to its end, and then write its pilots."""
    with faults_of(name, "not-imported"):
        came = engine.import_pilots(watched(_lines(file)), dry_run=True)
    write = not dry_run and (partly or not came.differing)
    if write:
        with faults_of(name):
            came = engine.import_pilots(watched(_lines(file)))
    differing = list(came.differing)
    if screen.json:
        screen.data(
            {"file": name, "pilots": came.pilots, "known": came.known, "differing": differing, "written": write}
        )
    else:
        screen.item(Text("+", GOOD), screen.tell("moved" if write else "would-move", count=came.pilots, file=name))
        if came.known:
            screen.show(screen.tell("known-pilots", count=came.known), indent=2)
        if differing:
            few = ", ".join(plain(one) for one in differing[:FEW])
            more = screen.tell("d-more", count=len(differing) - FEW) if len(differing) > FEW else ""
            screen.item(Text("-", BAD), f"{screen.tell('differing', count=len(differing), pilots=few)} {more}".strip())
        if not write:
            screen.show(screen.tell("nothing-written"), style=SOFT, indent=2)
    return CONFLICT if differing else OK


def erase(
    ref: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    by: Annotated[str, Parameter(name=("--by", "--as"), env_var="PROEFTUIN_AS")],
    reason: str,
    role: Annotated[tuple[str, ...], Parameter(negative=())] = (OFFICER,),
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Forget a participant in every pilot: the ref is deleted, and each history says that it was.

    Args:
        ref: your ref of the participant; - reads it from the standard input, so that no shell keeps it.
        by: who does it.
        reason: why; it stays in the history, and may not hold the ref.
        role: in which role; the privacy officer alone may.
        at: where pilots are kept.
    """
    if ref == STDOUT:
        ref = sys.stdin.readline().strip()
    with at.engine() as engine:
        erased = engine.erase(ref, actor=Actor(by, roles=role), reason=reason)
    screen = at.screen
    if screen.json:
        screen.data({"pilots": list(erased.pilots), "scrubbed": erased.scrubbed})
        return OK
    _show_erased(screen, erased)
    return OK


def _show_erased(screen: Screen, erased: Any) -> None:  # noqa: ANN401  # an `Erased`, whose module is loaded on first use
    if erased.pilots:
        screen.item(Text("+", GOOD), screen.tell("forgotten", count=len(erased.pilots)))
        for one in erased.pilots:
            screen.raw(f"  {plain(one)}\n")
    else:
        screen.show(screen.tell("forgotten-nowhere"))
    screen.show(screen.tell("files-anew" if erased.scrubbed else "files-not-anew"), style=SOFT, indent=2)
    if erased.pilots:
        screen.show(screen.tell("copies"), style=SOFT, indent=2)
