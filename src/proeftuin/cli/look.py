"""What is there: `show`, `history`, `list`, `counts`, `tenants`, `verify`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from proeftuin.chains import Link
from proeftuin.cli import jsons
from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.options import Acts, At, Chosen, Eyes, Filters, Store, Who, find_pilot, flow_of, short_ids
from proeftuin.cli.screen import BAD, GOOD, HEAD, SOFT, Screen, clean
from proeftuin.cli.whole import kept_lines
from proeftuin.core.metrics import Metric
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine
from proeftuin.errors import CorruptStore, UnknownPilot
from proeftuin.spi import Summary, Tally
from proeftuin.views import Row, fold, plain, timeline, word
from proeftuin.views.days import day_in
from proeftuin.views.figures import Words
from proeftuin.views.words import said

WITH_UNIT = {"EUR", "percent"}  # of the others the name tells it


def show(
    pilot: str,
    /,
    *,
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show a pilot as it is: its state, tracks, what is kept, who is to sign, and its figures.

    Args:
        pilot: its id, the beginning of it, or your ref.
        who: with a role, only what this person may see.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        eyes = who.eyes(engine)
        found = eyes.get(find_pilot(eyes, pilot))
        workflow = engine.workflow(found.workflow)
        metrics = _figures(eyes, found.id)
        links = eyes.chain(found.id)
        followed = {one.pilot.workflow: engine.workflow(one.pilot.workflow) for one in links}
    screen = at.screen
    if screen.json:
        figures = {name: jsons.of_metric(one, at.lang) for name, one in metrics.items()}
        chain = [{"pilot": one.pilot.id, "follows": one.follows, "trigger": one.trigger} for one in links]
        screen.data({**jsons.of_pilot(found), "metrics": figures, "chain": chain})
        return OK
    show_pilot(screen, workflow, found)
    if len(links) > 1:
        show_chain(screen, followed, links, found.id)
    show_metrics(screen, workflow, metrics)
    return OK


def show_chain(screen: Screen, workflows: Mapping[str, Workflow], links: Iterable[Link], own: str) -> None:
    """Write the pilots of a chain, each below the one that it came from, with a mark at this one."""
    screen.head(screen.tell("h-chain"))
    rows = []
    for one in links:
        pilot, workflow = one.pilot, workflows[one.pilot.workflow]
        name = f"{'  ' * one.depth}{clean(pilot.data.get('title'))}{' *' if pilot.id == own else ''}"
        kind, state = plain(said(workflow.label, screen.lang)), word(workflow, pilot.state, screen.lang)
        rows.append((name, kind, state, plain(pilot.id)))
    screen.table([""] * 4, rows)


def _figures(eyes: Eyes, pilot_id: str) -> Mapping[str, Metric]:
    """Return the figures of a pilot that is seen; to a supplier there are none."""
    try:
        return eyes.metrics(pilots=pilot_id)
    except UnknownPilot:
        return {}


def show_pilot(screen: Screen, workflow: Workflow, pilot: Pilot) -> None:
    """Write a pilot without its figures."""
    lang, data = screen.lang, pilot.data
    screen.show(Text(f"{clean(data.get('title'))}, {clean(data.get('organisation'))}", HEAD))
    screen.show(
        f"{plain(pilot.id)}  {plain(pilot.workflow)}  {screen.tell('version', version=pilot.version)}", style=SOFT
    )
    screen.show(state_in_words(screen, workflow, pilot))
    if pilot.tracks:
        screen.head(screen.tell("h-tracks"))
        rows = [
            (
                plain(one.key),
                word(workflow, one.kind, lang),
                word(workflow, one.state, lang),
                screen.tell("since", day=one.since),
            )
            for one in pilot.tracks.values()
        ]
        screen.table([""] * 4, rows)
    if pilot.assignments:
        screen.head(screen.tell("h-duties"))
        duties = [
            (word(workflow, one.data.get("duty"), lang), clean(one.data.get("person")), plain(one.track or ""))
            for one in pilot.assignments
        ]
        screen.table([""] * 3, duties)
    if pilot.signatures:
        screen.head(screen.tell("h-signatures"))
        screen.table([""] * 3, list(_signatures(workflow, pilot, lang)))
    if pilot.kept:
        screen.head(screen.tell("h-records"))
        counts = [f"{word(workflow, kind, lang)} {len(held)}" for kind, held in pilot.kept.items() if held]
        screen.show(", ".join(counts))


def state_in_words(screen: Screen, workflow: Workflow, pilot: Pilot) -> Text:
    """Return where a pilot is, on one line."""
    told = Text(word(workflow, pilot.state, screen.lang), GOOD)
    if pilot.hold == PAUSED:
        until = pilot.data.get("resume_by")
        told.append(f", {screen.tell('paused')}{f' ({plain(until)})' if until else ''}", BAD)
    if pilot.outcome:
        told.append(f", {screen.tell('outcome', outcome=word(workflow, pilot.outcome, screen.lang))}", "")
    told.append(f", {screen.tell('since', day=pilot.since)}", SOFT)
    if pilot.cycle > 1:
        told.append(f", {screen.tell('round', cycle=pilot.cycle)}", SOFT)
    return told


def _signatures(workflow: Workflow, pilot: Pilot, lang: str) -> Iterator[tuple[str, str, str]]:
    """Give each signature under a trigger that waits for others, and then those others."""
    asked = {edge.trigger: edge.sign for edge in workflow.all_edges if edge.sign}
    for trigger, track in dict.fromkeys((one.trigger, one.track) for one in pilot.signatures):
        votes = {one.role: one.actor for one in pilot.signatures if (one.trigger, one.track) == (trigger, track)}
        for role in asked.get(trigger, tuple(votes)):
            what = f"{word(workflow, trigger, lang)}{f' ({plain(track)})' if track else ''}"
            yield what, word(workflow, role, lang), plain(votes[role]) if role in votes else "..."


def show_metrics(screen: Screen, workflow: Workflow, metrics: Mapping[str, Metric]) -> None:
    """Write figures, with the parts of one that has parts beside it."""
    if not metrics:
        return
    screen.head(screen.tell("h-metrics"))
    words = Words([workflow], screen.lang)
    rows = [(plain(said(one.label, screen.lang) or name), _figure(words, one)) for name, one in metrics.items()]
    screen.table(["", ""], rows)
    for one in metrics.values():
        if one.refused is not None:
            screen.item(Text("-", BAD), f"{said(one.label, screen.lang)}: {plain(one.refused.text(screen.lang))}")
    for note in dict.fromkeys(
        plain(said(one.note, screen.lang)) for one in metrics.values() if one.note and one.value not in (0, "0.00")
    ):
        screen.show(note, style=SOFT)


def _figure(words: Words, metric: Metric) -> str:
    if not isinstance(metric.value, Mapping):
        beside = [f"{words.part(name).lower()} {clean(one)}" for name, one in metric.extra.items()]
        unit = f" {words.unit(metric.unit)}" if metric.unit in WITH_UNIT and metric.value is not None else ""
        return clean(metric.value) + unit + (f" ({', '.join(beside)})" if beside else "")
    parts = []
    for name, one in metric.value.items():
        if one != 0 or len(metric.value) <= 3:  # noqa: PLR2004  # a short list reads better with its zeros
            ratio = f" ({metric.ratios[name].replace('/', ' / ')})" if name in metric.ratios else ""
            parts.append(f"{words.part(name).lower()} {clean(one)}{ratio}")
    return ", ".join(parts) or "0"


def history(
    pilot: str,
    /,
    *,
    after: int = 0,
    each: Annotated[bool, Parameter(negative=())] = False,
    chain: Annotated[bool, Parameter(negative=())] = False,
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show what happened to a pilot: when, who, what.

    Args:
        pilot: its id, the beginning of it, or your ref.
        after: only events behind this version.
        each: one line per event; otherwise alike ones that follow each other are taken together.
        chain: also what happened to the pilots that it came from, and to those that came of it, as one story.
        who: with a role, only what this person may see.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        eyes = who.eyes(engine)
        found = find_pilot(eyes, pilot)
        pilots = [one.pilot for one in eyes.chain(found)] if chain else [eyes.get(found)]
        told = [(one, engine.workflow(one.workflow), list(eyes.history(one.id, after=after))) for one in pilots]
    screen = at.screen
    if screen.json:
        screen.data([jsons.of_event(event) for _, _, events in told for event in events])
        return OK
    for one, workflow, events in told:
        if len(told) > 1:
            screen.head(f"{clean(one.data.get('title'))} ({plain(said(workflow.label, at.lang))})")
        rows = timeline(workflow, events, lang=at.lang)
        show_rows(screen, rows if each else fold(rows))
    return OK


def show_rows(screen: Screen, rows: tuple[Row, ...]) -> None:
    """Write a timeline; a day that is the same as the one before is left out."""
    shown = []
    day = ""
    for row in rows:
        new = row.on.isoformat()
        shown.append((new if new != day else "", row.who, row.what))
        day = new
    heads = [screen.tell("c-date"), screen.tell("c-who"), screen.tell("c-what")]
    screen.table(heads, shown, widest={1: max(16, screen.width // 4)})


def list_(
    *,
    limit: int = 100,
    after: str | None = None,
    chosen: Chosen = Filters(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """List pilots; every filter that is given must hold.

    Args:
        limit: how many, 1 to 1000.
        after: the id behind which the list goes on.
        chosen: which pilots.
        who: with a role, only what this person may see.
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine:
        eyes = who.eyes(engine)
        page = eyes.find(**chosen.asked(), limit=limit, after=after)
        found = [(one, _title(eyes, one.id), flow_of(engine, one.workflow)) for one in page.items]
        short = short_ids([one.id for one in eyes.each()])
    if screen.json:
        items = [jsons.of_summary(one, title or "") for one, title, _ in found]
        screen.data({"items": items, "next": page.next})
        return OK
    rows = [_line(screen, short.get(one.id, one.id), one, title, known) for one, title, known in found]
    if rows:
        heads = [screen.tell(f"c-{name}") for name in ("pilot", "title", "organisation", "state", "changed")]
        screen.table(heads, rows, narrow=(0, 4))
    else:
        screen.show(screen.tell("no-pilots"))
    if page.next is not None:
        screen.show(screen.tell("more", id=page.next), style=SOFT)
    return OK


def _title(eyes: Eyes, pilot_id: str) -> str | None:
    """Return what a pilot is called; None of one that is damaged, which keeps no other one from being listed."""
    try:
        return str(eyes.get(pilot_id).data.get("title", ""))
    except CorruptStore:
        return None


def _line(screen: Screen, name: str, summary: Summary, title: str | None, workflow: Workflow | None) -> tuple[str, ...]:
    state = plain(summary.state) if workflow is None else word(workflow, summary.state, screen.lang)
    changed = summary.updated_at.date() if workflow is None else day_in(workflow, summary.updated_at)
    unread = f"({screen.tell('unreadable')})" if title is None or workflow is None else ""
    return (
        plain(name),
        f"{clean(title or '')} {unread}".strip(),
        clean(summary.organisation),
        f"{state} ({screen.tell('paused')})" if summary.hold == PAUSED else state,
        changed.isoformat(),
    )


def counts(
    *,
    chosen: Chosen = Filters(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Count pilots, by phase and state; every filter that is given must hold.

    Args:
        chosen: which pilots.
        who: with a role, only what this person may see.
        at: where pilots are kept.
    """
    screen, filters = at.screen, chosen.asked()
    with at.engine() as engine:
        tallies = who.eyes(engine).count(**filters)
        rows = [row for _, row in sorted(_tally(engine, one, filters, at.lang) for one in tallies)]
    total = sum(one.pilots for one in tallies)
    if screen.json:
        told = [{"phase": one.phase, "state": one.state, "pilots": one.pilots} for one in tallies]
        screen.data({"counts": told, "pilots": total})
        return OK
    if rows:
        heads = [screen.tell(f"c-{name}") for name in ("phase", "state", "pilots")]
        screen.table(heads, [*rows, ("", screen.tell("total"), str(total))], narrow=())
    else:
        screen.show(screen.tell("no-pilots"))
    return OK


def _tally(engine: Engine, tally: Tally, filters: Mapping[str, Any], lang: str) -> tuple[int, tuple[str, str, str]]:
    """Return a count in the words of the workflow that one of its pilots follows, and the place of its state there."""
    own = {"phase": tally.phase, "state": tally.state}
    found = engine.find(**{**filters, **own}, limit=1).items
    if not found:  # the last one moved on meanwhile
        return 0, (plain(tally.phase), plain(tally.state), str(tally.pilots))
    workflow = flow_of(engine, found[0].workflow)
    if workflow is None:
        return 0, (plain(tally.phase), plain(tally.state), str(tally.pilots))
    place = list(workflow.states).index(tally.state)
    return place, (word(workflow, tally.phase, lang), word(workflow, tally.state, lang), str(tally.pilots))


def tenants(*, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """List the tenants that have pilots in a store.

    Args:
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine:
        found = engine.tenants()
    if screen.json:
        screen.data(list(found))
    elif found:
        for one in found:
            screen.raw(f"{plain(one)}\n")
    else:
        screen.show(screen.tell("no-pilots"))
    return OK


def verify(pilot: str | None = None, /, *, against: Path | None = None, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Check that nothing recorded was changed, deleted, swapped or inserted.

    Args:
        pilot: its id, the beginning of it, or your ref; left out, all pilots.
        against: a checkpoint that another party kept: only with one can it be seen that an end was cut off, or that all
            of a history was written anew.
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine, kept_lines(against) as marks:
        findings = engine.verify(None if pilot is None else find_pilot(engine, pilot), against=marks)
        count = 1 if pilot is not None else sum(one.pilots for one in engine.count())
    if screen.json:
        screen.data(
            {
                "pilots": count,
                "findings": [
                    {"pilot": one.pilot_id, "version": one.version, "problem": one.problem} for one in findings
                ],
            }
        )
    elif findings:
        for one in findings:
            screen.item(Text("x", BAD), plain(one))
        screen.show(screen.tell("findings", count=len(findings)), style=BAD)
    else:
        screen.show(screen.tell("whole" if pilot is None else "whole-one", count=count))
    return REFUSED if findings else OK
