"""Subscriptions and lanes: who gets what, how far each is, and what to do about what failed."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from cyclopts import Parameter, validators
from rich.text import Text

from proeftuin.cli.exits import OK
from proeftuin.cli.options import At, Store, find_pilot
from proeftuin.cli.screen import CARE, GOOD, SOFT, Screen, clean
from proeftuin.delivery import Subscriber
from proeftuin.engine import Engine
from proeftuin.spi import Lane
from proeftuin.views import plain

Words = Annotated[tuple[str, ...], Parameter(negative=())]
Flag = Annotated[bool, Parameter(negative=())]
Many = Annotated[int, Parameter(validator=validators.Number(gte=1))]

SHOWN = 50
"""How many lanes are shown, where nothing else was said."""
PAGE = 1000


def subscribe(
    name: str,
    /,
    *,
    type: Words = (),  # noqa: A002  # the option's own word
    workflow: Words = (),
    of_party: str | None = None,
    from_beginning: Flag = False,
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Subscribe: from now on, events wait for whoever is meant until they are delivered.

    Under a name that is known it changes what is wanted, and goes on where it was.

    Args:
        name: what the subscription is called.
        type: a type of event that is wanted, such as track.moved; repeat it for several. Left out: all.
        workflow: the name of a workflow whose pilots are wanted; repeat it for several. Left out: all.
        of_party: a supplier, which gets what happens on its own tracks. Left out: the client's side, which gets all.
        from_beginning: also what has happened until now; for a new subscription only.
        at: where pilots are kept.
    """
    start: Literal["now", "beginning"] = "beginning" if from_beginning else "now"
    wanted: dict[str, Any] = {"types": type or None, "workflows": workflow or None, "party": of_party}
    with at.engine() as engine:
        new = name not in {one.name for one in engine.subscriptions()}
        kept = engine.subscribe(name, start=start, **wanted)
    screen = at.screen
    if screen.json:
        screen.data({**_told(kept), "new": new})
        return OK
    when = screen.tell(f"l-{start}" if new else "l-now")
    screen.item(Text("+", GOOD), screen.tell("l-subscribed", name=name, what=_what(screen, kept), start=when))
    screen.show(screen.tell("l-next", name=name), style=SOFT, indent=2)
    return OK


def unsubscribe(name: str, /, *, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Forget a subscription, and how far it was.

    Args:
        name: what it is called.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        was = engine.unsubscribe(name)
    screen = at.screen
    if screen.json:
        screen.data({"name": name, "was": was})
    elif was:
        screen.item(Text("+", GOOD), screen.tell("l-unsubscribed", name=name))
    else:
        screen.show(screen.tell("l-not-subscribed", name=name))
    return OK


def subscriptions(*, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """List who subscribed to what, and how far each is behind.

    Args:
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine:
        found = [(one, engine.lag(one.name)) for one in engine.subscriptions()]
    if screen.json:
        lags = [{"lanes": lag.lanes, "behind": lag.behind, "parked": lag.parked} for _, lag in found]
        screen.data([{**_told(one), **lag} for (one, _), lag in zip(found, lags, strict=True)])
    elif found:
        heads = [screen.tell(f"l-{one}") for one in ("name", "what", "lanes", "behind", "parked")]
        rows = [
            (plain(one.name), _what(screen, one), str(lag.lanes), str(lag.behind), str(lag.parked))
            for one, lag in found
        ]
        screen.table(heads, rows)
    else:
        screen.show(screen.tell("l-no-subscriptions"))
    return OK


def lanes(
    name: str,
    /,
    *,
    parked: Flag = False,
    all: Flag = False,  # noqa: A002  # the option's own word
    limit: Many = SHOWN,
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show how far a subscriber is, pilot by pilot: what waits, what failed, and why.

    Args:
        name: the subscription.
        parked: only what was set aside after too many failures.
        all: also pilots of which everything has arrived.
        limit: show so many at most.
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine:
        lag = engine.lag(name)
        shown: list[Lane] = []
        for one in _each(engine, name, parked=True if parked else None):
            if len(shown) >= limit:
                break
            if all or one.target > one.delivered:
                shown.append(one)
    if screen.json:
        counts = {"lanes": lag.lanes, "behind": lag.behind, "parked": lag.parked}
        screen.data({"name": name, **counts, "items": [_row(one) for one in shown]})
        return OK
    if not shown:
        screen.show(screen.tell("l-none-parked" if lag.behind else "l-up-to-date", count=lag.behind))
        return OK
    heads = [screen.tell(f"l-{one}") for one in ("pilot", "reached", "attempts", "due", "error")]
    screen.table(heads, [_cells(screen, one) for one in shown])
    if lag.parked:
        screen.show(screen.tell("l-how-to-resend", name=name), style=SOFT, indent=2)
    return OK


def resend(name: str, pilot: str | None = None, /, *, after: int | None = None, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Send again: what was parked, or the history of one pilot from a version on.

    Args:
        name: the subscription.
        pilot: its id, the beginning of it, or your ref; left out, every pilot that is parked.
        after: send everything behind this version, 0 for the whole history; left out, what did not arrive.
        at: where pilots are kept.
    """
    with at.engine() as engine:
        count = engine.resend(name, None if pilot is None else find_pilot(engine, pilot), after=after)
    screen = at.screen
    if screen.json:
        screen.data({"name": name, "lanes": count})
    elif count:
        screen.item(Text("+", GOOD), screen.tell("l-resent", count=count))
    else:
        screen.show(screen.tell("l-nothing-resent"))
    return OK


def _each(engine: Engine, name: str, *, parked: bool | None) -> Iterator[Lane]:
    after: str | None = None
    while page := engine.lanes(name, parked=parked, limit=PAGE, after=after):
        yield from page
        after = page[-1].pilot_id


def _told(one: Subscriber) -> dict[str, Any]:
    return {"name": one.name, "types": one.types, "workflows": one.workflows, "party": one.party}


def _what(screen: Screen, one: Subscriber) -> str:
    """Say in words what a subscriber gets."""
    words = [screen.tell("l-everything") if one.types is None else screen.tell("l-types", types=", ".join(one.types))]
    if one.workflows is not None:
        words.append(screen.tell("l-of-workflows", workflows=", ".join(one.workflows)))
    if one.party is not None:
        words.append(screen.tell("l-of-party", party=one.party))
    return " ".join(words)


def _row(one: Lane) -> dict[str, Any]:
    return {
        "pilot": one.pilot_id,
        "delivered": one.delivered,
        "target": one.target,
        "failures": one.attempts,
        "due": one.due and one.due.isoformat(),
        "claimed": one.claimed,
        "parked": one.parked,
        "error": one.error,
    }


def _cells(screen: Screen, one: Lane) -> tuple[str | Text, ...]:
    due: str | Text = clean(one.due and one.due.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z"))
    if one.parked:
        due = Text(screen.tell("l-is-parked"), CARE)
    elif one.claimed:
        due = screen.tell("l-is-claimed")
    return plain(one.pilot_id), f"{one.delivered}/{one.target}", str(one.attempts), due, clean(one.error)
