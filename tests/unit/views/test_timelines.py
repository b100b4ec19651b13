from datetime import date, timedelta
from functools import partial

import pytest
from attrs import evolve

from proeftuin import Actor, Engine, Event, Pilot, Workflow, load_workflow
from proeftuin.agenda import Deadline
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Player, load_scenario
from proeftuin.views import Picture, pilot_timeline_picture, programme_timeline_picture
from tests.unit.views.pictures import HOSTILE, overlapping, root, strange, tree, words
from tests.unit.views.test_diagram import ANN, small

Life = tuple[Workflow, Pilot, list[Event]]
LATER = date(2026, 6, 1)
DECIDING = """\
format: 1
workflow: deciding
version: 1
label: {en: Deciding, nl: Besluiten}
roles: {ann: {label: {en: Ann, nl: Anna}}}
records:
  decision: {label: {en: Decision, nl: Besluit}, fields: {note: {type: text}}}
  activity: {label: {en: Talk, nl: Gesprek}, fields: {tracks: {type: list, of: track}}}
start: {to: one, allow: [ann], data: {title: {type: text}}}
states:
  one: {phase: exploration, label: {en: One, nl: Een}}
  two: {phase: implementation, label: {en: Two, nl: Twee}}
  end: {phase: closed, final: true, label: {en: End, nl: Einde}}
edges:
  - {trigger: go, from: one, to: two, allow: [ann]}
  - {trigger: stop, from: any_open, to: end, outcome: stopped, allow: [ann]}
  - {trigger: hold, from: any_open, hold: pause, allow: [ann]}
  - {trigger: resume, from: any_open, hold: resume, paused: allowed, allow: [ann]}
  - {trigger: decide, from: any_open, allow: [ann], records: [{add: decision}]}
  - {trigger: undo, from: any_open, allow: [ann], records: [{end: decision}]}
  - {trigger: talk, from: any_open, allow: [ann], records: [{add: activity}]}
tracks:
  supplier:
    label: {en: Supplier, nl: Leverancier}
    states:
      seen: {label: {en: Seen, nl: Gezien}}
      done: {done: true, label: {en: Done, nl: Klaar}}
    edges:
      - {trigger: open, opens: supplier, to: seen, while: any_open, allow: [ann]}
      - {trigger: finish, from: seen, to: done, while: any_open, allow: [ann]}
words:
  stopped: {en: Stopped, nl: Gestopt}
  implementation: {en: Doing, nl: Doen}
  exploration: {en: Looking, nl: Zoeken}
"""


@pytest.fixture(scope="module")
def whole() -> Life:
    """The story of DJI and Sodexo: nearly two years with talks, agreements, placements, reminders and signals."""
    player = Player(load_scenario(scenario_folder() / "dji-sodexo.yaml"), partial(Engine.open, "memory://"))
    with player.engine as engine:
        assert all(outcome.ok for outcome in player.run())
        pilot = engine.get(player.pilots[0])
        return engine.workflow(pilot.workflow), pilot, list(engine.history(pilot.id))


def lived(*steps: tuple[str, str] | tuple[str, str, str]) -> Life:
    """A pilot of `deciding` that began on 1 January: a day and a trigger each, and a track."""
    flow = load_workflow(DECIDING)
    with Engine.open("memory://", workflows=[flow]) as engine:
        pilot = engine.start("deciding", actor=ANN, data={"title": "Catering"}, on="2026-01-01").pilot
        for day, trigger, *track in steps:
            pilot = engine.fire(pilot.id, trigger, actor=ANN, track=next(iter(track), None), on=f"2026-{day}").pilot
        return flow, pilot, list(engine.history(pilot.id))


def drawn(life: Life, as_of: date = LATER, **options: object) -> Picture:
    return pilot_timeline_picture(*life, as_of=as_of, **options)  # type: ignore[arg-type]  # options of its own


def due(day: date, as_of: date = LATER, *, pilot: str, track: str | None = None) -> Deadline:
    label = FrozenDict({"en": "Sign of life", "nl": "Levensteken"})
    return Deadline(pilot, "t", "clock", "k", label, None, track, day, (day - as_of).days)


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("width", [480, 1000, 1800])
def test_a_whole_life_is_drawn(whole: Life, lang: str, width: int) -> None:
    """A long life is drawn in both languages, on any width, with no words on others and nothing that is not ours."""
    picture = drawn(whole, whole[1].last_move + timedelta(30), lang=lang, width=width)
    assert ([], [], width) == (overlapping(picture), strange(picture), picture.width)


def test_a_whole_life_holds_what_happened(whole: Life) -> None:
    """States, decisions, talks and agreements per supplier, placements, signals and reminders are in it."""
    workflow, pilot, events = whole
    picture = drawn(whole, pilot.last_move)
    rows = {row[0] for row in picture.rows}
    assert {"Exploring", "Evaluating", "Decisions", "Talks", "sodexo", "\u26a0 Stalled", "Reminders"} <= rows
    own = [row[1] for row in picture.rows if row[0] == "sodexo"]
    for record in ("agreement", "placement"):
        count = sum(one.type == "record.added" and one.data["record"] == record for one in events)
        assert count == sum(one.startswith(f"sodexo: {workflow.records[record].label['en']}:") for one in own) > 0
    assert 2 == sum(row[0] == "Implementing" for row in picture.rows)


def test_states_are_bars_from_day_to_day() -> None:
    """Each state has its row, with a bar from when until when, and where it is now that goes up to the day."""
    picture = drawn(lived(("01-31", "go")))
    assert (("One", "One", "2026-01-01", "2026-01-31"), ("\u25cf Two", "Two", "2026-01-31", "")) == picture.rows
    assert ("30 days" in words(picture), "121 days" in words(picture)) == (True, True)
    assert "<title>One, 2026-01-01 \u2013 2026-01-31</title>" in picture.body
    assert "as of 2026-06-01" in words(picture)


def test_an_end_is_a_mark_with_its_outcome() -> None:
    """A state that ends the lifecycle is no bar that grows, but a mark on its day, with what came of it."""
    picture = drawn(lived(("02-01", "stop")), lang="nl")
    assert ("\u25cf Einde", "Einde, Gestopt", "2026-02-01", "") == picture.rows[-1]
    assert "Gestopt, 2026-02-01" in words(picture)


def test_a_pause_is_a_hatched_bar() -> None:
    """Pauses have a row of their own, filled with a pattern, and the legend tells what it means."""
    picture = drawn(lived(("02-01", "hold"), ("03-01", "resume"), ("05-01", "hold")))
    assert [("2026-02-01", "2026-03-01"), ("2026-05-01", "")] == [
        row[2:] for row in picture.rows if row[0] == "On hold"
    ]
    assert 3 == picture.body.count("-hold)")
    assert 2 == words(picture).split("as of")[1].count("On hold")


def test_alike_decisions_of_a_day_are_one_mark() -> None:
    """Decisions stand beside their marks with their days, alike ones of a day once, those taken back with a cross."""
    shown = words(drawn(lived(("02-01", "decide"), ("02-01", "decide"), ("03-01", "undo"))))
    assert "2x Decision, 2026-02-01" in shown
    assert "2x Decision ended, 2026-03-01" in shown
    assert "taken back" in shown


def test_talks_stand_with_whom_they_were() -> None:
    """A talk on tracks stands in the row of each of them, another one in that of the pilot."""
    flow = load_workflow(DECIDING)
    with Engine.open("memory://", workflows=[flow]) as engine:
        pilot = engine.start("deciding", actor=ANN, data={"title": "x"}, on="2026-01-01").pilot
        for key in ("isa", "sodexo", "third"):
            engine.fire(pilot.id, "open", actor=ANN, track=key, on="2026-01-02")
        engine.fire(pilot.id, "talk", actor=ANN, on="2026-01-03")
        pilot = engine.fire(pilot.id, "talk", actor=ANN, data={"tracks": ["isa", "sodexo"]}, on="2026-01-04").pilot
        picture = drawn((flow, pilot, list(engine.history(pilot.id))))
    days = [(row[0], row[2]) for row in picture.rows if row[1].startswith("Talk")]
    assert [("Talks", "2026-01-03"), ("isa", "2026-01-04"), ("sodexo", "2026-01-04")] == days


def test_a_track_has_its_states_in_one_row() -> None:
    """A track's row names its kind and where it is, with a bar per state and a mark where it ended."""
    picture = drawn(lived(("02-01", "open", "isa"), ("03-01", "finish", "isa")))
    assert [("isa", "Seen", "2026-02-01", "2026-03-01"), ("isa", "Done", "2026-03-01", "")] == list(picture.rows[1:])
    assert "Supplier: Done" in words(picture)


def test_marks_that_would_touch_are_one_with_their_number(whole: Life) -> None:
    """However many reminders there were, each is in a mark, and the numbers add up."""
    picture = drawn(whole, whole[1].last_move, width=480)
    told = sum(one.type in {"clock.reminded", "clock.escalated", "clock.fired"} for one in whole[2])
    assert told == sum(row[0] == "Reminders" for row in picture.rows) > 50
    assert picture.body.count("pt-ocare") < 30


def test_what_is_due_is_drawn_where_it_is_given() -> None:
    """Due days of this pilot are marks with words, overdue ones say so, and those too far ahead are counted."""
    life = lived(("02-01", "open", "isa"))
    name = life[1].id
    days = [date(2026, 5, 1), date(2026, 6, 20), date(2027, 6, 1)]
    given = [*(due(day, pilot=name, track="isa") for day in days), due(days[1], pilot="another")]
    picture = drawn(life, due=given)
    shown = words(picture)
    assert "Overdue, isa: Sign of life, 2026-05-01" in shown
    assert (1, True) == (shown.count("2026-06-20"), "and 1 later" in shown)
    assert "Due" not in words(drawn(life))
    assert [] == overlapping(picture)


def test_a_life_is_drawn_as_of_a_day() -> None:
    """Nothing that came later is in it: no state, no track, no pause, no record, and no outcome."""
    steps = (("02-01", "go"), ("02-10", "open", "isa"), ("02-20", "hold"), ("03-01", "resume"), ("04-01", "stop"))
    early, late = drawn(lived(*steps), date(2026, 2, 1)), drawn(lived(*steps), date(2026, 2, 25))
    assert (("One", "One", "2026-01-01", "2026-02-01"), ("\u25cf Two", "Two", "2026-02-01", "")) == early.rows
    assert ("On hold", "On hold", "2026-02-20", "") in late.rows
    assert not any("End" in row[1] for row in late.rows)


def test_a_pilot_that_just_began_is_drawn() -> None:
    """A life of no days is a picture too."""
    picture = drawn(lived(), date(2026, 1, 1))
    assert (("\u25cf One", "One", "2026-01-01", ""),) == picture.rows
    assert ([], []) == (overlapping(picture), strange(picture))


@pytest.mark.parametrize("days", [1, 20, 50, 400, 4000])
def test_the_months_never_lie_on_each_other(days: int) -> None:
    """Whatever time there is to show, there are a few months or weeks along it, and room for each."""
    picture = drawn(lived(), date(2026, 1, 1) + timedelta(days))
    assert ([], True) == (overlapping(picture), picture.body.count("pt-rule") > 1)


def called(life: Life, label: str) -> Life:
    """A life in whose workflow and pilot everything is called by one word."""
    flow, pilot, events = life
    told = FrozenDict({"en": label, "nl": label})

    def named(part: object) -> FrozenDict:
        return FrozenDict({name: evolve(one, label=told) for name, one in part.items()})  # type: ignore[attr-defined]  # any mapping

    kinds = {kind: evolve(one, label=told, states=named(one.states)) for kind, one in flow.tracks.items()}
    other = evolve(
        flow,
        label=told,
        states=named(flow.states),
        tracks=FrozenDict(kinds),
        records=named(flow.records),
        words=FrozenDict(dict.fromkeys(flow.words, told)),
    )
    return other, replace(pilot, data=FrozenDict({"title": label})), events


@pytest.mark.parametrize("label", HOSTILE)
def test_no_word_changes_the_drawing(label: str) -> None:
    """Whatever everything in it is called, the tags and attributes are those of plain words."""
    life = lived(
        ("02-01", "decide"), ("02-02", "talk"), ("02-10", "open", "isa"), ("02-20", "finish", "isa"),
        ("03-01", "hold"), ("03-02", "resume"), ("04-01", "stop"),
    )  # fmt: skip
    for draw in (drawn, lambda one: programme_timeline_picture([one[:2]], as_of=LATER, title=one[1].data["title"])):
        plain, hostile = (draw(called(life, word)) for word in ("w", label))
        assert tree(root(plain)) == tree(root(hostile))
        assert ([], []) == (overlapping(hostile), strange(hostile))


# -- many pilots -------------------------------------------------------------------------------------------------------


def test_a_programme_shows_each_pilot_with_its_states() -> None:
    """Each pilot has a row with its states, its pauses and its end, and its phases are numbered in the legend."""
    one, two = lived(("02-01", "hold"), ("03-01", "resume"), ("03-10", "go")), lived(("04-01", "stop"))
    picture = programme_timeline_picture([one[:2], two[:2]], as_of=LATER, title="Together")
    assert [
        ("Catering", "One", "2026-01-01", "2026-03-10"),
        ("Catering", "Two", "2026-03-10", ""),
        ("Catering", "On hold", "2026-02-01", "2026-03-01"),
        ("Catering", "One", "2026-01-01", "2026-04-01"),
        ("Catering", "End, Stopped", "2026-04-01", ""),
    ] == list(picture.rows)
    shown = words(picture)
    assert all(part in shown for part in ("Together", "1 Looking", "2 Doing", "On hold", "end", "End, Stopped"))
    assert ([], []) == (overlapping(picture), strange(picture))


def test_a_programme_leaves_out_who_had_not_begun() -> None:
    """As of a day, only pilots that had begun by then are drawn; of none, an empty picture is."""
    lives = [lived()[:2]]
    assert () == programme_timeline_picture(lives, as_of=date(2025, 12, 31)).rows
    assert 1 == len(programme_timeline_picture(lives, as_of=date(2026, 1, 1)).rows)
    assert "The lives of 0 pilots" == programme_timeline_picture([], as_of=LATER).title


def test_a_pilot_without_a_title_is_called_by_its_id() -> None:
    """Where a pilot has no title, its id stands in its place."""
    flow = small()
    with Engine.open("memory://", workflows=[flow]) as engine:
        pilot = engine.start("small", actor=Actor("ann-1", roles={"ann"}), data={}, id="p-17").pilot
    assert "p-17" in words(programme_timeline_picture([(flow, pilot)], as_of=pilot.since))
