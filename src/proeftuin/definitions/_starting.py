"""A workflow file to start with: on top of another workflow, with what one may want to change as comments.

Prose has one blank behind its `#`. What stands right behind it, or behind two blanks, is a piece of the file: with all
of these `#` taken away it is a workflow without a fault.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from proeftuin.core.workflow import ANY_OPEN, SAME, Edge, Label, Workflow
from proeftuin.definitions._dump import plain_of

_BARE = re.compile(r"([A-Za-z][A-Za-z0-9_./-]*|[0-9]+ [a-z]+)( [A-Za-z0-9_./-]+)*")
_WORDS = re.compile("(?i)true|false|null|yes|no|on|off")
_LONG = 116
_ORDER = ("when", "from", "to", "while", "allow", "sign")
_ONE = ("from", "while")
_GUARDS = ("require", "advise")

Lines = tuple[str, ...]

_TEXTS: Mapping[str, tuple[Lines, Lines]] = {
    "head": (
        (
            "This lifecycle builds on `{base}` ({label}): what is not said here is as it is there.",
            "Take away the `#` before what you want to change. `proeftuin lint FILE` tells faults by their line, and",
            "what is different from the base; `proeftuin diagram FILE --sheet` writes a page to print, for the board.",
        ),
        (
            "Dit verloop bouwt op `{base}` ({label}): wat hier niet staat, is zoals daar.",
            "Haal de `#` weg voor wat u wilt veranderen. `proeftuin lint BESTAND` noemt fouten met hun regel, en wat",
            "anders is dan daar; `proeftuin diagram BESTAND --sheet` maakt een blad om te printen, voor het bestuur.",
        ),
    ),
    "version": (
        ("A version that pilots follow is not changed any more: a change gets the next number.",),
        ("Een versie die proeftuinen volgen verandert niet meer: een wijziging krijgt het volgende nummer.",),
    ),
    "roles": (
        ("Who there is. A role can be called otherwise, and there can be others.",),
        ("Wie er zijn. Een rol kan anders heten, en er kunnen er meer zijn.",),
    ),
    "records": (("What is kept. Here: a legal check.",), ("Wat wordt bewaard. Hier: een juridische toets.",)),
    "edges": (
        (
            "What may be done, by whom, and what that takes. What is said here of a trigger takes the place of all",
            "that the base says of it. Here: recording the check, and a step that now asks for it.",
        ),
        (
            "Wat mag, door wie, en wat dat vraagt. Wat hier over een handeling staat, komt in de plaats van alles wat",
            "daar over die handeling staat. Hier: de toets vastleggen, en een stap die er nu om vraagt.",
        ),
    ),
    "clocks": (("Terms. Here: another number of days.",), ("Termijnen. Hier: een ander aantal dagen.",)),
    "words": (("What people read.",), ("Wat mensen lezen.",)),
    "codes": (
        ("What somebody reads who is refused: {who} and {what} are filled in.",),
        ("Wat iemand leest die wordt geweigerd: {who} en {what} worden ingevuld.",),
    ),
    "without": (
        ("What is left out goes under `without`: a list of triggers, as `without: [{trigger}]`.",),
        ("Wat wegvalt, komt onder `without`: een lijst van handelingen, zoals `without: [{trigger}]`.",),
    ),
    "there": (
        ("What can be named, with what people call it:",),
        ("Wat er te noemen valt, met hoe mensen het noemen:",),
    ),
}
_SECTIONS = {
    "roles": ("roles", "rollen"),
    "states": ("states", "standen"),
    "triggers": ("triggers", "handelingen"),
    "records": ("records", "gegevens"),
    "tracks": ("tracks", "sporen"),
    "clocks": ("terms", "termijnen"),
}


def starting_file(name: str, base: Workflow, extends: str, *, lang: str = "en") -> str:
    """Return the text of a workflow file to start with.

    Args:
        name: of the new workflow.
        base: what it builds on.
        extends: how the file names that.
        lang: of the comments, `en` or `nl`.
    """
    return "\n".join(_Starting(name, base, extends, lang).lines()) + "\n"


class _Starting:
    """The lines of the file."""

    def __init__(self, name: str, base: Workflow, extends: str, lang: str) -> None:
        self.name, self.base, self.extends, self.lang = name, base, extends, lang
        self.role = _free("lawyer", {*base.roles, *base.groups})
        self.record = _free("legal_check", base.records)
        self.trigger = _free("record_legal_check", {edge.trigger for edge in _edges(base)})
        self.code = _free("missing-legal-check", base.codes)

    def lines(self) -> Iterator[str]:
        yield from self._prose("head", base=self.extends, label=self._said(self.base.label))
        yield ""
        yield from ("format: 1", f"workflow: {self.name}", "version: 1", f"extends: {self.extends}")
        yield f"label: {flow(self.base.label)}"
        yield from self._prose("version")
        for section, made in self._sections().items():
            yield ""
            yield from self._prose(section)
            yield f"#{section}:"
            yield from (f"#  {line}" for line in made)
        yield ""
        last = next((edge for edge in self.base.edges if edge.snooze is not None), self.base.edges[-1])
        yield from self._prose("without", trigger=last.trigger)
        yield ""
        yield from self._prose("there")
        for section, named in self._there().items():
            yield from _wrapped(f"{_SECTIONS[section][self.lang == 'nl']}:", named)

    def _prose(self, which: str, **facts: str) -> Iterator[str]:
        for line in _TEXTS[which][self.lang == "nl"]:
            text = line
            for name, fact in facts.items():
                text = text.replace(f"{{{name}}}", fact)
            yield f"# {text}"

    def _said(self, label: Label | None) -> str:
        return str((label or {}).get(self.lang) or next(iter((label or {}).values()), ""))

    def _sections(self) -> dict[str, list[str]]:
        renamed = next(iter(self.base.roles))
        sections = {
            "roles": [
                f"{renamed}: {flow({'label': self.base.roles[renamed].label})}",
                f"{self.role}: {{side: client, label: {{en: Lawyer, nl: Jurist}}}}",
            ],
            "records": [
                f"{self.record}:",
                "  label: {en: Legal check, nl: Juridische toets}",
                "  fields:",
                "    date: {type: date, not_after: today, required: true, label: {en: Day, nl: Datum}}",
                "    allowed: {type: boolean, required: true, label: {en: Allowed, nl: Toegestaan}}",
            ],
            "edges": [
                f"- trigger: {self.trigger}",
                "  from: any_open",
                f"  allow: [{self.role}]",
                f"  records: [{{add: {self.record}}}]",
                *self._asked(),
            ],
            "clocks": self._clock(),
            "words": [f"{self.trigger}: {{en: Record the legal check, nl: Juridische toets vastleggen}}"],
            "codes": [
                f"{self.code}:",
                '  en: "The lawyer has not said yes yet. Who can: {who} ({what})."',
                '  nl: "De jurist heeft nog geen ja gezegd. Wie dat kan: {who} ({what})."',
            ],
        }
        return {section: lines for section, lines in sections.items() if lines}

    def _asked(self) -> Iterator[str]:
        """Give the edges of a step as they are in the base, with one condition more."""
        trigger = _step(self.base)
        asked = {"has": {"record": self.record, "where": {"allowed": True}, "code": self.code}}
        for edge in self.base.edges:
            if edge.trigger == trigger:
                written = plain_of(edge)
                yield from _edge({**written, "require": [*written.get("require", []), asked]})

    def _clock(self) -> list[str]:
        return [f"{name}: {{due: {flow(_short(plain_of(clock)['due']))}}}" for name, clock in self.base.clocks.items()][
            :1
        ]

    def _there(self) -> dict[str, list[str]]:
        base = self.base
        triggers = dict.fromkeys(edge.trigger for edge in _edges(base))
        labels = {edge.trigger: edge.label or base.words.get(edge.trigger) for edge in _edges(base)}
        found = {
            "roles": [self._named(name, one.label) for name, one in base.roles.items()],
            "states": [self._named(name, one.label) for name, one in base.states.items()],
            "triggers": [self._named(name, labels[name]) for name in triggers],
            "records": [self._named(name, one.label) for name, one in base.records.items()],
            "tracks": [self._named(name, one.label) for name, one in base.tracks.items()],
            "clocks": [self._named(name, one.label) for name, one in base.clocks.items()],
        }
        return {section: named for section, named in found.items() if named}

    def _named(self, name: str, label: Label | None) -> str:
        said = self._said(label)
        return f"{name} ({said})" if said else name


def _edges(workflow: Workflow) -> Iterator[Edge]:
    yield from workflow.edges
    for kind in workflow.tracks.values():
        yield from kind.edges


def _step(workflow: Workflow) -> str:
    """Return the trigger that a check may come before: one that leads to the suppliers, or else one that moves."""
    moves = [edge for edge in workflow.edges if edge.to not in {None, SAME} and ANY_OPEN not in edge.sources]
    talks = (edge for edge in moves if workflow.states[str(edge.to)].phase == "supplier_talks")
    return next(talks, next(iter(moves), workflow.edges[0])).trigger


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken yet."""
    joint = "-" if "-" in name else "_"
    others = (f"{name}{joint}{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in others if one not in taken)


def _edge(edge: Mapping[str, Any]) -> Iterator[str]:
    """Give the lines of an edge, in the order in which people write them, and its guards one a line."""
    first = [key for key in _ORDER if key in edge]
    last = [key for key in _GUARDS if key in edge]
    yield f"- trigger: {edge['trigger']}"
    for key in (*first, *(key for key in edge if key not in {"trigger", *first, *last}), *last):
        if key in _GUARDS:
            yield f"  {key}:"
            yield from (f"    - {flow(one).removeprefix('{').removesuffix('}')}" for one in edge[key])
        else:
            yield f"  {key}: {flow(_short(edge[key]) if key in _ONE else edge[key])}"


def _short(value: Any) -> Any:  # noqa: ANN401  # a plain value
    """Return the one item of a list, where a list of one may be written so."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def flow(value: Any) -> str:  # noqa: ANN401  # a plain value
    """Return a plain value on one line, as people write it in YAML."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_scalar(key)}: {flow(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(flow(one) for one in value)}]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str):
        return json.dumps(value)
    return value if _BARE.fullmatch(value) and not _WORDS.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _wrapped(head: str, words: Iterable[str]) -> Iterator[str]:
    """Give words as prose, a long list on several lines."""
    line = f"# {head}"
    for number, word in enumerate(words):
        line += "," if number else ""
        if len(line) + len(word) > _LONG:
            yield line
            line = f"# . {word}"
        else:
            line += f" {word}"
    yield line
