"""Who sees what, for every field of every record of every bundled workflow, through every door of a view."""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial

import pytest

from proeftuin import Actor, UnknownPilot
from proeftuin.core.metrics import FIELDS
from proeftuin.definitions import Catalogue, bundled_files
from proeftuin.seen import View
from proeftuin.views import pilot_diagram, timeline
from tests.domain.planted import NOBODY, OWN, PARTIES, PILOT, RIVAL, Planted, Word, planted

NAMES = sorted({name for name, _ in bundled_files()})
FACILITATOR = Actor("f", roles={"facilitator"})
SUPPLIER = Actor("s", roles={"supplier_lead"}, party=PARTIES[OWN])


@cache
def filled(name: str) -> Planted:
    return planted(Catalogue().get(name))


def flows(role: str) -> list[str]:
    """The workflows in which there is such a role."""
    return [name for name in NAMES if role in Catalogue().get(name).roles]


def doors(view: View, made: Planted) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every way in which a view tells something."""
    pilot = made.pilot
    yield "get", lambda: view.get(made.id)
    yield "get a version", lambda: [view.get(made.id, version=one) for one in range(1, pilot.version, 7)]
    yield "get a moment", lambda: view.get(made.id, at=pilot.updated_at)
    yield "history", lambda: list(view.history(made.id))
    yield "timeline", lambda: timeline(made.workflow, view.history(made.id))
    yield "diagram", lambda: pilot_diagram(made.workflow, view.get(made.id), view.history(made.id))
    yield "export one", lambda: list(view.export(made.id))
    yield "options", lambda: view.options(made.id, all=True)
    for trigger in made.table.triggers:
        for key in (None, *pilot.tracks):
            yield f"explain {trigger}", partial(_explained, view, made, trigger, key)
    yield from crossing(view)


def crossing(view: View) -> Iterator[tuple[str, Callable[[], object]]]:
    """The doors that cross pilots, which are open to everybody."""
    yield "find", view.find
    yield "find what is overdue", lambda: view.find(overdue=True)
    yield "each", lambda: list(view.each())
    yield "agenda", lambda: view.agenda(days=1000)
    yield "deadlines", view.deadlines
    yield "export", lambda: list(view.export())
    yield "metrics", view.metrics
    yield "portfolio", view.portfolio
    for field in FIELDS:
        yield f"metrics by {field}", partial(view.metrics, "persons_placed", by=[field])


def _explained(view: View, made: Planted, trigger: str, key: str | None) -> object:
    """What a supplier asks of a track that is not its own names that track, and nothing else may."""
    option = view.explain(made.id, trigger, track=key)
    return [option.fields, option.warnings, [(one.params, one.missing, one.texts) for one in option.blockers]]


def told(view: View, made: Planted) -> dict[str, str]:
    return {name: repr(ask()) for name, ask in doors(view, made)}


def tells(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?!\w)", text) is not None


def leaks(view: View, made: Planted, words: list[str]) -> list[tuple[str, str]]:
    return [(door, one) for door, text in told(view, made).items() for one in words if tells(text, one)]


def hidden_from_supplier(made: Planted, word: Word) -> bool:
    if word.place == PILOT:
        return word.where != "data" or word.field in made.table.private.plans
    return word.place != OWN


def hidden_from_facilitator(made: Planted, word: Word) -> bool:
    private = made.table.private
    return word.where in {*private.records, "erased"} or word.field in private.plans


@pytest.mark.parametrize("name", flows("supplier_lead"))
def test_a_supplier_sees_its_own_and_nothing_of_others(name: str) -> None:
    """No word on another supplier's track, on one that is nobody's, or on the pilot's records, gets to a supplier."""
    made = filled(name)
    words = [one.text for one in made.words if hidden_from_supplier(made, one)]
    others = [key for key in made.pilot.tracks if not key.startswith(OWN)]
    view = made.engine.seen_by(SUPPLIER)
    assert words
    assert [] == leaks(view, made, [*words, *others, str(PARTIES[RIVAL])])
    seen = repr(view.get(made.id)) + repr(list(view.history(made.id)))
    own = [one.text for one in made.words if one.place == OWN and not hidden_from_supplier(made, one)]
    assert [] == [one for one in own if not tells(seen, one)]


@pytest.mark.parametrize("name", flows("facilitator"))
def test_a_facilitator_sees_nothing_of_a_participant(name: str) -> None:
    """No field of a record with a participant, of an answer about one, or of a plan for them gets to a facilitator."""
    made = filled(name)
    words = [one.text for one in made.words if hidden_from_facilitator(made, one)]
    view = made.engine.seen_by(FACILITATOR)
    assert [] == leaks(view, made, words)
    seen = repr(view.get(made.id)) + repr(list(view.history(made.id)))
    assert [] == [one.text for one in made.words if one.text not in words and not tells(seen, one.text)]


@pytest.mark.parametrize("name", NAMES)
def test_the_clients_side_sees_every_word(name: str) -> None:
    """Whatever was planted, the client's side finds it: no test above is true because nothing was there."""
    made = filled(name)
    view = made.engine.seen_by(Actor("c", roles={"coordinator"}))
    seen = repr(view.get(made.id)) + repr(list(view.history(made.id)))
    assert [] == [one for one in made.words if not tells(seen, one.text)]
    assert {PILOT, *((OWN, RIVAL, NOBODY) if made.workflow.tracks else ())} == {one.place for one in made.words}


@pytest.mark.parametrize(
    "actor", [Actor("m", roles={"monitor"}), Actor("s", roles={"supplier_lead"}), Actor("n", roles=())]
)
@pytest.mark.parametrize("name", NAMES)
def test_to_others_there_is_no_pilot(name: str, actor: Actor) -> None:
    """A monitor, a supplier without a party and a stranger get no word through any door."""
    made = filled(name)
    view = made.engine.seen_by(actor)
    open_to_all = dict(crossing(view))
    for door, ask in doors(view, made):
        if door not in open_to_all:
            with pytest.raises(UnknownPilot):
                ask()
    texts = {door: repr(ask()) for door, ask in open_to_all.items()}
    common = [
        one for one in made.words if one.where == "data" and one.field in FIELDS
    ]  # what figures are broken down by
    words = [one.text for one in made.words if one not in common]
    assert [] == [(door, one) for door, text in texts.items() for one in words if tells(text, one)]


def test_answers_about_a_placement_are_about_a_person() -> None:
    """A record that points at one with a participant is as private as that one."""
    private = filled("existing-contract").table.private
    assert {"placement", "retention"} == private.records
    assert {"placement_plan"} == private.plans
    placing = {"start_placement", "move_placement", "change_hours", "end_placement", "record_retention", "complete"}
    assert {*placing, "correct"} == private.triggers
