"""A case of the kit: one property of a store, with the rule that it proves and what it needs."""

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from proeftuin.spi import Definitions, Delivers, Hosted, Store
from proeftuin.testing.rules import Rule

if TYPE_CHECKING:
    from proeftuin.testing.bench import Bench

Need = Literal["Definitions", "Delivers", "Hosted", "durable", "multi_process"]

# What a store may leave out, and what it says of itself by leaving it out.
UNMET: MappingProxyType[Need, str] = MappingProxyType(
    {
        "Definitions": "it does not offer the part Definitions",
        "Delivers": "it does not offer the part Delivers",
        "Hosted": "it does not offer the part Hosted",
        "durable": "it says that it is not durable",
        "multi_process": "it says that it serves one process only",
    }
)
_PARTS = MappingProxyType({"Definitions": Definitions, "Delivers": Delivers, "Hosted": Hosted})

GROUPS = MappingProxyType(
    {
        "A": "basics",
        "B": "atomicity",
        "C": "concurrency",
        "D": "fidelity",
        "E": "order of deliveries",
        "F": "lanes",
        "G": "claims",
        "H": "keys",
        "I": "errors",
        "J": "opening",
        "K": "audit",
        "Q": "resources",
    }
)


@frozen
class Case:
    """One property that every store has, as a function that raises where it does not.

    Attributes:
        id: its number; several cases may share one, as parts of the same property.
        name: the name of the function.
        claim: the exact property, in one sentence.
        rule: the promise that it proves.
        needs: what a store must offer for it to be asked.
    """

    id: str
    name: str
    claim: str
    rule: Rule
    needs: Need | None
    run: Callable[["Bench"], None] = field(repr=False)

    @property
    def group(self) -> str:
        """The letter of its group."""
        return self.id[0]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"

    def chosen(self, only: tuple[str, ...]) -> bool:
        """Whether it is among groups and numbers such as `("A", "B07")`; nothing chosen means all."""
        return not only or self.group in only or self.id in only

    def unmet(self, store: Store) -> str | None:
        """Return why a store is not asked, by what it declares; None where it is."""
        if self.needs is None:
            return None
        part = _PARTS.get(self.needs)
        offered = getattr(store, self.needs) if part is None else isinstance(store, part)
        return None if offered else UNMET[self.needs]

    def blame(self) -> str:
        """Return what a failure of this case means, and where that is explained."""
        return f"{self}: {self.claim} This breaks {self.rule}; see {self.rule.explained}"


def case(number: str, rule: Rule, *, needs: Need | None = None) -> Callable[[Callable[["Bench"], None]], Case]:
    """Make a case of a function; its docstring is the claim."""

    def made(run: Callable[["Bench"], None]) -> Case:
        return Case(number, run.__name__, " ".join((run.__doc__ or "").split()), rule, needs, run)

    return made


def offers(store: object) -> dict[str, bool]:
    """Return what a store, or the class of one, says of itself: its parts, by their methods, and its flags."""
    parts = {name: isinstance(store, part) for name, part in _PARTS.items()}
    return parts | {flag: bool(getattr(store, flag, False)) for flag in ("durable", "multi_process", "multi_pilot")}
