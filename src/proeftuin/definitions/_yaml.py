"""The one door to ruamel.yaml: text becomes plain values, each with its place.

1. Bounds come first: size before anything is read, depth and number of nodes while the text is read.
2. Nothing is constructed. Plain values come out: mappings with text keys, lists, text, whole numbers, yes or no, None.
3. Refused, each at its place: aliases, anchors, merge keys, tags, directives, a second document, duplicate keys, keys
   that are no text, floats, control characters. What was refused stays in the tree as `BROKEN`, so that one fault
   hides no other and is not told twice.
4. Words are as in YAML 1.2: `on`, `no` and `2024-02-30` are text. `1.10` is a fault, not 1.1.

What is not here: what the values mean. JSON passes too, as JSON is YAML.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from attrs import define, field
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader, ReaderError
from ruamel.yaml.scanner import Scanner

from proeftuin.core.faults import Fault

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000
MAX_SCALAR = 2_000

Path = tuple[str | int, ...]
Place = tuple[int, int]

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


class _Stop(Exception):  # never leaves this module
    """A bound was passed, or what comes next cannot be trusted; nothing more is read."""

    def __init__(self, code: str, text: str, place: Place) -> None:
        self.code, self.text, self.place = code, text, place


class _Scanner(Scanner):
    """The scanner with its hottest paths shortened, which halves the time that a file takes."""

    reader: Any = None
    scanner_processing_version = (1, 2)

    def __init__(self, loader: "_Source") -> None:
        self.reader = loader.reader
        super().__init__(loader)

    def need_more_tokens(self) -> bool:
        """Whether the next token is still unknown: without a possible key in sight, it is the first in the queue."""
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def check_token(self, *choices: type) -> bool:
        """Whether the next token is of one of these types."""
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def fetch_flow_collection_start(self, token: Any, to_push: str) -> None:  # noqa: ANN401  # ruamel's own
        """Stop at a row of brackets here: by the time of its event, a thousand would have been queued."""
        if self.flow_level >= MAX_DEPTH:
            raise _too_deep((self.reader.line + 1, self.reader.column + 1))
        super().fetch_flow_collection_start(token, to_push)

    def fetch_directive(self) -> None:
        """Stop: a directive could change how the rest is read."""
        text = "directives (lines that begin with `%`) are not allowed; leave them out"
        raise _Stop("directive", text, (self.reader.line + 1, 1))


class _Parser(Parser):
    scanner: Any = None
    resolver: Any = None

    def __init__(self, loader: "_Source") -> None:
        self.scanner = loader.scanner
        self.resolver = loader
        super().__init__(loader)


class _Source:
    """What reader, scanner and parser know each other by; there is no resolver and no constructor."""

    typ = ("safe",)
    comment_handling = False
    processing_version = (1, 2)

    def __init__(self, text: str) -> None:
        self.reader = Reader(None, loader=self)
        self.reader.stream = text
        self.scanner = _Scanner(self)
        self.parser = _Parser(self)

    @property
    def place(self) -> Place:
        """How far the text was read."""
        return self.reader.line + 1, self.reader.column + 1

    def events(self) -> Iterator[Any]:
        event = None
        while not isinstance(event, ev.StreamEndEvent):
            event = self.parser.get_event()
            yield event


@define
class _Frame:
    """A collection that is being read; `key` is the one whose value comes next."""

    path: Path
    into: dict[str, Any] | list[Any]
    key: str | None = None
    key_place: Place | None = None


class _Builder:
    """Makes a tree of the events of one document, without recursion."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.stack: list[_Frame] = []
        self.nodes = 0
        self.documents = 0

    def take(self, event: Any) -> None:  # noqa: ANN401  # ruamel's events have no common attributes
        """Take one event."""
        if isinstance(event, ev.AliasEvent):
            place = _place(event)
            self.tree.refuse("alias", f"aliases are not allowed: write out what `*{event.anchor}` stands for", place)
            self._node(BROKEN, place)
        elif isinstance(event, ev.NodeEvent):
            self._start(event)
        elif isinstance(event, ev.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, ev.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Stop("several-documents", "a file holds one workflow; start another file", _place(event))

    def _start(self, event: Any) -> None:  # noqa: ANN401  # as above
        place = _place(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _Stop("too-many-nodes", f"a workflow has at most {MAX_NODES} keys and values", place)
        if event.anchor is not None:
            self.tree.refuse("anchor", f"anchors are not allowed; leave `&{event.anchor}` out", place)
        if event.tag is not None:
            self.tree.refuse("tag", f"tags are not allowed; leave `{str(event.tag)[:64]}` out", place)
        if isinstance(event, ev.ScalarEvent):
            self._node(event if event.tag is None else BROKEN, place)
            return
        if len(self.stack) == MAX_DEPTH:
            raise _too_deep(place)
        self._node({} if isinstance(event, ev.MappingStartEvent) else [], place)

    def _node(self, value: Any, place: Place) -> None:  # noqa: ANN401  # an event of a scalar, a new collection, or BROKEN
        frame = self.stack[-1] if self.stack else None
        if frame is None:
            self.tree.value = self._enter((), value, place)
        elif isinstance(frame.into, list):
            frame.into.append(self._enter((*frame.path, len(frame.into)), value, place))
        elif frame.key_place is None:
            self._key(frame, value, place)
        else:
            self._value(frame, value, place)

    def _enter(self, path: Path, value: Any, place: Place) -> Any:  # noqa: ANN401  # as above
        if isinstance(value, dict | list):
            self.tree.places[path] = self.tree.keys.get(path, place)
            self.stack.append(_Frame(path, value))
            return value
        self.tree.places[path] = place
        return value if value is BROKEN else self._scalar(value, place, path)

    def _key(self, frame: _Frame, value: Any, place: Place) -> None:  # noqa: ANN401  # as above
        frame.key, frame.key_place = None, place
        if isinstance(value, dict | list):
            self.tree.refuse("bad-key", "a key is one word; put text that starts with `{` or `[` in quotes", place)
            self.stack.append(_Frame((*frame.path, "?"), value))
            return
        if value is BROKEN:
            return
        word = self._scalar(value, place, frame.path)
        if word is BROKEN:
            return
        if not isinstance(word, str):
            self.tree.refuse("bad-key", f"a key is a word; put `{value.value}` in quotes to make it one", place)
        elif word == "<<" and value.style is None:
            self.tree.refuse("merge-key", "merge keys are not allowed: write out what is merged", place)
        elif word in frame.into:
            path = (*frame.path, word)
            self.tree.refuse("duplicate-key", f"`{word[:64]}` stands here twice; remove one", place, path)
        else:
            frame.key = word
            self.tree.keys[*frame.path, word] = place

    def _value(self, frame: _Frame, value: Any, place: Place) -> None:  # noqa: ANN401  # as above
        key, frame.key_place = frame.key, None
        if key is not None and isinstance(frame.into, dict):
            frame.into[key] = self._enter((*frame.path, key), value, place)
        elif isinstance(value, dict | list):  # under a key that was refused: read to its end, and dropped
            self.stack.append(_Frame((*frame.path, "?"), value))

    def _scalar(self, event: Any, place: Place, path: Path) -> Any:  # noqa: ANN401  # text, int, bool, None or BROKEN
        text = event.value
        if len(text) > MAX_SCALAR:
            self.tree.refuse("too-long", f"a text has at most {MAX_SCALAR} characters", place, path)
        elif _CONTROL.search(text):
            self.tree.refuse("control-character", "control characters are not allowed; leave them out", place, path)
        elif event.style is not None:
            return text
        elif _NULL.fullmatch(text):
            return None
        elif _YES_NO.fullmatch(text):
            return text[0] in "tT"
        elif _WHOLE.fullmatch(text):
            return int(text)
        elif _NUMBER.fullmatch(text):
            word = text[:64]
            self.tree.refuse("number", f'`{word}` is no whole number; write "{word}", in quotes', place, path)
        else:
            return text
        return BROKEN


def _place(event: Any) -> Place:  # noqa: ANN401  # as above
    return event.start_mark.line + 1, event.start_mark.column + 1


def _too_deep(place: Place) -> _Stop:
    return _Stop("too-deep", f"a workflow is at most {MAX_DEPTH} levels deep", place)


def _read(text: str, builder: _Builder) -> None:
    """Take the events of a text, or stop with the one reason that nothing more can be read."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _Stop("too-large", f"a workflow has at most {MAX_BYTES // 1024} kB", (1, 1))
    text = text.removeprefix("\ufeff")
    place = (1, 1)
    try:
        source = _Source(text)
        for event in source.events():
            builder.take(event)
            place = source.place
    except ReaderError as error:
        before = text[: error.position]
        place = before.count("\n") + 1, error.position - before.rfind("\n")
        raise _Stop("control-character", "control characters are not allowed; leave them out", place) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = ", ".join(part for part in (error.context, error.problem) if part)
        raise _Stop("not-yaml", problem, (mark.line + 1, mark.column + 1) if mark else place) from None
    except _Stop:
        raise
    except Exception as error:  # noqa: BLE001  # whatever the parser raises on hostile text is a fault of the text
        raise _Stop("not-yaml", f"this cannot be read as YAML ({type(error).__name__})", place) from None


def compose(text: str) -> Tree:
    """Return the tree of a document. Its `faults` are those of the text; its value is `BROKEN` where there is none."""
    builder = _Builder()
    tree = builder.tree
    try:
        _read(text, builder)
    except _Stop as stop:
        tree.refuse(stop.code, stop.text, stop.place)
        tree.value = BROKEN
    if tree.value is BROKEN and not tree.faults:
        tree.refuse("empty", "there is nothing here; a workflow begins with `format: 1`", (1, 1))
    return tree
