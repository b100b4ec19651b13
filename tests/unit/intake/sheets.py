"""Sheets to take in, and what to take them in with."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from proeftuin import Engine
from proeftuin.core.commands import Blocker
from proeftuin.intake import Report, take_in

SAMPLE = Path(__file__).parents[3] / "docs" / "running-pilots.csv"
HEADS = ("pilot", "date", "trigger", "workflow", "track", "actor", "role", "party")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

# What is wrong in the sample: the pilot, the row, the heading, what should stand there, and how it is told.
MISTAKES = (
    ("PT-02", 49, "handeling", "Uitnodigen", ("unknown-trigger",)),
    ("PT-03", 91, "deelnemer", "deelnemer-pt03-1", ("privacy-violation",)),
    ("PT-04", 120, "uren per week", "12", ("bad-number",)),
    ("PT-05", 128, "handeling", "Verkenning afronden", ("wrong-state", "nothing-implemented")),
    ("PT-06", 141, "kenmrk", "DOC-601", ("missing-field",)),
    ("PT-08", 154, "datum", "8-6-2024", ("bad-value",)),
    ("PT-09", 160, "datum", "8-5-2024", ("bad-value",)),
    ("PT-10", 188, "rol", "Bestuur", ("forbidden-role",)),
    ("PT-11", 223, "spoor", "schoonschip", ("unknown-track",)),
    ("PT-13", 235, "workflow", "existing-contract", ("unknown-workflow",)),
    ("PT-14", 245, "taak", "Intern opdrachtgever", ("bad-choice",)),
    ("PT-15", 266, "rol", "Projectleider", ("unknown-role",)),
)


class StandingTime:
    """A clock that stands still."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def engine(**options: object) -> Engine:
    """An engine in memory, at a moment after everything in the sample."""
    return Engine.open("memory://", **{"time": StandingTime(), **options})  # type: ignore[arg-type]  # options of Engine


def mended(rows: Iterable[int] = range(1000)) -> bytes:
    """The sample with the mistakes in these rows mended, and the heading too where row 1 is among them."""
    lines = [line.split(";") for line in SAMPLE.read_text(encoding="utf-8-sig").splitlines()]
    for _, row, head, right, _ in MISTAKES:
        if row in rows:
            lines[row - 1][lines[0].index(head)] = right
    if 1 in rows:
        lines[0][lines[0].index("kenmrk")] = "kenmerk"
    return "".join(f"{';'.join(line)}\r\n" for line in lines).encode()


def begun(ref: str = "P-1", **more: str) -> dict[str, str]:
    """The row that begins a pilot."""
    row = {"pilot": ref, "date": "2026-01-05", "trigger": "start", "workflow": "existing-contract"}
    return {**row, "actor": "anna", "role": "coordinator", "title": "Canteen", "organisation": "DJI", **more}


def done(trigger: str, ref: str = "P-1", **more: str) -> dict[str, str]:
    """A row behind it, by the same coordinator."""
    return {"pilot": ref, "date": "2026-01-06", "trigger": trigger, "actor": "anna", "role": "coordinator", **more}


def sheet(*rows: dict[str, str], between: str = ";") -> bytes:
    """A sheet of these rows, with a column for everything that any of them gives."""
    heads = [*HEADS, *dict.fromkeys(name for row in rows for name in row if name not in HEADS)]
    lines = [heads, *([row.get(head, "") for head in heads] for row in rows)]
    return "".join(between.join(_quoted(cell, between) for cell in line) + "\r\n" for line in lines).encode()


def _quoted(cell: str, between: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if any(one in cell for one in f'{between}"\n') else cell


def judged(*rows: dict[str, str], **options: object) -> Report:
    """What comes of rows, in an engine that is thrown away."""
    with engine(**options) as one:
        return take_in(one, sheet(*rows))


def codes(report: Report) -> list[tuple[int, list[str]]]:
    """Each refused row with its codes."""
    return [(one.row, [blocker.code for blocker in one.blockers]) for one in report.verdicts if one.what == "refused"]


def blockers(report: Report) -> list[Blocker]:
    """Every reason why not, in order."""
    return [blocker for one in report.verdicts for blocker in one.blockers]
