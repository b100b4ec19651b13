"""Who a participant is, told with a reason: whole pilots with refs, for another store, and the ref behind a subject.

1. Refs leave the store only for the privacy officer, and each pilot's history says so (`noting`).
2. Refs of a pilot that takes part in which says that somebody committed a crime, or once said so, are in no export.
3. Who a subject is learns the privacy officer, and who sees a record about that subject (`sight`).

Source: GDPR articles 4(5), 5(2) and 10.
"""

from collections.abc import Iterable, Iterator

from proeftuin import door
from proeftuin.calls import Call
from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.private import reveals_crime
from proeftuin.noting import OFFICER, NotingWriter, sound_reason
from proeftuin.sight import ALL, SUPPLIER, Sight, width

EXPORT_ALONE = FrozenDict(  # they are no rules of a workflow, so no workflow words them
    en="Only the privacy officer may export the refs of participants. Without them anybody may move pilots.",
    nl="Alleen de functionaris gegevensbescherming mag verwijzingen van deelnemers exporteren. Zonder kan het wel.",
)
CRIME_STAYS = FrozenDict(
    en="Taking part in these pilots says that somebody was detained, so the refs of participants stay here. Export"
    " them without, or leave them out.",
    nl="Meedoen aan deze proeftuinen zegt dat iemand gedetineerd was; daarom blijven de verwijzingen van deelnemers"
    " hier. Exporteer ze zonder, of laat ze weg.",
)
NOT_YOURS = FrozenDict(
    en="Only who sees a record about this participant may look up who it is, and the privacy officer.",
    nl="Alleen wie een gegeven over deze deelnemer ziet, mag opzoeken wie het is, en de functionaris"
    " gegevensbescherming.",
)


class DisclosingWriter(NotingWriter):
    """Tells refs of one tenant."""

    def export(self, pilots: str | Iterable[str] | None, actor: Actor, reason: str) -> Iterator[str]:
        """Give whole pilots with the refs of their participants; see `Engine.export_pilots`."""
        call = self._call(actor, None)
        sound_reason(reason)
        self._only_as(OFFICER, "export_pilots", call, EXPORT_ALONE)
        wanted = tuple(self._reader.ids(pilots))
        if revealing := [one for one in wanted if any(map(reveals_crime, self._reader.history(one)))]:
            params = FrozenDict({"pilots": tuple(revealing)})
            raise self._refused(None, "export_pilots", call, [Blocker("privacy-violation", params, texts=CRIME_STAYS)])
        return self._reader.export_pilots(self._told(wanted, call, reason), personal=True)

    def _told(self, wanted: Iterable[str], call: Call, reason: str) -> Iterator[str]:
        """Give pilots one by one, each once its history says that its refs are told.

        Who came in between that and the telling may have been told too, and is noted after it.
        """

        def event(pilot: Pilot) -> Event | None:
            known = self._known(pilot.id)
            return self._telling(pilot, "data.exported", "export_pilots", call, OFFICER, known, reason)

        for pilot_id in wanted:
            known = self._known(pilot_id)
            self._noted(pilot_id, event)
            yield pilot_id
            if not set(self._known(pilot_id)) <= set(known):
                self._noted(pilot_id, event)

    def _known(self, pilot_id: str) -> tuple[str, ...]:
        return tuple(one.subject for one in self._store.personal(self._tenant, pilot_id))

    def _telling(  # noqa: PLR0917  # the parts of one event
        self, pilot: Pilot, type_: str, trigger: str, call: Call, role: str, subjects: tuple[str, ...], reason: str
    ) -> Event | None:
        """Return an event, None where there is nobody to name, or where it is the last of the history already."""
        if not subjects:
            return None
        data = FrozenDict({"subjects": subjects, "reason": reason})
        event = self._event(pilot, type_, trigger, call, role, data)
        return None if self._again(pilot, event) else event

    def look_up(self, pilot_id: str, subject: str, actor: Actor, reason: str) -> str | None:
        """Return the ref behind a subject, noted; see `Engine.look_up`."""
        call = self._call(actor, None)
        sound_reason(reason)
        pilot, _ = self._heads.load(door.name("pilot_id", pilot_id))
        role = self._may_know(pilot, door.name("subject", subject), call.actor)
        if role is None:
            raise self._refused(pilot.id, "look_up", call, [Blocker("forbidden-role", texts=NOT_YOURS)])
        ref = self._reader.ref(pilot_id, subject)
        if ref is not None:
            self._noted(
                pilot_id,
                lambda now: self._telling(now, "data.looked_up", "look_up", call, role, (subject,), reason),
            )
        return ref

    def _may_know(self, pilot: Pilot, subject: str, actor: Actor) -> str | None:
        """Return the role in which an actor may know who a subject is, None where in none."""
        if OFFICER in actor.roles:
            return OFFICER
        table = self._tables.shown(pilot.workflow)
        seen = width(table, actor)
        if seen not in {ALL, SUPPLIER} or subject not in Sight(table, pilot, seen, actor.party).participants:
            return None
        side = "client" if seen == ALL else SUPPLIER
        return next(name for name, one in table.workflow.roles.items() if name in actor.roles and one.side == side)
