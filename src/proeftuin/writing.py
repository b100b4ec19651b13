"""Commands, carried out: decided, and appended where nothing changed meanwhile; hooks and logs around it.

1. The time is read once per call.
2. A key seen before gives the first result again, or `KeyReused`; refusals and lost races consume no key.
3. Nothing is written before the one append; everything is written by it.

Which head of a pilot they are decided on, and how often, is in `firing`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from proeftuin import codec, door, log
from proeftuin.calls import Call, mark_of, refused_at
from proeftuin.core.begin import begin, nothing, unknown
from proeftuin.core.commands import Accepted, Actor, Attempt, Begin, Blocker, Command, Pending, Refusal
from proeftuin.core.decide import decide
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import Table
from proeftuin.drafts import Draft
from proeftuin.errors import Conflict, KeyReused, PilotExists, Refused, UnknownPilot, UnknownWorkflow, WorkflowChanged
from proeftuin.heads import Heads
from proeftuin.hooks import Hooks
from proeftuin.reading import Reader
from proeftuin.result import Result, keep, recall
from proeftuin.spi import (
    Before,
    Commit,
    Committed,
    Conflicted,
    Ids,
    Receipt,
    Recorded,
    RefusedCommand,
    Store,
    Time,
)
from proeftuin.tables import Tables
from proeftuin.timekeeping import Timekeeper
from proeftuin.waking import Waker

ATTEMPTS = 5


_At = tuple[str | None, int | None]
"""The pilot that a command was fired at, and its place in a batch."""


class Made(NamedTuple):
    """What commands came to, not written yet: the result, the drafts of a pilot and those that it begins, the mark."""

    came: Result
    drafts: tuple[Draft, ...]
    mark: str


class Writer:
    """Carries out commands for one tenant."""

    def __init__(  # the engine's parts, by name
        self,
        *,
        store: Store,
        tenant: str,
        tables: Tables,
        heads: Heads,
        hooks: Hooks,
        time: Time,
        ids: Ids,
        settings: Settings,
        times: Timekeeper,
        reader: Reader,
        waker: Waker,
        after_commit: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        self._store = store
        self._tenant = tenant
        self._tables = tables
        self._heads = heads
        self._hooks = hooks
        self._time = time
        self._ids = ids
        self._settings = settings
        self._times = times
        self._reader = reader
        self._waker = waker
        self._after_commit = after_commit  # inside a transaction of the host
        self._attempts = ATTEMPTS if after_commit is None else 1

    def _call(self, actor: Actor, key: str | None, expect: int | None = None) -> Call:
        self._hooks.check()
        if key is not None:
            door.name("key", key)
        if expect is not None:
            door.count("expect", expect)
        return Call(door.actor(actor), self._now(), key, expect)

    def _now(self) -> datetime:
        return door.moment("time", self._time.now())

    # -- starting --------------------------------------------------------------------------------------------------

    def start(
        self, workflow: str, command: Command, actor: Actor, *, key: str | None, given: str | None, ref: str | None
    ) -> Result:
        """Begin a pilot; see `Engine.start`."""
        call = self._call(actor, key)
        table = self._tables.named(workflow)
        if ref is not None:
            door.name("ref", ref)
        pilot_id = door.name("id", given) if given is not None else self._new_id(key)
        mark = codec.fingerprint(f"start {table.workflow.name}", ref, command.data, call.actor.id)
        for last in (False, True):
            again = self._started_before(pilot_id, key, mark)
            if again is not None:
                return again
            try:
                draft = self._begun(table, Begin(workflow, command.data or EMPTY, "", pilot_id), command, call, ref=ref)
            except Refused as refused:
                self._tell_refused(refused, call)
                raise
            try:
                return self._append(Made(Result(draft.pilot, tuple(draft.events)), (draft,), mark), call)
            except PilotExists:
                if key is None or last:
                    raise
        raise AssertionError  # pragma: no cover  # the loop returns or raises

    def _new_id(self, key: str | None) -> str:
        if key is None:
            return self._ids.pilot_id()
        return str(uuid5(NAMESPACE_URL, f"proeftuin:{self._tenant}\0{key}"))

    def _started_before(self, pilot_id: str, key: str | None, mark: str) -> Result | None:
        if key is None:
            return None
        try:
            pilot, receipt = self._heads.load(pilot_id, key)
        except UnknownPilot:
            return None
        return self._recalled(pilot, receipt, mark) if receipt else None

    def _begun(
        self, table: Table, new: Begin, command: Command, call: Call, *, ref: str | None = None, at: _At = (None, None)
    ) -> Draft:
        """Return the first event of a pilot; `at` is the command on another pilot that begins it.

        Raises:
            Refused: with every reason.
        """
        pilot = nothing(table, new.id, call.now)
        attempt = Attempt(
            pilot, Command("start", new.data, None, command.on), call.actor, call.now, call.key, self._settings
        )
        decision = begin(table, attempt, ref)
        if isinstance(decision, Refusal):
            pilot_id, place = at
            raise refused_at(pilot_id, command.trigger, decision.blockers, place)
        draft = Draft(table, pilot, 0)
        self._veto(pilot, command, call, decision.events, None)
        draft.add(decision.events)
        return draft

    # -- what commands come to -------------------------------------------------------------------------------------

    def _passed(self, pilot: Pilot, commands: Sequence[Command]) -> tuple[door.Subjects, tuple[door.Passed, ...]]:
        """Return commands with the subjects of a pilot for the refs in them, and who was issued one for it."""
        table = self._tables.of(pilot.workflow)
        held = door.Subjects(self._ids, lambda: self._store.personal(self._tenant, pilot.id))
        return held, tuple(door.subjects(table, one, held, pilot.counts.get("subject", 0)) for one in commands)

    def _made(self, pilot: Pilot, commands: Sequence[Command], call: Call) -> Made:
        """Decide commands on a pilot, and return what is to be written."""
        held, passed = self._passed(pilot, commands)
        mark = mark_of(passed, call)  # first, as it refuses data of which a key could not tell whether they came before
        if call.expect is not None and call.expect != pilot.version:
            raise Conflict(pilot.id, call.expect, pilot.version)
        draft = self._drafted(self._tables.of(pilot.workflow), pilot, call)
        draft.personal = held.issued
        before = len(draft.events)
        others: list[Draft] = []
        warnings: list[Blocker] = []
        pending: list[str] = []
        for number, one in enumerate(passed):
            place = number if len(passed) > 1 else None
            decision = self._decided(draft, one, call, place)
            warnings += decision.warnings
            if isinstance(decision, Pending):
                pending += decision.waiting
            elif decision.starts is not None:
                others.append(self._follow_up(draft, decision.starts, one.command, call, place))
        started = others[0].pilot.id if others else None
        self._settle(draft, call)
        came = Result(draft.pilot, tuple(draft.events[before:]), tuple(warnings), tuple(pending), started=started)
        return Made(came, (draft, *others), mark)

    def _drafted(self, table: Table, pilot: Pilot, call: Call) -> Draft:
        """Return a pilot to decide on: what is due on it and moves it is done first, in the same commit."""
        timing = self._heads.timing(pilot)
        draft = Draft(table, pilot, pilot.version, timing=timing, late=self._times.late(table, timing, call.now))
        if draft.late:
            draft.add(self._times.catch_up(table, pilot, call.now).moves().events)
        return draft

    def _go_on(self, draft: Draft, call: Call) -> None:
        """Ready a draft for another command, as if the one before it had been written."""
        draft.timing = self._times.timing(draft.table, draft.pilot, draft.timing, draft.events)
        draft.late = self._times.late(draft.table, draft.timing, call.now)
        if draft.late:
            draft.add(self._times.catch_up(draft.table, draft.pilot, call.now).moves().events)

    def _settle(self, draft: Draft, call: Call) -> None:
        """Take away the signals that a command put an end to, and say what it left to be said."""
        if draft.late or draft.pilot.signals:
            after = self._times.catch_up(draft.table, draft.pilot, call.now)
            after.clear(draft.events[-1].on)
            draft.add((after.reminders() if draft.late else after).events)
        draft.late = False

    def _decided(self, draft: Draft, passed: door.Passed, call: Call, place: int | None) -> Accepted | Pending:
        """Decide one command on the draft, and fold its events in.

        Raises:
            Refused: with every reason.
        """
        command = passed.command
        attempt = Attempt(
            draft.pilot,
            command,
            call.actor,
            call.now,
            call.key,
            self._settings,
            passed.commitments,
            passed.findings,
            self._ids.pilot_id() if command.trigger in draft.table.beginners else None,
        )
        if self._tables.hosted:
            with self._hooks.closed("a guard"):
                decision = decide(draft.table, attempt)
        else:
            decision = decide(draft.table, attempt)
        if isinstance(decision, Refusal):
            raise refused_at(draft.pilot.id, command.trigger, decision.blockers, place)
        self._veto(draft.pilot, command, call, decision.events, place)
        draft.add(decision.events)
        return decision

    def _follow_up(self, draft: Draft, new: Begin, command: Command, call: Call, place: int | None = None) -> Draft:
        """Return the first event of the pilot that a command on another one begins."""
        try:
            table = self._tables.named(new.workflow)
        except (UnknownWorkflow, WorkflowChanged) as error:
            attempt = Attempt(draft.pilot, command, call.actor, call.now, settings=self._settings)
            raise refused_at(draft.pilot.id, command.trigger, unknown(draft.table, attempt), place) from error
        return self._begun(table, new, command, call, at=(draft.pilot.id, place))

    # -- around it -------------------------------------------------------------------------------------------------

    def _veto(self, pilot: Pilot, command: Command, call: Call, events: tuple[Event, ...], place: int | None) -> None:
        if self._hooks.listens("before"):
            vetoes = self._hooks.before(Before(pilot, command, call.actor, events))
            if vetoes:
                raise refused_at(pilot.id if pilot.version else None, command.trigger, vetoes, place)

    def _refused(self, pilot_id: str | None, trigger: str, call: Call, blockers: Iterable[Blocker]) -> Refused:
        """Tell of a refusal, and return it."""
        refused = refused_at(pilot_id, trigger, blockers)
        self._tell_refused(refused, call)
        return refused

    def _tell_lost(self, lost: Conflict, trigger: str, attempt: int) -> None:
        self._hooks.after("conflicted", Conflicted(lost.pilot_id, trigger, lost.expected, lost.actual, attempt))
        log.info("conflicted", pilot=lost.pilot_id, trigger=trigger, expected=lost.expected, actual=lost.actual)

    def _tell_refused(self, refused: Refused, call: Call) -> None:
        pilot_id, trigger = refused.pilot_id, refused.trigger
        log.info("refused", pilot=pilot_id, trigger=trigger, codes=refused.codes)
        self._hooks.after("refused", RefusedCommand(pilot_id, trigger, call.actor, refused.blockers))

    def _recalled(self, pilot: Pilot, receipt: Receipt, mark: str) -> Result:
        if receipt.fingerprint != mark:
            raise KeyReused(pilot.id, receipt.key)
        kept = codec.decode(receipt.body, place=f"a receipt of pilot {pilot.id!r}")
        after, upto = kept["after"], kept["upto"]
        then = pilot if pilot.version == upto else self._reader.get(pilot.id, version=upto)
        return recall(kept, then, tuple(self._reader.events(pilot.id, after=after, upto=upto)))

    def _append(self, made: Made, call: Call) -> Result:
        if call.key is not None:
            made.drafts[0].receipts.append(Receipt(call.key, made.mark, keep(made.came)))
        self._append_all((made.came,), made.drafts)
        return made.came

    def _commit(self, draft: Draft) -> Commit:
        """Return what is to be written of a draft to which nothing more is added."""
        draft.timing = self._times.timing(draft.table, draft.pilot, draft.timing, draft.events)
        return draft.commit(self._tenant, self._heads.encoded(draft.pilot, draft.timing))

    def _append_all(self, came: Sequence[Result], drafts: Sequence[Draft], made: Mapping[str, Commit] = EMPTY) -> None:
        """Write drafts, of which the commits may be made already, and tell what came of the commands."""
        commits = [made.get(one.pilot.id) or self._commit(one) for one in drafts]
        self._store.append(*commits, recorded=self._recording(lambda: drafts))
        self._written_all(came, drafts)

    def _recording(self, written: Callable[[], Iterable[Draft]]) -> Callable[[object], None] | None:
        """Return what calls the `recorded` hooks inside the transaction, once all is written; None without any."""
        hooks = self._hooks
        if not hooks.listens("recorded"):
            return None
        return lambda connection: _tell(hooks, written(), connection)

    def _written_all(self, came: Sequence[Result], drafts: Sequence[Draft]) -> None:
        """Tell what came of commands that were written, where the host ends the transaction once it has."""
        if self._after_commit is None:
            self._committed(came, drafts)
        else:
            self._after_commit(lambda: self._committed(came, drafts))

    def _committed(self, came: Sequence[Result], drafts: Sequence[Draft]) -> None:
        self._waker.wake()
        for draft in drafts:
            self._heads.put(draft.pilot, draft.timing)
            if self._hooks:
                self._hooks.after("committed", Committed(draft.pilot, tuple(draft.events)))
        for one in came:
            first = one.events[0]
            log.info("accepted", pilot=one.pilot.id, trigger=first.trigger, role=first.role, version=one.pilot.version)


def _tell(hooks: Hooks, drafts: Iterable[Draft], connection: object) -> None:
    for draft in drafts:
        draft.told = True
        hooks.recorded(Recorded(draft.pilot, tuple(draft.events), connection))
