"""People at work: places, overlaps, moves, hours, handing over, and corrections."""

import pytest

from tests.domain.existing.life import Life

HR = "supplier_hr@alpha"


def delivering() -> Life:
    return Life().reach("implementing").supplier("beta", "delivering")


def active(life: Life) -> object:
    return life.engine.metrics("placements_active", pilots=life.id)["placements_active"].value


def test_places_are_counted_at_the_peak_of_the_interval() -> None:
    """Two people one after the other take one place; one who overlaps with both takes a second, and no third."""
    life = delivering()
    kind = {"kind": "work_experience"}
    life.place(**kind, end=life.day(28))
    life.place(**kind, start=life.day(28))
    life.place(**kind)
    assert ("capacity-exceeded",) == life.no(HR, "start_placement", life.placement(**kind, end=life.day(1)), "alpha")
    assert ("capacity-exceeded",) == life.no(
        HR, "start_placement", life.placement(**kind, start=life.day(400)), "alpha"
    )


def test_a_place_that_comes_free_can_be_taken_on_that_day() -> None:
    """The day on which a placement ends is the first on which its place is free."""
    life = delivering()
    first, _ = life.place(kind="work_experience"), life.place(kind="work_experience")
    life.later(10)
    life.do(HR, "end_placement", {"placement": first, "end": life.today, "reason": "moved_on"}, "alpha")
    late = life.placement(kind="work_experience", start=life.day(-1))
    assert ("capacity-exceeded",) == life.no(HR, "start_placement", late, "alpha")
    assert life.place(kind="work_experience")


def test_a_future_placement_counts_for_who_is_longer_there() -> None:
    """Whoever starts today and stays meets who starts next month; whoever leaves before that does not."""
    life = delivering()
    for _ in range(2):
        life.place(kind="work_experience", start=life.day(28))
    assert ("capacity-exceeded",) == life.no(HR, "start_placement", life.placement(kind="work_experience"), "alpha")
    assert life.place(kind="work_experience", end=life.day(28))


def test_a_bundled_job_takes_a_place_at_every_supplier_that_contributes() -> None:
    """One job of several suppliers' tasks is one placement, and uses a bundled place on each of their tracks."""
    life = delivering().supplier("gamma", "delivering")
    life.place(**life.bundle("alpha", "beta"))
    third = life.placement(**life.bundle("gamma", "beta"))
    assert ("capacity-exceeded",) == life.no("supplier_hr@gamma", "start_placement", third, "gamma")
    assert ["beta"] == [
        one.track for one in life.explain("supplier_hr@gamma", "start_placement", third, "gamma").blockers
    ]
    assert 1 == active(life)
    assert ("placements-active",) == life.no("contract_manager", "complete", None, "beta"), (
        "a bundled job is active on each contributing track"
    )


def test_one_person_is_in_one_place_at_a_time() -> None:
    """The same reference on another track overlaps; from the day on which the first ends it does not."""
    life = delivering()
    first = life.place("alpha", ref="person-aa1")
    assert ("overlap",) == life.no("supplier_hr@beta", "start_placement", life.placement("person-aa1"), "beta")
    life.later(10)
    life.do(HR, "end_placement", {"placement": first, "end": life.today, "reason": "moved_on"}, "alpha")
    early = life.placement("person-aa1", start=life.day(-1))
    assert ("overlap",) == life.no("supplier_hr@beta", "start_placement", early, "beta")
    assert life.place("beta", ref="person-aa1")


def test_a_move_is_all_or_nothing() -> None:
    """A move that finds no place leaves the placement as it was; one that does ends it and starts the next."""
    life = delivering()
    placed = life.place()
    for _ in range(2):
        life.place(kind="work_experience")
    life.later(10)
    move = {"placement": placed, "start": life.today, "kind": "work_experience", "weekly_hours": "16"}
    assert ("capacity-exceeded",) == life.no(HR, "move_placement", move, "alpha")
    assert None is life.pilot.records("placement")[0].ended
    move["kind"] = "bundled"
    assert ("missing-field",) == life.no(HR, "move_placement", move, "alpha")
    move["kind"] = "employment"
    result = life.do(HR, "move_placement", move, "alpha")
    old, *_, new = result.pilot.records("placement")
    assert (life.today, "moved_on", 3) == (old.data["end"], old.data["reason"], active(life))
    assert (life.today, "16", old.data["participant"]) == (
        new.data["start"],
        new.data["weekly_hours"],
        new.data["participant"],
    )
    assert "end" not in new.data


def test_a_move_frees_the_place_that_it_leaves() -> None:
    """Somebody may move within a kind that is full: guards see neither half of a move."""
    life = delivering()
    placed = [life.place(kind="work_experience") for _ in range(2)]
    life.later(10)
    move = {"placement": placed[0], "start": life.today, "weekly_hours": "30"}
    assert 2 == sum(
        one.ended is None for one in life.do(HR, "move_placement", move, "alpha").pilot.records("placement")
    )


def test_hours_are_kept_day_by_day() -> None:
    """A change of hours counts from its day; figures as of an earlier day stay what they were."""
    life = delivering()
    placed = life.place(weekly_hours="25.5")
    life.later(28)
    change = {"placement": placed, "weekly_hours": "12.75", "from": life.day(-7)}
    life.do(HR, "change_hours", change, "alpha")

    def jobs(day: str) -> object:
        return life.engine.metrics("jobs_25_5", pilots=life.id, as_of=day)["jobs_25_5"].value

    assert ["1.00", "0.50", "0.50"] == [jobs(life.day(-8)), jobs(life.day(-7)), jobs(life.today)]
    rows = life.pilot.records("placement")[0].data["hours"]
    assert ["25.5", "12.75"] == [one["weekly_hours"] for one in rows]
    assert ("bad-value",) == life.no(HR, "change_hours", {**change, "from": life.day(-29)}, "alpha")


def test_a_track_completes_when_everybody_is_gone_or_handed_over() -> None:
    """Who goes on outside the pilot is named, and stays active in the figures; otherwise nobody may be left."""
    life = delivering()
    first, second = life.place(), life.place()
    assert ("placements-active",) == life.no("contract_manager", "complete", None, "alpha")
    assert ("placements-active",) == life.no("contract_manager", "complete", {"handed_over": (first,)}, "alpha")
    result = life.do("contract_manager", "complete", {"handed_over": (first, second)}, "alpha")
    assert ("completed", 2) == (result.pilot.tracks["alpha"].state, active(life))
    life.do(HR, "end_placement", {"placement": first, "end": life.day(7), "reason": "contract_end"}, "alpha")
    assert 2 == active(life)


def test_placements_go_on_after_the_track_has_been_withdrawn() -> None:
    """A supplier withdraws with a plan for who is placed; their hours, end and retention can still be told."""
    life = delivering()
    placed = life.place()
    reason = {"reason": "No work"}
    assert ("missing-placement-plan",) == life.no("supplier_lead@alpha", "withdraw", reason, "alpha")
    life.do("supplier_lead@alpha", "withdraw", {**reason, "placement_plan": "They stay"}, "alpha")
    life.do(HR, "change_hours", {"placement": placed, "weekly_hours": "20", "from": life.today}, "alpha")
    life.do("supervisor", "record_retention", {"placement": placed, "weeks": 13, "answer": "unknown"}, "alpha")
    assert ("wrong-state",) == life.no(HR, "start_placement", life.placement(), "alpha")


# -- corrections -------------------------------------------------------------------------------------------------------


def test_only_who_recorded_it_corrects_it() -> None:
    """The one who added a record mends it, whatever their role; the old value stays in the history."""
    life = Life()
    life.do("hr:jo", "add_lesson", {"text": "Beginn small"})
    fix = {"record": "lesson-1", "fields": {"text": "Begin small"}, "reason": "A typing error"}
    assert ("forbidden-role",) == life.no("coordinator", "correct", fix)
    assert ("forbidden-role",) == life.no("hr", "correct", fix)
    result = life.do("hr:jo", "correct", fix)
    assert "Begin small" == result.pilot.records("lesson")[0].data["text"]
    added, corrected = [one for one in life.engine.history(life.id) if one.type.startswith("record.")]
    assert ("Beginn small", "Begin small", "A typing error") == (
        added.data["fields"]["text"],
        corrected.data["set"]["text"],
        corrected.data["reason"],
    )


@pytest.mark.parametrize("record", ["decision-1", "assignment-1", "sponsorship-1", "agreement-1"])
def test_what_is_renewed_is_not_corrected(record: str) -> None:
    """A decision, sponsorship, agreement or assignment is renewed by a new one, never rewritten."""
    life = Life().reach("implementing")
    life.do("budget_holder", "record_sponsorship", {"date": life.today})
    kind = record.partition("-")[0]
    adder = life.pilot.records(kind)[0].actor
    by = {"board-client": "board", "budget_holder-client": "budget_holder"}.get(adder, f"hr:{adder}")
    found = life.no(by, "correct", {"record": record, "fields": {"reference": "X"}, "reason": "A mistake"})
    assert ("bad-reference",) == found


def test_a_correction_runs_the_checks_of_the_record() -> None:
    """A corrected placement must fit its agreement, overlap with none, and hold only what it could start with."""
    life = delivering()
    life.place(ref="person-aa1", end=life.day(14))
    life.place(ref="person-aa1", start=life.day(14))

    def fix(**fields: object) -> tuple[str, ...]:
        return life.no(HR, "correct", {"record": "placement-1", "fields": fields, "reason": "A mistake"})

    assert ("overlap",) == fix(end=life.day(15))
    assert ("capacity-exceeded",) == fix(kind="training")
    assert ("bad-value",) == fix(weekly_hours="41")
    assert ("bad-value",) == fix(start=life.day(20))
    assert ("privacy-violation",) == fix(diagnosis="none of our business")
    assert ("privacy-violation",) == fix(participant="111222333")
    assert () == fix(weekly_hours="32")


def test_a_corrected_bundled_job_is_still_made_of_its_hours() -> None:
    """A correction of the hours of a bundled job, or of who contributes them, adds up as it had to at the start."""
    life = delivering()
    rows = list(life.bundle()["contributions"])
    life.place(weekly_hours="24", **life.bundle())
    other = [rows[0], {"track": "beta", "weekly_hours": "16"}]

    def fix(**fields: object) -> tuple[str, ...]:
        return life.no(HR, "correct", {"record": "placement-1", "fields": fields, "reason": "A mistake"})

    assert ("bad-value",) == fix(weekly_hours="26")
    assert ("bad-value",) == fix(contributions=other)
    assert ("bad-value",) == fix(contributions=[rows[0], rows[0]])
    assert () == fix(weekly_hours="26", contributions=other)
    assert () == fix(paid=False)


def test_a_corrected_start_counts_in_the_figures() -> None:
    """Figures as of a day follow the corrected facts, hours included."""
    life = delivering()
    life.later(14)
    life.place(weekly_hours="25.5")
    fields = {"start": life.day(-7), "weekly_hours": "12.75"}
    life.do(HR, "correct", {"record": "placement-1", "fields": fields, "reason": "A week earlier"})
    jobs = life.engine.metrics("jobs_25_5", pilots=life.id, as_of=life.day(-7))["jobs_25_5"].value
    assert "0.50" == jobs


def test_a_move_that_lies_ahead_leaves_one_term() -> None:
    """Until the day of a move the old placement and the new one are one term: listed once, and done by one name."""
    life = delivering()
    placed = life.place(kind="work_experience")
    move = {"placement": placed, "start": life.day(200), "kind": "employment"}
    life.do(HR, "move_placement", move, "alpha")
    listed = [one.key for one in life.engine.deadlines().items]
    assert sorted(set(listed)) == sorted(listed)
    assert f"retention:{placed}:13 weeks" in listed
    life.later(13 * 7 + 7)
    life.engine.tick()
    told = [
        one.data["done"] for one in life.engine.history(life.id) if one.data.get("clock", "").startswith("retention")
    ]
    assert [("remind.supervisor.7 days after due",)] == told
