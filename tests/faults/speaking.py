"""Processes of a test's own that are told lines and answer by lines."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Speaking:
    """One such process: a module of these tests, run with arguments; `under` stands before the command."""

    def __init__(self, module: str, *arguments: str, under: Sequence[str] = ()) -> None:
        command = [*under, sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._told, self._says = self._process.stdin, self._process.stdout

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tell(self, line: object) -> None:
        """Give it a line."""
        self._told.write(f"{line}\n")
        self._told.flush()

    def hear(self) -> str:
        """Its next line; empty when it has ended."""
        return self._says.readline().rstrip("\n")

    def dismiss(self) -> None:
        """End its input."""
        self._told.close()

    def end(self) -> str:
        """End its input, and return all that it still has to say."""
        self.dismiss()
        rest = self._says.read()
        assert 0 == self._process.wait()
        return rest

    def close(self) -> None:
        """Kill it, if it still runs."""
        self._process.kill()
        self._process.wait()
        for one in (self._told, self._says):
            one.close()


@contextmanager
def several(count: int, module: str, *arguments: str) -> Iterator[Sequence[Speaking]]:
    """Start so many, and wait until each has said that it is ready."""
    started = list[Speaking]()
    try:
        started += [Speaking(module, *arguments) for _ in range(count)]
        for one in started:
            assert "ready" == one.hear()
        yield started
    finally:
        for one in started:
            one.close()


def together(processes: Sequence[Speaking], line: str, answer: str = "done") -> None:
    """Give all a line at once, and wait until each has answered it."""
    for one in processes:
        one.tell(line)
    assert [answer] * len(processes) == [one.hear() for one in processes]


def ended(processes: Sequence[Speaking]) -> list[Any]:
    """End all, and return their last words."""
    return [one.end() for one in processes]
