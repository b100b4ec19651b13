"""The JSON Schema: up to date, valid, and of one mind with the loader."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # its stubs are a package of their own

from proeftuin.core.frozen import EMPTY
from proeftuin.definitions import bundled_bases, bundled_files
from proeftuin.definitions._examine import examine
from proeftuin.definitions._structure import structure
from proeftuin.definitions._tree import compose
from proeftuin.definitions.schema import SCHEMA_FILE, schema_text, workflow_schema

DATA = Path(__file__).parents[2] / "data"
VALIDATOR = Draft202012Validator(dict(workflow_schema()))
FILES = [
    DATA / "small.yaml",
    DATA / "every.yaml",
    DATA / "lots.yaml",
    *bundled_files().values(),
    *bundled_bases().values(),
]
SEEDS = [compose(path.read_text(encoding="utf-8")).value for path in FILES[:2]]

WORDS = st.sampled_from(
    [
        "lead", "idle", "Idle", "a.b", "os.system", "any_open", "same", "x" * 64, "x" * 65, "", " ", "\u00e9", "\n",
        "1.5", "0.5", "-3", "28 days", "1 working day", "3 working days before due", "28 dagen", "400 days", "all",
        "text", "choice", "true", "client", "paused", "next", "today", "progress", "a.b.c.d",
        "seller_track.seen.progress", "Europe/Amsterdam", "missing-idea",
        "x" * 201, "2024-02-30", "\u2028", "a\tb", "\x7f", "tell", "field",
    ]
)  # fmt: skip
SCALARS = st.one_of(WORDS, st.text(max_size=8), st.booleans(), st.none(), st.integers(-2, 20), st.just(10**18))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=5
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in a tree of plain values."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in pairs for place in places(one, (*path, key)))]


PLACES = [places(seed) for seed in SEEDS]
# What the loader says of the form of a file, and not of what it refers to.
FORM = {"unknown-key", "missing-key", "no-value", "wrong-type", "bad-value", "bad-form", "too-long"}


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A workflow as plain values, with one to three values replaced, removed, renamed, added or moved."""
    number = draw(st.integers(0, len(SEEDS) - 1))
    whole = {"": copy.deepcopy(SEEDS[number])}
    for _ in range(draw(st.integers(1, 3))):
        path = ("", *draw(st.sampled_from(PLACES[number])))
        parent: Any = whole
        for key in path[:-1]:
            try:
                parent = parent[key]
            except (LookupError, TypeError):
                break
        else:
            mutate(draw, parent, path[-1], number)
    return whole[""]


def mutate(draw: st.DrawFn, parent: Any, key: Any, number: int) -> None:
    there = parent if isinstance(parent, dict) else range(len(parent)) if isinstance(parent, list) else ()
    if key not in there:  # an earlier mutation took it away
        return
    match draw(st.sampled_from(["value", "remove", "rename", "add", "move", "wrap"])):
        case "value":
            parent[key] = draw(VALUES)
        case "remove" if key != "":
            del parent[key]
        case "rename" if isinstance(parent, dict) and key != "":
            parent[draw(WORDS)] = parent.pop(key)
        case "add" if isinstance(parent[key], dict):
            parent[key][draw(WORDS)] = draw(VALUES)
        case "add" if isinstance(parent[key], list):
            parent[key].append(draw(VALUES))
        case "move":
            parent[key] = copy.deepcopy(at(SEEDS[number], draw(st.sampled_from(PLACES[number]))))
        case _:
            parent[key] = [parent[key]]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@given(mutated())
def test_the_schema_and_the_loader_accept_and_refuse_alike(value: Any) -> None:
    """Whatever is done to a workflow, the schema refuses it if and only if the loader's structure does."""
    workflow, problems = structure(value)
    note(f"{[(one.code, one.path) for one in problems]}")
    note(f"{[error.message[:200] for error in VALIDATOR.iter_errors(value)]}")
    assert (workflow is not None) == VALIDATOR.is_valid(value)


@given(mutated(), st.sampled_from(["kinds", "tracks"]))
def test_the_schema_and_the_loader_accept_and_refuse_bases_alike(value: Any, section: str) -> None:
    """Whatever is done to a base, and whatever it leaves to others, schema and loader judge its form alike."""
    assume(isinstance(value, dict))
    value = {"base": "ours", **value}
    value.pop("workflow", None)
    if "tracks" in value:
        value[section] = value.pop("tracks")
    _, faults = examine(json.dumps(value, indent=1), EMPTY)
    form = [fault for fault in faults if fault.code in FORM]
    note(f"{form}")
    assume(not {"control-character", "number"} & {fault.code for fault in faults})
    assert (form == []) == VALIDATOR.is_valid(value)


@given(st.sampled_from(range(len(SEEDS))), st.data())
def test_the_schema_and_the_loader_agree_on_every_removed_key(number: int, data: st.DataObject) -> None:
    """A workflow without one of its keys or items is judged alike by the schema and the loader."""
    path = data.draw(st.sampled_from([path for path in PLACES[number] if path]))
    whole = copy.deepcopy(SEEDS[number])
    del at(whole, path[:-1])[path[-1]]
    assert (structure(whole)[0] is not None) == VALIDATOR.is_valid(whole)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_schema_accepts_every_workflow_there_is(path: Path) -> None:
    """The workflows of the library and of the tests fit the schema."""
    assert [] == [error.message for error in VALIDATOR.iter_errors(compose(path.read_text(encoding="utf-8")).value)]


def test_the_schema_is_a_schema() -> None:
    """The schema is valid by the rules of its own draft."""
    Draft202012Validator.check_schema(workflow_schema())


def test_the_shipped_schema_is_up_to_date() -> None:
    """The shipped file is what the classes give; `python -m proeftuin.definitions.schema` writes it anew."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_schema_can_be_printed() -> None:
    """The module prints the schema when it is run."""
    run = [sys.executable, "-W", "error", "-m", "proeftuin.definitions.schema"]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert workflow_schema() == json.loads(done.stdout)
