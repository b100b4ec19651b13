"""Figures as rows, for a screen, a spreadsheet or a report: what each is called, in two languages, and what it is."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from attrs import frozen

from proeftuin.core.metrics import METRICS, Metric
from proeftuin.core.wording import label
from proeftuin.core.workflow import LANGUAGES, Workflow
from proeftuin.views.words import plain, said

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PIECE = re.compile(r"(?<=[;\t\r\n])[^;\t\r\n]+")
_OF_TRACKS = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_AFTER_WEEKS = re.compile(r"(?:(?P<word>[a-z]+)_)?(?P<number>13|26|52)")
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""What a formula may begin with, also in the wide letters of an East Asian keyboard."""

PHASES = METRICS["pilots_by_phase"].parts

# Words of figures, before those of any workflow: (English, Dutch).
OWN: Mapping[str, tuple[str, str]] = {
    "agreement_rate": ("Share that agreed", "Aandeel afspraken"),
    "all": ("All", "Alle"),
    "closed": ("Closed", "Afgesloten"),
    "none": ("None", "Geen"),
    "obligation": ("Owed, EUR", "Afgesproken, EUR"),
    "on_target": ("On target", "Op doel"),
    "running": ("Running", "Loopt"),
    "short": ("Short, EUR", "Nog te leveren, EUR"),
    "total": ("Total", "Totaal"),
    "unknown": ("Unknown", "Onbekend"),
    "value_eur": ("Done, EUR", "Geleverd, EUR"),
    "with_baseline": ("Tracks with a baseline", "Sporen met een nulmeting"),
    "with_placements": ("Tracks with placements", "Sporen met plaatsingen"),
    "withheld": ("withheld", "niet getoond"),
}
UNITS: Mapping[str, tuple[str, str]] = {
    "EUR": ("EUR", "EUR"),
    "categories": ("categories", "categorieën"),
    "days": ("days", "dagen"),
    "episodes": ("times", "keer"),
    "exchanges": ("exchanges", "uitwisselingen"),
    "instruments": ("instruments", "instrumenten"),
    "jobs": ("jobs", "banen"),
    "lessons": ("lessons", "lessen"),
    "percent": ("%", "%"),
    "persons": ("persons", "personen"),
    "pilots": ("pilots", "proeftuinen"),
    "placements": ("placements", "plaatsingen"),
    "places": ("places", "plekken"),
    "stories": ("stories", "verhalen"),
    "tracks": ("tracks", "sporen"),
}
COLUMNS = (
    "figure", "label", "part", "part_label", "value", "unit", "numerator", "denominator", "n",
    "reported", "pilots", "as_of", "since", "definition", "source", "note",
)  # fmt: skip


class Words:
    """What parts and groups of figures are called.

    Args:
        workflows: whose words are asked first, one after another.
        lang: the language.
    """

    def __init__(self, workflows: Iterable[Workflow], lang: str) -> None:
        self._workflows = tuple(workflows)
        self.lang = lang
        self._place = LANGUAGES.index(lang)

    def part(self, name: str) -> str:
        """Return what people call a part or group; the word itself where nothing calls it otherwise."""
        if name in OWN:
            return OWN[name][self._place]
        for workflow in self._workflows:
            if called := label(workflow, name):
                return plain(said(called, self.lang))
        if _OF_TRACKS.fullmatch(name):
            return self._of_tracks(*name.split("."))
        if found := _AFTER_WEEKS.fullmatch(name):
            weeks = f"{found['number']} {('weeks', 'weken')[self._place]}"
            return f"{self.part(found['word'])}, {weeks}" if found["word"] else weeks
        return plain(name)

    def _of_tracks(self, kind: str, state: str) -> str:
        """Return what people call a state of a kind of track, which may share its name with a role."""
        for workflow in self._workflows:
            if (track := workflow.tracks.get(kind)) is not None and state in track.states:
                labels = (track.label, track.states[state].label)
                own, at = (plain(said(one, self.lang)) for one in labels)
                return f"{own}: {at.lower()}"
        return plain(f"{kind}: {state}")

    def in_order(self, parts: Iterable[str]) -> list[str]:
        """Return parts, the states among them first and in the order of their lifecycles; the others as given."""
        return sorted(parts, key=lambda one: self._places.get(one, (len(PHASES), 0)))

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """The phase of each state, by which those of several workflows stand between each other, and its place."""
        found: dict[str, tuple[int, int]] = {}
        for workflow in self._workflows:
            for name, state in workflow.states.items():
                phase = PHASES.index(state.phase) if state.phase in PHASES else 0
                found.setdefault(name, (phase, len(found)))
            for kind, track in workflow.tracks.items():
                for name in track.states:
                    found.setdefault(f"{kind}.{name}", (0, len(found)))
        return found

    def unit(self, name: str) -> str:
        """Return what people call a unit."""
        return UNITS[name][self._place] if name in UNITS else name

    def value(self, value: object) -> str:
        """Return a value as it is shown; nothing to divide by as a dash."""
        return "-" if value is None else self.part(value) if value == "withheld" else str(value)


@frozen
class FigureRow:
    """One number of a figure.

    Attributes:
        part: of which part or group, empty for the figure as a whole; `beside` is whether it only stands beside it.
        value: as it may be shown.
        numerator, denominator: of a ratio, as text.
        n: how many a median is made of.
    """

    metric: Metric
    label: str
    part: str
    part_label: str
    value: object
    unit: str
    numerator: str = ""
    denominator: str = ""
    n: int | None = None
    beside: bool = False


def figure_rows(metrics: Mapping[str, Metric], words: Words) -> Iterator[FigureRow]:
    """Give every number of figures: as a whole or part by part, then the total, and what stands beside it."""
    for one in metrics.values():
        name = plain(said(one.label, words.lang) or one.name)
        if isinstance(one.value, Mapping):
            fixed = one.name in METRICS and METRICS[one.name].parts
            for part in one.value if fixed else words.in_order(one.value):
                value = one.value[part]
                above, _, below = one.ratios.get(part, "").partition("/")
                yield FigureRow(one, name, part, words.part(part), value, one.unit, above, below, one.n.get(part))
            if one.total is not None:
                yield FigureRow(one, name, "total", words.part("total"), one.total, one.unit)
            for rate in (rate for rate in one.ratios if rate not in one.value):
                above, _, below = one.ratios[rate].partition("/")
                yield FigureRow(one, name, rate, words.part(rate), None, "", above, below, beside=True)
        else:
            above, below = (_text(part) for part in (one.numerator, one.denominator))
            yield FigureRow(one, name, "", "", one.value, one.unit, above, below, one.n.get("all"))
        for part, value in one.extra.items():
            yield FigureRow(one, name, part, words.part(part), value, "", beside=True)


def note_of(metric: Metric, words: Words) -> str:
    """Return how to read a figure, or why there is none."""
    return metric.refused.text(words.lang) if metric.refused is not None else said(metric.note, words.lang)


def _text(number: object) -> str:
    return "" if number is None else str(number)


def figure_cells(row: FigureRow, words: Words) -> tuple[object, ...]:
    """Return a row for a spreadsheet, in the order of `COLUMNS`."""
    one = row.metric
    reported, pilots = one.coverage
    note = note_of(one, words)
    given = (row.part, row.part_label, row.value, words.unit(row.unit), row.numerator, row.denominator, row.n)
    return (
        one.name, row.label, *given, reported, pilots, one.as_of, one.since, one.definition, one.source, note,
    )  # fmt: skip


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give a table as lines of CSV, each with its line end; no cell can be taken for a formula."""
    for row in chain((columns,), rows):
        yield _line(row)


def _line(row: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([_cell(one) for one in row])
    return buffer.getvalue()


def may_calculate(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula, behind blanks too.

    Note:
        Source: OWASP, CSV Injection.
    """
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)


def _cell(value: object) -> object:
    """Return a cell: a number as it is, text without what a spreadsheet would carry out.

    Note:
        Where a spreadsheet parts cells at semicolons, as the Dutch Excel does, the quotes around a cell of ours count
        for nothing, and each piece of it may be a cell of its own.
    """
    if value is None or isinstance(value, int):
        return value
    text = str(value)
    if _NUMBER.fullmatch(text):
        return text
    inert = _PIECE.sub(_inert, text)
    return f"'{inert}" if may_calculate(text) else inert


def _inert(piece: re.Match[str]) -> str:
    return f"'{piece[0]}" if may_calculate(piece[0].replace('"', "")) else piece[0]
