"""What pilots need to go on, and is not there or not of today: workflows, guards of the host, calendars, fold numbers.

1. *Missing* is what stops a pilot here: whoever asks for it gets an error. *Old* is what works as it is, and can be
   brought up to date.
2. Everything is told per pilot, as it is pilots that people answer for. What holds for a version is found out once.
3. Nothing is written, not even what a store would keep at first use, and no head is decoded.

What is not here: whether what is stored is what was recorded; that is `verify`, to which a store that cannot be read
points.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from attrs import field, frozen

from proeftuin.core.evolve import FOLD
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.table import Table
from proeftuin.errors import BadArgument
from proeftuin.gathering import pages
from proeftuin.spi import Bulk, Definitions, Head, Loaded, Query, Store, Summary, Wanted
from proeftuin.tables import Tables
from proeftuin.timekeeping import Timekeeper

TOGETHER = 200
"""How many pilots are read in one go."""
A_MONDAY = date(2026, 1, 5)

Level = Literal["missing", "old"]

# code -> level, and what is wrong and what to do, in English and Dutch.
TEXTS: dict[str, tuple[Level, str, str]] = {
    "workflow-missing": (
        "missing",
        "The workflow {workflow} is not kept in the store, and was not given: give its file in `workflows=`.",
        "De workflow {workflow} staat niet in de opslag en is niet gegeven: geef het bestand met `workflows=`.",
    ),
    "workflow-unreadable": (
        "missing",
        "What the store keeps as {workflow} cannot be read: restore a copy of the store, and run `proeftuin verify`.",
        "Wat de opslag als {workflow} bewaart, is niet leesbaar: zet een kopie terug, en draai `proeftuin verify`.",
    ),
    "workflow-not-kept": (
        "old",
        "The store does not keep {workflow} yet, only its file has it: do not remove that; the next command keeps it.",
        "De opslag bewaart {workflow} nog niet, alleen het bestand: laat dat staan; de volgende opdracht bewaart het.",
    ),
    "workflow-changed": (
        "old",
        "The file of {workflow} says something else than the store keeps: put it back; a change is a new version.",
        "Het bestand van {workflow} zegt iets anders dan de opslag: zet het terug; een wijziging is een nieuwe versie.",
    ),
    "workflow-old": (
        "old",
        "It follows {workflow}, and there is {latest}: let it end as it is, or move it to that version.",
        "Deze volgt {workflow}, en er is {latest}: laat deze zo aflopen, of breng deze over naar die versie.",
    ),
    "guard-missing": (
        "missing",
        "The workflow {workflow} needs {guards}, which this engine was not given: give them in `guards=`.",
        "De workflow {workflow} vraagt {guards}, en die zijn hier niet gegeven: geef ze met `guards=`.",
    ),
    "calendar-missing": (
        "missing",
        "Its working days cannot be counted here: {problem}.",
        "De werkdagen kunnen hier niet worden geteld: {problem}.",
    ),
    "calendar-old": (
        "old",
        "Its terms were counted on {counted}, and here on {own}: give the same, or `proeftuin tick` counts anew.",
        "De termijnen zijn geteld op {counted}, en hier op {own}: geef dezelfde, of `proeftuin tick` telt opnieuw.",
    ),
    "not-counted": (
        "old",
        "Its terms were not counted yet: `proeftuin tick` does that.",
        "De termijnen zijn nog niet geteld: `proeftuin tick` doet dat.",
    ),
    "fold-old": (
        "old",
        "Its head was made by rules {fold} and is read by rules {own}, from the history: its next command mends that.",
        "De stand is gemaakt met regels {fold}, gelezen met {own}, uit de geschiedenis: een opdracht herstelt dat.",
    ),
}

NOT_KEPT = {"given": "workflow-not-kept", "nowhere": "workflow-missing", "unreadable": "workflow-unreadable"}


@frozen
class Symptom:
    """One thing that a pilot needs, and is missing or old.

    Attributes:
        pilot_id: which pilot.
        workflow: the version that it follows, `existing-contract@1`.
        code: a stable word, `guard-missing`.
        params: what its text is filled with.
    """

    pilot_id: str
    workflow: str
    code: str
    params: FrozenDict = field(factory=FrozenDict)

    @property
    def level(self) -> Level:
        """`missing`, where the pilot cannot go on here, or `old`, where it can."""
        return TEXTS[self.code][0]

    def text(self, lang: str = "en") -> str:
        """Return what is wrong and what to do, in English or Dutch."""
        text = TEXTS[self.code][2 if lang == "nl" else 1].replace("{workflow}", self.workflow)
        for name, value in self.params.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text


Found = tuple[str, FrozenDict]


@frozen
class _Version:
    """What holds for every pilot of a version.

    Attributes:
        table: its compiled form, None where it cannot be had.
        found: codes, each with what its text is filled with.
        latest: a later version that pilots can begin by, None where there is none.
    """

    table: Table | None
    found: tuple[Found, ...]
    latest: str | None


class Doctor:
    """Examines the pilots of one tenant; see `Engine.doctor`."""

    def __init__(self, store: Store, tenant: str, tables: Tables, times: Timekeeper) -> None:
        self._store = store
        self._tenant = tenant
        self._tables = tables
        self._times = times
        self._versions: dict[str, _Version] = {}

    def symptoms(self) -> Iterator[Symptom]:
        """Give what is missing or old, pilot by pilot in order of id."""
        for page in pages(lambda after: self._store.find(Query(self._tenant, limit=TOGETHER, after=after))):
            for loaded in self._loaded(page.items):
                if loaded is not None and loaded.head is not None:  # no store forgets a pilot
                    yield from self._of(loaded.head)

    def _loaded(self, summaries: tuple[Summary, ...]) -> tuple[Loaded | None, ...]:
        wanted = [Wanted(one.id) for one in summaries]
        if isinstance(self._store, Bulk):
            return self._store.load_many(self._tenant, wanted)
        return tuple(self._store.load(self._tenant, one.pilot_id) for one in wanted)

    def _of(self, head: Head) -> Iterator[Symptom]:
        summary = head.summary
        version = self._version(summary.workflow)
        for code, params in (*version.found, *self._alone(head, version)):
            yield Symptom(summary.id, summary.workflow, code, params)

    def _alone(self, head: Head, version: _Version) -> Iterator[Found]:
        """Give what does not hold for every pilot of its version."""
        table = version.table
        if version.latest is not None and not (table and table.workflow.states[head.summary.state].final):
            yield "workflow-old", FrozenDict(latest=version.latest)
        if head.fold != FOLD:
            yield "fold-old", FrozenDict(fold=head.fold, own=FOLD)
        if table is not None and not self._times.counted(table, head.timing):
            counted = head.timing.calendar
            own = self._times.mark(table)
            yield ("calendar-old", FrozenDict(counted=counted, own=own)) if counted else ("not-counted", FrozenDict())

    def _version(self, workflow: str) -> _Version:
        if workflow not in self._versions:
            self._versions[workflow] = self._examined(workflow)
        return self._versions[workflow]

    def _examined(self, workflow: str) -> _Version:
        look = self._tables.look(workflow)
        found: list[Found] = []
        if look.there != "kept" and (look.there != "given" or isinstance(self._store, Definitions)):
            found.append((NOT_KEPT[look.there], FrozenDict()))
        if look.changed:
            found.append(("workflow-changed", FrozenDict()))
        if look.guards:
            found.append(("guard-missing", FrozenDict(guards=", ".join(look.guards))))
        if look.table is not None and look.table.clockwork.working_days:
            try:
                self._times.calendar(look.table).works(A_MONDAY)
            except BadArgument as error:
                found.append(("calendar-missing", FrozenDict(problem=error.problem)))
        return _Version(look.table, tuple(found), look.latest)
