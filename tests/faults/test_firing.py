"""Engines in several processes on one store: each judges on what is stored now, and none loses what another did."""

import json

from proeftuin.spi import Store
from tests.domain.existing.life import Life
from tests.domain.life import person
from tests.faults.conftest import impatient
from tests.faults.speaking import several
from tests.scale import scaled
from tests.stores import TENANT, advance, begin, changed, stored, written

FIRING = "tests.faults.firing"
PROCESSES, THREADS = 2, 8
TERMS = {"places": {"employment": 2}, "from": "2026-01-05"}


def test_sixteen_threads_in_two_processes_fire_at_one_pilot(url: str) -> None:
    """Per version exactly one command wins, the others get a conflict with a later one, and no lesson is lost."""
    wins = scaled(6)
    life = Life(url=url)
    first = life.pilot.version
    with several(PROCESSES, FIRING, impatient(url, 60), "race", str(THREADS), str(wins)) as racers:
        for number, one in enumerate(racers):
            one.tell(number)
        told = [outcome for one in racers for outcome in json.loads(one.end())]

    assert [] == [one for one in told if one[0] == "error"]
    won = {one[1]: one[2] for one in told if one[0] == "won"}
    total = PROCESSES * THREADS * wins
    assert list(range(first + 1, first + total + 1)) == sorted(won)
    assert [] == [one for one in told if one[0] == "lost" and not one[1] < one[2] <= first + total]
    assert [won[version] for version in sorted(won)] == [one.data["text"] for one in life.pilot.records("lesson")]
    assert () == life.engine.verify()
    life.engine.close()


def test_a_process_judges_on_what_another_has_just_signed(url: str) -> None:
    """A refusal asked of a second process, right after the first one signed, is judged on what is now stored."""
    life = Life(url=url)
    life.reach("engaging")
    life.supplier("alpha", "willing")
    with several(1, FIRING, url, "ask") as (other,):

        def asked(line: str) -> list[str]:
            other.tell(line)
            codes: list[str] = json.loads(other.hear())
            return codes

        assert "missing-signature" in asked("coordinator start_implementation")
        for role in ("client_owner", "supplier_lead@alpha"):
            assert "missing-signature" in asked("coordinator start_implementation")
            life.engine.fire(life.id, "sign_agreement", actor=person(role), track="alpha", data=TERMS)
        after = asked("coordinator start_implementation")
    assert "missing-signature" not in after
    assert "missing-roles" in after
    life.engine.close()


def test_what_another_client_wrote_is_seen_by_the_next_read(url: str, store: Store) -> None:
    """A client reads, judges and loses on what is stored now, not on what it saw before."""
    pilot = begin(store, set={"winner": "nobody"})
    with several(1, "tests.faults.contending", url, "1", "3") as (other,):
        other.tell("p1")
        assert "done" == other.hear()
    current = stored(store)
    assert current is not None
    assert 4 == current.version
    loaded = store.load(TENANT, "p1", have=pilot.version)
    assert loaded is not None
    assert loaded.head is not None
    store.append(written(current, changed(current))[0])
    assert 6 == advance(store, stored(store) or pilot).version
