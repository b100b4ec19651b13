"""Checkpoints: what a party that keeps one can see, and nobody else; and that a damaged one is not believed."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from proeftuin import BadArgument, Engine, codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import CorruptStore
from proeftuin.heads import head
from proeftuin.spi import Entry, Personal
from proeftuin.storage.memory import MemoryStore
from tests.stores import path_url
from tests.unit.engines import LEAD, OFFICER, REF, Clock, engine, start

Place = tuple[str, int | None]


@pytest.fixture
def on() -> Engine:
    """Three pilots, a, b and c, of four events each."""
    made = engine()
    for name in "abc":
        start(made, id=name)
        for text in ("x", "y", "z"):
            made.fire(name, "note", actor=LEAD, data={"text": text})
    return made


def places(on: Engine, against: list[str] | None = None, pilot: str | None = None) -> list[Place]:
    return [(one.pilot_id, one.version) for one in on.verify(pilot, against=against)]


def stored(on: Engine, name: str, change: Callable[[list[Event]], list[Event]]) -> None:
    """Write a history anew as the owner of the database can: every digest, and the head, computed from other events."""
    store = on._store
    assert isinstance(store, MemoryStore)
    kept = store._tenants["default"][name]
    events = change([codec.decode_event(one.body, one.digest) for one in kept.entries])
    folds, entries = list[Pilot](), list[Entry]()
    for event in events:
        sealed, entry = codec.seal(event, folds[-1].digest if folds else codec.genesis(name))
        folds.append(evolve(folds[-1] if folds else None, sealed))
        entries.append(entry)
    kept.entries[:], kept.head = entries, head(folds[-1])


def forged(version: int) -> Callable[[list[Event]], list[Event]]:
    """Another author of one event."""
    return lambda events: [replace(one, actor="eve") if one.version == version else one for one in events]


# -- what it says ------------------------------------------------------------------------------------------------------


def test_a_checkpoint_names_every_pilot(on: Engine) -> None:
    """It holds the version and the digest of each pilot in order of id, and the hash of its own lines."""
    first, *pilots, last = map(json.loads, on.checkpoint())
    assert {"checkpoint": 1, "tenant": "default", "at": "2026-03-02T09:00:00Z"} == first
    assert [{"pilot": name, "version": 4, "digest": on.get(name).digest} for name in "abc"] == pilots
    assert 3 == last["pilots"]


def test_a_checkpoint_of_nothing_is_one_too() -> None:
    """A store without pilots has a checkpoint of two lines, which is held."""
    on = engine()
    told = list(on.checkpoint())
    assert (2, ()) == (len(told), on.verify(against=told))


def test_an_honest_store_holds_its_checkpoints(on: Engine) -> None:
    """What is written later, be it new pilots, is no fault against any checkpoint from before."""
    kept = []
    for name in ("d", "a", "e"):
        kept.append(list(on.checkpoint()))
        if name != "a":
            start(on, id=name)
        on.fire(name, "talk", actor=LEAD)
    assert [(), (), ()] == [on.verify(against=one) for one in kept]


def test_a_copy_of_a_store_holds_its_checkpoints(on: Engine) -> None:
    """Pilots that were moved to another store are held against what was known of them in the first."""
    other = engine()
    other.import_pilots(on.export_pilots())
    assert () == other.verify(against=on.checkpoint())


def test_the_checkpoint_of_another_tenant_is_refused(on: Engine) -> None:
    """It says nothing of pilots that are not its own; of those that were moved here, it says what it said there."""
    kept, moved = list(on.checkpoint()), list(on.export_pilots("b"))
    there = on.for_tenant("elsewhere")
    with pytest.raises(BadArgument, match="it is of tenant default; none of its pilots is with elsewhere"):
        there.verify(against=kept)
    there.import_pilots(moved)
    assert places(there, kept) == [("a", 4), ("c", 4)]
    assert places(there, kept, "b") == []


def test_many_pilots_are_all_in_it() -> None:
    """A checkpoint of more pilots than a page has names each of them once."""
    on = engine()
    names = sorted(start(on) for _ in range(1100))
    told = [json.loads(line) for line in on.checkpoint()]
    assert names == [one["pilot"] for one in told if "pilot" in one]


# -- what only it shows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_history_that_was_cut_with_its_head(on: Engine, version: int) -> None:
    """A tail that was cut off together with the head is invisible from within, and told with the day it was there."""
    told = list(on.checkpoint())
    stored(on, "b", lambda events: events[:version])
    assert ([], [("b", 4)]) == (places(on), places(on, told))
    assert "it is missing, and was there on 2026-03-02" in str(on.verify(against=told)[0])


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_history_that_was_written_anew(on: Engine, version: int) -> None:
    """A chain that was computed anew from any event on is invisible from within, and differs from the checkpoint."""
    told = list(on.checkpoint())
    stored(on, "b", forged(version))
    assert ([], [("b", 4)]) == (places(on), places(on, told))


def test_a_pilot_that_was_taken_away(on: Engine) -> None:
    """A pilot that is gone altogether is missed by nobody else."""
    told = list(on.checkpoint())
    on._store._tenants["default"].pop("b")  # type: ignore[attr-defined]  # the store in memory
    assert ([], [("b", 4)]) == (places(on), places(on, told))


def test_what_was_added_is_not_seen(on: Engine) -> None:
    """A pilot that was made up later is no fault: a checkpoint says what was there, not what may come."""
    told = list(on.checkpoint())
    start(on, id="bb")
    stored(on, "bb", lambda events: [replace(events[0], actor="eve")])
    assert [] == places(on, told)


def test_what_came_after_it_is_not_seen(on: Engine) -> None:
    """Events behind those that a checkpoint knows may be written anew unseen, until the next one is kept."""
    told = list(on.checkpoint())
    on.fire("b", "talk", actor=LEAD)
    later = list(on.checkpoint())
    stored(on, "b", forged(5))
    assert ([], [("b", 5)]) == (places(on, told), places(on, later))


def test_one_pilot_is_held_against_its_own_line(on: Engine) -> None:
    """Asked about one pilot, only that one is compared."""
    told = list(on.checkpoint())
    stored(on, "b", forged(2))
    assert ([], [("b", 4)]) == (places(on, told, "a"), places(on, told, "b"))


def test_what_is_seen_from_within_is_told_once(on: Engine) -> None:
    """A place that both find is told once."""
    told = list(on.checkpoint())
    store = on._store
    assert isinstance(store, MemoryStore)
    entries = store._tenants["default"]["b"].entries
    entries[-1] = Entry(4, entries[-1].type, entries[-1].body, "0" * 64)
    assert [("b", 4)] == places(on, told)


# -- a checkpoint that is none -----------------------------------------------------------------------------------------


def damages(told: list[str]) -> list[list[str]]:
    """The text with each line left out, doubled, changed, exchanged with the next, and cut off before or in it."""
    made = []
    for place, line in enumerate(told):
        before, after = told[:place], told[place + 1 :]
        made += [[*before, *after], [*before, line, line, *after], before, [*before, line[: len(line) // 2]]]
        made += [[*before, line.replace("a", "b", 1), *after], [*before, line.upper(), *after]]
        made += [[*before, other, *after] for other in ("", "[]", "null", "1", "{}", '{"pilot":1}', "\ud800", "\xff")]
        if after and after[0] != line:
            made.append([*before, after[0], line, *after[1:]])
    return [one for one in made if one != told]


def test_a_damaged_checkpoint_is_refused_with_its_line(on: Engine) -> None:
    """Whatever is done to any of its lines, a checkpoint is refused, and the line is named."""
    told = list(on.checkpoint())
    for damaged in damages(told):
        with pytest.raises(BadArgument, match=r"checkpoint: line \d+: "):
            on.verify(against=damaged)


def test_a_changed_letter_of_a_checkpoint_is_refused(on: Engine) -> None:
    """Any letter of it that is exchanged for another is noticed."""
    random, told = Random(7), "".join(on.checkpoint())
    for _ in range(300):
        place = random.randrange(len(told))
        other = random.choice([one for one in "abcdef0123456789{}\"':, x" if one != told[place]])
        changed = told[:place] + other + told[place + 1 :]
        if told[place] == "\n" and other in " ,":
            continue
        with pytest.raises(BadArgument, match="checkpoint"):
            on.verify(against=changed.splitlines(keepends=True))


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_line_ends_do_not_matter(on: Engine, end: str) -> None:
    """A checkpoint that went through other systems, with their line ends or none, is the same."""
    told = [f"{line.rstrip()}{end}" for line in on.checkpoint()]
    assert () == on.verify(against=told)


def test_what_an_editor_adds_does_not_matter(on: Engine) -> None:
    """A mark of the byte order before a checkpoint and empty lines behind it change nothing."""
    told = [*on.checkpoint(), "\n", " \r\n"]
    assert () == on.verify(against=["\ufeff" + told[0], *told[1:]])


# -- what is kept beside the histories ---------------------------------------------------------------------------------


def test_a_workflow_that_was_changed_is_found(on: Engine) -> None:
    """A definition that was changed in the store is told for each pilot that began under it."""
    workflows = on._store._workflows  # type: ignore[attr-defined]  # the store in memory
    digest, body = workflows["talks", 1]
    workflows["talks", 1] = digest, body.replace(b'"board"', b'"bored"')
    assert [(name, 1) for name in "abc"] == places(engine(on._store))


def test_a_ref_that_was_exchanged_is_found(on: Engine) -> None:
    """A participant's ref that was put in the place of another is told at the event that commits to the first."""
    on.fire("a", "identify", actor=LEAD, track="acme")
    facts = {"participant": "ref-planted-0001", "start": "2026-03-01", "kind": "training"}
    on.fire("a", "place", actor=LEAD, track="acme", data=facts)
    kept = on._store._tenants["default"]["a"]  # type: ignore[attr-defined]  # the store in memory
    assert [] == places(on)
    kept.personal[:] = [type(one)(one.subject, "ref-planted-0002", one.salt) for one in kept.personal]
    assert [("a", 6)] == places(on)


def test_a_ref_that_nobody_should_keep_is_found(on: Engine) -> None:
    """A ref that is put back after it was erased, and one of somebody whom no event names, are told."""
    on.fire("a", "identify", actor=LEAD, track="acme")
    facts = {"participant": REF, "start": "2026-03-01", "kind": "training"}
    on.fire("a", "place", actor=LEAD, track="acme", data=facts)
    stored = on._store._tenants["default"]  # type: ignore[attr-defined]  # the store in memory
    (copied,) = stored["a"].personal
    on.erase(REF, actor=OFFICER, reason="asked by letter")
    assert [] == places(on)
    stored["a"].personal.append(copied)
    stored["b"].personal.append(copied)
    assert [
        f"a, event 7: it forgot subject '{copied.subject}', whose ref is kept again",
        f"b, head: a ref is kept for subject '{copied.subject}', which no event names",
    ] == [str(one) for one in on.verify()]


def test_a_ref_of_a_pilot_that_was_taken_away_is_found(tmp_path: Path) -> None:
    """Refs that were left behind are told where their pilot is named, by who asks or by a checkpoint."""
    with engine(path_url(tmp_path / "pilots.db")) as on:
        for name in "ab":
            start(on, id=name)
            on.fire(name, "identify", actor=LEAD, track="acme")
            facts = {"participant": REF, "start": "2026-03-01", "kind": "training"}
            on.fire(name, "place", actor=LEAD, track="acme", data=facts)
        kept = list(on.checkpoint())
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
        connection.execute("DELETE FROM pilots WHERE id = 'a'")
        connection.execute("DELETE FROM events WHERE pilot_id = 'a'")
    left = "a, head: a ref is kept for subject 's1' of it, and it is not there"
    with engine(path_url(tmp_path / "pilots.db")) as on:
        assert ["a, head: there is no such pilot", left] == [str(one) for one in on.verify("a")]
        assert [("a", 3), ("a", None)] == places(on, kept)
        assert left == str(on.verify(against=kept)[-1])
        assert [] == places(on, kept, "b")


def test_a_pilot_that_is_not_there_is_told_whatever_its_refs_say(on: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refs that cannot be read are told beside it, and those of a pilot that was begun meanwhile are no strays."""
    known, began = on._store.personal, "d"

    def personal(tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        if pilot_id != began:
            raise CorruptStore("its refs cannot be read", pilot_id=pilot_id)
        start(on, id=began)
        return (*known(tenant, pilot_id), Personal("s1", REF, b"salt"))

    monkeypatch.setattr(on._store, "personal", personal)
    missing = "head: there is no such pilot"
    assert [f"x, {missing}", "x, head: its refs cannot be read"] == [str(one) for one in on.verify("x")]
    assert [f"d, {missing}"] == [str(one) for one in on.verify(began)]


def test_a_participant_who_comes_meanwhile_is_no_stray(on: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is named by an event that was appended while the pilot was looked at is told as nothing."""
    on.fire("a", "identify", actor=LEAD, track="acme")
    looked, facts = on._store.personal, {"participant": REF, "start": "2026-03-01", "kind": "training"}

    def personal(tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        monkeypatch.undo()
        on.fire("a", "place", actor=LEAD, track="acme", data=facts)
        return looked(tenant, pilot_id)

    monkeypatch.setattr(on._store, "personal", personal)
    assert [] == places(on)
    assert 6 == on.get("a").version


@pytest.mark.parametrize("name", ["organisation", "programme", "track_states", "state", "phase", "ref", "updated_at"])
def test_what_is_searched_by_is_checked(on: Engine, name: str) -> None:
    """Each column that `find` looks at is compared with the events."""
    kept = on._store._tenants["default"]["a"]  # type: ignore[attr-defined]  # the store in memory
    wrong = {"track_states": ("agreed",), "updated_at": Clock().at.replace(year=2025)}.get(name, "other")
    kept.head = type(kept.head)(kept.head.body, kept.head.fold, replace(kept.head.summary, **{name: wrong}))
    (finding,) = on.verify()
    assert ("a", None, True) == (finding.pilot_id, finding.version, name in finding.problem)


def test_data_stays_frozen(on: Engine) -> None:
    """A history that was verified gives the same events as before."""
    before = list(on.history("a"))
    on.verify()
    assert before == list(on.history("a"))
    assert all(isinstance(one.data, FrozenDict) for one in before)
