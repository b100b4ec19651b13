"""How long a store waits for a server that says nothing, and for one that works."""

import socket
from collections.abc import Callable

import pytest
from sqlalchemy import make_url

from proeftuin.errors import StoreUnavailable
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore, upgrade
from proeftuin.storage.sql.statements import Statement
from tests.serving import HOST

SLOW = {"postgresql": "SELECT pg_sleep(1.2)", "mariadb": "SELECT SLEEP(1.2)"}
SERVERS = list(SLOW)


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
