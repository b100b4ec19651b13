import sqlite3
from pathlib import Path

import pytest

from proeftuin import Actor, CorruptStore, Engine, load_workflow
from tests.unit.engines import BEGAN, FACILITATOR, FLOW, LEAD, engine, sqlite_url, start


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with two pilots, a and b, of three events each."""
    with engine(sqlite_url(tmp_path)) as on:
        for name in "ab":
            start(on, id=name)
            on.fire(name, "note", actor=LEAD, data={"text": "x"})
            on.fire(name, "talk", actor=LEAD)
    return tmp_path / "pilots.db"


def tampered(path: Path, *statements: str) -> Engine:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return engine(f"sqlite:///{path}")


def test_a_whole_store_has_nothing_to_tell(path: Path) -> None:
    """Where nothing was touched nothing is found, in all pilots or in one."""
    with tampered(path) as on:
        assert ((), ()) == (on.verify(), on.verify("a"))


def test_an_unknown_pilot_is_found_missing(path: Path) -> None:
    """Asked about a pilot that there is not, the answer says so."""
    with tampered(path) as on:
        assert ["z, head: there is no such pilot"] == [str(one) for one in on.verify("z")]


@pytest.mark.parametrize(
    ("statement", "version"),
    [
        ("UPDATE events SET body = replace(body, '\"x\"', '\"y\"') WHERE pilot_id = 'a' AND version = 2", 2),
        ("DELETE FROM events WHERE pilot_id = 'a' AND version = 2", 2),
        ("UPDATE events SET digest = 'ff' WHERE pilot_id = 'a' AND version = 2", 2),
        ("UPDATE pilots SET body = replace(body, 'Catering', 'Cleaning') WHERE id = 'a'", None),
        ("UPDATE pilots SET state = 'closed' WHERE id = 'a'", None),
    ],
)
def test_what_was_touched_is_found_at_its_place(path: Path, statement: str, version: int | None) -> None:
    """An event that was changed or deleted, and a head that was changed, are found at their place."""
    with tampered(path, statement) as on:
        found = on.verify()
        assert {"a"} == {one.pilot_id for one in found}
        assert version in {one.version for one in found}
        assert () == on.verify("b")


def test_what_cannot_be_read_is_told_and_not_guessed(path: Path) -> None:
    """A head whose bytes were destroyed is an error of the store that names the pilot, and is found."""
    with tampered(path, "UPDATE pilots SET body = x'00ff' WHERE id = 'a'") as on:
        with pytest.raises(CorruptStore, match="'a'"):
            on.get("a")
        assert {"a"} == {one.pilot_id for one in on.verify()}
        assert "talking" == on.get("b").state


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE pilot_id = 'a' AND version = 1",
        "UPDATE events SET body = replace(body, '\"fields\"', '\"fialds\"') WHERE pilot_id = 'a' AND version = 2",
    ],
)
def test_a_history_that_cannot_be_folded_is_told_as_damage(path: Path, statement: str) -> None:
    """Whoever folds a history with a hole in it, or with an event that lacks a part, gets an error with its place."""
    with tampered(path, statement) as on:
        for ask in (
            lambda: on.get("a", version=2),
            lambda: on.get("a", at=BEGAN),
            lambda: list(on.seen_by(FACILITATOR).history("a")),
        ):
            with pytest.raises(CorruptStore, match=r"event 2 of pilot 'a' cannot be folded: .*proeftuin verify"):
                ask()
        assert "talking" == on.get("b").state
    with tampered(path, "UPDATE pilots SET fold = 0") as on, pytest.raises(CorruptStore, match="event 2 of pilot 'a'"):
        on.get("a")


@pytest.mark.parametrize(
    "change",
    [
        "signals = 'x'",
        "signals = '5'",
        "signals = x'00'",
        "signals = '[5]'",
        "track_states = '['",
        "track_states = '{}'",
        "version = 'x'",
        "version = 2.5",
        "created_at = 9223372036854775807",
    ],
)
@pytest.mark.parametrize("at", [1, 100])
def test_a_summary_that_cannot_be_read_hides_no_other_pilot(
    path: Path, monkeypatch: pytest.MonkeyPatch, change: str, at: int
) -> None:
    """A column that no summary can be made of is found, and so is what is wrong with the pilots behind it."""
    monkeypatch.setattr("proeftuin.storage.verify.PAGE", at)
    unreadable = f"UPDATE pilots SET {change} WHERE id = 'a'"  # noqa: S608  # the changes stand above
    with tampered(path, unreadable, "DELETE FROM events WHERE pilot_id = 'b'") as on:
        found = [one.pilot_id for one in on.verify()]
        assert ("a", "b") == (found[0], found[-1])
        assert 1 == found.count("a")
        with pytest.raises(CorruptStore) as told:
            on.find()
        assert "a" == told.value.pilot_id


def test_a_head_without_a_history_is_found(path: Path) -> None:
    """A pilot of which all events were taken away is found by its head, whatever version that is said to have."""
    with tampered(
        path, "DELETE FROM events WHERE pilot_id = 'a'", "UPDATE pilots SET version = 0 WHERE id = 'a'"
    ) as on:
        assert ["a, head: there is no event of it"] == [str(one) for one in on.verify()]


def test_an_event_that_cannot_be_read_is_told_beside_a_checkpoint(path: Path) -> None:
    """What cannot be read is among what is found, also where a checkpoint knows it, and the rest is looked at."""
    with engine(f"sqlite:///{path}") as on:
        told = list(on.checkpoint())
    unreadable = "UPDATE events SET type = cast(x'ff' as text) WHERE pilot_id = 'a'"
    with tampered(path, unreadable, "DELETE FROM events WHERE pilot_id = 'b'") as on:
        assert {"a", "b"} == {one.pilot_id for one in on.verify(against=told)}


def test_verifying_one_pilot_looks_at_what_is_stored(path: Path) -> None:
    """A head that this engine holds in its cache does not hide what was changed in the store."""
    with tampered(path) as on:
        on.get("a")
        tampered(path, "UPDATE pilots SET state = 'closed' WHERE id = 'a'").close()
        assert ["a"] == [one.pilot_id for one in on.verify("a")]


@pytest.mark.parametrize(("version", "since"), [(1, "it began under"), (2, "it was moved to")])
def test_a_workflow_that_was_changed_is_found(tmp_path: Path, version: int, since: str) -> None:
    """The version that a pilot began under, and the one that it was moved to, must be what they were then."""
    versions = [load_workflow(FLOW.replace("version: 1", f"version: {number}")) for number in (1, 2)]
    with Engine.open(sqlite_url(tmp_path), workflows=versions) as on:
        on.start("talks@1", actor=LEAD, data={"title": "Canteen"}, id="a")
        on.migrate(on.plan_migration("talks@1", 2), actor=Actor("ada", roles={"workflow_manager"}), reason="new")
    connection = sqlite3.connect(tmp_path / "pilots.db")
    connection.execute("UPDATE workflows SET body = CAST(body || ' ' AS BLOB) WHERE version = ?", (version,))
    connection.commit()
    connection.close()
    with Engine.open(sqlite_url(tmp_path), workflows=[]) as on:
        (found,) = on.verify()
        assert (version, True) == (found.version, found.problem.endswith(since))
