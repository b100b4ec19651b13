"""The report is written: one question about all pilots, then one pilot after another, and nothing of a pilot is kept.

Pages come behind the front, but some of the front is only known once they were made: the list of pilots, the latest
lessons and stories. So pages wait in a temporary file, and are copied behind the front.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

import proeftuin
from proeftuin import door
from proeftuin.core.commands import Actor
from proeftuin.core.private import about_participant
from proeftuin.core.workflow import LANGUAGES, Workflow
from proeftuin.errors import BadArgument, CorruptStore
from proeftuin.portfolio import Portfolio
from proeftuin.report.account import Account, account
from proeftuin.report.drawings import Drawing, drawing, pilot_drawings
from proeftuin.report.front import Front
from proeftuin.report.pages import Page, Told, page
from proeftuin.report.telling import day, month, number, tell
from proeftuin.templates import Markup, Templates
from proeftuin.views import PICTURE_STYLE, portfolio_picture
from proeftuin.views.days import day_in
from proeftuin.views.figures import Words
from proeftuin.views.lifecycles import Stays
from proeftuin.views.words import plain, said

if TYPE_CHECKING:
    from proeftuin.agenda import Deadline
    from proeftuin.engine import Engine
    from proeftuin.seen import View

Progress = Callable[[int, int], object]
Unread = Callable[[int, tuple[str, ...]], object]

HERE = Path(__file__).parent / "templates"
WEEKS, DUE, QUIET, NEWEST = 4, 40, 15, 12
CHUNK = 1 << 16
ONE_DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


def report(
    engine: "Engine",
    *,
    language: str = "nl",
    as_of: date | str | None = None,
    actor: Actor | None = None,
    months: int = 12,
    pictures: int = 200,
    progress: Progress | None = None,
    unread: Unread | None = None,
    **filters: Any,  # noqa: ANN401  # those of `find`
) -> Iterator[str]:
    """Give a portfolio at a date as HTML, piece by piece: a front with figures, and a page for each pilot.

    Args:
        engine: whose pilots.
        language: `nl` or `en`.
        as_of: the day that it holds for, today by default. What is waited for and what is due are told of today alone,
            and the pages tell what had been recorded by the end of an earlier day.
        actor: who reads; the report then shows what `seen_by` shows. None is for who may see everything.
        months: how far back the phases are shown over time.
        pictures: up to how many pilots each page has pictures; of more, which nobody prints, these would be four fifths
            of the file.
        progress: called with how many pilots were written, and how many there are.
        unread: called where pilots cannot be read, with how many the report is without and the ids that the reader may
            know; the front tells it too.
        filters: those of `find`: which pilots.

    Raises:
        BadArgument: for a language, day or filter that is none, or where the extra `report` is not installed.
    """
    if language not in LANGUAGES:
        raise BadArgument("language", f"must be one of {', '.join(LANGUAGES)}")
    made = _Report(engine, language, door.as_of(as_of), actor, months, door.count("pictures", pictures), filters)
    return made.pieces(progress or _untold, unread or _untold)


def _untold(*_facts: object) -> None:
    """Tell nobody."""


def write_report(engine: "Engine", out: str | os.PathLike[str], **asked: Any) -> None:  # noqa: ANN401  # those of `report`
    """Write a report to a file; what is there is replaced once the report is whole.

    Args:
        engine: whose pilots.
        out: the file.
        asked: the other arguments of `report`.

    Raises:
        BadArgument: as `report`.
        OSError: where the file cannot be written.
    """
    target = Path(out)
    whole = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with whole.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(report(engine, **asked))
        whole.replace(target)
    finally:
        whole.unlink(missing_ok=True)


@define
class _Gathered:
    """What the front tells of the pages: how many there are, and the latest of what was told on them.

    Attributes:
        stays: per workflow for how long pilots have been in each state.
    """

    pages: int = 0
    stays: dict[str, Stays] = field(factory=dict)
    lessons: tuple[Told, ...] = ()
    stories: tuple[Told, ...] = ()

    def add(self, told: Account, shown: Page, day: date) -> int:
        """Add a page, and return its number."""
        self.pages += 1
        if told.workflow.id not in self.stays:
            self.stays[told.workflow.id] = Stays(told.workflow)
        self.stays[told.workflow.id].add(told.pilot, day)
        self.lessons = _newest(self.lessons, shown.lessons)
        self.stories = _newest(self.stories, shown.stories)
        return self.pages

    @property
    def flows(self) -> list[Workflow]:
        """The workflows of the pilots, for their words."""
        return [one.workflow for one in self.stays.values()]

    def drawings(self, lang: str) -> Iterator[Drawing]:
        """Draw the pilots on each of their workflows."""
        return (drawing(portfolio_picture(one.workflow, one.cells(), lang=lang)) for one in self.stays.values())


def _newest(held: tuple[Told, ...], more: tuple[Told, ...]) -> tuple[Told, ...]:
    return tuple(sorted((*held, *more), key=lambda one: (one.on, one.pilot), reverse=True)[:NEWEST])


def _copied(file: IO[str]) -> Iterator[str]:
    file.seek(0)
    while some := file.read(CHUNK):
        yield some


@frozen(slots=False, eq=False)
class _Report:
    """One report, as it is made."""

    engine: "Engine"
    lang: str
    day: date | None
    actor: Actor | None
    months: int
    pictures: int
    filters: dict[str, Any]
    templates: Templates = field(init=False)

    @templates.default
    def _templates(self) -> Templates:
        lang = self.lang
        words = {
            "lang": lang,
            "tell": partial(tell, lang),
            "day": partial(day, lang),
            "month": partial(month, lang),
            "number": partial(number, lang),
            "said": lambda texts: plain(said(texts, lang)),
            "plain": plain,
        }
        return Templates(HERE, words)

    @property
    def source(self) -> "Engine | View":
        """Who answers: the engine, or what the reader sees of it."""
        return self.engine if self.actor is None else self.engine.seen_by(self.actor)

    def pieces(self, progress: Progress, unread: Unread) -> Iterator[str]:
        """Give all of it; a page is told as progress once it was made."""
        source = self.source
        found = source.portfolio(as_of=self.day, limit=QUIET, months=self.months, **self.filters)
        if found.missing:
            unread(found.missing, found.unreadable)
        with ExitStack() as stack:
            entries, pages = (stack.enter_context(TemporaryFile("w+", encoding="utf-8")) for _ in range(2))
            gathered = _Gathered()
            progress(0, found.pilots)
            for told in self._each(source):  # those that cannot be read, the front names
                shown = page(told, self.lang)
                place = gathered.add(told, shown, found.as_of)
                few = found.pilots <= self.pictures
                drawn = pilot_drawings(told, found.as_of, self.lang) if few else ()
                entries.write(self.templates.render("entry.html", page=shown, place=place))
                pages.write(self.templates.render("page.html", page=shown, place=place, pictures=drawn))
                progress(place, max(place, found.pilots))
            flows = gathered.flows or self._flows()
            made = day_in(flows[0], found.at) if flows else found.at.date()  # of no pilots there is no other zone
            front = Front(found, Words(flows, self.lang))
            facts = {"front": front, "told": gathered, "made": made, "pictures": gathered.drawings(self.lang)}
            yield self.templates.render("front.html", **facts, **self._around(source, found))
            yield from _copied(entries)
            yield "</ol>\n"
            yield from _copied(pages)
        yield self.templates.render("end.html", version=proeftuin.__version__)

    # -- what is read

    def _each(self, source: "Engine | View") -> Iterator[Account]:
        """Give what is told of each pilot that the reader sees, as of the day; nothing of one that had not begun."""
        for one in source.dossiers(missed={}, **self.filters):
            pilot, events = one.pilot, tuple(one.events())
            if self.day is not None:
                end = datetime.combine(self.day + ONE_DAY, time.min, ZoneInfo(one.workflow.timezone)) - INSTANT
                events = tuple(event for event in events if event.at <= end)
                if not events:
                    continue
                pilot = one.stood(end)
            yield account(one.workflow, pilot, events, self.lang)

    def _flows(self) -> list[Workflow]:
        """Return the workflows of the pilots, for their words alone: this reader sees none of the pilots."""
        found: list[Workflow] = []
        for name in dict.fromkeys(one.workflow for one in self.engine.each(**self.filters)):
            with suppress(CorruptStore):  # that it cannot be read, the front tells
                found.append(self.engine.workflow(name))
        return found

    def _due(self, source: "Engine | View", today: date) -> "Iterator[Deadline]":
        """Give what is due in the coming weeks, the first of it first, without what is about a participant."""
        flow = cache(lambda pilot_id: self.engine.workflow(self.engine.get(pilot_id).workflow))
        for one in source.deadlines(since=today, until=today + timedelta(weeks=WEEKS), **self.filters).items:
            if not about_participant(flow(one.pilot_id), {"clock": one.key}):
                yield one

    def _around(self, source: "Engine | View", found: Portfolio) -> dict[str, Any]:
        """Return what stands on the front beside figures."""
        return {
            "due": None if self.day is not None else tuple(islice(self._due(source, found.as_of), DUE)),
            "title": plain(self.filters.get("programme") or self.filters.get("organisation") or tell(self.lang, "all")),
            "style": Markup(f"{(HERE / 'report.css').read_text(encoding='utf-8')}{PICTURE_STYLE}"),  # both ours
        }
