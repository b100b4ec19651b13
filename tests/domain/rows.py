"""How a rule of the domain is written down: who may fire what, from where, to where, and what it takes.

Written down by hand from the description of the domain, and not from the workflow file: the identifiers EC1 to EC14 and
TR1 to TR14 are its rows, `3.9` its list of triggers. Each row names a scene in which its trigger is accepted (states,
facts and data, no more than needed), what must then happen, and `checks`: the same scene with something taken away or
added, and the exact codes that come of it.
"""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from proeftuin.core.frozen import EMPTY

# The sides of the roles: section 3.2.
CLIENT = (
    "board",
    "client_owner",
    "coordinator",
    "hr",
    "procurement",
    "contract_manager",
    "policy_officer",
    "budget_holder",
    "requester",
    "coalition_member",
)
SUPPLIER = ("supplier_lead", "supplier_hr", "social_entrepreneur")
NEITHER = ("supervisor", "facilitator", "monitor", "privacy_officer", "system")
ROLES = (*CLIENT, *SUPPLIER, *NEITHER)
STARTERS = ("coordinator", "hr", "procurement", "contract_manager", "policy_officer", "facilitator")  # row EC1

OPEN = ("any_open",)
ANY = ("any",)
COALITION = (
    "coordinator client_owner hr procurement contract_manager policy_officer budget_holder coalition_member"  # 3.2
)
EVERYONE = f"{COALITION} board requester supplier_lead supplier_hr social_entrepreneur supervisor facilitator"

# Section 3.9: what may be done on hold, and what after closing (where it moves nothing).
WHILE_PAUSED = frozenset(
    [
        "end_placement",
        "change_hours",
        "record_retention",
        "withdraw_story",
        "add_lesson",
        "log_activity",
        "withdraw_commitment",
        "correct",
        "stop",
        "resume",
    ]
)
AFTER_CLOSING = frozenset(
    ["record_retention", "withdraw_story", "add_lesson", "check_in", "spawn_follow_up", "correct"]
)


def side(role: str) -> str | None:
    """The side of a role."""
    return "client" if role in CLIENT else "supplier" if role in SUPPLIER else None


@frozen
class Check:
    """A change to the scene of a row, and what must come of it.

    Attributes:
        codes: exactly these, as blockers; or as warnings, where `warns`.
        change: facts and marks taken away and added, `-decision +withdrawn`.
        data: fields that replace those of the row; None takes one away.
        tracks: tracks that replace those of the row.
        by: the role that fires.
        state: the state of the pilot, for a row of a track.
    """

    codes: frozenset[str]
    change: str = ""
    data: Mapping[str, Any] = EMPTY
    tracks: Mapping[str, str] = EMPTY
    by: str = ""
    state: str = ""
    outcome: str = ""
    warns: bool = False


def no(codes: str, change: str = "", **more: Any) -> Check:
    """Refused with these codes."""
    return Check(frozenset(codes.split()), change, **more)


def warn(codes: str, change: str = "", **more: Any) -> Check:
    """Warned with these codes."""
    return Check(frozenset(codes.split()), change, warns=True, **more)


def fine(change: str = "", **more: Any) -> Check:
    """Accepted all the same."""
    return Check(frozenset(), change, **more)


@frozen
class Row:
    """One rule: a trigger, who fires it, from where, and what it does.

    Attributes:
        at: the states that it can be fired from, of the pilot, or of the track where it has a `key`.
        does: what happens, in the words of `pure.tell`; `{here}` is the state it was fired from.
        key, kind, party: the track that it is fired on; its kind, where it is not the first one; whose it is, where
            that is not its key.
        opens: whether it opens that track.
        during: for a track, the states of the pilot.
        anywhere: whether it is refused elsewhere for what is not there, and not for the state.
        facts, tracks, data, hold, outcome, signed: the scene.
    """

    id: str
    trigger: str
    who: str
    at: tuple[str, ...]
    does: str
    data: Mapping[str, Any] = EMPTY
    key: str | None = None
    kind: str = ""
    party: str = ""
    opens: bool = False
    during: tuple[str, ...] = OPEN
    anywhere: bool = False
    facts: str = ""
    tracks: Mapping[str, str] = EMPTY
    hold: str = "running"
    outcome: str | None = None
    signed: str = ""
    checks: tuple[Check, ...] = ()


DOC = {"date": "2026-03-02", "reference": "DOC-1"}
FUTURE = {"date": "2026-03-03"}
WHY = {"reason": "It turned out so"}
PLAN = {"placement_plan": "They stay, outside the pilot"}
COMMIT = (no("missing-commitment", "-decision"), no("commitment-withdrawn", "-decision +withdrawn"), fine("+withdrawn"))
