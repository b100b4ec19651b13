"""Other versions and other stores, for who runs the tool.

An operator's seat is not enough where the engine itself asks for a role: who migrates needs both.
"""

from typing import Any

from attrs import frozen

from proeftuin import errors
from proeftuin.errors import BadArgument
from proeftuin.migrating import Migrated, MigrationPlan
from proeftuin.transfer import Imported
from proeftuin.web.api import answers
from proeftuin.web.api.operations import LINES, At, Reply, own, post


@frozen
class Planning:
    """A migration to judge.

    Attributes:
        workflow: the version that the pilots follow, `existing-contract@1`.
        to_version: the number of the other version.
        changes: the text of a plan, as this gives one; nothing is declared, where it is left out.
    """

    workflow: str
    to_version: int
    changes: str | None = None


@frozen(kw_only=True)
class Migrating(Planning):
    """A migration to carry out, or to undo.

    Attributes:
        reason: why; it stays in each history.
        pilots: ids; all that it is for, where it is left out.
    """

    reason: str
    pilots: list[str] | None = None


@frozen
class Moving:
    """Which whole pilots to give, for another store.

    Attributes:
        personal: also the refs of participants; each history then says so, and `reason` says why.
    """

    pilots: list[str] | None = None
    personal: bool = False
    reason: str | None = None


@frozen
class Bringing:
    """Whole pilots, as lines; larger stores are brought over by the command."""

    lines: list[str]
    dry_run: bool = False


def plan_migration(at: At, given: Planning) -> answers.Plan:
    """Judge how every running pilot would go on under another version of its workflow; nothing is written."""
    return answers.plan(_plan(at, given), at.lang)


def _plan(at: At, given: Planning) -> MigrationPlan:
    """Return a plan; its text is never taken for the name of a file."""
    changes = None if given.changes is None else given.changes + "\n"
    return at.desk.engine.plan_migration(given.workflow, given.to_version, changes)


def migrate(at: At, given: Migrating) -> Migrated:
    """Move running pilots to another version, one by one; only as workflow manager. It may be asked for again."""
    return at.desk.engine.migrate(_plan(at, given), **_why(at, given))


def undo_migration(at: At, given: Migrating) -> Migrated:
    """Move pilots back, where nothing has happened to them since; only as workflow manager."""
    return at.desk.engine.undo_migration(_plan(at, given), **_why(at, given))


def _why(at: At, given: Migrating) -> dict[str, Any]:
    return {"actor": at.desk.actor, "reason": given.reason, "pilots": given.pilots}


def give_pilots(at: At, given: Moving) -> Reply:
    """Give whole pilots as lines, for another store; with personal data only as privacy officer."""
    if not given.personal:
        for one in given.pilots or ():
            at.desk.engine.get(one)  # that there is none can no longer be told once lines are on their way
        return Reply(lines=at.desk.engine.export_pilots(given.pilots))
    if given.reason is None:
        raise BadArgument("reason", "must be given where refs are exported")
    actor = at.desk.actor
    return Reply(lines=at.desk.engine.export_pilots(given.pilots, personal=True, actor=actor, reason=given.reason))


def bring_pilots(at: At, given: Bringing) -> Imported:
    """Write pilots that another store gave, each whole or not at all; or only judge them."""
    return at.desk.engine.import_pilots(given.lines, dry_run=given.dry_run)


NO = (errors.Refused, errors.UnknownPilot)
PLANS = (*NO, errors.UnknownWorkflow, errors.DefinitionError)
TAKEN = (errors.PilotExists,)

OPERATIONS = own(
    post("/migrations/plan", plan_migration, ("plan_migration",), answers.Plan, body=Planning, raises=PLANS),
    post("/migrations", migrate, ("migrate",), Migrated, body=Migrating, raises=PLANS),
    post("/migrations/undo", undo_migration, ("undo_migration",), Migrated, body=Migrating, raises=PLANS),
    post("/transfer/export", give_pilots, ("export_pilots",), LINES, body=Moving, raises=NO),
    post("/transfer/import", bring_pilots, ("import_pilots",), Imported, body=Bringing, raises=TAKEN),
)
