from datetime import timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import Change, Question, agreements
from proeftuin.core.pilot import Record
from proeftuin.core.structs import replace
from tests.unit.core.small import TODAY, a_pilot, a_track, codes_of, question, record


def on(number: int) -> Any:
    return TODAY + timedelta(days=number)


def asked(*held: Record, params: Any = None, **parts: Any) -> Question:
    return question(a_pilot(*held), params=params or {}, **parts)


def found(answer: object) -> list[Blocker]:
    assert isinstance(answer, (list, tuple))
    return list(answer)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), ("missing-commitment",)),
        ((record("decision"),), ()),
        ((record("decision", ended=TODAY),), ("commitment-withdrawn",)),
        ((record("decision", ended=TODAY), record("decision", 2)), ()),
    ],
)
def test_a_decision_stands(held: tuple[Record, ...], expected: tuple[str, ...]) -> None:
    """A decision that was not withdrawn is enough; none at all is told apart from one withdrawn."""
    assert expected == codes_of(agreements.commitment(asked(*held)))


@pytest.mark.parametrize(("until", "expected"), [("2026-03-02", ("missing-commitment",)), ("2026-03-01", ())])
def test_a_decision_of_who_holds_an_excluded_duty_counts_for_nothing(until: str, expected: tuple[str, ...]) -> None:
    """Who decided as the lead and was then assigned to the board did not decide, while that assignment holds."""
    given = record("assignment", duty="board", person="lead-1")
    given = replace(given, data=FrozenDict(given.data, until=until))
    assert expected == codes_of(agreements.commitment(asked(record("decision"), given)))


@pytest.mark.parametrize(
    ("role", "duty", "expected"),
    [
        ("board", "lead", ("missing-commitment",)),
        ("board", "watcher", ()),
        ("board", "unheard", ()),
        ("unheard", "lead", ()),
        ("watcher", "board", ()),
    ],
)
def test_only_a_role_that_excludes_the_other_undoes_a_decision(role: str, duty: str, expected: tuple[str, ...]) -> None:
    """Whichever of both roles excludes the other undoes it; a role that does not, or that nobody knows, does not."""
    given = record("assignment", duty=duty, person="lead-1")
    decided = replace(record("decision"), role=role)
    assert expected == codes_of(agreements.commitment(asked(decided, given)))


def test_another_record_may_hold_the_decision() -> None:
    """The record type is the file's choice, and the remedy is to add one."""
    blocker = agreements.commitment(asked(params={"record": "mandate"}))
    assert isinstance(blocker, Blocker)
    assert "mandate" == blocker.needs[0].record


def terms(places: dict[str, int], number: int = 1, track: str = "a", **more: Any) -> Record:
    return record(
        "agreement", number, **{"track": track, "places": places, "number": number, "from": "2026-01-01", **more}
    )


def placed(number: int, first: int, last: int | None = None, track: str = "a", **more: Any) -> Record:
    until = None if last is None else on(last)
    data = {"kind": "work", "participant": f"s{number}", "start": on(first).isoformat(), **more}
    return record("placement", number, track=track, since=on(first), until=until, **data)


def test_the_agreement_in_force_is_the_last_open_one_of_the_track() -> None:
    """An agreement that was replaced, or is of another track, is not in force."""
    held = a_pilot(terms({"work": 1}, ended=TODAY), terms({"work": 2}, 2), terms({"work": 9}, 3, track="b"))
    current = agreements.agreement_of(held, "a")
    assert current is not None
    assert ("agreement-2", None) == (current.id, agreements.agreement_of(held, "c"))


@pytest.mark.parametrize(
    ("spans", "since", "until", "expected"),
    [
        ([], 0, None, 0),
        ([(0, 5), (5, 9)], 0, None, 1),
        ([(0, 6), (5, 9)], 0, None, 2),
        ([(0, 6), (5, 9)], 7, None, 1),
        ([(0, None), (5, None), (9, None)], 0, 9, 2),
        ([(0, 3)], 3, None, 0),
    ],
)
def test_the_peak_is_the_most_on_one_day(
    spans: list[tuple[int, int | None]], since: int, until: int | None, expected: int
) -> None:
    """Records are counted per day of the half-open interval, and the most on any day is the peak."""
    records = [placed(number, *span) for number, span in enumerate(spans, start=1)]
    assert expected == agreements.peak(records, on(since), None if until is None else on(until))


@pytest.mark.parametrize(
    ("held", "new", "expected"),
    [
        ([], placed(1, 0), ()),
        ([placed(1, 0)], placed(2, 0), ("capacity-exceeded",)),
        ([placed(1, 0, 5)], placed(2, 5), ()),
        ([placed(1, 5)], placed(2, 0, 5), ()),
        ([placed(1, 5)], placed(2, 0), ("capacity-exceeded",)),
        ([placed(1, 0, kind="study")], placed(2, 0), ()),
        ([placed(1, 0, track="b")], placed(2, 0), ()),
        ([placed(1, 0)], placed(2, 0, 0), ()),
        ([], placed(1, 0, kind="study"), ("capacity-exceeded",)),
        ([], placed(1, 0, track="b"), ("capacity-exceeded",)),
    ],
)
def test_no_day_has_more_placements_than_places(held: list[Record], new: Record, expected: tuple[str, ...]) -> None:
    """A placement needs a place of its kind on its track on every day that it is active."""
    question_ = asked(terms({"work": 1}), *held, adding=(new,))
    assert expected == codes_of(agreements.capacity(question_))


@pytest.mark.parametrize(
    ("places", "held", "adding", "expected"),
    [
        (0, [placed(1, -1)], (placed(2, 0, 0),), 0),
        (0, [], (placed(1, 0, 0), placed(2, 0)), 1),
        (1, [placed(1, 5), placed(2, 5)], (placed(3, 0, 5),), 0),
        (1, [placed(1, 5), placed(2, 5)], (placed(3, 0, 6),), 1),
    ],
)
def test_only_the_days_of_a_placement_itself_need_a_place(
    places: int, held: list[Record], adding: tuple[Record, ...], expected: int
) -> None:
    """One of no day needs none, and one that has ended by then is not refused for those who come later."""
    assert expected == len(found(agreements.capacity(asked(terms({"work": places}), *held, adding=adding))))


def test_another_record_may_hold_the_places() -> None:
    """The agreement may be of another record type; then only one of that type has places, and one such would help."""
    contract, params = record("contract", track="a", places={"work": 1}), {"agreement": "contract"}
    assert [] == agreements.capacity(asked(contract, params=params, adding=(placed(1, 0),)))
    (full,) = found(agreements.capacity(asked(contract, placed(1, 0), params=params, adding=(placed(2, 0),))))
    assert ("capacity-exceeded", "contract") == (full.code, full.needs[0].record)
    (unseen,) = found(agreements.capacity(asked(terms({"work": 1}), params=params, adding=(placed(1, 0),))))
    assert (Need("add", record="contract", track="a"),) == unseen.needs


def test_a_full_agreement_is_amended_or_somebody_makes_room() -> None:
    """What helps is one place more on the same terms, or the end of another who is there then and has no end yet."""
    held = [placed(1, 0), placed(2, 5), placed(3, 0, 4, ended=on(4)), placed(4, -5, 0), placed(5, 0, kind="study")]
    (blocker,) = found(agreements.capacity(asked(terms({"work": 2, "study": 1}), *held, adding=(placed(6, 3),))))
    params = FrozenDict(kind="work", places=2, active=2)
    more = FrozenDict({"places": FrozenDict(work=3, study=1), "from": "2026-01-01"})
    assert Blocker("capacity-exceeded", params, "a") == blocker
    assert (
        Need("add", record="agreement", data=more, track="a"),
        Need("end", record="placement", ids=("placement-1",), day=on(3)),
        Need("end", record="placement", ids=("placement-2",), day=on(5)),
    ) == blocker.needs


@pytest.mark.parametrize(
    ("held", "data"),
    [([terms({"study": 1})], {"places": FrozenDict(study=1, work=2), "from": "2026-01-01"}), ([], {})],
)
def test_where_there_is_no_place_at_all_nobody_can_make_room(held: list[Record], data: dict[str, object]) -> None:
    """Without a single place of the kind, or an agreement, only an agreement that has one helps."""
    (blocker,) = found(agreements.capacity(asked(*held, placed(1, 0), adding=(placed(2, 0),))))
    assert Blocker("capacity-exceeded", FrozenDict(kind="work", places=0, active=1), "a") == blocker
    assert (Need("add", record="agreement", data=FrozenDict(data), track="a"),) == blocker.needs


def test_people_are_placed_only_where_the_track_is_ready() -> None:
    """Each track that a new placement counts on is in one of the states, and the others are told once."""
    pilot = a_pilot(tracks=[a_track("a", "agreed"), a_track("b", "seen")])
    params = {"states": ("agreed",), "placement": "stay"}
    stays = [record("stay", number, track=key) for number, key in ((1, "a"), (2, "b"), (3, "b"))]
    (blocker,) = found(agreements.placed_on(question(pilot, params=params, adding=(*stays, record("note", track="b")))))
    assert ("wrong-state", "b", "seen", ("agreed",)) == (
        blocker.code,
        blocker.track,
        blocker.params["state"],
        blocker.needs[0].states,
    )


def test_a_full_agreement_can_be_amended() -> None:
    """What helps is the same agreement with enough places, or an agreement where there is none."""
    (blocker,) = found(agreements.capacity(asked(terms({"work": 1}), placed(1, 0), adding=(placed(2, 0),))))
    assert ({"kind": "work", "places": 1, "active": 1}, "a") == (blocker.params, blocker.track)
    assert {"places": {"work": 2}, "from": "2026-01-01"} == blocker.needs[0].data
    without = record("agreement", track="a", number=1)
    (blocker,) = found(agreements.capacity(asked(without, adding=(placed(1, 0),))))
    assert {"places": {"work": 1}} == blocker.needs[0].data
    (blocker,) = found(agreements.capacity(asked(adding=(placed(1, 0),))))
    assert ("agreement", {}, "a") == (blocker.needs[0].record, blocker.needs[0].data, blocker.needs[0].track)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"last": 9}, 0),
        ({}, 1),
        ({"last": 20}, 1),
        ({"first": -1, "last": 10}, 1),
        ({"last": 10, "kind": "study"}, 1),
        ({"last": 10, "paid": True}, 0),
    ],
)
def test_only_a_change_that_takes_more_room_is_counted(change: dict[str, Any], expected: int) -> None:
    """A placement that is shortened or changed otherwise is left alone; one that grows or moves needs a place."""
    before = placed(1, 0, 10)
    after = placed(1, **({"first": 0, "last": None} | change))
    found_ = agreements.capacity(asked(terms({"work": 0}), before, changing=(Change(before, after),)))
    assert expected == len(found(found_))


def test_other_records_take_no_places() -> None:
    """Additions and changes of other record types do not count."""
    note = record("note")
    assert [] == agreements.capacity(asked(note, adding=(note,), changing=(Change(note, note),)))


def test_what_else_a_command_changes_hides_no_placement() -> None:
    """A placement that grows is counted, also after a change of another record."""
    note, before = record("note"), placed(1, 0, 5)
    changing = (Change(note, note), Change(before, placed(1, 0, 9)))
    asking = asked(terms({"work": 0}), note, before, changing=changing)
    assert ("capacity-exceeded",) == codes_of(agreements.capacity(asking))


def test_an_open_placement_cannot_grow() -> None:
    """A placement without an end that stays where it is takes no more room."""
    before = placed(1, 0)
    assert [] == agreements.capacity(asked(terms({"work": 0}), before, changing=(Change(before, before),)))


def bundled(number: int, *keys: str, hours: str = "16") -> Record:
    rows = [{"track": key, "weekly_hours": "8"} for key in keys]
    return placed(number, 0, track=keys[0] if keys else "a", kind="bundled", contributions=rows, weekly_hours=hours)


def test_a_bundled_placement_takes_a_place_on_every_track() -> None:
    """Each contributing track needs a bundled place, and each that lacks one is told."""
    held = (terms({"bundled": 1}), terms({"work": 5}, 2, track="b"))
    (blocker,) = found(agreements.capacity(asked(*held, adding=(bundled(1, "a", "b"),))))
    assert ("b", "bundled") == (blocker.track, blocker.params["kind"])


@pytest.mark.parametrize(
    ("places", "expected"), [({"work": 2}, []), ({"work": 1}, [("work", 2)]), ({}, [("work", 2), ("study", 1)])]
)
def test_a_new_agreement_covers_who_is_placed(places: dict[str, int], expected: list[tuple[str, int]]) -> None:
    """Per kind there are at least as many places as placements on one day, now or later; more is what helps."""
    held = [placed(1, 0), placed(2, 9), placed(3, 0, kind="study"), placed(4, -9, 0), placed(5, 0, track="b")]
    held = [*held[:2], *held[3:]] if "work" in places else held
    blockers = found(agreements.places_cover(asked(*held, track=a_track("a"), data={"places": places})))
    assert expected == [(one.params["kind"], one.params["active"]) for one in blockers]
    assert [most for _, most in expected] == [one.needs[0].data["places"][one.params["kind"]] for one in blockers]


@pytest.mark.parametrize(
    ("other", "new", "needs"),
    [
        (placed(1, 0, 5), placed(2, 5, participant="s1"), None),
        (placed(1, 5), placed(2, 0, 5, participant="s1"), None),
        (placed(1, 0, 0), placed(2, 0, participant="s1"), None),
        (placed(1, 0), placed(2, 0, 0, participant="s1"), None),
        (placed(1, 5, 5), placed(2, 0, participant="s1"), None),
        (placed(1, 0), placed(2, 0), None),
        (placed(1, 0), placed(2, 5, participant="s1"), ["end"]),
        (placed(1, 0, 9), placed(2, 5, participant="s1"), ["end", "again"]),
        (placed(1, 5, 9), placed(2, 0, participant="s1"), ["again", "again"]),
        (placed(1, 5), placed(2, 5, participant="s1"), ["end"]),
    ],
)
def test_one_person_has_one_placement_at_a_time(other: Record, new: Record, needs: list[str] | None) -> None:
    """Two placements of a person may not share a day; what helps is to end one, or to begin later or stop sooner."""
    blockers = found(agreements.overlap(asked(other, adding=(new,))))
    assert ([] if needs is None else [needs]) == [[need.what for need in one.needs] for one in blockers]


def again(**days: str) -> Need:
    return Need("again", data=FrozenDict({"participant": "s1", **days}))


def end(number: int) -> Need:
    return Need("end", record="placement", ids=("placement-1",), day=on(number))


@pytest.mark.parametrize(
    ("other", "first", "needs"),
    [
        (placed(1, 0, 9), 5, (end(5), again(start=on(9).isoformat()))),
        (placed(1, 5, 9), 5, (again(start=on(9).isoformat()),)),
        (placed(1, 5, 9), 4, (again(start=on(9).isoformat()), again(end=on(5).isoformat()))),
        (placed(1, 5), 5, (end(5),)),
        (placed(1, 5), 4, (again(end=on(5).isoformat()),)),
    ],
)
def test_an_overlap_tells_the_other_and_the_days_that_would_do(
    other: Record, first: int, needs: tuple[Need, ...]
) -> None:
    """The other ends where the new one begins, or the new one begins where the other ends, or ends where it begins."""
    new = placed(2, first, participant="s1", track="b")
    (blocker,) = found(agreements.overlap(asked(other, adding=(new,), data={"participant": "s1"})))
    assert (Blocker("overlap", FrozenDict(other="placement-1"), "a"), needs) == (blocker, blocker.needs)


def test_a_correction_that_overlaps_is_made_again_with_other_days() -> None:
    """Where the days stand among the fields of a correction, what helps has them there too."""
    one, two = placed(1, 0, 5), placed(2, 6, participant="s1")
    data = {"record": "placement-1", "fields": {"end": "2026-06-01", "paid": True}}
    (blocker,) = found(agreements.overlap(asked(one, two, changing=(Change(one, placed(1, 0, 90)),), data=data)))
    (need,) = blocker.needs
    assert {"record": "placement-1", "fields": {"end": on(6).isoformat(), "paid": True}} == need.data


def test_an_ended_placement_cannot_be_ended_to_make_room() -> None:
    """A placement that has its end already is not to be ended again."""
    other = record("placement", 1, track="a", since=on(0), until=on(9), ended=on(9), participant="s1")
    (blocker,) = found(agreements.overlap(asked(other, adding=(placed(2, 5, participant="s1"),))))
    assert ["again"] == [need.what for need in blocker.needs]


def test_a_changed_placement_may_overlap_too() -> None:
    """A placement that is lengthened is judged like a new one, and an overlap is told once."""
    one, two, note = placed(1, 0, 5), placed(2, 5, participant="s1"), record("note")
    longer = placed(1, 0, 9)
    changing = (Change(one, longer), Change(note, note))
    assert ["placement-2"] == [
        blocker.params["other"]
        for blocker in found(agreements.overlap(asked(one, two, note, changing=changing, adding=(note,))))
    ]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (bundled(1, "a", "b"), ()),
        (placed(1, 0), ()),
        (record("note", kind="bundled"), ()),
        (bundled(1), ("missing-field",)),
        (bundled(1, "a"), ("bad-value",)),
        (bundled(1, "a", "a"), ("bad-value",)),
        (bundled(1, "a", "b", hours="17"), ("bad-value",)),
    ],
)
def test_a_bundle_is_made_of_several_suppliers(new: Record, expected: tuple[str, ...]) -> None:
    """A bundled placement names each supplier once, at least two, and their hours add up to its own."""
    assert expected == codes_of(agreements.bundle(asked(adding=(new,))))


def test_a_bundle_includes_its_own_track() -> None:
    """The track that it is on is one of the contributors."""
    other = record("placement", 1, track="c", **bundled(2, "a", "b").data)
    assert ("bad-value",) == codes_of(agreements.bundle(asked(adding=(other,))))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (bundled(1, "a", "b", hours="17"), ("bad-value",)),
        (bundled(1, "a"), ("bad-value",)),
        (bundled(1, "a", "b"), ()),
        (placed(1, 0), ()),
    ],
)
def test_a_bundle_that_is_changed_is_one_still(after: Record, expected: tuple[str, ...]) -> None:
    """What a change leaves of the hours and contributors of a bundled placement is judged like a new one."""
    assert expected == codes_of(agreements.bundle(asked(changing=(Change(bundled(1, "a", "b", "c"), after),))))


@pytest.mark.parametrize("before", [{"kind": "work"}, {"weekly_hours": "16"}, {"contributions": ()}])
def test_whatever_makes_up_a_bundle_is_judged_where_it_changes(before: dict[str, object]) -> None:
    """A change of the kind alone, of the hours alone, or of the contributors alone leaves hours that add up."""
    after = bundled(1, "a", "b", hours="17")
    changing = (Change(replace(after, data=FrozenDict({**after.data, **before})), after),)
    assert ("bad-value",) == codes_of(agreements.bundle(asked(changing=changing)))


def test_a_bundle_of_which_something_else_changes_is_not_judged() -> None:
    """Hours that were changed later need not add up for the rest of the placement to be mended."""
    before = bundled(1, "a", "b", hours="17")
    after = replace(before, data=FrozenDict(before.data, employer="a"))
    assert () == codes_of(agreements.bundle(asked(changing=(Change(before, after),))))
