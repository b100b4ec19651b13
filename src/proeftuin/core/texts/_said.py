"""One text in both languages."""

from proeftuin.core.frozen import FrozenDict


def said(en: str, nl: str) -> FrozenDict:
    """Return a text per language."""
    return FrozenDict(en=en, nl=nl)
