"""The options that several commands share, and what follows from them: a screen, an engine, an actor, a pilot."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from attrs import asdict, frozen
from cyclopts import Parameter

from proeftuin.calendars import Closure, Liberation, Netherlands
from proeftuin.cli.exits import NoStore, Usage
from proeftuin.cli.screen import Screen
from proeftuin.core.calendar import Calendar
from proeftuin.core.commands import Actor
from proeftuin.core.days import day_of
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.value_tables import ValueTable
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine
from proeftuin.errors import CorruptStore, ProeftuinError, UnknownPilot
from proeftuin.seen import View
from proeftuin.views import plain

Eyes = Engine | View
DEFAULT_STORE = "sqlite:///proeftuin.db"
DEFAULT_TENANT = "default"
SHORTEST = 8
MOST_MONTHS = 999_999
"""As many as a setting that is counted whole may have digits."""
_ACCOUNT = re.compile("^[^:/]*(:[^@]*)?@")


@frozen
class Look:
    """How the answer is shown.

    Args:
        lang: the language of the answer: en or nl.
        json: answer in JSON, for scripts; errors too, on stderr.
    """

    lang: Annotated[Literal["en", "nl"], Parameter(env_var="PROEFTUIN_LANG")] = "en"
    json: Annotated[bool, Parameter(negative=())] = False

    @property
    def screen(self) -> Screen:
        """Where the answer goes."""
        return Screen(lang=self.lang, json=self.json)


@frozen
class At(Look):
    """Where pilots are kept, and how the answer is shown.

    Args:
        store: the URL of the store.
        tenant: whose pilots, in a store that several organisations share.
        closed: a day on which the organisation is closed, or FIRST..LAST of a row of them; repeat it for several.
        liberation_day: when 5 May is free: every fifth year (lustrum), yearly or never.
        retention_months: for how many months after closing participants are known, where it is not 24.
    """

    store: Annotated[str, Parameter(env_var="PROEFTUIN_STORE")] = DEFAULT_STORE
    tenant: Annotated[str, Parameter(env_var="PROEFTUIN_TENANT")] = DEFAULT_TENANT
    closed: Annotated[tuple[str, ...], Parameter(negative=(), env_var="PROEFTUIN_CLOSED")] = ()
    liberation_day: Annotated[Liberation | None, Parameter(env_var="PROEFTUIN_LIBERATION_DAY")] = None
    retention_months: Annotated[int | None, Parameter(env_var="PROEFTUIN_RETENTION_MONTHS")] = None

    @property
    def shown(self) -> str:
        """The URL without what is secret."""
        return shown_url(self.store)

    @contextmanager
    def engine(
        self, *, create: bool = False, workflow: Path | None = None, tables: Iterable[ValueTable] = ()
    ) -> Iterator[Engine]:
        """Open the store for one command.

        Args:
            create: make a file that is not there yet; otherwise a mistyped name would leave an empty store behind.
            workflow: a workflow file to use beside the ones that the store holds.
            tables: by which efforts of social return are valued.

        Raises:
            NoStore: there is no such file.
        """
        if not create:
            self.require_file()
        known = None if workflow is None else [workflow]
        own: dict[str, Any] = {"calendar": self._calendar(), "settings": self._settings(tables)}
        with Engine.open(self.store, workflows=known, tenant=self.tenant, **own) as engine:
            yield engine

    def _settings(self, tables: Iterable[ValueTable]) -> Settings:
        """Return the numbers of the organisation."""
        if self.retention_months is None:
            return Settings(tables=tables)
        if not 1 <= self.retention_months <= MOST_MONTHS:
            raise Usage("bad-months", given=self.retention_months)
        months = Dated(str(self.retention_months), date.min, "--retention-months")
        return Settings({"retention_months": [months]}, tables=tables)

    def _calendar(self) -> Calendar | None:
        """Return the working days of the organisation; None for those that each workflow names."""
        if not self.closed and self.liberation_day is None:
            return None
        closures = [_closure(one) for one in self.closed]
        return Netherlands(liberation_day=self.liberation_day or "lustrum", closures=closures)

    def require_file(self) -> None:
        """Refuse a file that is not there.

        Raises:
            NoStore: there is no such file.
        """
        file = sqlite_file(self.store)
        if file is not None and not file.exists():
            raise NoStore(self.store)


@frozen
class Who:
    """Who acts, as your organisation knows them. The command believes what it is told.

    Args:
        as_: the id of who acts.
        role: a role of this person; repeat it for several.
        party: the supplier that this person belongs to; left out for the client's side.
    """

    as_: Annotated[str | None, Parameter(name="--as", env_var="PROEFTUIN_AS")] = None
    role: Annotated[tuple[str, ...], Parameter(negative=(), env_var="PROEFTUIN_ROLE")] = ()
    party: Annotated[str | None, Parameter(env_var="PROEFTUIN_PARTY")] = None

    def actor(self) -> Actor:
        """Return who acts.

        Raises:
            Usage: it was not said.
        """
        if self.as_ is None or not self.role:
            raise Usage("who")
        return Actor(self.as_, roles=self.role, party=self.party)

    def asker(self) -> Actor | None:
        """Return for whom a question is answered; None where no role was given, and so for anybody."""
        if not self.role:
            return None
        return Actor(self.as_ or "somebody", roles=self.role, party=self.party)

    def eyes(self, engine: Engine) -> Eyes:
        """Return what answers for this person, where a role was given: that shows nothing that they may not see."""
        asker = self.asker()
        return engine if asker is None else engine.seen_by(asker)


@frozen
class Given:
    """What goes with a command beside its fields.

    Args:
        data: the fields as JSON; @FILE or - reads it from a file or from stdin.
        key: an idempotency key: the same command under it acts once.
        on: the business date of what is told late, YYYY-MM-DD.
    """

    data: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None
    key: str | None = None
    on: str | None = None


@frozen
class Filters:
    """Which pilots; every one that is given must hold.

    Args:
        workflow: a name, or name@version.
        state: the pilot's own state.
        phase: one of the shared phases: exploration, commitment, supplier_talks, ...
        track_state: a state in which one of its tracks is.
        organisation: as given at the start.
        programme: as given at the start.
        ref: your own reference.
        signal: a signal that is up, such as stalled.
        overdue: only pilots on which a term is due, today or since earlier.
    """

    workflow: str | None = None
    state: str | None = None
    phase: str | None = None
    track_state: str | None = None
    organisation: str | None = None
    programme: str | None = None
    ref: str | None = None
    signal: str | None = None
    overdue: Annotated[bool, Parameter(negative=())] = False

    def asked(self) -> dict[str, Any]:
        """Return them as `Engine.find` takes them."""
        return {**asdict(self), "overdue": self.overdue or None}


def _closure(given: str) -> Closure:
    first, dots, last = given.partition("..")
    begin, end = day_of(first), day_of(last if dots else first)
    if begin is None or end is None or end < begin:
        raise Usage("bad-closure", given=given)
    return begin, end


Gives = Annotated[Given, Parameter(name="*")]
Chosen = Annotated[Filters, Parameter(name="*")]
Looks = Annotated[Look, Parameter(name="*")]
Out = Annotated[str, Parameter(allow_leading_hyphen=True)]
Store = Annotated[At, Parameter(name="*")]
Acts = Annotated[Who, Parameter(name="*")]


def sqlite_file(url: str) -> Path | None:
    """Return the file of a `sqlite:///` URL; None for any other, or for one that cannot be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return Path(parts.path[1:]) if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1 else None


def shown_url(url: str) -> str:
    """Return a URL without what is secret: of a server neither user nor password, nor options of its driver."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme == "sqlite":
        return url
    place, _, options = _ACCOUNT.sub("", rest).partition("?")
    ours = "&".join(one for one in options.split("&") if one.startswith(("prefix=", "schema=")))
    return f"{scheme}://{place}?{ours}" if ours else f"{scheme}://{place}"


def find_pilot(engine: Eyes, named: str) -> str:
    """Return the id of the pilot that somebody means: by its id, by the host's ref, or by the beginning of its id.

    One that cannot be read is there all the same; what is asked of it tells so.

    Raises:
        UnknownPilot: nothing fits.
        Usage: more than one pilot fits.
    """
    try:
        return engine.get(named).id
    except UnknownPilot:
        pass
    except CorruptStore:
        return named
    except ProeftuinError:
        if named.strip():
            raise
    if found := engine.find(ref=named, limit=1).items:
        return found[0].id
    fitting = [one.id for one in engine.each() if named and one.id.startswith(named)]
    if len(fitting) > 1:
        raise Usage("ambiguous", pilot=named, pilots=", ".join(plain(one) for one in fitting[:5]), count=len(fitting))
    if not fitting:
        raise UnknownPilot(named)
    return fitting[0]


def short_ids(ids: list[str]) -> dict[str, str]:
    """Return per id its shortest beginning, of at least eight characters, that no other of these has."""
    ordered = sorted(ids)
    found: dict[str, str] = {}
    for place, one in enumerate(ordered):
        near = ordered[max(0, place - 1) : place] + ordered[place + 1 : place + 2]
        length = max((_shared(one, other) + 1 for other in near), default=0)
        found[one] = one[: max(SHORTEST, length)]
    return found


def _shared(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def flow_of(engine: Engine, workflow: str) -> Workflow | None:
    """Return a workflow, None where the store's cannot be read."""
    try:
        return engine.workflow(workflow)
    except CorruptStore:
        return None


def workflow_of(engine: Engine, pilot_id: str) -> Workflow:
    """Return the workflow that a pilot follows."""
    return engine.workflow(engine.get(pilot_id).workflow)
