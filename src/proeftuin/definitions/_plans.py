"""Plans of migrations: read as strictly as workflow files, every fault at once, and written for people to review.

migrate: existing-contract
from: {version: 1, hash: 3f2a...}
to: {version: 2, hash: 77b1...}
states: {talking: exploring}
clocks: {check_in: rebase}
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve

from proeftuin.core.faults import Fault, did_you_mean
from proeftuin.core.migration.declared import Migration
from proeftuin.core.migration.moving import Unknown
from proeftuin.definitions._dump import plain_of
from proeftuin.definitions._sources import Unreadable, source_of
from proeftuin.definitions._structure import structure
from proeftuin.definitions._tree import BROKEN
from proeftuin.errors import DefinitionError

ORDER = (
    "migrate",
    "from",
    "to",
    "states",
    "tracks",
    "records",
    "data",
    "triggers",
    "roles",
    "clocks",
    "accept",
    "pilots",
)
ENDS = dict.fromkeys(("from", "to"), ("version", "hash"))
OPEN = "undecided"
NOT_TEXT = {"true", "false", "null"}
"""Words that the loader takes for something else, in whichever case they stand there without quotes."""


class _Open(str):
    """What stands where a decision is to come; no text of a plan is written like this."""

    __slots__ = ()


def load(source: Path | str, unknown: Callable[[Migration], Iterable[Unknown]]) -> Migration:
    """Return the plan of a file or text; see `definitions.load_migration`."""
    try:
        found, _ = source_of(source)
    except Unreadable as why:
        raise DefinitionError([Fault(why.code, why.text, file=str(source), line=1, column=1)]) from None
    tree = found.tree
    faults = list(tree.faults)
    plan, problems = (None, ()) if tree.value is BROKEN else structure(tree.value, Migration)
    for one in problems:
        if one.code:
            line, column = tree.place(one.path, key=one.key)
            faults.append(Fault(one.code, one.text, one.path, line=line, column=column))
    for path, word, known in unknown(plan) if plan is not None else ():
        line, column = tree.place(path)
        text = f"`{word[:64]}` is not there{did_you_mean(word, known)}"
        faults.append(Fault("unknown-word", text, path, line=line, column=column))
    if faults or plan is None:
        placed = sorted(faults, key=lambda one: (one.line, one.column, one.code))
        raise DefinitionError([evolve(one, file=found.name) for one in placed])
    return plan  # type: ignore[no-any-return]  # it was structured as one


def text_of(plan: Migration, open_clocks: Mapping[str, str], notes: Iterable[str]) -> str:
    """Return the text of a plan's file.

    Args:
        plan: what is decided.
        open_clocks: the clocks of which nobody has said what becomes of them, and how each changed.
        notes: what stands above it, as comments.
    """
    values = plain_of(plan)
    clocks = {**values.pop("clocks", {}), **{name: _Open(f"{OPEN}  # {how}") for name, how in open_clocks.items()}}
    if clocks:
        values["clocks"] = clocks
    lines = [f"# {line}".rstrip() for note in notes for line in note.splitlines() or [""]]
    for name in (one for one in ORDER if one in values):
        if name in ENDS:
            lines.append(f"{name}: {_flow({key: values[name][key] for key in ENDS[name] if key in values[name]})}")
        else:
            lines += _lines(name, values[name], 0)
    return "\n".join(lines) + "\n"


def _lines(name: str, value: Any, depth: int) -> Iterator[str]:  # noqa: ANN401  # what a file can hold
    space = "  " * depth
    if isinstance(value, Mapping) and value and (depth == 0 or any(isinstance(one, Mapping) for one in value.values())):
        yield f"{space}{_word(name)}:"
        for key, one in value.items():
            yield from _lines(key, one, depth + 1)
    else:
        yield f"{space}{_word(name)}: {_flow(value)}"


def _flow(value: Any) -> str:  # noqa: ANN401  # what a file can hold
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_word(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | _Open) else _word(str(value))


def _word(text: str) -> str:
    """Return a text as it stands in a file: as it is where it is a word, in quotes otherwise."""
    word = text.replace("_", "").replace("-", "")
    if word.isalpha() and word.isascii() and word.lower() not in NOT_TEXT:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(one: str) -> str:
    """Return a character as it stands between double quotes; YAML does not know how JSON writes one beyond 16 bits."""
    return json.dumps(one, ensure_ascii=one <= "\uffff" and not one.isprintable())[1:-1]
