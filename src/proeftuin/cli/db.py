"""The tables of a store: `db upgrade`, `db current`, `db check`."""

from typing import Literal

from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.options import At, Store
from proeftuin.storage import schema_versions, upgrade_schema


def db(what: Literal["upgrade", "current", "check"], /, *, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Make or upgrade the tables of a store, tell their version, or check that it is the present one.

    Args:
        what: upgrade, current or check; the last exits with 1 where an upgrade is needed.
        at: which store.
    """
    at.require_file()
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
