"""What every store refuses before it looks at anything, and how it reads what it is given: so that all stores agree.

Call `check_commits` first in `append`, `check_query` first in `find`, `check_subscription` and `check_outcome` first in
`subscribe` and `settle`; the rest helps to store what was checked.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from proeftuin.errors import BadArgument
from proeftuin.spi.stores import Commit, Query, Summary

if TYPE_CHECKING:
    from proeftuin.spi.lanes import Outcome, Subscription

MAX_TEXT = 255
MAX_ID_BYTES = 512
MAX_WORD = 64
MAX_LONG_TEXT = 10_000
MAX_BODY = 4 * 2**20
MAX_ERROR = 1000
MAX_INTEGER = 2**63 - 1

_METHODS = ("load", "append", "history", "receipt", "personal", "find", "close")
_NUMBER = re.compile("[1-9][0-9]{0,17}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def check_store(store: object) -> None:
    """Refuse what is no store.

    Raises:
        BadArgument: naming the methods that it lacks.
    """
    missing = [method for method in _METHODS if not callable(getattr(store, method, None))]
    if missing:
        raise BadArgument("store", f"has no method {', '.join(missing)}; `proeftuin.spi.Store` says what a store is")


def check_commits(commits: Sequence[Commit]) -> None:
    """Refuse commits that no store could keep as they are.

    Raises:
        BadArgument: for a pilot that occurs twice, versions with a gap, a body of over 4 MiB, or text that not every
            database can keep.
    """
    if len(commits) > 1 and len({(commit.tenant, commit.pilot_id) for commit in commits}) < len(commits):
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
        _check_bodies(commit)
        if not _plain(commit):
            _check_texts(commit)


def _plain(commit: Commit) -> bool:
    """Whether every text is short and plain, as nearly always; then none needs a look of its own."""
    summary, receipt = commit.head.summary, commit.receipt
    texts = [commit.tenant, commit.pilot_id, summary.workflow, summary.state, summary.phase, summary.hold]
    texts += summary.track_states
    more = (summary.ref, summary.outcome, summary.organisation, summary.programme)
    texts += [one for one in more if one is not None]
    texts.append(commit.head.digest)
    for entry in commit.entries:
        texts += (entry.type, entry.digest)
    if receipt is not None:
        texts += (receipt.key, receipt.fingerprint)
    for one in commit.personal:
        texts += (one.subject, one.ref)
    joined, lengths = "".join(texts), [*map(len, texts)]
    return joined.isascii() and "\0" not in joined and min(lengths) > 0 and max(lengths) <= MAX_WORD


def _check_texts(commit: Commit) -> None:
    check_text("tenant", commit.tenant)
    check_text("pilot_id", commit.pilot_id)
    if len(commit.pilot_id.encode()) > MAX_ID_BYTES:  # beside the widest tenant and key it still fits an index
        raise BadArgument("pilot_id", f"it has over {MAX_ID_BYTES} bytes, which not every database can index")
    _check_summary(commit.head.summary)
    check_text("digest", commit.head.digest, MAX_WORD)
    for entry in commit.entries:
        check_text("type", entry.type, MAX_WORD)
        check_text("digest", entry.digest, MAX_WORD)
    if commit.receipt is not None:
        check_text("key", commit.receipt.key)
        check_text("fingerprint", commit.receipt.fingerprint, MAX_WORD)
    for one in commit.personal:
        check_text("subject", one.subject)
        check_text("ref", one.ref)


def _check_summary(summary: Summary) -> None:
    for name in ("workflow", "state", "phase", "hold"):
        check_text(name, getattr(summary, name))
    for name in ("ref", "outcome"):
        if getattr(summary, name) is not None:
            check_text(name, getattr(summary, name))
    for name in ("organisation", "programme"):
        if getattr(summary, name):  # an empty one stays empty
            check_text(name, getattr(summary, name), MAX_LONG_TEXT)
    for state in summary.track_states:
        check_text("track_states", state)


def _check_bodies(commit: Commit) -> None:
    bodies = [commit.head.body, *[entry.body for entry in commit.entries]]
    if commit.receipt is not None:
        bodies.append(commit.receipt.body)
    largest = max(map(len, bodies))
    if largest > MAX_BODY:
        raise BadArgument("body", f"it has {largest} bytes; no store keeps more than {MAX_BODY} in one piece")


def check_subscription(subscription: "Subscription") -> None:
    """Refuse a subscription that no store could keep as it is."""
    check_text("name", subscription.name)
    if len(subscription.body) > MAX_BODY:
        raise BadArgument("body", f"no store keeps more than {MAX_BODY} bytes in one piece")


def check_outcome(outcome: "Outcome") -> None:
    """Refuse an outcome that cannot be: more or less than was claimed."""
    claim = outcome.claim
    if not claim.delivered <= outcome.delivered <= claim.target:
        raise BadArgument(
            "delivered", f"{outcome.delivered} is not among {claim.delivered} to {claim.target}, as was claimed"
        )


def cut(error: str | None) -> str | None:
    """Return the text of a failure as it is kept: cut, and without what not every database can keep."""
    return None if error is None else error.replace("\0", " ").encode(errors="replace").decode()[:MAX_ERROR]


def check_text(name: str, text: str, longest: int = MAX_TEXT) -> None:
    """Refuse a text that some database would cut, change or fail on."""
    if 0 < len(text) <= longest and text.isascii() and "\0" not in text:  # nearly always
        return
    if not 1 <= len(text) <= longest:
        raise BadArgument(name, f"it has {len(text)} characters; it must have 1 to {longest}")
    if "\0" in text:
        raise BadArgument(name, "it holds a NUL character, which not every database can keep")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadArgument(name, "it holds half a surrogate pair, which is no text") from error


def check_query(query: Query) -> None:
    """Refuse a query that has no answer."""
    if not 1 <= query.limit <= MAX_INTEGER:
        raise BadArgument("limit", f"{query.limit} is no number of pilots to ask for; it must be at least 1")


@lru_cache(maxsize=1024)
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
