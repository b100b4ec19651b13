"""The lab: pilots lived through in virtual time, on a store of their own, by people who are invented as they are named.

    start fire sign     somebody does something; `refused` expects a no
    advance tick        time goes by, with a tick every morning, as from cron
    expect              what must hold by now; on a difference it fails, and shows the pilot's timeline
    path events told notices timeline pilot     what came of it, to look at

Nothing here is left to chance: time stands still until it is moved, ids and salts follow from the lab, and a person's
id from the role. So two runs give the same histories, byte for byte, on any store.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from attrs import define

from proeftuin import door
from proeftuin.calendars import named
from proeftuin.core.calendar import Calendar, plus
from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.days import day_or_moment_of
from proeftuin.core.settings import Settings
from proeftuin.core.workflow import Edge, Offset, Workflow
from proeftuin.engine import Engine, Result
from proeftuin.errors import BadArgument, ProeftuinError, Refused, StoreError
from proeftuin.scenario import ScenarioIds, ScenarioTime, mornings, shown
from proeftuin.spi import Hook
from proeftuin.storage import open_store
from proeftuin.testing.lab_looking import Looking, a_word, sources
from proeftuin.testing.people import People

FIRST_DAY = date(2026, 1, 5)
MORNING = time(9)


@define
class No:
    """A refusal that was expected: what it said."""

    codes: tuple[str, ...] = ()
    blockers: tuple[Blocker, ...] = ()


class Lab(Looking):
    """An engine on a store, with time, ids and people in the hands of a test.

    Args:
        workflow: the name of a bundled workflow, the path of a workflow file, or a `Workflow`.
        store: a URL as for `Engine.open`; where it holds `{}` the lab has a store of its own. On a store that outlives
            the process the lab has a tenant of its own, so that it finds nothing of others there.
        at: when it begins: a day, at nine in the morning, or a moment in the workflow's zone.
        parties: the suppliers there are before a track is opened; only `everybody` needs them.
        others: more workflows, by name or file, that a pilot may go on under.
        guards, hooks, calendar, settings: those of `Engine`.

    Attributes:
        workflow, people, engine: what the lab is made of, for what it has no verb for.
        time: the engine's time, as `proeftuin.testing.lifecycles.walk` wants it.

    Raises:
        DefinitionError: the workflow has faults.
        BadArgument: for a store that nothing installed opens.
    """

    def __init__(
        self,
        workflow: str | Path | Workflow = "existing-contract",
        *,
        store: str = "memory://",
        at: date | datetime | str = FIRST_DAY,
        parties: Iterable[str] = (),
        others: Iterable[str | Path | Workflow] = (),
        guards: Any = (),
        hooks: Iterable[Hook] = (),
        calendar: Calendar | None = None,
        settings: Settings | None = None,
    ) -> None:
        found = sources((workflow, *others), guards)
        self.workflow = found[0]
        self.zone = ZoneInfo(self.workflow.timezone)
        self.people = People(self.workflow, parties)
        self.time = ScenarioTime(self._moment(at, "at"))
        self._calendar = calendar or named(self.workflow.calendar)
        kept = open_store(store.replace("{}", a_word()))
        self.engine = Engine(
            kept,
            workflows=found,
            guards=guards,
            hooks=hooks,
            time=self.time,
            ids=ScenarioIds("lab"),
            calendar=calendar,
            settings=settings,
            tenant=f"lab-{a_word()}" if kept.durable else "default",
        )
        self._pilots: list[str] = []
        self._tracks: set[str] = set()  # those that somebody fired at
        self._since: dict[str, int] = {}
        self._notices = []
        self._busy = False  # whether anything happened today
        self._expecting = False

    # -- doing -----------------------------------------------------------------------------------------------------

    def start(
        self,
        by: str | Actor,
        data: Mapping[str, Any] | None = None,
        *,
        id: str | None = None,  # noqa: A002  # the field's own word
        on: date | None = None,
    ) -> Result:
        """Begin a pilot; from now on it is the one that is meant where no other is named.

        Args:
            by: who, as for `fire`.
            data: the fields of the workflow's `start`.
            id: the pilot's id; `lab-1`, `lab-2`, ... by default.
            on: the business date of what is told late.

        Raises:
            Refused: with every reason.
        """
        __tracebackhide__ = True
        result = self.engine.start(self.workflow.id, actor=self.person(by), data=data, id=id, on=on)
        self._take_in(result.pilot.id)
        self.id = result.pilot.id
        return result

    def fire(
        self,
        by: str | Actor,
        trigger: str,
        data: Mapping[str, Any] | None = None,
        *,
        track: str | None = None,
        on: date | None = None,
        pilot: str | None = None,
    ) -> Result:
        """Do one thing to a pilot.

        Args:
            by: a role, for the one person that has it; `role:name` for somebody else in it; an `Actor`. A supplier's
                role is played by somebody of the track's party, or of the one after an `@`: `supplier_lead@alpha`.
            trigger: the word of the workflow.
            data: its fields.
            track: the key of the track.
            on: the business date of what is told late.
            pilot: which pilot; the one started last by default.

        Raises:
            Refused: with every reason, and the pilot's timeline as a note.
        """
        __tracebackhide__ = True
        pilot_id = self._named(pilot)
        if track is not None:
            self._tracks.add(track)
        actor = self.person(by, self._party(pilot_id, trigger, track, data))
        try:
            result = self.engine.fire(pilot_id, trigger, actor=actor, data=data, track=track, on=on)
        except Refused as no:
            if not self._expecting:
                no.add_note(self.timeline(pilot_id))
            raise
        self._busy = True
        if result.started is not None:
            self._take_in(result.started)
        return result

    def sign(
        self, trigger: str, data: Mapping[str, Any] | None = None, *, track: str | None = None, pilot: str | None = None
    ) -> Result:
        """Have everybody sign whose signature an edge asks for, each role by somebody of its own.

        Args:
            trigger: an edge with `sign`.
            data: what is signed.
            track: the key of the track.
            pilot: which pilot; the one started last by default.

        Returns:
            What came of the last signature.
        """
        __tracebackhide__ = True
        edge = next((one for one in self._edges() if one.trigger == trigger and one.sign), None)
        if edge is None:
            raise BadArgument("trigger", f"`{trigger}` asks for no signatures here")
        first, *others = edge.sign
        result = self.fire(first, trigger, data, track=track, pilot=pilot)
        for role in others:
            result = self.fire(role, trigger, track=track, pilot=pilot)
        return result

    @contextmanager
    def refused(self, *codes: str) -> Iterator[No]:
        """Expect that what is done inside is refused, with exactly these codes, in any order.

        Raises:
            AssertionError: it was accepted, or refused with other codes.
        """
        __tracebackhide__ = True
        no = No()
        self._expecting = True
        try:
            yield no
        except StoreError:
            raise
        except ProeftuinError as error:
            no.codes = error.codes if isinstance(error, Refused) else (error.code,)
            no.blockers = error.blockers if isinstance(error, Refused) else ()
        finally:
            self._expecting = False
        if set(codes) != set(no.codes):
            came = shown(tuple(sorted(set(no.codes)))) if no.codes else "accepted"
            texts = [f"  {one.code}: {one.text()}" for one in no.blockers]
            self._fail([f"  refused: expected {shown(tuple(sorted(codes)))}, came {came}", *texts])

    # -- time ------------------------------------------------------------------------------------------------------

    def day(self, days: int = 0) -> str:
        """Return a day so many days from today, as data has it."""
        return plus(self.today, Offset(abs(days), "days"), self._calendar, back=days < 0).isoformat()

    def advance(
        self,
        to: date | datetime | str | None = None,
        *,
        days: int = 0,
        weeks: int = 0,
        months: int = 0,
        working_days: int = 0,
        ticking: bool = True,
    ) -> Self:
        """Let time go by. Every morning at nine what is due is done, on all pilots, and at the end once more.

        Args:
            to: until that day, at nine in the morning, or that moment in the workflow's zone.
            days: for so many days, at the same time of the day; the spans add up.
            weeks: the same.
            months: the same; the end of a month clips it.
            working_days: the same, on the calendar of the engine.
            ticking: False where nobody ticks meanwhile, nor at the end: the machine was off.

        Raises:
            BadArgument: where that is no later moment, or both are given.
        """
        if to is not None and (days or weeks or months or working_days):
            raise BadArgument("to", "it says when already; give either `to` or how long")
        until = self._moment(to, "to") if to is not None else self._later(days, weeks, months, working_days)
        if until <= self.now:
            raise BadArgument("to", f"time goes forward, and {until:%Y-%m-%d %H:%M} UTC is not later than it is")
        self._since = {one: self.engine.get(one).version for one in self._pilots}
        for moment in mornings(self.now, until, self.zone):
            if moment.astimezone(self.zone).date() != self.today:
                self._end_day()
            self.time.moment = moment
            if ticking:
                self.tick()
        return self

    def tick(self) -> int:
        """Do what is due now; returns on how many pilots something was done."""
        done = self.engine.tick(pilots=self._pilots).done if self._pilots else 0
        self._busy |= done > 0
        return done

    def _later(self, days: int, weeks: int, months: int, working_days: int) -> datetime:
        day = self.today
        spans = (("months", months), ("weeks", weeks), ("days", days), ("working_days", working_days))
        for unit, amount in spans:
            day = plus(day, Offset(amount, unit), self._calendar)  # type: ignore[arg-type]  # the units as they are spelled there
        return _utc(datetime.combine(day, self.now.astimezone(self.zone).time(), self.zone), "to")

    def _moment(self, given: date | datetime | str, word: str) -> datetime:
        """Return a moment, UTC, of a day, a moment in the zone, or the text of either."""
        found: object = given
        if isinstance(given, str):
            found = day_or_moment_of(given)
        if not isinstance(found, date):
            raise BadArgument(word, f"{str(given)[:64]!r} is no day or moment, as in 2026-03-31 or 2026-03-31T14:30")
        if not isinstance(found, datetime):
            found = datetime.combine(found, MORNING)
        return _utc(found if found.tzinfo else found.replace(tzinfo=self.zone), word)

    def _end_day(self) -> None:
        """Keep what was to be said on a day that is over."""
        if self._busy:
            self._notices += self.engine.notices(self.today)
        self._busy = False

    # -- who and where ---------------------------------------------------------------------------------------------

    def person(self, by: str | Actor, party: str | None = None) -> Actor:
        """Return who is meant by a name (`People.person`), or the actor that was given."""
        return by if isinstance(by, Actor) else self.people.person(by, party)

    def present(self, *names: str) -> tuple[dict[str, str], ...]:
        """Return who was there as rows of `person`, `role`, `party`, for the data of a session or a talk."""
        rows = []
        for one in map(self.person, names):
            row = {"person": one.id, "role": min(one.roles)}
            rows.append(row if one.party is None else {**row, "party": one.party})
        return tuple(rows)

    def _edges(self) -> Iterator[Edge]:
        yield from self.workflow.edges
        for kind in self.workflow.tracks.values():
            yield from kind.edges

    def _party(self, pilot_id: str, trigger: str, track: str | None, data: Mapping[str, Any] | None) -> str | None:
        """Return whose people act where a supplier's role is named without its party."""
        tracks = self.engine.get(pilot_id).tracks
        key = track or str((data or {}).get("track"))
        if key in tracks:
            return tracks[key].party
        for edge in self._edges():
            if edge.trigger == trigger and edge.opener is not None:
                source = self.workflow.tracks[edge.opener].party_from
                return track if source == "key" else (data or {}).get(source)
        return None

    def _take_in(self, pilot_id: str) -> None:
        self._busy = True
        if pilot_id not in self._pilots:
            self._pilots.append(pilot_id)

    # -- the end ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the store."""
        self.engine.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()


def _utc(moment: datetime, word: str) -> datetime:
    """Return a moment in UTC, of a year in which everything can be counted."""
    door.lived(word, moment)
    return moment.astimezone(UTC)
