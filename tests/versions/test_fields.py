"""What becomes of the data of pilots and records: no value is lost unseen, and a day stays a day."""

import pytest

from tests.versions.offers import LEAD, Case

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
