"""What users write, with every public door used once. Checked by mypy, never run."""

from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import assert_type

from proeftuin import (
    Actor,
    AsyncEngine,
    Blocker,
    Command,
    Conflict,
    Dated,
    Engine,
    Event,
    Param,
    Pilot,
    Question,
    Refused,
    Result,
    Settings,
    UnknownPilot,
    guard,
    load_workflow,
)
from proeftuin.core.frozen import FrozenDict
from proeftuin.spi import (
    Before,
    Commit,
    Committed,
    Conflicted,
    Entry,
    Loaded,
    Page,
    Personal,
    Query,
    Receipt,
    Recorded,
    RefusedCommand,
    Store,
    Summary,
    Tally,
)

LEAD = Actor("coordinator-1", roles={"coordinator"})
SELLER = Actor("lead-1", roles=["supplier_lead"], party="sodexo")


def embed(folder: Path) -> str:
    """Start a pilot and move it, as the README does."""
    with Engine.open(f"sqlite:///{folder / 'pilots.db'}", workflows=[folder / "ours.yaml"], tenant="uu") as engine:
        data = {"title": "Catering", "organisation": "UU", "hours": Decimal("1.5"), "since": date(2026, 3, 2)}
        pilot: Pilot = engine.start("existing-contract", actor=LEAD, data=data, key="k").pilot
        try:
            result = engine.fire(pilot.id, "open_supplier_talks", actor=LEAD, key="req-81", expect=pilot.version)
        except Refused as no:
            codes: tuple[str, ...] = no.codes
            return ", ".join(codes) + str(no.as_problem("nl")["status"]) + no.blockers[0].text("nl")
        except (Conflict, UnknownPilot) as error:
            return error.code
        events: tuple[Event, ...] = result.events
        pending: tuple[str, ...] = result.pending
        engine.batch(pilot.id, [Command("propose", {"supplier": "Sodexo"}, "sodexo", "2026-03-02")], actor=SELLER)
        return f"{events[0].id} {pending} {result.warnings} {result.duplicate}"


def ask(engine: Engine) -> list[str]:
    """Look at pilots in every way there is."""
    pilot = engine.get("p", at=datetime.now(UTC))
    allowed = [option.trigger for option in engine.options(pilot.id, actor=LEAD, all=True) if option.allowed]
    history: Iterator[Event] = engine.history(pilot.id, after=3)
    page: Page = engine.find(state="engaging", updated_after=datetime.now(UTC), limit=10)
    figures = engine.seen_by(SELLER).metrics("persons_placed", by=["target_group"], as_of="2026-03-02")
    found = [str(one) for one in engine.verify(pilot.id)]
    names = [record.id for record in pilot.records("placement", active_on=date(2026, 3, 2), track="sodexo")]
    return [*allowed, *(one.type for one in history), *(one.id for one in page.items), *figures, *found, *names]


@guard(codes=("too-few",), least=Param("integer", required=True))
def enough(question: Question) -> Blocker | None:
    """There are enough of them."""
    held = len(question.records("placement"))
    return Blocker("too-few", FrozenDict(held=held)) if held < question.params["least"] else None


def plain(question: Question) -> list[Blocker]:
    """Find nothing wrong."""
    del question
    return []


class Everything:
    """A hook with all methods."""

    def before(self, moment: Before) -> Blocker | None:
        """Veto in August."""
        return Blocker("holiday") if moment.pilot.since.month == 8 else None  # August

    def recorded(self, recorded: Recorded) -> None:
        """Write beside it."""
        print(recorded.connection)  # noqa: T201  # never run

    def committed(self, committed: Committed) -> int:
        """Count."""
        return len(committed.events)

    def refused(self, refused: RefusedCommand) -> None:
        """Take note."""

    def conflicted(self, lost: Conflicted) -> None:
        """Take note."""


class Auditing:
    """A hook with one method."""

    def committed(self, committed: Committed) -> None:
        """Take note."""


class OwnStore:
    """A store of an integrator, which inherits from nothing of ours."""

    durable = True
    multi_process = False
    multi_pilot = False

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        """Return nothing."""

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        """Keep nothing."""

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Return nothing."""
        return iter(())

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        """Return nothing."""

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        """Return nothing."""
        return iter(())

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """Return nothing."""
        return ()

    def find(self, query: Query) -> Page:
        """Find nothing."""
        return Page(())

    def count(self, query: Query) -> tuple[Tally, ...]:
        """Count nothing."""
        return ()

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        """Know nobody."""
        return ()

    def close(self) -> None:
        """Do nothing."""


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Return noon."""
        return datetime(2026, 3, 2, 12, tzinfo=UTC)


def build() -> Engine:
    """Put an engine together by hand."""
    store: Store = OwnStore()
    Engine(store, guards={"plain": plain}).close()
    return Engine(
        store,
        workflows=[load_workflow("ours.yaml"), Path("theirs.yaml"), "another.yaml"],
        guards=[enough],
        hooks=[Everything(), Auditing()],
        time=Noon(),
        settings=Settings({"small_cell": [Dated("10", since=date(2026, 1, 1), source="our own choice")]}),
        cache=64,
    )


async def embed_awaited(folder: Path) -> None:
    """Do the same on asyncio: what goes in and comes out is that of the plain engine."""
    async with AsyncEngine.open(f"sqlite:///{folder / 'pilots.db'}", threads=4, tenant="uu") as engine:
        data = {"title": "Catering", "organisation": "UU"}
        result = assert_type(await engine.start("existing-contract", actor=LEAD, data=data, key="k"), Result)
        assert_type(engine.history(result.pilot.id, after=0), AsyncGenerator[Event, None])
        assert_type(await engine.seen_by(SELLER).get(result.pilot.id, version=1), Pilot)
        assert_type(await engine.for_tenant("other").find(state="exploring", limit=10), Page)
        assert_type(await engine.run(lambda plain, name: plain.get(name).version, result.pilot.id), int)
        async for summary in engine.each(phase="exploration"):
            assert_type(summary, Summary)
    opened = await AsyncEngine.open("memory://")
    assert_type(opened, AsyncEngine)
    await opened.close()
