"""What may never be kept of a participant, and what is shown of them."""

from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from proeftuin.core.privacy import looks_like_identity
from tests.domain.existing.life import Life

ROOT = Path(__file__).parents[3]

HR = "supplier_hr@alpha"

# Numbers and names are invented; the nine digits pass or fail the eleven-test on purpose.
IDENTITIES = {
    "bsn": "111222333",
    "bsn-with-dots": "111.222.333",
    "e-mail": "jan.jansen@example.org",
    "mobile": "0612345678",
    "phone-abroad": "+31612345678",
    "iban": "NL91ABNA0417164300",
    "birth-date": "1985-04-12",
    "birth-date-dutch": "12-04-1985",
    "name": "Jan Jansen",
}


@pytest.fixture(scope="module")
def life() -> Life:
    return Life().reach("implementing")


@pytest.mark.parametrize("identity", IDENTITIES)
def test_an_identity_is_no_reference(life: Life, identity: str) -> None:
    """What looks like a person is refused alone, whatever else is wrong, and repeated in no answer."""
    data = life.placement(IDENTITIES[identity], weekly_hours="99", start="someday")
    option = life.explain(HR, "start_placement", data, "alpha")
    (blocker,) = option.blockers
    assert "privacy-violation" == blocker.code
    assert IDENTITIES[identity] not in repr(option)


@pytest.mark.parametrize("ref", ["short", "12345678", "part#0001", "x" * 65])
def test_a_reference_of_another_form_is_only_wrong(life: Life, ref: str) -> None:
    """Too short, too long, without a letter or with other signs: not an identity, but no reference either."""
    assert ("bad-value",) == life.no(HR, "start_placement", life.placement(ref), "alpha")


def test_nine_digits_that_fail_the_eleven_test_are_only_wrong(life: Life) -> None:
    """A number that cannot be a citizen's is refused for its form, not as an identity."""
    assert ("bad-value",) == life.no(HR, "start_placement", life.placement("111222334"), "alpha")


@pytest.mark.parametrize("ref", [str(UUID(int=Random(seed).getrandbits(128), version=4)) for seed in range(20)])
def test_a_random_uuid_is_a_fine_reference(life: Life, ref: str) -> None:
    """The references that embedding tools issue pass, and the pilot shows an opaque subject instead."""
    placed = life.place(ref=ref)
    record = next(one for one in life.pilot.records("placement") if one.id == placed)
    assert record.data["participant"] == life.engine.subject(life.id, ref)
    assert ref not in repr(life.pilot)
    assert ref == life.engine.ref(life.id, record.data["participant"])
    life.do(HR, "end_placement", {"placement": placed, "end": life.today, "reason": "other"}, "alpha")


@pytest.mark.parametrize("field", ["offence", "diagnosis", "loonwaarde", "note", "name", "benefit"])
def test_an_unknown_field_about_a_person_is_refused(life: Life, field: str) -> None:
    """On a placement an unknown field is a violation and never ignored; elsewhere it is only unknown."""
    assert ("privacy-violation",) == life.no(HR, "start_placement", life.placement(**{field: "x"}), "alpha")
    assert ("unknown-field",) == life.no("hr", "add_lesson", {"text": "Begin small", field: "x"})


@pytest.mark.parametrize("identity", ["bsn", "e-mail", "mobile", "iban"])
def test_free_text_near_people_holds_no_identity(life: Life, identity: str) -> None:
    """An employer, the conditions of an agreement and the reference of a consent point at nobody."""
    text = f"Ask for {IDENTITIES[identity]} there"
    assert ("privacy-violation",) == life.no(HR, "start_placement", life.placement(employer=text), "alpha")
    terms = life.agreement(conditions=text)
    assert ("privacy-violation",) == life.no("client_owner", "amend_agreement", terms, "alpha")


@pytest.mark.parametrize("text", ["BSN 111222333 gaf hij door", "Zij is geboren op 12-04-1985"])
def test_no_text_at_all_names_a_citizen(life: Life, text: str) -> None:
    """A note, an obstacle, a lesson and a title hold no citizen service number, and no date of birth."""
    assert ("privacy-violation",) == life.no("hr", "add_obstacle", {"text": text})
    assert ("privacy-violation",) == life.no("hr", "add_lesson", {"text": text, "tags": "x"})
    assert ("privacy-violation",) == life.no("hr", "add_lesson", {"text": "Begin small", "tags": (text,)})
    talk = {"type": "coffee", "date": life.today, "note": text}
    assert ("privacy-violation",) == life.no("hr", "log_activity", talk)
    assert ("privacy-violation",) == life.no("coordinator", "update_details", {"title": text})


def test_a_professional_may_be_reached(life: Life) -> None:
    """Where no participant is near, a text may say how a professional is to be reached."""
    for text in ("Bel de accountmanager: 06-12345678", "post@example.org", "KvK 12345678, contract C123456782"):
        life.do("hr", "log_activity", {"type": "call", "date": life.today, "note": text})


def test_ordinary_text_raises_no_alarm() -> None:
    """Of all that the bundled scenarios and the sheets of the docs say, nothing is refused but what is planted."""
    files = [*ROOT.glob("workflows/**/*.yaml"), *ROOT.glob("docs/*.csv")]
    lines = [one for file in files for one in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 1000  # there is something to be wrong about
    assert [] == [one for one in lines if "111222333" not in one and looks_like_identity(one)]


def test_who_may_not_learns_nothing_else(life: Life) -> None:
    """Roles come first and alone: an outsider with an identity in the data hears of the role only."""
    data = life.placement(IDENTITIES["bsn"])
    assert ("forbidden-role",) == life.no("facilitator", "start_placement", data, "alpha")


def test_a_withdrawn_story_is_gone_from_the_pilot(life: Life) -> None:
    """Withdrawing consent takes the story away; that it was withdrawn, and when, stays."""
    story = {"title": "A job", "url": "https://example.org/a", "consent": "consent-1", "scope": "web"}
    life.do("coordinator", "share_story", {**story, "consent_date": life.today})
    shown = life.pilot.records("story")
    life.do("coordinator", "withdraw_story", {"story": shown[0].id, "date": life.today})
    assert (1, ()) == (len(shown), life.pilot.records("story"))
    last = [one for one in life.engine.history(life.id) if one.data.get("record") == "story"][-1]
    assert ("record.ended", life.today) == (last.type, last.data["on"])
