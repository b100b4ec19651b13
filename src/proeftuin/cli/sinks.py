"""To whom events are delivered: as NAME=URL, or from a TOML file, where secrets need not stand in a command.

    [hr-tool]
    url = "https://hr.example/pilots"
    secrets = [{env = "HR_SECRET"}, {file = "/run/secrets/hr-old"}]

A table with the one key `env` or `file` is replaced by the text that it names, white space at its ends left out.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

from attrs import frozen
from cyclopts import Parameter

from proeftuin.cli.exits import Usage
from proeftuin.engine import Engine
from proeftuin.sinks import open_sink
from proeftuin.spi import Sink
from proeftuin.views import plain


@frozen
class To:
    """To whom events are delivered.

    Args:
        to: NAME=URL: deliver what NAME subscribed to, to the sink at URL; repeat it for several.
        sinks: a TOML file with a table for each subscriber: its url, and what else its kind of sink takes.
    """

    to: Annotated[tuple[str, ...], Parameter(negative=())] = ()
    sinks: Annotated[Path | None, Parameter(env_var="PROEFTUIN_SINKS")] = None

    @property
    def given(self) -> bool:
        """Whether anybody is named."""
        return bool(self.to) or self.sinks is not None

    @contextmanager
    def open(self) -> Iterator[dict[str, Sink]]:
        """Open the sinks, by name, and close those that can be closed.

        Raises:
            Usage: for a file or a name that makes no sense.
            BadArgument: for a URL or an option that no sink knows.
        """
        wanted = {} if self.sinks is None else _read(self.sinks)
        for one in self.to:
            name, separator, url = one.partition("=")
            if not separator or not name:
                raise Usage("l-bad-to", given=one)
            if name in wanted:
                raise Usage("l-twice", name=name)
            wanted[name] = {"url": url}
        if not wanted:
            raise Usage("l-nobody")
        with ExitStack() as stack:
            yield {name: _opened(stack, options) for name, options in wanted.items()}


Tos = Annotated[To, Parameter(name="*")]


def subscribed(engine: Engine, sinks: Mapping[str, Sink]) -> dict[str, Sink]:
    """Return those sinks that somebody subscribed for."""
    known = {one.name for one in engine.subscriptions()}
    return {name: one for name, one in sinks.items() if name in known}


def _opened(stack: ExitStack, options: Mapping[str, Any]) -> Sink:
    sink = open_sink(options["url"], {name: one for name, one in options.items() if name != "url"})
    close = getattr(sink, "close", None)
    if callable(close):
        stack.callback(close)
    return sink


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Usage("l-bad-file", file=file, problem=error) from error
    for name, table in found.items():
        if not isinstance(table, dict) or not isinstance(table.get("url"), str):
            raise Usage("l-no-table", file=file, name=name)
    return {
        name: {key: _filled(one, file, f"{name}.{key}") for key, one in table.items()} for name, table in found.items()
    }


def _filled(value: Any, file: Path, name: str) -> Any:  # noqa: ANN401  # whatever TOML can say
    """Return a value with what stands elsewhere put in its place."""
    if isinstance(value, list):
        return [_filled(one, file, name) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() in ({"file"}, {"env"}):
        return _elsewhere(value, file, name)
    return {key: _filled(one, file, f"{name}.{key}") for key, one in value.items()}


def _elsewhere(place: Mapping[str, Any], file: Path, name: str) -> str:
    """Return the text of a file, or of a variable of the environment."""
    ((kind, source),) = place.items()
    try:
        found = os.environ[source] if kind == "env" else Path(source).read_text(encoding="utf-8")
    except KeyError:
        raise Usage("l-no-env", file=file, name=name, variable=source) from None
    except (TypeError, ValueError):  # its name is no text, or what stands there is none
        raise Usage("l-no-text", file=file, name=name, source=plain(source)) from None
    return found.strip()
