"""Figures: divided once, and silent about small groups to whoever is outside the pilot team."""

from typing import Any

import pytest

from proeftuin import Actor, Metric, UnknownPilot
from proeftuin.core.metrics import METRICS
from tests.domain.existing.life import Life
from tests.domain.life import person

PLACES = {"day_activity": 20, "employment": 20, "work_experience": 20}


def placed(**kinds: int) -> Life:
    """A pilot with so many people placed per kind."""
    life = Life(target_group=["justice"]).reach("implementing")
    life.do("client_owner", "amend_agreement", life.agreement(places=PLACES), "alpha")
    life.do("supplier_lead@alpha", "amend_agreement", None, "alpha")
    for kind, number in kinds.items():
        for _ in range(number):
            life.place(kind=kind)
    return life


def ask(life: Life, name: str, by: str = "monitor", **more: Any) -> Metric:
    """What somebody is shown."""
    return life.engine.seen_by(person(by)).metrics(name, pilots=life.id, **more)[name]


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5), (6, 6)])
def test_a_single_number_of_few_is_hidden(number: int, shown: object) -> None:
    """A figure that rests on one to four people is shown as fewer than five; none and five are shown."""
    life = placed(employment=number)
    assert shown == ask(life, "placements_active").value
    assert shown == ask(life, "persons_placed").value
    assert number == ask(life, "placements_active", by="client_owner").value


def test_hours_and_jobs_of_few_are_hidden_too() -> None:
    """A number that counts no people rests on them all the same, the exact one and what stands beside it included."""
    life = placed(employment=3)
    jobs = ask(life, "jobs_25_5")
    assert ("<5", None) == (jobs.value, jobs.exact)
    assert "<5" == ask(life, "stage_funnel", of="employment").value
    unknown = placed()
    unknown.place(counts_for_banenafspraak="unknown")
    assert {"unknown": "<5"} == dict(ask(unknown, "jobs_banenafspraak").extra)


KINDS = ("bundled", "day_activity", "employment", "secondment", "training", "work_experience")


def test_a_breakdown_is_given_whole_or_not_at_all() -> None:
    """One small cell withholds every cell, those of nobody too; the total is shown where it rests on at least five."""
    life = placed(employment=6, day_activity=2)
    found = ask_by(life, "kind")
    assert (dict.fromkeys(KINDS, "withheld"), 8) == (dict(found.value), found.total)
    enough = ask_by(placed(employment=6, day_activity=5), "kind")
    assert (dict.fromkeys(KINDS, 0) | {"day_activity": 5, "employment": 6}, 11) == (dict(enough.value), enough.total)
    few = ask_by(placed(employment=2, day_activity=2), "kind")
    assert (dict.fromkeys(KINDS, "withheld"), "<5") == (dict(few.value), few.total)


def ask_by(life: Life, field: str) -> Metric:
    view = life.engine.seen_by(person("monitor"))
    return view.metrics("placements_active", pilots=life.id, by=(field,))["placements_active"]


def test_a_breakdown_of_one_category_is_a_single_number() -> None:
    """Where there is nothing to compare with, a small group is fewer than five, and so is the total."""
    found = ask_by(placed(employment=2), "target_group")
    assert ({"justice": "<5"}, "<5") == (dict(found.value), found.total)


def test_parts_count_as_cells_and_so_do_zeros() -> None:
    """A funnel with a stage of few is withheld whole, stages of nobody included; else it is shown, zeros included."""
    few = ask(placed(day_activity=6, employment=1), "stage_funnel")
    assert {"day_activity": "withheld", "work_experience": "withheld", "employment": "withheld"} == dict(few.value)
    assert {} == dict(few.ratios)
    none = ask(placed(day_activity=6), "stage_funnel")
    assert {"day_activity": 6, "work_experience": 0, "employment": 0} == dict(none.value)
    assert {"work_experience": "0/6", "employment": "0/6"} == dict(none.ratios)


def test_the_team_sees_small_numbers_and_suppliers_see_no_figures() -> None:
    """Inside the pilot team nothing is hidden; a facilitator is shown what a monitor is, and a supplier nothing."""
    life = placed(employment=2)
    with pytest.raises(UnknownPilot):
        ask(life, "placements_active", by="supplier_lead@alpha")
    assert 2 == ask(life, "placements_active", by="coordinator").value
    assert "<5" == ask(life, "placements_active", by="facilitator").value


def test_a_portfolio_is_summed_before_it_is_divided() -> None:
    """Jobs over pilots are all hours divided once by 25.5: rounded figures per pilot would add up to another number."""
    life = Life()
    ids = []
    for number, hours in enumerate((("32", "24"), ("28", "25.5", "20", "26"), ("16",), ("36", "36", "12"))):
        other = Life()
        other.engine, other.clock = life.engine, life.clock
        data = {"title": f"Pilot {number}", "organisation": "X"}
        other.id = life.engine.start("existing-contract", actor=person("contract_manager"), data=data).pilot.id
        other.reach("implementing")
        other.do("client_owner", "amend_agreement", other.agreement(places=PLACES), "alpha")
        other.do("supplier_lead@alpha", "amend_agreement", None, "alpha")
        for weekly in hours:
            other.place(weekly_hours=weekly)
        ids.append(other.id)

    def jobs(pilots: list[str]) -> str:
        return str(life.engine.metrics("jobs_25_5", pilots=pilots)["jobs_25_5"].value)

    assert ["2.20", "3.90", "0.63", "3.29"] == [jobs([one]) for one in ids]
    assert "10.02" == jobs(ids)
    assert "10.02" == jobs(ids[::-1])
    together = life.engine.metrics("jobs_25_5", pilots=[*ids, life.id])["jobs_25_5"]
    assert ("10.02", (4, 5)) == (together.value, together.coverage)


def test_a_bundled_job_counts_once() -> None:
    """One job of two suppliers' tasks is one placement, one person, and its own hours."""
    life = Life().reach("implementing").supplier("beta", "delivering")
    life.place(
        weekly_hours="25.5",
        kind="bundled",
        contributions=({"track": "alpha", "weekly_hours": "12.75"}, {"track": "beta", "weekly_hours": "12.75"}),
    )
    found = life.engine.metrics("placements_active", "persons_placed", "jobs_25_5", pilots=life.id)
    assert [1, 1, "1.00"] == [one.value for one in found.values()]


def test_successive_placements_are_one_person() -> None:
    """Placements, persons and jobs are three different counts."""
    life = placed()
    first = life.place(ref="person-aa1", kind="day_activity", paid=False)
    life.later(28)
    move = {"placement": first, "start": life.today, "kind": "employment", "paid": True, "weekly_hours": "25.5"}
    life.do("supplier_hr@alpha", "move_placement", move, "alpha")
    names = ("placements_started", "placements_active", "persons_placed", "jobs_25_5")
    found = life.engine.metrics(*names, pilots=life.id)
    assert [2, 1, 1, "1.00"] == [found[name].value for name in names]


def test_what_is_not_known_to_count_stands_apart() -> None:
    """Of the Jobs Agreement: what does not count is not in the figure, and what may count stands beside it."""
    life = placed()
    for counts in ("yes", "no", "unknown"):
        life.place(weekly_hours="25.5", counts_for_banenafspraak=counts)
    life.place(weekly_hours="25.5", counts_for_banenafspraak="yes", paid=False)
    found = life.engine.metrics("jobs_banenafspraak", "jobs_25_5", pilots=life.id)
    assert ("1.00", {"unknown": "1.00"}, "3.00") == (
        found["jobs_banenafspraak"].value,
        dict(found["jobs_banenafspraak"].extra),
        found["jobs_25_5"].value,
    )


def test_erasing_changes_no_figure() -> None:
    """After participants are forgotten every figure is as before, for the team and for whoever is outside."""
    life = placed(day_activity=6)
    life.engine.fire(life.id, "update_details", actor=person("coordinator"), data={"category": "catering"})
    refs = [f"person-er{number}" for number in range(6)]
    for ref in refs:
        placement = life.place(ref=ref, kind="employment", counts_for_banenafspraak="yes", baseline="20")
        answer = {"placement": placement, "weeks": 13, "answer": "same_or_better"}
        life.do("supplier_hr@alpha", "record_retention", answer, "alpha")
    life.later(13 * 7)

    def figures() -> list[object]:
        view = life.engine.seen_by(person("monitor"))
        return [life.engine.metrics(*METRICS), view.metrics(*METRICS), life.engine.metrics(*METRICS, pilots=life.id)]

    before = figures()
    for ref in refs:
        life.engine.erase(ref, actor=Actor("officer-1", roles={"privacy_officer"}), reason="asked for by letter")
    assert before == figures()
    found = life.engine.metrics("retention_w", "persons_placed")
    assert ("100.00", 12) == (found["retention_w"].value["13"], found["persons_placed"].value)
