"""Questions about many pilots, of which one cannot be read: it is named, and takes no other one away."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from proeftuin import CorruptStore, Engine, load_workflow
from proeftuin.core.structs import replace
from proeftuin.spi import Store
from proeftuin.storage.memory import MemoryStore
from tests.unit.engines import DATA, FACILITATOR, FLOW, LEAD, MONITOR, SELLER, Clock, Wrapped, engine
from tests.unit.test_doctor import held

QUIET = """
clocks:
  quiet: {since: progress, due: 7 days, remind: {lead: [0 days]}, label: {en: Call, nl: Bellen}}
"""
TALKS, OTHER = FLOW + QUIET, FLOW.replace("workflow: talks", "workflow: other") + QUIET
NOTE = "1 pilot that cannot be read is not in it."


def spoil_workflow(store: MemoryStore) -> None:
    store._workflows["other", 1] = ("h", b"{")


def spoil_head(store: MemoryStore) -> None:
    kept = held(store, "beta")
    kept.head = replace(kept.head, body=b"\0")


def opened(store: Store, clock: Clock, *texts: str) -> Engine:
    return engine(store, workflows=[load_workflow(one) for one in texts], time=clock)


def late(
    spoil: Callable[[MemoryStore], None] = spoil_workflow, *texts: str, wrap: type[Wrapped] | None = None
) -> Engine:
    """An engine with three pilots on which a term is overdue; the second, `beta`, was damaged."""
    store, clock = MemoryStore(), Clock()
    on = opened(store, clock, TALKS, OTHER)
    for name in ("alpha", "beta", "gamma"):
        on.start("other" if name == "beta" else "talks", actor=LEAD, data={**DATA, "title": name}, id=name)
    clock.at += timedelta(days=20)
    spoil(store)
    return opened(store if wrap is None else wrap(store), clock, *(texts or (TALKS, OTHER)))


damages = pytest.mark.parametrize("spoil", [spoil_workflow, spoil_head])


@damages
def test_what_may_be_overdue_is_found_with_the_others(
    spoil: Callable[[MemoryStore], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Where the store says that a term may be due, a pilot that cannot be read is found too, counted, and logged."""
    on = late(spoil)
    assert ["alpha", "beta", "gamma"] == [one.id for one in on.find(overdue=True).items]
    assert ["beta"] == [one.pilot for one in caplog.records if one.msg == "pilot-unreadable"]  # type: ignore[attr-defined]  # a field of ours
    assert 3 == sum(one.pilots for one in on.count(overdue=True))
    assert ["alpha", "beta", "gamma"] == [one.id for one in on.seen_by(LEAD).each(overdue=True)]


def test_a_store_that_counts_no_days_stops_at_none_either() -> None:
    """Where every pilot is looked at, the one that cannot be read is found, as nobody knows."""
    on = late(spoil_head, wrap=Wrapped)
    assert ["alpha", "beta", "gamma"] == [one.id for one in on.each(overdue=True)]


@damages
@pytest.mark.parametrize("actor", [SELLER, FACILITATOR])
def test_by_what_is_overdue_a_part_of_a_damaged_pilot_is_not_found(
    spoil: Callable[[MemoryStore], None], actor: object
) -> None:
    """Who sees a part of a pilot finds a damaged one in the list, and not by a filter on what only the pilot tells."""
    view = late(spoil).seen_by(actor)  # type: ignore[arg-type]  # an actor, as parametrized
    assert "beta" in [one.id for one in view.each()]
    assert "beta" not in [one.id for one in view.each(overdue=True)]


@damages
def test_an_agenda_names_what_it_is_without(spoil: Callable[[MemoryStore], None]) -> None:
    """The agenda of who may see all of it has the other pilots, and names the one that cannot be read."""
    found = late(spoil).agenda(actor=LEAD)
    assert (["alpha", "gamma"], ("beta",)) == ([one.pilot_id for one in found.actions], found.unreadable)
    assert ["alpha", "gamma"] == [one.pilot_id for one in found.calls]
    assert () == late(spoil).agenda(actor=MONITOR).unreadable


@damages
def test_due_days_name_what_they_are_without(spoil: Callable[[MemoryStore], None]) -> None:
    """Due days are those of the others, and the pilot that cannot be read is named, to who may see it."""
    on = late(spoil)
    for found in (on.deadlines(), on.seen_by(LEAD).deadlines()):
        assert (["alpha", "gamma"], ("beta",)) == ([one.pilot_id for one in found.items], found.unreadable)
    assert () == on.seen_by(MONITOR).deadlines().unreadable


@damages
def test_figures_say_that_they_are_incomplete(spoil: Callable[[MemoryStore], None]) -> None:
    """Each figure says how many pilots it is without, as a number and in words; so it does to who sees no pilot."""
    on = late(spoil)
    for eyes in (on, on.seen_by(LEAD), on.seen_by(MONITOR)):
        for found in (eyes.metrics(), eyes.metrics("pilots_by_phase", "jobs_25_5")):
            assert {(1, 2)} == {(one.missing, one.coverage[1]) for one in found.values()}
            assert {True} == {one.note["en"].endswith(NOTE) for one in found.values()}


@damages
def test_a_portfolio_names_what_it_is_without(spoil: Callable[[MemoryStore], None]) -> None:
    """A portfolio is of the pilots that can be read; the other one is named, and in no number."""
    on = late(spoil)
    for eyes in (on, on.seen_by(LEAD)):
        found = eyes.portfolio(months=1)
        assert (2, 2, 2, 1, ("beta",)) == (found.pilots, found.open, found.overdue, found.missing, found.unreadable)
        assert {1} == {one.missing for one in (*found.figures.values(), *found.flow)}
        assert ["alpha", "gamma"] == [one.pilot_id for one in found.waiting]
    outside = on.seen_by(MONITOR).portfolio()
    assert (2, 1, ()) == (outside.pilots, outside.missing, outside.unreadable)


def test_where_all_can_be_read_nothing_is_missing() -> None:
    """Without damage no figure says that it is incomplete, and nothing is named."""
    on = late(lambda _: None)
    assert (0, ()) == (on.portfolio().missing, on.portfolio().unreadable)
    assert {(0, False)} == {(one.missing, NOTE in one.note.get("en", "")) for one in on.metrics().values()}
    assert () == on.agenda(actor=LEAD).unreadable == on.deadlines().unreadable


def test_figures_of_what_nobody_can_judge_are_incomplete_too() -> None:
    """Where no role is known for a damaged workflow its pilot is not named, and still told as missing."""
    found = late(spoil_workflow, TALKS).seen_by(LEAD).portfolio()
    assert (2, 1, ()) == (found.pilots, found.missing, found.unreadable)


def test_of_pilots_that_are_all_damaged_there_are_no_figures() -> None:
    """Where nobody knows which figures are declared, the damage itself is told, and not that there are none."""
    on = late(spoil_workflow, TALKS)
    with pytest.raises(CorruptStore, match="workflow other@1 cannot be read"):
        on.metrics(workflow="other")


@damages
@pytest.mark.parametrize("ask", ["metrics", "portfolio", "deadlines"])
def test_what_is_asked_of_a_damaged_pilot_by_its_id_is_refused(spoil: Callable[[MemoryStore], None], ask: str) -> None:
    """Who names the pilot is told that it cannot be read, alone or among others."""
    for pilots in ("beta", ["alpha", "beta"]):
        with pytest.raises(CorruptStore):
            getattr(late(spoil), ask)(pilots=pilots)


@damages
def test_dossiers_are_given_of_the_others_where_what_is_missed_is_taken(spoil: Callable[[MemoryStore], None]) -> None:
    """With a dict to take the ids, dossiers come of the pilots that can be read; without one the damage is raised."""
    on = late(spoil)
    for eyes in (on, on.seen_by(LEAD)):
        missed: dict[str, str] = {}
        assert ["alpha", "gamma"] == [one.pilot.id for one in eyes.dossiers(missed=missed)]
        assert {"beta": "other@1"} == missed
        with pytest.raises(CorruptStore):
            list(eyes.dossiers())
        with pytest.raises(CorruptStore):
            list(eyes.dossiers(pilots=["alpha", "beta"], missed=missed))


def test_an_export_is_whole_or_is_not_made() -> None:
    """A copy for another store or tool cannot say that it lacks a pilot: the damage is raised, and others are named."""
    on = late()
    for ask in (on.export_pilots, on.seen_by(LEAD).export):
        with pytest.raises(CorruptStore, match="workflow other@1 cannot be read"):
            list(ask())
        assert list(ask(["alpha", "gamma"]))
