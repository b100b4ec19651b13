"""The states of `programme`, and what a programme has: the end of section 3.9."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.domain.domain import Fact
from tests.domain.facts import COMMON, MOVED
from tests.domain.facts import TOLD as COMMON_TOLD

PHASES = {"planned": "exploration", "running": "implementation", "concluded": "closed"}
AHEAD = {"planned": ("running", "concluded"), "running": ("concluded",), "concluded": ()}
DETAILS: Mapping[str, Any] = {"title": "Fifteen pilots", "organisation": "BZK"}
FACTS: Mapping[str, Fact] = {
    **COMMON,
    "first_session": ("activity", None, {"type": "programme_session", "date": "2026-02-02", "number": 1}, {}),
    "calendar_session": ("activity", None, {"type": "calendar_session", "date": "2026-02-02"}, {}),
}

# There is no clock that waits for a word every week; who is reminded of the tender calendar is asked instead.
TOLD: Mapping[str, tuple[str, date, tuple[str, ...], tuple[str, ...]]] = {
    **COMMON_TOLD,
    "told_call": ("calendar", MOVED, ("coordinator",), ()),
    "told_call_before": ("calendar", date(2026, 1, 12), ("coordinator",), ()),
    "told_owner": ("calendar", MOVED, ("client_owner",), ()),
}
