"""What looks like an identity, and what a participant's reference may look like.

A participant is known by an opaque reference that the embedding tool issues: 8 to 64 letters, digits, `-` and `_`, with
at least one letter (a random UUID will do). What looks like a citizen service number (BSN), e-mail address, phone
number, IBAN, date of birth or a name with spaces is refused. Source: GDPR articles 4(5), 9 and 10; the forms are the
project's own choice.

What people write is searched in two measures. A citizen service number, and a date that is said to be one of birth,
stand in no text at all: no law lets a pilot keep them (article 46 of the Dutch GDPR Implementation Act), and a history
cannot be made to forget. Beside a participant a text holds nothing that looks like an identity; elsewhere a telephone
number or an address may well be a professional's.
"""

import re
from functools import cache
from unicodedata import normalize

_REF = re.compile(r"[A-Za-z0-9_-]{8,64}")
_UUID = r"(?i:[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})"
_MAIL = r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,}"
_DIGITS = r"(?<![0-9A-Za-z])[0-9](?:[ .]?[0-9]){8}(?![0-9A-Za-z])|(?i:bsn)[^0-9]{0,3}[0-9]{9}(?![0-9])"
_PHONE = (
    r"(?<![0-9A-Za-z])(?:"
    r"(?:\+|00)[0-9]{2}[ -]?[0-9]{1,3}[ -]?[0-9]{6,8}"  # from abroad
    r"|(?:\+|00)31[ -]?(?:\(0\)[ -]?)?[1-9](?:[ -]?[0-9]){8}"
    r"|0[1-9][0-9]{0,2}[ -]?[0-9]{6,8}"
    r"|06[ -]{0,3}(?:(?:[0-9]{2} ){3}[0-9]{2}|[0-9]{4} [0-9]{4})"  # mobile, as it is often written
    r"|\(?0[1-9][0-9]{1,2}\)?[ -]{1,3}(?:[0-9]{7}|[0-9]{6}|[0-9]{3} ?[0-9]{2} ?[0-9]{2}|[0-9]{3} [0-9]{3})"
    r")(?![0-9A-Za-z])"
)
_IBAN = r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2} ?[A-Za-z]{4} ?(?:[0-9] ?){9,12}"
_BIRTH = (
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)[0-9]{2})(?![0-9])"
)
_BORN = rf"(?i:geb\.|gebore|geboorte|born|birth|dob)[^0-9]{{0,24}}{_BIRTH}"
_BORN_AT_ONCE = (
    r"(?<![0-9A-Za-z])(?:(?:19[3-9][0-9]|20[01][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19[3-9][0-9]|20[01][0-9]))(?![0-9A-Za-z])"
)
_DIGIT = re.compile(r"[0-9]")
LONGEST = 12_000

_form = cache(re.compile)  # to compile all of these takes longer than to load most modules, and many texts need none


def passes_eleven_test(digits: str) -> bool:
    """Whether nine digits pass the eleven-test of the Dutch citizen service number."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and digits != "000000000"


def holds_bsn(text: str) -> bool:
    """Whether nine digits in a text, with or without separators, could be a citizen service number."""
    found = (re.sub(r"[^0-9]", "", one.group()) for one in _form(_DIGITS).finditer(text))
    return any(passes_eleven_test(digits) for digits in found)


def _plain(text: str) -> str:
    """Return as much of a text as is searched, with digits that only look different made alike."""
    text = text[:LONGEST]
    return text if text.isascii() else normalize("NFKC", text)


def names_citizen(text: str) -> bool:
    """Whether a text holds what no text may: a citizen service number, or a date that is said to be one of birth."""
    text = _plain(text)
    return _DIGIT.search(text) is not None and (holds_bsn(text) or _form(_BORN).search(text) is not None)


def looks_like_identity(text: str) -> bool:
    """Whether a text holds what could point at a person; a date does only where it is said to be one of birth."""
    text = _form(_UUID).sub(" ", _plain(text))  # drawn at random, its digits may look like a telephone number
    return names_citizen(text) or any(_form(one).search(text) for one in (_MAIL, _PHONE, _IBAN))


def ref_fault(ref: object) -> str | None:
    """Return what is wrong with a participant's reference: `privacy-violation`, `bad-value`, or nothing."""
    if not isinstance(ref, str):
        return "bad-value"
    if _form(_UUID).fullmatch(ref) and any(one.isalpha() for one in ref):
        return None  # drawn at random, some of its digits look like a telephone number (measured: 25 in 10,000)
    named = " " in ref.strip() and any(one.isalpha() for one in ref)
    if named or looks_like_identity(ref) or _form(_BIRTH).search(ref) or _form(_BORN_AT_ONCE).search(ref):
        return "privacy-violation"
    if not _REF.fullmatch(ref) or not any(one.isalpha() for one in ref):
        return "bad-value"
    return None
