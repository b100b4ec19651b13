"""Scenario files are read strictly, and a fault has its line."""

from pathlib import Path

import pytest

from proeftuin import ScenarioError
from proeftuin.scenario import Ask, load_scenario

HEAD = """\
scenario: small
workflow: existing-contract
actors: {lead: {id: lead-1, roles: [coordinator]}}
steps:
  - {at: 2026-01-05, by: lead, start: {title: Cleaning, organisation: UU}}
"""
STEP = "  - {at: 2026-01-06, by: lead, fire: add_lesson, data: {text: Begin small}"


def fault(text: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as raised:
        load_scenario(text)
    return raised.value


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        (
            7,
            f"{STEP}}}\ntables: [sample-utrecht]",
            "there is no table `sample-utrecht`; did you mean `sample-utrecht-new`?",
        ),
        (6, f"{STEP}, refuse: [paused]}}", "`refuse` is no key here; did you mean `refused`?"),
        (6, f"{STEP}, told: [check_in]}}", "a mapping is expected here"),
        (6, f"{STEP}, told: {{check_in: coordinator}}}}", "a list is expected here"),
        (6, f"{STEP}, told: {{goal:$one: []}}}}", "keeps a record as `one`"),
        (6, f"{STEP}, then: {{signals: stalled}}}}", "a list is expected here"),
        (6, f"{STEP}, gives: 1}}", "`gives` is no key here"),
        (6, f"{STEP}, ask: {{metric: persons_placed}}}}", "one thing, not `fire` and `ask`"),
        (6, f"{STEP}, refused: paused}}", "a list is expected here"),
        (6, f"{STEP}, refused: [1]}}", "a text is expected here"),
        (6, f"{STEP}, refused: [paused], warns: []}}", "what is `refused` has no `warns`; leave one of the two out"),
        (6, f"{STEP}, refused: [paused], pending: [board]}}", "what is `refused` has no `pending`"),
        (6, "  - {at: 2026-01-06, by: lead, ask: {metric: x}, refused: [x], gives: 1}", "`refused` has no `gives`"),
        (6, f"{STEP}, expect: -1}}", "a version, which is a whole number, is expected here"),
        (6, f"{STEP}, on: tomorrow}}", "is no day"),
        (6, f"{STEP}, on: 2026-02-30}}", "is no day"),
        (6, f"{STEP}, pilot: other}}", "no earlier step names a pilot `other`"),
        (6, f"{STEP}, then: 1}}", "a mapping is expected here"),
        (6, f"{STEP}, then: {{tracks: open}}}}", "a mapping is expected here"),
        (6, f"{STEP}, note: {{fr: Petit}}}}", "`fr` is no key here"),
        (6, "  - {at: 2026-01-06, by: leed, fire: resume}", "there is no actor `leed`; did you mean `lead`?"),
        (6, "  - {at: 2026-01-06, by: lead}", "a step has `start`, `fire`, `ask`, `told` or `then`"),
        (6, "  - {at: 2026-01-06, fire: resume}", "`by` is missing in this step; add it"),
        (6, "  - {by: lead, fire: resume}", "`at` is missing in this step; add it"),
        (6, "  - {at: 2026-01-04, by: lead, fire: resume}", "time runs backwards here"),
        (6, "  - {at: 2026-01-06T10:00+01:00, by: lead, fire: resume}", "leave the offset out"),
        (6, "  - {at: soon, by: lead, fire: resume}", "is no day or moment"),
        (6, "  - {at: '20260106', by: lead, fire: resume}", "is no day or moment"),
        (6, "  - {at: 2026-W02-2, by: lead, fire: resume}", "is no day or moment"),
        (6, "  - {at: 9999-12-31, by: lead, fire: resume}", "a day lies in the years 2 to 5000"),
        (6, "  - {at: 0001-01-01T00:00, by: lead, fire: resume}", "a day lies in the years 2 to 5000"),
        (6, "  - {at: 2026-01-06, by: lead, fire: [resume]}", "a text is expected here"),
        (6, "  - {at: 2026-01-06, by: lead, ask: {of: employment}, gives: 1}", "`metric` is missing here"),
        (6, "  - {at: 2026-01-06, by: lead, ask: {metric: persons_placed}}", "a question `gives` an answer"),
        (6, "  - {at: 2026-01-06, by: lead, fire: finish_step, data: {step: $one}}", "keeps a record as `one`"),
        (6, "  - {at: 2026-01-06, by: lead, fire: x, data: {rows: [{step: $one}]}}", "keeps a record as `one`"),
        (6, "  - {at: 2026-01-06, by: lead, fire: x, data: {hours: 2.5}}", "is no whole number"),
        (6, "  - nothing", "a mapping is expected here"),
        (7, "  - {at: 2026-01-06, by: lead, fire: x,\n     fire: y}", "stands here twice"),
    ],
)
def test_a_fault_in_a_step_has_its_line(line: int, text: str, expected: str) -> None:
    """Each fault of a step is told with the line on which it stands."""
    found = fault(f"{HEAD}{text}\n")
    assert (line, "<text>", "scenario-error") == (found.line, found.file, found.code)
    assert expected in found.text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("scenario: small\n", "", "`scenario` is missing here"),
        ("workflow: existing-contract\n", "", "`workflow` is missing here"),
        ("scenario: small", "scenario: Small one", "is no name"),
        ("scenario: small", "scenario: 7", "a text is expected here"),
        ("scenario: small", "scenario: small\nversion: 1", "`version` is no key here"),
        ("scenario: small", "scenario: small\nlabel: {en: 1}", "a text is expected here"),
        ("id: lead-1, ", "", "actor `lead` has no `id`"),
        (", roles: [coordinator]", "", "actor `lead` has no `roles`"),
        ("roles: [coordinator]", "roles: coordinator", "a list is expected here"),
        ("roles: [coordinator]", "roles: [coordinator], side: client", "`side` is no key here"),
        ("steps:\n", "steps: []\n# ", "a list of steps is expected here"),
    ],
)
def test_a_fault_in_the_head_is_told(old: str, new: str, expected: str) -> None:
    """What stands above the steps is checked as strictly as they are."""
    text = HEAD.replace(old, new)
    assert expected in fault(text if "# " not in new else text.split("# ")[0]).text


@pytest.mark.parametrize(
    ("gives", "takes", "expected"),
    [
        ("keep: it", "data: {text: $it}", "no earlier step keeps a record as `it`"),
        ("as: next", "data: {text: Go on}, pilot: next", "no earlier step names a pilot `next`"),
    ],
)
def test_a_refused_step_names_nothing(gives: str, takes: str, expected: str) -> None:
    """A name that a refused step was to give stands for nothing afterwards."""
    refused = f"{STEP}, {gives}, refused: [paused]}}\n"
    found = fault(f"{HEAD}{refused}  - {{at: 2026-01-06, by: lead, fire: add_lesson, {takes}}}\n")
    assert (7, True) == (found.line, expected in found.text)
    load_scenario(f"{HEAD}{refused}{refused.replace(', refused: [paused]', '')}")  # the next one may have it


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A missing file, one that is no UTF-8, and one that is too long are errors that name the file."""
    absent, latin = tmp_path / "absent.yaml", tmp_path / "latin.yaml"
    latin.write_bytes(b"scenario: caf\xe9\n")
    assert "give its path" in fault(str(absent)).text
    found = fault(str(latin))
    assert (str(latin), "the file is not in UTF-8; save it so") == (found.file, found.text)
    for mark in ("#", "##"):  # where it is cut a letter may be cut too
        latin.write_text(f"{mark}{'é' * 200_000}\n{HEAD}{STEP}}}\n", encoding="utf-8")
        found = fault(str(latin))
        assert (str(latin), "a scenario has at most 256 kB; make several of it") == (found.file, found.text)


def test_a_file_without_anything_is_told() -> None:
    """An empty text is a fault, not an empty scenario."""
    assert 1 == fault("\n").line


def test_all_of_a_step_is_read() -> None:
    """Every key of a step arrives in its value, dates and numbers kept as the file writes them."""
    text = HEAD + (
        "  - {at: 2026-01-06T14:30, by: lead, fire: identify, track: [a, b], data: {supplier: O, from: 2026-02-01},\n"
        "     on: 2026-01-05, key: k, expect: 1, keep: it,\n"
        "     warns: [], pending: [board], then: {cycle: 1}, note: {en: Hi}}\n"
        "  - {at: 2026-01-07, by: lead, ask: {metric: stage_funnel, of: employment, by: [kind]}, gives: {justice: 3}}\n"
    )
    start, fire, ask = load_scenario(text).steps
    assert ("start", "start", {"title": "Cleaning", "organisation": "UU"}) == (start.kind, start.trigger, start.data)
    assert (2, 6, "fire", "identify", ("a", "b")) == (fire.number, fire.line, fire.kind, fire.trigger, fire.tracks)
    assert {"supplier": "O", "from": "2026-02-01"} == fire.data
    assert ("2026-01-05", "k", 1, "it") == (str(fire.on), fire.key, fire.expect, fire.keep)
    assert (None, (), ("board",)) == (fire.refused, fire.warns, fire.pending)
    assert ({"cycle": 1}, {"en": "Hi"}, "14:30") == (fire.then, fire.note, f"{fire.at:%H:%M}")
    assert (Ask("stage_funnel", "employment", ("kind",)), {"justice": 3}) == (ask.ask, ask.gives)
