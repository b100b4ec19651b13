"""`doctor`: in words and as JSON, with counts and exit codes."""

import sqlite3
from pathlib import Path

import pytest

from proeftuin import Engine
from tests.unit.cli.running import Run
from tests.unit.engines import engine, start
from tests.versioning import COORDINATOR

STORE = "sqlite:///pilots.db"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store in a folder of its own, with a pilot of two tenants."""
    monkeypatch.chdir(tmp_path)
    with Engine.open(STORE) as on:
        for tenant in ("default", "other"):
            data = {"title": "Canteen", "organisation": tenant}
            on.for_tenant(tenant).start("existing-contract", actor=COORDINATOR, data=data, id=f"pilot-{tenant}")


def change(sql: str) -> None:
    connection = sqlite3.connect("pilots.db")
    with connection:
        connection.execute(sql)
    connection.close()


def test_where_all_is_well_that_is_said(run: Run) -> None:
    """Nothing found is one line, in either language, and exit code 0."""
    answer = run("doctor", "--store", STORE)
    assert (0, "1 pilot, and nothing is missing or old.\n") == (answer.code, answer.out)
    assert "er ontbreekt niets" in run("doctor", "--store", STORE, "--lang", "nl").out


def test_what_is_old_is_told_and_counted(run: Run) -> None:
    """What is old is told per pilot with what to do, counted at the end, and is no failure unless that is asked."""
    change("UPDATE pilots SET fold = 1")
    answer = run("doctor", "--store", STORE)
    said = " ".join(answer.out.split())
    assert (0, True) == (answer.code, said.startswith("- pilot-default: Its head was made by rules 1 "))
    assert said.endswith("fold-old 1 fold-old 1 pilot; found: 0 missing, 1 old")
    assert 1 == run("doctor", "--store", STORE, "--strict").code
    assert "De stand is gemaakt met regels 1" in " ".join(run("doctor", "--store", STORE, "--lang", "nl").out.split())


def test_every_tenant_is_looked_at(run: Run) -> None:
    """With --all-tenants the pilots of all are told, each with its tenant."""
    change("UPDATE pilots SET fold = 1")
    told = run("doctor", "--store", STORE, "--all-tenants", "--json").json
    assert (2, {"fold-old": 2}, 0, 2) == (told["pilots"], told["codes"], told["missing"], told["old"])
    named = [(one["tenant"], one["pilot"]) for one in told["symptoms"]]
    assert [("default", "pilot-default"), ("other", "pilot-other")] == named
    assert "other/pilot-other: " in run("doctor", "--store", STORE, "--all-tenants").out


def test_what_is_missing_exits_with_1(run: Run) -> None:
    """A workflow that nobody has stops its pilots, and so the command fails."""
    with engine(STORE) as on:
        start(on, id="talks-1")
    change("DELETE FROM workflows WHERE name = 'talks'")
    answer = run("doctor", "--store", STORE)
    assert (1, True) == (answer.code, "x talks-1: The workflow talks@1 is not kept" in " ".join(answer.out.split()))
    (one,) = run("doctor", "--store", STORE, "--json").json["symptoms"]
    assert ("workflow-missing", "missing", "talks@1") == (one["code"], one["level"], one["workflow"])


def test_no_store_is_told(run: Run) -> None:
    """A store that is not there is refused as everywhere, and not made."""
    assert 5 == run("doctor", "--store", "sqlite:///nowhere.db").code
    assert not Path("nowhere.db").exists()
