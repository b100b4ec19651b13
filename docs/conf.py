"""How the documentation is built; warnings are errors, see the Makefile."""

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
