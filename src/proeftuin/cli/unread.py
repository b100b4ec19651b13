"""What an answer about many pilots says of those that it is without."""

import sys
from collections.abc import Iterable, Mapping

from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.screen import Screen
from proeftuin.views import plain


def tell_without(screen: Screen, word: str, reasons: Mapping[str, str], count: int) -> int:
    """Tell on the error output which pilots an answer is without, and return the exit code.

    Args:
        screen: in whose language.
        word: what is said of all of them.
        reasons: why, by the ids of those that may be named.
        count: how many there are.
    """
    if not count:
        return OK
    for name, reason in reasons.items():
        sys.stderr.write(f"{plain(name)}: {plain(reason)}\n")
    Screen(lang=screen.lang, error=True).show(screen.tell(word, count=count))
    return REFUSED


def tell_unread(screen: Screen, ids: Iterable[str], count: int) -> int:
    """Tell the same of pilots that could not be read."""
    return tell_without(screen, "f-unread", dict.fromkeys(ids, screen.tell("unreadable")), count)
