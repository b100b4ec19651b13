"""Pictures of time: the life of one pilot, and the lives of many beside each other.

All is told from the history alone, but for what is still due: that is drawn where the due days are given, as the engine
tells them (`engine.deadlines`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from proeftuin.agenda import Deadline
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.views._axis import MARGIN, Axis, Bar, Line, Mark, Shape, Sign
from proeftuin.views._letters import HEAD
from proeftuin.views._life import Life
from proeftuin.views._look import STEPS
from proeftuin.views._picture_words import tell
from proeftuin.views._spells import is_end, spells
from proeftuin.views.picture import Picture, joined
from proeftuin.views.timeline import Row, timeline
from proeftuin.views.words import plain, said, word

WIDE = 1000
AHEAD = (45, 0.35)  # how far ahead due days are drawn: so many days, or so much of what lies behind


def pilot_timeline_picture(  # the life of a pilot takes all of these
    workflow: Workflow,
    pilot: Pilot,
    events: Iterable[Event],
    *,
    as_of: date,
    due: Iterable[Deadline] = (),
    rows: Sequence[Row] | None = None,
    lang: str = "en",
    width: int = WIDE,
) -> Picture:
    """Return a picture of a pilot's life: its states, pauses, decisions, talks, agreements, placements, reminders.

    Args:
        workflow: the one that the pilot follows.
        pilot: as it is.
        events: its history.
        as_of: the day up to which it is drawn.
        due: what is due, as `engine.deadlines().items` tells it; those of other pilots are left out.
        rows: what `timeline` made of these events, where that was asked before.
        lang: of the words, `en` or `nl`.
        width: in pixels.
    """
    events = tuple(events)
    told = zip(events, timeline(workflow, events, lang=lang) if rows is None else rows, strict=True)
    life = Life(workflow, pilot, tuple(one for one in told if one[0].on <= as_of), as_of, lang)
    lines = list(life.lines())
    first = min((one.since for one in pilot.path), default=as_of)
    shown, later = _due(due, pilot, first, as_of)
    if shown:
        lines.append(_due_line(shown, later, lang))
    last = max((as_of, *(one.due for one in shown)))
    name = plain(pilot.title)
    axis = Axis(first, last + timedelta(max(2, (last - first).days // 40)), as_of, lang, width)
    state = spells(pilot, None, as_of)
    text = tell(lang, "text", one=name, two=joined(life.state(one.state) for one in state[-1:]), three=as_of)
    return _picture(axis, tell(lang, "title", one=name), text, lines, _signs(lines, lang))


def _due(due: Iterable[Deadline], pilot: Pilot, first: date, as_of: date) -> tuple[list[Deadline], int]:
    """Return the due days of a pilot that are drawn, and how many lie too far ahead for that."""
    ahead = max(AHEAD[0], int((as_of - first).days * AHEAD[1]))
    own = [one for one in due if one.pilot_id == pilot.id]
    shown = [one for one in own if (one.due - as_of).days <= ahead]
    return shown, len(own) - len(shown)


def _due_line(shown: Iterable[Deadline], later: int, lang: str) -> Line:
    marks = []
    for one in shown:
        what = joined((one.track, said(one.label, lang)), ": ")
        told = joined((what, one.text))
        over = one.days < 0
        label = joined((tell(lang, "over") if over else "", what, one.due))
        marks.append(Mark(one.due, "diamond", "ocare" if over else "open", told, label))
    return Line(tell(lang, "due"), tell(lang, "later", one=later) if later else "", marks=tuple(marks))


_MEANS: Mapping[tuple[Shape, str], str] = {
    ("circle", "strong"): "talk",
    ("triangle", "strong"): "placement",
    ("square", "strong"): "agreement",
    ("diamond", "strong"): "decision",
    ("cross", "strong"): "ended",
    ("down", "ocare"): "reminded",
    ("down", "care"): "escalated",
    ("cross", "care"): "fired",
    ("square", "ink"): "end",
}


def _signs(lines: Sequence[Line], lang: str) -> list[Sign]:
    """Return the signs that are in a drawing, with what they mean."""
    used = dict.fromkeys((one.shape, one.look) for line in lines for one in (*line.marks, *line.ends))
    found: list[Sign] = [
        (shape, look, tell(lang, _MEANS[shape, look])) for shape, look in used if (shape, look) in _MEANS
    ]
    if any(bar.look == "hold" for line in lines for bar in line.bars):
        found.append(("hold", "", tell(lang, "hold")))
    return found


# -- many pilots -------------------------------------------------------------------------------------------------------


def programme_timeline_picture(
    lives: Iterable[tuple[Workflow, Pilot]],
    *,
    as_of: date,
    title: str = "",
    lang: str = "en",
    width: int = WIDE,
) -> Picture:
    """Return a picture of many pilots beside each other: the states that each was in, its pauses, and its end.

    Args:
        lives: the pilots, each with the workflow that it follows, in the order in which they are drawn.
        as_of: the day up to which it is drawn; pilots that had not begun by then are left out.
        title: what they have in common, such as the name of a programme.
        lang: of the words, `en` or `nl`.
        width: in pixels.
    """
    begun = [(workflow, pilot) for workflow, pilot in lives if spells(pilot, None, as_of)]
    phases = list(dict.fromkeys(one.phase for flow, _ in begun for one in flow.states.values() if not one.final))
    lines = [_pilot_line(Life(flow, pilot, (), as_of, lang), phases) for flow, pilot in begun]
    first = min((pilot.path[0].since for _, pilot in begun), default=as_of)
    axis = Axis(first, as_of + timedelta(max(2, (as_of - first).days // 40)), as_of, lang, width)
    named = title or tell(lang, "programme", one=len(begun))
    signs: list[Sign] = []
    for number, phase in enumerate(phases):
        signs.append(("bar", f"bar pt-{_shade(number, phases)}", f"{number + 1} {_phase(begun, phase, lang)}"))
    signs += _signs(lines, lang)
    return _picture(axis, named, tell(lang, "of-programme", three=as_of), lines, signs)


def _phase(begun: Iterable[tuple[Workflow, Pilot]], phase: str | None, lang: str) -> str:
    known = (flow for flow, _ in begun if any(one.phase == phase for one in flow.states.values()))
    return next((word(flow, phase, lang) for flow in known), "")


def _shade(number: int, phases: list[str | None]) -> str:
    return f"step-{1 + number * STEPS // max(len(phases), 1)}"


def _pilot_line(life: Life, phases: list[str | None]) -> Line:
    states = life.workflow.states
    bars: list[Bar] = []
    ends: list[Mark] = []
    passed = spells(life.pilot, None, life.as_of)
    for spell in passed:
        state = states.get(spell.state)
        if is_end(state):
            ends.append(life.end(spell))
            continue
        number = phases.index(state.phase) if state is not None and state.phase in phases else 0
        label = life.state(spell.state)
        bars.append(Bar(spell.since, spell.until, label, label, _shade(number, phases), str(number + 1)))
    bars += [life.span(one.since, one.until, life.say("hold"), "hold") for one in life.pauses]
    name = plain(life.pilot.title)
    note = ends[-1].told if ends and is_end(states.get(passed[-1].state)) else life.state(passed[-1].state)
    return Line(name, note, tuple(bars), ends=tuple(ends))


# -- the whole ---------------------------------------------------------------------------------------------------------


def _picture(axis: Axis, title: str, text: str, lines: list[Line], signs: Iterable[Sign]) -> Picture:
    words = HEAD.lines(title, axis.wide - 2 * MARGIN)
    axis.begin(words)
    for line in lines:
        axis.line(line)
    head = axis.head(words, tell(axis.lang, "today", one=axis.today), axis.y - 4)
    axis.legend(signs)
    heads = tuple(tell(axis.lang, one) for one in ("h-row", "h-what", "h-since", "h-until"))
    body = head.body() + axis.canvas.body()
    return Picture(title, text, heads, tuple(_rows(lines)), axis.wide, round(axis.y + MARGIN), body)


def _rows(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        for bar in line.bars:
            yield line.name, bar.told, str(bar.since), str(bar.until or "")
        for mark in (*line.marks, *line.ends):
            yield line.name, mark.told, str(mark.day), ""
