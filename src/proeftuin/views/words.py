"""What a workflow calls things, in a language, made safe to show.

Text in a pilot is written by many hands. On its way to a screen or a file it loses what is not meant to be read:
control characters, which could colour or clear a terminal, and those that turn the direction of writing.
"""

import re
from collections.abc import Mapping

from proeftuin.core.wording import label
from proeftuin.core.workflow import Workflow

_ELLIPSIS = "\u2026"
_PLACE = re.compile(r"\{([a-z]+)\}")


def plain(text: object, limit: int | None = None) -> str:
    """Return text on one line, without what cannot be seen, cut off at `limit` characters."""
    shown = str(text)
    if not shown.isprintable() or "  " in shown or shown != shown.strip():
        shown = "".join(one for one in " ".join(shown.split()) if one.isprintable())
    if limit is not None and len(shown) > limit:
        return shown[: limit - 1].rstrip() + _ELLIPSIS
    return shown


def word(workflow: Workflow, name: object, lang: str) -> str:
    """Return what people call a word of a workflow; the word itself, without its underscores, where it has no label."""
    if name is None:
        return ""
    found = label(workflow, str(name))
    return plain(said(found, lang) if found else str(name).replace("_", " "))


def said(texts: Mapping[str, str], lang: str) -> str:
    """Return the text in a language, or else in English, or else the first there is."""
    return str(texts.get(lang) or texts.get("en") or next(iter(texts.values()), ""))


def counted(words: Mapping[str, object], which: str, count: object) -> str:
    """Return the key of what is said of so many things: of one it is `which/1`, where there are such words."""
    single = f"{which}/1"
    return single if str(count) == "1" and single in words else which


def filled(template: str, given: Mapping[str, object]) -> str:
    """Return a text of ours with what is given in its places, and nothing in a place for which nothing is."""
    return _PLACE.sub(lambda found: str(given.get(found[1], "")), template)


def clock_word(workflow: Workflow, key: str, lang: str) -> str:
    """Return what a workflow calls the clock of a term, by the key of that."""
    name = key.partition(":")[0]
    clock = workflow.clocks.get(name)
    return plain(said(clock.label, lang)) if clock is not None and clock.label else word(workflow, name, lang)


def value(workflow: Workflow, given: object, lang: str) -> str:
    """Return a value of a field in words: choices by their labels, a list by its members, rows by their number."""
    if isinstance(given, bool):
        return word(workflow, "yes" if given else "no", lang)
    if isinstance(given, Mapping):
        return ", ".join(f"{word(workflow, name, lang)} {plain(one, 60)}" for name, one in given.items())
    if isinstance(given, tuple | list):
        if any(isinstance(one, Mapping) for one in given):
            return str(len(given))
        return ", ".join(value(workflow, one, lang) for one in given)
    return word(workflow, given, lang) if isinstance(given, str) and label(workflow, given) else plain(given, 60)
