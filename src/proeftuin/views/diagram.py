"""Mermaid text (stateDiagram-v2) of a workflow, or of a pilot: where it is, and which way it came.

1. Ids are made here (`pilot_0`, `track1_3`); no word of a file or of a pilot is ever one.
2. Labels are escaped character by character against an allow-list, so that none can end its line, open a comment or a
   directive, or bring in markup; Mermaid turns the escapes back into the characters when it draws.
3. The pilot's own lifecycle is one group of states, and so is each track (for a workflow: each kind of track).
4. Marks are words and signs as well as colours: the text itself can be read, also by who does not see the colours.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import Factory, define

from proeftuin.core import graph
from proeftuin.core.events import Event
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.core.workflow import Edge, State, Workflow
from proeftuin.views.words import plain, said, word

LABEL = 120
DATES = 3
START = "start"
_SAFE = set(" ,.()-'/?!")
_DIRECTION = re.compile("(?i)(direction) ")  # Mermaid takes any line that holds `direction TB` for an instruction
_MARKS = {
    "en": {"pilot": "Pilot", "now": "now", "paused": "on hold", "closed": "outcome", "start": "Start"},
    "nl": {"pilot": "Proeftuin", "now": "nu", "paused": "gepauzeerd", "closed": "uitkomst", "start": "Start"},
}
_STYLES = (
    "classDef here fill:#1b6e3c,color:#ffffff,stroke:#0d3d20,stroke-width:3px",
    "classDef been fill:#d8f0e0,color:#10331f,stroke:#1b6e3c",
)

Way = tuple[str | None, str]  # from a state (None: the beginning) to a state
Taken = Mapping[Way, Sequence[tuple[str, date]]]  # per way, the triggers that went it, and on which business dates


def escape(text: object) -> str:
    """Return text that may stand in a label: letters, digits and harmless signs as they are, the rest as entities."""
    shown = "".join(one if one.isalnum() or one in _SAFE else f"#{ord(one)};" for one in plain(text, LABEL))
    return _DIRECTION.sub(r"\1#32;", shown) or "-"


def walked(names: str, done: Sequence[tuple[str, date]]) -> str:
    """Return what is written at a way: the names of its triggers, and the first days on which it was gone, if any."""
    if not done:
        return names
    days = [day.isoformat() for _, day in done]
    more = f" +{len(days) - DATES}" if len(days) > DATES else ""
    return f"\u2713 {names} ({', '.join(days[:DATES])}{more})"


def ways_of(workflow: Workflow, kind: str | None) -> dict[Way, dict[str, None]]:
    """Return the ways between the states of one lifecycle, each with the triggers that go it.

    Args:
        workflow: whose lifecycles.
        kind: of the track, None for the pilot's own.
    """
    return workflow.derived(_ways)[kind]


def _ways(workflow: Workflow) -> dict[str | None, dict[Way, dict[str, None]]]:
    return {kind: _ways_in(workflow, kind) for kind in (None, *workflow.tracks)}


def _ways_in(workflow: Workflow, kind: str | None) -> dict[Way, dict[str, None]]:
    states, edges = graph.lifecycle(workflow, kind)
    found: dict[Way, dict[str, None]] = {(None, workflow.start.to): {START: None}} if kind is None else {}
    for edge in edges:
        for way in _gone(edge, kind, states, edges):
            found.setdefault(way, {})[edge.trigger] = None
    every = (one for each in (None, *workflow.tracks) for one in graph.lifecycle(workflow, each)[1])
    for beside, trigger in ((one.beside, one.trigger) for one in every):
        if beside is not None and beside.track == kind:
            found.setdefault((None, beside.to), {})[trigger] = None
    return found


def _gone(edge: Edge, kind: str | None, states: Mapping[str, State], edges: Sequence[Edge]) -> Iterator[Way]:
    if edge.opener is not None:
        if edge.opener == kind and edge.to is not None:
            yield None, edge.to
        return
    for source in graph.expand(edge.sources, states):
        yield from ((source, target) for target in graph.targets(edge, source, states, edges) if target != source)


@define
class _Group:
    """One lifecycle on its way to lines: its states by name, each with an id, and the ways between them."""

    workflow: Workflow
    kind: str | None
    prefix: str
    title: str
    lang: str
    taken: Taken
    here: str | None
    note: str = ""
    ids: dict[str, str] = Factory(dict)
    ways: dict[Way, dict[str, None]] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        states, _ = graph.lifecycle(self.workflow, self.kind)
        self.ids = {name: f"{self.prefix}_{number}" for number, name in enumerate(states)}
        self.ways = {way: dict(names) for way, names in ways_of(self.workflow, self.kind).items()}  # that one is shared
        for way, triggers in self.taken.items():  # a way may be one of an earlier version
            self.ways.setdefault(way, {}).update(dict.fromkeys(trigger for trigger, _ in triggers))
            for name in way:
                if name is not None:
                    self.ids.setdefault(name, f"{self.prefix}_{len(self.ids)}")

    def lines(self) -> Iterator[str]:
        """Give the lines of the group, indented once."""
        states, _ = graph.lifecycle(self.workflow, self.kind)
        yield f'    state "{escape(self.title)}" as {self.prefix} {{'
        yield "        direction LR"
        for name, own in self.ids.items():
            yield f'        state "{self._state(name)}" as {own}'
        for (source, target), triggers in self.ways.items():
            start = "[*]" if source is None else self.ids[source]
            yield f"        {start} --> {self.ids[target]} : {self._way((source, target), triggers)}"
        for name, state in states.items():
            if state.final or state.done:
                yield f"        {self.ids[name]} --> [*]"
        yield "    }"

    def _state(self, name: str) -> str:
        marks = [_MARKS[self.lang]["now"], self.note] if name == self.here else []
        label = state_label(self.workflow, self.kind, name, self.lang)
        return " \u00b7 ".join((escape(label), *(escape(one) for one in marks if one)))

    def _way(self, way: Way, triggers: Iterable[str]) -> str:
        done = self.taken.get(way, ())
        names = dict.fromkeys(trigger for trigger, _ in done) or triggers
        return walked(" / ".join(escape(self._named(way, name)) for name in names), done)

    def _named(self, way: Way, trigger: str) -> str:
        begins = self.kind is None and way[0] is None and trigger == START
        return _MARKS[self.lang]["start"] if begins else word(self.workflow, trigger, self.lang)

    def classes(self) -> Iterator[str]:
        """Give the lines that colour where the pilot is and has been."""
        been = [name for name in dict.fromkeys(name for way in self.taken for name in way if name) if name != self.here]
        if been:
            yield f"    class {','.join(self.ids[name] for name in been)} been"
        if self.here is not None:
            yield f"    class {self.ids[self.here]} here"


def workflow_diagram(workflow: Workflow, *, lang: str = "en") -> str:
    """Return the Mermaid text of a workflow: the pilot's lifecycle, and that of each kind of track.

    Args:
        workflow: any workflow.
        lang: of the labels, `en` or `nl`.
    """
    groups = [_Group(workflow, None, "pilot", _MARKS[lang]["pilot"], lang, {}, None)]
    for number, (kind, track) in enumerate(workflow.tracks.items(), start=1):
        groups.append(_Group(workflow, kind, f"track{number}", said(track.label, lang), lang, {}, None))
    return _text(groups, said(workflow.label, lang))


def pilot_diagram(workflow: Workflow, pilot: Pilot, events: Iterable[Event], *, lang: str = "en") -> str:
    """Return the Mermaid text of a pilot and its tracks: the states they are in, and the ways they went, with dates.

    Args:
        workflow: the one that the pilot follows.
        pilot: as it is, or as it stood.
        events: its history up to then.
        lang: of the labels, `en` or `nl`.
    """
    marks = _MARKS[lang]
    gone = taken(events)
    notes = [marks["paused"]] if pilot.hold == PAUSED else []
    if pilot.outcome:
        notes.append(f"{marks['closed']}: {word(workflow, pilot.outcome, lang)}")
    title = f"{marks['pilot']} {pilot.data.get('title', '')}".rstrip()
    groups = [_Group(workflow, None, "pilot", title, lang, gone.get(None, {}), pilot.state, ", ".join(notes))]
    for number, track in enumerate(pilot.tracks.values(), start=1):
        name = f"{track.key} ({kind_label(workflow, track.kind, lang)})"
        groups.append(_Group(workflow, track.kind, f"track{number}", name, lang, gone.get(track.key, {}), track.state))
    return _text(groups, said(workflow.label, lang))


def kind_label(workflow: Workflow, kind: str, lang: str) -> str:
    """Return what a kind of track is called, which may share its name with a role."""
    track = workflow.tracks.get(kind)
    return word(workflow, kind, lang) if track is None else plain(said(track.label, lang))


def state_label(workflow: Workflow, kind: str | None, name: str | None, lang: str) -> str:
    """Return what a state of a lifecycle is called, which may share its name with one of another lifecycle.

    Args:
        workflow: whose lifecycle.
        kind: of the track, None for the pilot's own.
        name: of the state, which may be one of an earlier version; None is nowhere.
        lang: `en` or `nl`.
    """
    known = kind is None or kind in workflow.tracks
    state = graph.lifecycle(workflow, kind)[0].get(name) if known and name is not None else None
    return word(workflow, name, lang) if state is None else plain(said(state.label, lang))


def taken(events: Iterable[Event]) -> dict[str | None, dict[Way, list[tuple[str, date]]]]:
    """Return, per track (None: the pilot itself), the ways that were gone."""
    found: dict[str | None, dict[Way, list[tuple[str, date]]]] = {}
    for event in events:
        data = event.data
        if event.type in {"pilot.started", "track.opened"}:
            way: Way = (None, data["state"] if event.type == "pilot.started" else data["to"])
        elif event.type in {"pilot.moved", "track.moved"} and data["from"] != data["to"]:
            way = (data["from"], data["to"])
        else:
            continue
        key = event.track if event.type.startswith("track.") else None
        found.setdefault(key, {}).setdefault(way, []).append((event.trigger, event.on))
    return found


def _text(groups: Sequence[_Group], title: str) -> str:
    lines = ["stateDiagram-v2", f"    accTitle: {escape(title)}", "    direction TB"]
    for group in groups:
        lines += group.lines()
    classes = [line for group in groups for line in group.classes()]
    if classes:
        lines += [f"    {style}" for style in _STYLES] + classes
    return "\n".join(lines) + "\n"
