"""What lint says of an edge that puts reminders off."""

import pytest

from proeftuin.definitions import lint_workflow
from tests.unit.core.test_lint import TEXT

GOOD = "clock: {type: text, required: true}, until: {type: date, required: true}, reason: {type: text}"
PLACE = "edges:\n"


def snoozing(keys: str, data: str) -> str:
    edge = f"  - {{trigger: wait, from: any_open, allow: [reminded], progress: false, {keys}, data: {{{data}}}}}\n"
    return TEXT.replace(PLACE, PLACE + edge, 1)


def codes(keys: str, data: str = GOOD) -> list[str]:
    return [fault.code for fault in lint_workflow(snoozing(keys, data)) if fault.level == "error"]


def test_a_sound_one_has_no_fault() -> None:
    """An edge that says of which clock and until when, and does nothing else, is accepted."""
    assert [] == codes("snooze: 14 days")
    assert [] == codes("snooze: 2 weeks, to: same", f"{GOOD}, track: {{type: track}}, record: {{type: record}}")


WRONG = [
    ("snooze: 14 days before due", GOOD, "bad-snooze"),
    ("snooze: 14 days", "until: {type: date}", "bad-snooze"),
    ("snooze: 14 days", "clock: {type: text}", "bad-snooze"),
    ("snooze: 14 days", f"{GOOD}, colour: {{type: text}}", "bad-snooze"),
    ("snooze: 14 days", GOOD.replace("date", "text"), "field-type"),
    ("snooze: 14 days", f"{GOOD}, track: {{type: text}}", "field-type"),
    ("snooze: 14 days, set: {reason: why}", GOOD, "bad-snooze"),
    ("snooze: 14 days, cycle: next", GOOD, "bad-snooze"),
    ("snooze: 14 days, to: busy", GOOD, "bad-snooze"),
    ("snooze: long", GOOD, "bad-form"),
]


@pytest.mark.parametrize(("keys", "data", "expected"), WRONG)
def test_each_way_to_be_wrong_is_told(keys: str, data: str, expected: str) -> None:
    """An edge that snoozes needs its data, counts from the day of the command, and does nothing beside it."""
    assert expected in codes(keys, data)


def test_a_track_has_no_clocks_of_its_own() -> None:
    """An edge that snoozes belongs to the pilot."""
    first = TEXT.index("    edges:\n")
    edge = (
        f"      - {{trigger: wait, from: seen, while: any_open, allow: [reminded], snooze: 2 days, data: {{{GOOD}}}}}\n"
    )
    text = TEXT[:first] + "    edges:\n" + edge + TEXT[first + len("    edges:\n") :]
    assert ["misplaced-key"] == [fault.code for fault in lint_workflow(text) if fault.level == "error"]
