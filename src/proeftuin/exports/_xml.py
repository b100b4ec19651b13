"""Elements of XML as text: whatever a value holds, it stays inside its attribute, and is read back as it was."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACED = "\ufffd"


def attributes(values: Mapping[str, str]) -> str:
    """Return attributes, each with a blank before it.

    Note:
        What XML 1.0 has no place for, such as most control characters, becomes the character for what is lost.
    """
    return "".join(f" {name}={quoteattr(_NOT_XML.sub(_REPLACED, one))}" for name, one in values.items())
