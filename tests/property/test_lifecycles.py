"""Every path of the bundled workflows, walked on memory and SQLite; and every pilot state against every track edge.

The quick suite walks the paths up to the diameter of their graph; before a release they are two moves longer.
"""

from collections.abc import Iterator
from functools import cache

import pytest

from proeftuin.core.table import Table
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue
from proeftuin.testing.lifecycles import Pair, Path, Walker, open_stage
from proeftuin.testing.lifecycles._tables import table_of
from proeftuin.testing.lifecycles.pairs import every_pair
from proeftuin.testing.lifecycles.paths import BEYOND, every_path, farthest, nearest_paths
from tests.property.conftest import Url
from tests.scale import RELEASE

NAMES = Catalogue().names()
LIFECYCLES = [(name, kind) for name in NAMES for kind in (None, *Catalogue().get(name).tracks)]

# Per lifecycle: how many moves its farthest state is away, and how many paths there are with two moves more.
MANY = {
    ("existing-contract", None): (4, 13),
    ("existing-contract", "supplier"): (6, 1727),
    ("programme", None): (1, 3),
    ("small-purchases", None): (4, 13),
    ("small-purchases", "category"): (2, 1),
    ("tender", None): (4, 13),
    ("tender", "procurement"): (2, 81),
    ("tender", "contract"): (2, 0),
}

# What the graph has, and a pilot does not come to in the most direct way.
ASIDE = {
    "planned > running > concluded (conclude) > (spawn_follow_up)": "concluded without an outcome, which may be given",
    "planned > (snooze)": "in a programme that has only begun no term runs that could be put off",
}
BESIDE = ("tender", "contract")
"""A kind of track that begins on an edge of another kind: no path of its own leads there; `tests/domain` walks it."""
IN_PROCEDURE = frozenset({"tendering", "awarded"})
"""A tender pilot is not closed while a procurement is in one of these (row TN13), so those pairs do not exist."""


def paths(name: str, kind: str | None, longer: int) -> Iterator[Path]:
    """Every path of a graph, so many moves longer than its diameter, and one over every edge."""
    workflow = Catalogue().get(name)
    yield from every_path(workflow, kind, farthest(table_of(workflow), kind) + longer)
    yield from over_every_edge(name, kind)


def over_every_edge(name: str, kind: str | None) -> Iterator[Path]:
    """A shortest path over every edge of a graph."""
    return (path for path in nearest_paths(Catalogue().get(name), kind) if path.id not in ASIDE)


def pairs(name: str) -> Iterator[Pair]:
    """Every state of the pilot with every edge of a track, but for what cannot be."""
    workflow = Catalogue().get(name)
    for kind in workflow.tracks:
        for pair in every_pair(workflow, kind) if (name, kind) != BESIDE else ():
            if (name, pair.state) != ("tender", "closed") or pair.hop.source not in IN_PROCEDURE:
                yield pair


@cache
def known(name: str) -> tuple[Workflow, ...]:
    """The other bundled workflows, of which an edge may begin a pilot."""
    return tuple(Catalogue().get(one) for one in NAMES if one != name)


def walker(name: str, url: str = "memory://") -> tuple[Table, Walker]:
    workflow = Catalogue().get(name)
    return table_of(workflow), Walker(open_stage(workflow, url, workflows=known(name)))


def ends(table: Table, path: Path) -> set[str]:
    """The state that a path leads to; where its last edge lets the track fall, that one too."""
    falls = table.every[path.hops[-1].place].edge.falls if path.hops else None
    return {path.states[-1], *([falls.to] if falls is not None else [])}


@pytest.mark.parametrize(("name", "kind"), LIFECYCLES, ids=str)
def test_every_path_can_be_walked(name: str, kind: str | None, new_url: Url) -> None:
    """Over every path of the pilot and of each kind of track there is somebody with data that the guards accept."""
    table, one = walker(name, new_url())
    with one.stage.engine as engine:
        for path in paths(name, kind, BEYOND if RELEASE else 0):
            walked = one.walk(path)
            state = walked.pilot.state if path.kind is None else walked.pilot.tracks[str(walked.track)].state
            assert state in ends(table, path), path.id
        assert () == engine.verify()


def test_there_are_as_many_paths_as_the_files_make() -> None:
    """A path that is lost, or that nobody meant, shows in the number of them."""
    found = {}
    for name, kind in LIFECYCLES:
        workflow = Catalogue().get(name)
        far = farthest(table_of(workflow), kind)
        found[name, kind] = (far, len(list(every_path(workflow, kind, far + BEYOND))))
    assert found == MANY


@pytest.mark.parametrize("name", [name for name in NAMES if Catalogue().get(name).tracks])
def test_a_track_edge_is_allowed_in_some_states_of_the_pilot_alone(name: str, new_url: Url) -> None:
    """For each state of the pilot and edge of a track: accepted where the file says so, otherwise refused for it."""
    table, one = walker(name, new_url())
    with one.stage.engine as engine:
        for pair in pairs(name):
            codes = one.try_pair(pair)
            assert pair.fits == (codes == ()), (pair.id, codes)
            rule = table.every[pair.hop.place]
            if not pair.fits and rule.allowed != ("system",) and pair.state not in rule.during:
                assert "wrong-state" in codes, (pair.id, codes)
        assert () == engine.verify()


@pytest.mark.parametrize(("name", "kind"), [one for one in LIFECYCLES if one != BESIDE], ids=str)
def test_every_edge_is_fired_on_the_way(name: str, kind: str | None) -> None:
    """Walking the shortest paths fires every edge of a lifecycle, those that move nothing included."""
    fired: set[str] = set()
    table, one = walker(name)
    aside = {path.hops[-1].trigger for path in nearest_paths(Catalogue().get(name), kind) if path.id in ASIDE}
    for path in over_every_edge(name, kind):
        one.walk(path)
        fired |= {event.trigger for event in one.stage.engine.history(one.pilot_id)}
    never = {rule.edge.trigger for rule in table.every if rule.edge.refuse is not None}
    assert {rule.edge.trigger for rule in table.every if rule.kind == kind} <= fired | aside | never
