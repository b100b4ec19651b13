"""`extends`: a file on top of another one is judged, hashed and kept as if it had been written in one."""

import json
from pathlib import Path
from typing import Any

import pytest

from proeftuin.core.faults import Fault
from proeftuin.core.workflow import Offset, Workflow
from proeftuin.definitions import Catalogue, bundled_bases, bundled_files, catalogue, dump, lint_workflow, load_workflow
from proeftuin.definitions._extend import DEEPEST
from proeftuin.errors import DefinitionError

SMALL = Path(__file__).parents[2] / "data" / "small.yaml"
BASE = load_workflow(SMALL)
OURS = "format: 1\nworkflow: ours\nversion: 3\nextends: small@1\n"


def ours(more: str = "", *, head: str = OURS, base: Workflow = BASE) -> Workflow:
    """The workflow of a text on top of a small one."""
    return load_workflow(head + more, bases=[base])


def told(text: str, *bases: Workflow) -> list[str]:
    """The faults of a text, each as `line:column code`."""
    return [f"{one.line}:{one.column} {one.code}" for one in lint_workflow(text, bases=bases or (BASE,))]


def where(faults: tuple[Fault, ...]) -> list[str]:
    """The faults of files, each as `file:line:column code`."""
    return [f"{Path(one.file).name}:{one.line}:{one.column} {one.code}" for one in faults]


def content(workflow: Workflow) -> dict[str, Any]:
    """All that a workflow holds."""
    return dict(json.loads(dump(workflow)))


def test_a_file_that_adds_nothing_is_its_base_under_another_name() -> None:
    """Name and version are the file's own, everything else is the base's."""
    assert {**content(BASE), "workflow": "ours", "version": 3} == content(ours())


def test_a_file_is_not_its_own_base() -> None:
    """A file by the name and version of its base is refused; a next version may build on the one before."""
    same = OURS.replace("workflow: ours", "workflow: small").replace("version: 3", "version: 1")
    assert ["2:11 same-as-base"] == told(same)[:1]
    assert "small@2" == ours(head=same.replace("version: 1", "version: 2")).id


def test_a_file_on_top_is_the_same_as_one_written_out() -> None:
    """The hash is that of the content, however many files it was written in."""
    workflow = ours("label: {nl: Onze}\nwords: {plan: {nl: Plannen}}\n")
    written = load_workflow(dump(workflow).decode() + "\n")
    assert workflow == written
    assert workflow.hash == written.hash != BASE.hash


def test_what_has_a_name_is_merged_by_it() -> None:
    """Of a role, record, field, clock or label that is named again, what is given replaces and the rest stays."""
    workflow = ours(
        "roles:\n"
        "  lead: {label: {nl: Kartrekker}}\n"
        "  lawyer: {side: client, label: {en: Lawyer, nl: Jurist}}\n"
        "records:\n"
        "  note: {fields: {kind: {of: [idea, result, advice]}, source: {type: text}}}\n"
        "clocks:\n"
        "  quiet: {due: 10 days}\n"
        "edges:\n"
        "  - {trigger: advise, from: planned, allow: [lawyer], records: [{add: note, set: {kind: advice}}]}\n"
    )
    assert {"en": "Lead", "nl": "Kartrekker"} == workflow.roles["lead"].label
    assert "client" == workflow.roles["lead"].side
    assert ["lead", "helper", "lawyer"] == list(workflow.roles)
    fields = workflow.records["note"].fields
    assert ["text", "kind", "source"] == list(fields)
    assert ("choice", ("idea", "result", "advice")) == (fields["kind"].type, fields["kind"].of)
    assert (Offset(10, "days"),) == workflow.clocks["quiet"].due
    assert BASE.clocks["quiet"].remind == workflow.clocks["quiet"].remind


def test_a_value_below_a_name_replaces_that_of_the_base() -> None:
    """Who is reminded, and what a list holds, is replaced as a whole."""
    workflow = ours("clocks: {quiet: {remind: {helper: [9 days]}}}\n")
    assert ["helper"] == list(workflow.clocks["quiet"].remind)


def test_start_and_the_states_of_the_pilot_are_replaced_whole() -> None:
    """A file that names them must name all of them."""
    states = "states:\n  idle: {phase: exploration, label: {en: Idle, nl: Rust}}\n"
    closed = "  shut: {phase: closed, final: true, label: {en: Shut, nl: Dicht}}\n"
    edges = "edges: [{trigger: finish, from: idle, to: shut, allow: [lead], require: [has: {record: note}]}]\n"
    gone = "without: {triggers: [plan, ask, answer, judge]}\n"
    workflow = ours(gone + states + closed + edges + "start: {to: idle, allow: [helper], data: {}}\n")
    assert ["idle", "shut"] == list(workflow.states)
    assert (("helper",), {}) == (workflow.start.allow, workflow.start.data)


def test_edges_go_by_trigger() -> None:
    """All edges of a trigger that is named again replace the base's in their place; new triggers stand first."""
    workflow = ours(
        "edges:\n"
        "  - {trigger: check, from: idle, allow: [lead]}\n"
        "  - {trigger: finish, from: judged, to: done, allow: [lead], outcome: good}\n"
        "  - {trigger: ask, from: planned, to: asked, allow: [helper]}\n"
        "  - {trigger: finish, from: running, to: done, allow: [helper], outcome: bad}\n"
    )
    assert ["check", "plan", "ask", "answer", "judge", "finish", "finish", "write"] == [
        one.trigger for one in workflow.edges
    ]
    assert [("judged",), ("running",)] == [one.sources for one in workflow.edges if one.trigger == "finish"]
    assert [("helper",)] == [one.allow for one in workflow.edges if one.trigger == "ask"]


def test_a_new_name_stands_before_the_next_one_that_the_base_has() -> None:
    """What is new comes behind all, unless the file names an element of the base after it."""
    roles = "roles: {first: {label: {}}, helper: {}, last: {label: {}}}\n"
    assert ["lead", "first", "helper", "last"] == list(ours(roles).roles)


# A base with a lifecycle to take over, and a workflow that takes it over.
SHARED = """\
format: 1
base: shared
version: 1
extends: small.yaml
kinds:
  work:
    states:
      agreed: {label: {en: Agreed, nl: Afgesproken}}
      working: {label: {en: Working, nl: Bezig}}
      ready: {done: true, label: {en: Ready, nl: Gereed}}
    edges:
      - {trigger: begin, from: agreed, to: working, while: any_open, allow: [helper]}
      - {trigger: end, from: working, to: ready, while: any_open, allow: [helper]}
clocks:
  quiet: {since: progress}
  slow: {due: 5 days, remind: {lead: [5 days]}}
words:
  begin: {en: Begin, nl: Beginnen}
"""
WITH_TRACKS = """\
format: 1
workflow: tracks
version: 1
extends: shared.yaml
tracks:
  job:
    like: work
    label: {en: Job, nl: Klus}
    states:
      asked: {label: {en: Asked, nl: Gevraagd}}
      agreed: {}
      working: {label: {nl: Aan het werk}}
      refused: {done: true, label: {en: Refused, nl: Geweigerd}}
      ready: {}
    edges:
      - {trigger: request, opens: job, to: asked, while: any_open, allow: [lead]}
      - {trigger: agree, from: asked, to: agreed, while: any_open, allow: [helper]}
      - {trigger: refuse, from: asked, to: refused, while: any_open, allow: [helper]}
      - {trigger: end, from: working, to: ready, while: any_open, allow: [lead]}
clocks:
  slow: {since: job.agreed}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a chain of three files: `small.yaml`, `shared.yaml` and `tracks.yaml`."""
    small = SMALL.read_text(encoding="utf-8")
    for name, text in {"small": small, "shared": SHARED, "tracks": WITH_TRACKS}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_track_kind_is_taken_over(folder: Path) -> None:
    """With `like` a kind of track has the states and edges of another, in its own order, and what it says itself."""
    workflow = load_workflow(folder / "tracks.yaml")
    assert ["job"] == list(workflow.tracks)
    job = workflow.tracks["job"]
    assert ["asked", "agreed", "working", "refused", "ready"] == list(job.states)
    assert {"en": "Working", "nl": "Aan het werk"} == job.states["working"].label
    assert ["request", "agree", "refuse", "begin", "end"] == [edge.trigger for edge in job.edges]
    assert ("lead",) == job.edges[-1].allow
    assert "job.agreed" == workflow.clocks["slow"].since


def test_the_kinds_of_a_base_are_no_tracks_of_their_own(folder: Path) -> None:
    """A lifecycle that nobody takes over is in no workflow."""
    text = "format: 1\nworkflow: none\nversion: 1\nextends: shared.yaml\nwithout: {clocks: [slow]}\n"
    (folder / "none.yaml").write_text(text, encoding="utf-8")
    assert {} == load_workflow(folder / "none.yaml").tracks


def test_triggers_are_left_out_of_every_lifecycle(folder: Path) -> None:
    """`without` takes the triggers of a list out of the pilot's edges, and of those of its tracks."""
    head = "format: 1\nworkflow: fewer\nversion: 1\nextends: tracks.yaml\nwithout: [refuse, write]\n"
    leave = "{trigger: leave, from: asked, to: refused, while: any_open, allow: [helper]}"
    file = folder / "fewer.yaml"
    file.write_text(f"{head}tracks: {{job: {{edges: [{leave}]}}}}\n", encoding="utf-8")
    workflow, before = load_workflow(file), load_workflow(folder / "tracks.yaml")
    assert {"write"} == {edge.trigger for edge in before.edges} - {edge.trigger for edge in workflow.edges}
    jobs = ({edge.trigger for edge in one.tracks["job"].edges} for one in (before, workflow))
    assert {"refuse", "leave"} == next(jobs) ^ next(jobs)


def test_elements_are_left_out_by_section() -> None:
    """`without` as a mapping takes out roles, groups, records, track kinds and clocks, too."""
    edges = (
        "edges:\n"
        "  - {trigger: plan, from: idle, to: planned, allow: [lead]}\n"
        "  - {trigger: judge, from: running, to: judged, allow: [lead]}\n"
    )
    workflow = ours("without: {clocks: [quiet], triggers: [write], records: [note]}\n" + edges)
    assert ({}, {}) == (workflow.clocks, workflow.records)
    assert "write" not in {edge.trigger for edge in workflow.edges}


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("without: [pln]\n", "5:11 not-in-base"),
        ("without: {clocks: [quite]}\n", "5:20 not-in-base"),
        ("without: {tracks: [job]}\n", "5:20 not-in-base"),
        ("without: {colours: [red]}\n", "5:11 unknown-key"),
        ("without: plan\n", "5:10 wrong-type"),
        ("kinds: {}\n", "5:1 misplaced-key"),
        ("base: ours\n", "2:1 misplaced-key"),
        ("roles: {lead: {sid: client}}\n", "5:16 unknown-key"),
        ("roles: [lead]\n", "5:1 wrong-type"),
        ("roles: {lead: none}\n", "5:15 wrong-type"),
        ("edges: {trigger: plan}\n", "5:1 wrong-type"),
        ("edges: [plan, {to: idle}, {trigger: [plan]}]\n", "5:9 wrong-type"),
        ("edges: [plan, {to: idle}, {trigger: [plan]}]\n", "5:15 missing-key"),
        ("tracks: {job: {like: *x}}\n", "5:22 alias"),
        ("clocks: {quiet: {remind: {leader: [8 days]}}}\n", "5:27 unknown-role"),
        ("edges: [{trigger: plan, from: idel, to: planned, allow: [lead]}]\n", "5:31 unknown-state"),
        ("tracks: {job: {like: wrk, label: {en: a, nl: a}, states: {}, edges: []}}\n", "5:22 unknown-kind"),
    ],
)
def test_a_fault_is_told_where_it_stands(more: str, place: str) -> None:
    """What is wrong in the file is told at its own line and column."""
    assert place in told(OURS + more)


def test_without_a_base_there_is_nothing_to_leave_out() -> None:
    """`without` is refused where there is no `extends`, and so is a base that is anything but a name."""
    text = SMALL.read_text(encoding="utf-8")
    assert "4:1 misplaced-key" in told(text.replace("label: {en: Small", "without: [plan]\nlabel: {en: Small", 1))
    assert ["4:1 wrong-type"] == told(OURS.replace("small@1", "[small@1]"))


def test_a_misspelt_name_is_hinted_at() -> None:
    """What the base does not have to leave out is told with what is closest to it."""
    fault = lint_workflow(OURS + "without: [pln]\n", bases=[BASE])[0]
    assert "the base has no trigger `pln` to leave out; did you mean `plan`?" == fault.text


def test_a_fault_in_a_base_is_told_in_that_file(folder: Path) -> None:
    """What a file breaks in its base is told where that stands, after the file's own faults, and all at once."""
    text = WITH_TRACKS.replace("to: asked, while: any_open, allow: [lead]", "to: asked, while: any_open, allow: [leed]")
    (folder / "tracks.yaml").write_text(f"{text}without: {{roles: [helper]}}\n", encoding="utf-8")
    assert [
        "tracks.yaml:16:76 unknown-role",
        "tracks.yaml:17:76 unknown-role",
        "tracks.yaml:18:78 unknown-role",
        "shared.yaml:12:78 unknown-role",
        "small.yaml:30:62 unknown-role",
        "small.yaml:33:52 unknown-role",
    ] == errors(folder / "tracks.yaml")


def errors(path: Path) -> list[str]:
    """The faults of a file that refuse it."""
    with pytest.raises(DefinitionError) as caught:
        load_workflow(path)
    return where(caught.value.faults)


def test_a_base_that_cannot_be_read_tells_why(folder: Path) -> None:
    """Faults in the text of a base are told with its name, and nothing that follows from them."""
    (folder / "shared.yaml").write_text(SHARED.replace("en: Begin", "en: &a Begin"), encoding="utf-8")
    assert ["shared.yaml:18:15 anchor"] == errors(folder / "tracks.yaml")
    (folder / "shared.yaml").write_text("- no\n- file: [\n", encoding="utf-8")
    assert ["shared.yaml:3:1 not-yaml"] == errors(folder / "tracks.yaml")
    (folder / "shared.yaml").write_text("a list\n", encoding="utf-8")
    assert ["shared.yaml:1:1 wrong-type"] == errors(folder / "tracks.yaml")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("smal@1", "did you mean `small`?"),
        ("small@2", "did you mean `small@1`?"),
        ("existing-contracts", "did you mean `existing-contract`?"),
        ("commen@1", "did you mean `common`?"),
    ],
)
def test_an_unknown_base_is_told_with_a_near_one(name: str, hint: str) -> None:
    """A name that is not known is a fault at its place, and what the base might have had is not missed."""
    (fault,) = lint_workflow(OURS.replace("small@1", name), bases=[BASE])
    assert (4, 10, "unknown-base") == (fault.line, fault.column, fault.code)
    assert fault.text.endswith(hint)


@pytest.mark.parametrize(
    "name",
    [
        "../small.yaml", "/etc/passwd", "a/b.yaml", "..", ".yaml", "small.yaml/", "small.txt", "C:small.yaml", "~.yaml",
        "a\\b.yaml", "%2e%2e.yaml/x", "small@0", "small@01", "@1", "", "small@1@1", "Small@1", "sm\u0430ll@1",
        "small.yaml ", "http://x/small.yaml", "x" * 101,
    ],
)  # fmt: skip
def test_a_name_with_another_form_opens_nothing(name: str, folder: Path) -> None:
    """A base is a name or a plain file name; anything else is refused by its form."""
    head = OURS.replace("small@1", json.dumps(name))
    (folder / "ours.yaml").write_text(head, encoding="utf-8")
    assert {"bad-form", "too-long"} >= {one.code for one in lint_workflow(folder / "ours.yaml")} != set()


def test_a_text_has_no_files_beside_it() -> None:
    """A text may build on a workflow, and on no file, wherever the process happens to run."""
    (fault,) = lint_workflow(OURS.replace("small@1", "small.yaml"))
    assert "unknown-base" == fault.code
    assert "a text has no file" in fault.text


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file beside the file is one in its folder; a link leads out of it for a base no more than a name does."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
    elsewhere.write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "linked.yaml").symlink_to(elsewhere)
    (folder / "ours.yaml").write_text(OURS.replace("small@1", "linked.yaml"), encoding="utf-8")
    (fault,) = lint_workflow(folder / "ours.yaml")
    assert "another folder" in fault.text


def test_a_linked_file_finds_the_files_beside_it(folder: Path) -> None:
    """A folder of links to the files of another, as Kubernetes mounts them, is read like that other."""
    mounted = folder / "mounted"
    mounted.mkdir()
    for file in folder.glob("*.yaml"):
        (mounted / file.name).symlink_to(file)
    assert load_workflow(folder / "tracks.yaml") == load_workflow(mounted / "tracks.yaml")


def test_files_do_not_build_on_themselves(folder: Path) -> None:
    """A circle of files is told where it closes."""
    (folder / "one.yaml").write_text(OURS.replace("small@1", "two.yaml"), encoding="utf-8")
    two = OURS.replace("ours", "two").replace("small@1", "one.yaml")
    (folder / "two.yaml").write_text(two, encoding="utf-8")
    assert ["two.yaml:4:10 circular-base"] == where(lint_workflow(folder / "one.yaml"))
    (folder / "one.yaml").write_text(OURS.replace("small@1", "one.yaml"), encoding="utf-8")
    assert ["one.yaml:4:10 circular-base"] == where(lint_workflow(folder / "one.yaml"))


def test_a_chain_has_an_end(folder: Path) -> None:
    """So many files may build on each other, and not one more."""
    for number in range(1, DEEPEST + 1):
        below = "small.yaml" if number == 1 else f"n{number - 1}.yaml"
        text = OURS.replace("ours", f"n{number}").replace("small@1", below)
        (folder / f"n{number}.yaml").write_text(text, encoding="utf-8")
    assert f"n{DEEPEST - 1}@3" == load_workflow(folder / f"n{DEEPEST - 1}.yaml").id
    assert ["n1.yaml:4:10 too-many-bases"] == where(lint_workflow(folder / f"n{DEEPEST}.yaml"))


def test_a_base_cannot_be_started(folder: Path) -> None:
    """A base is linted for itself, and refused where a workflow is wanted."""
    assert () == lint_workflow(folder / "shared.yaml")
    with pytest.raises(DefinitionError) as caught:
        load_workflow(folder / "shared.yaml")
    assert ["shared.yaml:2:7 only-a-base"] == where(caught.value.faults)


def test_a_base_is_judged_by_itself(folder: Path) -> None:
    """Form and references are judged in a base, but for what others are to bring."""
    text = SHARED.replace("extends: small.yaml\n", "").replace("done: true", "don: true")
    text += "roles: {helper: {}}\ngroups: {}\nedges: [{trigger: x, from: nowhere, allow: [nobody]}]\n"
    (folder / "shared.yaml").write_text(text, encoding="utf-8")
    assert [
        "shared.yaml:9:15 unknown-key",
        "shared.yaml:15:32 unknown-role",
        "shared.yaml:20:45 unknown-role",
    ] == where(lint_workflow(folder / "shared.yaml"))
    assert ["1:1 missing-key", "1:1 missing-key"] == told("base: x\nroles: {}\n")


def test_a_base_may_have_any_name_that_was_given() -> None:
    """Given workflows go before bundled ones, and the highest version is meant where none is named."""
    second = load_workflow(dump(BASE).decode().replace('"version":1', '"version":2').replace("Klein", "Kleiner") + "\n")
    text = OURS.replace("small@1", "small")
    assert "Kleiner" == load_workflow(text, bases=[second, BASE]).label["nl"]
    assert "Klein" == load_workflow(OURS, bases=[second, BASE]).label["nl"]
    taken = load_workflow(dump(BASE).decode().replace('"workflow":"small"', '"workflow":"existing-contract"') + "\n")
    assert 6 == len(load_workflow(OURS.replace("small@1", "existing-contract@1"), bases=[taken]).states)
    assert {"label", "roles"} <= load_workflow(OURS.replace("small", "existing-contract")).__dict__.keys()


def test_a_catalogue_takes_bases_from_before() -> None:
    """A file given to a catalogue builds on what was given before it."""
    assert ("ours@3", "small@1") == Catalogue([SMALL, OURS]).ids()
    with pytest.raises(DefinitionError, match="unknown-base"):
        Catalogue([OURS, SMALL])


def test_every_bundled_base_is_silent_and_where_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled bases have no faults, the name and version of their place, and no name of a workflow."""
    assert {("common", 1), ("placements", 1)} <= bundled_bases().keys()
    for (name, version), path in bundled_bases().items():
        assert () == lint_workflow(path)
        head = path.read_text(encoding="utf-8")
        assert f"\nformat: 1\nbase: {name}\nversion: {version}\n" in head
    assert not bundled_bases().keys() & bundled_files().keys()
    monkeypatch.setattr(catalogue, "bundled_folder", lambda: Path("nowhere"))
    assert {} == bundled_bases()


def test_a_bundled_workflow_is_a_base() -> None:
    """A municipality builds on a bundled workflow, with its bases below that."""
    text = OURS.replace("small@1", "existing-contract@1") + "label: {en: Ours, nl: Ons}\n"
    workflow, bundled = load_workflow(text), Catalogue().get("existing-contract@1")
    assert {**content(bundled), "workflow": "ours", "version": 3, "label": {"en": "Ours", "nl": "Ons"}} == content(
        workflow
    )
    assert () == lint_workflow(text)
