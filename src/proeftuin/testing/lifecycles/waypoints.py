"""Where random stories begin: one short story for each pair of a pilot's state and a track's, walked once and kept."""

from collections.abc import Iterable, Mapping

from proeftuin.core.frozen import EMPTY
from proeftuin.core.workflow import Workflow
from proeftuin.testing.lifecycles._tables import table_of
from proeftuin.testing.lifecycles.house import House
from proeftuin.testing.lifecycles.paths import Path
from proeftuin.testing.lifecycles.searching import Search
from proeftuin.testing.lifecycles.stage import PARTIES, stage_in
from proeftuin.testing.lifecycles.story import Line
from proeftuin.testing.lifecycles.supplying import Supplier
from proeftuin.testing.lifecycles.walking import Stuck, Walker

Waypoint = tuple[Line, ...]


def waypoints(
    workflow: Workflow, house: House, supply: Mapping[str, Supplier] = EMPTY, parties: Iterable[str] = PARTIES
) -> tuple[Waypoint, ...]:
    """Return the stories that lead to every place, shortest first; the first of them only begins a pilot.

    Args:
        workflow: whose places.
        house: where they are walked.
        supply: for guards of a host, by name: gives the data that such a guard asks.
        parties: the suppliers that there are.
    """
    found: list[Waypoint] = []
    for path in _ways(workflow):
        stage = stage_in(house, workflow, parties)
        try:
            Walker(stage, supply).walk(path)
        except Stuck:
            continue  # where a guard of the host stands in the way, stories begin elsewhere
        found.append(tuple(stage.story.lines))
    return tuple(sorted(found, key=len))


def _ways(workflow: Workflow) -> Iterable[Path]:
    """Give a shortest way to each pair of states of the pilot and a track."""
    table = table_of(workflow)
    yield Path(workflow, None, ())
    for kind in (None, *workflow.tracks):
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for node, hops in Search(table, tuple({None, kind})).places():
            place = (node.pilot[-1], node.track[-1:])
            if hops and place not in seen:
                seen.add(place)
                yield Path(workflow, kind, hops)
