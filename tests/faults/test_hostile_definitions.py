"""Files that try to be more than data: nothing they name is imported or called, and bombs do not go off."""

import json
import os
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from proeftuin.definitions import _forms as forms
from proeftuin.definitions import dump, load_workflow
from proeftuin.errors import DefinitionError

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
TEXT = SMALL.read_text(encoding="utf-8")

CODE = [
    "os.system",
    "builtins.exec",
    "subprocess.run",
    "flag.raised",
    "antigravity.x",
    "this.d",
    "__import__",
    "/bin/sh",
]
# Where a file can name something: the text before, and what the hostile word stands in place of.
SPOTS = [
    ("      - has: {record", "      - {}: {{record"),
    ("[has: {record: note}]", "[{}]"),
    ("[has: {record: note}]", "[has: {{record: {}}}]"),
    ("[has: {record: note}]", "[has: {{record: note, {}: 1}}]"),
    ("code: missing-idea}", "code: {}}}"),
    ("trigger: plan\n", "trigger: {}\n"),
    ("to: planned\n", "to: {}\n"),
    ("from: idle\n", "from: {}\n"),
    ("    allow: [lead]\n", "    allow: [{}]\n"),
    ("{type: text, required: true}\n      kind", "{{type: {}, required: true}}\n      kind"),
    ("since: progress", "since: {}"),
    ("due: 7 days", "due: {}"),
    ("signal: {stalled: 28 days}", "signal: {{{}: 28 days}}"),
    ("workflow: small", "workflow: {}"),
    ("version: 1", "version: 1\ntimezone: {}"),
    ("records: [{add: note}]", "records: [{{add: {}}}]"),
    ("codes:\n", "metrics: [{}]\ncodes:\n"),
    ("roles:\n", "roles:\n  {}: {{label: {{}}}}\n"),
    ("roles:\n", "{}: x\nroles:\n"),
    ("roles:\n", "extends: {}\nroles:\n"),
    ("label: {en: Small, nl: Klein}", "label: !!python/name:{} x"),
    ("label: {en: Small, nl: Klein}", "label: !!python/object/apply:{} [x]"),
    ("label: {en: Small, nl: Klein}", "label: !!python/module:{} x"),
    ("label: {en: Small, nl: Klein}", "label: !<tag:yaml.org,2002:python/object/new:{}> [x]"),
]


def hostile() -> list[str]:
    texts = []
    for old, new in SPOTS:
        assert TEXT.count(old) == 1, old
        texts += [TEXT.replace(old, new.format(word)) for word in CODE]
    return texts


def test_what_names_code_is_refused() -> None:
    """A dotted name, a builtin and a tag are refused wherever a file can name something."""
    for text in hostile():
        with pytest.raises(DefinitionError):
            load_workflow(text)


def test_nothing_that_a_file_names_is_imported_or_called(tmp_path: Path) -> None:
    """Loading hostile files imports no module, runs no code, starts no process and opens no file."""
    (tmp_path / "flag.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    code = textwrap.dedent(
        """
        import json, sys
        from proeftuin.definitions import load_workflow
        from proeftuin.errors import DefinitionError

        valid, misspelt, *texts = json.load(sys.stdin)
        load_workflow(valid)  # imports what reading takes
        try:
            load_workflow(misspelt)  # and what telling of a plain mistake takes
        except DefinitionError as error:
            str(error), repr(error.faults)
        events, known = [], set(sys.modules)
        watched = ("import", "exec", "compile", "open", "os.", "subprocess.", "socket.", "ctypes.", "code.", "pickle.")
        sys.addaudithook(lambda event, _: events.append(event) if event.startswith(watched) else None)
        refused = 0
        for text in texts:
            try:
                load_workflow(text)
            except DefinitionError as error:
                refused += 1
                str(error), repr(error.faults)
        seen = list(events)
        print(json.dumps([len(texts) - refused, sorted(set(sys.modules) - known), seen]))
        """
    )
    texts = json.dumps([TEXT, TEXT.replace("allow:", "alow:"), *hostile(), BOMBS["aliases"]])
    run = [sys.executable, "-c", code]
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        run,
        input=texts,
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert [0, [], []] == json.loads(done.stdout)


WAYS_BACK = "".join(f"  - {{trigger: t{n}, from: any_open, to: previous, allow: [lead]}}\n" for n in range(1_200))
UNKNOWN = [f"led{n}" for n in range(15_000)]
BOMBS = {
    "aliases": "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in pairwise("abcdefghi")),
    "merge keys": "a: &a {x: 1}\n" + "".join(f"b{n}: {{<<: [*a, *a]}}\n" for n in range(200)),
    "brackets": "[" * 200_000 + "\n",
    "brackets on lines": "[\n" * 100_000,
    "braces": "{" * 200_000 + "\n",
    "braces with keys": "{a: " * 60_000 + "\n",
    "dashes": "- " * 100_000 + "\n",
    "question marks": "? " * 100_000 + "\n",
    "anchors": "".join(f"&a{n} " for n in range(20_000)) + "x\n",
    "tags": "!a " * 60_000 + "x\n",
    "digits": "format: " + "9" * 200_000 + "\n",
    "a long word": "format: " + "x" * 250_000 + "\n",
    "a long key": "x" * 250_000 + ": 1\n",
    "a name for a pattern": "workflow: " + "a" * 50_000 + "!\n",
    "quotes": "format: '" + "''" * 100_000 + "'\n",
    "escapes": 'format: "' + "\\u0041" * 40_000 + '"\n',
    "bad escape": 'format: "\\UFFFFFFFF"\n',
    "a folded text": "format: >\n" + "  x\n\n" * 40_000,
    "comments": "#" * 260_000 + "\n",
    "empty lines": "\n" * 260_000,
    "documents": "---\n" * 60_000,
    "directives": "%YAML 1.2\n" * 20_000,
    "too large": "a: b\n" * 1_000_000,
    "many keys": "".join(f"k{n}: 1\n" for n in range(20_000)),
    "many unknown keys": "roles:\n" + "".join(f"  r{n}: {{sid: 1}}\n" for n in range(4_000)),
    "many roles": TEXT.replace("roles:\n", "roles:\n" + "".join(f"  r{n}: {{label: {{}}}}\n" for n in range(4_000))),
    "many edges": TEXT.replace("clocks:\n", "  - {trigger: t, from: idle, allow: [x]}\n" * 1_900 + "clocks:\n"),
    "many ways back": TEXT.replace("clocks:\n", WAYS_BACK + "clocks:\n"),
    "many unknown names": TEXT.replace("allow: [lead, helper]", f"allow: [{', '.join(UNKNOWN)}]"),
    "carriage returns": "a: 1\r" * 40_000 + "\n",
    "a mark inside": "a: 1\n\ufeffb: 2\n",
    "surrogates": "a: \ud800\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name: str) -> None:
    """A file that would cost much time or memory to read is refused with a place."""
    with pytest.raises(DefinitionError) as caught:
        load_workflow(BOMBS[name])
    assert all(fault.line >= 1 and fault.column >= 1 for fault in caught.value.faults)


def test_a_pattern_is_linear() -> None:
    """Fifty thousand characters and one that does not fit are judged at once by every form of text."""
    every = [one for one in vars(forms).values() if isinstance(one, forms.Form)]
    assert len(every) > 8
    for text in ("a" * 50_000 + "!", "0" * 50_000 + "!", "a." * 25_000 + "!", "a/" * 25_000 + "!", " " * 50_000):
        assert not any(form.fits(text) for form in every)


@pytest.mark.parametrize(
    "label",
    [
        "{0.__class__}",
        "%s%n",
        "${x}",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "'; DROP TABLE pilots; --",
        "=1+1",
        "\u202etxt",
        "\U0001f600",
    ],
)
def test_a_hostile_label_is_only_text(label: str) -> None:
    """What people read may be any text, and comes back exactly as it was written."""
    workflow = load_workflow(TEXT.replace("en: Small", f"en: '{label.replace(chr(39), chr(39) * 2)}'"))
    assert label == workflow.label["en"]
    assert label in dump(workflow).decode()


BASES = [
    "../small.yaml", "/etc/passwd", "..", ".", "~/small.yaml", "a/../small.yaml", "a\\\\small.yaml", "file:small.yaml",
    "http://example.org/small.yaml", "small.yaml\\0", "small.py", ".small.yaml", "passwd", "os.system", "CON",
    "nul.yaml", "nowhere.yaml", "folder.yaml", "common@2", "common@999999", "bases/common", "x" * 100_000, "%s.yaml",
    "{0}", "$HOME.yaml",
]  # fmt: skip


def test_a_base_by_a_hostile_name_opens_nothing(tmp_path: Path) -> None:
    """Whatever a file names as its base, nothing is opened but the file itself and what lies beside it."""
    (tmp_path / "folder.yaml").mkdir()
    for number, name in enumerate(BASES):
        text = f'format: 1\nworkflow: w\nversion: 1\nextends: "{name}"\n'
        (tmp_path / f"f{number}.yaml").write_text(text, encoding="utf-8")
    code = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from proeftuin.definitions import lint_workflow
        lint_workflow("format: 1\\nworkflow: w\\nversion: 1\\nextends: commen@1\\n")  # imports what telling takes
        opened = []
        sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
        for number in range(int(sys.argv[1])):
            assert lint_workflow(Path(f"f{number}.yaml"))
        print(sorted(set(opened)) == sorted({f"f{number}.yaml" for number in range(int(sys.argv[1]))}))
        """
    )
    run = [sys.executable, "-c", code, str(len(BASES))]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ("True\n", "") == (done.stdout, done.stderr)


def test_bases_that_grow_are_bounded(tmp_path: Path) -> None:
    """A chain of files that each hold as much as a file may is refused, or read, within bounds."""
    roles = "".join(f"  r%d_{number}: {{label: {{en: a, nl: a}}}}\n" for number in range(2_000))
    for number in range(7):
        head = f"format: 1\nbase: b{number}\nversion: 1\nextends: {f'b{number - 1}.yaml' if number else 'common@1'}\n"
        text = f"{head}roles:\n{roles.replace('%d', str(number))}"
        (tmp_path / f"b{number}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_workflow(tmp_path / "b6.yaml")
    assert {"only-a-base", "too-many"} == {fault.code for fault in caught.value.faults}


@pytest.mark.parametrize(
    "name",
    [
        "__class__", "state", "__init__", "trigger", "to_idle", "is_idle", "may_plan", "_private", "1st", "Plan",
        "pl an", "pl-an", "", "pl.an", "pl\u0430n", "\uff50lan", "plan\u200b", "None", "import", "p" * 65, "any",
        "previous",
    ],
)  # fmt: skip
def test_a_name_can_break_no_machine(name: str) -> None:
    """A state by any name that the rule allows is a state like others, and any other name is refused."""
    text = TEXT.replace("idle", f'"{name}"')
    allowed = {"state", "trigger", "to_idle", "is_idle", "may_plan", "import"}
    if name in allowed:
        assert name == load_workflow(text).start.to
    else:
        with pytest.raises(DefinitionError):
            load_workflow(text)
