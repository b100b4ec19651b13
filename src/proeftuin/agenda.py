"""agenda: what is next, for one actor: what to do, whom to call, and the horizon. Computed when asked, never stored.

1. *Actions* are terms and the actor's own steps and goals, due within so many days or overdue. A term is an action for
   whom it reminds, for whom it escalates to or signals once that day has come within sight, and for who may do what it
   waits for.
2. A role is the actor's where it is assigned to them on that pilot, or where they have it and nobody is assigned. So of
   ten coordinators each gets the pilots that are theirs, and what nobody was assigned to is everybody's.
3. What a hold stops has no day, and is no action. A term that runs on after closing is one.
4. *Calls* are running pilots: those that said they were stuck first, then the longest silent. *Horizon* are the goals
   that look far ahead. A supplier sees neither: both are about the pilot as a whole.

What an actor may see is cut out before (`seen`); nothing here reads a store.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from heapq import nsmallest
from typing import Literal

from attrs import frozen

from proeftuin import door
from proeftuin.core.calendar import earliest, later
from proeftuin.core.catch_up import DEFAULT_ROLE
from proeftuin.core.clocks import Term
from proeftuin.core.commands import Actor
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.moments import PROGRESS, REMIND
from proeftuin.core.pilot import PAUSED, Pilot, Record
from proeftuin.core.table import SYSTEM, Rule, Table
from proeftuin.core.wording import label
from proeftuin.core.workflow import LANGUAGES, Clock, RecordRef
from proeftuin.duties import clock_label, holders
from proeftuin.spi.sinks import DEFAULT_TENANT

Kind = Literal["clock", "step", "goal"]

GOAL, STEP, CHECK_IN = "goal", "step", "check_in"
HORIZON, STUCK = "horizon", "stuck"
CONTACTS = ("coordinator", "contact_client")


@frozen
class Deadline:
    """Something that is due on a day.

    Attributes:
        title: what the pilot is called.
        kind: a term of a clock, a step that somebody planned, or a goal.
        key: the key of the term, or the id of the step or goal; unique in its pilot.
        label: what people call it, per language; `text` is how the step or goal was worded.
        due: the day; `days` is how many lie between today and then, less than 0 where it is overdue.
        roles: as what it is the actor's; none for what is theirs by name.
    """

    pilot_id: str
    title: str
    kind: Kind
    key: str
    label: FrozenDict
    text: str | None
    track: str | None
    due: date
    days: int
    roles: tuple[str, ...] = ()


@frozen
class Deadlines:
    """The due days of pilots, the first one first, as they were at a moment.

    Attributes:
        unreadable: the ids of pilots that could not be read; their due days are not there.
    """

    at: datetime
    items: tuple[Deadline, ...]
    tenant: str = DEFAULT_TENANT
    unreadable: tuple[str, ...] = ()


@frozen
class Call:
    """A running pilot that somebody may ring.

    Attributes:
        since: the day of the last thing that a person did; `days` is how long ago that is.
        mood: what the last check-in said, None where there was none.
        who: the coordinator and the contact at the client; who began the pilot, where neither is named.
    """

    pilot_id: str
    title: str
    organisation: str | None
    since: date
    days: int
    mood: str | None
    who: tuple[str, ...]


@frozen
class Horizon:
    """A goal that looks far ahead.

    Attributes:
        record: the id of the goal.
        due, review: its days, where it has them; `day` is the first of these, and `days` how many lie before it.
    """

    pilot_id: str
    title: str
    record: str
    text: str
    owner: str | None
    due: date | None
    review: date | None
    day: date | None
    days: int | None


@frozen
class Agenda:
    """What is next for one actor.

    Attributes:
        at: the moment for which it holds.
        days: how far ahead the actions go.
        actions: in order of due day; `calls` in the order in which to call; `horizon` in order of day.
        unreadable: the ids of pilots that could not be read; nothing of them is there.
    """

    actor: str
    at: datetime
    days: int
    actions: tuple[Deadline, ...]
    calls: tuple[Call, ...]
    horizon: tuple[Horizon, ...]
    unreadable: tuple[str, ...] = ()


@frozen(slots=False, eq=False, repr=False)
class Case:
    """A pilot as it is looked at.

    Attributes:
        pilot: as if what is due had been done; `shown` is what may be seen of it.
        terms: those that may be seen.
        whole: whether the pilot as such may be seen, and not single tracks alone.
    """

    table: Table
    pilot: Pilot
    shown: Pilot
    terms: tuple[Term, ...]
    today: date
    whole: bool = True

    @property
    def title(self) -> str:
        """What the pilot is called."""
        return self.pilot.title

    @property
    def open(self) -> bool:
        """Whether the pilot is not closed."""
        return not self.table.workflow.states[self.pilot.state].final

    def days(self, day: date) -> int:
        """Return how many days lie between today and a day."""
        return (day - self.today).days


def agenda(cases: Iterable[Case], actor: Actor, days: int, at: datetime) -> Agenda:
    """Return what is next for an actor, from the pilots as this actor sees them."""
    actions: list[Deadline] = []
    calls: list[Call] = []
    horizon: list[Horizon] = []
    for case in cases:
        actions += _actions(case, actor, later(case.today, days))
        if case.open and case.whole:
            horizon += _horizon(case)
            if case.pilot.hold != PAUSED:
                calls.append(_call(case))
    calls.sort(key=lambda one: (one.mood != STUCK, -one.days, one.pilot_id))
    horizon.sort(key=lambda one: (one.day or date.max, one.pilot_id, one.record))
    return Agenda(actor.id, at, days, _in_order(actions), tuple(calls), tuple(horizon))


def deadlines(
    cases: Iterable[Case],
    at: datetime,
    *,
    tenant: str,
    since: date | str | None = None,
    until: date | str | None = None,
    limit: int | None = None,
) -> Deadlines:
    """Return the due day of every term that has one, from pilots as they are seen; see `Engine.deadlines`."""
    first, last = door.day("since", since) or date.min, door.day("until", until) or date.max
    found = (
        _of_term(case, term, due, ())
        for case in cases
        for term in case.terms
        if (due := term.due()) is not None and first <= due <= last
    )
    some = _in_order(found) if limit is None else tuple(nsmallest(door.count("limit", limit), found, _place))
    return Deadlines(at, some, tenant)


def _in_order(found: Iterable[Deadline]) -> tuple[Deadline, ...]:
    return tuple(sorted(found, key=_place))


def _place(one: Deadline) -> tuple[date, str, str]:
    return one.due, one.pilot_id, one.key


def _of_term(case: Case, term: Term, due: date, roles: tuple[str, ...]) -> Deadline:
    record = term.record
    text = str(record.data["text"]) if record is not None and record.type == GOAL and "text" in record.data else None
    track = None if term.track is None else term.track.key
    named = clock_label(case.table.workflow, term.key)
    return Deadline(case.pilot.id, case.title, "clock", term.key, named, text, track, due, case.days(due), roles)


# -- actions -----------------------------------------------------------------------------------------------------------


def _actions(case: Case, actor: Actor, last: date) -> Iterator[Deadline]:
    for term in case.terms:
        due = term.due()
        if due is not None and due <= last:
            named, roles = _concerned(case, term, last)
            mine = tuple(role for role in roles if _has(case, actor, role, term))
            if mine or actor.id in named:
                yield _of_term(case, term, due, mine)
    if case.open and case.pilot.hold != PAUSED:
        termed = {term.record.id for term in case.terms if term.record is not None}
        own = [("step", one, "what", one.day("due")) for one in _open(case, STEP) if one.data.get("who") == actor.id]
        own += [
            ("goal", one, "text", one.day("due") or one.day("review"))
            for one in _open(case, GOAL)
            if one.data.get("owner") == actor.id and one.id not in termed
        ]
        for kind, record, words, day in own:
            if day is not None and day <= last:
                yield _of_record(case, "step" if kind == STEP else "goal", record, words, day)


def _of_record(case: Case, kind: Kind, record: Record, words: str, due: date) -> Deadline:
    named = label(case.table.workflow, record.type) or {}
    texts = FrozenDict({lang: str(named.get(lang) or named.get("en") or record.type) for lang in LANGUAGES})
    text = str(record.data.get(words) or "")
    return Deadline(case.pilot.id, case.title, kind, record.id, texts, text, record.track, due, case.days(due))


def _open(case: Case, kind: str) -> list[Record]:
    return [one for one in case.shown.records(kind) if one.ended is None]


def _has(case: Case, actor: Actor, role: str, term: Term) -> bool:
    """Whether a role is the actor's, on this pilot and track."""
    track, declared = term.track, case.table.workflow.roles.get(role)
    assigned = holders(case.table.workflow, case.pilot, role, None if track is None else track.key, case.today)
    if assigned:
        return actor.id in assigned
    if (
        declared is not None
        and declared.side == "supplier"
        and (track is None or track.party is None or track.party != actor.party)
    ):
        return False
    return role in actor.roles


def _concerned(case: Case, term: Term, last: date) -> tuple[set[str], tuple[str, ...]]:
    """Return whom a term concerns: persons by their ids, and roles."""
    persons: set[str] = set()
    roles: dict[str, None] = {}
    for name in _recipients(term, last):
        if name in case.table.workflow.roles or term.record is None:
            roles[name] = None
        elif person := term.record.data.get(name):
            persons.add(str(person))
        else:
            roles[DEFAULT_ROLE] = None
    for rule in case.table.every:
        if _can_be_fired(rule, case.pilot, term) and _answers(rule, term.wheel.clock, case.table):
            roles |= dict.fromkeys(one for one in rule.allowed if one != SYSTEM)
    return persons, tuple(roles)


def _recipients(term: Term, last: date) -> Iterator[str]:
    """Give whom a term tells: always whom it reminds, others from the day on which they are told."""
    told = term.pilot.told.get(term.key)
    reached = set(told.done) if told is not None and told.anchor == term.anchor else set()
    reached |= {moment.name for day, moment in term.todo() if day <= last}
    for moment in term.wheel.moments:
        if moment.kind == REMIND or moment.name in reached:
            yield from moment.to


def _can_be_fired(rule: Rule, pilot: Pilot, term: Term) -> bool:
    """Whether an edge leaves the state that the pilot, or the track of the term, is in."""
    edge = rule.edge
    if pilot.state not in rule.during or (pilot.hold == PAUSED and edge.paused is None) or rule.opener is not None:
        return False
    if rule.kind is None:
        return pilot.state in rule.sources
    return term.track is not None and term.track.kind == rule.kind and term.track.state in rule.sources


def _answers(rule: Rule, clock: Clock, table: Table) -> bool:
    """Whether an edge does what a clock waits for: what ends it, or else what moves on from where it began."""
    edge = rule.edge
    if clock.during is not None:
        return edge.hold == "resume"
    named = clock.until or (None if clock.per is not None else clock.since)
    word = named.record if isinstance(named, RecordRef) else named
    if word is None or word.rpartition(".")[2] == PROGRESS:
        return False
    if any(op.add == word for op in edge.records):
        return True
    if isinstance(named, RecordRef) or word in table.workflow.records:
        return False
    kind, _, state = word.rpartition(".")
    if (kind or None) != rule.kind:
        return False
    return edge.to == state if clock.until is not None else rule.moves


# -- calls and horizon -------------------------------------------------------------------------------------------------


def _call(case: Case) -> Call:
    pilot, workflow = case.shown, case.table.workflow
    said = sorted(_open(case, CHECK_IN), key=lambda one: one.dated)  # of two on one day the later one counts
    mood = said[-1].data.get("mood") if said else None
    named = [one for duty in CONTACTS for one in holders(workflow, pilot, duty, None, case.today)]
    who = tuple(dict.fromkeys(named)) or (pilot.starter,)
    quiet = max(-case.days(pilot.progress), 0)  # the clock may have jumped back
    return Call(pilot.id, case.title, pilot.data.get("organisation"), pilot.progress, quiet, mood, who)


def _horizon(case: Case) -> Iterator[Horizon]:
    moved = {term.record.id: term.due() for term in case.terms if term.record is not None and term.record.type == GOAL}
    for one in _open(case, GOAL):
        if one.data.get("kind") == HORIZON:
            due = moved.get(one.id) or one.day("due")  # while a hold stops it, the day as it was set
            review = one.day("review")
            day = earliest(due, review)
            days = None if day is None else case.days(day)
            text, owner = str(one.data.get("text") or ""), one.data.get("owner")
            yield Horizon(case.pilot.id, case.title, one.id, text, owner, due, review, day, days)
