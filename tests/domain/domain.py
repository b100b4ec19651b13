"""What the domain says of one bundled workflow, as one value, so that the same tests hold for every workflow.

The tests in this folder are written once, over `DOMAINS` in `domains.py`: rows hold, whatever is removed is noticed,
every refusal comes about and is lifted by what it says, every term falls on its day, everything is reached, all words
read well. What they hold a workflow against is written down by hand from the description of the domain, and never taken
from the file.

To add a workflow, make a folder beside `existing/`, and write in it

1. `facts.py`: the states, how they follow on each other (`Kind`, `ahead`), and the named facts and marks of its own;
   what several workflows have is in `facts.py` here;
2. `rows_*.py`: its rules (`Row`, see `rows.py`), beside those that it shares, which come from `common/` and `people/`
   as functions of how its tracks are called; and `fields.py`: which data its triggers take;
3. `life.py`: a `Life` that can take a pilot to each of its states by real commands;
4. `refusals.py`: per edge and code, how the refusal comes about on such a pilot (`common/refusals.py` and
   `people/refusals.py` have those of the edges that are shared), and what cannot;
5. `terms.py`: each clock on exactly its days; `stories.py`: what no scenario tells, so that all is reached;
6. `domain.py`: all of this as one `Domain`; put it into `DOMAINS`. Tests of its own go beside it.

Then run `pytest tests/domain -k NAME`. What fails says what is missing. A state of a track is written `agreed`, or
`contract.agreed` where the kind is not the one that is meant; `any_open` and `any` are all open states, and all.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from proeftuin.core.frozen import EMPTY
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue
from tests.domain.rows import ROLES, STARTERS, Row

if TYPE_CHECKING:
    from tests.domain.life import BaseLife
    from tests.domain.remedy import Order

Fact = tuple[str, str | None, Mapping[str, Any], Mapping[str, Any]]
Mark = tuple[str, str, Mapping[str, Any]]
Case = Callable[[], "tuple[BaseLife, Order]"]
Story = Callable[[], None]


@frozen
class Kind:
    """A kind of track, as the domain describes it.

    Attributes:
        ahead: what comes after each of its states.
        ways: the states through which a track came to each of them.
        opened: what is on a track from the beginning, by its key.
        reached: what the moves to these states put on it.
        party_from: its key, or the field that holds the party.
    """

    ahead: Mapping[str, tuple[str, ...]]
    ways: Mapping[str, tuple[str, ...]]
    opened: Callable[[str], Mapping[str, Any]] = lambda _key: EMPTY
    reached: Mapping[str, Mapping[str, Any]] = EMPTY
    party_from: str = "key"


@frozen
class Term:
    """A clock: what sets it going on the first day, and on which days after that it does what, and whom it tells.

    Attributes:
        begins: what is on the pilot.
        days: day, what is done, who is told.
        moves: its last moment moves the track, and then nobody is reminded any more.
        apart: each of its due days is a term of its own.
        shifts: a hold makes it later.
        held: it is about a hold, or restarted by one, so that a hold is no question to it.
    """

    begins: Mapping[str, Any]
    days: tuple[tuple[int, str, str], ...]
    moves: bool = False
    apart: bool = False
    shifts: bool = True
    held: bool = False


@frozen
class Asked:
    """Where the triggers of the pilot, or of a kind of track, are asked for, early in its life.

    Attributes:
        begin: the pilot.
        key: the track, for triggers of a track.
        party: whose it is, where that is not its key.
        opens: the track that an opening trigger would open.
    """

    begin: "Callable[[], BaseLife]"
    key: str | None = None
    party: str = ""
    opens: str = "new"


@frozen(eq=False, repr=False, slots=False)
class Domain:
    """All that the domain says of one workflow.

    Attributes:
        life: its pilots, in the middle of their lives.
        phases: the phase of each state of the pilot; `ahead`, what comes after it.
        kinds: the kinds of track, the one that is meant where none is named first.
        usual: the state of the pilot in which its tracks are looked at, where there is a choice.
        details: the pilot's own data.
        facts: records by name: type, track, data, and what else the record has.
        marks: data by name: the key of a track and the state whose move put it there; the pilot's own without a key.
        told: what clocks told by name: the term, since when, the roles, the persons.
        rows, fields: its rules, and the data of its triggers (by label or trigger).
        cases: per edge and code, how a refusal comes about; `unreachable` says which cannot, and why.
        equivalent: what can be removed without any pilot behaving otherwise, and why it is there all the same.
        asked: per kind of track, and None for the pilot, where triggers are asked for.
        helpless: per code that nothing helps against, how it comes about.
        stories: what is told of it besides the scenarios; `texts`, stories as the text of a scenario file.
        days: the story of the days on which its terms are due.
    """

    name: str
    life: "type[BaseLife]"
    phases: Mapping[str, str]
    ahead: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, Kind]
    usual: str
    details: Mapping[str, Any]
    facts: Mapping[str, Fact]
    rows: tuple[Row, ...]
    fields: Mapping[str, Mapping[str, Any]]
    cases: Mapping[str, Mapping[str, Case]]
    asked: Mapping[str | None, Asked]
    helpless: Mapping[str, Case]
    terms: Mapping[str, Term]
    stories: tuple[Story, ...]
    days: Story
    marks: Mapping[str, Mark] = EMPTY
    told: Mapping[str, tuple[str, Any, tuple[str, ...], tuple[str, ...]]] = EMPTY
    unreachable: Mapping[tuple[str, str, str], str] = field(factory=dict)
    equivalent: Mapping[str, str] = EMPTY
    texts: Mapping[str, str] = EMPTY
    roles: tuple[str, ...] = ROLES
    starters: tuple[str, ...] = STARTERS
    first: str = "exploring"

    def __str__(self) -> str:
        """The name of the workflow."""
        return self.name

    @cached_property
    def workflow(self) -> Workflow:
        """The workflow, resolved: the very value that an engine compiles."""
        return Catalogue().get(self.name)

    @cached_property
    def table(self) -> Table:
        """The workflow as the table that `decide` runs on."""
        return compile_workflow(self.workflow)

    @cached_property
    def open(self) -> tuple[str, ...]:
        """The open states of the pilot."""
        return tuple(state for state in self.phases if state != "closed" and self.phases[state] != "closed")

    @cached_property
    def closed(self) -> str:
        """The final state of the pilot."""
        return next(state for state, phase in self.phases.items() if phase == "closed")

    @cached_property
    def reach(self) -> Mapping[str, frozenset[str]]:
        """Every state that a pilot can come to, from each state."""
        return {state: _reach(self.ahead, state) for state in self.ahead}

    @cached_property
    def by_trigger(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each trigger, in the order of the tables."""
        found: dict[str, tuple[Row, ...]] = {}
        for row in self.rows:
            found[row.trigger] = (*found.get(row.trigger, ()), row)
        return found

    def states(self, named: tuple[str, ...], kind: str | None = None) -> tuple[str, ...]:
        """The states that are meant, of the pilot or of a kind of track."""
        every = tuple(self.phases if kind is None else self.kinds[kind].ahead)
        words = {"any": every, "any_open": self.open}
        return tuple(dict.fromkeys(state for name in named for state in words.get(name, (name,))))

    def kind_of(self, row: Row) -> str | None:
        """The kind of track that a row is about, None for the pilot."""
        return None if row.key is None else row.kind or next(iter(self.kinds))

    def ways_on(self, kind: str) -> Mapping[str, frozenset[str]]:
        """Every state that a track of a kind can come to, from each state."""
        ahead = self.kinds[kind].ahead
        return {state: _reach(ahead, state) for state in ahead}


def _reach(ahead: Mapping[str, tuple[str, ...]], here: str) -> frozenset[str]:
    found = {here}
    while more := {there for one in found for there in ahead[one]} - found:
        found |= more
    return frozenset(found)


def each(domains: tuple[Domain, ...], parts: Callable[[Domain], Iterator[Any]]) -> list[tuple[Domain, Any]]:
    """Each part of each workflow, for the parameters of a test."""
    return [(domain, part) for domain in domains for part in parts(domain)]
