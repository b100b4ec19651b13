"""Participants: a tool knows them by its own refs, a pilot by opaque subjects; and what was done with their data."""

from datetime import date

from attrs import frozen

from proeftuin import errors
from proeftuin.erasing import Erased
from proeftuin.noting import OFFICER, Noted
from proeftuin.web.api.operations import At, get, own, post


@frozen
class Which:
    """Which pilots: these ids; all, where there are none."""

    pilot: tuple[str, ...] = ()


@frozen
class Logged(Which):
    """Which pilots, and since when: recorded on this day or later, in the zone of each workflow."""

    since: date | None = None


@frozen
class Forgetting:
    """Whom to forget, by your own ref, and why; the reason stays and may not hold the ref."""

    ref: str
    reason: str


@frozen
class LookingUp:
    """Whom to look up, by the opaque subject, and why; the reason stays."""

    subject: str
    reason: str


@frozen
class Referring:
    """A participant, by your own ref."""

    ref: str


@frozen
class Log:
    """What was done with personal data."""

    items: tuple[Noted, ...]


@frozen
class Subject:
    """The opaque name that a participant has in a pilot; null where it has none."""

    subject: str | None


@frozen
class Ref:
    """Your own ref of a participant; null where there is none, or it was erased."""

    ref: str | None


def erase(at: At, given: Forgetting) -> Erased:
    """Forget a participant in every pilot; only as privacy officer. What each history counts stays."""
    return at.desk.engine.erase(given.ref, actor=at.desk.actor, reason=given.reason)


def look_up(at: At, given: LookingUp) -> Ref:
    """Give your own ref behind a subject, for a person who wants to know; the history says who asked, and why."""
    if OFFICER not in at.desk.actor.roles:  # who may know whom a pilot is about, and sees nothing else of it
        at.desk.view.get(at.pilot)
    return Ref(at.desk.engine.look_up(at.pilot, given.subject, actor=at.desk.actor, reason=given.reason))


def get_subject(at: At, given: Referring) -> Subject:
    """Give the subject that a participant has in a pilot, by your own ref."""
    return Subject(at.desk.engine.subject(at.pilot, given.ref))


def read_privacy_log(at: At, ask: Logged) -> Log:
    """List what was done with personal data: whom it concerned, by whom, when and why; only as privacy officer."""
    return Log(tuple(at.desk.engine.privacy_log(actor=at.desk.actor, pilots=ask.pilot or None, since=ask.since)))


NO = (errors.Refused, errors.UnknownPilot)
ONE = "/pilots/{pilot}"

OPERATIONS = (
    post(f"{ONE}/lookups", look_up, ("look_up",), Ref, body=LookingUp, raises=NO),
    get("/privacy-log", read_privacy_log, ("privacy_log",), Log, query=Logged, raises=NO),
    *own(
        post(f"{ONE}/subject", get_subject, ("subject",), Subject, body=Referring),
        post("/erasures", erase, ("erase",), Erased, body=Forgetting, raises=NO),
    ),
)
