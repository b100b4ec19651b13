"""The words of a blocker, in every language: a template of its code, filled with labels.

Templates are filled by plain substitution of `{name}`; they are text from files, never format strings.
"""

import re
from typing import TYPE_CHECKING

from proeftuin.core.commands import Blocker, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts import PROBLEMS, RELATED, TEXTS
from proeftuin.core.workflow import LANGUAGES, Label, RecordType, Role, State, TrackKind, Workflow

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"\{([a-z_]+)\}")
_GAP = re.compile(r" ([.,;:)])")
_OR = {"en": " or ", "nl": " of "}
_NOBODY = {"en": "nobody", "nl": "niemand"}


def label(workflow: Workflow, word: str) -> Label | None:
    """Return what people call a word of this workflow; `.name` asks for the field of that name first."""
    words = workflow.derived(_labels)
    return words.get(word) or words.get(word[1:] if word.startswith(".") else f".{word}")


def _labels(workflow: Workflow) -> dict[str, Label]:
    found: dict[str, Label] = dict(workflow.words)
    places: list[Mapping[str, Role | RecordType | TrackKind | State]] = [workflow.roles, workflow.records]
    places += [workflow.tracks, workflow.states, *(kind.states for kind in workflow.tracks.values())]
    for place in places:
        for name, one in place.items():
            found.setdefault(name, one.label)
    for edge in workflow.all_edges:
        if edge.label:
            found.setdefault(edge.trigger, edge.label)
    fields = [one.fields for one in workflow.records.values()] + [edge.data for edge in workflow.all_edges]
    for mapping in (*fields, workflow.start.data):
        for name, field in mapping.items():
            if field.label:
                found.setdefault(f".{name}", field.label)  # a field may share its name with a trigger
    return found


def say(workflow: Workflow, value: object, lang: str) -> str:
    """Return a value of a blocker's params in words."""
    if isinstance(value, tuple | list):
        said = [say(workflow, one, lang) for one in value]
        return _OR[lang].join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    if isinstance(value, str):
        named = label(workflow, value) or RELATED.get(value)
        return str(named.get(lang) or value) if named else value
    return "" if value is None else str(value)


def texts(workflow: Workflow, blocker: Blocker, missing: tuple[Remedy, ...]) -> FrozenDict:
    """Return the explanation of a blocker per language."""
    code = blocker.code
    if blocker.texts:
        return blocker.texts
    because = blocker.params.get("because") or ("never" if blocker.params.get("never") else "")
    variant = f"{code}/{because}"
    template: Mapping[str, str] = workflow.codes.get(code) or TEXTS.get(variant) or TEXTS.get(code) or {}
    return FrozenDict({lang: _fill(workflow, template.get(lang, code), blocker, missing, lang) for lang in LANGUAGES})


def _field(workflow: Workflow, name: str, lang: str) -> str:
    named = label(workflow, f".{name}")
    return str(named.get(lang) or name) if named else name


def _fill(workflow: Workflow, template: str, blocker: Blocker, missing: tuple[Remedy, ...], lang: str) -> str:
    first = missing[0] if missing else None
    roles = first.roles if first else ()
    known: dict[str, object] = {
        **blocker.params,
        "track": blocker.track,
        "who": say(workflow, roles, lang) if roles else _NOBODY[lang],
        "what": say(workflow, first.trigger, lang) if first else "",
    }
    if "field" in known:
        known["field"] = _field(workflow, str(known["field"]), lang)
    problem = PROBLEMS.get(str(blocker.params.get("problem")))
    if problem is not None:  # a word of ours, which may also be one of the workflow's
        known["problem"] = problem.get(lang)
    filled = _PLACE.sub(lambda found: say(workflow, known.get(found[1]), lang), template)
    return _GAP.sub(r"\1", " ".join(filled.split()))  # empty places leave no gaps
