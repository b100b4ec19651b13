"""The lab: what its verbs do, and what it says where something came out differently."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, Refused, load_workflow
from proeftuin.calendars import Netherlands
from proeftuin.core.commands import Blocker
from proeftuin.core.guards import Question, guard
from proeftuin.errors import BadArgument, DefinitionError, UnknownWorkflow
from proeftuin.storage.sql import upgrade
from proeftuin.testing import Lab
from tests.stores import path_url
from tests.unit.engines import FLOW
from tests.unit.testing.labs import START, begun, engaging


def failure(lab: Lab, **expected: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        lab.expect(**expected)
    return str(caught.value)


# -- doing ---------------------------------------------------------------------------------------------------------


def test_a_life_is_told_by_role() -> None:
    """Roles are enough to say who does something, and each is somebody of its own, of the right party."""
    with engaging(begun(), "alpha", "beta") as lab:
        lab.expect(state="engaging", tracks={"alpha": "invited", "beta": "invited"})
        lab.expect(path=["exploring", "committing", "engaging"], paths={"alpha": ["identified", "invited"]})
        opened = lab.events("track.opened")
        assert ["supplier_lead-alpha", "supplier_lead-beta"] == [one.actor for one in opened]
        assert {"hr", "coordinator", "board", "client_owner", "contract_manager"} <= {one.actor for one in lab.events()}


def test_everybody_signs_as_somebody_else() -> None:
    """`sign` asks each role for its signature, and the last one makes it hold."""
    with engaging(begun(), "alpha") as lab:
        talk = {"date": lab.today, "present": lab.present("contract_manager", "supplier_lead@alpha")}
        lab.fire("contract_manager", "start_talk", talk, track="alpha")
        lab.fire("supplier_lead", "express_willingness", track="alpha")
        done = lab.sign("sign_agreement", {"places": {"employment": 2}, "from": lab.today}, track="alpha")
        assert () == done.pending
        lab.expect(tracks={"alpha": "agreed"}, records={"agreement": 1})
        signed = [one.actor for one in lab.events("signature.added")]
        assert ["client_owner", "supplier_lead-alpha"] == signed
        with pytest.raises(BadArgument, match="`invite` asks for no signatures"):
            lab.sign("invite", track="alpha")


def test_an_actor_may_be_given_as_such() -> None:
    """Somebody of the test's own may act too."""
    with begun() as lab:
        lab.fire(Actor("kim", roles={"hr"}), "add_lesson", {"text": "Begin small"})
        assert "kim" == lab.events()[-1].actor


def test_a_refusal_is_expected_with_its_codes() -> None:
    """What is refused with exactly these codes passes, and tells its blockers."""
    with begun() as lab:
        with lab.refused("missing-route", "missing-pair", "missing-inventory") as no:
            lab.fire("coordinator", "complete_exploration")
        assert {"missing-pair", "missing-inventory", "missing-route"} == {one.code for one in no.blockers}
        with lab.refused("unknown-pilot"):
            lab.fire("coordinator", "complete_exploration", pilot="nowhere")
        lab.expect(state="exploring")


@pytest.mark.parametrize(
    ("codes", "by", "came"),
    [
        (("missing-pair",), "coordinator", "[missing-inventory, missing-pair, missing-route]"),
        (("forbidden-role", "wrong-state"), "hr", "[forbidden-role]"),
        ((), "hr", "[forbidden-role]"),
    ],
)
def test_a_refusal_with_other_codes_fails(codes: tuple[str, ...], by: str, came: str) -> None:
    """What is refused for more, less or something else fails, with the texts and the timeline."""
    with begun() as lab:
        with pytest.raises(AssertionError) as caught, lab.refused(*codes):
            lab.fire(by, "complete_exploration")
        told = str(caught.value)
        assert f"came {came}" in told
        assert "timeline of pilot lab-1" in told


def test_what_is_accepted_though_a_no_was_expected_fails() -> None:
    """A yes where a no was expected fails too."""
    told = r"refused: expected \[forbidden-role\], came accepted"
    with begun() as lab, pytest.raises(AssertionError, match=told), lab.refused("forbidden-role"):
        lab.fire("hr", "add_lesson", {"text": "Begin small"})


def test_a_no_that_nobody_expected_shows_the_timeline() -> None:
    """A refusal that was not expected is raised on, with the pilot's timeline as a note."""
    with begun() as lab:
        with pytest.raises(Refused) as caught:
            lab.fire("coordinator", "complete_exploration")
        assert "Pilot begun: Canteen" in caught.value.__notes__[0]


# -- time ----------------------------------------------------------------------------------------------------------


def test_a_silent_month_is_told_day_by_day() -> None:
    """Every morning what is due is done: each reminder, then the escalation, then the signal, each on its own day."""
    with begun() as lab:
        lab.advance(days=8).expect(told={"check_in": ["coordinator"]}, signals=[])
        assert {"check_in": ("coordinator",)} == lab.told()
        lab.advance("2026-02-02")
        lab.expect(signals=["stalled"], told={"check_in": ["coordinator", "client_owner"]})
        lab.expect(events=["clock.reminded", "clock.escalated", "signal.raised"])
        days = [f"{one.on:%m-%d}" for one in lab.events("clock.reminded", "clock.escalated", "signal.raised")]
        assert ["01-13", "01-19", "01-26", "02-02"] == days
        assert [date(2026, 1, 13), date(2026, 1, 19), date(2026, 1, 26), date(2026, 2, 2)] == [
            one.day for one in lab.notices
        ]
        lab.advance(days=1).expect(told={"check_in": []})


def test_where_nobody_ticks_only_the_latest_reminder_comes() -> None:
    """While the machine is off nothing is done, and the tick after it sends the latest reminder alone."""
    with begun() as lab:
        lab.advance(days=15, ticking=False)
        assert {} == lab.told()
        assert 1 == lab.tick()
        assert ["clock.reminded"] == [one.type for one in lab.events()[1:]]
        assert {"check_in": ("coordinator",)} == lab.told()
        assert 0 == lab.tick()


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ({"days": 3}, "2026-04-05"),
        ({"weeks": 2}, "2026-04-16"),
        ({"months": 1}, "2026-05-02"),
        ({"working_days": 1}, "2026-04-07"),
        ({"to": "2026-04-05"}, "2026-04-05"),
        ({"to": date(2026, 4, 5)}, "2026-04-05"),
        ({"to": datetime(2026, 4, 4, 23, 30, tzinfo=UTC)}, "2026-04-05"),
    ],
)
def test_time_goes_by_in_many_ways(spans: dict[str, Any], expected: str) -> None:
    """Days, weeks, months and working days on the engine's calendar, or until a day or a moment."""
    with begun(at="2026-04-02", calendar=Netherlands()) as lab:
        assert expected == lab.advance(**spans).today.isoformat()


def test_a_day_is_told_from_today() -> None:
    """`day` gives days as data has them, ahead and back, and a lab may begin at a moment of a day."""
    with Lab(at=datetime(2026, 4, 2, 14, 30)) as lab:  # noqa: DTZ001  # in the zone of the workflow
        assert ("2026-04-02", "2026-04-12", "2026-03-31") == (lab.day(), lab.day(10), lab.day(-2))
        assert datetime(2026, 4, 2, 12, 30, tzinfo=UTC) == lab.now


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ({"to": "2026-01-05"}, "not later"),
        ({}, "not later"),
        ({"to": "next week"}, "'next week' is no day"),
        ({"to": "20260302"}, "'20260302' is no day"),
        ({"to": "2026-W10-1"}, "'2026-W10-1' is no day"),
        ({"to": 7}, "'7' is no day"),
        ({"to": "2026-03-02", "days": 3}, "give either `to` or how long"),
        ({"to": datetime(9999, 12, 31, tzinfo=UTC)}, "years 2 to 5000"),
        ({"days": 10**9}, "years 2 to 5000"),
    ],
)
def test_time_does_not_stand_still_nor_go_back(to: dict[str, Any], told: str) -> None:
    """An earlier moment, no time at all, what is no day, two ways at once, and the end of time are refused."""
    with begun() as lab, pytest.raises(BadArgument, match=f"to: .*{told}"):
        lab.advance(**to)


@pytest.mark.parametrize("at", ["20260105", "2026-W02-1", datetime(1, 1, 1)])  # noqa: DTZ001  # in the zone of the workflow
def test_a_lab_begins_on_a_day_that_can_be_counted(at: Any) -> None:
    """A day that is written otherwise would mean midnight, and before the first year nothing can be counted."""
    with pytest.raises(BadArgument, match="at: "):
        Lab(at=at)


# -- looking -------------------------------------------------------------------------------------------------------


def test_a_difference_tells_what_was_expected_what_came_and_the_timeline() -> None:
    """All that is different is told at once, with the words that a scenario file has for it."""
    with begun() as lab:
        lab.advance(weeks=4)
        told = failure(lab, state="committing", signals=[], path=["exploring", "closed"], told={"check_in": []})
        assert "  state: expected committing, came exploring" in told
        assert "  signals: expected [], came [stalled]" in told
        assert "  path: expected [exploring, closed], came [exploring]" in told
        assert "  told.check_in: expected [], came [client_owner, coordinator]" in told
        assert "  2026-02-02  The system" in told


@pytest.mark.parametrize(
    "expected",
    [
        {"phase": "commitment"},
        {"outcome": "stopped"},
        {"hold": "paused"},
        {"cycle": 2},
        {"tracks": {"alpha": "agreed"}},
        {"records": {"lesson": 1}},
        {"metrics": {"persons_placed": 3}},
        {"paths": {"alpha": ["identified"]}},
        {"events": ["pilot.started", "pilot.moved"]},
    ],
)
def test_each_thing_that_is_different_is_noticed(expected: dict[str, Any]) -> None:
    """No kind of expectation passes on a pilot that is otherwise."""
    with begun() as lab:
        what = next(iter(expected.get("metrics", expected)))
        assert f"  {what}" in failure(lab, **expected)


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({}, "nothing to expect"),
        ({"stat": "x"}, "`stat` is none of path"),
        ({"events": []}, "`events` names nothing"),
        ({"tracks": {}}, "`tracks` names nothing"),
        ({"records": {}}, "`records` names nothing"),
        ({"metrics": {}}, "`metrics` names nothing"),
        ({"state": "exploring", "told": {}}, "`told` names nothing"),
        ({"state": "exploring", "paths": {}}, "`paths` names nothing"),
        ({"told": {"chek_in": []}}, "no clock `chek_in`.*check_in"),
        ({"told": {"chek_in:anna": []}}, "no clock `chek_in`"),
        ({"paths": {"alhpa": ()}}, "no track `alhpa`; none was opened yet.*tracks={'alhpa': None}"),
        ({"paths": {"supplier": []}}, "no track `supplier`"),
        ({"events": ["record.aded"]}, "no type of event `record.aded`; did you mean `record.added`"),
    ],
)
def test_an_expectation_that_could_not_fail_is_refused(expected: dict[str, Any], told: str) -> None:
    """To expect nothing, or something that there is not, is a mistake of the test."""
    with begun() as lab, pytest.raises(BadArgument, match=told):
        lab.expect(**expected)


def test_a_track_that_there_is_not_has_no_path() -> None:
    """A misspelt track is told, with those that there are; () would look as if it had been nowhere."""
    with begun() as lab:
        with pytest.raises(BadArgument, match="no track `alpha`; none was opened yet"):
            lab.path("alpha")
        engaging(lab, "alpha", "beta")
        assert ("identified", "invited") == lab.path("alpha")
        for misspelt in ("alhpa", "Alpha", ""):
            with pytest.raises(BadArgument, match=f"no track `{misspelt}`; there are `alpha`, `beta`"):
                lab.path(misspelt)


def test_a_track_that_is_not_open_may_be_expected_to_have_been_nowhere() -> None:
    """A supplier of the lab, a track of another pilot and one that was fired at have no path; others are a mistake."""
    with begun(parties=["gamma"]) as lab:
        engaging(lab, "alpha")
        lab.start("hr", START, id="second")
        with lab.refused("missing-field"):
            lab.fire("coordinator", "identify", track="beta")
        lab.expect(paths={"alpha": (), "beta": (), "gamma": ()})
        assert "paths.alpha" in failure(lab, pilot="lab-1", paths={"alpha": ()})
        assert "paths.delta" in failure(lab, paths={"delta": ["identified"]})
        with pytest.raises(BadArgument, match="no track `delta`; there are `alpha`"):
            lab.expect(pilot="lab-1", paths={"delta": ()})


def test_a_type_of_event_that_there_is_not_is_refused() -> None:
    """A misspelt type is told, with those that there are; one that did not happen is not there, and no mistake."""
    with begun() as lab:
        assert () == lab.events("signal.raised", "data.erased")
        assert ["pilot.started"] == [one.type for one in lab.events("pilot.started", "pilot.moved")]
        with pytest.raises(BadArgument, match=r"no type of event `track\.openned`; did you mean `track\.opened`"):
            lab.events("pilot.started", "track.openned")
        with pytest.raises(BadArgument, match=r"no type of event `x`; there are `pilot\.started`, .*`signal\.cleared`"):
            lab.events("x", pilot="lab-1")


def test_events_are_in_order() -> None:
    """Others may stand in between, but what comes earlier is not expected later."""
    with begun() as lab:
        lab.fire("coordinator", "add_lesson", {"text": "Begin small"})
        lab.fire("board", "record_decision", {"date": lab.today, "reference": "BD-1"})
        lab.expect(events=["pilot.started", "record.added"])
        assert "events" in failure(lab, events=["record.added", "pilot.started"])
        assert "events" in failure(lab, events=["record.added"] * 3)


def test_a_long_timeline_is_cut() -> None:
    """Of a long history only the end is shown, with how much was left out."""
    with begun() as lab:
        for number in range(80):
            lab.fire("coordinator" if number % 2 else "hr", "add_lesson", {"text": f"Lesson {number}"})
        assert "  ... 21 earlier lines" in lab.timeline()


def test_several_pilots_have_their_own_lives() -> None:
    """The pilot that was started last is meant, unless another is named; time goes by for all of them."""
    with begun() as lab:
        lab.start("hr", START, id="second")
        lab.fire("hr", "add_lesson", {"text": "Begin small"})
        lab.expect(records={"lesson": 1})
        lab.expect(pilot="lab-1", records={"lesson": 0})
        lab.advance(weeks=4)
        assert [("stalled",), ("stalled",)] == [
            tuple(raised.signal for raised in lab.engine.get(one).signals) for one in ("lab-1", "second")
        ]
        lab.id = "lab-1"
        assert "lab-1" == lab.pilot.id


def test_there_is_nothing_to_see_before_a_start() -> None:
    """Whoever looks, or acts, before a pilot was started is told to start one."""
    with Lab() as lab, pytest.raises(BadArgument, match="`start` one first"):
        lab.timeline()
    with Lab() as lab, pytest.raises(BadArgument, match="`start` one first"):
        lab.fire("hr", "add_lesson", {"text": "Begin small"})


def test_a_follow_up_lives_on_with_the_others() -> None:
    """A pilot that another one starts has its days too, while the one before is still meant."""
    clock = "clocks: {life: {since: progress, due: 7 days, remind: {lead: [8 days]}, label: {en: Life, nl: Leven}}}"
    with Lab(load_workflow(f"{FLOW}\n{clock}\n")) as lab:
        lab.start("lead", {"title": "A"})
        lab.fire("lead", "talk")
        lab.fire("lead", "note", {"text": "Met"})
        lab.fire("board", "finish")
        following = lab.fire("lead", "follow", {"title": "B"}).started
        lab.advance(days=8).expect(told={"life": []}, state="closed")
        lab.expect(pilot=following, told={"life": ["lead"]}, state="open")


# -- workflows and stores ------------------------------------------------------------------------------------------


def test_any_workflow_file_will_do(tmp_path: Path) -> None:
    """A file by its path, with the host's guards, is as good as a bundled name."""

    @guard(codes=["too-early"])
    def full_moon(question: Question) -> Blocker | None:
        return Blocker("too-early") if question.today < date(2026, 2, 1) else None

    path = tmp_path / "ours.yaml"
    text = FLOW.replace("require: [has: {record: note, code: missing-note}]", "require: [full_moon]")
    path.write_text(text.replace("codes:\n", "codes:\n  too-early: {en: Too early, nl: Te vroeg}\n"), encoding="utf-8")
    with Lab(path, guards=[full_moon]) as lab:
        lab.start("lead", {"title": "A"})
        lab.fire("lead", "talk")
        with lab.refused("too-early"):
            lab.fire("board", "finish")
        lab.advance(months=1)
        lab.fire("board", "finish")
        lab.expect(path=["open", "talking", "closed"], outcome="done")
    for ending in (".yml", ".json"):
        path = path.rename(path.with_suffix(ending))
        with Lab(str(path), guards=[full_moon]) as lab:
            assert "talks@1" == lab.workflow.id


@pytest.mark.parametrize(
    ("workflow", "error"),
    [("no-such-one", UnknownWorkflow), ("no-such.yaml", DefinitionError), ("no-such.json", DefinitionError)],
)
def test_a_workflow_that_there_is_not_is_told(workflow: str, error: type[Exception]) -> None:
    """A name that nothing has, and a file that is not there, are told as they are elsewhere."""
    with pytest.raises(error):
        Lab(workflow)


def history(store: str) -> list[tuple[str, str]]:
    """A month in the lab, as the log keeps it."""
    with engaging(begun(store=store), "alpha") as lab:
        lab.advance(days=30).expect(tracks={"alpha": "lapsed"})
        return [(one.type, one.digest) for one in lab.events()]


def test_two_runs_give_the_same_bytes_on_any_store(tmp_path: Path) -> None:
    """In memory or on SQLite, once or again on the same file, a life leaves the same chain of digests."""
    url = path_url(tmp_path / "pilots.db")
    first = history("memory://")
    assert first == history("memory://") == history(url) == history(url)
    assert first == history(path_url(tmp_path / "{}.db"))
    assert 2 == len(list(tmp_path.glob("*.db")))


@pytest.mark.parametrize("server", ["postgresql_url", "mariadb_url"])
def test_a_server_will_do(server: str, request: pytest.FixtureRequest) -> None:
    """On a server a life leaves the same chain of digests too, and once more beside the first."""
    url = request.getfixturevalue(server)
    upgrade(url)
    assert history("memory://") == history(url) == history(url)
