"""The people of a story: somebody for each role, and on a supplier's side somebody for each role at each party.

A person is called by a name: `hr`; `hr:jo` is somebody else who is HR too; `supplier_lead@alpha` works for a party;
`hr+coordinator:jo` holds two roles. Each name is a person of its own, so that four eyes are the eyes of two people.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from proeftuin.core.commands import Actor
from proeftuin.core.faults import did_you_mean
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.table import RELATIONS, SYSTEM, Rule
from proeftuin.core.workflow import Workflow
from proeftuin.errors import BadArgument

SUPPLIER = "supplier"


class People:
    """Invents the people of a workflow.

    Args:
        workflow: whose roles there are.
        parties: the suppliers that there are beside those of the tracks of a pilot.
    """

    def __init__(self, workflow: Workflow, parties: Iterable[str] = ()) -> None:
        self.workflow = workflow
        self.parties = tuple(parties)

    def person(self, name: str, party: str | None = None) -> Actor:
        """Return the person that a name means, the same one each time.

        Args:
            name: `role`, `role:id`, `role@party`, or several roles as in `role+role`.
            party: whose people are meant where the name does not say; only a supplier's roles need it.

        Raises:
            BadArgument: for a role that the workflow does not have, and for a supplier's role of no party.
        """
        named, at, own_party = name.partition("@")
        held, _, own = named.partition(":")
        roles = held.split("+")
        for role in roles:
            if role not in self.workflow.roles:
                raise BadArgument("by", f"`{role}` is no role here{did_you_mean(role, self.workflow.roles)}")
        supplies = any(self.workflow.roles[role].side == SUPPLIER for role in roles)
        if supplies and not (own_party or party):
            raise BadArgument("by", f"`{name}` must say of which supplier, as in `{name}@alpha`")
        works_for = own_party if at else party if supplies else None
        return Actor(own or (f"{held}-{works_for}" if works_for else held), roles=frozenset(roles), party=works_for)

    def everybody(self, pilot: Pilot | None = None) -> tuple[Actor, ...]:
        """Return one person per role, on a supplier's side per role and party."""
        return tuple(
            self.person(name, party)
            for name, role in self.workflow.roles.items()
            if name != SYSTEM
            for party in (self._all_parties(pilot) if role.side == SUPPLIER else (None,))
        )

    def able(
        self, rule: Rule, pilot: Pilot | None = None, track: str | None = None, data: Mapping[str, Any] = EMPTY
    ) -> tuple[Actor, ...]:
        """Return who may fire an edge as far as roles, parties and relations go; none where only the system may.

        Args:
            rule: the edge, compiled.
            pilot: on which pilot; None for a start.
            track: the key of the track, also of one that is to be opened.
            data: what the command will hold: a relation such as `adder` is read from it.
        """
        place = (rule.edge.trigger, track)
        signed = {one.role for one in (pilot.signatures if pilot else ()) if (one.trigger, one.track) == place}
        found: dict[Actor, None] = {}
        for name in rule.allowed:
            if name in RELATIONS:
                found.update(dict.fromkeys(self._related(name, pilot, data) if pilot else ()))
            elif name != SYSTEM and not (rule.edge.sign and name in signed):
                parties = self._parties(rule, pilot, track, data) if self._supplies(name) else (None,)
                found.update(dict.fromkeys(self.person(name, party) for party in parties))
        return tuple(found)

    def _supplies(self, role: str) -> bool:
        return self.workflow.roles[role].side == SUPPLIER

    def _all_parties(self, pilot: Pilot | None) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.parties, *(pilot.parties if pilot else ()))))

    def _parties(self, rule: Rule, pilot: Pilot | None, track: str | None, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Return whose people may act here: those of the track, of a track that is opened or named, or all."""
        tracks = pilot.tracks if pilot else {}
        if rule.opener is not None:
            source = self.workflow.tracks[rule.opener].party_from
            party = track if source == "key" else data.get(source)
            return (str(party),) if party else ()
        if rule.kind is not None:
            own = tracks.get(track) if track else None
            return (own.party,) if own and own.party else ()
        named = [str(data[name]) for name, field in rule.fields.items() if field.type == "track" and name in data]
        if named:
            return tuple(dict.fromkeys(party for key in named if key in tracks and (party := tracks[key].party)))[:1]
        return self._all_parties(pilot)

    def _related(self, relation: str, pilot: Pilot, data: Mapping[str, Any]) -> Iterator[Actor]:
        if relation == "starter":
            yield self.known(pilot, pilot.starter)
        elif relation == "adder":
            record = _record(pilot, data.get("record"))
            if record is not None:
                yield self.known(pilot, record.actor)
        else:
            told = [one for key, one in pilot.told.items() if key.partition(":")[0] == data.get("clock")]
            yield from (self.known(pilot, person) for one in told for person in one.persons)
            roles = (role for one in told for role in one.roles if role in self.workflow.roles)
            yield from (self.person(role) for role in roles if not self._supplies(role))

    def known(self, pilot: Pilot, person: str) -> Actor:
        """Return somebody of a pilot by id, in the roles that they acted in, or may have by their name."""
        for one in self.everybody(pilot):
            if one.id == person:
                return one
        return Actor(person, roles=frozenset(pilot.acted_as.get(person, ())) - set(RELATIONS))


def _record(pilot: Pilot, name: object) -> Record | None:
    return next((one for kept in pilot.kept.values() for one in kept if one.id == name), None)
