import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from proeftuin import Refused, WorkflowChanged, log
from proeftuin.storage import open_store
from tests.unit.engines import FLOW, LEAD, REF, engine, placed, start
from tests.unit.test_engine_races import Losing

STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime"}


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, dict[str, Any]]]]:
    """The events that were logged, each with its facts."""
    caplog.set_level(logging.INFO, "proeftuin")

    def found() -> list[tuple[str, dict[str, Any]]]:
        return [
            (one.getMessage(), {name: value for name, value in vars(one).items() if name not in STANDARD})
            for one in caplog.records
            if one.name == "proeftuin"
        ]

    return found


Told = Callable[[], list[tuple[str, dict[str, Any]]]]


def test_an_accepted_command_is_one_event(told: Told) -> None:
    """Each accepted command is told once, with ids and words only."""
    on = engine()
    pilot = start(on)
    on.fire(pilot, "talk", actor=LEAD)
    assert [
        ("accepted", {"pilot": pilot, "trigger": "start", "role": "lead", "version": 1}),
        ("accepted", {"pilot": pilot, "trigger": "talk", "role": "lead", "version": 2}),
    ] == told()


def test_a_refused_command_is_one_event(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    """Each refused command is told once, with its codes."""
    on = engine()
    pilot = start(on)
    caplog.clear()
    with pytest.raises(Refused):
        on.fire(pilot, "talk", actor=LEAD, data={"x": 1, "y": 2})
    assert [("refused", {"pilot": pilot, "trigger": "talk", "codes": ("unknown-field",)})] == told()


def test_a_lost_race_is_one_event(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    """Each lost race is told with the versions."""
    store = Losing(open_store("memory://"), 0)
    on = engine(store)
    pilot = start(on)
    caplog.clear()
    store.times = 1
    on.fire(pilot, "talk", actor=LEAD)
    assert ["accepted", "conflicted", "accepted"] == [event for event, _ in told()]
    assert {"pilot": pilot, "trigger": "talk", "expected": 1, "actual": 2} == told()[1][1]


def test_a_workflow_that_differs_from_the_stored_one_is_warned_of(told: Told) -> None:
    """A file that was changed without a new version is told, with both hashes."""
    on = engine()
    start(on)
    changed = FLOW.replace("{en: Talks, nl: Gesprekken}", "{en: Talking, nl: Gesprekken}")
    with pytest.raises(WorkflowChanged):
        start(engine(on._store, changed), id="another")
    (event, facts) = next(one for one in told() if one[0] == "workflow-differs")
    assert ("talks@1", True) == (facts["workflow"], facts["held"] != facts["file"])
    assert "workflow-differs" == event


def test_no_event_holds_personal_data(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    """Of titles, notes and references no event holds a word, accepted or refused."""
    on = engine()
    pilot = start(on, data={"title": "planted-title"})
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    placed(on, pilot)
    on.fire(pilot, "note", actor=LEAD, data={"text": "planted-note"})
    for wrong in ({"participant": REF, "planted-field": "planted-value"}, {"participant": "planted@example.org"}):
        with pytest.raises(Refused):
            on.fire(pilot, "place", actor=LEAD, track="acme", data=wrong)
    assert 6 == len(told())
    assert "planted" not in caplog.text
    assert "planted" not in repr(told())


def test_events_go_through_structlog() -> None:
    """What is logged passes structlog, so a host's own processors can be added around it."""
    logger = log._structured()
    assert isinstance(logger.bind(), structlog.stdlib.BoundLogger)


@pytest.mark.parametrize(
    ("level", "expected"), [(logging.WARNING, ["odd"]), (logging.INFO, ["fine", "odd"]), (logging.ERROR, [])]
)
def test_the_hosts_level_decides(level: int, expected: list[str], caplog: pytest.LogCaptureFixture) -> None:
    """What is below the level that the host set is not logged."""
    with caplog.at_level(level, "proeftuin"):
        log.info("fine", n=1)
        log.warning("odd", n=1)
    assert expected == [one.getMessage() for one in caplog.records if one.name == "proeftuin"]


def test_nothing_is_printed_unless_the_host_says_where() -> None:
    """Without any set-up of logging neither events nor warnings reach the screen."""
    code = (
        "from proeftuin import Actor, Engine, log\n"
        "with Engine.open('memory://') as on:\n"
        "    on.start('existing-contract', actor=Actor('a', roles={'hr'}), data={'title': 'T', 'organisation': 'O'})\n"
        "log.warning('something', odd=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ("", "") == (done.stdout, done.stderr)
