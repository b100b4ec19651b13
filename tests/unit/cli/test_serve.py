"""`serve`: for one person on this machine, and for nobody who comes from elsewhere."""

import http.client
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.running import COORDINATOR, Run


def test_it_is_not_opened_to_others_by_accident(run: Run, store: Path) -> None:
    """Where others can reach it, it is served only when that was said."""
    answer = run("serve", *COORDINATOR, "--host", "0.0.0.0", "--port", "0")  # noqa: S104  # this is what is refused
    assert answer.code == 2
    assert "--exposed" in answer.err


def test_it_is_served_as_somebody(run: Run, store: Path) -> None:
    """Without a name and a role there is nobody to act, so nothing is served."""
    assert run("serve", "--port", "0").code == 2


def test_a_port_that_is_taken_is_told(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot listen, the command says so and ends as for a file that cannot be used."""

    def taken(*_: object, **__: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("socket.create_server", taken)
    answer = run("serve", *COORDINATOR, "--port", "1")
    assert answer.code == 5
    assert "Address already in use" in answer.err


def test_it_needs_the_extra(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the pages' libraries are not installed, the command names what to install."""
    monkeypatch.setitem(sys.modules, "proeftuin.web", None)
    answer = run("serve", *COORDINATOR)
    assert answer.code == 2
    assert "proeftuin[web]" in answer.err


def test_it_serves_whoever_asks_for_this_machine_and_stops_in_order(store: Path, tmp_path: Path) -> None:
    """The address that it tells shows the board; under another name there is nobody; SIGTERM ends it with 0."""
    command = [sys.executable, "-m", "proeftuin", "serve", *COORDINATOR, "--port", "0", "--store", f"sqlite:///{store}"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert found is not None
        names = [
            f"127.0.0.1:{found[1]}",
            f"localhost:{found[1]}",
            "elsewhere.example",
            f"127.0.0.1.elsewhere.example:{found[1]}",
        ]
        assert [200, 200, 401, 401] == [_status(int(found[1]), name) for name in names]
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait() == 0
    assert "Stopped." in rest


def _status(port: int, host: str) -> int:
    """What the board answers who asks for it under a name."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/", headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status
