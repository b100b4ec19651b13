"""Of one thing nothing is said as of several, in pictures, on pages and in reports; of the command see its own test."""

import re
from collections.abc import Mapping
from typing import Protocol

import pytest

from proeftuin.report import telling
from proeftuin.views import _picture_words
from proeftuin.web.pages import words as page_words


class Tells(Protocol):
    """Fills the words of one place."""

    def __call__(self, lang: str, which: str, **facts: object) -> str: ...


TOLD: Mapping[str, tuple[Mapping[str, tuple[str, str]], Tells, str]] = {
    "picture": (_picture_words.WORDS, _picture_words.tell, "one"),
    "page": (page_words.WORDS, page_words.tell, "n"),
    "report": (telling.WORDS, telling.tell, "count"),
}
THINGS = "pilots|days|steps|proeftuinen|dagen|tussenstappen"
MANY = re.compile(rf"\{{(?:one|n|count|days)\}} (?:more )?(?:{THINGS})\b")
FEW = re.compile(rf"\b1 (?:more )?(?:{THINGS})\b")
NEVER_ONE = {  # where it is one, other words are asked for; the last is of fourteen days
    ("picture", "pilots"), ("page", "in-days"), ("page", "late-days"), ("report", "sum-many"), ("report", "quiet"),
    ("report", "late"), ("report", "ahead"), ("page", "agenda-days"),
}  # fmt: skip
COUNTED = [
    (place, which)
    for place, (words, _, _) in TOLD.items()
    for which, texts in words.items()
    if any(map(MANY.search, texts)) and (place, which) not in NEVER_ONE
]


@pytest.mark.parametrize(("place", "which"), COUNTED)
def test_of_one_thing_nothing_is_said_as_of_several(place: str, which: str) -> None:
    """Whatever counts pilots, days or steps has words of its own for a single one, in both languages."""
    _, tell, count = TOLD[place]
    for lang in ("en", "nl"):
        one, two = (tell(lang, which, **{count: number}) for number in (1, 2))
        assert (None, True) == (FEW.search(one), one != two.replace("2", "1"))


def test_what_counts_is_found() -> None:
    """The words that are asked about are found by how they count."""
    assert {("picture", "programme"), ("page", "as-of"), ("report", "earlier")} <= {*COUNTED}
