from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from proeftuin.core.metrics import Metric, Unmeasurable
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.settings import Settings
from proeftuin.core.value_tables import ValueTable
from tests.unit.core.metrics.people import ago, all_of, one, one_pilot, shared, stop
from tests.unit.core.small import TODAY, record

OURS = ValueTable("ours", date(2026, 1, 1), "our board", "36", {"wia": "40000", "jobs_agreement": "50000"})
THEIRS = ValueTable("theirs", date(2025, 1, 1), "their board", "40", {"wia": "30000"}, sample=True)
SETTINGS = Settings(tables=[OURS, THEIRS])


def effort(
    number: int, track: str = "k", *, table: str = "ours", answered: int | None = 5, said: str = "accepted", **data: Any
) -> Record:
    status: dict[str, Any] = {} if answered is None else {"status": said}
    ended = None if answered is None else ago(answered)
    return record("effort", number, track=track, since=ago(9), ended=ended, table=table, **status, **data)


def contracts(*records: Record, **told: Any) -> Pilot:
    """A pilot with the contracts k and m, which came from the procurement p."""
    path = [stop("contracted", 60, track="p"), stop("agreed", 50, track="k"), stop("agreed", 50, track="m")]
    facts = {"p": {"value": "1200000"}, "k": {"procurement": "p"}, "m": {}, **told}
    return one_pilot(*records, path=path, kinds={"p": "procurement", "k": "contract", "m": "contract"}, told=facts)


CONDITION = record("instrument", 1, track="p", since=ago(70), instrument="social_return_condition", share="5")
FULL: dict[str, Any] = {"group": "wia", "hours": "24", "months": "12"}
HALF: dict[str, Any] = {"group": "jobs_agreement", "hours": "18", "months": "6"}


def ask(found: Pilot | list[Pilot], name: str, **more: Any) -> Metric:
    return one(found, name, settings=SETTINGS, **more)


def test_an_effort_is_worth_its_share_of_a_full_year() -> None:
    """Value is that of the table in proportion to hours and months, with bonuses and invoices, exact to the end."""
    held = contracts(effort(1, **FULL), effort(2, **HALF, bonus="10000"), effort(3, invoice="15000"))
    found = ask(held, "sroi_value")
    assert (Fraction(80000, 3) + 12500 + 10000 + 15000, "64166.67") == (found.exact, found.value)
    assert (("ours (2026-01-01)",), "EUR", (1, 1)) == (found.names, found.unit, found.coverage)


def test_full_hours_are_those_of_the_effort_or_of_the_table() -> None:
    """Hours count of those that the effort names as full, and of the table's own where it names none."""
    assert "20000.00" == ask(contracts(effort(1, **{**FULL, "hours_base": "48"})), "sroi_value").value
    assert "18000.00" == ask(contracts(effort(1, table="theirs", **FULL)), "sroi_value").value


@pytest.mark.parametrize(
    ("answered", "said", "expected"),
    [(None, "", 0), (5, "returned", 0), (5, "accepted", 1), (0, "accepted", 1), (-1, "accepted", 0)],
)
def test_only_what_the_client_accepted_counts(answered: int | None, said: str, expected: int) -> None:
    """An effort counts from the day on which the client accepted it; a submitted or returned one does not."""
    held = contracts(effort(1, answered=answered, said=said, invoice="1"))
    assert f"{expected}.00" == ask(held, "sroi_value").value
    assert "0.00" == ask(held, "sroi_value", as_of=ago(6)).value


def test_amounts_of_two_tables_do_not_add_up() -> None:
    """A sum over two tables is refused and says how to ask; per table and per contract it is given."""
    held = contracts(effort(1, **FULL), effort(2, "m", table="theirs", **FULL), CONDITION)
    for name in ("sroi_value", "sroi_fulfilment"):
        asked = (
            [held, contracts(effort(1, "k", table="theirs", **FULL), CONDITION)] if name == "sroi_fulfilment" else held
        )
        with pytest.raises(Unmeasurable, match="not-additive") as refused:
            ask(asked, name)
        (blocker,) = refused.value.blockers
        (remedy,) = blocker.missing
        assert {"tables": "ours, theirs", "metric": name} == blocker.params
        assert "metrics" == remedy.trigger
        assert "ours, theirs" in blocker.text("nl")
        told = ask(asked, remedy.data["metric"], by=[remedy.data["by"]])
        assert (["ours", "theirs"], None) == (sorted(told.value), told.total)
    by_table = ask(held, "sroi_value", by=["table"])
    assert ({"ours": "26666.67", "theirs": "18000.00"}, None) == (by_table.value, by_table.total)
    assert {"k": "26666.67", "m": "18000.00"} == ask(held, "sroi_value", by=["track"]).value
    assert ("ours (2026-01-01)", "theirs (2025-01-01, sample)") == by_table.names
    assert "26666.67" == ask(contracts(effort(1, **FULL)), "sroi_value", by=["table"]).total


def test_a_sum_that_is_refused_stands_beside_no_breakdown() -> None:
    """Per contract fulfilment is given with what is owed; what was done and is short are not added up over tables."""
    terms = {"value": "1000000", "share": "10"}
    held = contracts(effort(1, **FULL), effort(2, "m", table="theirs", **FULL), k=terms, m=terms)
    found = ask(held, "sroi_fulfilment", by=["track"])
    assert {"k": "26.67", "m": "18.00"} == found.value
    assert ({"obligation": "200000.00", "value_eur": None, "short": None}, None) == (found.extra, found.total)


def test_what_is_owed_is_of_no_table() -> None:
    """Fulfilment per table is refused with the figure to ask for, and is left out where it was not asked by name."""
    held = contracts(effort(1, **FULL), CONDITION)
    with pytest.raises(LookupError, match="sroi_fulfilment is of no table by itself; by table there is sroi_value"):
        ask(held, "sroi_fulfilment", by=["table"])
    given = all_of([held], "sroi_value", "sroi_fulfilment", settings=SETTINGS, by=["table"], lenient=True)
    assert ["sroi_value"] == list(given)


def test_two_tables_in_one_group_are_refused_too() -> None:
    """A breakdown in which one group holds amounts of two tables is refused like a sum."""
    held = contracts(effort(1, **FULL), effort(2, table="theirs", **FULL))
    with pytest.raises(Unmeasurable, match="not-additive"):
        ask(held, "sroi_value", by=["track"])


@pytest.mark.parametrize(
    ("table", "group", "code"), [("gone", "wia", "unknown-table"), ("theirs", "jobs_agreement", "unknown-group")]
)
def test_what_a_table_does_not_know_is_refused(table: str, group: str, code: str) -> None:
    """An effort by a table that was not given, or of a group that its table has not, cannot be valued."""
    with pytest.raises(Unmeasurable, match=code) as refused:
        ask(contracts(effort(1, table=table, **{**FULL, "group": group})), "sroi_value")
    assert table in refused.value.blockers[0].text("en")
    assert "100.00" == ask(contracts(effort(1, table="gone", invoice="100")), "sroi_value").value


def test_a_group_that_a_table_lacks_is_told_with_those_that_it_has() -> None:
    """The refusal names the table, the group that was given and those that there are."""
    with pytest.raises(Unmeasurable) as refused:
        ask(contracts(effort(1, table="ours", **{**FULL, "group": "ww"})), "sroi_value")
    (blocker,) = refused.value.blockers
    assert ("unknown-group", {"table": "ours", "group": "ww", "known": ("wia", "jobs_agreement")}) == (
        blocker.code,
        blocker.params,
    )
    assert 'no amount for "ww"' in blocker.text("en")


def test_what_was_done_is_compared_with_what_is_owed() -> None:
    """Fulfilment is what was done over the share of the contract's value; beside it both, and what is short."""
    held = contracts(effort(1, **FULL), effort(2, **HALF), effort(3, invoice="15000"), CONDITION)
    found = ask(held, "sroi_fulfilment")
    assert ("90.28", {"obligation": "60000.00", "value_eur": "54166.67", "short": "5833.33"}) == (
        found.value,
        found.extra,
    )
    assert (("90.28", "162500/3/60000"), (1, 1)) == (shared(found), found.coverage)


def test_what_was_agreed_at_the_signing_comes_first() -> None:
    """Value and share given with the contract stand before those of the tender, and either may come from either."""
    own = {"procurement": "p", "value": "100000", "share": "10"}
    assert "10000.00" == ask(contracts(CONDITION, k=own), "sroi_fulfilment").extra["obligation"]
    assert "120000.00" == ask(contracts(k={"procurement": "p", "share": "10"}), "sroi_fulfilment").extra["obligation"]
    later = record("instrument", 2, track="k", since=ago(9), instrument="social_return_condition", share="2")
    assert "24000.00" == ask(contracts(later), "sroi_fulfilment").extra["obligation"]


def test_what_was_agreed_since_counts_from_its_day_on() -> None:
    """A condition that both agreed on the contract later comes before the signing, and on each day the one of then."""
    terms: dict[str, Any] = {"track": "k", "instrument": "social_return_condition"}
    first = record("instrument", 2, since=ago(30), ended=ago(9), share="8", **terms)
    then = record("instrument", 3, since=ago(9), share="10", **terms)
    held = contracts(CONDITION, first, then, k={"procurement": "p", "share": "6"})
    owed = [ask(held, "sroi_fulfilment", as_of=ago(days)).extra["obligation"] for days in (40, 20, 5)]
    assert ["72000.00", "96000.00", "120000.00"] == owed


def test_a_contract_without_an_obligation_is_left_out() -> None:
    """Without value or share nothing can be owed, so efforts on that contract are in neither number of the ratio."""
    ended = record(
        "instrument", 2, track="p", since=ago(70), ended=ago(65), instrument="social_return_condition", share="5"
    )
    silent = record("instrument", 3, track="p", since=ago(70), instrument="social_return_condition")
    other = record("instrument", 4, track="p", since=ago(70), instrument="social_return_minimum", share="5")
    held = contracts(effort(1, "k", **FULL), ended, silent, other)
    found = ask(held, "sroi_fulfilment")
    assert (None, (0, 1), "0.00") == (found.value, found.coverage, found.extra["obligation"])
    assert None is ask(contracts(effort(1, "m", **FULL), CONDITION, k={}), "sroi_fulfilment").value


def test_more_than_owed_on_one_contract_makes_up_for_no_other() -> None:
    """What is short is counted contract by contract, while the ratio is pooled."""
    rich, poor = {"value": "1000", "share": "10"}, {"value": "1000", "share": "10"}
    held = contracts(effort(1, "k", invoice="300"), k=rich, m=poor)
    found = ask(held, "sroi_fulfilment")
    assert ("150.00", "100.00") == (found.value, found.extra["short"])


def test_instruments_are_counted_once_over_a_portfolio() -> None:
    """Instruments in use are those open on tracks that were not withdrawn, each once, `none` never."""
    chosen = [
        record("instrument", number, track=track, since=ago(70), ended=ended, instrument=name)
        for number, (track, name, ended) in enumerate(
            [("p", "reserved", None), ("p", "none", None), ("k", "lots", None), ("m", "pso", ago(3)),
             ("w", "buy_social", None), ("gone", "partnership", None)]
        )
    ]  # fmt: skip
    path = [stop("tendering", 70, track="w"), stop("withdrawn", 8, track="w")]
    held = contracts(*chosen)
    more = one_pilot(*[each for each in chosen if each.track == "w"], path=path, kinds={"w": "procurement"}, id="p2")
    found = ask([held, more, contracts(*chosen)], "instruments_in_use")
    assert (2, ("lots", "reserved"), (3, 3)) == (found.value, found.names, found.coverage)
    assert 4 == ask([held, more], "instruments_in_use", as_of=ago(9)).value
    assert {"p": 1, "k": 1} == ask([held, more], "instruments_in_use", by=["track"]).value


def test_money_is_not_hidden() -> None:
    """Amounts rest on contracts and not on persons, so whoever is outside sees them."""
    held = contracts(effort(1, **FULL), CONDITION)
    assert "26666.67" == ask(held, "sroi_value", suppress=True).value
    assert TODAY == ask(held, "sroi_fulfilment", suppress=True).as_of
