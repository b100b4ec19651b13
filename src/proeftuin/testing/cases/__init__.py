"""All cases of the kit, in the order of their numbers; a module per group."""

from types import ModuleType

from proeftuin.testing.case import Case
from proeftuin.testing.cases import (
    atomicity,
    audit,
    basics,
    batches,
    bulk,
    claims,
    concurrency,
    erasure,
    errors,
    fidelity,
    finding,
    hosting,
    keys,
    lanes,
    lanes_apart,
    lengths,
    opening,
    order,
    receipts,
    resources,
    tenants,
    timing,
    waking,
)

MODULES: tuple[ModuleType, ...] = (
    basics,
    finding,
    tenants,
    receipts,
    bulk,
    atomicity,
    batches,
    hosting,
    concurrency,
    fidelity,
    lengths,
    order,
    lanes,
    lanes_apart,
    claims,
    keys,
    errors,
    opening,
    audit,
    erasure,
    resources,
    timing,
    waking,
)

CASES: tuple[Case, ...] = tuple(
    sorted(
        (one for module in MODULES for one in vars(module).values() if isinstance(one, Case)), key=lambda one: one.id
    )
)
