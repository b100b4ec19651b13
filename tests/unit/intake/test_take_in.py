"""Rows, one by one: what each is judged on, and what it may point at."""

import json

import pytest

from proeftuin import Actor, Engine
from proeftuin.intake import take_in
from proeftuin.storage import open_store
from tests.unit.engines import Wrapped
from tests.unit.intake.sheets import StandingTime, begun, blockers, codes, done, engine, judged, sheet

EXPLORED = (
    begun(),
    done("log_activity", type="joint_session", present="hans / hr; piet / procurement"),
    done("add_evidence", type="inventory", reference="D-1"),
    done("choose_route", route="existing-contract", rationale="it fits"),
    done("complete_exploration"),
    done("record_decision", actor="bea", role="board", reference="B-1"),
    done("assign", duty="client_owner", person="olga"),
    done("add_evidence", type="action_plan", reference="D-2"),
    done("set_goal", kind="horizon", text="Everywhere"),
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([done("add_lesson", text="x")], [(2, ["no-start"])]),
        ([done("add_lesson", text="x", workflow="existing-contract")], [(2, ["no-start"])]),
        ([begun(), begun()], [(3, ["begun-already"])]),
        ([begun(workflow="")], [(2, ["missing-cell"])]),
        ([begun(workflow="no-such")], [(2, ["unknown-workflow"])]),
        ([begun(), done("add_lesson", text="x", workflow="tender")], [(3, ["other-workflow"])]),
        ([begun(pilot="")], [(2, ["missing-cell"])]),
        ([begun(date="")], [(2, ["missing-cell"])]),
        ([begun(role="")], [(2, ["missing-cell"])]),
        ([begun(), done("", text="x")], [(3, ["missing-cell"])]),
        ([begun(date="5/1/2026")], [(2, ["bad-date"])]),
        ([begun(date="2026-03-03")], [(2, ["bad-value"])]),
        ([begun(), done("add_lesson", date="2026-01-04", text="x")], [(3, ["bad-value"])]),
        ([begun(), done("log_activity", type="coffee", track="sodexo")], [(3, ["not-on-a-track"])]),
        ([begun(), done("add_lesson", text="x", title="y")], [(3, ["not-asked"])]),
        ([begun(), done("add_lesson", text="x", data='{"text": "y"}')], [(3, ["two-values"])]),
        ([begun(), done("add_lesson", data='["x"]')], [(3, ["bad-json", "missing-field"])]),
        ([begun(), done("add_lesson", data="{text: x}")], [(3, ["bad-json", "missing-field"])]),
        ([begun(), done("add_lesson", data='{"txt": "x"}')], [(3, ["unknown-field", "missing-field"])]),
        ([begun(actor="system")], [(2, ["cannot-be-kept"])]),
        ([begun(), done("add_lesson", data=json.dumps({"text": "x", "tags": [2**70]}))], [(3, ["cannot-be-kept"])]),
        ([begun(), done("add_lesson", data='{"text": "\\ud800"}')], [(3, ["cannot-be-kept"])]),
        ([begun(), done("finish_step", step="$call")], [(3, ["not-kept"])]),
        ([begun(), done("invite", track="sodexo", role="procurement")], [(3, ["unknown-track"])]),
    ],
)
def test_what_is_wrong_with_a_row_is_told(rows: list[dict[str, str]], expected: list[tuple[int, list[str]]]) -> None:
    """Each thing that can be wrong with a row has its code, and nothing is told twice."""
    report = judged(*rows)
    assert expected == codes(report)
    assert [] == [one.code for one in blockers(report) if one.text("nl") == one.code]


def test_what_is_wrong_with_a_row_itself_is_told_of_every_row() -> None:
    """Behind a refused row those with a fault of their own are refused too, so that one round tells them all."""
    report = judged(begun(), done("complete_exploration"), done("set_goal", fixed="soms"), done("add_lesson", text="x"))
    assert ["accepted", "refused", "refused", "not-reached"] == [one.what for one in report.verdicts]


def test_a_fault_of_a_cell_hides_none_of_the_engine() -> None:
    """A row with a bad cell is judged for the rest too, and what is told of the cell is told once."""
    goal = done("set_goal", kind="short", due="31/3/2026")
    assert [(3, ["bad-date", "missing-field"])] == codes(judged(begun(), goal))


@pytest.mark.parametrize("other", ["places.Dagbesteding", "places"])
def test_a_part_of_a_map_that_is_given_twice_is_told(other: str) -> None:
    """Two columns for one part of a field, by its name and by its label, or within the whole field, are a mistake."""
    places = {other: "day_activity: 3" if other == "places" else "3", "places.day_activity": "2"}
    ((number, found),) = codes(judged(begun(), done("sign_agreement", track="sodexo", **places)))
    assert (3, True) == (number, "two-values" in found)


def test_a_row_is_judged_as_on_its_own_day() -> None:
    """What had to be near in time then need not be near now, and what was too far away then still is."""
    near = done("set_goal", kind="short", text="Soon", due="2024-04-01")
    moved = {"trigger": "open_supplier_talks", "date": "2024-03-02"}
    then = [{**row, "date": "2024-03-01"} for row in (*EXPLORED, near)]
    assert [] == codes(judged(*then, done(**moved)))
    far = [{**row, "due": "2024-08-01"} if "due" in row else row for row in then]
    assert ["missing-goals"] == [code for _, found in codes(judged(*far, done(**moved))) for code in found]


def test_a_pause_of_then_is_a_pause() -> None:
    """A pilot that was put on hold until a day long gone is on hold, and was until it was resumed."""
    pause = done("pause", reason="A strike", resume_by="2026-02-01")
    assert [] == codes(judged(begun(), pause, done("resume", date="2026-01-20")))
    with engine() as one:
        take_in(one, sheet(begun(), pause))
        assert "paused" == one.find(ref="P-1").items[0].hold


def test_a_day_that_runs_backwards_is_told_with_the_day_before_it() -> None:
    """What the engine says of the day of a row is told with the heading and the day that it should not lie before."""
    wrong = judged(begun(), done("add_lesson", date="2026-01-04", text="x"))
    assert '"date" lies before 2026-01-05, the day of an earlier row of this pilot.' in blockers(wrong)[0].text("en")
    assert '"date" ligt in de toekomst.' in blockers(judged(begun(date="3-3-2026")))[0].text("nl")


def test_rows_may_stand_in_any_order_between_pilots() -> None:
    """Rows of several pilots may be mixed; each pilot has its own in the order of the file."""
    rows = [begun("P-1"), begun("P-2"), done("add_lesson", "P-2", text="two"), done("add_lesson", "P-1", text="one")]
    with engine() as one:
        report = take_in(one, sheet(*rows))
        assert [2, 3, 4, 5] == [verdict.row for verdict in report.verdicts]
        kept = {str(each.ref): one.get(each.id).kept["lesson"][0].data["text"] for each in one.each()}
    assert {"P-1": "one", "P-2": "two"} == kept


def test_the_date_of_a_row_is_that_of_its_record() -> None:
    """A record with a day gets that of its row, unless another one is given."""
    rows = [
        begun(),
        done("add_evidence", type="other", reference="a"),
        done("add_evidence", type="other", reference="b"),
    ]
    rows[2]["data"] = '{"date": "2025-12-24"}'
    with engine() as one:
        take_in(one, sheet(*rows))
        kept = one.get(one.find(ref="P-1").items[0].id).kept["evidence"]
    assert ["2026-01-06", "2025-12-24"] == [record.data["date"] for record in kept]


def test_a_row_can_point_at_a_record_that_an_earlier_row_keeps() -> None:
    """A name in the column keep stands for the record that the row adds, and is the pilot's own."""
    step = done("plan_step", what="Call", who="anna", due="2026-01-09", keep="call")
    rows = [begun(), step, begun("P-2"), {**step, "pilot": "P-2"}, done("finish_step", step="$call")]
    with engine() as one:
        assert take_in(one, sheet(*rows)).ok
        left = {str(each.ref): len(one.get(each.id).kept.get("step", ())) for each in one.each()}
    assert {"P-1": 0, "P-2": 1} == left
    again = judged(begun(), step, step)
    assert [(4, ["kept-twice"])] == codes(again)
    close = judged(begun(), step, done("finish_step", step="$cal"))
    assert "call" == blockers(close)[0].params["meant"]


def test_a_record_can_be_named_by_its_id() -> None:
    """Whoever knows that it is the first step of the pilot may say so."""
    step = done("plan_step", what="Call", who="anna", due="2026-01-09")
    assert [] == codes(judged(begun(), step, done("finish_step", step="step-1")))


PLACED = (
    *({**row, "date": "2026-01-06"} for row in EXPLORED),
    done("set_goal", kind="short", text="Soon", due="2026-01-30"),
    done("open_supplier_talks"),
    done("identify", track="sodexo", supplier="Sodexo"),
    done("invite", track="sodexo"),
    done("start_talk", track="sodexo", present="anna / coordinator; sofie / supplier_lead / sodexo"),
    done("express_willingness", track="sodexo", actor="sofie", role="supplier_lead", party="sodexo"),
    done(
        "sign_agreement",
        track="sodexo",
        actor="olga",
        role="client_owner",
        **{"places.Dienstverband": "2", "from": "6-1-2026"},
    ),
    done("sign_agreement", track="sodexo", actor="sofie", role="supplier_lead", party="sodexo"),
    done("assign", duty="contact_client", person="max"),
    done("assign", duty="supervision", person="cora"),
    done("assign", duty="contract_manager", person="max"),
    done("assign", duty="contact_supplier", person="sofie", track="sodexo"),
    done("start_implementation"),
    done("start_delivery", track="sodexo", actor="max", role="contract_manager"),
)


def placed(ref: str, **more: str) -> dict[str, str]:
    """A row that places somebody."""
    row = done("start_placement", track="sodexo", actor="heleen", role="supplier_hr", party="sodexo", participant=ref)
    row |= {"kind": "Dienstverband", "weekly_hours": "25,5", "start": "6-1-2026", "paid": "ja"}
    return {**row, "counts_for_banenafspraak": "Ja", **more}


def test_a_row_can_name_a_placement_by_its_participant() -> None:
    """The ref of a participant stands for the placement that is open, or else for the last one."""
    ended = done("end_placement", track="sodexo", actor="heleen", role="supplier_hr", party="sodexo")
    ended |= {"placement": "person-b", "end": "7-1-2026", "reason": "moved_on", "date": "7-1-2026"}
    answer = done(
        "record_retention", date="8-1-2026", track="sodexo", actor="heleen", role="supplier_hr", party="sodexo"
    )
    answer |= {"placement": "person-b", "weeks": "13", "answer": "left"}
    with engine() as one:
        report = take_in(one, sheet(*PLACED, placed("person-a"), placed("person-b"), ended, answer))
        assert ([], True) == (codes(report), report.ok)
        pilot = one.get(one.find(ref="P-1").items[0].id)
    assert [True, False] == [record.ended is None for record in pilot.kept["placement"]]
    assert "placement-2" == pilot.kept["retention"][0].data["placement"]
    assert {"employment": 2} == pilot.kept["agreement"][0].data["places"]


def test_who_is_still_to_sign_is_told_at_the_end() -> None:
    """A signature that a later row gives is no news; one that is missing at the end is."""
    half = PLACED[: next(place for place, row in enumerate(PLACED) if row["trigger"] == "sign_agreement") + 1]
    assert [("supplier_lead",)] == [one.pending for one in judged(*half).verdicts if one.pending]
    assert [] == [one.pending for one in judged(*PLACED).verdicts if one.pending]


FOLLOWED = (
    *PLACED,
    placed("person-a"),
    done("start_evaluation", date="2026-01-20"),
    done("add_evidence", date="2026-01-20", type="report", reference="D-9"),
    done("complete", date="2026-01-20", track="sodexo", actor="max", role="contract_manager", handed_over="person-a"),
    done("conclude", date="2026-01-20", actor="olga", role="client_owner", outcome="follow_up"),
    done("spawn_follow_up", date="2026-01-21", title="The same at UU"),
)


def test_a_pilot_that_a_row_begins_comes_along() -> None:
    """The follow-up that a closed pilot begins is written with it."""
    with engine() as one:
        report = take_in(one, sheet(*FOLLOWED))
        assert [] == codes(report)
        titles = {one.get(each.id).data["title"]: each.ref for each in one.each()}
        assert {"Canteen": "P-1", "The same at UU": None} == titles
        assert () == one.verify()


def test_a_row_begins_no_pilot_where_the_store_takes_one_at_a_time() -> None:
    """Such a store refuses it from `fire` too: cut off between the two, the sheet could not bring the other one."""

    class Single(Wrapped):
        @property
        def multi_pilot(self) -> bool:
            return False

    one = Engine(Single(open_store("memory://")), time=StandingTime())
    report = take_in(one, sheet(*FOLLOWED))
    assert ([(1 + len(FOLLOWED), ["cannot-be-kept"])], ()) == (codes(report), report.written)
    assert "takes one at a time" in blockers(report)[0].text("en")
    assert ("P-1",) == take_in(one, sheet(*FOLLOWED[:-1])).written


def test_several_roles_are_one_actor() -> None:
    """Roles may be separated by what people separate them with."""
    rows = [begun(role="hr+Projectleider"), done("add_lesson", role="hr; coordinator", text="x")]
    with engine() as one:
        take_in(one, sheet(*rows, done("add_lesson", role="hr, coordinator", text="y")))
        found = {event.role for event in one.history(one.find(ref="P-1").items[0].id)}
    assert found <= Actor("x", roles={"hr", "coordinator"}).roles
