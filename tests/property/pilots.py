"""Pilots under random commands: who may say what, with data that fits most of the time and is nonsense now and then.

A `World` is an engine with a clock that stands still until it is moved. `Player.call` makes up the next command: one
that can be fired from here, one that a refusal named as its remedy, a missing signature, anything else, or nonsense.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen
from hypothesis import note

from proeftuin import Engine, Result
from proeftuin.core.choose import candidates
from proeftuin.core.commands import Actor, Attempt, Blocker, Command
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.options import explain
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Rule, Table, compile_workflow
from proeftuin.core.workflow import Field, Workflow
from proeftuin.definitions import bundled_files, load_workflow
from proeftuin.errors import BadArgument, Refused
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.property.source import Source
from tests.property.workflows import GUARDS, random_workflow

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARK = "planted-ref-"
REFS = tuple(f"{MARK}{number}x" for number in range(5))
IDENTITIES = ("123456782", "jan@example.nl", "Jan de Vries", "0612345678", "NL91ABNA0417164300", "1980-02-03")
SHIFTS = (0, 0, 0, 0, 1, 7, 30, 90, 400, -1, -7, -40)
LONG = "x" * 10_001
HOSTILE: tuple[Any, ...] = (
    "", "  ", 0, -1, True, "x", LONG, "\ud800", "a\0b", (), ((),), {"a": {"b": 1}}, 2**70, "2026-02-30", "s1",
    "planted", [1, {"person": None}], None, "NaN", "-0.0", "1e5", date(2026, 3, 2), Decimal("8.50"),
)  # fmt: skip
UNKEEPABLE: tuple[Any, ...] = (
    1.5,
    float("nan"),
    b"bytes",
    Decimal("NaN"),
    {1: "x"},
    object(),
    datetime(2026, 1, 1, tzinfo=UTC),
)


# Triggers that would otherwise end every pilot early, or fill it with notes.
OFTEN = {"start_placement": 5, "move_placement": 3, "change_hours": 2, "end_placement": 2, "amend_agreement": 2}
SELDOM = frozenset(
    {"stop", "withdraw", "decline", "withdraw_commitment", "pause", "identify", "record_retention", "add_lesson"}
)


class Clock:
    """A clock that stands still."""

    def __init__(self, now: datetime = BEGAN) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Ids:
    """Ids and salts that are the same in every run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def pilot_id(self) -> str:
        return f"pilot-{next(self._numbers)}"

    def salt(self) -> bytes:
        return next(self._numbers).to_bytes(16, "big")


@frozen
class Call:
    """One command, as somebody says it."""

    trigger: str
    actor: Actor
    data: Mapping[str, Any] | None = None
    track: str | None = None
    on: date | None = None

    def __str__(self) -> str:
        on = f" on {self.on}" if self.on else ""
        return f"{self.actor.id}: {self.trigger} {self.track or ''} {'' if self.data is None else dict(self.data)}{on}"


@cache
def bundled() -> Workflow:
    """The bundled workflow."""
    return load_workflow(bundled_files()["existing-contract", 1])


@cache
def bundled_table() -> Table:
    return compile_workflow(bundled())


Outcome = Result | Refused | BadArgument


@define
class World:
    """An engine on a store, with a clock in our hands."""

    table: Table
    guards: Mapping[str, Any] = EMPTY
    url: str = "memory://"
    clock: Clock = Factory(Clock)
    ids: Ids = Factory(Ids)
    store: Store = Factory(lambda self: open_store(self.url), takes_self=True)
    engine: Engine = Factory(lambda self: self.opened(), takes_self=True)

    def opened(self) -> Engine:
        """Another engine on the same store."""
        workflows = [self.table.workflow]
        return Engine(self.store, workflows=workflows, guards=self.guards, time=self.clock, ids=self.ids)

    def reopen(self) -> None:
        """Go on with an engine that remembers nothing; a store that is durable is opened anew too."""
        if self.store.durable:
            self.engine.close()
            self.store = open_store(self.url)
        self.engine = self.opened()

    def fire(self, pilot_id: str, call: Call, **options: Any) -> Outcome:
        """Fire, and return what came of it, be it a refusal."""
        note(str(call))
        try:
            return self.engine.fire(
                pilot_id, call.trigger, actor=call.actor, data=call.data, track=call.track, on=call.on, **options
            )
        except (Refused, BadArgument) as no:
            return no

    def played(self, pilot_id: str, player: "Player", steps: int) -> Iterator[tuple[Call, Outcome]]:
        """Let a player say so many things, with a day or more in between now and then."""
        for _ in range(steps):
            if player.source.chance(15):
                self.clock.forward(days=player.source.pick((1, 6, 40)), microseconds=player.source.below(3))
            call = player.call(self.engine.get(pilot_id), self.clock.now())
            yield call, self.fire(pilot_id, call)

    def today(self) -> date:
        return self.clock.now().astimezone(ZoneInfo(self.table.workflow.timezone)).date()


@define
class Player:
    """Makes up commands on a pilot."""

    source: Source
    table: Table
    cast: Sequence[Actor]
    seldom: Collection[str] = SELDOM
    wild: int = 4  # how often, in percent, a value, a field, an actor or a place is not what it should be

    def call(self, pilot: Pilot, now: datetime) -> Call:
        """The next command."""
        source = self.source
        what = source.below(20)
        if what == 19:
            return self.nonsense(pilot)
        if what >= 15 and (remedy := self.remedy(pilot, now)):
            return remedy
        if what >= 12 and pilot.signatures:
            return self.signature(pilot)
        rules = self.table.every
        if what >= 2:
            here = [rule for rule in rules if self._keys(rule, pilot, here=True) and _fillable(rule, pilot)]
            moving = [rule for rule in here if rule.moves or rule.kind]
            likely = (moving if what >= 8 and moving else here) or rules
            rules = tuple(rule for rule in likely for _ in range(OFTEN.get(rule.edge.trigger, 1)))
        rule = source.pick(rules)
        return self.said(source.pick(rules) if rule.edge.trigger in self.seldom else rule, pilot, now)

    # -- commands ----------------------------------------------------------------------------------------------------

    def said(self, rule: Rule, pilot: Pilot, now: datetime, preset: Mapping[str, Any] = EMPTY) -> Call:
        """A command for a rule, by somebody who may fire it."""
        source = self.source
        keys = self._keys(rule, pilot, here=True) or self._keys(rule, pilot, here=False) or ["nowhere"]
        key = source.pick(keys)
        if source.chance(self.wild):
            key = source.pick((None, "nowhere", "bad key!", *pilot.tracks))
        return self._call(rule, pilot, now, key, preset)

    def _call(self, rule: Rule, pilot: Pilot, now: datetime, key: str | None, preset: Mapping[str, Any]) -> Call:
        today = now.astimezone(self.table.zone).date()
        held = {name: self.source.pick(values) for name, values in rule.edge.when.items()}
        data = Filler(self, pilot, rule, key, today).data({**held, **preset})
        on = today + timedelta(days=self.source.pick(SHIFTS)) if self.source.chance(6) else None
        return Call(rule.edge.trigger, self._actor(rule, pilot, key, data), data, key, on)

    def remedy(self, pilot: Pilot, now: datetime) -> Call | None:
        """What would bring closer a move that is refused; the move itself, where nothing is against it."""
        moves = [rule for rule in self.table.every if rule.moves and self._keys(rule, pilot, here=True)]
        if not moves:
            return None
        wanted = self.said(self.source.pick(moves), pilot, now)
        blockers = self.blockers(wanted, pilot, now)
        remedies = [one for blocker in blockers for one in blocker.missing]
        if not remedies:
            return wanted
        chosen = self.source.pick(remedies)
        return self.carried_out(chosen.trigger, chosen.track, chosen.data, pilot, now)

    def carried_out(
        self, trigger: str, track: str | None, data: Mapping[str, Any], pilot: Pilot, now: datetime
    ) -> Call | None:
        """A remedy as a command; where it opens a track, under a new key."""
        attempt = Attempt(pilot, Command(trigger, FrozenDict(data), track), self.cast[0], now)
        if track is None and trigger in self.table.openers:
            rule = self.table.openers[trigger][0]
            return self.said(rule, pilot, now, data)
        found = candidates(self.table, attempt)
        if isinstance(found, Blocker):
            return None
        here = [rule for rule in found[0] if track in self._keys(rule, pilot, here=True)]
        return self._call((here or found[0])[0], pilot, now, track, data)

    def blockers(self, call: Call, pilot: Pilot, now: datetime) -> tuple[Blocker, ...]:
        data = freeze({name: value for name, value in (call.data or {}).items() if value not in REFS})
        return explain(self.table, Attempt(pilot, Command(call.trigger, data, call.track), call.actor, now)).blockers

    def signature(self, pilot: Pilot) -> Call:
        """The other side signs what is pending, or something else."""
        vote = self.source.pick(pilot.signatures)
        rules = [rule for rule in self.table.every if rule.edge.trigger == vote.trigger and rule.edge.sign]
        actor = self._actor(self.source.pick(rules), pilot, vote.track, EMPTY)
        others = [one for one in self.cast if one.roles & set(rules[0].edge.sign)]
        if self.source.chance(80):
            own = [
                one for one in others if vote.role not in one.roles and one.party in self._parties(pilot, vote.track)
            ]
            actor = self.source.pick(own or others or [actor])
        return Call(vote.trigger, actor, None if self.source.chance(70) else dict(vote.data), vote.track)

    def nonsense(self, pilot: Pilot) -> Call:
        """What no workflow knows, or nobody can keep."""
        source = self.source
        triggers = ("", "explode", "start", "lapse", "\ud800", *sorted(self.table.triggers))
        data: Any = {source.pick(("x", "note", "date", "record", "participant")): source.pick((*HOSTILE, *UNKEEPABLE))}
        return Call(
            source.pick(triggers),
            source.pick(self.cast),
            source.pick((None, {}, data, data)),
            source.pick((None, "nowhere", *pilot.tracks)),
        )

    # -- who and where -----------------------------------------------------------------------------------------------

    def _keys(self, rule: Rule, pilot: Pilot, *, here: bool) -> list[str | None]:
        """The places at which a rule can be fired; with `here` those where states allow it now."""
        if here and pilot.state not in rule.during:
            return []
        if rule.edge.opens is not None:
            return [party for party in self.parties if party not in pilot.tracks]
        if rule.kind is None:
            return [None] if not here or pilot.state in rule.sources else []
        own = (one for one in pilot.tracks.values() if one.kind == rule.kind)
        return [one.key for one in own if not here or one.state in rule.sources]

    @property
    def parties(self) -> list[str]:
        return list(dict.fromkeys(one.party for one in self.cast if one.party))

    def _parties(self, pilot: Pilot, key: str | None) -> set[str | None]:
        if key is None:
            return {None, *self.parties}
        track = pilot.tracks.get(key)
        return {None, track.party if track else key}

    def _actor(self, rule: Rule, pilot: Pilot, key: str | None, data: Mapping[str, Any]) -> Actor:
        source, roles = self.source, set(rule.allowed)
        fit = [one for one in self.cast if one.roles & roles and one.party in self._parties(pilot, key)]
        if "starter" in roles:
            fit += [one for one in self.cast if one.id == pilot.starter]
        if "adder" in roles:
            adders = {one.actor for kept in pilot.kept.values() for one in kept if one.id == data.get("record")}
            fit += [one for one in self.cast if one.id in adders]
        return source.pick(self.cast if not fit or source.chance(self.wild) else fit)


def _fillable(rule: Rule, pilot: Pilot) -> bool:
    """Whether there is something for every required reference to point at."""
    wanted = [one for one in rule.fields.values() if one.required and one.type == "record"]
    return all(any(kept for kind, kept in pilot.kept.items() if one.record in (None, kind)) for one in wanted)


@define
class Filler:
    """Fills the fields of one command."""

    player: Player
    pilot: Pilot
    rule: Rule
    key: str | None
    today: date

    def data(self, preset: Mapping[str, Any]) -> dict[str, Any]:
        source, wild = self.player.source, self.player.wild
        data: dict[str, Any] = dict(preset)
        for name, field in self.rule.fields.items():
            wanted = field.required or any(data.get(other) in held for other, held in field.required_when.items())
            if name not in preset and source.chance(100 - wild if wanted or name == "gates" else 30):
                data[name] = self.value(name, field)
        if isinstance(data.get("fields"), dict):
            data["fields"] = self.corrections(data.get("record"))
        if data.get("kind") == "bundled" and source.chance(80):
            self._bundle(data)
        if source.chance(wild):
            data[source.pick(("offence", "remark", "participant", "x" * 300))] = source.pick(REFS)
        return data

    def _bundle(self, data: dict[str, Any]) -> None:
        """Make the contributions of a bundled job add up."""
        others = [key for key in self.pilot.tracks if key != self.key]
        tracks = [self.key, *others[: 1 + self.player.source.below(2)]]
        if len(tracks) > 1:
            data["contributions"] = [{"track": key, "weekly_hours": "8"} for key in tracks]
            data["weekly_hours"] = str(8 * len(tracks))

    def corrections(self, record: object) -> dict[str, Any]:
        """Fields of a record, with other values."""
        found = [one for kept in self.pilot.kept.values() for one in kept if one.id == record]
        if not found:
            return {"note": "corrected"}
        fields = self.player.table.workflow.records[found[0].type].fields
        chosen = self.player.source.some(tuple(fields), 35) or tuple(fields)[-1:]
        return {name: self.value(name, fields[name]) for name in chosen}

    def value(self, name: str, field: Field) -> Any:
        source = self.player.source
        if source.chance(self.player.wild):
            return source.pick((*HOSTILE, *IDENTITIES, *UNKEEPABLE[:2]))
        return self._plain(name, field)

    def _agreed(self) -> tuple[str, ...]:
        """The kinds of placement that the track has places for, so that some are accepted."""
        signed = self.pilot.records("agreement", track=self.key)
        return tuple(signed[-1].data["places"]) if signed else ()

    def _plain(self, name: str, field: Field) -> Any:  # noqa: C901, PLR0911, PLR0912  # one case per type
        source = self.player.source
        match field.type:
            case "date":
                shifts = [one for one in SHIFTS if one <= 0] if field.not_after else SHIFTS
                return (self.today + timedelta(days=source.pick(shifts))).isoformat()
            case "boolean":
                return source.chance(50)
            case "choice":
                agreed = self._agreed() if name == "kind" and self.rule.kind and source.chance(75) else ()
                return source.pick(agreed or (field.of if isinstance(field.of, tuple) else ("x",)))
            case "integer":
                return source.between(1, 4)
            case "decimal":
                return source.pick(("8", "16", "32", "25.5", "0.5", "40", "1.50"))
            case "person":
                return source.pick(self.player.cast).id
            case "party":
                return source.pick(self.player.parties)
            case "subject":
                return source.pick(REFS)
            case "track" | "new_track":
                return source.pick([key for key in (self.key, *self.pilot.tracks) if key] or ["nowhere"])
            case "record":
                return source.pick(self._records(name, field) or ["placement-99"])
            case "map" | "list":
                return self._many(name, field)
            case "url":
                return "https://example.nl/verhaal"
            case _:
                return source.pick(("Catering", "één", "漢字 ✓", "planned")) + "." * int(field.min or 0)

    def _many(self, name: str, field: Field) -> Any:
        source, of = self.player.source, field.of
        if field.type == "map":
            if of is None:
                return {}
            keys = source.some(field.keys, 50) or field.keys[:1]
            return {key: self._plain(name, Field(type="integer")) for key in keys}
        size = source.between(int(field.min or 1), 3)
        if isinstance(of, Mapping):
            return [{inner: self.value(inner, one) for inner, one in of.items()} for _ in range(size)]
        if isinstance(of, tuple):
            return list(source.some(of, 60))
        return [self._plain(name, Field(type=of or "text", record=field.record)) for _ in range(size)]  # type: ignore[arg-type]  # the workflow was accepted

    def _records(self, name: str, field: Field) -> list[str]:
        """The ids that a field can point at."""
        found = [one for kind, kept in self.pilot.kept.items() if field.record in (None, kind) for one in kept]
        live = name in self.rule.live
        return [
            one.id
            for one in found
            if (self.rule.kind is None or self.key in (None, one.track)) and not (live and one.ended)
        ]


def made_up(source: Source, url: str = "memory://") -> tuple[World, Player, str]:
    """A pilot that just began under a random workflow."""
    world = World(compile_workflow(random_workflow(source), GUARDS), GUARDS, url)
    player = Player(source, world.table, people(world.table, ("x", "y")))
    began = world.engine.start("made-up", actor=player.cast[0], data={"title": "A"}, id="p1")
    return world, player, began.pilot.id


def people(table: Table, parties: Iterable[str]) -> list[Actor]:
    """One person per role, of each supplier too; and some who hold several roles, none, or the wrong ones."""
    roles = {name: role.side for name, role in table.workflow.roles.items() if name != "system"}
    client = [name for name, side in roles.items() if side != "supplier"]
    supplier = [name for name, side in roles.items() if side == "supplier"]
    cast = [Actor(f"{name}-1", roles=name) for name in client]
    for party in parties:
        cast += [Actor(f"{name}-{party}", roles=name, party=party) for name in supplier]
    first = next(iter(parties))
    return [
        *cast,
        Actor("many", roles=client),
        Actor("many-too", roles=client),
        Actor(f"both-{first}", roles=[client[1], *supplier], party=first),
        Actor(f"both-{first}", roles=supplier, party=first),  # the same person, on another day
        Actor("nobody", roles=()),
        Actor("stranger", roles=("unheard-of",), party="elsewhere"),
    ]
