"""Workflow files: read, checked, kept and found.

load_workflow     a file or a text -> Workflow, or all its faults
lint_workflow     the same -> its faults, warnings included
on_top            what a file has other than the workflow that it builds on
starting_file     the text of a workflow file to start with, on top of another workflow
is_workflow_name  whether a workflow may be called so
dump, parse       Workflow <-> canonical JSON, as a store keeps it
publish           a file or a folder -> the lines that its lock file got
lint_locked       the same -> how it differs from what is published
Catalogue         the workflows that an engine knows, by name and version
bundled_files     name and version -> file, of the workflows that come with the library
bundled_bases     the same, of the files that those share with `extends`
load_migration    a file or a text -> Migration, or all its faults; migration_text the way back
load_value_table  a file or a text -> ValueTable, or all its faults
sample_tables     id -> file, of the value tables that come along as samples
scenario_folder   where the bundled scenario files are
ENDINGS           how the names of workflow files end
"""

from proeftuin.definitions._sources import ENDINGS
from proeftuin.definitions.catalogue import Catalogue, bundled_bases, bundled_files, sample_tables, scenario_folder
from proeftuin.definitions.loader import (
    dump,
    is_workflow_name,
    lint_locked,
    lint_workflow,
    load_migration,
    load_value_table,
    load_workflow,
    migration_text,
    on_top,
    parse,
    publish,
    starting_file,
)

__all__ = [
    "ENDINGS",
    "Catalogue",
    "bundled_bases",
    "bundled_files",
    "dump",
    "is_workflow_name",
    "lint_locked",
    "lint_workflow",
    "load_migration",
    "load_value_table",
    "load_workflow",
    "migration_text",
    "on_top",
    "parse",
    "publish",
    "sample_tables",
    "scenario_folder",
    "starting_file",
]
