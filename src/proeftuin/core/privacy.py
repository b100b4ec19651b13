"""What looks like an identity, and what a participant's reference may look like.

A participant is known by an opaque reference that the embedding tool issues: 8 to 64 letters, digits, `-` and `_`, with
at least one letter (a random UUID will do). What looks like a citizen service number (BSN), e-mail address, phone
number, IBAN, date of birth or a name with spaces is refused. Source: GDPR articles 4(5), 9 and 10; the forms are the
project's own choice.

What people write is searched in two measures. A citizen service number, and a date that is said to be one of birth,
stand in no text at all: no law lets a pilot keep them (article 46 of the Dutch GDPR Implementation Act), and a history
cannot be made to forget. A date alone is no date of birth, as most are of talks and contracts: words such as "geboren",
"geb." or "born" beside it say so. Nine digits count at once, with spaces or points, and in threes with dashes; numbered
as contracts are (2024-12345) they do only behind the name of the number. Beside a participant a text holds nothing that
looks like an identity; elsewhere a telephone number or an address may well be a professional's.
"""

import re
from functools import cache
from unicodedata import normalize

_REF = re.compile(r"[A-Za-z0-9_-]{8,64}")
_UUID = r"(?i:[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})"
_MAIL = r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,}"
_DIGITS = (
    r"(?<![0-9A-Za-z])(?:[0-9](?:[ .]?[0-9]){8}|(?<![0-9]-)[0-9]{3}(?: ?- ?[0-9]{3}){2}(?!-[0-9]))(?![0-9A-Za-z])"
    r"|(?i:(?:bsn|burgerservice|citizen service|sofi)[- ]?(?:nr|nummer|number)?)"
    r"[^0-9]{0,3}[0-9](?:[-/. ]{0,3}[0-9]){8}(?![0-9])"
)
_REF_DIGITS = r"[A-Za-z_-]*([0-9]{3}([-_]?)[0-9]{3}\2[0-9]{3})[A-Za-z_-]*"
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
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12][0-9]|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)[0-9]{2}"
_NAMED = r"(?i:jan|feb|m(?:aa)?rt|mar|apr|mei|may|jun|jul|aug|sep|o[kc]t|nov|dec)[a-z]{0,6}"
_BETWEEN = r" ?[-/. _] ?"
_WRITTEN = (
    rf"{_YEAR}{_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}|{_DAY}{_BETWEEN}{_MONTH}{_BETWEEN}{_YEAR}"
    rf"|{_DAY}(?:e|st|nd|rd|th)?[-. _]{{0,2}}(?:of )?{_NAMED}[-., _]{{0,2}}{_YEAR}"
    rf"|{_NAMED}[-. _]{{0,2}}{_DAY}(?:st|nd|rd|th)?[-., _]{{1,2}}{_YEAR}"
)
_AT_ONCE = (
    r"(?:19[3-9][0-9]|20[01][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19[3-9][0-9]|20[01][0-9])"
)
_BIRTH = rf"(?<![0-9])(?:{_WRITTEN}|{_AT_ONCE})(?![0-9])"
_SHORT = rf"{_DAY}[-/]{_MONTH}[-/]['\u2019]?[0-9]{{2}}"  # a date only where it is said to be one of birth
_SAID = r"(?i:(?<![a-z])(?:geb(?![a-z])|born(?![a-z])|dob(?![a-z])|d\.o\.b)|gebore|geboorte[a-z]*|birth)"
_SAID_SO = r"(?i:geboren|geboortedatum|(?:born|date of birth|dob)(?![a-z]))"  # behind a date many words begin so
_BORN = (
    rf"{_SAID}[^0-9]{{0,24}}(?<![0-9])(?:{_WRITTEN}|{_AT_ONCE})(?![0-9])|{_BIRTH} ?\(?{_SAID_SO}"
    rf"|{_SAID}[^0-9A-Za-z]{{0,4}}(?i:(?:op|on) )?(?<![0-9]){_SHORT}(?![0-9])"
)
_DASHES = "[\u2010-\u2015\u2212]"
_DIGIT = re.compile(r"[0-9]")
LONGEST = 12_000

_form = cache(re.compile)  # to compile all of these takes longer than to load most modules, and many texts need none


def passes_eleven_test(digits: str) -> bool:
    """Whether nine digits pass the eleven-test of the Dutch citizen service number.

    Raises:
        ValueError: they are not nine, or no digits.
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and digits != "000000000"


def holds_bsn(text: str) -> bool:
    """Whether nine digits in a text, with or without separators, could be a citizen service number."""
    found = (re.sub(r"[^0-9]", "", one.group()) for one in _form(_DIGITS).finditer(text))
    return any(passes_eleven_test(digits) for digits in found)


def _holds_bsn_alone(ref: str) -> bool:
    """Whether the digits of a reference, at once or in threes, are nine that could be a citizen service number."""
    found = _form(_REF_DIGITS).fullmatch(ref)
    return found is not None and passes_eleven_test(re.sub(r"[^0-9]", "", found[1]))


def _plain(text: str) -> str:
    """Return as much of a text as is searched, with digits and dashes that only look different made alike."""
    text = text[:LONGEST]
    return text if text.isascii() else _form(_DASHES).sub("-", normalize("NFKC", text))


def names_citizen(text: str) -> bool:
    """Whether a text holds what no text may: a citizen service number, or a date that is said to be one of birth."""
    text = _plain(text)
    return _DIGIT.search(text) is not None and (holds_bsn(text) or _form(_BORN).search(text) is not None)


def looks_like_identity(text: str) -> bool:
    """Whether a text holds what could point at a person; a date does only where it is said to be one of birth."""
    text = _form(_UUID).sub("-", _plain(text))  # drawn at random, its digits may look like a telephone number
    return names_citizen(text) or any(_form(one).search(text) for one in (_MAIL, _PHONE, _IBAN))


def ref_fault(ref: object) -> str | None:
    """Return what is wrong with a participant's reference: `privacy-violation`, `bad-value`, or nothing."""
    if not isinstance(ref, str):
        return "bad-value"
    if _form(_UUID).fullmatch(ref) and any(one.isalpha() for one in ref):
        return None  # drawn at random, some of its digits look like a telephone number (measured: 25 in 10,000)
    named = " " in ref.strip() and any(one.isalpha() for one in ref)
    if named or looks_like_identity(ref) or _form(_BIRTH).search(ref) or _holds_bsn_alone(ref):
        return "privacy-violation"
    if not _REF.fullmatch(ref) or not any(one.isalpha() for one in ref):
        return "bad-value"
    return None
