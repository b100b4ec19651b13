"""The same calls for programs, as JSON.

table (pilots, figures, keeping)   the operations: one line each, from which routes and document are made
given, answers, problems           what a request brings; what is answered; what is wrong
answering, openapi                 from a request to an answer; the OpenAPI document
triggers                           what the data of a trigger must look like, as JSON Schema
"""

from starlette.routing import Route

from proeftuin.web.api.answering import Answerer
from proeftuin.web.api.table import OPERATIONS
from proeftuin.web.asking import in_thread

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def routes() -> list[Route]:
    """Return what is below `/api/v1`: one route, which finds its operation in the table."""
    return [Route("/{rest:path}", in_thread(Answerer(OPERATIONS).answer), methods=METHODS)]
