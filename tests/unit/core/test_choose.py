"""Which edge a command is about where it cannot be fired from here."""

import pytest

from proeftuin.core.choose import Chosen, choose, distance
from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import FrozenDict
from tests.unit.core.small import LEAD, SELLER, Play, edge, opener, small, supplier

OPEN = ("any_open",)
WORKFLOW = small(
    edge("advance", "first", "second"),
    edge("advance", "second", "third"),
    edge("back", "third", "second", allow=("board",)),
    edge("mark", ("second", "third")),
    edge("sum_up", "third"),
    edge("first_only", "first"),
    tracks={
        "supplier": supplier(
            opener("identify", "seen", during=OPEN),
            opener("invite", "seen", during=("second",)),
            edge("talk", "seen", "talking", during=OPEN, allow=("lead", "seller")),
            edge("agree", "talking", "agreed", during=OPEN),
            edge("note", "talking", during=OPEN, allow=("seller",)),
            edge("note", "agreed", during=OPEN, allow=("lead", "seller")),
            edge("settle", "agreed", during=("third",)),
            edge("settle", "talking", during=("third",), to="gone"),
            edge("look", "seen", during=("first",)),
        )
    },
)


def played(*triggers: str) -> Play:
    """A pilot with a track, after these moves of the pilot or of the track."""
    play = Play(WORKFLOW)
    play.accept("identify", track="acme")
    for trigger in triggers:
        play.accept(trigger, track="acme" if trigger in {"talk", "agree"} else None)
    return play


@pytest.mark.parametrize(
    ("trigger", "track", "expected", "later"),
    [
        ("advance", None, [0, 1], [None, 0]),
        ("mark", None, [1], [0]),
        ("sum_up", None, [2], [1]),
        ("first_only", None, [0], [None]),
        ("identify", None, [0], [0]),
        ("invite", None, [1], [0]),
        ("talk", "acme", [0], [None]),
        ("note", "acme", [1, 2], [0, 1]),
        ("settle", "acme", [4, 3], [2, 1]),
        ("look", "acme", [0], [None]),
    ],
)
def test_moves_of_the_pilot_and_of_the_track_are_counted_together(
    trigger: str, track: str | None, expected: list[int | None], later: list[int | None]
) -> None:
    """An edge is as many moves away as the pilot and its track need, and no number where there is no way any more."""
    for play, numbers in ((played(), expected), (played("talk", "advance"), later)):
        rules = [rule for rule in play.table.every if rule.edge.trigger == trigger]
        attempt = play.attempt(trigger, track=track)
        own = play.pilot.tracks.get(track) if track else None
        assert numbers == [distance(play.table, rule, attempt, own) for rule in rules]


def test_the_edge_that_fewest_moves_lead_to_is_the_one_that_is_judged() -> None:
    """Of the edges of a trigger that the actor may fire the nearest counts, in the role that fires it."""
    play = played()
    for by, source, role in ((SELLER, "talking", "seller"), (LEAD, "agreed", "lead")):
        found = choose(play.table, play.attempt("note", by=by, track="acme"))
        assert isinstance(found, Chosen)
        assert (frozenset((source,)), role, False) == (found.rule.sources, found.role, found.holds)


def test_of_edges_that_are_equally_near_the_first_counts() -> None:
    """Where as many moves lead to several edges, the one that stands first in the file is judged."""
    twice = (edge("go", "second", "third"), edge("go", "second", "closed"))
    play = Play(small(edge("advance", "first", "second"), *twice))
    found = choose(play.table, play.attempt("go"))
    assert isinstance(found, Chosen)
    assert ("third", "lead", False) == (found.rule.edge.to, found.role, found.holds)


def test_a_track_that_is_there_is_not_opened_again() -> None:
    """Opening under a key that is taken is told with that key, as the one reason against it."""
    play = played()
    expected = Blocker("track-exists", FrozenDict(key="acme"), "acme")
    assert expected == choose(play.table, play.attempt("identify", track="acme"))


@pytest.mark.parametrize(
    ("trigger", "track", "code", "params", "told"),
    [
        ("fly", None, "unknown-trigger", {"trigger": "fly"}, None),
        ("fly", "acme", "unknown-trigger", {"trigger": "fly"}, "acme"),
        ("advance", "acme", "unknown-trigger", {"trigger": "advance"}, "acme"),
        ("talk", None, "unknown-track", {"trigger": "talk", "because": "none"}, None),
        ("talk", "nobody", "unknown-track", {"trigger": "talk", "key": "nobody"}, None),
        ("identify", "acme", "track-exists", {"key": "acme"}, "acme"),
    ],
)
def test_what_cannot_be_meant_is_told_whole(
    trigger: str, track: str | None, code: str, params: dict[str, str], told: str | None
) -> None:
    """A trigger or a track that there is none of is named, with the place where it was looked for."""
    play = played()
    assert Blocker(code, FrozenDict(params), told) == choose(play.table, play.attempt(trigger, track=track))
