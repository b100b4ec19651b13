"""What a workflow has other than the one that it builds on, element by element."""

from pathlib import Path

import attrs
import pytest

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import bundled_bases, bundled_files, load_workflow, on_top
from proeftuin.definitions.differs import Difference, differences

SMALL = Path(__file__).parents[2] / "data" / "small.yaml"
EVERY = Path(__file__).parents[2] / "data" / "every.yaml"
BASE = load_workflow(SMALL)
HEAD = "format: 1\nworkflow: ours\nversion: 3\nextends: small@1\n"


def told(more: str, base: Workflow = BASE, head: str = HEAD) -> list[str]:
    """What a text has other than a base, each as `what kind name (keys)`."""
    top = on_top(head + more, bases=[base])
    assert top is not None
    assert ("small@1", "ours@3") == (top.base, top.workflow)
    return [line(one) for one in top.differences]


def line(one: Difference) -> str:
    keys = f" ({', '.join(one.keys)})" if one.keys else ""
    return f"{one.what} {one.kind} {one.name}".rstrip() + keys


def test_a_file_that_adds_nothing_has_no_differences() -> None:
    """Name and version alone are no difference, nor is the order of elements."""
    assert [] == told("")
    roles = FrozenDict({name: BASE.roles[name] for name in reversed(list(BASE.roles))})
    assert () == differences(BASE, attrs.evolve(BASE, roles=roles)).differences


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ("label: {nl: Ons}\n", "changed label"),
        ("timezone: Europe/Brussels\n", "changed timezone"),
        ("calendar: nl\n", "changed calendar"),
        ("metrics: [placements_active]\n", "changed metrics"),
        ("start: {to: idle, allow: [helper], data: {}}\n", "changed start"),
        ("roles: {lead: {label: {nl: Baas}}}\n", "changed role lead (label)"),
        ("roles: {new: {label: {nl: Nieuw}}}\n", "added role new"),
        ("groups: {both: [lead, helper]}\n", "added group both"),
        ("records: {note: {keep: open, fields: {kind: {of: [x]}}}}\n", "changed record note (fields, keep)"),
        ("clocks: {quiet: {due: 8 days}}\n", "changed clock quiet (due)"),
        ("without: {clocks: [quiet]}\n", "left-out clock quiet"),
        ("without: [write]\n", "left-out trigger write"),
        ("words: {plan: {nl: Plannen}}\n", "changed word plan (nl)"),
        ("codes: {missing-idea: {nl: Geen idee}}\n", "changed code missing-idea (nl)"),
        ("edges: [{trigger: ask, from: planned, to: asked, allow: [helper]}]\n", "changed trigger ask (allow)"),
        ("edges: [{trigger: new, from: planned, to: asked, allow: [helper]}]\n", "added trigger new"),
        (
            "edges: [{trigger: ask, from: planned, to: asked, allow: [lead]}, {trigger: ask, from: idle, allow: []}]\n",
            "changed trigger ask",
        ),
    ],
)
def test_each_element_is_told_by_name(more: str, line: str) -> None:
    """What was added, changed or left out is told with its kind and name, and which keys of it differ."""
    assert [line] == told(more)


def test_states_of_the_pilot_are_elements() -> None:
    """Of the pilot's states, which are given as a whole, only those that differ are told."""
    states = {**BASE.states, "idle": attrs.evolve(BASE.states["idle"], label=FrozenDict(nl="Stil"))}
    own = attrs.evolve(BASE, states=FrozenDict(states))
    assert ["changed state idle (label)"] == [line(one) for one in differences(BASE, own).differences]


def test_tracks_are_told_by_their_parts() -> None:
    """A kind of track is added or left out as one; of one that stays, states and triggers are told behind its name."""
    base = load_workflow(EVERY)
    name, kind = next(iter(base.tracks.items()))
    state = next(iter(kind.states))
    other = attrs.evolve(
        kind,
        party_from="other",
        states=FrozenDict({state: attrs.evolve(kind.states[state], done=True)}),
        edges=kind.edges[:1],
    )
    gone = [one for one in kind.states if one != state]
    triggers = dict.fromkeys(edge.trigger for edge in kind.edges)
    own = attrs.evolve(base, tracks=FrozenDict({**base.tracks, name: other, "more": kind}))
    assert [
        f"changed state {name}.{state} (done)",
        *(f"left-out state {name}.{one}" for one in gone),
        *(f"left-out trigger {name}.{one}" for one in triggers if one != kind.edges[0].trigger),
        f"changed track {name} (party_from)",
        "added track more",
    ] == [line(one) for one in differences(base, own).differences]
    bare = differences(base, attrs.evolve(base, tracks=EMPTY))
    assert f"left-out track {name}" in [line(one) for one in bare.differences]


def test_what_was_renamed_is_told_by_both_names() -> None:
    """A role or a trigger that only has another name is left out under the old one and added under the new."""
    base = load_workflow(EVERY)
    name, kind = next(iter(base.tracks.items()))
    trigger = next(edge.trigger for edge in kind.edges if sum(edge.trigger == one.trigger for one in kind.edges) == 1)
    edges = tuple(attrs.evolve(one, trigger="anew") if one.trigger == trigger else one for one in kind.edges)
    role, *others = base.roles
    own = attrs.evolve(
        base,
        roles=FrozenDict({"anybody": base.roles[role], **{one: base.roles[one] for one in others}}),
        tracks=FrozenDict({**base.tracks, name: attrs.evolve(kind, edges=edges)}),
    )
    found = {line(one) for one in differences(base, own).differences}
    assert {"added role anybody", f"left-out role {role}"} <= found
    assert {f"added trigger {name}.anew", f"left-out trigger {name}.{trigger}"} <= found


def test_what_has_no_keys_is_told_by_name_alone() -> None:
    """A group with other roles has changed; a kind of track of which only the states differ has not."""
    base = attrs.evolve(load_workflow(EVERY), groups=FrozenDict(both=("a", "b")))
    name, kind = next(iter(base.tracks.items()))
    other = attrs.evolve(kind, states=FrozenDict({**kind.states, "more": next(iter(kind.states.values()))}))
    own = attrs.evolve(base, groups=FrozenDict(both=("a", "c")), tracks=FrozenDict({**base.tracks, name: other}))
    found = [line(one) for one in differences(base, own).differences]
    assert ["changed group both", f"added state {name}.more"] == found


def test_a_file_on_no_workflow_tells_nothing(tmp_path: Path) -> None:
    """A file without a base, on a base that is no workflow, with faults, or that is not there has no differences."""
    assert on_top(SMALL) is None
    assert on_top(tmp_path / "nowhere.yaml") is None
    assert on_top(HEAD.replace("small@1", "nowhere@1")) is None
    assert on_top(HEAD + "roles: 7\n", bases=[BASE]) is None
    assert [] == [path for path in (*bundled_files().values(), *bundled_bases().values()) if on_top(path)]
