from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import freeze
from proeftuin.core.guards import Question, awards
from proeftuin.core.pilot import Record, Track, Visit
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.structs import replace
from proeftuin.core.value_tables import ValueTable
from tests.unit.core.small import TODAY, a_pilot, a_track, codes_of, question, record


def day(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


def lot(at: str = "awarded", key: str = "c1", party: str | None = "acme", **data: object) -> Track:
    """A procurement in a state."""
    return replace(a_track(key, at, kind="procurement"), party=party, trail=(Visit(at, TODAY, freeze(data)),))


def asked(*held: Record, track: Track | None = None, params: Any = None, **parts: Any) -> Question:
    tracks = [track] if track else ()
    return question(a_pilot(*held, tracks=tracks), track=track, params=params or {}, **parts)


def only(answer: object) -> Blocker:
    (blocker,) = answer if isinstance(answer, (list, tuple)) else (answer,)
    assert isinstance(blocker, Blocker)
    return blocker


def chosen(instrument: str, number: int = 1, **more: Any) -> Record:
    return record("instrument", number, track="c1", instrument=instrument, **more)


RESERVED = chosen("reserved")
WAY = ("tendering", "awarded")


# -- what may be awarded directly --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [("preparing", ("tendering",)), ("tendering", ("awarded",)), ("awarded", None)],
)
def test_a_reserved_lot_is_not_awarded_directly(at: str, expected: tuple[str, ...] | None) -> None:
    """What helps is the next step of a procedure; once that is over there is nothing left to ask."""
    answer = awards.not_reserved(asked(RESERVED, track=lot(at), params={"instead": WAY}))
    if expected is None:
        assert None is answer
    else:
        assert ("no-direct-award", (Need("reach", track="c1", states=expected),)) == (
            only(answer).code,
            only(answer).needs,
        )


def test_what_is_not_reserved_may_be_awarded() -> None:
    """Another instrument, or a reservation that was dropped, stands in no way; without a track nothing leads on."""
    dropped = replace(RESERVED, ended=TODAY)
    assert None is awards.not_reserved(asked(chosen("lots"), dropped, track=lot("preparing"), params={"instead": WAY}))
    held = record("instrument", instrument="reserved")
    assert () == only(awards.not_reserved(asked(held, params={"instead": WAY}))).needs


LIMIT = {"field": "value", "setting": "threshold", "instead": WAY}


@pytest.mark.parametrize(
    ("given", "held", "expected"),
    [
        (None, None, ("missing-field",)),
        (None, "216000", ()),
        (None, "216000.01", ("limit-exceeded",)),
        ("216000", "999999", ()),
        ("300000", "1", ("limit-exceeded",)),
    ],
)
def test_an_amount_is_at_most_a_limit(given: str | None, held: str | None, expected: tuple[str, ...]) -> None:
    """The amount of the data goes before that of the track, and the limit itself is still allowed."""
    track = lot("preparing", **({} if held is None else {"value": held}))
    answer = awards.at_most(asked(track=track, params=LIMIT, data={} if given is None else {"value": given}))
    assert expected == codes_of(answer)


def test_the_limit_is_a_dated_number_of_the_organisation() -> None:
    """The setting in force on the day counts, and the answer says where it comes from."""
    settings = Settings(
        {"threshold": [Dated("10", date(2015, 1, 1), "our rules"), Dated("20", TODAY, "our new rules")]}
    )
    track = lot("preparing", value="15")
    assert None is awards.at_most(asked(track=track, params=LIMIT, settings=settings))
    early = asked(track=track, params=LIMIT, settings=settings, today=TODAY - timedelta(days=1))
    blocker = only(awards.at_most(early))
    assert {"amount": "15", "limit": "10", "source": "our rules"} == blocker.params
    assert (Need("reach", track="c1", states=("tendering",)),) == blocker.needs


def test_an_amount_that_went_the_other_way_is_no_matter() -> None:
    """At the end of the other way the limit asks nothing; without a track the amount of the data alone is judged."""
    assert None is awards.at_most(asked(track=lot("awarded", value="999999"), params=LIMIT))
    assert ("limit-exceeded",) == codes_of(awards.at_most(asked(params=LIMIT, data={"value": "999999"})))
    assert ("missing-field",) == codes_of(awards.at_most(asked(params=LIMIT)))


# -- who may win -------------------------------------------------------------------------------------------------------


def proof(number: int = 1, track: str | None = "c1", kind: str = "thirty_percent", **more: Any) -> Record:
    return record("evidence", number, track=track, type=kind, **more)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), False),
        ((proof(),), True),
        ((proof(kind="report"),), False),
        ((proof(track="c2"),), False),
        ((proof(track=None),), False),
        ((proof(party="acme"),), True),
        ((proof(party="other"),), False),
        ((proof(share="30"),), True),
        ((proof(share="29.9"),), False),
        ((proof(share="0"),), False),
        ((proof(valid_until=day(0)),), True),
        ((proof(valid_until=day(-1)),), False),
        ((proof(valid_until=day(-1)), proof(2)), True),
    ],
)
def test_the_winner_of_a_reserved_lot_has_proof(held: tuple[Record, ...], expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """Valid proof on this lot, of the winner or of nobody in particular, of enough workers."""
    answer = awards.winner_eligible(asked(RESERVED, *held, track=lot("tendering"), data={"winner": "acme"}))
    assert (() if expected else ("not-eligible",)) == codes_of(answer)


def test_the_proof_that_is_missing_is_of_the_winner() -> None:
    """What helps is evidence on the lot, before a winner is named of anybody; other lots ask for none."""
    blocker = only(awards.winner_eligible(asked(RESERVED, track=lot("tendering"), data={"winner": "acme"})))
    assert {"type": "thirty_percent", "party": "acme"} == blocker.needs[0].data
    assert ("c1", "30") == (blocker.needs[0].track, blocker.params["share"])
    blocker = only(awards.winner_eligible(asked(RESERVED, track=lot("tendering"))))
    assert {"type": "thirty_percent"} == blocker.needs[0].data
    assert None is awards.winner_eligible(asked(chosen("lots"), track=lot("tendering")))
    assert None is awards.winner_eligible(asked(record("instrument", instrument="reserved")))


@pytest.mark.parametrize(
    ("held", "data", "expected"),
    [
        ((), {}, ()),
        ((chosen("social_return_award"),), {}, ("missing-field",)),
        ((chosen("social_return_award"),), {"scores": {"acme": "82.5"}}, ()),
        ((chosen("social_return_condition"),), {}, ()),
    ],
)
def test_an_award_criterion_is_scored(held: tuple[Record, ...], data: Any, expected: tuple[str, ...]) -> None:
    """Where social return decides who wins, the award decision holds the scores."""
    assert expected == codes_of(awards.scores_given(asked(*held, track=lot("tendering"), data=data)))


# -- standstill and signature ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "signed", "expected"),
    [
        (-20, None, True),
        (-21, None, False),
        (-21, 0, False),
        (-21, -1, True),
        (-30, -9, False),
        (-30, -10, True),
        (0, 0, True),
    ],
)
def test_nobody_signs_in_the_standstill_period(sent: int, signed: int | None, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """Twenty days after the day on which the decision was sent nobody signs, nor says to have signed then."""
    track = lot(standstill_required=True, sent_on=day(sent))
    answer = awards.standstill(asked(track=track, data={} if signed is None else {"signed_on": day(signed)}))
    assert (("standstill-running",) if expected else ()) == codes_of(answer)


def test_the_first_day_to_sign_is_told() -> None:
    """What helps is the same command from the day after the period on, and with that day; the length is a setting."""
    track = lot(standstill_required=True, sent_on=day(-3))
    settings = Settings({"standstill_days": [Dated("5", date(2015, 1, 1), "a test")]})
    blocker = only(awards.standstill(asked(track=track, data={"supplier": "acme"}, settings=settings)))
    assert {"days": 5, "last": day(2), "earliest": day(3)} == blocker.params
    earliest = TODAY + timedelta(days=3)
    assert (Need("again", data=freeze({"supplier": "acme", "signed_on": day(3)}), day=earliest),) == blocker.needs


@pytest.mark.parametrize("data", [{}, {"sent_on": day(0)}, {"standstill_required": False, "sent_on": day(0)}])
def test_without_a_decision_that_asks_for_it_there_is_no_standstill(data: Any) -> None:
    """Where no standstill is required, or nothing was sent, nothing runs."""
    assert None is awards.standstill(asked(track=lot(**data)))
    assert None is awards.standstill(asked())
    assert None is awards.standstill(asked(track=lot(standstill_required=True)))


def test_the_contract_is_with_the_winner() -> None:
    """Whoever signs as supplier is the party of the lot."""
    assert None is awards.winner_signs(asked(track=lot(), data={"supplier": "acme"}))
    assert None is awards.winner_signs(asked(data={"supplier": "acme"}))
    blocker = only(awards.winner_signs(asked(track=lot(), data={"supplier": "other"})))
    assert ("bad-value", "supplier", "not-the-winner") == (blocker.code, *blocker.params.values())


@pytest.mark.parametrize(
    ("share", "expected"),
    [(None, ()), ("5", ()), ("7.5", ()), ("4.99", ("instrument-missing",))],
)
def test_the_contract_carries_what_was_published(share: str | None, expected: tuple[str, ...]) -> None:
    """A share that is given anew is at least the highest that was published; one that is not given is taken over."""
    held = [chosen("social_return_condition", share="5"), chosen("lots", 2), chosen("subcontracting", 3, share="2")]
    answer = awards.instrument_carried(asked(*held, track=lot(), data={} if share is None else {"share": share}))
    assert expected == codes_of(answer)
    if expected:
        assert ("share", "5", {"share": "5"}) == (*only(answer).params.values(), only(answer).needs[0].data)


def test_where_no_share_was_published_any_will_do() -> None:
    """A lot without a percentage asks for none."""
    assert None is awards.instrument_carried(asked(chosen("reserved"), track=lot(), data={"share": "0"}))


# -- the pilot, and efforts --------------------------------------------------------------------------------------------


def test_a_procedure_does_not_wait_for_the_pilot() -> None:
    """Each track of the kind that is in one of the states is named, and ends on purpose."""
    tracks = [lot("tendering", "c1"), lot("preparing", "c2"), lot("awarded", "c3"), a_track("k1", "tendering")]
    params = {"kind": "procurement", "states": ("tendering", "awarded"), "ends": ("withdrawn",)}
    answer = awards.none_in_procedure(question(a_pilot(tracks=tracks), params=params))
    assert isinstance(answer, list)
    assert [("wrong-state", "c1"), ("wrong-state", "c3")] == [(one.code, one.track) for one in answer]
    assert (Need("reach", track="c1", states=("withdrawn",)),) == answer[0].needs
    assert ("procedure", "tendering", ("withdrawn",)) == tuple(answer[0].params.values())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, ["group"]),
        ({"hours": "24", "months": "12"}, ["group"]),
        ({"group": "wia"}, ["hours", "months"]),
        ({"group": "wia", "hours": "24"}, ["months"]),
        ({"group": "wia", "hours": "24", "months": "12"}, []),
        ({"invoice": "0"}, []),
        ({"bonus": "10000"}, []),
        ({"invoice": "1", "group": "wia"}, ["hours", "months"]),
    ],
)
def test_an_effort_is_somebody_or_an_amount(data: Any, expected: list[str]) -> None:
    """A group comes with hours and months; without one an invoice or a bonus is enough."""
    answer = awards.effort_told(asked(data={"table": "ours", **data}))
    assert isinstance(answer, list)
    assert expected == [one.params["field"] for one in answer]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"table": "ours", "group": "wia"}, ()),
        ({"table": "ours", "group": "ww"}, ("bad-value",)),
        ({"table": "theirs", "group": "ww"}, ()),
        ({"table": "ours", "invoice": "1"}, ()),
    ],
)
def test_a_group_is_one_of_its_table(data: Any, expected: tuple[str, ...]) -> None:
    """Where the organisation has given the table, an effort is for a group in it; of another table nothing is known."""
    table = ValueTable("ours", since=TODAY, source="a test", hours="36", values={"wia": "20000"})
    told = asked(data={"hours": "24", "months": "12", **data}, settings=Settings(tables=[table]))
    assert expected == codes_of(awards.effort_told(told))


@pytest.mark.parametrize(
    ("until", "data", "expected"),
    [
        (day(0), {}, ()),
        (day(-1), {}, ("proof-expired",)),
        (day(-1), {"from": day(-1)}, ()),
        (day(-2), {"from": day(-1)}, ("proof-expired",)),
        (None, {}, ()),
    ],
)
def test_the_proof_of_an_effort_was_valid(until: str | None, data: Any, expected: tuple[str, ...]) -> None:
    """Evidence that is named must not have run out on the first day of the effort, or the day of its recording."""
    valid: Any = {} if until is None else {"valid_until": until}
    held = [record("evidence", **valid), record("effort", **{**data, "evidence": "evidence-1"})]
    assert expected == codes_of(awards.proof_valid(asked(*held, data={"effort": "effort-1"})))


def test_an_effort_needs_no_proof() -> None:
    """Where none is named, or the effort is not there, nothing is asked."""
    proof = record("evidence", valid_until=day(-9))
    for effort in (record("effort"), record("effort", 2, evidence="evidence-1")):
        assert None is awards.proof_valid(asked(proof, effort, data={"effort": "effort-1"}))
