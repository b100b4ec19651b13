"""A fault of a workflow file: a stable code, a sentence that says what to do, and its place."""

from collections.abc import Iterable

from attrs import field, frozen

WORD_LENGTH = 64
COMPARED = 1_000
LISTED = 8


@frozen(order=True)
class Fault:
    """One thing wrong with a workflow.

    Attributes:
        code: a stable word, `unreachable-state`.
        text: what is wrong and what to do.
        path: where in the definition, `("edges", 3, "to")`; the loader turns it into line and column.
        level: `error` (the workflow is refused) or `warning` (lint reports it).
        key: whether it is about the key at the end of its path, and not about the value of that.
    """

    code: str
    text: str
    path: tuple[str | int, ...] = ()
    level: str = "error"
    file: str = "<text>"
    line: int = 0
    column: int = 0
    key: bool = field(default=False, eq=False, repr=False)

    def __str__(self) -> str:
        """`file:line:column: code: text`."""
        return f"{self.file}:{self.line}:{self.column}: {self.code}: {self.text}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown word: what is closest to it, or all if they are few, or nothing."""
    known = tuple(known)
    from difflib import get_close_matches  # noqa: PLC0415  # only a mistake needs it

    close = get_close_matches(word[:WORD_LENGTH], known, n=1) if len(known) <= COMPARED else ()
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known are {', '.join(f'`{one}`' for one in sorted(known))}" if 0 < len(known) <= LISTED else ""
