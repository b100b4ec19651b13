"""What became of a command, in words of low number: its outcome, its trigger, its type of error."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from proeftuin import Conflict, KeyReused, Pilot, Refused, Result
from proeftuin.spi import Ended
from proeftuin_otel._names import (
    CODES,
    ERROR,
    OTHER,
    OUTCOME,
    PILOT,
    ROLE,
    STATE,
    TRACK_KIND,
    TRIGGER,
    VERSION,
    WORKFLOW,
)

Values = dict[str, str | int]
Answer = Result | BaseException


def answers(moment: Ended) -> tuple[Answer, ...]:
    """Return the answer to each command of a call; of a tick, which answers nobody, there are none."""
    if moment.error is not None:
        return (moment.error,)
    found = moment.result if isinstance(moment.result, tuple) else (moment.result,)
    return tuple(one for one in found if isinstance(one, Answer))


def outcome(answer: Answer) -> Values:
    """Return the outcome, and the type of what went wrong."""
    if isinstance(answer, Result):
        if answer.duplicate:
            return {OUTCOME: "duplicate"}
        return {OUTCOME: "pending" if answer.pending else "accepted"}
    if isinstance(answer, Refused):
        return {OUTCOME: "refused"}
    return {OUTCOME: "conflict" if isinstance(answer, Conflict) else "failed", ERROR: error_type(answer)}


def error_type(error: BaseException) -> str:
    """Return the name of an exception's class; of one that is not ours or Python's, with its module."""
    kind = type(error)
    bare = kind.__module__ == "builtins" or kind.__module__.partition(".")[0] == "proeftuin"
    return kind.__qualname__ if bare else f"{kind.__module__}.{kind.__qualname__}"


def trigger(answer: Answer) -> Values:
    """Return the trigger, where it is known to be one: what was given may be any text, of any person."""
    if isinstance(answer, Result):
        return {TRIGGER: answer.events[0].trigger}
    if isinstance(answer, Refused):
        return {TRIGGER: OTHER if "unknown-trigger" in answer.codes else answer.trigger}
    return {}


def facts(answer: Answer) -> dict[str, str | int | tuple[str, ...]]:
    """Return what a span tells of its command besides."""
    if isinstance(answer, Result):
        pilot, first = answer.pilot, answer.events[0]
        return {PILOT: pilot.id, WORKFLOW: name(pilot), VERSION: pilot.version, ROLE: first.role}
    found: dict[str, str | int | tuple[str, ...]] = {}
    if isinstance(answer, Refused | Conflict | KeyReused) and answer.pilot_id is not None:
        found[PILOT] = answer.pilot_id  # of other errors it may be what somebody made up
    if isinstance(answer, Refused):
        found[CODES] = answer.codes
    return found


def name(pilot: Pilot) -> str:
    """Return the name of the workflow that a pilot follows, without its version."""
    return pilot.workflow.partition("@")[0]


def stays(pilot: Pilot, moves: Counter[str | None]) -> Iterator[tuple[int, Values]]:
    """Give how many days each state lasted that was left by the last moves, of the pilot (None) or of a track."""
    for key, count in moves.items():
        stops = [stop for stop in pilot.path if stop.track == key]
        kind: Values = {} if key is None else {TRACK_KIND: pilot.tracks[key].kind}
        for left, entered in pairwise(stops[-count - 1 :]):
            yield (entered.since - left.since).days, {WORKFLOW: name(pilot), STATE: left.state, **kind}
