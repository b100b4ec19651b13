"""Eight mistakes of a user, each found by mypy: an ignore that would not be needed is an error. Checked, never run."""

from collections.abc import Iterator

from proeftuin import Actor, AsyncEngine, Engine, Refused
from proeftuin.spi import Committed, Entry, Loaded, Page, Personal, Query, Receipt

LEAD = Actor("coordinator-1", roles={"coordinator"})


def no_actor(engine: Engine) -> None:
    """Who does it must be said."""
    engine.fire("p", "talk")  # type: ignore[call-arg]  # mistake 1: no actor


def actor_by_position(engine: Engine) -> None:
    """Who does it is said by name."""
    engine.fire("p", "talk", LEAD)  # type: ignore[call-arg]  # mistake 2: the actor by position


def data_is_a_list(engine: Engine) -> None:
    """Data is a mapping of fields."""
    engine.fire("p", "talk", actor=LEAD, data=["title"])  # type: ignore[arg-type]  # mistake 3: data is a list


def misspelt(engine: Engine) -> tuple[str, ...]:
    """A refusal has `codes`."""
    try:
        engine.fire("p", "talk", actor=LEAD)
    except Refused as no:
        return no.code_list  # type: ignore[attr-defined,no-any-return]  # mistake 4: a misspelt attribute
    return ()


class Forgetful:
    """A store that cannot write."""

    durable = True
    multi_process = False
    multi_pilot = False

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        """Return nothing."""

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Return nothing."""
        return iter(())

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        """Return nothing."""

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """Return nothing."""
        return ()

    def find(self, query: Query) -> Page:
        """Find nothing."""
        return Page(())

    def close(self) -> None:
        """Do nothing."""


def store_without_append() -> Engine:
    """A store must be able to write."""
    return Engine(Forgetful())  # type: ignore[arg-type]  # mistake 5: a store without `append`


class TwoArguments:
    """A hook gets one frozen argument, so that fields can be added to it."""

    def committed(self, committed: Committed, engine: Engine) -> None:
        """Take note."""


def hook_with_two_arguments() -> Engine:
    """A hook takes one argument, in both ways to make an engine."""
    Engine.open("memory://", hooks=[TwoArguments()])  # type: ignore[list-item]  # mistake 6: a hook with two arguments
    return Engine(Engine.open("memory://")._store, hooks=[TwoArguments()])  # type: ignore[list-item]  # the same by hand


async def awaited_without_an_actor(engine: AsyncEngine) -> None:
    """Who does it must be said to the awaited engine too."""
    await engine.fire("p", "talk")  # type: ignore[call-arg]  # mistake 7: no actor


async def an_iterator_is_awaited(engine: AsyncEngine) -> None:
    """What is iterated is not awaited."""
    await engine.history("p")  # type: ignore[misc]  # mistake 8: an asynchronous iterator cannot be awaited
