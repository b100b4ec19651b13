"""How long a store waits for a server that says nothing, and for one that works."""

import socket
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import make_url

from proeftuin import Actor, Engine
from proeftuin.errors import OutcomeUnknown, StoreBusy, StoreError, StoreUnavailable
from proeftuin.spi import Recorded
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore, upgrade
from proeftuin.storage.sql.statements import Statement
from tests.serving import HOST

SLOW = {"postgresql": "SELECT pg_sleep(1.2)", "mariadb": "SELECT SLEEP(1.2)"}
SERVERS = list(SLOW)
LEAD = Actor("lead-1", roles={"coordinator"})


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("ask", [open_store, upgrade])
def test_a_server_that_says_nothing_is_given_up(url: str, ask: Callable[[str], object]) -> None:
    """Where somebody listens who says nothing, the server cannot be reached after the time that the URL allows."""
    with socket.create_server((HOST, 0)) as mute:
        there = make_url(url).set(port=mute.getsockname()[1]).update_query_dict({"timeout": "1"})
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            ask(there.render_as_string(hide_password=False))


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_works_is_waited_for(url: str, kind: str) -> None:
    """A statement that takes longer than others are waited for is not cut off."""
    there = make_url(url).update_query_dict({"timeout": "1"})
    store = open_store(there.render_as_string(hide_password=False))
    assert isinstance(store, SqlStore)
    connection = store._connections.take()
    assert 1 == len(store._database.run(connection, Statement(SLOW[kind]), {}).fetchall())
    store._connections.give(connection)
    store.close()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_transaction_that_stands_still_is_taken_back(url: str) -> None:
    """Who is stopped in the middle of a transaction keeps others off for a while, and has then written nothing."""
    stopped, told = threading.Event(), list[Exception]()

    class Stopping:
        def recorded(self, moment: Recorded) -> None:
            stopped.set()
            going_on.wait()

    def fire(engine: Engine) -> None:
        try:
            engine.fire(pilot, "add_lesson", actor=LEAD, data={"text": "too late"})
        except StoreError as error:
            told.append(error)

    going_on = threading.Event()
    there = make_url(url).update_query_dict({"timeout": "0.1"}).render_as_string(hide_password=False)
    with Engine.open(there) as engine, Engine.open(there, hooks=[Stopping()]) as stopping:
        data = {"title": "Catering", "organisation": "DJI"}
        pilot = engine.start("existing-contract", actor=LEAD, data=data).pilot.id
        thread = threading.Thread(target=fire, args=(stopping,))
        thread.start()
        stopped.wait()
        kept_waiting = 0
        while True:
            try:
                engine.fire(pilot, "add_lesson", actor=LEAD, data={"text": "in time"})
                break
            except StoreBusy:
                kept_waiting += 1
        going_on.set()
        thread.join()
        assert kept_waiting > 0
        assert ["in time"] == [one.data["text"] for one in engine.get(pilot).records("lesson")]
    assert [True] == [isinstance(one, StoreBusy | OutcomeUnknown) for one in told]
