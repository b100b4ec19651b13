"""`load_workflow` and its kin: from a file or text to a workflow, or to all faults with their places."""

import hashlib
import json
import re
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.definitions import Catalogue, dump, lint_locked, lint_workflow, load_workflow, on_top, parse, publish
from proeftuin.definitions._examine import MAX_FAULTS
from proeftuin.errors import BadArgument, DefinitionError

DATA = Path(__file__).parents[2] / "data"
SMALL = DATA / "small.yaml"
TEXT = SMALL.read_text(encoding="utf-8")


def refused(source: Path | str) -> list[tuple[str, int, int]]:
    with pytest.raises(DefinitionError) as caught:
        load_workflow(source)
    return [(fault.code, fault.line, fault.column) for fault in caught.value.faults]


def broken(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_path_and_its_text_give_the_same_workflow() -> None:
    """A path, the same path as text, and what the file says all load as the same workflow."""
    workflow = load_workflow(SMALL)
    assert "small@1" == workflow.id
    assert ["idle", "planned", "asked", "running", "judged", "done"] == list(workflow.states)
    assert workflow == load_workflow(str(SMALL)) == load_workflow(TEXT)


def test_a_fault_reads_as_file_line_and_column() -> None:
    """The message names file, line, column, code, and what to do."""
    with pytest.raises(DefinitionError) as caught:
        load_workflow(broken(("to: planned\n", "to: planed\n")))
    expected = "<text>:25:9: unknown-state: there is no state `planed` here; did you mean `planned`?"
    assert expected in str(caught.value).split("\n")


def test_the_faults_of_a_file_name_it(tmp_path: Path) -> None:
    """Faults of a file carry its path."""
    file = tmp_path / "x.yaml"
    file.write_text("format: 2\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_workflow(file)
    assert {str(file)} == {fault.file for fault in caught.value.faults}


def test_faults_of_text_structure_and_references_are_told_together() -> None:
    """Faults of three kinds are told at once, in the order of the text, and no other."""
    text = broken(
        ("side: client", "side: clint"),
        ("of: [idea, result]", "of: &x [idea, result]"),
        ("to: planned\n", "to: planed\n"),
        ("has: {record: note}", "hass: {record: note}"),
        ("due: 7 days", "due: 7.0"),
    )
    expected = [("bad-value", 6), ("anchor", 13), ("unknown-state", 25), ("unknown-guard", 31), ("number", 35)]
    assert expected == [(code, line) for code, line, _ in refused(text)]


def test_what_is_at_fault_itself_is_still_known_by_its_name() -> None:
    """A role, record or state that is at fault does not make every reference to it another fault."""
    text = broken(
        ("lead: {side: client, label: {en: Lead, nl: Trekker}}", "lead: 5"),
        ("note:\n    label: {en: Note, nl: Notitie}\n", "note:\n    label: 5\n"),
        ("planned: {phase: commitment, label: {en: Planned, nl: Gepland}}", "planned: []"),
    )
    assert [("wrong-type", 6), ("wrong-type", 10), ("wrong-type", 17)] == [one[:2] for one in refused(text)]


def test_a_whole_section_at_fault_is_one_fault() -> None:
    """A section that is no mapping is one fault; references into it are not told, others are."""
    start, end = TEXT.index("roles:"), TEXT.index("records:")
    text = TEXT[:start] + "roles: 5\n" + TEXT[end:].replace("to: planned\n", "to: planed\n")
    assert ["wrong-type", "unknown-state"] == [code for code, _, _ in refused(text)]


def test_an_item_left_out_does_not_shift_the_places_of_others() -> None:
    """After a guard or op that is at fault, the next one is still told at its own line."""
    text = broken(
        ("allow: [lead], require: [has: {record: note}]", "allow: [5, leed], require: [7, has: {record: nota}]")
    )
    faults = [(code, column) for code, line, column in refused(text) if line == 31]
    assert [("wrong-type", text.split("\n")[30].index(piece) + 1) for piece in ("5", "7")] == [
        one for one in faults if one[0] == "wrong-type"
    ]
    assert ("unknown-role", text.split("\n")[30].index("leed") + 1) in faults
    assert ("unknown-record", text.split("\n")[30].index("nota") + 1) in faults


@pytest.mark.parametrize("key", ["format", "workflow", "version", "label", "roles", "start", "states", "edges"])
def test_a_missing_section_is_told_beside_the_faults_of_the_others(key: str) -> None:
    """Without one of its required keys a workflow is refused for that, and for what else is wrong."""
    text = re.sub(rf"(?m)^{key}:.*\n(^ .*\n)*", "", TEXT).replace("due: 7 days", "due: 7 dagen")
    codes = [code for code, _, _ in refused(text)]
    assert {"missing-key", "bad-form"} <= set(codes)
    assert "unknown-role" not in codes


def test_far_too_many_faults_are_cut_short() -> None:
    """Of thousands of faults the first thousand are told, and how many more there are."""
    found = refused(TEXT + "".join(f"wrong_{number}: 1\n" for number in range(MAX_FAULTS + 5)))
    assert MAX_FAULTS + 1 == len(found)
    assert "too-many-faults" == found[-1][0]


def test_of_too_many_faults_no_error_is_left_out_for_a_warning() -> None:
    """More warnings than are told refuse no workflow, and an error behind them is told."""
    choices = ", ".join(f"c{one}" for one in range(MAX_FAULTS + 5))
    text = broken(("of: [idea, result]", f"of: [idea, result, {choices}]"))
    assert ("too-many-faults", "warning") == (lint_workflow(text)[-1].code, lint_workflow(text)[-1].level)
    assert load_workflow(text).records
    wrong = text.replace("since: progress", "since: nowhere")
    assert ["unknown-state"] == [one.code for one in lint_workflow(wrong) if one.level == "error"]


def test_a_stored_workflow_with_half_a_letter_is_none() -> None:
    """Half a surrogate pair in what `dump` is said to have written is told as such."""
    stored = dump(load_workflow(SMALL)).replace(b'"en":"', b'"en":"\\ud800', 1)
    with pytest.raises(DefinitionError, match="not-json"):
        parse(stored)


def test_nothing_but_a_mapping_is_a_workflow() -> None:
    """A text that is a list or a word is refused."""
    assert [("wrong-type", 1, 1)] == refused("- a\n")
    assert [("wrong-type", 1, 1)] == refused("word\n")


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("not-utf-8", b"\xff\xfea\x00"),
        ("not-utf-8", b"# \xc3"),
        ("too-large", b"#" * 300_000),
        ("too-large", b"#" + "\u00e9".encode() * 150_000),
        ("too-large", b"##" + "\u00e9".encode() * 150_000),
        ("empty", b""),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, code: str, content: bytes) -> None:
    """A file that is no UTF-8, is far too large or is empty is refused."""
    file = tmp_path / "x.yaml"
    file.write_bytes(content)
    assert [(code, 1, 1)] == refused(file)


@pytest.mark.parametrize("path", ["nowhere.yaml", "", "\0", "x" * 5_000, ".", "/dev/null"])
def test_a_path_that_is_no_file_is_refused(path: str) -> None:
    """A path to nothing, to a folder or to a device is refused, whatever it looks like."""
    assert [code for code, _, _ in refused(path)] in (["no-such-file"], ["unreadable-file"])


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system does not let us read is refused by name."""

    def fail(*_: object) -> None:
        raise PermissionError

    file = tmp_path / "x.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    monkeypatch.setattr(Path, "open", fail)
    assert [("unreadable-file", 1, 1)] == refused(file)


@pytest.mark.parametrize("version", [0, -1, 1_000_000])
def test_a_version_that_no_name_could_say_is_refused(version: int) -> None:
    """A version has at most six digits, as in `small@999999`: a higher one could be loaded, and never be named."""
    assert ("bad-value", 3, 10) in refused(broken(("version: 1\n", f"version: {version}\n")))
    last = load_workflow(broken(("version: 1\n", "version: 999999\n")))
    assert last == Catalogue([last]).get("small@999999")


@pytest.mark.parametrize("source", [b"format: 1\n", None, 5, {"format": 1}])
def test_what_is_neither_path_nor_text_is_a_bad_argument(source: object) -> None:
    """Bytes, mappings and the like are a mistake of the caller, not of a file."""
    with pytest.raises(BadArgument):
        load_workflow(source)  # type: ignore[arg-type]  # the mistake itself


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("guards", {"weather": lambda _: None}),
        ("guards", [Guard("weather", lambda _: None)]),
        ("guards", None),
        ("bases", ["small"]),
        ("bases", 5),
    ],
)
@pytest.mark.parametrize("call", [load_workflow, lint_workflow, on_top, publish, lint_locked])
def test_what_is_no_guard_or_base_is_a_bad_argument(tmp_path: Path, call: Any, name: str, wrong: object) -> None:
    """A function that was not made a guard, a name in the place of a workflow and the like are told to the caller."""
    file = tmp_path / "small.yaml"
    file.write_text(TEXT, encoding="utf-8")
    if name in signature(call).parameters:
        with pytest.raises(BadArgument, match=name):
            call(file, **{name: wrong})


def test_a_guard_of_the_host_may_be_used() -> None:
    """A file may name a guard that the host gives, and cannot be loaded without it."""
    text = broken(("has: {record: note}", "weather"))
    assert "unknown-guard" in {code for code, _, _ in refused(text)}
    weather = Guard("weather", lambda _: None)
    assert "weather" == load_workflow(text, guards={"weather": weather}).edges[3].require[0].name


def test_a_host_cannot_replace_a_built_in_guard() -> None:
    """A guard of the host by a built-in one's name changes nothing about what a file may say."""
    other = Guard("has", lambda _: None)
    assert load_workflow(TEXT) == load_workflow(TEXT, guards={"has": other})
    assert "has" in BUILT_IN


def test_warnings_refuse_nothing() -> None:
    """A workflow with warnings alone is loaded; lint tells them."""
    assert {"missing-translation"} == {fault.code for fault in lint_workflow(SMALL)}
    assert "small" == load_workflow(SMALL).name


@pytest.mark.parametrize("name", ["small.yaml", "every.yaml", "lots.yaml"])
def test_what_is_dumped_is_read_back_the_same(name: str) -> None:
    """Parsing what was dumped gives an equal workflow, its hash and the order of its names included."""
    workflow = load_workflow(DATA / name)
    again = parse(dump(workflow))
    assert workflow == again
    assert list(workflow.states) == list(again.states)
    assert dump(workflow) == dump(again)


def test_what_is_dumped_is_a_workflow_file_itself() -> None:
    """The canonical form is a workflow file, with the content hash as its SHA-256."""
    workflow = load_workflow(DATA / "every.yaml")
    assert workflow == load_workflow(dump(workflow).decode() + "\n")
    assert hashlib.sha256(dump(workflow)).hexdigest() == workflow.hash


def rewritten(text: str) -> str:
    """Return the same workflow in JSON, with the keys of every edge and role turned round."""
    whole = json.loads(dump(load_workflow(text)))
    whole["edges"] = [dict(reversed(edge.items())) for edge in whole["edges"]]
    whole["roles"] = {name: dict(reversed(role.items())) for name, role in whole["roles"].items()}
    return json.dumps(dict(reversed(whole.items())), indent=2)


def test_a_letter_beyond_the_basic_plane_may_be_written_as_json_does() -> None:
    """In JSON a letter that takes two units of UTF-16 is written as two escapes, and is one letter nevertheless."""
    whole = json.loads(dump(load_workflow(TEXT)))
    whole["label"]["en"] = "Small \U0001f331"
    assert "Small \U0001f331" == load_workflow(json.dumps(whole, indent=1)).label["en"]


def test_how_a_file_is_written_does_not_change_its_hash() -> None:
    """Comments, layout, quotes, the order of keys, shorthands and defaults written out leave the hash as it is."""
    expected = load_workflow(TEXT).hash
    for text in (
        "# a remark\n" + TEXT.replace("to: planned\n", "to:   'planned'   # there\n"),
        TEXT.replace("from: idle\n", "from: [idle]\n").replace("lead: [8 days", 'lead: ["8 days"'),
        TEXT.replace("{trigger: ask, from: planned", "{progress: true, from: [planned], trigger: ask"),
        rewritten(TEXT),
    ):
        assert expected == load_workflow(text).hash


@pytest.mark.parametrize(
    ("old", "new"),
    [("version: 1", "version: 2"), ("[8 days, 14 days]", "[14 days, 8 days]"), ("en: Small", "en: Smaller")],
)
def test_what_a_file_says_changes_its_hash(old: str, new: str) -> None:
    """Another version, order or label is another content."""
    assert load_workflow(TEXT).hash != load_workflow(broken((old, new))).hash


def test_the_order_in_which_people_see_things_is_content() -> None:
    """Two roles turned round are another content, as people see them in that order."""
    whole = json.loads(dump(load_workflow(TEXT)))
    whole["roles"] = dict(reversed(whole["roles"].items()))
    turned = parse(json.dumps(whole).encode())
    assert ["helper", "lead"] == list(turned.roles)
    assert load_workflow(TEXT).hash != turned.hash


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff", b"[]", b"5", b'{"format": 1}', b"[" * 100_000, b'{"a": 1.5}', b'{"a": NaN}', b"null"]
)
def test_what_was_never_dumped_is_refused(data: bytes) -> None:
    """Bytes that are no stored workflow are refused as a definition, never with another error."""
    with pytest.raises(DefinitionError):
        parse(data)


def outcome_of(data: bytes) -> str:
    try:
        return parse(data).name
    except DefinitionError:
        return "refused"


def test_what_was_dumped_may_be_read_however_deep_it_goes() -> None:
    """A stored workflow with rows within rows is read, or refused where they go too deep, and nothing else."""
    outcomes = []
    for depth in (1, 20, *range(60, 400, 20), 1_000, 10_000):
        deep = '{"type":"list","of":{"inner":' * depth + '{"type":"text"}' + "}}" * depth
        outcomes.append(
            outcome_of(dump(load_workflow(TEXT)).replace(b'"title":{', b'"deep":' + deep.encode() + b',"title":{'))
        )
    assert {"small", "refused"} == set(outcomes)
    assert sorted(outcomes, reverse=True) == outcomes
