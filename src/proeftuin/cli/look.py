"""What is there: `show`, `history`, `list`, `verify`."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from attrs import asdict
from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli import jsons
from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.options import At, Chosen, Filters, Store, find_pilot, short_ids
from proeftuin.cli.screen import BAD, GOOD, HEAD, SOFT, Screen, clean
from proeftuin.core.metrics import Metric
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.spi import Summary
from proeftuin.views import Row, fold, plain, timeline, word
from proeftuin.views.words import said


def show(pilot: str, /, *, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Show a pilot as it is: its state, tracks, what is kept, who is to sign, and its figures.

    Args:
        pilot: its id, the beginning of it, or your ref.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        found = engine.get(find_pilot(engine, pilot))
        workflow = engine.workflow(found.workflow)
        metrics = engine.metrics(pilots=found.id)
    screen = at.screen
    if screen.json:
        figures = {name: jsons.of_metric(one) for name, one in metrics.items()}
        screen.data({**jsons.of_pilot(found), "metrics": figures})
        return OK
    show_pilot(screen, workflow, found)
    show_metrics(screen, workflow, metrics)
    return OK


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
    edges = [*workflow.edges, *(edge for kind in workflow.tracks.values() for edge in kind.edges)]
    asked = {edge.trigger: edge.sign for edge in edges if edge.sign}
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
    rows = [
        (plain(said(one.label, screen.lang) or name), _figure(screen, workflow, one)) for name, one in metrics.items()
    ]
    screen.table(["", ""], rows)
    for note in dict.fromkeys(
        plain(said(one.note, screen.lang)) for one in metrics.values() if one.note and one.value not in (0, "0.00")
    ):
        screen.show(note, style=SOFT)


def _figure(screen: Screen, workflow: Workflow, metric: Metric) -> str:
    if not isinstance(metric.value, Mapping):
        beside = [f"{word(workflow, name, screen.lang).lower()} {clean(one)}" for name, one in metric.extra.items()]
        return clean(metric.value) + (f" ({', '.join(beside)})" if beside else "")
    parts = []
    for name, one in metric.value.items():
        if one != 0 or len(metric.value) <= 3:  # noqa: PLR2004  # a short list reads better with its zeros
            ratio = f" ({metric.ratios[name].replace('/', ' / ')})" if name in metric.ratios else ""
            parts.append(f"{word(workflow, name, screen.lang).lower()} {clean(one)}{ratio}")
    return ", ".join(parts) or "0"


def history(
    pilot: str,
    /,
    *,
    after: int = 0,
    each: Annotated[bool, Parameter(negative=())] = False,
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show what happened to a pilot: when, who, what.

    Args:
        pilot: its id, the beginning of it, or your ref.
        after: only events behind this version.
        each: one line per event; otherwise alike ones that follow each other are taken together.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        found = find_pilot(engine, pilot)
        events = list(engine.history(found, after=after))
        workflow = engine.workflow(engine.get(found).workflow)
    screen = at.screen
    if screen.json:
        screen.data([jsons.of_event(event) for event in events])
        return OK
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
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """List pilots; every filter that is given must hold.

    Args:
        limit: how many, 1 to 1000.
        after: the id behind which the list goes on.
        chosen: which pilots.
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine:
        page = engine.find(**asdict(chosen), limit=limit, after=after)
        found = [(one, engine.get(one.id), engine.workflow(one.workflow)) for one in page.items]
        short = short_ids([one.id for one in engine.each()])
    if screen.json:
        items = [jsons.of_summary(one, str(pilot.data.get("title", ""))) for one, pilot, _ in found]
        screen.data({"items": items, "next": page.next})
        return OK
    rows = [_line(screen, short.get(one.id, one.id), one, pilot, known) for one, pilot, known in found]
    if rows:
        heads = [screen.tell(f"c-{name}") for name in ("pilot", "title", "organisation", "state", "changed")]
        screen.table(heads, rows, narrow=(0, 4))
    else:
        screen.show(screen.tell("no-pilots"))
    if page.next is not None:
        screen.show(screen.tell("more", id=page.next), style=SOFT)
    return OK


def _line(screen: Screen, name: str, summary: Summary, pilot: Pilot, workflow: Workflow) -> tuple[str, ...]:
    state = word(workflow, summary.state, screen.lang)
    return (
        plain(name),
        clean(pilot.data.get("title")),
        clean(summary.organisation),
        f"{state} ({screen.tell('paused')})" if summary.hold == PAUSED else state,
        summary.updated_at.date().isoformat(),
    )


def verify(pilot: str | None = None, /, *, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Check that nothing recorded was changed, deleted, swapped or inserted.

    Args:
        pilot: its id, the beginning of it, or your ref; left out, all pilots.
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine:
        findings = engine.verify(None if pilot is None else find_pilot(engine, pilot))
        count = 1 if pilot is not None else sum(1 for _ in engine.each())
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
