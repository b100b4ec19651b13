"""What an answer about many pilots says of those that could not be read."""

import sys
from collections.abc import Iterable

from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.screen import Screen
from proeftuin.views import plain


def tell_unread(screen: Screen, ids: Iterable[str], missing: int) -> int:
    """Tell on the error output which pilots an answer is without, and return the exit code.

    Args:
        screen: in whose language.
        ids: those that may be named.
        missing: how many there are.
    """
    if not missing:
        return OK
    for one in ids:
        sys.stderr.write(f"{plain(one)}: {screen.tell('unreadable')}\n")
    Screen(lang=screen.lang, error=True).show(screen.tell("f-unread", count=missing))
    return REFUSED
