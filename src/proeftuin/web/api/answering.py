"""How a request becomes an answer: its operation is found, is given what was asked, and tells what comes of it as JSON.

What goes wrong is told as a problem.
There is one route below `/api/v1`, and the path is taken apart as it was sent: an id may hold a slash, written `%2F`.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from urllib.parse import unquote

from attrs import evolve, frozen
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from proeftuin.core.workflow import LANGUAGES
from proeftuin.errors import BadArgument, ProeftuinError
from proeftuin.web.api import given, jsons, problems
from proeftuin.web.api.operations import LINES, At, Operation, Reply, by_path
from proeftuin.web.api.problems import Fault, Told
from proeftuin.web.asking import desk_of
from proeftuin.web.language import language

LANG = "lang"


@frozen
class Found:
    """An operation, and the parts of the path."""

    operation: Operation
    named: Mapping[str, str]


class Finder:
    """Finds operations by method and path."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._paths = {tuple(path.strip("/").split("/")): held for path, held in by_path(operations).items()}

    def find(self, method: str, parts: tuple[str, ...]) -> Found:
        """Return the operation at a path.

        Raises:
            Fault: where there is nothing, or not by this method.
        """
        for path, held in self._paths.items():
            named = _fits(path, parts)
            if named is None:
                continue
            operation = held.get("GET" if method == "HEAD" else method)
            if operation is None:
                allow = ", ".join(sorted({*held, *(("HEAD",) if "GET" in held else ())}))
                raise Fault(405, "wrong-method", {"Allow": allow}, allow=allow)
            return Found(operation, named)
        raise Fault(404, "no-such-address")


def _fits(path: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, str] | None:
    """Return the named parts, None where the path is another."""
    if len(path) != len(parts):
        return None
    named = {one[1:-1]: part for one, part in zip(path, parts, strict=True) if one.startswith("{")}
    fixed = all(one == part for one, part in zip(path, parts, strict=True) if not one.startswith("{"))
    return named if fixed and all(named.values()) else None


def parts_of(request: Request) -> tuple[str, ...]:
    """Return the parts of a path below the API: as they were sent, where the server says how that was."""
    root: str = request.scope.get("root_path", "")
    raw: bytes = request.scope.get("raw_path") or b""
    sent, depth = raw.decode("latin-1").partition("?")[0].split("/"), len(root.split("/"))
    if unquote("/".join(sent[:depth])) == root:
        return tuple(unquote(one) for one in sent[depth:])
    path: str = request.scope["path"]
    return tuple(path.removeprefix(root).split("/")[1:])


class Answerer:
    """Answers requests by a table of operations."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._finder = Finder(operations)

    def answer(self, request: Request, body: bytes) -> Response:
        """Answer a request; it is called in a thread."""
        lang = language(request)
        try:
            return self._asked(request, body, lang)
        except Fault as fault:
            return respond(problems.of_fault(fault, lang), lang)
        except ProeftuinError as error:
            told = problems.of_error(error, lang, expected="if-match" in request.headers)
            problems.logged(error, told)
            return respond(told, lang)

    def _asked(self, request: Request, body: bytes, lang: str) -> Response:
        found, desk = self._finder.find(request.method, parts_of(request)), desk_of(request)
        operation = found.operation
        if operation.operator and not desk.seat.operator:
            raise Fault(403, "operators-only")
        at = At(desk, found.named, lang, address=request.scope.get("root_path", ""))
        if operation.keyed:
            at = evolve(at, key=given.key(request.headers.get("idempotency-key")))
        if operation.conditional:
            at = evolve(at, tags=given.tags(request.headers.get("if-match")))
        came = operation.does(at, _given(operation, request, body))
        return _told(operation, came if isinstance(came, Reply) else Reply(came), request, lang)


def _given(operation: Operation, request: Request, body: bytes) -> object:
    """Return the query or the body, as the class that the operation takes."""
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != LANG]
    if any(one not in LANGUAGES for one in request.query_params.getlist(LANG)):
        raise BadArgument(LANG, f"must be one of {', '.join(LANGUAGES)}")
    query: object = given.query(pairs, operation.query)
    if operation.body is None:
        return query
    return given.body(body, request.headers.get("content-type", ""), operation.body)


def _told(operation: Operation, reply: Reply, request: Request, lang: str) -> Response:
    headers = {"Content-Language": lang, "Vary": "Authorization", **reply.headers}
    if reply.lines is not None:
        return StreamingResponse(_begun(reply.lines), operation.status, headers, LINES)
    body, shows = jsons.tell(reply.body), operation.method == "GET"
    if reply.version is not None:
        tag = given.tag(reply.version, body if shows else None)
        headers |= {"ETag": tag, "Cache-Control": "private, no-cache"}
        if shows and given.same(request.headers.get("if-none-match"), tag):
            return Response(None, 304, headers)
    return Response(body, operation.status, headers, given.JSON)


def _begun(lines: Iterator[str]) -> Iterator[str]:
    """Return lines of which the first was made already: what is wrong from the beginning is still told as a problem."""
    first = tuple(islice(lines, 1))
    return chain(first, lines)


def respond(told: Told, lang: str) -> Response:
    """Return a problem as an answer."""
    headers = {"Content-Language": lang, **told.headers}
    return Response(jsons.tell(told.body), told.status, headers, problems.MEDIA)
