"""What is seen of a migrated pilot: no more than before, whatever its records are called now."""

import pytest

from proeftuin import Event
from tests.versions.offers import BUYER, LEAD, SELLER, Case
from tests.versions.pilots import WHY

FIRST = (
    ("mark: {type: integer}}", "mark: {type: integer}, consent: {type: boolean}}"),
    (
        "  - {trigger: pause",
        "  - {trigger: forget, from: any_open, allow: [lead], records: [{end: note}]}\n  - {trigger: pause",
    ),
    ("words:\n", "words:\n  forget: {en: Forget, nl: Vergeten}\n"),
)
MEMO = (
    ("  note: {label: {en: Note, nl: Notitie}", "  memo: {label: {en: Memo, nl: Memo}"),
    ("{add: note}", "{add: memo}"),
    ("{end: note}", "{end: memo}"),
)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_was_withdrawn_is_not_seen_in_a_migration(withdrawn: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """A record that rests on a consent is shown under its old name and its new one, until that is withdrawn."""
    case = Case(*MEMO, first=FIRST)
    case.engine.fire("p", "note", actor=LEAD, data={"text": "secret", "consent": True})
    case.migrate("records: {note: {to: memo, set: {mark: 1}}}")
    if withdrawn:
        case.engine.fire("p", "forget", actor=LEAD)
    seen = list(case.engine.seen_by(BUYER).history("p"))
    assert ([] if withdrawn else ["record.added", "pilot.migrated"]) == [
        one.type for one in seen if holds(one, "secret")
    ]
    assert [one.version for one in case.engine.history("p")] == [one.version for one in seen]
    assert seen[3:] == list(case.engine.seen_by(BUYER).history("p", after=3))


def test_a_supplier_sees_that_and_not_what() -> None:
    """Of a migration a supplier sees the versions: nothing of what became of others, nor why."""
    case = Case()
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    case.engine.fire("p", "note", actor=LEAD, data={"text": "secret"})
    case.migrate("records: {note: {set: {mark: 1}}}")
    last = list(case.engine.seen_by(SELLER).history("p"))[-1]
    assert ("pilot.migrated", {"workflow", "hash", "from"}) == (last.type, set(last.data))
    assert not holds(last, WHY["reason"])


def holds(event: Event, text: str) -> bool:
    return text in str(event.data)
