"""Why something cannot be done, and what helps: a blocker in words, with the way to each of its remedies."""

from collections.abc import Iterable

from attrs import frozen

from proeftuin.core.commands import Blocker, Remedy
from proeftuin.core.table import RELATIONS
from proeftuin.core.workflow import Workflow
from proeftuin.web.pages.form import word_of
from proeftuin.web.pages.page import Page

SHOWN = 3
"""How many ways out are told of one reason; the first ones are the nearest."""


@frozen
class Way:
    """Something that would help: what, by whom, from which day on; `link` where this person may do it."""

    what: str
    who: str
    day: str
    link: str | None


@frozen
class Reason:
    """One reason, and what would lift it."""

    text: str
    ways: tuple[Way, ...]


def reasons(page: Page, workflow: Workflow, pilot_id: str, blockers: Iterable[Blocker]) -> tuple[Reason, ...]:
    """Return blockers as a page shows them."""
    return tuple(
        Reason(one.text(page.lang), tuple(_way(page, workflow, pilot_id, way) for way in one.missing[:SHOWN]))
        for one in blockers
    )


def _way(page: Page, workflow: Workflow, pilot_id: str, remedy: Remedy) -> Way:
    who = ", ".join(page.word(workflow, name) for name in remedy.roles)
    what = page.word(workflow, remedy.trigger)
    if remedy.track is not None:
        what = f"{what} ({remedy.track})"
    mine = bool(page.desk.actor.roles & {*remedy.roles} or {*RELATIONS} & {*remedy.roles})
    day = page.value(workflow, remedy.not_before.isoformat()) if remedy.not_before else ""
    return Way(what, who, day, doing(page, pilot_id, remedy.trigger, remedy.track, remedy.data) if mine else None)


def doing(page: Page, pilot_id: str, trigger: str, track: str | None, data: object = None) -> str:
    """Return the address of the form for a trigger, with what is known of its data."""
    items = data.items() if isinstance(data, dict) else ()
    known = {f"p.{name}": word_of(one) for name, one in items if isinstance(one, str | int)}
    return page.at("act", id=pilot_id, trigger=trigger, track=track, **known)
