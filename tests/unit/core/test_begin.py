from datetime import date, timedelta

from proeftuin.core.begin import begin, nothing, unknown
from proeftuin.core.commands import Accepted, Attempt, Command, Refusal
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot
from tests.unit.core.small import BOARD, LEAD, NOW, TODAY, Play

TABLE = Play().table
TITLED = FrozenDict(title="T")


def begun(command: Command, actor: object = LEAD, ref: str | None = None) -> Accepted | Refusal:
    return begin(TABLE, Attempt(nothing(TABLE, "p1", NOW), command, actor, NOW, "k"), ref)  # type: ignore[arg-type]  # an Actor


def refused(command: Command, actor: object = LEAD) -> list[tuple[str, object]]:
    decision = begun(command, actor)
    assert isinstance(decision, Refusal)
    return [(one.code, one.params.get("field")) for one in decision.blockers]


def test_a_pilot_begins_with_one_event() -> None:
    """The event of a start tells the workflow and its hash, where the pilot stands, who began it, and its data."""
    decision = begun(Command("start", TITLED), ref="host-7")
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert ("pilot.started", 1, "lead-1", "lead", TODAY, "k") == (
        event.type,
        event.version,
        event.actor,
        event.role,
        event.on,
        event.key,
    )
    assert {
        "workflow": "small@1",
        "hash": "ab" * 32,
        "state": "first",
        "phase": "exploration",
        "ref": "host-7",
        "set": {"title": "T"},
    } == event.data


def test_a_pilot_without_a_ref_has_none() -> None:
    """The host's reference is left out where there is none."""
    decision = begun(Command("start", TITLED))
    assert isinstance(decision, Accepted)
    assert "ref" not in decision.events[0].data


def test_who_may_not_start_learns_nothing_else() -> None:
    """An actor without a role for it is told so alone, however wrong the data is."""
    assert [("forbidden-role", None)] == refused(Command("start", FrozenDict(nope=1)), BOARD)


def test_all_that_is_wrong_with_a_start_is_told() -> None:
    """Missing and unknown data and a date after today are reported together."""
    command = Command("start", FrozenDict(nope="x"), None, TODAY + timedelta(days=1))
    assert [("unknown-field", "nope"), ("missing-field", "title"), ("bad-value", "on")] == refused(command)


def test_a_pilot_may_be_told_of_late() -> None:
    """A start in the past counts for that day."""
    decision = begun(Command("start", TITLED, None, date(2025, 12, 1)))
    assert isinstance(decision, Accepted)
    assert date(2025, 12, 1) == decision.events[0].on


def test_what_names_a_citizen_begins_nothing_and_is_told_alone() -> None:
    """A title with a citizen service number is refused, and no answer tells what else was wrong."""
    assert [("privacy-violation", "title")] == refused(Command("start", FrozenDict(title="BSN 123456782", nope="x")))


def test_before_its_first_event_a_pilot_is_nothing_yet() -> None:
    """It stands where it will start, on the day that it is in the zone of the workflow, with nothing in it."""
    late = NOW.replace(hour=23)  # the day after, in Amsterdam
    day = TODAY + timedelta(days=1)
    assert nothing(TABLE, "p1", late) == Pilot(
        id="p1",
        ref=None,
        workflow="small@1",
        version=0,
        digest="",
        state="first",
        phase="exploration",
        outcome=None,
        hold="running",
        cycle=1,
        data=EMPTY,
        tracks=EMPTY,
        signatures=(),
        kept=EMPTY,
        counts=EMPTY,
        acted_as=EMPTY,
        starter="",
        since=day,
        cycle_since=day,
        last_move=day,
        created_at=late,
        updated_at=late,
        progress=day,
        entered=FrozenDict(first=day),
    )


def test_a_workflow_that_is_not_there_is_said_to_be_so() -> None:
    """Where the workflow to follow is unknown, the command is refused for that field alone, in words too."""
    attempt = Attempt(nothing(TABLE, "p1", NOW), Command("follow"), LEAD, NOW)
    (blocker,) = unknown(TABLE, attempt)
    params = {"field": "workflow", "problem": "no-such-workflow", "trigger": "follow"}
    assert ("bad-value", params, ()) == (blocker.code, blocker.params, blocker.missing)
    assert blocker.text("en") != blocker.text("nl")
