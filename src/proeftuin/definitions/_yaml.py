"""The one door to ruamel.yaml: text comes in, events come out, as plain values with their places.

The parser is asked for events only; nothing is ever resolved or constructed. What it can stumble over on hostile text
(bad YAML, `ValueError`, `RecursionError` and the rest) comes out as one exception, `Stop`, with a place. Bounds are
held while the text is read: its size, and its depth before a row of brackets is queued.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal

from attrs import frozen
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader, ReaderError
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32

Place = tuple[int, int]

_WORD = re.compile(r"[A-Za-z0-9_]+(?=[,}\]]|: )")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@frozen
class Event:
    """What stands in the text next.

    Attributes:
        kind: a `document` begins, a `mapping` or `list` begins or has its `end`, a `scalar`, an `alias`.
        place: line and column, from 1.
        text: of a scalar, without its quotes; of an alias its name.
        plain: whether a scalar stands without quotes.
    """

    kind: Literal["document", "mapping", "list", "end", "scalar", "alias"]
    place: Place
    text: str = ""
    plain: bool = True
    anchor: str | None = None
    tag: str | None = None


class Stop(Exception):  # the package's own; `compose` turns it into a fault
    """A bound was passed, or what comes next cannot be trusted; nothing more is read."""

    def __init__(self, code: str, text: str, place: Place) -> None:
        self.code, self.text, self.place = code, text, place
        super().__init__(code)


def too_deep(place: Place) -> Stop:
    """Return the reason to stop at a collection within too many others."""
    return Stop("too-deep", f"a workflow is at most {MAX_DEPTH} levels deep", place)


class _Scanner(Scanner):
    """The scanner with its hottest paths shortened, which halves the time that a file takes."""

    reader: Any = None
    scanner_processing_version = (1, 2)

    def __init__(self, text: str) -> None:
        self.reader = Reader(None)
        self.reader.stream = text
        super().__init__(None)

    def need_more_tokens(self) -> bool:
        """Whether the next token is still unknown: without a possible key in sight, it is the first in the queue."""
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def check_token(self, *choices: type) -> bool:
        """Whether the next token is of one of these types."""
        if not self.tokens or self.possible_simple_keys:
            while self.need_more_tokens():
                self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def scan_plain(self) -> Any:  # noqa: ANN401  # ruamel's own
        """Read a plain scalar; one word that ends at a bracket, comma or colon is read at one go."""
        reader = self.reader
        word = _WORD.match(reader.buffer, reader.pointer) if self.flow_context else None
        if word is None:
            return super().scan_plain()
        start = reader.get_mark()
        length = word.end() - reader.pointer
        reader.pointer += length
        reader.index += length
        reader.column += length
        self.allow_simple_key = False
        return ScalarToken(word[0], True, start, reader.get_mark())  # noqa: FBT003  # plain; ruamel's own

    def fetch_flow_collection_start(self, token: Any, to_push: str) -> None:  # noqa: ANN401  # ruamel's own
        """Stop at a row of brackets here: by the time of its event, a thousand would have been queued."""
        if self.flow_level >= MAX_DEPTH:
            raise too_deep((self.reader.line + 1, self.reader.column + 1))
        super().fetch_flow_collection_start(token, to_push)

    def fetch_directive(self) -> None:
        """Stop: a directive could change how the rest is read."""
        text = "directives (lines that begin with `%`) are not allowed; leave them out"
        raise Stop("directive", text, (self.reader.line + 1, 1))


class _Loader:
    """All that the parser asks of a loader and a resolver: there is no constructor, and nothing is kept of comments."""

    processing_version = (1, 2)
    comment_handling = None


class _Parser(Parser):
    scanner: Any = None
    resolver: Any = _Loader

    def __init__(self, text: str) -> None:
        self.scanner = _Scanner(text)
        super().__init__(_Loader())

    def all_events(self) -> Iterator[Any]:
        """Yield ruamel's events up to the end of the text."""
        event = None
        while not isinstance(event, ev.StreamEndEvent):
            event = self.get_event()
            yield event


def _letter(pair: re.Match[str]) -> str:
    """Return the letter that JSON writes as two escapes, which YAML takes for two characters."""
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _event(event: Any) -> Event | None:  # noqa: ANN401  # ruamel's events have no common attributes
    """Return one of ruamel's events as ours, None for those that say nothing."""
    place = event.start_mark.line + 1, event.start_mark.column + 1
    if isinstance(event, ev.AliasEvent):
        return Event("alias", place, str(event.anchor))
    if isinstance(event, ev.ScalarEvent):
        text = _PAIR.sub(_letter, event.value)
        return Event("scalar", place, text, event.style is None, event.anchor, event.tag and str(event.tag))
    if isinstance(event, ev.CollectionStartEvent):
        kind: Literal["mapping", "list"] = "mapping" if isinstance(event, ev.MappingStartEvent) else "list"
        return Event(kind, place, anchor=event.anchor, tag=event.tag and str(event.tag))
    if isinstance(event, ev.CollectionEndEvent):
        return Event("end", place)
    return Event("document", place) if isinstance(event, ev.DocumentStartEvent) else None


def events(text: str, of: str = "a workflow") -> Iterator[Event]:
    """Yield the events of a text, lazily; `of` says what it holds.

    Raises:
        Stop: nothing more can be read.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Stop("too-large", f"{of} has at most {MAX_BYTES // 1024} kB", (1, 1))
    text = text.removeprefix("\ufeff")
    place = (1, 1)
    try:
        for raw in _Parser(text).all_events():
            if event := _event(raw):
                place = event.place
                yield event
    except ReaderError as error:
        before = text[: error.position]
        place = before.count("\n") + 1, error.position - before.rfind("\n")
        raise Stop("control-character", "control characters are not allowed; leave them out", place) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = ", ".join(part for part in (error.context, error.problem) if part)
        raise Stop("not-yaml", problem, (mark.line + 1, mark.column + 1) if mark else place) from None
    except Stop:
        raise
    except Exception as error:  # noqa: BLE001  # whatever the parser raises on hostile text is a fault of the text
        raise Stop("not-yaml", f"this cannot be read as YAML ({type(error).__name__})", place) from None
