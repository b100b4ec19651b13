"""What every store refuses before it looks at anything, and how it reads a `Query`: so that all stores agree."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from proeftuin.errors import BadArgument
from proeftuin.spi import Commit, Query

MAX_TEXT = 255
MAX_INTEGER = 2**63 - 1

_NUMBER = re.compile("[1-9][0-9]{0,17}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def check_commits(commits: Sequence[Commit]) -> None:
    """Refuse commits that no store could keep as they are.

    Raises:
        BadArgument: for a pilot that occurs twice, versions with a gap, or text that not every database can keep.
    """
    if len({(commit.tenant, commit.pilot_id) for commit in commits}) < len(commits):
        raise BadArgument("commits", "each must be on another pilot; put the events of one pilot in one commit")
    for commit in commits:
        versions = [entry.version for entry in commit.entries]
        if not versions or versions != list(range(commit.expected + 1, commit.expected + 1 + len(versions))):
            raise BadArgument("entries", f"versions must follow on {commit.expected} without gaps, not {versions}")
        summary = commit.head.summary
        if (summary.id, summary.version) != (commit.pilot_id, versions[-1]):
            raise BadArgument("head", f"it is {summary.id!r} {summary.version}, not {commit.pilot_id!r} {versions[-1]}")
        if workflow_name(summary.workflow)[1] is None:
            raise BadArgument("head", f"its workflow {summary.workflow!r} has no version")
        check_text("tenant", commit.tenant)
        check_text("pilot_id", commit.pilot_id)
        if summary.ref is not None:
            check_text("ref", summary.ref)
        if commit.receipt is not None:
            check_text("key", commit.receipt.key)


def check_text(name: str, text: str) -> None:
    """Refuse a name that some database would cut, change or fail on."""
    if not 1 <= len(text) <= MAX_TEXT:
        raise BadArgument(name, f"it has {len(text)} characters; it must have 1 to {MAX_TEXT}")
    if "\0" in text:
        raise BadArgument(name, "it holds a NUL character, which not every database can keep")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise BadArgument(name, "it holds half a surrogate pair, which is no text") from error


def check_query(query: Query) -> None:
    """Refuse a query that has no answer."""
    if not 1 <= query.limit <= MAX_INTEGER:
        raise BadArgument("limit", f"{query.limit} is no number of pilots to ask for; it must be at least 1")


def workflow_name(text: str) -> tuple[str, int | None]:
    """Read a workflow's name, or its `name@version`."""
    name, separator, version = text.partition("@")
    if not separator:
        return name, None
    if not _NUMBER.fullmatch(version):
        raise BadArgument("workflow", f"{text!r} is neither a name nor name@version")
    return name, int(version)


def micros(name: str, moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970 UTC, exactly."""
    if moment.tzinfo is None:
        raise BadArgument(name, f"{moment} has no time zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """Return the moment that `micros` counted, in UTC."""
    return _EPOCH + timedelta(microseconds=count)
