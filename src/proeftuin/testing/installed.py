"""Which stores are installed, and what each offers, as far as that can be told without opening one."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import get_type_hints

from attrs import frozen

from proeftuin import __version__
from proeftuin.spi import Store
from proeftuin.spi.checks import METHODS
from proeftuin.storage import BUILT_IN, GROUP
from proeftuin.testing.case import offers
from proeftuin.testing.opening import named


@frozen
class Installed:
    """A kind of store that can be opened.

    Attributes:
        scheme: what its URLs begin with.
        opener: `module:function`.
        source: the distribution that it is from, and its version.
        offers: its parts and flags, None where only an open one could tell.
        problem: why it cannot be opened as things are, None where it can.
    """

    scheme: str
    opener: str
    source: str
    offers: dict[str, bool] | None = None
    problem: str | None = None


def installed() -> tuple[Installed, ...]:
    """Return all kinds of stores, in order of their schemes."""
    found = {one.name: one for one in entry_points(group=GROUP)}
    others = (_told(name, one.value, _source(one)) for name, one in found.items() if name not in BUILT_IN)
    return tuple(sorted((*_built_in(), *others), key=lambda one: one.scheme))


def _built_in() -> Iterator[Installed]:
    for scheme, (module, name) in BUILT_IN.items():
        yield _told(scheme, f"{module}:{name}", f"proeftuin {__version__}")


def _source(point: EntryPoint) -> str:
    return "" if point.dist is None else f"{point.dist.name} {point.dist.version}"


def _told(scheme: str, opener: str, source: str) -> Installed:
    """Look at what an opener says that it returns: for a class that is a store, its methods and flags tell."""
    try:
        kind = get_type_hints(named(opener)).get("return")
    except Exception as error:  # noqa: BLE001  # whatever somebody's module does, the list goes on
        return Installed(scheme, opener, source, problem=f"{type(error).__name__}: {error}")
    known = isinstance(kind, type) and kind is not Store and all(hasattr(kind, name) for name in METHODS)
    return Installed(scheme, opener, source, offers(kind) if known else None)
