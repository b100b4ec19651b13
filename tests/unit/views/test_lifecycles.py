import re
from collections.abc import Sequence
from datetime import date

import pytest
from attrs import evolve

from proeftuin import Actor, Engine, load_workflow
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from proeftuin.definitions import Catalogue, bundled_files
from proeftuin.views import (
    Cell,
    Picture,
    pilot_picture,
    portfolio_picture,
    state_cells,
    workflow_picture,
)
from proeftuin.views.words import plain, said
from proeftuin.waiting import Hindrance, Waiting
from tests.unit.views.pictures import HOSTILE, overlapping, root, strange, tree, words
from tests.unit.views.test_diagram import ANN, SMALL, small

BUNDLED = sorted(f"{name}@{version}" for name, version in bundled_files())


def lived(
    *steps: str | Sequence[str],
    title: str = "Catering",
    waiting: Waiting | None = None,
    text: str | None = None,
) -> Picture:
    """The picture of a small pilot that went these steps: a trigger, or a trigger and a track."""
    flow = small() if text is None else load_workflow(text)
    with Engine.open("memory://", workflows=[flow]) as engine:
        pilot = engine.start("small", actor=ANN, data={"title": "Catering"}, on="2026-01-05").pilot
        for step in steps:
            trigger, track = (step, None) if isinstance(step, str) else step
            pilot = engine.fire(pilot.id, trigger, actor=ANN, track=track, on="2026-01-06").pilot
        called = replace(pilot, data=FrozenDict({"title": title}))
        return pilot_picture(flow, called, engine.history(pilot.id), waiting=waiting)


def waits(*reasons: str) -> Waiting:
    """A pilot that waits for these reasons."""
    told = tuple(Hindrance("no", FrozenDict({"en": one}), None, (), FrozenDict(), ()) for one in reasons)
    day = date(2026, 1, 6)
    texts = FrozenDict({"en": "Go on"})
    return Waiting("p", "t", None, None, "exploration", "one", texts, day, 0, (), "go", texts, told)


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_workflow_is_drawn_whole(name: str, lang: str) -> None:
    """Each state and each way of each bundled workflow is drawn in both languages, and no words lie on others."""
    workflow = Catalogue().get(name)
    picture = workflow_picture(workflow, lang=lang)
    shown = words(picture)
    for states in (workflow.states, *(kind.states for kind in workflow.tracks.values())):
        assert [] == [one for state in states.values() if (one := said(state.label, lang)) not in shown]
    assert [] == [row[3] for row in picture.rows if row[3] not in shown]
    assert ([], []) == (overlapping(picture), strange(picture))


def test_lifecycles_stand_below_each_other_where_there_is_no_room_beside() -> None:
    """A picture is no wider than was asked for, as far as a single lifecycle goes in."""
    wide, narrow = (workflow_picture(Catalogue().get("tender"), width=width) for width in (1800, 520))
    assert (True, True) == (wide.width > 1100, narrow.width < 520)
    assert narrow.height > wide.height
    assert ([], []) == (overlapping(wide), overlapping(narrow))


def test_the_table_of_a_workflow_holds_every_way() -> None:
    """What a workflow's picture shows stands in its table: of what, from, to, by what."""
    picture = workflow_picture(small())
    assert ("Of", "From", "To", "What") == picture.heads
    assert {("Pilot", "", "One", "Start"), ("Pilot", "One", "Two", "Go"), ("Supplier", "Away", "Seen", "Return")} < {
        *picture.rows
    }


def test_labels_are_in_the_language_asked_for() -> None:
    """A Dutch picture has Dutch labels, title and table."""
    picture = workflow_picture(small(), lang="nl")
    shown = words(picture)
    assert all(one in shown for one in ("Proeftuin", "Een", "Gaan", "Leverancier"))
    assert ("Levensloop: Klein", "Van") == (picture.title, picture.heads[0])


@pytest.mark.parametrize("label", HOSTILE)
def test_no_label_of_a_workflow_changes_the_drawing(label: str) -> None:
    """Whatever a state is called, the tags and attributes are those of the same workflow with plain words."""
    told = dict.fromkeys(("en", "nl"), label)
    flow = small()
    named = {name: evolve(state, label=FrozenDict(told)) for name, state in flow.states.items()}
    edges = tuple(evolve(edge, label=FrozenDict(told)) for edge in flow.edges)
    hostile = workflow_picture(evolve(flow, label=FrozenDict(told), states=FrozenDict(named), edges=edges))
    assert tree(root(workflow_picture(flow))) == tree(root(hostile))
    assert ([], []) == (overlapping(hostile), strange(hostile))


@pytest.mark.parametrize("label", HOSTILE)
def test_no_word_of_a_pilot_changes_the_drawing(label: str) -> None:
    """Whatever a pilot is called and whatever is in its way, the tags and attributes are those of plain words."""
    steps = ("go", ("open", "sodexo"), ("leave", "sodexo"), "hold")
    hostile = lived(*steps, title=f"x {label}", waiting=waits(label, "b"))
    assert tree(root(lived(*steps, waiting=waits("a", "b")))) == tree(root(hostile))
    assert ([], []) == (overlapping(hostile), strange(hostile))


def test_a_pilot_shows_where_it_is_and_which_way_it_came() -> None:
    """The present state is marked by a word and a look, the states passed hold their days, the ways gone a tick."""
    picture = lived("go", "back", "go")
    shown = words(picture)
    for one in ("\u2713 Start (2026-01-05)", "\u2713 Go (2026-01-06, 2026-01-06)", "Two \u25cf now, since 2026-01-06"):
        assert one in shown
    assert "2026-01-06 \u2013 2026-01-06 (2x)" in shown
    assert 1 == picture.body.count('class="pt-here"')
    assert ("Pilot Catering", "One", "Two", "Go", "2026-01-06, 2026-01-06") in picture.rows


def test_a_way_that_was_not_gone_is_drawn_thin() -> None:
    """A way has the line of those that were gone exactly where it was."""
    before, after = (re.findall(r'<path class="pt-gone"', lived(*steps).body) for steps in ((), ("go",)))
    assert (1, 2) == (len(before), len(after))


def test_hold_and_outcome_stand_at_the_present_state() -> None:
    """A pilot on hold, and one that ended with an outcome, say so where they are, and in their text."""
    held, stopped = lived("hold"), lived("stop")
    assert ("on hold" in words(held), "One, on hold" in held.text) == (True, True)
    assert ("outcome: Stopped" in words(stopped), "End, outcome: Stopped" in stopped.text) == (True, True)


def test_tracks_stand_beside_the_pilot_with_the_states_they_came_to() -> None:
    """Each track has a card with its key, its kind, and its states in order with their days."""
    shown = words(lived(("open", "isa"), ("leave", "isa"), ("open", "sodexo")))
    assert "isa (Supplier) Seen 2026-01-06 Away 2026-01-06" in shown
    assert "sodexo (Supplier) Seen 2026-01-06" in shown


def test_of_a_track_that_went_far_the_last_states_are_shown() -> None:
    """Of more states than go on a card the last are shown, and how many there were before."""
    shown = words(lived(("open", "isa"), *(("leave", "isa"), ("return", "isa")) * 5))
    assert "isa (Supplier) 3 before these Away" in shown


def test_a_kind_of_track_is_called_by_its_own_label() -> None:
    """A track is called by what its kind is called, also where a role shares that name."""
    text = SMALL.replace("LABEL", "One").replace("sue: {side: supplier", "supplier: {side: supplier")
    assert "isa (Supplier)" in words(lived(("open", "isa"), text=text))


def test_what_is_in_the_way_of_the_next_step_is_told() -> None:
    """The next step is named with each reason against it, with how many more there are, or that it can be done."""
    shown = words(lived(waiting=waits(*(f"reason {number}" for number in range(8)))))
    assert "Next: Go on \u2717 reason 0 \u2717 reason 1" in shown
    assert ("reason 5" in shown, "reason 6" in shown, "and 2 more" in shown) == (True, False, True)
    assert "This can be done now." in words(lived(waiting=waits()))
    assert "There is no next step." in words(lived(waiting=evolve(waits(), trigger=None)))
    assert ("What is in the way", "", "", "reason", "") in lived(waiting=waits("reason")).rows


def test_a_state_of_an_earlier_version_is_drawn_too() -> None:
    """A state and a way that the workflow no longer has are drawn as they happened."""
    flow = small()
    with Engine.open("memory://", workflows=[flow]) as engine:
        pilot = engine.start("small", actor=ANN, data={"title": "x"}).pilot
        pilot = engine.fire(pilot.id, "go", actor=ANN).pilot
        events = list(engine.history(pilot.id))
    later = evolve(flow, states=FrozenDict({name: one for name, one in flow.states.items() if name != "one"}))
    picture = pilot_picture(evolve(later, edges=()), pilot, events)
    assert "one" in words(picture)
    assert [] == overlapping(picture)


def test_a_portfolio_tells_how_many_pilots_are_where_and_for_how_long() -> None:
    """Each state holds its number of pilots and their median days, as words, a bar, a shade, and in the table."""
    cells = {"one": Cell(4, 31.5), "two": Cell(1, 7), "end": Cell(None)}
    picture = portfolio_picture(small(), cells, lang="nl")
    shown = words(picture)
    assert all(one in shown for one in ("4 proeftuinen mediaan 31,5 dagen", "1 proeftuin mediaan 7 dagen"))
    assert (("Een", "4", "31,5"), ("Twee", "1", "7"), ("Einde", "niet getoond", "")) == picture.rows
    assert (1, 1) == (picture.body.count("pt-heat-4"), picture.body.count("pt-heat-1"))
    assert ([], []) == (overlapping(picture), strange(picture))


def test_what_is_withheld_is_drawn_as_if_it_could_be_anything() -> None:
    """A state whose number is withheld has no bar and no shade that would tell it."""
    hidden = portfolio_picture(small(), {"one": Cell(None), "two": Cell(2, 5)})
    assert 2 == hidden.body.count('height="6" rx="0"') // 2  # of `two` and of `end`, not of `one`
    assert "One not shown" in words(hidden)


def test_the_cells_of_a_portfolio_are_those_of_the_day() -> None:
    """Pilots count in the state that they were in on the day, for as many days as they had been there."""
    flow = small()
    with Engine.open("memory://", workflows=[flow]) as engine:
        pilots = []
        for day in ("2026-01-01", "2026-01-04", "2026-01-08"):
            pilot = engine.start("small", actor=Actor("ann-1", roles={"ann"}), data={"title": day}, on=day).pilot
            pilots.append(engine.fire(pilot.id, "stop", actor=ANN, on="2026-01-20").pilot)
    on = {day: state_cells(flow, pilots, date(2026, 1, day)) for day in (5, 10, 20)}
    assert (Cell(2, 2.5), Cell(3, 6)) == (on[5]["one"], on[10]["one"])
    assert (Cell(0), Cell(3)) == (on[20]["one"], on[20]["end"])


def test_words_that_cannot_be_seen_are_no_label() -> None:
    """A label of which nothing can be seen is drawn as a dash."""
    assert plain("\u202e\x00") == ""
    assert "\u2013" not in words(workflow_picture(small("\u202e")))
    assert "-" in words(workflow_picture(small("\u202e"))).split()
