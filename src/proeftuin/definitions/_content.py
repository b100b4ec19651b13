"""What a workflow file holds, named by a hash: of itself with its bases put together, and of the base it stands on.

A workflow has the hash that the engine knows it by (`_dump`): comments, quotes, layout, shorthands and the order of an
element's keys do not count; labels and the order of states do, as people see them. A base is no workflow, and what it
comes to depends on who builds on it; its hash is that of its plain values, in which the order of all keys counts.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Literal

from attrs import frozen

from proeftuin.core.workflow import Workflow
from proeftuin.definitions._dump import content_hash
from proeftuin.definitions._extend import read
from proeftuin.definitions._sources import Unreadable
from proeftuin.definitions._structure import structure
from proeftuin.definitions._tree import BROKEN

Kind = Literal["base", "workflow"]


@frozen
class Content:
    """What a file holds.

    Attributes:
        kind: whether it is a workflow, or a base that workflows share.
        hash: SHA-256 of the content, in hex.
        base: what it builds on, if anything.
    """

    kind: Kind
    name: str
    version: int
    hash: str
    base: "Content | None" = None

    @property
    def id(self) -> str:
        """Its name and version, `common@1`."""
        return f"{self.name}@{self.version}"


def content_of(source: Path | Workflow, bases: Iterable[Workflow] = ()) -> Content | None:
    """Return what a file holds, or a workflow; None where it cannot be told for faults of form.

    Args:
        source: the file.
        bases: as for `load_workflow`.
    """
    if isinstance(source, Workflow):
        return Content("workflow", source.name, source.version, source.hash)
    known = tuple(bases)
    try:
        document = read(source, known)
    except Unreadable:
        return None
    base = None if document.base_from is None else content_of(document.base_from, known)
    if not document.whole or document.faults or document.value is BROKEN:
        return None
    if document.fragment is not None:
        version = document.value.get("version")
        found = Content("base", document.fragment, version, _plain_hash(document.value), base)
        return found if type(version) is int else None
    workflow, _ = structure(document.value)
    if workflow is None:
        return None
    return Content("workflow", workflow.name, workflow.version, content_hash(workflow), base)


def _plain_hash(value: object) -> str:
    return sha256(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
