"""A receiver of webhooks: what `proeftuin deliver` brings is verified, and acted on once and in order."""

import os
import sqlite3
from contextlib import closing
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from proeftuin.receiving import Inbox, verify

inbox = Inbox(contiguous=True)  # refuses an event whose predecessor did not come; it will come again
router = APIRouter()


async def raw(request: Request) -> bytes:
    """Return the bytes of the request as they came: those were signed."""
    return await request.body()


@router.post("/hooks", status_code=204)
def receive(request: Request, body: Annotated[bytes, Depends(raw)]) -> None:
    """Take an event, in the transaction in which it is acted on; here it becomes a line of news."""
    event = verify(request.headers, body, os.environ["HR_SECRET"])
    with closing(sqlite3.connect("news.db")) as connection, connection:  # commits at its end, or rolls back
        inbox.create(connection)  # where it is not there yet; yours may be a migration
        connection.execute("CREATE TABLE IF NOT EXISTS news (pilot TEXT, version INTEGER, type TEXT)")
        if inbox.once(connection, event):
            connection.execute("INSERT INTO news VALUES (?, ?, ?)", (event.pilot, event.version, event.type))
