"""What is told of many workflows, whole, in files that can be read: `python -m tests.unit.core.told` writes them anew.

One holds what lint tells of every workflow that `test_lint` breaks: what its authors would read. The other holds what
differs between two versions, for every attribute that can differ and every order in which edges can be asked. Whoever
changes a sentence reads it there once more, and whoever changes a check or a rule sees what else became of it.
"""

from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path

from attrs import frozen

from proeftuin import Workflow, diff
from proeftuin.definitions import lint_workflow
from tests.unit.core.test_diff import every_variant, line
from tests.unit.core.test_diff_order import ORDERS
from tests.unit.core.test_lint import BESIDE, ERRORS, FILE, LOTS, WARNINGS, broken, large
from tests.unit.core.test_lint import TEXT as LINTED
from tests.unit.core.test_lint_snooze import GOOD, WRONG, snoozing


@frozen
class Told:
    """What is told under many names, and the file in which it is kept.

    Attributes:
        file: a line for each name, and indented below it what is told.
        tells: gives the lines that are told under a name.
        names: all of them.
    """

    file: Path
    tells: Callable[[str], Iterator[str]]
    names: tuple[str, ...]

    def told(self, name: str) -> str:
        """What is told under a name."""
        return "".join(f"    {one}\n" for one in self.tells(name))

    def kept(self) -> dict[str, str]:
        """What was told when the file was written."""
        found, name = dict[str, str](), ""
        for text in self.file.read_text(encoding="utf-8").splitlines(keepends=True):
            if text.startswith("    "):
                found[name] += text
            else:
                name = text.rstrip("\n")
                found[name] = ""
        return found

    def write(self) -> None:
        """Keep what is told now."""
        self.file.write_text("".join(f"{name}\n{self.told(name)}" for name in self.names), encoding="utf-8")


OPENER = "      - {trigger: propose, opens: seller_track, to: seen, while: busy, allow: [lead]}\n"
PUT_OFF = f"allow: [reminded], snooze: 2 days, data: {{{GOOD}}}"
BROKEN = {f"{old!r} -> {new!r}": broken(old, new) for _, old, new, _ in (*ERRORS, *WARNINGS)}
BROKEN |= {f"{old!r} -> {new!r}": LOTS.replace(old, new) for _, old, new, _ in BESIDE}
BROKEN |= {f"{keys!r} with {data!r}": snoozing(keys, data) for keys, data, _ in WRONG}
BROKEN |= {f"too large {number}: {section}": text for number, (section, text) in enumerate(large())}
FURTHER = {
    "a clock of a hold fires what a hold refuses": (
        ("cycle: next, allow: [lead]}", "cycle: next, allow: [lead, system]}"),
        ("{while: paused, due", "{while: paused, fire: again, due"),
    ),
    "a clock of a hold, and no pause": (("hold: pause, progress: false", "progress: false"), ("hold: resume, ", "")),
    "a clock of the pilot fires what is of a track": (
        ("due: {field: resume_by}", "due: {field: resume_by}, fire: lapse"),
    ),
    "a pilot falls": (("to: same, cycle: next", "to: same, falls: {to: gone, unless: [none_open: {record: task}]}"),),
    "a track puts reminders off": (
        ("    edges:\n", f"    edges:\n      - {{trigger: wait, from: seen, while: any_open, {PUT_OFF}}}\n"),
    ),
    "a state is a dead end": (
        ("unpark, from: parked, to: previous", "unpark, from: parked, to: parked"),
        ("lapse, from: [seen, parked]", "lapse, from: [seen]"),
    ),
    "states lead to each other alone": (
        ("lapse, from: [seen, parked]", "lapse, from: [seen]"),
        ("unpark, from: parked, to: previous", "unpark, from: parked, to: agreed"),
        ("{trigger: leave, from: agreed", "{trigger: leave, from: seen"),
    ),
    "openers cannot be told apart": (("      - trigger: propose\n", f"{OPENER}      - trigger: propose\n"),),
}
for _name, _pairs in FURTHER.items():
    BROKEN[_name] = reduce(lambda text, pair: text.replace(*pair, 1), _pairs, LINTED)

PAIRS: dict[str, tuple[Workflow, Workflow]] = {}
for _base, _one in every_variant():
    PAIRS[f"{_base.name}: {'.'.join(map(str, _one.steps))} {_one.how}"] = (_base, _one.workflow)
PAIRS |= ORDERS


def _faults(name: str) -> Iterator[str]:
    for one in lint_workflow(BROKEN[name]):
        yield f"{one.line}:{one.column} {one.level} {one.code} {'.'.join(map(str, one.path))}: {one.text}"


def _differences(name: str) -> Iterator[str]:
    """A line for each, with a minus where there is an old value, and a plus where there is a new one."""
    old, new = PAIRS[name]
    for way, changes in (("there", diff(old, new)), ("back", diff(new, old))):
        for one in changes:
            yield f"{way} {'' if one.old is None else '-'}{'' if one.new is None else '+'} {line(one)}"


FAULTS = Told(FILE.with_name("faults.txt"), _faults, tuple(BROKEN))
DIFFERENCES = Told(FILE.with_name("differences.txt"), _differences, tuple(PAIRS))

if __name__ == "__main__":
    for _all in (FAULTS, DIFFERENCES):
        _all.write()
