"""`doctor`: what is missing or old is told for every pilot that it concerns, and for no other; nothing is written."""

import shutil
import sqlite3
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from proeftuin import Actor, CorruptStore, Engine, Fire, StoreError, load_workflow
from proeftuin.calendars import Netherlands
from proeftuin.core.evolve import FOLD
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from proeftuin.definitions import catalogue
from proeftuin.doctor import TEXTS, Symptom
from proeftuin.spi import Store
from proeftuin.storage import open_store
from proeftuin.storage.memory import MemoryStore
from proeftuin.storage.sql import upgrade
from tests.scale import scaled
from tests.serving import run_sql
from tests.unit.engines import BOARD, FLOW, GUARDED, LEAD, Counting, Wrapped, engine, everything, sqlite_url, start
from tests.versioning import EDITED

SECOND = EDITED.replace("version: 1", "version: 2")
WORKING = FLOW.replace("workflow: talks", "workflow: working").replace(
    "metrics:",
    "calendar: nl\nclocks:\n  call: {since: progress, due: 10 working days, remind: {lead: [0 days]}}\nmetrics:",
)


def told(on: Engine) -> list[tuple[str, str, str]]:
    return [(one.pilot_id, one.code, one.level) for one in on.doctor()]


def held(store: MemoryStore, pilot: str) -> Any:
    """What a store in memory holds of a pilot, for a test to change."""
    return store._tenants["default"][pilot]


def begun(text: str, name: str, store: Store, **options: Any) -> str:
    on = engine(store, text, **options)
    return on.start(name, actor=LEAD, data={"title": "Canteen"}).pilot.id


def test_where_all_is_well_nothing_is_told() -> None:
    """A store whose pilots have all that they need gives nothing, and so does an empty one."""
    store = MemoryStore()
    assert [] == told(engine(store))
    start(engine(store))
    begun(WORKING, "working", store, ids=Counting(5))
    assert [] == told(engine(store, workflows=[load_workflow(FLOW), load_workflow(WORKING)]))


def test_a_workflow_that_nobody_has_is_missing() -> None:
    """Where neither the store nor the engine has a workflow, each of its pilots is told, and what to give."""
    on = engine(Wrapped(MemoryStore()))
    pilots = [start(on), start(on)]
    (first, second) = Engine(on._store, workflows=[]).doctor()
    assert [(pilots[0], "workflow-missing"), (pilots[1], "workflow-missing")] == [
        (one.pilot_id, one.code) for one in (first, second)
    ]
    assert "talks@1 is not kept in the store, and was not given" in first.text()
    assert [] == told(on)


def test_what_only_a_file_has_is_told() -> None:
    """A store that does not keep a workflow yet, and could, depends on its file; looking at it does not keep it."""
    store = MemoryStore()
    pilot = start(engine(store))
    store._workflows.clear()
    assert [(pilot, "workflow-not-kept", "old")] == told(engine(store))
    assert {} == store._workflows


def test_what_the_store_keeps_and_nobody_can_read_is_missing() -> None:
    """A definition that was damaged is told for its pilots."""
    store = MemoryStore()
    pilot = start(engine(store))
    store._workflows["talks", 1] = ("h", b"{")
    assert [(pilot, "workflow-unreadable", "missing")] == told(engine(store))


def test_an_edited_file_is_told() -> None:
    """Where the file says something else than the store keeps, its pilots go on, and the file is to be mended."""
    store = MemoryStore()
    pilot = start(engine(store))
    assert [(pilot, "workflow-changed", "old")] == told(engine(store, EDITED))


def test_a_bundled_file_that_was_edited_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose files were changed is told for the pilots of that workflow, which go on by what is kept."""
    store = MemoryStore()
    actor, data = Actor("f", roles={"facilitator"}), {"title": "Cohort", "organisation": "Voorbeeld"}
    pilot = Engine(store).start("programme", actor=actor, data=data).pilot.id
    shutil.copytree(catalogue.bundled_folder(), tmp_path / "workflows")
    file = tmp_path / "workflows" / "programme" / "v1.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("en: ", "en: A ", 1), encoding="utf-8")
    monkeypatch.setattr(catalogue, "bundled_folder", lambda: tmp_path / "workflows")
    assert [(pilot, "workflow-changed", "old")] == told(Engine(store))


def test_a_later_version_is_told_of_pilots_that_still_run() -> None:
    """Where a later version is there, a pilot that runs follows an old one; one that has ended may do so for ever."""
    store = MemoryStore()
    on = engine(store)
    ended, running = start(on), start(on)
    on.fire(ended, "note", actor=LEAD, data={"text": "x"})
    on.fire(ended, "talk", actor=LEAD)
    on.fire(ended, "finish", actor=BOARD)
    (found,) = engine(store, SECOND).doctor()
    assert (running, "workflow-old", {"latest": "talks@2"}) == (found.pilot_id, found.code, dict(found.params))
    assert "there is talks@2" in found.text()


def test_a_guard_that_was_not_given_is_missing() -> None:
    """A pilot whose workflow names a guard of the host is told where the engine was not given it, and only there."""
    store = MemoryStore()
    known: Any = {"host_guard": lambda _: None}
    from proeftuin.tables import host_guards  # noqa: PLC0415  # the one use here

    on = engine(store, GUARDED, known=host_guards(known), guards=known)
    pilot = on.start("guarded", actor=LEAD, data={"title": "Canteen"}).pilot.id
    assert [] == told(on)
    (found,) = Engine(store, workflows=[]).doctor()
    assert (pilot, "guard-missing", "missing") == (found.pilot_id, found.code, found.level)
    assert "needs host_guard" in found.text()


def test_another_calendar_is_told() -> None:
    """Terms that were counted on another calendar, or never, are told of workflows that count working days."""
    store = MemoryStore()
    pilot = begun(WORKING, "working", store)
    other = start(engine(store, ids=Counting(5)))
    own = Engine(store, calendar=Netherlands(liberation_day="yearly"))
    (found,) = own.doctor()
    assert (pilot, "calendar-old", "old") == (found.pilot_id, found.code, found.level)
    assert f"{found.params['own']}".startswith("=nl-")
    kept = held(store, pilot)
    kept.head = replace(kept.head, timing=replace(kept.head.timing, calendar=""))
    assert [(pilot, "not-counted", "old")] == told(own)
    assert other != pilot
    own.tick()
    assert [] == told(own)


def test_a_calendar_that_cannot_count_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package of holidays, the pilots that count Dutch working days are told, with what to install."""
    import sys  # noqa: PLC0415  # the one use here

    from proeftuin import calendars  # noqa: PLC0415  # the same

    store = MemoryStore()
    pilot = begun(WORKING, "working", store)
    monkeypatch.setitem(sys.modules, "holidays", None)
    calendars._holidays.cache_clear()
    (found,) = Engine(store, workflows=[]).doctor()
    assert (pilot, "calendar-missing", "missing") == (found.pilot_id, found.code, found.level)
    assert "pip install proeftuin[calendar]" in found.text()


def test_a_head_of_other_rules_is_told() -> None:
    """A head that was folded by other rules is told until the next command writes it anew."""
    store = MemoryStore()
    on = engine(store)
    pilot, _ = start(on), start(on)
    held(store, pilot).head = replace(held(store, pilot).head, fold=FOLD - 1)
    later = engine(store)
    assert [(pilot, "fold-old", "old")] == told(later)
    later.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert [] == told(later)


def test_a_store_that_cannot_be_read_is_a_matter_of_verify(tmp_path: Path) -> None:
    """Where what is stored was damaged, that is told as it is everywhere, with the place and what to run."""
    with engine(sqlite_url(tmp_path)) as on:
        pilot = start(on)
        with sqlite3.connect(tmp_path / "pilots.db") as connection:
            connection.execute("UPDATE pilots SET signals = '{'")
        connection.close()
        with pytest.raises(CorruptStore, match=f"{pilot!r} cannot be read: .*proeftuin verify"):
            told(on)


def test_every_symptom_has_its_words() -> None:
    """Each code has a level, and a text in English and in Dutch that leaves no gap where all is filled in."""
    facts = {"latest": "a@2", "guards": "g", "problem": "p", "counted": "c", "own": "o", "fold": 1}
    for code, (level, *_) in TEXTS.items():
        one = Symptom("p", "a@1", code, FrozenDict(facts))
        assert level == one.level
        assert one.text("en") != one.text("nl")
        assert "{" not in one.text("en") + one.text("nl")


def test_nothing_is_written(tmp_path: Path) -> None:
    """Whatever is found, no byte of the store changes."""
    url = sqlite_url(tmp_path)
    with engine(url) as on:
        start(on)
    file = tmp_path / "pilots.db"
    before = file.read_bytes()
    with engine(url, SECOND) as on:
        assert ["workflow-old"] == [code for _, code, _ in told(on)]
        held_now = everything(on._store)
    assert before == file.read_bytes()
    with engine(url, SECOND) as on:
        assert held_now == everything(on._store)


def test_a_connection_that_may_only_read_is_enough(postgresql_url: str) -> None:
    """On a database that takes no writes all is told, also what the next command would keep or write anew."""
    upgrade(postgresql_url)
    with engine(postgresql_url) as on:
        pilot = start(on)
    address = make_url(postgresql_url)
    run_sql(address, "DELETE FROM workflows")
    run_sql(address, "UPDATE pilots SET fold = 1")
    run_sql(address, f'ALTER DATABASE "{address.database}" SET default_transaction_read_only = on')
    with engine(postgresql_url) as on:
        assert [(pilot, "workflow-not-kept", "old"), (pilot, "fold-old", "old")] == told(on)
        with pytest.raises(StoreError):
            on.fire(pilot, "note", actor=LEAD, data={"text": "x"})


def test_many_pilots_are_examined_in_little_memory() -> None:
    """Over ten times as many pilots memory does not grow with their number, and each is told."""
    store = open_store("memory://")
    on = engine(store)
    few, many = scaled(100), scaled(1000)
    peaks = []
    for upto in (few, many):
        have = sum(one.pilots for one in on.count())
        for number in range(have, upto):
            start(on, id=f"p{number:06}")
        on.fire_many(Fire(f"p{number:06}", "note", LEAD, {"text": "x" * 200}) for number in range(have, upto))
        later = engine(store, SECOND)
        tracemalloc.start()
        assert upto == sum(1 for _ in later.doctor())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2**20


def test_each_tenant_is_told_of_its_own() -> None:
    """A tenant is told of its own pilots alone."""
    store = open_store("memory://")
    one, other = (engine(store, tenant=name, ids=Counting(place)) for place, name in enumerate(("one", "other")))
    start(one)
    mine = start(other)
    assert [mine] == [symptom.pilot_id for symptom in engine(store, SECOND, tenant="other").doctor()]
