"""deliver on Redis, with real processes that are killed."""

from tests.faults.storm import Storm
from tests.scale import scaled


def test_every_event_arrives_in_order_whatever_fails(url: str) -> None:
    """With workers killed and calls failing, all that is committed arrives, in order, alike each time, and no more."""
    storm = Storm(url, pilots=40, events=scaled(2_000), kills=scaled(2))
    ledger = storm.run()
    assert [] == storm.amiss(ledger)
    assert ledger.came > storm.events  # something was sent twice
