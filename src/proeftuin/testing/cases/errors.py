"""I: whatever goes wrong is told as an error of ours that says what, and no secret is in it."""

import pickle
from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from urllib.parse import unquote, urlsplit

from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict, OutcomeUnknown, PilotExists, ProeftuinError, Reentered, StoreError
from proeftuin.spi import Bulk, Commit, Erases, Page, Personal, Query, Receipt, Store, Wanted
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import IMPOSSIBLE
from proeftuin.testing.cases.parts import KEY, RECEIPT
from proeftuin.testing.commits import changed, started
from proeftuin.testing.expect import Broken, holds, refused, same
from proeftuin.testing.rules import ERRORS

SECRET = "canary-9c1f"  # noqa: S105  # it is planted to be looked for
NAMES = ("tenant", "pilot", "key")


@case("I01", ERRORS)
def only_errors_of_ours(bench: Bench) -> None:
    """Names that no store keeps find nothing or are bad arguments, in every question; no error is the driver's own."""
    bench.write(None, started("p1"), receipt=RECEIPT)
    for bad in IMPOSSIBLE:
        for act in _questions(bench, bad):
            try:
                found = act()
            except BadArgument:
                continue
            holds(found in (None, [], (), Page(())), f"nothing is found by {bad!a}, not {found!r}")
    same([1], bench.versions())


def _questions(bench: Bench, bad: str) -> Iterator[Callable[[], object]]:
    store, tenant = bench.store, bench.tenant
    yield partial(store.load, bad, "p1")
    yield partial(store.load, tenant, bad)
    yield lambda: getattr(store.load(tenant, "p1", key=bad), "receipt", None)
    yield lambda: list(store.history(bad, "p1"))
    yield lambda: list(store.history(tenant, bad))
    for name in NAMES:
        given = dict(zip(NAMES, (tenant, "p1", KEY), strict=True)) | {name: bad}
        yield partial(store.receipt, *given.values())
        if name != "key":
            yield partial(store.personal, given["tenant"], given["pilot"])
            yield lambda given=given: list(store.receipts(given["tenant"], given["pilot"]))  # type: ignore[misc]  # bound at once
    for ask in (store.find, store.count):
        yield partial(ask, Query(bad))
        for name in ("state", "phase", "track_state", "organisation", "programme", "ref"):
            yield partial(ask, Query(tenant, **{name: bad}))  # type: ignore[arg-type]  # each of them is a text
    yield from _optional_questions(store, tenant, bad)


def _optional_questions(store: Store, tenant: str, bad: str) -> Iterator[Callable[[], object]]:
    if isinstance(store, Bulk):
        for wanted in (Wanted(bad), Wanted("p1", bad), Wanted(bad, KEY, 1)):
            yield partial(_rest, store, tenant, wanted)
        yield lambda: store.load_many(bad, [Wanted("p1")])[0]
    if isinstance(store, Erases):
        yield partial(store.holders, bad, "r")
        yield partial(store.holders, tenant, bad)


def _rest(store: Bulk, tenant: str, wanted: Wanted) -> object:
    """Return what is told under a bad name: the pilot, or the receipt of one that is there."""
    loaded, good = store.load_many(tenant, [wanted, Wanted("p1")])
    same(1, getattr(good, "version", None), "the version of the pilot that was asked for beside a bad name")
    return loaded and loaded.receipt


def _failures(bench: Bench) -> list[ProeftuinError]:
    """Return an error of each kind that can be had, each from a call that holds a secret in every place that it can."""
    secret = (Personal("s1", SECRET, SECRET.encode()),)
    receipt = Receipt(KEY, SECRET, SECRET.encode())
    pilot = bench.advance(bench.write(None, started("p1", ref="r", secret=SECRET), receipt=receipt, personal=secret))
    behind = replace(pilot, version=1)
    entry = bench.change(pilot).entries[0]

    def hidden(commit: Commit) -> Commit:
        body = f'{{"secret":"{SECRET}"}}'.encode()
        return replace(commit, head=replace(commit.head, body=body), receipts=(receipt,) if commit.expected else ())

    wrong: list[tuple[type[ProeftuinError], Callable[[], object]]] = [
        (Conflict, lambda: bench.append(hidden(bench.change(behind, secret=SECRET)))),
        (Conflict, lambda: bench.append(hidden(bench.change(pilot, secret=SECRET)))),
        (PilotExists, lambda: bench.begin(secret=SECRET)),
        (PilotExists, lambda: bench.begin("p2", ref="r", secret=SECRET)),
        (BadArgument, lambda: bench.append(replace(bench.change(pilot, secret=SECRET), entries=(entry, entry)))),
        (StoreError, lambda: bench.append(bench.written(pilot, changed(pilot), personal=secret)[0])),
        (
            Reentered,
            lambda: bench.append(bench.change(pilot), recorded=lambda _: bench.append(bench.change(pilot, at=SECRET))),
        ),
    ]
    found: list[ProeftuinError] = [refused(kind, act) for kind, act in wrong]
    bench.store.close()
    return [*found, refused(StoreError, bench.load)]


@case("I02", ERRORS)
def no_error_holds_a_secret(bench: Bench) -> None:
    """No message, and nothing else in an error, holds the password of the store or what was to be written."""
    secrets = [SECRET, SECRET.encode().hex()]
    if password := urlsplit(bench.url).password:
        secrets += [password, unquote(password)]
    for error in _failures(bench):
        told = f"{error} {error.args!r} {vars(error)!r}"
        holds(not any(one in told for one in secrets), f"no secret is in a {type(error).__name__}")
    shown = repr(bench.store) + str(bench.store)
    holds(not any(one in shown for one in secrets), "no secret is in what the store prints as")


@case("I03", ERRORS)
def a_lost_connection(bench: Bench) -> None:
    """Where the connection is lost inside an append it is told, nothing is half, and the next call works."""
    pilot = bench.begin()
    lost = list[bool]()

    def recorded(connection: object) -> None:
        close = getattr(connection, "close", None)
        lost.append(close is not None)
        if close is not None:
            close()

    commit, _ = bench.written(pilot, changed(pilot), receipt=RECEIPT)
    if _told(partial(bench.append, commit, recorded=recorded)) is None:
        same([1, 2], bench.versions(), "what was acknowledged")
        holds(not lost[0], "a commit on a closed connection is not acknowledged")
    holds(len(lost) == 1, "the callback was called once")
    known = bench.load(key=KEY)
    same(known.version, 1 if known.receipt is None else 2)
    bench.whole("p1")
    for name in ("p2", "p3", "p4"):  # each connection that is kept for later is a good one
        bench.begin(name)
        same([1], bench.versions(name))
    bench.advance(bench.stored())


def _told(act: Callable[[], object]) -> ProeftuinError | None:
    """Return the error that an act was told, which must be one that a store may raise."""
    try:
        act()
    except (StoreError, OutcomeUnknown) as error:
        return error
    except ProeftuinError as error:
        raise Broken(f"a lost connection is told as {type(error).__name__}: {error}") from error
    return None


@case("I05", ERRORS)
def errors_can_be_copied(bench: Bench) -> None:
    """The errors that a store raised come out of a pickle and out of a copy as they went in, with all they say."""
    for error in _failures(bench):
        for again in (pickle.loads(pickle.dumps(error)), copy(error)):  # noqa: S301  # our own bytes
            same((type(error), str(error), vars(error)), (type(again), str(again), vars(again)))
