"""What can still be judged of a workflow with faults: the rest of it, so that one fault does not hide another.

The values at fault are left out, or filled in where they are required; what lint then says about the rest is reported,
what it says about the gaps is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from proeftuin.core.faults import Fault
from proeftuin.core.workflow import Workflow
from proeftuin.definitions._structure import Problem, structure
from proeftuin.definitions._tree import BROKEN, Path

ROUNDS = 4
Gaps = Mapping[Path, Sequence[Path]]
_NOBODY = "nothing"

# A required key -> what stands in for it while the rest is judged.
_FILLERS: dict[str, Any] = {
    "format": 1, "workflow": _NOBODY, "version": 1, "label": {}, "roles": {}, "states": {}, "edges": [],
    "start": {"to": _NOBODY, "allow": [], "data": {}}, "to": _NOBODY, "allow": [], "data": {}, "fields": {},
    "trigger": _NOBODY, "type": "text", "due": "1 day", "record": _NOBODY, "field": _NOBODY,
}  # fmt: skip
# Under these keys things are declared: one that is at fault altogether is still known by its name.
_DECLARED: dict[str, Any] = {
    "roles": {}, "records": {}, "states": {}, "tracks": {}, "clocks": {}, "fields": {}, "data": {}, "groups": [],
}  # fmt: skip
# A section -> what is not told about references into it while the section itself is at fault.
_SILENCED = {
    "roles": "unknown-role", "groups": "unknown-role", "states": "unknown-state", "records": "unknown-record",
    "tracks": "unknown-track-kind",
}  # fmt: skip
# The sections of a file that another one may bring.
SECTIONS = tuple(_SILENCED)


@frozen
class Rest:
    """A workflow with gaps, where they are, and where its list items stood in the file."""

    workflow: Workflow
    gaps: frozenset[Path]
    origins: dict[Path, tuple[int, ...]] = field(factory=dict)

    def original(self, path: Path) -> Path:
        """Return a path as it is in the file."""
        found: Path = ()
        for key in path:
            items = self.origins.get(found, ())
            found = (*found, items[key] if isinstance(key, int) and key < len(items) else key)
        return found

    def tells(self, fault: Fault) -> bool:
        """Whether a fault is about what is there, and not about a gap."""
        path = self.original(fault.path)
        if any(path[:end] in self.gaps for end in range(1, len(path) + 1)):
            return False
        return not any(len(gap) == 1 and _SILENCED.get(str(gap[0])) == fault.code for gap in self.gaps)


def rest_of(value: Any, problems: Iterable[Problem]) -> Rest | None:  # noqa: ANN401  # plain values
    """Return what is left of a workflow without its faults, None where it is too little."""
    gaps = {problem.path for problem in problems}
    if () in gaps:
        return None
    for _ in range(ROUNDS):
        origins: dict[Path, tuple[int, ...]] = {}
        below: dict[Path, list[Path]] = {}
        for gap in gaps:
            below.setdefault(gap[:-1], []).append(gap)
        workflow, found = structure(_without(value, (), below, origins))
        if workflow is not None:
            return Rest(workflow, frozenset(gaps), origins)
        here = Rest(Workflow.__new__(Workflow), frozenset(), origins)
        gaps |= {here.original(problem.path) for problem in found}
    return None


def _without(value: Any, path: Path, below: Gaps, origins: dict[Path, tuple[int, ...]]) -> Any:  # noqa: ANN401  # as above
    """Return a copy of a value without its gaps; `origins` is told of every list that became shorter."""
    gaps = {gap[-1] for gap in below.get(path, ())}
    if isinstance(value, dict):
        kept = {
            key: _without(one, (*path, key), below, origins)
            for key, one in value.items()
            if one is not BROKEN and key not in gaps
        }
        for gap in below.get(path, ()):
            _fill(kept, gap)
        return kept
    if isinstance(value, list):
        places = tuple(index for index, one in enumerate(value) if one is not BROKEN and index not in gaps)
        if len(places) < len(value):
            origins[path] = places
        return [_without(value[index], (*path, index), below, origins) for index in places]
    return value


def _fill(kept: dict[str, Any], gap: Path) -> None:
    """Fill a gap in a mapping: a declared thing stays known by its name, a required key gets a stand-in."""
    key, section = str(gap[-1]), str(gap[-2]) if len(gap) > 1 else ""
    if section in _DECLARED:
        kept[key] = _DECLARED[section]
    elif key in _FILLERS:
        kept[key] = _FILLERS[key]
