"""What the exit codes mean, and how an error becomes a message: to stderr, in words, or as JSON for scripts.

0   done, or nothing to report
1   refused; a scenario came out differently; lint, verify or a file has faults; tick or a drawing of many could not
    read a pilot;
    doctor found something missing; not every pilot can be migrated, or was; a replay differs; a delivery failed; the
    tables must be upgraded
2   the command was given wrongly
3   there is no such pilot or workflow
4   somebody else was first: a conflict, an id or ref that is taken, a key used for another command, a version that
    the store keeps with other content
5   the store, or a file, cannot be read or written
130 stopped by the user
"""

from collections.abc import Mapping
from typing import Any, Final

from proeftuin.cli.jsontext import json_text
from proeftuin.cli.words import WORDS, tell
from proeftuin.errors import (
    Conflict,
    DefinitionError,
    KeyReused,
    PilotExists,
    ProeftuinError,
    Refused,
    ScenarioError,
    StoreError,
    UnknownPilot,
    UnknownWorkflow,
    WorkflowChanged,
)
from proeftuin.views import plain

OK: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
UNKNOWN: Final = 3
CONFLICT: Final = 4
STORE: Final = 5
STOPPED: Final = 130


class Usage(Exception):
    """The command was given wrongly.

    Args:
        which: the word of `WORDS` that says how.
        facts: what its template is filled with.
    """

    code = "usage"

    def __init__(self, which: str, **facts: object) -> None:
        self.which = which
        self.facts = facts
        super().__init__(tell("en", which, **facts))


class Faulty(Usage):
    """A file that was given is not whole, or was changed."""

    code = "faulty-file"


class NoStore(StoreError):
    """There is no store where one was said to be."""

    code = "no-store"

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(tell("en", "no-store", url=url))


_CODES: tuple[tuple[type[Exception], int], ...] = (
    (Refused, REFUSED),
    (DefinitionError, REFUSED),
    (ScenarioError, REFUSED),
    (Faulty, REFUSED),
    (UnknownPilot, UNKNOWN),
    (UnknownWorkflow, UNKNOWN),
    (Conflict, CONFLICT),
    (KeyReused, CONFLICT),
    (PilotExists, CONFLICT),
    (WorkflowChanged, CONFLICT),
    (StoreError, STORE),
    (OSError, STORE),
)


def exit_code(error: Exception) -> int:
    """Return the exit code of an error; what was given wrongly where nothing else fits."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), USAGE)


def message(error: Exception, lang: str) -> str:
    """Return what went wrong and what to do, in words; the engine's own English where there are no others."""
    if isinstance(error, Usage):
        return tell(lang, error.which, **error.facts)
    which = f"error/{getattr(error, 'code', '')}"
    if isinstance(error, PilotExists) and error.ref is not None:
        which += "-ref"
    if which in WORDS:
        return tell(lang, which, **{name: _shown(one) for name, one in vars(error).items()})
    if isinstance(error, OSError) and error.filename is not None:
        return tell(lang, "os-error", file=error.filename, problem=error.strerror or type(error).__name__)
    return "\n".join(plain(line) for line in str(error).splitlines())


def _shown(value: object) -> object:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else value


def problem(error: Exception, lang: str) -> str:
    """Return an error as one line of JSON."""
    found: dict[str, Any] = {"error": getattr(error, "code", "usage"), "exit": exit_code(error)}
    if isinstance(error, Refused):
        found |= error.as_problem(lang)
    else:
        found["detail"] = message(error, lang)
        if isinstance(error, ProeftuinError):
            found |= _facts(vars(error))
    if isinstance(error, DefinitionError):
        found["faults"] = [str(fault) for fault in error.faults]
    return json_text(found)


def _facts(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in given.items() if one is None or isinstance(one, str | int)}
