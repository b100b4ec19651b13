"""What lint tells of every workflow that `test_lint` breaks, whole: `python -m tests.unit.core.told` writes it anew.

The file beside the broken workflow is what its authors would read. Whoever changes a sentence reads it there once more,
and whoever changes a check sees what else became of it.
"""

from proeftuin.definitions import lint_workflow
from tests.unit.core.test_lint import BESIDE, ERRORS, FILE, LOTS, WARNINGS, broken
from tests.unit.core.test_lint_snooze import WRONG, snoozing

TOLD = FILE.with_name("told.txt")
BROKEN = {f"{old!r} -> {new!r}": broken(old, new) for _, old, new, _ in (*ERRORS, *WARNINGS)}
BROKEN |= {f"{old!r} -> {new!r}": LOTS.replace(old, new) for _, old, new, _ in BESIDE}
BROKEN |= {f"{keys!r} with {data!r}": snoozing(keys, data) for keys, data, _ in WRONG}


def told(name: str) -> str:
    """What lint tells of the workflow that is broken like this, a line for each fault."""
    return "".join(
        f"    {one.line}:{one.column} {one.level} {one.code} {'.'.join(map(str, one.path))}: {one.text}\n"
        for one in lint_workflow(BROKEN[name])
    )


def kept() -> dict[str, str]:
    """What it told when the file was written."""
    found, name = dict[str, str](), ""
    for line in TOLD.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("    "):
            found[name] += line
        else:
            name = line.rstrip("\n")
            found[name] = ""
    return found


if __name__ == "__main__":
    TOLD.write_text("".join(f"{name}\n{told(name)}" for name in BROKEN), encoding="utf-8")
