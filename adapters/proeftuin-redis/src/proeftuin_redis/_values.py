"""How values are written for Redis, and read again. Texts are UTF-8, whose bytes sort as the code points do.

What `check_commits` lets through holds no NUL, so a NUL ends a text where something stands behind it. Instants are
digits of one width, so that they sort as texts do.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from proeftuin.errors import CorruptStore
from proeftuin.spi import Commit, Entry, Head, Personal, Query, Receipt, Summary
from proeftuin.spi.checks import micros, moment, workflow_name

SHIFT = 10**18  # beyond all that `datetime` can say, on both sides of 1970; so no instant has a sign
WIDTH = 19
NUL = b"\0"

_WORDS = ("state", "phase", "organisation", "programme", "ref")  # what a pilot is found by, beside workflow and lists

Row = Sequence[bytes | None]


def raw(text: str) -> bytes:
    """Return the bytes of a text; half a surrogate pair, which no commit holds, has some too, and so finds nothing."""
    return text.encode("utf-8", "surrogatepass")


def maybe(text: bytes | None) -> bytes:
    """Return what a script reads as nothing, or as a text that may be empty."""
    return b"" if text is None else b"=" + text


def behind(text: str | None) -> bytes:
    """Return the place behind a text in a sorted set, or its beginning."""
    return b"-" if text is None else b"(" + raw(text)


def instant(name: str, when: datetime, more: int = 0) -> bytes:
    """Return an aware moment as digits, so many microseconds later."""
    return b"%0*d" % (WIDTH, micros(name, when) + SHIFT + more)


def read_instant(digits: bytes) -> datetime:
    """Return the moment that `instant` wrote."""
    return moment(int(digits) - SHIFT)


@contextmanager
def reading(place: str, pilot_id: str | None = None) -> Iterator[None]:
    """Say of what cannot be read where it stands, and of which pilot a summary is."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise CorruptStore(f"{place} cannot be read; `verify` says what else is wrong", pilot_id=pilot_id) from error


# -- what is written


def commit_of(commit: Commit) -> list[bytes | int]:
    """Return a commit as the arguments of a script."""
    summary = commit.head.summary
    updated = instant("updated_at", summary.updated_at)
    given: list[bytes | int] = [raw(commit.tenant), raw(commit.pilot_id), commit.expected, summary.version, updated]
    given += [maybe(None if summary.ref is None else raw(summary.ref)), NUL.join(_terms(summary))]
    for few in (_head(commit.head, updated), _entries(commit), _receipts(commit), _personal(commit)):
        given += [len(few), *few]
    return [*given, len(commit.erased), *map(raw, commit.erased)]


def _head(head: Head, updated: bytes) -> list[bytes | int]:
    summary = head.summary
    texts = {
        "ref": summary.ref, "workflow": summary.workflow, "state": summary.state, "phase": summary.phase,
        "outcome": summary.outcome, "hold": summary.hold, "organisation": summary.organisation,
        "programme": summary.programme, "track_states": json.dumps(summary.track_states),
        "signals": json.dumps(summary.signals), "digest": summary.digest,
    }  # fmt: skip
    given: list[bytes | int] = [b"body", head.body, b"fold", head.fold, b"updated_at", updated]
    given += [b"created_at", instant("created_at", summary.created_at)]
    for name, text in texts.items():
        if text is not None:
            given += [raw(name), raw(text)]
    return given


def _entries(commit: Commit) -> list[bytes | int]:
    return [NUL.join((b"%d" % one.version, raw(one.type), raw(one.digest), one.body)) for one in commit.entries]


def _receipts(commit: Commit) -> list[bytes | int]:
    given: list[bytes | int] = []
    for one in commit.receipts:
        given += [raw(one.key), raw(one.fingerprint) + NUL + one.body]
    return given


def _personal(commit: Commit) -> list[bytes | int]:
    """A subject, its ref, and what is kept: the ref, when it was issued, and the salt."""
    given: list[bytes | int] = []
    for number, one in enumerate(commit.personal):
        ref, issued = raw(one.ref), b"%d.%d" % (commit.expected, number)
        given += [raw(one.subject), ref, NUL.join((ref, issued, one.salt))]
    return given


def _terms(summary: Summary) -> list[bytes]:
    """What a pilot is found by: each is the name of a set that it is in."""
    found = {b"workflow=" + raw(summary.workflow), b"workflow=" + raw(workflow_name(summary.workflow)[0])}
    found |= {raw(f"{name}={getattr(summary, name)}") for name in _WORDS if getattr(summary, name) is not None}
    found |= {raw(f"track_state={state}") for state in summary.track_states}
    return sorted(found | {raw(f"signal={signal}") for signal in summary.signals})


def filters_of(query: Query) -> list[bytes | int]:
    """Return what a query asks, but for where it begins and ends: the moment, and the sets that a pilot must be in."""
    updated = query.updated_after
    names = ("workflow", *_WORDS, "track_state", "signal")
    terms = [raw(f"{name}={getattr(query, name)}") for name in names if getattr(query, name) is not None]
    return [maybe(None if updated is None else instant("updated_after", updated)), len(terms), *terms]


# -- what is read


def _text(value: bytes | None) -> str:
    if value is None:
        raise ValueError("it is missing")
    return value.decode()


def _optional(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def summary_of(pilot_id: str, row: Row) -> Summary:
    """Read what `find` gives of a pilot, in the order of SUMMARY in `asking.lua`."""
    ref, workflow, version, state, phase, outcome, hold, organisation, programme, tracks, created, updated, *rest = row
    digest, signals = rest
    return Summary(
        pilot_id,
        _optional(ref),
        _text(workflow),
        int(_text(version)),
        _text(state),
        _text(phase),
        _optional(outcome),
        _text(hold),
        _optional(organisation),
        _optional(programme),
        tuple(json.loads(_text(tracks))),
        read_instant(_text(created).encode()),
        read_instant(_text(updated).encode()),
        _text(digest),
        () if signals is None else tuple(json.loads(signals)),  # those last written before they were kept
    )


def head_of(pilot_id: str, row: Row) -> Head:
    """Read a head: its body, the number of its fold, its summary."""
    body, fold, *rest = row
    if body is None:
        raise ValueError("it has no body")
    return Head(body, int(_text(fold)), summary_of(pilot_id, rest))


def entry_of(kept: bytes) -> Entry:
    """Read an event."""
    version, kind, digest, body = kept.split(NUL, 3)
    return Entry(int(version), kind.decode(), body, digest.decode())


def receipt_of(key: str, kept: bytes) -> Receipt:
    """Read a receipt."""
    fingerprint, _, body = kept.partition(NUL)
    return Receipt(key, fingerprint.decode(), body)


def personal_of(flat: Sequence[bytes]) -> tuple[Personal, ...]:
    """Read the subjects of a pilot, in the order in which they were issued."""
    found = []
    for subject, kept in zip(flat[::2], flat[1::2], strict=True):
        ref, issued, salt = kept.split(NUL, 2)
        version, number = issued.split(b".")
        found.append(((int(version), int(number)), Personal(subject.decode(), ref.decode(), salt)))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))
