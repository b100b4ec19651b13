"""What keepers of pilots do over the years: check them, move them, forget who took part in them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from proeftuin import door
from proeftuin.core.commands import Actor
from proeftuin.errors import BadArgument
from proeftuin.hooks import Hooks
from proeftuin.reading import Reader
from proeftuin.spi import Began, Due

if TYPE_CHECKING:
    from pathlib import Path

    from proeftuin.core.migration.declared import Migration
    from proeftuin.doctor import Symptom
    from proeftuin.erasing import Erased
    from proeftuin.migrating import Migrated, MigrationPlan
    from proeftuin.noting import Noted
    from proeftuin.result import Work
    from proeftuin.storage.verify import Finding
    from proeftuin.transfer import Imported


class Keeping:
    """The part of `Engine` that keeps."""

    _writing: dict[str, Any]
    _reader: Reader
    _hooks: Hooks

    def verify(self, pilot_id: str | None = None, *, against: Iterable[str] | None = None) -> "tuple[Finding, ...]":
        """Return every place where the hash chain, the versions or the head of a pilot (None: of all) is not whole.

        Args:
            pilot_id: which pilot.
            against: the lines of a checkpoint that another party kept. Only with one can it be seen that the end of a
                history was cut off together with its head, or that a whole chain was computed anew.

        Raises:
            BadArgument: for lines that are no whole checkpoint, or that of another tenant of which no pilot came here.
        """
        return self._reader.verify(pilot_id, against)

    def doctor(self) -> "Iterator[Symptom]":
        """Give what pilots need to go on, and is missing or old here: workflows, guards, calendars, fold numbers.

        Pilot by pilot, in order of id, each with what to do. Nothing is written, and memory does not grow with the
        number of pilots.

        Raises:
            CorruptStore: where the store cannot be read; `verify` names every place.
        """
        from proeftuin.doctor import Doctor  # noqa: PLC0415  # on first use: most processes only fire

        parts = self._writing
        return Doctor(parts["store"], parts["tenant"], parts["tables"], parts["times"]).symptoms()

    def checkpoint(self) -> Iterator[str]:
        """Give the lines of a checkpoint: the version and last digest of every pilot, for another party to keep."""
        return self._reader.checkpoint()

    def export_pilots(
        self,
        pilots: str | Iterable[str] | None = None,
        *,
        personal: bool = False,
        actor: Actor | None = None,
        reason: str | None = None,
    ) -> Iterator[str]:
        """Give whole pilots as lines of JSON: workflows, histories and receipts, for `import_pilots`.

        Args:
            pilots: an id or ids; None means all.
            personal: also the refs of participants, which the new store needs to know them again. Whoever gets the
                text then has personal data. Each history says that they were exported, by whom and why (`privacy_log`).
            actor: who does it, with the role `privacy_officer`; only with `personal`.
            reason: why; likewise.

        Raises:
            UnknownPilot: where there is none.
            Refused: `forbidden-role` for anybody else, and `privacy-violation` where taking part in one of the pilots
                says that somebody committed a crime: their refs stay. Only with `personal`.
            CorruptStore: where an event cannot be read; `verify` names every place.

        Note:
            Source: GDPR articles 4(5) and 10.
        """
        if not personal:
            return self._reader.export_pilots(pilots, personal=False)
        if actor is None or reason is None:
            raise BadArgument("actor" if actor is None else "reason", "must be given where refs are exported")
        from proeftuin.disclosing import DisclosingWriter  # noqa: PLC0415  # on first use: most processes only fire

        return DisclosingWriter(**self._writing).export(pilots, actor, reason)

    def import_pilots(self, lines: Iterable[str], *, dry_run: bool = False) -> "Imported":
        """Write pilots that `export_pilots` gave, with every version, digest and instant as it was.

        Each chain is checked, and each pilot is written whole or not at all. One that is there already, with the same
        history, is passed over; so an import that was cut off can be done again. Lanes do not come along: a
        subscription is made anew on the new store.

        Args:
            lines: the text, as lines; a file that is open will do.
            dry_run: only judge it.

        Raises:
            BadArgument: for a text that is not whole, naming the line; pilots before that line are written.
        """
        return self._reader.import_pilots(lines, dry_run=dry_run)

    def erase(self, ref: str, *, actor: Actor, reason: str) -> "Erased":
        """Forget a participant in every pilot: the ref and its salt are deleted, and each history says that they were.

        Subjects, records, counts and overlaps stay; the chain verifies. It may be asked again at any time: what was cut
        off is finished, what is done is left alone.

        Args:
            ref: the host's ref of the participant.
            actor: who does it, with the role `privacy_officer`.
            reason: why; it stays in the history and may not hold the ref.

        Raises:
            Refused: `forbidden-role`, for anybody else.
            BadArgument: for a store that cannot erase, or a reason that names the ref.

        Note:
            Back-ups, write-ahead logs and what was exported with `personal=True` are outside the store: see
            docs/erasure.md. Source: GDPR articles 5(1)(e) and 17.
        """
        from proeftuin.erasing import ErasingWriter  # noqa: PLC0415  # on first use: most processes only fire

        return ErasingWriter(**self._writing).erase(ref, actor, reason)

    def look_up(self, pilot_id: str, subject: str, *, actor: Actor, reason: str) -> str | None:
        """Return the host's ref behind a subject, None where there is none; the history says who asked, and why.

        For a person who wants to know. Your own tool, which translates subjects to show a page, uses `ref`.

        Args:
            pilot_id: in which pilot.
            subject: whom, as `get` shows it.
            actor: who asks: the privacy officer, or who sees a record about this participant.
            reason: why; it stays in the history.

        Raises:
            Refused: `forbidden-role`, for anybody else.
            UnknownPilot: where there is none.
            BadArgument: for no reason, or one that points at a person.

        Note:
            Asked again by the same person for the same reason, with nothing in between, it is written once. Source:
            GDPR article 5(2).
        """
        from proeftuin.disclosing import DisclosingWriter  # noqa: PLC0415  # on first use: most processes only fire

        return DisclosingWriter(**self._writing).look_up(pilot_id, subject, actor, reason)

    def privacy_log(
        self, *, actor: Actor, pilots: str | Iterable[str] | None = None, since: date | str | None = None
    ) -> "Iterator[Noted]":
        """Give what was done with personal data: who was forgotten, exported or looked up, by whom, when and why.

        It is read from the histories, so it is as complete and as safe as they are. There is no ref in it.

        Args:
            actor: who reads it, with the role `privacy_officer`.
            pilots: an id or ids; None means all.
            since: only what was recorded on this day or later, in the time zone of each workflow.

        Raises:
            Refused: `forbidden-role`, for anybody else.
            UnknownPilot: for a named pilot that is not there.
        """
        from proeftuin.noting import NotingWriter  # noqa: PLC0415  # on first use: most processes only fire

        return NotingWriter(**self._writing).log(actor, pilots, door.day("since", since))

    def tick(self, limit: int | None = None, *, pilots: Iterable[str] | str | None = None) -> "Work":
        """Do what is due now, on every pilot: reminders, escalations, signals, and the triggers that clocks fire.

        It may be late, doubled, or run by any number of processes at once: states, signals, lapses and due days come
        out the same. Of reminders that were missed only the latest is sent.

        Args:
            limit: look at so many pilots at most; None means all.
            pilots: look at these alone, by their ids; or at one.

        Raises:
            BadArgument: for a store that does not know what is due, unless `pilots` are named.
            StoreError: where the store fails; what was done until then is done.

        Note:
            What a hook of the host raises undoes its pilot alone, and is raised on when all others are done.
        """
        from proeftuin.ticking import Ticker  # noqa: PLC0415  # on first use: most processes only fire

        if limit is not None and (type(limit) is not int or limit < 1):
            raise BadArgument("limit", "must be a whole number, 1 or more")
        named = (pilots,) if isinstance(pilots, str) else pilots
        wanted = None if named is None else tuple(door.name("pilots", one) for one in door.several("pilots", named))
        ticker = Ticker(**self._writing)
        return self._hooks.framed(Began("tick", self._writing["tenant"]), lambda: ticker.tick(limit, wanted))

    def due(self, *, limit: int = 1) -> tuple[Due, ...]:
        """Return which pilots `tick` would look at now, and since when; what waits longest comes first.

        Args:
            limit: how many, 1 to 1000. One is enough to tell how far `tick` is behind.

        Raises:
            BadArgument: for a store that does not know what is due.

        Note:
            An instant is never later than what is due, and may be earlier: where a term was put off, `tick` finds out.
        """
        from proeftuin.ticking import Ticker  # noqa: PLC0415  # on first use: most processes only fire

        return Ticker(**self._writing).due(limit)

    def plan_migration(
        self, workflow: str, to_version: int, changes: "Path | str | Migration | None" = None
    ) -> "MigrationPlan":
        """Return how running pilots would go on under another version of their workflow; nothing is written.

        To go through the plan is to judge every running pilot. What it leaves open is in `undecided`.

        Args:
            workflow: the version that they follow, `existing-contract@1`.
            to_version: the number of the other version.
            changes: a plan's file or text, as `MigrationPlan.text` gives one; None means that nothing is declared.

        Raises:
            UnknownWorkflow: where one of the versions is not known.
            DefinitionError: for a plan with faults, all at once.
            BadArgument: for a plan of other versions, or of another content of these.
        """
        from proeftuin.migrating import MigratingWriter  # noqa: PLC0415  # on first use: most processes only fire

        return MigratingWriter(**self._writing).plan(workflow, to_version, changes)

    def migrate(
        self, plan: "MigrationPlan", *, actor: Actor, reason: str, pilots: str | Iterable[str] | None = None
    ) -> "Migrated":
        """Move running pilots to another version of their workflow, one by one, each by an event of its own.

        It may be cut off and asked for again, or done by two at once: each pilot is moved once. One that needs a
        decision, or cannot be moved, stays as it is.

        Args:
            plan: with nothing left undecided.
            actor: who does it, with the role `workflow_manager`.
            reason: why; it stays in each history.
            pilots: an id or ids; None means all that run under the old version.

        Raises:
            Refused: `forbidden-role` for anybody else, and `clock-undecided` where the plan leaves a clock open.
            UnknownPilot: for a named pilot that is not there.
        """
        from proeftuin.migrating import MigratingWriter  # noqa: PLC0415  # on first use: most processes only fire

        return MigratingWriter(**self._writing).migrate(plan, actor, reason, pilots)

    def undo_migration(
        self, plan: "MigrationPlan", *, actor: Actor, reason: str, pilots: str | Iterable[str] | None = None
    ) -> "Migrated":
        """Move pilots back to the version that they had before a migration, where nothing has happened to them since.

        Args:
            plan: the one that was applied.
            actor: who does it, with the role `workflow_manager`.
            reason: why; it stays in each history.
            pilots: an id or ids; None means all that the plan moved.

        Raises:
            Refused: `forbidden-role` for anybody else.
            UnknownPilot: for a named pilot that is not there.
        """
        from proeftuin.migrating import MigratingWriter  # noqa: PLC0415  # on first use: most processes only fire

        return MigratingWriter(**self._writing).undo(plan, actor, reason, pilots)

    def tenants(self) -> tuple[str, ...]:
        """Return the tenants that have pilots in this store, in order, whoever's engine this is."""
        return self._reader.tenants()
