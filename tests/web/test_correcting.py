"""What was recorded is corrected on a form that shows what it says: nobody has to know what its fields are called."""

import re
from typing import Any

import pytest
from attrs import evolve
from lxml import html
from starlette.testclient import TestClient

from proeftuin import Engine
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from proeftuin.web.pages.correcting import correcting, ways
from proeftuin.web.pages.form import Form
from tests.web.boards import ACME, LEAD, OWNER, client, engine, filled, flow, hidden, sent

ACT = "/act?id=canteen&trigger=correct"
TOLD = {"type": "inventory", "date": "2026-01-12", "reference": "DOC-1"}
PRESENT = [{"person": "hans", "role": "hr"}, {"person": "ilse", "role": "procurement"}]
SESSION = {"type": "joint_session", "date": "2026-01-12", "present": PRESENT}
FIRST, SECOND, GOAL = "evidence-1", "evidence-2", "goal-1"


@pytest.fixture
def on() -> Engine:
    """A board with some records of the coordinator, and one of the owner."""
    made = engine()
    for data in (TOLD, {**TOLD, "type": "report", "note": "Half"}):
        made.fire("canteen", "add_evidence", actor=LEAD, data=data)
    made.fire("canteen", "set_goal", actor=OWNER, data={"kind": "horizon", "text": "All towns"})
    made.fire("canteen", "log_activity", actor=LEAD, data=SESSION)
    return made


def corrections(on: Engine) -> list[tuple[Any, Any]]:
    """What was corrected, as the history keeps it: of which record, and what it is to say."""
    return [(one.data["id"], dict(one.data["set"])) for one in on.history("canteen") if one.type == "record.corrected"]


def held(page: str) -> dict[str, str]:
    """What the fields of a record hold on a form."""
    form = next(one for one in html.fromstring(page).forms if one.get("class") == "act")
    return {
        name.removeprefix("d.fields."): one.strip() for name, one in form.form_values() if "d.fields." in name and one
    }


def sends(visitor: TestClient, record: str, **changed: str) -> Any:
    """Open the form of a record by its link, change some of what it says, and send it."""
    way = f"{ACT}&p.record={record}"
    action, fields = filled(visitor, way, {"record": record, "reason": "Typefout"})
    says = {f"d.fields.{name}": one for name, one in {**held(visitor.get(way).text), **changed}.items()}
    return visitor.post(action, data={**fields, **says})


def test_each_record_of_ones_own_leads_to_its_form(on: Engine) -> None:
    """On the page of a pilot whoever recorded something finds the way to correct that, and nothing of others."""
    ways = {
        who: re.findall(r'<a href="/act\?id=canteen&amp;trigger=correct&amp;p.record=([^"]+)">Verbeteren</a>', page)
        for who in ("lead", "owner")
        for page in [client(on, who=who).get("/pilot?id=canteen").text]
    }
    assert {"lead": ["activity-1", FIRST, SECOND], "owner": [GOAL]} == {who: sorted(one) for who, one in ways.items()}


def test_the_form_shows_what_the_record_says(on: Engine) -> None:
    """Each field of the record is there under its label, with what it holds, and nothing that the engine keeps."""
    page = client(on).get(f"{ACT}&p.record={SECOND}").text
    assert {"type": "report", "date": "2026-01-12", "reference": "DOC-1", "note": "Half"} == held(page)
    assert '<label for="x-d-fields-reference">Kenmerk' in page
    assert "naam: waarde" not in page


def test_what_was_changed_is_what_is_sent(on: Engine) -> None:
    """Only what is another than before is corrected, and the rest stays as it was recorded."""
    assert sends(client(on), SECOND, reference="DOC-2").status_code == 303
    assert [(SECOND, {"reference": "DOC-2"})] == corrections(on)


def test_what_was_emptied_is_taken_away(on: Engine) -> None:
    """A field that need not be there and is emptied on the form is no more part of the record; the others stay."""
    assert sends(client(on), SECOND, note="").status_code == 303
    assert [(SECOND, {"note": None})] == corrections(on)
    assert {**TOLD, "type": "report"} == on.get("canteen").records("evidence")[1].data


def test_a_choice_that_is_none_any_more_stays_on_the_form(on: Engine) -> None:
    """What a record holds is among the choices of its form, as after a migration that accepted it."""
    pilot, option = on.get("canteen"), on.explain("canteen", "correct", actor=LEAD)
    first, second = pilot.kept["evidence"]
    odd = replace(first, data=FrozenDict({**first.data, "type": "gone"}))
    pilot = replace(pilot, kept=FrozenDict({**pilot.kept, "evidence": (odd, second)}))
    for name, there in ((FIRST, True), (SECOND, False)):
        found = correcting(flow(), pilot, LEAD, "correct", Form([("d.record", name)]))
        assert found is not None
        choices = found.option(option).fields["fields"]["of"]["type"]["choices"]
        assert ("report" in choices, "gone" in choices) == (True, there)


def test_nothing_changed_is_told(on: Engine) -> None:
    """Where nothing was changed, the form says that something has to be, and nothing is recorded."""
    answer = sends(client(on), FIRST)
    assert (422, []) == (answer.status_code, corrections(on))
    assert 'id="x-d-fields-e1"' in answer.text


def test_what_is_wrong_with_a_field_stands_beside_it(on: Engine) -> None:
    """A day that cannot be, and a field that has to be there and was emptied, are told at their fields."""
    answer = sends(client(on), FIRST, date="2999-01-01", reference="")
    assert answer.status_code == 422
    assert 'id="x-d-fields-date-e1"' in answer.text
    assert 'id="x-d-fields-reference-e1"' in answer.text
    assert "2999-01-01" == held(answer.text)["date"]


def test_rows_are_corrected_as_rows(on: Engine) -> None:
    """Who sat at a table stands in rows, and one who was left out is added to them."""
    visitor = client(on)
    way = f"{ACT}&p.record=activity-1"
    action, fields = filled(visitor, way, {"record": "activity-1", "reason": "Piet was er ook"})
    people = (("hans", "hr"), ("ilse", "procurement"), ("piet", "contract_manager"))
    rows = {
        f"d.fields.present.{at}.{name}": one
        for at, who in enumerate(people)
        for name, one in zip(("person", "role"), who, strict=True)
    }
    says = {"d.fields.type": "joint_session", "d.fields.date": "2026-01-12", **rows}
    assert 'value="ilse"' in visitor.get(way).text
    assert visitor.post(action, data={**fields, **says}).status_code == 303
    assert ["hans", "ilse", "piet"] == [
        one["person"] for one in on.get("canteen").records("activity")[0].data["present"]
    ]


def test_rows_and_ticks_that_are_all_taken_off_are_taken_away() -> None:
    """Where every row of a group is emptied, or every choice of a list unticked, the record has none any more."""
    on = engine()
    on.fire("canteen", "propose", actor=ACME, track="acme", data={"supplier": "Acme"})
    on.fire("canteen", "log_activity", actor=LEAD, data={**SESSION, "tracks": ["acme"]})
    visitor, way = client(on), f"{ACT}&p.record=activity-1"
    form = next(one for one in html.fromstring(visitor.get(way).text).forms if one.get("class") == "act")
    for box in form.xpath('.//input[@type="checkbox"]'):
        box.checked = False
    rows = {name: "" for name, _ in form.form_values() if ".present." in name}
    assert {f"d.fields.present.{at}.{one}" for at in (0, 1) for one in ("person", "role")} <= {*rows}
    sends = {**dict(form.form_values()), **rows, "d.reason": "Niemand"}
    assert visitor.post(form.get("action"), data=sends).status_code == 303
    assert [("activity-1", {"present": None, "tracks": None})] == corrections(on)


def opened(visitor: TestClient) -> tuple[str, dict[str, Any]]:
    """Open the form of the second record: the address that it is sent to, and all that it holds."""
    page = visitor.get(f"{ACT}&p.record={SECOND}").text
    action, fields = filled(visitor, f"{ACT}&p.record={SECOND}", {"record": SECOND, "reason": "Typefout"})
    return action, {**fields, **hidden(page), **says(held(page))}


def says(fields: dict[str, str]) -> dict[str, str]:
    """What a form brings back of a record."""
    return {f"d.fields.{name}": one for name, one in fields.items()}


def test_who_comes_second_takes_back_nothing_of_the_first(on: Engine) -> None:
    """After a race the form shows what the first one corrected, keeps what was typed, and sends that alone."""
    first, second = client(on), client(on)
    (there, one), (action, two) = opened(first), opened(second)
    assert first.post(there, data={**one, **says({"reference": "DOC-2", "note": ""})}).status_code == 303
    answer = second.post(action, data={**two, **says({"date": "2026-01-10"})})
    assert 409 == answer.status_code
    assert {"type": "report", "date": "2026-01-10", "reference": "DOC-2", "note": ""} == held(answer.text)
    again = {**two, **hidden(answer.text), **says(held(answer.text))}
    assert second.post(action, data=again).status_code == 303
    assert [(SECOND, {"reference": "DOC-2", "note": None}), (SECOND, {"date": "2026-01-10"})] == corrections(on)


def test_a_form_that_is_only_looked_at_again_takes_back_nothing_either(on: Engine) -> None:
    """Asked for one more row, or sent when it was open for too long, a form shows what was corrected meanwhile too."""
    first, second = client(on), client(on)
    (there, one), (action, two) = opened(first), opened(second)
    assert first.post(there, data={**one, **says({"reference": "DOC-2"})}).status_code == 303
    for more in ({"_more": "d.fields.note"}, {"_token": "old"}):
        answer = second.post(action, data={**two, **says({"note": "Whole"}), **more})
        assert ("DOC-2", "Whole") == (held(answer.text)["reference"], held(answer.text)["note"])


def test_another_record_is_shown_before_anything_is_sent(on: Engine) -> None:
    """Where another record is picked than the one that is shown, that is shown first, and nothing was recorded."""
    visitor = client(on)
    page = visitor.get(ACT).text
    assert {} == held(page)
    assert (FIRST in page, GOAL in page) == (True, False)
    for more in ({"_more": "d.record"}, {}):
        action, fields = filled(visitor, f"{ACT}&p.record={FIRST}", {"record": SECOND, "fields.reference": "DOC-9"})
        answer = visitor.post(action, data={**fields, **more})
        assert (200, "DOC-1") == (answer.status_code, held(answer.text)["reference"])
        assert SECOND == hidden(answer.text)["_of"]
    assert [] == corrections(on)


def test_a_record_of_somebody_else_is_refused(on: Engine) -> None:
    """A form that was made up for the record of another is refused with the reason."""
    visitor = client(on)
    answer = sent(visitor, f"{ACT}&p.record={GOAL}", {"record": GOAL, "reason": "x", "fields": "text: y"})
    assert (422, []) == (answer.status_code, corrections(on))


def test_a_supplier_finds_its_own_records_alone(on: Engine) -> None:
    """Of what a supplier may not see, no record is offered to be corrected, and no page shows what it says."""
    on.fire("canteen", "propose", actor=ACME, track="acme", data={"supplier": "Acme"})
    visitor = client(on, who="anna")
    assert "DOC-1" not in visitor.get(f"{ACT}&p.record={FIRST}").text
    assert [] == [one for one in (FIRST, SECOND, GOAL) if one in visitor.get(ACT).text]


def test_a_workflow_may_let_a_role_correct_what_anybody_recorded(on: Engine) -> None:
    """Where a workflow allows a role, that may correct every record of the types that can be, and others their own."""
    edges = tuple(
        evolve(one, allow=("coordinator", "adder")) if one.trigger == "correct" else one for one in flow().edges
    )
    wider, pilot = evolve(flow(), edges=edges), on.get("canteen")
    records = [one for kept in pilot.kept.values() for one in kept]
    assert ["correct"] * len(records) == [ways(wider, LEAD).trigger(one) for one in records]
    assert [GOAL] == [one.id for one in records if ways(wider, OWNER).trigger(one) is not None]


def test_nothing_is_said_of_fields_that_are_not_there_yet(on: Engine) -> None:
    """As long as no record is picked the form asks which one, and says nothing of what it is to say, sent or not."""
    visitor = client(on)
    page = visitor.get(f"{ACT}&lang=nl").text
    assert "Vastgelegd gegeven" in page
    assert "Velden" not in page
    action, fields = filled(visitor, f"{ACT}&lang=nl", {"reason": "Typefout"})
    answer = visitor.post(action, data=fields)
    assert "Vastgelegd gegeven is verplicht" in answer.text
    assert "Velden" not in answer.text
    assert [] == corrections(on)
