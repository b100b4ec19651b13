"""From text to plain values: what YAML may say in a workflow file, and where everything stands."""

import pytest

from proeftuin.definitions import _tree
from proeftuin.definitions._tree import BROKEN, compose
from proeftuin.definitions._yaml import MAX_BYTES, MAX_DEPTH


def told(text: str) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.line, fault.column) for fault in compose(text).faults]


def test_plain_values_come_out() -> None:
    """Mappings, lists, text, whole numbers, yes or no, and nothing at all come out as such."""
    text = "a: [x, 'y z', \"1.10\"]\nb: {c: 12, d: -3, e: +4, f: 0}\ng: true\nh: FALSE\ni:\nj: ~\nk: 'true'\n"
    expected = {
        "a": ["x", "y z", "1.10"],
        "b": {"c": 12, "d": -3, "e": 4, "f": 0},
        "g": True,
        "h": False,
        "i": None,
        "j": None,
        "k": "true",
    }
    tree = compose(text)
    assert expected == tree.value
    assert [] == tree.faults


@pytest.mark.parametrize(
    "word", ["on", "off", "yes", "no", "NO", "12:30:00", "2024-02-30", "1_000", "1e", "0b1", "-", ".."]
)
def test_what_older_yaml_reads_as_something_else_stays_text(word: str) -> None:
    """Words that older YAML takes for booleans, times, dates or numbers are text."""
    text = f"a: {word}\n" if word != "-" else "a: '-'\n"
    assert {"a": word} == compose(text).value


def test_json_is_read_too() -> None:
    """A file in JSON is a file in YAML."""
    assert {"a": [1, {"b": None, "c": True}]} == compose('{"a": [1, {"b": null, "c": true}]}').value


def test_a_mark_of_the_byte_order_is_skipped() -> None:
    """A text that begins with a byte order mark is read as without it."""
    assert {"a": 1} == compose("\ufeffa: 1\n").value


@pytest.mark.parametrize(
    ("code", "text", "line", "column"),
    [
        ("alias", "a: &x 1\nb: *x\n", 2, 4),
        ("alias", "? *x\n: 1\n", 1, 3),
        ("anchor", "a: 1\nb: &x 1\n", 2, 4),
        ("merge-key", "a: 1\n<<: {b: 1}\n", 2, 1),
        ("tag", "a: !!str 1\n", 1, 4),
        ("tag", "a:\n  - !!python/object/apply:os.system [x]\n", 2, 5),
        ("tag", "!!str a: 1\n", 1, 1),
        ("duplicate-key", "a: 1\nb: 2\na: 3\n", 3, 1),
        ("duplicate-key", "{a: 1, 'a': 2}\n", 1, 8),
        ("bad-key", "a: 1\n? [x]\n: {y: 2}\n", 2, 3),
        ("bad-key", "? {x: 1}\n: 2\n", 1, 3),
        ("bad-key", "3: 1\n", 1, 1),
        ("bad-key", "true: 1\n", 1, 1),
        ("bad-key", "null: 1\n", 1, 1),
        ("number", "a: 1.10\n", 1, 4),
        ("number", "a: 1e3\n", 1, 4),
        ("number", "a: 007\n", 1, 4),
        ("number", "a: 0x1f\n", 1, 4),
        ("number", "a: 0o17\n", 1, 4),
        ("number", "a: .inf\n", 1, 4),
        ("number", "a: .nan\n", 1, 4),
        ("number", f"a: {'9' * 19}\n", 1, 4),
        ("control-character", "a: \x00\n", 1, 4),
        ("control-character", "ab\nc: \x1b\n", 2, 4),
        ("control-character", 'a: "\\0"\n', 1, 4),
        ("control-character", 'a: "\\ud800"\n', 1, 4),
        ("control-character", 'a: "\\ude00\\ud83d"\n', 1, 4),
        ("control-character", "a: \ud800\n", 1, 4),
        ("too-long", f"a: {'x' * 2001}\n", 1, 4),
        ("directive", "%YAML 1.1\n---\na: 1\n", 1, 1),
        ("directive", "%TAG ! x\n---\na: 1\n", 1, 1),
        ("several-documents", "---\na: 1\n---\nb: 1\n", 3, 1),
        ("not-yaml", "a: [\n", 2, 1),
        ("not-yaml", "a: 'x\n", 2, 1),
        ("not-yaml", "a: b: c\n", 1, 5),
        ("not-yaml", 'a: 1\nb: "\\U99999999"\n', 2, 1),
        ("empty", "", 1, 1),
        ("empty", "# nothing\n", 1, 1),
    ],
)
def test_what_is_not_plain_data_is_refused_at_its_place(code: str, text: str, line: int, column: int) -> None:
    """What YAML allows beyond plain data, and what is no YAML at all, is refused at its line and column."""
    assert (code, line, column) in told(text)


def test_no_fault_of_the_text_hides_another() -> None:
    """All faults of a text are told at once, and what was refused stays behind as broken."""
    tree = compose("a: &x 1\nb: *x\nc: 1.5\nd: [!!int 3, 4]\ne: 1\ne: 2\n")
    assert ["anchor", "alias", "number", "tag", "duplicate-key"] == [fault.code for fault in tree.faults]
    assert {"a": 1, "b": BROKEN, "c": BROKEN, "d": [BROKEN, 4], "e": 1} == tree.value
    assert "BROKEN" == repr(tree.value["b"])


def test_places_are_those_of_values_and_of_keys_over_collections() -> None:
    """A value's place is where it stands; that of a mapping or list under a key is where the key stands."""
    tree = compose("a: x\nb:\n  c: [y, {d: z}]\n")
    assert (1, 4) == tree.place(("a",))
    assert (1, 1) == tree.place(("a",), key=True)
    assert (2, 1) == tree.place(("b",))
    assert (3, 3) == tree.place(("b", "c"))
    assert (3, 7) == tree.place(("b", "c", 0))
    assert (3, 14) == tree.place(("b", "c", 1, "d"))


def test_the_place_of_what_is_not_there_is_the_nearest_above_it() -> None:
    """A path that the text does not have is placed at the nearest one above it that it has."""
    tree = compose("a:\n  b: x\n")
    assert (2, 6) == tree.place(("a", "b", 3, "c"))
    assert (1, 1) == tree.place(("z",), key=True)
    assert (1, 1) == compose("").place(("z",))


def nested(depth: int) -> str:
    return "a: " + "[" * depth + "]" * depth + "\n"


def test_the_bounds_themselves_are_allowed() -> None:
    """A text of the largest size, depth, number of nodes and length is read."""
    assert [] == told(nested(MAX_DEPTH - 1))
    assert [] == told(f"a: {'x' * _tree.MAX_SCALAR}\n")
    assert [] == told("a: x\n" + "#" * (MAX_BYTES - 5))
    assert [] == told("[" + "a," * (_tree.MAX_NODES - 1) + "]")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("too-deep", nested(MAX_DEPTH)),
        ("too-deep", "- " * (MAX_DEPTH + 1) + "a\n"),
        ("too-deep", "[" * 100_000),
        ("too-deep", "{" * 100_000),
        ("too-deep", "[\n" * 1_000),
        ("too-many-nodes", "[" + "a," * _tree.MAX_NODES + "]"),
        ("too-large", "a: x\n" + "#" * (MAX_BYTES - 4)),
        ("too-large", "é" * (MAX_BYTES // 2 + 1)),
    ],
)
def test_one_more_than_a_bound_is_refused(code: str, text: str) -> None:
    """What passes a bound is refused as a whole, before anything else is made of it."""
    tree = compose(text)
    assert code == tree.faults[-1].code
    assert BROKEN is tree.value
