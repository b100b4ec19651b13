import re

import pytest

from proeftuin.views import Picture
from tests.drawings import FOLDER, drawings
from tests.unit.views.pictures import overlapping, strange

PAGE = FOLDER.parent / "pictures.md"


@pytest.fixture(scope="module")
def drawn() -> dict[str, Picture]:
    return drawings()


def test_the_pictures_of_the_docs_are_those_of_the_code(drawn: dict[str, Picture]) -> None:
    """Each picture in the docs is what is drawn now; `python -m tests.drawings` draws them anew."""
    kept = {one.stem: one.read_text(encoding="utf-8") for one in FOLDER.glob("*.svg")}
    assert {name: f"{one.svg()}\n" for name, one in drawn.items()} == kept


def test_every_picture_of_the_docs_is_shown_with_its_words(drawn: dict[str, Picture]) -> None:
    """The page shows each picture, with what is told of it for who does not see it."""
    shown = dict(
        re.findall(r"^!\[([^\]]+)\]\(pictures/([a-z-]+)\.svg\)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {one.text.replace("\n", " "): name for name, one in drawn.items()} == shown


def test_no_words_of_the_demo_lie_on_others(drawn: dict[str, Picture]) -> None:
    """In the pictures of a real portfolio no words lie on others or outside, and nothing is in them but drawings."""
    assert {} == {name: found for name, one in drawn.items() if (found := (overlapping(one), strange(one))) != ([], [])}
