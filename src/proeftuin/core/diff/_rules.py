"""The rule of each attribute of each class of a workflow: what its change does to pilots that are running.

`docs/diff.md` tells the same for people. The classes that no row is for are values: `GuardUse`, `RecordOp`, `Starts`,
`Opens`, `Falls`, `Offset`, `RecordRef`, `Signal` and `FieldRef`. What differs in one is told of what holds it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from proeftuin.core.diff import _edges as edges
from proeftuin.core.diff import _fields as fields
from proeftuin.core.diff import _people as people
from proeftuin.core.diff._change import COSMETIC, NARROWING, WIDENING, Change, Pair, Rule
from proeftuin.core.diff._walk import always, but_order, compare, elements, same
from proeftuin.core.workflow import (
    Clock,
    Edge,
    Field,
    RecordType,
    Role,
    Start,
    State,
    TrackKind,
    Workflow,
)

WORDS = always(COSMETIC, "words")
EFFECT = but_order(always(NARROWING, "does-other"))
FIGURES = always(NARROWING, "figures")
DAYS = but_order(always(NARROWING, "days"))
TOLD = always(NARROWING, "told")
KEPT = always(NARROWING, "kept")


def _metrics(pair: Pair) -> tuple[Change, ...]:
    gone = [one for one in pair.old if one not in pair.new]
    more = [one for one in pair.new if one not in pair.old]
    if gone:
        return (pair.change(NARROWING, "figure-gone", *gone),)
    return (pair.change(WIDENING, "figure-more", *more) if more else pair.change(COSMETIC, "order"),)


_LANGUAGES = elements(always(COSMETIC, "words", kind="added"), WORDS, removed=COSMETIC)
_TEXTS = elements(always(COSMETIC, "words", kind="added"), _LANGUAGES, removed=COSMETIC)
_STATES = elements()

_ROWS: Mapping[type, Mapping[str, Rule]] = {
    Workflow: {
        "format": always(NARROWING, "unknown"),
        "name": same,
        "version": same,
        "hash": same,
        "label": WORDS,
        "roles": elements(people.new_role),
        "start": compare,
        "states": _STATES,
        "edges": edges.edges,
        "timezone": DAYS,
        "calendar": DAYS,
        "groups": elements(changed=people.group),
        "records": elements(),
        "tracks": elements(edges.new_kind, edges.kind),
        "clocks": elements(always(NARROWING, "new-term", kind="added"), order=NARROWING),
        "metrics": _metrics,
        "words": _TEXTS,
        "codes": _TEXTS,
    },
    Role: {"label": WORDS, "side": always(NARROWING, "side"), "excludes": people.excludes},
    RecordType: {"fields": fields.fields, "label": WORDS, "keep": KEPT, "interval": FIGURES},
    Field: {
        "type": always(NARROWING, "type"),
        "required": fields.required,
        "required_when": fields.required_when,
        "of": fields.of,
        "keys": fields.keys,
        "record": fields.record,
        "min": fields.least,
        "max": fields.most,
        "not_after": fields.not_after,
        "default": always(NARROWING, "default"),
        "by_engine": always(NARROWING, "by-engine"),
        "label": WORDS,
    },
    State: {"label": WORDS, "phase": FIGURES, "final": always(NARROWING, "ends"), "done": always(NARROWING, "ends")},
    Start: {"to": EFFECT, "allow": people.allow, "data": fields.fields, "label": WORDS},
    TrackKind: {"label": WORDS, "states": _STATES, "edges": edges.edges, "party_from": always(NARROWING, "whose")},
    Edge: {
        "trigger": always(NARROWING, "unknown"),
        "allow": people.allow,
        "sources": edges.sources,
        "to": EFFECT,
        "during": edges.during,
        "when": edges.when,
        "sign": people.sign,
        "require": edges.require,
        "advise": but_order(always(WIDENING, "advice")),
        "records": EFFECT,
        "set": EFFECT,
        "data": fields.fields,
        "opens": EFFECT,
        "falls": EFFECT,
        "refuse": edges.refuse,
        "hold": EFFECT,
        "outcome": EFFECT,
        "cycle": EFFECT,
        "starts": EFFECT,
        "paused": edges.paused,
        "progress": always(NARROWING, "progress"),
        "proposed": always(COSMETIC, "proposed"),
        "snooze": edges.snooze,
        "label": WORDS,
    },
    Clock: {
        "due": DAYS,
        "since": DAYS,
        "until": DAYS,
        "per": DAYS,
        "during": DAYS,
        "remind": TOLD,
        "escalate": TOLD,
        "signal": TOLD,
        "fire": EFFECT,
        "shifts": DAYS,
        "after_closing": DAYS,
        "label": WORDS,
    },
}

RULES: Mapping[tuple[type, str], Rule] = MappingProxyType(
    {(cls, name): rule for cls, rows in _ROWS.items() for name, rule in rows.items()}
)
