"""Commands that change something: `init`, `start`, `fire`."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli import jsons
from proeftuin.cli.data import gather
from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.options import (
    DEFAULT_STORE,
    DEFAULT_TENANT,
    Acts,
    At,
    Given,
    Gives,
    Store,
    Who,
    find_pilot,
    workflow_of,
)
from proeftuin.cli.reasons import show_blockers, show_close, show_warnings
from proeftuin.cli.screen import BAD, GOOD, SOFT, Screen
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import ENDINGS, Catalogue, load_workflow
from proeftuin.engine import Result
from proeftuin.errors import Refused
from proeftuin.storage import has_schema, upgrade_schema
from proeftuin.views import fold, plain, timeline, word


def init(
    *,
    demo: Annotated[bool, Parameter(negative=())] = False,
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Make a store, and say what to do next.

    Args:
        demo: fill it with a programme of fifteen pilots, to look around in; it takes some seconds.
        at: where pilots are kept.
    """
    screen = at.screen
    known = has_schema(at.store) and upgrade_schema(at.store)[0] is not None
    with at.engine(create=True) as engine:
        count = sum(1 for _ in engine.each()) if known else 0
    if demo:
        return _with_demo(at, count)
    if screen.json:
        screen.data({"store": at.shown, "created": not known, "pilots": count})
        return OK
    screen.show(screen.tell("there-already" if known else "made", url=at.shown, count=count))
    screen.show(screen.tell("next"))
    for which in ("next-workflows", "next-start", "next-demo"):
        screen.show(screen.tell(which), indent=2)
    return OK


def _with_demo(at: At, count: int) -> int:
    """Fill an empty store with pilots to look at.

    Raises:
        Usage: it is not empty.
    """
    from proeftuin.cli.demo_pilots import fill

    screen = at.screen
    if count:
        raise Usage("demo-not-empty", url=at.shown, count=count)
    if at.tenant != DEFAULT_TENANT:
        raise Usage("demo-tenant")
    filled = fill(at.store, datetime.now(UTC).date())
    if screen.json:
        screen.data({"store": at.shown, "pilots": filled})
        return OK
    screen.show(screen.tell("filled", url=at.shown, count=filled))
    store = "" if at.store == DEFAULT_STORE else f" --store {at.shown}"
    for command in ("portfolio", "list", "agenda --as lead-1 --role coordinator"):
        screen.show(f"proeftuin {command}{store}", indent=2)
    return OK


def start(
    workflow: str,
    /,
    *fields: str,
    id: str | None = None,  # noqa: A002  # the field's own word
    ref: str | None = None,
    given: Gives = Given(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Begin a pilot.

    Args:
        workflow: a name, name@version, or a workflow file.
        fields: the pilot's data, as field=value.
        id: the id of the pilot; made by default.
        ref: your own reference, unique in the store.
        given: what else goes with the command.
        who: who acts.
        at: where pilots are kept.
    """
    file = workflow_file(workflow)
    actor = who.actor()
    found = load_workflow(file) if file is not None else Catalogue().get(workflow)
    data = gather(fields, given.data, {name: _field(one) for name, one in found.start.data.items()})
    with at.engine(workflow=file) as engine:
        result = engine.start(found.id, actor=actor, data=data or {}, id=id, ref=ref, key=given.key, on=given.on)
        followed = engine.workflow(result.pilot.workflow)
    screen = at.screen
    if screen.json:
        screen.data(jsons.of_result(result, at.lang))
        return OK
    title = plain(result.pilot.data.get("title", ""))
    screen.item(Text("+", GOOD), screen.tell("started", title=title, pilot=result.pilot.id))
    _remarks(screen, followed, result)
    screen.show(screen.tell("next-options", pilot=ref or result.pilot.id), style=SOFT, indent=2)
    return OK


def fire(
    pilot: str,
    trigger: str,
    /,
    *fields: str,
    track: str | None = None,
    expect: int | None = None,
    given: Gives = Given(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Do one thing to a pilot.

    Args:
        pilot: its id, the beginning of it, or your ref.
        trigger: what to do; `proeftuin options PILOT` lists them.
        fields: the data, as field=value; lists and maps as JSON.
        track: the track that it is about.
        expect: the version that you saw; another one is a conflict.
        given: what else goes with the command.
        who: who acts.
        at: where pilots are kept.
    """
    actor = who.actor()
    with at.engine() as engine:
        found = find_pilot(engine, pilot)
        workflow = workflow_of(engine, found)
        takes = engine.explain(found, trigger, actor=actor, track=track).fields if fields else {}
        data = gather(fields, given.data, takes)
        sent = partial(engine.fire, found, trigger, actor=actor, data=data, track=track)
        try:
            result = sent(key=given.key, expect=expect, on=given.on)
        except Refused as refused:
            if at.json:
                raise
            return _refused(workflow, refused, at.lang)
    _came(at.screen, workflow, result)
    return OK


def workflow_file(named: str) -> Path | None:
    """Return the workflow file that somebody means; None for the name of a workflow.

    Raises:
        Usage: it looks like a file, and there is none.
    """
    path = Path(named)
    if path.suffix not in ENDINGS and "/" not in named:
        return None
    if not path.is_file():
        raise Usage("no-file", file=named)
    return path


def _field(field: Any) -> dict[str, Any]:  # noqa: ANN401  # a Field of the workflow
    return {"type": field.type, "choices": field.of if field.type == "choice" and isinstance(field.of, tuple) else ()}


def _came(screen: Screen, workflow: Workflow, result: Result) -> None:
    """Write what an accepted command did, and what there is to say about it."""
    if screen.json:
        screen.data(jsons.of_result(result, screen.lang))
        return
    for row in fold(timeline(workflow, result.events, lang=screen.lang)):
        screen.item(Text("+", GOOD), row.what)
    _remarks(screen, workflow, result)


def _remarks(screen: Screen, workflow: Workflow, result: Result) -> None:
    """Write what there is to say about an accepted command."""
    if result.duplicate:
        screen.show(screen.tell("again"), style=SOFT, indent=2)
    if result.pending:
        roles = screen.tell("and").join(word(workflow, role, screen.lang) for role in result.pending)
        screen.item(Text("...", "yellow"), screen.tell("waits", roles=roles))
    if result.started:
        screen.show(screen.tell("begun", pilot=result.started), indent=2)
    show_warnings(screen, result.warnings, indent=2)


def _refused(workflow: Workflow, refused: Refused, lang: str) -> int:
    screen = Screen(lang=lang, error=True)
    screen.show(Text(f"{screen.tell('refused')}: {word(workflow, refused.trigger, lang)}", BAD))
    show_blockers(screen, workflow, refused.blockers)
    show_close(screen, workflow, refused.trigger, refused.codes)
    return REFUSED
