"""What people read, in every language; and what is declared but never used. Warnings, all of them."""

from collections.abc import Iterator, Mapping

from proeftuin.core.lint._guards import CODE, asked_roles
from proeftuin.core.lint._records import added
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import Path, Scope
from proeftuin.core.texts import TEXTS
from proeftuin.core.workflow import LANGUAGES, Field, Label


def check(scope: Scope, report: Report) -> None:
    """Check translations and uses."""
    _labels(scope, report)
    _codes(scope, report)
    _spoken(scope, report)
    _unused(scope, report)


def _complete(report: Report, what: str, label: Label | None, path: Path) -> None:
    missing = [language for language in LANGUAGES if not (label or {}).get(language)]
    if missing:
        report.warn("missing-translation", f"{what} has no text in {' or '.join(missing)}", *path)


def _labels(scope: Scope, report: Report) -> None:
    """Check the labels of what has its own."""
    workflow = scope.workflow
    _complete(report, "the workflow", workflow.label, ("label",))
    sections: tuple[tuple[str, Mapping[str, Label]], ...] = (
        ("role", {name: one.label for name, one in workflow.roles.items()}),
        ("record", {name: one.label for name, one in workflow.records.items()}),
        ("state", {name: one.label for name, one in workflow.states.items()}),
        ("track", {name: one.label for name, one in workflow.tracks.items()}),
    )
    for what, labels in sections:
        for name, label in labels.items():
            _complete(report, f"{what} `{name}`", label or workflow.words.get(name), (f"{what}s", name))
    for kind, track in workflow.tracks.items():
        for name, state in track.states.items():
            path = ("tracks", kind, "states", name)
            _complete(report, f"state `{name}`", state.label or workflow.words.get(name), path)
    for name, label in workflow.words.items():
        _complete(report, f"word `{name}`", label, ("words", name))
    for name, label in workflow.codes.items():
        _complete(report, f"code `{name}`", label, ("codes", name))


def _codes(scope: Scope, report: Report) -> None:
    """Check that every code that the file gives to a guard, or refuses with, has a text, here or in the library."""
    told, wrong = {*scope.workflow.codes, *TEXTS}, report.wrong()
    for place in scope.places:
        codes = [(use.params.get(CODE), (*path, use.name, CODE)) for use, path in place.uses()]
        for code, path in ((place.edge.refuse, (*place.path, "refuse")), *codes):
            if code and code not in told and path not in wrong:
                told.add(str(code))
                _complete(report, f"code `{code}`", None, path)


def _spoken(scope: Scope, report: Report) -> None:
    """Check triggers, clocks, fields and choices, which are named by their own label or by `words`; each once."""
    words = scope.workflow.words
    told: set[str] = set(words)
    labels = {place.edge.trigger: place.edge.label for place in scope.places if place.edge.label}
    labels |= {name: field.label for _, name, field in _fields(scope) if field.label}
    spoken: list[tuple[str, str, Label | None, Path]] = [("trigger", "start", scope.workflow.start.label, ("start",))]
    spoken += [("trigger", one.edge.trigger, one.edge.label, one.path) for one in scope.places]
    spoken += [("clock", name, clock.label, ("clocks", name)) for name, clock in scope.workflow.clocks.items()]
    for path, name, field in _fields(scope):
        spoken.append(("field", name, field.label, path))
        values = (*(field.of if isinstance(field.of, tuple) else ()), *field.keys)
        spoken += [("choice", value, None, (*path, "of")) for value in values if isinstance(value, str)]
    for what, name, label, path in spoken:
        known = label or labels.get(name) or _named(scope, name)
        if name not in told and known is None:
            told.add(name)
            _complete(report, f"{what} `{name}`", None, path)
        elif label:
            _complete(report, f"{what} `{name}`", label, path)


def _named(scope: Scope, name: str) -> Label | None:
    """Return the label of a role, record, state or track of this name: a choice may be one of those."""
    workflow = scope.workflow
    for section in (workflow.roles, workflow.records, workflow.states, workflow.tracks):
        if name in section:
            return section[name].label
    return next((kind.states[name].label for kind in workflow.tracks.values() if name in kind.states), None)


def _fields(scope: Scope) -> Iterator[tuple[Path, str, Field]]:
    for path, fields in scope.all_fields():
        yield from _flat(path, fields)


def _flat(path: Path, fields: Mapping[str, Field]) -> Iterator[tuple[Path, str, Field]]:
    for name, field in fields.items():
        yield (*path, name), name, field
        if isinstance(field.of, Mapping):
            yield from _flat((*path, name, "of"), field.of)


def _unused(scope: Scope, report: Report) -> None:
    """Check that what is declared is used."""
    workflow = scope.workflow
    named = {name for place in scope.places for name in (*place.edge.allow, *place.edge.sign)} | {*workflow.start.allow}
    named |= {name for clock in workflow.clocks.values() for name in (*clock.remind, *clock.escalate)}
    named |= {name for clock in workflow.clocks.values() if clock.signal for name in clock.signal.tell}
    used = {*scope.expand(tuple(named)), *scope.assigned, *asked_roles(scope)}
    for name, role in workflow.roles.items():
        if name not in used and role.side is not None:  # a role without a side may be there only to look on
            text = f"role `{name}` is named nowhere, so it can only look on; allow it something, or remove it"
            report.warn("unused-role", text, "roles", name)
    for name in workflow.groups:
        if name not in named:
            report.warn("unused-group", f"group `{name}` is used nowhere; remove it", "groups", name)
    known = added(scope)
    for name in workflow.records if not scope.unsure(report, "records") else ():
        if name not in known:
            report.warn("unused-record", f"no edge adds a `{name}`; add one, or remove the record", "records", name)
