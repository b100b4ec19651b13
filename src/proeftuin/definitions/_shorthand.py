"""What a file writes shorter than the classes are: offsets, guards and signals, both ways."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from proeftuin.core.workflow import GuardUse, Offset, Signal, Unit

_UNITS: Mapping[str, Unit] = {"day": "days", "week": "weeks", "month": "months", "working day": "working_days"}


def read_offset(text: str) -> Offset:
    """Return the offset that a text in its form means: `3 working days`, `14 days before due`."""
    amount, _, rest = text.partition(" ")
    relative = next((end for end in ("before due", "after due") if rest.endswith(end)), None)
    unit = rest.removesuffix(relative or "").strip().removesuffix("s")
    return Offset(int(amount), _UNITS[unit], cast("Any", relative))


def write_offset(offset: Offset) -> str:
    """Return an offset as text."""
    return " ".join(filter(None, (str(offset.amount), offset.unit.replace("_", " "), offset.relative)))


def read_guard(written: str | dict[str, Any]) -> GuardUse:
    """Return the guard of `name` or `{name: {params}}`; the name stands under the empty key too."""
    return GuardUse(written) if isinstance(written, str) else GuardUse(written[""], written[written[""]])


def write_guard(use: GuardUse) -> str | dict[str, Any]:
    """Return a guard as it is written."""
    return {use.name: use.params} if use.params else use.name


def read_signal(written: dict[str, Any]) -> Signal:
    """Return the signal of `{stalled: 28 days, tell: [facilitator]}`."""
    name = written[""]
    return Signal(name, written[name], written.get("tell", ()))


def write_signal(signal: Signal) -> dict[str, Any]:
    """Return a signal as it is written."""
    return {signal.name: write_offset(signal.after), **({"tell": signal.tell} if signal.tell else {})}


FROM_SHORT: Mapping[type, Callable[[Any], Any]] = {Offset: read_offset, GuardUse: read_guard, Signal: read_signal}
TO_SHORT: Mapping[type, Callable[[Any], Any]] = {Offset: write_offset, GuardUse: write_guard, Signal: write_signal}
