"""Short answers, as a page or as a problem: who may not come in, what is too much, what is not there."""

from collections.abc import Mapping
from html import escape
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from proeftuin.web.language import language

_SAY: Mapping[int, tuple[str, str]] = {
    400: ("This was not understood.", "Dit is niet begrepen."),
    401: ("Sign in first: nobody is known here.", "Log eerst in: er is niemand bekend."),
    403: ("You may not come in here.", "U mag hier niet komen."),
    404: ("There is nothing here, or not for you.", "Hier is niets, of niet voor u."),
    405: ("That cannot be done here.", "Dat kan hier niet."),
    413: ("This is more than can be taken in at once.", "Dit is meer dan in \u00e9\u00e9n keer kan."),
    429: ("Too many requests. Wait a moment, and try again.", "Te veel verzoeken. Wacht even en probeer het opnieuw."),
    500: ("Something went wrong here; it was noted.", "Er ging hier iets mis; het is genoteerd."),
    503: ("This cannot be reached now. Try again.", "Dit is nu niet bereikbaar. Probeer het opnieuw."),
}  # fmt: skip
FOREIGN = "foreign-page"
_OWN: Mapping[str, tuple[str, str]] = {
    FOREIGN: ("This can be done from our own pages alone.", "Dit kan alleen vanaf onze eigen pagina's."),
}
"""What is said of a code that is not the usual one of its status."""
API = "/api/v1"
_STANDARD = frozenset(HTTPStatus)
_CODES: Mapping[int, str] = {
    400: "bad-argument",
    401: "not-signed-in",
    403: "not-allowed",
    404: "no-such-address",
    405: "wrong-method",
    413: "too-large",
    429: "too-many",
    503: "store-unavailable",
}
"""What a program knows these by; anything else is `failed`."""


def short(
    scope: Scope,
    status: int,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    code: str | None = None,
) -> Response:
    """Return a short answer: a problem (RFC 9457) below `/api`, otherwise a page.

    Args:
        scope: the request that is answered.
        status: of HTTP.
        detail: what is wrong, where it is not the usual of this status.
        headers: those that belong to it.
        code: what a program knows it by, where it is not the usual of this status.
    """
    lang = language(Request(scope))
    text = _OWN.get(code or "", _SAY.get(status, _SAY[500]))[lang == "nl"]
    title = HTTPStatus(status).phrase if status in _STANDARD else f"{status}"  # the host's own may be any
    root: str = scope.get("root_path", "")
    if root.endswith(API) or scope["path"].removeprefix(root).startswith(f"{API}/"):  # from within, or in front of it
        known = code or _CODES.get(status, "failed")
        problem = {"type": f"urn:proeftuin:{known}", "title": title, "status": status, "detail": detail or text}
        return JSONResponse(problem, status, headers, media_type="application/problem+json")
    return HTMLResponse(_page(lang, status, text, root), status, headers)


def _page(lang: str, status: int, text: str, root: str) -> str:
    """Return a page that tells nothing but what is wrong; it is made without templates, as those may be what failed."""
    style = escape(f"{root}/static/board.css")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{status}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{style}"></head><body><main><h1>{escape(text)}</h1>'
        f'<p><a href="{escape(root)}/">{("Board", "Bord")[lang == "nl"]}</a></p></main></body></html>\n'
    )
