"""Commits and queries as the values of statements, and rows as what they stand for.

SQLite keeps whatever is put into a column: where somebody edited a row by hand, what is no number there is told as
damage, with the pilot's name.
"""

from datetime import datetime
from functools import lru_cache

from proeftuin import codec
from proeftuin.core.structs import asdict
from proeftuin.errors import CorruptStore
from proeftuin.spi import Commit, Head, Query, Summary, Timing
from proeftuin.spi.checks import micros, moment, workflow_name
from proeftuin.storage.sql.database import Row, Values
from proeftuin.storage.sql.statements import HEAD, SUMMARY

WIDTH = len(SUMMARY)
PLAIN = len(HEAD) - WIDTH


def values_of(commit: Commit) -> Values:
    """Return the row of `pilots` that a commit writes, and where."""
    head, summary = commit.head, commit.head.summary
    workflow, workflow_version = workflow_name(summary.workflow)
    return {
        **asdict(summary),
        "at_tenant": commit.tenant,
        "at_id": commit.pilot_id,
        "expected": commit.expected,
        "tenant": commit.tenant,
        "workflow": workflow,
        "workflow_version": workflow_version,
        "created_at": micros("created_at", summary.created_at),
        "updated_at": micros("updated_at", summary.updated_at),
        "fold": head.fold,
        "track_states": _listed(summary.track_states),
        "signals": _listed(summary.signals),
        **values_of_timing(head.timing),
        "body": head.body,
    }


def values_of_timing(timing: Timing) -> Values:
    """Return the columns that hold a timing."""
    due, overdue = timing.due, timing.overdue
    return {
        "due_at": None if due is None else micros("due", due),
        "overdue_at": None if overdue is None else micros("overdue", overdue),
        "calendar": timing.calendar,
    }


@lru_cache(maxsize=1024)
def _listed(states: tuple[str, ...]) -> str:
    return codec.canonical(states).decode()


@lru_cache(maxsize=1024)
def _words(listed: str, name: str) -> tuple[str, ...]:
    words = codec.decode(listed.encode(), place=f"the summary of pilot {name!r}")
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        raise TypeError(f"{listed!r} is no list of words")
    return tuple(words)


def summary_of(row: Row) -> Summary:
    """Return the summary that the columns `statements.SUMMARY` hold."""
    name, ref, workflow, workflow_version, version, *plain, track_states, created_at, updated_at, digest, signals = row
    workflow = f"{workflow}@{workflow_version}"
    try:
        if type(version) is not int:
            raise TypeError(f"{version!r} is no version")  # noqa: TRY301  # one way out for whatever a column may hold
        states = _words(track_states, name) if track_states != "[]" else ()
        up = _words(signals, name) if signals != "[]" else ()
        began, changed = instant(created_at, name), instant(updated_at, name)
    except CorruptStore as error:
        raise CorruptStore(error.problem, pilot_id=name) from error
    except (TypeError, AttributeError) as error:
        problem = f"the summary of pilot {name!r} cannot be read: {error}{codec.ADVICE}"
        raise CorruptStore(problem, pilot_id=name) from error
    return Summary(name, ref, workflow, version, *plain, states, began, changed, digest, up)  # type: ignore[call-arg]  # the columns between are as many as the fields


def instant(count: int, name: str) -> datetime:
    """Return a moment of a pilot that a column holds."""
    try:
        return moment(count)
    except (TypeError, OverflowError) as error:
        raise CorruptStore(f"an instant of pilot {name!r} cannot be read: {error}{codec.ADVICE}") from error


def head_of(row: Row) -> Head:
    """Return the head that the columns `statements.HEAD` hold."""
    _, body, fold, due, overdue, calendar = row[:PLAIN]
    name = row[PLAIN]
    days = (None if due is None else instant(due, name), None if overdue is None else instant(overdue, name))
    return Head(body, fold, summary_of(row[PLAIN : PLAIN + WIDTH]), Timing(*days, calendar))


def filters_of(query: Query) -> Values:
    """Return the values of the filters that were given, by the names in `statements.FILTERS`, in one order."""
    names = ("after", "state", "phase", "organisation", "programme", "ref")
    values = {name: value for name in names if (value := getattr(query, name)) is not None}
    if query.workflow is not None:
        values["workflow"], version = workflow_name(query.workflow)
        if version is not None:
            values["workflow_version"] = version
    if query.track_state is not None:
        values["track_state"] = codec.canonical(query.track_state).decode()
    if query.signal is not None:
        values["signal"] = codec.canonical(query.signal).decode()
    if query.overdue is not None:
        values["overdue"] = micros("overdue", query.overdue)
    if query.updated_after is not None:
        values["updated_after"] = micros("updated_after", query.updated_after)
    return values
