"""What is told of a programme, so that all of its file is reached, and missed when it is gone."""

from functools import partial

from tests.domain.common import stories as common
from tests.domain.domain import Story
from tests.domain.programme.life import Life
from tests.domain.programme.refusals import CASES


def sessions_have_a_number_and_exchanges_have_none() -> None:
    """Sessions are counted, whatever else happens in between."""
    life = Life().reach("running")
    for kind in ("programme_session", "exchange", "programme_session", "coffee", "programme_session"):
        life.do("facilitator", "log_activity", {"type": kind, "date": life.today, "organisations": ("UU", "DJI")})
    assert [1, None, 2, None, 3] == [one.data.get("number") for one in life.pilot.records("activity")]


def it_ends_with_a_report() -> None:
    """Whoever runs it concludes it, once there is a report, which both of them may bring."""
    life = Life().reach("running")
    assert ("missing-report",) == life.no("coordinator", "conclude")
    life.do("facilitator", "add_evidence", {"type": "report", "date": life.today, "reference": "DOC-9"})
    life.do("facilitator", "conclude")
    assert ("concluded", "closed", "ended") == (life.pilot.state, life.pilot.phase, life.pilot.outcome)


def each_term_is_due_on_its_day() -> None:
    """The days of a programme that began on 5 January; a quiet week is no sign of anything."""
    life = common.led(Life)
    life.decide()
    life.session("procurement", kind="calendar_session")
    life.do("coordinator", "set_goal", {"kind": "short", "text": "All met", "due": life.day(30)})
    assert {"commitment": "2027-01-05", "calendar": "2026-07-05", "goal:goal-1": "2026-02-04"} == life.due()


def reported() -> Life:
    """A programme of which the report is there."""
    life = Life().reach("running")
    life.paper("report")
    return life


STORIES: tuple[Story, ...] = (
    sessions_have_a_number_and_exchanges_have_none,
    it_ends_with_a_report,
    partial(common.every_case_comes_about, CASES),
    *common.shared(Life),
    partial(common.what_follows_knows_what_it_follows, reported, "coordinator"),
)
