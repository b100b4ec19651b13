import re
import struct

import pytest

from proeftuin.views import PICTURE_STYLE, Picture, workflow_picture
from proeftuin.views._look import COLOURS
from tests.unit.views.test_diagram import small

# Text on what it may stand on.
READ = [
    ("ink", "paper"), ("soft", "paper"), ("care", "paper"), ("ink", "box"), ("soft", "box"), ("ink", "been"),
    ("on-here", "here"), *((("ink", f"heat-{number}")) for number in range(1, 5)),
    *((("ink", f"step-{number}")) for number in range(1, 6)),
]  # fmt: skip
# Lines and shapes on what they may stand on.
SEEN = [("line", "paper"), ("strong", "paper"), ("care", "paper"), ("ink", "paper"), ("strong", "been")]


@pytest.fixture(scope="module")
def picture() -> Picture:
    return workflow_picture(small())


def light(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("which", [0, 1])
def test_every_word_and_line_stands_out(which: int) -> None:
    """By light and by dark, text has a contrast of at least 4.5 with what it stands on, and lines of at least 3."""
    poor = {pair: contrast(*(COLOURS[one][which] for one in pair)) for pair in READ + SEEN}
    assert {} == {pair: one for pair, one in poor.items() if one < (4.5 if pair in READ else 2.99)}


def test_every_colour_can_be_set_by_the_page() -> None:
    """Each colour is that of the page, where it sets one, by light as by dark."""
    for name, both in COLOURS.items():
        for colour in both:
            assert f"--pt-{name}:var(--proeftuin-{name},{colour});" in PICTURE_STYLE


def test_every_class_has_its_rule(picture: Picture) -> None:
    """No shape has a class that nothing says anything of."""
    used = {one for found in re.findall(r'class="([^"]+)"', picture.svg()) for one in found.split()}
    assert set() == {one for one in used if not re.search(rf"\.{one}[ {{.)]", PICTURE_STYLE)} - {"pt-m"}


def test_a_picture_has_words_for_who_does_not_see_it(picture: Picture) -> None:
    """It is an image with a title and a description, named by ids that are in it."""
    svg = picture.svg()
    title, told = re.findall(r'aria-labelledby="(\S+) (\S+)"', svg)[0]
    assert f'<title id="{title}">Lifecycle: Small</title>' in svg
    assert f'<desc id="{told}">{picture.text}</desc>' in svg
    assert 'role="img"' in svg


def test_two_pictures_never_share_an_id(picture: Picture) -> None:
    """Ids follow from what is drawn, so another picture has others; where the page gives a prefix, from that."""
    drawn = (picture.svg(), workflow_picture(small("Other")).svg(), picture.svg(prefix="second"))
    ids = [set(re.findall(r'\bid="([^"]+)"', one)) for one in drawn]
    assert (2, 2, 2) == tuple(map(len, ids))
    assert 6 == len(set().union(*ids))
    assert {"second-t", "second-d"} == ids[2]
    assert picture.svg() == workflow_picture(small()).svg()


def test_a_page_may_bring_the_rules_itself(picture: Picture) -> None:
    """Without its rules a picture has no style at all, neither as an element nor as an attribute."""
    assert PICTURE_STYLE in picture.svg()
    assert "style" not in picture.svg(style=False)


@pytest.mark.parametrize("scale", [1, 2])
def test_a_picture_becomes_png(picture: Picture, scale: int) -> None:
    """A PNG has as many pixels as the drawing at that scale, and is no blank sheet."""
    made = picture.png(scale)
    assert (picture.width * scale, picture.height * scale) == struct.unpack(">II", made[16:24])
    assert len(made) > 4000


def test_a_png_has_its_colours_written_out(picture: Picture) -> None:
    """What is made into PNG holds no custom property, which would be drawn black."""
    from proeftuin.views._look import flat_style  # noqa: PLC0415  # of this test alone

    assert "var(" not in flat_style()
    assert f".pt-paper{{fill:{COLOURS['paper'][0]}}}" in flat_style()
