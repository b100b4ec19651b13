"""Stores written by earlier versions: they open, verify, hold the same bytes, go on, and are folded anew."""

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from proeftuin import Actor, Engine, codec
from proeftuin.core.evolve import FOLD, SYSTEM
from proeftuin.result import Work
from proeftuin.spi import Delivers, Store, Subscription
from proeftuin.storage import open_store
from proeftuin.storage.sql import current, schema, upgrade
from tests.golden.sqltext import run
from tests.golden.story import BEGAN, BOARD, HERE, KEY, LEAD, PLAIN, REF, TENANTS, TEXTS, Clock, digest_of, said
from tests.stores import path_url

VERSIONS = sorted(path.name for path in HERE.iterdir() if (path / "expected.json").exists())
KINDS = ("sqlite", "postgresql", "mariadb")
FIRST = "default"
COORDINATOR = Actor("coordinator-1", roles={"coordinator"})


@frozen
class Golden:
    """A golden store, put back into a database, and what must come out of it."""

    url: str
    expected: dict[str, Any]


def expected_of(version: str) -> dict[str, Any]:
    return dict(json.loads((HERE / version / "expected.json").read_text(encoding="utf-8")))


def unpacked(version: str, name: str) -> bytes:
    return gzip.decompress((HERE / version / f"{name}.gz").read_bytes())


@pytest.fixture(params=[(version, kind) for version in VERSIONS for kind in KINDS], ids="-".join)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Golden:
    """Each golden store, as an operator has it who has upgraded the tables."""
    version, kind = request.param
    if kind == "sqlite":
        path = tmp_path / "golden.db"
        path.write_bytes(unpacked(version, "sqlite.db"))
        url = path_url(path)
    else:
        url = str(request.getfixturevalue(f"{kind}_url"))
        run(url, unpacked(version, f"{kind}.sql").decode())
    assert (version, schema.PRESENT) == current(url)
    upgrade(url)
    return Golden(url, expected_of(version))


@pytest.fixture
def store(golden: Golden) -> Iterator[Store]:
    made = open_store(golden.url)
    yield made
    made.close()


def test_every_schema_has_its_golden_stores() -> None:
    """For each version of the tables there is a golden store of each database."""
    assert list(schema.REVISIONS) == VERSIONS
    for version in VERSIONS:
        names = {path.name for path in (HERE / version).iterdir()}
        assert {"expected.json", "sqlite.db.gz", "postgresql.sql.gz", "mariadb.sql.gz"} == names


@pytest.mark.parametrize("version", VERSIONS)
def test_a_migration_with_golden_stores_never_changes(version: str) -> None:
    """The migration that made the tables of a golden store is to the letter what it was then."""
    (migration,) = (schema.MIGRATIONS / "versions").glob(f"{version}_*.py")
    assert expected_of(version)["migration"] == digest_of(migration)


def test_it_says_what_it_said(golden: Golden, store: Store) -> None:
    """Every pilot verifies, and has its versions, bytes, digests, states, people, definitions and figures of then."""
    assert golden.expected["tenants"] == said(store)


def test_every_text_and_number_is_there(golden: Golden, store: Store) -> None:
    """The hostile texts and numbers of then are read as they were given, and lists find the pilots by name."""
    for tenant in TENANTS:
        engine = Engine(store, tenant=tenant)
        (whole,) = engine.find(ref=REF).items
        first, *notes = engine.get(whole.id).kept["note"][: len(TEXTS) + 1]
        assert [TEXTS[0], *TEXTS] == [note.data["text"] for note in (first, *notes)]
        assert [f"-{number}.{number:02}0" for number in range(len(TEXTS))] == [note.data["number"] for note in notes]
        assert [2**63 - 1, 1 - 2**63 + 1] == [note.data["count"] for note in notes[:2]]
        assert 2 == len(engine.find(organisation="Gemeente Ooststellingwerf", workflow="plain@1").items)
        assert [whole] == list(engine.find(programme="x" * 3000).items)


def test_it_goes_on(golden: Golden, store: Store) -> None:
    """The next step of each pilot follows on the last version of then, its keys are remembered, and all verifies."""
    for tenant, pilots in golden.expected["tenants"].items():
        engine = Engine(store, workflows=[PLAIN], time=Clock(), tenant=tenant)
        for pilot_id, told in pilots.items():
            trigger, actor, data = NEXT[told["workflow"], told["state"], told["hold"]]
            if trigger is not None:
                result = engine.fire(pilot_id, trigger, actor=actor, data=data)
                new = list(engine.history(pilot_id, after=told["version"]))
                assert [*range(told["version"] + 1, result.pilot.version + 1)] == [one.version for one in new]
                assert [actor.id] == [one.actor for one in new if one.actor != SYSTEM]  # what was due came before
        whole = engine.find(ref=REF).items[0].id
        again = engine.fire(whole, "note", actor=LEAD, data={"text": TEXTS[0]}, key=KEY)
        assert (True, 2) == (again.duplicate, again.pilot.version)
        assert 1 == engine.start("plain", actor=LEAD, data={"title": "After all these years"}).pilot.version
        assert () == engine.verify()


# What comes next, by workflow, state and hold.
NEXT: dict[tuple[str, str, str], tuple[str | None, Actor, Any]] = {
    ("existing-contract@1", "closed", "running"): ("add_lesson", COORDINATOR, {"text": "still here"}),
    ("plain@1", "open", "running"): ("note", BOARD, {"text": "still here"}),
    ("plain@1", "open", "paused"): ("resume", LEAD, None),
    ("plain@1", "closed", "running"): (None, LEAD, None),
    ("timed@1", "open", "running"): ("note", BOARD, {"text": "still here"}),
    ("timed@1", "open", "paused"): ("note", LEAD, {"text": "still here"}),
}


def test_heads_of_other_rules_are_folded_anew(golden: Golden) -> None:
    """Where other rules than today's made the heads, each pilot is read from its history, and its next head is ours."""
    run(golden.url, "UPDATE pilots SET fold = 0, body = 'of other rules';\n")
    store = open_store(golden.url)
    assert golden.expected["tenants"] == said(store)
    engine = Engine(store, workflows=[PLAIN], time=Clock(), tenant=FIRST)
    for pilot_id, told in golden.expected["tenants"][FIRST].items():
        trigger, actor, data = NEXT[told["workflow"], told["state"], told["hold"]]
        if trigger is None:
            continue
        engine.fire(pilot_id, trigger, actor=actor, data=data)
        loaded = store.load(FIRST, pilot_id)
        assert loaded is not None
        assert loaded.head is not None
        assert FOLD == loaded.head.fold
        assert told["version"] < loaded.version
        assert engine.get(pilot_id) == codec.decode_pilot(loaded.head.body)
    assert () == engine.verify()
    store.close()


def test_what_came_due_since_is_done(golden: Golden, store: Store) -> None:
    """A tick of a year later does what came in between, once, also where the days of a pilot were never counted."""
    for tenant, pilots in golden.expected["tenants"].items():
        engine = Engine(store, time=Clock(BEGAN + timedelta(days=365)), tenant=tenant)
        work = engine.tick()
        assert (True, 0, False) == (work.done > 0 or tenant != FIRST, work.failed, work.more)
        assert Work(0, 0, more=False) == engine.tick()
        signals = {one: tuple(raised.signal for raised in engine.get(one).signals) for one in pilots}
        wanted = {one for one, told in pilots.items() if told["workflow"] == "timed@1" and told["hold"] == "running"}
        assert dict.fromkeys(wanted, ("silent",)) == {one: signals[one] for one in wanted}
        assert [] == [one for one, up in signals.items() if up and pilots[one]["workflow"] == "plain@1"]
        assert tenant != FIRST or "follow_up_call" in signals["dji-sodexo-1"]
        assert () == engine.verify()


def test_what_nobody_subscribed_to_is_still_news(store: Store) -> None:
    """A subscriber that comes now, and wants it all, gets every event of then."""
    assert isinstance(store, Delivers)
    store.subscribe(FIRST, Subscription("late", b""), now=BEGAN, beginning=True)
    lengths = {one.id: one.version for one in Engine(store).each()}
    assert len(lengths) == store.fan_out(FIRST, now=BEGAN)
    assert lengths == {one.pilot_id: one.target for one in store.lanes(FIRST, "late")}
