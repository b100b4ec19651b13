"""Every refusal and warning that a guard of a workflow can give: which there are, and how they are told apart.

How each comes about, on a pilot that came there by real commands, is in the `cases` of its domain, per edge and code;
edges of one trigger are told apart by what picks them, `conclude.embedded`.
"""

from collections.abc import Iterator

from attrs import frozen

from proeftuin.core.guards import BUILT_IN
from proeftuin.core.workflow import GuardUse, Workflow
from tests.domain.domain import Domain
from tests.domain.mutants import label


@frozen
class Use:
    """One use of a guard on one edge, and one code that it can give."""

    label: str
    kind: str | None
    edge: int
    part: str
    place: int
    guard: str
    code: str

    def __str__(self) -> str:
        """`conclude.embedded-open-tracks`."""
        return f"{self.label}-{self.code}"


def codes(use: GuardUse) -> tuple[str, ...]:
    """The codes that a use of a guard can give."""
    return (str(use.params["code"]),) if "code" in use.params else BUILT_IN[use.name].codes


def uses(workflow: Workflow) -> Iterator[Use]:
    """Give every code of every guard of every edge."""
    for kind in (None, *workflow.tracks):
        edges = workflow.edges if kind is None else workflow.tracks[kind].edges
        for number, edge in enumerate(edges):
            for part in ("require", "advise"):
                for place, use in enumerate(getattr(edge, part)):
                    for code in codes(use):
                        yield Use(label(edge, edges), kind, number, part, place, use.name, code)
            if edge.refuse is not None:
                yield Use(label(edge, edges), kind, number, "refuse", 0, "refuse", edge.refuse)


def reachable(domain: Domain) -> tuple[Use, ...]:
    """The codes that can come about."""
    return tuple(one for one in uses(domain.workflow) if (one.label, one.guard, one.code) not in domain.unreachable)
