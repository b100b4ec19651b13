from datetime import UTC, datetime

from proeftuin import Actor, load_workflow
from proeftuin.core.commands import Attempt, Command
from proeftuin.core.events import Event
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.options import explain
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import compile_workflow

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
FLOW = """
format: 1
workflow: closing
version: 1
label: {en: Closing, nl: Sluiten}
roles:
  lead: {side: client, label: {en: Lead, nl: Projectleider}}
start: {to: open, allow: [lead], data: {}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges:
  - {trigger: finish, from: open, to: closed, allow: [lead], label: {en: Finish, nl: Afronden}}
tracks:
  supplier:
    label: {en: Supplier, nl: Leverancier}
    states:
      seen: {label: {en: Seen, nl: In beeld}}
      agreed: {label: {en: Agreed, nl: Afgesproken}}
      gone: {done: true, label: {en: Gone, nl: Weg}}
    edges:
      - {trigger: identify, opens: supplier, to: seen, while: any_open, allow: [lead], label: {en: Identify, nl: Zien}}
      - {trigger: agree, from: seen, to: agreed, while: open, allow: [lead], label: {en: Agree, nl: Afspreken}}
      - trigger: leave
        from: agreed
        to: gone
        allow: [lead]
        label: {en: Leave, nl: Weggaan}
        require: [tracks_reached: {kind: supplier, states: [agreed]}]
"""
WORKFLOW = load_workflow(FLOW)
TABLE = compile_workflow(WORKFLOW)


def event(version: int, type_: str, track: str | None, **data: object) -> Event:
    return Event(
        "p1", version, type_, NOW, NOW.date(), "lead", "lead", "x", track, FrozenDict({"set": FrozenDict(), **data})
    )


def pilot(*, closed: bool) -> Pilot:
    """A pilot with a supplier in view, open or closed since."""
    events = [
        event(1, "pilot.started", None, workflow=WORKFLOW.id, hash="", state="open", phase="exploration"),
        event(2, "track.opened", "acme", kind="supplier", to="seen", party="acme"),
    ]
    if closed:
        events.append(event(3, "pilot.moved", None, **{"from": "open", "to": "closed", "phase": "closed"}))
    found = replay(events)
    assert found is not None
    return found


def blockers(*, closed: bool) -> dict[str, bool]:
    """The codes that leaving is refused with, each with whether something would help."""
    attempt = Attempt(pilot(closed=closed), Command("leave", None, "acme"), Actor("lead", roles={"lead"}), NOW)
    return {one.code: bool(one.missing) for one in explain(TABLE, attempt).blockers}


def test_not_yet_stands_beside_what_guards_say() -> None:
    """Where a way leads to the states of an edge, its blocker says so beside those of its guards, all with remedies."""
    assert {"wrong-state": True, "missing-signature": True} == blockers(closed=False)


def test_never_stands_alone_also_where_pilot_and_track_each_could_but_not_together() -> None:
    """A track that moves only while its pilot is open hears that nothing helps once that is closed, and no more."""
    assert {"wrong-state": False} == blockers(closed=True)
