"""All operations, and what of the engine has none."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from proeftuin import __version__
from proeftuin.definitions.schema import workflow_schema
from proeftuin.web.api import figures, keeping, moving, persons, pilots, subscribers
from proeftuin.web.api.given import JSON
from proeftuin.web.api.openapi import document
from proeftuin.web.api.operations import At, Operation, get


@cache
def openapi() -> Mapping[str, Any]:
    """Return the OpenAPI document of all that is served."""
    return document(OPERATIONS, __version__)


def get_openapi(at: At, _ask: object) -> Mapping[str, Any]:
    """Give this document."""
    return {**openapi(), "servers": [{"url": at.address}]}


def get_workflow_schema(_at: At, _ask: object) -> Mapping[str, Any]:
    """Give the JSON Schema of workflow files."""
    return workflow_schema()


OPERATIONS: tuple[Operation, ...] = (
    *pilots.OPERATIONS,
    *figures.OPERATIONS,
    *persons.OPERATIONS,
    *keeping.OPERATIONS,
    *subscribers.OPERATIONS,
    *moving.OPERATIONS,
    get("/openapi.json", get_openapi, (), JSON),
    get("/workflow.schema.json", get_workflow_schema, (), JSON),
)

NOT_SERVED: Mapping[str, str] = {
    "close": "the host closes what it opened",
    "deliver": "a worker delivers, with sinks of its own: `proeftuin deliver`",
    "dossiers": "each is as `GET /export` and `GET /pilots/{pilot}/history` give it",
    "for_tenant": "`authorize` says whose pilots a seat is for",
    "listen": "a worker waits; a program asks for the history after the version that it has",
    "open": "the host opens the engine",
    "ref": "a person behind a subject is looked up with a reason, which is written down",
    "seen_by": "every answer is what the seat's actor sees",
    "using": "a transaction does not cross a network",
}
"""The calls of the engine that are not served, and why."""
