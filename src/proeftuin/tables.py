"""Compiled workflows: found by name, kept by the store that uses them, compiled once per process.

A store runs the definition it keeps: a pilot goes on under the version that it began with, also when its file is gone
or was changed. A new pilot begins only under what the engine was given, and only where that is what the store keeps of
this version: what was changed without a new version is refused.

`definitions` is imported on first use: reading workflow files costs more to import than all the rest of the engine.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from attrs import frozen

from proeftuin import log
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import BUILT_IN, Guard, Question
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Workflow
from proeftuin.errors import BadArgument, CorruptStore, DefinitionError, UnknownWorkflow, WorkflowChanged
from proeftuin.spi import Definitions, HostedStore, Store

if TYPE_CHECKING:
    from pathlib import Path

    from proeftuin.definitions import Catalogue

VERSION = re.compile(r"([a-z][a-z0-9-]*)@([1-9][0-9]{0,5})")
SHARED = 64
"""How many parsed and compiled workflows the engines of a process share: some hosts have an engine for each pilot."""


def host_guards(guards: "Mapping[str, Callable[..., Any]] | Iterable[Guard]") -> Mapping[str, Guard]:
    """Return the host's guards by name.

    Raises:
        BadArgument: for what is no guard, or has the name of a built-in one.
    """
    pairs = guards.items() if isinstance(guards, Mapping) else ((getattr(one, "name", "?"), one) for one in guards)
    found: dict[str, Guard] = {}
    for name, one in pairs:
        if not callable(one):
            raise BadArgument("guards", f"{name!r} is no function; make guards with @guard")
        if name in BUILT_IN:
            raise BadArgument("guards", f"{name!r} is a built-in guard; give yours another name")
        found[name] = one if isinstance(one, Guard) else Guard(name, one)
    return FrozenDict(found)


There = Literal["kept", "given", "nowhere", "unreadable"]


@frozen
class Look:
    """What there is of a version.

    Attributes:
        there: whether the store keeps it, or only the engine was given it; `unreadable` where what is kept was damaged.
        changed: whether what was given is something else than the store keeps, or than was published.
        guards: those of the host that it names, and that the engine was not given.
        table: what its pilots follow, compiled; None where there is none, or guards are missing.
        latest: the highest version that was given, where that is a later one.
    """

    there: There
    changed: bool = False
    guards: tuple[str, ...] = ()
    table: Table | None = None
    latest: str | None = None


class Tables:
    """The workflows of one engine, compiled on first use.

    Attributes:
        hosted: whether guards of the host are asked, which could do anything.
    """

    def __init__(self, store: Store, workflows: "Iterable[Path | str | Workflow] | None", guards: Any) -> None:  # noqa: ANN401  # see `host_guards`
        self._guards = host_guards(guards)
        self.hosted = bool(self._guards)
        self._sources = workflows
        self._held: Definitions | None = store if isinstance(store, Definitions) else None
        self._tables: dict[str, Table] = {}
        self._shown: dict[str, Table] = {}  # those to look by alone
        self._given: dict[str, Table] = {}  # those that a new pilot may begin under, as they are asked for
        self._sure: frozenset[str] | None = None  # in a transaction of the host: what was kept outside of it
        if workflows is not None:
            self._catalogue  # noqa: B018  # so that the faults of the host's own files are told at once

    def on(self, store: Store) -> "Tables":
        """Return the same for another store, or for the same one in a transaction that may be undone."""
        other = copy(self)
        other._held = store if isinstance(store, Definitions) else None  # noqa: SLF001  # it is one of us
        other._tables, other._given = dict(self._tables), dict(self._given)  # noqa: SLF001  # the same
        other._shown = dict(self._shown)  # noqa: SLF001  # the same
        other._sure = frozenset(self._tables) if isinstance(store, HostedStore) else None  # noqa: SLF001  # the same
        return other

    @cached_property
    def _catalogue(self) -> "Catalogue":
        from proeftuin.definitions import Catalogue  # noqa: PLC0415  # on first use, see above

        return Catalogue(self._sources, guards=self._guards)

    def named(self, workflow: str) -> Table:
        """Return the table for a new pilot: of `name`, its highest version, or of `name@version`.

        Only what the engine was given counts here: a version that the store keeps and nobody gave is one that no new
        pilot begins under.

        Raises:
            UnknownWorkflow: where nothing of that name was given.
            WorkflowChanged: where the store keeps that version with other content.
            CorruptStore: where what the store keeps of that version cannot be read.
            DefinitionError: where its file has faults.
        """
        if not isinstance(workflow, str):
            raise BadArgument("workflow", "must be a name, or name@version")
        table = self._given.get(workflow)
        if table is not None and self._undone(table.workflow):
            self._given.pop(workflow, None)
            self._tables.pop(table.workflow.id, None)
            table = None
        if table is None:
            table = self._given.setdefault(workflow, self._taken(self._catalogue.get(workflow)))
        return table

    def _undone(self, workflow: Workflow) -> bool:
        """Whether what was kept in a transaction of the host is kept no more: some of it may have been undone."""
        if self._held is None or self._sure is None or workflow.id in self._sure:
            return False
        body = self._held.get_workflow(workflow.name, workflow.version)
        return body is None or sha256(body).hexdigest() != workflow.hash

    def names(self) -> tuple[str, ...]:
        """Return what a new pilot may begin under, each `name@version`, in order."""
        return self._catalogue.ids()

    def of(self, workflow: str) -> Table:
        """Return the table that a pilot follows, by its `name@version`: what the store keeps, whatever was given.

        Raises:
            UnknownWorkflow: where the store keeps none, and nothing of that name was given.
            CorruptStore: where what the store keeps cannot be read.
        """
        table = self._tables.get(workflow)
        if table is not None:
            return table
        return self._keep(self._stored(workflow) or self._first(self._catalogue.get(workflow)))

    def knows(self, workflow: str) -> bool:
        """Whether `of` answers without asking the store."""
        return workflow in self._tables

    def shown(self, workflow: str) -> Table:
        """Return the table of a `name@version` as `of` does, also where guards that it names were not given.

        It is there to look at pilots by, and to write what no workflow rules: in place of such a guard stands one that
        is never met.

        Raises:
            UnknownWorkflow: where the store keeps none, and nothing of that name was given.
            CorruptStore: where what the store keeps cannot be read.
        """
        table = self._tables.get(workflow) or self._shown.get(workflow)
        if table is not None:
            return table
        found = self._stored(workflow) or self._first(self._catalogue.get(workflow))
        if not self._unknown(found):
            return self._keep(found)
        return self._shown.setdefault(workflow, self._unguarded(found))

    def judged(self, workflow: str) -> Table | None:
        """Return the table by whose roles it is judged who sees pilots of a `name@version`.

        Where what the store keeps cannot be read, that is what was given under the same name and number; None where
        nothing was: then nobody knows who may see them.

        Raises:
            UnknownWorkflow: where the store keeps none, and nothing of that name was given.
        """
        try:
            return self.shown(workflow)
        except CorruptStore as error:
            log.warning("workflow-unreadable", workflow=workflow, reason=str(error))
            given, _ = self._seen(workflow)
            return None if given is None else self._unguarded(given)

    def _unguarded(self, workflow: Workflow) -> Table:
        """Return a table that nobody acts by, in which guards that were not given are never met."""
        missing = {name: Guard(name, _never) for name in self._unknown(workflow)}
        return _made(_Recipe(workflow, FrozenDict({**self._guards, **missing})))

    def looked_at(self, workflow: str) -> Table:
        """Return the table of a `name@version` as `of` does, without a word to the store: nothing is kept of it."""
        table = self._tables.get(workflow)
        if table is not None:
            return table
        return self._compiled(self._stored(workflow) or self._catalogue.get(workflow))

    def look(self, workflow: str) -> Look:
        """Return what there is of a version, without keeping any of it."""
        name, _, version = workflow.partition("@")
        given, changed = self._seen(workflow)
        newest, _ = self._seen(name)
        latest = newest.id if newest is not None and newest.version > int(version) else None
        body = self._body(name, int(version))
        try:
            kept = None if body is None else _whole(body, workflow)
        except CorruptStore:
            return Look("unreadable", latest=latest)
        followed = kept or given
        if followed is None:
            return Look("nowhere", latest=latest)
        guards = self._unknown(followed)
        table = None if guards else _made(_Recipe(followed, self._guards))
        changed = changed or (given is not None and given.hash != followed.hash)
        return Look("given" if kept is None else "kept", changed, guards, table, latest)

    def _seen(self, workflow: str) -> tuple[Workflow | None, bool]:
        """Return what was given of this name, and whether there is something that cannot be used."""
        try:
            return self._catalogue.get(workflow), False
        except UnknownWorkflow:
            return None, False
        except DefinitionError:  # a bundled file is read when it is first asked for
            return None, True

    def _unknown(self, workflow: Workflow) -> tuple[str, ...]:
        """Return the guards that a workflow names, and that nobody gave."""
        return tuple(sorted(use for use in workflow.guards if use not in BUILT_IN and use not in self._guards))

    def _stored(self, workflow: str) -> Workflow | None:
        """Return what the store keeps under a `name@version`; nothing where that is none, which is not asked for."""
        match = VERSION.fullmatch(workflow)
        return None if match is None else self._kept(match[1], int(match[2]))

    def _body(self, name: str, version: int) -> bytes | None:
        return self._held.get_workflow(name, version) if self._held is not None else None

    def _kept(self, name: str, version: int) -> Workflow | None:
        body = self._body(name, version)
        return None if body is None else _whole(body, f"{name}@{version}")

    def _taken(self, given: Workflow) -> Table:
        """Return the table of a workflow that was given, which the store keeps from here on.

        Raises:
            WorkflowChanged: where the store keeps that version with other content.
        """
        table = self._tables.get(given.id) or self._keep(self._first(given))
        if table.workflow.hash != given.hash:
            log.warning("workflow-differs", workflow=given.id, held=table.workflow.hash, file=given.hash)
            raise WorkflowChanged(given.id, table.workflow.hash, given.hash)
        return table

    def _first(self, given: Workflow) -> Workflow:
        """Return what the store keeps of this version; what was given, where that is the first."""
        held = self._kept(given.name, given.version)
        if held is not None or self._held is None:
            return held or given
        try:
            self._held.put_workflow(given.name, given.version, given.hash, _dump(given))
        except BadArgument:
            held = self._kept(given.name, given.version)
            if held is None:
                raise
            return held  # somebody else was first, with something else
        return given

    def _keep(self, workflow: Workflow) -> Table:
        return self._tables.setdefault(workflow.id, self._compiled(workflow))

    def _compiled(self, workflow: Workflow) -> Table:
        if unknown := self._unknown(workflow):
            raise UnknownWorkflow(workflow.id, guards=unknown)
        return _made(_Recipe(workflow, self._guards))


def _never(question: Question) -> NoReturn:
    """Fail, so that whatever asks is refused."""
    raise UnknownWorkflow(question.workflow.id)


class _Recipe:
    """What a table is made of, told from others without a walk through all of it."""

    __slots__ = ("guards", "workflow")

    def __init__(self, workflow: Workflow, guards: Mapping[str, Guard]) -> None:
        self.workflow = workflow
        self.guards = guards

    def __hash__(self) -> int:
        return id(self.workflow)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Recipe) and self.workflow is other.workflow and self.guards == other.guards


@lru_cache(maxsize=SHARED)
def _made(recipe: _Recipe) -> Table:
    return compile_workflow(recipe.workflow, recipe.guards)


def _whole(body: bytes, workflow: str) -> Workflow:
    """Return what a store keeps under a `name@version`.

    Raises:
        CorruptStore: where it is not what `dump` writes; whoever asks did nothing wrong.
    """
    try:
        return _parse(body)
    except DefinitionError as error:
        problem = f"workflow {workflow} cannot be read: {error.faults[0].text}; `proeftuin doctor` names its pilots"
        raise CorruptStore(problem) from error


@lru_cache(maxsize=SHARED)
def _parse(body: bytes) -> Workflow:
    from proeftuin.definitions import parse  # noqa: PLC0415  # on first use, see above

    return parse(body)


def _dump(workflow: Workflow) -> bytes:
    from proeftuin.definitions import dump  # noqa: PLC0415  # on first use, see above

    return dump(workflow)
