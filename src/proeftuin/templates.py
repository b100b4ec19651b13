"""The one door to Jinja2: templates in files beside our code, filled with values that people wrote.

Every value is text: it is escaped, and loses what cannot be seen or turns the direction of writing. What is not given
is a mistake of ours, and raises. Templates are files of this package alone, never a text from elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

__all__ = ["Markup", "Templates"]


def visible(text: str) -> str:
    """Return text without what is not meant to be read; its lines stay."""
    return text if text.isprintable() else "".join(one for one in text if one.isprintable() or one in "\n\t")


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _exact(value: object) -> Markup:
    """Return what goes into a field to be sent back: as it is."""
    return escape("" if value is None else value)


class Templates:
    """The templates of one folder.

    Args:
        folder: where the files are.
        words: what every template may use: functions and values, by name.
        filters: what a template may put behind a `|`, by name.
    """

    def __init__(
        self, folder: Path, words: Mapping[str, object], filters: Mapping[str, Callable[..., object]] = {}
    ) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_shown,
        )
        self._environment.globals.update(words)
        self._environment.filters.update(filters, exact=_exact)

    def render(self, name: str, /, **facts: object) -> str:
        """Return a template, filled."""
        return self._environment.get_template(name).render(facts)

    def stream(self, name: str, /, **facts: object) -> Iterator[str]:
        """Give the same, piece by piece."""
        return self._environment.get_template(name).generate(facts)
