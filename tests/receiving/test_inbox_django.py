"""An inbox inside Django's transactions, as a view has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connections, transaction

from proeftuin import BadArgument
from proeftuin.receiving import Inbox
from tests.sinks.parcels import parcel

ALIAS = "hr"
EVENT = parcel().events[0]
INBOX = Inbox()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    """Django's connection to a database with an inbox."""
    if not settings.configured:
        settings.configure(USE_TZ=True)
        django.setup()
    given = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "hr.db")}
    connections.databases[ALIAS] = connections.configure_settings({"default": {}, ALIAS: given})[ALIAS]
    with transaction.atomic(using=ALIAS):
        INBOX.create(connections[ALIAS])
    yield connections[ALIAS]
    connections[ALIAS].close()
    del connections[ALIAS], connections.databases[ALIAS]


def test_a_view_takes_an_event_once(connection: Any) -> None:
    """In a block that is rolled back nothing is taken, and in one that is kept the event is taken once."""
    with transaction.atomic(using=ALIAS):
        assert INBOX.once(connection, EVENT)
        transaction.set_rollback(True, using=ALIAS)  # Django's own signature
    with transaction.atomic(using=ALIAS):
        assert INBOX.once(connection, EVENT)
    with transaction.atomic(using=ALIAS):
        assert not INBOX.once(connection, EVENT)


def test_outside_a_block_django_commits_each_statement(connection: Any) -> None:
    """Without `atomic` around it, what is missing is told, and nothing is taken."""
    with pytest.raises(BadArgument, match="begin a transaction first"):
        INBOX.once(connection, EVENT)
    with transaction.atomic(using=ALIAS):
        assert INBOX.once(connection, EVENT)
