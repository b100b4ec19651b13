"""Hosts that processes run on, each with a link of its own to the servers of a test, which can be cut and mended.

Where the machine allows it a host is a network namespace with a pair of interfaces to that of the servers, so a cut is
one of real packets: nobody is told, and each side waits until its own patience ends. Elsewhere it is a wire for each
server that it reaches, whose cuts are noticed at once.

The namespaces have no names, and belong to processes: when these end, however they do, all of it is gone. So whoever
makes them runs in one of its own, `unshare --net`, and the machine's own network is left as it is.
"""

import shutil
import subprocess
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

from attrs import Factory, define

from tests.faults.losing import Wire
from tests.own_servers import OwnPostgres
from tests.serving import HOST

PROGRAMS = ("ip", "nsenter", "unshare")
APART = ("unshare", "--net")  # what stands before a command that is to have a network of its own
POLLS_EVERY = 0.005  # seconds


class Host(Protocol):
    """One machine, as far as its processes can tell."""

    @property
    def under(self) -> Sequence[str]:
        """What stands before a command that is to run here."""

    def reach(self, port: int) -> tuple[str, int]:
        """The address here of a server that listens at a port of the test's own host."""

    def cut(self) -> None:
        """Let nothing through, neither way."""

    def deafen(self) -> None:
        """Let through what is said here, and no answer to it."""

    def mend(self) -> None:
        """Let all through again."""

    def close(self) -> None:
        """Do away with it."""


# -- wires ---------------------------------------------------------------------------------------------------------


@define(eq=False)
class Wired:
    """A host whose processes reach each server by a wire."""

    under: Sequence[str] = ()
    _wires: dict[int, Wire] = Factory(dict)

    def reach(self, port: int) -> tuple[str, int]:
        if port not in self._wires:
            self._wires[port] = Wire((HOST, port))
        return HOST, self._wires[port].port

    def cut(self) -> None:
        for one in self._wires.values():
            one.cut()

    def deafen(self) -> None:
        for one in self._wires.values():
            one.deafen()

    def mend(self) -> None:
        for one in self._wires.values():
            one.mend()

    def close(self) -> None:
        for one in self._wires.values():
            one.close()


# -- namespaces ----------------------------------------------------------------------------------------------------


def impossible() -> str | None:
    """Why no network namespaces can be made here, if so."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"there is no {', '.join(missing)} on the PATH (Debian: iproute2, util-linux)"
    tried = [*APART, "ip", "link", "add", "probe", "type", "veth", "peer", "name", "other"]
    done = subprocess.run(tried, check=False, capture_output=True, text=True)
    return f"no network namespaces may be made: {done.stderr.strip()}" if done.returncode else None


class OpenPostgres(OwnPostgres):
    """One that other hosts may come to."""

    def _install(self) -> None:
        super()._install()
        with (self._data / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write("host all all 10.0.0.0/8 trust\n")

    def _command(self) -> list[str | Path]:
        return [*super()._command(), "--listen_addresses=*"]


_numbers = count(1)


@define(eq=False)
class Namespaced:
    """A host that is a network namespace, with the addresses 10.0.N.1 of the servers and 10.0.N.2 of itself."""

    _number: int = Factory(lambda: next(_numbers))
    _keeper: subprocess.Popen[bytes] = Factory(lambda: subprocess.Popen([*APART, "cat"], stdin=subprocess.PIPE))

    def __attrs_post_init__(self) -> None:
        if self._number == 1:
            run("ip", "link", "set", "lo", "up")
        own, here = Path("/proc/self/ns/net").readlink(), Path(f"/proc/{self._keeper.pid}/ns/net")
        while here.readlink() == own:
            time.sleep(POLLS_EVERY)
        run("ip", "link", "add", self._near, "type", "veth", "peer", "name", "far", "netns", f"{self._keeper.pid}")
        run("ip", "address", "add", f"{self._server}/24", "dev", self._near)
        run("ip", "link", "set", self._near, "up")
        run(*self.under, "ip", "address", "add", f"{self._client}/24", "dev", "far")
        for name in ("lo", "far"):
            run(*self.under, "ip", "link", "set", name, "up")

    @property
    def under(self) -> Sequence[str]:
        return ("nsenter", f"--net=/proc/{self._keeper.pid}/ns/net")

    @property
    def _near(self) -> str:
        return f"near{self._number}"

    @property
    def _server(self) -> str:
        return f"10.0.{self._number}.1"

    @property
    def _client(self) -> str:
        return f"10.0.{self._number}.2"

    def reach(self, port: int) -> tuple[str, int]:
        return self._server, port

    def cut(self) -> None:
        run("ip", "link", "set", self._near, "down")

    def deafen(self) -> None:
        run("ip", "route", "replace", "blackhole", f"{self._client}/32")

    def mend(self) -> None:
        run("ip", "link", "set", self._near, "up")
        run("ip", "route", "flush", "type", "blackhole", f"{self._client}/32")

    def close(self) -> None:
        self._keeper.communicate()


def run(*command: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, check=True, capture_output=True)
