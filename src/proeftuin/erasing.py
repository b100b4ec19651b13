"""To forget a participant: the mapping from subject to ref is deleted, and each pilot's history says so.

1. Whoever erases holds the role `privacy_officer` (GDPR article 17; what must not be kept: domain 2.8).
2. Pilot by pilot: one commit adds `data.erased`, which names the opaque subject, and deletes the mapping. So an erasure
   that is cut off goes on where it was when it is asked for again, and one that is complete finds nothing to do.
3. Subjects, records, counts and overlaps stay, the chain verifies. Nothing that was hashed held the ref: the first
   event of a subject has a commitment to it, with a salt that is deleted too.
4. A pilot that cannot be read, or is not there, keeps the ref, and keeps no other one from being forgotten; it is told
   at the end.
5. At the end the store is asked to write anew the files in which deleted bytes may remain.
"""

from collections.abc import Iterable, Mapping

from attrs import frozen

from proeftuin import door
from proeftuin.calls import Call
from proeftuin.core.commands import Actor
from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.errors import BadArgument, CorruptStore, ProeftuinError, UnknownPilot
from proeftuin.noting import OFFICER, UNREADABLE, NotingWriter, sound_reason
from proeftuin.spi import Erases

AT_ONCE = 100
OFFICER_ALONE = FrozenDict(  # it is no rule of a workflow, so no workflow words it
    en="Only the privacy officer may have a participant forgotten.",
    nl="Alleen de functionaris gegevensbescherming mag een deelnemer laten vergeten.",
)


@frozen
class Erased:
    """What an erasure did.

    Attributes:
        pilots: where the ref was known until now, in order; empty where it was known nowhere.
        scrubbed: whether the store's files were written anew. Where not, others were reading them or this user may not:
            `proeftuin db scrub` does it later.
    """

    pilots: tuple[str, ...]
    scrubbed: bool


class ErasingWriter(NotingWriter):
    """Forgets refs of one tenant."""

    def erase(self, ref: str, actor: Actor, reason: str) -> Erased:
        """Forget a ref in every pilot; see `Engine.erase`."""
        call = self._call(actor, None)
        _sound(door.name("ref", ref), reason)
        self._only_as(OFFICER, "erase", call, OFFICER_ALONE)
        store = self._store
        if not isinstance(store, Erases):
            raise BadArgument("store", "it cannot erase; a store that offers the part `Erases` can")
        done: list[str] = []
        damaged: dict[str, ProeftuinError] = {}
        while known := self._knowing(store, ref, damaged):
            for pilot_id in known:
                try:
                    if self._forgotten(pilot_id, ref, reason, call):
                        done.append(pilot_id)
                except UNREADABLE as error:
                    damaged[pilot_id] = error
                except UnknownPilot:  # somebody took it away, but not its refs
                    lost = f"a ref is kept for pilot {pilot_id!r}, which is not there; delete its rows in `personal`"
                    damaged[pilot_id] = CorruptStore(lost)
        scrubbed = self._scrubbed(store)
        if damaged:
            raise next(iter(damaged.values()))
        return Erased(tuple(done), scrubbed)

    def _knowing(self, store: Erases, ref: str, damaged: Mapping[str, object]) -> Iterable[str]:
        """Return pilots in which a ref is still known, but for those that cannot be read."""
        found = store.holders(self._tenant, ref, limit=AT_ONCE + len(damaged))
        return dict.fromkeys(one.pilot_id for one in found if one.pilot_id not in damaged)

    def _forgotten(self, pilot_id: str, ref: str, reason: str, call: Call) -> bool:
        def event(pilot: Pilot) -> Event | None:
            known = self._store.personal(self._tenant, pilot_id)
            subjects = tuple(one.subject for one in known if one.ref == ref)
            if not subjects:
                return None  # another one did it meanwhile
            data = FrozenDict({"subjects": subjects, "reason": reason})
            return self._event(pilot, "data.erased", "erase", call, OFFICER, data)

        return self._noted(pilot_id, event, erases=True)


def _sound(ref: str, reason: object) -> None:
    """Refuse a reason that would be kept for ever and names the person."""
    if ref.casefold() in sound_reason(reason).casefold():
        raise BadArgument("reason", "it holds the ref that is to be forgotten; the reason stays in the history")
