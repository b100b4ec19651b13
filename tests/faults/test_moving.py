"""Pilots from one database to another: byte for byte, whatever is done to the text, whenever an import is killed."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from proeftuin import BadArgument, Engine, Fire, codec
from proeftuin.core.structs import replace
from proeftuin.spi import UNTIMED, Loaded, Query, Store
from proeftuin.storage import open_store
from tests.faults.erasing import OFFICER
from tests.faults.test_tampering import read
from tests.property.kinds import opened
from tests.property.pilots import World, bundled_table
from tests.property.test_portfolio import live
from tests.scale import RELEASE, scaled
from tests.unit.engines import LEAD, engine, sqlite_url, start
from tests.unit.test_transfer import peopled

JOURNEYS = [("sqlite", "postgresql", "sqlite"), ("sqlite", "mariadb", "postgresql")]
PILOTS = 40
ROOM = 16 * 2**20  # bytes by which memory may grow over ten times as many pilots


def everything(store: Store) -> list[Any]:
    """All that a store holds of its pilots, byte for byte."""
    held: list[Any] = []
    after: str | None = None
    while True:
        page = store.find(Query("default", limit=500, after=after))
        for one in page.items:
            held += [one, untimed(store.load("default", one.id)), list(store.history("default", one.id))]
            held += [list(store.receipts("default", one.id)), store.personal("default", one.id)]
        if page.next is None:
            return held
        after = page.next


def untimed(loaded: Loaded | None) -> Loaded:
    """What was loaded without the days of its terms: the first tick counts those of what was imported."""
    assert loaded is not None
    assert loaded.head is not None
    return replace(loaded, head=replace(loaded.head, timing=UNTIMED))


def portfolio(store: Store, count: int) -> Engine:
    """Pilots at every stage of life, and some with all that a pilot can have."""
    world = World(bundled_table(), store=store)
    for number in range(count):
        live(world, number)
    return world.engine


def small(store: Store, count: int) -> Engine:
    """Pilots that are soon made: of three events each, with a key and some text."""
    on = engine(store)
    for number in range(count):
        start(on, id=f"p{number:05}")
    for key in ("a", "b"):
        on.fire_many(Fire(f"p{number:05}", "note", LEAD, {"text": "x" * 200}, key=key) for number in range(count))
    return on


def exported(on: Engine) -> Iterator[str]:
    return on.export_pilots(personal=True, actor=OFFICER, reason="moved")


def folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize("kinds", JOURNEYS, ids="-".join)
def test_a_portfolio_moves_to_another_database_and_on(kinds: tuple[str, ...], tmp_path: Path) -> None:
    """On each database, also back on the first, all is the same byte for byte, figures too, and so is its export."""
    with ExitStack() as stack:
        first, *others = (opened(kind, stack, folder(tmp_path / f"{place}")) for place, kind in enumerate(kinds))
        on = portfolio(first, 10_000 if RELEASE else PILOTS)
        peopled(engine(first, ids=None))
        for other in others:
            there = Engine(other, time=on._parts["time"], workflows=[])
            imported = there.import_pilots(exported(on))
            assert (0, ()) == (imported.known, imported.differing)
            assert everything(on._store) == everything(other)
            assert on.metrics() == there.metrics()
            assert () == there.verify(against=on.checkpoint())
            told = [sha256("".join(exported(one)).encode()).digest() for one in (on, there)]
            assert told[0] == told[1]
            on = there


# -- damage ------------------------------------------------------------------------------------------------------------


def lines(personal: bool = True) -> tuple[Engine, list[str]]:  # noqa: FBT001, FBT002  # as `export_pilots`
    on = engine()
    peopled(on)
    why: dict[str, Any] = {"actor": OFFICER, "reason": "moved"} if personal else {}
    return on, list(on.export_pilots(personal=personal, **why))


def damages(told: list[str], random: Random) -> Iterator[tuple[int, list[str]]]:
    """The text with something done to each line in turn, and the number of the first line that is not as it was."""
    for place, line in enumerate(told):
        before, after = told[:place], told[place + 1 :]
        yield place + 1, [*before, *after]
        yield place + 1, before
        yield place + 2, [*before, line, *told[place:]]
        yield place + 1, [*before, line[: len(line) // 2] + "\n", *after]
        for other in ("", "\n", "[]", "null", "7", "{}", '{"event":1}', '{"pilot":[]}', '{"end":1}', "\ud800"):
            yield place + 1, [*before, other, *after]
        for _ in range(scaled(6)):
            at = random.randrange(len(line) - 1)
            letter = random.choice([one for one in 'abcdef019{}[]":,x é\x01' if one != line[at]])
            yield place + 1, [*before, line[:at] + letter + line[at + 1 :], *after]
        if after and after[0] != line:
            yield place + 1, [*before, after[0], line, *after[1:]]


def test_a_damaged_text_is_refused_with_its_line_and_nothing_is_half() -> None:
    """Whatever is done to any line the text is refused, a line is named, and each pilot is whole or absent."""
    on, told = lines()
    whole = {one.id: list(on._store.history("default", one.id)) for one in on.each()}
    receipts = {name: list(on._store.receipts("default", name)) for name in whole}
    for first, damaged in damages(told, Random(4)):
        if "".join(damaged).split() == "".join(told).split():
            continue
        other = engine()
        with pytest.raises(BadArgument) as no:
            other.import_pilots(damaged)
        named = int(re.findall(r"line (\d+): ", str(no.value))[0])
        assert first <= named <= len(damaged) or (named == len(damaged) < first), f"{named} for {first}: {no.value}"
        for one in other.each():
            assert whole[one.id] == list(other._store.history("default", one.id))
            assert receipts[one.id] == list(other._store.receipts("default", one.id))
        assert () == other.verify()


def hashed(told: list[str]) -> list[str]:
    """The text with hashes that fit its lines, as somebody computes them who knows the rule."""
    made, whole = [], sha256()
    for line in told:
        values, body = codec.read_line(line.encode())
        if "end" in values or "pilots" in values:
            values["hash"] = whole.hexdigest()
        made.append(codec.line(values, body).decode())
        whole.update(made[-1].encode())
    return made


def test_what_was_forged_with_fitting_hashes_is_refused() -> None:
    """An event, a digest, a version, a ref or a receipt that was exchanged is refused, though all hashes fit."""
    _, told = lines()
    forgeries = 0
    for place, line in enumerate(told):
        for changed in _forged(line):
            damaged = hashed([*told[:place], changed, *told[place + 1 :]])
            other = engine()
            with pytest.raises(BadArgument, match=r"line \d+: "):
                other.import_pilots(damaged)
            if '"receipt"' not in line:  # whose content nothing vouches for
                assert read(damaged).faults, changed
            assert () == other.verify()
            forgeries += 1
    assert forgeries > len(told)


def _forged(line: str) -> Iterator[str]:
    values, body = codec.read_line(line.encode())
    for name, wrong in (
        *(("digest", "0" * 64), ("event", 99), ("type", "pilot.moved"), ("version", 1)),
        *(("personal", "s9"), ("ref", "somebody-else"), ("salt", "00"), ("salt", 5), ("ref", None), ("pilot", "x")),
        *(("receipt", 5), ("end", "x"), ("end", None), ("pilot", ""), ("version", "9"), ("workflow", "talks@2")),
    ):
        if name in values and values[name] != wrong:
            yield codec.line({**values, name: wrong}, body).decode()
    if "event" in values:
        yield codec.line(values, (body or b"").replace(b'-1"', b'-2"')).decode()
    if "receipt" in values:
        for wrong_body in (
            b"{}",
            b"[]",
            b'{"after":0,"upto":99}',
            b'{"after":5,"upto":2}',
            b'{"after":"0","upto":"1"}',
        ):
            yield codec.line(values, wrong_body).decode()


def test_the_page_reads_an_export_as_the_import_does() -> None:
    """What an import takes the page calls whole, and what is damaged both refuse."""
    _, told = lines()
    assert [] == read(told).faults
    random = Random(6)
    for _, damaged in random.sample(list(damages(told, random)), scaled(150)):
        if "".join(damaged).split() != "".join(told).split():
            assert read([one.encode("utf-8", "replace").decode() for one in damaged]).faults


# -- cut off, and long -------------------------------------------------------------------------------------------------

IMPORTING = """
import os, signal, sys
from proeftuin import Engine
from proeftuin.storage import open_store
from tests.faults.test_moving import Dying
with open(sys.argv[2], encoding="utf-8") as lines:
    Engine(Dying(open_store(sys.argv[1]), int(sys.argv[3])), workflows=[]).import_pilots(lines)
"""


class Dying:
    """A store whose process is killed at its n-th append: before it, or where n is negative after it."""

    def __init__(self, inner: Store, nth: int) -> None:
        self._inner = inner
        self._left = nth

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def append(self, *commits: Any, **more: Any) -> None:
        if self._left > 0:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)
        self._inner.append(*commits, **more)
        if self._left < 0:
            self._left += 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


def test_an_import_that_was_killed_is_done_again(tmp_path: Path) -> None:
    """Whenever its process dies the pilots that are there are whole, and the same import brings the rest."""
    source = open_store(sqlite_url(tmp_path, "source.db"))
    on = small(source, 130)
    text = tmp_path / "pilots.jsonl"
    text.write_text("".join(on.export_pilots(personal=True, actor=OFFICER, reason="moved")), encoding="utf-8")
    for number, nth in enumerate((1, 3, -1)):
        url = sqlite_url(tmp_path, f"target-{number}.db")
        command = [sys.executable, "-c", IMPORTING, url, str(text), str(nth)]
        done = subprocess.run(command, check=False, capture_output=True, cwd=Path(__file__).parents[2])
        assert -signal.SIGKILL == done.returncode, done.stderr
        with closing(Engine.open(url, workflows=[])) as there:
            assert () == there.verify()
            left = len(list(there.each()))
            with text.open(encoding="utf-8") as lines_of_it:
                imported = there.import_pilots(lines_of_it)
            assert (left, ()) == (imported.known, imported.differing)
            assert (0, 100, 50)[number] == left
            assert everything(source) == everything(there._store)
    source.close()


MEASURING = """
import resource, sys
from tests.faults.erasing import OFFICER
from proeftuin import Engine
with Engine.open(sys.argv[1], workflows=[]) as one, Engine.open(sys.argv[2], workflows=[]) as other:
    other.import_pilots(one.export_pilots(personal=True, actor=OFFICER, reason="moved"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts memory as Linux does")
def test_memory_does_not_grow_with_the_number_of_pilots(tmp_path: Path) -> None:
    """Ten times as many pilots are moved in hardly more memory: out and in are streams."""
    used = []
    for number, count in enumerate((100, 10_000 if RELEASE else 1_000)):
        url = sqlite_url(tmp_path, f"many-{number}.db")
        with closing(open_store(url)) as store:
            small(store, count)
        target = sqlite_url(tmp_path, f"copy-{number}.db")
        command = [sys.executable, "-c", MEASURING, url, target]
        done = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2])
        used.append(json.loads(done.stdout))
    assert used[1] - used[0] < ROOM
