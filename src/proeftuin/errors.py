"""Every error that proeftuin raises.

    ProeftuinError
    ├── Refused                 a command was refused; `blockers` say why, all of them
    ├── UnknownPilot            (LookupError)
    ├── PilotExists             the id, or the host's reference, is taken
    ├── UnknownWorkflow         (LookupError)
    ├── WorkflowChanged         the store keeps this version with other content; `held` and `given` are hashes
    ├── DefinitionError         (ValueError) a workflow file has faults; all of them are in `faults`
    ├── ScenarioError           (ValueError) a scenario file has a fault; `file` and `line` say where
    ├── BadArgument             (ValueError) a call was made wrongly: a naive datetime, a float, an empty key
    ├── Conflict                somebody else changed the pilot; `expected` and `actual` are versions
    ├── KeyReused               the idempotency key was used for another command
    ├── Reentered               the engine was called from inside a guard or a hook that may not write
    └── StoreError
        ├── StoreUnavailable    cannot be reached or opened; nothing was written
        ├── StoreBusy           locked by others for too long; nothing was written, try again
        ├── OutcomeUnknown      the connection broke at COMMIT: retry with the same key
        ├── StoreFull           no room left; nothing was written
        ├── SchemaTooNew        written by a later version of proeftuin
        ├── SchemaTooOld        written by an earlier version; open it once where it may be written
        └── CorruptStore        what is stored cannot be read; the message names the place

Each has a `code`, its data as attributes, and a message made from them that says what to do; the driver's error, if
any, is its `__cause__`. All of them can be pickled.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from proeftuin.core.commands import Blocker
from proeftuin.core.faults import Fault


class ProeftuinError(Exception):
    """The base of every error of this library."""

    code: ClassVar[str] = "error"

    def __init_subclass__(cls) -> None:
        """Name the errors of this module after the package, so that every traceback says `proeftuin.Refused`."""
        if cls.__module__ == __name__:
            cls.__module__ = "proeftuin"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by attributes, so that an error can cross a process border whatever its arguments."""
        return (_revive, (type(self), self.args, self.__dict__))


ProeftuinError.__module__ = "proeftuin"


def _revive(kind: type[ProeftuinError], args: tuple[Any, ...], state: dict[str, Any]) -> ProeftuinError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class Refused(ProeftuinError):
    """A command was refused. Nothing was changed.

    Attributes:
        pilot_id: None for a refused `start`.
        trigger: what was fired.
        blockers: every reason, roles first and alone.
    """

    code = "refused"

    def __init__(self, pilot_id: str | None, trigger: str, blockers: Sequence[Blocker]) -> None:
        self.pilot_id = pilot_id
        self.trigger = trigger
        self.blockers = tuple(blockers)
        super().__init__(f"{trigger} refused: {'; '.join(f'{one.code}: {one.text()}' for one in self.blockers)}")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the blockers, each once, in order."""
        return tuple(dict.fromkeys(blocker.code for blocker in self.blockers))

    def as_problem(self, lang: str = "en") -> dict[str, Any]:
        """Return the refusal as an RFC 9457 problem, ready for a JSON answer with status 409.

        Args:
            lang: `en` or `nl`; in another one it is told in English.
        """
        return {
            "type": "urn:proeftuin:refused",
            "title": "Geweigerd" if lang == "nl" else "Refused",
            "status": 409,
            "detail": " ".join(blocker.text(lang) for blocker in self.blockers),
            "pilot": self.pilot_id,
            "trigger": self.trigger,
            "blockers": [_problem(blocker, lang) for blocker in self.blockers],
        }


def _problem(blocker: Blocker, lang: str) -> dict[str, Any]:
    return {
        "code": blocker.code,
        "text": blocker.text(lang),
        "track": blocker.track,
        "params": dict(blocker.params),
        "missing": [
            {
                "trigger": remedy.trigger,
                "track": remedy.track,
                "data": dict(remedy.data),
                "roles": list(remedy.roles),
                "not_before": remedy.not_before and remedy.not_before.isoformat(),
            }
            for remedy in blocker.missing
        ],
    }


class UnknownPilot(ProeftuinError, LookupError):
    """There is no such pilot, or this actor may not know of it."""

    code = "unknown-pilot"

    def __init__(self, pilot_id: str) -> None:
        self.pilot_id = pilot_id
        super().__init__(f"there is no pilot {pilot_id!r} here; `proeftuin list` shows the ids")


class PilotExists(ProeftuinError):
    """The id or the host's reference is taken by another pilot."""

    code = "pilot-exists"

    def __init__(self, pilot_id: str, ref: str | None = None) -> None:
        self.pilot_id = pilot_id
        self.ref = ref
        taken = f"id {pilot_id!r}" if ref is None else f"id {pilot_id!r} or the ref {ref!r}"
        super().__init__(f"a pilot with the {taken} exists already; use another, or fire at that pilot")


class UnknownWorkflow(ProeftuinError, LookupError):
    """No workflow of this name and version is known, or it needs guards that were not given.

    Attributes:
        known: the workflows that there are.
        guards: the names of those guards.
    """

    code = "unknown-workflow"

    def __init__(self, workflow: str, known: Sequence[str] = (), guards: Sequence[str] = ()) -> None:
        self.workflow = workflow
        self.known = tuple(known)
        self.guards = tuple(guards)
        if self.guards:
            super().__init__(f"workflow {workflow!r} needs the guards {', '.join(self.guards)}; give them in `guards=`")
            return
        hint = f"known are {', '.join(self.known)}" if self.known else "give its file in `workflows=`"
        super().__init__(f"there is no workflow {workflow!r}; {hint}")


class WorkflowChanged(ProeftuinError):
    """A workflow was changed without a new version: the store keeps that version with other content.

    Pilots that follow it go on under what the store keeps. No pilot can be started by what was given.

    Attributes:
        workflow: `name@version`.
        held: the hash of what the store keeps.
        given: the hash of what the engine was given.
    """

    code = "workflow-changed"

    def __init__(self, workflow: str, held: str, given: str) -> None:
        self.workflow = workflow
        self.held = held
        self.given = given
        super().__init__(
            f"the store keeps {workflow} as {held[:12]}, and what was given is {given[:12]}; give the change the next "
            f"version, or give what the store keeps. Pilots that follow {workflow} go on under what the store keeps"
        )


class DefinitionError(ProeftuinError, ValueError):
    """A workflow file has faults; `faults` holds all of them, each with its place."""

    code = "definition-error"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ScenarioError(ProeftuinError, ValueError):
    """A scenario file has a fault; nothing of it was played, or nothing after this line."""

    code = "scenario-error"

    def __init__(self, file: str, line: int, text: str) -> None:
        self.file = file
        self.line = line
        self.text = text
        super().__init__(f"{file}:{line}: {text}")


class BadArgument(ProeftuinError, ValueError):
    """A call was made wrongly; nothing was looked at yet."""

    code = "bad-argument"

    def __init__(self, argument: str, problem: str) -> None:
        self.argument = argument
        self.problem = problem
        super().__init__(f"{argument}: {problem}")


class Conflict(ProeftuinError):
    """Somebody else changed the pilot first. Nothing was written: look at it again, then retry."""

    code = "conflict"

    def __init__(self, pilot_id: str, expected: int, actual: int) -> None:
        self.pilot_id = pilot_id
        self.expected = expected
        self.actual = actual
        super().__init__(
            f"pilot {pilot_id!r} is at version {actual}, not {expected}; "
            f"look at it again, then retry with expect={actual}"
        )


class KeyReused(ProeftuinError):
    """The idempotency key was used for another command on this pilot."""

    code = "key-reused"

    def __init__(self, pilot_id: str, key: str) -> None:
        self.pilot_id = pilot_id
        self.key = key
        super().__init__(f"key {key!r} was used for another command on pilot {pilot_id!r}; give each command its own")


class Reentered(ProeftuinError):
    """The engine was called from inside a guard, or a hook that may not write; write after the commit instead."""

    code = "reentered"

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(f"the engine was called from inside {where}; do it in a `committed` hook, or after `fire`")


class StoreError(ProeftuinError):
    """Something is wrong with the store."""

    code = "store-error"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


class StoreUnavailable(StoreError):
    """The store cannot be reached, opened or written; nothing was written."""

    code = "store-unavailable"


class StoreBusy(StoreError):
    """Others held the store for too long; nothing was written, so the same call can be made again."""

    code = "store-busy"


class OutcomeUnknown(StoreError):
    """The connection broke at COMMIT: it may have been written. Retry with the same key."""

    code = "outcome-unknown"


class StoreFull(StoreError):
    """There is no room left; nothing was written."""

    code = "store-full"


class SchemaTooNew(StoreError):
    """The store was written by a later version of proeftuin; nothing was touched."""

    code = "schema-too-new"


class SchemaTooOld(StoreError):
    """The store was written by an earlier version of proeftuin."""

    code = "schema-too-old"


class CorruptStore(StoreError):
    """What is stored cannot be read; the message names the place.

    Attributes:
        pilot_id: the pilot whose summary it is that cannot be read, where it is that.
    """

    code = "corrupt-store"

    def __init__(self, problem: str, *, pilot_id: str | None = None) -> None:
        self.pilot_id = pilot_id
        super().__init__(problem)
