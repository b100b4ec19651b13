"""Each code of lint, raised by breaking a workflow that has no fault in one place, and told at that place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.guards._base import Param
from proeftuin.core.lint import lint, references
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import lint_workflow, load_workflow
from proeftuin.definitions._structure import structure
from proeftuin.definitions._tree import compose
from proeftuin.errors import DefinitionError

FILE = Path(__file__).parents[2] / "data" / "every.yaml"
TEXT = FILE.read_text(encoding="utf-8")


def broken(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times in {FILE.name}"
    return TEXT.replace(old, new)


def faults(text: str, level: str) -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in lint_workflow(text) if fault.level == level]


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


# Code, what is replaced, by what, and a piece of the line at which the fault is told (the new text by default).
ERRORS = [
    ("unknown-role", "start:\n  to: idle\n  allow: [client]", "start:\n  to: idle\n  allow: [clint]", "allow: [clint]"),
    ("unknown-role", "allow: [lead]\n    require: [has", "allow: [leed]\n    require: [has", "allow: [leed]"),
    ("unknown-role", "sign: [lead, seller]", "sign: [lead, sellr]", ""),
    ("unknown-role", "client: [lead, board]", "client: [lead, bord]", ""),
    ("unknown-role", "excludes: [board]", "excludes: [bord]", ""),
    ("unknown-role", "remind: {lead: 8 days}", "remind: {leader_of: 8 days}", ""),
    ("unknown-role", "escalate: {board: 21 days}", "escalate: {bord: 21 days}", ""),
    ("unknown-role", "tell: [watcher]", "tell: [watchers]", ""),
    ("unknown-role", "remind: {owner: 7", "remind: {paid: 7", ""),
    ("unknown-state", "start:\n  to: idle", "start:\n  to: idel", "to: idel"),
    ("unknown-state", "from: idle\n", "from: idel\n", "from: idel"),
    ("unknown-state", "to: busy\n", "to: bussy\n", "to: bussy"),
    ("unknown-state", "to: agreed, while: busy", "to: agreed, while: bussy", ""),
    ("unknown-state", "to: seen\n", "to: seem\n", "to: seem"),
    ("unknown-state", "since: seller_track.seen", "since: seller_track.seem", ""),
    ("unknown-state", "{since: busy, until", "{since: bussy, until", ""),
    ("unknown-state", "{kind: seller_track, states: [agreed]}", "{kind: seller_track, states: [busy]}", ""),
    ("unknown-state", "until: job, due", "until: progress, due", ""),
    ("unknown-state", "until: job, due", "until: seller_track.progress, due", ""),
    ("unknown-state", "until: job, due", "until: seller_track.agreed.progress, due", ""),
    ("unknown-track-kind", "{since: progress, due", "{since: progress, until: seller_track.gone, due", ""),
    ("unknown-track-kind", "until: job, due", "until: seler_track.gone, due", ""),
    ("unknown-phase", "busy: {phase: implementation", "busy: {phase: implementing", ""),
    ("unknown-record", "[{add: note}]", "[{add: nota}]", ""),
    ("unknown-record", "{end: task, same", "{end: tusk, same", ""),
    ("unknown-record", "{change: job, by: jobs", "{change: jab, by: jobs", ""),
    ("unknown-record", "correct: [note, job]", "correct: [note, jab]", ""),
    ("unknown-record", "has: {record: note", "has: {record: nota", ""),
    ("unknown-record", "{type: record, record: job, required", "{type: record, record: jab, required", ""),
    ("unknown-record", "{per: job, since: start", "{per: jab, since: busy", ""),
    ("unknown-record", "noted: {since: {record: note", "noted: {since: {record: nota", ""),
    ("unknown-field", "interval: [start, end]", "interval: [start, ent]", ""),
    ("unknown-field", "required_when: {kind: result}", "required_when: {kynd: result}", ""),
    ("unknown-field", "when: {well: true}", "when: {wel: true}", ""),
    ("unknown-field", "outcome: {field: verdict}", "outcome: {field: verdit}", ""),
    ("unknown-field", "copy: [places]", "copy: [place]", ""),
    ("unknown-field", "set: {title: {field: title}}", "set: {title: {field: titel}}", ""),
    ("unknown-field", "party_from: seller_party", "party_from: seler_party", ""),
    ("unknown-field", "by: job, at: start", "by: jab, at: start", ""),
    ("unknown-field", "by: job, at: start", "by: job, at: begin", ""),
    ("unknown-field", "copy: job, track: to_track", "copy: jab, track: to_track", ""),
    ("unknown-field", "copy: job, track: to_track", "copy: job, track: track", ""),
    ("unknown-field", "same: [duty]", "same: [duties]", ""),
    ("unknown-field", "number: number, append", "number: numbr, append", ""),
    ("unknown-field", "set: {paid: true}", "set: {payed: true}", ""),
    ("unknown-field", "append: {history: {since", "append: {hystory: {since", ""),
    ("unknown-field", "{since: {field: start}, hours", "{sinds: {field: start}, hours", ""),
    ("unknown-field", "hours: {field: hours}", "hours: {field: hour}", ""),
    ("unknown-field", "where: {kind: idea}, code", "where: {kynd: idea}, code", ""),
    ("unknown-field", "where: {weeks: due}", "where: {week: due}", ""),
    ("unknown-field", "due: {field: resume_by}", "due: {field: resume_at}", ""),
    ("unknown-field", "{per: job, since: start", "{per: job, since: begin", ""),
    ("unknown-field", "fields: {type: map}, reason: {type: text}", "fields: {type: map}", "correct: [note, job]"),
    ("unknown-choice", "when: {well: true}", "when: {well: 1}", ""),
    ("unknown-choice", "required_when: {kind: result}", "required_when: {kind: results}", ""),
    ("unknown-choice", "where: {kind: idea}, code", "where: {kind: ideas}, code", ""),
    ("unknown-choice", "set: {paid: true}", 'set: {paid: "yes"}', ""),
    ("unknown-track-kind", "opens: seller_track", "opens: seller_trak", ""),
    ("unknown-track-kind", "since: seller_track.seen", "since: seler_track.seen", ""),
    ("unknown-track-kind", "{kind: seller_track, states", "{kind: sellers_track, states", ""),
    ("unknown-word", "seller_track.agreed.progress", "seller_track.agreed.progres", ""),
    ("unknown-guard", "[has: {record: note, where: {kind: idea}, code: missing-idea}]", "[hass]", ""),
    ("unknown-parameter", "{record: note, where: {kind: idea}, code: missing-idea}", "{record: note, were: x}", ""),
    ("unknown-trigger", "fire: lapse", "fire: laps", ""),
    ("unknown-timezone", "version: 1", "version: 1\ntimezone: Europe/Amsterdm", "timezone"),
    ("missing-parameter", "has: {record: note, where: {kind: idea}, code", "has: {code", ""),
    ("bad-parameter", "code: missing-idea}]", "code: Missing}]", ""),
    ("bad-parameter", "{kind: seller_track, states: [agreed]}", "{kind: seller_track, states: agreed}", ""),
    ("bad-parameter", "{kind: seller_track, states: [agreed]}", "{kind: seller_track, states: [agreed], min: -1}", ""),
    ("bad-parameter", "has: {record: note, where: {kind: idea}", "has: {record: [note], where: {kind: idea}", ""),
    ("bad-parameter", "where: {kind: idea}, code", "cycle: last, code", ""),
    ("bad-parameter", "where: {kind: idea}, code", "where: idea, code", ""),
    ("field-type", "where: {kind: idea}, code", "where: {kind: [idea, result]}, code", ""),
    ("field-type", "where: {kind: idea}, code", "where: {text: [idea]}, code", ""),
    ("field-type", "where: {kind: idea}, code", "where: {text: 5}, code", ""),
    ("field-type", "note, where: {kind: result}}", "note, where: {kind: {is: result}}}", ""),
    ("field-type", "has: {record: note, where: {kind: idea}", "has: {record: job, where: {number: two}", ""),
    ("field-type", "has: {record: note, where: {kind: idea}", "has: {record: job, where: {number: true}", ""),
    ("field-type", "has: {record: note, where: {kind: idea}", "has: {record: job, where: {hours: false}", ""),
    ("field-type", "has: {record: note, where: {kind: idea}", "has: {record: job, where: {start: soon}", ""),
    ("field-type", "has: {record: note, where: {kind: idea}", "has: {record: job, where: {history: once}", ""),
    ("unknown-duty", "{duty: contact}]", "{duty: contct}]", ""),
    ("unknown-record", "[assigned: {duty: contact}]", "[goals]", ""),
    ("field-type", "{title: {type: text}}", "{title: {type: text}}\n    require: [within: {field: title}]", "within"),
    ("reserved-name", "watcher: {label", "starter: {label: {en: S, nl: S}}\n  watcher: {label", "starter: {label"),
    ("reserved-name", "client: [lead, board]", "client: [lead, board]\n  system: [lead]", "system: [lead]"),
    ("reserved-name", "seen: {label", "same: {label: {en: S, nl: S}}\n      seen: {label", "same: {label"),
    ("reserved-name", "- {trigger: again,", "- {trigger: start,", ""),
    ("name-taken", "client: [lead, board]", "client: [lead, board]\n  watcher: [lead]", "watcher: [lead]"),
    ("misplaced-key", "  watcher:", "  system: {side: client, label: {en: S, nl: S}}\n  watcher:", "system: {side"),
    ("misplaced-key", "  watcher:", "  system: {excludes: [lead], label: {en: S, nl: S}}\n  watcher:", "system: {ex"),
    ("excludes-itself", "excludes: [board]", "excludes: [board, lead]", ""),
    ("missing-phase", "busy: {phase: implementation, label", "busy: {label", ""),
    ("misplaced-key", "busy: {phase: implementation, label", "busy: {phase: implementation, done: true, label", ""),
    ("misplaced-key", "seen: {label", "seen: {phase: evaluation, label", ""),
    ("misplaced-key", "gone: {done: true", "gone: {done: true, final: true", ""),
    ("misplaced-key", "opens: seller_track\n", "opens: seller_track\n        from: agreed\n", "from: agreed"),
    ("misplaced-key", "{trigger: again, from: busy", "{trigger: again, while: busy, from: busy", ""),
    ("misplaced-key", "allow: [seller]\n        set", "sign: [seller, lead]\n        set", "sign: [seller, lead]"),
    ("misplaced-key", "to: agreed, while: busy", "to: agreed, cycle: next, while: busy", ""),
    ("misplaced-key", "text: {type: text, min: 1", "text: {type: text, keys: [a], min: 1", ""),
    ("misplaced-key", "text: {type: text, min: 1", "text: {type: text, record: job, min: 1", ""),
    ("nobody", "start:\n  to: idle\n  allow: [client]", "start:\n  to: idle\n  allow: []", "allow: []"),
    ("nobody", "start:\n  to: idle\n  allow: [client]", "start:\n  to: idle\n  allow: [system]", "allow: [system]"),
    ("nobody", "sign: [lead, seller]", "sign: [lead, system]", ""),
    ("nobody", "to: same, cycle: next, allow: [lead]}", "to: same}", ""),
    ("allow-and-sign", "sign: [lead, seller]", "sign: [lead, seller], allow: [lead]", ""),
    ("too-few-signatures", "sign: [lead, seller]", "sign: [lead]", ""),
    ("group-signs", "sign: [lead, seller]", "sign: [client, seller]", ""),
    ("mixed-states", "from: any, paused", "from: [any, busy], paused", ""),
    ("no-source", "{trigger: again, from: busy, to", "{trigger: again, to", ""),
    ("moves-from-final", "{trigger: again, from: busy, to: same", "{trigger: again, from: any, to: busy", ""),
    ("no-target", "        to: seen\n", "", "- trigger: propose"),
    ("previous-on-pilot", "{trigger: again, from: busy, to: same", "{trigger: again, from: busy, to: previous", ""),
    ("bad-when", "trigger: follow\n", "trigger: follow\n    when: {title: x}\n", "when: {title"),
    ("bad-when", "when: {well: true}", "when: {well: []}", ""),
    ("bad-when", "required_when: {kind: result}", "required_when: {kind: []}", ""),
    ("bad-when", "trigger: follow\n", "trigger: follow\n    when: {title: []}\n", "when: {title"),
    ("hold-moves", "{trigger: pause, from: any_open", "{trigger: pause, to: busy, from: any_open", ""),
    ("half-a-hold", "hold: resume, ", "", "hold: pause"),
    ("half-a-hold", "hold: pause, progress", "progress", "hold: resume"),
    ("ambiguous-edges", "when: {well: false}", "when: {well: [true, false]}", "  - trigger: finish"),
    ("ambiguous-edges", "{trigger: park, from: [seen,", "{trigger: leave, from: [seen,", "tracks_reached"),
    ("record-op", "[{add: note}]", "[{add: note, end: note}]", ""),
    ("record-op", "[{add: note}]", "[{set: {text: x}}]", ""),
    ("field-type", "by: job, at: start", "by: start, at: start", ""),
    ("field-type", "by: job, at: start", "by: job, at: job", ""),
    ("field-type", "{end: job, by: job", "{end: note, by: job", ""),
    ("field-type", "number: number, append", "number: hours, append", ""),
    ("field-type", "append: {history: {since: {field: start}, hours", "append: {owner: {hours", ""),
    ("field-type", "{per: job, since: start", "{per: job, since: paid", ""),
    ("field-type", "due: {field: resume_by}", "due: {field: well}", ""),
    ("field-type", "due: {field: resume_by}", "due: {field: title}", ""),
    ("field-type", "{title: {type: text}}", "{title: {type: text}, resume_by: {type: text}}", "resume_by}, remind"),
    ("field-type", "set: {origin: seller}", "set: {resume_by: seller}", "due: {field: resume_by}"),
    ("field-type", "    places: {type", "    organisation: {type: integer}\n    places: {type", "organisation: {type"),
    ("field-type", "set: {origin: seller}", "set: {organisation: 5}", ""),
    ("field-type", "outcome: good", "outcome: true", ""),
    ("field-type", "outcome: {field: verdict}", "outcome: {field: well}", ""),
    ("field-type", "set: {paid: true}", "set: {start: soon}", ""),
    ("field-type", "fields: {type: map}, reason", "fields: {type: list}, reason", "correct: [note, job]"),
    ("field-type", "record: {type: record}, fields", "record: {type: integer}, fields", "correct: [note, job]"),
    ("bad-interval", "interval: [start, end]", "interval: [start]", ""),
    ("bad-interval", "interval: [start, end]", "interval: [start, paid]", ""),
    ("bad-of", "of: [idea, result], default: idea", "default: idea", "kind: {type: choice"),
    ("bad-of", "of: {since: {type: date}, hours: {type: decimal}}", "of: {}", ""),
    ("bad-of", "{type: map, of: integer", "{type: map, of: [a]", ""),
    ("bad-of", "text: {type: text, min: 1", "text: {type: text, of: text, min: 1", ""),
    ("bad-of", "owner: {type: person}", "owner: {type: list, of: subject}", ""),
    ("bad-of", "of: {since: {type: date}, hours: {type: decimal}}", "of: {since: {type: subject}}", ""),
    ("bad-of", "owner: {type: person}", "owner: {type: subject}\n      more: {type: map}", "more: {type"),
    ("bad-bounds", "text: {type: text, min: 1", 'text: {type: text, min: "1"', ""),
    ("bad-bounds", "text: {type: text, min: 1", "text: {type: text, not_after: today, min: 1", ""),
    ("bad-bounds", 'min: "0.5", max: "40"', 'min: "41", max: "40"', ""),
    ("bad-bounds", "end: {type: date}", "end: {type: date, max: 3}", ""),
    ("bad-default", "default: idea", "default: ideas", ""),
    ("bad-default", "number: {type: integer", 'number: {type: integer, default: "1"', ""),
    ("bad-default", "end: {type: date}", "end: {type: date, default: tomorrow}", ""),
    ("bad-default", "end: {type: date}", "end: {type: date, default: 20240101}", ""),
    ("bad-default", "hours: {type: decimal, min", "hours: {type: decimal, default: many, min", ""),
    ("bad-default", "owner: {type: person}", "owner: {type: person, default: 5}", ""),
    ("bad-default", "min: 1, max: 500, required: true", "min: 3, max: 500, default: no", ""),
    ("bad-default", "min: 1, max: 500, required: true", "max: 3, default: note", ""),
    ("bad-default", "number: {type: integer, min: 1", "number: {type: integer, default: 0, min: 1", ""),
    ("bad-default", 'hours: {type: decimal, min: "0.5"', 'hours: {type: decimal, default: "0.25", min: "0.5"', ""),
    ("bad-default", 'hours: {type: decimal, min: "0.5"', 'hours: {type: decimal, default: 41, min: "0.5"', ""),
    ("bad-default", "end: {type: date}", "end: {type: url, default: example}", ""),
    ("bad-default", "end: {type: date}", "end: {type: party, default: A and B}", ""),
    ("bad-default", "history: {type: list", "history: {type: list, default: now", ""),
    ("system-not-allowed", "to: gone, allow: [system]", "to: gone, allow: [lead]", "fire: lapse"),
    ("clock-edge", "to: gone, allow: [system]", "to: gone, allow: [system], data: {until: {type: date}}", ""),
    ("clock-edge", "to: gone, allow: [system]", "to: gone, allow: [system], starts: {workflow: every-part}", ""),
    ("clock-edge", "to: gone, allow: [system]", "to: gone, allow: [system], refuse: too-late", ""),
    ("clock-edge", "to: gone, allow: [system]", "to: gone, allow: [system], records: [{add: task}]", ""),
    ("clock-edge", "quiet: {since: progress, due", "quiet: {since: progress, fire: lapse, due", ""),
    ("clock-edge", "task_due: {per: task, due", "task_due: {per: task, fire: lapse, due", ""),
    ("clock-edge", "resume_by: {while: paused, due", "resume_by: {while: paused, fire: lapse, due", ""),
    ("never-due", "quiet: {since: progress, ", "quiet: {", ""),
    ("never-due", "due: 6 months", "due: []", ""),
    ("misplaced-key", "due: 6 months", "due: 6 months before due", ""),
    ("short-row", "noted: {since: {record: note, ", "noted: {since: {record: note, in_a_row: 1, ", ""),
    ("misplaced-key", "note, where: {kind: result}}", "note, in_a_row: 2, where: {kind: result}}", ""),
    ("never-opened", "        opens: seller_track\n", "        from: seen\n", "  seller_track:"),
    ("unreachable-state", "parked: {label", "lost: {label: {en: L, nl: L}}\n      parked: {label", "lost: {label"),
    ("no-end", "final: true, ", "", "states:"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "piece"), ERRORS)
def test_an_error_is_told_at_its_place(code: str, old: str, new: str, piece: str) -> None:
    """A broken workflow is refused, with the code of what is broken, at the line of what is broken."""
    text = broken(old, new)
    assert (code, line_of(text, piece or new)) in faults(text, "error")
    with pytest.raises(DefinitionError):
        load_workflow(text)


@pytest.mark.parametrize(
    ("old", "until"),
    [("until: job, due", one) for one in ("until: busy, due", "until: note, due", "until: seller_track.gone, due")]
    + [("until: {record: note, where: {weeks: due}}", "until: seller_track.gone")],
)
def test_a_clock_ends_with_what_happens_where_it_runs(old: str, until: str) -> None:
    """A term ends with a state of the pilot, a record, or a state of the track that it, or its record, is on."""
    assert [] == faults(broken(old, until), "error")


def test_a_clock_fires_what_is_of_its_own_lifecycle() -> None:
    """A term of a track fires an edge of its kind, one of the pilot the pilot's; neither opens a track."""
    stop = "  - {trigger: stop, from: busy, to: done, allow: [system]}\n"
    text = broken("  - {trigger: again,", f"{stop}  - {{trigger: again,")
    assert [] == faults(text.replace("busy_long: {since: busy,", "busy_long: {since: busy, fire: stop,"), "error")
    wrong = text.replace("3 working days, fire: lapse", "3 working days, fire: stop")
    assert [("clock-edge", line_of(wrong, "fire: stop"))] == faults(wrong, "error")
    opened = text.replace("        allow: [seller]\n        set:", "        allow: [seller, system]\n        set:")
    opened = opened.replace("data: {seller_party: {type: party, required: true}}", "data: {}")
    opened = opened.replace("party_from: seller_party", "party_from: key")
    assert [] == faults(opened, "error")
    opened = opened.replace("3 working days, fire: lapse", "3 working days, fire: propose")
    assert [("clock-edge", line_of(opened, "fire: propose"))] == faults(opened, "error")
    nowhere = broken("since: seller_track.seen", "since: seler_track.seen")
    assert "clock-edge" not in {code for code, _ in faults(nowhere, "error")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stay: {per: job, since: start, due", "stay: {per: job, fire: lapse, since: start, due"),
        ("duty: {type: choice", "track: {type: track}\n      duty: {type: choice"),
        ("[{end: task, same: [duty]}, {add: task}]", "[{add: task, track: place}], data: {place: {type: track}}"),
        ("        set: {origin: seller}\n", "        set: {origin: seller}\n        records: [{add: task}]\n"),
    ],
)
def test_the_term_of_a_record_fires_where_the_record_may_be(old: str, new: str) -> None:
    """A term of a record may fire the edge of a track that the record may be on, and else of none."""
    text = broken(old, new)
    if "fire" not in new:
        text = text.replace("{per: task, due", "{per: task, fire: lapse, due")
    assert [] == faults(text, "error")


def test_what_a_clock_of_a_hold_fires_may_be_fired_then() -> None:
    """A clock that runs while the pilot is on hold may end it, whether or not the edge says that a hold allows it."""
    allowed = broken("paused: allowed, allow: [lead]}", "paused: allowed, allow: [lead, system]}")
    allowed = allowed.replace("{while: paused, due", "{while: paused, fire: resume, due")
    assert [] == faults(allowed, "error")
    assert [] == faults(allowed.replace("hold: resume, paused: allowed", "hold: resume"), "error")


def test_what_a_hold_refuses_is_fired_by_no_clock_of_it() -> None:
    """A clock that runs while the pilot is on hold fires no edge that only a pilot that goes on allows."""
    held = broken("cycle: next, allow: [lead]}", "cycle: next, allow: [lead, system]}")
    held = held.replace("{while: paused, due", "{while: paused, fire: again, due")
    assert [("clock-edge", line_of(held, "fire: again"))] == faults(held, "error")
    assert [] == faults(held.replace("cycle: next, allow", "cycle: next, paused: allowed, allow"), "error")


def test_what_a_clock_fires_fills_in_its_record_itself() -> None:
    """A record that a clock's edge adds has its required fields from the edge, or from their defaults."""
    for filled in ("[{add: task, set: {duty: lead}}]", "[{add: note, set: {text: Late}}]"):
        text = broken("to: gone, allow: [system]", f"to: gone, allow: [system], records: {filled}")
        assert [] == faults(text, "error")


def test_a_mistake_in_what_several_clocks_fire_is_told_once() -> None:
    """An edge that two clocks fire, and that asks for something, is one fault."""
    text = broken("to: gone, allow: [system]", "to: gone, allow: [system], data: {until: {type: date}}")
    again = "  late: {since: seller_track.seen, due: 9 days, fire: lapse, label: {en: L, nl: L}}\n"
    text = text.replace("  talk: {since", f"{again}  talk: {{since")
    assert [("clock-edge", line_of(text, "trigger: lapse"))] == faults(text, "error")


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("unknown-state", "start:\n  to: idle", "start:\n  to: idel"),
        ("unknown-state", "from: idle\n", "from: idel\n"),
        ("unknown-state", "to: seen\n", "to: seem\n"),
        ("unknown-state", "{since: busy, until", "{since: bussy, until"),
        ("unknown-record", "[{add: note}]", "[{add: nota}]"),
        ("unknown-record", "{change: job, by: jobs", "{change: jab, by: jobs"),
        ("unknown-record", "{per: job, since: start", "{per: jab, since: start"),
        ("unknown-record", "noted: {since: {record: note", "noted: {since: {record: nota"),
        ("unknown-field", "when: {well: true}", "when: {wel: true}"),
        ("unknown-track-kind", "opens: seller_track", "opens: seller_trak"),
        ("unknown-track-kind", "since: seller_track.seen", "since: seler_track.seen"),
        ("unknown-trigger", "fire: lapse", "fire: laps"),
        ("no-source", "from: idle\n    to", "to"),
        ("no-target", "        to: seen\n", ""),
        ("half-a-hold", "hold: pause, progress", "progress"),
        ("bad-parameter", "code: missing-idea}]", "code: Missing}]"),
        ("bad-of", "{type: choice, of: [idea, result], default", "{type: choice, default"),
    ],
)
def test_a_mistake_is_told_once(code: str, old: str, new: str) -> None:
    """What only follows from a mistake is not told beside it: no state behind a misspelt one, no term, no use."""
    assert [code] == [one.code for one in lint_workflow(broken(old, new))]


@pytest.mark.parametrize(
    ("code", "old", "new", "piece"),
    [
        ("unknown-field", "when: {well: true}", "when: {wel:\n        true}", "wel:"),
        ("unknown-role", "remind: {lead: 8 days}", "remind: {leed:\n     8 days}", "leed:"),
        ("unknown-parameter", "code: missing-idea}]", "cods:\n        missing-idea}]", "cods:"),
        ("misplaced-key", "gone: {done: true", "gone: {final:\n        true, done: true", "final:\n"),
        ("misplaced-key", "{trigger: again, from", "{trigger: again, while:\n     busy, from", "while:\n"),
        ("clock-edge", "to: gone, allow: [system]", "to: same, allow: [system], refuse:\n         no-way", "refuse:"),
    ],
)
def test_a_fault_of_a_key_is_told_where_the_key_stands(code: str, old: str, new: str, piece: str) -> None:
    """A key that does not belong, or that nothing has as its name, is told at the key, though its value is below it."""
    text = broken(old, new)
    at = next(one for one in lint_workflow(text) if one.code == code)
    line = line_of(text, piece)
    assert (line, text.splitlines()[line - 1].index(piece.strip()) + 1) == (at.line, at.column)


LOTS = (FILE.parent / "lots.yaml").read_text(encoding="utf-8")
BESIDE = [
    ("field-type", "deal: {type: new_track, required: true}", "deal: {type: new_track}", "opens: {track: deal"),
    ("field-type", "opens: {track: deal, key: deal", "opens: {track: deal, key: seller", "opens: {track: deal"),
    ("unknown-field", "key: deal, to: agreed", "key: dael, to: agreed", "opens: {track: deal"),
    ("unknown-state", "key: deal, to: agreed", "key: deal, to: agred", "opens: {track: deal"),
]


def test_a_track_opened_beside_another_needs_its_key() -> None:
    """An edge that opens a track beside its own is refused where the field with the key may be left out, or is none."""
    assert [] == faults(LOTS, "error")
    told = [faults(LOTS.replace(old, new), "error") for _, old, new, _ in BESIDE]
    assert [(code, line_of(LOTS, piece)) for code, _, _, piece in BESIDE] == [first for first, *_ in told]
    assert [1, 2, 2, 1] == [len(one) for one in told]


WARNINGS = [
    ("missing-translation", "label: {en: Every part, nl: Elk onderdeel}", "label: {en: Every part}", ""),
    ("missing-translation", "label: {en: Board, nl: Bestuur}", "label: {nl: Bestuur}", ""),
    ("missing-translation", "label: {en: Task, nl: Taak}", "label: {en: Task}", "  task:"),
    ("missing-translation", "label: {en: Busy, nl: Bezig}", "label: {en: Busy}", ""),
    ("missing-translation", "label: {en: Seen, nl: Gezien}", "label: {en: Seen}", ""),
    ("missing-translation", "label: {en: Title, nl: Titel}", "label: {en: Title}", ""),
    ("missing-translation", "{en: There is no idea yet., nl: Er is nog geen idee.}", "{nl: Er is nog geen idee.}", ""),
    ("missing-translation", "pause: {en: Pause, nl: Pauzeren}", "pause: {en: Pause}", ""),
    ("missing-translation", "  pause: {en: Pause, nl: Pauzeren}\n", "", "trigger: pause"),
    ("missing-translation", "code: missing-idea}]", "code: missing-thought}]", ""),
    ("missing-translation", "  start: {en: Start, nl: Begin}\n", "", "start:\n  to"),
    ("missing-translation", "  quiet: {en: Quiet, nl: Stil}\n", "", "quiet:"),
    ("missing-translation", "  why: {en: Why, nl: Waarom}\n", "", "why: {type"),
    ("missing-translation", "  since: {en: Since, nl: Sinds}\n", "", "history: {type"),
    ("missing-translation", "  idea: {en: Idea, nl: Idee}\n", "", "of: [idea, result]"),
    ("missing-translation", "  night: {en: Night, nl: Nacht}\n", "", "keys: [day, night]"),
    ("unused-role", "  watcher:", "  other: {side: client, label: {en: O, nl: O}}\n  watcher:", "  other:"),
    ("unused-group", "client: [lead, board]", "client: [lead, board]\n  others: [lead]", "others: [lead]"),
    ("unused-record", "  task:\n", "  spare: {label: {en: S, nl: S}, fields: {}}\n  task:\n", "  spare:"),
    ("never-fired", "due: 3 working days, fire: lapse", "due: 3 working days", "trigger: lapse"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "piece"), WARNINGS)
def test_a_warning_is_told_and_refuses_nothing(code: str, old: str, new: str, piece: str) -> None:
    """A workflow that runs, but not as its readers would like, is loaded and warned about at its place."""
    text = broken(old, new)
    assert [(code, line_of(text, piece or new))] == faults(text, "warning")
    assert "every-part@1" == load_workflow(text).id


def test_a_workflow_without_a_fault_has_none() -> None:
    """The workflow that uses every part of the format has no fault and no warning."""
    assert () == lint_workflow(FILE)


def test_an_unknown_metric_is_told() -> None:
    """A metric is checked against the given names, and against the built-in ones without them."""
    assert ["unknown-metric"] == [fault.code for fault in lint_workflow(FILE, metrics=["other"])]
    assert ["unknown-metric"] == [fault.code for fault in lint_workflow(broken("[persons_placed]", "[person_placed]"))]
    assert () == lint(load_workflow(FILE), BUILT_IN)


def test_a_misspelt_word_comes_with_the_right_one() -> None:
    """An unknown name comes with the closest known one."""
    found = lint_workflow(broken("opens: seller_track", "opens: seler_track"))
    told = next(fault for fault in found if fault.code == "unknown-track-kind")
    assert told.text.endswith("did you mean `seller_track`?")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("hold: pause, progress: false", "progress: false", "no edge pauses a pilot"),
        ("records: [{add: note}]", "data: {x: {type: text}}", "no edge adds a `note`"),
        ("[{add: job, number", "[{change: job, number", "no edge adds a `job`"),
        ("{since: busy, until", "{since: job, until", None),
        ("{since: busy, until", "{since: task, until", None),
        ("{since: seller_track.agreed.progress", "{since: seller_track.progress", None),
    ],
)
def test_a_clock_that_can_never_be_due_says_why(old: str, new: str, why: str | None) -> None:
    """A clock whose beginning never comes is refused with the reason, and one whose beginning may come is not."""
    text = broken(old, new).replace("{add: job, copy: job, track: to_track}", "{change: job}")
    text = text.replace("[{change: job, number", "[{add: job, number") if why is None else text
    text = text.replace("hold: resume, ", "") if why == "no edge pauses a pilot" else text
    told = [fault.text for fault in lint_workflow(text) if fault.code == "never-due"]
    assert bool(why) == any(text.endswith(str(why)) for text in told)


def test_a_clock_since_an_unreachable_state_can_never_be_due() -> None:
    """A clock that begins with a state that cannot be reached is refused, as the state is."""
    text = broken(
        "- {trigger: park, from: [seen, agreed], to: parked", "- {trigger: park, from: [seen, agreed], to: gone"
    )
    text = text.replace("answer: {since: seller_track.seen", "answer: {since: seller_track.parked")
    assert {"unreachable-state", "never-due"} <= {code for code, _ in faults(text, "error")}


def test_a_state_that_cannot_be_left_is_a_dead_end() -> None:
    """An open state without a way out is a dead end, also where an edge leads back to itself."""
    text = broken("{trigger: unpark, from: parked, to: previous", "{trigger: unpark, from: parked, to: parked")
    text = text.replace("lapse, from: [seen, parked]", "lapse, from: [seen]")
    assert ("dead-end", line_of(text, "parked: {label")) in faults(text, "error")


def test_a_circle_without_an_exit_has_no_way_out() -> None:
    """States that lead only to each other are told apart from a dead end."""
    text = broken("lapse, from: [seen, parked]", "lapse, from: [seen]")
    text = text.replace("unpark, from: parked, to: previous", "unpark, from: parked, to: agreed")
    text = text.replace("{trigger: leave, from: agreed", "{trigger: leave, from: seen")
    codes = [code for code, _ in faults(text, "error")]
    assert 2 == codes.count("no-way-out")


def test_a_track_without_an_end_may_go_on_for_ever() -> None:
    """A track kind of which no state is done is not held to have an end."""
    assert [] == faults(broken("gone: {done: true", "gone: {done: false"), "error")


def test_a_role_used_nowhere_but_without_a_side_may_look_on() -> None:
    """A role of neither side is not called unused, as it may be there to look on."""
    assert [] == faults(broken(", tell: [watcher]", ""), "warning")


@pytest.mark.parametrize(
    "where", ['text: "5"', "number: 2", 'hours: "8"', "start: 2026-03-02", "paid: true", "owner: anna", "history: []"]
)
def test_what_a_record_may_hold_may_be_asked_for(where: str) -> None:
    """A condition on a record is no fault where its field may hold just that."""
    record = "note" if "text" in where else "job"
    text = broken("has: {record: note, where: {kind: idea}", f"has: {{record: {record}, where: {{{where}}}")
    assert [] == faults(text, "error")


def test_a_default_of_a_guard_is_held_against_what_it_declares() -> None:
    """What a host's guard takes where the file says nothing is checked as if the file said it."""
    weather = Guard("weather", lambda _: None, {"days": Param("integer", default="two")})
    text = broken("advise: [assigned: {duty: contact}]", "advise: [weather]")
    found = lint_workflow(text, guards={"weather": weather})
    assert [("bad-parameter", line_of(TEXT, "advise"))] == [(one.code, one.line) for one in found]


def test_the_system_may_have_a_label() -> None:
    """The role that fires by itself may be declared for what people read, and nothing is said of it."""
    assert () == lint_workflow(broken("  watcher: {label", "  system: {label: {en: S, nl: S}}\n  watcher: {label"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[assigned: {duty: contact}]", "[assigned: {duty: clerk}]"),
        ("[assigned: {duty: contact}]", "[weather: {}]"),
        ("of: [lead, contact], required", "of: [lead, contact, clerk], required"),
        ("remind: {owner: 7", "remind: {clerk: 7"),
        ("start:\n  to: idle\n  allow: [client]", "start:\n  to: idle\n  allow: [clerk]"),
    ],
)
def test_a_role_that_is_used_anywhere_is_used(old: str, new: str) -> None:
    """A role that a guard asks about, that is a duty, that is reminded or that may only start a pilot is not unused."""
    text = broken("  watcher: {label", "  clerk: {side: client, label: {en: Clerk, nl: Bediende}}\n  watcher: {label")
    assert ["unused-role"] == [code for code, _ in faults(text, "warning")]
    weather = Guard("weather", lambda _: None, {"who": Param("text", refers="role", default="clerk")})
    assert () == lint_workflow(text.replace(old, new), guards={"weather": weather})


def test_a_missing_word_is_told_once() -> None:
    """A word that stands in many places and has no translation is told at the first of them only."""
    text = broken("  finish: {en: Finish, nl: Afronden}\n", "")
    assert [("missing-translation", line_of(text, "trigger: finish"))] == faults(text, "warning")


def test_a_label_of_its_own_needs_no_word() -> None:
    """A trigger with a label of its own needs no entry in `words`, wherever else it stands."""
    text = broken("  again: {en: Again, nl: Nogmaals}\n", "")
    assert [] == faults(text.replace("{trigger: again,", "{trigger: again, label: {en: A, nl: N},"), "warning")


def test_openers_of_one_trigger_are_told_apart_by_while_alone() -> None:
    """Two edges that open tracks under one trigger are ambiguous where both can open one."""
    again = "      - {trigger: propose, opens: seller_track, to: seen, while: STATE, allow: [lead]}\n"
    again += "      - trigger: propose\n"
    ambiguous = broken("      - trigger: propose\n", again.replace("STATE", "busy"))
    assert "ambiguous-edges" in {code for code, _ in faults(ambiguous, "error")}
    apart = broken("while: any_open", "while: idle").replace(
        "      - trigger: propose\n", again.replace("STATE", "busy")
    )
    assert "ambiguous-edges" not in {code for code, _ in faults(apart, "error")}


def test_edges_are_apart_by_while_and_by_from() -> None:
    """Two edges of one trigger are not ambiguous where their states never meet."""
    other = "{trigger: park, from: [parked], to: gone, allow: [lead]}\n      - "
    text = broken("{trigger: leave, from: agreed,", other + "{trigger: leave, from: agreed,")
    assert "ambiguous-edges" not in {code for code, _ in faults(text, "error")}


@pytest.mark.parametrize(
    ("default", "kind"),
    [
        ("true", "boolean"),
        ("7, min: 7", "integer"),
        ('"1.5", max: "1.50"', "decimal"),
        ("2024-02-29", "date"),
        ("2999-01-01, not_after: today", "date"),
        ("x, min: 1, max: 1", "text"),
        ("https://example.org", "url"),
        ("acme", "party"),
    ],
)
def test_a_fitting_default_is_accepted(default: str, kind: str) -> None:
    """A default that its field may have is no fault."""
    text = broken("owner: {type: person}", f"owner: {{type: {kind}, default: {default}}}")
    assert [] == faults(text.replace("{owner: 7", "{lead: 7"), "error")


@pytest.mark.parametrize(
    "bounds", ['type: decimal, min: 1, max: "2.5"', "type: list, of: text, min: 1", "type: map, of: decimal, min: 0"]
)
def test_fitting_bounds_are_accepted(bounds: str) -> None:
    """Bounds that fit the type of a field, or of what a map holds, are no fault."""
    assert [] == faults(broken("end: {type: date}", f"end: {{type: date}}\n      extra: {{{bounds}}}"), "error")


def test_a_host_guard_is_known_with_its_parameters() -> None:
    """A guard of the host is checked like a built-in one."""
    text = broken("advise: [assigned: {duty: contact}]", "advise: [weather: {sky: blue}]")
    weather = Guard("weather", lambda _: None, {"sky": Param("text", required=True, values=("blue",))})
    assert () == lint_workflow(text, guards={"weather": weather})
    assert "unknown-guard" in {fault.code for fault in lint_workflow(text)}


def test_references_alone_say_nothing_of_the_whole() -> None:
    """The checks of single elements do not judge reachability or translations."""
    text = broken("parked: {label", "lost: {label: {en: L}}\n      parked: {label").replace(
        "end: {en: End, nl: Einde}", ""
    )
    workflow = load_with_faults(text)
    assert () == references(workflow, BUILT_IN)
    assert {"unreachable-state", "missing-translation"} == {fault.code for fault in lint(workflow, BUILT_IN)}


def load_with_faults(text: str) -> Workflow:
    """Structure a workflow without asking lint."""
    workflow, problems = structure(compose(text).value)
    assert not problems
    assert isinstance(workflow, Workflow)
    return workflow


def large() -> Iterator[tuple[str, str]]:
    states = "".join(f"  s{n}: {{phase: evaluation, label: {{en: S, nl: S}}}}\n" for n in range(200))
    yield "states", broken("  done: {phase: closed", f"{states}  done: {{phase: closed")
    tracks = "".join(f"  t{n}: {{label: {{}}, states: {{}}, edges: []}}\n" for n in range(50))
    yield "tracks", broken("tracks:\n", f"tracks:\n{tracks}")
    same = "".join(f"  - {{trigger: many, from: busy, allow: [lead], when: {{n: {n}}}}}\n" for n in range(201))
    yield "edges", broken("edges:\n  - trigger: begin", f"edges:\n{same}  - trigger: begin")
    own = same.replace("  - ", "      - ").replace("busy", "seen")
    yield "edges", broken("    edges:\n      - trigger: propose", f"    edges:\n{own}      - trigger: propose")


@pytest.mark.parametrize(("section", "text"), list(large()))
def test_what_is_too_large_is_refused_before_it_is_compared(section: str, text: str) -> None:
    """More states, tracks or edges than a lifecycle can need are one fault, and nothing else is judged."""
    found = lint_workflow(text)
    assert ["too-many"] == [fault.code for fault in found]
    assert section == found[0].path[-1]


def test_only_the_first_hundred_hints_are_looked_for() -> None:
    """Of very many unknown words all are told, and the first hundred come with a hint."""
    many = ", ".join(f"led{n}" for n in range(150))
    found = lint_workflow(broken("client: [lead, board]", f"client: [lead, board, {many}]"))
    hinted = [fault for fault in found if "lead" in fault.text]
    assert (150, 100) == (len(found), len(hinted))
