"""Runs a copy of an example as what it is: a program in its own folder, with processes of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import field, frozen

ROOT = Path(__file__).parents[2]
WITHIN = 60
"""How many seconds a process may take to end."""


@frozen
class Past:
    """A clock that stands so many days ago, for what is due today."""

    days: int

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(days=self.days)


@frozen
class Program:
    """A copy of an example, and the environment in which its commands run."""

    folder: Path
    environment: dict[str, str] = field(factory=dict)

    def run(self, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a module of Python with arguments, or a file of the example, to its end."""
        return subprocess.run(
            self._command(command),
            cwd=self.folder,
            env=self._environment(),
            input=given,
            capture_output=True,
            text=True,
            timeout=WITHIN,
            check=False,
        )

    def done(self, *command: str, given: str | None = None) -> str:
        """Run it, and return what it wrote; what fails is shown."""
        came = self.run(*command, given=given)
        assert 0 == came.returncode, f"{command} ended with {came.returncode}\n{came.stdout}\n{came.stderr}"
        return came.stdout

    @contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """Run it beside the block, and end it in an orderly way: by SIGTERM, with nothing left of it."""
        process = subprocess.Popen(
            self._command(command),
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        with process:
            try:
                yield process
                process.terminate()
                process.wait(WITHIN)
            except BaseException:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with the processes that it made
                raise

    @contextmanager
    def served(self, application: str) -> Iterator[str]:
        """Serve an application by uvicorn, and give the port that it got; it ends in an orderly way."""
        with self.running("uvicorn", application, "--port", "0", "--no-access-log") as server:
            assert server.stdout is not None
            told = next(line for line in server.stdout if "running on" in line)
            yield re.findall(r"127\.0\.0\.1:(\d+)", told)[0]
            server.terminate()
            assert "Finished server process" in server.stdout.read()

    def _command(self, command: tuple[str, ...]) -> list[str]:
        return [sys.executable, *(command if command[0].endswith(".py") else ("-m", *command))]

    def _environment(self) -> dict[str, str]:
        known = {name: value for name, value in os.environ.items() if not name.startswith("PROEFTUIN_")}
        return {**known, "PYTHONUNBUFFERED": "1", **self.environment}


def copied(example: str, folder: Path, **environment: str) -> Program:
    """Copy an example, so that what it writes stays out of the sources."""
    made = shutil.copytree(
        ROOT / "examples" / example, folder / example, ignore=shutil.ignore_patterns("*.db*", "__pycache__")
    )
    return Program(made, environment)
