"""What open pilots wait for: the next move ahead, why it cannot be made yet, and who can lift that.

1. *Ahead* is a move of the pilot itself to a state that stands later in the workflow file, from a state that is named
   there: no stopping, no pausing, no other route.
2. Of several such moves the one that counts has the fewest reasons against it. Each is judged without data: that
   something is still to be filled in is no reason.
3. The reasons are those of a refusal, for a role that may make the move, on a pilot on which what is due was done.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from heapq import heappush, heapreplace
from itertools import count

from attrs import evolve, frozen

from proeftuin.core.commands import Actor, Attempt, Blocker, Command, Option
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.options import explain
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import RELATIONS, Rule, Table
from proeftuin.core.wording import label
from proeftuin.core.workflow import ANY, ANY_OPEN, LANGUAGES, Workflow
from proeftuin.duties import holders

TO_GIVE = "missing-field"

Shows = Callable[[Table, Pilot, Option], Option]


def everything(_table: Table, _pilot: Pilot, option: Option) -> Option:
    """Return an option as it is seen by who sees everything."""
    return option


@frozen
class Hindrance:
    """One reason why a pilot cannot move on.

    Attributes:
        text: per language what is missing, and who can supply it.
        roles: who can do something about it; `who` are their labels per language.
        persons: those who are assigned to these roles.
    """

    code: str
    text: FrozenDict
    track: str | None
    roles: tuple[str, ...]
    who: FrozenDict
    persons: tuple[str, ...]


@frozen
class Waiting:
    """An open pilot, and what it waits for.

    Attributes:
        since: the day of the last thing that a person did; `days` is how long ago that is.
        signals: those that are up.
        trigger: the next move ahead, and `label` what people call it; None where there is none.
        hindrances: why that cannot be done yet; none where it can.
    """

    pilot_id: str
    title: str
    organisation: str | None
    programme: str | None
    phase: str
    state: str
    state_label: FrozenDict
    since: date
    days: int
    signals: tuple[str, ...]
    trigger: str | None
    label: FrozenDict
    hindrances: tuple[Hindrance, ...]


class Quietest:
    """Keeps the open pilots that were silent longest, as pilots are added; the ids of no more than so many."""

    def __init__(self, limit: int) -> None:
        self.open = 0
        self._limit = limit
        self._numbers = count()
        self._held: list[tuple[int, int, str]] = []  # the one that was silent shortest first

    def add(self, workflow: Workflow, pilot: Pilot) -> None:
        """Add one pilot."""
        state = workflow.states.get(pilot.state)
        if state is None or state.final:
            return
        self.open += 1
        one = (-pilot.progress.toordinal(), -next(self._numbers), pilot.id)
        if len(self._held) < self._limit:
            heappush(self._held, one)
        elif self._held and one > self._held[0]:
            heapreplace(self._held, one)

    def ids(self) -> tuple[str, ...]:
        """Return those that are kept, silent longest first; of equals the first that was added."""
        return tuple(pilot_id for _, _, pilot_id in sorted(self._held, reverse=True))


def waiting(table: Table, pilot: Pilot, now: datetime, settings: Settings, shows: Shows = everything) -> Waiting:
    """Return what a pilot waits for.

    Args:
        table: the workflow that it follows.
        pilot: as if what is due had been done.
        now: aware.
        settings: the organisation's numbers.
        shows: cuts a move to what may be seen of it.
    """
    workflow, today = table.workflow, now.astimezone(table.zone).date()
    ahead = min(_ahead(table, pilot, now, settings), key=lambda one: len(one.blockers), default=None)
    option = None if ahead is None else shows(table, pilot, ahead)
    return Waiting(
        pilot_id=pilot.id,
        title=pilot.title,
        organisation=pilot.data.get("organisation"),
        programme=pilot.data.get("programme"),
        phase=pilot.phase,
        state=pilot.state,
        state_label=_label(workflow, pilot.state),
        since=pilot.progress,
        days=max((today - pilot.progress).days, 0),
        signals=tuple(sorted({one.signal for one in pilot.signals})),
        trigger=None if option is None else option.trigger,
        label=EMPTY if option is None else option.label,
        hindrances=tuple(_hindrance(table, pilot, one, today) for one in (() if option is None else option.blockers)),
    )


def _ahead(table: Table, pilot: Pilot, now: datetime, settings: Settings) -> Iterator[Option]:
    """Give the moves ahead, each judged for a role that may make it."""
    for rule in table.every:
        if rule.kind is None and pilot.state in rule.sources and _leads_on(table.workflow, rule, pilot.state):
            data = FrozenDict({name: values[0] for name, values in rule.edge.when.items()})
            actor = _somebody(rule, pilot)
            command = Command(rule.edge.trigger, data or None)
            option = explain(table, Attempt(pilot, command, actor, now, settings=settings))
            reasons = tuple(one for one in option.blockers if one.code != TO_GIVE)
            yield evolve(option, blockers=reasons, allowed=not reasons)


def _leads_on(workflow: Workflow, rule: Rule, state: str) -> bool:
    edge, order = rule.edge, list(workflow.states)
    if edge.starts is not None or {ANY, ANY_OPEN} & set(edge.sources) or edge.to not in workflow.states:
        return False
    return order.index(str(edge.to)) > order.index(state)


def _somebody(rule: Rule, pilot: Pilot) -> Actor:
    """Return an actor in the first role that may make a move."""
    roles = [*rule.edge.sign, *(one for one in rule.allowed if one not in RELATIONS)]
    return Actor(f"any {roles[0]}", roles={roles[0]}) if roles else Actor(pilot.starter, roles=set())


def _hindrance(table: Table, pilot: Pilot, blocker: Blocker, today: date) -> Hindrance:
    workflow = table.workflow
    roles = tuple(dict.fromkeys(role for remedy in blocker.missing for role in remedy.roles))
    tracks = {role: remedy.track for remedy in blocker.missing for role in remedy.roles}
    persons = (one for role in roles for one in holders(workflow, pilot, role, tracks[role], today))
    who = {lang: ", ".join(_label(workflow, role)[lang] for role in roles) for lang in LANGUAGES}
    text = FrozenDict({lang: blocker.text(lang) for lang in LANGUAGES})
    return Hindrance(blocker.code, text, blocker.track, roles, FrozenDict(who), tuple(dict.fromkeys(persons)))


def _label(workflow: Workflow, word: str) -> FrozenDict:
    found = label(workflow, word) or {}
    return FrozenDict({lang: str(found.get(lang) or word.replace("_", " ")) for lang in LANGUAGES})
