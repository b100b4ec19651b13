"""Questions: what a query of the workflow answers, and how the answer travels."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from attrs import evolve, frozen

from proeftuin import Actor, Engine, ProeftuinError, wire
from proeftuin_temporal._life import Carried, opened
from proeftuin_temporal._names import PAGE
from proeftuin_temporal._rules import Rules


@frozen
class Answer:
    """What a query gives: a value, packed, or an error of ours. Temporal itself keeps only the words of an error."""

    value: bytes = b""
    error: Mapping[str, Any] | None = None


def answer(pilot: Carried, rules: Rules, now: datetime, question: str, asked: Mapping[str, Any]) -> bytes:
    """Return the packed answer to a question.

    Args:
        pilot: the pilot.
        rules: those of the worker.
        now: when the workflow last did something.
        question: one of `QUESTIONS`, or `carried`.
        asked: its arguments; `now` is the moment at whoever asks, as a workflow that sleeps does not know the time.
    """
    if question == "carried":
        return wire.pack(Answer(wire.pack(pilot if asked.get("personal") else evolve(pilot, personal=()))))
    moment = max(now, datetime.fromisoformat(asked["now"])) if "now" in asked else now
    engine, _ = opened(pilot, rules, moment)
    try:
        return wire.pack(Answer(wire.pack(QUESTIONS[question](engine, pilot.id, asked))))
    except ProeftuinError as error:
        return wire.pack(Answer(error=wire.plain_error(error)))


def _get(engine: Engine, pilot_id: str, asked: Mapping[str, Any]) -> object:
    at = asked.get("at")
    return engine.get(pilot_id, version=asked.get("version"), at=at and datetime.fromisoformat(at))


def _history(engine: Engine, pilot_id: str, asked: Mapping[str, Any]) -> object:
    return tuple(islice(engine.history(pilot_id, after=asked["after"]), PAGE))


def _options(engine: Engine, pilot_id: str, asked: Mapping[str, Any]) -> object:
    actor = wire.read(Actor, asked["actor"])
    return engine.options(pilot_id, actor=actor, track=asked.get("track"), all=asked["all"])


def _explain(engine: Engine, pilot_id: str, asked: Mapping[str, Any]) -> object:
    actor, one = wire.read(Actor, asked["actor"]), asked["command"]
    return engine.explain(pilot_id, one["trigger"], actor=actor, data=one["data"], track=one["track"])


def _known(engine: Engine, pilot_id: str, asked: Mapping[str, Any]) -> object:
    found = engine.subject(pilot_id, asked["ref"]) if "ref" in asked else engine.ref(pilot_id, asked["subject"])
    return () if found is None else (found,)


QUESTIONS = {"get": _get, "history": _history, "options": _options, "explain": _explain, "known": _known}
