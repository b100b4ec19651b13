"""What becomes of the data of pilots and records: no value is lost unseen, and a day stays a day."""

from datetime import date

import pytest

from proeftuin import DefinitionError
from tests.versions.offers import LEAD, SELLER, Case

LOOSE = (
    ("text: {type: text, required: true}, mark: {type: integer}", "text: {type: text}, aside: {type: text}"),
    ("title: {type: text, required: true}", "title: {type: text}, motto: {type: text}"),
)


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("records: {note: {rename: {text: aside}}}", ["aside"]),
        ("records: {note: {rename: {aside: text}}}", ["text"]),
        ("records: {note: {rename: {text: aside}, drop: [aside]}}", []),
        ("records: {note: {rename: {text: aside, aside: text}}}", []),
        ("data: {rename: {title: motto}}", ["motto"]),
        ("data: {rename: {title: motto}, drop: [motto]}", []),
    ],
)
def test_no_value_takes_the_place_of_another_unseen(lines: str, fields: list[str]) -> None:
    """Where a new name has a value already somebody decides, unless that one is dropped or renamed itself."""
    case = Case(first=LOOSE)
    case.engine.start("offers@1", id="q", actor=LEAD, data={"title": "Lunches", "motto": "Ask early"})
    case.engine.fire("q", "note", actor=LEAD, data={"text": "one", "aside": "two"})
    _, judged = case.plan(lines)
    assert fields == [one.params["field"] for one in judged.findings if one.params["problem"] == "two-values"]
    assert ("decide" if fields else "fine") == judged.verdict


def test_two_fields_may_become_one_where_they_never_meet() -> None:
    """What has one of two values keeps it under the common name, and what has both needs a decision."""
    case = Case(
        ("text: {type: text}, aside: {type: text}", "what: {type: text}"),
        first=LOOSE,
    )
    lines = "records: {note: {rename: {text: what, aside: what}}}"
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one"})
    case.engine.fire("p", "note", actor=LEAD, data={"aside": "two"})
    assert "fine" == case.judge(lines).verdict
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one", "aside": "two"})
    (found,) = case.judge(lines).findings
    assert ("data-misfits", "note-3") == (found.code, found.params["record"])
    assert "what of Note note-3 does not fit the new version: it would get two values" in found.text()


@pytest.mark.parametrize(
    ("field", "held", "words", "after"),
    [
        ("{type: choice, of: [p, q]}", "p", "{p: r}", "r"),
        ("{type: choice, of: [1, 2]}", 1, "{'1': 3}", 3),
        ("{type: list, of: [p, q]}", ["p", "q"], "{p: r}", ("r", "q")),
        ("{type: list, of: [1, 2]}", [2, 1], "{'1': 3}", (2, 3)),
        ("{type: text}", "Not yet: ask!", "{'Not yet: ask!': asked}", "asked"),
        ("{type: list, of: {what: {type: text}}}", [{"what": "p"}], "{p: r}", ({"what": "p"},)),
    ],
)
def test_a_plan_puts_other_values_in_the_place_of_old_ones(field: str, held: object, words: str, after: object) -> None:
    """A value is named by its text, a number and a sentence too, and what is in a list is replaced one by one."""
    fewer = field.replace("of: [p, q]", "of: [r, q]").replace("of: [1, 2]", "of: [3, 2]")
    first = ("mark: {type: integer}", f"mark: {field}"), ("words:\n", f"words:\n{CHOICES}")
    case = Case(*([(field, fewer)] if fewer != field else ()), first=first)
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one", "mark": held})
    assert ("fine" if fewer == field else "decide") == case.judge().verdict
    moved = case.migrate(f"records: {{note: {{replace: {{mark: {words}}}}}}}")
    assert {"text": "one", "mark": after} == moved.records("note")[0].data


def test_no_plan_writes_a_citizen_service_number_into_a_list() -> None:
    """What takes the place of one of several words is judged as what takes the place of one alone."""
    case = Case(first=(("progress: false, records", "progress: false, data: {tags: {type: list}}, records"),))
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one", "tags": ["early", "seen"]})
    assert "fine" == case.judge("data: {replace: {tags: {seen: late}}}").verdict
    (found,) = case.judge("data: {replace: {tags: {seen: BSN 123456782}}}\naccept: [data-misfits]").findings
    assert ("privacy-violation", "tags") == (found.code, found.params["field"])


CHOICES = "".join(f"  {name}: {{en: {name}, nl: {name}}}\n" for name in "pqr")
CLOCKS = """clocks:
  reply: {since: offer.seen, due: {field: by}}
  ready: {since: asked, due: {field: until}}
  each: {per: note, since: aside, due: 1 day}
  last: {per: note, due: {field: aside}}
"""


@pytest.fixture
def dated() -> Case:
    """A pilot whose note, track and own data say in words when something is, which are days in the next version."""
    texts = (
        LOOSE[0],
        ("to: seen, allow: [lead]", "to: seen, allow: [lead], data: {by: {type: text}}"),
        ("progress: false, records", "progress: false, data: {until: {type: text}}, records"),
    )
    days = (
        ("aside: {type: text}", "aside: {type: date}"),
        ("by: {type: text}", "by: {type: date}"),
        ("until: {type: text}", "until: {type: date}"),
        ("clocks:\n", CLOCKS),
    )
    return Case(*days, first=texts)


DECIDED = "clocks: {reply: rebase, ready: rebase, each: rebase, last: rebase, answer: keep}"


def test_what_is_no_day_is_told_where_days_are_counted(dated: Case) -> None:
    """A text that is to be a day is told for each place, whatever the plan accepts, and every pilot has its verdict."""
    dated.engine.start("offers@1", id="q", actor=LEAD, data={"title": "Lunches"})
    dated.engine.fire("p", "offer", track="alpha", actor=SELLER)
    dated.engine.fire("p", "look", track="alpha", actor=LEAD, data={"by": "soon"})
    dated.engine.fire("p", "note", actor=LEAD, data={"aside": "soon", "until": "soon"})
    first, second = dated.plan(f"{DECIDED}\naccept: [data-misfits]")
    places = [(one.code, one.params["field"], one.params.get("record"), one.track) for one in first.findings]
    assert [
        ("day-misfits", "aside", "note-1", None),
        ("day-misfits", "until", None, None),
        ("day-misfits", "by", None, "alpha"),
    ] == places
    assert ("decide", "fine") == (first.verdict, second.verdict)
    with pytest.raises(DefinitionError, match="day-misfits"):
        dated.plan("accept: [day-misfits]")


def test_what_is_no_day_may_stay_where_nothing_counts_with_it() -> None:
    """Where neither a term nor the life of a record depends on it, a plan may accept it as any other value."""
    case = Case(("aside: {type: text}", "aside: {type: date}"), first=LOOSE[:1])
    case.engine.fire("p", "note", actor=LEAD, data={"aside": "soon"})
    assert ("data-misfits",) == case.judge().codes
    assert {"aside": "soon"} == case.migrate("accept: [data-misfits]").records("note")[0].data


@pytest.mark.parametrize("field", ["from", "to", "date"])
def test_the_days_between_which_a_record_is_active_stay_days(field: str) -> None:
    """The two ends of an interval, and the day for which a record counts, can be accepted as nothing else."""
    text = LOOSE[0][1].replace("aside: {type: text}", "%s")
    fields = [", ".join(f"{name}: {{type: {kind}}}" for name in ("from", "to", "date")) for kind in ("text", "date")]
    first = (LOOSE[0][0], text % fields[0])
    case = Case(
        (fields[0], fields[1]),
        ("fields: {text: {type: text}, from", "interval: [from, to], fields: {text: {type: text}, from"),
        first=(first,),
    )
    case.engine.fire("p", "note", actor=LEAD, data={field: "soon"})
    assert ("day-misfits",) == case.judge("accept: [data-misfits]").codes


def test_a_plan_puts_a_day_in_the_place_of_words(dated: Case) -> None:
    """With a day where words were, or nothing, the terms of the new version count with it."""
    dated.engine.fire("p", "note", actor=LEAD, data={"aside": "soon", "until": "later"})
    steps = "records: {note: {replace: {aside: {soon: '2026-04-01'}}}}\ndata: {replace: {until: {later: '2026-05-01'}}}"
    dated.migrate(f"{DECIDED}\n{steps}")
    due = dated.due()
    assert (date(2026, 4, 2), date(2026, 4, 1)) == (due["each:note-1"], due["last:note-1"])
    assert date(2026, 5, 1) == due["ready"]


def test_what_a_plan_empties_is_gone(dated: Case) -> None:
    """An empty text in the place of a value is no value, as in a command."""
    dated.engine.fire("p", "note", actor=LEAD, data={"aside": "soon", "until": "soon"})
    empty = "records: {note: {replace: {aside: {soon: ''}}}}\ndata: {replace: {until: {soon: ' '}}}"
    moved = dated.migrate(f"{DECIDED}\n{empty}")
    assert ({}, {"title": "Lunches"}) == (moved.records("note")[0].data, moved.data)
