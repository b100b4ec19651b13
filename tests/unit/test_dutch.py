"""Dutch texts call things by one word each: a proeftuin, its spoor and its stand, and none of them in English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from proeftuin.web.api import problems

SRC = Path(__file__).parents[2] / "src" / "proeftuin"
PLACES = {SRC / "__init__.py", SRC / "cli" / "app.py"}
"""What stands beside a text there is where to find something."""
FILES = sorted({*SRC.rglob("*.py")} - PLACES)
OTHER = re.compile(r"\b(pilots?|tracks?|states?|trajecten?|traject|toestand(?:en)?)\b", re.IGNORECASE)
CODE = re.compile(r"\{[^{}]*\}|`[^`]*`|--[a-z-]+|/[a-z./]+|[a-z_]+\.[a-z]+|[a-z]+[_:=][a-z_]+|GET \S+")
"""What is not said but typed: places to fill, what a program reads, options, paths and addresses."""
WORD = re.compile(r"[a-z]+[_-]?[a-z]*")
"""A word of a program alone, which is in no language."""


def texts(node: ast.AST) -> list[str]:
    """The texts that are written out in a node, in order."""
    found = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return [one for one in found if isinstance(one, str)]


def dutch(file: Path) -> Iterator[str]:
    """Give the Dutch texts of a module: beside the English ones, behind `nl`, or as the second of `said`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "nl":
                    yield from (text for one in _values(value) for text in texts(one))
                elif isinstance(value, ast.Tuple) and all(isinstance(one, ast.Constant) for one in value.elts):
                    yield from _beside([one.value for one in value.elts if isinstance(one, ast.Constant)])
        elif isinstance(node, ast.Call):
            yield from (text for one in node.keywords if one.arg == "nl" for text in texts(one.value))
            if isinstance(node.func, ast.Name) and node.func.id == "said" and len(node.args) > 1:
                yield from texts(node.args[1])


def _values(node: ast.expr) -> list[ast.expr]:
    """What a mapping holds under its keys; any other value itself."""
    return node.values if isinstance(node, ast.Dict) else [node]


def _beside(held: list[object]) -> Iterator[str]:
    """Give those of a tuple that are Dutch: every second one, behind a level or a word of its own if there is one."""
    yield from (one for one in held[1 + len(held) % 2 :: 2] if isinstance(one, str) and not WORD.fullmatch(one))


def wrong(text: str) -> list[str]:
    return OTHER.findall(CODE.sub(" ", text))


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.relative_to(SRC).as_posix())
def test_dutch_has_one_word_for_each_thing(file: Path) -> None:
    """No Dutch text says pilot, traject or toestand, or leaves a track or a state in English."""
    assert [] == [(text, found) for text in dutch(file) if (found := wrong(text))]


def test_dutch_is_found_wherever_it_is_written() -> None:
    """The texts that are asked about are those of pages, pictures, problems, refusals, the doctor and the command."""
    found = {one.relative_to(SRC).as_posix(): [*dutch(one)] for one in FILES}
    assert {
        "web/pages/words.py", "web/telling.py", "views/_picture_words.py", "views/timeline.py", "cli/words.py",
        "report/telling.py", "core/texts/_tracks.py", "core/metrics/jobs.py", "sight.py", "doctor.py",
    } <= {name for name, told in found.items() if told}  # fmt: skip
    assert {problems.TEXTS["unknown-pilot"][1], problems.TEXTS["conflict"][3]} <= {*found["web/api/problems.py"]}
    assert (["pilot"], []) == (wrong("een nieuwe pilot"), wrong("geef `proeftuin list`, of --pilot {pilot}"))
