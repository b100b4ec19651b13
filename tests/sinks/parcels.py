"""Parcels of events that were really written, as `deliver` gives them to a sink; and secrets to sign them with."""

from typing import Any

from attrs import define, field

from proeftuin import Engine
from proeftuin.spi import Parcel
from tests.unit.engines import DATA, LEAD, RIVAL, SELLER, Clock, engine

SOURCE = "urn:nld:oin:00000001823288444000:systeem:proeftuin"
SECRET = "whsec_" + "QUJD" * 8
OLD = "whsec_" + "REVG" * 8
STRANGE = "a.1 % é\u0085/\ufffe\ufdd0?"  # a pilot id with much that headers and attributes may not hold


@define
class Keeper:
    """A sink that keeps what it is given."""

    batch: int = 100
    parcels: list[Parcel] = field(factory=list)

    def send(self, parcel: Parcel, /) -> None:
        self.parcels.append(parcel)


def lived(pilot: str = "p", tenant: str = "default") -> Engine:
    """An engine on which a pilot lived a little, with two suppliers and text of every kind."""
    made = engine(time=Clock(), tenant=tenant)
    made.start("talks", actor=LEAD, data=DATA, id=pilot)
    made.fire(pilot, "identify", actor=LEAD, track="acme")
    made.fire(pilot, "remark", actor=SELLER, track="acme", data={"text": 'Né€ "10" \\ \u2028 <b>', "hours": "1.10"})
    made.fire(pilot, "identify", actor=LEAD, track="rival")
    made.fire(pilot, "remark", actor=RIVAL, track="rival", data={"text": "RIVAL-MARKER"})
    made.fire(pilot, "talk", actor=LEAD)
    return made


def parcel(pilot: str = "p", tenant: str = "default", **subscription: Any) -> Parcel:
    """What a subscriber gets of that life in one call."""
    made, keeper = lived(pilot, tenant), Keeper()
    made.subscribe("hr", start="beginning", **subscription)
    made.deliver({"hr": keeper})
    (one,) = keeper.parcels
    return one
