"""What all formats share: how an export is asked for, and what of a value may be in it."""

from collections.abc import Callable

from attrs import frozen

from proeftuin.core.evolve import SYSTEM
from proeftuin.core.workflow import Workflow


@frozen
class How:
    """How an export is written.

    Attributes:
        lang: the language of what people read: `en` or `nl`.
        people: whether it says who did what, by the ids that the host gave; the roles are always there.
        workflow: gives a workflow by its name and version.
    """

    lang: str
    people: bool
    workflow: Callable[[str], Workflow]

    def names(self, actor: str) -> bool:
        """Whether an actor is named: a professional is a person too, and the system is not."""
        return self.people or actor == SYSTEM
