"""Whether a store keeps its promises: `conform`, and which there are: `stores`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.options import Look, Looks
from proeftuin.cli.screen import BAD, GOOD, SOFT, Screen
from proeftuin.cli.whole import write_whole
from proeftuin.testing.case import GROUPS
from proeftuin.testing.hosts import SQLALCHEMY
from proeftuin.testing.installed import installed
from proeftuin.testing.report import Report, Result
from proeftuin.testing.run import SIZES
from proeftuin.testing.run import conform as run
from proeftuin.views import plain

FLAGS = ("durable", "multi_process", "multi_pilot")


def conform(
    url: str,
    /,
    *,
    only: str = "",
    size: Literal["small", "crowded", "both"] = "both",
    report: Annotated[Path | None, Parameter(name="--json")] = None,
    opener: str | None = None,
    host: str = SQLALCHEMY,
    lang: Annotated[Literal["en", "nl"], Parameter(env_var="PROEFTUIN_LANG")] = "en",
) -> int:
    """Prove a store: run every case of the conformance kit on a scratch database.

    Args:
        url: where it is; what the cases write stays in it.
        only: groups and cases, as in A,B07; all where it is left out.
        size: in an empty tenant, in one that holds a thousand other pilots, or both.
        report: a file for the whole report as JSON.
        opener: package.module:function that opens the URL, for a store that is not installed.
        host: package.module:function that begins a transaction of a host on it, for a store that takes others than
            SQLAlchemy's.
        lang: the language of the answer: en or nl.
    """
    sys.path.insert(0, str(Path.cwd()))  # where an author's own module is, as with `python -m`
    screen = Screen(lang=lang)
    sizes = tuple(SIZES) if size == "both" else (size,)
    chosen = tuple(one for one in only.split(",") if one.strip())
    found = run(url, opener=opener, host=host, only=chosen, sizes=sizes, told=lambda one: _failure(screen, one))
    _summary(screen, found)  # first: a file that cannot be written does not take a long run with it
    if report is not None:
        write_whole(str(report), [json.dumps(found.as_dict(), indent=2, ensure_ascii=False), "\n"])
    return OK if found.ok else REFUSED


def _failure(screen: Screen, one: Result) -> None:
    if one.verdict == "failed":
        screen.item(Text("x", BAD), f"{one.size}: {plain(one.reason)}")


def _summary(screen: Screen, report: Report) -> None:
    counts = {letter: report.counts(letter) for letter in report.groups()}
    rows = [
        (
            letter,
            GROUPS[letter],
            f"{of['passed']}",
            Text(f"{of['failed']}", BAD if of["failed"] else ""),
            f"{of['skipped']}",
        )
        for letter, of in counts.items()
    ]
    screen.show()
    screen.table(["", *(screen.tell(f"k-{name}") for name in ("group", "passed", "failed", "skipped"))], rows)
    for reason, cases in _skips(report).items():
        screen.show(screen.tell("k-skip", cases=", ".join(cases), reason=reason), style=SOFT)
    if report.stopped is not None:
        screen.show(screen.tell("k-stopped"), style=BAD)
    screen.show()
    screen.show(screen.tell("k-store", store=report.store, kit=report.kit, spi=report.spi), style=SOFT)
    screen.show(screen.tell("k-closing", **report.counts()), style=GOOD if report.ok else BAD)


def _skips(report: Report) -> dict[str, list[str]]:
    """Return the cases that were skipped, by reason."""
    found: dict[str, list[str]] = {}
    for one in report.skipped:
        cases = found.setdefault(one.reason, [])
        if one.case.id not in cases:
            cases.append(one.case.id)
    return found


def stores(*, look: Looks = Look()) -> int:  # noqa: B008  # a frozen value
    """List the kinds of stores that are installed, and what each offers.

    Args:
        look: how the answer is shown.
    """
    screen, found = look.screen, installed()
    if screen.json:
        screen.data(
            [
                {
                    "scheme": one.scheme,
                    "opener": one.opener,
                    "from": one.source,
                    "offers": one.offers,
                    "problem": one.problem,
                }
                for one in found
            ]
        )
        return OK
    rows = []
    for one in found:
        offered = [name for name, has in (one.offers or {}).items() if has]
        parts = ", ".join(name for name in offered if name not in FLAGS)
        flags = ", ".join(name for name in offered if name in FLAGS)
        unknown = screen.tell("k-unknown") if one.offers is None else "-"
        told = Text(plain(one.problem), BAD) if one.problem else parts or unknown
        rows.append((f"{plain(one.scheme)}://", plain(one.source) or "-", told, flags or unknown))
    screen.table([screen.tell(f"k-{name}") for name in ("scheme", "from", "parts", "flags")], rows)
    return OK
