"""What who runs the tool does for all pilots: let time do its work, and see whether all is well."""

from datetime import date

from attrs import field, frozen

from proeftuin import errors
from proeftuin.notices import Notice
from proeftuin.result import Work
from proeftuin.spi import Due
from proeftuin.storage.verify import Finding
from proeftuin.web.api.operations import LINES, At, Reply, get, own, post
from proeftuin.web.api.pilots import PAGE


@frozen
class OfDay:
    """On which day, in the zone of each workflow."""

    day: date


@frozen
class Most:
    """How many."""

    limit: int = field(default=1, metadata={"schema": PAGE})


@frozen
class Ticking:
    """What to look at: so many pilots at most, or these alone."""

    limit: int | None = field(default=None, metadata={"schema": {"minimum": 1}})
    pilots: list[str] | None = None


@frozen
class Verifying:
    """What to verify.

    Attributes:
        pilot: which; all, where it is left out.
        against: the lines of a checkpoint that another party kept.
    """

    pilot: str | None = None
    against: list[str] | None = None


@frozen
class Symptom:
    """One thing that a pilot needs, and is missing or old."""

    pilot_id: str
    workflow: str
    code: str
    level: str
    text: str


@frozen
class Names:
    """Names, in order."""

    items: tuple[str, ...]


@frozen
class Dues:
    """What waits longest comes first."""

    items: tuple[Due, ...]


@frozen
class Findings:
    """Everything that is wrong; nothing, where all is well."""

    items: tuple[Finding, ...]


@frozen
class Symptoms:
    """Pilot by pilot, each with what to do."""

    items: tuple[Symptom, ...]


@frozen
class Notices:
    """One for each person, then one for each role that nobody holds."""

    items: tuple[Notice, ...]


def tick(at: At, given: Ticking) -> Work:
    """Do what is due now: reminders, escalations, signals, and the triggers that clocks fire."""
    return at.desk.engine.tick(given.limit, pilots=given.pilots)


def list_due(at: At, ask: Most) -> Dues:
    """List the pilots that a tick would look at now, and since when."""
    return Dues(at.desk.engine.due(limit=ask.limit))


def verify(at: At, given: Verifying) -> Findings:
    """Check that what is stored is what was recorded; every place that is not whole is named."""
    return Findings(at.desk.engine.verify(given.pilot, against=given.against))


def examine(at: At, _: object) -> Symptoms:
    """Say what pilots need to go on and is missing or old here: workflows, guards, calendars."""
    found = at.desk.engine.doctor()
    return Symptoms(tuple(Symptom(one.pilot_id, one.workflow, one.code, one.level, one.text(at.lang)) for one in found))


def give_checkpoint(at: At, _: object) -> Reply:
    """Give the version and last digest of every pilot, line by line, for another party to keep."""
    return Reply(lines=at.desk.engine.checkpoint())


def list_tenants(at: At, _: object) -> Names:
    """List the tenants that have pilots in this store, yours and others."""
    return Names(at.desk.engine.tenants())


def list_notices(at: At, ask: OfDay) -> Notices:
    """List what was to be said on a day, over all pilots."""
    return Notices(at.desk.engine.notices(ask.day))


OPERATIONS = own(
    post("/tick", tick, ("tick",), Work, body=Ticking, raises=(errors.UnknownPilot,)),
    get("/due", list_due, ("due",), Dues, query=Most),
    post("/verify", verify, ("verify",), Findings, body=Verifying),
    get("/doctor", examine, ("doctor",), Symptoms),
    get("/checkpoint", give_checkpoint, ("checkpoint",), LINES),
    get("/tenants", list_tenants, ("tenants",), Names),
    get("/notices", list_notices, ("notices",), Notices, query=OfDay),
)
