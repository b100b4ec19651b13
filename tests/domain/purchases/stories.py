"""What no scenario tells of `small-purchases`, so that all of its file is reached, and missed when it is gone."""

from functools import partial

from tests.domain.common import stories as common
from tests.domain.domain import Story
from tests.domain.purchases.life import Life
from tests.domain.purchases.refusals import CASES


def a_category_is_looked_at_again_every_year() -> None:
    """After eleven months procurement is told, and after a year it is a signal; what is renewed begins anew."""
    life = Life().reach("live")
    told = [one for one in life.live(366) if " refresh" in one[0]]
    assert [
        ("2026-12-05 refresh:alpha clock.reminded", ("procurement",)),
        ("2027-01-05 refresh:alpha signal.raised", ()),
    ] == told
    life.category("alpha", "refresh")
    assert "refresh:alpha" not in life.due()
    life.do("procurement", "refresh_category", None, "alpha")
    assert life.due().get("refresh:alpha", "").startswith("2028-01")


def the_choice_changes_while_it_is_open() -> None:
    """An open category lists another one, and takes one off, as long as there is a choice."""
    life = Life().reach("live")
    life.list("Stem")
    life.do("procurement", "delist", {"listing": "listing-1", "reason": "It stops"}, "alpha")
    assert "open" == life.pilot.tracks["alpha"].state
    life.category("beta", "draft").list("Stem", "beta")
    life.do("coordinator", "delist", {"listing": "listing-5", "reason": "Not yet"}, "beta")
    assert ["Leaf", "Root", "Stem"] == [
        one.data["enterprise"] for one in life.pilot.records("listing") if not one.ended
    ]


def what_was_recorded_is_mended() -> None:
    """A name on the list and an amount are corrected by who recorded them; what was social is so by the new name."""
    life = Life().reach("live")
    life.buy("Blom", "40")
    assert ("nothing-implemented",) == life.no("coordinator", "start_evaluation")
    life.do("requester", "correct", {"record": "purchase-1", "fields": {"supplier": "Bloom"}, "reason": "A slip"})
    life.do("procurement", "correct", {"record": "listing-2", "fields": {"enterprise": "Leaves"}, "reason": "A slip"})
    life.do("coordinator", "start_evaluation")


def what_is_too_large_becomes_a_tender() -> None:
    """An order that is too large is refused with a tender as the way; the tender begins, and this pilot goes on."""
    life = Life().reach("live")
    large = life.order(amount="6200")
    blocker = life.explain("requester", "record_purchase", large, "alpha").blockers[0]
    assert ("limit-exceeded", "spawn_tender", ("coordinator",)) == (
        blocker.code,
        blocker.missing[0].trigger,
        blocker.missing[0].roles,
    )
    life.do("coordinator", "spawn_tender", {"rationale": "It comes to more than small"})
    here, there = life.engine.chain(life.id)
    assert ("live", "tender@1", "spawn_tender") == (here.pilot.state, there.pilot.workflow, there.trigger)


def it_goes_on_where_it_was_or_ends(end: str) -> None:
    """After a report the budget holder goes another round; in the end it is embedded, or ended."""
    life = Life().reach("evaluating")
    life.paper("report")
    life.do("budget_holder", "iterate", {"back_to": "live"})
    life.buy()
    life.do("coordinator", "start_evaluation")
    life.paper("report")
    if end == "embedded":
        life.paper("embedding")
    life.do("board" if end == "embedded" else "budget_holder", "conclude", {"outcome": end})
    assert ("closed", end, 2) == (life.pilot.state, life.pilot.outcome, life.pilot.cycle)


def reported() -> Life:
    """A pilot of which the report is there."""
    life = Life().reach("evaluating")
    life.paper("report")
    return life


def each_term_is_due_on_its_day() -> None:
    """The days of a pilot that began on 5 January, by which people plan, and from which a term is overdue."""
    life = Life().reach("evaluating")
    days = {"check_in": "2026-01-12", "report": "2026-02-04", "refresh:alpha": "2027-01-05"}
    assert days == {key: day for key, day in life.due().items() if key in days}


STORIES: tuple[Story, ...] = (
    a_category_is_looked_at_again_every_year,
    the_choice_changes_while_it_is_open,
    what_was_recorded_is_mended,
    what_is_too_large_becomes_a_tender,
    *(partial(it_goes_on_where_it_was_or_ends, end) for end in ("embedded", "ended")),
    partial(common.every_case_comes_about, CASES),
    *common.shared(Life),
    partial(common.a_quiet_pilot_is_told_of, Life),
    partial(common.the_report_is_waited_for, lambda: Life().reach("evaluating")),
    partial(common.what_follows_knows_what_it_follows, reported, "budget_holder"),
    partial(common.what_goes_on_by_another_route_is_one_story, Life, "existing-contract"),
)
