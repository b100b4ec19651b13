"""The fields of a form, made from those of an option: what each is called, what it may hold, what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve, frozen

from proeftuin.core.commands import Blocker
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.workflow import Workflow
from proeftuin.views import plain
from proeftuin.views.timeline import field_words
from proeftuin.web.pages.form import DATA, Form, word_of
from proeftuin.web.pages.page import Page
from proeftuin.web.pages.taking import Shape, within

FEW = 4
"""So many choices at most are all shown at once."""
LONG = 255
"""A text that may be longer gets room for it."""
EMPTY_ROWS = 2
CHOICE = 120
"""So many characters at most tell a record among others."""
PICKED = frozenset({"select", "checks"})
"""Kinds that are left out where there is nothing to pick, and nothing has to be."""
_PLACE = re.compile(r"\[(\d+)\]")
_INPUTS = {"date": "date", "url": "url"}


@frozen
class Widget:
    """One field as it is shown.

    Attributes:
        name: under which it is sent; its `id` is made of it.
        kind: `input`, `area`, `select`, `radios`, `checks`, `rows`, `group` or `record`.
        type: of an `input`.
        values: what it holds now; the fields of each row stand in `rows`, those of a `group` or `record` in one.
        choices: what may be picked, each with its words; of an `input`, what is proposed.
        errors: what is wrong with it.
        focus: whether it gets the focus, as the first of a row that was asked for.
    """

    name: str
    label: str
    kind: str
    required: bool = False
    type: str = "text"
    hint: str = ""
    longest: int | None = None
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    rows: "tuple[tuple[Widget, ...], ...]" = ()
    errors: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None
    focus: bool = False

    @property
    def id(self) -> str:
        """What its label and its errors name it by."""
        return "x-" + re.sub(r"[^A-Za-z0-9]", "-", self.name)

    @property
    def value(self) -> str:
        """What it holds, where that is one thing."""
        return self.values[0] if self.values else ""


Errors = Mapping[str, list[str]]


def errors_of(blockers: Iterable[Blocker], fields: Mapping[str, Shape], lang: str) -> dict[str, list[str]]:
    """Return what is wrong with fields, by the name under which each is sent; the rest is not about a field."""
    found: dict[str, list[str]] = {}
    for one in blockers:
        if (name := name_of(one, fields)) is not None:
            found.setdefault(name, []).append(one.text(lang))
    return found


def name_of(blocker: Blocker, fields: Mapping[str, Shape]) -> str | None:
    """Return the name under which the field is sent that a blocker is about, None where it is about none."""
    place = blocker.params.get("field")
    if not isinstance(place, str):
        return None
    dotted = _PLACE.sub(r".\1", place)
    top = dotted.partition(".")[0]
    if top not in fields:  # of a correction, a field of the record is told by its own name
        groups = (name for name, shape in fields.items() if shape["type"] == "map" and top in within(shape))
        return next((f"{DATA}{name}.{dotted}" for name in groups), None)
    return DATA + (dotted if within(fields[top]) else top)


class Maker:
    """Makes the fields of one form.

    Args:
        page: who looks, in which language.
        flow: the workflow, whose words they are.
        pilot: whose tracks and records may be pointed at; None where there is none yet.
        form: what was typed, or is known beforehand.
        errors: what is wrong with it.
    """

    def __init__(self, page: Page, flow: Workflow, pilot: Pilot | None, form: Form, errors: Errors) -> None:
        self._page = page
        self._flow = flow
        self._pilot = pilot
        self._form = form
        self._errors = errors
        self._fresh = "_token" not in form
        self._today = page.desk.today(flow).isoformat()  # what is offered; the engine judges

    def all(self, fields: Mapping[str, Shape], prefix: str = DATA) -> tuple[Widget, ...]:
        """Return every field."""
        shown = (self._one(prefix + name, shape) for name, shape in fields.items())
        return tuple(one for one in shown if one.kind not in PICKED or one.choices or one.required or one.errors)

    def _one(self, name: str, shape: Shape) -> Widget:
        label = str(shape["label"].get(self._page.lang) or name)
        facts: dict[str, Any] = {
            "name": name,
            "label": label[:1].upper() + label[1:],
            "required": shape["required"],
            "errors": tuple(self._errors.get(name, ())),
            "values": tuple(self._form.all(name)) or (self._default(shape) if self._fresh else ()),
        }
        make = _LISTS if shape["type"] == "list" else _MAKERS.get(shape["type"], Maker.plain)
        return make(self, shape, facts)

    def _default(self, shape: Shape) -> tuple[str, ...]:
        """Return what a field holds before anybody typed: its default, or today for a day that is mostly today."""
        if "default" in shape:
            return (word_of(shape["default"]),)
        return (self._today,) if shape["required"] and shape.get("not_after") == "today" else ()

    def plain(self, shape: Shape, facts: dict[str, Any]) -> Widget:
        """A line of text, of whatever type."""
        kind = shape["type"]
        low, high = shape.get("min"), shape.get("max")
        proposed = self._persons() if kind == "person" else ()
        if kind in {"integer", "decimal"}:
            bounds = "-".join(str(one) for one in (low, high) if one is not None)
            return Widget(**facts, kind="input", type="number", hint=bounds if high is not None else "")
        if kind == "text" and int(high or LONG + 1) > LONG:
            return Widget(**facts, kind="area", longest=int(high) if high else None)
        longest = int(high) if kind == "text" and high else None
        return Widget(**facts, kind="input", type=_INPUTS.get(kind, "text"), longest=longest, choices=proposed)

    def date(self, shape: Shape, facts: dict[str, Any]) -> Widget:
        """A day."""
        latest = self._today if shape.get("not_after") == "today" else None
        return Widget(**facts, kind="input", type="date", high=latest)

    def pick(self, shape: Shape, facts: dict[str, Any]) -> Widget:
        """One of some choices."""
        choices = tuple((word_of(one), self._page.value(self._flow, one)) for one in shape.get("choices", ()))
        few = len(choices) <= FEW
        return Widget(**facts, kind="radios" if few else "select", choices=choices)

    def yes_no(self, _shape: Shape, facts: dict[str, Any]) -> Widget:
        """Yes or no; nothing, where it need not be said."""
        choices = (("true", self._page.tell("yes")), ("false", self._page.tell("no")))
        return Widget(**facts, kind="radios", choices=choices)

    def reference(self, shape: Shape, facts: dict[str, Any]) -> Widget:
        """A track or a record that there is."""
        return Widget(**facts, kind="select", choices=self._pointed(shape))

    def several(self, shape: Shape, facts: dict[str, Any]) -> Widget:
        """A list: of rows, of choices, of what there is, or of lines."""
        of = shape.get("of", "text")
        if isinstance(of, Mapping):
            return self._rows(of, facts)
        if isinstance(of, tuple):
            return Widget(
                **facts, kind="checks", choices=tuple((word_of(one), self._page.value(self._flow, one)) for one in of)
            )
        if "candidates" in shape:
            return Widget(**facts, kind="checks", choices=self._pointed(shape))
        return self._lines(facts, "lines")

    def pairs(self, shape: Shape, facts: dict[str, Any]) -> Widget:
        """A map: a field for each key that it may have, or else lines."""
        if inside := within(shape):
            return self._record_fields(inside, facts)
        if "keys" not in shape:
            return self._lines(facts, "pairs")
        facts.pop("values")
        each = {"type": shape.get("of", "text"), "required": False}
        each |= {name: shape[name] for name in ("min", "max") if name in shape}
        keys = {key: {**each, "label": {self._page.lang: self._page.word(self._flow, key)}} for key in shape["keys"]}
        return Widget(**facts, kind="group", rows=(self.all(keys, f"{facts['name']}."),))

    def _record_fields(self, of: Mapping[str, Shape], facts: dict[str, Any]) -> Widget:
        """What a record says, to be corrected; the first field gets the focus where the record was just picked."""
        facts.pop("values")
        facts["label"] = self._page.tell("says")
        says = self.all(of, f"{facts['name']}.")
        if self._form.one("_more") == f"{DATA}record":
            says = _focused(says)
        return Widget(**facts, kind="record", hint=self._page.tell("as-recorded"), rows=(says,))

    def _lines(self, facts: dict[str, Any], hint: str) -> Widget:
        values = ("\n".join(facts.pop("values")),)
        return Widget(**facts, kind="area", values=values, hint=self._page.tell(hint))

    def _rows(self, of: Mapping[str, Shape], facts: dict[str, Any]) -> Widget:
        name, more = facts["name"], self._form.one("_more") == facts["name"]
        shown = max(self._form.rows(name), 1)
        rows = [self.all(of, f"{name}.{number}.") for number in range(shown + (EMPTY_ROWS if more else 0))]
        if more:
            rows[shown] = _focused(rows[shown])
        return Widget(**facts, kind="rows", rows=tuple(rows))

    def _persons(self) -> tuple[tuple[str, str], ...]:
        """Give those who did something on this pilot, or were given a duty."""
        if self._pilot is None:
            return ()
        named = {str(one.data["person"]) for one in self._pilot.assignments if one.data.get("person")}
        return tuple((one, one) for one in sorted(named | {*self._pilot.acted_as}))

    def _pointed(self, shape: Shape) -> tuple[tuple[str, str], ...]:
        return tuple((one, self._told(one)) for one in shape.get("candidates", ()))

    def _told(self, name: str) -> str:
        """Return what a track or record is, in a few words."""
        if self._pilot is None:
            return name
        if (track := self._pilot.tracks.get(name)) is not None:
            return f"{name} ({self._page.word(self._flow, track.state)})"
        for held in self._pilot.kept.values():
            for one in held:
                if one.id == name:
                    return self._record(one)
        return name

    def _record(self, one: Record) -> str:
        """Return a record as the history tells it, behind its day, by which people know it."""
        day = one.dated.isoformat()
        said = field_words(self._flow, one.data, self._page.lang, apart=(day, one.track))
        return plain(
            f"{self._page.word(self._flow, one.type)} {self._page.value(self._flow, day)}: {', '.join(said)}", CHOICE
        )


def _focused(widgets: tuple[Widget, ...]) -> tuple[Widget, ...]:
    """Return fields of which the first, if there is one, gets the focus."""
    return (*(evolve(one, focus=True) for one in widgets[:1]), *widgets[1:])


Make = Callable[[Maker, Shape, dict[str, Any]], Widget]
_LISTS: Make = Maker.several
_MAKERS: Mapping[str, Make] = {
    "choice": Maker.pick,
    "boolean": Maker.yes_no,
    "date": Maker.date,
    "track": Maker.reference,
    "record": Maker.reference,
    "map": Maker.pairs,
}
