"""Many commands at once: decided one by one, written together, a chunk in one transaction.

1. Each command is decided on what the ones before it left, as if each had been fired by itself; a refused one changes
   nothing and stops nobody. What is not written is told in its place, as the error that `fire` would have raised.
2. A chunk is one append, all or none. Whoever loses a race on one of its pilots decides the whole chunk anew, at most
   five times; then each command is carried out by itself, so that one busy pilot does not hold up the others, nor does
   one that would be more than a store keeps. What was refused is told to hooks and log once, when the chunk is written:
   before that, it may yet be decided otherwise.
3. Where the store takes commits while others are made, and neither it nor the host is asked anything in between, what a
   command comes to is on its way before the next ones are decided. They then go in the order of their pilots.
4. Where the store fails, what has no answer yet gets the error, and nothing behind it is tried: all of a chunk, or what
   was left of one whose commands were carried out by themselves. `OutcomeUnknown` means what it does for `fire`: send
   them again under the same keys.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import Factory, define, frozen

from proeftuin import door
from proeftuin.calls import Call, mark_of
from proeftuin.core.commands import Accepted, Actor, Command, Pending
from proeftuin.core.pilot import Pilot
from proeftuin.drafts import Draft
from proeftuin.errors import (
    BadArgument,
    Conflict,
    CorruptStore,
    KeyReused,
    PilotExists,
    ProeftuinError,
    Refused,
    StoreError,
    UnknownPilot,
)
from proeftuin.firing import FiringWriter, uses_up
from proeftuin.result import Result, keep
from proeftuin.spi import Commit, Personal, Receipt, Streams


@frozen
class Fire:
    """One command of `Engine.fire_many`, with the arguments of `Engine.fire`."""

    pilot_id: str
    trigger: str
    actor: Actor
    data: Mapping[str, object] | None = None
    track: str | None = None
    key: str | None = None
    expect: int | None = None
    on: date | str | None = None


Answer = Result | ProeftuinError
_Loaded = tuple[Pilot, Receipt | None] | None


@define(eq=False, repr=False)
class _Place:
    """One command on its way: where its answer belongs, and what the door made of it."""

    number: int
    pilot_id: str
    command: Command
    call: Call


_Found = tuple[_Place, _Loaded]
"""A command, and the pilot and receipt that it found."""


@define(eq=False, repr=False)
class _Chunk:
    """What the commands of one transaction came to so far."""

    drafts: dict[str, Draft] = Factory(dict)
    others: list[Draft] = Factory(list)
    answers: dict[int, Answer] = Factory(dict)
    keys: dict[tuple[str, str], tuple[str, Result]] = Factory(dict)

    def written(self) -> list[Draft]:
        """Return what there is to write of each pilot."""
        return [draft for draft in (*self.drafts.values(), *self.others) if draft.events]

    def told(self) -> bool:
        """Whether a `recorded` hook was called."""
        return any(draft.told for draft in self.written())

    def came(self) -> list[Result]:
        """Return what came of the commands that are carried out now, in their order."""
        return [one for _, one in sorted(self.answers.items()) if isinstance(one, Result) and not one.duplicate]


class BulkWriter(FiringWriter):
    """Carries out many commands for one tenant; one is made for each call."""

    def fire_many(self, commands: Iterable[Fire], size: int) -> tuple[Answer, ...]:
        """Return a result or an error for each command; see `Engine.fire_many`."""
        self._hooks.check()
        given = list(commands)
        answers: dict[int, Answer] = {}
        places = [place for number, one in enumerate(given) if (place := self._place(number, one, answers))]
        for start in range(0, len(places), size):
            try:
                self._carry_out(places[start : start + size], answers)
            except StoreError as error:
                answers |= {place.number: error for place in places[start:] if place.number not in answers}
                break
        return tuple(answers[number] for number in range(len(given)))

    def _place(self, number: int, given: object, answers: dict[int, Answer]) -> _Place | None:
        if not isinstance(given, Fire):
            raise BadArgument("commands", f"must hold Fires, not {type(given).__name__}")
        try:
            call = self._call(given.actor, given.key, given.expect)
            command = door.command(given.trigger, given.data, given.track, given.on)
            return _Place(number, door.name("pilot_id", given.pilot_id), command, call)
        except BadArgument as error:
            answers[number] = error
            return None

    def _carry_out(self, places: Sequence[_Place], answers: dict[int, Answer]) -> None:
        for attempt in range(1, self._attempts + 1 if self._store.multi_pilot else 1):
            chunk = _Chunk()
            try:
                self._together(chunk, places)
            except Conflict as lost:
                self._heads.drop(lost.pilot_id)
                self._tell_lost(lost, "", attempt)
            except (CorruptStore, PilotExists):
                break  # one of them cannot be read, or would begin a pilot whose id is taken; it alone is told so
            except BadArgument:
                if chunk.told():  # of a hook of the host
                    raise
                break  # one of them is more than the store keeps
            else:
                answers.update(chunk.answers)
                return
        for place in places:
            answers[place.number] = self._alone(place)

    def _alone(self, place: _Place) -> Answer:
        call = place.call
        try:
            return self.run(place.pilot_id, (place.command,), call.actor, call.key, call.expect)
        except CorruptStore as error:  # other pilots still load
            return _bare(error)
        except StoreError:
            raise
        except ProeftuinError as error:
            return _bare(error)

    def _together(self, chunk: _Chunk, places: Sequence[_Place]) -> None:
        """Decide the commands of a chunk one after the other, and write what they come to."""
        loaded = self._heads.load_many([(place.pilot_id, place.call.key) for place in places])
        found = list(zip(places, loaded, strict=True))
        if isinstance(self._store, Streams) and self._needs_nobody(found):
            self._append_each(self._store, chunk, found)
        else:
            commits = {one.pilot_id: one for one in self._commits(chunk, found)}
            if drafts := chunk.written():
                self._append_all(chunk.came(), drafts, commits)
        for place in places:
            self._tell(place, chunk.answers[place.number])

    def _needs_nobody(self, found: Sequence[_Found]) -> bool:
        """Whether commands are decided without a word of the store or of the host.

        Then that may be done while a transaction is open: it keeps a connection, and others from its pilots.
        """
        if self._tables.hosted or self._hooks.listens("before"):
            return False
        return all(
            loaded is None or (loaded[1] is None and self._by_itself(loaded[0].workflow, place.command))
            for place, loaded in found
        )

    def _by_itself(self, workflow: str, command: Command) -> bool:
        if not self._tables.knows(workflow):
            return False
        table = self._tables.of(workflow)
        return not (uses_up(table, command) or self._times.hosted(table))

    def _append_each(self, store: Streams, chunk: _Chunk, found: list[_Found]) -> None:
        """Write what commands come to while the ones behind them are decided."""
        found.sort(key=lambda one: one[0].pilot_id)
        store.append_each(self._commits(chunk, found), recorded=self._recording(chunk.written))
        self._written_all(chunk.came(), chunk.written())

    def _commits(self, chunk: _Chunk, found: Sequence[_Found]) -> Iterator[Commit]:
        """Decide commands, and give what is to be written of each pilot.

        Note:
            That is made as soon as its last command is decided, while the processor has it at hand: for a whole chunk
            at the end, it takes an eighth of the time more.
        """
        last = {place.pilot_id: place for place, _ in found}
        for place, loaded in found:
            chunk.answers[place.number] = self._answer(chunk, place, loaded)
            draft = chunk.drafts.get(place.pilot_id)
            if draft is not None and draft.events and place is last[place.pilot_id]:
                yield self._commit(draft)

    def _tell(self, place: _Place, answer: Answer) -> None:
        """Tell of what was not written; of what was, the append told."""
        if isinstance(answer, Refused):
            self._tell_refused(answer, place.call)
        elif isinstance(answer, Conflict):  # with the version that the caller expected
            self._tell_lost(answer, place.command.trigger, 1)

    def _answer(self, chunk: _Chunk, place: _Place, loaded: _Loaded) -> Answer:
        try:
            return self._one(chunk, place, loaded)
        except StoreError:
            raise
        except ProeftuinError as error:
            return _bare(error)

    def _one(self, chunk: _Chunk, place: _Place, loaded: _Loaded) -> Result:
        if loaded is None:
            raise UnknownPilot(place.pilot_id)
        (stored, receipt), call = loaded, place.call
        draft = chunk.drafts.get(place.pilot_id) or self._drafted(self._tables.of(stored.workflow), stored, call)
        held = door.Subjects(self._ids, lambda: self._known(draft))
        passed = door.subjects(draft.table, place.command, held, draft.pilot.counts.get("subject", 0))
        mark = mark_of((passed,), call)
        if receipt is not None:
            return self._recalled(stored, receipt, mark)
        again = chunk.keys.get((place.pilot_id, call.key)) if call.key is not None else None
        if again is not None:
            return _repeated(place.pilot_id, f"{call.key}", mark, *again)
        seen = draft.pilot.version if place.pilot_id in chunk.drafts else stored.version
        if call.expect is not None and call.expect != seen:
            raise Conflict(place.pilot_id, call.expect, seen)
        decision, other, before = self._with_follow_up(draft, passed, call, again=place.pilot_id in chunk.drafts)
        draft.personal += held.issued
        chunk.drafts[place.pilot_id] = draft
        if other is not None:
            chunk.others.append(other)
        self._settle(draft, call)
        pending = decision.waiting if isinstance(decision, Pending) else ()
        started = None if other is None else other.pilot.id
        came = Result(draft.pilot, tuple(draft.events[before:]), decision.warnings, pending, started=started)
        if call.key is not None:
            draft.receipts.append(Receipt(call.key, mark, keep(came)))
            chunk.keys[place.pilot_id, call.key] = mark, came
        return came

    def _with_follow_up(
        self, draft: Draft, passed: door.Passed, call: Call, *, again: bool
    ) -> tuple[Accepted | Pending, Draft | None, int]:
        """Decide a command, and the beginning of the pilot that it starts; of a refusal of either nothing stays.

        Returns:
            The third is how many events of the draft lie before the command's own.
        """
        pilot, timing, late, before = draft.pilot, draft.timing, draft.late, len(draft.events)
        try:
            if again:
                self._go_on(draft, call)
            own = len(draft.events)
            decision = self._decided(draft, passed, call, None)
            starts = None if isinstance(decision, Pending) else decision.starts
            other = None if starts is None else self._follow_up(draft, starts, passed.command, call)
        except ProeftuinError:
            draft.pilot, draft.timing, draft.late = pilot, timing, late
            del draft.events[before:], draft.entries[before:]
            raise
        else:
            return decision, other, own

    def _known(self, draft: Draft) -> Iterable[Personal]:
        return (*self._store.personal(self._tenant, draft.pilot.id), *draft.personal)


def _bare(error: ProeftuinError) -> ProeftuinError:
    """Return an error as an answer, which holds nothing of how it came about: every frame of that holds a pilot."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _repeated(pilot_id: str, key: str, mark: str, first_mark: str, first: Result) -> Result:
    """Return the result of the same command earlier in the chunk."""
    if mark != first_mark:
        raise KeyReused(pilot_id, key)
    return Result(first.pilot, first.events, first.warnings, first.pending, duplicate=True, started=first.started)
