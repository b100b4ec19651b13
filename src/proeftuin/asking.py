"""The questions of the engine: what is stored, what may be done, what has come of it. None of them writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from proeftuin.core.commands import Actor, Option
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.gathering import Missed
from proeftuin.reading import Reader
from proeftuin.spi import Page, Summary, Tally

if TYPE_CHECKING:
    from proeftuin.agenda import Agenda, Deadlines
    from proeftuin.chains import Link
    from proeftuin.core.metrics import Metric
    from proeftuin.dossiers import Dossier
    from proeftuin.notices import Notice
    from proeftuin.portfolio import Portfolio
    from proeftuin.seen import View


class Questions:
    """The part of `Engine` that asks."""

    _reader: Reader

    def options(
        self,
        pilot_id: str,
        *,
        actor: Actor,
        track: str | None = None,
        all: bool = False,  # noqa: A002  # the API's own word
    ) -> tuple[Option, ...]:
        """Return what an actor may do now: moves, then what is not yet possible, then what is only recorded.

        Args:
            pilot_id: which pilot.
            actor: for whom.
            track: only what can be done on this track.
            all: also what is forbidden, what can never be done again, and what is more than one move away.
        """
        return self._reader.options(pilot_id, actor=actor, track=track, everything=all)

    def explain(
        self,
        pilot_id: str,
        trigger: str,
        *,
        actor: Actor,
        data: Mapping[str, object] | None = None,
        track: str | None = None,
    ) -> Option:
        """Return what `fire` would answer, without firing: a dry run. `allowed` also where it would be pending."""
        return self._reader.explain(pilot_id, trigger, actor=actor, data=data, track=track)

    def get(self, pilot_id: str, *, version: int | None = None, at: datetime | None = None) -> Pilot:
        """Return a pilot as it is, as it stood at a version, or as it stood at a moment (aware).

        Raises:
            UnknownPilot: where there is none, or was none at that moment.
        """
        return self._reader.get(pilot_id, version=version, at=at)

    def history(self, pilot_id: str, *, after: int = 0) -> Iterator[Event]:
        """Give the events of a pilot, in order of version, from after a version.

        Raises:
            UnknownPilot: where there is none.
        """
        return self._reader.history(pilot_id, after=after)

    def chain(self, pilot_id: str) -> "tuple[Link, ...]":
        """Return the pilots that began with each other, of which this is one: the first one first.

        Each is followed by what came of it: a follow-up, a tender that was begun for it, the pilot on another route.

        Raises:
            UnknownPilot: where there is none.
        """
        from proeftuin.chains import chain  # noqa: PLC0415  # on first use: most processes only fire

        return chain(self._reader.get, pilot_id)

    def find(  # all by name
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        phase: str | None = None,
        track_state: str | None = None,
        organisation: str | None = None,
        programme: str | None = None,
        ref: str | None = None,
        signal: str | None = None,
        overdue: bool | None = None,
        updated_after: datetime | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page:
        """Return a page of summaries of the pilots for which every given filter holds, in order of id.

        Args:
            workflow: a name, or `name@version`.
            state: the pilot's own state, and `phase` the phase it lies in.
            phase: one of the shared phases.
            track_state: a state in which one of its tracks is.
            organisation: as given at the start.
            programme: the same.
            ref: the host's own reference.
            signal: a signal that is up, such as `stalled`.
            overdue: True for pilots on which a term is due, today or since earlier. It is computed now, as if what is
                due had been done; so it does not wait for `tick`. A pilot that cannot be read is among them where a
                term may be due on it for all that the store knows, and is told in the log as `pilot-unreadable`.
            updated_after: aware; only pilots with a later commit.
            limit: how many, 1 to 1000.
            after: the `next` of the page before.
        """
        lies = {"workflow": workflow, "state": state, "phase": phase, "track_state": track_state, "signal": signal}
        belongs = {"organisation": organisation, "programme": programme, "ref": ref, "updated_after": updated_after}
        filters: dict[str, Any] = {**lies, **belongs, "overdue": overdue}
        return self._reader.find(limit=limit, after=after, **filters)

    def each(self, /, **filters: Any) -> Iterator[Summary]:  # noqa: ANN401  # those of `find`
        """Give the summaries of all pilots that match the filters of `find`, page by page."""
        return self._reader.each(**filters)

    def count(self, /, **filters: Any) -> tuple[Tally, ...]:  # noqa: ANN401  # those of `find`
        """Return how many pilots match the filters of `find`, by phase and state.

        It is one question to the store; with `overdue` each pilot that may be is looked at.
        """
        return self._reader.count(**filters)

    def workflow(self, workflow: str) -> Workflow:
        """Return a definition by its name or `name@version`, as this engine's store holds it.

        Raises:
            UnknownWorkflow: where nothing of that name is known.
            WorkflowChanged: for a name alone, where the store keeps its highest version with other content.
        """
        look = self._reader.shown if "@" in workflow else self._reader.named
        return look(workflow).workflow

    def workflows(self) -> tuple[str, ...]:
        """Return the definitions that a new pilot may begin under, each `name@version`, in order; none is read."""
        return self._reader.workflows()

    def seen_by(self, actor: Actor) -> "View":
        """Return a read-only view on what this actor may see; the engine itself is unfiltered."""
        from proeftuin.seen import View  # noqa: PLC0415  # on first use: most processes only fire

        return View(self._reader, actor)

    def agenda(self, *, actor: Actor, days: int = 7) -> "Agenda":
        """Return what is next for an actor: what to do, whom to call, and the goals on the horizon.

        It is computed now, as if what is due had been done, from the pilots that the actor may see.

        A pilot that cannot be read keeps no other one out: the agenda names it as `unreadable`.

        Args:
            actor: for whom.
            days: how many days ahead the actions go; what is overdue is always among them.

        Raises:
            BadArgument: for a number of days that is none.
        """
        return self.seen_by(actor).agenda(days=days)

    def deadlines(
        self,
        /,
        *,
        pilots: str | Iterable[str] | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        limit: int | None = None,
        **filters: Any,  # noqa: ANN401  # those of `find`
    ) -> "Deadlines":
        """Return the due days of terms, by default of every term there is; `seen_by(actor).deadlines` cuts it.

        A pilot that cannot be read keeps no other one out: they name it as `unreadable`.

        Args:
            pilots: the id of one, or ids; None means all that match the filters.
            since: the first day that is told; None tells of those behind us too.
            until: the last day that is told.
            limit: how many are told, the first due first; None means all.
            filters: those of `find`, where no ids are given.

        Raises:
            BadArgument: for a day, number or filter that is none.
            UnknownPilot: for an id of no pilot.
            CorruptStore: where a pilot that was named cannot be read.
        """
        from proeftuin.agenda import deadlines  # noqa: PLC0415  # on first use: most processes only fire

        now = self._reader.now()
        cases = self._reader.cases(now, pilots, filters, missed := Missed())
        found = deadlines(cases, now, tenant=self._reader.tenant, since=since, until=until, limit=limit)
        return evolve(found, unreadable=tuple(missed))

    def dossiers(
        self,
        /,
        *,
        pilots: str | Iterable[str] | None = None,
        missed: Missed | None = None,
        **filters: Any,  # noqa: ANN401  # those of `find`
    ) -> "Iterator[Dossier]":
        """Give pilots with their histories, for another tool; `seen_by(actor).dossiers` cuts them to what is seen.

        They come one after another, each as of one version, so memory does not grow with their number. Of a pilot that
        takes part in which says that somebody committed a crime, nothing about a participant is in them.

        Args:
            pilots: an id or ids; None means all that match the filters.
            missed: a dict that takes the ids of pilots that match and cannot be read, each with its workflow; then
                they keep no other one out.
            filters: those of `find`, where no ids are given.

        Raises:
            BadArgument: for ids together with filters.
            UnknownPilot: for an id of no pilot.
            CorruptStore: where a pilot cannot be read, and nothing takes its id.

        Note:
            Source: GDPR article 10.
        """
        from proeftuin.dossiers import dossiers  # noqa: PLC0415  # on first use: most processes only fire
        from proeftuin.sight import ALL, Sight  # noqa: PLC0415  # the same

        found = self._reader.looked_at(pilots, filters, missed)
        return dossiers(self._reader, (Sight(self._reader.shown(one.workflow), one, ALL) for one in found))

    def notices(self, day: date | str) -> "tuple[Notice, ...]":
        """Return what was to be said on a day, over all pilots: one notice for each person.

        Reminders, escalations and signals are told to who is assigned to their roles now; a role that nobody holds gets
        a notice of its own. There is no participant in a notice.

        Args:
            day: the day on which they were recorded, in the zone of each workflow.

        Raises:
            BadArgument: for what is no day.
            CorruptStore: where a pilot cannot be read.
        """
        return self._reader.notices(day)

    def subject(self, pilot_id: str, ref: str) -> str | None:
        """Return the opaque subject that a participant's ref has in a pilot, None where it has none."""
        return self._reader.subject(pilot_id, ref)

    def ref(self, pilot_id: str, subject: str) -> str | None:
        """Return the host's ref behind a subject, None where there is none."""
        return self._reader.ref(pilot_id, subject)

    def metrics(
        self,
        /,
        *names: str,
        pilots: str | Iterable[str] | None = None,
        as_of: date | str | None = None,
        since: date | str | None = None,
        of: str | None = None,
        by: Sequence[str] = (),
        strict: bool = True,
        **filters: Any,  # noqa: ANN401  # those of `find`
    ) -> "Mapping[str, Metric]":
        """Return numbers of one pilot or a portfolio, unsuppressed; `seen_by(actor).metrics` hides small groups.

        Pilots are read one after another and not kept, so a portfolio of any size takes the same memory. One that
        cannot be read is in none of them, and each tells so (`missing`, and its `note`).

        Args:
            names: which metrics; none means those that the pilots' workflows declare.
            pilots: an id or ids, of which each counts once; None means all that match the filters.
            as_of: the day that they hold for, today by default: what was true then, as it is known now.
            since: the first day of the period, for figures over one; the first of that year by default.
            of: one part of a metric.
            by: one field to break down by, such as `target_group`.
            strict: whether a figure that was named, and cannot be given, is refused; otherwise it stands there without
                a value, as those that were not named do, and its `refused` says why.
            filters: those of `find`, where no ids are given.

        Raises:
            BadArgument: for an unknown metric, part or field.
            Refused: for a figure that cannot be given, such as a sum of amounts of two value tables.
            UnknownPilot: for an id of no pilot.
            CorruptStore: where a pilot that was named cannot be read; or none can, and no figures are known.
        """
        from proeftuin.figures import figures  # noqa: PLC0415  # on first use: most processes only fire

        return figures(
            self._reader, names, pilots=pilots, as_of=as_of, since=since, of=of, by=by, strict=strict, filters=filters
        )

    def portfolio(
        self,
        /,
        *,
        pilots: str | Iterable[str] | None = None,
        as_of: date | str | None = None,
        since: date | str | None = None,
        limit: int = 100,
        months: int = 0,
        **filters: Any,  # noqa: ANN401  # those of `find`
    ) -> "Portfolio":
        """Return what came of many pilots, and what each of them waits for; `seen_by(actor).portfolio` cuts it.

        A pilot that cannot be read is in none of it: it is told as `missing`, and named as `unreadable`.

        Args:
            pilots: an id or ids; None means all that match the filters.
            as_of: the day that the figures hold for; what pilots wait for is told of today alone.
            since: the first day of the period, for figures over one; the first of that year by default.
            limit: how many waiting pilots are told of, the quietest first.
            months: for the ends of how many months gone by it is also told how many pilots lay in each phase.
            filters: those of `find`, where no ids are given.

        Raises:
            BadArgument: for a day or filter that is none.
            UnknownPilot: for an id of no pilot.
            CorruptStore: where a pilot that was named cannot be read.
        """
        from proeftuin.portfolio import portfolio  # noqa: PLC0415  # on first use: most processes only fire

        asked: dict[str, Any] = {"as_of": as_of, "since": since, "limit": limit, "months": months}
        return portfolio(self._reader, pilots=pilots, filters=filters, **asked)
