import pytest

from proeftuin.core.privacy import (
    LONGEST,
    holds_bsn,
    looks_like_identity,
    names_citizen,
    passes_eleven_test,
    ref_fault,
)


@pytest.mark.parametrize(("digits", "expected"), [("123456782", True), ("123456789", False), ("000000000", False)])
def test_the_eleven_test(digits: str, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """Nine digits pass by the weights of the citizen service number, and nine zeros never do."""
    assert expected is passes_eleven_test(digits)


@pytest.mark.parametrize(
    "text",
    [
        "BSN 123456782",
        "123 456 782",
        "123.456.782",
        "123-456-782",
        "123 - 456 - 782",
        "bsn:123456782",
        "BSN-nummer: 1234-56-782",
        "burgerservicenummer 12/34/56/782",
        "citizen service number: 123-45-67-82",
        "nr 123456782, thuis",
    ],
)
def test_a_citizen_service_number_is_found(text: str) -> None:
    """The number is recognised with separators, with its name before it, and inside a sentence."""
    assert holds_bsn(text)


@pytest.mark.parametrize(
    "text",
    [
        "order 123456789",
        "A123456782",
        "12345678",
        "1234567820",
        "contract 1234-56782",
        "1234-56-782",
        "bestek 123-456-782-1",
        "bestek 1-123-456-782",
        "EUR 1.234.567,82",
        "123456,782",
    ],
)
def test_other_numbers_are_no_citizen_service_number(text: str) -> None:
    """Numbers that fail the eleven-test, or belong to a longer word, are left alone."""
    assert not holds_bsn(text)


@pytest.mark.parametrize(
    "text",
    [
        "mail jan@example.org now",
        "bel 06-12345678",
        "+31 6 12345678",
        "06 12 34 56 78",
        "bel 06 - 1234 5678 na vijven",
        "+31 (0)6 12 34 56 78",
        "(020) 123 45 67",
        "0513-123 456",
        "NL91 ABNA 0417 1643 00",
        "geboren 1980-02-03",
        "geb. op: 3-2-1980",
        "date of birth 03/02/1980",
        "123456782",
    ],
)
def test_what_points_at_a_person_is_found(text: str) -> None:
    """Mail addresses, phone numbers, bank accounts, birth dates and citizen service numbers are recognised."""
    assert looks_like_identity(text)


@pytest.mark.parametrize(
    "text",
    [
        "12 plaatsen in 2026",
        "contract C-2026-001",
        "",
        "week 12 t/m 14",
        "gesprek op 3-2-2026",
        "06-02-2026 12 plekken, 06-03-2026 14",
        "van 01-02-2026 t/m 31-12-2026",
        "EUR 1.200.000 in 2026, 5% is 60.000",
        "5f0c9f1e-6d1b-4a5e-9d0a-000000000001",
        "PSO-trede 2, certificaat 2026-00123",
        "KvK 12345678, btw NL123456782B01",
        "geboren uit nood in 2019",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Counts, contract numbers, weeks and the day of a talk are not taken for an identity."""
    assert not looks_like_identity(text)


@pytest.mark.parametrize(
    "text",
    [
        "123456782",
        "zie BSN 1234.56.782",
        "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff12",
        "geboren op 3-2-1980",
        "dob: 1980-02-03",
        "geb 12-03-1987",
        "geboren: 12 maart 1987",
        "geboortedatum van de deelnemer is 12 mrt. 1987",
        "Born on March 12th, 1987",
        "born 12th of March 1987",
        "date of birth 1987/03/12",
        "geboren op 12 . 3 . 1987",
        "geb. 12-3-'87",
        "d.o.b. 12/03/87",
        "dob 19870312",
        "geboren op 12\u201303\u20131987",
        "12-03-1987 (geboortedatum)",
    ],
)
def test_what_no_text_may_hold_is_found(text: str) -> None:
    """A citizen service number, and a date that is said to be one of birth, are known in any text."""
    assert names_citizen(text)


@pytest.mark.parametrize(
    "text",
    [
        "jan@example.org",
        "06-12345678",
        "C123456782",
        "op 3-2-1980",
        "bsn onbekend",
        "",
        "contract van 12 maart 2026 t/m 1987/03/12",
        "geboren uit een gesprek van twee jaar, op 12-03-2026",
        "osborn 12-03-2026",
        "stubborn since 12 March 2026",
        "gebouw 12-03-2026",
        "geb. 1.2.10",
        "12-03-2026 is een nieuw idee geboren",
        "12 maart 2024 geboortezorg",
        "Project 12-05-2024 (birth center)",
        "op 1 juni 2024 geb. B",
        "geb C, 1-2-24",
    ],
)
def test_what_may_be_a_professionals_is_no_citizens(text: str) -> None:
    """An address, a telephone number, a day, and a number behind a letter stand in the text of a professional."""
    assert not names_citizen(text)


def test_only_the_length_of_a_field_is_looked_at() -> None:
    """What lies beyond the longest text that a field may hold is not searched."""
    assert not looks_like_identity("x" * LONGEST + " jan@example.org")


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("ref-0000-aaaa", None),
        ("5f0c9f1e-6d1b-4a5e-9d0a-000000000001", None),
        (12345678, "bad-value"),
        ("short", "bad-value"),
        ("x" * 65, "bad-value"),
        ("12345678", "bad-value"),
        ("ref/0000/aaaa", "bad-value"),
        ("Jan Jansen", "privacy-violation"),
        ("jan@example.org", "privacy-violation"),
        ("123456782", "privacy-violation"),
        ("abc-1980-02-03", "privacy-violation"),
        ("abc-19800203", "privacy-violation"),
        ("abc-03021980", "privacy-violation"),
        ("abc_1980_02_03", "privacy-violation"),
        ("jan19800203", "privacy-violation"),
        ("jan-3mrt1980", "privacy-violation"),
        ("12-maart-1987", "privacy-violation"),
        ("ref-123-456-782", "privacy-violation"),
        ("p_123456782", "privacy-violation"),
        ("abc123456782x", "privacy-violation"),
        ("abc123-456-782x", "privacy-violation"),
        ("abc123_456_782x", "privacy-violation"),
        ("abc123-456-789x", None),
        ("abc123456789x", None),
        ("ref-1234-56782", None),
        ("abc-19801303", None),
        ("abc-20260203", None),
    ],
)
def test_a_participant_is_named_by_an_opaque_reference_only(ref: object, expected: str | None) -> None:
    """A reference has 8 to 64 plain characters with a letter among them; what names a person is a violation."""
    assert expected == ref_fault(ref)


@pytest.mark.parametrize("phone", ["+31612345678", " 06-12345678", "/+31 6 12345678"])
def test_a_number_behind_a_random_reference_is_still_found(phone: str) -> None:
    """Where a reference that was drawn at random is passed over, what stands right behind it is not."""
    assert not looks_like_identity("5f0c9f1e-6d1b-4a5e-9d0a-000000000001")
    assert looks_like_identity(f"5f0c9f1e-6d1b-4a5e-9d0a-000000000001{phone}")
    assert looks_like_identity("5f0c9f1e-6d1b-4a5e-9d0a-000000000001@example.org")
