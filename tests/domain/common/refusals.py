"""How the refusals of the edges come about that all workflows have."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.domain.domain import Case
from tests.domain.life import BaseLife
from tests.domain.remedy import Order

Begin = Callable[[], BaseLife]
Data = Mapping[str, Any]
STORY = {"title": "A", "url": "https://example.org/", "scope": "web", "consent_date": "2026-01-05"}
CUTS = {"reason": "Cuts"}
STOP = {"reason": "No money"}


def on(begin: Begin, by: str, trigger: str, data: Data | None = None, track: str | None = None) -> Case:
    """A pilot as it begins, and a command: whatever is asked for, everything is still missing."""
    return lambda: (begin(), Order(by, trigger, data or {}, track))


def each(begin: Begin, by: str, trigger: str, codes: str, data: Data | None = None) -> dict[str, Case]:
    """Several codes of one command on one pilot."""
    return {code: on(begin, by, trigger, data) for code in codes.split()}


def undecided(begin: Begin) -> Begin:
    """A pilot of which the board has withdrawn its decision."""

    def undecided_life() -> BaseLife:
        life = begin()
        life.decide()
        life.undecide()
        return life

    return undecided_life


def commitment(
    begin: Begin, by: str, trigger: str, data: Data | None = None, track: str | None = None
) -> dict[str, Case]:
    """Both ways in which the decision of the board can be missing."""
    return {
        "missing-commitment": on(begin, by, trigger, data, track),
        "commitment-withdrawn": on(undecided(begin), by, trigger, data, track),
    }


def merged(*tables: Mapping[str, Mapping[str, Case]]) -> dict[str, dict[str, Case]]:
    """Tables of cases as one."""
    found: dict[str, dict[str, Case]] = {}
    for table in tables:
        for name, cases in table.items():
            found[name] = {**found.get(name, {}), **cases}
    return found


def recording(begin: Begin) -> dict[str, dict[str, Case]]:
    """What can be wrong with what is laid down and recorded, on a pilot as it begins."""
    checked = {"date": "2026-01-05", "mood": "wobbling"}
    return {
        "withdraw_commitment": commitment(begin, "board", "withdraw_commitment", CUTS),
        "check_in.any_open": {
            **each(begin, "coordinator", "check_in", "no-next-step", checked),
            "stuck-twice": _stuck(begin),
        },
        "pause": {"bad-value": on(begin, "coordinator", "pause", {"reason": "Summer", "resume_by": "2027-01-05"})},
        "share_story": {
            "privacy-violation": on(begin, "coordinator", "share_story", {**STORY, "consent": "jan@example.org"})
        },
        "stop": each(begin, "client_owner", "stop", "missing-lessons", STOP),
        "spawn_follow_up": {"wrong-state": _stopped(begin)},
    }


def _stuck(begin: Begin) -> Case:
    def stuck() -> tuple[BaseLife, Order]:
        life = begin()
        said = {"date": life.today, "mood": "stuck"}
        life.do("facilitator", "check_in", said)
        return life, Order("coordinator", "check_in", said)

    return stuck


def _stopped(begin: Begin) -> Case:
    def stopped() -> tuple[BaseLife, Order]:
        life = begin()
        if not life.named("coordinator"):
            life.assign("coordinator", "coordinator", by="contract_manager")
        life.do("coordinator", "add_lesson", {"text": "Begin small"})
        life.do("client_owner", "stop", STOP)
        return life, Order("coordinator", "spawn_follow_up", {"title": "Next"})

    return stopped
