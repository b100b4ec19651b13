"""Sixty-four writers on one pilot, in four processes: per version one wins, and all that they were told fits."""

import json

from proeftuin import codec
from proeftuin.core.evolve import replay
from proeftuin.spi import Store
from proeftuin.storage.verify import verify
from tests.faults.conftest import backend, impatient, with_options
from tests.faults.journal import by_pilot, loaded
from tests.faults.linear import overlapping, violations
from tests.faults.speaking import several, together
from tests.scale import RELEASE
from tests.stores import TENANT, begin

PROCESSES, THREADS, ATTEMPTS = 4, 16, 2
PILOTS = 1700 if RELEASE else 79
POOL = "12"  # so that four processes leave room for others on a server with a hundred connections


def patient(url: str) -> str:
    """The URL under which sixty-four wait for one another, however slow the machine is."""
    return impatient(url if backend(url) == "sqlite" else with_options(url, pool_size=POOL), 120)


def values(store: Store, pilot_id: str) -> list[str]:
    """What each version of a pilot wrote."""
    bodies = [codec.decode(entry.body, place=pilot_id) for entry in store.history(TENANT, pilot_id)]
    return [one["data"]["set"]["winner"] for one in bodies]


def test_sixty_four_writers_and_one_winner_per_version(url: str, store: Store) -> None:
    """Of ten thousand appends one won each version, the rest lost to a later one, and no order is broken."""
    pilots = [f"p{number:04}" for number in range(PILOTS)]
    for name in pilots:
        begin(store, name, set={"title": "Catering", "winner": "nobody"})
    with several(PROCESSES, "tests.faults.contending", patient(url), str(THREADS), str(ATTEMPTS)) as racers:
        for name in pilots:
            together(racers, name)
        told = [json.loads(one.end()) for one in racers]

    assert [] == [error for raw, _ in told for error in raw]
    histories = by_pilot(call for _, rows in told for call in loaded(rows))
    writes = [call for calls in histories.values() for call in calls if call.writes]
    assert PROCESSES * THREADS * ATTEMPTS * PILOTS == len(writes)
    logs = {name: values(store, name) for name in pilots}
    assert sum(len(log) - 1 for log in logs.values()) == sum(call.told == "ok" for call in writes)
    lost = [(call.version, call.expected) for call in writes if call.told == "fail"]
    assert len(lost) >= PILOTS * PROCESSES * (THREADS - 1)  # of those who read the same, one at most can have won
    assert [] == [one for one in lost if one[0] is None or one[1] is None or one[0] <= one[1]]
    assert {} == {name: found for name in pilots if (found := violations(logs[name], histories[name]))}
    assert all(overlapping(histories[name]) for name in pilots)
    assert [] == list(verify(store, TENANT, replay=replay))
