"""The door: what comes in from outside is checked and frozen here, before anything is decided, hashed or stored.

1. A call that is wrong in itself is a `BadArgument`: a naive datetime, a float, bytes, an empty key, data over 64 kB.
2. A participant's ref never passes: it becomes the pilot's opaque subject (`s1`, `s2`, ...). A ref that looks like an
   identity, or has a wrong form, becomes a finding that `decide` turns into a blocker, after the roles.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from proeftuin import codec
from proeftuin.core import structs
from proeftuin.core.checks import TEXT_LENGTH
from proeftuin.core.commands import Actor, Command
from proeftuin.core.days import day_of
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.privacy import ref_fault
from proeftuin.core.structs import Making
from proeftuin.core.table import SYSTEM, Table
from proeftuin.errors import BadArgument
from proeftuin.spi import Ids, Personal

DATA_BYTES = 65_536
DATA_DEPTH = 32
INTEGER_BITS = 64
NAME_LENGTH = 255
FIRST_YEAR = 2  # of what is played: the day before it is there, in every time zone
LAST_YEAR = 5000
LARGEST_PAGE = 1000
WITHHELD = "withheld"
_UNSOUND = re.compile("[\0-\x1f\x7f\ud800-\udfff]")


def name(argument: str, value: object) -> str:
    """Return an id, ref or key: text of 1 to 255 characters that every store keeps exactly."""
    if not isinstance(value, str):
        raise BadArgument(argument, f"must be text, not {type(value).__name__}")
    if not 1 <= len(value) <= NAME_LENGTH or not value.strip():
        raise BadArgument(argument, "must have 1 to 255 characters, not all blank")
    if _UNSOUND.search(value):
        raise BadArgument(argument, "may not hold control characters or lone surrogates")
    return value


def text(argument: str, value: object) -> str:
    """Return a text to look for."""
    if not isinstance(value, str):
        raise BadArgument(argument, f"must be text, not {type(value).__name__}")
    if len(value) > TEXT_LENGTH or any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value):
        raise BadArgument(argument, f"must have at most {TEXT_LENGTH} characters, without NUL or lone surrogates")
    return value


def actor(value: object) -> Actor:
    """Return the actor, who must be an `Actor`, and not the system."""
    if not isinstance(value, Actor):
        raise BadArgument("actor", f"must be an Actor, not {type(value).__name__}")
    name("actor.id", value.id)
    for role in value.roles:
        if not isinstance(role, str):
            raise BadArgument("actor.roles", f"must be names of roles, not {type(role).__name__}")
    if value.party is not None:
        name("actor.party", value.party)
    if value.id == SYSTEM or SYSTEM in value.roles:
        raise BadArgument("actor", "nobody can claim to be the system; it acts by itself, when something is due")
    return value


def moment(argument: str, value: object) -> datetime:
    """Return an aware datetime in UTC."""
    if not isinstance(value, datetime) or value.tzinfo is None or value.utcoffset() is None:
        raise BadArgument(argument, "must be an aware datetime; give it a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise BadArgument(argument, "must lie between the years 1 and 9999 in UTC") from None


def count(argument: str, value: object) -> int:
    """Return a version or another whole number that is not negative."""
    if type(value) is not int or value < 0:
        raise BadArgument(argument, "must be a whole number, 0 or more")
    return value


def page(limit: object) -> int:
    """Return how many a page may hold."""
    if type(limit) is not int or not 1 <= limit <= LARGEST_PAGE:
        raise BadArgument("limit", f"must be from 1 to {LARGEST_PAGE}")
    return limit


def several(argument: str, value: object) -> Iterable[Any]:
    """Return what can be gone through."""
    if not isinstance(value, Iterable):
        raise BadArgument(argument, f"must be one text or several, not {type(value).__name__}")
    return value


def once(names: Iterable[str]) -> Iterator[str]:
    """Give each name the first time that it comes."""
    known: set[str] = set()
    for one in names:
        if one not in known:
            known.add(one)
            yield one


def day(argument: str, value: object) -> date | None:
    """Return a date, given as such or as text."""
    if value is None or type(value) is date:
        return value
    found = day_of(value)
    if found is None:
        raise BadArgument(argument, "must be a date, or its text YYYY-MM-DD")
    return found


def as_of(value: object) -> date | None:
    """Return the day that figures hold for: beyond it there must be days, as a timeline goes on for a while."""
    found = day("as_of", value)
    if found is not None and found.year > LAST_YEAR:
        raise BadArgument("as_of", f"must lie in the year {LAST_YEAR} or before")
    return found


def lived(argument: str, day: date) -> None:
    """Refuse a day or moment around which not everything can be counted: what is made up begins and ends within."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadArgument(argument, f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")


def _sound(value: object, place: str, depth: int = 0) -> None:
    if depth > DATA_DEPTH:
        raise BadArgument(place, "is nested too deeply")
    if value is None or isinstance(value, str | bool):
        return
    if type(value) is int:
        if value.bit_length() > INTEGER_BITS:
            raise BadArgument(place, "an integer of more than 64 bits cannot be kept exactly; give it as text")
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise BadArgument(place, f"keys must be text, not {type(key).__name__}")
            _sound(item, f"{place}.{key[:64]}", depth + 1)
    elif isinstance(value, tuple):
        for item in value:
            _sound(item, f"{place}[]", depth + 1)
    else:
        raise BadArgument(place, f"a {type(value).__name__} cannot be kept exactly; give {_instead(value)}")


def _instead(value: object) -> str:
    if isinstance(value, float | Decimal):
        return "a finite decimal, as a Decimal or as text"
    if isinstance(value, datetime):
        return "a date, or its text YYYY-MM-DD"
    return "text, whole numbers, decimals, dates, yes or no, and lists and mappings of them"


def data(value: object) -> FrozenDict | None:
    """Return the data of a command, frozen; dates and decimals as text."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise BadArgument("data", f"must be a mapping of fields, not {type(value).__name__}")
    try:
        frozen: FrozenDict = freeze(value)
        _sound(frozen, "data")
    except RecursionError:
        raise BadArgument("data", "is nested too deeply") from None
    _small(frozen)
    return frozen


def _small(value: FrozenDict) -> None:
    """Refuse data that is too long to keep; lone surrogates are the data check's to name, by field."""
    if all(type(item) is str for item in value.values()) and sum(map(len, (*value, *value.values()))) * 4 < DATA_BYTES:
        return  # the ordinary case, at no cost
    size = len(repr(value).encode("utf-8", "surrogatepass"))
    if size > DATA_BYTES:
        raise BadArgument("data", f"is {size} bytes long; the data of one command may be {DATA_BYTES}")


def command(trigger: object, value: object, track: object, on: object) -> Command:
    """Return a command as the core takes it."""
    if not isinstance(trigger, str) or len(trigger) > NAME_LENGTH:
        raise BadArgument("trigger", "must be the name of a trigger")
    if track is not None:
        name("track", track)
    return Command(trigger, data(value), track, day("on", on))  # type: ignore[arg-type]  # checked by `name`


def in_batch(value: object) -> Command:
    """Return a command of a batch as the core takes it."""
    if not isinstance(value, Command):
        raise BadArgument("commands", f"must hold Commands, not {type(value).__name__}")
    return command(value.trigger, value.data, value.track, value.on)


class Subjects(Making):
    """The subjects of one pilot, known and newly issued, while commands on it are decided.

    Attributes:
        known: gives the stored ones, read at most once and only when a command names a participant.
        issued: new ones, to be stored with the commit.
    """

    ids: Ids
    known: Callable[[], Iterable[Personal]]
    issued: list[Personal] = structs.field(default_factory=list)
    _refs: dict[str, str] | None = None

    def has(self, ref: object) -> bool:
        """Whether a ref has a subject already."""
        return isinstance(ref, str) and ref in self._held()

    def subject(self, ref: str, count: int) -> str:
        """Return the subject of a ref, a new one where it has none."""
        held = self._held()
        if ref not in held:
            held[ref] = f"s{count + 1}"
            self.issued.append(Personal(held[ref], ref, self.ids.salt()))
        return held[ref]

    def _held(self) -> dict[str, str]:
        if self._refs is None:
            self._refs = {one.ref: one.subject for one in self.known()}
        return self._refs


class Passed(Making):
    """A command as it passed the door: without refs, with what was found and what must be committed to."""

    command: Command
    findings: FrozenDict = EMPTY
    commitments: FrozenDict = EMPTY


def _personal_fields(table: Table, trigger: str) -> frozenset[str]:
    rules = (rule for rule in table.every if rule.edge.trigger == trigger)
    return frozenset(name for rule in rules for name, field in rule.fields.items() if field.type == "subject")


def _corrects(table: Table, trigger: str) -> bool:
    return any(rule.edge.corrects for rule in table.every if rule.edge.trigger == trigger)


def may_issue(table: Table, given: Command) -> bool:
    """Whether a command names a participant, and so may issue a subject."""
    values = given.data
    if not values or not table.personal:
        return False
    if not _personal_fields(table, given.trigger).isdisjoint(values):
        return True
    return isinstance(values.get("fields"), Mapping) and _corrects(table, given.trigger)


def subjects(table: Table, given: Command, held: Subjects, count: int) -> Passed:
    """Replace refs by subjects.

    Args:
        table: the workflow that the pilot follows.
        given: the command, frozen.
        held: the pilot's subjects.
        count: how many subjects the pilot has issued before this command.
    """
    values = given.data
    if not values or not table.personal:
        return Passed(given)
    names = _personal_fields(table, given.trigger)
    before = len(held.issued)
    findings: dict[str, str] = {}
    new: dict[str, Any] = {}
    for field in names & values.keys():
        new[field] = _subject(values[field], field, held, count, findings)
    inner = values.get("fields")
    if isinstance(inner, Mapping) and _corrects(table, given.trigger):
        swapped = {
            field: _subject(value, field, held, count, findings) if field in table.personal else value
            for field, value in inner.items()
        }
        new["fields"] = FrozenDict(swapped)
    if not new:
        return Passed(given)
    issued = held.issued[before:]
    passed = structs.replace(given, data=FrozenDict({**values, **new}))
    return Passed(
        passed, FrozenDict(findings), FrozenDict({one.subject: codec.commitment(one.ref, one.salt) for one in issued})
    )


def _subject(ref: object, field: str, held: Subjects, count: int, findings: dict[str, str]) -> object:
    if ref is None or ref == "":
        return None
    fault = None if held.has(ref) else ref_fault(ref)  # who is known by a ref stays so, whatever it looks like since
    if fault is not None:
        findings[field] = fault
        return WITHHELD
    return held.subject(str(ref), count + len(held.issued))
