import pytest

from proeftuin import Engine, UnknownPilot
from proeftuin.chains import Link, chain
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from tests.unit.core.small import a_pilot
from tests.unit.engines import BOARD, LEAD, MONITOR, SELLER, engine, start


def ended(on: Engine, pilot: str) -> str:
    """A pilot that was closed, so that another can follow it."""
    on.fire(pilot, "note", actor=LEAD, data={"text": "Said"})
    on.fire(pilot, "talk", actor=LEAD)
    on.fire(pilot, "finish", actor=BOARD)
    return pilot


def followed(on: Engine, pilot: str, title: str) -> str:
    return str(on.fire(pilot, "follow", actor=LEAD, data={"title": title}).started)


def told(links: tuple[Link, ...]) -> list[tuple[str, str | None, str | None, int]]:
    return [(one.pilot.id, one.follows, one.trigger, one.depth) for one in links]


@pytest.fixture
def on() -> Engine:
    return engine()


def test_a_chain_is_the_same_from_wherever_it_is_asked(on: Engine) -> None:
    """Every pilot of a chain tells the whole of it: the first, and each with what came of it behind it."""
    first = ended(on, start(on))
    one, two = followed(on, first, "One"), followed(on, first, "Two")
    third = followed(on, ended(on, one), "Three")
    expected = [
        (first, None, None, 0),
        (one, first, "follow", 1),
        (third, one, "follow", 2),
        (two, first, "follow", 1),
    ]
    assert [expected] * 4 == [told(on.chain(pilot)) for pilot in (first, one, two, third)]


def test_a_pilot_that_nothing_follows_is_a_chain_of_its_own(on: Engine) -> None:
    """A pilot alone is the whole story."""
    pilot = start(on)
    assert [(pilot, None, None, 0)] == told(on.chain(pilot))


def test_a_pilot_may_be_named_by_hand(on: Engine) -> None:
    """Who names an earlier pilot at the start follows it, though that one knows nothing of it."""
    first = start(on)
    later = start(on, data={"title": "Later", "follow_up_of": first})
    assert [(first, None, None, 0), (later, first, None, 1)] == told(on.chain(later))
    assert [(first, None, None, 0)] == told(on.chain(first))


@pytest.mark.parametrize("named", ["the pilot of last year", "x" * 255, " "])
def test_what_names_no_pilot_here_begins_a_chain(on: Engine, named: str) -> None:
    """A text that is no pilot's id is somebody's own words, and the chain begins behind it."""
    pilot = start(on, data={"title": "New", "follow_up_of": named})
    assert [(pilot, None, None, 0)] == told(on.chain(pilot))


def test_there_is_no_chain_of_an_unknown_pilot(on: Engine) -> None:
    """A pilot that is not there is told as everywhere."""
    with pytest.raises(UnknownPilot):
        on.chain("nobody")


def circle(name: str, before: str, *linked: str) -> Pilot:
    links = tuple(FrozenDict(pilot=one, relation="follow") for one in linked)
    return replace(a_pilot(), id=name, data=FrozenDict(follow_up_of=before, linked=links))


def test_a_circle_is_told_once() -> None:
    """Pilots that name each other in a circle, as hands can, are each told once."""
    pilots = {one.id: one for one in (circle("a", "b", "b"), circle("b", "a", "a", "b"))}
    assert [("b", None, None, 0), ("a", "b", "follow", 1)] == told(chain(pilots.__getitem__, "a"))


def test_a_chain_is_cut_to_what_is_seen(on: Engine) -> None:
    """A view shows the pilots that its actor sees, and to who sees none there is no chain."""
    first = ended(on, start(on))
    later = followed(on, first, "Later")
    assert [first, later] == [one.pilot.id for one in on.seen_by(SELLER).chain(later)]
    with pytest.raises(UnknownPilot):
        on.seen_by(MONITOR).chain(first)


def test_what_is_not_shown_is_left_out_with_all_behind_it() -> None:
    """A pilot of the chain that cannot be got is left out, wherever it lies."""
    pilots = {one.id: one for one in (circle("b", "hidden", "gone", "c"), circle("c", "b"))}

    def get(name: str) -> Pilot:
        if name not in pilots:
            raise UnknownPilot(name)
        return pilots[name]

    assert [("b", None, None, 0), ("c", "b", "follow", 1)] == told(chain(get, "c"))
