"""What is done to the rows of a database behind the engine's back: found, and its place named; and no false alarm."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import Connection, NullPool, create_engine, text

from proeftuin import CorruptStore, Engine, Fire, codec
from proeftuin.core.evolve import replay
from proeftuin.heads import head
from proeftuin.spi import Commit
from proeftuin.storage.sql.rows import values_of
from tests.faults.conftest import backend
from tests.faults.erasing import OFFICER
from tests.property.pilots import made_up
from tests.property.source import Source, sources
from tests.scale import RELEASE, scaled
from tests.unit.engines import LEAD, engine, start

LENGTH = 8
NAMES = ("a", "b", "c")
TIMES = {"sqlite": 100, "postgresql": 15, "mariadb": 15}
VERIFIER = Path(__file__).parents[2] / "docs" / "verify.py"
Row = tuple[Any, ...]  # version, type, digest, body
Place = tuple[str, int | None]


@pytest.fixture
def on(url: str) -> Iterator[Engine]:
    """Three pilots of eight events each, one of which has participants."""
    with engine(url) as made:
        for name in NAMES:
            start(made, id=name)
            made.fire(name, "identify", actor=LEAD, track="acme")
            facts = {"start": "2026-03-01", "kind": "training"}
            made.fire(name, "place", actor=LEAD, track="acme", data={**facts, "participant": f"ref-planted-{name}1"})
            made.fire_many(Fire(name, "note", LEAD, {"text": f"{name} {number}"}) for number in range(LENGTH - 3))
        yield made


@pytest.fixture
def owner(url: str) -> Iterator[Connection]:
    """The owner of the database, who may do anything to it."""
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        if backend(url) == "sqlite":
            connection.execute(text("PRAGMA synchronous=OFF"))  # nobody waits for an attacker
        yield connection


def rows(owner: Connection) -> dict[str, list[Row]]:
    asked = "SELECT pilot_id, version, type, digest, body FROM events ORDER BY pilot_id, version"
    found: dict[str, list[Row]] = {name: [] for name in NAMES}
    for name, version, kind, digest, body in owner.execute(text(asked)):
        found[name].append((version, kind, digest, bytes(body)))
    return found


def put(owner: Connection, held: list[Row]) -> None:
    """Have the table hold these events of the first pilot, and no others."""
    owner.execute(text("DELETE FROM events WHERE pilot_id = 'a'"))
    if not held:
        return
    names = ("tenant", "pilot_id", "version", "type", "digest", "body")
    values = [dict(zip(names, ("default", "a", *row), strict=True)) for row in held]
    owner.execute(text(f"INSERT INTO events ({', '.join(names)}) VALUES (:{', :'.join(names)})"), values)  # noqa: S608  # names of ours


def rechained(given: Sequence[Row], before: str) -> list[Row]:
    """Events with the digests that fit them, as an attacker computes them who knows the rule."""
    made = []
    for version, kind, _, body in given:
        before = codec.chain(before, body)
        made.append((version, kind, before, body))
    return made


# -- the seven attacks -------------------------------------------------------------------------------------------------


def _forged(row: Row, random: Random) -> Row:
    """An event with another letter somewhere, still one that can be read."""
    version, kind, digest, body = row
    word = random.choice([one for one in (b"lead-1", b"acme", b"Catering", b"training") if one in body])
    return version, kind, digest, body.replace(word, word[:-1] + b"9")


def change(own: list[Row], _: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    return [*own[: version - 1], _forged(own[version - 1], random), *own[version:]], version


def change_and_fit(own: list[Row], _: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    before = own[version - 2][2] if version > 1 else codec.genesis(NAMES[0])
    fitting = rechained([_forged(own[version - 1], random)], before)
    return [*own[: version - 1], *fitting, *own[version:]], version + 1 if version < LENGTH else None


def delete(own: list[Row], _: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    return [*own[: version - 1], *own[version:]], version


def swap(own: list[Row], _: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    other = random.choice([one for one in range(1, LENGTH + 1) if one != version])
    low, high = sorted((version, other))
    changed = list(own)
    changed[low - 1], changed[high - 1] = (low, *own[high - 1][1:]), (high, *own[low - 1][1:])
    return changed, low


def insert(own: list[Row], _: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    later = [(row[0] + 1, *row[1:]) for row in own[version:]]
    return [*own[:version], (version + 1, *_forged(own[version - 1], random)[1:]), *later], version + 1


def cut(own: list[Row], _: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    return own[: version - 1], version


def rewrite(own: list[Row], _: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    before = own[version - 2][2] if version > 1 else codec.genesis(NAMES[0])
    return [*own[: version - 1], *rechained([_forged(own[version - 1], random), *own[version:]], before)], None


def move(own: list[Row], other: list[Row], version: int, random: Random) -> tuple[list[Row], int | None]:
    return [*own[: version - 1], other[version - 1], *own[version:]], version


ATTACKS = (change, change_and_fit, delete, swap, insert, cut, rewrite, move)


def found(on: Engine, against: list[str] | None = None) -> list[Place]:
    return [(one.pilot_id, one.version) for one in on.verify(against=against)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_is_found_and_its_place_named(
    on: Engine, owner: Connection, url: str, attack: Callable[..., tuple[list[Row], int | None]]
) -> None:
    """Of a hundred tries of each attack every one is found at its place, by the engine and by the page alike."""
    random, honest = Random(3), rows(owner)
    for _ in range(scaled(TIMES[backend(url)])):
        version = random.randint(1, LENGTH)
        attacked, place = attack(honest["a"], honest["b"], version, random)
        put(owner, attacked)
        places = found(on)
        assert ("a", place) == places[0], f"{attack.__name__} at {version}"
        assert {"a"} == {name for name, _ in places}
        if place is None or place <= LENGTH:  # what lies behind the head is not exported
            _page_agrees(on, "a")
    put(owner, honest["a"])
    assert [] == found(on)


def _page_agrees(on: Engine, pilot: str) -> None:
    """What can still be exported is found by docs/verify.py too, in the same pilot, and refused by an import."""
    try:
        lines = list(on.export_pilots())
    except CorruptStore:
        return
    faults = read(lines).faults
    assert faults
    assert all(f"{pilot}, event" in one for one in faults), faults


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("table", "column", "where"),
    [
        ("events", "body", "pilot_id = 'a' AND version = {}"),
        ("events", "digest", "pilot_id = 'a' AND version = {}"),
        ("events", "type", "pilot_id = 'a' AND version = {}"),
        ("pilots", "body", "id = 'a'"),
        ("pilots", "digest", "id = 'a'"),
        ("pilots", "track_states", "id = 'a'"),
        ("personal", "ref", "pilot_id = 'a'"),
        ("personal", "salt", "pilot_id = 'a'"),
        ("workflows", "body", "name = 'talks'"),
    ],
)
def test_every_flipped_bit_is_found(on: Engine, owner: Connection, table: str, column: str, where: str) -> None:
    """Whichever bit of what a store says of a pilot is flipped, in history, head, refs or workflow, it is found."""
    random = Random(5)
    for version in range(1, LENGTH + 1) if "{}" in where else (1,):
        place = where.format(version)
        cell = f"SELECT CAST({column} AS BLOB), typeof({column}) FROM {table} WHERE {place}"  # noqa: S608  # names of ours
        value, kind = owner.execute(text(cell)).one()
        write = text(f"UPDATE {table} SET {column} = CAST(:value AS {kind}) WHERE {place}")  # noqa: S608  # the same
        for position in positions(len(value), random):
            for bit in range(8) if RELEASE else (random.randrange(8),):
                flipped = bytearray(value)
                flipped[position] ^= 1 << bit
                owner.execute(write, {"value": bytes(flipped)})
                if column == "body" and table == "pilots" and means_the_same(value, bytes(flipped)):
                    continue
                assert discovered(on), f"bit {bit} of byte {position} of {column}, {place}"
        owner.execute(write, {"value": value})
    assert [] == found(on)


def positions(length: int, random: Random) -> list[int]:
    """Every byte before a release, and otherwise of a long value some hundred."""
    return list(range(length)) if RELEASE or length < 120 else sorted(random.sample(range(length), 120))


def means_the_same(body: bytes, other: bytes) -> bool:
    """Whether two heads are the same pilot: a small `t` or `z` in a moment says what a large one says."""
    try:
        return codec.decode_pilot(body) == codec.decode_pilot(other)
    except CorruptStore:
        return False


def discovered(on: Engine) -> bool:
    try:
        return "a" in {name for name, _ in found(on)}
    except CorruptStore:  # so destroyed that the database itself cannot read it
        return True


# -- what needs a checkpoint -------------------------------------------------------------------------------------------


def test_only_a_checkpoint_shows_what_was_cut_or_written_anew_with_its_head(on: Engine, owner: Connection) -> None:
    """A tail that is cut with its head, and a chain computed anew with its head, are found with a checkpoint alone."""
    told, honest = list(on.checkpoint()), rows(owner)
    cuts = [honest["a"][:version] for version in range(1, LENGTH)]
    rewrites = [rewrite(honest["a"], [], version, Random(version))[0] for version in range(1, LENGTH + 1)]
    for attacked in (*cuts, *rewrites):
        put(owner, attacked)
        _put_head(owner, attacked)
        assert ([], [("a", LENGTH)]) == (found(on), found(on, told))


def _put_head(owner: Connection, given: list[Row]) -> None:
    """Make the head that fits, and leave no ref that is not named, as an attacker does who has the library too."""
    pilot = replay(codec.decode_event(body, digest) for _, _, digest, body in given)
    assert pilot is not None
    row = values_of(Commit("default", "a", 0, (), head(pilot)))
    names = [name for name in row if not name.startswith("at_") and name != "expected"]
    sets = ", ".join(f"{name} = :{name}" for name in names)
    owner.execute(text(f"UPDATE pilots SET {sets} WHERE id = 'a'"), {name: row[name] for name in names})  # noqa: S608  # names of ours
    if pilot.counts.get("subject", 0) == 0:
        owner.execute(text("DELETE FROM personal WHERE pilot_id = 'a'"))


# -- no false alarm, and the page --------------------------------------------------------------------------------------


@cache
def page() -> ModuleType:
    """docs/verify.py, as a module."""
    spec = importlib.util.spec_from_file_location("verifier", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(lines: list[str], checkpoint: list[str] | None = None) -> Any:
    """What the page says of an export."""
    verifier = page()
    export = verifier.Export([line.encode() for line in lines])
    if checkpoint is not None:
        verifier.compare(export, [line.encode() for line in checkpoint])
    return export


@given(data=sources(1_300))
@settings(max_examples=scaled(60))
def test_honest_stores_raise_no_alarm(data: Source) -> None:
    """Of stores that lived any life none is reported: not by verify, nor against a checkpoint, nor by the page."""
    world, player, pilot = made_up(data)
    kept = [list(world.engine.checkpoint()) for _ in world.played(pilot, player, 8)]
    with closing(world.engine) as lived:
        told = list(lived.export_pilots(personal=True, actor=OFFICER, reason="moved"))
        for one in (*kept[::3], list(lived.checkpoint())):
            assert () == lived.verify(against=one)
            assert [] == read(told, one).faults


def test_the_page_needs_python_alone() -> None:
    """The page imports nothing but the standard library."""
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {f"{node.module}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert set() == {name.partition(".")[0] for name in names} - sys.stdlib_module_names


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_page_is_run_on_its_own(on: Engine, tmp_path: Path) -> None:
    """Run without anything of ours it says what is whole and ends with 0, or what is wrong and ends with 1."""
    export, checkpoint = tmp_path / "pilots.jsonl", tmp_path / "checkpoint.jsonl"
    export.write_text("".join(on.export_pilots(personal=True, actor=OFFICER, reason="moved")), encoding="utf-8")
    checkpoint.write_text("".join(on.checkpoint()), encoding="utf-8")
    # that refs leave the store is the ninth event of each
    assert (0, "whole: 3 pilots, 27 events\n") == run(export)
    assert (0, "whole: 3 pilots, 27 events\n") == run(export, checkpoint)
    on.fire("b", "note", actor=LEAD, data={"text": "later"})
    checkpoint.write_text("".join(on.checkpoint()), encoding="utf-8")
    assert (1, "b, event 10: the checkpoint knows another one\n") == run(export, checkpoint)
    known = checkpoint.read_text(encoding="utf-8")
    checkpoint.write_text("\ufeff" + known + "\n", encoding="utf-8")
    assert (1, "b, event 10: the checkpoint knows another one\n") == run(export, checkpoint)
    checkpoint.write_text(known[:-20], encoding="utf-8")
    code, found = run(export, checkpoint)
    assert (1, True) == (code, "line 5 of the checkpoint cannot be read" in found)
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:-1]), encoding="utf-8")
    assert (1, f"line {len(lines) - 1}: it is cut off: the last line is missing\n") == run(export)


def run(*paths: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", "-S", VERIFIER, *paths], capture_output=True, text=True, check=False)
    assert "" == done.stderr
    return done.returncode, done.stdout
