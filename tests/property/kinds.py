"""A new store of each kind."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from proeftuin.spi import Store
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from tests import servers
from tests.conftest import needed
from tests.servers import Kind
from tests.stores import path_url

FRESH: dict[Kind, Any] = {"postgresql": servers.fresh_postgresql, "mariadb": servers.fresh_mariadb}


def opened(kind: str, stack: ExitStack, folder: Path) -> Store:
    """Open a new store, which is closed with the stack; the test is skipped where its server is missing."""
    if kind in FRESH:
        server: Kind = kind
        url = stack.enter_context(FRESH[server](needed(server, lambda: servers.server_url(server))))
        upgrade(url)
    else:
        url = path_url(folder / "pilots.db") if kind == "sqlite" else "memory://"
    store = open_store(url)
    stack.callback(store.close)
    return store
