"""Recorded histories, held against another version of their workflow: `replay`."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from proeftuin.cli.exits import OK, REFUSED, Faulty, Usage
from proeftuin.cli.options import Look, Looks
from proeftuin.cli.screen import BAD, GOOD, SOFT
from proeftuin.cli.whole import faults_of, present
from proeftuin.definitions import load_workflow
from proeftuin.rehearsing import rehearse
from proeftuin.views import plain

if TYPE_CHECKING:
    from proeftuin.core.migration.rehearse import Difference

NAMES = ("*.jsonl", "*.jsonl.gz")


def replay(*, histories: Path, workflow: Path, look: Looks = Look()) -> int:  # noqa: B008  # a frozen value
    """Hold recorded histories against a version of their workflow: where would each have gone differently first?

    Args:
        histories: a file that `export` wrote, or a folder of them (.jsonl, .jsonl.gz).
        workflow: the file of the version.
        look: how the answer is shown.
    """
    version, screen = load_workflow(present(workflow)), look.screen
    files = [histories] if histories.is_file() else sorted(one for name in NAMES for one in histories.glob(name))
    if not files:
        raise Usage("g-no-histories", given=plain(histories))
    found: list[tuple[str, Difference | None]] = []
    for file in files:
        with faults_of(plain(file)):
            found += rehearse(_lines(file), version)
    if not found:
        raise Usage("g-none-of-it", given=plain(histories), workflow=version.name)
    differing = [one for _, one in found if one is not None]
    if screen.json:
        told = [
            {"pilot": one.pilot_id, "version": one.version, "what": one.what, "text": one.text} for one in differing
        ]
        screen.data({"histories": len(found), "differences": told})
    else:
        mark = Text("-", BAD) if differing else Text("+", GOOD)
        screen.item(mark, screen.tell("g-replayed", count=len(found), differing=len(differing)))
        for one in differing:
            screen.show(plain(f"{one.pilot_id} {one.version}: {one.what}: {one.text}"), style=SOFT, indent=2)
    return REFUSED if differing else OK


def _lines(file: Path) -> Iterator[str]:
    """Give the lines of a file.

    Raises:
        Faulty: it is no text in UTF-8, or is damaged.
    """
    try:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            yield from lines
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Faulty("os-error", file=plain(file), problem=plain(error)) from error
