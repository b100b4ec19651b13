"""The tables and files of a store: `db upgrade`, `db current`, `db check`, `db scrub`."""

from typing import Literal

from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.options import At, Store
from proeftuin.errors import BadArgument
from proeftuin.spi import Erases
from proeftuin.storage import open_store, schema_versions, upgrade_schema


def db(what: Literal["upgrade", "current", "check", "scrub"], /, *, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Make or upgrade the tables of a store, tell or check their version, or scrub what was erased from its files.

    Args:
        what: upgrade, current, check or scrub; check exits with 1 where an upgrade is needed.
        at: which store.
    """
    at.require_file()
    if what == "scrub":
        return _scrub(at)
    asked = upgrade_schema if what == "upgrade" else schema_versions
    found, present = asked(at.store)
    missing = what == "check" and found != present
    screen = at.screen
    if screen.json:
        screen.data({"store": at.shown, "found": found, "present": present})
    else:
        which = {"upgrade": "db-upgraded", "current": "db-current", "check": "db-needs" if missing else "db-fine"}[what]
        screen.show(screen.tell(which, url=at.shown, found=found or screen.tell("db-none"), present=present))
    return REFUSED if missing else OK


def _scrub(at: At) -> int:
    store = open_store(at.store)
    try:
        if not isinstance(store, Erases):
            raise BadArgument("store", "it cannot erase; a store that offers the part `Erases` can")
        store.scrub()
    finally:
        store.close()
    screen = at.screen
    if screen.json:
        screen.data({"store": at.shown, "scrubbed": True})
    else:
        screen.show(screen.tell("scrubbed", url=at.shown))
    return OK
