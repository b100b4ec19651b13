"""The log as a sink, and how a sink is found by its URL."""

import errno
import json
import logging
from collections.abc import Callable
from importlib.metadata import EntryPoint
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from proeftuin import BadArgument, spi
from proeftuin.sinks import open_sink
from proeftuin.sinks.log import FileSink, LogSink
from proeftuin.spi import NotDelivered
from tests.unit.delivery.catching import Catching, Play
from tests.unit.engines import LEAD


def test_an_event_is_one_record_of_words_and_ids(caplog: pytest.LogCaptureFixture) -> None:
    """Each event is a record with its facts as fields, and nothing of what was said."""
    play = Play()
    play.engine.subscribe("log")
    pilot = play.pilot()
    play.engine.fire(pilot, "note", actor=LEAD, data={"text": "planted"})
    with caplog.at_level(logging.INFO, "proeftuin.events"):
        assert (2, 0, False) == play.deliver(log=open_sink("log://"))
    records = [vars(one) for one in caplog.records if one.name == "proeftuin.events"]
    assert ["pilot.started", "record.added"] == [one["msg"] for one in records]
    facts = ("id", "subscriber", "tenant", "pilot", "workflow", "version", "at", "on", "role", "trigger", "track")
    at = "2026-03-02T09:00:00+00:00"
    assert (f"{pilot}-2", "log", "default", pilot, "talks", 2, at, "2026-03-02", "lead", "note", None) == tuple(
        records[1][name] for name in facts
    )
    assert "planted" not in repr(records)


def test_nobody_listens_and_nothing_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    """Where the logger is off nothing is delivered, and the lane says why; it arrives once somebody listens."""
    play = Play()
    play.engine.subscribe("log")
    pilot = play.pilot()
    with caplog.at_level(logging.ERROR, "proeftuin.events"):
        assert (0, 1, False) == play.deliver(log=LogSink())
    assert "nobody listens to the logger proeftuin.events at INFO" == play.lane("log", pilot).error
    play.clock.pass_(seconds=5)
    with caplog.at_level(logging.INFO, "proeftuin.events"):
        assert (1, 0, False) == play.deliver(log=LogSink())
    assert ["pilot.started"] == [one.message for one in caplog.records if one.name == "proeftuin.events"]


def test_a_file_gets_a_line_for_each_event(tmp_path: Path) -> None:
    """Envelopes stand in the file as they are, a line each, those of a later round behind the others."""
    play, whole = Play(), Catching()
    for name in ("file", "whole"):
        play.engine.subscribe(name)
    pilot = play.pilot(notes=2)
    file = tmp_path / "pilots.jsonl"
    sink = open_sink(f"log://{file}")
    play.deliver(file=sink, whole=whole)
    play.notes(pilot)
    play.deliver(file=sink, whole=whole)
    assert [one.body for one in whole.events] == file.read_bytes().splitlines()
    assert [1, 2, 3, 4] == [json.loads(line)["version"] for line in file.read_text().splitlines()]


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    """Behind half a line, which a full disk or a crash leaves, the next event begins on a line of its own."""
    play = Play()
    play.engine.subscribe("file")
    play.pilot()
    file = tmp_path / "pilots.jsonl"
    file.write_bytes(b'{"half":')
    play.deliver(file=FileSink(file))
    half, whole = file.read_bytes().splitlines()
    assert (b'{"half":', 1) == (half, json.loads(whole)["version"])


def test_a_file_that_cannot_be_written_is_a_failure_in_words(tmp_path: Path) -> None:
    """The lane says why the file could not be written, and the event comes once it can."""
    play = Play()
    play.engine.subscribe("file")
    pilot = play.pilot()
    sink = FileSink(tmp_path / "logs" / "pilots.jsonl")
    assert (0, 1, False) == play.deliver(file=sink)
    assert "the file cannot be written: No such file or directory" == play.lane("file", pilot).error
    (tmp_path / "logs").mkdir()
    play.clock.pass_(seconds=5)
    assert (1, 0, False) == play.deliver(file=sink)


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (lambda _self, lines: len(lines) - 1, "the disk is full"),
        (lambda _self, _lines: _raise(OSError(errno.ENOSPC, "No space left on device")), "No space left on device"),
        (lambda _self, _lines: _raise(OSError("odd")), "OSError"),
    ],
)
def test_a_full_disk_is_a_failure(
    write: Callable[[Any, bytes], int], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that was written in part, or not at all, has not arrived."""

    class Full(FileIO):
        def write(self, lines: Any) -> int:
            return write(self, lines)

    monkeypatch.setattr(Path, "open", lambda path, mode, buffering: Full(path, mode.replace("b", "")))
    play, got = Play(), Catching()
    play.engine.subscribe("hr")
    play.pilot()
    play.deliver(hr=got)
    with pytest.raises(NotDelivered, match=why):
        FileSink(tmp_path / "pilots.jsonl").send(got.parcels[0])


def _raise(error: Exception) -> int:
    raise error


@pytest.mark.parametrize(
    ("url", "options", "why"),
    [
        ("pilots.jsonl", {}, "no URL of a sink"),
        ("ftp://somewhere", {}, "no sink is installed for ftp://; there is .*log"),
        ("log://pilots.jsonl", {}, "three slashes"),
        ("log://", {"level": 5}, "level: a log has no options"),
    ],
)
def test_a_url_that_names_no_sink_is_refused(url: str, options: dict[str, Any], why: str) -> None:
    """No scheme, an unknown one, a relative path and an unknown option are told, with what there is."""
    with pytest.raises(BadArgument, match=why):
        open_sink(url, options)


def test_a_sink_of_somebody_else_is_found_by_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed adapter is opened with the URL and the options that were given."""
    point = EntryPoint("mine", "tests.unit.delivery.test_sinks:opened", "proeftuin.sinks")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [point] if group == "proeftuin.sinks" else [])
    sink = open_sink("MINE://host", {"secret": "x"})
    assert ("MINE://host", {"secret": "x"}) == sink.given  # type: ignore[attr-defined]  # a sink of our own


def opened(url: str, options: Any) -> Any:
    sink = Catching()
    return type("Mine", (), {"send": sink.send, "given": (url, options)})()


def test_the_names_of_sinks_are_offered() -> None:
    """What a sink needs can be imported from the package of ports, on first use."""
    names = ("Envelope", "NotDelivered", "Parcel", "Sink", "SinkOpener")
    assert set(names) <= set(spi.__all__)
    assert {"proeftuin.spi.sinks"} == {getattr(spi, name).__module__ for name in names[:4]}
    with pytest.raises(AttributeError, match="no attribute 'Snik'"):
        spi.Snik  # noqa: B018  # the attribute is the point
