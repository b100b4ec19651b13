"""The report is written: one question about all pilots, then one pilot after another, and nothing of a pilot is kept.

Pages come behind the front, but some of the front is only known once they were made: the list of pilots, the latest
lessons and stories. So pages wait in a temporary file, and are copied behind the front. What is there before is replaced
by the whole report, or not at all.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

import proeftuin
from proeftuin import door
from proeftuin.core.commands import Actor
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import LANGUAGES, Workflow
from proeftuin.errors import BadArgument, UnknownPilot
from proeftuin.portfolio import Portfolio
from proeftuin.report.front import Front
from proeftuin.report.pages import Told, page
from proeftuin.report.telling import day, month, number, tell
from proeftuin.templates import Markup, Templates
from proeftuin.views.figures import Words
from proeftuin.views.words import plain, said

if TYPE_CHECKING:
    from proeftuin.engine import Engine
    from proeftuin.seen import View

Progress = Callable[[int, int], object]

HERE = Path(__file__).parent / "templates"
WEEKS, DUE, QUIET, NEWEST = 4, 40, 15, 12
INSTANT = timedelta(microseconds=1)


def write_report(
    engine: "Engine",
    out: str | os.PathLike[str],
    *,
    language: str = "nl",
    as_of: date | str | None = None,
    actor: Actor | None = None,
    months: int = 12,
    progress: Progress | None = None,
    **filters: Any,  # noqa: ANN401  # those of `find`
) -> None:
    """Write a portfolio at a date into one file of HTML, with a page for each pilot.

    Args:
        engine: whose pilots.
        out: the file; what is there is replaced once the report is whole.
        language: `nl` or `en`.
        as_of: the day that it holds for, today by default. What is waited for and what is due are told of today alone,
            and the pages tell what had been recorded by the end of an earlier day.
        actor: who reads; the report then shows what `seen_by` shows. None is for who may see everything.
        months: how far back the phases are shown over time.
        progress: called with how many pilots were written, and how many there are.
        filters: those of `find`: which pilots.

    Raises:
        BadArgument: for a language, day or filter that is none, or where the extra `report` is not installed.
        OSError: where the file cannot be written.
    """
    if language not in LANGUAGES:
        raise BadArgument("language", f"must be one of {', '.join(LANGUAGES)}")
    report = _Report(engine, language, door.day("as_of", as_of), actor, months, filters)
    target = Path(out)
    whole = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with whole.open("w", encoding="utf-8", newline="\n") as file:
            report.write(file, progress or (lambda _done, _all: None))
        whole.replace(target)
    finally:
        whole.unlink(missing_ok=True)


@define
class _Newest:
    """The latest of what was told, no more than so many."""

    held: list[Told] = field(factory=list)

    def add(self, more: Iterable[Told]) -> None:
        """Add what one pilot told."""
        self.held = sorted([*self.held, *more], key=lambda one: (one.on, one.pilot), reverse=True)[:NEWEST]


@frozen(slots=False, eq=False)
class _Report:
    """One report, as it is made."""

    engine: "Engine"
    lang: str
    day: date | None
    actor: Actor | None
    months: int
    filters: dict[str, Any]
    templates: Templates = field(init=False)

    @templates.default
    def _templates(self) -> Templates:
        lang = self.lang
        words = {
            "lang": lang,
            "tell": lambda which, **facts: tell(lang, which, **facts),
            "day": lambda given: day(lang, given),
            "month": lambda given: month(lang, given),
            "number": lambda given: number(lang, given),
            "said": lambda texts: plain(said(texts, lang)),
            "plain": plain,
        }
        return Templates(HERE, words)

    @property
    def source(self) -> "Engine | View":
        """Who answers: the engine, or what the reader sees of it."""
        return self.engine if self.actor is None else self.engine.seen_by(self.actor)

    def write(self, file: IO[str], progress: Progress) -> None:
        """Write all of it."""
        source = self.source
        found = source.portfolio(as_of=self.day, limit=QUIET, months=self.months, **self.filters)
        with ExitStack() as stack:
            entries, pages = (stack.enter_context(TemporaryFile("w+", encoding="utf-8")) for _ in range(2))
            lessons, stories, flows = _Newest(), _Newest(), dict[str, Workflow]()
            done = 0
            progress(done, found.pilots)
            for done, (workflow, pilot, events) in enumerate(self._each(source), start=1):
                flows.setdefault(workflow.id, workflow)
                shown = page(workflow, pilot, events, self.lang)
                lessons.add(shown.lessons)
                stories.add(shown.stories)
                entries.write(self.templates.render("entry.html", page=shown, place=done))
                pages.write(self.templates.render("page.html", page=shown, place=done, pictures=()))
                progress(done, max(done, found.pilots))
            told = {"lessons": lessons.held, "stories": stories.held, "shown": done, "pictures": ()}
            front = Front(found, Words(flows.values() or self._flows(), self.lang))
            file.writelines(self.templates.stream("front.html", front=front, **told, **self._around(source, found)))
            for part in (entries, pages):
                part.seek(0)
            copyfileobj(entries, file)
            file.write("</ol>\n")
            copyfileobj(pages, file)
            file.writelines(self.templates.stream("end.html", version=proeftuin.__version__))
        progress(done, done)

    # -- what is read

    def _each(self, source: "Engine | View") -> Iterator[tuple[Workflow, Pilot, Iterable[Event]]]:
        """Give each pilot that the reader sees, with what happened on it, as of the day."""
        for one in source.each(**self.filters):
            workflow = self.engine.workflow(one.workflow)
            if self.day is None:
                yield workflow, source.get(one.id), source.history(one.id)
            elif (stood := self._stood(source, workflow, one.id, self.day)) is not None:
                yield stood

    @staticmethod
    def _stood(
        source: "Engine | View", workflow: Workflow, pilot_id: str, on: date
    ) -> tuple[Workflow, Pilot, Iterable[Event]] | None:
        """Return a pilot as it stood at the end of a day, None where it had not begun."""
        end = datetime.combine(on + timedelta(days=1), time.min, ZoneInfo(workflow.timezone)) - INSTANT
        try:
            pilot = source.get(pilot_id, at=end)
        except UnknownPilot:
            return None
        return workflow, pilot, takewhile(lambda event: event.at <= end, source.history(pilot_id))

    def _flows(self) -> list[Workflow]:
        """Return the workflows of the pilots, for their words alone: this reader sees none of the pilots."""
        return [self.engine.workflow(one) for one in dict.fromkeys(one.workflow for one in self.engine.each(**self.filters))]

    def _around(self, source: "Engine | View", found: Portfolio) -> dict[str, Any]:
        """Return what stands on the front beside figures."""
        due = None
        if self.day is None:
            last = found.as_of + timedelta(weeks=WEEKS)
            due = source.deadlines(since=found.as_of, until=last, limit=DUE, **self.filters).items
        return {
            "due": due,
            "title": plain(self.filters.get("programme") or self.filters.get("organisation") or tell(self.lang, "all")),
            "style": Markup((HERE / "report.css").read_text(encoding="utf-8")),  # noqa: S704  # a file of ours
        }
