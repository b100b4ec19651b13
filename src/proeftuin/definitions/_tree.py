"""A document as plain values, each with its place: mappings, lists, text, whole numbers, `true` and `false`, None.

1. Refused, each at its place: aliases, anchors, merge keys, tags, a second document, duplicate keys, keys that are no
   text, floats, control characters, too many nodes. What was refused stays in the tree as `BROKEN`, so that one fault
   hides no other and is not told twice.
2. Words are as in YAML 1.2: `on`, `no` and `2024-02-30` are text. `1.10` is a fault, not 1.1.

What is not here: what the values mean. JSON passes too, as JSON is YAML.
"""

import re
from typing import Any, Final

from attrs import define, field

from proeftuin.core.faults import Fault
from proeftuin.definitions._yaml import MAX_DEPTH, Event, Place, Stop, events, too_deep

MAX_NODES = 20_000
MAX_SCALAR = 2_000

Path = tuple[str | int, ...]

_NULL = re.compile(r"null|Null|NULL|~|")
_YES_NO = re.compile(r"true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


class _Broken:
    """The type of `BROKEN`."""

    def __repr__(self) -> str:
        return "BROKEN"


BROKEN: Final = _Broken()


@define
class Tree:
    """A document as plain values, the places of its nodes, and what is wrong with its text.

    Attributes:
        places: per path where its value stands; for a mapping or list under a key, where the key stands.
        keys: per path where its key stands.
    """

    value: Any = BROKEN
    places: dict[Path, Place] = field(factory=dict)
    keys: dict[Path, Place] = field(factory=dict)
    faults: list[Fault] = field(factory=list)

    def refuse(self, code: str, text: str, place: Place, path: Path = ()) -> None:
        """Note a fault of the text."""
        self.faults.append(Fault(code, text, path, line=place[0], column=place[1]))

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return line and column of a path, or of the nearest one above it that the text has."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


@define
class _Frame:
    """A collection that is being read; `key` is the one whose value comes next, None where that was refused."""

    path: Path
    into: dict[str, Any] | list[Any]
    key: str | None = None
    awaits_value: bool = False


class _Builder:
    """Makes a tree of the events of one document, without recursion."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.stack: list[_Frame] = []
        self.nodes = 0
        self.documents = 0

    def take(self, event: Event) -> None:
        """Take one event."""
        if event.kind == "end":
            self.stack.pop()
        elif event.kind == "document":
            self.documents += 1
            if self.documents > 1:
                raise Stop("several-documents", "a file holds one workflow; start another file", event.place)
        else:
            self._check(event)
            self._node(event)

    def _check(self, event: Event) -> None:
        """Refuse what makes YAML more than plain data, and more of it than a workflow can need."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Stop("too-many-nodes", f"a workflow has at most {MAX_NODES} keys and values", event.place)
        if event.kind in {"mapping", "list"} and len(self.stack) == MAX_DEPTH:
            raise too_deep(event.place)
        if event.kind == "alias":
            text = f"aliases are not allowed: write out what `*{event.text[:64]}` stands for"
            self.tree.refuse("alias", text, event.place)
        if event.anchor is not None:
            text = f"anchors are not allowed; leave `&{event.anchor[:64]}` out"
            self.tree.refuse("anchor", text, event.place)
        if event.tag is not None:
            self.tree.refuse("tag", f"tags are not allowed; leave `{event.tag[:64]}` out", event.place)

    def _node(self, event: Event) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is None:
            self.tree.value = self._enter((), event)
        elif isinstance(frame.into, list):
            frame.into.append(self._enter((*frame.path, len(frame.into)), event))
        elif frame.awaits_value:
            frame.awaits_value = False
            value = self._enter((*frame.path, "?" if frame.key is None else frame.key), event)
            if frame.key is not None:  # otherwise it is read to its end, and dropped with its key
                frame.into[frame.key] = value
        else:
            frame.awaits_value = True
            frame.key = self._key(frame, event)

    def _enter(self, path: Path, event: Event) -> Any:  # noqa: ANN401  # a plain value, or BROKEN
        """Return the value of a node, a new collection on the stack, or BROKEN."""
        if event.kind == "scalar":
            self.tree.places[path] = event.place
            return BROKEN if event.tag is not None else self._scalar(event, path)
        if event.kind == "alias":
            return BROKEN
        self.tree.places[path] = self.tree.keys.get(path, event.place)
        into: dict[str, Any] | list[Any] = {} if event.kind == "mapping" else []
        self.stack.append(_Frame(path, into))
        return into

    def _key(self, frame: _Frame, event: Event) -> str | None:
        """Return the word of a key, None where it was refused."""
        if event.kind in {"mapping", "list"}:
            text = "a key is one word; put text that starts with `{` or `[` in quotes"
            self.tree.refuse("bad-key", text, event.place)
            self.stack.append(_Frame((*frame.path, "?"), {} if event.kind == "mapping" else []))
            return None
        word = BROKEN if event.kind == "alias" or event.tag is not None else self._scalar(event, frame.path)
        if word is BROKEN:
            return None
        if not isinstance(word, str):
            text = f"a key is a word; put `{event.text}` in quotes to make it one"
            self.tree.refuse("bad-key", text, event.place)
        elif word == "<<" and event.plain:
            self.tree.refuse("merge-key", "merge keys are not allowed: write out what is merged", event.place)
        elif word in frame.into:
            text = f"`{word[:64]}` stands here twice; remove one"
            self.tree.refuse("duplicate-key", text, event.place, (*frame.path, word))
        else:
            self.tree.keys[*frame.path, word] = event.place
            return word
        return None

    def _scalar(self, event: Event, path: Path) -> Any:  # noqa: ANN401  # text, int, bool, None or BROKEN
        text, shown = event.text, event.text[:64]
        if len(text) > MAX_SCALAR:
            self.tree.refuse("too-long", f"a text has at most {MAX_SCALAR} characters", event.place, path)
        elif _CONTROL.search(text):
            message = "control characters are not allowed; leave them out"
            self.tree.refuse("control-character", message, event.place, path)
        elif event.plain and _NUMBER.fullmatch(text) and not _WHOLE.fullmatch(text):
            message = f'`{shown}` is no whole number; write "{shown}", in quotes'
            self.tree.refuse("number", message, event.place, path)
        else:
            return _resolved(text) if event.plain else text
        return BROKEN


def _resolved(text: str) -> str | int | bool | None:
    """Return what a text without quotes means in YAML 1.2."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if _YES_NO.fullmatch(text):
        return text[0] in "tT"
    return None if _NULL.fullmatch(text) else text


def compose(text: str, of: str = "a workflow") -> Tree:
    """Return the tree of a document, and of what kind it is. Its `faults` are those of the text.

    Its value is `BROKEN` where there is none.
    """
    builder = _Builder()
    tree = builder.tree
    try:
        for event in events(text, of):
            builder.take(event)
    except Stop as stop:
        tree.refuse(stop.code, stop.text, stop.place)
        tree.value = BROKEN
    if tree.value is BROKEN and not tree.faults:
        tree.refuse("empty", "there is nothing here; a workflow begins with `format: 1`", (1, 1))
    return tree
