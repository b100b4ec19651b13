"""How a server of a test's own is run: its folder, its port, its process, and the guard that outlives all of us."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom
from typing import ClassVar, Self

from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.exc import OperationalError

from tests.redis_wire import RedisError

HOST = "127.0.0.1"
PORTS = range(15000, 32000)  # below those that clients are given, so that the port is still free at a restart
WITHIN = 60.0  # seconds for a start, which may play back a log, and for a stop
POLLS_EVERY = 0.02  # seconds
TAIL = 2000  # characters of its log that are told of a server that failed

# Reads which process runs now, a line each time that changes. At the end of its input, whatever the reason, it ends the
# last of them, if any, and removes the folder. Arguments: the signal, the folder.
GUARD = """
pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
    kill -"$1" "$pid"
    tries=0
    while [ "$tries" -lt 100 ] && kill -0 "$pid"; do sleep 0.1; tries=$((tries + 1)); done
fi
rm -rf "$2"
"""

UNREADY = (OSError, RedisError, OperationalError)


class Missing(Exception):
    """There is no such server here; says why."""


class ServerFailed(Exception):
    """A server did not start or stop; says how its log ends."""


class OwnServer(ABC):
    """What the servers have in common: a folder, a port, a process, a guard."""

    orderly: ClassVar[signal.Signals] = signal.SIGTERM
    crash: ClassVar[signal.Signals] = signal.SIGKILL

    def __init__(self) -> None:
        self._user: int | None = None
        self._group: int | None = None
        self._folder: Path | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self.port = 0
        self._find()

    @property
    def folder(self) -> Path:
        """Where all its files are."""
        assert self._folder is not None, "not started yet, or closed"
        return self._folder

    @property
    def pid(self) -> int:
        """The process that was started."""
        assert self._process is not None, "not running"
        return self._process.pid

    @property
    @abstractmethod
    def url(self) -> str:
        """A database on this server, empty at first, whose user may create others."""

    def start(self) -> None:
        """Start it and wait until it answers; the first time in a new folder and on a port that is free then."""
        assert self._process is None, "running already"
        if self._folder is not None:
            self._launch()
            return
        self._folder = Path(tempfile.mkdtemp(prefix="proeftuin-", dir=temporary_folder()))
        self._guard = _guard(self.crash, self._folder)
        try:
            self._install()
            self._launch_on_a_free_port()
        except BaseException:
            self.close()
            raise

    def stop(self, *, immediate: bool = False) -> None:
        """Stop it in good order or, at once, as a crash would; in a fork this does nothing."""
        if self._process is None or os.getpid() != self._owner:
            return
        process, self._process = self._process, None
        process.send_signal(self.crash if immediate else self.orderly)
        try:
            process.wait(WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise self._failed("did not stop") from None
        finally:
            self._tell_guard("")

    def close(self) -> None:
        """Stop it and remove all that it wrote; in a fork this does nothing."""
        if os.getpid() != self._owner:
            return
        try:
            self.stop()
        finally:
            if self._guard is not None:
                self._guard.communicate()
            self._folder = self._guard = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- what differs

    @abstractmethod
    def _find(self) -> None:
        """Find the programs, and the account to run them by; raises Missing."""

    @abstractmethod
    def _install(self) -> None:
        """Make what the server needs in its folder."""

    @abstractmethod
    def _command(self) -> list[str | Path]:
        """What runs the server in the foreground."""

    @abstractmethod
    def _greet(self) -> None:
        """Speak with the server by the socket in its folder, so with no other; raises one of UNREADY."""

    # -- how it is run

    def _launch_on_a_free_port(self) -> None:
        for last in (False, False, True):
            self.port = free_port()
            try:
                return self._launch()
            except ServerFailed:
                if last:  # before that, another process may have been quicker at the port
                    raise
        return None

    def _launch(self) -> None:
        self._process = self._spawn(self._command())
        self._tell_guard(f"{self._process.pid}")
        deadline = time.monotonic() + WITHIN
        while True:
            try:
                return self._greet()
            except UNREADY as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop(immediate=True)
                    raise self._failed("did not start") from error
            time.sleep(POLLS_EVERY)

    def _run(self, *command: str | Path) -> None:
        """Run one of its other programs to the end."""
        if status := self._spawn(command).wait(WITHIN):
            raise self._failed(f"{command[0]} ended with {status}")

    def _spawn(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt from the keyboard is for the tests, which then stop it
                user=self._user,
                group=self._group,
                extra_groups=None if self._user is None else [],
            )

    def _tell_guard(self, line: str) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.write(f"{line}\n".encode())
            self._guard.stdin.flush()

    def _failed(self, what: str) -> ServerFailed:
        log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        return ServerFailed(f"{type(self).__name__}: {what}. Its log ends:\n{log[-TAIL:]}")


def run_sql(url: URL | str, statement: str) -> None:
    """Run a statement on a new connection, outside a transaction."""
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as link:
        link.exec_driver_sql(statement)


def temporary_folder() -> Path:
    """The folder for temporary files, or for root another one where the folder of each account may be entered."""
    usual = Path(tempfile.gettempdir())
    if os.geteuid() != 0:
        return usual
    return next((one for one in (usual, Path("/tmp"), Path("/var/tmp")) if open_to_all(one)), usual)  # noqa: S108  # only the folder; the names in it are made safely


def open_to_all(path: Path) -> bool:
    """Whether each account may read this, and enter all folders above it."""
    return all(one.stat().st_mode & 0o005 == 0o005 for one in (path, *path.resolve().parents))


def free_port() -> int:
    """A port of this machine that nobody listens on, nor will be given for a connection that it makes."""
    while True:
        port = SystemRandom().choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port


def _guard(crash: signal.Signals, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", f"{crash.value}", folder],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
