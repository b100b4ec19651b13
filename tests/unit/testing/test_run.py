"""`conform`: what it runs, what it reports, and how it stops."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import proeftuin.testing
from proeftuin.errors import BadArgument, StoreUnavailable
from proeftuin.spi import SPI_VERSION, Commit
from proeftuin.storage.memory import MemoryStore
from proeftuin.testing import KIT_VERSION, Result, conform, run
from proeftuin.testing.cases import CASES
from proeftuin.testing.hosts import on_sqlalchemy
from proeftuin.testing.opening import named

NEVER = Event()  # nobody sets it while a test waits for it
HERE = "tests.unit.testing.test_run"
ROOT = Path(__file__).parents[3]


class Shouting(MemoryStore):
    """Finds no pilot by its name."""

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Any:
        return super().load(tenant, pilot_id.upper(), key=key, have=have)


class OneAtATime(MemoryStore):
    """Takes commits on one pilot at a time, and says so."""

    multi_pilot = False

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        if len(commits) > 1:
            raise BadArgument("commits", "one pilot at a time")
        super().append(*commits, recorded=recorded)


class NeverCloses(MemoryStore):
    """Waits for ever when it is closed."""

    def close(self) -> None:
        NEVER.wait()


def open_never(url: str) -> MemoryStore:
    NEVER.wait()
    return MemoryStore()


def open_unclosed(url: str) -> MemoryStore:
    return NeverCloses()


def open_one(url: str) -> MemoryStore:
    return OneAtATime()


def open_shouting(url: str) -> MemoryStore:
    return Shouting()


def test_a_good_store_passes_everything_that_it_does_not_leave_out() -> None:
    """The reference passes every case, but for those of the parts and flags that it says it lacks."""
    report = conform("memory://", sizes=["small"])
    skipped = {"A11", "B05", "B06", "B07", "B08", "B09", "C14", "L01", "L07"}
    assert report.ok
    assert skipped == {one.case.id for one in report.skipped}
    assert {"passed": len(CASES) - len(report.skipped), "failed": 0, "skipped": len(report.skipped)} == report.counts()
    assert f"passed {len(CASES) - 11}, failed 0, skipped by declaration 11" == report.closing()
    assert ("proeftuin.storage.memory.MemoryStore", KIT_VERSION, SPI_VERSION) == (report.store, report.kit, report.spi)


def test_a_store_may_take_one_pilot_at_a_time() -> None:
    """A store that says that it takes one pilot at a time, and refuses several, passes every case that it is asked."""
    report = conform("memory://", opener=f"{HERE}:open_one", only=["A", "B", "C", "H"])
    assert [] == [one.reason for one in report.failed]
    assert {"A11", "B05", "B06", "B07", "B08", "B09", "B12", "C14"} == {one.case.id for one in report.skipped}


def test_a_host_that_cannot_be_begun_is_told() -> None:
    """Where SQLAlchemy does not know the URL of a store the author is told to name a host."""
    for url in ("nonsense", "nosuch://x"):
        with pytest.raises(BadArgument, match="name a function that begins a host"):
            on_sqlalchemy(url)


def test_a_host_is_where_the_url_says_with_what_it_says_to_the_driver(tmp_path: Path) -> None:
    """Of the options of a URL only those of our stores are left out: the driver's say where and how to connect."""
    host = on_sqlalchemy(f"sqlite:///{tmp_path}/host.db?prefix=a&busy_timeout=1&cached_statements=7")
    connection: Any = host.connection
    with closing(connection):
        assert {"cached_statements": "7"} == connection.engine.url.query


def test_only_what_was_chosen_is_run() -> None:
    """Groups and cases are chosen by their letters and numbers, in one size or in both, and told as they come."""
    told = list[Result]()
    report = conform("memory://", only=["h", "A04"], told=told.append)
    assert tuple(told) == report.results
    assert ("A", "H") == report.groups()
    assert {"small", "crowded"} == {one.size for one in told}
    assert {"A04"} == {one.case.id for one in told if one.case.group == "A"}


@pytest.mark.parametrize(
    "given", [{"only": ["Z"]}, {"only": ["A99"]}, {"sizes": ["huge"]}, {"sizes": []}, {"opener": "nowhere"}]
)
def test_what_there_is_not_cannot_be_chosen(given: dict[str, Any]) -> None:
    """An unknown group, case or size, and an opener that names nothing, are bad arguments."""
    with pytest.raises(BadArgument):
        conform("memory://", **given)


@pytest.mark.parametrize("place", ["no.such.module:open", f"{HERE}:nothing", "tests", ":x", "x:"])
def test_an_opener_that_cannot_be_imported_is_told(place: str) -> None:
    """A place that names nothing is a bad argument, and says what was looked for."""
    with pytest.raises(BadArgument, match="opener"):
        named(place)


def test_a_store_that_cannot_be_opened_is_told() -> None:
    """Where there is no such store no case is run, and the error is that of opening it."""
    with pytest.raises(StoreUnavailable, match="nosuch"):
        conform("nosuch://x")


@pytest.mark.parametrize("opener", ["open_never", "open_unclosed"])
def test_a_store_that_never_comes_to_be_is_told(opener: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that hangs when it is opened, or closed, has as long as a case; then the run ends, and says why."""
    monkeypatch.setattr(run, "LONGEST", 0.05)
    with pytest.raises(StoreUnavailable, match=r"not opened and closed within 0.05 seconds, so no case was run"):
        conform("memory://", opener=f"{HERE}:{opener}")
    NEVER.set()  # whoever waits may go on
    NEVER.clear()


def test_a_report_is_plain_data() -> None:
    """A report as JSON holds the versions, the store without its URL, and each case with its verdict and seconds."""
    report = conform("memory://", only=["A01", "A11"], sizes=["small"])
    found = json.loads(json.dumps(report.as_dict()))
    assert {"passed": 3, "failed": 0, "skipped": 1} == {name: found[name] for name in ("passed", "failed", "skipped")}
    assert {"A": {"passed": 3, "failed": 0, "skipped": 1}} == found["groups"]
    skipped = next(one for one in found["cases"] if one["case"] == "A11")
    assert ("skipped", "it says that it is not durable") == (skipped["verdict"], skipped["reason"])
    assert "memory://" not in json.dumps(found)


def test_a_url_may_leave_a_place_open(tmp_path: Path) -> None:
    """With an open place in the URL each case gets a store of its own, and the kit one to look at first."""
    report = conform(f"sqlite:///{tmp_path}/of-{{}}.db", only=["A01"], sizes=["small"])
    assert report.ok
    assert len(report.results) + 1 == len(list(tmp_path.glob("of-*.db")))


def test_nothing_is_judged_where_the_bench_itself_does_not_stand() -> None:
    """Where the first case fails the run stops there, and says why."""
    report = conform("memory://", opener=f"{HERE}:open_shouting")
    assert not report.ok
    assert ["A00"] == [one.case.id for one in report.results]
    assert "no other case can be judged" in (report.stopped or "")


def test_the_kit_needs_no_pytest() -> None:
    """Importing the kit and running it loads neither pytest nor hypothesis, and its class is there when asked for."""
    code = (
        "import sys; from proeftuin.testing import conform; conform('memory://', only=['H'], sizes=['small'])\n"
        "assert not {'pytest', 'hypothesis', 'sqlalchemy'} & set(sys.modules), 'loaded'\n"
        "from proeftuin.testing import StoreContract; assert 'pytest' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_are_there() -> None:
    """Each public name is listed once, can be had, and is documented."""
    assert len(set(proeftuin.testing.__all__)) == len(proeftuin.testing.__all__)
    for name in proeftuin.testing.__all__:
        assert getattr(proeftuin.testing, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        proeftuin.testing.Nothing  # noqa: B018  # the attribute is the point


def test_an_author_writes_one_class(tmp_path: Path) -> None:
    """A test class of one line runs every case, tells each skip with its reason, and blames a rule for a failure."""
    (tmp_path / "test_mine.py").write_text(
        "from proeftuin.testing import StoreContract\n\n\n"
        "class TestGood(StoreContract):\n    url = 'memory://'\n    steps = 100\n\n\n"
        f"class TestBad(StoreContract):\n    url = 'memory://'\n    opener = '{HERE}:open_shouting'\n\n\n"
        "class TestNowhere(StoreContract):\n    pass\n"
    )
    chosen = "A01 or A02 or A11 or (TestGood and test_model)"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "-q", "-k", chosen, str(tmp_path)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": f"{ROOT}"}
    )
    assert 1 == done.returncode
    assert "it says that it is not durable" in done.stdout
    assert "see docs/write-a-store.md#answers" in done.stdout
    assert "TestNowhere names no store; give it a `url`" in done.stdout
    assert not re_failures(done.stdout, "TestGood")


def re_failures(told: str, name: str) -> list[str]:
    return [line for line in told.splitlines() if line.startswith("FAILED") and name in line]
