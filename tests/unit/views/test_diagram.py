import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from proeftuin import Actor, Engine, Pilot, Workflow, load_workflow
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from proeftuin.views import pilot_diagram, workflow_diagram
from proeftuin.views.diagram import escape

SMALL = """\
format: 1
workflow: small
version: 1
label: {en: Small, nl: Klein}
roles: {ann: {label: {en: Ann, nl: Anna}}, sue: {side: supplier, label: {en: Sue, nl: Suze}}}
start: {to: one, allow: [ann], data: {title: {type: text, label: {en: Title, nl: Titel}}}}
states:
  one: {phase: exploration, label: {en: LABEL, nl: Een}}
  two: {phase: implementation, label: {en: Two, nl: Twee}}
  end: {phase: closed, final: true, label: {en: End, nl: Einde}}
edges:
  - {trigger: go, from: one, to: two, allow: [ann], label: {en: Go, nl: Gaan}}
  - {trigger: back, from: two, to: one, cycle: next, allow: [ann], label: {en: Back, nl: Terug}}
  - {trigger: stop, from: any_open, to: end, outcome: stopped, allow: [ann], label: {en: Stop, nl: Stoppen}}
  - {trigger: hold, from: any_open, hold: pause, allow: [ann], label: {en: Hold, nl: Wachten}}
  - {trigger: resume, from: any_open, hold: resume, paused: allowed, allow: [ann], label: {en: Resume, nl: Verder}}
  - {trigger: tell, from: any, allow: [ann], label: {en: Tell, nl: Vertellen}}
tracks:
  supplier:
    label: {en: Supplier, nl: Leverancier}
    states:
      seen: {label: {en: Seen, nl: Gezien}}
      away: {label: {en: Away, nl: Weg}}
      done: {done: true, label: {en: Done, nl: Klaar}}
    edges:
      - {trigger: open, opens: supplier, to: seen, while: any_open, allow: [ann], label: {en: Open, nl: Openen}}
      - {trigger: leave, from: seen, to: away, while: any_open, allow: [ann], label: {en: Leave, nl: Weggaan}}
      - {trigger: return, from: away, to: previous, while: any_open, allow: [ann], label: {en: Return, nl: Terugkomen}}
      - {trigger: finish, from: [seen, away], to: done, while: any_open, allow: [ann], label: {en: Finish, nl: Afmaken}}
words: {stopped: {en: Stopped, nl: Gestopt}}
"""
ANN = Actor("ann-1", roles={"ann"})
# What a line of a diagram may look like; whatever breaks out of its label matches none of these.
LABEL = r"(?:[^\W_]|[ ,.()'/?!\u00b7\u2713+-]|#[0-9]+;)+"
LINES = [
    r"stateDiagram-v2",
    rf"    accTitle: {LABEL}",
    r" +direction (?:LR|TB)",
    rf'    state "{LABEL}" as (?:pilot|track\d+) \{{',
    rf'        state "{LABEL}" as (?:pilot|track\d+)_\d+',
    rf"        (?:\[\*\]|(?:pilot|track\d+)_\d+) --> (?:pilot|track\d+)_\d+ : {LABEL}",
    r"        (?:pilot|track\d+)_\d+ --> \[\*\]",
    r"    \}",
    r"    classDef (?:here|been) [a-z#0-9:,-]+",
    r"    class [a-z0-9_,]+ (?:here|been)",
]


def small(label: str = "One") -> Workflow:
    return load_workflow(SMALL.replace("LABEL", f'"{label}"'))


def odd(text: str) -> list[str]:
    return [line for line in text.splitlines() if not any(re.fullmatch(one, line) for one in LINES)]


def lived(*steps: str | Sequence[str], title: str = "Catering") -> tuple[Workflow, Pilot, str]:
    """A small pilot that went these steps (a trigger, or a trigger and a track), and its diagram."""
    workflow = small()
    with Engine.open("memory://", workflows=[workflow]) as engine:
        pilot = engine.start("small", actor=ANN, data={"title": title}, on="2026-01-05").pilot
        for step in steps:
            trigger, track = (step, None) if isinstance(step, str) else step
            pilot = engine.fire(pilot.id, trigger, actor=ANN, track=track, on="2026-01-06").pilot
        return workflow, pilot, pilot_diagram(workflow, pilot, engine.history(pilot.id))


def test_a_workflow_is_drawn_with_all_its_moves() -> None:
    """States, moves, beginnings and ends of the pilot and of its tracks are drawn, and what only records is not."""
    text = workflow_diagram(small())
    for line in (
        '    state "Pilot" as pilot {',
        '        state "One" as pilot_0',
        "        [*] --> pilot_0 : Start",
        "        pilot_0 --> pilot_1 : Go",
        "        pilot_0 --> pilot_2 : Stop",
        "        pilot_1 --> pilot_2 : Stop",
        "        pilot_2 --> [*]",
        '    state "Supplier" as track1 {',
        "        [*] --> track1_0 : Open",
        "        track1_1 --> track1_0 : Return",
        "        track1_2 --> [*]",
    ):
        assert line in text.splitlines()
    assert ("Tell" in text, "Hold" in text, "classDef" in text) == (False, False, False)
    assert [] == odd(text)


def test_labels_are_in_the_language_asked_for() -> None:
    """Dutch labels are drawn in a Dutch diagram."""
    text = workflow_diagram(small(), lang="nl")
    assert 'state "Een" as pilot_0' in text
    assert ("Gaan" in text, "Leverancier" in text, "Proeftuin" in text) == (True, True, True)


def test_a_pilot_shows_where_it_is_and_which_way_it_came() -> None:
    """The present state is marked, the ways that were gone carry their dates, and both are coloured."""
    _, _, text = lived("go", "back", "go")
    for line in (
        '    state "Pilot Catering" as pilot {',
        '        state "Two \u00b7 now" as pilot_1',
        "        [*] --> pilot_0 : \u2713 Start (2026-01-05)",
        "        pilot_0 --> pilot_1 : \u2713 Go (2026-01-06, 2026-01-06)",
        "        pilot_0 --> pilot_2 : Stop",
        "    class pilot_0 been",
        "    class pilot_1 here",
    ):
        assert line in text.splitlines()
    assert [] == odd(text)


def test_a_way_that_was_often_gone_is_told_shortly() -> None:
    """Of many dates the first three are shown, and how many more there are."""
    _, _, text = lived(*("go", "back") * 5)
    assert text.count("2026-01-06, 2026-01-06, 2026-01-06 +2)") == 2


def test_each_track_is_drawn_by_itself() -> None:
    """Two tracks of one kind each have their own states, and their own way, in order of their keys."""
    _, _, text = lived(("open", "sodexo"), ("open", "isa"), ("leave", "isa"))
    for line in (
        '    state "isa (Supplier)" as track1 {',
        '    state "sodexo (Supplier)" as track2 {',
        '        state "Seen \u00b7 now" as track2_0',
        '        state "Away \u00b7 now" as track1_1',
        "    class track1_0 been",
    ):
        assert line in text.splitlines()


def test_hold_and_outcome_stand_at_the_present_state() -> None:
    """A pilot on hold, and one that ended with an outcome, say so where they are."""
    assert "One \u00b7 now \u00b7 on hold" in lived("hold")[2]
    assert "End \u00b7 now \u00b7 outcome#58; Stopped" in lived("stop")[2]


def test_a_way_of_an_earlier_version_is_drawn_too() -> None:
    """A state and a move that the workflow no longer has are drawn as they happened."""
    workflow, pilot, _ = lived()
    with Engine.open("memory://", workflows=[workflow]) as engine:
        begun = engine.start("small", actor=ANN, data={})
        moved = engine.fire(begun.pilot.id, "go", actor=ANN)
    old = replace(
        moved.events[0], data=FrozenDict({**moved.events[0].data, "from": "zero", "to": "one"}), trigger="rise"
    )
    text = pilot_diagram(workflow, pilot, [*begun.events, old])
    assert 'state "zero" as pilot_3' in text
    assert "pilot_3 --> pilot_0 : \u2713 rise" in text
    assert [] == odd(text)


HOSTILE = [
    'quoted " label',
    "two\\nlines",
    "<script>alert(1)</script>",
    "colon : semicolon ; comment %% here",
    "%%{init: {'theme': 'dark'}}%%",
    "direction TB",
    "]] --> [*]",
    "} state {",
    "#quot; &amp; #35;",
    "<<fork>> ::: here",
    "\u202eevil\u202c",
    "back`tick` $x$ _under_ *star*",
]


@pytest.mark.parametrize("label", HOSTILE)
def test_no_label_breaks_out(label: str) -> None:
    """Whatever a label or title holds, every line keeps its form."""
    assert [] == odd(workflow_diagram(small(label.replace('"', '\\"'))))
    assert [] == odd(lived("go", title=label.replace("\\n", "\n"))[2])
    assert not re.search(r"direction\s+T", escape(label))


def test_an_empty_label_is_a_dash_and_a_long_one_is_cut() -> None:
    """A label is never empty, and never longer than fits."""
    assert ("-", "-") == (escape(""), escape("\u200b"))
    assert len(escape("x" * 1000)) < 130


def test_bundled_diagrams_keep_their_form() -> None:
    """The bundled workflow is drawn in both languages without an odd line."""
    file = Path(__file__).parents[3] / "workflows" / "existing-contract" / "v1.yaml"
    for lang in ("en", "nl"):
        assert [] == odd(workflow_diagram(load_workflow(file), lang=lang))
