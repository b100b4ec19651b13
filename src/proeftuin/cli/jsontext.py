"""JSON as text, for a script or a terminal: what is written is the same to the one, and harmless to the other."""

import json
import re

_CONTROL = re.compile("[\x7f-\x9f]")


def json_text(value: object, indent: int | None = None) -> str:
    """Return JSON, with moments, days and fractions as text.

    Note:
        JSON escapes the control characters below the space, and leaves DEL and those of the second row as they are; to
        a terminal U+009B is the beginning of a command. They can stand in texts alone, so they are escaped there.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return _CONTROL.sub(lambda one: f"\\u{ord(one[0]):04x}", text)
