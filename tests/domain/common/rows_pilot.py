"""What holds and ends a pilot, and what comes after it: section 3.9, in all workflows; rows EC5 to EC14."""

from tests.domain.rows import OPEN, PLAN, WHY, Check, Row, fine, no, warn

RESUME = Row("EC11", "resume", "coordinator client_owner", OPEN, "resumed", hold="paused")
SPAWN_FOLLOW_UP = Row(
    "EC13",
    "spawn_follow_up",
    "coordinator",
    ("closed",),
    "linked spawn_follow_up",
    data={"title": "The next one"},
    outcome="follow_up",
    checks=(
        *(no("wrong-state", outcome=outcome) for outcome in ("embedded", "ended", "stopped")),
        no("missing-field", data={"title": None}),
    ),
)


def reroute(to: tuple[str, ...], own: str) -> Row:
    """Going on by another route; `to` are the other workflows."""
    return Row(
        "EC12",
        "reroute",
        "coordinator",
        ("exploring", "committing"),
        "linked reroute; pilot {here}>closed outcome=ended",
        data={"workflow": to[0], "rationale": "That suits the goals better"},
        checks=(
            *(fine(data={"workflow": one}) for one in to),
            no("bad-value", data={"workflow": own}),
            no("missing-field", data={"workflow": None}),
            no("missing-field", data={"rationale": None}),
        ),
    )


WITHDRAW_COMMITMENT = Row(
    "EC14",
    "withdraw_commitment",
    "board",
    OPEN,
    "end decision-1 on=2026-03-02 reason=It turned out so",
    data=WHY,
    facts="decision",
    checks=(
        no("missing-field", data={"reason": None}),
        no("missing-commitment", "-decision"),
        no("commitment-withdrawn", "-decision +withdrawn"),
    ),
)


def stop(at: str = "", checks: tuple[Check, ...] = ()) -> Row:
    """Stopping a pilot; `at` is the state of a track with placements, where the workflow has any."""
    placements = (
        no("missing-placement-plan", "+placed"),
        no("privacy-violation", data={"placement_plan": "Call 06-12345678 about it"}),
        no("privacy-violation", data={"reason": "jan@example.org left"}),
        no("missing-placement-plan missing-lessons", "+placed -lesson"),
        fine("+placed", data=PLAN),
        fine("+gone"),
    )
    return Row(
        "EC9",
        "stop",
        "client_owner board",
        OPEN,
        "pilot {here}>closed outcome=stopped reason=It turned out so",
        data=WHY,
        facts="lesson",
        tracks={"alpha": at} if at else {},
        checks=(
            no("missing-lessons", "-lesson"),
            no("missing-field", data={"reason": None}),
            *(placements if at else ()),
            *checks,
        ),
    )


def pause(checks: tuple[Check, ...] = (warn("active-placements", "+placed"), warn("", "+gone"))) -> Row:
    """Putting a pilot on hold; with `checks` of its own for a workflow without placements."""
    return Row(
        "EC10",
        "pause",
        "coordinator client_owner",
        OPEN,
        "paused reason=It turned out so resume_by=2026-08-31",
        data={**WHY, "resume_by": "2026-08-31"},
        checks=(
            no("bad-value", data={"resume_by": "2026-09-01"}),
            no("bad-value", data={"resume_by": "2026-03-02"}),
            fine(data={"resume_by": "2026-03-03"}),
            no("missing-field", data={"resume_by": None}),
            no("missing-field", data={"reason": None}),
            *checks,
        ),
    )


def snooze(checks: tuple[Check, ...] = ()) -> Row:
    """Putting off a reminder, by whoever was reminded; with `checks` about the terms of a track, if there are any."""
    return Row(
        "3.9",
        "snooze",
        "",  # see `relations`
        OPEN,
        "snoozed check_in until=2026-03-16 reason=It turned out so",
        data={**WHY, "clock": "check_in", "until": "2026-03-16"},
        facts="told_call",
        checks=(
            no("bad-value", data={"until": "2026-03-17"}),
            no("bad-value", data={"until": "2026-03-02"}),
            fine(data={"until": "2026-03-03"}),
            no("missing-field", data={"clock": None}),
            no("missing-field", data={"until": None}),
            no("missing-field", data={"reason": None}),
            no("bad-value", data={"clock": "coffee"}),
            no("bad-value", "-told_call +told_call_before"),
            no("forbidden-role", "-told_call"),
            fine("+told_goal +short", data={"clock": "goal", "record": "goal-1"}),
            no("forbidden-role", "+told_goal +short +horizon", data={"clock": "goal", "record": "goal-2"}),
            *checks,
        ),
    )


def off_a_track(clock: str, told: str, at: str, other: str) -> tuple[Check, ...]:
    """Putting off the term of a track: `told` says that it told somebody, in the state `at`; in `other` it is over."""
    return (
        no("forbidden-role", data={"clock": clock}),
        fine(f"+{told}", tracks={"alpha": at}, data={"clock": clock}),
        fine(f"+{told}", tracks={"alpha": at}, data={"clock": clock, "track": "alpha"}),
        no("bad-value", f"+{told}", tracks={"alpha": other}, data={"clock": clock}),
        no("forbidden-role", tracks={"alpha": at}, data={"clock": clock, "track": "alpha"}),
    )


def evaluation(widens_to: str, working: str, unfinished: tuple[str, ...], done: tuple[str, ...]) -> tuple[Row, ...]:
    """From implementing to closed: rows EC5 to EC8.

    Args:
        widens_to: the state in which new suppliers are looked for.
        working: the state of a track that delivers.
        unfinished: the states of a track in which a pilot is not concluded.
        done: those in which it is.
    """
    late = (no("missing-report", "-report"), no("missing-report", "-report +old_report +plan"))
    return (
        Row(
            "EC5",
            "start_evaluation",
            "coordinator client_owner",
            ("implementing",),
            "pilot implementing>evaluating",
            facts="placed",
            tracks={"alpha": working},
            checks=(
                no("nothing-implemented", "-placed"),
                no("nothing-implemented", "-placed +gone_before"),
                no("nothing-implemented", "-placed +old_result"),
                fine("-placed +result"),
                fine("-placed +gone"),
                warn("open-obstacles", "+obstacle"),
            ),
        ),
        Row(
            "EC6",
            "iterate",
            "client_owner",
            ("evaluating",),
            "pilot evaluating>implementing cycle=3",
            facts="report",
            checks=late,
        ),
        Row(
            "EC7",
            "widen",
            "client_owner",
            ("evaluating",),
            f"pilot evaluating>{widens_to} cycle=3",
            facts="report decision",
            checks=(
                no("missing-commitment", "-decision"),
                no("commitment-withdrawn", "-decision +withdrawn"),
                fine("+withdrawn"),
                *late,
            ),
        ),
        *_conclude(unfinished, done, late),
    )


def _conclude(unfinished: tuple[str, ...], done: tuple[str, ...], late: tuple[Check, ...]) -> tuple[Row, ...]:
    tracks = (
        *(no("open-tracks", tracks={"alpha": state}) for state in unfinished),
        *(fine(tracks={"alpha": state}) for state in done),
    )
    return (
        Row(
            "EC8 embedded",
            "conclude",
            "board",
            ("evaluating",),
            "pilot evaluating>closed outcome=embedded outcome=embedded",
            data={"outcome": "embedded"},
            facts="report embedding story",
            tracks={"alpha": done[0]},
            checks=(
                *late,
                no("missing-embedding", "-embedding"),
                *tracks,
                no(
                    "open-tracks missing-report missing-embedding",
                    "-report -embedding",
                    tracks={"alpha": unfinished[-1]},
                ),
                warn("no-story", "-story"),
            ),
        ),
        Row(
            "EC8 otherwise",
            "conclude",
            "client_owner",
            ("evaluating",),
            "pilot evaluating>closed outcome=follow_up outcome=follow_up",
            data={"outcome": "follow_up"},
            facts="report story",
            tracks={"alpha": done[0]},
            checks=(
                fine(data={"outcome": "ended"}),
                no("forbidden-role", data={"outcome": "ended"}, by="board"),
                no("forbidden-role", data={"outcome": "follow_up"}, by="board"),
                no("forbidden-role", data={"outcome": "embedded"}),
                no("bad-value", data={"outcome": "stopped"}),
                no("missing-field", data={"outcome": None}),
                *late,
                no("missing-report", "-report", data={"outcome": "ended"}),
                *tracks,
                *(_carried() if "parked" in unfinished else ()),
                no("bad-reference", data={"carry": ("nobody",)}),
                warn("no-story", "-story"),
            ),
        ),
    )


def _carried() -> tuple[Check, ...]:
    """A parked track may go over to the follow-up, by name; no other may."""
    return (
        fine(tracks={"alpha": "parked"}, data={"carry": ("alpha",)}),
        no("open-tracks", tracks={"alpha": "parked"}, data={"outcome": "ended", "carry": ("alpha",)}),
        no("open-tracks", tracks={"alpha": "talking"}, data={"carry": ("alpha",)}),
        no("open-tracks", tracks={"alpha": "parked", "beta": "parked"}, data={"carry": ("alpha",)}),
    )
