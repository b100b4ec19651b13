"""A record in the place of another: its terms count from the first one's day, and go by the first one's name."""

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Edge, Field, RecordRef
from tests.unit.core.days import Days, clock, iso, plan, timed
from tests.unit.core.small import edge, kind, op

JOB = kind("Job", interval=("start", "end"), start=Field("date"), end=Field("date"), hours=Field("integer"))
ANSWER = kind("Answer", job=Field("record", record="job"), weeks=Field("integer"))
UNTIL = RecordRef("answer", FrozenDict(job="of", weeks="due"))
MOVE = FrozenDict(job=Field("record", record="job"), start=Field("date"))
END = op(end="job", by="job", at="start")
COPY = op(add="job", copy="job")


def played(*edges: Edge, keep: str = "all") -> Days:
    job = kind("Job", interval=("start", "end"), keep=keep, **JOB.fields)
    flow = timed(
        edge("place", records=(op(add="job"),)), edge("move", records=(END, COPY), data=MOVE),
        edge("ask", records=(op(add="answer"),)), *edges, records={"job": job, "answer": ANSWER},
        stay=clock(
            "2 weeks, 4 weeks", per="job", since="start", until=UNTIL, remind={"lead": "7 days after due"}, shifts=False
        ),
    )  # fmt: skip
    play = Days(flow)
    play.accept("place", {"start": iso(0), "hours": 16})
    return play


def due(play: Days) -> dict[str, int | None]:
    return plan(play.table.workflow, play.pilot)


def test_a_moved_record_carries_its_start_on() -> None:
    """After a move, and a second one, the terms are those of the first record, under its name."""
    play = played()
    before = due(play)
    assert {"stay:job-1:2 weeks": 14, "stay:job-1:4 weeks": 28} == before
    play.at(5).accept("move", {"job": "job-1", "start": iso(5)})
    play.at(9).accept("move", {"job": "job-2", "start": iso(9)})
    assert before == due(play)
    assert [None, "job-1", "job-1"] == [one.first for one in play.pilot.records("job")]


def test_nothing_is_told_twice() -> None:
    """What was told of the first record is not told again of the one in its place."""
    play = played()
    assert ["21 reminded stay:job-1:2 weeks lead"] == play.daily(1, 22)
    play.accept("move", {"job": "job-1", "start": iso(22)})
    assert ["35 reminded stay:job-1:4 weeks lead"] == play.daily(22, 50)


def test_an_answer_counts_for_all_of_them() -> None:
    """What was answered of one record in the row was answered of every other; of a stranger it was not."""
    play = played()
    play.accept("ask", {"job": "job-1", "weeks": 2})
    play.accept("place", {"start": iso(0), "hours": 8})
    play.at(16).accept("move", {"job": "job-1", "start": iso(16)})
    assert {"stay:job-1:4 weeks", "stay:job-2:2 weeks", "stay:job-2:4 weeks"} == due(play).keys()
    play.accept("ask", {"job": "job-3", "weeks": 4})
    assert {"stay:job-2:2 weeks", "stay:job-2:4 weeks"} == due(play).keys()
    play.at(20).accept("move", {"job": "job-3", "start": iso(20)})
    assert {"stay:job-2:2 weeks", "stay:job-2:4 weeks"} == due(play).keys()


def test_a_copy_beside_its_source_is_a_record_of_its_own() -> None:
    """Where the record that is copied goes on, nothing takes its place: the copy counts from its own day."""
    play = played(edge("double", records=(COPY,), data=MOVE))
    play.at(5).accept("double", {"job": "job-1", "start": iso(5)})
    own = {"stay:job-1:2 weeks": 14, "stay:job-1:4 weeks": 28}
    assert own | {"stay:job-2:2 weeks": 19, "stay:job-2:4 weeks": 33} == due(play)


def test_the_first_of_them_may_be_out_of_sight() -> None:
    """Where the head no longer holds the first record, the one in its place counts from its own day."""
    play = played(keep="open")
    play.at(5).accept("move", {"job": "job-1", "start": iso(5)})
    assert {"stay:job-1:2 weeks": 19, "stay:job-1:4 weeks": 33} == due(play)


def test_the_place_of_one_may_be_taken_ahead() -> None:
    """A move that lies ahead leaves one term, whichever of the two records it is looked at."""
    play = played()
    play.accept("move", {"job": "job-1", "start": iso(18)})
    assert ["21 reminded stay:job-1:2 weeks lead", "35 reminded stay:job-1:4 weeks lead"] == play.daily(1, 50)
