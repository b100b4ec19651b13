"""A workflow of one's own: `workflow new`, and `publish`."""

from pathlib import Path
from typing import Literal

from rich.text import Text

from proeftuin.cli.act import workflow_file
from proeftuin.cli.exits import OK, Usage
from proeftuin.cli.options import Look, Looks
from proeftuin.cli.screen import GOOD, SOFT
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue, is_workflow_name, load_workflow, publish, starting_file

HERE = Path("workflows")
SHOWN = 12
"""How many digits of a hash are shown."""


def workflow(
    what: Literal["new"],  # noqa: ARG001  # the one thing there is to do; a word leaves room for others
    name: str,
    /,
    *,
    extends: str = "existing-contract",
    out: Path | None = None,
    look: Looks = Look(),  # noqa: B008  # a frozen value
) -> int:
    """Write a workflow file of your own to start with, on top of another workflow.

    Args:
        what: new.
        name: of your workflow: a-z, 0-9 and -, beginning with a letter.
        extends: what it builds on: a name, name@version, or a workflow file in the same folder.
        out: the file; NAME.yaml here by default. One that is there is left alone.
        look: how the answer is shown.
    """
    if not is_workflow_name(name):
        raise Usage("no-workflow-name", name=name)
    out = Path(f"{name}.yaml") if out is None else out
    base, said = _base(extends, out)
    if base.name == name:
        raise Usage("own-name", name=name)
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(starting_file(name, base, said, lang=look.lang))
    except FileExistsError:
        raise Usage("file-there", file=out) from None
    screen = look.screen
    if screen.json:
        screen.data({"file": str(out), "workflow": name, "extends": said})
        return OK
    screen.show(screen.tell("workflow-made", file=out, base=said))
    screen.show(screen.tell("next"))
    for which in ("next-lint", "next-sheet"):
        screen.show(screen.tell(which, file=out), indent=2)
    return OK


def _base(extends: str, out: Path) -> tuple[Workflow, str]:
    """Return what the file builds on, and how it names that."""
    file = workflow_file(extends)
    if file is None:
        base = Catalogue().get(extends)
        return base, base.id
    if file.resolve().parent != out.resolve().parent:
        raise Usage("not-beside", file=file, out=out)
    return load_workflow(file), file.name


def publish_(path: Path = HERE, /, *, look: Looks = Look()) -> int:  # noqa: B008  # a frozen value
    """Publish workflow files: from here on, what their versions hold never changes.

    It is written into the file `workflows.lock`, one line a version.

    Args:
        path: a workflow file, or a folder of them; `workflows` if left out.
        look: how the answer is shown.
    """
    if not path.exists():
        raise Usage("publish-what" if path == HERE else "no-file", file=path)
    screen, new = look.screen, publish(path)
    if screen.json:
        screen.data([{"kind": one.kind, "name": one.name, "version": one.version, "hash": one.hash} for one in new])
        return OK
    for one in new:
        screen.item(Text("+", GOOD), f"{one.id}  {one.hash[:SHOWN]}")
    screen.show(screen.tell("published" if new else "published-nothing", count=len(new)), style=SOFT)
    return OK
