"""Workflow files: read, checked, kept and found.

load_workflow     a file or a text -> Workflow, or all its faults
lint_workflow     the same -> its faults, warnings included
dump, parse       Workflow <-> canonical JSON, as a store keeps it
Catalogue         the workflows that an engine knows, by name and version
bundled_files     name and version -> file, of the workflows that come with the library
scenario_folder   where the bundled scenario files are
"""

from proeftuin.definitions.catalogue import Catalogue, bundled_files, scenario_folder
from proeftuin.definitions.loader import dump, lint_workflow, load_workflow, parse

__all__ = ["Catalogue", "bundled_files", "dump", "lint_workflow", "load_workflow", "parse", "scenario_folder"]
