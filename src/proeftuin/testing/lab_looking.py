"""How a lab looks at what came of it: what was expected, what was told, and the timeline that shows why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from proeftuin.core.events import EVENT_TYPES, Event
from proeftuin.core.faults import did_you_mean
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import ENDINGS, Catalogue, load_workflow
from proeftuin.engine import Engine
from proeftuin.errors import BadArgument
from proeftuin.notices import Notice
from proeftuin.scenario import Mismatch, ScenarioTime, differences, shown, told_differently
from proeftuin.tables import host_guards
from proeftuin.testing.people import People
from proeftuin.views import fold, plain, timeline

MOVED = {None: ("pilot.started", "pilot.moved"), "track": ("track.opened", "track.moved")}
ROWS = 60
THEN = ("state", "phase", "outcome", "hold", "cycle", "tracks", "records", "signals", "metrics")
PARTS = ("tracks", "records", "metrics")


def a_word() -> str:
    """Return a word that no other lab has, for what it must not share."""
    return token_hex(8)


def sources(given: Iterable[str | Path | Workflow], guards: Any) -> tuple[Workflow, ...]:
    """Return workflows by name, by file, or as they are; a name is that of a bundled one.

    Raises:
        UnknownWorkflow: there is none of that name.
        DefinitionError: a file has faults.
    """
    bundled = Catalogue()
    known = host_guards(guards)
    return tuple(
        one
        if isinstance(one, Workflow)
        else load_workflow(one, guards=known)
        if isinstance(one, Path) or Path(one).suffix in ENDINGS
        else bundled.get(one)
        for one in given
    )


class Looking:
    """The part of a `Lab` that looks."""

    engine: Engine
    zone: ZoneInfo
    id: str = ""
    time: ScenarioTime
    _since: Mapping[str, int]
    people: People
    _pilots: list[str]
    _tracks: set[str]
    _notices: list[Notice]
    _busy: bool

    @property
    def now(self) -> datetime:
        """The moment that it is, UTC."""
        return self.time.moment

    @property
    def today(self) -> date:
        """The day that it is, in the workflow's zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def pilot(self) -> Pilot:
        """The pilot that was started last, as it is now; set `id` for another one."""
        return self.engine.get(self._named(None))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was to be said on each day so far, one notice for each person and day (`Engine.notices`)."""
        today = self.engine.notices(self.today) if self._busy else ()
        return (*self._notices, *today)

    def events(self, *types: str, pilot: str | None = None) -> tuple[Event, ...]:
        """Return what happened, in order; only events of some types, where these are named.

        Raises:
            BadArgument: for a type that there is not.
        """
        history = tuple(self.engine.history(self._named(pilot)))
        _check_types("types", types, history)
        return tuple(event for event in history if not types or event.type in types)

    def path(self, track: str | None = None, *, pilot: str | None = None) -> tuple[str, ...]:
        """Return the states that a pilot, or one of its tracks, was in, in order.

        Raises:
            BadArgument: for a track that the pilot has not.
        """
        found = self._path(track, pilot)
        if track is not None and not found:
            raise BadArgument("track", self._no_track(track, pilot))
        return found

    def _no_track(self, track: str, pilot: str | None) -> str:
        """Return what is said of a track that a pilot has not."""
        known = dict.fromkeys(f"`{event.track}`" for event in self.events(*MOVED["track"], pilot=pilot))
        told = f"there are {', '.join(known)}" if known else "none was opened yet"
        return f"there is no track `{track}`; {told}"

    def _path(self, track: str | None, pilot: str | None) -> tuple[str, ...]:
        """Return the states that something was in; none where there is no such track."""
        kinds = MOVED[None if track is None else "track"]
        found = [event for event in self.events(*kinds, pilot=pilot) if event.track == track]
        return tuple(str(event.data.get("to") or event.data.get("state")) for event in found)

    def told(self, *, pilot: str | None = None) -> dict[str, tuple[str, ...]]:
        """Return whom each term reminded or escalated to since the last `advance` began: its key -> roles, persons."""
        found: dict[str, dict[str, None]] = {}
        for event in self._lately(pilot):
            if event.type in {"clock.reminded", "clock.escalated"}:
                people = (*event.data.get("roles", ()), *event.data.get("persons", ()))
                found.setdefault(str(event.data["clock"]), {}).update(dict.fromkeys(people))
        return {key: tuple(sorted(people)) for key, people in found.items()}

    def expect(  # one word for each thing that may be expected
        self,
        *,
        path: Sequence[str] | None = None,
        paths: Mapping[str, Sequence[str]] | None = None,
        events: Sequence[str] | None = None,
        told: Mapping[str, Iterable[str]] | None = None,
        pilot: str | None = None,
        **then: Any,
    ) -> None:
        """Fail where a pilot is not as it should be, with what was expected, what came, and its timeline.

        Args:
            path: the states that the pilot was in, exactly, in order.
            paths: the same per track.
            events: types of events since the last `advance` began, in this order; others may stand in between.
            told: per clock, or term of one, exactly the roles and persons told since the last `advance` began.
            pilot: which pilot; the one started last by default.
            then: as in a scenario file: state, phase, outcome, hold, cycle, tracks, records, signals, metrics.

        Raises:
            AssertionError: something is different.
            BadArgument: for nothing to expect, or for a word, a clock, a type of event or a track that there is not.
        """
        __tracebackhide__ = True
        if unknown := sorted(set(then) - set(THEN)):
            raise BadArgument("expect", f"`{unknown[0]}` is none of path, paths, events, told, {', '.join(THEN)}")
        if not then and path is None and not paths and events is None and not told:
            raise BadArgument("expect", "there is nothing to expect; say at least one thing")
        _check_full({"paths": paths, "events": events, "told": told, **{one: then.get(one) for one in PARTS}})
        name = self._named(pilot)
        self._check_known(name, paths or {}, events or (), told or {})
        wanted = {key: _frozen(value) for key, value in then.items()}
        found = [*differences(wanted, self.engine.get(name), self.engine)]
        found += told_differently(told or {}, self._lately(name))
        found += self._paths(name, [(None, path), *(paths or {}).items()])
        if events is not None:
            found += _order(events, [event.type for event in self._lately(name)])
        if found:
            self._fail([f"  {one.what}: expected {shown(one.expected)}, came {shown(one.came)}" for one in found], name)

    def _check_known(
        self, name: str, paths: Mapping[str, Sequence[str]], events: Sequence[str], told: Iterable[str]
    ) -> None:
        self._check_clocks(told, name)
        self._check_tracks(paths, name)
        _check_types("events", events, self._lately(name))

    def _check_clocks(self, told: Iterable[str], name: str) -> None:
        """Refuse a clock that neither the workflow nor what came knows: nobody is ever told anything by it."""
        came = {str(event.data["clock"]).partition(":")[0] for event in self._lately(name) if "clock" in event.data}
        clocks = came.union(self.engine.workflow(self.engine.get(name).workflow).clocks)
        for one in (term.partition(":")[0] for term in told):
            if one not in clocks:
                raise BadArgument("told", f"there is no clock `{one}`{did_you_mean(one, clocks)}")

    def _check_tracks(self, paths: Mapping[str, Sequence[str]], name: str) -> None:
        """Refuse no path of a track that no pilot, party or command here names: whatever came, it would have none."""
        for track in (one for one, path in paths.items() if not path):
            if not (track in self._tracks or track in self.people.parties or self._opened(track, name)):
                absent = f"that it is not there is expected by tracks={{{track!r}: None}}"
                raise BadArgument("paths", f"{self._no_track(track, name)}; {absent}")

    def _opened(self, track: str, name: str) -> bool:
        """Whether a pilot, or another one of the lab, has a track."""
        return any(track in self.engine.get(one).tracks for one in (name, *self._pilots))

    def _paths(self, pilot: str, wanted: Iterable[tuple[str | None, Sequence[str] | None]]) -> Iterator[Mismatch]:
        for track, one in wanted:
            if one is not None and tuple(one) != (came := self._path(track, pilot)):
                yield Mismatch("path" if track is None else f"paths.{track}", tuple(one), came)

    def timeline(self, pilot: str | None = None) -> str:
        """Return what happened to a pilot, in words, a line for each thing."""
        name = self._named(pilot)
        workflow = self.engine.workflow(self.engine.get(name).workflow)
        rows = fold(timeline(workflow, self.engine.history(name)))
        lines = [f"  {row.on}  {plain(row.who):<24} {plain(row.what)}" for row in rows]
        if len(lines) > ROWS:
            lines[:-ROWS] = [f"  ... {len(lines) - ROWS} earlier lines"]
        return "\n".join([f"timeline of pilot {name} ({workflow.id}), it is {self.today} now:", *lines])

    def _named(self, pilot: str | None) -> str:
        if not (pilot or self.id):
            raise BadArgument("pilot", "none was started yet; `start` one first")
        return pilot or self.id

    def _lately(self, pilot: str | None) -> tuple[Event, ...]:
        """Return what happened since the last `advance` began."""
        name = self._named(pilot)
        return tuple(self.engine.history(name, after=self._since.get(name, 0)))

    def _fail(self, lines: list[str], pilot: str | None = None) -> NoReturn:
        __tracebackhide__ = True
        told = [self.timeline(pilot)] if pilot or self.id else []
        raise AssertionError("\n".join(["it came out differently", *lines, *told]))


def _check_types(argument: str, types: Iterable[str], came: Iterable[Event]) -> None:
    """Refuse a type of event that neither the log nor what came knows: there is never one of it."""
    known = dict.fromkeys((*EVENT_TYPES, *(one.type for one in came)))
    for one in types:
        if one not in known:
            told = did_you_mean(one, known) or f"; there are {', '.join(f'`{each}`' for each in known)}"
            raise BadArgument(argument, f"there is no type of event `{one}`{told}")


def _check_full(given: Mapping[str, Any]) -> None:
    """Refuse a word that names nothing: whatever came would fit it."""
    for word, one in given.items():
        if one is not None and not one:
            raise BadArgument("expect", f"`{word}` names nothing, so nothing could differ; leave it out")


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _order(wanted: Sequence[str], came: Sequence[str]) -> Iterator[Mismatch]:
    """Give a mismatch where types of events did not come in an order."""
    rest = iter(came)
    if not all(any(one == other for other in rest) for one in wanted):
        yield Mismatch("events", tuple(wanted), tuple(came))
