"""Histories that Temporal wrote down are replayed: what running pilots have must still be understood."""

import asyncio
import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from proeftuin_temporal import Rules, pilot_workflow
from tests.temporal import PATIENT, RULES

FILES = sorted(Path(__file__).parent.glob("histories/*/*.json"))


def replayed(text: str, rules: Rules = RULES) -> Exception | None:
    """Replay a history, and return what went wrong."""
    replayer = Replayer(workflows=[pilot_workflow(rules)], **PATIENT)
    history = WorkflowHistory.from_json("pilot:x", text)
    return asyncio.run(replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recorded_history_is_replayed(file: Path) -> None:
    """The workflow of today does what it did when the history was written."""
    assert replayed(file.read_text(encoding="utf-8")) is None


def test_every_kind_of_life_is_recorded() -> None:
    """Clocks, a run that went on as new, a follow-up and deliveries are among the recorded histories."""
    assert {"terms-1", "talks-1", "talks-2", "follow-up-1", "subscribed-1"} <= {file.stem for file in FILES}
    kinds = {event["eventType"] for file in FILES for event in json.loads(file.read_text(encoding="utf-8"))["events"]}
    assert {
        "EVENT_TYPE_ACTIVITY_TASK_COMPLETED",
        "EVENT_TYPE_MARKER_RECORDED",
        "EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED",
        "EVENT_TYPE_TIMER_FIRED",
        "EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW",
        "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED",
    } <= kinds


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_decided_does_not_depend_on_who_replays_it(file: Path) -> None:
    """A worker that knows no workflow at all replays each history: nothing is decided a second time."""
    assert replayed(file.read_text(encoding="utf-8"), Rules(workflows=[])) is None


def test_a_subscriber_of_a_pilot_that_has_not_begun_is_brought_each_event_once() -> None:
    """Of a subscription that comes before the first step there is one delivery at a time; once there were two."""
    scheduled = "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"
    folder = Path(__file__).parent / "histories"
    lives = [(folder / f"{one}/subscribed-1.json").read_text(encoding="utf-8") for one in (1, 2)]
    assert [3, 2] == [life.count(scheduled) for life in lives]
    assert [None, None] == [replayed(life) for life in lives]


def test_a_history_of_another_workflow_is_noticed() -> None:
    """A history in which a clock has done nothing, though it was due, does not pass."""
    told = json.loads((Path(__file__).parent / "histories/1/terms-1.json").read_text(encoding="utf-8"))
    fired = next(place for place, one in enumerate(told["events"]) if one["eventType"] == "EVENT_TYPE_TIMER_STARTED")
    del told["events"][fired]
    assert isinstance(replayed(json.dumps(told)), NondeterminismError | RuntimeError)
