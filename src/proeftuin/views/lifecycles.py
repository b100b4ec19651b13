"""Pictures of lifecycles: of a workflow, of a pilot in it, of a portfolio on it.

They show what the Mermaid text of `diagram` shows: the same states, ways and dates. See `picture` for what holds of all
pictures.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from statistics import median

from attrs import define, frozen

from proeftuin.core import graph
from proeftuin.core.events import Event
from proeftuin.core.pilot import PAUSED, Pilot, Track
from proeftuin.core.workflow import State, Workflow
from proeftuin.views._lifecycle import Station
from proeftuin.views._lifecycle import Way as Drawn
from proeftuin.views._look import HEATS
from proeftuin.views._page import Page
from proeftuin.views._picture_words import tell
from proeftuin.views._spells import Spell, is_end, spells
from proeftuin.views.diagram import START, Taken, Way, kind_label, state_label, taken, walked, ways_of
from proeftuin.views.picture import Picture, decimal, joined
from proeftuin.views.words import plain, said, word
from proeftuin.waiting import Waiting

STOPS, HINDRANCES = 8, 6


Row = tuple[str, ...]


@frozen
class Cell:
    """What is known of the pilots in one state.

    Attributes:
        pilots: how many; None where that is withheld.
        days: for how long half of them have been there at least; None for none, or where it is withheld.
    """

    pilots: int | None
    days: float | None = None


@define
class _Group:
    """One lifecycle in words: whose states and ways, and which of them were taken."""

    workflow: Workflow
    kind: str | None
    title: str
    lang: str
    taken: Taken

    @property
    def states(self) -> Mapping[str, State]:
        """Its states; those that a pilot was in under an earlier version come last."""
        states, _ = graph.lifecycle(self.workflow, self.kind)
        return states

    def label(self, name: str | None) -> str:
        """Return what a state of it is called; nothing for None."""
        return state_label(self.workflow, self.kind, name, self.lang)

    def names(self) -> list[str]:
        """Return the states of its workflow, and behind them those of an earlier version that were passed."""
        return list(dict.fromkeys([*self.states, *(name for way in self.taken for name in way if name)]))

    def ways(self) -> dict[Way, list[str]]:
        """Return the ways with the triggers that go them; of a way that was gone, those that did."""
        found = {way: list(triggers) for way, triggers in ways_of(self.workflow, self.kind).items()}
        found |= {way: list(dict.fromkeys(trigger for trigger, _ in done)) for way, done in self.taken.items()}
        return found

    def drawn(self) -> list[Drawn]:
        """Return the ways with their words."""
        return [
            Drawn(source, target, self._words((source, target), triggers), (source, target) in self.taken)
            for (source, target), triggers in self.ways().items()
        ]

    def _words(self, way: Way, triggers: Iterable[str]) -> str:
        return walked(" / ".join(self.named(way, one) for one in triggers), self.taken.get(way, ()))

    def named(self, way: Way, trigger: str) -> str:
        """Return what a trigger is called."""
        begins = self.kind is None and way[0] is None and trigger == START
        return tell(self.lang, "start") if begins else word(self.workflow, trigger, self.lang)

    def rows(self, *, gone: bool = False) -> Iterator[Row]:
        """Give each way as a row, or each that was gone: of what, from, to, by what, when."""
        for (source, target), triggers in self.ways().items():
            if gone and (source, target) not in self.taken:
                continue
            days = [day.isoformat() for _, day in self.taken.get((source, target), ())]
            what = joined((self.named((source, target), one) for one in triggers), " / ")
            states = [self.label(one) for one in (source, target)]
            yield plain(self.title), *states, what, ", ".join(days)

    def stations(self, station: Callable[[str, State | None], Station]) -> list[Station]:
        """Return its states as they are drawn."""
        return [station(name, self.states.get(name)) for name in self.names()]


# -- a workflow --------------------------------------------------------------------------------------------------------


def workflow_picture(workflow: Workflow, *, lang: str = "en", width: int = 1140) -> Picture:
    """Return a picture of a workflow: the pilot's lifecycle, and that of each kind of track.

    Args:
        workflow: any workflow.
        lang: of the words, `en` or `nl`.
        width: in pixels; lifecycles that do not fit beside each other come below each other.
    """
    groups = [_Group(workflow, None, tell(lang, "pilot"), lang, {})]
    groups += [_Group(workflow, kind, said(track.label, lang), lang, {}) for kind, track in workflow.tracks.items()]
    page = Page(width)
    for group in groups:
        page.lifecycle(group.title, group.stations(_plainly(group)), group.drawn())
    rows = [row[:4] for group in groups for row in group.rows()]
    heads = tuple(tell(lang, one) for one in ("h-of", "h-from", "h-to", "h-what"))
    return page.picture(tell(lang, "workflow", one=said(workflow.label, lang)), tell(lang, "of-workflow"), heads, rows)


def _plainly(group: _Group) -> Callable[[str, State | None], Station]:
    def station(name: str, state: State | None) -> Station:
        return Station(name, group.label(name), final=is_end(state))

    return station


# -- a portfolio -------------------------------------------------------------------------------------------------------


def state_cells(workflow: Workflow, pilots: Iterable[Pilot], as_of: date) -> dict[str, Cell]:
    """Return how many pilots were in each state on a day, and for how long half of them had been there.

    Args:
        workflow: the one that they follow; those in a state of an earlier version are not counted.
        pilots: as they are now; those that had not begun are not counted.
        as_of: the day.

    Note:
        Of a state that ends the lifecycle it is not told for how long: everything stays there.
    """
    found = Stays(workflow)
    for pilot in pilots:
        found.add(pilot, as_of)
    return found.cells()


class Stays:
    """For how long pilots have been in each state, as they are added; memory does not grow with their number.

    Attributes:
        workflow: the one that they follow.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._days: dict[str, Counter[int]] = {name: Counter() for name in workflow.states}

    def add(self, pilot: Pilot, as_of: date) -> None:
        """Add a pilot, as of a day."""
        for last in spells(pilot, None, as_of)[-1:]:
            if last.state in self._days:
                self._days[last.state][(as_of - last.since).days] += 1

    def cells(self) -> dict[str, Cell]:
        """Return how many are in each state, and for how long half of them have been there; see `state_cells`."""
        return {
            name: Cell(
                days.total(), median(days.elements()) if days and not is_end(self.workflow.states[name]) else None
            )
            for name, days in self._days.items()
        }


def portfolio_picture(workflow: Workflow, cells: Mapping[str, Cell], *, lang: str = "en") -> Picture:
    """Return a picture of many pilots on their workflow: how many are in each state, and for how long.

    Args:
        workflow: the one that they follow.
        cells: per state of the pilot; one that is left out has no pilots.
        lang: of the words, `en` or `nl`.
    """
    group = _Group(workflow, None, said(workflow.label, lang), lang, {})
    most = max((one.pilots or 0 for one in cells.values()), default=0) or 1
    longest = max((float(one.days or 0) for one in cells.values()), default=0.0)

    def station(name: str, state: State | None) -> Station:
        cell = cells.get(name, Cell(0))
        share = None if cell.pilots is None else cell.pilots / most
        look = _heat(cell.days, longest)
        return Station(name, group.label(name), _count(cell, lang), look, is_end(state), share)

    page = Page(0)
    page.lifecycle(group.title, group.stations(station), group.drawn())
    rows = [
        (group.label(name), _number(cells.get(name, Cell(0)), lang), _days(cells.get(name, Cell(0)), lang))
        for name in workflow.states
    ]
    heads = tuple(tell(lang, one) for one in ("h-state", "h-pilots", "h-days"))
    return page.picture(tell(lang, "portfolio", one=group.title), tell(lang, "of-portfolio"), heads, rows)


def _heat(days: float | None, longest: float) -> str:
    return "box" if days is None or longest <= 0 else f"heat-{max(1, min(HEATS, 1 + int(HEATS * days / longest)))}"


def _number(cell: Cell, lang: str) -> str:
    return tell(lang, "withheld") if cell.pilots is None else str(cell.pilots)


def _days(cell: Cell, lang: str) -> str:
    return "" if cell.days is None else decimal(cell.days, lang)


def _count(cell: Cell, lang: str) -> tuple[str, ...]:
    if not cell.pilots:
        return (tell(lang, "withheld" if cell.pilots is None else "none"), "")
    pilots = tell(lang, "pilots", one=cell.pilots)
    return pilots, "" if cell.days is None else tell(lang, "median", one=_days(cell, lang))


# -- a pilot -----------------------------------------------------------------------------------------------------------


def pilot_picture(
    workflow: Workflow,
    pilot: Pilot,
    events: Iterable[Event],
    *,
    waiting: Waiting | None = None,
    lang: str = "en",
    width: int = 1140,
) -> Picture:
    """Return a picture of a pilot: where it is, the way it came, its tracks, and what is in the way of the next step.

    Args:
        workflow: the one that the pilot follows.
        pilot: as it is, or as it stood.
        events: its history up to then.
        waiting: what it waits for, as `engine.portfolio(pilots=...)` tells it; None leaves that out.
        lang: of the words, `en` or `nl`.
        width: in pixels; tracks that do not fit beside the pilot come below it.
    """
    gone = taken(events)
    name = plain(pilot.title)
    group = _Group(workflow, None, f"{tell(lang, 'pilot')} {name}", lang, gone.get(None, {}))
    page = Page(width)
    page.lifecycle(group.title, group.stations(_placed(group, pilot)), group.drawn())
    if waiting is not None:
        page.card(*_blocked(waiting, lang))
    groups = [group]
    for track in pilot.tracks.values():
        title = f"{track.key} ({kind_label(workflow, track.kind, lang)})"
        groups.append(_Group(workflow, track.kind, title, lang, gone.get(track.key, {})))
        page.stops(title, *_stops(workflow, pilot, track, lang))
    rows = [row for one in groups for row in one.rows(gone=True)]
    rows += [(tell(lang, "h-blocked"), "", "", reason, "") for reason in _reasons(waiting, lang)]
    heads = tuple(tell(lang, one) for one in ("h-of", "h-from", "h-to", "h-what", "h-when"))
    state = joined((group.label(pilot.state), *_standing(workflow, pilot, lang)))
    return page.picture(group.title, tell(lang, "of-pilot", one=name, two=state), heads, rows)


def _standing(workflow: Workflow, pilot: Pilot, lang: str) -> tuple[str, ...]:
    notes = [tell(lang, "paused")] if pilot.hold == PAUSED else []
    return (*notes, *([tell(lang, "outcome", one=word(workflow, pilot.outcome, lang))] if pilot.outcome else []))


def _placed(group: _Group, pilot: Pilot) -> Callable[[str, State | None], Station]:
    """Return how a state of a pilot is drawn: where it is, where it was, where it has not been."""
    lang = group.lang
    passed: dict[str, list[Spell]] = {}
    for spell in spells(pilot, None):
        passed.setdefault(spell.state, []).append(spell)

    def station(name: str, state: State | None) -> Station:
        label, here = group.label(name), name == pilot.state
        if here:
            notes = (
                f"\u25cf {tell(lang, 'now')}, {tell(lang, 'since', one=pilot.since)}",
                *_standing(group.workflow, pilot, lang),
            )
            return Station(name, label, notes, "here", is_end(state))
        if name in passed:
            since, until = passed[name][-1].since, passed[name][-1].until
            times = f" ({len(passed[name])}x)" if len(passed[name]) > 1 else ""
            return Station(name, label, (f"{since} \u2013 {until}{times}",), "been", is_end(state))
        return Station(name, label, (), "box", is_end(state))

    return station


def _stops(workflow: Workflow, pilot: Pilot, track: Track, lang: str) -> tuple[list[tuple[str, date]], str]:
    """Return the last states that a track came to, each with the day, and what is told of those before."""
    own = [(state_label(workflow, track.kind, one.state, lang), one.since) for one in spells(pilot, track.key)]
    return own[-STOPS:], tell(lang, "before", one=len(own) - STOPS) if len(own) > STOPS else ""


def _reasons(waiting: Waiting | None, lang: str) -> list[str]:
    return [] if waiting is None else [plain(said(one.text, lang)) for one in waiting.hindrances]


def _blocked(waiting: Waiting, lang: str) -> tuple[str, list[str]]:
    """Return what is next, and what is in its way."""
    if waiting.trigger is None:
        return tell(lang, "nothing"), []
    reasons = [f"\u2717 {one}" for one in _reasons(waiting, lang)] or [tell(lang, "can")]
    left = len(reasons) - HINDRANCES
    shown = [*reasons[:HINDRANCES], tell(lang, "more", one=left)] if left > 0 else reasons
    return tell(lang, "next", one=said(waiting.label, lang)), shown
