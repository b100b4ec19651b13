from collections.abc import Iterable
from typing import Any

import pytest

from proeftuin import BadArgument, DefinitionError, Workflow, load_workflow
from proeftuin.testing.lifecycles import Path, all_paths, shortest_paths, state_pairs
from proeftuin.testing.lifecycles._tables import table_of, workflow_of
from proeftuin.testing.lifecycles.hops import by_system
from proeftuin.testing.lifecycles.pairs import every_pair
from proeftuin.testing.lifecycles.paths import every_path, farthest, nearest_paths
from tests.unit.testing.lifecycles import FLOW, ROOT

BUNDLED = workflow_of("existing-contract")
TABLE = table_of(BUNDLED)


def flow() -> Workflow:
    return load_workflow(FLOW)


def ids(parameters: Iterable[Any]) -> list[str]:
    """What pytest calls them."""
    return [str(one.id) for one in parameters]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"kind": "suplier"}, "kind: there is no track kind `suplier`; did you mean `supplier`"),
        ({"longest": -1}, "longest: must be 0 or more"),
    ],
)
def test_paths_that_there_cannot_be_are_refused(options: dict[str, Any], told: str) -> None:
    """A track kind that the workflow does not have, and less than no moves, are told as such."""
    with pytest.raises(BadArgument, match=told):
        all_paths(flow(), **options)


def test_all_paths_of_a_small_lifecycle() -> None:
    """Every path over at most so many moves is given once, and says its states in its id."""
    assert [
        "open > talking > closed (finish well=True)",
        "open > talking > closed (finish well=False)",
        "open > closed",
        "supplier: seen (identify) > asked > agreed",
        "supplier: seen (identify) > asked > lapsed > asked > agreed",
        "supplier: seen (identify) > asked > lapsed > asked > lapsed",
        "supplier: seen (identify) > asked > lapsed > asked > parked",
        "supplier: seen (identify) > asked > parked > asked > agreed",
        "supplier: seen (identify) > asked > parked > asked > lapsed",
        "supplier: seen (identify) > asked > parked > asked > parked",
        "supplier: seen (identify) > parked > seen > asked > agreed",
        "supplier: seen (identify) > parked > seen > asked > lapsed",
        "supplier: seen (identify) > parked > seen > asked > parked",
        "supplier: seen (identify) > parked > seen > parked > seen",
    ] == ids(all_paths(flow(), longest=4))


def test_previous_leads_back_along_the_path() -> None:
    """What goes back to where a track was goes there on each path, and not to every state that it could lead to."""
    back = [path for path in every_path(flow(), "supplier") if "unpark" in [hop.trigger for hop in path.hops]]
    assert back
    for path in back:
        for first, second in zip(path.hops, path.hops[1:], strict=False):
            if second.trigger == "unpark":
                assert first.source == second.to


def test_a_path_may_be_as_long_as_is_asked() -> None:
    """With a length given, no path has more moves, and one kind of track can be had alone."""
    found = ids(all_paths(flow(), kind="supplier", longest=1))
    assert ["supplier: seen (identify) > asked", "supplier: seen (identify) > parked"] == found
    assert ["open > talking", "open > closed"] == ids(all_paths(flow(), kind=None, longest=1))


def test_no_path_is_the_beginning_of_another() -> None:
    """Of two paths that begin alike only the longer one is given, and none is given twice."""
    for kind in (None, "supplier"):
        found = [tuple((hop.place, hop.to) for hop in path.hops) for path in every_path(BUNDLED, kind, 5)]
        assert len(found) == len(set(found))
        beginnings = {one[:end] for one in found for end in range(len(one))}
        assert not beginnings & set(found)


@pytest.mark.parametrize("kind", [None, "supplier"])
def test_paths_take_every_moving_edge(kind: str | None) -> None:
    """Together the paths of the bundled workflow pass through every state, and over every edge that moves from one."""
    paths = list(every_path(BUNDLED, kind))
    states = BUNDLED.states if kind is None else BUNDLED.tracks[kind].states
    assert set(states) == {state for path in paths for state in path.states}
    moving = {
        place for place, rule in enumerate(TABLE.every) if rule.kind == kind and rule.moves and not rule.edge.opens
    }
    assert moving <= {hop.place for path in paths for hop in path.hops}
    assert farthest(TABLE, kind) + 2 == max(len([hop for hop in path.hops if hop.source]) for path in paths)


def test_shortest_paths_lead_over_every_edge() -> None:
    """A shortest path leads to every state of the bundled workflow, and one over each of its edges, none left out."""
    for kind in (None, "supplier"):
        paths = list(nearest_paths(BUNDLED, kind))
        states = BUNDLED.states if kind is None else BUNDLED.tracks[kind].states
        assert set(states) <= {path.states[-1] for path in paths}
        own = {place for place, rule in enumerate(TABLE.every) if rule.kind == kind}
        assert own == {hop.place for path in paths for hop in path.hops}


def test_a_shortest_path_is_as_short_as_the_graph_allows() -> None:
    """To each state of a track it takes as many moves as the graph says that it is away."""
    first = "identified"
    for path in nearest_paths(BUNDLED, "supplier"):
        if path.hops and all(hop.moves for hop in path.hops) and path.states.count(path.states[-1]) == 1:
            assert TABLE.distances["supplier"][first][path.states[-1]] <= len(path.hops) - 1
    far = {path.states[-1]: len(path.hops) - 1 for path in reversed(list(nearest_paths(BUNDLED, "supplier")))}
    assert {state: TABLE.distances["supplier"][first][state] for state in far} == far


def test_an_edge_that_needs_a_record_is_come_to_past_one() -> None:
    """To end a placement its path passes where one is started; to follow up, it closes with that outcome."""
    told = ids(shortest_paths("existing-contract"))
    assert (
        "supplier: identified (identify) > invited > talking > willing > agreed > (start_placement) > (end_placement)"
        in told
    )
    follow = next(one for one in told if "spawn_follow_up" in one)
    assert "conclude outcome=follow_up|ended" in follow


def test_what_no_clock_fires_is_on_no_path() -> None:
    """An edge for clocks alone is not taken from a state in which none of them runs."""
    every = load_workflow(ROOT / "tests" / "data" / "every.yaml")
    lapses = [hop for path in every_path(every, "seller_track") for hop in path.hops if hop.trigger == "lapse"]
    assert {"seen"} == {hop.source for hop in lapses}
    assert all(by_system(table_of(every).every[hop.place]) for hop in lapses)


def test_a_pair_is_each_state_with_each_edge() -> None:
    """Every state of the pilot is paired with every edge of a track once, and a pair that fits lies in both."""
    pairs = list(every_pair(BUNDLED, "supplier"))
    edges = BUNDLED.tracks["supplier"].edges
    assert len(BUNDLED.states) * len(edges) == len(pairs) == len({(pair.state, pair.hop.place) for pair in pairs})
    for pair in pairs:
        rule = TABLE.every[pair.hop.place]
        if pair.fits:
            assert pair.state in rule.during
            assert pair.hop.source is None or pair.hop.source in rule.sources
    told = ids(state_pairs("existing-contract"))
    assert len(told) == len(set(told))
    assert "engaging + supplier invite from identified" in told


def test_a_workflow_is_known_by_name_file_or_value() -> None:
    """A bundled name, a path and a workflow itself all mean a workflow, and what is none of them is refused."""
    assert BUNDLED is workflow_of(BUNDLED)
    assert "small" == workflow_of(ROOT / "tests" / "data" / "small.yaml").name
    with pytest.raises(DefinitionError):
        workflow_of("no-such-workflow")
    with pytest.raises(BadArgument):
        workflow_of(7)  # type: ignore[arg-type]  # the fault under test


def test_a_path_is_shown_by_its_id() -> None:
    """In a report of pytest a path and a pair are read by their states."""
    assert "<Path open>" == repr(Path(flow(), None, ()))
    pair = next(one for one in every_pair(flow(), "supplier") if one.fits and one.hop.trigger == "ask")
    assert "<Pair open + supplier ask from seen>" == repr(pair)
