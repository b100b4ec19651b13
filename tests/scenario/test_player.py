"""The player: what it notices, and what it says about it."""

from datetime import UTC, datetime
from functools import partial

import pytest
from attrs import evolve

from proeftuin import Actor, Engine, ScenarioError, UnknownWorkflow
from proeftuin.scenario import Outcome, Player, ScenarioTime, load_scenario, play
from proeftuin.storage import open_store

HEAD = """\
scenario: small
workflow: existing-contract
actors:
  lead: {id: lead-1, roles: [coordinator]}
  hr: {id: hr-1, roles: [hr]}
  owner: {id: owner-1, roles: [client_owner]}
  board: {id: board-1, roles: [board]}
  ours: {id: sales-1, roles: [supplier_lead], party: ours}
  theirs: {id: sales-2, roles: [supplier_lead], party: theirs}
  monitor: {id: monitor-1, roles: [monitor]}
steps:
  - {at: 2026-01-05, by: lead, start: {title: Cleaning, organisation: UU}}
"""


def outcomes(*steps: str) -> list[Outcome]:
    scenario = load_scenario(HEAD + "".join(f"  - {{{step}}}\n" for step in steps))
    player = Player(scenario, partial(Engine.open, "memory://"))
    with player.engine:
        return list(player.run())


def explained(*steps: str) -> str:
    last = outcomes(*steps)[-1]
    assert not last.ok
    return last.explain("small.yaml")


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("at: 2026-01-06, by: hr, fire: complete_exploration", "refused: expected accepted, came [forbidden-role]"),
        ("at: 2026-01-06, by: hr, fire: complete_exploration, refused: [paused]", "expected [paused], came [forbidden"),
        (
            "at: 2026-01-06, by: lead, fire: add_lesson, data: {text: Begin small}, refused: [forbidden-role]",
            "refused: expected [forbidden-role], came accepted",
        ),
        (
            "at: 2026-01-06, by: lead, fire: complete_exploration, refused: [missing-pair]",
            "expected [missing-pair], came [missing-inventory, missing-pair, missing-route]",
        ),
        (
            "at: 2026-01-06, by: lead, fire: add_lesson, data: {text: Begin small}, warns: [no-story]",
            "warns: expected [no-story], came []",
        ),
        (
            "at: 2026-01-06, by: lead, fire: add_lesson, data: {text: Begin small}, pending: [board]",
            "pending: expected [board], came []",
        ),
        (
            "at: 2026-01-06, by: lead, fire: pause, data: {reason: Move, resume_by: 2026-02-01}, keep: it",
            "keep: expected",
        ),
        ("at: 2026-01-06, by: lead, fire: add_lesson, data: {text: Begin small}, as: next", "as: expected a new pilot"),
        ("at: 2026-01-06, then: {state: closed}", "state: expected closed, came exploring"),
        ("at: 2026-01-06, then: {outcome: embedded}", "outcome: expected embedded, came nothing"),
        ("at: 2026-01-06, then: {tracks: {ours: invited}}", "tracks.ours: expected invited, came nothing"),
        ("at: 2026-01-06, then: {records: {lesson: 1}}", "records.lesson: expected 1, came 0"),
        ("at: 2026-01-06, then: {metrics: {persons_placed: 1}}", "persons_placed: expected 1, came 0"),
        ("at: 2026-01-06, then: {metrics: {stage_funnel: {training: 1}}}", "stage_funnel.training: expected 1, came"),
        ("at: 2026-01-06, then: {metrics: {persons_placed: {value: null}}}", "value: expected nothing, came 0"),
        ("at: 2026-01-06, then: {metrics: {persons_placed: {zzz: null}}}", "zzz: expected nothing, came no such part"),
        (
            "at: 2026-01-06, then: {metrics: {persons_placed: {ratios: {zzz: null}}}}",
            "zzz: expected nothing, came no su",
        ),
        ("at: 2026-01-06, then: {metrics: {stage_funnel: {}}}", "stage_funnel: expected {}, came {day_activity: 0"),
        ("at: 2026-01-06, by: monitor, ask: {metric: persons_placed}, gives: 1", "gives: expected 1, came 0"),
        ("at: 2026-01-06, by: monitor, ask: {metric: persons_placed}, gives: null", "gives: expected nothing, came 0"),
        ("at: 2026-01-06, by: monitor, ask: {metric: persons_placed}, gives: {}", "gives: expected {}, came 0"),
        (
            "at: 2026-01-06, by: monitor, ask: {metric: luck}, gives: 1",
            "refused: expected accepted, came [bad-argument]",
        ),
    ],
)
def test_a_mismatch_is_told(step: str, expected: str) -> None:
    """Whatever comes out differently is told as what was expected and what came."""
    assert expected in explained(step)


def test_a_mismatch_names_its_step() -> None:
    """The explanation begins with file, line, number, day, trigger and actor, and ends with the refusal in words."""
    text = explained("at: 2026-01-06, by: hr, fire: complete_exploration")
    assert text.startswith("small.yaml:13: step 2 (2026-01-06, complete_exploration by hr) came out differently\n")
    assert text.endswith("forbidden-role: Your role may not do this here. Who may: Coordinator.")


def test_the_player_stops_at_the_first_mismatch() -> None:
    """What follows on a step that came out differently is not played."""
    found = outcomes("at: 2026-01-06, then: {state: closed}", "at: 2026-01-07, then: {state: exploring}")
    assert [True, False] == [one.ok for one in found]


def test_a_refused_question_is_compared_by_its_code() -> None:
    """Somebody who may not know of a pilot gets no figures, and a scenario can expect that."""
    assert outcomes("at: 2026-01-06, by: ours, ask: {metric: persons_placed}, refused: [unknown-pilot]")[-1].ok


def test_several_tracks_are_one_batch() -> None:
    """A step on two tracks is one commit: where one of the two is refused, neither is changed."""
    found = outcomes(
        "at: 2026-01-06, by: ours, fire: propose, track: ours, data: {supplier: Ours}",
        "at: 2026-01-06, by: theirs, fire: propose, track: theirs, data: {supplier: Theirs}",
        "at: 2026-01-06, by: board, fire: record_decision, data: {date: 2026-01-06, reference: B-1}",
        "at: 2026-01-06, by: lead, fire: identify, track: [third, ours], data: {supplier: X}, refused: [track-exists]",
        "at: 2026-01-06, then: {tracks: {third: null}}",
        "at: 2026-01-06, by: lead, fire: identify, track: [third, fourth], data: {supplier: X}",
        "at: 2026-01-06, then: {tracks: {third: identified, fourth: identified}}",
    )
    assert [] == [one.explain("") for one in found if not one.ok]


def test_a_kept_record_is_known_by_its_name() -> None:
    """`$NAME` in the data of a later step stands for the record that was kept under that name."""
    found = outcomes(
        "at: 2026-01-06, by: lead, fire: add_obstacle, data: {text: No budget}, keep: money",
        "at: 2026-01-07, by: hr, fire: resolve_obstacle, data: {obstacle: $money}",
    )
    assert all(one.ok for one in found)


def test_several_pilots_go_by_their_names() -> None:
    """A pilot that was started under a name is the one that later steps with that name are about."""
    found = outcomes(
        "at: 2026-01-06, by: hr, start: {title: Catering, organisation: UU}, as: second",
        "at: 2026-01-06, by: lead, pilot: second, fire: add_lesson, data: {text: Begin}, then: {records: {lesson: 1}}",
        "at: 2026-01-06, then: {records: {lesson: 0}}",
        "at: 2026-01-06, pilot: second, then: {records: {lesson: 1}}",
    )
    assert [] == [one.explain("") for one in found if not one.ok]
    assert ["small-1", "small-2", "small-2", "small-1", "small-2"] == [one.pilot and one.pilot.id for one in found]


def test_a_key_makes_a_step_act_once() -> None:
    """The same command under the same key is accepted again and changes nothing; another one is refused."""
    found = outcomes(
        "at: 2026-01-06, by: lead, fire: add_lesson, data: {text: Begin small}, key: k1",
        "at: 2026-01-07, by: lead, fire: add_lesson, data: {text: Begin small}, key: k1, then: {records: {lesson: 1}}",
        "at: 2026-01-07, by: lead, fire: add_lesson, data: {text: Go on}, key: k1, refused: [key-reused]",
        "at: 2026-01-07, by: lead, fire: add_lesson, data: {text: Go on}, expect: 1, refused: [conflict]",
        "at: 2026-01-07, by: lead, fire: add_lesson, data: {text: Go on}, expect: 2, on: 2026-01-05",
    )
    assert [] == [one.explain("") for one in found if not one.ok]


def test_nine_in_the_morning_is_the_workflow_s_own() -> None:
    """A day without a time means nine o'clock in the workflow's zone, in summer and in winter."""
    found = outcomes(
        "at: 2026-01-06, by: lead, fire: add_lesson, data: {text: One}",
        "at: 2026-07-06, by: lead, fire: add_lesson, data: {text: Two}",
        "at: 2026-07-06T14:30, by: lead, fire: add_lesson, data: {text: Three}",
    )
    moments = [one.pilot.updated_at.strftime("%H:%M") for one in found if one.pilot]
    assert ["08:00", "08:00", "07:00", "12:30"] == moments


def test_a_step_without_a_pilot_is_a_fault_of_the_scenario() -> None:
    """A command before any pilot was begun is an error that names its line."""
    text = HEAD.replace("steps:\n  - {at: 2026-01-05, by: lead, start", "steps:\n  - {at: 2026-01-05, by: hr, start")
    late = text.replace("start: {title: Cleaning, organisation: UU}", "fire: resume")
    with pytest.raises(ScenarioError, match="no pilot was begun") as raised:
        play(load_scenario(late), partial(Engine.open, "memory://"))
    assert 12 == raised.value.line


def test_a_pilot_that_nobody_named_is_a_fault_of_the_scenario() -> None:
    """A step about a pilot that was never begun is played on no other one."""
    scenario = load_scenario(f"{HEAD}  - {{at: 2026-01-06, by: lead, fire: add_lesson, data: {{text: Begin}}}}\n")
    start, lesson = scenario.steps
    wrong = evolve(scenario, steps=(start, evolve(lesson, pilot="second")))
    with pytest.raises(ScenarioError, match="no pilot was begun as `second`") as raised:
        play(wrong, partial(Engine.open, "memory://"))
    assert 13 == raised.value.line


def test_an_unknown_workflow_is_told_before_anything_is_opened() -> None:
    """A scenario of a workflow that nobody knows opens no store."""
    scenario = load_scenario(HEAD.replace("workflow: existing-contract", "workflow: no-such"))
    with pytest.raises(UnknownWorkflow):
        play(scenario, lambda **_: pytest.fail("opened"))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("at: 2026-01-12, told: {check_in: [coordinator]}", "told.check_in: expected [coordinator], came []"),
        ("at: 2026-01-13, told: {check_in: []}", "told.check_in: expected [], came [coordinator]"),
        ("at: 2026-01-19, told: {check_in: [client_owner]}", "told.check_in: expected [client_owner], came [coord"),
        ("at: 2026-01-26, told: {check_in: [coordinator]}", "expected [coordinator], came [client_owner, coordinator]"),
        ("at: 2026-02-01, then: {signals: [stalled]}", "signals: expected [stalled], came []"),
        ("at: 2026-02-02, then: {signals: []}", "signals: expected [], came [stalled]"),
        (
            "at: 2026-01-13, by: hr, fire: pause, told: {check_in: []}, refused: [forbidden-role]",
            "told.check_in: expected [], came [coordinator]",
        ),
    ],
)
def test_time_that_passes_is_judged(step: str, expected: str) -> None:
    """Who was told and which signals are up is compared exactly, whatever else the step does."""
    assert expected in explained(step)


def test_what_is_told_of_a_track_is_not_what_is_told_of_the_pilot() -> None:
    """A reminder of the pilot's own counts for the clock, and for no track."""
    found = outcomes(
        "at: 2026-01-06, by: ours, fire: propose, track: ours, data: {supplier: Ours}",
        "at: 2026-01-14, told: {check_in: [coordinator], check_in:ours: [coordinator]}",
    )
    assert "came out differently\n  told.check_in:ours: expected [coordinator], came []" in found[-1].explain("")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("then: {records: {placemnt: 0}}", "records: there is no type `placemnt`; did you mean `placement`?"),
        ("then: {metrics: {luck: 0}}", "metrics: there is no metric 'luck'"),
        ("told: {talks:uors: []}", "the pilot has no track `uors`; did you mean `ours`?"),
        ("told: {'talks:': []}", "the pilot has no track ``"),
    ],
)
def test_what_there_is_not_cannot_be_expected(expected: str, text: str) -> None:
    """A slip in a name that would fit whatever comes is a fault of the scenario, with its line."""
    steps = (
        "at: 2026-01-06, by: ours, fire: propose, track: ours, data: {supplier: Ours}",
        f"at: 2026-01-07, {expected}",
    )
    with pytest.raises(ScenarioError) as raised:
        outcomes(*steps)
    assert (14, True) == (raised.value.line, text in raised.value.text), raised.value.text


def test_a_record_of_the_pilot_can_be_named_by_its_id() -> None:
    """Behind a clock may stand the id of a record that no step kept."""
    found = outcomes(
        f"at: 2026-01-06, by: lead, fire: set_goal, data: {goal('x-1')}", "at: 2026-01-13, told: {goal:goal-1: [x-1]}"
    )
    assert [] == [one.explain("") for one in found if not one.ok]


def test_what_is_due_is_done_day_by_day() -> None:
    """From step to step every reminder comes on its own day, and is told since the step before, once."""
    found = outcomes(
        "at: 2026-01-12, told: {check_in: []}",
        "at: 2026-01-13T00:00, told: {check_in: [coordinator]}",
        "at: 2026-01-13, told: {check_in: []}",
        "at: 2026-02-02, told: {check_in: [coordinator, client_owner]}, then: {signals: [stalled]}",
        "at: 2026-02-02, by: lead, fire: add_lesson, data: {text: Call}, told: {check_in: []}, then: {signals: []}",
    )
    assert [] == [one.explain("") for one in found if not one.ok]
    assert ["clock.reminded"] == [event.type for event in found[2].due]
    expected = [("clock.reminded", 19), ("clock.escalated", 26), ("signal.raised", 2)]
    assert expected == [(event.type, event.on.day) for event in found[4].due]
    assert [19, 26, 2] == [event.at.day for event in found[4].due]  # noticed on the day itself


def test_what_is_due_comes_before_what_is_done() -> None:
    """A command on the day of a reminder comes after it; a refused one stops no clock."""
    found = outcomes(
        "at: 2026-01-13, by: lead, fire: add_lesson, data: {text: Late}, told: {check_in: [coordinator]}",
        "at: 2026-01-21, by: hr, fire: pause, refused: [forbidden-role], told: {check_in: [coordinator]}",
        "at: 2026-01-27, by: monitor, ask: {metric: persons_placed}, gives: 0, told: {check_in: [coordinator]}",
    )
    assert [] == [one.explain("") for one in found if not one.ok]


def goal(owner: str) -> str:
    return f"{{kind: short, text: To be met, due: 2026-01-20, owner: {owner}}}"


def test_a_person_is_told_by_name() -> None:
    """A goal's owner stands in `told` by id; a term can be named by the record that it is about."""
    found = outcomes(
        f"at: 2026-01-06, by: lead, fire: set_goal, data: {goal('x-1')}, keep: one",
        f"at: 2026-01-06, by: lead, fire: set_goal, data: {goal('x-2')}, keep: two",
        "at: 2026-01-13, told: {goal: [x-1, x-2], goal:$one: [x-1], goal:$two: [x-2]}",
    )
    assert [] == [one.explain("") for one in found if not one.ok]


def test_every_pilot_of_a_scenario_lives() -> None:
    """Days pass on each pilot, and what is told is told of the pilot that the step is about."""
    found = outcomes(
        "at: 2026-01-06, by: hr, start: {title: Catering, organisation: UU}, as: second",
        "at: 2026-01-13, told: {check_in: [coordinator]}",
        "at: 2026-01-13, pilot: second, told: {check_in: []}",
        "at: 2026-01-14, pilot: second, told: {check_in: [coordinator]}",
        "at: 2026-01-14, told: {check_in: []}",
    )
    assert [] == [one.explain("") for one in found if not one.ok]


def test_only_the_pilots_of_the_scenario_live() -> None:
    """Whatever else is in the store is left alone, however far the days of a scenario go."""
    store = open_store("memory://")
    with Engine(store, time=ScenarioTime(datetime(2026, 1, 5, tzinfo=UTC))) as engine:
        lead = Actor("lead-9", roles={"coordinator"})
        other = engine.start("existing-contract", actor=lead, data={"title": "Other", "organisation": "UU"}).pilot
        scenario = load_scenario(f"{HEAD}  - {{at: 2027-01-05, then: {{signals: [stalled]}}}}\n")
        assert all(outcome.ok for outcome in Player(scenario, partial(Engine, store)).run())
        assert 1 == engine.get(other.id).version


def test_a_clock_that_nobody_has_is_a_fault_of_the_scenario() -> None:
    """A slip in the name of a clock is told before anything is opened, as nothing would ever be told by it."""
    scenario = load_scenario(f"{HEAD}  - {{at: 2026-01-06, told: {{chek_in: []}}}}\n")
    with pytest.raises(ScenarioError, match="there is no clock `chek_in`; did you mean `check_in`") as raised:
        play(scenario, lambda **_: pytest.fail("opened"))
    assert 13 == raised.value.line


def test_two_runs_live_the_same_days() -> None:
    """With or without looks in between, the same days come to the same pilot."""
    looks = [f"at: 2026-01-{day}, told: {{}}" for day in range(10, 31)]
    last = "at: 2026-02-10, then: {signals: [stalled]}"
    one, other = outcomes(*looks, last)[-1].pilot, outcomes(last)[-1].pilot
    assert one is not None
    assert one == other
