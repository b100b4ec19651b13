"""A pilot that holds as many records as it may: what a command leaves is counted, not what it adds."""

from datetime import timedelta

import pytest

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.workflow import Field
from tests.unit.core.small import TODAY, Play, edge, kind, op, small

FEW = Settings({"kept_records": [Dated("2", TODAY, "test")]})
A_STEP = FrozenDict(step=Field("record", record="step", required=True))
KEEPS = ("latest", "2 days", "open")


def full(keep: str) -> Play:
    """A pilot with a note and a step, three days later; it may hold two records."""
    ends, data = (op(end="step", by="step"),) if keep == "open" else (), A_STEP if keep == "open" else EMPTY
    workflow = small(
        edge("plan", records=(op(add="step"),)),
        edge("renew", data=data, records=(*ends, op(add="step"))),
        edge("both", data=data, records=(*ends, op(add="step"), op(add="note"))),
        edge("note", records=(op(add="note"),)),
        records={"step": kind("Step", keep=keep, what=Field("text")), "note": kind("Note", what=Field("text"))},
    )  # fmt: skip
    play = Play(workflow, settings=FEW)
    play.accept("note", {"what": "kept"})
    play.accept("plan", {"what": "a"})
    play.now += timedelta(days=3)
    return play


def named(keep: str) -> dict[str, str]:
    return {"what": "b", **({"step": "step-1"} if keep == "open" else {})}


@pytest.mark.parametrize("keep", KEEPS)
def test_what_takes_the_place_of_another_is_taken(keep: str) -> None:
    """A command that lets go of one record and adds one is accepted at the limit, whichever way the first one goes."""
    play = full(keep)
    assert play.explain("renew", named(keep)).allowed
    play.accept("renew", named(keep))
    assert ["b"] == [one.data["what"] for one in play.pilot.kept["step"]]


@pytest.mark.parametrize("keep", KEEPS)
def test_what_leaves_more_than_the_limit_is_refused(keep: str) -> None:
    """A command that lets go of one and adds two is not, nor is one that lets go of nothing."""
    play = full(keep)
    for trigger, data in (("both", named(keep)), ("note", {"what": "c"})):
        assert ("limit-reached",) == play.codes(trigger, data)


def test_without_data_it_is_not_known_what_goes() -> None:
    """The options offer what may end a record as it adds one, and not what only adds."""
    limits = {one.trigger: [each.code for each in one.blockers] for one in full("open").options(everything=True)}
    assert ([], ["limit-reached"]) == (limits["renew"], limits["note"])
