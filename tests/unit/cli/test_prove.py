import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from proeftuin.storage.memory import MemoryStore
from proeftuin.testing import installed
from proeftuin.testing.cases import CASES
from tests.unit.cli.running import Run

HERE = "tests.unit.cli.test_prove"


class Deaf(MemoryStore):
    """Never sends a receipt with a head."""

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN201  # as the one that it takes the place of
        return super().load(tenant, pilot_id, have=have)


def open_deaf(url: str) -> Deaf:
    return Deaf()


def open_unknown(url: str):  # type: ignore[no-untyped-def]  # noqa: ANN201  # what it gives is not said, and that is the point
    return MemoryStore()


def test_a_good_store_is_told_by_group(run: Run) -> None:
    """A store that passes is told in one line per group, with each skip and its reason, and a closing line."""
    answer = run("conform", "memory://", "--size", "small")
    assert (0, "") == (answer.code, answer.err)
    assert "skipped: B05, B06, B07, as it does not offer the part Hosted" in answer.out
    assert "proeftuin.storage.memory.MemoryStore, kit 5, ports 3" in answer.out
    assert f"passed {len(CASES) - 11}, failed 0, skipped by declaration 11" == answer.out.splitlines()[-1]
    assert "A  basics" in answer.out


def test_a_broken_store_is_told_by_case(run: Run, tmp_path: Path) -> None:
    """A store that fails is told with the case, the rule and where it is explained, and the exit code is 1."""
    answer = run("conform", "memory://", "--opener", f"{HERE}:open_deaf", "--only", "A01,H", "--size", "small")
    assert 1 == answer.code
    told = " ".join(answer.out.split())
    assert "x small: A01 one_read_gives_head_and_receipt: A load with a key gives its receipt" in told
    assert "see docs/write-a-store.md#answers" in told
    assert "failed 5, skipped by declaration 0" in answer.out.splitlines()[-1]


def test_a_report_is_written_as_json(run: Run, tmp_path: Path) -> None:
    """The whole report is written to a file where one is named, beside what is told."""
    answer = run("conform", "memory://", "--only", "A00,A11", "--json", "report.json", "--lang", "nl")
    report = json.loads((tmp_path / "report.json").read_text())
    assert {"small", "crowded"} == {one["size"] for one in report["cases"]}
    assert (2, 0, 2) == (report["passed"], report["failed"], report["skipped"])
    assert "geslaagd 2, mislukt 0, volgens eigen opgave overgeslagen 2" in answer.out


def test_a_report_that_cannot_be_written_takes_no_run_with_it(run: Run) -> None:
    """The summary is told also where there is no place for the whole report, which is an error all the same."""
    answer = run("conform", "memory://", "--only", "A01", "--size", "small", "--json", "nowhere/a.json")
    assert "failed 0, skipped by declaration 0" in answer.out
    assert (True, "nowhere" in answer.err) == (answer.code > 1, True)


def test_a_run_that_could_not_begin_says_so(run: Run) -> None:
    """Where the first case fails the others are not run, and that is told."""
    answer = run("conform", "memory://", "--opener", "tests.kit.appends:Forgetful.open")
    assert 1 == answer.code
    assert "the kit stopped there" in answer.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("nosuch://x",), 5), (("memory://", "--only", "A99"), 2), (("memory://", "--opener", "x"), 2)],
)
def test_what_cannot_be_run_is_an_error(run: Run, arguments: tuple[str, ...], code: int) -> None:
    """A store that cannot be opened, a case that there is not and an opener that names nothing are told as such."""
    answer = run("conform", *arguments)
    assert code == answer.code
    assert answer.err.startswith("error: ")


def test_the_stores_that_come_with_it_are_listed(run: Run) -> None:
    """Each kind of store is listed with where it is from, its parts and its flags, without opening one."""
    found = {one["scheme"]: one for one in run("stores", "--json").json}
    assert {"memory", "sqlite", "postgresql", "mariadb"} <= set(found)
    assert found["memory"]["from"].startswith("proeftuin ")
    assert {"multi_pilot", "Bulk", "Definitions", "Delivers", "Erases", "Streams", "Timed", "Wakes"} == {
        name for name, has in found["memory"]["offers"].items() if has
    }
    assert {"Streams"} == {name for name, has in found["sqlite"]["offers"].items() if not has}
    assert all(found["postgresql"]["offers"].values())
    assert "sqlite://" in run("stores").out


def test_what_others_installed_is_listed_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of another distribution is listed, also where only an open one could tell what it offers."""
    points = [
        EntryPoint("deaf", f"{HERE}:open_deaf", "proeftuin.stores"),
        EntryPoint("quiet", f"{HERE}:open_unknown", "proeftuin.stores"),
        EntryPoint("gone", "no.such.module:open", "proeftuin.stores"),
    ]
    monkeypatch.setattr(installed, "entry_points", lambda group: points)
    found = {one["scheme"]: one for one in run("stores", "--json").json}
    assert found["deaf"]["offers"]["Delivers"]
    assert (None, None) == (found["quiet"]["offers"], found["quiet"]["problem"])
    assert "no.such.module:open cannot be imported" in found["gone"]["problem"]
    told = run("stores").out
    assert "only an open" in told
    assert "BadArgument" in told
