"""How the documentation is built; warnings are errors, see the Makefile."""

from importlib.metadata import version as _version_of

project = "proeftuin"
author = "the proeftuin authors"
copyright = "the proeftuin authors"  # noqa: A001  Sphinx asks for this name
version = release = _version_of("proeftuin")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"proeftuin {version}"
