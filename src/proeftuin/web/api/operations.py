"""What an operation of the API is: a line of a table, from which both the routes and the OpenAPI document are made."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Literal

from attrs import Factory, evolve, frozen

from proeftuin import errors
from proeftuin.errors import ProeftuinError
from proeftuin.web.api.given import Tags
from proeftuin.web.desk import Desk

Method = Literal["GET", "POST", "PUT", "DELETE"]
LINES = "application/x-ndjson"


@frozen
class Nothing:
    """No parameters."""


@frozen(eq=False)
class At:
    """What every operation is given: the engine as this seat may use it, and what stood around the request.

    Attributes:
        named: the parts of the path, by name.
        lang: in which reasons are told.
        key: the idempotency key.
        tags: what `If-Match` named.
        address: where the API is.
    """

    desk: Desk
    named: Mapping[str, str]
    lang: str
    key: str | None = None
    tags: Tags | None = None
    address: str = ""

    @property
    def pilot(self) -> str:
        """The id of the pilot that the path names."""
        return self.named["pilot"]

    def expect(self) -> int | None:
        """Return the version that the request expects of its pilot, None where it does not say."""
        if self.tags is None:
            return None
        return self.tags.expect(self.desk.view.get(self.pilot).version)


@frozen
class Reply:
    """An answer that is more than its body.

    Attributes:
        body: any value of ours; None for no body at all.
        version: of the pilot that is answered, for its `ETag`.
        headers: what it brings besides.
        lines: the body, line by line, where it is long.
    """

    body: object = None
    version: int | None = None
    headers: Mapping[str, str] = Factory(dict)
    lines: Iterator[str] | None = None


@frozen
class Operation:
    """One thing that can be asked.

    Attributes:
        path: with the names of its parts, `/pilots/{pilot}`.
        does: takes an `At` and the query or the body; returns a value, or a `Reply`. It runs in a thread.
        calls: the methods of the engine that it is there for.
        answers: the class of its answer; or its media type, such as `LINES`, for text line by line.
        query, body: the class of what it is given; at most one of the two.
        status: of its answer.
        raises: what goes wrong that the others do not have.
        operator: whether it is for who runs the tool alone.
        conditional: whether it takes `If-Match`; `keyed` whether `Idempotency-Key`.
    """

    method: Method
    path: str
    does: Callable[[At, Any], object]
    calls: tuple[str, ...]
    answers: type | str
    query: type = Nothing
    body: type | None = None
    status: int = 200
    raises: tuple[type[ProeftuinError], ...] = ()
    operator: bool = False
    conditional: bool = False
    keyed: bool = False
    tagged: bool = False

    @property
    def name(self) -> str:
        """What it is called in the OpenAPI document."""
        return self.does.__name__

    @property
    def says(self) -> str:
        """What it is for, as its function says."""
        return (self.does.__doc__ or "").strip()

    @property
    def parts(self) -> tuple[str, ...]:
        """The names in its path."""
        return tuple(one.partition("}")[0] for one in self.path.split("{")[1:])

    @property
    def failures(self) -> tuple[type[ProeftuinError], ...]:
        """The errors of the engine that it may answer."""
        of_pilot = (errors.UnknownPilot,) if "pilot" in self.parts else ()
        return (errors.BadArgument, *of_pilot, *self.raises, *STORE)


STORE = (errors.StoreBusy, errors.StoreUnavailable, errors.StoreError)


get, post, put, delete = (partial(Operation, method) for method in ("GET", "POST", "PUT", "DELETE"))


def own(*operations: Operation) -> tuple[Operation, ...]:
    """Return operations as those of who runs the tool alone."""
    return tuple(evolve(one, operator=True) for one in operations)


def by_path(operations: Iterable[Operation]) -> dict[str, dict[str, Operation]]:
    """Return operations by path and method."""
    found: dict[str, dict[str, Operation]] = {}
    for one in operations:
        found.setdefault(one.path, {})[one.method] = one
    return found
