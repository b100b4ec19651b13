"""Checkpoints: what another party keeps, so that a history which was cut or rewritten as a whole is noticed.

A chain proves itself from within, except against the owner of the database, who can compute all of it anew. A digest
that somebody else keeps cannot be computed anew. A checkpoint is a text of JSON lines:

    {"at":"2026-03-31T22:00:00Z","checkpoint":1,"tenant":"default"}
    {"digest":"<hex>","pilot":"<id>","version":42}      one a pilot, in order of id
    {"hash":"<hex>","pilots":15}                        SHA-256 of all lines before it, line ends included

Whoever has only the last hash, in a letter or the minutes of a meeting, can tell whether a file is the one it is of.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from attrs import frozen

from proeftuin import codec
from proeftuin.errors import BadArgument, CorruptStore
from proeftuin.spi import Summary

FORMAT = 1


@frozen
class Mark:
    """One line of a checkpoint: the digest that a pilot had at a version; of which tenant, and on which day."""

    pilot_id: str
    version: int
    digest: str
    tenant: str
    day: str


def write(tenant: str, now: datetime, summaries: Iterable[Summary]) -> Iterator[str]:
    """Give the lines of a checkpoint, each with its line end."""
    hashed, count = sha256(), 0
    for line in _lines(tenant, now, summaries):
        hashed.update(line.encode())
        count += 1
        yield line
    yield _line({"hash": hashed.hexdigest(), "pilots": count - 1})


def _lines(tenant: str, now: datetime, summaries: Iterable[Summary]) -> Iterator[str]:
    at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    yield _line({"checkpoint": FORMAT, "tenant": tenant, "at": at})
    for one in summaries:
        yield _line({"pilot": one.id, "version": one.version, "digest": one.digest})


def _line(values: dict[str, Any]) -> str:
    return codec.line(values).decode()


def read(lines: Iterable[str]) -> tuple[Mark, ...]:
    """Return what a checkpoint says.

    Raises:
        BadArgument: for a text that is none, was cut off or was changed.
    """
    hashed, marks, last = sha256(), list[Mark](), None
    of = ("", "")
    for number, given in enumerate(lines, 1):
        line = given.removeprefix("\ufeff") if number == 1 else given  # an editor may have put it there
        if last is not None and not line.strip():  # or an empty line
            continue
        values = _read(line, number)
        if last is not None:
            raise _broken(number, "there is more after its last line")
        if number == 1:
            if values.get("checkpoint") != FORMAT:
                raise _broken(1, f"it does not begin as a checkpoint of format {FORMAT}")
            of = str(values.get("tenant", "")), str(values.get("at", ""))[:10]
        elif "hash" in values:
            last = values
            continue
        else:
            marks.append(_mark(values, of, number))
        hashed.update(line.rstrip("\r\n").encode() + b"\n")
    if last is None:
        raise _broken(len(marks) + 2, "it is cut off: its last line, with the hash, is missing")
    if (last["hash"], last.get("pilots")) != (hashed.hexdigest(), len(marks)):
        raise _broken(len(marks) + 2, "the hash does not fit the lines before it: it was changed")
    return tuple(marks)


def _read(line: str, number: int) -> dict[str, Any]:
    try:
        values = codec.decode(line.encode())
    except (CorruptStore, AttributeError, UnicodeEncodeError):
        values = None
    if not isinstance(values, dict):
        raise _broken(number, "it is no JSON object")
    return values


def _mark(values: dict[str, Any], of: tuple[str, str], number: int) -> Mark:
    name, version, digest = values.get("pilot"), values.get("version"), values.get("digest")
    if not (isinstance(name, str) and isinstance(version, int) and version > 0 and isinstance(digest, str)):
        raise _broken(number, "it names no pilot, version and digest")
    return Mark(name, version, digest, *of)


def _broken(number: int, problem: str) -> BadArgument:
    return BadArgument("checkpoint", f"line {number}: {problem}")
