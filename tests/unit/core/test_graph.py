from proeftuin.core import graph
from proeftuin.core.frozen import FrozenDict
from tests.unit.core.small import edge, opener, small, supplier

WORKFLOW = small(
    edge("advance", "first", "second"),
    edge("again", "first", "second"),
    edge("finish", ("second", "third"), "closed"),
    edge("note", "any_open"),
    edge("stay", "any", "same"),
    tracks={
        "supplier": supplier(
            opener("identify", "seen"),
            edge("talk", "seen", "talking", during=("any_open",)),
            edge("park", ("seen", "talking"), "parked", during=("any_open",)),
            edge("unpark", "parked", "previous", during=("any_open",)),
            edge("unpark_late", "parked", "previous", during=("any_open",)),
            edge("lost", "nowhere", "gone"),
        )
    },
)
STATES = WORKFLOW.states


def test_words_of_a_source_mean_states() -> None:
    """A source is a name, every open state, or every state, each state once."""
    assert ("first", "second", "third") == graph.expand(("any_open",), STATES)
    assert ("closed", "first", "second", "third") == graph.expand(("closed", "any"), STATES)


def test_a_lifecycle_is_that_of_the_pilot_or_of_a_kind_of_track() -> None:
    """Without a kind the lifecycle is the pilot's own."""
    assert WORKFLOW.edges == graph.lifecycle(WORKFLOW, None)[1]
    assert WORKFLOW.tracks["supplier"].edges == graph.lifecycle(WORKFLOW, "supplier")[1]


def test_an_edge_that_moves_nothing_has_no_target() -> None:
    """An edge without `to`, or to the same state, leads nowhere else."""
    assert () == graph.targets(edge("note"), "first", STATES, ())
    assert () == graph.targets(edge("stay", to="same"), "first", STATES, ())


def test_previous_leads_back_to_whatever_leads_here() -> None:
    """An edge to the previous state may lead to each state that an edge comes from, but not to where it is."""
    states, edges = graph.lifecycle(WORKFLOW, "supplier")
    assert ("seen", "talking") == graph.targets(edges[3], "parked", states, edges)


def test_moves_are_those_that_change_the_state() -> None:
    """Per state the moves are listed once each, without openers and without states that do not exist."""
    assert {"first": ("second",), "second": ("closed",), "third": ("closed",), "closed": ()} == graph.moves(
        WORKFLOW, None
    )
    own = graph.moves(WORKFLOW, "supplier")
    assert ("talking", "parked") == own["seen"]
    assert ("seen", "talking") == own["parked"]
    assert "nowhere" not in own


def test_distances_count_the_fewest_moves() -> None:
    """Every reachable state has the fewest moves to it, itself none, and what cannot be reached is absent."""
    moves = FrozenDict(a=("b", "c"), b=("c",), c=("a",), d=("e",))
    found = graph.distances(moves)
    assert {"a": 0, "b": 1, "c": 1} == found["a"]
    assert {"b": 0, "c": 1, "a": 2} == found["b"]
    assert {"c": 0, "a": 1, "b": 2} == found["c"]
    assert {"d": 0, "e": 1} == found["d"]
