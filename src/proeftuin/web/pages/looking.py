"""Pages that only tell: a person's agenda, what came of the pilots, and the history of one."""

from collections.abc import Iterator

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from proeftuin.portfolio import Portfolio
from proeftuin.views import fold, plain, timeline
from proeftuin.views.figures import Words, figure_rows
from proeftuin.waiting import Waiting
from proeftuin.web.pages.board import known, said
from proeftuin.web.pages.page import Page
from proeftuin.web.pages.pilot import title_of

DAYS = 14
QUIET = 50


@frozen
class Line:
    """A number, as it is shown."""

    part: str
    value: str
    basis: str


@frozen
class Figure:
    """A figure: what it is called, its numbers, and of how many pilots it tells."""

    label: str
    unit: str
    lines: tuple[Line, ...]
    coverage: str
    note: str


def agenda(request: Request, _body: bytes) -> Response:
    """Show what is next for who looks."""
    page = Page(request)
    found = page.desk.view.agenda(days=DAYS)
    return page.render(
        "agenda.html",
        title=page.tell("agenda"),
        days=DAYS,
        actions=[(one, said(page, one.label), when(page, one.days)) for one in found.actions],
        calls=found.calls,
        horizon=found.horizon,
        missing=len(found.unreadable),
        unreadable=found.unreadable,
    )


def when(page: Page, days: int) -> str:
    """Return how far a day lies from today, in words."""
    if days == 0:
        return page.tell("today")
    if days > 0:
        return page.tell("in-day" if days == 1 else "in-days", n=days)
    return page.tell("late-day" if days == -1 else "late-days", n=-days)


def portfolio(request: Request, _body: bytes) -> Response:
    """Show what came of the pilots that who looks may know of."""
    page = Page(request)
    found = page.desk.view.portfolio(limit=QUIET)
    words = Words(known(page).values(), page.lang)
    return page.render(
        "portfolio.html",
        title=page.tell("portfolio"),
        found=found,
        figures=tuple(_figures(page, found, words)),
        waiting=[(one, said(page, one.state_label), _hindrances(page, one)) for one in found.waiting],
        missing=found.missing,
        unreadable=found.unreadable,
    )


def _figures(page: Page, found: Portfolio, words: Words) -> Iterator[Figure]:
    for metric in found.figures.values():
        reported, pilots = metric.coverage
        if not reported and pilots:
            continue
        rows = [row for row in figure_rows({metric.name: metric}, words) if not (row.part and row.value == 0)]
        lines = tuple(
            Line(
                row.part_label,
                "" if row.beside and row.numerator else words.value(row.value),
                _basis(row.numerator, row.denominator),
            )
            for row in rows
        )
        note = metric.refused.text(page.lang) if metric.refused is not None else said(page, metric.note)
        yield Figure(said(page, metric.label), words.unit(metric.unit), lines, f"{reported} / {pilots}", plain(note))


def _basis(above: str, below: str) -> str:
    return f"{above} / {below}" if above and "/" not in above + below else ""


def _hindrances(page: Page, one: Waiting) -> list[str]:
    return [said(page, hindrance.text) for hindrance in one.hindrances]


def history(request: Request, _body: bytes) -> Response:
    """Show everything that happened to a pilot, the latest first."""
    page = Page(request)
    pilot = page.desk.view.get(page.asked("id") or "")
    flow = page.desk.workflow(pilot.workflow)
    rows = fold(timeline(flow, page.desk.view.history(pilot.id), lang=page.lang))
    return page.render(
        "history.html",
        title=f"{page.tell('history')}: {title_of(pilot)}",
        name=title_of(pilot),
        pilot=pilot,
        rows=rows[::-1],
    )
