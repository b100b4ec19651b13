"""What is measured on a picture: which tags it has, and where its words are."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from attrs import frozen

from proeftuin.views import Picture
from proeftuin.views._letters import Letters

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"pt-s": 12, "pt-t": 11, "pt-n": 11, "pt-h": 14}
HOSTILE = (
    "</svg><script>alert(1)</script>",
    "]]><!-- --><![CDATA[",
    "&lt;b&gt; &amp; &#x202e;",
    '" onload="alert(1)" x=\'',
    "A --> B; click A callback",
    "\u202eegnaro\u202c \u2066left\u2069 \u05e9\u05dc\u05d5\u05dd",
    "\x00\x1b[2J\x07\x1f-hold",
    "w" * 200,
    "\U0001f9d1\u200d\U0001f373 \u6f22\u5b57 e\u0301",
    "{one} {two} %s $1 \\1",
)


@frozen
class Box:
    """Where a line of text is."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom - 0.5 and other.top < self.bottom - 0.5


def root(picture: Picture) -> ET.Element:
    return ET.fromstring(picture.svg())  # noqa: S314  # a picture of ours


def tree(element: ET.Element) -> tuple[object, ...]:
    """The tags with the names of their attributes, without any text."""
    return element.tag, tuple(element.attrib), tuple(tree(one) for one in element)


def words(picture: Picture) -> str:
    """All that can be read in a picture; a word that was broken off is whole again."""
    return " ".join(box.text for box in boxes(picture))


def boxes(picture: Picture) -> list[Box]:
    return list(_boxes(root(picture)))


def _boxes(drawing: ET.Element) -> Iterator[Box]:
    for text in drawing.iter(f"{SVG}text"):
        looks = text.get("class", "").split()
        size = next((SIZES[one] for one in looks if one in SIZES), 13)
        bold = bool({"pt-h", "pt-f"} & set(looks))
        for line in list(text) or [text]:
            if line.text:
                wide = Letters("", size, 0, bold=bold).width(line.text)
                x, y = float(line.get("x", "")), float(line.get("y", ""))
                left = x - wide if "pt-e" in looks else x - wide / 2 if "pt-m" in looks else x
                yield Box(line.text, left, y - size, left + wide, y + size * 0.25)


def overlapping(picture: Picture) -> list[tuple[str, str]]:
    """The lines of text that lie on each other, or outside the picture."""
    found = boxes(picture)
    pairs = [(one.text, other.text) for place, one in enumerate(found) for other in found[:place] if one.meets(other)]
    return pairs + [
        (one.text, "outside")
        for one in found
        if one.left < 0 or one.top < 0 or one.right > picture.width or one.bottom > picture.height
    ]


def strange(picture: Picture) -> list[str]:
    """Whatever a picture may not hold: scripts, other files, style attributes, tags that are not ours."""
    found = []
    for one in root(picture).iter():
        if one.tag.removeprefix(SVG) not in {
            "svg", "title", "desc", "style", "rect", "path", "circle", "text", "tspan", "defs", "pattern",
        }:  # fmt: skip
            found.append(one.tag)
        for name, value in one.attrib.items():
            away = "url(" in value and not re.fullmatch(r"url\(#pt-[0-9a-f]{10}-hold\)", value)
            if name == "style" or name.startswith("on") or "href" in name or away:
                found.append(f"{name}={value}")
    return found
