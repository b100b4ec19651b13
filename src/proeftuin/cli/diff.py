"""What differs between two versions of a workflow: `diff`."""

from typing import Annotated, Any

from attrs import frozen
from cyclopts import Parameter

from proeftuin.cli.act import workflow_file
from proeftuin.cli.exits import OK
from proeftuin.cli.options import At, Look
from proeftuin.core.diff import WEIGHTS, Change, worst
from proeftuin.core.diff import diff as compare
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue, load_workflow, parse
from proeftuin.spi import Definitions
from proeftuin.storage import open_store
from proeftuin.views import diff_diagram, plain

DIGITS = 9  # of the largest version that a store is asked for


@frozen
class Comparing(Look):
    """Where versions are looked for, and how the answer is shown.

    Args:
        store: the URL of a store; a version that its pilots follow is taken from there, and not from a file.
    """

    store: Annotated[str | None, Parameter(env_var="PROEFTUIN_STORE")] = None


def diff(
    old: str,
    new: str,
    /,
    *,
    diagram: Annotated[bool, Parameter(negative=())] = False,
    at: Annotated[Comparing, Parameter(name="*")] = Comparing(),
) -> int:
    """Show what differs between two versions of a workflow, and what that does to pilots that are running.

    Args:
        old: the version that they follow: a workflow file, name@version, or a name.
        new: the other one, likewise.
        diagram: write a Mermaid diagram of both in one instead.
        at: where versions are looked for, and how the answer is shown.
    """
    held, screen = _Held(at.store), at.screen
    before, after = held.workflow(old), held.workflow(new)
    changes = compare(before, after)
    if diagram:
        text = diff_diagram(before, after, lang=at.lang)
        screen.data({"diagram": text}) if screen.json else screen.raw(text)
        return OK
    effect = worst(changes)
    if screen.json:
        told = [_plain(one, at.lang) for one in changes]
        screen.data({"old": before.id, "new": after.id, "effect": effect, "changes": told})
        return OK
    which = "diff-same" if effect is None else f"diff-{effect}"
    screen.show(screen.tell("diff-head", old=before.id, new=after.id, what=screen.tell(which)))
    for weight in reversed(WEIGHTS):
        its = [one for one in changes if one.effect == weight]
        if its:
            screen.show(f"{screen.tell(weight)} ({len(its)})")
        for one in its:
            screen.show(plain(f"{one.path} {one.text(at.lang)}"), indent=2)
    return OK


def _plain(change: Change, lang: str) -> dict[str, Any]:
    return {
        "path": change.path,
        "kind": change.kind,
        "effect": change.effect,
        "reason": change.reason,
        "names": list(change.names),
        "text": change.text(lang),
    }


@frozen
class _Held:
    """Where versions are looked for: in a store, if there is one, and then among the bundled ones."""

    store: str | None

    def workflow(self, named: str) -> Workflow:
        """Return the workflow that somebody means.

        Raises:
            UnknownWorkflow: there is none.
        """
        file = workflow_file(named)
        if file is not None:
            return load_workflow(file)
        return self._kept(named) or Catalogue().get(named)

    def _kept(self, named: str) -> Workflow | None:
        name, _, version = named.partition("@")
        if self.store is None or not version.isdecimal() or len(version) > DIGITS:
            return None
        At(store=self.store).require_file()
        store = open_store(self.store)
        try:
            body = store.get_workflow(name, int(version)) if isinstance(store, Definitions) else None
        finally:
            store.close()
        return None if body is None else parse(body)
