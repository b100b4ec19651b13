"""What is wrong with a sheet itself, as blockers: the same kind of answer as the engine gives, with the same two texts.

A text names the row's own column, never what stands in the cell where that could point at a person.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from attrs import evolve

from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.privacy import looks_like_identity
from proeftuin.core.workflow import LANGUAGES

LONGEST = 60
_PLACE = re.compile(r"\{([a-z]+)\}")
_REMEDY = {
    "en": "Do this with `proeftuin fire`, or give another reference.",
    "nl": "Doe dit met `proeftuin fire`, of geef een ander kenmerk.",
}
_MEANT = {"en": 'Did you mean "{meant}"?', "nl": 'Bedoelde u "{meant}"?'}

# code -> (English, Dutch)
TEXTS: Mapping[str, tuple[str, str]] = {
    # The file.
    "workbook": (
        "This is a workbook, not a text. In the spreadsheet, choose Save as, and then CSV.",
        "Dit is een werkmap, geen tekst. Kies in het rekenblad Opslaan als, en dan CSV.",
    ),
    "not-text": (
        "This is no text that can be read. In the spreadsheet, choose Save as, and then CSV UTF-8.",
        "Dit is geen leesbare tekst. Kies in het rekenblad Opslaan als, en dan CSV UTF-8.",
    ),
    "not-a-sheet": (
        "From here on this is no sheet ({problem}). A cell that begins with a quotation mark must end with one.",
        "Vanaf hier is dit geen blad ({problem}). Een cel die met een aanhalingsteken begint, moet er mee eindigen.",
    ),
    "empty-sheet": ("There is nothing in this sheet.", "Er staat niets in dit blad."),
    # The headings.
    "missing-column": ('There is no column "{column}". Add it.', 'Er is geen kolom "{column}". Voeg die toe.'),
    "unknown-column": (
        'Nothing is known of a column "{column}". {hint} Give it another heading, or take it out.',
        'Een kolom "{column}" is niet bekend. {hint} Geef een ander opschrift, of haal de kolom weg.',
    ),
    "double-column": (
        'There are two columns for "{column}". Take one of them out.',
        'Er zijn twee kolommen voor "{column}". Haal er een weg.',
    ),
    "nameless-column": (
        "Column {column} has no heading, and there is something in it. Give it a heading, or empty it.",
        "Kolom {column} heeft geen opschrift, en er staat iets in. Geef een opschrift, of maak de kolom leeg.",
    ),
    # A row.
    "missing-cell": ('"{column}" is empty. Please fill it in.', '"{column}" is leeg. Vul het in.'),
    "extra-cells": (
        "This row has more cells than there are headings. Look for a separator too many.",
        "Deze rij heeft meer cellen dan er opschriften zijn. Zoek een scheidingsteken te veel.",
    ),
    "no-start": (
        'The first row of a pilot begins it: put "start" in its column trigger, and the workflow beside it.',
        'De eerste rij van een proeftuin begint die: zet "start" in de kolom trigger, en de workflow ernaast.',
    ),
    "begun-already": (
        "This pilot was begun in row {row}. Take this start out, or give it another pilot.",
        "Deze proeftuin is begonnen in rij {row}. Haal deze start weg, of geef een andere proeftuin.",
    ),
    "unknown-workflow": (
        'There is no workflow "{value}". {hint} Known are: {known}.',
        'Er is geen workflow "{value}". {hint} Bekend zijn: {known}.',
    ),
    "other-workflow": (
        'This pilot follows "{value}". Leave the workflow empty here.',
        'Deze proeftuin volgt "{value}". Laat de workflow hier leeg.',
    ),
    "unknown-trigger": (
        '"{value}" is nothing that can be done in this workflow. {hint}',
        '"{value}" is niet iets wat in deze workflow gedaan kan worden. {hint}',
    ),
    "unknown-role": (
        '"{value}" is not a role of this workflow. {hint}',
        '"{value}" is geen rol van deze workflow. {hint}',
    ),
    "not-asked": (
        '"{column}" is not asked for in a row of this trigger. Empty it. What can be given: {known}.',
        '"{column}" wordt in een rij met deze handeling niet gevraagd. Maak het leeg. Wat gegeven kan worden: {known}.',
    ),
    "not-on-a-track": (
        "This is not about one track. Leave the column track empty in this row.",
        "Dit gaat niet over een spoor. Laat de kolom spoor leeg in deze rij.",
    ),
    "kept-twice": (
        'The name "{value}" stands in the column keep of row {row} too. Choose another.',
        'De naam "{value}" staat ook in de kolom onthoud van rij {row}. Kies een andere.',
    ),
    "not-kept": (
        'No earlier row of this pilot keeps a record under "{value}". {hint}',
        'Geen eerdere rij van deze proeftuin onthoudt iets als "{value}". {hint}',
    ),
    # A cell.
    "bad-date": (
        '"{column}" is not a day. Write 2026-03-31 or 31-3-2026.',
        '"{column}" is geen datum. Schrijf 2026-03-31 of 31-3-2026.',
    ),
    "bad-number": (
        '"{column}" is not a number. Write 12, 12.5 or 12,5, and nothing else in the cell.',
        '"{column}" is geen getal. Schrijf 12, 12.5 of 12,5, en verder niets in de cel.',
    ),
    "two-numbers": (
        '"{column}" can be read in two ways, as thousands or as a fraction. Write 1234, or 1,2340.',
        '"{column}" kan op twee manieren gelezen worden, als duizendtal of als breuk. Schrijf 1234, of 1,2340.',
    ),
    "bad-truth": (
        '"{column}" is neither yes nor no. Write one of them.',
        '"{column}" is geen ja of nee. Schrijf een van beide.',
    ),
    "bad-choice": (
        '"{column}" is not one of the choices. {hint} They are: {known}.',
        '"{column}" is geen van de keuzes. {hint} Dat zijn: {known}.',
    ),
    "bad-row": (
        '"{column}" holds a row that does not fit. Write {known}, with ; between the rows.',
        '"{column}" bevat een regel die niet past. Schrijf {known}, met ; tussen de regels.',
    ),
    "bad-map": (
        '"{column}" is not a set of names with values. Write for instance {known}.',
        '"{column}" is geen reeks namen met waarden. Schrijf bijvoorbeeld {known}.',
    ),
    "bad-json": (
        '"{column}" is no JSON that can be used ({problem}).',
        '"{column}" is geen bruikbare JSON ({problem}).',
    ),
    "two-values": (
        '"{column}" is given twice: in a column of its own and in another. Empty one of them.',
        '"{column}" is twee keer gegeven: in een eigen kolom en in een andere. Maak er een leeg.',
    ),
    "cannot-be-kept": ("This cannot be kept: {problem}.", "Dit kan niet bewaard worden: {problem}."),
    # What the engine says of the day, in the words of a sheet.
    "after-today": (
        '"{column}" lies in the future. Record it once it has happened.',
        '"{column}" ligt in de toekomst. Leg het vast als het gebeurd is.',
    ),
    "before-last-move": (
        '"{column}" lies before {day}, the day of an earlier row of this pilot. Put them in order, or mend the day.',
        '"{column}" ligt voor {day}, de dag van een eerdere rij van deze proeftuin. Herstel de volgorde of de dag.',
    ),
    # The store.
    "other-history": (
        "There is such a pilot already, and nothing in it came from this row. An import adds nothing to it. {remedy}",
        "Deze proeftuin is er al, en niets daarin komt uit deze rij. Een import voegt er niets aan toe. {remedy}",
    ),
}  # fmt: skip


def fault(code: str, *, column: str | None = None, meant: Iterable[str] = (), **facts: object) -> Blocker:
    """Return a fault as a blocker.

    Args:
        code: a word of `TEXTS`.
        column: the heading that it is about.
        meant: what may have been meant; the first is told.
        facts: what the text is filled with, and what programs get; a mapping holds words per language.
    """
    hints = list(meant)
    params = {name: _shown(value) if name == "value" else value for name, value in facts.items()}
    if column is not None:
        params["column"] = _shown(column)
    if hints:
        params["meant"] = hints[0]
    return Blocker(code, FrozenDict(params), texts=FrozenDict(_texts(code, params)))


def _texts(code: str, params: Mapping[str, object]) -> dict[str, str]:
    found = {}
    for lang, template in zip(LANGUAGES, TEXTS[code], strict=True):
        hint = _MEANT[lang].replace("{meant}", str(params["meant"])) if "meant" in params else ""
        said = {name: one.get(lang) if isinstance(one, Mapping) else one for name, one in params.items()}
        found[lang] = _filled(template, {**said, "hint": hint, "remedy": _REMEDY[lang]})
    return found


def _filled(template: str, facts: Mapping[str, object]) -> str:
    return " ".join(_PLACE.sub(lambda place: str(facts.get(place[1], "")), template).split())


def dated(blocker: Blocker, column: str) -> Blocker:
    """Return a blocker of the engine on the day of a row, in the words of a sheet."""
    params = {"column": column, "day": blocker.params.get("last_move", "")}
    problem = str(blocker.params.get("problem"))
    return evolve(blocker, texts=FrozenDict(_texts(problem, params))) if problem in TEXTS else blocker


def hinted(blocker: Blocker, meant: Iterable[str]) -> Blocker:
    """Return a blocker of the engine with what may have been meant."""
    hints = list(meant)
    if not hints:
        return blocker
    texts = {lang: f"{blocker.text(lang)} {_MEANT[lang].replace('{meant}', hints[0])}" for lang in LANGUAGES}
    return evolve(blocker, texts=texts, params={**blocker.params, "meant": hints[0]})


def _shown(value: object) -> object:
    """Return a fact as it may be told: short, and not where it could point at a person."""
    if not isinstance(value, str):
        return value
    if looks_like_identity(value):
        return "..."
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def close(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that a text may have been meant as, the likeliest first."""
    known = {word.casefold(): word for word in words}
    return [known[one] for one in get_close_matches(text[:LONGEST].casefold(), known, n=1, cutoff=0.65)]
