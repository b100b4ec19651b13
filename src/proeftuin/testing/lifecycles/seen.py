"""What an invariant is shown after each step of a random story, and what it raises where a promise is broken."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import define, field

from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table
from proeftuin.engine import Engine, Result
from proeftuin.errors import ProeftuinError, Refused
from proeftuin.testing.lifecycles.stage import Stage
from proeftuin.testing.lifecycles.story import Call, Story


@define
class Seen:
    """One step, and where it led.

    Attributes:
        stage: the engine, its time, the people and the story so far.
        call: what was said; None where time went by, something was done that no command is, or the story ends.
        came: what came of it: a result, a refusal, or another error of the library.
        before, pilot: the pilot that it is about, before and after; `before` is None at its start.
        events: what happened to that pilot in this step, in order.
        pilots, history: every pilot as it is, and all its events.
        ended: whether the story is over, so that a check may take its time, and may change what is stored.
    """

    stage: Stage
    call: Call | None = None
    came: Result | ProeftuinError | None = None
    before: Pilot | None = None
    pilot: Pilot | None = None
    events: Sequence[Event] = ()
    pilots: Mapping[str, Pilot] = EMPTY
    history: Mapping[str, list[Event]] = field(factory=dict)
    ended: bool = False
    replayed: Callable[[], Iterable[str]] = tuple
    """Replays the whole story with a tick every day, and gives what comes out differently."""

    @property
    def engine(self) -> Engine:
        """The engine."""
        return self.stage.engine

    @property
    def table(self) -> Table:
        """The compiled workflow of that pilot; the one that the story is about where there is none, and at the end."""
        return self.stage.table

    @property
    def tables(self) -> tuple[Table, ...]:
        """The compiled workflows of all pilots: edges may have begun some under others."""
        return tuple({one.workflow: self.stage.under(one).table for one in self.pilots.values()}.values())

    @property
    def refused(self) -> Refused | None:
        """The refusal, None where it was none."""
        return self.came if isinstance(self.came, Refused) else None

    @property
    def accepted(self) -> Result | None:
        """The result, None where there is none."""
        return self.came if isinstance(self.came, Result) else None


Invariant = Callable[[Seen], Iterable[str] | str | None]
"""Looks at a step, and gives what is wrong with it: nothing, one sentence, or several."""


class Violated(AssertionError):
    """A promise is broken.

    Note:
        The story is made as short as it can be when it is first looked at, which takes a second or two: of the many
        that a search comes upon, only the last is shown.

    Attributes:
        invariant: the name of the one that says so.
        told: the story as it came.
        shorten: makes it shorter.
    """

    def __init__(self, invariant: str, problems: Sequence[str], story: Story) -> None:
        super().__init__(invariant, tuple(problems), story)
        self.invariant, self.told, self._problems = (
            invariant,
            Story(story.workflow, story.name, [*story.lines]),
            problems,
        )
        self.shorten: Callable[[], Violated | None] | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, in the story as it is shown."""
        self._shorten()
        return tuple(self._problems)

    @property
    def story(self) -> Story:
        """The shortest story that breaks the promise; as text it is a scenario file."""
        self._shorten()
        return self.told

    def _shorten(self) -> None:
        shorten, self.shorten = self.shorten, None
        shorter = shorten() if shorten is not None else None
        if shorter is not None:
            self.told, self._problems = shorter.told, shorter.problems

    def __str__(self) -> str:
        """Return what is wrong, and the story."""
        told = "\n".join(f"  {one}" for one in self.problems)
        after = "The story, to be replayed with `proeftuin play`:"
        return f"{self.invariant} does not hold:\n{told}\n\n{after}\n\n{self.story}"


def judge(invariants: Iterable[Invariant], seen: Seen) -> None:
    """Show a step to invariants.

    Raises:
        Violated: with the problems of the first that has any.
    """
    for one in invariants:
        name = getattr(one, "__name__", type(one).__name__)
        try:
            answer = one(seen)
            problems = () if answer is None else (answer,) if isinstance(answer, str) else tuple(answer)
        except AssertionError as error:
            raise Violated(name, (str(error) or "an assertion of it failed",), seen.stage.story) from error
        if problems:
            raise Violated(name, problems, seen.stage.story)
