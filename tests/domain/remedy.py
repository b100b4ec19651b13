"""Doing what a refusal says: its remedies are carried out, by the roles that they name, the rest of the data made up.

What a remedy leaves open is filled in as a person would in a form: by the type of the field, its choices, and what
there is to refer to. Where a remedy is itself refused, what that refusal says is done first.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from attrs import evolve, field, frozen

from proeftuin import Blocker, Option, Remedy
from proeftuin.core.table import RELATIONS, Rule, Table
from proeftuin.core.workflow import Field
from tests.domain.life import BaseLife
from tests.domain.rows import side

DEEP = 12
LONG = 60

# The codes that nothing would help against, as the design lists them; `wrong-state` is one where it means never.
HELPLESS = frozenset(
    {
        "bad-reference",
        "bad-value",
        "forbidden-role",
        "future-dated",
        "missing-field",
        "privacy-violation",
        "track-exists",
        "unilateral",
        "unknown-field",
        "unknown-track",
        "unknown-trigger",
    }
)


@frozen
class Order:
    """A command that somebody wants to have accepted."""

    by: str
    trigger: str
    data: Mapping[str, Any] = field(factory=dict)
    track: str | None = None
    kind: str | None = None

    def __str__(self) -> str:
        """`conclude-embedded`."""
        return "-".join((self.trigger, *(str(one) for one in self.data.values())))

    def told(self, life: BaseLife) -> Option:
        """What would come of it."""
        return life.explain(self.by, self.trigger, self.data or None, self.track)

    def with_data(self, more: Mapping[str, Any]) -> "Order":
        """The same command with other data."""
        merged = {**self.data, **more}
        if isinstance(fields := more.get("fields"), Mapping):  # of a correction
            merged["fields"] = {**self.data.get("fields", {}), **fields}
        return evolve(self, data=merged)


def never(blocker: Blocker) -> bool:
    """Whether nothing would help."""
    return blocker.code in HELPLESS or (blocker.code == "wrong-state" and bool(blocker.params.get("never")))


def same(one: Blocker, other: Blocker) -> bool:
    """Whether two blockers are about the same thing, whatever the numbers in them."""
    telling = ("duty", "kind", "role", "field", "other")
    marks = [tuple(each.params.get(name) for name in telling) for each in (one, other)]
    return (one.code, one.track, marks[0]) == (other.code, other.track, marks[1])


class Helper:
    """Somebody who does what refusals say, on one pilot."""

    def __init__(self, life: BaseLife, table: Table) -> None:
        self.life, self.table = life, table
        self.done: list[str] = []
        self._new = count(1)

    # -- data ------------------------------------------------------------------------------------------------------

    def rule(self, trigger: str, data: Mapping[str, Any], track: str | None) -> Rule:
        """The rule that a command is about, as far as its data tells."""
        here = self.life.pilot.tracks.get(str(track))
        kind = here.kind if here is not None else None
        found = [one for one in self.table.every if one.edge.trigger == trigger]
        found = [one for one in found if one.edge.opener or one.kind == kind]
        fits = [one for one in found if all(data.get(name) in (None, *held) for name, held in one.edge.when.items())]
        return fits[0]

    def fill(self, trigger: str, given: Mapping[str, Any], track: str | None) -> dict[str, Any]:
        """Data with every field that must be given."""
        rule = self.rule(trigger, given, track)
        data = {name: value for name, value in given.items() if value is not None}
        for name, held in rule.edge.when.items():
            data.setdefault(name, held[0])
        for name, one in rule.fields.items():
            asked = one.required or any(data.get(other) in held for other, held in one.required_when.items())
            if name not in data and asked:
                data[name] = self._value(one, track)
        return data

    def _value(self, asked: Field, track: str | None) -> Any:
        pilot = self.life.pilot
        if isinstance(asked.of, tuple) and asked.type == "choice":
            return asked.of[0]
        if asked.type == "list":
            return self._list(asked, track)
        if asked.type == "record":
            kinds = (asked.record,) if asked.record else ("evidence", "activity")
            found = [one for kind in kinds for one in pilot.kept.get(kind, ()) if one.ended is None]
            return next((one.id for one in found if track in (None, one.track)), "none")
        simple: dict[str, Any] = {
            "text": f"as asked {next(self._new)}",
            "date": self.life.today,
            "decimal": asked.min or "1",
            "integer": asked.min or 1,
            "boolean": True,
            "url": "https://example.org/",
            "person": f"person-{next(self._new)}",
            "party": track or "alpha",
            "subject": f"somebody-{next(self._new)}",
            "track": track or next(iter(pilot.tracks), "none"),
            "new_track": f"track-{next(self._new)}",
            "map": {asked.keys[0]: 1} if asked.keys else {},
        }
        return simple[asked.type]

    def _list(self, asked: Field, track: str | None) -> tuple[Any, ...]:
        if isinstance(asked.of, Mapping):
            row = {name: self._value(one, track) for name, one in asked.of.items() if one.required}
            return (row,) * int(asked.min or 1)
        return (asked.of[0] if isinstance(asked.of, tuple) else self._value(Field(asked.of or "text"), track),)  # type: ignore[arg-type]  # a scalar type

    # -- remedies --------------------------------------------------------------------------------------------------

    def orders(self, remedy: Remedy, asked: Order) -> Iterator[Order]:
        """A remedy as a command, by each of its roles; the same trigger again keeps the data that it had."""
        opener = any(one.edge.trigger == remedy.trigger and one.edge.opener for one in self.table.every)
        key = f"new-{next(self._new)}" if opener else remedy.track
        again = (remedy.trigger, remedy.track) == (asked.trigger, asked.track)
        given = {**(asked.data if again else {}), **remedy.data}
        for role in remedy.roles:
            if role in RELATIONS:  # whoever asked is the one who recorded it
                yield Order(asked.by, remedy.trigger, self.fill(remedy.trigger, given, key), key)
                continue
            track = self.life.pilot.tracks.get(str(key))
            party = key if track is None else track.party
            by = f"{role}@{party or 'alpha'}" if side(role) == "supplier" else role
            yield Order(by, remedy.trigger, self.fill(remedy.trigger, given, key), key)

    def lift(self, asked: Order, blocker: Blocker, depth: int = 0) -> Order:
        """Do what a blocker says until it is gone, and return the command, with what was changed in its data."""
        before = {one.code for one in asked.told(self.life).blockers if never(one)}
        for _ in range(LONG):
            told = asked.told(self.life)
            left = [one for one in (*told.blockers, *told.warnings) if same(one, blocker)]
            if not left:
                assert before >= {one.code for one in told.blockers if never(one)}, f"{asked}: it is worse now"
                return asked
            assert left[0].missing, f"{asked}: {left[0].code} says nothing that would help; done: {self.done}"
            asked = self._advance(asked, left[0], depth)
        raise AssertionError(f"{asked}: {blocker.code} is not lifted by {self.done}")

    def _advance(self, asked: Order, blocker: Blocker, depth: int) -> Order:
        failed = []
        for remedy in blocker.missing:
            self._wait(remedy)
            if (remedy.trigger, remedy.track) == (asked.trigger, asked.track):
                return asked.with_data(remedy.data)
            for order in self.orders(remedy, asked):
                if why := self._carry_out(order, depth + 1):
                    failed.append(f"{order.by} {order.trigger}: {why}")
                elif self._begins(remedy):  # the matter goes on in another pilot; what would do in this one comes next
                    break
                else:
                    return asked
        raise AssertionError(f"{asked}: no remedy of {blocker.code} can be carried out: {failed}; done: {self.done}")

    def _begins(self, remedy: Remedy) -> bool:
        """Whether a remedy begins another pilot, and leaves this one as it is."""
        return any(one.edge.trigger == remedy.trigger and one.edge.starts for one in self.table.every)

    def _wait(self, remedy: Remedy) -> None:
        """Let the days go by until a remedy can be carried out."""
        if remedy.not_before is not None and remedy.not_before > self.life.clock.day:
            self.life.later((remedy.not_before - self.life.clock.day).days)

    def _carry_out(self, order: Order, depth: int) -> str:
        """Carry out a command, whatever has to be done first; return why it cannot be."""
        for _ in range(LONG):
            told = order.told(self.life)
            if told.allowed:
                self._fire(order)
                return ""
            first = min(told.blockers, key=never)
            if first.params.get("problem") == "not-after-today":
                order = order.with_data({str(first.params["field"]): self.life.day(1)})
            elif never(first) or depth > DEEP:
                return f"{first.code} {dict(first.params)} at depth {depth}"
            else:
                order = self.lift(order, first, depth)
        return "it takes too long"

    def _fire(self, order: Order) -> None:
        result = self.life.do(order.by, order.trigger, order.data or None, order.track)
        self.done.append(order.trigger)
        for role in result.pending:
            track = self.life.pilot.tracks.get(str(order.track))
            by = f"{role}@{track.party if track else order.track}" if side(role) == "supplier" else role
            self.life.do(by, order.trigger, None, order.track)
