"""The tables of a store, made and looked at by command."""

import sqlite3
from pathlib import Path

import pytest

from proeftuin.cli.options import shown_url
from proeftuin.storage.sql.schema import PRESENT
from tests.unit.cli.running import COORDINATOR, Run

SERVERS = ["postgresql_url", "mariadb_url"]


@pytest.fixture
def server(request: pytest.FixtureRequest) -> str:
    """An empty database on a server."""
    return str(request.getfixturevalue(request.param))


def test_a_store_as_it_should_be_is_0(run: Run, store: Path) -> None:
    """Of a store with the present tables each question is answered with 0, and an upgrade finds nothing to do."""
    assert (0, f"{PRESENT}\n") == (run("db", "current").code, run("db", "current").out)
    assert (0, True) == (run("db", "check").code, "as it should" in run("db", "check").out)
    assert f"sqlite:///proeftuin.db: schema {PRESENT} -> {PRESENT}\n" == run("db", "upgrade").out
    expected = {"store": "sqlite:///proeftuin.db", "found": PRESENT, "present": PRESENT}
    assert [expected] * 3 == [run("db", what, "--json").json for what in ("check", "current", "upgrade")]


def test_a_file_without_tables_needs_an_upgrade(run: Run, tmp_path: Path) -> None:
    """In the file of another application the check exits with 1 and names the command, which then makes the tables."""
    with sqlite3.connect(tmp_path / "proeftuin.db") as connection:
        connection.execute("CREATE TABLE people(name)")
    connection.close()
    answer = run("db", "check")
    assert (1, True) == (answer.code, "has schema none and needs" in answer.out)
    assert "`proeftuin db upgrade" in " ".join(answer.out.split())
    assert "none\n" == run("db", "current").out
    assert "geen\n" == run("db", "current", "--lang", "nl").out
    told = run("db", "check", "--json")
    assert (1, None) == (told.code, told.json["found"])
    assert f"schema none -> {PRESENT}\n" in run("db", "upgrade").out
    assert 0 == run("db", "check").code


@pytest.mark.parametrize("server", SERVERS, indirect=True)
def test_the_tables_on_a_server_are_made_by_command(run: Run, server: str) -> None:
    """On a server other commands exit with 5 and name the command that makes the tables; after it all works."""
    at = ("--store", server)
    answer = run("list", *at)
    assert (5, True) == (answer.code, "run `proeftuin db upgrade" in answer.err)
    assert 1 == run("db", "check", *at).code
    made = run("db", "upgrade", *at)
    assert (0, True) == (made.code, f"schema none -> {PRESENT}" in " ".join(made.out.split()))
    assert 0 == run("db", "check", *at).code
    assert 0 == run("start", "existing-contract", "title=t", "organisation=o", *COORDINATOR, *at).code
    assert 0 == run("verify", *at).code


@pytest.mark.parametrize("server", SERVERS, indirect=True)
def test_init_makes_the_tables_on_a_server(run: Run, server: str) -> None:
    """`init` on a server makes the tables, and a second one finds them and counts the pilots."""
    at = ("--store", server)
    first = run("init", *at)
    assert (0, True) == (first.code, "A store is ready at" in first.out)
    run("start", "existing-contract", "title=t", "organisation=o", *COORDINATOR, *at)
    again = run("init", *at, "--json").json
    assert (False, 1) == (again["created"], again["pilots"])


def test_a_mistyped_file_is_not_made(run: Run, tmp_path: Path) -> None:
    """No question about tables, and no upgrade, makes a file that is not there."""
    assert [5] * 3 == [run("db", what).code for what in ("check", "current", "upgrade")]
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("db",), 2),
        (("db", "downgrade"), 2),
        (("db", "check", "--store", "memory://"), 2),
        (("db", "check", "--store", "oracle://x"), 2),
        (("db", "upgrade", "--store", "postgresql://ann:hunter2@127.0.0.1:1/x"), 5),
        (("db", "upgrade", "--store", "mariadb://ann:hunter2@127.0.0.1:1/x?connect_timeout=1"), 5),
        (("db", "upgrade", "--store", "mariadb://ann:hunter2@127.0.0.1:port/x"), 2),
        (("init", "--store", "postgresql://ann:hunter2@127.0.0.1:1/x"), 5),
    ],
)
def test_what_has_no_tables_or_is_not_there_is_told(run: Run, arguments: tuple[str, ...], code: int) -> None:
    """A store without tables is wrong usage, a server that is not there exits with 5, and no secret is repeated."""
    answer = run(*arguments)
    assert (code, "") == (answer.code, answer.out)
    assert "hunter2" not in answer.err


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///a@b:c@d.db?prefix=x", "sqlite:///a@b:c@d.db?prefix=x"),
        ("postgresql://ann:hunter2@db.example:5432/pilots", "postgresql://db.example:5432/pilots"),
        ("postgresql://ann:hun/ter?2@db.example/pilots", "postgresql://db.example/pilots"),
        ("mariadb://ann@db.example/pilots?ssl_key=hunter2&prefix=pt_", "mariadb://db.example/pilots?prefix=pt_"),
        ("postgresql://db.example/pilots?password=a@b&schema=own", "postgresql://db.example/pilots?schema=own"),
        ("memory://", "memory://"),
        ("pilots.db", "pilots.db"),
    ],
)
def test_a_url_is_shown_without_what_is_secret(url: str, expected: str) -> None:
    """What is shown of a URL holds no account and no option of a driver."""
    assert expected == shown_url(url)
