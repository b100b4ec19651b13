"""A version never changes: what a store keeps is what its pilots follow, and what was changed under it is refused."""

import shutil
import sqlite3
from contextlib import ExitStack
from pathlib import Path

import pytest

from proeftuin import DefinitionError, Engine, Refused, UnknownWorkflow, WorkflowChanged, load_workflow
from proeftuin.definitions import Catalogue, publish
from proeftuin.storage import open_store
from tests.property.kinds import FRESH, opened
from tests.unit.engines import BOARD, DATA, FLOW, LEAD, Counting, engine, sqlite_url, start
from tests.versioning import EDITED, edited, lives_on, race

KINDS = ("memory", "sqlite", *FRESH)


@pytest.mark.parametrize("kind", KINDS)
def test_a_pilot_outlives_the_file_of_its_workflow(kind: str, tmp_path: Path) -> None:
    """With the file gone a pilot is still asked, moved, drawn, ticked, delivered and verified."""
    with ExitStack() as stack:
        lives_on(opened(kind, stack, tmp_path))


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_files_of_one_version_one_is_kept(kind: str, tmp_path: Path) -> None:
    """Of two engines that begin by different files of one version at once, one begins and the other is told."""
    with ExitStack() as stack:
        store = opened(kind, stack, tmp_path)
        race((store, store))


def test_an_edited_file_is_refused_and_running_pilots_go_on(tmp_path: Path) -> None:
    """By a file that was changed without a new version no pilot begins; those that run follow what the store keeps."""
    with engine(sqlite_url(tmp_path)) as on:
        running = start(on)
    with engine(sqlite_url(tmp_path), EDITED, ids=Counting(9)) as on:
        with pytest.raises(WorkflowChanged, match="give the change the next version"):
            on.start("talks@1", actor=LEAD, data=DATA)
        with pytest.raises(WorkflowChanged) as caught:
            start(on)
        assert (load_workflow(FLOW).hash, edited().hash) == (caught.value.held, caught.value.given)
        assert "talking" == on.fire(running, "talk", actor=LEAD).pilot.state
        with pytest.raises(WorkflowChanged):
            start(on)  # also once the version of the store is at hand
        assert [running] == [one.id for one in on.each()]
        assert () == on.verify()


def test_the_next_version_is_taken(tmp_path: Path) -> None:
    """Given the next version, new pilots begin by the change, and running ones keep to theirs."""
    with engine(sqlite_url(tmp_path)) as on:
        running = start(on)
    with engine(sqlite_url(tmp_path), EDITED.replace("version: 1", "version: 2"), ids=Counting(9)) as on:
        new = start(on)
        assert ("talks@1", "talks@2") == (on.get(running).workflow, on.get(new).workflow)
        with pytest.raises(Refused):
            on.fire(new, "talk", actor=LEAD)
        assert "talking" == on.fire(new, "talk", actor=BOARD).pilot.state
        assert "talking" == on.fire(running, "talk", actor=LEAD).pilot.state


def test_no_pilot_begins_by_a_file_that_is_gone() -> None:
    """What the store keeps and nobody gave is for running pilots alone, before and after one of them was looked at."""
    store = open_store("memory://")
    running = start(engine(store))
    bare = Engine(store, workflows=[])
    for _ in range(2):
        with pytest.raises(UnknownWorkflow):
            bare.start("talks@1", actor=LEAD, data=DATA)
        assert "open" == bare.get(running).state
        assert bare.explain(running, "talk", actor=LEAD).allowed


def test_another_tenant_shares_what_is_kept() -> None:
    """A store keeps one definition of a version for all its tenants, so the second one's edited file is refused."""
    store = open_store("memory://")
    start(engine(store, tenant="one"))
    other = engine(store, EDITED, tenant="two")
    with pytest.raises(WorkflowChanged):
        start(other)
    assert [] == list(other.each())


def test_a_follow_up_by_an_edited_file_is_refused() -> None:
    """Where a command would begin a pilot by an edited file, `explain` says no and `fire` refuses, changing nothing."""
    store = open_store("memory://")
    on = engine(store)
    pilot = start(on)
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    on.fire(pilot, "talk", actor=LEAD)
    closed = on.fire(pilot, "finish", actor=BOARD).pilot
    other = engine(store, EDITED, ids=Counting(9))
    assert not other.explain(pilot, "follow", actor=LEAD, data={"title": "Again"}).allowed
    with pytest.raises(Refused) as caught:
        other.fire(pilot, "follow", actor=LEAD, data={"title": "Again"})
    assert ("bad-value",) == caught.value.codes
    assert closed.version == other.get(pilot).version


def test_a_rolled_back_first_use_is_not_kept(tmp_path: Path) -> None:
    """What was kept inside a transaction of the host that is rolled back is kept no more, and another file may come."""
    with engine(sqlite_url(tmp_path)) as on:
        connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        start(on.using(connection))
        connection.rollback()
        connection.close()
    with engine(sqlite_url(tmp_path), EDITED) as on:
        assert edited().hash == on.workflow(on.get(start(on)).workflow).hash


def test_what_a_savepoint_took_back_is_kept_anew(tmp_path: Path) -> None:
    """Where the host takes back a first use and then begins a pilot after all, the definition is kept beside it."""
    with engine(sqlite_url(tmp_path)) as on:
        connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        hosted = on.using(connection)
        connection.execute("SAVEPOINT ours")
        start(hosted)
        connection.execute("ROLLBACK TO ours")
        pilot = start(hosted)
        start(hosted)
        connection.execute("COMMIT")
        connection.close()
    with Engine.open(sqlite_url(tmp_path), workflows=[]) as bare:
        assert "talking" == bare.fire(pilot, "talk", actor=LEAD).pilot.state


def test_a_file_that_differs_from_its_line_in_the_lock_is_not_loaded(tmp_path: Path) -> None:
    """An engine refuses a published file that was edited, before any store is asked, and says what to do."""
    file = tmp_path / "talks.yaml"
    file.write_text(FLOW, encoding="utf-8")
    publish(file)
    Catalogue([file])
    file.write_text(EDITED, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"changed-version: talks@1 is published as .* `version: 2`"):
        Engine(open_store("memory://"), workflows=[file])
    file.write_text(EDITED.replace("version: 1", "version: 2"), encoding="utf-8")
    assert ("talks@2",) == Catalogue([file]).ids()


def test_a_bundled_file_that_was_edited_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundled workflow that is not what was published is refused when it is first asked for."""
    from proeftuin.definitions import catalogue  # noqa: PLC0415  # the one use here

    folder = tmp_path / "workflows"
    shutil.copytree(catalogue.bundled_folder(), folder)
    (folder / "talks").mkdir()
    (folder / "talks" / "v1.yaml").write_text(FLOW, encoding="utf-8")
    publish(folder)
    (folder / "talks" / "v1.yaml").write_text(EDITED, encoding="utf-8")
    monkeypatch.setattr(catalogue, "bundled_folder", lambda: folder)
    with pytest.raises(DefinitionError, match="changed-version"):
        Catalogue().get("talks")
    assert "programme@1" == Catalogue().get("programme").id
