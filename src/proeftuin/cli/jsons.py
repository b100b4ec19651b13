"""What scripts get: pilots, events, options and figures as plain data."""

import json
from typing import Any

from attrs import asdict

from proeftuin import codec
from proeftuin.core import structs
from proeftuin.core.commands import Blocker, Option
from proeftuin.core.events import Event
from proeftuin.core.metrics import Metric
from proeftuin.core.pilot import Pilot
from proeftuin.engine import Result
from proeftuin.spi import Summary


def of_pilot(pilot: Pilot) -> dict[str, Any]:
    """Return a pilot as the store keeps it."""
    found: dict[str, Any] = json.loads(codec.encode_pilot(pilot))
    return found


def of_event(event: Event) -> dict[str, Any]:
    """Return an event as the log keeps it, with its id and digest."""
    return {"id": event.id, **json.loads(codec.encode_event(event)), "digest": event.digest}


def of_blocker(blocker: Blocker, lang: str) -> dict[str, Any]:
    """Return a blocker or warning with its text and remedies."""
    missing = [
        {
            "trigger": one.trigger,
            "track": one.track,
            "data": one.data,
            "roles": one.roles,
            "not_before": None if one.not_before is None else one.not_before.isoformat(),
        }
        for one in blocker.missing
    ]
    return {
        "code": blocker.code,
        "text": blocker.text(lang),
        "track": blocker.track,
        "params": blocker.params,
        "missing": missing,
    }


def of_option(option: Option, lang: str) -> dict[str, Any]:
    """Return an option with its reasons."""
    return {
        "trigger": option.trigger,
        "label": option.label.get(lang, option.trigger),
        "track": option.track,
        "to": option.to,
        "kind": option.kind,
        "preset": option.preset,
        "allowed": option.allowed,
        "blockers": [of_blocker(one, lang) for one in option.blockers],
        "warnings": [of_blocker(one, lang) for one in option.warnings],
        "fields": option.fields,
    }


def of_result(result: Result, lang: str) -> dict[str, Any]:
    """Return what came of a command."""
    return {
        "pilot": result.pilot.id,
        "ref": result.pilot.ref,
        "version": result.pilot.version,
        "state": result.pilot.state,
        "hold": result.pilot.hold,
        "outcome": result.pilot.outcome,
        "tracks": {key: track.state for key, track in result.pilot.tracks.items()},
        "events": [of_event(event) for event in result.events],
        "warnings": [of_blocker(one, lang) for one in result.warnings],
        "pending": list(result.pending),
        "duplicate": result.duplicate,
        "started": result.started,
    }


def of_metric(metric: Metric, lang: str) -> dict[str, Any]:
    """Return a figure; an exact fraction as text."""
    found = asdict(metric)
    for name in ("exact", "numerator", "denominator", "as_of", "since"):
        found[name] = None if found[name] is None else str(found[name])
    found["refused"] = None if metric.refused is None else of_blocker(metric.refused, lang)
    return found


def of_summary(summary: Summary, title: str) -> dict[str, Any]:
    """Return a line of a list."""
    found = {name: value for name, value in structs.asdict(summary).items() if not name.endswith("_at")}
    return {
        **found,
        "title": title,
        "created_at": summary.created_at.isoformat(),
        "updated_at": summary.updated_at.isoformat(),
    }
