"""What the scheme of a URL opens: what ships with the library, or else what an installed package offers.

Nothing is imported before it is asked for.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from proeftuin.installed import loaded, offered

BuiltIn = Mapping[str, tuple[str, str]]
"""Per scheme the module and the name of the function that opens it."""


def opener(scheme: str, built_in: BuiltIn, group: str) -> Any:  # noqa: ANN401  # what the group is for; the caller knows
    """Return the function that opens URLs of a scheme, None where there is none.

    Args:
        scheme: in lower case.
        built_in: what ships with the library, which nothing takes the place of.
        group: of the entry points of installed packages.

    Raises:
        BadArgument: for one of an installed package that cannot be loaded.
    """
    if scheme in built_in:
        module, name = built_in[scheme]
        return getattr(import_module(module), name)
    point = {point.name: point for point in offered(group)}.get(scheme)
    return None if point is None else loaded(point, "url")


def known(built_in: BuiltIn, group: str) -> str:
    """Return the schemes that there are, for people."""
    return ", ".join(sorted({*built_in, *(point.name for point in offered(group))}))
