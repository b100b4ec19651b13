"""What the tables cannot say of a programme: the pilots that take part in it."""

from proeftuin import Actor
from tests.domain.programme.life import Life

LEAD = Actor("lead-1", roles={"coordinator"})


def test_pilots_name_their_programme() -> None:
    """Pilots under any workflow that name a programme are found by it, and counted by phase."""
    life = Life().reach("running")
    engine = life.engine
    names = {"Canteen": "existing-contract", "Parks": "tender", "Flowers": "small-purchases"}
    for title, workflow in names.items():
        data = {"title": title, "organisation": "UU", "programme": life.id}
        engine.start(workflow, actor=LEAD, data=data)
    engine.start("tender", actor=LEAD, data={"title": "Alone", "organisation": "UU"})
    found = [engine.get(one.id) for one in engine.find(programme=life.id).items]
    assert set(names) == {one.data["title"] for one in found}
    assert [("exploration", 3)] == [(one.phase, one.pilots) for one in engine.count(programme=life.id)]


def test_a_quiet_programme_is_not_stalled() -> None:
    """Nobody is asked for a word every week, and no signal comes up."""
    life = Life().reach("running")
    assert [] == list(life.live(60))
    assert () == life.pilot.signals
