"""Figures over pilots: `metrics`, `portfolio`."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from attrs import asdict, frozen
from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli import jsons
from proeftuin.cli.exits import Usage
from proeftuin.cli.options import Acts, At, Chosen, Filters, Store, Who, find_pilot, flow_of
from proeftuin.cli.screen import BAD, CARE, GOOD, HEAD, SOFT, Screen, clean
from proeftuin.cli.unread import tell_unread
from proeftuin.core.metrics import METRICS, Metric
from proeftuin.core.value_tables import ValueTable
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import load_value_table, sample_tables
from proeftuin.engine import Engine
from proeftuin.portfolio import Portfolio
from proeftuin.views import plain
from proeftuin.views.figures import COLUMNS, FigureRow, Words, csv_text, figure_cells, figure_rows
from proeftuin.views.words import said
from proeftuin.waiting import Waiting

SOME = Parameter(negative=())
LONG = 6  # of a figure with more parts those of nobody are left out of the table
MORE = ("section", "pilot", *COLUMNS)


@frozen
class Asked:
    """As of when figures hold, by what efforts are valued, and the form of the answer.

    Args:
        as_of: the day that they hold for, YYYY-MM-DD; today by default.
        since: the first day of the period, for figures over one; that of the year by default.
        table: a value table of social return: a file, or the name of a sample; repeat it for several.
        csv: answer in CSV, for a spreadsheet.
    """

    as_of: str | None = None
    since: str | None = None
    table: Annotated[tuple[str, ...], SOME] = ()
    csv: Annotated[bool, SOME] = False

    def screen(self, at: At) -> Screen:
        """Return where the answer goes.

        Raises:
            Usage: two forms were asked for.
        """
        if self.csv and at.json:
            raise Usage("f-two-forms")
        return at.screen

    @property
    def tables(self) -> list[ValueTable]:
        """The value tables that were given; of two with one id the last."""
        samples = sample_tables()
        files = [Path(one) if Path(one).exists() or one not in samples else samples[one] for one in self.table]
        return list({table.id: table for table in map(load_value_table, files)}.values())

    @property
    def days(self) -> dict[str, Any]:
        """The days, as the engine takes them."""
        return {"as_of": self.as_of, "since": self.since}


Asks = Annotated[Asked, Parameter(name="*")]


def metrics(
    *names: str,
    pilot: Annotated[tuple[str, ...], SOME] = (),
    of: str | None = None,
    by: str | None = None,
    all: Annotated[bool, SOME] = False,  # noqa: A002  # the word that people type
    asked: Asks = Asked(),  # a frozen value
    chosen: Chosen = Filters(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show figures of one pilot or of many, as of any day.

    Args:
        names: which; none means those that the workflows declare.
        pilot: of this pilot alone; repeat it for several.
        of: one part of a figure, as employment of stage_funnel.
        by: a field to break down by, as organisation.
        all: every figure that there is.
        asked: as of when, and in which form.
        chosen: which pilots, where none is named.
        who: for whom; a role outside the pilot team gets no small groups.
        at: where pilots are kept.
    """
    screen, filters = asked.screen(at), {} if pilot else chosen.asked()
    with at.engine(tables=asked.tables) as engine:
        wanted = [find_pilot(engine, one) for one in pilot] or None
        some: dict[str, Any] = {"of": of, "by": () if by is None else (by,), "strict": not all}
        found = who.eyes(engine).metrics(*(METRICS if all else names), pilots=wanted, **asked.days, **some, **filters)
        words = Words(_flows(engine, wanted, filters), at.lang)
        missing = max((one.missing for one in found.values()), default=0)
        unread = who.eyes(engine).portfolio(limit=0, **filters).unreadable if missing else ()
    if asked.csv:
        _csv(screen, COLUMNS, (figure_cells(row, words) for row in figure_rows(found, words)))
    elif screen.json:
        screen.data({name: jsons.of_metric(one, at.lang) for name, one in found.items()})
    else:
        _heading(screen, list(found.values()))
        show_figures(screen, words, found)
    return tell_unread(screen, unread, missing)


def portfolio(
    *,
    limit: int = 20,
    asked: Asks = Asked(),  # a frozen value
    chosen: Chosen = Filters(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show many pilots together: phases, outcomes, lead times, results against goals, and what each waits for.

    Args:
        limit: how many waiting pilots are shown, the quietest first; they are told of today alone.
        asked: as of when, and in which form.
        chosen: which pilots.
        who: for whom; a role outside the pilot team gets no small groups.
        at: where pilots are kept.
    """
    screen, filters = asked.screen(at), chosen.asked()
    with at.engine(tables=asked.tables) as engine:
        found = who.eyes(engine).portfolio(limit=limit, **asked.days, **filters)
        words = Words(_flows(engine, None, filters), at.lang)
    if asked.csv:
        _csv(screen, MORE, _portfolio_cells(found, words))
    elif screen.json:
        screen.data(_as_json(found, at.lang))
    else:
        show_portfolio(screen, words, found)
    return tell_unread(screen, found.unreadable, found.missing)


def _flows(engine: Engine, pilots: Iterable[str] | None, filters: Mapping[str, Any]) -> list[Workflow]:
    """Return the workflows that the pilots follow, for their words."""
    if pilots is not None:
        followed = [engine.get(one).workflow for one in pilots]
    else:
        followed = [one.workflow for one in engine.each(**filters)]
    return [flow for one in dict.fromkeys(followed) if (flow := flow_of(engine, one)) is not None]


def _csv(screen: Screen, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    written = ([plain(one) if isinstance(one, str) else one for one in row] for row in rows)
    for line in csv_text(columns, written):
        screen.raw(line)


# -- as a table --------------------------------------------------------------------------------------------------------


def _heading(screen: Screen, found: Sequence[Metric]) -> None:
    if not found:
        screen.show(screen.tell("f-nothing"))
        return
    first = found[0]
    screen.show(Text(screen.tell("f-as-of", day=first.as_of, count=first.coverage[1]), HEAD))
    since = next((one.since for one in found if one.since is not None), None)
    if since is not None:
        screen.show(screen.tell("f-period", since=since, day=first.as_of), style=SOFT)


def show_figures(screen: Screen, words: Words, found: Mapping[str, Metric]) -> None:
    """Write figures, one number a line, and how to read them."""
    if not found:
        return
    heads = [screen.tell(f"c-{name}") for name in ("figure", "value", "unit", "of", "told", "number")]
    shown: list[tuple[str | Text, ...]] = []
    last = None
    for row in figure_rows(found, words):
        new = row.metric is not last
        last = row.metric
        if new and row.part:
            shown.append((row.label, "", "", "", *_basis(screen, row.metric)))
        if row.value == 0 and isinstance(row.metric.value, Mapping) and len(row.metric.value) > LONG:
            continue
        what = f"  {row.part_label}" if row.part else row.label
        basis = _basis(screen, row.metric) if not row.part else ("", "")
        shown.append((what, Text(_value(screen, words, row)), words.unit(row.unit), _of(screen, row), *basis))
    screen.table(heads, shown, narrow=range(1, len(heads)))
    screen.show(screen.tell("f-coverage"), style=SOFT)
    for one in found.values():
        if one.refused is not None:
            screen.item(Text("-", BAD), f"{said(one.label, screen.lang)}: {plain(one.refused.text(screen.lang))}")
        elif one.names:
            screen.show(f"{said(one.label, screen.lang)}: {plain(', '.join(map(words.part, one.names)))}", style=SOFT)
    for note in dict.fromkeys(plain(said(one.note, screen.lang)) for one in found.values() if one.note):
        screen.show(note, style=SOFT)


def _basis(screen: Screen, metric: Metric) -> tuple[str, str]:
    reported, pilots = metric.coverage
    return screen.tell("f-told", reported=reported, pilots=pilots), str(metric.definition)


def _value(screen: Screen, words: Words, row: FigureRow) -> str:
    if row.beside and not row.unit and row.numerator:
        return ""
    bound = f"{screen.tell('f-bound')} " if row.metric.upper_bound and isinstance(row.value, int) else ""
    return f"{bound}{words.value(row.value)}"


def _of(screen: Screen, row: FigureRow) -> str:
    if row.numerator and "/" not in row.numerator + row.denominator:
        return screen.tell("f-ratio", above=row.numerator, below=row.denominator)
    return "" if row.n is None else screen.tell("f-n", n=row.n)


def show_portfolio(screen: Screen, words: Words, found: Portfolio) -> None:
    """Write a portfolio, one part after another."""
    screen.show(Text(screen.tell("f-as-of", day=found.as_of, count=found.pilots), HEAD))
    if found.open is not None:
        which = "f-only-open" if found.overdue is None else "f-open"
        screen.show(screen.tell(which, open=found.open, overdue=found.overdue))
    screen.show()
    told = {name: one for name, one in found.figures.items() if one.coverage[0] or one.coverage[1] == 0}
    show_figures(screen, words, told)
    if found.targets:
        screen.head(screen.tell("f-targets"))
        heads = ["", *(screen.tell(name) for name in ("f-target", "c-value", "f-share", "c-unit", "f-pilots"))]
        rows = [
            (
                plain(said(one.label, screen.lang)),
                clean(one.target),
                clean(one.value),
                clean(one.share),
                words.unit(one.unit),
                str(one.pilots),
            )
            for one in found.targets
        ]
        screen.table(heads, rows, narrow=range(1, len(heads)))
    _show_waiting(screen, words, found)


def _show_waiting(screen: Screen, words: Words, found: Portfolio) -> None:
    if not found.waiting or found.open is None:
        return
    screen.head(screen.tell("f-waiting"))
    for one in found.waiting:
        names = ", ".join(filter(None, (plain(one.title), plain(one.organisation or ""))))
        told = [plain(said(one.state_label, screen.lang)), screen.tell("f-quiet", count=one.days)]
        told += [words.part(signal).lower() for signal in one.signals]
        style = CARE if one.signals else SOFT
        screen.show(Text(names).append(f"  {', '.join(told)}", style).append(f"  {plain(one.pilot_id)}", SOFT))
        _show_hindrances(screen, one)
    if found.open > len(found.waiting):
        screen.show(screen.tell("f-more", count=found.open - len(found.waiting)), style=SOFT)


def _show_hindrances(screen: Screen, one: Waiting) -> None:
    if one.trigger is None:
        screen.show(screen.tell("f-no-move"), indent=2, style=SOFT)
        return
    move = screen.tell("f-next", move=said(one.label, screen.lang))
    if not one.hindrances:
        screen.item(Text("+", GOOD), f"{move}: {screen.tell('f-may')}", indent=2)
        return
    screen.show(move, indent=2)
    for reason in one.hindrances:
        text = Text(plain(said(reason.text, screen.lang))).append(f"  {reason.code}", SOFT)
        if reason.persons:
            text.append(f"  ({plain(', '.join(reason.persons))})", SOFT)
        screen.item(Text("-", BAD), text, indent=2)


# -- for other programs ------------------------------------------------------------------------------------------------


def _portfolio_cells(found: Portfolio, words: Words) -> Iterable[tuple[object, ...]]:
    """Give a portfolio as rows of one table: figures, targets, and what pilots wait for."""
    for row in figure_rows(found.figures, words):
        yield "figure", None, *figure_cells(row, words)
    for one in found.targets:
        for part, value in (("target", one.target), ("value", one.value)):
            cells = {"figure": one.metric, "label": said(one.label, words.lang), "part": part, "value": value}
            yield _cells("target", None, found, **cells, unit=words.unit(one.unit), reported=one.pilots)
    for pilot in found.waiting:
        for reason in pilot.hindrances or (None,):
            cells = {"figure": pilot.trigger, "label": pilot.title, "value": pilot.days, "unit": words.unit("days")}
            if reason is not None:
                cells |= {"part": reason.code, "part_label": said(reason.who, words.lang)}
                cells["note"] = said(reason.text, words.lang)
            yield _cells("waiting", pilot.pilot_id, found, **cells, since=pilot.since)


def _cells(section: str, pilot: str | None, found: Portfolio, **cells: object) -> tuple[object, ...]:
    given = {"pilots": found.pilots, "as_of": found.as_of, **cells}
    return section, pilot, *(given.get(name) for name in COLUMNS)


def _as_json(found: Portfolio, lang: str) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(),
        "as_of": found.as_of.isoformat(),
        "pilots": found.pilots,
        "open": found.open,
        "overdue": found.overdue,
        "figures": {name: jsons.of_metric(one, lang) for name, one in found.figures.items()},
        "targets": [asdict(one) for one in found.targets],
        "waiting": [asdict(one) for one in found.waiting],
        "missing": found.missing,
        "unreadable": list(found.unreadable),
    }
