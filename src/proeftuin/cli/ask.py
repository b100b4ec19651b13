"""Questions about what may be done: `options`, `why`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from proeftuin.cli import jsons
from proeftuin.cli.data import gather
from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.options import Acts, At, Store, Who, find_pilot
from proeftuin.cli.reasons import label, roles_in_words, show_blockers, show_close, show_warnings, to_give
from proeftuin.cli.screen import GOOD, SOFT, Screen
from proeftuin.core.commands import Actor, Option
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine
from proeftuin.errors import UnknownPilot
from proeftuin.views import plain, word

NOT_ALLOWED = {"forbidden-role", "unilateral"}


def options(
    pilot: str,
    /,
    *,
    track: str | None = None,
    all: bool = False,  # noqa: A002  # the API's own word
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show what can be done now, what not yet, and why; for one role, or for everybody.

    Args:
        pilot: its id, the beginning of it, or your ref.
        track: only what concerns this track.
        all: also what is forbidden, and what lies more than one move away.
        who: for whom.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        eyes, asker = who.eyes(engine), who.asker()
        found = engine.get(find_pilot(eyes, pilot))
        workflow = engine.workflow(found.workflow)
        if track is not None and track not in eyes.get(found.id).tracks:
            raise Usage("no-track", track=track)
        askers = [asker] if asker is not None else everybody(workflow, found)
        asked = [(one, _options(engine, found.id, one, track, everything=all)) for one in askers]
    merged = merge(asked)
    screen = at.screen
    if screen.json:
        roles = {"roles": None} if asker is None else {}
        screen.data([{**jsons.of_option(one, at.lang), **(roles and {"roles": who_may})} for one, who_may in merged])
        return OK
    show_options(screen, workflow, pilot, merged, named=asker is None)
    return OK


def why(
    pilot: str,
    trigger: str,
    /,
    *fields: str,
    track: str | None = None,
    data: str | None = None,
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Explain in words why something can or cannot be done now, and what would help.

    Args:
        pilot: its id, the beginning of it, or your ref.
        trigger: what you want to do.
        fields: the data that you would give, as field=value.
        track: the track that it is about.
        data: the same as JSON.
        who: for whom; left out, for a role that may do it.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        found = engine.get(find_pilot(who.eyes(engine), pilot))
        workflow = engine.workflow(found.workflow)
        asker = who.asker() or _whoever_may(engine, workflow, found, trigger, track)
        takes = _explained(engine, found.id, asker, trigger, track).fields if fields else {}
        given = gather(fields, data, takes)
        option = _explained(engine, found.id, asker, trigger, track, given)
    screen = at.screen
    if given is None:
        option = without_data(option)
    if screen.json:
        screen.data({**jsons.of_option(option, at.lang), "roles": sorted(asker.roles)})
    else:
        show_why(screen, workflow, option, asker)
    return OK if option.allowed else REFUSED


def _options(engine: Engine, pilot: str, actor: Actor, track: str | None, *, everything: bool) -> tuple[Option, ...]:
    """Return what an actor may do, as they see it; who sees nothing of a pilot is told by their role alone."""
    try:
        return engine.seen_by(actor).options(pilot, track=track, all=everything)
    except UnknownPilot:
        return engine.options(pilot, actor=actor, track=track, all=everything)


def _explained(  # noqa: PLR0917  # the parts of one question
    engine: Engine, pilot: str, actor: Actor, trigger: str, track: str | None, data: Mapping[str, Any] | None = None
) -> Option:
    try:
        return engine.seen_by(actor).explain(pilot, trigger, data=data, track=track)
    except UnknownPilot:
        return engine.explain(pilot, trigger, actor=actor, data=data, track=track)


def without_data(option: Option) -> Option:
    """Return an option that was judged without any data: that a field is still to be given is no reason why not."""
    from attrs import evolve

    left = tuple(one for one in option.blockers if one.code != "missing-field")
    return evolve(option, blockers=left, allowed=not left)


def everybody(workflow: Workflow, pilot: Pilot) -> list[Actor]:
    """Return one actor per role; for a supplier's roles one per party that takes part."""
    parties = pilot.parties
    found: list[Actor] = []
    for name, role in workflow.roles.items():
        if name != "system":
            sides: Sequence[str | None] = (parties or ["supplier"]) if role.side == "supplier" else [None]
            found += [Actor(f"any {name}", roles={name}, party=party) for party in sides]
    return found


def _whoever_may(engine: Engine, workflow: Workflow, pilot: Pilot, trigger: str, track: str | None) -> Actor:
    """Return an actor whose role is not what stands in the way; the first of all where there is none."""
    askers = everybody(workflow, pilot)
    for one in askers:
        option = engine.explain(pilot.id, trigger, actor=one, track=track)
        if not NOT_ALLOWED & {blocker.code for blocker in option.blockers}:
            return one
    return askers[0]


def merge(asked: Iterable[tuple[Actor, Sequence[Option]]]) -> list[tuple[Option, list[str]]]:
    """Return each option once, as the best that anybody may do with it, and the roles that get that answer."""
    found: dict[Any, tuple[Option, list[str]]] = {}
    for actor, given in asked:
        for option in given:
            key = (option.trigger, option.track, option.to, tuple(option.preset.items()))
            known = found.get(key)
            if known is None or (option.allowed and not known[0].allowed):
                found[key] = option, sorted(actor.roles)
            elif option.allowed == known[0].allowed:
                known[1].extend(role for role in sorted(actor.roles) if role not in known[1])
    return list(found.values())


def show_options(
    screen: Screen, workflow: Workflow, pilot: str, merged: Sequence[tuple[Option, list[str]]], *, named: bool
) -> None:
    """Write options in three groups: moves, what is not yet possible and why, and what is only recorded.

    Args:
        screen: where to.
        workflow: the one that the pilot follows.
        pilot: whose options these are, as the user named it.
        merged: each option with the roles that it is for.
        named: say who may, as the question was for everybody.
    """
    for head, chosen in _groups(merged):
        screen.head(screen.tell(head))
        if head in {"h-not-yet", "h-cannot"}:
            for option, roles in chosen:
                who = screen.tell("by", roles=roles_in_words(workflow, roles, screen.lang)) if named else ""
                screen.item(Text("x", "red"), _line(workflow, option, screen.lang).append(f" {who}", SOFT))
                show_blockers(screen, workflow, option.blockers, indent=2)
        else:
            _table(screen, workflow, chosen, named=named)
    screen.show()
    waiting = next((one for one, _ in merged if not one.allowed), None)
    if waiting is not None:
        track = "" if waiting.track is None else f" --track {waiting.track}"
        screen.show(screen.tell("next-why", pilot=pilot, trigger=f"{waiting.trigger}{track}"), style=SOFT)


def _groups(merged: Sequence[tuple[Option, list[str]]]) -> Iterator[tuple[str, list[tuple[Option, list[str]]]]]:
    moves = [one for one in merged if one[0].allowed and one[0].kind == "move"]
    records = [one for one in merged if one[0].allowed and one[0].kind == "record"]
    not_yet = [one for one in merged if not one[0].allowed]
    for head, chosen in (("h-now", moves), ("h-not-yet", not_yet), ("h-record", records)):
        if chosen:
            yield head, chosen


def _line(workflow: Workflow, option: Option, lang: str) -> Text:
    told = [label(option, lang)]
    told += [word(workflow, value, lang) for value in option.preset.values() if isinstance(value, str)]
    if option.track is not None:
        told.append(f"({plain(option.track)})")
    line = Text(" ".join(told))
    if option.to is not None:
        line.append(f" -> {word(workflow, option.to, lang)}", GOOD)
    return line


def _table(screen: Screen, workflow: Workflow, chosen: Sequence[tuple[Option, list[str]]], *, named: bool) -> None:
    """Write options that are open: to give what, or, for everybody, by whom."""
    lang = screen.lang
    rows = [
        (
            plain(option.trigger),
            _line(workflow, option, lang),
            roles_in_words(workflow, roles, lang) if named else to_give(option),
        )
        for option, roles in chosen
    ]
    screen.table([screen.tell("c-trigger"), screen.tell("c-what"), screen.tell("c-who" if named else "c-give")], rows)


def show_why(screen: Screen, workflow: Workflow, option: Option, asker: Actor) -> None:
    """Write one option in full."""
    what = label(option, screen.lang)
    roles = screen.tell("and").join(word(workflow, role, screen.lang) for role in sorted(asker.roles))
    screen.show(
        Text(screen.tell("can" if option.allowed else "cannot", what=what), "bold").append(
            f"  {screen.tell('asked-as', roles=roles)}", SOFT
        )
    )
    show_blockers(screen, workflow, option.blockers)
    show_close(screen, workflow, option.trigger, [one.code for one in option.blockers])
    show_warnings(screen, option.warnings)
    if option.allowed and option.fields:
        screen.item(screen.tell("to-give"), to_give(option))
