"""PostgreSQL while commits are made: what is on its way is no more than a transaction, and holds one connection."""

from collections.abc import Callable, Iterator
from contextlib import closing
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import make_url

from proeftuin import Conflict, Engine, Fire, Result, StoreBusy, StoreUnavailable
from proeftuin.spi import Commit
from proeftuin.storage import upgrade_schema
from proeftuin.storage.sql.one_statement import PART
from proeftuin.storage.sql.postgresql import open_postgresql
from proeftuin.storage.sql.store import StreamingSqlStore
from proeftuin.testing.commits import TENANT, changed, started, stored, versions, written
from tests.servers import fresh_postgresql
from tests.unit.engines import LEAD, REF, TODAY, engine, start

psycopg = pytest.importorskip("psycopg")
NAMES = tuple(f"p{number:03}" for number in range(220))  # some parts, and a piece of one


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_postgresql() as made:
        upgrade_schema(made)
        yield f"{made}?pool_size=1&timeout=0.5"


@pytest.fixture
def store(url: str) -> Iterator[StreamingSqlStore]:
    with closing(open_postgresql(url)) as made:
        yield made


def changes(store: StreamingSqlStore) -> list[Commit]:
    """Begin pilots, and return commits that change them."""
    begun = [written(None, started(name)) for name in NAMES]
    store.append(*(commit for commit, _ in begun))
    return [written(pilot, changed(pilot, note="x"))[0] for _, pilot in begun]


def on_the_way(made: list[Commit], then: Callable[[], object]) -> Iterator[Commit]:
    """Give commits, and do something when most are on their way."""
    yield from made[:200]
    then()
    yield from made[200:]


def besides(url: str, text: str, *values: object) -> None:
    """Run a statement on another connection."""
    there = make_url(url).set(drivername="postgresql", query={})
    with psycopg.connect(there.render_as_string(hide_password=False), autocommit=True) as link:
        link.execute(text, values)


def unwritten(store: StreamingSqlStore) -> None:
    assert {1} == {versions(store, name)[-1] for name in NAMES}


def test_a_pilot_that_others_hold_is_told_in_time(url: str, store: StreamingSqlStore) -> None:
    """Where another transaction has one of the pilots, the stream is given up as busy, and goes through afterwards."""
    made = changes(store)
    there = make_url(url).set(drivername="postgresql", query={}).render_as_string(hide_password=False)
    with psycopg.connect(there) as other:
        other.execute("UPDATE pilots SET fold = fold WHERE id = %s", (NAMES[60],))
        begun = monotonic()
        with pytest.raises(StoreBusy):
            store.append_each(iter(made))
        assert monotonic() - begun < 20
        unwritten(store)
    store.append_each(iter(made))
    assert {2} == {versions(store, name)[-1] for name in NAMES}


def test_a_server_that_is_gone_half_way_has_written_nothing(url: str, store: StreamingSqlStore) -> None:
    """Where the connection ends while commits are made, that is told as no answer, and all of it can be done again."""
    made = changes(store)
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with pytest.raises(StoreUnavailable):
        store.append_each(on_the_way(made, lambda: besides(url, ended)))
    unwritten(store)
    store.append_each(iter(made))
    assert {2} == {stored(store, name, TENANT).version for name in NAMES}  # type: ignore[union-attr]  # each is there


@pytest.mark.parametrize("place", [200, 210, 219])
def test_somebody_who_was_first_meanwhile_is_told(url: str, store: StreamingSqlStore, place: int) -> None:
    """A pilot that others changed while commits were made is a conflict of that pilot, in whatever part it was."""
    made = changes(store)
    with closing(open_postgresql(url)) as other, pytest.raises(Conflict) as lost:
        store.append_each(on_the_way(made, lambda: other.append(made[place])))
    assert (NAMES[place], 1, 2) == (lost.value.pilot_id, lost.value.expected, lost.value.actual)
    store.append_each(iter([*made[:place], *made[place + 1 :]]))


@pytest.mark.parametrize("amount", [1, 2, PART - 1, PART])
def test_no_connection_is_kept_while_the_first_of_them_are_made(store: StreamingSqlStore, amount: int) -> None:
    """Until there is something to send, others may have the one connection of the pool, and lock what they like."""
    made = changes(store)[:amount]
    begun: list[str] = []

    def making() -> Iterator[Commit]:
        for one in made:
            begun.append(one.pilot_id)
            assert stored(store, one.pilot_id, TENANT) is not None
            yield one

    store.append_each(making())
    assert [*NAMES[:amount]] == begun
    assert [2] * amount == [versions(store, name)[-1] for name in NAMES[:amount]]


def test_a_stream_of_one_is_one_statement(monkeypatch: pytest.MonkeyPatch, store: StreamingSqlStore) -> None:
    """A stream that turns out to hold one commit is written as by an append: without a transaction around it."""
    made, texts = changes(store), list[str]()
    execute = psycopg.Cursor.execute

    def noted(cursor: Any, text: str, *given: Any, **more: Any) -> Any:
        texts.append(text)
        return execute(cursor, text, *given, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    store.append_each(iter(made[:1]))
    streamed = [*texts]
    texts.clear()
    store.append(made[1])
    assert 1 == len(texts)
    assert texts == streamed


def test_one_connection_is_enough_whatever_the_commands_need(store: StreamingSqlStore) -> None:
    """With a pool of one connection, commands that ask the store for participants wait for nobody."""
    on: Engine = engine(store)
    names = [start(on) for _ in range(60)]
    for name in names[:2]:
        on.fire(name, "identify", actor=LEAD, track="acme")
    place = {"participant": REF, "start": TODAY, "kind": "training"}
    notes = [Fire(name, "note", LEAD, {"text": "x"}) for name in names]
    answers = on.fire_many([*notes, Fire(names[0], "place", LEAD, place, "acme"), *notes])
    assert {Result} == {type(one) for one in answers}
    assert {Result} == {type(one) for one in on.fire_many(notes)}
    assert () == on.verify()
