"""A picture: one drawing as SVG or PNG, with the words and the table that say the same.

1. Ids are made from what is drawn, so that two pictures on one page never share one; or from what the page gives.
2. Every word goes through `Canvas`, which takes out what cannot be seen and escapes the rest. Which tags there are
   follows from what is drawn, never from how it is called: a text has all lines that it may have, filled or not.
3. It is drawn for letters of the widest kind (`_letters`), and needs no script, no other file, and no style attribute.
"""

from collections.abc import Iterable
from hashlib import sha256
from html import escape

from attrs import Factory, define, frozen

from proeftuin.views._letters import TOLD, Letters, Lines
from proeftuin.views._look import PICTURE_STYLE, flat_style
from proeftuin.views.words import plain

_ID = "\x1f"  # in a body, where the id of the picture goes; no text holds it, as it cannot be seen


@frozen
class Picture:
    """A drawing, and what it says.

    Attributes:
        title: what it is of; `text` is what there is to see, in a sentence or two.
        heads, rows: the table that says the same as the drawing.
        width, height: in pixels, at its own size.
    """

    title: str
    text: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int
    height: int
    body: str

    def svg(self, *, prefix: str = "", style: bool = True) -> str:
        """Return the drawing as SVG, to stand alone or inside a page.

        Args:
            prefix: what its ids begin with, letters, digits and hyphens, where the page sees to it that no other
                picture has the same; otherwise they follow from what is drawn, words included.
            style: whether it brings its rules; without, the page has `PICTURE_STYLE` in its own sheet.
        """
        return self._drawn(prefix, PICTURE_STYLE if style else "")

    def png(self, scale: float = 2) -> bytes:
        """Return the drawing as PNG, by light.

        Args:
            scale: how many pixels go on one of the drawing.

        Raises:
            BadArgument: where `vl_convert` is not installed.
        """
        from proeftuin.views._vl import png  # noqa: PLC0415  # few want it

        return png(self._drawn("", flat_style()), scale)

    def _drawn(self, prefix: str, rules: str) -> str:
        drawn = sha256(f"{self.title}{self.text}{self.body}".encode()).hexdigest()[:10]
        name = escape(prefix) or f"pt-{drawn}"
        style = f"<style>{rules}</style>" if rules else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="pt" role="img" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" aria-labelledby="{name}-t {name}-d">'
            f'<title id="{name}-t">{_safe(self.title)}</title><desc id="{name}-d">{_safe(self.text)}</desc>{style}'
            f'<rect class="pt-paper" width="{self.width}" height="{self.height}"/>{self.body.replace(_ID, name)}</svg>'
        )


def _safe(text: object) -> str:
    return escape(plain(text, TOLD))


def hatched(pattern: str) -> str:
    """Return what fills a shape with a pattern of `Canvas.patterns`."""
    return f'fill="url(#{_ID}-{pattern})"'


@define
class Canvas:
    """A drawing on its way: shapes and texts, in the order in which they lie on each other."""

    parts: list[str] = Factory(list)

    def add(self, *parts: str) -> None:
        """Add markup that holds no words."""
        self.parts += parts

    def line(self, path: str, look: str) -> None:
        """Add a line along a path."""
        self.add(f'<path class="{look}" d="{path}"/>')

    def box(self, left: float, top: float, wide: float, high: float, look: str, *, round_: int = 6) -> None:
        """Add a rectangle."""
        self.add(
            f'<rect class="{look}" x="{_n(left)}" y="{_n(top)}" width="{_n(wide)}" height="{_n(high)}" rx="{round_}"/>'
        )

    def shape(self, markup: str, told: str) -> None:
        """Add a shape that tells something when it is pointed at; `markup` is its open tag, without the end."""
        self.add(f"{markup}><title>{_safe(told)}</title></{markup[1:].split(' ', 1)[0]}>")

    def text(self, left: float, top: float, words: object, letters: Letters, *, room: float = 0) -> None:
        """Add one line of text; it is there also where it is empty.

        Args:
            left: where it begins; where it ends for the look `pt-e`, its middle for `pt-m`.
            top: of its line.
            words: what it says.
            letters: how it is shown.
            room: how wide it may be, beyond which it is cut off; 0 is as wide as it comes.
        """
        said = plain(words, TOLD)
        shown = letters.fitted(said, room) if room else said
        self.add(f'<text{_class(letters)} x="{_n(left)}" y="{_n(top + letters.size)}">{escape(shown)}</text>')

    def lines(self, left: float, top: float, lines: Lines, look: str = "") -> None:
        """Add text in lines: as many as there might have been, some of them empty; `look` is a further class."""
        letters, x, y = lines.letters.also(look) if look else lines.letters, _n(left), top + lines.letters.size
        spans = []
        for number, said in enumerate(lines.shown):
            spans.append(f'<tspan x="{x}" y="{_n(y + number * letters.step)}">{escape(said)}</tspan>')
        last = _n(y + (len(lines.shown) - 1) * letters.step)
        spans += [f'<tspan x="{x}" y="{last}"></tspan>'] * (lines.most - len(lines.shown))
        self.add(f"<text{_class(letters)}>{''.join(spans)}</text>")

    def patterns(self) -> None:
        """Add the patterns that shapes can be filled with."""
        self.add(
            f'<defs><pattern id="{_ID}-hold" width="6" height="6" patternUnits="userSpaceOnUse">'
            '<path class="pt-hatch" d="M0 6L6 0M-1 1L1 -1M5 7L7 5"/></pattern></defs>'
        )

    def body(self) -> str:
        """Return what was drawn."""
        return "".join(self.parts)


def _class(letters: Letters) -> str:
    return f' class="{letters.look}"' if letters.look else ""


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def joined(words: Iterable[object], by: str = ", ") -> str:
    """Return the words that say something, in one line."""
    return by.join(said for one in words if one is not None and (said := plain(one, TOLD)))


def decimal(number: float, lang: str) -> str:
    """Return a number as it is written in a language."""
    shown = f"{number:.1f}".removesuffix(".0")
    return shown.replace(".", ",") if lang == "nl" else shown
