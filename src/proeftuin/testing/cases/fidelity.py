"""D: values come back as they went in, on every store alike, or are refused before anything is written."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from proeftuin import codec
from proeftuin.core.frozen import freeze
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument
from proeftuin.spi import Commit, Personal, Query, Receipt
from proeftuin.spi.checks import micros
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import LIKE_EACH_OTHER, TEXTS
from proeftuin.testing.cases.parts import KEY, LONG, NAMED, everyone_sees, filed, frozen_through, shown, with_bodies
from proeftuin.testing.commits import begin, changed, started, stored, with_digest
from proeftuin.testing.expect import holds, present, refused, same
from proeftuin.testing.rules import EXACT

ZONES = (UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=11, minutes=30)), ZoneInfo("Europe/Amsterdam"))


@case("D01", EXACT)
def moments_are_exact(bench: Bench) -> None:
    """A moment comes back as the same instant, to the microsecond, from the year 1 to 9999, and is found by it."""
    tenant = bench.tenant
    for number, year in enumerate((1, 1970, 2038, 9999)):
        for micro in (0, 1, 999_999):
            at, name = datetime(year, 12, 31, 23, 59, 59, micro, tzinfo=UTC), f"{number}-{micro}"
            bench.append(filed(bench, name, created_at=at - timedelta(1), updated_at=at))
            found = shown(bench, name)
            same([at - timedelta(1), at], [found.created_at, found.updated_at])
            after = [micros("at", at) - 1, micros("at", at)]
            asked = [Query(tenant, workflow="plain", ref=None, updated_after=_moment(one), limit=2000) for one in after]
            same([True, False], [name in {one.id for one in bench.store.find(query).items} for query in asked])


@case("D01", EXACT)
def moments_of_any_zone(bench: Bench) -> None:
    """A moment given with any offset, also in an hour that comes twice, is the same instant when it comes back."""
    given = [datetime(2026, 7, 1, 3, 30, 0, 123_456, tzinfo=zone) for zone in ZONES]
    given += [datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZONES[-1]) for fold in (0, 1)]
    for number, at in enumerate(given):
        bench.append(filed(bench, f"p{number}", created_at=at, updated_at=at))
        found, exact = shown(bench, f"p{number}"), micros("at", at)
        for one in (found.created_at, found.updated_at, present(bench.load(f"p{number}").head).summary.updated_at):
            same(exact, micros("what came back", one), f"{at} as {one}")
        same([True, False], [f"p{number}" in bench.ids(updated_after=_moment(exact - step)) for step in (1, 0)])
    apart = {micros("at", shown(bench, f"p{number}").created_at) for number in (4, 5)}
    same(2, len(apart), "the two half past two of the night in which the hour comes twice")


def _moment(count: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count)


@case("D01", EXACT)
def naive_moments_are_refused(bench: Bench) -> None:
    """A moment without a zone is refused, in a commit as in a question, and nothing is written."""
    naive = datetime(2026, 1, 5)  # noqa: DTZ001  # a moment without a zone is what is refused
    for name in ("created_at", "updated_at"):
        refused(BadArgument, partial(bench.append, filed(bench, "p1", **{name: naive})), name)
        bench.absent("p1")
    refused(BadArgument, lambda: bench.found(updated_after=naive))


def _come_back(bench: Bench, values: dict[str, Any]) -> None:
    """Expect the values of an event to come back as the log keeps them, with their types."""
    first = bench.begin()
    pilot = bench.write(first, changed(first, **values))
    everyone_sees(bench, "p1")
    (entry,) = bench.store.history(bench.tenant, "p1", after=1)
    for found in (codec.decode_event(entry.body, entry.digest).data["set"], bench.stored().data):
        for name, value in freeze(values).items():
            same((type(value), value), (type(found[name]), found[name]), name)
    same(pilot, bench.stored())
    bench.whole("p1")


@case("D02", EXACT)
def dates_stay_dates(bench: Bench) -> None:
    """The day of an event, and days in its data, come back as those days, from the year 1 to 9999."""
    _come_back(bench, {"leap": date(2024, 2, 29), "first": date(1, 1, 1), "last": date(9999, 12, 31)})
    for number, day in enumerate((date(1, 1, 1), date(9999, 12, 31)), start=3):
        bench.write(bench.stored(), replace(changed(bench.stored()), on=day))
        (entry,) = bench.store.history(bench.tenant, "p1", after=number - 1)
        same(day, codec.decode_event(entry.body, entry.digest).on)


@case("D03", EXACT)
def decimals_keep_their_digits(bench: Bench) -> None:
    """Decimals keep all their digits, zeros at the end and a minus before zero."""
    texts = (
        "123456789012345678901234567890.123456789",
        "1E-30",
        "1.10",
        "1.1",
        "-0.00",
        "-1.5",
        "1E+5",
        "0.123456789012345678",
    )
    _come_back(bench, {text: Decimal(text) for text in texts})


@case("D04", EXACT)
def integers_are_exact(bench: Bench) -> None:
    """Integers of up to 64 bits come back exactly, in data as in the number of a fold."""
    edges = (0, 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1)
    _come_back(bench, {f"{number}": number for edge in edges for number in (edge, -edge)} | {"least": -(2**63)})
    for number, fold in enumerate((0, 1, 2**15, 2**31 - 1)):
        commit, _ = bench.written(None, started(f"p-{number}"))
        bench.append(replace(commit, head=replace(commit.head, fold=fold)))
        same(fold, present(bench.load(f"p-{number}").head).fold)


@case("D05", EXACT)
def no_store_looks_inside(bench: Bench) -> None:
    """A body that is no JSON, or JSON with numbers that no reader shares, is kept as the bytes that it is."""
    for number, body in enumerate(
        (b'{"a":NaN}', b"[Infinity,-0.0,1e400]", b"{'a':1}", b"", b"\xff\xfe", b'{"a":9007199254740993}')
    ):
        same(body, with_bodies(bench, f"p{number}", body))


@case("D06", EXACT)
def truths_and_numbers_stay_apart(bench: Bench) -> None:
    """True is not 1, false is not 0, and neither is a text."""
    _come_back(bench, {"true": True, "false": False, "one": 1, "zero": 0, "text": "true", "number": "1", "none": None})


@case("D07", EXACT)
def texts_come_back(bench: Bench) -> None:
    """Any text comes back character for character, in every place that takes one, and is found by it and it alone."""
    made = {text: _of_one_text(bench, text) for text in TEXTS}
    for few in [list(made.values())] if bench.store.multi_pilot else [[one] for one in made.values()]:
        bench.append(*few)
    summaries = {one.id: one for one in bench.found(workflow="plain")}
    for text, commit in made.items():
        about, loaded = f"the text {text!a}", bench.load(text, key=text)
        same((commit.head, commit.receipts), (loaded.head, (loaded.receipt,)), about)
        same(commit.head.summary, summaries.get(text), about)
        same(commit.entries, tuple(bench.store.history(bench.tenant, text)), about)
        same(commit.receipts, (bench.store.receipt(bench.tenant, text, text),), about)
        same(commit.personal, bench.store.personal(bench.tenant, text), about)
        for field in ("ref", "state", "phase", "organisation", "programme", "track_state", "signal"):
            same([text], bench.ids(**{field: text}), f"find({field}={text!a})")


def _of_one_text(bench: Bench, text: str) -> Commit:
    """Return a commit that says a text in every place that takes one; none of them is longer than a word may be."""
    words = dict.fromkeys((*NAMED, *LONG, "ref"), text)
    commit = filed(bench, text, track_states=(text, "other"), signals=("another", text), **words)
    entries = tuple(replace(one, type=text, digest=text) for one in commit.entries)
    receipts, personal = (Receipt(text, text, text.encode()),), (Personal(text, text, b""),)
    return replace(commit, head=with_digest(commit.head, text), entries=entries, receipts=receipts, personal=personal)


@case("D07", EXACT)
def texts_in_events_come_back(bench: Bench) -> None:
    """Any text in the data of an event comes back character for character, and the chain over it holds."""
    pilot = bench.begin(set={f"{number}": text for number, text in enumerate(TEXTS)})
    bench.write(pilot, changed(pilot, **{f"key {text}": text for text in TEXTS}))
    same([*TEXTS], [bench.stored().data[f"{number}"] for number in range(len(TEXTS))])
    same([*TEXTS], [bench.stored().data[f"key {text}"] for text in TEXTS])
    bench.whole("p1")


@case("D09", EXACT)
def names_are_compared_exactly(bench: Bench) -> None:
    """Names that look alike, or differ in case, accent, width or a space, are different ids, refs, keys and tenants."""
    for text in LIKE_EACH_OTHER:
        begin(bench.store, "p1", f"{bench.tenant} {text}", title=text)
        bench.write(None, started(text, ref=text), receipt=Receipt(text, "f", text.encode()))
    pilot = bench.begin("keys")
    for text in LIKE_EACH_OTHER:
        pilot = bench.write(pilot, changed(pilot), receipt=Receipt(text, "f", text.encode()))
    for text in LIKE_EACH_OTHER:
        about = f"the name {text!a}"
        same([text, text], [bench.stored(text).id, bench.stored(text).ref], about)
        same([text], bench.ids(ref=text), about)
        for name in (text, "keys"):
            same(text.encode(), present(bench.store.receipt(bench.tenant, name, text), about).body, about)
            same(text.encode(), present(bench.load(name, key=text).receipt, about).body, about)
        same("p1", present(stored(bench.store, "p1", f"{bench.tenant} {text}"), about).id)
    same(sorted([*bench.others, *LIKE_EACH_OTHER, "keys"]), bench.ids())


@case("D10", EXACT)
def json_is_left_as_it_was_written(bench: Bench) -> None:
    """Keys keep their order, spaces stay, equal keys stay both, whatever depth and whatever stands in a key."""
    deep = "[" * 200 + "]" * 200
    texts = (
        '{"b":1,"a":2}',
        '{ "a" : 1 }\n',
        '{"a":1,"a":2}',
        deep,
        '{"a.b":{"$c":[],"\'":{}},"":null}',
        '"\\u00e9\\/"',
        "1.10",
        "1e2",
    )
    for number, text in enumerate(texts):
        same(text.encode(), with_bodies(bench, f"p{number}", text.encode()))


@case("D10", EXACT)
def nested_data_comes_back(bench: Bench) -> None:
    """Nested and empty lists and mappings come back with their shape, and their keys with their texts."""
    nest: Any = {}
    for depth in range(50):
        nest = {
            "map": nest,
            "list": [depth, [], {}, "", None],
            "a.b": 1,
            "$c": "'",
            "\u00e9": [nest, [nest]] if depth < 3 else [],
        }
    pilot = bench.begin(set=nest)
    same(freeze(nest), bench.stored().data)
    same(json.loads(codec.encode_pilot(pilot)), json.loads(present(bench.load().head).body))


@case("D10", EXACT)
def subjects_come_in_order(bench: Bench) -> None:
    """Subjects come back in the order in which they were issued, the tenth after the ninth, over several commits."""
    issued = tuple(Personal(f"s{number}", f"ref {number % 5}", bytes([number])) for number in range(1, 13))
    pilot = bench.write(None, started("p1"), personal=issued[:5])
    bench.write(pilot, changed(pilot), personal=issued[5:])
    same(issued, bench.store.personal(bench.tenant, "p1"))


@case("D11", EXACT)
def bytes_come_back(bench: Bench) -> None:
    """Bodies and salts of all byte values, and of none, are kept as they are."""
    for number, body in enumerate(
        (bytes(range(256)), b"", b"\0", b"\0\0", b"'", b"\\x00", b"\r\n", b"\x1a", bytes(range(255, -1, -1)))
    ):
        same(body, with_bodies(bench, f"p{number}", body))


@case("D12", EXACT)
def types_are_kept(bench: Bench) -> None:
    """What comes back is of the types that the ports name: text, integers, bytes, tuples and aware moments."""
    bench.write(None, started("p1", ref="r"), receipt=Receipt(KEY, "f", b"x"), personal=(Personal("s1", "r", b"s"),))
    loaded = bench.load(key=KEY)
    for one in (loaded, *bench.store.history(bench.tenant, "p1"), bench.store.find(Query(bench.tenant))):
        frozen_through(one)
    frozen_through(bench.store.personal(bench.tenant, "p1"))
    frozen_through(present(bench.store.receipt(bench.tenant, "p1", KEY)))
    found = shown(bench)
    same(present(loaded.head).summary, found)
    holds(None not in {found.created_at.utcoffset(), found.updated_at.utcoffset()}, "moments are aware")


@case("D14", EXACT)
def white_space_is_kept(bench: Bench) -> None:
    """White space before and behind, and each kind of line end, stay, in names, in columns and in data."""
    texts = [f"{edge}a{edge}b{edge}" for edge in (" ", "  ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u3000", "\x0b")]
    for text in texts:
        commit, _ = bench.written(None, started(text, ref=text, set={"organisation": text, "text": text}))
        bench.append(replace(commit, receipts=((Receipt(text, "f", text.encode()),))))
    for text in texts:
        pilot = bench.stored(text)
        same([text] * 4, [pilot.id, pilot.ref, pilot.data["organisation"], pilot.data["text"]])
        same([text], bench.ids(organisation=text))
        same(text.encode(), present(bench.store.receipt(bench.tenant, text, text)).body)


@case("D15", EXACT)
def empty_is_not_null(bench: Bench) -> None:
    """An empty text and none at all stay apart, where both may be; so do an empty body and a missing one."""
    for name, value in (("empty", ""), ("none", None), ("blank", " ")):
        bench.append(filed(bench, name, organisation=value, programme=value))
        for one in (shown(bench, name), present(bench.load(name).head).summary):
            same((value, value, None, None), (one.organisation, one.programme, one.ref, one.outcome), name)
    same([["empty"], ["blank"]], [bench.ids(organisation=""), bench.ids(programme=" ")])
    pilot = bench.begin("receipts")
    bench.write(pilot, changed(pilot), receipt=Receipt(KEY, "f", b""))
    same(Receipt(KEY, "f", b""), bench.load("receipts", key=KEY).receipt)


# The digest of the two events in the case below: it is the same on every store, or it is not canonical.
FROZEN = "1ecd7a981cf8127f808936c884f4e6295d44c976858232bcb14b28329a64cfb4"


@case("D16", EXACT)
def digests_are_stable(bench: Bench) -> None:
    """The digest of what comes back is that of what was given, and the same one on every store."""
    data = {
        "decimal": Decimal("1.10"),
        "text": "\u00e9 e\u0301 \U0001f600",
        "large": 2**53 + 1,
        "z": 1,
        "a": [None, "", {}],
    }
    pilot = bench.begin(set=data)
    pilot = bench.write(pilot, changed(pilot, day=date(2024, 2, 29), **data))
    everyone_sees(bench, "p1")
    digest = codec.genesis("p1")
    for entry in bench.store.history(bench.tenant, "p1"):
        digest = codec.chain(digest, entry.body)
        same(digest, entry.digest)
    same([FROZEN] * 2, [digest, present(bench.load().head).summary.digest])
