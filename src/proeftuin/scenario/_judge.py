"""Judges a step: what the file expects against what the engine answered, and against the pilot as it is afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from proeftuin.core.commands import Blocker
from proeftuin.core.events import Event
from proeftuin.core.faults import did_you_mean
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics import Metric
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine, Result
from proeftuin.errors import BadArgument
from proeftuin.scenario._values import Step

ACCEPTED = "accepted"
ABSENT = "no such part"
TOLD = ("clock.reminded", "clock.escalated")


@frozen
class Came:
    """What the engine answered to a step.

    Attributes:
        result: of an accepted command; a pending one too.
        answer: to a question.
        codes: of a refusal, or the code of another error of the library.
        blockers: every reason of a refusal, with texts for people.
        error: the message of the refusal or error.
    """

    result: Result | None = None
    answer: Metric | None = None
    codes: tuple[str, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    error: str = ""

    @property
    def refused(self) -> bool:
        """Whether the answer was no."""
        return bool(self.codes)

    @property
    def warnings(self) -> tuple[Blocker, ...]:
        """What to think of, with texts for people."""
        return self.result.warnings if self.result else ()

    @property
    def pending(self) -> tuple[str, ...]:
        """The roles that are still to sign."""
        return self.result.pending if self.result else ()


@frozen
class Mismatch:
    """One thing that came out differently: what, what was expected, what came."""

    what: str
    expected: object
    came: object


def shown(value: object) -> str:
    """Return a value as a scenario file would write it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {shown(one)}" for name, one in value.items()) + "}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(shown(one) for one in value)}]"
    return "nothing" if value is None else str(value)


def judge(step: Step, came: Came, pilot: Pilot | None, engine: Engine, since: Iterable[Event]) -> Iterator[Mismatch]:
    """Give what came out differently; `since` is what happened to the pilot since the step before."""
    expected = _sorted(step.refused) if step.refused is not None else ACCEPTED
    answered = _sorted(came.codes) if came.refused else ACCEPTED
    if expected != answered:
        yield Mismatch("refused", expected, answered)
    if not came.refused:
        yield from _accepted(step, came)
    yield from told_differently(step.told, tuple(since))
    if step.then and pilot is not None:
        yield from differences(step.then, pilot, engine)


def _sorted(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))


def _accepted(step: Step, came: Came) -> Iterator[Mismatch]:
    warned = _sorted(tuple(one.code for one in came.warnings))
    if step.warns is not None and _sorted(step.warns) != warned:
        yield Mismatch("warns", _sorted(step.warns), warned)
    if step.pending is not None and _sorted(step.pending) != _sorted(came.pending):
        yield Mismatch("pending", _sorted(step.pending), _sorted(came.pending))
    if came.answer is not None and step.refused is None:
        yield from _number("gives", step.gives, came.answer)
    if came.result is not None:
        if step.keep is not None and not any(one.type == "record.added" for one in came.result.events):
            yield Mismatch("keep", "a new record", None)
        if step.names is not None and step.kind == "fire" and came.result.started is None:
            yield Mismatch("as", "a new pilot", None)


def told_differently(expected: Mapping[str, Iterable[str]], since: tuple[Event, ...]) -> Iterator[Mismatch]:
    """Compare who was told by each clock that the step names, in all its terms or on one track or record."""
    for name, people in expected.items():
        here = [one.data for one in since if one.type in TOLD and f"{one.data['clock']}:".startswith(f"{name}:")]
        came = _sorted(tuple(who for data in here for part in ("roles", "persons") for who in data.get(part, ())))
        if came != _sorted(tuple(people)):
            yield Mismatch(f"told.{name}", _sorted(tuple(people)), came)


def differences(then: Mapping[str, Any], pilot: Pilot, engine: Engine) -> Iterator[Mismatch]:
    """Give what is different on a pilot from what `then` of a scenario file says.

    Raises:
        BadArgument: for a type of record or a metric that there is not.
    """
    for name, expected in then.items():
        if name == "metrics":
            found = engine.metrics(*expected, pilots=pilot.id)
            for metric, value in expected.items():
                yield from _number(metric, value, found[metric])
        elif name == "tracks":
            states = {key: pilot.tracks[key].state if key in pilot.tracks else None for key in expected}
            yield from _partial("tracks", expected, states)
        elif name == "records":
            _check_types(expected, engine.workflow(pilot.workflow))
            yield from _partial("records", expected, {kind: len(pilot.records(kind)) for kind in expected})
        elif name == "signals":
            up = _sorted(tuple(one.signal for one in pilot.signals))
            if up != _sorted(expected):
                yield Mismatch("signals", _sorted(expected), up)
        elif getattr(pilot, name) != expected:
            yield Mismatch(name, expected, getattr(pilot, name))


def _check_types(expected: Iterable[str], workflow: Workflow) -> None:
    """Refuse a type of record that the workflow does not have: there would always be none of it."""
    for name in expected:
        if name not in workflow.records:
            raise BadArgument("records", f"there is no type `{name}`{did_you_mean(name, workflow.records)}")


def _partial(what: str, expected: Mapping[str, Any], came: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Compare what is named; nothing at all (`{}`) is compared as a whole, as it would fit everything."""
    for name, value in expected.items():
        if value and isinstance(value, Mapping) and isinstance(came.get(name), Mapping):
            yield from _partial(f"{what}.{name}", value, came[name])
        elif name not in came or came[name] != value:
            yield Mismatch(f"{what}.{name}", value, came.get(name, ABSENT))


def _number(what: str, expected: object, metric: Metric) -> Iterator[Mismatch]:
    """Compare a metric: a plain value with its value; a mapping with its parts or groups, and what stands beside it."""
    if expected and isinstance(expected, Mapping):
        parts = metric.value if isinstance(metric.value, Mapping) else FrozenDict(value=metric.value)
        beside = {"total": metric.total, "ratios": metric.ratios, "n": metric.n}
        exact = {"numerator": metric.numerator, "denominator": metric.denominator}
        beside |= {name: None if one is None else str(one) for name, one in exact.items()}
        yield from _partial(what, expected, {**beside, **metric.extra, **parts})
    elif metric.value != expected:
        yield Mismatch(what, expected, metric.value)
