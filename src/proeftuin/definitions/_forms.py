"""The forms of texts in a workflow file, and which attribute has which: read by the loader and by the schema.

Unless said otherwise here, a text is a *name*; so is the key of a mapping.
"""

import re
from collections.abc import Mapping

from attrs import frozen

SAFE = r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]"


@frozen
class Form:
    """A form that a text may have.

    Attributes:
        word: what people call it, with its article.
        pattern: what it must match as a whole; linear in the length of the text.
        longest: in characters.
        hint: how to write it, where the pattern does not match.
    """

    word: str
    pattern: str
    longest: int
    hint: str

    def fits(self, text: str) -> bool:
        """Whether a text has this form."""
        return len(text) <= self.longest and re.fullmatch(self.pattern, text) is not None


NAME = Form("a name", "[a-z][a-z0-9_]*", 64, "a-z, 0-9 and _, beginning with a letter")
CODE = Form("a code", "[a-z][a-z0-9-]*", 64, "a-z, 0-9 and -, beginning with a letter")
WORD = Form("a word", "[a-z][a-z0-9_-]*", 64, "a-z, 0-9, _ and -, beginning with a letter")
LANGUAGE = Form("a language", "[a-z]{2,3}", 3, "two letters, as `en` or `nl`")
LABEL = Form("a text", rf"(?=[\s\S]*\S){SAFE}+", 200, "not empty")
TEXT = Form("a text", f"{SAFE}*", 200, "without control characters")
KEEP = Form("what to keep", "all|open|latest|[1-9][0-9]{0,4} days", 16, "`all`, `open`, `latest` or `400 days`")
ZONE = Form("a time zone", "[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", 64, "as in `Europe/Amsterdam`")
BOUND = Form(
    "a bound",
    r"-?[0-9]{1,30}(\.[0-9]{1,18})?",
    64,
    'a number in quotes, as "0.5"',
)
SINCE = Form("a beginning", r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,2}", 194, "as in `supplier.invited` or `progress`")
OFFSET = Form(
    "a length of time",
    "(0|[1-9][0-9]{0,4}) (day|days|week|weeks|month|months|working day|working days)( before due| after due)?",
    40,
    "as in `28 days`, `3 working days` or `14 days before due`",
)

BASE = Form(
    "a base",
    r"[a-z][a-z0-9-]*(@[1-9][0-9]{0,5})?|[A-Za-z0-9_][A-Za-z0-9_.-]*\.(yaml|yml|json)",
    100,
    "a name, as `existing-contract@1`, or a file beside this one, as `ours.yaml`",
)

HASH = Form("a hash", "[0-9a-f]{64}|", 64, "64 characters 0-9 and a-f")
VALUE = Form("a value", f"{SAFE}+", 255, "not empty, a number in quotes")
ID = Form("an id", rf"{SAFE}+", 255, "not empty")

SCALAR_TYPES = (
    "text", "integer", "decimal", "date", "boolean", "url", "person", "party", "subject", "track", "record",
)  # fmt: skip

# Class and attribute -> the form of the text, or of a mapping's keys.
TEXTS: Mapping[tuple[str, str], Form] = {
    ("Workflow", "name"): CODE,
    ("Workflow", "timezone"): ZONE,
    ("RecordType", "keep"): KEEP,
    ("Field", "min"): BOUND,
    ("Field", "max"): BOUND,
    ("Clock", "since"): SINCE,
    ("Clock", "until"): SINCE,
    ("Edge", "refuse"): CODE,
    ("Heading", "extends"): BASE,
    ("Heading", "base"): CODE,
    ("Migration", "workflow"): CODE,
    ("Migration", "accept"): CODE,
    ("PilotMove", "accept"): CODE,
    ("Version", "hash"): HASH,
}
KEYS: Mapping[tuple[str, str], Form] = {
    ("Workflow", "words"): WORD,
    ("Workflow", "codes"): CODE,
    ("Migration", "pilots"): ID,
    ("PilotMove", "tracks"): ID,
    ("Steps", "replace"): VALUE,
}
LIST_MAXIMUM = 2_000
