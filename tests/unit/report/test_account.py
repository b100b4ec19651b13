"""What may be told of a pilot: nothing that is about a participant."""

from datetime import date

from attrs import evolve

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Episode, Raised
from proeftuin.core.structs import replace
from proeftuin.core.workflow import Offset, Signal
from proeftuin.definitions import Catalogue
from proeftuin.report.account import account
from tests.domain.planted import Planted
from tests.unit.report.reading import filled

DAY = date(2026, 3, 2)


def test_a_signal_about_a_placement_is_not_told() -> None:
    """Of the signals that were raised those on the pilot are told, and those on a participant's record are not."""
    flow = Catalogue().get("existing-contract")
    stalled = Signal("stalled", Offset(7, "days"))
    flow = evolve(flow, clocks=FrozenDict({name: evolve(one, signal=stalled) for name, one in flow.clocks.items()}))
    own, about = (
        next(name for name, one in flow.clocks.items() if (one.per == "placement") == is_so) for is_so in (False, True)
    )
    keys = (own, f"{about}:placement-1:13 weeks")
    pilot = replace(
        filled(Planted, "", "existing-contract").pilot,
        signals=tuple(Raised("stalled", key, DAY) for key in keys),
        episodes=tuple(Episode("stalled", key, DAY) for key in keys),
    )
    told = account(flow, pilot, (), "en").pilot
    assert [[own], [own]] == [[one.clock for one in ones] for ones in (told.signals, told.episodes)]
