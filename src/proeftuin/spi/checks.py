"""What every store refuses before it looks at anything, and how it reads what it is given: so that all stores agree.

Call `check_commits` first in `append`, `check_query` first in `find`, `check_subscription` and `check_outcome` first in
`subscribe` and `settle`; bring `after` and `upto` of `history` and `resend` within bounds by `bounded`; the rest helps
to store what was checked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from proeftuin.errors import BadArgument
from proeftuin.spi.stores import UNTIMED, Commit, Entry, Query, Receipt, Summary, Timing

if TYPE_CHECKING:
    from proeftuin.spi.lanes import Outcome, Subscription

MAX_TEXT = 255
MAX_ID_BYTES = 512
MAX_WORD = 64
MAX_LONG_TEXT = 10_000
MAX_BODY = 4 * 2**20
MAX_ERROR = 1000
MAX_INTEGER = 2**63 - 1

METHODS = ("load", "append", "history", "receipt", "receipts", "personal", "find", "count", "tenants", "close")
"""What every store has; what it may leave out is not among these."""
_NUMBER = re.compile("[1-9][0-9]{0,17}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def check_store(store: object) -> None:
    """Refuse what is no store.

    Raises:
        BadArgument: naming the methods that it lacks.
    """
    missing = [method for method in METHODS if not callable(getattr(store, method, None))]
    if missing:
        raise BadArgument("store", f"has no method {', '.join(missing)}; `proeftuin.spi.Store` says what a store is")


def check_commits(commits: Sequence[Commit], *, erases: bool = True) -> None:
    """Refuse commits that no store could keep as they are.

    Args:
        commits: what `append` was given.
        erases: whether the store can forget; one that cannot must not take what is to be forgotten.

    Raises:
        BadArgument: for a pilot that occurs twice, versions with a gap, a body of over 4 MiB, a key that occurs twice,
            a subject that is issued and forgotten at once, or text that not every database can keep.
    """
    if len(commits) > 1 and len({(commit.tenant, commit.pilot_id) for commit in commits}) < len(commits):
        raise BadArgument("commits", "each must be on another pilot; put the events of one pilot in one commit")
    for commit in commits:
        if not (_ordinary(commit) and _plain(commit)):
            _check(commit, erases=erases)


def _ordinary(commit: Commit) -> bool:
    """Whether nothing but a text can be wrong with a commit, as nearly always; then nothing needs a look of its own."""
    head, summary, version = commit.head, commit.head.summary, commit.expected
    size = len(head.body)
    for entry in commit.entries:
        version += 1
        if entry.version != version:
            return False
        size += len(entry.body)
    for receipt in commit.receipts:
        size += len(receipt.body)
    return (
        version == summary.version > commit.expected
        and summary.id == commit.pilot_id
        and size <= MAX_BODY
        and (head.timing is UNTIMED or _timed(head.timing))
        and len(commit.receipts) <= 1
        and not commit.erased
    )


def _timed(timing: Timing) -> bool:
    due, overdue = timing.due, timing.overdue
    return (due is None or due.tzinfo is not None) and (overdue is None or overdue.tzinfo is not None)


def _plain(commit: Commit) -> bool:
    """Whether every text is short and plain, as nearly always."""
    head, summary = commit.head, commit.head.summary
    texts = [
        commit.tenant,
        commit.pilot_id,
        summary.workflow,
        summary.state,
        summary.phase,
        summary.hold,
        summary.digest,
        *summary.track_states,
        *summary.signals,
    ]
    more = (summary.ref, summary.outcome, summary.organisation, summary.programme, head.timing.calendar or None)
    texts += [one for one in more if one is not None]
    for entry in commit.entries:
        texts += (entry.type, entry.digest)
    for receipt in commit.receipts:
        texts += (receipt.key, receipt.fingerprint)
    for one in commit.personal:
        texts += (one.subject, one.ref)
    joined, lengths = "".join(texts), [*map(len, texts)]
    short = min(lengths) > 0 and max(lengths) <= MAX_WORD
    return short and joined.isascii() and "\0" not in joined and workflow_name(summary.workflow)[1] is not None


def _check(commit: Commit, *, erases: bool) -> None:
    """Refuse what is wrong with a commit."""
    versions = [entry.version for entry in commit.entries]
    if not versions or versions != list(range(commit.expected + 1, commit.expected + 1 + len(versions))):
        raise BadArgument("entries", f"versions must follow on {commit.expected} without gaps, not {versions}")
    summary = commit.head.summary
    if (summary.id, summary.version) != (commit.pilot_id, versions[-1]):
        raise BadArgument("head", f"it is {summary.id!r} {summary.version}, not {commit.pilot_id!r} {versions[-1]}")
    if workflow_name(summary.workflow)[1] is None:
        raise BadArgument("head", f"its workflow {summary.workflow!r} has no version")
    _check_bodies(commit)
    check_timing(commit.head.timing)
    if len({one.key for one in commit.receipts}) < len(commit.receipts):
        raise BadArgument("receipts", "each must be of another key")
    _check_erased(commit, erases=erases)
    _check_texts(commit)


def in_turn(commits: Iterable[Commit]) -> Iterator[Commit]:
    """Give the commits of a stream as they are made, each checked.

    Raises:
        BadArgument: as `check_commits`, and for a pilot that does not come behind the one before it.
    """
    last = ("", "")
    for commit in commits:
        check_commits((commit,))
        place = (commit.tenant, commit.pilot_id)
        if place <= last:
            raise BadArgument("commits", "each must be on another pilot, in order of tenant and id")
        last = place
        yield commit


def _check_erased(commit: Commit, *, erases: bool) -> None:
    if commit.erased and not erases:
        raise BadArgument("erased", "this store cannot forget; use one that offers the part Erases")
    for subject in commit.erased:
        check_text("erased", subject)
        if any(one.subject == subject for one in commit.personal):
            raise BadArgument("erased", f"subject {subject!r} is issued in the same commit; leave it out of both")


def _check_texts(commit: Commit) -> None:
    check_text("tenant", commit.tenant)
    check_text("pilot_id", commit.pilot_id)
    if len(commit.pilot_id.encode()) > MAX_ID_BYTES:  # beside the widest tenant and key it still fits an index
        raise BadArgument("pilot_id", f"it has over {MAX_ID_BYTES} bytes, which not every database can index")
    _check_summary(commit.head.summary)
    check_text("digest", commit.head.summary.digest, MAX_WORD)
    for entry in commit.entries:
        check_text("type", entry.type, MAX_WORD)
        check_text("digest", entry.digest, MAX_WORD)
    for receipt in commit.receipts:
        check_text("key", receipt.key)
        check_text("fingerprint", receipt.fingerprint, MAX_WORD)
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
    for name in ("track_states", "signals"):
        for word in getattr(summary, name):
            check_text(name, word)


def _check_bodies(commit: Commit) -> None:
    largest = len(commit.head.body)
    parts: tuple[Entry | Receipt, ...] = (*commit.entries, *commit.receipts)
    for one in parts:
        largest = max(largest, len(one.body))
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
    """Refuse a query that has no answer.

    Raises:
        BadArgument: for a limit that is no number of pilots, a workflow with half a version, a moment without a zone.
    """
    if not 1 <= query.limit <= MAX_INTEGER:
        raise BadArgument("limit", f"{query.limit} is no number of pilots to ask for; it must be at least 1")
    workflow_name(query.workflow or "")
    for name in ("updated_after", "overdue"):
        if getattr(query, name) is not None:
            micros(name, getattr(query, name))


def check_timing(timing: Timing) -> None:
    """Refuse a timing that no store could keep as it is."""
    if timing is UNTIMED:  # as of every pilot whose workflow has no clocks
        return
    if timing.due is not None and timing.due.tzinfo is None:
        raise _zoneless("due", timing.due)
    if timing.overdue is not None and timing.overdue.tzinfo is None:
        raise _zoneless("overdue", timing.overdue)
    if timing.calendar:
        check_text("calendar", timing.calendar, MAX_WORD)


def bounded(version: int) -> int:
    """Return a version to look behind or up to as every database can bind it.

    No version is below 1 or beyond 64 bits; so what is further out is brought to the edge, and asks the same.
    """
    return min(max(version, 0), MAX_INTEGER)


@lru_cache(maxsize=1024)
def workflow_name(text: str) -> tuple[str, int | None]:
    """Read a workflow's name, or its `name@version`."""
    name, separator, version = text.partition("@")
    if not separator:
        return name, None
    if not _NUMBER.fullmatch(version):
        raise BadArgument("workflow", f"{text!r} is neither a name nor name@version")
    return name, int(version)


def kept_otherwise(name: str, version: int) -> BadArgument:
    """Return the refusal of a workflow version that is kept with other content."""
    return BadArgument("workflow", f"{name}@{version} is kept with other content; give it a new version")


def micros(name: str, moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970 UTC, exactly."""
    if moment.tzinfo is None:
        raise _zoneless(name, moment)
    return (moment - _EPOCH) // _MICROSECOND


def _zoneless(name: str, moment: datetime) -> BadArgument:
    return BadArgument(name, f"{moment} has no time zone")


def moment(count: int) -> datetime:
    """Return the moment that `micros` counted, in UTC."""
    return _EPOCH + timedelta(microseconds=count)
