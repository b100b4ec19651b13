"""proeftuin: the lifecycle of social-procurement pilots, inside other people's tools.

Names are imported on first use, so that `import proeftuin` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from proeftuin.aio import AsyncEngine
    from proeftuin.bulk import Fire
    from proeftuin.core.commands import Actor, Blocker, Command, Need, Option, Remedy
    from proeftuin.core.diff import Change, diff
    from proeftuin.core.events import Event
    from proeftuin.core.faults import Fault
    from proeftuin.core.guards import Guard, Param, Question, guard
    from proeftuin.core.metrics import Metric
    from proeftuin.core.pilot import Pilot, Record, Track
    from proeftuin.core.settings import Dated, Settings
    from proeftuin.core.value_tables import Potential, ValueTable
    from proeftuin.core.workflow import Workflow
    from proeftuin.definitions import load_value_table, load_workflow
    from proeftuin.engine import Engine, Result
    from proeftuin.errors import (
        BadArgument,
        Conflict,
        CorruptStore,
        DefinitionError,
        KeyReused,
        OutcomeUnknown,
        PilotExists,
        ProeftuinError,
        Reentered,
        Refused,
        ScenarioError,
        SchemaTooNew,
        SchemaTooOld,
        StoreBusy,
        StoreError,
        StoreFull,
        StoreUnavailable,
        UnknownPilot,
        UnknownWorkflow,
        WorkflowChanged,
    )

_HOMES = {
    "aio": ("AsyncEngine",),
    "bulk": ("Fire",),
    "core.commands": ("Actor", "Blocker", "Command", "Need", "Option", "Remedy"),
    "core.diff": ("Change", "diff"),
    "core.events": ("Event",),
    "core.faults": ("Fault",),
    "core.guards": ("Guard", "Param", "Question", "guard"),
    "core.metrics": ("Metric",),
    "core.pilot": ("Pilot", "Record", "Track"),
    "core.settings": ("Dated", "Settings"),
    "core.value_tables": ("Potential", "ValueTable"),
    "core.workflow": ("Workflow",),
    "definitions": ("load_value_table", "load_workflow"),
    "engine": ("Engine", "Result"),
    "errors": (
        "BadArgument",
        "Conflict",
        "CorruptStore",
        "DefinitionError",
        "KeyReused",
        "OutcomeUnknown",
        "PilotExists",
        "ProeftuinError",
        "Reentered",
        "Refused",
        "ScenarioError",
        "SchemaTooNew",
        "SchemaTooOld",
        "StoreBusy",
        "StoreError",
        "StoreFull",
        "StoreUnavailable",
        "UnknownPilot",
        "UnknownWorkflow",
        "WorkflowChanged",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # names only
    "Actor",
    "AsyncEngine",
    "BadArgument",
    "Blocker",
    "Change",
    "Command",
    "Conflict",
    "CorruptStore",
    "Dated",
    "DefinitionError",
    "Engine",
    "Event",
    "Fault",
    "Fire",
    "Guard",
    "KeyReused",
    "Metric",
    "Need",
    "Option",
    "OutcomeUnknown",
    "Param",
    "Pilot",
    "PilotExists",
    "Potential",
    "ProeftuinError",
    "Question",
    "Record",
    "Reentered",
    "Refused",
    "Remedy",
    "Result",
    "ScenarioError",
    "SchemaTooNew",
    "SchemaTooOld",
    "Settings",
    "StoreBusy",
    "StoreError",
    "StoreFull",
    "StoreUnavailable",
    "Track",
    "UnknownPilot",
    "UnknownWorkflow",
    "ValueTable",
    "Workflow",
    "WorkflowChanged",
    "diff",
    "guard",
    "load_value_table",
    "load_workflow",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the public name is
    """Import a public name on first use."""
    home = _HOME.get(name)
    if home is None:
        message = f"module 'proeftuin' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"proeftuin.{home}"), name)
    if isinstance(value, type):
        value.__module__ = "proeftuin"  # so that tracebacks and reprs say `proeftuin.Refused`
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Show the public names."""
    return sorted([*globals(), *__all__])
