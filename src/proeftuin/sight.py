"""How much one actor sees of a pilot, by role: what `seen` shows of it, and what it cuts out.

- the client's side sees everything;
- a supplier sees the pilot's state and data, and the tracks, records and events of its own party. A track that is
  nobody's, such as a procurement before its award, is not its own; of the history of one that was somebody else's, it
  sees what happened while it was its own;
- a facilitator sees everything but what is about a participant (`core.private`);
- a monitor sees figures without small groups, and nothing else;
- to anybody else there is no such pilot.

What is left may still point at what is cut out: a pilot's data, an option or a refusal may name another supplier's
track, or the record of a placement. Such a name is left out too, and a refusal that rests on one says only that there
is something.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, frozen

from proeftuin.core.clocks import Term
from proeftuin.core.commands import Actor, Blocker, Option, Remedy
from proeftuin.core.events import Event
from proeftuin.core.evolve import FORGOTTEN
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot, Record, Track
from proeftuin.core.private import about_participant
from proeftuin.core.structs import replace
from proeftuin.core.table import Table

ALL, SUPPLIER, FACILITATOR, MONITOR, NOTHING = "all", "supplier", "facilitator", "monitor", "nothing"
TOLD = frozenset({"record.added", "record.changed", "record.corrected"})
MIGRATED, VERSIONS = "pilot.migrated", ("workflow", "hash", "from")
SOMETHING = FrozenDict(  # no workflow words what may not be told
    en="Something stands in the way that you cannot see here. Ask your contact at the client.",
    nl="Er staat iets in de weg dat u hier niet kunt zien. Vraag uw contactpersoon bij de opdrachtgever.",
)


def width(table: Table, actor: Actor) -> str:
    """Return how much an actor sees of pilots under a workflow: the widest that a role gives."""
    known = {name: role.side for name, role in table.workflow.roles.items() if name in actor.roles}
    if "client" in known.values():
        return ALL
    if FACILITATOR in known:
        return FACILITATOR
    if "supplier" in known.values() and actor.party is not None:
        return SUPPLIER
    return MONITOR if MONITOR in known else NOTHING


def _place(key: str) -> str | None:
    """Return the track or record that a term runs on, by the term's key; None for the pilot as a whole."""
    _, *places = key.split(":")
    return places[0] if places else None


def words(value: object) -> Iterator[str]:
    """Give every text in data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from words(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from words(one)


def without(pilot: Pilot, hidden: Collection[str]) -> Pilot:
    """Return a pilot as if these tracks and records were not there."""
    kept = {kind: tuple(one for one in held if one.id not in hidden) for kind, held in pilot.kept.items()}
    tracks = {key: one for key, one in pilot.tracks.items() if key not in hidden}
    return replace(pilot, tracks=FrozenDict(tracks), kept=FrozenDict(kept))


def _emptied(data: FrozenDict) -> FrozenDict:
    """Return what an event tells of a record without what is in it."""
    left = {name: one for name, one in data.items() if name not in {"set", "reason"}}
    return FrozenDict({**left, "fields": EMPTY} if "fields" in left else left)


@frozen(slots=False, eq=False)
class Sight:
    """What one actor sees of one pilot, as it stands.

    Args:
        table: the workflow that it follows.
        pilot: whole.
        width: how much, of `width`; never `MONITOR` or `NOTHING`.
        party: whose tracks are seen, where it is `SUPPLIER`.
        now: the pilot as it is, where an earlier one is looked at: what was withdrawn since is not shown any more.
    """

    table: Table
    pilot: Pilot
    width: str
    party: str | None = None
    now: Pilot | None = None

    @cached_property
    def own(self) -> frozenset[str]:
        """The keys of the tracks that are seen."""
        tracks = self.pilot.tracks
        if self.width != SUPPLIER:
            return frozenset(tracks)
        return frozenset(key for key, one in tracks.items() if one.party is not None and one.party == self.party)

    @cached_property
    def kept(self) -> FrozenDict:
        """The records that are seen, per type; every type that there is stands there."""
        return FrozenDict(
            {kind: tuple(one for one in held if self._shows(one)) for kind, held in self.pilot.kept.items()}
        )

    def _shows(self, record: Record) -> bool:
        if self._withdrawn(record.type, record.id):
            return False
        if self.width == SUPPLIER:
            return record.track in self.own
        return self.width == ALL or record.type not in self.table.private.records

    def _withdrawn(self, kind: object, record: object) -> bool:
        """Whether a record rests on a consent that was withdrawn."""
        return kind in self.table.private.consented and record not in self._consented

    @cached_property
    def _consented(self) -> frozenset[str]:
        kept = (self.now or self.pilot).kept  # by now the type may have another name
        return frozenset(one.id for held in kept.values() for one in held if one.ended is None)

    @cached_property
    def participants(self) -> frozenset[str]:
        """The participants of whom a record is seen."""
        private = self.table.private.records
        said = {word for kind, held in self.kept.items() if kind in private for one in held for word in words(one.data)}
        return frozenset(said & {f"s{number}" for number in range(1, 1 + self.pilot.counts.get("subject", 0))})

    @cached_property
    def names(self) -> frozenset[str]:
        """The tracks and records that are seen."""
        return self.own | {name for held in self.kept.values() for one in held for name in (one.id, one.first) if name}

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The tracks, parties, records and participants that are not seen."""
        pilot = self.pilot
        records = {one.id for held in pilot.kept.values() for one in held}
        persons = {f"s{number}" for number in range(1, 1 + pilot.counts.get("subject", 0))}
        seen = self.names | {self.party} | {one.party for key, one in pilot.tracks.items() if key in self.own}
        return frozenset({*pilot.tracks, *pilot.parties, *records, *persons}) - seen

    def named(self, data: object, track: str | None) -> frozenset[str]:
        """The track and the records that a command names and that are not seen: it is answered as if there were none.

        Whom a party works together with it knows by name, so other tracks may stand in the data.
        """
        return self.hidden & {track, *frozenset(words(data)).difference(self.pilot.tracks)}

    # -- the pilot -------------------------------------------------------------------------------------------------

    def cut(self) -> Pilot:
        """Return the pilot without what is not seen."""
        pilot = self.pilot
        if self.width == ALL:
            return pilot if self.kept == pilot.kept else replace(pilot, kept=self.kept)
        places = self.names if self.width == SUPPLIER else self.names | {None}
        private = self.table.private
        changes: dict[str, Any] = {
            "kept": self.kept,
            "data": self._data(pilot.data, None),
            "tracks": FrozenDict({key: self._track(one) for key, one in pilot.tracks.items() if key in self.own}),
            "told": FrozenDict(
                {key: one for key, one in pilot.told.items() if _place(key) in places and key != FORGOTTEN}
            ),
            "signals": tuple(one for one in pilot.signals if _place(one.clock) in places),
            "episodes": tuple(one for one in pilot.episodes if _place(one.clock) in places),
            "path": tuple(one for one in pilot.path if one.track is None or one.track in self.own),
        }
        if self.width == SUPPLIER:
            votes = (one for one in pilot.signatures if one.track in self.own)
            return replace(pilot, **changes, nudges=(), signatures=tuple(votes), acted_as=EMPTY, counts=EMPTY)
        counted = {name: count for name, count in pilot.counts.items() if name not in {*private.records, "subject"}}
        votes = (one for one in pilot.signatures if one.trigger not in private.triggers)
        return replace(pilot, **changes, signatures=tuple(votes), counts=FrozenDict(counted))

    def _track(self, track: Track) -> Track:
        return replace(track, trail=tuple(replace(one, data=self._data(one.data, track.key)) for one in track.trail))

    def _data(self, data: FrozenDict, track: str | None) -> FrozenDict:
        """Return what commands left, without what is about a participant and what points at what is not seen.

        A plan for those who are placed with a supplier is that supplier's too.
        """
        private = self.table.private
        found: dict[str, Any] = {}
        for name, value in data.items():
            if name in private.plans and (self.width == FACILITATOR or track is None):
                continue
            if name not in private.pointing:
                found[name] = value
            elif isinstance(value, tuple):
                found[name] = tuple(one for one in value if self.hidden.isdisjoint(words(one)))
            elif self.hidden.isdisjoint(words(value)):
                found[name] = value
        return FrozenDict(found)

    # -- what happened ---------------------------------------------------------------------------------------------

    def event(self, event: Event, before: "Sight | None" = None) -> Event | None:
        """Return an event as it is seen, None where it is not.

        Args:
            event: the one that made the pilot what it is here.
            before: what was seen until then: a move by which a track becomes another's is seen by both.
        """
        if event.type in TOLD and self._withdrawn(event.data.get("record"), event.data.get("id")):
            event = replace(event, data=_emptied(event.data))
        if self.width == ALL:
            return event if event.type != MIGRATED else replace(event, data=self._migrated(event.data))
        if self.width == FACILITATOR:
            shown = not self._about_participants(event)
        elif event.track is None:
            shown = event.type.startswith("pilot.")
        else:
            shown = event.track in self.own or (before is not None and event.track in before.own)
        if not shown:
            return None
        # the digest stays that of the whole event: a key that is not told keeps anybody from trying what was cut out
        return replace(event, data=self._of_event(event), key=None)

    def _of_event(self, event: Event) -> FrozenDict:
        """Return what an event holds, without what is not seen of it."""
        if event.type == MIGRATED:  # what became of every track and record stands in it
            return FrozenDict({name: event.data[name] for name in VERSIONS})
        cut: dict[str, Any] = {
            name: self._data(event.data[name], event.track) for name in ("set", "data") if self._left(event, name)
        }
        if event.data.get("party") in self.hidden:
            cut["party"] = None  # it went over to another
        return FrozenDict({**event.data, **cut}) if cut else event.data

    def _migrated(self, data: FrozenDict) -> FrozenDict:
        """Return what a migration did, without what is in records whose consent was withdrawn."""
        becomes = data["becomes"]
        if "records" not in becomes:
            return data
        records = {
            name: FrozenDict({**one, "data": EMPTY}) if self._withdrawn(one["type"], name) else one
            for name, one in becomes["records"].items()
        }
        return FrozenDict({**data, "becomes": FrozenDict({**becomes, "records": FrozenDict(records)})})

    def _left(self, event: Event, name: str) -> bool:
        """Whether a part of an event holds what a command left on the pilot or a track."""
        return event.type.startswith(("pilot.", "track.")) and isinstance(event.data.get(name), Mapping)

    def _about_participants(self, event: Event) -> bool:
        private, data = self.table.private, event.data
        if event.type.startswith("data.") or "commitments" in data:
            return True
        if event.type.startswith("signature."):
            return data.get("trigger", event.trigger) in private.triggers
        return about_participant(self.table.workflow, data)

    def runs(self, term: Term) -> bool:
        """Whether a term is seen: where it is about a record, as far as that is."""
        if self.width == SUPPLIER:
            return term.track is not None and term.track.key in self.own
        return self.width == ALL or term.record is None or term.record.type not in self.table.private.records

    # -- what may be done ------------------------------------------------------------------------------------------

    def option(self, option: Option, asked: str | None = None) -> Option:
        """Return an option without the names of what is not seen; what was `asked` about was known by name."""
        if self.width == ALL:
            return option
        fields = {
            name: FrozenDict({**field, "candidates": tuple(one for one in field["candidates"] if one in self.names)})
            if "candidates" in field
            else field
            for name, field in option.fields.items()
        }
        blockers, warnings = (self.reasons(said, asked) for said in (option.blockers, option.warnings))
        return evolve(option, fields=FrozenDict(fields), blockers=blockers, warnings=warnings)

    def reasons(self, blockers: Iterable[Blocker], asked: str | None = None) -> tuple[Blocker, ...]:
        """Return blockers or warnings without the names of what is not seen; see `option`."""
        if self.width == ALL:
            return tuple(blockers)
        named = frozenset((asked,)) - {None, self.party} - self.own  # there or not, it is answered alike
        hidden = self.hidden | named
        return tuple(self._blocker(one, hidden) for one in blockers)

    def _blocker(self, blocker: Blocker, hidden: frozenset[str | None]) -> Blocker:
        missing = tuple(self._remedy(one) for one in blocker.missing)
        if hidden.isdisjoint([blocker.track, *words(blocker.params)]):
            return evolve(blocker, missing=missing)
        trigger = FrozenDict(trigger=blocker.params.get("trigger"))
        return Blocker(blocker.code, trigger, missing=missing, command=blocker.command, texts=SOMETHING)

    def _remedy(self, remedy: Remedy) -> Remedy:
        if self.hidden.isdisjoint([remedy.track, *words(remedy.data)]):
            return remedy
        return Remedy(remedy.trigger, roles=remedy.roles, not_before=remedy.not_before)
