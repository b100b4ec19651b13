"""Names that are taken or reserved, and names of roles and states that point nowhere."""

from zoneinfo import ZoneInfo

from proeftuin.core.calendar import NAMES
from proeftuin.core.faults import did_you_mean
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import RELATIONS, STATE_WORDS, SYSTEM, Scope
from proeftuin.core.workflow import PREVIOUS, SAME, State

PHASES = ("exploration", "commitment", "supplier_talks", "implementation", "evaluation", "closed")
RESERVED_STATES = {*STATE_WORDS, SAME, PREVIOUS, "progress"}
START = "start"


def check(scope: Scope, report: Report) -> None:
    """Check the declarations, and the references between them."""
    _roles(scope, report)
    _groups(scope, report)
    _states(scope, report)
    _start(scope, report)
    zone = scope.workflow.timezone
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        report.error("unknown-timezone", f"there is no time zone `{zone}`{_zone_like(zone)}", "timezone")
    report.known("calendar", scope.workflow.calendar, NAMES, "calendar")


def _zone_like(zone: str) -> str:
    from zoneinfo import available_timezones  # noqa: PLC0415  # it looks through a folder

    return did_you_mean(zone, available_timezones())


def _roles(scope: Scope, report: Report) -> None:
    for name, role in scope.workflow.roles.items():
        if name in RELATIONS:
            report.error("reserved-name", f"`{name}` is a relation; name the role otherwise", "roles", name)
        for key in ("side", "excludes") if name == SYSTEM else ():
            if getattr(role, key):
                text = f"`{SYSTEM}` is what fires by itself, on no side and beside everybody; leave `{key}` out"
                report.error("misplaced-key", text, "roles", name, key)
        for number, other in enumerate(role.excludes):
            if report.known("role", other, scope.roles, "roles", name, "excludes", number) and other == name:
                text = f"`{name}` excludes itself, so nobody could act in it twice; leave it out"
                report.error("excludes-itself", text, "roles", name, "excludes", number)


def _groups(scope: Scope, report: Report) -> None:
    workflow = scope.workflow
    for name, members in workflow.groups.items():
        if name in {*RELATIONS, SYSTEM}:
            report.error("reserved-name", f"`{name}` is built in; name the group otherwise", "groups", name)
        if name in workflow.roles:
            report.error("name-taken", f"`{name}` is a role too; name the group otherwise", "groups", name)
        for number, role_name in enumerate(members):
            report.known("role", role_name, scope.roles, "groups", name, number)


def _states(scope: Scope, report: Report) -> None:
    workflow = scope.workflow
    for name, state in workflow.states.items():
        _state_name(report, name, "states", name)
        if state.phase is None:
            known = ", ".join(PHASES)
            report.error("missing-phase", f"state `{name}` lies in no phase; add `phase`: {known}", "states", name)
        else:
            report.known("phase", state.phase, PHASES, "states", name, "phase")
        if state.done:
            report.error("misplaced-key", "`done` is for the states of a track; use `final`", "states", name, "done")
    for kind, track in workflow.tracks.items():
        for name, state in track.states.items():
            _state_name(report, name, "tracks", kind, "states", name)
            _track_state(report, state, "tracks", kind, "states", name)


def _state_name(report: Report, name: str, *path: str) -> None:
    if name in RESERVED_STATES:
        report.error("reserved-name", f"`{name}` has another meaning in a file; name the state otherwise", *path)


def _track_state(report: Report, state: State, *path: str) -> None:
    if state.phase is not None:
        report.error("misplaced-key", "a track is in no phase; leave `phase` out", *path, "phase")
    if state.final:
        report.error("misplaced-key", "`final` is for the states of the pilot; use `done`", *path, "final")


def _start(scope: Scope, report: Report) -> None:
    start = scope.workflow.start
    report.known("state", start.to, scope.workflow.states, "start", "to")
    for number, name in enumerate(start.allow):
        report.known("role", name, scope.actors - set(RELATIONS), "start", "allow", number)
    if not set(scope.expand(start.allow)) - {SYSTEM}:
        report.error("nobody", "nobody may start a pilot; name roles in `allow`", "start", "allow")
