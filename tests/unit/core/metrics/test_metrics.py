from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.frozen import EMPTY
from proeftuin.core.metrics import METRICS, Facts, measure
from proeftuin.core.metrics._base import Share, holding, telling
from proeftuin.core.metrics.placements import of_placement
from proeftuin.core.pilot import Record
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.workflow import LANGUAGES
from tests.unit.core.metrics.people import PAID, WORKFLOW, ago, all_of, one, one_pilot, pilots, placed
from tests.unit.core.small import NOW, TODAY, record


def test_placements_count_from_their_first_day() -> None:
    """A placement has started from its first day on, and is active from then until its last, half-open."""
    held = pilots([placed(1), placed(2, 0), placed(3, 1), placed(4, -9, 0), placed(5, -9, 1)])
    assert (4, 3) == (one(held, "placements_started").value, one(held, "placements_active").value)


def test_what_a_placement_adds_rests_on_its_participant() -> None:
    """It is of the kind and track of the placement, and of no part and no denominator unless told so."""
    held = placed(1, track="acme")
    assert Share(3, person="s1", kind="employment", track="acme") == of_placement(held, 3)
    assert Share(0, "13", "s1", "employment", "acme", 1) == of_placement(held, 0, "13", 1)


@pytest.mark.parametrize(
    ("days", "holds", "tells"), [(10, False, False), (9, True, False), (6, True, False), (5, True, True)]
)
def test_a_record_is_there_from_its_first_day_and_has_happened_on_its_date(
    days: int, *, holds: bool, tells: bool
) -> None:
    """A record of the type is held from the day from which it counts, and tells of something on the day of its date."""
    held = one_pilot(record("note", since=ago(9), date=ago(5).isoformat()))
    facts = Facts(WORKFLOW, held, ago(days), ago(days), Settings())
    assert (holds, tells) == (holding("note")(facts), telling("note")(facts))
    assert (False, False) == (holding("other")(facts), telling("other")(facts))


def test_figures_hold_for_the_day_asked_for() -> None:
    """As of an earlier day only what had begun then counts."""
    held = pilots([placed(1, -9), placed(2, 0)])
    assert (1, TODAY - timedelta(1)) == (
        one(held, "placements_started", as_of=TODAY - timedelta(1)).value,
        one(held, "placements_started", as_of=TODAY - timedelta(1)).as_of,
    )
    assert TODAY == one([], "placements_started").as_of


def test_a_person_counts_once_per_pilot() -> None:
    """Two placements of one subject are one person; the same subject in another pilot is another."""
    held = pilots([placed(1, -20, -10), placed(2, participant="s1")], [placed(1)])
    found = one(held, "persons_placed")
    assert (2, "persons", (2, 2)) == (found.value, found.unit, found.coverage)
    assert set(LANGUAGES) == set(found.note) == set(found.label)


@pytest.mark.parametrize(("by", "groups"), [("track", ("acme", "bo")), ("kind", ("day_activity", "training"))])
def test_a_person_counts_once_in_each_group(by: str, groups: tuple[str, str]) -> None:
    """Who is in two groups counts once in each, whichever was recorded first, and once in the total."""
    first, second = (dict[str, Any]({"kind": "training", by: name}) for name in groups)
    held = [placed(1, -20, -15, **first), placed(2, **second), placed(3, -9, -5, participant="s2", **second)]
    both = placed(4, participant="s1", **second)
    for records in ([*held, both], [both, *held]):
        found = one(one_pilot(*records), "persons_placed", by=[by])
        assert (dict(zip(groups, (1, 2), strict=True)), 2) == (found.value, found.total)
        of = one(one_pilot(*records), "stage_funnel", of="day_activity", by=[by])
        assert (found.value, found.total) == (of.value, of.total)


def test_a_funnel_counts_persons_per_stage() -> None:
    """Each person counts once in each stage that they reached, and conversions are exact ratios."""
    held = pilots(
        [placed(1, kind="training"), placed(2, participant="s1", kind="day_activity"), placed(3, participant="s1"),
         placed(4, kind="day_activity"), placed(5, kind="work_experience"), placed(6, 5), placed(7, kind="bundled")]
    )  # fmt: skip
    found = one(held, "stage_funnel")
    assert {"day_activity": 2, "work_experience": 1, "employment": 1} == found.value
    assert {"work_experience": "1/2", "employment": "1/2"} == found.ratios
    assert 1 == one(held, "stage_funnel", of="employment").value


def test_without_anybody_at_the_first_stage_there_is_no_ratio() -> None:
    """Nothing is divided by zero."""
    assert EMPTY == one(pilots([placed(1)]), "stage_funnel").ratios


def test_places_are_those_of_the_agreements_in_force() -> None:
    """Places agreed per kind are summed over the agreements that hold on the day."""
    held = pilots(
        [
            record("agreement", 1, since=TODAY - timedelta(9), ended=TODAY, places={"employment": 1}),
            record("agreement", 2, since=TODAY, places={"employment": 3, "training": 2}),
            record("agreement", 3, since=TODAY + timedelta(1), places={"employment": 9}),
            record("agreement", 4, since=TODAY),
        ]
    )
    found = one(held, "places_agreed")
    assert (3, 2, 0, {}) == (found.value["employment"], found.value["training"], found.value["bundled"], found.ratios)
    assert 1 == one(held, "places_agreed", of="employment", as_of=TODAY - timedelta(1)).value


def test_places_are_of_a_kind_and_a_track() -> None:
    """Broken down, the places of an agreement are those of its track, and of each kind its own."""
    held = one_pilot(
        record("agreement", 1, track="acme", places={"employment": 3, "training": 2}),
        record("agreement", 2, track="beta", places={"training": 4}),
    )
    assert {"acme": 5, "beta": 4} == one(held, "places_agreed", by=["track"]).value
    assert {"employment": 3, "training": 6} == one(held, "places_agreed", by=["kind"]).value


def test_a_breakdown_has_a_group_per_value() -> None:
    """Each value of the field is a group, several values are one of their own, none is `none`, and zeros are shown."""
    held = pilots([placed(1)], [placed(1)], [], [], target_group=(("wia", "ww"), None, ("justice",), ()))
    found = one(held, "persons_placed", by=["target_group"])
    assert ({"justice": 0, "none": 1, "wia+ww": 1}, 2) == (found.value, found.total)


@pytest.mark.parametrize(
    ("by", "expected"), [("kind", {"employment": 1, "training": 1}), ("track", {"acme": 1, "none": 1})]
)
def test_a_breakdown_by_what_a_placement_says(by: str, expected: dict[str, int]) -> None:
    """Kind and track are those of the placement, so there are no groups without one."""
    held = pilots([placed(1, track="acme"), placed(2, kind="training")], [])
    assert expected == one(held, "placements_started", by=[by]).value


def many(count: int, **data: Any) -> list[Record]:
    return [placed(number, **data) for number in range(1, count + 1)]


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5)])
def test_a_number_on_few_persons_is_not_shown(count: int, expected: object) -> None:
    """A single number that rests on one to four persons is given as below five, without its exact value."""
    found = one(pilots(many(count)), "placements_started", suppress=True)
    assert (expected, 0 < count < 5) == (found.value, found.exact is None)


def test_hours_on_few_persons_are_not_shown_either() -> None:
    """Jobs, and what stands beside them, rest on persons too."""
    held = pilots([*many(4, **PAID), *[placed(9, paid=True, counts_for_banenafspraak="unknown")]])
    found = one(held, "jobs_banenafspraak", suppress=True)
    assert ("<5", {"unknown": "<5"}) == (found.value, found.extra)


def test_a_breakdown_with_a_small_group_is_withheld_whole() -> None:
    """One small group hides all of them, and the total is shown where it rests on enough persons."""
    held = pilots(many(4), many(5), sector=("a", "b"))
    found = one(held, "persons_placed", by=["sector"], suppress=True)
    assert ({"a": "withheld", "b": "withheld"}, 9) == (found.value, found.total)


def test_a_breakdown_of_large_groups_is_shown() -> None:
    """Without a small group the breakdown is shown, groups of nobody included."""
    held = pilots(many(5), [], many(6), sector=("a", "b", "c"))
    assert {"a": 5, "b": 0, "c": 6} == one(held, "persons_placed", by=["sector"], suppress=True).value


def test_a_breakdown_of_one_group_is_a_single_number() -> None:
    """With one group alone its number is given as below five, and so is the total."""
    found = one(pilots(many(4), sector=("a",)), "persons_placed", by=["sector"], suppress=True)
    assert ({"a": "<5"}, "<5") == (found.value, found.total)


def test_withheld_parts_have_no_ratios() -> None:
    """Where parts are withheld no conversion gives them away."""
    found = one(pilots([*many(6, kind="training"), placed(9)]), "stage_funnel", suppress=True)
    assert ("withheld", {}) == (found.value["employment"], found.ratios)


def test_places_rest_on_nobody() -> None:
    """Places are agreed, not held by persons, so few of them are shown."""
    held = pilots([record("agreement", places={"employment": 1})])
    assert 1 == one(held, "places_agreed", suppress=True).value["employment"]


def test_how_few_is_few_is_a_setting() -> None:
    """The limit of small groups is the organisation's."""
    ten = Settings({"small_cell": [Dated("10", date(2015, 1, 1), "test")]})
    assert "<10" == one(pilots(many(9)), "placements_started", suppress=True, settings=ten).value


def test_without_names_the_declared_metrics_are_given() -> None:
    """The metrics that the workflows declare are given where none is asked for by name."""
    assert ["placements_started", "persons_placed"] == list(all_of(pilots([placed(1)])))
    assert {} == measure([], (), now=NOW, settings=Settings())


@pytest.mark.parametrize(
    ("name", "more", "message"),
    [
        ("jobs", {}, "there is no metric 'jobs'; known are placements_started"),
        ("stage_funnel", {"of": "retired"}, "has no part 'retired'; it has day_activity"),
        ("persons_placed", {"of": "x"}, "it has none"),
        ("persons_placed", {"by": ["name"]}, "by may hold one of category"),
        ("persons_placed", {"by": ["kind", "track"]}, "by may hold one of"),
    ],
)
def test_an_unknown_metric_part_or_field_is_refused(name: str, more: dict[str, Any], message: str) -> None:
    """What does not exist is refused with what does."""
    with pytest.raises(LookupError, match=message):
        one([], name, **more)


def test_every_metric_can_be_read_in_every_language() -> None:
    """Each metric has a label in each language."""
    assert [] == [name for name, held in METRICS.items() if set(LANGUAGES) != set(held.label)]
    assert [] == [name for name, held in METRICS.items() if held.note and set(LANGUAGES) != set(held.note)]
    assert [] == [name for name, held in METRICS.items() if not held.source or held.version < 1]


def test_a_pilot_that_had_not_begun_is_not_there() -> None:
    """On a day before it began a pilot adds nothing, and is in no coverage; its placements wait for it."""
    held = [one_pilot(placed(1, -50), began=20), one_pilot(placed(1), began=99)]
    before = one(held, "placements_started", as_of=TODAY - timedelta(30))
    assert (0, (0, 1)) == (before.value, before.coverage)
    assert (2, (2, 2)) == (one(held, "placements_started").value, one(held, "placements_started").coverage)


def test_persons_over_pilots_are_an_upper_bound() -> None:
    """One pilot counts its persons exactly; over several that report, the number is marked as an upper bound."""
    held = pilots([placed(1)], [placed(1)], [])
    assert [False, False, True] == [one(held[at:], "persons_placed").upper_bound for at in (2, 1, 0)]
    assert not one(held, "placements_active").upper_bound


def test_places_can_be_broken_down_without_choosing_a_kind() -> None:
    """Parts that add up to something are summed in each group; the parts of a funnel are not, so one is chosen."""
    held = pilots([record("agreement", places={"employment": 3, "training": 2})], [placed(1)], sector=("a", "b"))
    assert {"a": 5, "b": 0} == one(held, "places_agreed", by=["sector"]).value
    with pytest.raises(LookupError, match="do not add up; to break it down, say of which one: day_activity"):
        one(held, "stage_funnel", by=["sector"])
    assert {"a": 0, "b": 1} == one(held, "stage_funnel", by=["sector"], of="employment").value
    assert ["placements_started"] == list(
        all_of(held, "placements_started", "stage_funnel", by=["sector"], lenient=True)
    )


def test_a_period_ends_with_the_day() -> None:
    """A period that begins after the day that figures hold for is refused."""
    with pytest.raises(LookupError, match="begins on 2026-03-03, after 2026-03-02"):
        one([one_pilot()], "paid_hours_jobs", since=TODAY + timedelta(1))
