"""The front of the report: figures by section, each as a drawing with its table.

Every figure of the portfolio stands in one section, as `figure_rows` gives it; what a reader may not see is not there,
or stands there as hidden, in the table and so in the drawing too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from proeftuin.core.metrics import Metric
from proeftuin.core.metrics.targets import Target
from proeftuin.portfolio import Portfolio
from proeftuin.report.charts import Bar, bars, flow
from proeftuin.report.telling import day, month, number, tell
from proeftuin.templates import Markup
from proeftuin.views import plain
from proeftuin.views.figures import FigureRow, Words, figure_rows
from proeftuin.views.words import said

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "where": ("pilots_by_phase", "days_in_state", "lead_time", "pilots_by_outcome"),
    "results": (
        "stage_funnel", "places_agreed", "persons_placed", "placements_active", "jobs_25_5", "jobs_banenafspraak",
        "retention_w",
    ),
    "suppliers": ("tracks_by_state", "track_response"),
    "still": ("stall_episodes", "nudge_success", "checkin_rate"),
    "learned": ("lessons_by_phase", "lessons", "stories", "exchanges"),
}  # fmt: skip
PHASES = ("pilots_by_phase", "lessons_by_phase", "lead_time")  # their parts have the colours of phases
LONG = 6  # of a figure with more parts those of nobody are drawn nowhere
HUNDRED = 100
RUNNING = "running"
FIRST = ("persons_placed", "placements_active", "jobs_25_5", "lessons")


@frozen
class Line:
    """One number in a table.

    Attributes:
        part: of which part, empty for the figure as a whole; `label` is what people call it.
        value: as `Words.value` gives it, and `shown` as the language writes it; None for a ratio beside the numbers.
        bound: whether it is that at most.
        more: what it is made of: `6 of 16`, or of how many a median is.
    """

    part: str
    label: str
    value: str | None
    shown: str
    unit: str
    more: str = ""
    bound: bool = False


@frozen
class Figure:
    """One figure, with its table and what there is to say about it.

    Attributes:
        alone: whether it is a single number, which needs no drawing.
        notes: how to read it.
    """

    name: str
    label: str
    unit: str
    lines: tuple[Line, ...]
    basis: str
    chart: Markup | None = None
    alone: bool = False
    hidden: bool = False
    notes: tuple[str, ...] = ()


@frozen
class Section:
    """Figures that belong together."""

    key: str
    drawn: tuple[Figure, ...]
    single: tuple[Figure, ...]


@frozen
class Front:
    """What the front is made of.

    Attributes:
        found: the portfolio; `words` is what its parts are called.
        sections: its figures, each in one of them.
    """

    found: Portfolio
    words: Words
    sections: tuple[Section, ...] = field(init=False)

    @sections.default
    def _sections(self) -> tuple[Section, ...]:
        named = {name for names in SECTIONS.values() for name in names}
        rest = tuple(name for name in self.found.figures if name not in named)
        return tuple(self._section(key, names) for key, names in {**SECTIONS, "other": rest}.items())

    def _section(self, key: str, names: Sequence[str]) -> Section:
        made = [self._figure(one) for name in names if (one := self.found.figures.get(name)) is not None]
        return Section(key, tuple(one for one in made if not one.alone), tuple(one for one in made if one.alone))

    def _figure(self, metric: Metric) -> Figure:
        rows = list(figure_rows({metric.name: metric}, self.words))
        parts = [row for row in rows if row.part and not row.beside and row.part != "total"]
        values = {str(row.value) for row in rows}
        hidden = "withheld" in values or any(one.startswith("<") for one in values)
        label = plain(said(metric.label, self.words.lang) or metric.name)
        return Figure(
            name=metric.name,
            label=label,
            unit=self.words.unit(metric.unit),
            lines=tuple(self._line(row) for row in rows),
            basis=self._tell("on-basis", reported=metric.coverage[0], pilots=metric.coverage[1]),
            chart=None if hidden else bars(label, self._bars(metric, parts)),
            alone=not isinstance(metric.value, Mapping),
            hidden=hidden,
            notes=tuple(self._notes(metric)),
        )

    def _tell(self, which: str, **facts: object) -> str:
        return tell(self.words.lang, which, **facts)

    def _number(self, given: object) -> str:
        return number(self.words.lang, given)

    def _line(self, row: FigureRow) -> Line:
        value = None if row.beside and not row.unit and row.numerator else self.words.value(row.value)
        bound = row.metric.upper_bound and isinstance(row.value, int)
        shown = "" if value is None else self._number(value)
        more = ""
        if row.numerator and "/" not in row.numerator + row.denominator:
            more = self._tell("of", above=self._number(row.numerator), below=self._number(row.denominator))
        elif row.n is not None:
            more = self._tell("n", n=row.n)
        return Line(
            part=row.part,
            label=row.part_label or row.label,
            value=value,
            shown=shown,
            bound=bound,
            unit=self.words.unit(row.unit),
            more=more,
        )

    def _bars(self, metric: Metric, parts: Sequence[FigureRow]) -> list[Bar]:
        told = [row for row in parts if row.value is not None]
        shown = [row for row in told if row.value != 0] if len(told) > LONG else told
        return [
            Bar(row.part_label, float(str(row.value)), self._long(row), self._colour(metric, place))
            for place, row in enumerate(parts)
            if row in shown
        ]

    def _long(self, row: FigureRow) -> str:
        """Return a number behind its bar: with its unit, where it counts nothing."""
        unit = {"percent": "%", "days": f" {self.words.unit('days')}"}.get(row.unit, "")
        return f"{self._number(row.value)}{unit}"

    def _colour(self, metric: Metric, place: int) -> str:
        return f"phase-{place % 6}" if metric.name in PHASES else "bar"

    def _notes(self, metric: Metric) -> Iterator[str]:
        lang = self.words.lang
        if metric.refused is not None:
            yield plain(metric.refused.text(lang))
        if metric.note:
            yield plain(said(metric.note, lang))
        if metric.since is not None:
            yield self._tell("period", since=day(lang, metric.since), day=day(lang, metric.as_of))
        if metric.names:
            yield self._tell("counted", names=plain(", ".join(map(self.words.part, metric.names))))
        yield self._tell("source", number=metric.definition, source=plain(metric.source))

    # -- at a glance

    @property
    def summary(self) -> str:
        """Return in a few sentences how the portfolio stands."""
        found, outcomes = self.found, self.found.figures["pilots_by_outcome"].value
        if not found.pilots:
            return self._tell("sum-none")
        told = [self._tell("sum-one" if found.pilots == 1 else "sum-many", count=found.pilots, open=outcomes[RUNNING])]
        ended = [
            f"{self.words.part(name).lower()} {count}" for name, count in outcomes.items() if count and name != RUNNING
        ]
        if ended:
            told.append(self._tell("sum-ended", told=", ".join(ended)))
        if found.overdue:
            told.append(self._tell("sum-overdue", count=found.overdue))
        return " ".join(told)

    @property
    def tiles(self) -> list[tuple[str, str, str]]:
        """Return the numbers that a reader asks first: what it is, the number, and what goes with it."""
        found = self.found
        running = found.figures["pilots_by_outcome"].value[RUNNING]
        told = [(self._tell("tile-pilots"), f"{found.pilots}", ""), (self._tell("tile-open"), f"{running}", "")]
        if found.overdue is not None:
            told.append((self._tell("tile-overdue"), f"{found.overdue}", ""))
        targets = {one.metric: self._number(self._raw(one.target)) for one in found.targets}
        for section in self.sections:
            for one in section.single:
                if one.name in FIRST and one.lines[0].value is not None:
                    line = one.lines[0]
                    notes = [self._tell("bound")] if line.bound else []
                    notes.append(
                        self._tell("of-target", target=targets[one.name]) if one.name in targets else one.basis
                    )
                    told.append((one.label, line.shown, ", ".join(notes)))
        return told

    def quiet(self, days: int) -> str:
        """Return for how long a pilot was silent."""
        which = {0: "quiet-no", 1: "quiet-one"}.get(days, "quiet")
        return self._tell(which, days=days)

    def ahead(self, days: int) -> str:
        """Return how far ahead a day lies."""
        which = {-1: "late-one", 0: "today", 1: "ahead-one"}.get(days, "ahead" if days > 0 else "late")
        return self._tell(which, days=abs(days))

    # -- the phases over time

    @property
    def flow_chart(self) -> Markup | None:
        """Draw how many pilots lay in each phase."""
        ends = [f"{month(self.words.lang, one.as_of)} {one.as_of.year}" for one in self.found.flow]
        if not ends:
            return None
        phases = {
            self.words.part(name): [one.value.get(name, 0) for one in self.found.flow] for name in self.flow_parts
        }
        return flow(self._tell("flow"), (ends[0], ends[-1]), phases)

    @property
    def flow_parts(self) -> tuple[str, ...]:
        """Return the phases that there were, in order."""
        return tuple(dict.fromkeys(name for one in self.found.flow for name in one.value))

    def flow_cells(self, one: Metric) -> list[tuple[str, int]]:
        """Return the number of each phase on one of the days."""
        return [(name, one.value.get(name, 0)) for name in self.flow_parts]

    # -- results beside what goals want

    @property
    def target_chart(self) -> Markup | None:
        """Draw which share of each target was reached, with a line where all of it is."""
        told = [one for one in self.found.targets if one.share is not None]
        rows = [
            Bar(self._target_label(one), float(str(one.share)), f"{self._number(one.share)}%", limit=float(HUNDRED))
            for one in told
        ]
        return bars(self._tell("targets"), rows)

    def _target_label(self, one: Target) -> str:
        return plain(said(one.label, self.words.lang))

    @property
    def target_rows(self) -> list[dict[str, Any]]:
        """Return a row per target."""
        return [
            {
                "metric": one.metric,
                "label": self._target_label(one),
                "unit": self.words.unit(one.unit),
                "cells": [
                    ("target", self._raw(one.target), self._number(self._raw(one.target))),
                    ("value", self._raw(one.value), self._number(self._raw(one.value))),
                    ("share", self._raw(one.share), self._number(self._raw(one.share)) + ("%" if one.share else "")),
                ],
                "pilots": one.pilots,
            }
            for one in self.found.targets
        ]

    def _raw(self, value: object) -> str:
        return self.words.value(value)
