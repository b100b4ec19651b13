"""The board: pilots by phase, as far as who looks may see them, with filters that narrow it down."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from proeftuin import log
from proeftuin.core.workflow import Workflow
from proeftuin.errors import CorruptStore, UnknownWorkflow, WorkflowChanged
from proeftuin.spi import Page as Found
from proeftuin.spi import Summary
from proeftuin.views import words
from proeftuin.views.days import day_in
from proeftuin.web.pages.page import Page
from proeftuin.web.pages.words import PHASES

COLUMN = 12
"""How many pilots of a phase stand on the board at once."""
WHOLE = 60
"""How many, where one phase alone is looked at."""
FILTERS = ("workflow", "organisation", "programme", "state", "signal", "phase")


@frozen
class Card:
    """A pilot on the board: what it is called, where it is, what is up, and the day on which it was changed."""

    one: Summary
    title: str
    workflow: str
    state: str
    signals: tuple[str, ...]
    changed: date


@frozen
class Column:
    """A phase, its pilots, and the address of those that are left."""

    phase: str
    found: tuple[Summary, ...]
    more: str | None


def known(page: Page) -> dict[str, Workflow]:
    """Return the workflows that pages tell of, by name."""
    found: dict[str, Workflow] = {}
    for name in dict.fromkeys(one.partition("@")[0] for one in page.desk.engine.workflows()):
        try:
            found[name] = page.desk.workflow(name)
        except (UnknownWorkflow, WorkflowChanged):
            continue
        except CorruptStore as error:  # those that can be read are told of
            log.warning("page-failed", error=error.code)
    return found


def filters(page: Page) -> dict[str, Any]:
    """Return what is asked for, as `find` takes it."""
    given: dict[str, Any] = {name: asked for name in FILTERS if (asked := page.asked(name)) is not None}
    if page.asked("overdue") is not None:
        given["overdue"] = True
    return given


def board(request: Request, _body: bytes) -> Response:
    """Show the board."""
    page = Page(request)
    given = filters(page)
    found = columns(page, given)
    flows = known(page)
    return page.render(
        "board.html",
        title=page.tell("board"),
        columns=[(one, [_card(page, pilot) for pilot in one.found]) for one in found],
        any=any(one.found for one in found),
        given=given,
        clear=bool(given),
        workflows=[(name, said(page, flow.label)) for name, flow in flows.items()],
        states=_choices(page, flows, lambda flow: [*flow.states]),
        signals=_choices(page, flows, _signals),
        stream=page.at("events", **given, after=page.asked("after")),
        mark=mark(found),
    )


def said(page: Page, label: Mapping[str, str]) -> str:
    """Return a label in the language of the page."""
    return words.said(label, page.lang)


def _signals(flow: Workflow) -> list[str]:
    return [one.signal.name for one in flow.clocks.values() if one.signal is not None]


def _choices(page: Page, flows: Mapping[str, Workflow], names: Any) -> list[tuple[str, str]]:  # noqa: ANN401  # a function of a workflow
    found: dict[str, str] = {}
    for flow in flows.values():
        for name in names(flow):
            found.setdefault(name, page.word(flow, name))
    return sorted(found.items(), key=lambda one: one[1])


def columns(page: Page, given: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return what the board shows with these filters."""
    return tuple(_columns(page, given))


def mark(found: Iterable[Column]) -> str:
    """Return a mark of what is shown: another one, as soon as anything of it is another."""
    shown = [(one.phase, pilot.id, pilot.version) for one in found for pilot in one.found]
    return sha256(repr(shown).encode()).hexdigest()[:16]


def _columns(page: Page, given: Mapping[str, Any]) -> Iterator[Column]:
    only = given.get("phase")
    others = {name: one for name, one in given.items() if name != "phase"}
    for phase in PHASES if only is None else (only,):
        limit, after = (COLUMN, None) if only is None else (WHOLE, page.asked("after"))
        found: Found = page.desk.view.find(limit=limit, after=after, phase=phase, **others)
        onward = {"after": found.next} if only is not None else {}
        more = None if found.next is None else page.at("", **{**others, "phase": phase, **onward})
        yield Column(phase, found.items, more)


def _title(page: Page, one: Summary) -> str:
    """Return what a pilot is called; of one that cannot be read, that is told, and hides no other one."""
    try:
        return page.desk.title(one)
    except CorruptStore as error:
        log.warning("page-failed", error=error.code)
        return page.tell("unreadable", id=one.ref or one.id)


def _card(page: Page, one: Summary) -> Card:
    try:
        flow = page.desk.workflow(one.workflow)
    except CorruptStore:  # its words are there as programs know them; that it cannot be read, its title says
        return Card(one, _title(page, one), one.workflow, one.state, one.signals, one.updated_at.date())
    return Card(
        one,
        _title(page, one),
        said(page, flow.label),
        page.word(flow, one.state),
        tuple(page.word(flow, signal) for signal in one.signals),
        day_in(flow, one.updated_at),
    )
