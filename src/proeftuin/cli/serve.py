"""`serve`: the board in a browser, for one person on this machine."""

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from proeftuin.cli.exits import OK, Usage
from proeftuin.cli.options import Acts, At, Store, Who
from proeftuin.cli.screen import SOFT, Screen
from proeftuin.cli.time import stopping

if TYPE_CHECKING:
    from proeftuin.core.commands import Actor
    from proeftuin.web.guarding import Authorize

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Port = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))]
Exposed = Annotated[bool, Parameter(negative=())]


def serve(
    *,
    host: str = "127.0.0.1",
    port: Port = 8000,
    exposed: Exposed = False,
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Serve the board to one person on this machine, in a browser, until it is told to stop (SIGTERM or Ctrl-C).

    Nobody signs in: whoever opens the address acts as who was named. For more people mount `proeftuin.web.app` in a
    tool that knows them.

    Args:
        host: where it listens.
        port: likewise; 0 means any that is free.
        exposed: listen also where others can reach it.
        who: as whom whoever opens it acts.
        at: where pilots are kept.
    """
    actor, screen = who.actor(), at.screen
    if host not in LOOPBACK and not exposed:
        raise Usage("v-elsewhere", host=host, who=actor.id)
    try:
        from proeftuin.web import app
        from proeftuin.web.serving import serve as served
    except ModuleNotFoundError as error:
        raise Usage("v-missing") from error
    with at.engine() as engine, stopping():
        for one in engine.workflows():
            engine.workflow(one)  # read now, so that the first page need not wait for it
        board = app(engine, authorize=_only(actor, LOOPBACK if host in LOOPBACK else None))
        served(board, host, port, lambda url: _told(screen, url, actor))
    screen.show(screen.tell("v-ended"), style=SOFT)
    return OK


def _told(screen: Screen, url: str, actor: "Actor") -> None:
    """Say where the board is."""
    screen.show(screen.tell("v-ready", url=url))
    screen.show(screen.tell("v-who", who=actor.id), style=SOFT)
    sys.stdout.flush()


def _only(actor: "Actor", names: frozenset[str] | None) -> "Authorize":
    """Return what lets in whoever asks for this machine by its name.

    Args:
        actor: as whom they act.
        names: what the machine is called; None means whatever.

    Note:
        A page of somebody else may be reached under a name that leads here, and would then count as ours.
    """
    return lambda request: actor if names is None or request.url.hostname in names else None
