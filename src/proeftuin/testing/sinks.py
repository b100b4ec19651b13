"""The conformance kit for sinks: what every sink must do, as cases over a bench that the author of a sink fills in.

Each case gets a bench of its own. What a bench cannot do, such as making the other side hang, is left out, and told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import count

from attrs import field, frozen

from proeftuin import codec
from proeftuin.core.frozen import FrozenDict
from proeftuin.delivery.calling import Caller, Failure, seconds_of
from proeftuin.spi.sinks import BATCH, Envelope, NotDelivered, Parcel, Sink
from proeftuin.testing.expect import Broken, holds, same

MARK = "planted-4711"
"""Stands in the data of every event; it may be in nothing that a sink tells."""
HOSTILE = (
    "",
    " blank ",
    "line\r\nbreak",
    "tab\t'quote' \"double\" \\ back",
    "<script>&amp;</script>",
    "é ß 日本 \U0001f600 \u202e right to left",
    "{{braces}} %s %00",
    "x" * 60_000,
)
PILOTS = ("p-1", "p 2", "p/3?x=1#y", "päl-4", "p.5", "%6", "../7", "x" * 255)
THREADS = 4
AT = datetime(2026, 3, 2, 9, 30, 0, 125, tzinfo=UTC)


class SinkBench:
    """What the author of a sink says of it: how it is made, and how its other side is looked at and made to fail.

    `make` and `arrived` must be given; each of the others that is given opens more cases.
    """

    secrets: Sequence[str] = ()
    """Texts that the sink knows and may never tell."""

    def make(self) -> Sink:
        """Return a new sink with a new other side, to which nothing has been sent."""
        raise NotImplementedError

    def arrived(self) -> Sequence[str]:
        """Return the ids of the events that have arrived, in the order in which they came first."""
        raise NotImplementedError

    def bodies(self) -> Mapping[str, Sequence[bytes]]:
        """Return, per id, what arrived each time, for a sink that sends `Envelope.body` as it is, or in a wrapping."""
        raise NotImplementedError

    def refuse(self) -> None:
        """Make the other side fail from now on: refuse connections, or answer with an error."""
        raise NotImplementedError

    def accept(self) -> None:
        """Make it work again."""
        raise NotImplementedError

    def hang(self) -> None:
        """Make the other side take what is sent and not answer, from now on."""
        raise NotImplementedError


@frozen
class SinkCase:
    """One property of a sink.

    Attributes:
        name: what it is called.
        claim: the exact property, in one sentence.
        needs: the methods of the bench that it calls beside `make` and `arrived`.
    """

    name: str
    claim: str
    needs: tuple[str, ...]
    run: Callable[[SinkBench], None] = field(repr=False)

    def unmet(self, bench: SinkBench) -> str | None:
        """Return why a bench cannot be asked, None where it can."""
        missing = [one for one in self.needs if getattr(type(bench), one) is getattr(SinkBench, one)]
        return f"the bench has no {', '.join(missing)}" if missing else None

    def __str__(self) -> str:
        return self.name


def prove(bench: Callable[[], SinkBench]) -> tuple[str, ...]:
    """Run every case on a bench of its own, and return those that were left out, with the reason.

    Raises:
        Broken: for the first case that does not hold.
    """
    left_out = []
    for one in CASES:
        mine = bench()
        reason = one.unmet(mine)
        if reason is None:
            one.run(mine)
        else:
            left_out.append(f"{one}: {reason}")
    return tuple(left_out)


def parcels(
    *sizes: int, pilot: str = "p-1", text: str = "", attempt: int = 1, seconds: float = 10.0
) -> Iterator[Parcel]:
    """Give parcels of so many events of one pilot, one behind the other."""
    versions = count(1)
    for size in sizes:
        events = tuple(envelope(pilot, next(versions), text) for _ in range(size))
        yield Parcel("kit", "tenant-1", pilot, events, attempt, seconds)


def envelope(pilot: str, version: int, text: str = "") -> Envelope:
    """Return an event on its way, such as a worker sends."""
    facts = {
        "id": f"{pilot}-{version}",
        "type": "record.added",
        "tenant": "tenant-1",
        "pilot": pilot,
        "workflow": "existing-contract",
        "version": version,
        "actor": "anna",
        "role": "coordinator",
        "trigger": "add_lesson",
        "track": None,
        "digest": f"{version:064x}",
    }
    data = FrozenDict(record="lesson", id=f"lesson-{version}", fields=FrozenDict(text=text, note=MARK))
    on = date(2026, 3, 2)
    body = codec.canonical({**facts, "data": data, "at": AT.isoformat().replace("+00:00", "Z"), "on": on.isoformat()})
    return Envelope(**facts, data=data, at=AT, on=on, body=body)  # type: ignore[arg-type]  # each has the type of its field


def _ids(*sent: Parcel) -> list[str]:
    return [one.id for parcel in sent for one in parcel.events]


def _batch(sink: Sink) -> int:
    return getattr(sink, "batch", BATCH)


def _failure(sink: Sink, parcel: Parcel) -> BaseException:
    try:
        sink.send(parcel)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a sink raises
        return error
    raise Broken("`send` returned, though the other side failed: the events would be lost")


def _call(sink: Sink, parcel: Parcel) -> Failure | None:
    caller = Caller(sink)
    try:
        return caller.call(parcel)
    finally:
        caller.close()


# -- the cases ---------------------------------------------------------------------------------------------------------


def numbers(bench: SinkBench) -> None:
    """`batch` is a whole number from 1 on, and `seconds` a number over 0, 60 at most."""
    sink = bench.make()
    batch = _batch(sink)
    holds(type(batch) is int and batch >= 1, f"`batch` is a whole number, 1 or more, not {batch!r}")
    seconds_of(sink)


def all_arrives(bench: SinkBench) -> None:
    """When `send` returns, every event of the parcel has arrived, in order, and so after the next one."""
    sink = bench.make()
    first, second, third = parcels(1, _batch(sink), 1)
    for number, one in enumerate((first, second, third), start=1):
        sink.send(one)
        same(_ids(*(first, second, third)[:number]), list(bench.arrived()), "what has arrived")


def repeats(bench: SinkBench) -> None:
    """A parcel that is sent again is taken as delivered, and loses or changes nothing."""
    sink = bench.make()
    first, second = parcels(_batch(sink), 1)
    for one in (first, first, second, first):
        sink.send(one)
    same(_ids(first, second), list(dict.fromkeys(bench.arrived())), "what has arrived")


def same_bytes(bench: SinkBench) -> None:
    """What is sent of an event is the same at each repeat, byte for byte, and differs from that of any other event."""
    sink = bench.make()
    some = min(2, _batch(sink))
    sent = list(parcels(some, some))
    for one in (*sent, *parcels(some, some), *parcels(some, some, attempt=2)):
        sink.send(one)
    bodies, seen = bench.bodies(), set[bytes]()
    for event in (one for parcel in sent for one in parcel.events):
        found = bodies.get(event.id, ())
        holds(len(set(found)) == 1, f"event {event.id!r} came with the same bytes each time")
        holds(event.body in found[0], f"event {event.id!r} came with its body as it is")
        holds(found[0] not in seen, f"event {event.id!r} came with bytes of its own")
        seen.add(found[0])


def failure_is_raised(bench: SinkBench) -> None:
    """Where the other side fails, `send` raises, and what it says to have arrived has."""
    sink = bench.make()
    first, second = parcels(1, _batch(sink))
    sink.send(first)
    bench.refuse()
    error = _failure(sink, second)
    holds(isinstance(error, Exception), f"{type(error).__name__} is an ordinary exception")
    told = error.delivered if isinstance(error, NotDelivered) else None
    versions = {one.version: one.id for one in second.events}
    holds(
        told is None or told in versions or told < min(versions),
        f"`delivered` is a version of the parcel, not {told!r}",
    )
    said = [name for version, name in versions.items() if told is not None and version <= told]
    holds(set(said) <= set(bench.arrived()), "what it says to have arrived has")


def goes_on(bench: SinkBench) -> None:
    """After a failure the same sink delivers the same parcel once the other side is back, and has lost nothing else."""
    sink = bench.make()
    first, second, third = parcels(1, 1, _batch(sink))
    sink.send(first)
    bench.refuse()
    for _ in range(3):
        _failure(sink, second)
    bench.accept()
    sink.send(second)
    sink.send(third)
    same(_ids(first, second, third), list(dict.fromkeys(bench.arrived())), "what has arrived")


def nothing_is_told(bench: SinkBench) -> None:
    """Neither the words of a failure nor how the sink shows itself hold a secret or anything of the events."""
    sink = bench.make()
    bench.refuse()
    (one,) = parcels(_batch(sink), text=MARK)
    error = _failure(sink, one)
    told = [repr(sink), str(sink), *([error.problem] if isinstance(error, NotDelivered) else ())]
    for text in (MARK, *bench.secrets):
        holds(not any(text in words for words in told), "nothing that it tells holds what is secret")


def answers_in_time(bench: SinkBench) -> None:
    """Where the other side hangs, `send` raises within `parcel.seconds`."""
    sink = bench.make()
    bench.hang()
    seconds = min(seconds_of(sink), 2.0)
    (one,) = parcels(1, seconds=seconds)
    failure = _call(sink, one)
    holds(failure is not None, "`send` raises, as the other side never answered")
    late = f"no answer within {seconds:g} seconds"
    holds(failure is not None and failure.problem != late, "it raises by itself, in time; the worker had to give it up")


def any_text_arrives(bench: SinkBench) -> None:
    """Whatever text an event or the id of a pilot holds, the event arrives."""
    sink = bench.make()
    sent = [next(parcels(1, pilot=pilot, text=text)) for pilot, text in zip(PILOTS, HOSTILE, strict=True)]
    for one in sent:
        sink.send(one)
    same(sorted(_ids(*sent)), sorted(bench.arrived()), "what has arrived")


def leaves_it_alone(bench: SinkBench) -> None:
    """A parcel is the same after it was sent."""
    sink = bench.make()
    (one,) = parcels(_batch(sink))
    (other,) = parcels(_batch(sink))
    sink.send(one)
    same(other, one, "the parcel")


def threads(bench: SinkBench) -> None:
    """Called from several threads at once, for different pilots, everything arrives, each pilot in order."""
    sink = bench.make()
    sent = {pilot: list(parcels(1, 1, 1, pilot=pilot)) for pilot in (f"t{number}" for number in range(THREADS))}

    def send(pilot: str) -> None:
        for one in sent[pilot]:
            sink.send(one)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(send, sent))
    came = list(bench.arrived())
    for pilot, those in sent.items():
        same(_ids(*those), [one for one in came if one.startswith(f"{pilot}-")], f"what has arrived of {pilot}")


def _case(run: Callable[[SinkBench], None], *needs: str) -> SinkCase:
    return SinkCase(run.__name__, " ".join((run.__doc__ or "").split()), needs, run)


CASES = (
    _case(numbers),
    _case(all_arrives),
    _case(repeats),
    _case(same_bytes, "bodies"),
    _case(failure_is_raised, "refuse"),
    _case(goes_on, "refuse", "accept"),
    _case(nothing_is_told, "refuse"),
    _case(answers_in_time, "hang"),
    _case(any_text_arrives),
    _case(leaves_it_alone),
    _case(threads),
)
