"""How a store is opened by its URL, in this process and in another: by what is installed, or by a named function."""

from functools import reduce
from importlib import import_module
from typing import Any

from attrs import evolve, field, frozen

from proeftuin.errors import BadArgument
from proeftuin.spi import Store
from proeftuin.storage import open_store


@frozen
class Address:
    """Where a store is.

    Attributes:
        url: as for `Engine.open`; it may hold a password, so it is never shown. Where it holds `{}`, each case gets a
            store of its own, with another word in that place.
        opener: `module:function` that opens it, for a store that is not installed; None asks the entry points.
    """

    url: str = field(repr=False)
    opener: str | None = None

    def another(self, word: str) -> "Address":
        """Return the address with a word in the place that it leaves open, if it does."""
        return evolve(self, url=self.url.replace("{}", word))

    def open(self) -> Store:
        """Open the store."""
        return open_store(self.url) if self.opener is None else named(self.opener)(self.url)


def named(place: str) -> Any:  # whatever the name stands for
    """Return what `module:name` names."""
    module, separator, name = place.partition(":")
    if not (module and separator and name):
        raise BadArgument("opener", f"{place!r} does not name a function; write package.module:function")
    try:
        return reduce(getattr, name.split("."), import_module(module))
    except (ImportError, AttributeError) as error:
        raise BadArgument("opener", f"{place} cannot be imported: {error}") from error
