"""Value tables are read strictly: every fault at once, each with its place."""

from datetime import date
from pathlib import Path

import pytest

from proeftuin import BadArgument, DefinitionError, ValueTable, load_value_table
from proeftuin.definitions import sample_tables

TABLE = """\
format: 1
table: ours
label: {en: Our table, nl: Onze tabel}
since: 2026-01-01
source: decision of the board, 12 December 2025
hours: "37.5"
values:
  participation_act: 40000
  wia: "25000.50"
"""


def faults(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        load_value_table(text)
    return [f"{one.line}:{one.column} {one.code}" for one in refused.value.faults]


def test_a_table_is_what_its_file_says() -> None:
    """A table has its id, day, source and hours, and its amounts exactly; it is a sample only where it says so."""
    values = {"participation_act": "40000", "wia": "25000.50"}
    label = {"en": "Our table", "nl": "Onze tabel"}
    expected = ValueTable(
        "ours", date(2026, 1, 1), "decision of the board, 12 December 2025", "37.5", values, label=label
    )
    assert expected == load_value_table(TABLE)
    assert load_value_table(TABLE + "sample: true\n").sample


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("table: ours", "table: Ours", ["2:8 bad-form"]),
        ("table: ours", "table: 7", ["2:8 wrong-type"]),
        ("format: 1", "format: 2", ["1:9 bad-value"]),
        ("format: 1\n", "", ["1:1 missing-key"]),
        ("since: 2026-01-01", "since: 2026-02-30", ["4:8 bad-value"]),
        ("since: 2026-01-01", "since: soon", ["4:8 bad-value"]),
        ("since: 2026-01-01", "since: 2026", ["4:8 bad-value"]),
        ("source: decision of the board, 12 December 2025", 'source: ""', ["5:9 bad-form"]),
        ('"37.5"', "0", ["6:8 bad-value"]),
        ('"37.5"', '"-1"', ["6:8 bad-value"]),
        ('"37.5"', "true", ["6:8 bad-value"]),
        ("values:", "value:", ["1:1 missing-key", "7:1 unknown-key"]),
        ("participation_act: 40000", "Participation: 40000", ["8:3 bad-form"]),
        ("participation_act: 40000", "participation_act: much", ["8:22 bad-value"]),
        ("participation_act: 40000", "participation_act: 1.5", ["8:22 number"]),
        ("label: {en: Our table, nl: Onze tabel}", "label: ours", ["3:8 wrong-type"]),
        ("label: {en: Our table, nl: Onze tabel}", "sample: perhaps", ["3:9 wrong-type"]),
        (TABLE, "[]\n", ["1:1 missing-key"] * 6 + ["1:1 wrong-type"]),
        (TABLE, "\n", ["1:1 empty"]),
        ("table: ours", "table: *ours", ["2:8 alias"]),
    ],
)
def test_every_fault_has_its_place(old: str, new: str, expected: list[str]) -> None:
    """What does not fit is refused with line and column."""
    assert sorted(expected) == sorted(faults(TABLE.replace(old, new)))


def test_all_faults_come_at_once() -> None:
    """Several faults are told together, in the order of the text."""
    text = TABLE.replace("table: ours", "table: Ours").replace("40000", "none").replace('"37.5"', "0")
    assert ["2:8 bad-form", "6:8 bad-value", "8:22 bad-value"] == faults(text)


def test_a_file_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    """A file that is not there is refused with its name, and so is what is no path."""
    with pytest.raises(DefinitionError, match=r"none\.yaml:1:1: no-such-file"):
        load_value_table(tmp_path / "none.yaml")
    with pytest.raises(BadArgument, match="source"):
        load_value_table(7)  # type: ignore[arg-type]  # what a host might pass


def test_the_tables_that_come_along_are_samples() -> None:
    """Every table that is shipped is named by its file, has a source, and says that it is only a sample."""
    for name, path in sample_tables().items():
        table = load_value_table(path)
        assert (name, True) == (table.id, table.sample)
        assert name.startswith("sample-")
        assert table.source
        assert {"en", "nl"} == set(table.label)
    assert {"sample-utrecht-new", "sample-holland-rijnland"} <= set(sample_tables())
