"""D, continued: every limit is the same on every store, and what is beyond one is refused, never cut."""

from functools import partial

from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument
from proeftuin.spi import Commit, Personal, Query, Receipt
from proeftuin.spi.checks import MAX_BODY, MAX_ID_BYTES, MAX_LONG_TEXT, MAX_TEXT, MAX_WORD
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import IMPOSSIBLE
from proeftuin.testing.cases.parts import KEY, LONG, NAMED, filed, with_bodies
from proeftuin.testing.commits import started, with_digest
from proeftuin.testing.expect import refused, same
from proeftuin.testing.rules import EXACT


@case("D08", EXACT)
def lengths_are_the_same_everywhere(bench: Bench) -> None:
    """Names of 255 characters and ids of 512 bytes are kept; longer and empty ones, NUL and half a pair are refused."""
    for number, character in enumerate(("x", "\u00e9", "\u20ac", "\U0001f600")):
        longest = character * MAX_TEXT
        for text in (longest[1:], longest):
            _named(bench, number, text)
        if len(longest.encode()) > MAX_ID_BYTES:
            wide = character * (MAX_ID_BYTES // len(character.encode()) + 1)
            refused(BadArgument, partial(bench.append, _misnamed(bench, "id", wide)), "an id of too many bytes")
        for bad in (longest + character, *IMPOSSIBLE):
            for place in ("tenant", "id", "ref", "key", "subject", *NAMED, "workflow", "track_states", "personal"):
                refused(BadArgument, partial(bench.append, _misnamed(bench, place, bad)), f"{place} {bad[:20]!a}")
    bench.absent("p9")
    same([], [one for one in bench.found(workflow="plain") if one.id == "p9"])


def _named(bench: Bench, number: int, text: str) -> None:
    """Write a pilot with this name in every place, and expect to find it by it."""
    store, tenant = bench.store, text[:-20] + bench.tenant[-20:]
    name = text[: MAX_ID_BYTES // len(text[0].encode())]
    good, _ = bench.written(None, started(name))
    words = {**dict.fromkeys(NAMED, text), "ref": text, "workflow": f"{text[:200]}@1", "track_states": (text, "x")}
    head = replace(good.head, summary=replace(good.head.summary, **words))
    receipt, personal = Receipt(text, "f", b"%d" % number), (Personal(text, text, b""),)
    store.append(replace(good, tenant=tenant, head=head, receipts=(receipt,), personal=personal))
    same(
        (head, receipt), (getattr(store.load(tenant, name, key=text), "head", None), store.receipt(tenant, name, text))
    )
    same(personal, store.personal(tenant, name))
    for query in (Query(tenant, ref=text), Query(tenant, state=text), Query(tenant, track_state=text)):
        same((head.summary,), store.find(query).items)


def _misnamed(bench: Bench, place: str, text: str) -> Commit:
    """Return a commit with a bad name in one place."""
    if place in {*NAMED, "ref", "workflow", "track_states"}:
        value: object = (text,) if place == "track_states" else f"{text}@1" if place == "workflow" and text else text
        return filed(bench, "p9", **{place: value})
    good = filed(bench, "p9", id=text if place == "id" else "p9")
    if place == "tenant":
        return replace(good, tenant=text)
    if place == "key":
        return replace(good, receipts=(Receipt(text, "f", b""),))
    if place == "id":
        return replace(good, pilot_id=text)
    subject, ref = (text, "r") if place == "subject" else ("s1", text)
    return replace(good, personal=(Personal(subject, ref, b""),))


@case("D08", EXACT)
def long_texts_have_one_length(bench: Bench) -> None:
    """An organisation of 10,000 characters is kept and found, one more is refused, and a megabyte of data fits."""
    for field in LONG:
        for name, text in ((f"{field}-1", "\u20ac" * MAX_LONG_TEXT), (f"{field}-2", "\u20ac" * (MAX_LONG_TEXT - 1))):
            bench.append(filed(bench, name, **{field: text}))
            same([name], bench.ids(**{field: text}))
        wrong = filed(bench, "p9", **{field: "x" * (MAX_LONG_TEXT + 1)})
        refused(BadArgument, partial(bench.append, wrong), f"a too long {field}")
    text = "\u20ac" * 350_000
    bench.begin("p1", text=text, set={"text": text})
    same(text, bench.stored().data["text"])
    bench.absent("p9")


@case("D08", EXACT)
def words_have_one_length(bench: Bench) -> None:
    """The type and digest of an event and the fingerprint of a receipt have 1 to 64 characters, and are never cut."""
    longest = "\u20ac" * MAX_WORD
    _worded(bench, "p1", longest)
    for bad in (longest + "x", *IMPOSSIBLE):
        good, _ = bench.written(None, started("p9"))
        for wrong in (
            replace(good, entries=(replace(good.entries[0], type=bad),)),
            replace(good, entries=(replace(good.entries[0], digest=bad),)),
            replace(good, head=with_digest(good.head, bad)),
            replace(good, receipts=(Receipt(KEY, bad, b""),)),
        ):
            refused(BadArgument, partial(bench.append, wrong), f"a word of {bad[:20]!a}")
    bench.absent("p9")


def _worded(bench: Bench, name: str, word: str) -> None:
    """Write a pilot whose every word is this one, and expect all of them back."""
    good, _ = bench.written(None, started(name))
    entry, head, receipt = (
        replace(good.entries[0], type=word, digest=word),
        with_digest(good.head, word),
        Receipt(KEY, word, b""),
    )
    bench.append(replace(good, entries=(entry,), head=head, receipts=(receipt,)))
    loaded = bench.load(name, key=KEY)
    same((head, receipt, [entry]), (loaded.head, loaded.receipt, list(bench.store.history(bench.tenant, name))))


@case("D13", EXACT)
def large_bodies_have_one_limit(bench: Bench) -> None:
    """A body of 64 kB, a megabyte and 4 MiB comes back; one byte more is refused, wherever it stands."""
    every = bytes(range(256))
    for number, size in enumerate((2**16, 2**20, MAX_BODY)):
        same(size, len(with_bodies(bench, f"p{number}", every * (size // 256))))
    good, _ = bench.written(None, started("p9"))
    large = b"x" * (MAX_BODY + 1)
    for wrong in (
        replace(good, head=replace(good.head, body=large)),
        replace(good, entries=(replace(good.entries[0], body=large),)),
        replace(good, receipts=(Receipt(KEY, "f", large),)),
    ):
        refused(BadArgument, partial(bench.append, wrong))
    bench.absent("p9")
