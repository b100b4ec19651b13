"""What came of a spreadsheet, row by row: a table for people, or JSON."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from attrs import frozen
from rich.text import Text

from proeftuin.cli import jsons
from proeftuin.cli.exits import CONFLICT, OK, REFUSED
from proeftuin.cli.reasons import show_blockers, show_warnings
from proeftuin.cli.screen import BAD, CARE, GOOD, SOFT, Screen
from proeftuin.definitions import Catalogue
from proeftuin.intake import Report, Verdict, What
from proeftuin.views import plain, word

STYLES = {"accepted": GOOD, "warning": CARE, "refused": BAD, "not-reached": SOFT, "there": SOFT}
WHATS: tuple[What, ...] = ("accepted", "warning", "refused", "not-reached", "there")
LONGEST_NAME = 24


def show_report(screen: Screen, report: Report, *, dry_run: bool, partly: bool, each: bool) -> int:
    """Write a report, and return the exit code."""
    if screen.json:
        screen.data(_plain(report, screen.lang))
    else:
        _show_rows(screen, report, each=each)
        _show_end(screen, report, dry_run=dry_run, partly=partly)
    if report.taken:
        return CONFLICT
    return OK if report.ok else REFUSED


def _plain(report: Report, lang: str) -> dict[str, Any]:
    rows = [
        {
            "row": one.row,
            "pilot": one.pilot or None,
            "verdict": one.what,
            "trigger": one.trigger,
            "track": one.track,
            "blockers": [jsons.of_blocker(blocker, lang) for blocker in one.blockers],
            "warnings": [jsons.of_blocker(blocker, lang) for blocker in one.warnings],
            "pending": list(one.pending),
        }
        for one in report.verdicts
    ]
    return {
        "ok": report.ok,
        "rows": rows,
        "counts": {what: report.count(what) for what in WHATS},
        "sound": list(report.sound),
        "written": list(report.written),
        "taken": list(report.taken),
    }


@frozen
class _Stretch:
    """Rows of one pilot that follow each other and came out alike; those with something to tell stand alone."""

    rows: tuple[Verdict, ...]

    @property
    def first(self) -> Verdict:
        return self.rows[0]

    @property
    def numbers(self) -> str:
        first, last = self.rows[0].row, self.rows[-1].row
        return f"{first}" if first == last else f"{first}-{last}"


def _stretches(verdicts: Iterable[Verdict], *, each: bool) -> Iterator[_Stretch]:
    """Give the stretches of one pilot, in order."""

    def alike(one: Verdict) -> object:
        alone = each or one.blockers or one.warnings or one.pending
        return (one.what, one.row if alone else 0)

    for _, rows in groupby(verdicts, alike):
        yield _Stretch(tuple(rows))


def _by_pilot(verdicts: Iterable[Verdict]) -> Iterable[list[Verdict]]:
    """Return the verdicts per pilot, in the order in which the sheet names them."""
    found: dict[str, list[Verdict]] = {}
    for one in verdicts:
        found.setdefault(one.pilot, []).append(one)
    return found.values()


def _show_rows(screen: Screen, report: Report, *, each: bool) -> None:
    found = [one for verdicts in _by_pilot(report.verdicts) for one in _stretches(verdicts, each=each)]
    heads = (screen.tell("c-row"), screen.tell("c-pilot"))
    wide = max(len(heads[0]), *(len(one.numbers) for one in found), 0) if found else len(heads[0])
    names = [min(len(plain(one.first.pilot)), LONGEST_NAME) for one in found]
    name = max(len(heads[1]), *names) if names else len(heads[1])
    screen.show(Text(f"{heads[0]:>{wide}}  {heads[1]:<{name}}  {screen.tell('c-verdict')}", SOFT))
    for one in found:
        first = one.first
        line = Text(f"{one.numbers:>{wide}}  {plain(first.pilot, LONGEST_NAME):<{name}}  ")
        line.append(screen.tell(f"row-{first.what}"), STYLES[first.what])
        if each or first.blockers or first.warnings or first.pending:
            line.append(_what(screen, first))
        screen.show(line)
        _show_why(screen, first, indent=wide + 2)


def _what(screen: Screen, verdict: Verdict) -> str:
    if verdict.trigger is None or verdict.workflow is None:
        return ""
    track = f" ({plain(verdict.track)})" if verdict.track else ""
    return f": {word(verdict.workflow, verdict.trigger, screen.lang)}{track}"


def _show_why(screen: Screen, verdict: Verdict, *, indent: int) -> None:
    workflow = verdict.workflow
    if verdict.blockers:
        if workflow is None:  # such blockers have no remedies, so any workflow will do
            workflow = Catalogue().get(Catalogue().names()[0])
        show_blockers(screen, workflow, verdict.blockers, indent=indent)
    show_warnings(screen, verdict.warnings, indent=indent)
    if verdict.pending and workflow is not None:
        roles = screen.tell("and").join(word(workflow, role, screen.lang) for role in verdict.pending)
        screen.item(Text("...", CARE), screen.tell("waits", roles=roles), indent=indent)


def _show_end(screen: Screen, report: Report, *, dry_run: bool, partly: bool) -> None:
    counted = [(what, report.count(what)) for what in WHATS]
    told = ", ".join(f"{screen.tell(f'row-{what}')} {count}" for what, count in counted if count)
    screen.show()
    screen.show(screen.tell("rows", count=sum(count for _, count in counted), told=told))
    if report.written:
        screen.item(Text("+", GOOD), screen.tell("taken-in", count=len(report.written)))
    if report.taken:
        pilots = ", ".join(plain(one) for one in report.taken)
        screen.item(Text("-", BAD), screen.tell("taken-meanwhile", pilots=pilots))
    if not report.written:
        screen.show(screen.tell("nothing-written"))
    if report.ok:
        if dry_run and report.sound:
            screen.show(screen.tell("would-take-in", count=len(report.sound)), style=SOFT)
    elif not report.taken:
        whole = all(one.pilot for one in report.verdicts)  # what is wrong with the sheet itself belongs to no pilot
        which = "mend-or-partly" if whole and report.sound and not partly else "mend"
        screen.show(screen.tell(which, count=len(report.sound)), style=SOFT)
