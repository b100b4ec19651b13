"""A pilot's page: what was decided when, by which role, on what evidence.

1. A *decision* is a move of the pilot or of a track, a hold, or that it goes on under another workflow.
2. It rests on what was recorded on the same pilot or track since the decision before, and on the signatures under it.
3. Nothing is told of participants, whoever reads: the page travels. Nor which person acted, but in which role.
"""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from proeftuin.core.metrics import METRICS
from proeftuin.core.pilot import PAUSED, Pilot, Record
from proeftuin.core.private import participants
from proeftuin.core.workflow import Workflow
from proeftuin.report.account import Account
from proeftuin.report.telling import day, tell
from proeftuin.views import Row, fold, plain, word
from proeftuin.views.words import said

DECISIONS = {
    "pilot.started",
    "pilot.moved",
    "pilot.paused",
    "pilot.resumed",
    "pilot.migrated",
    "pilot.linked",
    "track.opened",
    "track.moved",
}
SIGNED, RECORDED = "signature.added", "record.added"
MOST, OPENING = 40, 5  # decisions on a page; of more, so many of the first stand there with the last
EVIDENCE = 6
NEWEST = 3
TITLE, TEXT = 120, 300


@frozen
class Decision:
    """One decision.

    Attributes:
        who: the roles that made it, those that signed first.
        what: what was decided; `details` is what there is to say about it.
        evidence: what it rests on, `more` is how much of that is not told.
    """

    on: date
    who: tuple[str, ...]
    track: str | None
    what: str
    details: tuple[str, ...]
    evidence: tuple[str, ...]
    more: int = 0


@frozen
class Page:
    """What a pilot's page tells.

    Attributes:
        facts: names with values, such as the organisation.
        decisions: in order; `left_out` is how many of the middle are not here.
        goals: what it wants; `lessons` what it learned; `stories` what may be told.
    """

    id: str
    title: str
    state: str
    since: date
    facts: tuple[tuple[str, str], ...]
    decisions: tuple[Decision, ...]
    left_out: int
    goals: tuple[str, ...]
    lessons: tuple["Told", ...]
    stories: tuple["Told", ...]
    signals: tuple[str, ...] = ()


@frozen
class Told:
    """Something that was told: a lesson, or a story with the consent that stands under it."""

    on: date
    text: str
    pilot: str
    title: str


def page(told: Account, lang: str) -> Page:
    """Return what a pilot's page tells."""
    workflow, pilot = told.workflow, told.pilot
    decisions = tuple(decided(told))
    left_out = max(0, len(decisions) - MOST)
    kept = decisions if not left_out else (*decisions[:OPENING], *decisions[OPENING + left_out :])
    title = plain(pilot.title, TITLE)
    stops = [one for one in pilot.path if one.track is None]
    return Page(
        id=pilot.id,
        title=title,
        state=word(workflow, pilot.state, lang),
        since=stops[-1].since if stops else pilot.cycle_since,
        facts=tuple((name, one) for name, one in _facts(workflow, pilot, lang) if one),
        decisions=kept,
        left_out=left_out,
        goals=tuple(_goal(workflow, one, lang) for one in pilot.kept.get("goal", ()) if one.ended is None),
        lessons=_told(pilot, title, "lesson", ("text",)),
        stories=_told(pilot, title, "story", ("title", "text", "url")),
        signals=tuple(dict.fromkeys(word(workflow, one.signal, lang) for one in pilot.signals)),
    )


def _facts(workflow: Workflow, pilot: Pilot, lang: str) -> Iterator[tuple[str, str]]:
    hold = f" ({tell(lang, 'paused')})" if pilot.hold == PAUSED else ""
    tracks = [f"{plain(key, 40)}: {word(workflow, one.state, lang).lower()}" for key, one in pilot.tracks.items()]
    yield tell(lang, "organisation"), plain(pilot.data.get("organisation") or "", TITLE)
    yield tell(lang, "programme"), plain(pilot.data.get("programme") or "", TITLE)
    yield tell(lang, "workflow"), f"{plain(said(workflow.label, lang))}"
    yield tell(lang, "phase"), word(workflow, pilot.phase, lang) + hold
    yield tell(lang, "outcome"), word(workflow, pilot.outcome, lang)
    yield tell(lang, "tracks"), "; ".join(tracks)


def _goal(workflow: Workflow, record: Record, lang: str) -> str:
    due = record.day("due")
    told = [plain(record.data.get("text") or "", TEXT)]
    if record.data.get("metric"):
        told.append(f"{_figure(workflow, record.data['metric'], lang)}: {plain(record.data.get('target') or '')}")
    if due is not None:
        told.append(tell(lang, "until", day=day(lang, due)))
    told.append(word(workflow, record.data.get("status"), lang).lower())
    return ", ".join(filter(None, told))


def _figure(workflow: Workflow, name: str, lang: str) -> str:
    return plain(said(METRICS[name].label, lang)) if name in METRICS else word(workflow, name, lang)


def _told(pilot: Pilot, title: str, kind: str, names: tuple[str, ...]) -> tuple[Told, ...]:
    """Return the newest of what was told and stands."""
    found = [one for one in pilot.kept.get(kind, ()) if one.ended is None]
    texts = (
        (one.dated, ", ".join(plain(one.data[name], TEXT) for name in names if one.data.get(name))) for one in found
    )
    return tuple(Told(on, text, pilot.id, title) for on, text in sorted(texts, reverse=True)[:NEWEST] if text)


def decided(told: Account) -> Iterator[Decision]:
    """Give the decisions in a history, in order, each with what it rests on."""
    _, private = participants(told.workflow)
    signed: dict[tuple[str | None, str], list[str]] = {}
    held: dict[str | None, list[str]] = {}
    for row in fold(told.rows):
        if row.type == SIGNED:
            signed.setdefault((row.track, row.trigger), []).append(row.who)
        elif row.type == RECORDED:
            held.setdefault(row.track, []).append(_evidence(row))
        elif row.type in DECISIONS:
            who = signed.pop((row.track, row.trigger), [])
            rests = held.pop(row.track, [])
            details = row.details[:1] if row.trigger in private else row.details
            yield _decision(row, details, tuple(dict.fromkeys((*who, row.who))), tuple(dict.fromkeys(rests)))


def _evidence(row: Row) -> str:
    return plain(": ".join(filter(None, (row.head, ", ".join(row.details)))), TITLE)


def _decision(row: Row, details: tuple[str, ...], who: tuple[str, ...], rests: tuple[str, ...]) -> Decision:
    track = None if row.track is None else plain(row.track, 40)
    return Decision(row.on, who, track, row.head, details, rests[-EVIDENCE:], max(0, len(rests) - EVIDENCE))
