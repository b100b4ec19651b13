"""deliver with real processes that are killed, to a subscriber that often fails."""

import pytest

from tests.faults.conftest import impatient
from tests.faults.endpoint import USUAL
from tests.faults.storm import Storm, Web
from tests.scale import RELEASE, scaled

# How many events, over how many pilots; before a release PostgreSQL takes the most that is promised.
SIZES = {"sqlite": (scaled(10_000), 200), "postgresql": (500_000, 1_000) if RELEASE else (2_500, 100)}
# Before a release the endpoint fails 70 times of 100; of more time-outs than these the test would consist.
WORST = {"accept": 300, "error": 250, "reset": 224, "lose": 225, "hang": 1}


@pytest.mark.timeout(4 * 3600 if RELEASE else 600)
@pytest.mark.parametrize(("kind", "mode"), [("sqlite", "structured"), ("postgresql", "binary")])
def test_every_webhook_arrives_in_order_whatever_fails(url: str, kind: str, mode: str) -> None:
    """With workers killed and calls failing, what is committed arrives signed, in order, alike each time; no more."""
    events, pilots = SIZES[kind]
    far = Web(mode, usual=WORST) if RELEASE else Web(mode)
    storm = Storm(impatient(url, 60), pilots, events, scaled(6), far=far)
    ledger = storm.run()
    assert [] == storm.amiss(ledger)
    assert set(far.usual) == set(far.did)  # it failed in every way
    assert ledger.came > storm.events  # something was sent twice
    assert all(storm.undone)  # by a hook, and by the host


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["mariadb"])
def test_every_event_arrives_in_order_whatever_fails(url: str) -> None:
    """With workers killed and calls failing, a sink of one's own gets all that is committed in order, and no more."""
    storm = Storm(impatient(url, 60), pilots=40, events=scaled(2_000), kills=scaled(2))
    ledger = storm.run()
    assert [] == storm.amiss(ledger)
    assert set(USUAL) == set(storm.far.did)
    assert ledger.came > storm.events  # something was sent twice
    assert all(storm.undone)  # by a hook, and by the host
