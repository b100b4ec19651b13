"""How the documentation is built; warnings are errors, see the Makefile."""

import re

from sphinx.application import Sphinx

from proeftuin import __version__

project = "proeftuin"
author = "the proeftuin authors"
copyright = "the proeftuin authors"  # noqa: A001  Sphinx asks for this name
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_class_signature = "mixed"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings tell types and units in words
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # an attribute that is documented twice would be a warning

html_theme = "furo"
html_title = f"proeftuin {version}"

_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)(\w?)")


def _as_code(*told: object) -> None:
    """Show what docstrings put in single backticks as code; to Sphinx they would be emphasis."""
    lines = told[-1]
    assert isinstance(lines, list)  # noqa: S101  # what Sphinx says that it gives
    lines[:] = [_CODE.sub(_doubled, line) for line in lines]


def _doubled(found: re.Match[str]) -> str:
    behind = f"\\ {found[2]}" if found[2] else ""  # letters right behind would undo it
    return f"``{found[1]}``{behind}"


def setup(app: Sphinx) -> None:
    """Read docstrings before the other extensions do."""
    app.connect("autodoc-process-docstring", _as_code, priority=100)
