"""Guards on people: who sat together, who takes part, who holds which duty."""

from collections.abc import Iterator

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.pilot import Record, Track

SESSIONS = ("joint_session", "workshop", "brainstorm", "calendar_session")


def present(activity: Record) -> tuple[FrozenDict, ...]:
    """Return who was there: rows of person, role, party."""
    rows: tuple[FrozenDict, ...] = activity.data.get("present", ())
    return rows


def _sessions(question: Question) -> list[Record]:
    types = question.params["types"]
    return [one for one in question.pilot.kept.get("activity", ()) if one.data.get("type") in types]


def _apart(rows: tuple[FrozenDict, ...], roles: tuple[str, ...], taken: tuple[str, ...] = ()) -> bool:
    """Whether these roles can be filled by different people of the rows, none of whom is taken."""
    if not roles:
        return True
    wanted, others = roles[0], roles[1:]
    for row in rows:
        if row.get("role") == wanted and row["person"] not in taken and _apart(rows, others, (*taken, row["person"])):
            return True
    return False


@guard(
    codes=("missing-pair",),
    roles=Param("names", required=True, refers="role"),
    one_of=Param("names", refers="role"),
    types=Param("names", default=SESSIONS),
)
def joint_session(question: Question) -> Answer:
    """One session was attended by each of these roles, and by one of `one_of`, by different people.

    Note:
        Source: De Normaalste Zaak, principle 1: HR and procurement together when jobs are to come from procurement.
    """
    roles, others = question.params["roles"], question.params.get("one_of")
    sets = [(*roles, other) for other in others] if others else [roles]
    for one in _sessions(question):
        for wanted in sets:
            if _apart(present(one), wanted):
                return None
    rows = tuple(FrozenDict({"person": name, "role": name}) for name in sets[0])
    data = FrozenDict({"type": question.params["types"][0], "present": rows})
    return Blocker("missing-pair", FrozenDict({"roles": roles}), needs=(Need("add", record="activity", data=data),))


@guard(
    codes=("no-contract-manager",),
    role=Param("text", required=True, refers="role"),
    types=Param("names", default=SESSIONS),
)
def attended(question: Question) -> Answer:
    """Somebody in this role attended one of the sessions."""
    role = question.params["role"]
    for one in _sessions(question):
        for row in present(one):
            if row.get("role") == role:
                return None
    rows = (FrozenDict({"person": role, "role": role}),)
    data = FrozenDict({"type": question.params["types"][0], "present": rows})
    return Blocker(
        "no-contract-manager", FrozenDict({"role": role}), needs=(Need("add", record="activity", data=data),)
    )


@guard(
    codes=("coalition-of-one",),
    roles=Param("names", required=True, refers="role"),
    min=Param("integer", default=2),
)
def coalition(question: Question) -> Answer:
    """At least so many different people of these roles are assigned or were present."""
    roles, assigned = question.params["roles"], question.pilot.assigned(question.today)
    people = {one.data["person"] for one in assigned if one.data.get("duty") in roles}
    least = question.params["min"]
    for activity in question.pilot.kept.get("activity", ()):
        if len(people) >= least:
            return None
        people |= {row["person"] for row in present(activity) if row.get("role") in roles}
    if len(people) >= least:
        return None
    held = {one.data.get("duty") for one in assigned}
    free = next((role for role in roles if role not in held), roles[0])
    need = Need("add", record="assignment", data=FrozenDict({"duty": free}))
    return Blocker("coalition-of-one", FrozenDict({"count": len(people), "min": least}), needs=(need,))


@guard(
    reads=("$field",),
    codes=("missing-counterpart",),
    field=Param("text", refers="field", of=("list",), default="present"),
)
def present_sides(question: Question) -> Answer:
    """Of each side at least one person was present."""
    field = question.params["field"]
    roles = question.workflow.roles
    sides = {roles[row["role"]].side for row in question.data.get(field, ()) if row.get("role") in roles}
    if {"client", "supplier"} <= sides:
        return None
    other = next(iter({"client", "supplier"} - sides))
    names = [next(name for name, role in roles.items() if role.side == side) for side in ("client", "supplier")]
    rows = tuple(FrozenDict({"person": name, "role": name}) for name in names)
    need = Need("again", data=FrozenDict({field: rows}))
    return Blocker("missing-counterpart", FrozenDict({"side": other}), needs=(need,))


def _takes_part(question: Question, role: str) -> bool:
    """Whether a role is assigned, or was present at an activity of this cycle; on a track, for that track."""
    track, pilot = question.track, question.pilot
    own = track is not None and role in question.workflow.roles and question.workflow.roles[role].side == "supplier"
    for one in pilot.assigned(question.today):
        if one.data.get("duty") == role and (not own or (track is not None and one.track in (None, track.key))):
            return True
    for activity in pilot.kept.get("activity", ()):
        if activity.cycle == pilot.cycle:
            for row in present(activity):
                if row.get("role") == role and (not own or (track is not None and _for(activity, row, track))):
                    return True
    return False


def _for(activity: Record, row: FrozenDict, track: Track) -> bool:
    """Whether somebody was there for a track: of its party, or, where none is told, at something about the track."""
    party: str | None = row.get("party")
    if party is not None:
        return party == track.party
    return activity.track == track.key or track.key in activity.data.get("tracks", ())


@guard(codes=("missing-counterpart",), roles=Param("names", required=True, refers="role"))
def together(question: Question) -> Answer:
    """The other roles take part too: assigned, or present at an activity since the cycle began."""
    return [
        Blocker(
            "missing-counterpart",
            FrozenDict({"role": role}),
            needs=(
                Need(
                    "add",
                    record="assignment",
                    data=FrozenDict({"duty": role, "person": role}),
                    track=question.track.key if question.track else None,
                ),
            ),
        )
        for role in question.params["roles"]
        if role != question.role and not _takes_part(question, role)
    ]


def _held(question: Question, duty: str, track: str | None = None) -> bool:
    held = [one for one in question.pilot.assigned(question.today) if one.data.get("duty") == duty]
    return bool(held) if track is None else any(one.track == track for one in held)


@guard(codes=("missing-duty",), duty=Param("text", required=True, refers="duty"))
def assigned(question: Question) -> Answer:
    """Somebody holds this duty."""
    duty = question.params["duty"]
    if _held(question, duty):
        return None
    need = Need("add", record="assignment", data=FrozenDict({"duty": duty}))
    return Blocker("missing-duty", FrozenDict({"duty": duty}), needs=(need,))


@guard(
    codes=("missing-roles",),
    duties=Param("names", required=True, refers="duty"),
    per_track=Param("names", refers="duty"),
    states=Param("names", refers="state"),
)
def roles_filled(question: Question) -> Answer:
    """Every one of these duties is held, and on each track in one of these states the duties per track.

    Note:
        Source: De Normaalste Zaak, the handbook's overview of roles and responsibilities (its content is the
        project's own choice).
    """
    return list(_unfilled(question))


def _unfilled(question: Question) -> Iterator[Blocker]:
    wanted: list[tuple[str, str | None]] = [(duty, None) for duty in question.params["duties"]]
    states = question.params.get("states", ())
    for key, track in question.pilot.tracks.items():
        if track.state in states:
            wanted += [(duty, key) for duty in question.params.get("per_track", ())]
    for duty, track_key in wanted:
        if not _held(question, duty, track_key):
            need = Need("add", record="assignment", data=FrozenDict({"duty": duty}), track=track_key)
            yield Blocker("missing-roles", FrozenDict({"duty": duty}), track_key, needs=(need,))
