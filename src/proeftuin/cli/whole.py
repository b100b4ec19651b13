"""Files as wholes: one that is written has its name only once it is whole, and one that is read can be read again."""

import codecs
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from proeftuin.cli.exits import Faulty, Usage
from proeftuin.errors import BadArgument

STDOUT = "-"
EACH = 10_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")  # all but tabs and line ends
_OF_A_FILE = {"lines", "checkpoint"}  # what the engine calls a text that it is given


def write_whole(out: str, lines: Iterable[str], *, private: bool = False) -> str:
    """Write lines to a file, or to the standard output for `-`, and return the last one; see `whole_file`."""
    with whole_file(out, private=private) as file:
        return _all(lines, file.write)


def write_bytes(out: str, raw: bytes) -> None:
    """Write bytes to a file, or to the standard output for `-`; see `whole_file`."""
    with whole_file(out) as file:
        file.write(raw)


@contextmanager
def whole_file(out: str, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file for writing, or the standard output for `-`.

    Args:
        out: the file; one that is there is replaced once all is written, and left as it is where writing fails.
        private: only the user who runs the command may read it.
    """
    if out == STDOUT:
        yield _stdout()
        return
    path = Path(out).resolve()
    if path.exists() and not path.is_file():  # a device or a pipe has no other name to be written under
        with path.open("wb") as opened:
            yield opened
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        error.filename = out  # not the name that nobody gave
        raise
    try:
        with os.fdopen(handle, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        if not private:
            Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


class _Shown(io.RawIOBase):
    """The standard output as text: a terminal, which would obey a control character in it, or where it is captured."""

    def __init__(self) -> None:
        self._text = codecs.getincrementaldecoder("utf-8")(errors="replace")  # a piece may end within a letter

    def write(self, raw: Any) -> int:  # noqa: ANN401  # as the class that it is one of
        text = self._text.decode(bytes(raw))
        sys.stdout.write(CONTROL.sub("?", text) if sys.stdout.isatty() else text)
        return len(raw)


def _stdout() -> BinaryIO:
    """Return the standard output for bytes: an encoding that lacks a character would change what is written."""
    raw: BinaryIO | None = None if sys.stdout.isatty() else getattr(sys.stdout, "buffer", None)
    return raw or _Shown()  # type: ignore[return-value]  # it is written to


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _all(lines: Iterable[str], write: Callable[[bytes], object]) -> str:
    last = ""
    for last in watched(lines):  # returned at the end
        write(last.encode())
    return last


def watched(lines: Iterable[str]) -> Iterator[str]:
    """Give lines, and tell on a terminal how many there were so far."""
    shown = sys.stderr.isatty()
    count = 0
    for count, line in enumerate(lines, 1):  # told at the end
        yield line
        if shown and count % EACH == 0:
            sys.stderr.write(f"\r{count}")
            sys.stderr.flush()
    if shown and count >= EACH:
        sys.stderr.write("\r" + " " * len(str(count)) + "\r")


def closing(line: str) -> dict[str, object]:
    """Return what the last line of an export or a checkpoint says: how many pilots, and the hash."""
    found: dict[str, object] = json.loads(line)
    return found


@contextmanager
def given_file(name: str) -> Iterator[BinaryIO]:
    """Open a file that can be read more than once; `-` is the standard input, kept aside for that.

    Raises:
        Usage: there is no such file.
    """
    if name == STDOUT:
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.seek(0)
            yield kept
        return
    try:
        opened = Path(name).open("rb")  # noqa: SIM115  # closed below, and a file that is not there is told first
    except FileNotFoundError:
        raise Usage("no-file", file=name) from None
    with opened:
        yield opened


def present(file: Path) -> Path:
    """Return a file that somebody named.

    Raises:
        Usage: there is no such file.
    """
    if not file.is_file():
        raise Usage("no-file", file=file)
    return file


@contextmanager
def kept_lines(file: Path | None) -> Iterator[TextIO | None]:
    """Open a checkpoint, None where none was named.

    Raises:
        Usage: there is no such file.
        Faulty: it is not whole.
    """
    if file is None:
        yield None
        return
    try:
        opened = file.open(encoding="utf-8", errors="replace", newline="")  # closed below, as above
    except FileNotFoundError:
        raise Usage("no-file", file=file) from None
    with opened, faults_of(str(file)):
        yield opened


@contextmanager
def faults_of(file: str, which: str = "os-error") -> Iterator[None]:
    """Tell of a text that is not whole as of the file that it came from, in these words."""
    try:
        yield
    except BadArgument as error:
        if error.argument not in _OF_A_FILE:
            raise
        raise Faulty(which, file=file, problem=error.problem) from error
