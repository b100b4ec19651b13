"""How wide text is in a drawing, and how it is broken into lines.

A drawing does not know in which letters it will be shown. Widths are those of DejaVu Sans, rounded up: of the letters
that `system-ui` and `sans-serif` stand for on common machines, none are wider. So text needs no more room than is
counted here, and mostly less.
"""

import unicodedata
from functools import lru_cache

from attrs import frozen

from proeftuin.views.words import plain

TOLD = 300  # of no text more is shown

# In twentieths of the size of the letters.
_WIDTHS = {
    6: "IJijl",
    7: " ,./:;\\|\u00b7",
    8: "()-[]ft",
    9: "!r",
    10: '"*_`\u2013',
    11: "?csz",
    12: "FLkvxy\u00ff",
    13: "$0123456789EPSTYabdeghnopqu{}\u20ac",
    14: "ABCKRVXZ",
    15: "NU",
    16: "&DGHOQ",
    17: "#+<=>^w~\u00d7\u2192\u2713",
    18: "M",
    20: "%@Wm\u2014\u2026",
}
_OF = {letter: twentieths / 20 for twentieths, letters in _WIDTHS.items() for letter in letters}
_OTHER, _WIDE, _BOLD = 0.9, 1.4, 1.14
_ELLIPSIS = "\u2026"


@lru_cache(maxsize=2048)
def _letter(one: str) -> float:
    if one in _OF:
        return _OF[one]
    if unicodedata.combining(one):
        return 0.0
    base = unicodedata.normalize("NFD", one)[0]
    if base in _OF:
        return _OF[base]
    return _WIDE if ord(one) > 0xFFFF or unicodedata.east_asian_width(one) in "WF" else _OTHER  # noqa: PLR2004  # behind the basic plane


@frozen
class Letters:
    """How text is shown.

    Attributes:
        look: its classes.
        size: in pixels; `step` is from one line to the next.
        bold: whether it is.
    """

    look: str
    size: int
    step: int
    bold: bool = False

    def also(self, look: str) -> "Letters":
        """Return the same letters with a further class, one that does not make them wider."""
        return Letters(f"{self.look} {look}".strip(), self.size, self.step, self.bold)

    def width(self, text: str) -> float:
        """Return how wide a line of text is at most."""
        return sum(map(_letter, text)) * self.size * (_BOLD if self.bold else 1)

    def fitted(self, text: str, room: float) -> str:
        """Return as much of a text as there is room for, with a mark where something is left out; "" for no letter."""
        if self.width(text) <= room:
            return text
        kept = self._kept(text, room - self.width(_ELLIPSIS))
        return text[:kept].rstrip() + _ELLIPSIS if kept else ""

    def lines(self, words: object, room: float, *, most: int = 2) -> "Lines":
        """Return words in lines, at most so many; a dash where there is nothing to see."""
        return _lines(self, plain(words, TOLD) or "-", room, most)

    def broken(self, text: str, room: float, most: int) -> tuple[str, ...]:
        """Return a text in lines: broken between words, and within a word that is too long for any line."""
        found: list[str] = []
        words = text.split()
        while words:
            if len(found) == most - 1:
                return (*found, self.fitted(" ".join(words), room))
            taken = 1
            while taken < len(words) and self.width(" ".join(words[: taken + 1])) <= room:
                taken += 1
            line, words = " ".join(words[:taken]), words[taken:]
            if self.width(line) > room:
                kept = max(self._kept(line, room), 1)
                line, words = line[:kept], [line[kept:], *words]
            found.append(line)
        return tuple(found)

    def _kept(self, text: str, room: float) -> int:
        """Return for how many letters there is room."""
        for kept, one in enumerate(text):
            room -= self.width(one)
            if room < 0:
                return kept
        return len(text)


@frozen
class Lines:
    """Text that was broken into lines, and how many there might have been."""

    letters: Letters
    shown: tuple[str, ...]
    most: int

    @property
    def height(self) -> int:
        """How high they are together."""
        return len(self.shown) * self.letters.step


@lru_cache(maxsize=4096)  # most of what stands in a thousand pictures is the same
def _lines(letters: Letters, text: str, room: float, most: int) -> Lines:
    return Lines(letters, letters.broken(text, room, most), most)


PLAIN, BOLD, HEAD = Letters("", 13, 17), Letters("pt-f", 13, 17, bold=True), Letters("pt-h", 14, 18, bold=True)
SMALL, STRONG = Letters("pt-s", 12, 15), Letters("pt-s pt-f", 12, 15, bold=True)
TINY, NOTE = Letters("pt-t", 11, 14), Letters("pt-n", 11, 14)
