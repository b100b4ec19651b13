"""The page of one pilot: where it is, what can be done, what cannot yet and why, and what is recorded."""

from collections.abc import Iterator, Mapping

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from proeftuin.core.commands import Option
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.workflow import Workflow
from proeftuin.views import Row, timeline
from proeftuin.web.pages.board import said
from proeftuin.web.pages.correcting import Ways, ways
from proeftuin.web.pages.form import version
from proeftuin.web.pages.page import Page
from proeftuin.web.pages.reasons import Reason, doing, reasons
from proeftuin.web.pages.words import PHASES

LATEST = 8
RECORDS = 12


@frozen
class Choice:
    """Something that may be done, or not yet."""

    label: str
    track: str | None
    to: str
    onward: bool
    link: str
    reasons: tuple[Reason, ...]
    advice: tuple[Reason, ...]


@frozen
class Kept:
    """The records of one type, the latest first, and how many more there are."""

    label: str
    rows: tuple[tuple[str, str, str, str, str | None], ...]
    more: int


@frozen
class Stretch:
    """A phase on the way of a pilot: `done`, `here`, or neither."""

    phase: str
    mark: str


def pilot_page(request: Request, _body: bytes) -> Response:
    """Show a pilot."""
    page = Page(request)
    pilot_id = page.asked("id") or ""
    pilot = page.desk.view.get(pilot_id)
    flow = page.desk.workflow(pilot.workflow)
    found = [(one, _choice(page, flow, pilot, one)) for one in page.desk.view.options(pilot_id)]
    since = version(page.asked("done") or "")
    return page.render(
        "pilot.html",
        title=title_of(pilot),
        pilot=pilot,
        flow=flow,
        route=said(page, flow.label),
        state=page.word(flow, pilot.state),
        stretches=tuple(_stretches(flow, pilot)),
        moves=sorted(
            (made for one, made in found if one.allowed and one.kind == "move"), key=lambda one: not one.onward
        ),
        records=[made for one, made in found if one.allowed and one.kind == "record"],
        blocked=[made for one, made in found if not one.allowed],
        tracks=[_track(page, flow, one) for one in pilot.tracks.values()],
        people=[_person(page, flow, one) for one in pilot.assignments],
        kept=tuple(_kept(page, flow, pilot)),
        about=[(page.word(flow, f".{name}"), page.value(flow, value)) for name, value in pilot.data.items()],
        signals=[(page.word(flow, one.signal), one.since) for one in pilot.signals],
        unsigned=[(page.word(flow, one.trigger), page.word(flow, one.role)) for one in pilot.signatures],
        latest=latest(page, flow, pilot)[::-1],
        done=None if since is None else _what_came(page, flow, pilot, since),
        stream=page.at("pilot/events", id=pilot_id),
    )


def title_of(pilot: Pilot) -> str:
    """Return what a pilot is called."""
    return str(pilot.data.get("title") or pilot.ref or pilot.id)


def latest(page: Page, flow: Workflow, pilot: Pilot, count: int = LATEST) -> tuple[Row, ...]:
    """Return the last things that happened, in words."""
    events = page.desk.view.history(pilot.id, after=max(0, pilot.version - count))
    return timeline(flow, events, lang=page.lang)


def _what_came(page: Page, flow: Workflow, pilot: Pilot, since: int) -> list[str]:
    """Return what the form that was just sent has done, in words; the address says since which version."""
    events = list(page.desk.view.history(pilot.id, after=min(since, pilot.version)))
    mine = [one for one in events if one.actor == page.desk.actor.id]
    return [row.what for row in timeline(flow, mine, lang=page.lang)][:LATEST]


def _onward(flow: Workflow, pilot: Pilot, option: Option) -> bool:
    """Whether a move leads on, and not aside, back, or out."""
    if option.to is None:
        return False
    to = flow.states.get(option.to)
    if option.track is not None or to is None or to.phase is None:
        return True
    return not to.final and PHASES.index(to.phase) >= PHASES.index(pilot.phase)


def _choice(page: Page, flow: Workflow, pilot: Pilot, option: Option) -> Choice:
    pilot_id = pilot.id
    label = str(option.label.get(page.lang) or option.trigger)
    if option.preset:
        label = f"{label}: {', '.join(page.value(flow, one) for one in option.preset.values())}"
    return Choice(
        label,
        option.track,
        page.word(flow, option.to) if option.to else "",
        _onward(flow, pilot, option),
        doing(page, pilot_id, option.trigger, option.track, option.preset),
        reasons(page, flow, pilot_id, option.blockers),
        reasons(page, flow, pilot_id, option.warnings),
    )


def _stretches(flow: Workflow, pilot: Pilot) -> Iterator[Stretch]:
    used = {one.phase for one in flow.states.values()}
    been = {one.phase for one in pilot.path if one.phase is not None}
    for phase in PHASES:
        if phase in used:
            yield Stretch(phase, "here" if phase == pilot.phase else "done" if phase in been else "ahead")


def _track(page: Page, flow: Workflow, track: object) -> Mapping[str, object]:
    kind = flow.tracks[track.kind]  # type: ignore[attr-defined]  # a `Track`
    return {"track": track, "kind": said(page, kind.label), "state": page.word(flow, track.state)}  # type: ignore[attr-defined]  # a `Track`


def _person(page: Page, flow: Workflow, record: Record) -> tuple[str, str, str]:
    duty = page.word(flow, record.data.get("duty"))
    return duty, str(record.data.get("person") or ""), str(record.data.get("track") or record.track or "")


def _kept(page: Page, flow: Workflow, pilot: Pilot) -> Iterator[Kept]:
    mends = ways(flow, page.desk.actor)
    for kind, held in pilot.kept.items():
        if not held or kind == "assignment" or kind not in flow.records:
            continue
        newest = sorted(held, key=lambda one: (one.dated, one.at), reverse=True)
        rows = tuple(_record(page, flow, pilot, one, mends) for one in newest[:RECORDS])
        yield Kept(said(page, flow.records[kind].label), rows, len(held) - len(rows))


def _record(
    page: Page, flow: Workflow, pilot: Pilot, record: Record, mends: Ways
) -> tuple[str, str, str, str, str | None]:
    """Return a record's day, what it says, whose track it is on, when it ended, and the way to correct it."""
    day = page.value(flow, record.dated.isoformat())
    told = [
        f"{page.word(flow, f'.{name}')}: {page.value(flow, one)}" for name, one in record.data.items() if name != "date"
    ]
    ended = page.value(flow, record.ended.isoformat()) if record.ended else ""
    trigger = mends.trigger(record)
    mend = doing(page, pilot.id, trigger, None, {"record": record.id}) if trigger is not None else None
    return day, " · ".join(told), record.track or "", ended, mend
