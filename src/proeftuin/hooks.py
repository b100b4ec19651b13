"""Hooks in process: objects of the host that are called at seven moments of a command.

A hook is any object with some of these methods, each with one frozen argument (see `spi`):

- `before(Before)`: may veto by returning a `Blocker`; sees the decision; may not call the engine;
- `recorded(Recorded)`: inside the transaction; what it raises undoes the commit and is raised on;
- `committed(Committed)`: after the commit; best effort: what it raises (`SystemExit` too) is logged, others still run;
- `refused(RefusedCommand)`, `conflicted(Conflicted)`: after a refusal, after a lost race; best effort likewise;
- `began(Began)`, `ended(Ended)`: around all that, once per call of the engine; best effort, and they may not write.

They are plain functions, which `AsyncEngine` too calls in the thread of the command: nobody would await a coroutine.
What may hang, or must happen, does not belong in a hook.

A package may offer one through the entry-point group `proeftuin.hooks`: the hook itself, or a class or function that
makes one of nothing. `Engine.open` calls those, in order of their names, unless it is given hooks.
"""

import threading
from collections.abc import Callable, Iterable
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar

from proeftuin import log
from proeftuin.core.commands import Blocker
from proeftuin.errors import BadArgument, Reentered
from proeftuin.installed import loaded, offered, unusable
from proeftuin.spi import Before, Began, Committed, Conflicted, Ended, Hook, Recorded, RefusedCommand

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "proeftuin.hooks"
MOMENTS = ("before", "recorded", "committed", "refused", "conflicted", "began", "ended")

Returned = TypeVar("Returned")


def _methods(hook: Hook) -> dict[str, Callable[[Any], Any]]:
    """Return the methods that a hook has; one that is None is not there."""
    found = {moment: call for moment in MOMENTS if (call := getattr(hook, moment, None)) is not None}
    kind = type(hook).__name__
    if not found:
        raise BadArgument("hooks", f"a {kind} has none of the methods {', '.join(MOMENTS)}")
    for moment, call in found.items():
        if not callable(call):
            raise BadArgument("hooks", f"`{moment}` of a {kind} is no method")
        if iscoroutinefunction(call):
            raise BadArgument("hooks", f"`{moment}` is asynchronous, and nothing awaits it; write a plain one")
    return found


def installed() -> tuple[Hook, ...]:
    """Return the hooks that installed packages offer, in order of the names of their entry points.

    Raises:
        BadArgument: for one that cannot be loaded or made, or is no hook.
    """
    return tuple(_made(point) for point in offered(GROUP))


def _made(point: "EntryPoint") -> Hook:
    """Return what an entry point names where that is a hook, and otherwise what it makes."""
    found = loaded(point, "hooks")
    try:
        ready = not isinstance(found, type) and any(hasattr(found, moment) for moment in MOMENTS)
        hook: Hook = found if ready else found()
        _methods(hook)
    except BadArgument as error:
        raise unusable(point, "hooks", f"cannot be used: {error.problem}") from error
    except Exception as error:
        raise unusable(point, "hooks", f"makes no hook: {type(error).__name__}: {error}") from error
    return hook


class _Closed:
    """A block in which a thread may not call the engine. A class, as a generator would take four times as long."""

    __slots__ = ("_inside", "_outer", "_where")

    def __init__(self, inside: threading.local, where: str) -> None:
        self._inside = inside
        self._where = where

    def __enter__(self) -> None:
        self._outer = getattr(self._inside, "where", None)
        self._inside.where = self._where

    def __exit__(self, *_: object) -> None:
        self._inside.where = self._outer


class Hooks:
    """The host's hooks, in the order given.

    Raises:
        BadArgument: for an object that has none of the methods, or one of them that is asynchronous or no method.
    """

    def __init__(self, hooks: Iterable[Hook] = ()) -> None:
        self._calls: dict[str, list[Callable[[Any], Any]]] = {moment: [] for moment in MOMENTS}
        for hook in hooks:
            for moment, call in _methods(hook).items():
                self._calls[moment].append(call)
        self._inside = threading.local()

    def __bool__(self) -> bool:
        """Whether there is any hook."""
        return any(self._calls.values())

    def listens(self, moment: str) -> bool:
        """Whether any hook has this method."""
        return bool(self._calls[moment])

    def closed(self, where: str) -> _Closed:
        """Refuse calls of the engine from this thread while inside."""
        return _Closed(self._inside, where)

    def check(self) -> None:
        """Raise `Reentered` when called from inside a guard, or a hook that may not write."""
        where = getattr(self._inside, "where", None)
        if where is not None:
            raise Reentered(where)

    def before(self, moment: Before) -> list[Blocker]:
        """Return the vetoes.

        Raises:
            BadArgument: for an answer that is neither a `Blocker` nor nothing.
        """
        with self.closed("a `before` hook"):
            vetoes = [veto for call in self._calls["before"] if (veto := call(moment)) is not None]
        for veto in vetoes:
            if not isinstance(veto, Blocker):
                raise BadArgument("hooks", f"`before` must return a Blocker or None, not {type(veto).__name__}")
        return vetoes

    def recorded(self, moment: Recorded) -> None:
        """Call inside the transaction; what is raised undoes the commit."""
        with self.closed("a `recorded` hook"):
            for call in self._calls["recorded"]:
                call(moment)

    @property
    def frames(self) -> bool:
        """Whether any hook wants to know when calls begin and end."""
        return self.listens("began") or self.listens("ended")

    def framed(self, began: Began, call: Callable[[], Returned]) -> Returned:
        """Make a call of the engine, and tell that it begins and how it ended, which is told whatever happens.

        Raises:
            Reentered: from inside a guard or a hook that may not write. It is not told: one of these would tell itself.
        """
        if not self.frames:
            return call()
        self.check()
        result, raised = None, None
        try:
            with self.closed("a `began` hook"):
                self.after("began", began)
            result = call()
        except BaseException as error:
            raised = error
            raise
        else:
            return result
        finally:
            with self.closed("an `ended` hook"):
                self.after("ended", Ended(began, result, raised))

    def after(self, name: str, moment: Committed | RefusedCommand | Conflicted | Began | Ended) -> None:
        """Call best effort: an exception is logged, the others still run, nothing is undone.

        An interrupt, which is not the hook's own, is raised when all have run.
        """
        interrupts: list[BaseException] = []
        for call in self._calls[name]:
            try:
                call(moment)
            except (Exception, SystemExit) as error:  # noqa: BLE001  # a hook after the fact may break nothing
                log.warning("hook-failed", moment=name, error=type(error).__name__)
            except BaseException as error:  # noqa: BLE001  # it is raised below
                interrupts.append(error)
        if interrupts:
            raise interrupts[0]
