"""Running pilots, moved to another version of their workflow: planned, judged, applied one by one, undone.

1. A plan is checked against both versions when it is made. What it leaves open is told, and then nothing is applied.
2. To judge writes nothing. Each pilot is judged as a command would find it, with what is due done.
3. To apply writes one event per pilot, by the same rules. A pilot that is not fine stays where it is; one that has been
   moved already is no longer among those of the old version. So an application that was cut off is asked for again, and
   two at once move each pilot once.
4. What happened under the old version stays as it was told; a pilot moved by mistake is moved back by another event, as
   long as nothing has happened to it since.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from proeftuin import door, log
from proeftuin.calls import Call
from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.migration.changes import between
from proeftuin.core.migration.declared import Migration, Version
from proeftuin.core.migration.moving import Judged, Move, Unknown, unknown
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table
from proeftuin.drafts import Draft
from proeftuin.errors import BadArgument, CorruptStore, UnknownPilot
from proeftuin.noting import NotingWriter, sound_reason
from proeftuin.spi import UNTIMED
from proeftuin.spi.checks import MAX_INTEGER, workflow_name

MANAGER = "workflow_manager"
MIGRATED = "pilot.migrated"
TRIGGER = "migrate"
Source = Path | str | Migration
MANAGER_ALONE = FrozenDict(  # it is no rule of a workflow, so no workflow words it
    en="Only who manages workflows may move pilots to another version.",
    nl="Alleen wie workflows beheert mag proeftuinen naar een andere versie brengen.",
)


@frozen
class MigrationPlan:
    """A migration, checked against both versions. To go through it is to judge every running pilot; nothing is written.

    Attributes:
        migration: what is declared.
        undecided: what it leaves open, such as a clock that changed; with any of it nothing can be applied.
    """

    migration: Migration
    undecided: tuple[Blocker, ...]
    _judge: Callable[[], Iterator[Judged]] = field(repr=False, eq=False)

    def __iter__(self) -> Iterator[Judged]:
        """Judge every pilot that runs under the old version, in order of id."""
        return self._judge()

    def text(self, notes: Iterable[str] = ()) -> str:
        """Return the file of the plan: to review, to complete where a clock is `undecided`, and to apply."""
        from proeftuin.definitions import migration_text  # noqa: PLC0415  # on first use, as `tables`

        changes = {str(one.params["clock"]): str(one.params.get("because", one.code)) for one in self.undecided}
        return migration_text(self.migration, changes, notes)


@frozen
class Migrated:
    """What an application of a plan came to.

    Attributes:
        done: how many pilots were moved.
        left: how many need a decision or cannot be moved; go through the plan to see which, and why.
        gone_on: of an undoing: how many went on since, and so stay under the new version.
    """

    done: int
    left: int = 0
    gone_on: int = 0


class MigratingWriter(NotingWriter):
    """Moves pilots of one tenant to another version of their workflow."""

    def plan(self, workflow: str, to: int, changes: Source | None) -> MigrationPlan:
        """Return a plan; see `Engine.plan_migration`."""
        old, new = self._ends(workflow, to)
        migration = self._declared(old, new, changes)
        move = self._move(migration, old, new)
        return MigrationPlan(migration, move.undecided, lambda: self._judged(move))

    def migrate(self, plan: MigrationPlan, actor: Actor, reason: str, pilots: str | Iterable[str] | None) -> Migrated:
        """Apply a plan; see `Engine.migrate`."""
        call, migration = self._allowed(plan, actor, reason), plan.migration
        old, new = self._ends(f"{migration.workflow}@{migration.source.version}", migration.to.version)
        move = self._move(self._declared(old, new, migration), old, new)
        if move.undecided:
            raise self._refused(None, TRIGGER, call, move.undecided)
        self._tables.named(new.workflow.id)  # from now on the store keeps it
        done = left = 0
        for pilot_id in self._wanted(old, pilots):
            verdict = self._moved(pilot_id, move, call, reason)
            done, left = done + (verdict is True), left + (verdict is False)
        return Migrated(done, left)

    def undo(self, plan: MigrationPlan, actor: Actor, reason: str, pilots: str | Iterable[str] | None) -> Migrated:
        """Undo a plan; see `Engine.undo_migration`."""
        call, migration = self._allowed(plan, actor, reason), plan.migration
        old, new = self._ends(f"{migration.workflow}@{migration.source.version}", migration.to.version)
        done = gone_on = 0
        for pilot_id in self._wanted(new, pilots):
            undone = self._undone(pilot_id, old, new, call, reason)
            done, gone_on = done + (undone is True), gone_on + (undone is False)
        return Migrated(done, gone_on=gone_on)

    # -- the plan --------------------------------------------------------------------------------------------------

    def _ends(self, workflow: str, to: int) -> tuple[Table, Table]:
        name, version = workflow_name(door.text("workflow", workflow))
        if version is None:
            raise BadArgument("workflow", "must be the version that the pilots follow, as existing-contract@1")
        if type(to) is not int or not 1 <= to <= MAX_INTEGER or to == version:
            raise BadArgument("to_version", "must be the number of another version")
        return self._tables.looked_at(workflow), self._tables.looked_at(f"{name}@{to}")

    def _declared(self, old: Table, new: Table, changes: Source | None) -> Migration:
        ends = (Version(old.workflow.version, old.workflow.hash), Version(new.workflow.version, new.workflow.hash))
        if changes is None:
            return Migration(old.workflow.name, *ends)
        if not isinstance(changes, Migration):
            from proeftuin.definitions import load_migration  # noqa: PLC0415  # on first use, as `tables`

            changes = load_migration(changes, lambda plan: self._unknown(plan, old, new))
        else:
            for path, word, _ in self._unknown(changes, old, new):
                raise BadArgument("changes", f"{'.'.join(path)}: `{word}` is not there")
        said = (changes.workflow, changes.source.version, changes.to.version)
        wanted = (old.workflow.name, ends[0].version, ends[1].version)
        if said != wanted:
            raise BadArgument("changes", f"it is a plan for {_ends_of(*said)}, not for {_ends_of(*wanted)}")
        for given, found in zip((changes.source, changes.to), ends, strict=True):
            if given.hash not in {"", found.hash}:
                text = f"version {given.version} has another content than when this plan was made; plan again"
                raise BadArgument("changes", text)
        return changes

    def _unknown(self, plan: Migration, old: Table, new: Table) -> Iterator[Unknown]:
        """Give the words of a plan that are not there, and the pilots and tracks that it decides for."""
        yield from unknown(plan, old, new)
        for pilot_id, said in plan.pilots.items():
            place = ("pilots", pilot_id)
            try:
                tracks = self._reader.get(pilot_id).tracks
            except UnknownPilot:
                yield place, pilot_id, ()
            else:
                yield from (((*place, "tracks", key), key, tracks) for key in said.tracks if key not in tracks)

    def _move(self, migration: Migration, old: Table, new: Table) -> Move:
        calendars = (self._times.calendar(old), self._times.calendar(new))
        return Move(migration, old, new, calendars, self._settings)

    # -- judging ---------------------------------------------------------------------------------------------------

    def _judged(self, move: Move) -> Iterator[Judged]:
        now = self._now()
        for pilot in self._reader.looked_at(None, {"workflow": move.old.workflow.id}):
            if not _closed(move.old, ahead := self._reader.ahead(pilot, now)):
                yield move.judge(ahead, now)

    # -- applying --------------------------------------------------------------------------------------------------

    def _allowed(self, plan: MigrationPlan, actor: Actor, reason: str) -> Call:
        if not isinstance(plan, MigrationPlan):
            raise BadArgument("plan", "must be what `plan_migration` gave")
        call = self._call(actor, None)
        sound_reason(reason)
        self._only_as(MANAGER, TRIGGER, call, MANAGER_ALONE)
        return call

    def _wanted(self, table: Table, pilots: str | Iterable[str] | None) -> Iterable[str]:
        if pilots is not None:
            return self._reader.ids(pilots)
        return (one.id for one in self._reader.each(workflow=table.workflow.id))

    def _moved(self, pilot_id: str, move: Move, call: Call, reason: str) -> bool | None:
        """Move a pilot: True where it was, False where it is not fine, None where it is no pilot to be moved."""

        def change(pilot: Pilot) -> Draft | bool | None:
            if pilot.workflow != move.old.workflow.id:
                return None
            draft = self._drafted(move.old, pilot, call)
            if _closed(move.old, draft.pilot):
                return None
            judged = move.judge(draft.pilot, call.now)
            if judged.becomes is None:
                return False
            voided = tuple(
                FrozenDict({**one.params, **({"track": one.track} if one.track else {})}) for one in judged.notes
            )
            facts = {"reason": reason, "becomes": judged.becomes, **({"voided": voided} if voided else {})}
            return self._under(move.new, draft, call, facts)

        return self._changed(pilot_id, change)

    def _undone(self, pilot_id: str, old: Table, new: Table, call: Call, reason: str) -> bool | None:
        """Move a pilot back: True where it was, False where it has gone on, None where it was never moved."""

        def change(pilot: Pilot) -> Draft | bool | None:
            ends = {"from": old.workflow.id, "workflow": new.workflow.id}
            events = (one for one in self._reader.events(pilot_id) if one.type == MIGRATED and "undoes" not in one.data)
            moves = [one for one in events if ends.items() <= one.data.items()]
            if pilot.workflow != new.workflow.id or not moves:
                return None
            last = moves[-1]
            if last.version != pilot.version:
                return False
            before = self._reader.get(pilot_id, version=pilot.version - 1)
            facts = {"reason": reason, "becomes": between(pilot, before), "undoes": last.version}
            return self._under(old, Draft(new, pilot, pilot.version), call, facts)

        return self._changed(pilot_id, change)

    def _under(self, table: Table, draft: Draft, call: Call, facts: Mapping[str, object]) -> Draft:
        """Add the event after which a pilot follows another version."""
        flow = table.workflow
        data = {"workflow": flow.id, "hash": flow.hash, "from": draft.pilot.workflow, **facts}
        draft.add([self._event(draft.pilot, MIGRATED, TRIGGER, call, MANAGER, FrozenDict(data))])
        draft.table, draft.timing, draft.late = table, UNTIMED, False  # its days are counted anew
        return draft

    def _changed(self, pilot_id: str, change: "Callable[[Pilot], Draft | bool | None]") -> bool | None:
        """Write what a change makes of a pilot; False where the pilot cannot be read, which stops no other."""
        try:
            return self._applied(pilot_id, change)
        except CorruptStore as error:
            log.warning("not-migrated", pilot=pilot_id, reason=str(error))
            return False


def _ends_of(name: str, old: int, new: int) -> str:
    return f"{name} from {old} to {new}"


def _closed(table: Table, pilot: Pilot) -> bool:
    """Whether a pilot is done: it stays under the version that it ended with."""
    return table.workflow.states[pilot.state].final
