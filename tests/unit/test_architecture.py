"""What the shape of the code promises, read from the source itself: who imports what, and how long things are."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
PACKAGE = SRC / "proeftuin"
CORE = PACKAGE / "core"

# An allow-list, since a deny-list cannot name tomorrow's library. Nothing here reads a clock, a file or a random source
# by itself; what `datetime` offers beyond its types is caught by IMPURE_CALLS.
CORE_STDLIB = {
    "__future__",
    "bisect",
    "calendar",
    "collections",
    "collections.abc",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "itertools",
    "operator",
    "re",
    "types",
    "typing",
    "unicodedata",
    "zoneinfo",
}
CORE_LIBRARIES = {"attr", "attrs", "proeftuin.core"}
CORE_DOORS = {"transitions": "core/_machine.py", "msgspec": "core/structs.py"}

IMPURE_CALLS = {"now", "today", "utcnow"}
IMPURE_BUILTINS = {"__import__", "compile", "eval", "exec", "input", "open", "print"}

# Library -> where it may be imported, below src/proeftuin; a folder ends in a slash, and "" is everywhere.
DOORS = {
    "alembic": ("storage/sql/",),
    "attr": ("",),
    "attrs": ("",),
    "cattrs": ("definitions/",),
    "cyclopts": ("cli/",),
    "holidays": ("calendars.py",),
    "hypothesis": ("testing/",),
    "icalendar": ("views/ics.py",),
    "jinja2": ("templates.py",),
    "markupsafe": ("templates.py",),
    "msgspec": ("codec.py", CORE_DOORS["msgspec"], "web/api/jsons.py"),
    "psycopg": ("storage/sql/postgresql.py",),
    "pymysql": ("storage/sql/mariadb.py",),
    "pytest": ("testing/",),
    "rich": ("cli/",),
    "ruamel": ("definitions/",),
    "simpy": ("simulation/_sim.py",),
    "sqlalchemy": ("storage/sql/", "testing/hosts.py"),
    "starlette": ("web/",),
    "structlog": ("",),
    "transitions": (CORE_DOORS["transitions"],),
    "uvicorn": ("web/serving.py",),
    "vl_convert": ("views/_vl.py",),
    "xlsxwriter": ("exports/xlsx.py",),
}
# Modules of our own with a door: the rest of the library knows stores by `open_store` and by their port.
INNER_DOORS = {
    "proeftuin.core._machine": ("core/",),
    "proeftuin.storage.memory": ("storage/", "testing/"),
    "proeftuin.storage.sql": ("storage/",),
}
# Replacing one of these is the work of a single file.
SINGLE_FILE = {
    "cattrs",
    "holidays",
    "icalendar",
    "jinja2",
    "ruamel",
    "simpy",
    "structlog",
    "transitions",
    "vl_convert",
    "xlsxwriter",
}

FILE_LINES = 400
FUNCTION_LINES = 40
# "path" or "path::function", below src/proeftuin -> why it may be longer.
LONGER_FOR_A_REASON: dict[str, str] = {}

SILENCER = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:)")
REASONED_SILENCER = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[a-z, -]+\]|pragma:\s*no (?:cover|branch))"
    r"[\s#:-]+(?P<reason>\S+(?:\s+\S+)+)"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """Each imported module as (line, dotted name), relative ones resolved against the package of the file.

    From our own packages each name is given too, since it may be a module.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            parents = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            if node.module:
                yield node.lineno, base
            if within(base, {"proeftuin"}):
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def imports_of(path: Path) -> list[tuple[int, str]]:
    return list(imports(parsed(path), ".".join(path.relative_to(SRC).parts[:-1])))


def within(module: str, allowed: set[str]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in allowed)


def impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Clock readings, however they are reached, and builtins that do IO or run text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in IMPURE_BUILTINS:
            yield node.lineno, node.id
        elif (
            isinstance(node, ast.Attribute)
            and node.attr in IMPURE_CALLS
            and _last_word(node.value) in {"date", "datetime"}
        ):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            local_zone = node.func.attr == "astimezone" and not node.args and not node.keywords
            if node.func.attr in IMPURE_CALLS or local_zone:
                yield node.lineno, f"{node.func.attr}()"


def outside(users: set[str], doors: tuple[str, ...]) -> set[str]:
    """The files among `users` that none of the doors lets in."""
    return {user for user in users if not any(_passes(user, door) for door in doors)}


def _passes(user: str, door: str) -> bool:
    return user.startswith(door) if door.endswith("/") or not door else user == door


def _last_word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_core_imports_only_what_is_listed() -> None:
    """The core imports attrs, itself and a few pure modules; transitions and msgspec in one file each."""
    found = [
        f"{name(path)}:{line} imports {module}"
        for path in sources(CORE)
        for line, module in imports_of(path)
        if module not in CORE_STDLIB
        and not within(module, CORE_LIBRARIES)
        and CORE_DOORS.get(module.partition(".")[0]) != name(path)
    ]
    assert [] == found


def test_core_reads_no_clock_and_does_no_io() -> None:
    """The core asks no clock, opens nothing, prints nothing and runs no text."""
    assert [] == [f"{name(path)}:{line} {what}" for path in sources(CORE) for line, what in impurities(parsed(path))]


@pytest.mark.parametrize(
    "line",
    [
        "when = datetime.now(UTC)",
        "when = dt.datetime.utcnow()",
        "since = field(factory=date.today)",
        "local = at.astimezone()",
        "open('x')",
        "run = eval",
    ],
)
def test_an_impure_line_is_noticed(line: str) -> None:
    """Each way to read the clock or to do IO is recognised."""
    assert [] != list(impurities(ast.parse(line)))


@pytest.mark.parametrize("line", ["at = attempt.now", "day = at.astimezone(zone).date()", "now = 1"])
def test_a_pure_line_passes(line: str) -> None:
    """A moment that was handed in may be called `now` and may be converted."""
    assert [] == list(impurities(ast.parse(line)))


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import sqlalchemy.sql", "sqlalchemy.sql"),
        ("from attrs import frozen", "attrs"),
        ("from .pilot import Pilot", "proeftuin.core.pilot"),
        ("from . import pilot", "proeftuin.core.pilot"),
        ("from .. import errors", "proeftuin.errors"),
        ("from ..spi import Store", "proeftuin.spi"),
        ("from proeftuin.storage import sql", "proeftuin.storage.sql"),
    ],
)
def test_an_import_is_resolved(line: str, module: str) -> None:
    """Absolute and relative imports are both read as the module that they load."""
    assert (1, module) in imports(ast.parse(line), "proeftuin.core")


def test_each_library_has_one_door() -> None:
    """A library is imported only where the table of doors says, and a library that is not in it nowhere."""
    users: dict[str, set[str]] = defaultdict(set)
    for path in sources(PACKAGE):
        for _, module in imports_of(path):
            users[module.partition(".")[0]].add(name(path))
    libraries = users.keys() - sys.stdlib_module_names - {"proeftuin"}

    astray = {library: outside(users[library], DOORS.get(library, ())) for library in libraries}
    assert {} == {library: files for library, files in astray.items() if files}
    assert {} == {library: users[library] for library in SINGLE_FILE if len(users[library]) > 1}


def test_stores_are_known_by_their_port() -> None:
    """No module imports a particular store, nor the machine, but the package that owns it."""
    users = {
        inner: {name(path) for path in sources(PACKAGE) for _, module in imports_of(path) if within(module, {inner})}
        for inner in INNER_DOORS
    }
    assert {} == {inner: files for inner in INNER_DOORS if (files := outside(users[inner], INNER_DOORS[inner]))}


@pytest.mark.parametrize(
    ("user", "doors", "expected"),
    [
        ("codec.py", ("codec.py",), set()),
        ("engine.py", ("codec.py",), {"engine.py"}),
        ("cli/show.py", ("cli/",), set()),
        ("climate.py", ("cli/",), {"climate.py"}),
        ("engine.py", ("",), set()),
        ("engine.py", (), {"engine.py"}),
    ],
)
def test_a_door_is_a_file_a_folder_or_everywhere(user: str, doors: tuple[str, ...], expected: set[str]) -> None:
    """A file passes its own door, a folder lets in what is below it, and no door lets in nothing."""
    assert expected == outside({user}, doors)


def test_files_and_functions_stay_short() -> None:
    """No file is over 400 lines and no function over 40, unless a reason is given here."""
    long = set()
    for path in sources(PACKAGE):
        if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES:
            long.add(name(path))
        long |= {
            f"{name(path)}::{node.name}"
            for node in functions(parsed(path))
            if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
        }
    assert set(LONGER_FOR_A_REASON) == long


def test_every_test_says_what_it_proves() -> None:
    """Each test function opens with a docstring of one sentence that ends in a full stop."""
    mute = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"
        for path in sources(ROOT / "tests")
        for node in functions(parsed(path))
        if node.name.startswith("test_") and not _is_one_sentence(ast.get_docstring(node) or "")
    ]
    assert [] == mute


def _is_one_sentence(text: str) -> bool:
    return re.fullmatch(r"[^\n].*\.", text, re.DOTALL) is not None and re.search(r"[.!?]\s+[A-Z]", text) is None


@pytest.mark.parametrize("text", ["", "No full stop", "Two sentences. In one docstring."])
def test_a_docstring_that_is_no_sentence_is_noticed(text: str) -> None:
    """An absent, unfinished or double sentence does not count as a claim."""
    assert not _is_one_sentence(text)


def test_every_silenced_check_has_its_reason_on_its_line() -> None:
    """Each noqa, type-ignore and pragma names its codes and says why, in at least two words."""
    here = Path(__file__).resolve()
    files = [
        path
        for folder in ("src", "tests", "typing_tests", "benchmarks", "docs", "examples")
        for path in sources(ROOT / folder)
    ]
    bare = [
        f"{path.relative_to(ROOT).as_posix()}:{number}"
        for path in files
        if path.resolve() != here
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SILENCER.search(line) and not REASONED_SILENCER.search(line)
    ]
    assert [] == bare
