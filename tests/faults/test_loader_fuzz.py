"""Mutations of valid files: each is accepted or gives `DefinitionError` with a place, and none takes long.

Each chunk has its own seed, so that a failure can be had again, and workers share the chunks.
"""

import random
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from proeftuin.core.faults import Fault
from proeftuin.definitions import bundled_files, dump, lint_workflow, load_workflow, parse
from proeftuin.definitions._yaml import Event, Stop, _event, events
from proeftuin.errors import DefinitionError
from tests.scale import RELEASE

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
MUTATIONS = 10_000
OF_EACH_BUNDLED = 100
CHUNK = 500
LONGEST = 1.0  # second
BUNDLED = [pytest.param(path, id="-".join(map(str, name))) for name, path in bundled_files().items()]

TOKENS = [
    "{", "}", "[", "]", ":", ": ", ", ", "- ", "? ", "| ", "> ", "&a ", "*a", "!x ", "!!str ", "<<: ", "%", "---\n",
    "...\n", "#", "'", '"', "\\", "\t", "\n", "\n  ", "~", "null", "true", "no", "0", "-1", "1.5", "1e9", "0x1f",
    "9" * 30, ".nan", "2024-02-30", "12:30:00", "any", "any_open", "same", "previous", "system", "starter", "__class__",
    "os.system", "format", "from", "while", "to", "trigger", "allow", "sign", "data", "records",
    "{field: x}", "28 days", "\ufeff",
    "\x00", "\x1b", "\u2028", "\ud800", "\U0001f600", "\u043e", "x" * 300, "[" * 40, "{a: " * 40, "- " * 40,
]  # fmt: skip

WORD = re.compile(r"\w+")
WORDS = [
    "any",
    "same",
    "previous",
    "system",
    "true",
    "7",
    "28 days",
    "[a, b]",
    "{a: b}",
    "x.y",
    "",
    "~",
    "1.5",
    "'q'",
    "_",
]


def changed_characters(text: str, rng: random.Random) -> str:
    here = rng.randrange(len(text) + 1)
    there = min(len(text), here + rng.choice((1, 2, 5, 20, 100)))
    odd = chr(rng.choice((rng.randrange(128), rng.randrange(0x11000))))
    new = ["", rng.choice(TOKENS), odd, text[here:there] * rng.randint(2, 30)]
    return text[:here] + rng.choice(new) + text[rng.choice((here, there)) :]


def changed_lines(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    here = rng.randrange(len(lines))
    match rng.randrange(3):
        case 0:
            lines.insert(rng.randrange(len(lines)), lines[here])
        case 1:
            del lines[here]
        case _:
            lines[here] = " " * rng.randrange(6) + lines[here].lstrip()
    return "\n".join(lines)


def changed_words(text: str, rng: random.Random) -> str:
    found = list(WORD.finditer(text))
    if not found:
        return text
    old, other = rng.choice(found), rng.choice(found)
    return text[: old.start()] + rng.choice([other[0], rng.choice(WORDS)]) + text[old.end() :]


def mutation(text: str, rng: random.Random) -> str:
    """Return a text with one to three changes: of characters, lines or words."""
    for _ in range(rng.randint(1, 3)):
        text = rng.choice((changed_characters, changed_lines, changed_words))(text, rng)
    return text + "\n"  # a text, not a path


def judge(text: str) -> str:
    """Load a text, and return what came of it; anything but a workflow or `DefinitionError` fails the test."""
    outcome, took = timed(text)
    if took >= LONGEST:  # a busy machine, or coverage, may be to blame: what counts is the best of three
        took = min(timed(text)[1], timed(text)[1])
    assert took < LONGEST, text
    return outcome


def timed(text: str) -> tuple[str, float]:
    """What came of a text, and the processor time that it took, in seconds."""
    begun = time.process_time()
    outcome = outcome_of(text)
    return outcome, time.process_time() - begun


def outcome_of(text: str) -> str:
    try:
        workflow = load_workflow(text)
    except DefinitionError as error:
        return told(error)
    assert workflow == parse(dump(workflow))
    assert repr(workflow)
    return "accepted"


def told(error: DefinitionError) -> str:
    assert all(fault.line >= 1 and fault.column >= 1 and fault.text for fault in error.faults)
    assert str(error)
    return error.faults[0].code


def fuzz(text: str, count: int, seed: int) -> Counter[str]:
    rng = random.Random(seed)
    return Counter(judge(mutation(text, rng)) for _ in range(count))


CHUNKS = range(MUTATIONS // CHUNK * (10 if RELEASE else 1))


@pytest.mark.parametrize("seed", CHUNKS)
def test_a_mutated_workflow_is_accepted_or_refused(seed: int) -> None:
    """Whatever happens to a small file, it loads or gives faults with their places, within a second."""
    outcomes = fuzz(SMALL.read_text(encoding="utf-8"), CHUNK, seed)
    assert outcomes["accepted"] > 0
    assert len(outcomes) > 10


@pytest.mark.parametrize("path", BUNDLED)
@pytest.mark.parametrize("seed", range(10 if RELEASE else 1))
def test_a_mutated_bundled_workflow_is_accepted_or_refused(path: Path, seed: int) -> None:
    """Whatever happens to a bundled file, it loads or gives faults with their places, within a second."""
    outcomes = fuzz(path.read_text(encoding="utf-8"), OF_EACH_BUNDLED, seed)
    assert OF_EACH_BUNDLED == outcomes.total()


def test_random_text_is_refused() -> None:
    """Text that never was a workflow is refused, never anything else."""
    rng = random.Random(0)
    for _ in range(500):
        text = "".join(rng.choice([*TOKENS, " ", "a", "b"]) for _ in range(rng.randint(1, 60)))
        assert "accepted" != judge(text + "\n")


def test_lint_tells_what_refuses_a_file() -> None:
    """What refuses a mutated file is told by lint too, in the same order, and nothing refuses a file that it passes."""
    rng, text = random.Random(0), SMALL.read_text(encoding="utf-8")
    for _ in range(200):
        mutated = mutation(text, rng)
        errors = [fault for fault in lint_workflow(mutated) if fault.level == "error"]
        assert errors == faults_of(mutated)


def faults_of(text: str) -> list[Fault]:
    try:
        load_workflow(text)
    except DefinitionError as error:
        return list(error.faults)
    return []


def test_text_is_read_as_the_parser_itself_reads_it() -> None:
    """Our shortcuts through the parser change no event: what the library reads by itself comes out the same."""
    rng = random.Random(0)
    text = SMALL.read_text(encoding="utf-8") + "x: |\n  a\n\n  b\ny: >-\n  c\n  d\n\nz: 'q\n\n  r'\n# c\n"
    for _ in range(300):
        mutated = mutation(text, rng)
        ours, stopped = read_by_us(mutated)
        if stopped not in {"directive", "too-deep", "too-large"}:
            assert ours == read_by_itself(mutated)


def read_by_us(text: str) -> tuple[list[Event], str]:
    """Our events and no reason to stop, or none and the reason."""
    try:
        return list(events(text)), ""
    except Stop as stop:
        return [], stop.code


def read_by_itself(text: str) -> list[Event]:
    """The events of the library's own safe parser, none where it refuses the text."""
    try:
        found = [_event(one) for one in YAML(typ="safe", pure=True).parse(text.removeprefix("\ufeff"))]
    except (YAMLError, OverflowError):
        return []
    return [one for one in found if one is not None]
