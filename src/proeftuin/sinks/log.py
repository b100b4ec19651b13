"""The log as a sink: a record for each event, or a line for each in a file.

`log://` gives each event to the standard logger `proeftuin.events`, with its facts as fields; where that is not enabled
for INFO, nothing is delivered. What an event says of the pilot stays out, as in every log of ours: ids, words and
versions only. `log:///var/log/pilots.jsonl` appends whole envelopes to a file, as lines of JSON; who may read that file
may read the pilots.
"""

import os
from collections.abc import Mapping
from io import FileIO
from pathlib import Path
from typing import Any

from proeftuin import log
from proeftuin.errors import BadArgument
from proeftuin.spi.sinks import NotDelivered, Parcel, Sink

BATCH = 200


class LogSink:
    """Logs each event."""

    batch = BATCH

    def send(self, parcel: Parcel, /) -> None:
        """Log the events of a parcel.

        Raises:
            NotDelivered: where nobody listens: what no log shows has reached nobody.
        """
        for one in parcel.events:
            heard = log.event(
                one.type,
                id=one.id,
                subscriber=parcel.subscriber,
                tenant=one.tenant,
                pilot=one.pilot,
                workflow=one.workflow,
                version=one.version,
                at=one.at.isoformat(),
                on=one.on.isoformat(),
                role=one.role,
                trigger=one.trigger,
                track=one.track,
            )
            if not heard:
                raise NotDelivered("nobody listens to the logger proeftuin.events at INFO")


class FileSink:
    """Appends each event to a file, as a line of JSON.

    Args:
        path: the file; it is made when the first event comes, and may be moved away at any time.
    """

    batch = BATCH

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, parcel: Parcel, /) -> None:
        """Append the events of a parcel, and see to it that they are on disk.

        Raises:
            NotDelivered: where the file cannot be written.
        """
        lines = b"".join(one.body + b"\n" for one in parcel.events)
        try:
            with self._path.open("a+b", buffering=0) as file:
                whole = lines if _ends_whole(file) else b"\n" + lines
                if file.write(whole) != len(whole):
                    raise NotDelivered("the file cannot be written: the disk is full")
                os.fsync(file.fileno())
        except OSError as error:
            raise NotDelivered(f"the file cannot be written: {error.strerror or type(error).__name__}") from error


def _ends_whole(file: FileIO) -> bool:
    """Whether a file ends where a line does: a write may have been cut off."""
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def open_log(url: str, options: Mapping[str, Any]) -> Sink:
    """Open the sink at `log://`, or at `log:///` and the path of a file.

    Raises:
        BadArgument: for options, which it has none of, or a path that is not absolute.
    """
    for name in options:
        raise BadArgument(name, "a log has no options")
    path = url.partition("://")[2]
    if not path:
        return LogSink()
    if not path.startswith("/"):
        raise BadArgument("url", "the path of a file follows three slashes: log:///var/log/pilots.jsonl")
    return FileSink(Path(path))
