"""Writes the golden stores of the present schema: `python -m tests.golden.write`.

A golden store is what this version of the library wrote, kept for ever: each later version must open it, verify it,
read the same bytes, and go on. So from its first commit on neither these files nor the migration that made their tables
ever change; a later schema gets a folder of its own beside this one, and this script refuses to write into one that is
there. It needs a PostgreSQL and a MariaDB, named by their environment variables (see `tests.servers`).
"""

import gzip
import json
import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proeftuin.core.evolve import FOLD
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from proeftuin.storage.sql.schema import MIGRATIONS, PRESENT
from tests import servers
from tests.golden.sqltext import heard, joined, rows
from tests.golden.story import HERE, digest_of, said, tell

FRESH: dict[str, Any] = {"postgresql": servers.fresh_postgresql, "mariadb": servers.fresh_mariadb}


def main() -> None:
    """Write a file for each database, and one of what they hold."""
    folder = HERE / PRESENT
    if folder.exists():
        sys.exit(f"{folder} is there, and never changes; a new schema has a new number")
    told, files = {}, {}
    told["sqlite"], files["sqlite.db"] = _sqlite()
    for kind in FRESH:
        told[kind], files[f"{kind}.sql"] = _server(kind)
    assert told["sqlite"] == told["postgresql"] == told["mariadb"]
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    (migration,) = (MIGRATIONS / "versions").glob(f"{PRESENT}_*.py")
    kept = {"schema": PRESENT, "fold": FOLD, "migration": digest_of(migration), "tenants": told["sqlite"]}
    (folder / "expected.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _sqlite() -> tuple[Any, bytes]:
    with TemporaryDirectory() as folder:
        path, packed = Path(folder) / "pilots.db", Path(folder) / "packed.db"
        told = _told(f"sqlite:///{path}")
        with sqlite3.connect(path) as connection:
            connection.execute("VACUUM INTO ?", (str(packed),))
        connection.close()
        return told, packed.read_bytes()


def _server(kind: str) -> tuple[Any, bytes]:
    with FRESH[kind]() as url:
        with heard() as made:
            upgrade(url)
        told = _told(url)
        return told, joined([*made, *rows(url, kind)]).encode()


def _told(url: str) -> Any:
    tell(url)
    store = open_store(url)
    told = said(store)
    store.close()
    return told


if __name__ == "__main__":
    main()
