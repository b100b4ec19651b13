"""The words of the command."""

import re

import pytest

from proeftuin.cli.words import WORDS, tell

MANY = re.compile(r"\{count\} (?:due )?[a-z]+s\b|\{count\} were")
NEVER_ONE = {"ambiguous", "filled", "or-more"}  # what fits more than once, the fifteen of the demo, a list cut short


@pytest.mark.parametrize("name", [name for name, (told, _) in WORDS.items() if MANY.search(told)])
def test_of_one_thing_nothing_is_said_as_of_several(name: str) -> None:
    """Whatever counts things has words of its own for a single one, in both languages."""
    singles = [tell(lang, name, count=1) for lang in ("en", "nl")]
    assert name in NEVER_ONE or singles == [tell(lang, f"{name}/1") for lang in ("en", "nl")]
