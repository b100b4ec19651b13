"""Pilots: to find them, to look at them, and to act on them."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

from attrs import asdict, field, frozen

from proeftuin import errors
from proeftuin.bulk import Fire
from proeftuin.chains import Link
from proeftuin.core.commands import Command
from proeftuin.core.pilot import Pilot
from proeftuin.result import Result
from proeftuin.spi import Page, Tally
from proeftuin.web.api import answers, problems
from proeftuin.web.api.answers import Events, Outcome, Possibilities, Possibility
from proeftuin.web.api.operations import LINES, At, Reply, get, post

PAGE = {"minimum": 1, "maximum": 1000}
NAME = {"minLength": 1, "maxLength": 255}


@frozen(kw_only=True)
class Filters:
    """Which pilots; every filter that is given must hold.

    Attributes:
        workflow: a name, or `name@version`.
        state: the pilot's own state, and `phase` the phase it lies in.
        track_state: a state in which one of its tracks is.
        ref: the host's own reference.
        signal: a signal that is up, such as `stalled`.
        overdue: true for pilots on which a term is due, today or since earlier.
        updated_after: only pilots with a later commit.
    """

    workflow: str | None = None
    state: str | None = None
    phase: str | None = None
    track_state: str | None = None
    organisation: str | None = None
    programme: str | None = None
    ref: str | None = None
    signal: str | None = None
    overdue: bool | None = field(default=None, metadata={"schema": {"const": True}})
    updated_after: datetime | None = None

    def filters(self) -> dict[str, Any]:
        """Return the filters as the engine takes them."""
        return {name: getattr(self, name) for name in FILTERS}


FILTERS = tuple(Filters.__annotations__)


@frozen(kw_only=True)
class Search(Filters):
    """Which pilots, and which page of them.

    Attributes:
        limit: how many.
        after: the `next` of the page before.
    """

    limit: int = field(default=100, metadata={"schema": PAGE})
    after: str | None = None


@frozen
class Moment:
    """As of when; one of the two, or now."""

    version: int | None = field(default=None, metadata={"schema": {"minimum": 1}})
    at: datetime | None = None


@frozen
class Since:
    """Which page of a history.

    Attributes:
        after: the `next` of the page before; 0 for the beginning.
        limit: how many.
    """

    after: int = field(default=0, metadata={"schema": {"minimum": 0}})
    limit: int = field(default=100, metadata={"schema": PAGE})


@frozen
class Choosing:
    """Which options.

    Attributes:
        track: only what can be done on this track.
        all: also what is forbidden, what can never be done again, and what is more than one move away.
    """

    track: str | None = None
    all: bool = False


@frozen
class Exporting:
    """Which pilots: these ids; all that are seen, where there are none."""

    pilot: tuple[str, ...] = ()


@frozen
class Beginning:
    """A pilot to begin.

    Attributes:
        workflow: a name, for its highest version, or `name@version`.
        data: the fields of the workflow's `start`; dates and decimals as text.
        id: the pilot's id; made where it is left out.
        ref: your own reference, unique among your pilots.
        on: the business date of what is told late.
    """

    workflow: str
    data: dict[str, Any]
    id: str | None = field(default=None, metadata={"schema": NAME})
    ref: str | None = field(default=None, metadata={"schema": NAME})
    on: date | None = None


@frozen
class Asking:
    """A command to judge.

    Attributes:
        trigger: the word of the workflow.
        data: its fields; dates and decimals as text.
        track: the key of the track that it concerns.
    """

    trigger: str
    data: dict[str, Any] | None = None
    track: str | None = None


@frozen
class Doing:
    """One thing to do.

    Attributes:
        trigger: the word of the workflow.
        data: its fields; dates and decimals as text. Null on a trigger that others have signed signs exactly what is
            pending.
        track: the key of the track that it concerns.
        on: the business date of what is told late, not after today and not before the last move.
    """

    trigger: str = field(metadata={"schema": {"maxLength": 255}})
    data: dict[str, Any] | None = None
    track: str | None = None
    on: date | None = None


@frozen
class Batch:
    """Several things to do to one pilot, all or none; each is decided on the result of the one before."""

    commands: list[Doing] = field(metadata={"schema": {"minItems": 1}})


@frozen
class DoingTo:
    """One thing to do to one of many pilots.

    Attributes:
        key: an idempotency key, of this command alone.
        expect: the version that you saw; another one is a conflict.
    """

    pilot: str
    trigger: str
    data: dict[str, Any] | None = None
    track: str | None = None
    key: str | None = None
    expect: int | None = None
    on: date | None = None

    def fire(self, at: At) -> Fire:
        """Return it as the engine takes it."""
        given = asdict(self, recurse=False)
        return Fire(given.pop("pilot"), given.pop("trigger"), at.desk.actor, **given)


@frozen
class Many:
    """Many things to do to many pilots, each by itself."""

    commands: list[DoingTo]


@frozen
class Answered:
    """What came of one command of many: an outcome or a problem, with the status that it would have had alone."""

    status: int
    outcome: Outcome | None
    problem: Mapping[str, Any] | None = field(default=None, metadata={"ref": problems.Problem})


@frozen
class Answers:
    """What came of each command, in order."""

    items: tuple[Answered, ...]


@frozen
class Tallies:
    """How many pilots lie where."""

    items: tuple[Tally, ...]


@frozen
class Chain:
    """Pilots that began with each other, the first one first, each followed by what came of it."""

    items: tuple[Link, ...]


def find_pilots(at: At, ask: Search) -> Reply:
    """List pilots that you may see, in order of id, a page at a time; `Link` leads to the next one."""
    page = at.desk.view.find(limit=ask.limit, after=ask.after, **ask.filters())
    if page.next is None:
        return Reply(page)
    given = {**asdict(ask), "after": page.next}
    told = urlencode({name: _parameter(one) for name, one in given.items() if one is not None})
    return Reply(page, headers={"Link": f'<pilots?{told}>; rel="next"'})


def _parameter(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else value


def start_pilot(at: At, given: Beginning) -> Reply:
    """Begin a pilot. With an `Idempotency-Key` its id follows from that, and the same request begins it once."""
    asked = asdict(given, recurse=False)
    came = at.desk.start(asked.pop("workflow"), key=at.key, **asked)
    address = {"Location": f"pilots/{quote(came.pilot.id, safe='')}"}
    return Reply(answers.outcome(came, at.lang), came.pilot.version, address)


def get_pilot(at: At, ask: Moment) -> Reply:
    """Look at a pilot as it is, as it stood at a version, or at a moment. What is now has an `ETag`: its version."""
    pilot = at.desk.view.get(at.pilot, version=ask.version, at=ask.at)
    return Reply(pilot, pilot.version if ask == Moment() else None)


def get_history(at: At, ask: Since) -> Events:
    """List what happened to a pilot, in order of version, a page at a time."""
    if not PAGE["minimum"] <= ask.limit <= PAGE["maximum"]:
        raise errors.BadArgument("limit", "must be from 1 to 1000")
    found = tuple(islice(at.desk.view.history(at.pilot, after=ask.after), ask.limit + 1))
    items = found[: ask.limit]
    return Events(items, items[-1].version if len(found) > ask.limit else None)


def get_chain(at: At, _: object) -> Chain:
    """List the pilots that began with each other, of which this is one."""
    return Chain(at.desk.view.chain(at.pilot))


def get_options(at: At, ask: Choosing) -> Possibilities:
    """List what you may do now: moves, then what is not yet possible and why, then what is only recorded."""
    found = at.desk.view.options(at.pilot, track=ask.track, all=ask.all)
    return Possibilities(tuple(answers.possibility(one, at.lang) for one in found))


def explain_command(at: At, given: Asking) -> Possibility:
    """Say what a command would come to, without doing it: a dry run, with every reason."""
    found = at.desk.view.explain(at.pilot, given.trigger, data=given.data, track=given.track)
    return answers.possibility(found, at.lang)


def fire_command(at: At, given: Doing) -> Outcome:
    """Do one thing to a pilot; a refusal names every reason, and what would lift it."""
    asked = asdict(given, recurse=False)
    return _outcome(at, at.desk.fire(at.pilot, asked.pop("trigger"), key=at.key, expect=at.expect(), **asked))


def fire_batch(at: At, given: Batch) -> Outcome:
    """Do several things to a pilot, all or none, in one commit."""
    commands = [Command(one.trigger, one.data, one.track, one.on) for one in given.commands]
    return _outcome(at, at.desk.batch(at.pilot, commands, key=at.key, expect=at.expect()))


def _outcome(at: At, came: Result) -> Outcome:
    return answers.outcome(came, at.lang)


def fire_many(at: At, given: Many) -> Answers:
    """Do many things to many pilots, in order; what is refused stops nothing else. The status is of all together."""
    came = at.desk.fire_many([one.fire(at) for one in given.commands])
    return Answers(tuple(_answered(at, one, asked) for one, asked in zip(came, given.commands, strict=True)))


def _answered(at: At, came: object, asked: DoingTo) -> Answered:
    if isinstance(came, errors.ProeftuinError):
        told = problems.of_error(came, at.lang, expected=asked.expect is not None)
        problems.logged(came, told)
        return Answered(told.status, None, told.body)
    return Answered(200, answers.outcome(came, at.lang))  # type: ignore[arg-type]  # an answer is a result or an error


def count_pilots(at: At, ask: Filters) -> Tallies:
    """Count the pilots that you may see, by phase and state."""
    return Tallies(at.desk.view.count(**ask.filters()))


def export_pilots(at: At, ask: Exporting) -> Reply:
    """Give pilots as you may see them, each as one line of JSON, for another tool to read."""
    for one in ask.pilot:
        at.desk.view.get(one)  # that there is none can no longer be told once lines are on their way
    return Reply(lines=at.desk.view.export(ask.pilot or None))


BEGINS = (errors.Refused, errors.UnknownWorkflow, errors.PilotExists, errors.KeyReused)
WRITES = (errors.Refused, errors.Conflict, errors.KeyReused, errors.OutcomeUnknown)
SURE: dict[str, Any] = {"raises": WRITES, "keyed": True, "conditional": True}
NEW: dict[str, Any] = {"raises": BEGINS, "keyed": True, "tagged": True, "status": 201}
ONE = "/pilots/{pilot}"

OPERATIONS = (
    get("/pilots", find_pilots, ("find", "each"), Page, query=Search),
    post("/pilots", start_pilot, ("start",), Outcome, body=Beginning, **NEW),
    get(ONE, get_pilot, ("get",), Pilot, query=Moment, tagged=True),
    get(f"{ONE}/history", get_history, ("history",), Events, query=Since),
    get(f"{ONE}/chain", get_chain, ("chain",), Chain),
    get(f"{ONE}/options", get_options, ("options",), Possibilities, query=Choosing),
    post(f"{ONE}/explain", explain_command, ("explain",), Possibility, body=Asking),
    post(f"{ONE}/commands", fire_command, ("fire",), Outcome, body=Doing, **SURE),
    post(f"{ONE}/batch", fire_batch, ("batch",), Outcome, body=Batch, **SURE),
    post("/commands", fire_many, ("fire_many",), Answers, body=Many),
    get("/counts", count_pilots, ("count",), Tallies, query=Filters),
    get("/export", export_pilots, (), LINES, query=Exporting, raises=(errors.UnknownPilot,)),
)
