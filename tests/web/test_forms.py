"""A pilot is run through forms: what stands in the way, what is wrong with a field, who was first, and what is kept."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from proeftuin import Engine, OutcomeUnknown, StoreFull
from proeftuin.door import DATA_BYTES
from tests.web.boards import BEGIN, LEAD, STORY, client, engine, filled, hidden, midway, sent

TODAY = date.today()  # noqa: DTZ011  # the board runs on the system's clock
ACT = "/act?id=canteen&trigger="
WILLING, EVALUATING = (
    next(one.number for one in STORY.steps if one.trigger == trigger and one.refused is None)
    for trigger in ("express_willingness", "start_evaluation")
)
"""As far as these steps the first story is played: the supplier is willing; the evaluation has begun."""
PRESENT = {
    f"present.{row}.{name}": one
    for row, who in enumerate(("hr", "procurement"))
    for name, one in (("person", who), ("role", who))
}

LISTING = """
format: 1
workflow: listing
version: 1
label: {en: Listing, nl: Lijst}
timezone: Europe/Amsterdam
roles: {coordinator: {side: client, label: {en: Coordinator, nl: Projectleider}}}
start:
  to: open
  allow: [coordinator]
  data:
    title: {type: text, required: true}
    goals: {type: list, of: {name: {type: text}, number: {type: integer, required: true}}}
states:
  open: {phase: exploration, label: {en: Open, nl: Open}}
  closed: {phase: closed, final: true, label: {en: Closed, nl: Gesloten}}
edges: [{trigger: close, from: open, to: closed, outcome: done, allow: [coordinator], label: {en: Close, nl: Sluiten}}]
words:
  start: {en: Start, nl: Begin}
  goals: {en: Goals, nl: Doelen}
  number: {en: Number, nl: Aantal}
"""


def test_a_pilot_is_begun() -> None:
    """The form of a route begins a pilot with what was filled in, and leads to its page, which says so."""
    on = engine()
    visitor = client(on)
    answer = sent(visitor, "/start?workflow=existing-contract", {**BEGIN, "title": "Groen"})
    page = visitor.get(answer.headers["location"]).text
    begun = next(one.id for one in on.find().items if one.id != "canteen")
    assert "Groen" == on.get(begun).data["title"]
    assert "<h2>Gelukt</h2>" in page


def test_a_pilot_is_begun_once() -> None:
    """The same form sent twice begins one pilot."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, "/start?workflow=existing-contract", BEGIN)
    assert (
        visitor.post(action, data=fields).headers["location"] == visitor.post(action, data=fields).headers["location"]
    )
    assert len(on.find().items) == 2


def test_a_start_of_which_nobody_knows_whether_it_came_through_begins_one_pilot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the connection broke at the commit, the form that comes back begins no second pilot when it is sent."""
    on = engine()
    visitor = client(on)
    begin = Engine.start

    def broken(*given: Any, **more: Any) -> None:
        begin(*given, **more)
        raise OutcomeUnknown("the connection broke")

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "start", broken)
        lost = sent(visitor, "/start?workflow=existing-contract", BEGIN)
    again = {**{f"d.{name}": value for name, value in BEGIN.items()}, **hidden(lost.text)}
    assert (503, 303) == (lost.status_code, visitor.post("/start?workflow=existing-contract", data=again).status_code)
    assert len(on.find().items) == 2


def test_a_start_under_a_used_key_can_be_sent_as_another_one() -> None:
    """The form of one pilot, sent again with other words, is refused with a sentence, and then begins another."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, "/start?workflow=existing-contract", BEGIN)
    visitor.post(action, data=fields)
    other = {**fields, "d.title": "Groen"}
    again = visitor.post(action, data=other)
    assert (409, 303) == (again.status_code, visitor.post(action, data={**other, **hidden(again.text)}).status_code)
    assert len(on.find().items) == 3


def test_a_row_more_at_the_start_begins_nothing() -> None:
    """Asking for one more row shows the form of a start again, as it was filled in, and begins no pilot."""
    on = Engine.open("memory://", workflows=[LISTING])
    visitor = client(on)
    action, fields = filled(visitor, "/start?workflow=listing", {"title": "Groen", "goals.0.name": "Twee"})
    page = visitor.post(action, data={**fields, "_more": "d.goals"})
    assert (200, True, True) == (page.status_code, "d.goals.1.name" in page.text, "Twee</textarea>" in page.text)
    assert () == on.find().items


def test_what_is_wrong_in_a_row_at_the_start_stands_beside_that_row() -> None:
    """Where a row before it was left blank, the error of a start stands beside the words that it is about."""
    data = {"title": "Groen", "goals.0.name": "", "goals.1.name": "Twee"}
    answer = sent(client(Engine.open("memory://", workflows=[LISTING])), "/start?workflow=listing", data)
    (place,) = re.findall(r'name="(d.goals.[0-9].)name"[^>]*>\s*Twee</textarea>', answer.text)
    assert (422, True) == (answer.status_code, f'id="x-{place.replace(".", "-")}number-e1"' in answer.text)


def test_who_may_begin_nothing_is_told_so() -> None:
    """Somebody without a role that begins pilots sees no route, and a form of one is not there."""
    visitor = client(engine(), who="anna")
    assert "Er kan hier geen route worden gestart." in visitor.get("/start").text
    assert visitor.get("/start?workflow=existing-contract").status_code == 404


def test_what_is_missing_at_the_start_stands_next_to_its_field() -> None:
    """A start without its title says so beside the title, and keeps the rest."""
    answer = sent(client(engine()), "/start?workflow=existing-contract", {"organisation": "Gemeente Oost"})
    assert answer.status_code == 422
    assert re.search(r'aria-describedby="[^"]*x-d-title-e1[^"]*" aria-invalid="true"', answer.text)
    assert 'value="Gemeente Oost"' in answer.text


@pytest.mark.parametrize(
    ("lang", "words"), [("nl", "Dit kan niet worden aangenomen."), ("en", "This cannot be taken.")]
)
@pytest.mark.parametrize("begins", [True, False])
def test_what_cannot_be_taken_is_told_in_the_language_of_the_page(lang: str, words: str, *, begins: bool) -> None:
    """A page says in its own language that a form cannot be taken, and marks the engine's words on it as English."""
    visitor = client(engine())
    visitor.headers["accept-language"] = lang
    place, data = ("/start?workflow=existing-contract", BEGIN) if begins else (ACT + "add_lesson", {"text": "Klein"})
    action, fields = filled(visitor, place, data)
    wrong = {"d.title": "x" * DATA_BYTES} if begins else {"_on": "<b>gisteren"}
    answer = visitor.post(action, data={**fields, **wrong})
    assert (422, True) == (answer.status_code, f"<p>{words} " in answer.text)
    (why,) = re.findall(r'<p>[^<]* <span lang="en">([^<]*)</span></p>', answer.text)
    assert why.startswith("data: is " if begins else "on: must be a date")


def test_the_way_from_a_refusal_to_a_move() -> None:
    """Refused, the page says every reason in words with a link to what lifts it; doing those, the move is made."""
    on = engine()
    visitor = client(on)
    refused = sent(visitor, ACT + "complete_exploration", {})
    assert refused.status_code == 422
    for words in ("HR en inkoop", "Er ligt nog geen overzicht", "Er is nog geen route gekozen"):
        assert words in refused.text
    ways = {unescape(one) for one in re.findall(r'<a href="(/act\?[^"]+)">', refused.text)}
    doing = {re.findall("trigger=([a-z_]+)", one)[0]: one for one in ways}
    assert {"log_activity", "add_evidence", "choose_route"} <= doing.keys()
    given: dict[str, dict[str, Any]] = {
        "log_activity": {"type": "joint_session", "date": TODAY, **PRESENT},
        "add_evidence": {"type": "inventory", "date": TODAY, "reference": "DOC-1"},
        "choose_route": {"route": "existing-contract", "rationale": "Het contract loopt nog"},
    }
    for trigger, data in given.items():
        assert sent(visitor, doing[trigger], data).status_code == 303
    assert sent(visitor, ACT + "complete_exploration", {}).status_code == 303
    assert "committing" == on.get("canteen").state


def test_a_way_out_knows_what_it_must_hold() -> None:
    """The form behind a remedy has the choice that would lift the reason picked already."""
    page = client(engine()).get(ACT + "complete_exploration").text
    way = unescape(next(one for one in re.findall(r'<a href="(/act\?[^"]+)">', page) if "add_evidence" in one))
    assert "p.type=inventory" in way
    assert re.search(r'<option value="inventory" selected>', client(engine()).get(way).text)


def test_an_error_stands_next_to_its_field_and_what_was_typed_stays() -> None:
    """A date that is none is told beside the date, in the summary with a link to it, and nothing typed is lost."""
    answer = sent(client(engine()), ACT + "add_evidence", {"type": "report", "date": "morgen", "reference": "<DOC>"})
    assert answer.status_code == 422
    assert '<a href="#x-d-date">' in answer.text
    assert 'id="x-d-date-e1"' in answer.text
    assert 'value="morgen"' in answer.text
    assert "&lt;DOC&gt;</textarea>" in answer.text
    assert 'role="alert" tabindex="-1" data-focus' in answer.text


def test_an_error_in_a_row_stands_in_that_row() -> None:
    """Of a list of rows, what is wrong is told at the field of the row."""
    data = {"type": "brainstorm", "date": TODAY, **PRESENT, "present.1.role": ""}
    answer = sent(client(engine()), ACT + "log_activity", data)
    assert answer.status_code == 422
    assert 'id="x-d-present-1-role-e1"' in answer.text
    assert 'id="x-d-present-0-role-e1"' not in answer.text


def test_there_is_a_row_more_where_one_is_asked_for() -> None:
    """Asking for one more row shows the form again as it was, with room for more, and records nothing."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, ACT + "log_activity", PRESENT)
    page = visitor.post(action, data={**fields, "_more": "d.present"}).text
    assert 'name="d.present.2.person"' in page
    assert 'name="d.present.1.person"' in page
    assert 'value="procurement" selected' in page
    assert on.get("canteen").version == 1
    assert ['name="d.present.2.person"'] == re.findall(r"<(?:input|select)[^>]* data-focus ([^ ]+)", page)


def test_a_choice_that_is_somebody_elses_is_told_so() -> None:
    """The way to a choice that this person may not make says who may, and so does the form when it is sent."""
    visitor = client(midway(EVALUATING), who="owner-dji")
    told = "Met uw rol kan dit hier niet. Wie het wel kan: Bestuur."
    way = f"/act?id={STORY.name}-1&trigger=conclude"
    assert told in visitor.get(f"{way}&p.outcome=embedded").text
    refused = visitor.post(way, data={**hidden(visitor.get(f"{way}&p.outcome=embedded").text)})
    assert (422, True) == (refused.status_code, told in refused.text)
    assert told not in visitor.get(way).text
    assert 'value="follow_up"' in visitor.get(way).text


def test_a_number_for_each_kind_is_asked_for_and_signed_as_it_stands() -> None:
    """A map of known kinds has a field for each of them, and whoever signs next finds them filled in."""
    on = midway(WILLING)
    owner, supplier = client(on, who="owner-dji"), client(on, who="account-sodexo")
    way = f"/act?id={STORY.name}-1&trigger=sign_agreement&track=sodexo"
    assert re.search(r'<label for="x-d-places-employment">Dienstverband</label>', owner.get(way).text)
    wrong = sent(owner, way, {"from": "2019-04-01", "places.employment": "veel"})
    assert re.search(r'name="d.places.employment"[^>]* value="veel"', wrong.text)
    assert 'id="x-d-places-e1"' in wrong.text
    agreed = {"from": "2019-04-01", "places.employment": "2", "places.training": ""}
    assert sent(owner, way, agreed).status_code == 303
    assert re.search(r'name="d.places.employment"[^>]* value="2"', supplier.get(way).text)
    assert sent(supplier, way, agreed).status_code == 303
    assert {"employment": 2} == on.get(f"{STORY.name}-1").records("agreement")[0].data["places"]


def test_a_form_acts_once() -> None:
    """The same form sent again does nothing more, and leads to the same page."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, ACT + "assign", {"duty": "hr", "person": "hans"})
    places = [visitor.post(action, data=fields).headers["location"] for _ in range(2)]
    assert (1, 2) == (len({*places}), on.get("canteen").version)


def test_the_same_form_with_something_else_in_it_is_told() -> None:
    """Sent again with other words under the same key, it is refused with a sentence, and can be sent as a new one."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, ACT + "add_lesson", {"text": "een"})
    visitor.post(action, data=fields)
    again = visitor.post(action, data={**fields, "d.text": "twee"})
    assert again.status_code == 409
    assert "twee</textarea>" in again.text
    assert f'name="_key" value="{fields["_key"]}"' not in again.text


def test_the_loser_of_a_race_reads_what_happened_and_loses_nothing() -> None:
    """Whoever sends a form of an older version is shown what others did, keeps every word, and can send it again."""
    on = engine()
    lead, owner = client(on), client(on, who="owner")
    action, fields = filled(
        lead, ACT + "set_goal", {"kind": "short", "text": "Twee kandidaten gesproken", "due": TODAY + timedelta(30)}
    )
    assert sent(owner, ACT + "assign", {"duty": "hr", "person": "hans"}).status_code == 303
    lost = lead.post(action, data=fields)
    assert (409, 2) == (lost.status_code, on.get("canteen").version)
    assert "Iemand was u net voor" in lost.text
    assert re.search(r"<span>[^<]*hans[^<]*</span> <span class=\"small\">Intern opdrachtgever, owner</span>", lost.text)
    assert "Twee kandidaten gesproken</textarea>" in lost.text
    again = {**fields, **hidden(lost.text)}
    assert lead.post(action, data=again).status_code == 303
    assert "Twee kandidaten gesproken" == on.get("canteen").records("goal")[0].data["text"]


def test_a_supplier_opens_its_own_track() -> None:
    """A supplier that comes forward gets the track of its party, and is asked for no name of one."""
    on = engine()
    visitor = client(on, who="anna")
    assert 'name="_track"' not in visitor.get(ACT + "propose").text
    assert sent(visitor, ACT + "propose", {"supplier": "Acme"}).status_code == 303
    assert ["acme"] == list(on.get("canteen").tracks)


@pytest.mark.parametrize(
    ("typed", "name", "key"),
    [("groen", "Groen BV", "groen"), ("", "Groen & Co.", "Groen---Co"), ("", "\u2600", "track-1")],
)
def test_the_client_names_a_new_track_or_it_is_made_of_the_suppliers_name(typed: str, name: str, key: str) -> None:
    """What was typed is the key of the track; left empty it is made of what the supplier is called."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, ACT + "identify", {"supplier": name})
    visitor.post(action, data={**fields, "_track": typed})
    assert [key] == list(on.get("canteen").tracks)


def test_what_is_told_late_gets_its_own_day() -> None:
    """The day that was filled in is the business date of what is recorded."""
    on = Engine.open("memory://")
    on.start("existing-contract", actor=LEAD, data=BEGIN, id="canteen", on=TODAY - timedelta(9))
    visitor = client(on)
    action, fields = filled(visitor, ACT + "add_lesson", {"text": "Begin klein"})
    assert visitor.post(action, data={**fields, "_on": str(TODAY - timedelta(3))}).status_code == 303
    assert TODAY - timedelta(3) == on.get("canteen").records("lesson")[0].on


def test_a_day_that_cannot_be_is_told() -> None:
    """A business date that is no day is told in a sentence above the form."""
    visitor = client(engine())
    action, fields = filled(visitor, ACT + "add_lesson", {"text": "Begin klein"})
    answer = visitor.post(action, data={**fields, "_on": "gisteren"})
    assert answer.status_code == 422
    assert "Begin klein</textarea>" in answer.text


@pytest.mark.parametrize(
    "where",
    ["/pilot?id=none", "/pilot", "/act?id=none&trigger=assign", "/act?id=canteen&trigger=fly", "/act?id=canteen"],
)
def test_what_is_not_there_is_told_as_such(where: str) -> None:
    """A pilot or trigger that there is not is a page that says so, with a way back to the board."""
    answer = client(engine()).get(where)
    assert answer.status_code in {400, 404}
    assert "<h1>" in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize("done", ["", "0", "999999999", "9" * 5000, "x", "\u0663"])
def test_a_version_in_an_address_may_be_anything(done: str) -> None:
    """The page of a pilot is there, whatever its address says that was done last."""
    answer = client(engine()).get("/pilot", params={"id": "canteen", "done": done})
    assert 200 == answer.status_code


@pytest.mark.parametrize("id_", ["a/b", "..", "a b?c#d", "<b>", "\u00e9\u4e2d", "x" * 255])
def test_a_pilot_of_any_id_has_its_page(id_: str) -> None:
    """An id may hold anything; its page, its form and what is sent by it are there all the same."""
    on = engine()
    on.start("existing-contract", actor=LEAD, data={**BEGIN, "title": "Vreemd"}, id=id_)
    visitor = client(on)
    links = [unescape(one) for one in re.findall(r'href="(/pilot\?[^"]+)"', visitor.get("/").text)]
    pages = [visitor.get(one).text for one in links]
    page = next(one for one in pages if "<h1>Vreemd</h1>" in one)
    form = unescape(next(one for one in re.findall(r'href="(/act\?[^"]+)"', page) if "trigger=add_lesson" in one))
    assert sent(visitor, form, {"text": "Begin klein"}).status_code == 303
    assert on.get(id_).version == 2


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "0000-00-00"])
def test_words_that_only_look_like_a_day_are_shown_as_they_are(text: str) -> None:
    """A pilot with a text that is written like a day, and is none, has its page."""
    on = engine()
    on.fire("canteen", "add_lesson", actor=LEAD, data={"text": text})
    answer = client(on).get("/pilot?id=canteen")
    assert (200, True) == (answer.status_code, text in answer.text)


def test_what_is_wrong_in_a_row_stands_beside_that_row() -> None:
    """Where a row before it was left blank, the error stands beside the words that it is about."""
    visitor = client(engine())
    action, fields = filled(visitor, ACT + "log_activity", {"kind": "coffee"})
    page = visitor.post(action, data={**fields, "d.present.0.person": " ", "d.present.1.person": "Jan"}).text
    (place,) = re.findall(r'name="(d.present.[0-9].)person"[^>]*value="Jan"', page)
    assert re.search(f'name="{place}role"[^>]*aria-invalid="true"', page)


def test_what_was_filled_in_is_there_again_when_the_store_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for what was sent, the form comes back as it was filled in."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, ACT + "add_lesson", {"text": "Begin klein"})

    def full(*_: object, **__: object) -> None:
        raise StoreFull("pilots.db has no room left")

    monkeypatch.setattr(Engine, "fire", full)
    answer = visitor.post(action, data=fields)
    assert (503, True) == (answer.status_code, "Begin klein</textarea>" in answer.text)


def test_the_language_is_asked_for_chosen_and_kept() -> None:
    """A page is in the language that the browser asks for, or else in the one that was chosen last."""
    visitor = client(engine())
    assert '<html lang="nl">' in visitor.get("/").text
    assert '<html lang="en">' in visitor.get("/?lang=en").text
    assert '<html lang="en">' in visitor.get("/agenda").text
    assert '<html lang="en">' in visitor.get("/agenda?lang=xx").text


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        ("", "en"),
        ("nl", "nl"),
        ("de, nl;q=0.5, en;q=0.4", "nl"),
        ("nl;q=0", "en"),
        ("nl; q=0.9", "nl"),
        ("en ; q=0.5 , NL-be\t;\tQ=0.9", "nl"),
        ("en; q=0.1, nl; q=0", "en"),
        ("en;q=x,nl;q=0.1", "nl"),
        ("*", "en"),
    ],
)
def test_the_best_language_of_ours_is_taken(asked: str, lang: str) -> None:
    """Of the languages that a browser accepts, the best that we have counts, and English where there is none."""
    visitor = client(engine())
    assert f'<html lang="{lang}">' in visitor.get("/start", headers={"accept-language": asked}).text


def test_filters_narrow_the_board_down() -> None:
    """What is asked for is found, nothing else, and the filters stay as they were set."""
    on = engine()
    on.start("existing-contract", actor=LEAD, data={**BEGIN, "title": "Groen", "organisation": "Gemeente"}, id="groen")
    visitor = client(on)
    page = visitor.get("/?organisation=Gemeente&phase=exploration").text
    assert "Groen" in page
    assert "Catering" not in page
    assert 'value="Gemeente"' in page
    assert "geen proeftuinen die u kunt zien" in visitor.get("/?state=closed").text
    assert "geen proeftuinen die u kunt zien" in visitor.get("/?overdue=1").text


def test_a_phase_with_many_pilots_is_shown_page_by_page() -> None:
    """The board shows the first of a phase with a link to more, and that goes on until the last."""
    on = engine()
    for number in range(70):
        on.start("existing-contract", actor=LEAD, data={**BEGIN, "title": f"Nummer {number:02}"}, id=f"p{number:02}")
    visitor = client(on)
    more = unescape(re.findall(r'<a href="([^"]+)">Meer tonen', visitor.get("/").text)[0])
    first = visitor.get(more).text
    rest = visitor.get(unescape(re.findall(r'<a href="([^"]+)">Volgende pagina', first)[0])).text
    shown = re.findall(r"Nummer \d\d|Catering", first + rest)
    assert (71, 71) == (len(shown), len({*shown}))
