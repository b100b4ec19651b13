"""All cases of the kit, in the order of their numbers; a module per group."""

from types import ModuleType

from proeftuin.testing.case import Case
from proeftuin.testing.cases import atomicity, basics, concurrency, fidelity, finding

MODULES: tuple[ModuleType, ...] = (basics, finding, atomicity, concurrency, fidelity)

CASES: tuple[Case, ...] = tuple(
    sorted(
        (one for module in MODULES for one in vars(module).values() if isinstance(one, Case)), key=lambda one: one.id
    )
)
