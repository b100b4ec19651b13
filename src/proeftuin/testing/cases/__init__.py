"""All cases of the kit, in the order of their numbers; a module per group."""

from types import ModuleType

from proeftuin.testing.case import Case
from proeftuin.testing.cases import (
    atomicity,
    audit,
    basics,
    claims,
    concurrency,
    errors,
    fidelity,
    finding,
    hosting,
    keys,
    lanes,
    lengths,
    opening,
    order,
    resources,
)

MODULES: tuple[ModuleType, ...] = (
    basics,
    finding,
    atomicity,
    hosting,
    concurrency,
    fidelity,
    lengths,
    order,
    lanes,
    claims,
    keys,
    errors,
    opening,
    audit,
    resources,
)

CASES: tuple[Case, ...] = tuple(
    sorted(
        (one for module in MODULES for one in vars(module).values() if isinstance(one, Case)), key=lambda one: one.id
    )
)
