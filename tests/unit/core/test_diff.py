"""Two versions of a workflow: what differs, and what that does to pilots that are running."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from proeftuin import Change, Workflow, diff, load_workflow
from proeftuin.core import workflow as model
from proeftuin.core.diff import NARROWING, WIDENING, worst
from proeftuin.core.diff import _edges as edges
from proeftuin.core.diff._change import exact
from proeftuin.core.diff._rules import RULES
from proeftuin.core.diff._texts import KINDS, REASONS
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.workflow import LANGUAGES
from proeftuin.definitions import Catalogue, dump
from tests.variants import Variant, variants

EVERY = Path(__file__).parents[2] / "data" / "every.yaml"
TEXT = EVERY.read_text(encoding="utf-8")
BASE = load_workflow(TEXT)
ITSELF = {(Workflow, "name"), (Workflow, "version"), (Workflow, "hash")}
VALUES = {
    model.FieldRef, model.GuardUse, model.RecordOp, model.Starts, model.Opens, model.Falls, model.Offset,
    model.RecordRef, model.Signal,
}  # fmt: skip


def line(one: Change) -> str:
    return " ".join((one.effect, one.kind, one.path, one.reason, *one.names))


def lines(old: Workflow, new: Workflow) -> list[str]:
    return [line(one) for one in diff(old, new)]


# What is written in the file, what is written there instead, and what differs then.
ROWS = [
    ("timezone", "label: {en: Every part,", "timezone: UTC\nlabel: {en: Every part,",
     "narrowing changed timezone days"),
    ("label", "label: {en: Every part,", "label: {en: Every bit,", "cosmetic changed label words"),
    ("word", "start: {en: Start,", "start: {en: Begin it,", "cosmetic changed words.start.en words"),
    ("no word", "  tell: {en: Tell, nl: Melden}\n", "", "cosmetic removed words.tell words"),
    ("role label", "Lead, nl: Trekker", "Lead, nl: Baas", "cosmetic changed roles.lead.label words"),
    ("side", "watcher: {", "watcher: {side: client, ", "narrowing changed roles.watcher.side side"),
    ("bound", "lead: {side: client, excludes: [board],", "lead: {side: client, excludes: [board, watcher],",
     "narrowing changed roles.lead.excludes excludes-more watcher"),
    ("free", "excludes: [board], ", "", "narrowing changed roles.lead.excludes role-order board"),
    ("role", "groups:", "  new: {label: {en: N, nl: N}}\ngroups:", "widening added roles.new new"),
    ("bound role", "groups:", "  new: {excludes: [lead], label: {en: N, nl: N}}\ngroups:",
     "narrowing added roles.new excludes-more lead"),
    ("group", "client: [lead, board]", "client: [lead, board, watcher]",
     "narrowing changed groups.client role-before watcher"),  # a note is for the group and then for sellers
    ("group gone", "client: [lead, board]", "client: [lead]", "narrowing changed groups.client role-gone board"),
    ("keep", "keep: 400 days", "keep: 30 days", "narrowing changed records.note.keep kept"),
    ("interval", "interval: [start, end]", "interval: [end, start]", "narrowing changed records.job.interval figures"),
    ("type", "kind: {type: choice, of: [idea, result], default: idea}", "kind: {type: text, default: idea}",
     "narrowing changed records.note.fields.kind.type type | narrowing changed records.note.fields.kind.of unknown"),
    ("default", "default: idea}", "default: result}", "narrowing changed records.note.fields.kind.default default"),
    ("choice", "of: [13, 26]", "of: [13, 26, 52]",
     "widening changed records.note.fields.weeks.of choice-more 52"),
    ("less choice", "of: [poor, bad]", "of: [poor]",
     "narrowing changed edges.finish[1].data.verdict.of choice-gone bad"),
    ("choices", "of: [13, 26]", "of: [26, 13]", "cosmetic changed records.note.fields.weeks.of order"),
    ("keys", "keys: [day, night]", "keys: [day]", "narrowing changed start.data.places.keys choice-gone night"),
    ("any key", ", keys: [day, night]", "", "widening changed start.data.places.keys choice-more"),
    ("row", "hours: {type: decimal}}, by_engine", "hours: {type: decimal}, note: {type: text}}, by_engine",
     "widening added records.job.fields.history.of.note may-be-given"),
    ("pointing", "of: record, record: job", "of: record",
     "widening changed tracks.seller_track.edges.tell.data.jobs.record choice-more"),
    ("higher", "max: 500", "max: 600", "widening changed records.note.fields.text.max bound-wider"),
    ("none", "max: 500, ", "", "widening changed records.note.fields.text.max bound-wider"),
    ("lower", 'max: "40"', 'max: "36"', "narrowing changed records.job.fields.hours.max bound-narrower"),
    ("as high", 'max: "40"', 'max: "40.0"', "cosmetic changed records.job.fields.hours.max same-bound"),
    ("longer least", 'min: "0.5"', 'min: "1"', "narrowing changed records.job.fields.hours.min bound-narrower"),
    ("less least", 'min: "0.5", ', "", "widening changed records.job.fields.hours.min bound-wider"),
    ("ahead", "not_after: today, ", "", "widening changed records.job.fields.start.not_after bound-wider"),
    ("not ahead", "end: {type: date}", "end: {type: date, not_after: today}",
     "narrowing changed records.job.fields.end.not_after bound-narrower"),
    ("optional", "due: {type: date}", "due: {type: date, required: true}",
     "narrowing changed records.task.fields.due.required must-be-given"),
    ("required", 'max: "40", required: true', 'max: "40"',
     "widening changed records.job.fields.hours.required may-be-left-out"),
    ("sometimes", "required_when: {kind: result}", "required_when: {kind: [result, idea]}",
     "narrowing changed records.note.fields.why.required_when must-be-given"),
    ("seldom", "required_when: {kind: result}", "required_when: {kind: result, weeks: 13}",
     "widening changed records.note.fields.why.required_when may-be-left-out"),
    ("engine", "number: {type: integer, min: 1, by_engine: true}", "number: {type: integer, min: 1}",
     "narrowing changed records.job.fields.number.by_engine by-engine"),
    ("new field", "owner: {type: person}", "owner: {type: person}\n      more: {type: text}",
     "widening added records.job.fields.more may-be-given"),
    ("new must", "owner: {type: person}", "owner: {type: person}\n      more: {type: text, required: true}",
     "narrowing added records.job.fields.more must-be-given"),
    ("new default", "owner: {type: person}", "owner: {type: person}\n      more: {type: text, default: x}",
     "narrowing added records.job.fields.more default"),
    ("new person", "owner: {type: person}", "owner: {type: person}\n      more: {type: subject}",
     "narrowing added records.job.fields.more about-a-person"),
    ("new rows", "owner: {type: person}", "owner: {type: person}\n      more: {type: list, of: {who: {type: text}}}",
     "widening added records.job.fields.more may-be-given"),
    ("as long as any", "why: {type: text, required_when", "why: {type: text, max: 10000, required_when",
     "cosmetic changed records.note.fields.why.max same-bound"),
    ("as few as any", "why: {type: text, required_when", "why: {type: text, min: 0, required_when",
     "narrowing changed records.note.fields.why.min bound-narrower"),
    ("taken field", "owner: {type: person}", "owner: {type: person}\n      to_track: {type: text}",
     "narrowing added records.job.fields.to_track meant-otherwise"),
    ("over field", "records: [{add: note}]}", "data: {why: {type: text}}, records: [{add: note}]}",
     "narrowing added edges.note.data.why meant-otherwise"),
    ("phase", "busy: {phase: implementation", "busy: {phase: evaluation",
     "narrowing changed states.busy.phase figures"),
    ("done", "parked: {label", "parked: {done: true, label",
     "narrowing changed tracks.seller_track.states.parked.done ends"),
    ("allow", "to: busy\n    allow: [lead]", "to: busy\n    allow: [lead, watcher]",
     "widening changed edges.begin.allow role-more watcher"),
    ("before", "to: busy\n    allow: [lead]", "to: busy\n    allow: [watcher, lead]",
     "narrowing changed edges.begin.allow role-before watcher"),
    ("other", "to: busy\n    allow: [lead]", "to: busy\n    allow: [board]",
     "narrowing changed edges.begin.allow role-gone lead"),
    ("turned", "allow: [lead, starter]", "allow: [starter, lead]", "narrowing changed edges.hand_out.allow role-order"),
    ("alike", "allow: [client, seller]", "allow: [lead, board, seller]",
     "cosmetic changed edges.note.allow same-roles"),
    ("from", "park, from: [seen, agreed]", "park, from: seen",
     "narrowing changed tracks.seller_track.edges.park.from place-gone agreed"),
    ("from more", "leave, from: agreed", "leave, from: [agreed, seen]",
     "widening changed tracks.seller_track.edges.leave.from place-more seen"),
    ("from same", "park, from: [seen, agreed]", "park, from: [agreed, seen]",
     "cosmetic changed tracks.seller_track.edges.park.from same-places"),
    ("from all", "park, from: [seen, agreed]", "park, from: any_open",
     "widening changed tracks.seller_track.edges.park.from place-more parked gone"),
    ("while", "while: busy", "while: idle", "narrowing changed tracks.seller_track.edges.agree.while place-gone busy"),
    ("while any", "while: busy, ", "", "widening changed tracks.seller_track.edges.agree.while place-more idle done"),
    ("to", "{trigger: lapse, from: [seen, parked], to: gone", "{trigger: lapse, from: [seen, parked], to: agreed",
     "narrowing changed tracks.seller_track.edges.lapse.to does-other"),
    ("guard", "allow: [lead]\n    require: [", "allow: [lead]\n    require: [none_open: {record: task}, ",
     "narrowing changed edges.begin.require guard-more none_open"),
    ("guard gone", "    require: [has: {record: note, where: {kind: idea}, code: missing-idea}]\n", "",
     "widening changed edges.begin.require guard-gone has"),
    ("guard other", "where: {kind: idea}, code", "where: {kind: result}, code",
     "narrowing changed edges.begin.require guard-changed has"),
    ("guard's names", "has: {record: note, where: {kind: idea}, code: missing-idea}",
     "has: {code: missing-idea, where: {kind: idea}, record: note}", "cosmetic changed edges.begin.require order"),
    ("record's names", "append: {history: {since: {field: start}, hours: {field: hours}}}",
     "append: {history: {hours: {field: hours}, since: {field: start}}}",
     "cosmetic changed tracks.seller_track.edges.hire.records order"),
    ("advice", "advise: [assigned: {duty: contact}]", "advise: []", "widening changed edges.begin.advise advice"),
    ("records", "hand_out, from: any_open, allow: [lead, starter], records: [{end: task, same: [duty]}, {add: task}]",
     "hand_out, from: any_open, allow: [lead, starter], records: [{add: task}]",
     "narrowing changed edges.hand_out.records does-other"),
    ("not paused", "from: any, paused: allowed, allow: [client", "from: any, allow: [client",
     "narrowing changed edges.note.paused not-while-paused"),
    ("paused", "hand_out, from: any_open,", "hand_out, from: any_open, paused: allowed,",
     "widening changed edges.hand_out.paused while-paused"),
    ("progress", "hold: pause, progress: false", "hold: pause", "narrowing changed edges.pause.progress progress"),
    ("proposed", "hand_out, from: any_open,", "hand_out, from: any_open, proposed: false,",
     "cosmetic changed edges.hand_out.proposed proposed"),
    ("refuse", "to: same, cycle: next, allow", "refuse: shut-now, allow",
     ("narrowing changed edges.again.to does-other | narrowing changed edges.again.refuse refused shut-now"
      " | narrowing changed edges.again.cycle does-other")),
    ("sign", "while: busy, sign: [lead, seller]", "while: busy, sign: [lead, board, seller]",
     "narrowing changed tracks.seller_track.edges.agree.sign signature-more board"),
    ("sign alone", "while: busy, sign: [lead, seller]", "while: busy, sign: [lead, watcher]",
     "narrowing changed tracks.seller_track.edges.agree.sign signature-gone seller"),
    ("unsigned", "while: busy, sign: [lead, seller]", "while: busy, allow: [lead, seller]",
     ("widening changed tracks.seller_track.edges.agree.allow role-more lead seller"
      " | widening changed tracks.seller_track.edges.agree.sign unsigned")),
    ("party", "party_from: seller_party", "party_from: key", "narrowing changed tracks.seller_track.party_from whose"),
    ("trigger", "  - {trigger: again,", "  - {trigger: new, from: idle, to: busy, allow: [lead]}\n  - {trigger: again,",
     "widening added edges.new new-trigger"),
    ("edge", "  - {trigger: again,", "  - {trigger: again, from: idle, to: same, allow: [lead]}\n  - {trigger: again,",
     "widening added edges.again[0] new-edge"),
    ("trigger gone", "  - {trigger: again, from: busy, to: same, cycle: next, allow: [lead]}\n", "",
     "narrowing removed edges.again trigger-gone"),
    ("opens", "      - {trigger: unpark,",
     ("      - {trigger: park, opens: seller_track, to: seen, allow: [seller],"
      " data: {seller_party: {type: party, required: true}}}\n      - {trigger: unpark,"),
     "narrowing added tracks.seller_track.edges.park[1] opens-instead"),
    ("fired from more", "lapse, from: [seen, parked], to: gone", "lapse, from: [seen, parked, agreed], to: gone",
     "narrowing changed tracks.seller_track.edges.lapse.from by-itself"),
    ("fired on hold", "lapse, from: [seen, parked], to: gone",
     "lapse, from: [seen, parked], paused: allowed, to: gone",
     "narrowing changed tracks.seller_track.edges.lapse.paused by-itself"),
    ("fired anew", "      - {trigger: lapse,",
     "      - {trigger: lapse, from: agreed, to: gone, allow: [system]}\n      - {trigger: lapse,",
     "narrowing added tracks.seller_track.edges.lapse[0] by-itself"),
    ("due", "since: progress, due: 7 days", "since: progress, due: 8 days", "narrowing changed clocks.quiet.due days"),
    ("remind", "remind: {lead: 8 days}", "remind: {lead: 9 days}", "narrowing changed clocks.quiet.remind told"),
    ("fire", "due: 3 working days, fire: lapse", "due: 3 working days",
     "narrowing changed clocks.answer.fire does-other"),
    ("clock", "metrics:", "  more: {since: idle, due: 9 days}\nmetrics:", "narrowing added clocks.more new-term"),
    ("clock gone", "  busy_long: {since: busy, until: {record: note, where: {kind: result}}, due: 6 months}\n", "",
     "narrowing removed clocks.busy_long gone"),
    ("figure", "metrics: [persons_placed]", "metrics: [persons_placed, placements_active]",
     "widening changed metrics figure-more placements_active"),
    ("no figure", "metrics: [persons_placed]", "metrics: []", "narrowing changed metrics figure-gone persons_placed"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "instead", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_change_is_told_with_its_place_and_its_effect(written: str, instead: str, expected: str) -> None:
    """What is written otherwise in a file is told as that element's change, with its effect and the reason for it."""
    assert 1 == TEXT.count(written)
    assert expected.split(" | ") == lines(BASE, load_workflow(TEXT.replace(written, instead)))


def edited(workflow: Workflow, word: str, *numbers: int, **changes: Any) -> Workflow:
    """A workflow with one of the edges of a trigger changed, or with its edges in another order."""
    at = [place for place, edge in enumerate(workflow.edges) if edge.trigger == word]
    edges = list(workflow.edges)
    if len(numbers) > 1:
        for place, number in zip(at, numbers, strict=True):
            edges[place] = workflow.edges[at[number]]
    else:
        place = at[numbers[0] if numbers else 0]
        edges[place] = attrs.evolve(edges[place], **changes)
    return attrs.evolve(workflow, edges=tuple(edges))


def renamed(mapping: Any, old: str, new: str) -> FrozenDict:
    return FrozenDict({new if name == old else name: one for name, one in mapping.items()})


def turned(mapping: Any) -> FrozenDict:
    return FrozenDict({name: mapping[name] for name in reversed(mapping)})


def test_a_start_elsewhere_is_narrowing() -> None:
    """A pilot that would begin in another state is not the pilot that it was."""
    own = attrs.evolve(BASE, start=attrs.evolve(BASE.start, to="busy"))
    assert ["narrowing changed start.to does-other"] == lines(BASE, own)


def test_who_may_hold_two_roles_is_free_where_that_changes_nobodys_role() -> None:
    """An exclusion less widens where both roles stand last wherever they may fire; else people act in another one."""
    watcher = attrs.evolve(BASE.roles["watcher"], excludes=("seller",))
    bound = attrs.evolve(BASE, roles=FrozenDict({**BASE.roles, "watcher": watcher}))
    assert ["widening changed roles.watcher.excludes excludes-less seller"] == lines(bound, BASE)


def test_a_condition_for_more_values_widens_and_back() -> None:
    """An edge that is meant for more values of a choice may be fired more often, and one for fewer less often."""
    own = edited(BASE, "finish", 0, when=EMPTY)
    assert ["widening changed edges.finish[0].when value-more"] == lines(BASE, own)
    assert ["narrowing changed edges.finish[0].when value-gone"] == lines(own, BASE)
    orders = [FrozenDict(a=(1,), b=(2,)), FrozenDict(b=(2,), a=(1,))]
    olds, news = (edited(BASE, "again", when=one) for one in orders)
    assert ["cosmetic changed edges.again.when order"] == lines(olds, news)


def test_a_signature_less_widens_only_where_all_who_signed_act_as_they_did() -> None:
    """Where nobody has to sign any more, those who did may do it alone, in the order of roles that they had."""
    signed = edited(BASE, "again", sign=("lead", "board"), allow=())
    assert "widening changed edges.again.sign unsigned" in lines(signed, edited(BASE, "again", allow=("lead", "board")))
    for allow in (("board", "lead"), ("lead",)):
        found = lines(signed, edited(BASE, "again", allow=allow))
        assert "narrowing changed edges.again.sign signature-gone board lead" in found


def test_an_edge_that_no_longer_refuses_widens() -> None:
    """What was always refused can only become possible."""
    own = edited(BASE, "hand_out", refuse="shut-now")
    assert ["widening changed edges.hand_out.refuse not-refused"] == lines(own, BASE)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (model.Offset(3, "days"), model.Offset(5, "days"), "widening changed edges.hand_out.snooze bound-wider"),
        (model.Offset(5, "days"), model.Offset(3, "days"), "narrowing changed edges.hand_out.snooze bound-narrower"),
        (model.Offset(3, "days"), model.Offset(5, "weeks"), "narrowing changed edges.hand_out.snooze bound-narrower"),
        (None, model.Offset(5, "weeks"), "narrowing changed edges.hand_out.snooze bound-narrower"),
    ],
)
def test_reminders_may_be_put_off_longer(old: Any, new: Any, expected: str) -> None:
    """Only more of the same unit is known to be longer."""
    assert [expected] == lines(edited(BASE, "hand_out", snooze=old), edited(BASE, "hand_out", snooze=new))


def test_what_only_has_another_name_is_renamed() -> None:
    """A role, state, group or trigger that is otherwise the same, label included, is told with its old name."""
    roles = attrs.evolve(BASE, roles=renamed(BASE.roles, "watcher", "looker"))
    assert ["narrowing renamed roles.looker renamed watcher"] == lines(BASE, roles)
    states = attrs.evolve(BASE, states=renamed(BASE.states, "busy", "at_work"))
    assert ["narrowing renamed states.at_work renamed busy"] == lines(BASE, states)
    assert ["narrowing renamed edges.once_more renamed again"] == lines(
        BASE, edited(BASE, "again", trigger="once_more")
    )
    groups = attrs.evolve(BASE, groups=renamed(BASE.groups, "client", "ours"))
    assert ["narrowing renamed groups.ours renamed client"] == lines(BASE, groups)


def test_what_cannot_be_proved_is_not_called_renamed() -> None:
    """Where two are alike, something else differs too, or there is no label, one has gone and another has come."""
    two = attrs.evolve(BASE, roles=FrozenDict({**BASE.roles, "watcher_too": BASE.roles["watcher"]}))
    one = attrs.evolve(BASE, roles=renamed(BASE.roles, "watcher", "looker"))
    gone = ["narrowing removed roles.watcher gone", "narrowing removed roles.watcher_too gone"]
    assert ["widening added roles.looker new", *gone] == lines(two, one)
    changed = edited(BASE, "again", trigger="once_more", allow=("board",))
    assert ["widening added edges.once_more new-trigger", "narrowing removed edges.again trigger-gone"] == lines(
        BASE, changed
    )
    task = BASE.records["task"]
    nameless = attrs.evolve(task, fields=renamed(task.fields, "due", "day"))
    own = attrs.evolve(BASE, records=FrozenDict({**BASE.records, "task": nameless}))
    place = "records.task.fields"
    assert [f"widening added {place}.day may-be-given", f"narrowing removed {place}.due gone"] == lines(BASE, own)


def test_what_has_another_name_and_another_label_is_not_called_renamed() -> None:
    """A role that is called otherwise too is another role."""
    looker = attrs.evolve(BASE.roles["watcher"], label=FrozenDict(en="Looker"))
    roles = {name: one for name, one in BASE.roles.items() if name != "watcher"}
    own = attrs.evolve(BASE, roles=FrozenDict({**roles, "looker": looker}))
    assert ["widening added roles.looker new", "narrowing removed roles.watcher gone"] == lines(BASE, own)


def test_what_stands_for_several_states_means_those_of_its_own_version() -> None:
    """A state that is new is meant by `any_open` in the new version alone, and not where the old ones are named."""
    new = attrs.evolve(BASE, states=FrozenDict({**BASE.states, "more": BASE.states["busy"]}))
    place = "tracks.seller_track.edges.park.while"

    def parking(workflow: Workflow, *during: str) -> Workflow:
        kind = workflow.tracks["seller_track"]
        edges = tuple(attrs.evolve(one, during=during) if one.trigger == "park" else one for one in kind.edges)
        return attrs.evolve(workflow, tracks=FrozenDict(seller_track=attrs.evolve(kind, edges=edges)))

    def found(old: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
        return [one for one in lines(parking(BASE, *old), parking(new, *others)) if place in one]

    assert [f"cosmetic changed {place} same-places"] == found(("any_open",), ("idle", "busy"))
    assert [f"widening changed {place} place-more more"] == found(("idle", "busy"), ("any_open",))


def test_edges_are_told_apart_by_what_the_record_that_they_add_must_hold() -> None:
    """A choice that must be given for the record of both edges tells them apart as one of their own data does."""
    orders = []
    for required in (True, False):
        verdict = model.RecordType(FrozenDict(well=model.Field("boolean", required=required)), EMPTY)
        base = attrs.evolve(BASE, records=FrozenDict({**BASE.records, "verdict": verdict}))
        adds = (model.RecordOp(add="verdict"),)
        pair = [
            model.Edge("judge", ("lead",), sources=("busy",), when=FrozenDict(well=(well,)), records=adds)
            for well in (True, False)
        ]
        one, two = (attrs.evolve(base, edges=(*base.edges, *edges)) for edges in (pair, pair[::-1]))
        orders.append(lines(one, two))
    assert [["cosmetic changed edges.judge order"], ["narrowing changed edges.judge asked-first"]] == orders


def test_an_order_counts_only_where_something_depends_on_it() -> None:
    """Roles may stand in any order, and so may triggers; terms are told, and people act, in the order that there is."""
    roles = attrs.evolve(BASE, roles=turned(BASE.roles))
    assert ["cosmetic changed roles order"] == lines(BASE, roles)
    assert ["cosmetic changed edges order"] == lines(BASE, attrs.evolve(BASE, edges=BASE.edges[::-1]))[-1:]
    clocks = attrs.evolve(BASE, clocks=turned(BASE.clocks))
    assert ["narrowing changed clocks order-counts"] == lines(BASE, clocks)
    metrics = [attrs.evolve(BASE, metrics=one) for one in (("a", "b"), ("b", "a"))]
    assert ["cosmetic changed metrics order"] == lines(*metrics)
    uses = tuple(model.GuardUse(name) for name in ("commitment", "goals"))
    guards = [edited(BASE, "again", require=one) for one in (uses, uses[::-1])]
    assert ["cosmetic changed edges.again.require order"] == lines(*guards)
    sets = (edited(BASE, "again", set=FrozenDict(one)) for one in ({"a": "1", "b": "2"}, {"b": "2", "a": "1"}))
    assert ["cosmetic changed edges.again.set order"] == lines(*sets)
    signed = [edited(BASE, "again", sign=one) for one in (("lead", "board"), ("board", "lead"))]
    assert ["narrowing changed edges.again.sign role-order"] == lines(*signed)
    bound = [
        attrs.evolve(BASE, roles=FrozenDict({**BASE.roles, "lead": attrs.evolve(BASE.roles["lead"], excludes=one)}))
        for one in (("board", "watcher"), ("watcher", "board"))
    ]
    assert ["cosmetic changed roles.lead.excludes order"] == lines(*bound)


def test_the_order_of_edges_of_several_triggers_is_told() -> None:
    """An edge that only stands elsewhere among those of other triggers changes the order, as the hash differs."""
    at = [number for number, edge in enumerate(BASE.edges) if edge.trigger == "finish"][-1]
    moved = (*BASE.edges[:at], *BASE.edges[at + 1 :], BASE.edges[at])
    own = attrs.evolve(BASE, edges=moved)
    assert dump(BASE) != dump(own)
    assert ["cosmetic changed edges order"] == lines(BASE, own)


def test_each_edge_is_read_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """With twice the edges of one trigger, twice as much is read of them, and not four times."""
    read: list[object] = []

    def noted(value: object) -> object:
        read.append(value)
        return exact(value)

    def version(role: str, many: int) -> Workflow:
        states = {f"s{number}": model.State(EMPTY, phase="closed") for number in range(many)}
        moves = tuple(model.Edge("go", (role,), sources=(state,)) for state in states)
        return attrs.evolve(BASE, states=FrozenDict({**BASE.states, **states}), edges=moves)

    monkeypatch.setattr(edges, "exact", noted)
    counts = []
    for many in (20, 40):
        read.clear()
        assert many == len(diff(version("lead", many), version("board", many)))
        counts.append(len(read))
    assert counts[1] == 2 * counts[0]


def test_an_edge_that_is_asked_before_another_may_take_its_place() -> None:
    """Where no choice that must be given tells two edges apart, it counts which of them is the first."""
    assert ["narrowing changed edges.finish asked-first"] == lines(BASE, edited(BASE, "finish", 1, 0))
    wider = edited(BASE, "finish", 0, allow=("board", "watcher"))
    assert [
        "widening changed edges.finish[0].allow role-more watcher",
        "narrowing changed edges.finish[0] asked-first",
    ] == lines(BASE, wider)
    assert ["widening changed edges.finish[1].allow role-more watcher"] == lines(
        BASE, edited(BASE, "finish", 1, allow=("board", "watcher"))
    )


def test_who_lets_the_system_fire_what_a_clock_has_fired_narrows() -> None:
    """What the system may fire too happens unasked where a clock has it fired; elsewhere it widens, as for others."""

    def firing(trigger: str, *allow: str, group: tuple[str, ...] = ("lead", "board")) -> Workflow:
        kind = BASE.tracks["seller_track"]
        more = model.Edge(trigger, allow, sources=("agreed",), to="gone")
        tracks = FrozenDict({**BASE.tracks, "seller_track": attrs.evolve(kind, edges=(*kind.edges, more))})
        return attrs.evolve(BASE, tracks=tracks, groups=FrozenDict({**BASE.groups, "client": group}))

    place = "tracks.seller_track.edges"
    wider = ("seller", "system")
    assert [f"narrowing changed {place}.lapse[1].allow by-itself"] == lines(
        firing("lapse", "seller"), firing("lapse", *wider)
    )
    assert [f"widening changed {place}.more.allow role-more system"] == lines(
        firing("more", "seller"), firing("more", *wider)
    )
    assert ["narrowing changed groups.client by-itself"] == lines(
        firing("lapse", "client"), firing("lapse", "client", group=("lead", "board", "system"))
    )


def test_edges_that_a_required_choice_tells_apart_may_stand_in_any_order() -> None:
    """Where each value of a choice that must be given is for one edge alone, none takes another's place."""
    contract = Catalogue().get("existing-contract")
    assert ["cosmetic changed edges.conclude order"] == lines(contract, edited(contract, "conclude", 1, 0))
    wider = edited(contract, "conclude", 0, allow=("board", "client_owner"))
    assert ["widening changed edges.conclude[0].allow role-more client_owner"] == lines(contract, wider)


def test_edges_are_matched_by_what_they_share() -> None:
    """Of the edges of a trigger the most alike belong together, and what is left over was added or removed."""
    first, last = (edge for edge in BASE.edges if edge.trigger == "finish")
    others = tuple(edge for edge in BASE.edges if edge.trigger != "finish")
    own = attrs.evolve(BASE, edges=(attrs.evolve(last, outcome="sad"), *others))
    found = [one for one in lines(BASE, own) if "finish" in one]
    assert ["narrowing changed edges.finish.outcome does-other", "narrowing removed edges.finish[0] edge-gone"] == found
    back = [one for one in lines(attrs.evolve(BASE, edges=(*others, first)), BASE) if "finish" in one]
    assert ["widening added edges.finish[1] new-edge"] == back


def test_a_kind_of_track_comes_and_goes_as_one() -> None:
    """A new kind of track widens, unless it opens under a word that other tracks know; one that is left out narrows."""
    kind = BASE.tracks["seller_track"]
    opens = tuple(attrs.evolve(edge, trigger="add", opens="more") for edge in kind.edges if edge.opens)
    more = attrs.evolve(BASE, tracks=FrozenDict({**BASE.tracks, "more": attrs.evolve(kind, label=EMPTY, edges=opens)}))
    assert ["widening added tracks.more new"] == lines(BASE, more)
    assert ["narrowing removed tracks.more gone"] == lines(more, BASE)
    taken = tuple(attrs.evolve(edge, trigger="park") for edge in opens)
    own = attrs.evolve(BASE, tracks=FrozenDict({**BASE.tracks, "more": attrs.evolve(kind, label=EMPTY, edges=taken)}))
    assert ["narrowing added tracks.more opens-instead"] == lines(BASE, own)


def test_what_cannot_be_read_is_narrowing() -> None:
    """A bound that is no number, and a value of another class, might mean anything."""
    note = BASE.records["note"]
    for changes in (FrozenDict(max="many"), FrozenDict(of="text")):
        text = attrs.evolve(note.fields["text"], **changes)
        fields = FrozenDict({**note.fields, "text": text})
        own = attrs.evolve(BASE, records=FrozenDict({**BASE.records, "note": attrs.evolve(note, fields=fields)}))
        assert [f"narrowing changed records.note.fields.text.{next(iter(changes))} unknown"] == lines(BASE, own)
    other: Any = SimpleNamespace()
    assert ["narrowing changed roles.lead unknown"] == lines(
        BASE, attrs.evolve(BASE, roles=FrozenDict({**BASE.roles, "lead": other}))
    )


def test_the_heaviest_effect_counts_for_the_whole() -> None:
    """Of several changes the heaviest tells what the new version does; of none there is nothing to tell."""
    both = TEXT.replace("max: 500", "max: 600").replace("Every part,", "Every bit,")
    assert WIDENING == worst(diff(BASE, load_workflow(both)))
    assert NARROWING == worst(diff(BASE, load_workflow(both.replace("due: 7 days", "due: 8 days"))))
    assert worst(diff(BASE, BASE)) is None


def test_name_and_version_are_no_change() -> None:
    """The same content under another name, version or hash differs in nothing."""
    assert () == diff(BASE, attrs.evolve(BASE, name="other", version=9, hash="0"))


# -- nothing falls through -------------------------------------------------------------------------------------------


def classes() -> list[type]:
    return [one for one in vars(model).values() if isinstance(one, type) and attrs.has(one)]


@cache
def every_variant() -> tuple[tuple[Workflow, Variant], ...]:
    """Each attribute of each class, changed once in each of the ways that its type allows."""
    known: set[tuple[type, str]] = set()
    found: list[tuple[Workflow, Variant]] = []
    for base in (BASE, Catalogue().get("tender"), Catalogue().get("small-purchases")):
        told: set[tuple[type, str, str]] = set()
        for one in variants(base):
            if (one.cls, one.name) not in known and (one.cls, one.name, one.how) not in told:
                told.add((one.cls, one.name, one.how))
                found.append((base, one))
        known |= {(cls, name) for cls, name, _ in told}
    return tuple(found)


def test_every_attribute_of_every_class_is_compared() -> None:
    """Whatever is changed in whichever attribute of any class of a workflow is told, in both directions."""
    seen = set()
    for base, one in every_variant():
        seen.add((one.cls, one.name))
        there, back = diff(base, one.workflow), diff(one.workflow, base)
        silent = (one.cls, one.name) in ITSELF
        assert (not silent, not silent) == (bool(there), bool(back)), (one.cls.__name__, one.name, one.how)
    attributes = {(cls, one.name) for cls in classes() for one in attrs.fields(cls)}
    assert set() == attributes - seen - ITSELF


def test_nothing_differs_only_where_the_content_is_the_same() -> None:
    """Two versions differ in nothing exactly where their canonical content, but for name and version, is the same."""
    for base, one in every_variant():
        if one.how in {"another", "reordered", "left out", "turned", "more", "less"}:
            alike = attrs.evolve(one.workflow, name=base.name, version=base.version)
            assert (dump(base) == dump(alike)) == (diff(base, alike) == ()), (one.cls.__name__, one.name, one.how)


def test_every_attribute_has_its_rule() -> None:
    """Who adds an attribute to a class of a workflow says what its change does, in the table of rules."""
    ruled = {(cls, one.name) for cls in classes() if cls not in VALUES for one in attrs.fields(cls)}
    assert set(RULES) == ruled


def test_what_no_rule_is_for_is_narrowing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attribute that nobody thought of might do anything, and is told as such."""
    rules = {place: rule for place, rule in RULES.items() if place != (Workflow, "label")}
    monkeypatch.setattr("proeftuin.core.diff.RULES", rules)
    assert ["narrowing changed label unknown"] == lines(BASE, attrs.evolve(BASE, label=FrozenDict(en="Other")))


def test_every_reason_is_said_in_each_language() -> None:
    """Kinds and reasons have a text in each language, in which the names of the change are filled in."""
    assert {frozenset(LANGUAGES)} == {frozenset(one) for one in (*REASONS.values(), *KINDS.values())}
    found = {change.reason: change for base, one in every_variant() for change in diff(base, one.workflow)}
    for change in found.values():
        for lang in LANGUAGES:
            text = change.text(lang)
            assert text.startswith(KINDS[change.kind][lang])
            assert "{" not in text
            assert all(name in text for name in change.names) or "{names}" not in REASONS[change.reason][lang]


def test_every_reason_is_given_for_something() -> None:
    """No reason is told that nothing has."""
    told = {word for row in ROWS for one in row[3].split(" | ") for word in one.split()[3:4]}
    elsewhere = {
        "asked-first", "does-other", "edge-gone", "excludes-less", "not-refused", "order", "order-counts", "renamed",
        "unknown", "value-gone", "value-more",
    }  # fmt: skip
    assert set(REASONS) == told | elsewhere
