"""The headings of a sheet: what each column is about.

A heading is a word of the sheet itself, in English or Dutch, or a field by its name or by what the workflow calls it,
or a key of a map behind a point, `places.employment`. One that is not known is told with what it may have been meant
as, and the rows are judged as if it had been that, so that one slip does not look like a hundred. Nothing is written
then.
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from proeftuin.core.commands import Blocker
from proeftuin.core.table import Table
from proeftuin.core.workflow import Field
from proeftuin.intake._faults import close, fault
from proeftuin.intake._sheet import Line, Sheet
from proeftuin.intake._values import names_of, plain_key

# What a sheet says beside the fields of the workflow: a word, and its headings.
WORDS: Mapping[str, tuple[str, ...]] = {
    "pilot": ("pilot", "proeftuin"),
    "date": ("date", "datum"),
    "trigger": ("trigger", "handeling"),
    "workflow": ("workflow",),
    "track": ("track", "spoor"),
    "actor": ("actor", "door"),
    "role": ("role", "rol"),
    "party": ("party", "partij"),
    "keep": ("keep", "onthoud"),
    "data": ("data", "gegevens"),
}
NEEDED = ("pilot", "date", "trigger", "actor", "role")
_WORD_OF = {heading: word for word, headings in WORDS.items() for heading in headings}


@frozen
class Column:
    """One column.

    Attributes:
        place: from 0.
        head: as it stands there.
        word: the word of the sheet, None for a field.
        field: the name of the field, None for a word.
        part: behind a point, the key of a map, as it stands there.
    """

    place: int
    head: str
    word: str | None = None
    field: str | None = None
    part: str | None = None

    def of(self, line: Line) -> str:
        """Return what stands in a row under this heading."""
        return line.cells[self.place] if self.place < len(line.cells) else ""


@frozen
class Columns:
    """The columns of a sheet: how many there are, what each is about, and what is wrong with the headings."""

    width: int
    words: Mapping[str, Column]
    fields: tuple[Column, ...] = ()
    faults: tuple[Blocker, ...] = ()

    def cell(self, line: Line, word: str) -> str:
        """Return what stands in a row under a word of the sheet; nothing where there is no such column."""
        column = self.words.get(word)
        return "" if column is None else column.of(line)


def fields_of(table: Table) -> Mapping[str, tuple[Field, ...]]:
    """Return every field that a sheet can give, by name; fields of one name differ from trigger to trigger."""
    found: dict[str, tuple[Field, ...]] = {}
    for rule in (table.start, *table.every):
        for name, field in rule.fields.items():
            found[name] = (*found.get(name, ()), field)
    return found


def words_alone(heads: Line) -> Columns:
    """Return the columns for words of the sheet: they can be read before it is known which workflows it is about."""
    found: dict[str, Column] = {}
    for place, head in enumerate(heads.cells):
        if (word := _WORD_OF.get(plain_key(head))) and word not in found:
            found[word] = Column(place, head, word=word)
    return Columns(len(heads.cells), found)


def columns(sheet: Sheet, tables: Sequence[Table]) -> Columns:
    """Return what each column is about.

    Args:
        sheet: the rows.
        tables: of the workflows that the sheet names; without any, fields are not looked at.
    """
    known, maps = _headings(tables)
    words = dict(words_alone(sheet.heads).words)
    faults: list[Blocker] = []
    fields: dict[tuple[str, str | None], Column] = {}
    guessed: list[tuple[int, str, str]] = []
    for place, head in enumerate(sheet.heads.cells):
        word = _WORD_OF.get(plain_key(head))
        if not head:
            faults += _nameless(sheet, place)
        elif word is not None:
            if words[word].place != place:
                faults.append(fault("double-column", column=head))
        elif (column := _field(place, head, known, maps)) is not None:
            if (column.field, column.part) in fields:
                faults.append(fault("double-column", column=head))
            fields.setdefault((str(column.field), column.part), column)
        elif tables:
            meant = close(plain_key(head), [*_WORD_OF, *known])
            guessed += [(place, head, one) for one in meant]
            faults.append(fault("unknown-column", column=head, meant=meant))
    for place, head, meant_as in guessed:
        word = _WORD_OF.get(meant_as)
        if word is not None:
            words.setdefault(word, Column(place, head, word=word))
        else:
            fields.setdefault((known[meant_as], None), Column(place, head, field=known[meant_as]))
    faults += [fault("missing-column", column=word) for word in NEEDED if word not in words]
    return Columns(len(sheet.heads.cells), words, tuple(fields.values()), tuple(faults))


def _headings(tables: Iterable[Table]) -> tuple[dict[str, str], set[str]]:
    """Return per heading the field that it names, and which fields are maps; what names two fields names none."""
    owners: dict[str, set[str]] = {}
    names: set[str] = set()
    maps: set[str] = set()
    for table in tables:
        for name, fields in fields_of(table).items():
            names.add(name)
            maps |= {name for one in fields if one.type == "map"}
            for heading in names_of(table.workflow, name, field=True):
                owners.setdefault(heading, set()).add(name)
    found = {heading: next(iter(named)) for heading, named in owners.items() if len(named) == 1}
    return found | {plain_key(name): name for name in names}, maps


def _field(place: int, head: str, known: Mapping[str, str], maps: set[str]) -> Column | None:
    if name := known.get(plain_key(head)):
        return Column(place, head, field=name)
    first, point, part = head.partition(".")
    name = known.get(plain_key(first))
    if name in maps and point and part.strip():
        return Column(place, head, field=name, part=part.strip())
    return None


def _nameless(sheet: Sheet, place: int) -> list[Blocker]:
    if any(place < len(line.cells) and line.cells[place] for line in sheet.lines):
        return [fault("nameless-column", column=_letters(place))]
    return []


def _letters(place: int) -> str:
    """Return a column as a spreadsheet names it: A, B, ... Z, AA."""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
