"""An event as a CloudEvent 1.0, by the NL GOV profile for CloudEvents: written for a sink, and read by a receiver.

| attribute | is |
|---|---|
| `id` | the id of the event, `<pilot>-<version>` |
| `source` | a URN that names the organisation and its system; the name of a tenant, but for `default`, follows it |
| `type` | `nl.proeftuin.` and the word of the log: `nl.proeftuin.track.moved`; a word never changes its meaning |
| `subject` | the id of the pilot |
| `time` | when the event was recorded, not when what it tells took place: that is `on`, in the data |
| `datacontenttype` | `application/json` |
| `data` | the envelope's body, byte for byte: the event as the log has it |

1. Structured: all of it is the body. Binary: `data` is the body, and the attributes are headers `ce-...`.
2. The bytes are the same at each repeat. `data` stands in them as it was made once; the rest is canonical JSON.
3. A signature covers the body and not the headers, so a reader takes everything from `data`, whichever mode was used.

The library `cloudevents` judges these in the tests. It is not used here: it would parse and write `data` anew.

Source: CloudEvents 1.0.2 with its JSON format and HTTP binding; Logius, NL GOV profile for CloudEvents 1.0 and the
draft of 1.1.
"""

import re
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import quote

from proeftuin import codec
from proeftuin.core.frozen import freeze
from proeftuin.errors import BadArgument, CorruptStore
from proeftuin.spi.sinks import DEFAULT_TENANT, Envelope

Mode = Literal["structured", "binary"]

TYPES = "nl.proeftuin."
STRUCTURED = "application/cloudevents+json"
JSON = "application/json"

_HEADER = "".join(chr(one) for one in range(0x21, 0x7F) if chr(one) not in '"%')  # printable as it is in a header
_URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}:[A-Za-z0-9._~!$&'()*+,;=:@/%-]{1,200}")
_BEYOND = "".join(chr(plane | last) for plane in range(0, sys.maxunicode, 0x10000) for last in (0xFFFE, 0xFFFF))
_UNSOUND = re.compile(f"[\0-\x1f\x7f-\x9f\ufdd0-\ufdef{_BEYOND}%]")  # what no attribute may hold, and what escapes it


def checked_source(source: object) -> str:
    """Return a source, which must be a URN such as `urn:nld:oin:00000001823288444000:systeem:proeftuin`.

    Raises:
        BadArgument: for anything else.
    """
    if not isinstance(source, str) or not _URN.fullmatch(source):
        raise BadArgument("source", "give a URN such as urn:nld:oin:NUMBER:systeem:NAME, which says who publishes")
    return source


def attributes(envelope: Envelope, source: str) -> dict[str, str]:
    """Return the attributes of an event as a CloudEvent."""
    tenant = envelope.tenant
    return {
        "specversion": "1.0",
        "id": _sound(envelope.id),
        "source": source if tenant == DEFAULT_TENANT else f"{source}:{quote(tenant, safe='')}",
        "type": TYPES + envelope.type,
        "subject": _sound(envelope.pilot),
        "time": envelope.at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": JSON,
    }


def written(envelope: Envelope, source: str, mode: Mode) -> tuple[dict[str, str], bytes]:
    """Return an event as the headers and the body of an HTTP message."""
    named = attributes(envelope, source)
    if mode == "binary":
        headers = {f"ce-{name}": quote(value, safe=_HEADER) for name, value in named.items()}
        headers["Content-Type"] = headers.pop("ce-datacontenttype")
        return headers, envelope.body
    rest = codec.canonical(named)  # its keys all sort behind `data`
    return {"Content-Type": f"{STRUCTURED}; charset=utf-8"}, b'{"data":' + envelope.body + b"," + rest[1:]


def read(headers: Mapping[str, str], body: bytes) -> Envelope:
    """Return the event that a message holds.

    Args:
        headers: with names in lower case.
        body: as it came.

    Raises:
        ValueError: for what is no event of proeftuin.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        found = codec.decode(body)
        if kind == STRUCTURED:
            outer, found = found, found["data"]
            _agrees(outer, found)
        return _envelope(found)
    except (CorruptStore, BadArgument, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"it holds no event of proeftuin ({type(error).__name__})") from None


def _agrees(outer: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    if outer["specversion"] != "1.0" or outer["type"] != TYPES + data["type"] or outer["id"] != _sound(data["id"]):
        raise ValueError("its attributes are not those of the event in it")


def _envelope(found: Mapping[str, Any]) -> Envelope:
    known = {**found, "at": datetime.fromisoformat(found["at"]), "on": date.fromisoformat(found["on"])}
    known["data"] = freeze(found["data"])
    made = Envelope(**known, body=codec.canonical(found))
    if type(made.version) is not int or not all(isinstance(one, str) for one in (made.id, made.pilot, made.tenant)):
        raise ValueError("its id, pilot, tenant or version has another type")
    return made


def _sound(text: str) -> str:
    """Return a text as an attribute may be, with whatever it may not hold as `%XX`."""
    return _UNSOUND.sub(lambda found: quote(found.group(), safe=""), text)
