"""What was said on a stage, in order, as it came out; and the same as a scenario file that `proeftuin play` replays.

A scenario goes day by day, and does each morning what is due. So a story that is told here with late ticks and one that
is replayed with daily ones differ in what was reminded of when, and in nothing else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

from attrs import Factory, define, frozen

from proeftuin.core.commands import Actor
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.scenario import Scenario, Step

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*( [A-Za-z0-9_][A-Za-z0-9_.-]*)*|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
MORNING = (9, 0)
Kind = Literal["start", "fire", "ask", "look"]


@frozen
class Call:
    """One command, as somebody says it.

    Attributes:
        trigger: the word; `start` begins a pilot where `pilot` is None.
        actor: who says it.
        data: its fields, dates and decimals as text.
        track: the key of the track that it is about.
        pilot: the id of the pilot that it is about.
    """

    trigger: str
    actor: Actor
    data: Mapping[str, Any] | None = None
    track: str | None = None
    pilot: str | None = None

    def __str__(self) -> str:
        """Return it in one line: who says what, where."""
        where = f" on {self.track}" if self.track else ""
        return f"{self.actor.id}: {self.trigger}{where} {written(self.data or {})}".removesuffix(" {}")


@frozen
class Line:
    """One step of a story.

    Attributes:
        at: when, in the workflow's zone.
        call: what was said; None where only time went by.
        codes: of a refusal; empty where it was accepted.
        pending: who was still to sign.
        pilot: as it was afterwards; None where there was none.
        started: the id of the pilot that it began.
    """

    at: datetime
    call: Call | None
    codes: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    pilot: Pilot | None = None
    started: str | None = None


@define
class Story:
    """The lines of one stage, in order."""

    workflow: Workflow
    name: str = "lifecycle"
    lines: list[Line] = Factory(list)

    def __str__(self) -> str:
        """Return it as a scenario file."""
        return self.yaml()

    def yaml(self) -> str:
        """Return it as the text of a scenario file, which expects what came."""
        actors = self._actors()
        told = [f"scenario: {self.name}", f"workflow: {self.workflow.id}", "actors:"]
        for actor, name in actors.items():
            party = f", party: {written(actor.party)}" if actor.party else ""
            told.append(f"  {name}: {{id: {written(actor.id)}, roles: {written(sorted(actor.roles))}{party}}}")
        steps = [f"  - {written({**one, 'at': _moment(one['at'])})}" for one in self._steps(actors)]
        return "\n".join([*told, "steps:", *steps, ""])

    def scenario(self) -> Scenario:
        """Return it as a scenario, to be played: the same as is read from its text."""
        actors = self._actors()
        steps = [_step(number, one, actors) for number, one in enumerate(self._steps(actors), start=1)]
        named = {name: actor for actor, name in actors.items()}
        return Scenario(self.name, self.workflow.id, FrozenDict(named), tuple(steps))

    def _actors(self) -> dict[Actor, str]:
        found: dict[Actor, str] = {}
        for actor in (line.call.actor for line in self.lines if line.call is not None):
            if actor not in found:
                base = re.sub(r"[^a-z0-9]+", "_", actor.id.lower()).strip("_") or "somebody"
                base = base if base[0].isalpha() else f"a_{base}"
                same = sum(name == base or name.startswith(f"{base}_also") for name in found.values())
                found[actor] = f"{base}_also{same}" if same else base
        return found

    def _steps(self, actors: Mapping[Actor, str]) -> Iterator[dict[str, Any]]:
        names: dict[str, str] = {}
        for line in self.lines:
            step: dict[str, Any] = {"at": line.at.replace(tzinfo=None)}
            call = line.call
            if call is None:
                yield {**step, **_pilot(names, line.pilot.id if line.pilot else None), "then": _then(line, None)}
                continue
            step |= {"by": actors[call.actor]}
            if call.pilot is None:
                step |= {"start": call.data or {}}
            else:
                step |= {"fire": call.trigger, **({"track": call.track} if call.track else {})}
                step |= {} if call.data is None else {"data": call.data}
                step |= _pilot(names, call.pilot)
            began = line.started
            if began is not None:
                names[began] = f"pilot_{len(names) + 1}"
                step["as"] = names[began]
            if line.codes:
                yield {**step, "refused": list(line.codes)}
            else:
                step |= {"pending": list(line.pending)} if line.pending else {}
                yield {**step, "then": _then(line, call.track)}


def _step(number: int, told: Mapping[str, Any], actors: Mapping[Actor, str]) -> Step:
    kind: Kind = "start" if "start" in told else "fire" if "fire" in told else "look"
    data = told.get("start" if kind == "start" else "data")
    return Step(
        number=number,
        line=number,
        kind=kind,
        at=told["at"],
        by=told.get("by", ""),
        actor=next((actor for actor, name in actors.items() if name == told.get("by")), None),
        trigger="" if kind == "look" else told.get("fire", "start"),
        data=None if data is None else freeze(data),
        tracks=(told["track"],) if "track" in told else (),
        refused=tuple(told["refused"]) if "refused" in told else None,
        pending=tuple(told["pending"]) if "pending" in told else None,
        then=freeze(told.get("then", {})),
        names=told.get("as"),
        pilot=told.get("pilot"),
    )


def _pilot(names: Mapping[str, str], pilot: str | None) -> dict[str, str]:
    """Return which pilot a step is about: the first one, where nothing is said."""
    told = names.get(pilot or "")
    return {} if told in {None, "pilot_1"} else {"pilot": str(told)}


def _then(line: Line, track: str | None) -> dict[str, Any]:
    pilot = line.pilot
    if pilot is None:
        return {}
    then: dict[str, Any] = {"state": pilot.state}
    if pilot.hold == PAUSED:
        then["hold"] = PAUSED
    if track is not None and track in pilot.tracks:
        then["tracks"] = {track: pilot.tracks[track].state}
    if line.call is None:
        then["tracks"] = {key: one.state for key, one in pilot.tracks.items()}
        then["signals"] = sorted({one.signal for one in pilot.signals})
    return {name: value for name, value in then.items() if value != {}}


def _moment(at: datetime) -> str:
    told = at.strftime("%Y-%m-%d")
    return told if (at.hour, at.minute) == MORNING else f"{told}T{at:%H:%M}"


def written(value: Any) -> str:
    """Return a value as YAML in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{written(name)}: {written(one)}" for name, one in value.items() if one is not None) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(one) for one in value) + "]"
    text = value.isoformat() if isinstance(value, date) else str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return (
        text
        if plain or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", text)
        else json.dumps(text, ensure_ascii=False)
    )
