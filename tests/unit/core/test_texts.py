"""There are words for every no."""

import re
from pathlib import Path

import pytest

from proeftuin.core import checks
from proeftuin.core.guards import BUILT_IN
from proeftuin.core.texts import PROBLEMS, TEXTS
from proeftuin.core.workflow import LANGUAGES

CORE = Path(checks.__file__).parent
# How the core writes down a problem: as a parameter of a blocker, or as the second argument of `_Bad` and `bad`.
PROBLEM = re.compile(r'"problem": "([a-z-]+)"|problem="([a-z-]+)"|[bB]ad\([^"()]*"[a-z-]+", "([a-z-]+)"')
ENGINE = (
    "forbidden-role", "unilateral", "wrong-state", "wrong-state/never", "paused", "unknown-trigger", "unknown-track",
    "unknown-track/none", "track-exists", "unknown-field", "missing-field", "bad-value", "bad-reference",
    "future-dated", "privacy-violation", "guard-error", "limit-reached",
)  # fmt: skip


@pytest.mark.parametrize("code", [*ENGINE, *sorted({code for one in BUILT_IN.values() for code in one.codes})])
def test_every_code_has_words(code: str) -> None:
    """What the engine and the built-in guards can answer is said in both languages."""
    assert set(LANGUAGES) == set(TEXTS[code])
    assert all(TEXTS[code].values())


def test_every_problem_has_words() -> None:
    """Whatever the core finds wrong with a value is among the problems, and no problem is there for nothing."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(CORE.rglob("*.py")) if path.stem != "texts")
    found = {word for match in PROBLEM.finditer(source) for word in match.groups() if word}
    assert set() == found - PROBLEMS.keys()
    assert set() == {word for word in PROBLEMS if f'"{word}"' not in source}


@pytest.mark.parametrize("word", [*TEXTS, *PROBLEMS])
def test_both_languages_fill_in_the_same(word: str) -> None:
    """A text holds the same places to fill in, in each language."""
    said = TEXTS.get(word) or PROBLEMS[word]
    places = [set(re.findall(r"\{([a-z_]+)\}", said[language])) for language in LANGUAGES]
    assert places[0] == places[1]


def test_no_text_is_said_for_another_code() -> None:
    """Two codes never say the same."""
    assert len({text["en"] for text in TEXTS.values()}) == len(TEXTS) == len({text["nl"] for text in TEXTS.values()})
