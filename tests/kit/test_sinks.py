"""The kit for sinks: good ones pass, and each bad one is caught by the case that is named for it."""

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from proeftuin.sinks.log import FileSink, LogSink
from proeftuin.spi import NotDelivered, Parcel, Sink
from proeftuin.testing import SinkContract
from proeftuin.testing.expect import Broken
from proeftuin.testing.sinks import CASES, MARK, SinkBench, prove

SECRET = "whsec_not_to_be_told"  # noqa: S105  # it opens nothing


class Good:
    """A sink that keeps what it gets in a table, as it should."""

    batch = 3
    seconds = 0.5

    def __init__(self) -> None:
        self.rows: dict[str, list[bytes]] = {}
        self.state = "up"
        self.lock = threading.Lock()
        self.hung = threading.Event()

    def put(self, name: str, body: bytes) -> None:
        if self.state == "down":
            raise ConnectionError
        if self.state == "hung":
            raise TimeoutError
        with self.lock:
            self.rows.setdefault(name, []).append(body)

    def send(self, parcel: Parcel) -> None:
        last = None
        for one in parcel.events:
            try:
                self.put(one.id, one.body)
            except OSError as error:
                raise NotDelivered("the table cannot be reached", delivered=last) from error
            last = one.version


class Bench(SinkBench):
    """A bench over a table."""

    secrets = (SECRET,)
    kind: Callable[[], Any] = Good

    def make(self) -> Sink:
        self.sink = type(self).kind()
        return self.sink  # type: ignore[no-any-return]  # of whichever kind

    def arrived(self) -> Sequence[str]:
        return list(self.sink.rows)

    def bodies(self) -> Mapping[str, Sequence[bytes]]:
        rows: Mapping[str, Sequence[bytes]] = self.sink.rows
        return rows

    def refuse(self) -> None:
        self.sink.state = "down"

    def accept(self) -> None:
        self.sink.state = "up"

    def hang(self) -> None:
        self.sink.state = "hung"


class TestGood(Bench, SinkContract):
    """A good sink passes the kit."""


class TestFile(SinkContract):
    """The log in a file passes it."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "logs" / "events.jsonl"

    def make(self) -> Sink:
        self.accept()
        return FileSink(self.path)

    def _lines(self) -> list[bytes]:
        return self.path.read_bytes().splitlines() if self.path.exists() else []

    def arrived(self) -> Sequence[str]:
        return list(self.bodies())

    def bodies(self) -> Mapping[str, Sequence[bytes]]:
        from proeftuin import codec  # noqa: PLC0415  # the one use here

        found: dict[str, list[bytes]] = {}
        for line in self._lines():
            found.setdefault(codec.decode(line)["id"], []).append(line)
        return found

    def refuse(self) -> None:
        self.path.parent.rename(self.path.parent.with_name("away"))

    def accept(self) -> None:
        away = self.path.parent.with_name("away")
        if away.exists():
            away.rename(self.path.parent)
        self.path.parent.mkdir(exist_ok=True)


# -- bad ones ----------------------------------------------------------------------------------------------------------


class Swallowing(Good):
    """Takes a failure for a success."""

    def send(self, parcel: Parcel) -> None:
        with contextlib.suppress(NotDelivered):
            super().send(parcel)


class Buffering(Good):
    """Sends the last event with the next parcel."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[str, bytes]] = []

    def send(self, parcel: Parcel) -> None:
        self.held += [(one.id, one.body) for one in parcel.events]
        while len(self.held) > 1:
            self.put(*self.held.pop(0))


class Backwards(Good):
    """Sends a batch from the end."""

    def send(self, parcel: Parcel) -> None:
        for one in reversed(parcel.events):
            self.put(one.id, one.body)


class Choosy(Good):
    """Fails on a repeat."""

    def put(self, name: str, body: bytes) -> None:
        if name in self.rows:
            raise ConnectionError
        super().put(name, body)


class Overwriting(Good):
    """Loses what stood behind an event that is repeated."""

    def put(self, name: str, body: bytes) -> None:
        if name in self.rows:
            for later in list(self.rows)[list(self.rows).index(name) + 1 :]:
                del self.rows[later]
        super().put(name, body)


class Stamping(Good):
    """Puts the number of the attempt into what is sent."""

    def send(self, parcel: Parcel) -> None:
        for one in parcel.events:
            self.put(one.id, one.body + f"{parcel.attempt}".encode())


class Rewriting(Good):
    """Sends something else than the body."""

    def send(self, parcel: Parcel) -> None:
        for one in parcel.events:
            self.put(one.id, one.body.replace(b'"', b"'"))


class Joining(Good):
    """Sends the whole parcel as each of its events."""

    def send(self, parcel: Parcel) -> None:
        for one in parcel.events:
            self.put(one.id, b"\n".join(each.body for each in parcel.events))


class Lying(Good):
    """Says that all has arrived when nothing has."""

    def send(self, parcel: Parcel) -> None:
        if self.state == "down":
            raise NotDelivered("down", delivered=parcel.events[-1].version)
        super().send(parcel)


class Guessing(Good):
    """Tells a version that it was not given."""

    def send(self, parcel: Parcel) -> None:
        if self.state == "down":
            raise NotDelivered("down", delivered=99)
        super().send(parcel)


class Leaving(Good):
    """Ends the process when the other side fails."""

    def send(self, parcel: Parcel) -> None:
        if self.state == "down":
            raise SystemExit(1)
        super().send(parcel)


class Broken1(Good):
    """Does not recover from a failure."""

    def put(self, name: str, body: bytes) -> None:
        if self.state == "down":
            self.rows = {}
            self.put = self._never  # type: ignore[method-assign]  # it stays broken
        super().put(name, body)

    def _never(self, name: str, body: bytes) -> None:
        raise ConnectionError


class Emptying(Good):
    """Loses what had arrived when the other side fails."""

    def put(self, name: str, body: bytes) -> None:
        if self.state == "down":
            self.rows.clear()
        super().put(name, body)


class Telling(Good):
    """Tells what it could not send."""

    def send(self, parcel: Parcel) -> None:
        if self.state == "down":
            raise NotDelivered(f"could not send {parcel.events[0].data}", retry_after=timedelta(seconds=5))
        super().send(parcel)


class Showing(Good):
    """Shows its secret."""

    def __repr__(self) -> str:
        return f"Showing({SECRET})"


class Hanging(Good):
    """Waits for an answer as long as it takes."""

    def put(self, name: str, body: bytes) -> None:
        if self.state == "hung":
            self.hung.wait(60)
        super().put(name, body)


class Believing(Good):
    """Takes no answer for a yes."""

    def send(self, parcel: Parcel) -> None:
        if self.state != "hung":
            super().send(parcel)


class Latin(Good):
    """Can send Latin letters only."""

    def put(self, name: str, body: bytes) -> None:
        name.encode("latin-1")
        body.decode().encode("latin-1")
        super().put(name, body)


class Changing(Good):
    """Changes what it was given."""

    def send(self, parcel: Parcel) -> None:
        super().send(parcel)
        object.__setattr__(parcel.events[0], "body", b"")


class Sharing(Good):
    """Keeps what it is doing where every thread sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.both = threading.Barrier(4)

    def send(self, parcel: Parcel) -> None:
        self.parcel = parcel
        if parcel.pilot.startswith("t") and parcel.events[0].version == 1:
            self.both.wait(10)
        super().send(self.parcel)


class Greedy(Good):
    """Wants no events at all."""

    batch = 0


BAD = {
    Swallowing: "failure_is_raised",
    Buffering: "all_arrives",
    Backwards: "all_arrives",
    Choosy: "repeats",
    Overwriting: "repeats",
    Stamping: "same_bytes",
    Rewriting: "same_bytes",
    Joining: "same_bytes",
    Lying: "failure_is_raised",
    Guessing: "failure_is_raised",
    Leaving: "failure_is_raised",
    Broken1: "goes_on",
    Emptying: "goes_on",
    Telling: "nothing_is_told",
    Showing: "nothing_is_told",
    Hanging: "answers_in_time",
    Believing: "answers_in_time",
    Latin: "any_text_arrives",
    Changing: "leaves_it_alone",
    Sharing: "threads",
    Greedy: "numbers",
}


@pytest.mark.parametrize("bad", BAD, ids=lambda one: one.__name__)
def test_a_bad_sink_is_caught_by_the_case_that_is_named_for_it(bad: Any) -> None:
    """The named case does not hold for the bad sink, and says so as an expectation that was broken."""
    (case,) = (one for one in CASES if one.name == BAD[bad])
    bench = type("Bad", (Bench,), {"kind": bad})()
    try:
        with pytest.raises((Broken, ConnectionError, NotDelivered, UnicodeError, ValueError)):
            case.run(bench)
    finally:
        bench.sink.hung.set()


def test_every_case_catches_a_bad_sink() -> None:
    """There is no case without a bad sink that it catches."""
    assert {one.name for one in CASES} == set(BAD.values())


def test_what_a_bench_cannot_do_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """A bench that can only look leaves out the cases in which the other side fails, each with its reason."""
    caplog.set_level(logging.INFO, "proeftuin.events")

    class Log(SinkBench):
        def make(self) -> Sink:
            self.came: list[str] = []
            log, came = LogSink(), self.came

            class Both:
                batch = log.batch

                def send(self, parcel: Parcel) -> None:
                    log.send(parcel)
                    came.extend(one.id for one in parcel.events)

            return Both()

        def arrived(self) -> Sequence[str]:
            return self.came

    assert (
        "same_bytes: the bench has no bodies",
        "failure_is_raised: the bench has no refuse",
        "goes_on: the bench has no refuse, accept",
        "nothing_is_told: the bench has no refuse",
        "answers_in_time: the bench has no hang",
    ) == prove(Log)
    assert () == prove(Bench)


def test_every_method_of_a_bench_has_to_be_given() -> None:
    """A method that was not given says so when it is called."""
    for name in ("make", "arrived", "bodies", "refuse", "accept", "hang"):
        with pytest.raises(NotImplementedError):
            getattr(SinkBench(), name)()


def test_the_mark_is_in_every_event() -> None:
    """What may not be told is planted in the data of what is sent."""
    from proeftuin.testing.sinks import envelope  # noqa: PLC0415  # the one use here

    assert MARK.encode() in envelope("p", 1).body
