"""What there is to see: `diagram`, `timeline`."""

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Annotated, Literal, TypeVar

from attrs import frozen
from cyclopts import Parameter
from rich.text import Text

from proeftuin import door
from proeftuin.cli.act import workflow_file
from proeftuin.cli.exits import OK, Usage
from proeftuin.cli.options import Acts, At, Chosen, Eyes, Filters, Store, Who, find_pilot
from proeftuin.cli.screen import GOOD, Screen
from proeftuin.cli.unread import tell_without
from proeftuin.cli.whole import STDOUT, write_bytes, write_whole
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue, load_workflow
from proeftuin.engine import Engine
from proeftuin.errors import CorruptStore, UnknownPilot
from proeftuin.spi import Summary
from proeftuin.views import (
    Picture,
    pilot_diagram,
    pilot_picture,
    pilot_timeline_picture,
    portfolio_picture,
    programme_timeline_picture,
    state_cells,
    workflow_diagram,
    workflow_picture,
    workflow_sheet,
)
from proeftuin.views.days import day_in
from proeftuin.waiting import Waiting

T = TypeVar("T")
Missed = dict[str, str]
"""The pilots that could not be read, by id, each with the reason."""
SOME = Parameter(negative=())
Form = Literal["mermaid", "svg", "png"]
Image = Literal["svg", "png"]
ENDINGS: Mapping[str, Form] = {".svg": "svg", ".png": "png", ".mmd": "mermaid", ".md": "mermaid", ".txt": "mermaid"}
"""What the name of a file ends in, and the form that this stands for."""


@frozen
class Drawn(At):
    """Where pilots are kept, and how the answer is shown.

    Args:
        lang: the language of the answer: en or nl; without it a sheet is in Dutch, and the rest in English.
    """

    lang: Annotated[Literal["en", "nl"] | None, Parameter(env_var="PROEFTUIN_LANG")] = None  # type: ignore[assignment]  # a sheet is for a Dutch board

    @property
    def screen(self) -> Screen:
        """Where the answer goes."""
        return Screen(lang=self.lang or "en", json=self.json)


def diagram(
    workflow: str | None = None,
    /,
    *,
    pilot: str | None = None,
    pilots: Annotated[bool, SOME] = False,
    sheet: Annotated[bool, SOME] = False,
    format: Form | None = None,  # noqa: A002  # the word that people type
    out: str = STDOUT,
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Annotated[Drawn, Parameter(name="*")] = Drawn(),
) -> int:
    """Draw a workflow, a pilot and the way it came, or how many pilots are where: as Mermaid text, SVG or PNG.

    Args:
        workflow: a name, name@version, or a workflow file.
        pilot: a pilot instead: its id, the beginning of it, or your ref.
        pilots: of a workflow, how many pilots are in each state, and for how long; as a picture only.
        sheet: write one printable page (HTML) about a workflow instead, for a board to approve.
        format: mermaid, svg or png; otherwise what the name of the file says, or else mermaid.
        out: the file to write; `-` is the standard output.
        who: with a role, of pilots only what this person may see.
        at: where pilots are kept, and how the answer is shown.
    """
    if (workflow is None) == (pilot is None) or ((sheet or pilots) and workflow is None) or (sheet and pilots):
        raise Usage("one-diagram")
    form = format or ("mermaid" if sheet else _named(out)) or ("svg" if pilots else "mermaid")
    if (sheet and format is not None) or (pilots and form == "mermaid"):
        raise Usage("no-such-form")
    if sheet or form == "mermaid":
        lang = at.lang or ("nl" if sheet else "en")
        text = _of_pilot(pilot, who, at, lang) if pilot is not None else _of_workflow(str(workflow), lang, sheet=sheet)
        return _write_text(at.screen, "sheet" if sheet else "diagram", text, out)
    if pilots:
        return _write_many(at.screen, *_picture_of_pilots(str(workflow), who, at), form, out)
    return _write_picture(at.screen, _picture(workflow, pilot, who, at), form, out)


def _named(out: str) -> Form | None:
    """Return the form that the name of a file asks for; None where it has no ending.

    Raises:
        Usage: it has another ending than what is drawn.
    """
    ending = PurePath(out).suffix.lower()
    if ending and ending not in ENDINGS:
        raise Usage("no-such-ending", file=out, endings=", ".join(ENDINGS))
    return ENDINGS.get(ending)


def _known(named: str) -> Workflow:
    file = workflow_file(named)
    return Catalogue().get(named) if file is None else load_workflow(file)


def _of_workflow(named: str, lang: str, *, sheet: bool) -> str:
    return (workflow_sheet if sheet else workflow_diagram)(_known(named), lang=lang)


def _of_pilot(pilot: str, who: Who, at: At, lang: str) -> str:
    with at.engine() as engine:
        eyes = who.eyes(engine)
        found = eyes.get(find_pilot(eyes, pilot))
        return pilot_diagram(engine.workflow(found.workflow), found, eyes.history(found.id), lang=lang)


def _picture(workflow: str | None, pilot: str | None, who: Who, at: At) -> Picture:
    if pilot is not None:
        return _picture_of_pilot(pilot, who, at)
    return workflow_picture(_known(str(workflow)), lang=at.screen.lang)


def _picture_of_pilots(workflow: str, who: Who, at: At) -> tuple[Picture, Missed]:
    flow = _known(workflow)
    with at.engine() as engine:
        eyes = who.eyes(engine)
        found, missed = _read(eyes.each(workflow=flow.name), eyes.get)
    return portfolio_picture(flow, state_cells(flow, found, _today(flow)), lang=at.screen.lang), missed


def _read(found: Iterable[Summary], look: Callable[[str], T]) -> tuple[list[T], Missed]:
    """Return what a look at each pilot gives; one that cannot be read keeps no other one from being drawn."""
    seen: list[T] = []
    missed: dict[str, str] = {}
    for one in found:
        try:
            seen.append(look(one.id))
        except CorruptStore as error:
            missed[one.id] = str(error)
    return seen, missed


def _picture_of_pilot(pilot: str, who: Who, at: At) -> Picture:
    with at.engine() as engine:
        eyes = who.eyes(engine)
        found = eyes.get(find_pilot(eyes, pilot))
        flow, events = engine.workflow(found.workflow), eyes.history(found.id)
        return pilot_picture(flow, found, events, waiting=_waiting(eyes, found.id), lang=at.screen.lang)


def _waiting(eyes: Eyes, pilot_id: str) -> Waiting | None:
    """Return what a pilot waits for; to a supplier that is not told."""
    try:
        return next(iter(eyes.portfolio(pilots=pilot_id, limit=1).waiting), None)
    except UnknownPilot:
        return None


def timeline(
    pilot: str | None = None,
    /,
    *,
    as_of: str | None = None,
    format: Image | None = None,  # noqa: A002  # the word that people type
    out: str = STDOUT,
    chosen: Chosen = Filters(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Draw the life of a pilot, or the lives of many beside each other, along the months: as SVG or PNG.

    Args:
        pilot: its id, the beginning of it, or your ref; left out, all pilots, or those that are chosen.
        as_of: the day up to which it is drawn, YYYY-MM-DD; today by default.
        format: svg or png; otherwise what the name of the file says, or else svg.
        out: the file to write; `-` is the standard output.
        chosen: which pilots, where none is named.
        who: with a role, only what this person may see.
        at: where pilots are kept.
    """
    form, day = format or _named(out) or "svg", door.as_of(as_of)
    if form == "mermaid":
        raise Usage("no-such-life")
    with at.engine() as engine:
        eyes = who.eyes(engine)
        if pilot is not None:
            drawn, missed = _life(engine, eyes, find_pilot(eyes, pilot), day, at.lang), Missed()
        else:
            drawn, missed = _lives(engine, eyes, chosen, day, at.lang)
    return _write_many(at.screen, drawn, missed, form, out)


def _life(engine: Engine, eyes: Eyes, pilot_id: str, as_of: date | None, lang: str) -> Picture:
    found = eyes.get(pilot_id)
    flow = engine.workflow(found.workflow)
    due = () if as_of is not None else eyes.deadlines(pilots=pilot_id).items  # what was due then is not known now
    return pilot_timeline_picture(flow, found, eyes.history(pilot_id), as_of=as_of or _today(flow), due=due, lang=lang)


def _lives(engine: Engine, eyes: Eyes, chosen: Filters, as_of: date | None, lang: str) -> tuple[Picture, Missed]:
    def life(pilot_id: str) -> tuple[Workflow, Pilot]:
        pilot = eyes.get(pilot_id)
        return engine.workflow(pilot.workflow), pilot

    lives, missed = _read(eyes.each(**chosen.asked()), life)
    lives.sort(key=lambda one: (one[1].path[0].since, one[1].id))
    day = as_of or max((_today(flow) for flow, _ in lives), default=datetime.now(UTC).date())
    return programme_timeline_picture(lives, as_of=day, title=chosen.programme or "", lang=lang), missed


def _today(workflow: Workflow) -> date:
    return day_in(workflow, datetime.now(UTC))


# -- what is written ---------------------------------------------------------------------------------------------------


def _write_text(screen: Screen, kind: str, text: str, out: str) -> int:
    if out == STDOUT:
        if screen.json:
            screen.data({kind: text})
        else:
            screen.raw(text)
        return OK
    write_whole(out, text.splitlines(keepends=True))
    return _tell(screen, out)


def _write_picture(screen: Screen, picture: Picture, form: str, out: str) -> int:
    """Write a picture; as JSON with its words and its table."""
    if form == "png":
        if out == STDOUT and (screen.json or sys.stdout.isatty()):
            raise Usage("png-out")
        write_bytes(out, picture.png())
    elif out == STDOUT and screen.json:
        rows = [dict(zip(picture.heads, row, strict=True)) for row in picture.rows]
        screen.data({"svg": picture.svg(), "title": picture.title, "text": picture.text, "rows": rows})
        return OK
    else:
        write_bytes(out, picture.svg().encode())
    return OK if out == STDOUT else _tell(screen, out)


def _write_many(screen: Screen, picture: Picture, missed: Missed, form: str, out: str) -> int:
    """Write a picture of many pilots, and tell on the error output whom it is without."""
    code = _write_picture(screen, picture, form, out)
    return tell_without(screen, "not-drawn", missed, len(missed)) if missed else code


def _tell(screen: Screen, out: str) -> int:
    if screen.json:
        screen.data({"file": out})
    else:
        screen.item(Text("+", GOOD), screen.tell("drawn", file=out))
    return OK
