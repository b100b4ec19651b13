import subprocess
import sys


def test_a_receiver_needs_no_database_library() -> None:
    """A delivery is verified, and an inbox made, in a process that has loaded neither SQLAlchemy nor an engine."""
    code = """
import sqlite3, sys
from datetime import UTC, datetime
from proeftuin.receiving import Inbox, NotVerified, new_secret, verify
try:
    verify({}, b"", new_secret())
except NotVerified:
    pass
Inbox().create(sqlite3.connect(":memory:"))
heavy = {"sqlalchemy", "structlog", "transitions", "cattrs", "ruamel", "rich", "ssl"}
print(sorted(heavy & set(sys.modules)), "proeftuin.engine" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[] False\n" == done.stdout
