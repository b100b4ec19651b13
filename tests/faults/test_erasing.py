"""After an erasure the ref is in no byte: of the database, its logs, its receipts and lanes, our log, or an export."""

import json
import logging
import re
import subprocess
import sys
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from proeftuin import Command, Engine, Fire, Refused, StoreError
from proeftuin.core.table import compile_workflow
from proeftuin.definitions import bundled_files, load_workflow
from proeftuin.spi import Delivers, Subscription
from proeftuin.storage.memory import MemoryStore
from proeftuin.storage.sql import upgrade
from tests.domain.existing.life import Life
from tests.faults.conftest import plain
from tests.faults.erasing import OFFICER, PILOTS, WRITES, erase, faults, peopled
from tests.faults.statements import heard
from tests.own_servers import OwnMariadb, OwnPostgres
from tests.property.stored import PERSONAL, everything, holders
from tests.serving import run_sql
from tests.stores import path_url, spying
from tests.unit.engines import FLOW, LEAD, TODAY, engine, start

PAGE = Path(__file__).parents[2] / "docs" / "erasure.md"
MARK = "planted-4711-0815"
SHUFFLED = 1  # a seed at which SQLite, left to itself, leaves traces
PARTS = (MARK, MARK[:12])  # a part of it tells as much
VOUCH = (
    "  - {trigger: vouch, from: any_open, sign: [lead, board], label: {en: Vouch, nl: Instaan},"
    " data: {participant: {type: subject, required: true}, terms: {type: text, required: true}}}\n"
)
VOUCHING = FLOW.replace("workflow: talks", "workflow: vouching").replace("tracks:\n", f"{VOUCH}tracks:\n", 1)


def placed(ref: str = MARK, **more: Any) -> dict[str, Any]:
    return {"participant": ref, "start": TODAY, "kind": "training", **more}


def plant_bundled(life: Life) -> set[str]:
    """Plant the mark by every trigger of the bundled workflow that takes a participant; return these triggers."""
    life.reach("implementing")
    life.place(ref=MARK, end=life.day(20))
    other = life.place(ref="somebody-else-01", start=life.day(40))
    data = {"record": other, "fields": {"participant": MARK}, "reason": "It was somebody else"}
    life.do("supplier_hr@alpha", "correct", data)
    assert life.no("supplier_hr@alpha", "start_placement", life.placement(MARK, weekly_hours="99"), "alpha")
    assert life.no("board", "start_placement", life.placement(MARK), "alpha")
    return {"start_placement", "correct"}


def plant(on: Engine) -> list[str]:
    """Plant the mark in every other way: with keys, in a batch, in many, in a vote, refused, in a lane."""
    assert isinstance(on._store, Delivers)
    on._store.subscribe("default", Subscription("somebody", b"{}"), now=on._parts["time"].now(), beginning=True)
    names = [on.start("vouching", actor=LEAD, data={"title": "T"}, key=f"begin {one}").pilot.id for one in range(5)]
    for name in names:
        on.fire(name, "identify", actor=LEAD, track="acme")
    one, two, three, four, five = names
    on.fire(one, "place", actor=LEAD, track="acme", data=placed(), key="k")
    on.batch(two, [Command("place", placed(), "acme"), Command("talk")], actor=LEAD, key="batch")
    on.fire_many([Fire(three, "place", LEAD, placed(), "acme", key="many"), Fire(three, "place", LEAD, placed())])
    on.fire(four, "vouch", actor=LEAD, data={"participant": MARK, "terms": "a"}, key="vote")
    for wrong in (placed(remark=MARK), placed(kind="none"), placed(start=None), placed(participant=f"{MARK}!@")):
        with pytest.raises(Refused) as no:
            on.fire(five, "place", actor=LEAD, track="acme", data=wrong, key="refused")
        assert f"{MARK} " not in f"{no.value.blockers} {no.value} {json.dumps(no.value.as_problem())} "
    on.explain(five, "place", actor=LEAD, track="acme", data=placed())
    on._store.fan_out("default", now=on._parts["time"].now())
    return names


def opened(url: str) -> Engine:
    return engine(url, VOUCHING, ids=None, time=None)


def test_every_trigger_that_takes_a_participant_is_planted() -> None:
    """Of all bundled workflows together the triggers that take a ref are those that the mark is planted by."""
    takes: set[str] = set()
    for path in bundled_files().values():
        table = compile_workflow(load_workflow(path))
        takes |= {
            rule.edge.trigger for rule in table.every if any(one.type == "subject" for one in rule.fields.values())
        }
        takes |= {rule.edge.trigger for rule in table.every if any(op.correct for op in rule.edge.records)}
    assert takes == plant_bundled(Life())


# -- bytes -------------------------------------------------------------------------------------------------------------


def hits(folder: Path) -> dict[str, int]:
    """The files in a folder in which the mark stands, or a part of it, and how often."""
    found: dict[str, int] = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes()
        if times := max(content.count(part.encode()) for part in PARTS):
            found[f"{path.relative_to(folder)}"] = times
    return found


def test_in_a_file_no_byte_is_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Right after the call, with the engine still open, the mark is in no file of the database, nor in any log."""
    caplog.set_level(logging.DEBUG)
    url = path_url(tmp_path / "pilots.db")
    life = Life(url=url)
    plant_bundled(life)
    with opened(url) as on:
        names = plant(on)
        assert hits(tmp_path)
        before = told(on, [life.id, *names])
        assert {life.id, *names[:4]} == set(erase(on, MARK))
        assert {} == hits(tmp_path)
        assert {"pilots.db", "pilots.db-wal", "pilots.db-shm"} == {path.name for path in tmp_path.iterdir()}
        assert before == told(on, [life.id, *names])
        _is_gone(on, life, caplog)
    life.engine.close()
    assert {} == hits(tmp_path)


def told(on: Engine, names: list[str]) -> object:
    """Every figure, count and record."""
    held = [on.get(name) for name in names]
    kept = [(one.kept, one.counts, one.tracks, one.signatures, one.data) for one in held]
    return on.metrics(), [on.metrics(pilots=name) for name in names], on.count(), kept


def _is_gone(on: Engine, life: Life, caplog: pytest.LogCaptureFixture) -> None:
    exported = "".join(on.export_pilots(personal=True, actor=OFFICER, reason="moved"))
    said = [exported, "".join(on.checkpoint()), caplog.text]
    said += [repr(vars(record)) for record in caplog.records]
    said += [repr(list(on.history(one.id))) + repr(on.get(one.id)) for one in on.each()]
    assert not [one for one in said for part in PARTS if part in one]
    assert () == on.verify()
    assert () == erase(on, MARK)
    life.place(ref=MARK)  # as somebody new, whose days overlap with nobody's
    assert (life.id,) == erase(on, MARK)


def test_in_memory_nothing_is_left() -> None:
    """A store in memory holds the mark nowhere once it was erased, and held it in the table of refs alone."""
    with opened("memory://") as on:
        plant(on)
        assert isinstance(on._store, MemoryStore)
        assert {PERSONAL} == holders(everything(on._store, "memory://"), MARK)
        erase(on, MARK)
        assert set() == holders(everything(on._store, "memory://"), MARK[:12])


def test_among_many_refs_no_trace_of_one_is_left(tmp_path: Path) -> None:
    """Of hundreds of refs whose rows the database moved about, each that is erased is gone with every part of it."""
    random = Random(SHUFFLED)
    with engine(path_url(tmp_path / "pilots.db")) as on:
        names = [start(on) for _ in range(60)]
        for name in names:
            on.fire(name, "identify", actor=LEAD, track="acme")
        refs = [f"{random.randrange(16**12):012x}-{'z' * random.randrange(40)}-{number}" for number in range(250)]
        fires = [
            Fire(name, "place", LEAD, placed(ref), "acme")
            for ref in refs
            for name in random.sample(names, random.randrange(1, 6))
        ]
        on.fire_many(random.sample(fires, len(fires)))
        gone: list[bytes] = []
        for ref in random.sample(refs, len(refs)):
            erase(on, ref)
            gone.append(ref[:12].encode())
            content = b"".join(path.read_bytes() for path in tmp_path.iterdir()) if len(gone) % 5 == 0 else b""
            assert not [one for one in gone if one in content]
        assert () == on.verify()


def steps(kind: str) -> list[str]:
    """The statements of docs/erasure.md for a kind of server, in order."""
    part = PAGE.read_text(encoding="utf-8").split(f"\n## {kind}\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```sql\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    return [one.strip() for block in blocks for one in block.split(";") if one.strip()]


def _planted_on(url: str) -> Engine:
    on = opened(url)
    plant(on)
    names = [start_vouching(on, number) for number in range(20)]
    on.fire_many(
        Fire(name, "place", LEAD, placed(f"{MARK}" if number % 4 == 0 else f"other-{name[-6:]}-{number}"), "acme")
        for name in names
        for number in range(4)
    )
    return on


def start_vouching(on: Engine, number: int) -> str:
    name = on.start("vouching", actor=LEAD, data={"title": f"T{number}"}).pilot.id
    on.fire(name, "identify", actor=LEAD, track="acme")
    return name


def test_on_postgresql_no_byte_is_left_after_the_steps_of_the_page(own_postgres: OwnPostgres) -> None:
    """After the statements that docs/erasure.md tells to run, the mark is in no file of the server."""
    upgrade(own_postgres.url)
    once, each = steps("PostgreSQL")[:2], steps("PostgreSQL")[2:]
    for statement in once:
        run_sql(own_postgres.url, statement)
    with _planted_on(own_postgres.url) as on:
        for statement in ("ANALYZE personal", "CHECKPOINT"):
            run_sql(own_postgres.url, statement)
        before = told(on, [one.id for one in on.each()])
        assert {"base", "pg_wal"} <= {name.split("/")[1] for name in hits(own_postgres.folder)}
        assert on.erase(MARK, actor=OFFICER, reason="asked").scrubbed
        for statement in each:
            run_sql(own_postgres.url, statement)
        assert {} == hits(own_postgres.folder)
        assert before == told(on, [one.id for one in on.each()])
        assert () == on.verify()


def test_on_mariadb_no_byte_is_left_after_the_steps_of_the_page(own_mariadb: OwnMariadb) -> None:
    """After the statements that docs/erasure.md tells to run, the mark is in no file of the server."""
    url = plain(own_mariadb.url)
    upgrade(url)
    once, *each = steps("MariaDB")
    run_sql(url, once)
    with _planted_on(url) as on:
        before = told(on, [one.id for one in on.each()])
        assert hits(own_mariadb.folder)
        assert on.erase(MARK, actor=OFFICER, reason="asked").scrubbed
        assert "data/ib_logfile0" in hits(own_mariadb.folder)
        for statement in each:
            run_sql(url, statement)
        own_mariadb.stop()
        assert {} == hits(own_mariadb.folder)
        own_mariadb.start()
        assert before == told(on, [one.id for one in on.each()])
        assert () == on.verify()


# -- cut off -----------------------------------------------------------------------------------------------------------


def test_killed_at_any_statement_it_is_finished_when_asked_again(url: str) -> None:
    """A process that dies before or after any statement of an erasure leaves what the next call finishes, once."""
    command = [sys.executable, "-m", "tests.faults.erasing", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert 0 == done.returncode, done.stderr
    found = json.loads(done.stdout)
    assert [] == found["faults"]
    assert found["deaths"] > 2 * PILOTS
    assert set(range(PILOTS + 1)) == set(found["left"])


@pytest.mark.parametrize("late", [False, True])
def test_failing_at_any_statement_it_is_finished_when_asked_again(url: str, late: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """An erasure whose n-th statement fails is told as an error, and the next call finishes it, once."""
    with spying(), engine(url) as on:
        for nth in count(1):
            name = f"ref-planted-{nth}"
            names = peopled(on, name, f"p{nth}")
            failed = _failing(on, name, nth, late=late)
            erase(on, name)
            assert [] == faults(on, names, name)
            if not failed:
                break
        assert nth > 2 * PILOTS


class Struck(StoreError):
    """The failure that a test makes."""


def _failing(on: Engine, ref: str, nth: int, *, late: bool) -> bool:
    seen = 0

    def strike(statement: str, after: bool) -> None:  # noqa: FBT001  # the listener's own signature
        nonlocal seen
        if after is late and WRITES.match(statement):
            seen += 1
            if seen == nth:
                raise Struck(statement)

    try:
        with heard(strike):
            erase(on, ref)
    except StoreError:
        return True
    return seen >= nth
