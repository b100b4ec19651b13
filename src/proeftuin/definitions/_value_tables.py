"""Reads value tables, strictly: every fault at once, each with its place.

format: 1
table: ours
label: {en: Our table, nl: Onze tabel}
since: 2026-01-01
source: decision of the board, 12 December 2025
hours: 36                   # a week, that count as full
values:                     # EUR for a year of full hours
  participation_act: 40000
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import define, evolve

from proeftuin.core.days import day_of
from proeftuin.core.faults import Fault, did_you_mean
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.value_tables import ValueTable
from proeftuin.definitions import _forms as forms
from proeftuin.definitions._sources import Unreadable, source_of
from proeftuin.definitions._tree import BROKEN, Tree
from proeftuin.definitions._tree import Path as Place
from proeftuin.errors import DefinitionError

KEYS = ("format", "table", "label", "since", "source", "sample", "hours", "values")
NEEDED = ("format", "table", "since", "source", "hours", "values")
_AMOUNT = re.compile(r"(?=.*[1-9])[0-9]{1,15}(\.[0-9]{1,6})?")


@define
class _Reader:
    """The document, and what is wrong with it."""

    tree: Tree
    faults: list[Fault]

    def refuse(self, code: str, text: str, path: Place, *, key: bool = False) -> None:
        line, column = self.tree.place(path, key=key)
        self.faults.append(Fault(code, text, path, line=line, column=column))

    def text(self, value: object, form: forms.Form, *path: str) -> str:
        if not isinstance(value, str):
            self.refuse("wrong-type", f"{form.word} is expected here", path)
        elif not form.fits(value):
            self.refuse("bad-form", f'"{value[:64]}" is not {form.word} ({form.hint})', path)
        else:
            return value
        return ""

    def amount(self, value: object, *path: str) -> str:
        """Return a positive number: a whole one as it stands, another one in quotes."""
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if _AMOUNT.fullmatch(text):
            return text
        self.refuse("bad-value", 'a positive number is expected here, whole or in quotes, as "25.5"', path)
        return "1"

    def day(self, value: object, *path: str) -> date:
        found = day_of(value)
        if found is None:
            self.refuse("bad-value", "a day is expected here, as in 2026-03-31", path)
        return found or date.min

    def mapping(self, value: object, *path: str) -> Mapping[str, Any]:
        if isinstance(value, dict) and value:
            return {name: one for name, one in value.items() if one is not BROKEN}
        self.refuse("wrong-type", "a mapping is expected here", path)
        return EMPTY

    def label(self, value: object) -> FrozenDict:
        found = self.mapping(value, "label")
        return FrozenDict({name: self.text(one, forms.LABEL, "label", name) for name, one in found.items()})

    def values(self, value: object) -> FrozenDict:
        found = self.mapping(value, "values")
        for name in found:
            if not forms.NAME.fits(name):
                self.refuse("bad-form", f'"{name[:64]}" is not a name ({forms.NAME.hint})', ("values", name), key=True)
        return FrozenDict({name: self.amount(one, "values", name) for name, one in found.items()})


def load(source: Path | str) -> ValueTable:
    """Return the value table of a file or text; see `definitions.load_value_table`."""
    try:
        found, _ = source_of(source)
    except Unreadable as why:
        raise DefinitionError([Fault(why.code, why.text, file=str(source), line=1, column=1)]) from None
    tree = found.tree
    reader = _Reader(tree, list(tree.faults))
    table = None if tree.value is BROKEN else _table(reader, tree.value)
    if reader.faults or table is None:
        faults = sorted(reader.faults, key=lambda one: (one.line, one.column, one.code))
        raise DefinitionError([evolve(one, file=found.name) for one in faults])
    return table


def _table(reader: _Reader, value: object) -> ValueTable | None:
    given = reader.mapping(value)
    for key in given:
        if key not in KEYS:
            reader.refuse("unknown-key", f"`{key[:64]}` is no key here{did_you_mean(key, KEYS)}", (key,), key=True)
    written = value if isinstance(value, dict) else {}
    for key in NEEDED:
        if key not in written:
            reader.refuse("missing-key", f"`{key}` is missing here; add it", ())
    if given.get("format", 1) != 1:
        reader.refuse("bad-value", "`format` is 1", ("format",))
    sample = given.get("sample", False)
    if not isinstance(sample, bool):
        reader.refuse("wrong-type", "`true` or `false` is expected here", ("sample",))
    label = reader.label(given["label"]) if "label" in given else EMPTY
    if any(key not in given for key in NEEDED):
        return None
    return ValueTable(
        id=reader.text(given["table"], forms.CODE, "table") or "-",
        since=reader.day(given["since"], "since"),
        source=reader.text(given["source"], forms.LABEL, "source"),
        hours=reader.amount(given["hours"], "hours"),
        values=reader.values(given["values"]),
        sample=sample is True,
        label=label,
    )
