"""What is answered when something goes wrong; every error of ours has one status."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from proeftuin import log
from proeftuin.errors import ProeftuinError
from proeftuin.web.guarding import TooLarge
from proeftuin.web.telling import short

STATUS: Mapping[str, int] = {
    "refused": 409,
    "unknown-pilot": 404,
    "unknown-workflow": 404,
    "pilot-exists": 409,
    "bad-argument": 400,
    "conflict": 409,
    "key-reused": 409,
    "store-busy": 503,
    "store-unavailable": 503,
    "outcome-unknown": 503,
    "store-full": 503,
}


def _ours(request: Request, error: ProeftuinError) -> Response:
    status = STATUS.get(error.code, 500)
    if status == 500:  # noqa: PLR2004  # the status of what is nobody's fault out there
        log.warning("page-failed", error=error.code)
    return short(request.scope, status)


def _http(request: Request, error: HTTPException) -> Response:
    return short(request.scope, error.status_code, headers=error.headers)


def _large(request: Request, _error: TooLarge) -> Response:
    return short(request.scope, 413)


def _other(request: Request, error: Exception) -> Response:
    log.warning("page-failed", error=type(error).__name__)
    return short(request.scope, 500)


HANDLERS: Mapping[Any, Any] = {ProeftuinError: _ours, HTTPException: _http, TooLarge: _large, Exception: _other}
