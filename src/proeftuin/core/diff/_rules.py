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
from proeftuin.core.diff._walk import Always, ButOrder, Elements, compare, same
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

WORDS = Always(COSMETIC, "words")
EFFECT = ButOrder(Always(NARROWING, "does-other"))
FIGURES = Always(NARROWING, "figures")
DAYS = ButOrder(Always(NARROWING, "days"))
TOLD = Always(NARROWING, "told")
KEPT = Always(NARROWING, "kept")


def _metrics(pair: Pair) -> tuple[Change, ...]:
    gone = [one for one in pair.old if one not in pair.new]
    more = [one for one in pair.new if one not in pair.old]
    if gone:
        return (pair.change(NARROWING, "figure-gone", *gone),)
    return (pair.change(WIDENING, "figure-more", *more) if more else pair.change(COSMETIC, "order"),)


_LANGUAGES = Elements(Always(COSMETIC, "words", kind="added"), WORDS, removed=COSMETIC)
_TEXTS = Elements(Always(COSMETIC, "words", kind="added"), _LANGUAGES, removed=COSMETIC)
_STATES = Elements()

_ROWS: Mapping[type, Mapping[str, Rule]] = {
    Workflow: {
        "format": Always(NARROWING, "unknown"),
        "name": same,
        "version": same,
        "hash": same,
        "label": WORDS,
        "roles": Elements(people.new_role),
        "start": compare,
        "states": _STATES,
        "edges": edges.edges,
        "timezone": DAYS,
        "calendar": DAYS,
        "groups": Elements(changed=people.group),
        "records": Elements(),
        "tracks": Elements(edges.new_kind, edges.kind),
        "clocks": Elements(Always(NARROWING, "new-term", kind="added"), order=NARROWING),
        "metrics": _metrics,
        "words": _TEXTS,
        "codes": _TEXTS,
    },
    Role: {"label": WORDS, "side": Always(NARROWING, "side"), "excludes": people.excludes},
    RecordType: {"fields": fields.fields, "label": WORDS, "keep": KEPT, "interval": FIGURES},
    Field: {
        "type": Always(NARROWING, "type"),
        "required": fields.required,
        "required_when": fields.required_when,
        "of": fields.of,
        "keys": fields.keys,
        "record": fields.record,
        "min": fields.least,
        "max": fields.most,
        "not_after": fields.not_after,
        "default": Always(NARROWING, "default"),
        "by_engine": Always(NARROWING, "by-engine"),
        "label": WORDS,
    },
    State: {"label": WORDS, "phase": FIGURES, "final": Always(NARROWING, "ends"), "done": Always(NARROWING, "ends")},
    Start: {"to": EFFECT, "allow": people.allow, "data": fields.fields, "label": WORDS},
    TrackKind: {"label": WORDS, "states": _STATES, "edges": edges.edges, "party_from": Always(NARROWING, "whose")},
    Edge: {
        "trigger": Always(NARROWING, "unknown"),
        "allow": people.allow,
        "sources": edges.sources,
        "to": EFFECT,
        "during": edges.during,
        "when": edges.when,
        "sign": people.sign,
        "require": edges.require,
        "advise": ButOrder(Always(WIDENING, "advice")),
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
        "progress": Always(NARROWING, "progress"),
        "proposed": Always(COSMETIC, "proposed"),
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
