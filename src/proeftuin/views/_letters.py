"""How wide text is in a drawing, and how it is broken into lines.

A drawing does not know in which letters it will be shown. Widths are those of DejaVu Sans, rounded up: of the letters
that `system-ui` and `sans-serif` stand for on common machines, none are wider. So text needs no more room than is
counted here, and mostly less.
"""

import unicodedata
from functools import lru_cache

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


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is at most."""
    return sum(map(_letter, text)) * size * (_BOLD if bold else 1)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return as much of a text as there is room for, with a mark where something was left out; "" for no letter."""
    if width(text, size, bold=bold) <= room:
        return text
    left = room - width(_ELLIPSIS, size, bold=bold)
    kept = 0
    for one in text:
        left -= width(one, size, bold=bold)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + _ELLIPSIS if kept else ""


def broken(text: str, room: float, size: float, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """Return a text in at most so many lines, each with room for it: between words, and within one that is too long."""
    found: list[str] = []
    words = text.split()
    while words:
        if len(found) == lines - 1:
            return (*found, fitted(" ".join(words), room, size, bold=bold))
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size, bold=bold) <= room:
            taken += 1
        line, words = " ".join(words[:taken]), words[taken:]
        if width(line, size, bold=bold) > room:
            line, rest = _split(line, room, size, bold=bold)
            words.insert(0, rest)
        found.append(line)
    return tuple(found)


def _split(word: str, room: float, size: float, *, bold: bool) -> tuple[str, str]:
    """Return a long word in two, the first of which there is room for."""
    kept, left = 0, room
    for one in word:
        left -= width(one, size, bold=bold)
        if left < 0:
            break
        kept += 1
    return word[: max(kept, 1)], word[max(kept, 1) :]
