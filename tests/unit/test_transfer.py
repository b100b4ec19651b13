"""Whole pilots out of one store and into another: all of them byte for byte, or nothing of them."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, CorruptStore, Engine, Fire, StoreBusy, UnknownPilot, load_workflow
from proeftuin.core.structs import replace
from proeftuin.spi import UNTIMED, Commit, Entry, Loaded, Receipt, Store
from proeftuin.storage import open_store
from tests.unit.engines import (
    BOARD,
    FLOW,
    LEAD,
    OFFICER,
    REF,
    TODAY,
    Wrapped,
    engine,
    everything,
    placed,
    sqlite_url,
    start,
)

MANAGER = Actor("ada", roles={"workflow_manager"})
PAIRS = [("memory", "sqlite"), ("sqlite", "memory"), ("sqlite", "sqlite"), ("memory", "memory")]


def opened(kind: str, folder: Path, name: str) -> Engine:
    return engine("memory://" if kind == "memory" else sqlite_url(folder, f"{name}.db"))


@pytest.fixture(params=PAIRS, ids="-".join)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """A store with pilots of all kinds, and an empty one."""
    source, target = request.param
    with opened(source, tmp_path, "source") as one, opened(target, tmp_path, "target") as other:
        peopled(one)
        yield one, other


def peopled(on: Engine) -> None:
    """Pilots with all that a pilot can have: refs, keys, warnings, a signature that waits, a follow-up, an erasure."""
    busy = start(on, id="busy", ref="own 1", key="begin", data={"organisation": "Ünï 🌱", "sector": "a\nb"})
    on.fire(busy, "identify", actor=LEAD, track="acme", key="k1")
    for ref in (REF, "ref-planted-0002"):
        placed(on, busy, ref)
    on.fire(busy, "talk", actor=LEAD, key="warned")
    on.fire(busy, "seal", actor=LEAD, data={"terms": "t"}, key="vote")
    done = start(on, id="done", ref="own 2")
    many = [Fire(done, "note", LEAD, {"text": "x", "hours": "1.50"}, key=f"n{number}") for number in range(3)]
    on.fire_many([*many, Fire(done, "talk", LEAD), Fire(done, "finish", BOARD)])
    on.fire(done, "follow", actor=LEAD, data={"title": "Next"}, key="follow")
    gone = start(on, id="gone")
    on.fire(gone, "identify", actor=LEAD, track="acme")
    placed(on, gone, "ref-planted-0003")
    on.erase("ref-planted-0003", actor=OFFICER, reason="asked")


def held(store: Store) -> object:
    """All that a store holds of the pilots of a tenant, receipts among it; but not when they are due."""
    pilots = [one.id for one in Engine(store).each()]
    timeless = [
        replace(one, head=replace(one.head, timing=UNTIMED)) if isinstance(one, Loaded) and one.head else one
        for one in everything(store)
    ]
    return timeless, {name: list(store.receipts("default", name)) for name in pilots}


def text(on: Engine, *pilots: str, personal: bool = True) -> list[str]:
    why: dict[str, Any] = {"actor": OFFICER, "reason": "a new server"} if personal else {}
    return list(on.export_pilots(pilots or None, personal=personal, **why))


# -- whole -------------------------------------------------------------------------------------------------------------


def test_a_copy_is_the_same_byte_for_byte(pair: tuple[Engine, Engine]) -> None:
    """Bodies, digests, instants, receipts and refs are the same, and the export of the copy is that of the original."""
    one, other = pair
    told = text(one)
    assert (4, 0, ()) == _counts(other.import_pilots(told))
    assert held(one._store) == held(other._store)
    assert told == text(other)
    assert () == other.verify()
    assert (one.metrics(), one.count()) == (other.metrics(), other.count())


def _counts(imported: Any) -> tuple[int, int, tuple[str, ...]]:
    return imported.pilots, imported.known, imported.differing


def test_refs_stay_behind_unless_they_are_asked_for(pair: tuple[Engine, Engine]) -> None:
    """Without `personal` no ref of a participant is in the text, and all else arrives."""
    one, other = pair
    told = text(one, personal=False)
    assert "ref-planted" not in "".join(told)
    other.import_pilots(told)
    assert None is other.subject("busy", REF)
    assert [list(one.history(name)) for name in ("busy", "done", "gone")] == [
        list(other.history(name)) for name in ("busy", "done", "gone")
    ]
    assert () == other.verify()


def test_what_was_erased_does_not_come_along(pair: tuple[Engine, Engine]) -> None:
    """A ref that was erased is in no export, whatever is asked for."""
    one, other = pair
    told = text(one)
    assert "ref-planted-0003" not in "".join(told)
    other.import_pilots(told)
    assert None is other.ref("gone", "s1")


def test_what_was_put_back_after_an_erasure_does_not_come_along(tmp_path: Path) -> None:
    """A ref that somebody put back into the store, as out of a backup, is in no export."""
    with engine(sqlite_url(tmp_path)) as one:
        start(one, id="p")
        one.fire("p", "identify", actor=LEAD, track="acme")
        placed(one, "p", REF)
        (known,) = one._store.personal("default", "p")
        one.erase(REF, actor=OFFICER, reason="asked")
        with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
            row = ("default", "p", known.subject, known.ref, known.salt)
            connection.execute("INSERT INTO personal VALUES (?, ?, ?, ?, ?)", row)
        assert 1 == len(one._store.personal("default", "p"))
        told = text(one)
    assert REF not in "".join(told)


def test_a_copy_goes_on(pair: tuple[Engine, Engine]) -> None:
    """A key that is retried gives its first result, a participant is known again, and the pilot moves."""
    one, other = pair
    other.import_pilots(text(one))
    calls: list[Callable[[Engine], Any]] = [
        lambda on: on.fire("busy", "talk", actor=LEAD, key="warned"),
        lambda on: on.fire("busy", "seal", actor=LEAD, data={"terms": "t"}, key="vote"),
        lambda on: on.fire("done", "follow", actor=LEAD, data={"title": "Next"}, key="follow"),
    ]
    for call in calls:
        first, again = call(one), call(other)
        assert (True, first) == (again.duplicate, again)
    assert "s1" == placed(other, "busy")["participant"]
    assert () == other.fire("busy", "seal", actor=BOARD).pending
    assert () == other.verify()


def test_some_pilots_and_each_once(pair: tuple[Engine, Engine]) -> None:
    """One id or several may be named, and one that is named twice arrives once."""
    one, other = pair
    assert (1, 0, ()) == _counts(other.import_pilots(one.export_pilots("done")))
    assert (1, 2, ()) == _counts(other.import_pilots(text(one, "busy", "done", "busy")))
    assert {"busy", "done"} == {each.id for each in other.each()}
    with pytest.raises(UnknownPilot):
        text(one, "done", "nobody")


def test_of_no_pilots_there_is_a_text_too() -> None:
    """An empty store has an export of a first and a last line, which brings nothing."""
    told = text(engine())
    assert (2, (0, 0, ())) == (len(told), _counts(engine().import_pilots(told)))


def test_another_tenant_may_take_them_over(pair: tuple[Engine, Engine]) -> None:
    """Pilots go into the tenant of the engine that imports them, and nobody else sees them."""
    one, other = pair
    there = other.for_tenant("elsewhere")
    there.import_pilots(text(one))
    assert (0, 4) == (len(list(other.each())), len(list(there.each())))
    assert () == there.verify()


# -- again -------------------------------------------------------------------------------------------------------------


def test_done_again_it_changes_nothing(pair: tuple[Engine, Engine]) -> None:
    """Pilots that are there already are passed over, also when they have gone on since."""
    one, other = pair
    told = text(one)
    other.import_pilots(told)
    before = held(other._store)
    assert (0, 4, ()) == _counts(other.import_pilots(told))
    assert before == held(other._store)
    other.fire("busy", "note", actor=LEAD, data={"text": "later"})
    assert (0, 4, ()) == _counts(other.import_pilots(told))
    assert 1 + len(list(one.history("busy"))) == len(list(other.history("busy")))


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_pilot_with_another_history_is_left_alone(pair: tuple[Engine, Engine], dry_run: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Where an id or a ref is taken that is told, and what such a one began stays with it; the others are written."""
    one, other = pair
    start(other, id="busy")
    start(other, id="mine", ref="own 2")
    before = held(other._store)
    assert (1, 0, ("busy", "done", "pilot-1")) == _counts(other.import_pilots(text(one), dry_run=dry_run))
    assert dry_run is (before == held(other._store))
    assert (1, {"busy", "mine"}) == (other.get("busy").version, {"busy", "mine"} & {one.id for one in other.each()})


def test_one_that_is_behind_is_left_alone(pair: tuple[Engine, Engine]) -> None:
    """A pilot of which the store has the beginning only is not gone on with behind the back of who fires at it."""
    one, other = pair
    other.import_pilots(text(one, "busy"))
    one.fire("busy", "note", actor=LEAD, data={"text": "later"})
    assert (0, 0, ("busy",)) == _counts(other.import_pilots(text(one, "busy")))


def test_a_dry_run_judges_and_writes_nothing(pair: tuple[Engine, Engine]) -> None:
    """What would be written is counted, and neither pilots nor workflows are there afterwards."""
    one, other = pair
    before = everything(other._store)
    told = text(one)
    assert (4, 0, ()) == _counts(other.import_pilots(told, dry_run=True))
    assert before == everything(other._store)
    with pytest.raises(BadArgument, match="line 3"):
        other.import_pilots([*told[:2], "{", *told[3:]], dry_run=True)


# -- meanwhile ---------------------------------------------------------------------------------------------------------


class Interrupted(Wrapped):
    """A store on which somebody else writes while a history is read up to some version."""

    meanwhile: Callable[[], object] | None = None

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        for entry in super().history(tenant, pilot_id, after=after, upto=upto):
            yield entry
            if upto is not None and (call := self.meanwhile) is not None:
                self.meanwhile = None
                call()


def test_a_pilot_that_goes_on_is_exported_as_of_one_version() -> None:
    """What is written while a pilot is read is left out of its events, its receipts and its refs."""
    inner = open_store("memory://")
    store = Interrupted(inner)
    on, other, rival = engine(store), engine(), engine(inner)
    pilot = start(on)
    rival.fire(pilot, "identify", actor=LEAD, track="acme")
    before = text(rival)

    def go_on() -> None:
        facts = {"participant": REF, "start": TODAY, "kind": "training"}
        rival.fire(pilot, "place", actor=LEAD, track="acme", data=facts, key="late")

    store.meanwhile = go_on
    assert before == text(on)
    assert "s1" == rival.subject(pilot, REF)
    assert (1, 0, ()) == _counts(other.import_pilots(before))


def test_a_history_that_cannot_be_read_is_told() -> None:
    """Where an event or a receipt was destroyed the export ends with an error, and cannot be taken for a whole one."""
    for wrong in ("event", "receipt"):
        on, other = engine(), engine()
        pilot = start(on, key="k")
        kept: Any = on._store._tenants["default"][pilot]  # type: ignore[attr-defined]  # the store in memory
        if wrong == "event":
            kept.entries[0] = Entry(1, "pilot.started", b"{}", kept.entries[0].digest)
        else:
            kept.receipts["k"] = Receipt("k", "f", b"[]")
        told: list[str] = []
        with pytest.raises(CorruptStore, match=pilot):
            told.extend(on.export_pilots())
        with pytest.raises(BadArgument, match="cut off"):
            other.import_pilots(told)


# -- stores ------------------------------------------------------------------------------------------------------------


class Single(Wrapped):
    """A store for one pilot at a time, without workflows, that fails at its n-th append from now."""

    nth = 0

    @property
    def multi_pilot(self) -> bool:
        return False

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        assert 1 == len(commits)
        self.nth -= 1
        if self.nth == 0:
            raise StoreBusy("somebody holds it")
        super().append(*commits, recorded=recorded)


def test_a_store_that_fails_can_be_given_the_rest() -> None:
    """Where the store fails half-way what is written is whole, and the same import done again brings the rest."""
    one = engine()
    peopled(one)
    told = text(one)
    store = Single(open_store("memory://"))
    other = engine(store)
    store.nth = 3
    with pytest.raises(StoreBusy):
        other.import_pilots(told)
    assert (2, ()) == (len(list(other.each())), other.verify())
    assert (2, 2, ()) == _counts(other.import_pilots(told))
    assert told == text(other)


def test_a_workflow_of_the_same_name_with_other_content_is_refused() -> None:
    """Pilots are not put under a workflow that they were not decided by; the line is named."""
    one, other = engine(), engine(text=FLOW.replace("nl: Gesprekken", "nl: Praten"))
    start(one)
    start(other)
    for dry_run in (True, False):
        with pytest.raises(BadArgument, match=r"line 2: .*talks@1 is kept with other content"):
            other.import_pilots(text(one), dry_run=dry_run)


def test_each_workflow_comes_along_once() -> None:
    """A store that never saw a workflow gets it with the first pilot under it, and an engine without files goes on."""
    inner = open_store("memory://")
    one, two = engine(inner), engine(inner, FLOW.replace("workflow: talks", "workflow: others"))
    for name in ("a", "c"):
        start(one, id=name)
        two.start("others", actor=LEAD, data={"title": "T"}, id=f"{name}x")
    told = text(one)
    assert ["others@1", "talks@1"] == sorted(re.findall('"workflow":"([a-z]+@1)"}?,"body"', "".join(told)))
    bare = Engine(open_store("memory://"), workflows=[])
    bare.import_pilots(told)
    for name in ("a", "ax", "c", "cx"):
        assert "talking" == bare.fire(name, "talk", actor=LEAD).pilot.state


# -- pilots that were moved, and that began others ---------------------------------------------------------------------

VERSIONS = [load_workflow(FLOW), load_workflow(FLOW.replace("version: 1", "version: 2"))]


def migrated(store: Store) -> Engine:
    """A pilot that began under one version of its workflow, and was moved to the next."""
    on = Engine(store, workflows=VERSIONS)
    on.start("talks@1", actor=LEAD, data={"title": "Canteen"}, id="p")
    assert 1 == on.migrate(on.plan_migration("talks@1", 2), actor=MANAGER, reason="new rules").done
    return on


def followed(lines: list[str]) -> list[str]:
    return re.findall('"workflow":"([a-z]+@[0-9]+)"}?,"body"', "".join(lines))


def test_a_pilot_brings_every_version_that_it_followed() -> None:
    """Where it goes to, its history can be told in the words of the version that held then."""
    told = text(migrated(open_store("memory://")))
    assert ["talks@1", "talks@2"] == followed(told)
    bare = Engine(open_store("memory://"), workflows=[])
    bare.import_pilots(told)
    assert ["pilot.started", "pilot.migrated"] == [one.type for one in bare.history("p")]
    assert 2 == len(list(next(iter(bare.dossiers())).events()))


def test_a_version_that_nobody_knows_any_more_keeps_no_pilot_from_leaving() -> None:
    """What a pilot followed long ago is left out where no store keeps it and no file was given."""
    store = Wrapped(open_store("memory://"))  # which keeps no workflows
    migrated(store)
    assert ["talks@2"] == followed(text(Engine(store, workflows=VERSIONS[1:])))


def begins(on: Engine) -> None:
    """A pilot with a ref, and the one that it began."""
    first = start(on, id="a", ref="own")
    on.fire(first, "talk", actor=LEAD)
    on.fire(first, "note", actor=LEAD, data={"text": "x"})
    on.fire(first, "finish", actor=BOARD)
    on.fire(first, "follow", actor=LEAD, data={"title": "Next"})


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_a_pilot_began_stays_with_it(dry_run: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """A pilot whose ref is taken is left, and so is the one that it began, which names it."""
    one, other = engine(), engine()
    begins(one)
    start(other, id="elsewhere", ref="own")
    came = other.import_pilots(text(one), dry_run=dry_run)
    assert (0, 2) == (came.pilots, len(came.differing))
    assert ["elsewhere"] == [each.id for each in other.each()]


@pytest.mark.parametrize("together", [1, 2, 50])
def test_a_pilot_and_the_one_that_it_began_are_written_at_once(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    """However few are written together, nothing comes between the two."""
    one, written = engine(), list[list[str]]()
    start(one, id="0")
    begins(one)
    monkeypatch.setattr("proeftuin.transfer.TOGETHER", together)

    class Telling(Wrapped):
        def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
            written.append([each.pilot_id for each in commits])
            super().append(*commits, recorded=recorded)

    ids = ["0", "a", *(each.id for each in one.each() if each.id not in {"0", "a"})]
    engine(Telling(open_store("memory://"))).import_pilots(list(one.export_pilots(ids)))
    assert ids == [name for some in written for name in some]
    assert ids[1:] in (written[-1], written[-1][1:])


def test_a_pilot_that_is_left_parts_no_others(tmp_path: Path) -> None:
    """Where the ref of one pilot is taken, another and the one that it began are still written at once."""
    one, written = engine(), list[list[str]]()
    start(one, id="0", ref="taken")
    begins(one)

    class Telling(Wrapped):
        def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
            super().append(*commits, recorded=recorded)
            written.append([each.pilot_id for each in commits])

    with engine(Telling(open_store(sqlite_url(tmp_path)))) as other:
        start(other, id="elsewhere", ref="taken")
        ids = ["0", "a", *(each.id for each in one.each() if each.id not in {"0", "a"})]
        assert (2, 0, ("0",)) == _counts(other.import_pilots(list(one.export_pilots(ids))))
    assert [["elsewhere"], ids[1:]] == written
