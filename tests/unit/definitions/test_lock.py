"""The lock file: what is published, what is not, and what differs from it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from proeftuin import BadArgument, DefinitionError, Fault, load_workflow
from proeftuin.definitions import bundled_bases, bundled_files, lint_locked, publish
from proeftuin.definitions._tree import compose
from proeftuin.definitions.catalogue import LOCK, bundled_folder
from proeftuin.definitions.lock import read_lock

BASE = """
format: 1
base: shared
version: 1
roles:
  lead: {side: client, label: {en: Lead, nl: Projectleider}}
"""
OPEN = "  open: {phase: exploration, label: {en: Open, nl: Open}}\n"
CLOSED = "  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}\n"
OURS = """
format: 1
workflow: ours
version: 1
extends: shared.yaml
label: {en: Ours, nl: Van ons}
start: {to: open, allow: [lead], data: {title: {type: text, label: {en: Title, nl: Titel}}}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: finish, from: open, to: closed, allow: [lead], label: {en: Finish, nl: Afronden}}
"""
ALONE = """
format: 1
workflow: alone
version: 1
extends: ours@1
label: {en: Alone, nl: Alleen}
"""
Change = Callable[[str], str]


def plain(text: str) -> object:
    return compose(text).value


def replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A base, a workflow on top of it, and their lock file."""
    (tmp_path / "shared.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(OURS, encoding="utf-8")
    publish(tmp_path)
    return tmp_path


def codes(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    return [(Path(one.file).name, one.code) for one in faults]


def change(file: Path, how: Change) -> None:
    file.write_text(how(file.read_text(encoding="utf-8")), encoding="utf-8")


def test_every_bundled_workflow_and_base_is_published() -> None:
    """The lock file that comes along has a line for each bundled workflow and base, and each holds what it says."""
    lock = read_lock(bundled_folder() / LOCK)
    assert {("base", *one) for one in bundled_bases()} | {("workflow", *one) for one in bundled_files()} == set(
        lock.entries
    )
    assert () == lint_locked(bundled_folder())
    for name, version in bundled_files():
        assert load_workflow(bundled_files()[name, version]).hash == lock.entries["workflow", name, version].hash


def test_the_file_is_sorted_and_says_what_it_is(folder: Path) -> None:
    """There is one line a version, in order, with its hash and that of its base, below two lines for people."""
    lines = (folder / LOCK).read_text(encoding="utf-8").splitlines()
    base, ours = (read_lock(folder / LOCK).entries[key] for key in (("base", "shared", 1), ("workflow", "ours", 1)))
    assert (load_workflow(folder / "ours.yaml").hash, "shared@1", base.hash) == (ours.hash, ours.base, ours.base_hash)
    assert ["#", "#", ""] == [one[:1] for one in lines[:3]]
    assert [f"base shared@1 {base.hash}", f"workflow ours@1 {ours.hash} on shared@1 {base.hash}"] == lines[3:]


def test_publishing_adds_and_never_changes(folder: Path) -> None:
    """What was published stays as it was, byte for byte; a further version gets a line of its own beside it."""
    before = (folder / LOCK).read_text(encoding="utf-8").splitlines()
    assert () == publish(folder)
    assert before == (folder / LOCK).read_text(encoding="utf-8").splitlines()
    (folder / "ours-2.yaml").write_text(
        OURS.replace("version: 1", "version: 2").replace("Ours", "Yours"), encoding="utf-8"
    )
    (new,) = publish(folder / "ours-2.yaml")
    assert [*before, str(new)] == (folder / LOCK).read_text(encoding="utf-8").splitlines()
    assert () == lint_locked(folder)


@pytest.mark.parametrize("name", ["shared.yaml", "ours.yaml"])
@pytest.mark.parametrize(
    "how",
    [
        replaced("format: 1", "# a remark\nformat: 1   # another"),
        replaced("lead", '"lead"'),
        replaced("version: 1\n", "version: 1\n\n\n"),
        replaced("{", "{ "),
    ],
    ids=["comments", "quotes", "empty lines", "blanks"],
)
def test_how_a_file_is_written_is_no_change(folder: Path, name: str, how: Change) -> None:
    """Comments, quotes and layout are no part of what a version holds, in a workflow and in a base."""
    change(folder / name, how)
    assert () == lint_locked(folder)


@pytest.mark.parametrize(
    "how",
    [
        replaced("en: Finish", "en: Done"),
        replaced("to: closed, allow", "to: open, allow"),
        lambda text: text.replace(OPEN, "").replace(CLOSED, CLOSED + OPEN),
        replaced("{type: text,", "{type: text, required: true,"),
    ],
    ids=["label", "target", "order of states", "required field"],
)
def test_a_published_version_that_changed_is_refused(folder: Path, how: Change) -> None:
    """A label, a rule, the order that people see: each is a change of the version, and the next number is named."""
    before = (folder / LOCK).read_bytes()
    change(folder / "ours.yaml", how)
    (fault,) = (one for one in lint_locked(folder) if one.level == "error")
    assert ("changed-version", True) == (fault.code, "`version: 2`" in fault.text)
    with pytest.raises(DefinitionError, match="changed-version"):
        publish(folder)
    assert before == (folder / LOCK).read_bytes()


def test_a_change_of_a_base_is_told_where_it_ends_up(folder: Path) -> None:
    """Where a base changed, it is named as changed, and so is what stands on it, with what it stood on."""
    change(folder / "shared.yaml", replaced("nl: Projectleider", "nl: Aanjager"))
    faults = lint_locked(folder)
    assert [("ours.yaml", "changed-version"), ("shared.yaml", "changed-version")] == codes(faults)
    assert "it was published on shared@1 as " in faults[0].text


def test_a_change_of_a_base_that_changes_nothing_is_a_warning(folder: Path) -> None:
    """Where the next version of a base comes to the same, what stands on it holds what it held, and that is told."""
    change(folder / "shared.yaml", replaced("version: 1", "version: 2"))
    publish(folder / "shared.yaml")
    told = {(one.code, one.level) for one in lint_locked(folder / "ours.yaml")}
    assert {("changed-base", "warning")} == told


def test_the_version_of_a_base_that_was_not_named_is_told(tmp_path: Path) -> None:
    """A file that names its base without a version is refused when that comes to mean another one."""
    first = load_workflow(OURS.replace("extends: shared.yaml\n", BASE[BASE.index("roles") :]))
    second = load_workflow(
        OURS.replace("extends: shared.yaml\n", BASE[BASE.index("roles") :])
        .replace("version: 1", "version: 2")
        .replace("Finish", "End")
    )
    file = tmp_path / "alone.yaml"
    file.write_text(ALONE.replace("ours@1", "ours"), encoding="utf-8")
    publish(file, bases=[first])
    assert () == lint_locked(file, bases=[first])
    (fault,) = lint_locked(file, bases=[first, second])
    assert ("changed-version", True) == (
        fault.code,
        "on ours@1 as" in fault.text and "stands on ours@2 as" in fault.text,
    )


def test_what_has_no_line_or_no_file_is_told(folder: Path) -> None:
    """A version that is not published is refused, and so is a line whose file is gone, each with what to do."""
    change(folder / "ours.yaml", replaced("version: 1", "version: 2"))
    faults = lint_locked(folder)
    assert [("ours.yaml", "not-published"), (LOCK, "lost-version")] == codes(faults)
    assert f"`proeftuin publish {folder / 'ours.yaml'}`" in faults[0].text
    assert 5 == faults[1].line
    assert [("ours.yaml", "not-published")] == codes(lint_locked(folder / "ours.yaml"))


def test_two_files_of_one_version_are_refused(folder: Path) -> None:
    """One version is in one file."""
    shutil.copy(folder / "ours.yaml", folder / "zz.yaml")
    assert [("zz.yaml", "same-version")] == codes(lint_locked(folder))
    with pytest.raises(DefinitionError, match="same-version"):
        publish(folder)


def test_a_file_with_faults_is_never_published(folder: Path) -> None:
    """Where one of the files has a fault none is published, and no line is said to have lost its file."""
    (folder / "more.yaml").write_text(OURS.replace("workflow: ours", "workflow: more"), encoding="utf-8")
    before = (folder / LOCK).read_bytes()
    change(folder / "ours.yaml", replaced("to: closed, allow", "to: clsed, allow"))
    with pytest.raises(DefinitionError, match="unknown-state"):
        publish(folder)
    change(folder / "ours.yaml", replaced("format: 1", "format: [1"))
    assert [("more.yaml", "not-published")] == codes(lint_locked(folder))
    assert before == (folder / LOCK).read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        "<<<<<<< ours",
        "workflow ours@1 abc",
        "workflow ours@1 " + "0" * 64,
        f"workflow ours@{'1' * 5_000} {'0' * 64}",
        "\ufeff",
    ],
)
def test_a_lock_file_that_was_written_by_hand_is_refused(folder: Path, line: str) -> None:
    """A line that is none, or a second one of a version, is told by its number; nothing is read past it."""
    with (folder / LOCK).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    (fault,) = lint_locked(folder)
    assert ("bad-lock", 6) == (fault.code, fault.line)
    with pytest.raises(DefinitionError, match="bad-lock"):
        publish(folder)


def test_where_nothing_is_published_that_is_told(tmp_path: Path) -> None:
    """Without a lock file everything is refused at once, and what writes one is named."""
    (tmp_path / "ours.yaml").write_text(OURS, encoding="utf-8")
    (tmp_path / "shared.yaml").write_text(BASE, encoding="utf-8")
    (fault,) = lint_locked(tmp_path)
    assert ("no-lock", True) == (fault.code, f"`proeftuin publish {tmp_path}`" in fault.text)


def test_a_file_in_a_folder_of_its_own_falls_under_the_lock_above(tmp_path: Path) -> None:
    """`ours/v1.yaml` is judged by the lock file beside `ours`, whether the folder or the file is named."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "shared.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "ours" / "v1.yaml").write_text(OURS, encoding="utf-8")
    publish(tmp_path)
    assert [tmp_path / LOCK] == list(tmp_path.glob(f"**/{LOCK}"))
    assert () == lint_locked(tmp_path / "ours" / "v1.yaml")


@pytest.mark.parametrize("name", ["ours.yaml", "ours.yml", "ours.json"])
@pytest.mark.parametrize(
    "how",
    [
        lambda text: json.dumps(plain(text), indent=2),
        lambda text: json.dumps(plain(text), indent=0),
        lambda text: json.dumps(plain(text)),
        replaced("workflow: ours", "'workflow': ours"),
        lambda text: text.replace("\n", "\n  "),
        lambda text: text,
    ],
)
def test_a_workflow_is_seen_however_it_is_written(folder: Path, name: str, how: Change) -> None:
    """In a folder a file counts with each ending that a base may have, as JSON too, and whatever its keys stand in."""
    (folder / "ours.yaml").unlink()
    (folder / name).write_text(how(OURS), encoding="utf-8")
    assert () == lint_locked(folder / name)
    assert () == lint_locked(folder)
    assert () == publish(folder)


def test_what_is_no_workflow_is_left_alone(folder: Path) -> None:
    """Scenarios, assumptions and files of tools are not published, nor is what stands in a folder with a dot."""
    (folder / "scenario.yaml").write_text("scenario: x\nworkflow: ours\nversion: 1\n", encoding="utf-8")
    (folder / "behaviour.yaml").write_text("behaviour: x\nworkflow: ours\nversion: 1\n", encoding="utf-8")
    (folder / "more.json").write_text('{"version": "1.2", "base": "main", "workflow": "ours"}', encoding="utf-8")
    (folder / "half.json").write_text('{"workflow": ', encoding="utf-8")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "more.yaml").write_text(OURS.replace("ours", "more"), encoding="utf-8")
    assert () == lint_locked(folder)
    assert () == publish(folder)


def test_a_lock_file_that_cannot_be_read_is_told(folder: Path) -> None:
    """A lock file of which no byte can be had is a fault, as without it nothing would be watched over."""
    (folder / LOCK).unlink()
    (folder / LOCK).symlink_to("/proc/self/mem")
    (fault,) = lint_locked(folder)
    assert ("bad-lock", "cannot be read" in fault.text) == (fault.code, True)


def test_no_file_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    """A path at which there is no workflow file is refused as such."""
    for path in (tmp_path, tmp_path / "nowhere.yaml"):
        with pytest.raises(BadArgument, match="there is no workflow file at"):
            publish(path)
