"""A case of the kit: one property of a store, with the rule that it proves and what it needs."""

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from proeftuin.spi import Bulk, Definitions, Delivers, Erases, Hosted, Store, Streams, Timed, Wakes
from proeftuin.testing.rules import Rule

if TYPE_CHECKING:
    from proeftuin.testing.bench import Bench

Need = Literal[
    "Bulk", "Definitions", "Delivers", "Erases", "Hosted", "Streams", "Timed", "Wakes", "durable", "files",
    "multi_process", "outlives",
]  # fmt: skip

# What a store may leave out, and what it says of itself by leaving it out.
UNMET: MappingProxyType[Need, str] = MappingProxyType(
    {
        "Bulk": "it does not offer the part Bulk",
        "Definitions": "it does not offer the part Definitions",
        "Delivers": "it does not offer the part Delivers",
        "Erases": "it does not offer the part Erases",
        "Hosted": "it does not offer the part Hosted",
        "Streams": "it does not offer the part Streams",
        "Timed": "it does not offer the part Timed",
        "Wakes": "it does not offer the part Wakes",
        "durable": "it says that it is not durable",
        "files": "there is no way to look at its files",
        "multi_process": "it says that it serves one process only",
        "outlives": "it says that it is not durable, and that it serves one process only",
    }
)
_PARTS = MappingProxyType(
    {
        "Bulk": Bulk,
        "Definitions": Definitions,
        "Delivers": Delivers,
        "Erases": Erases,
        "Hosted": Hosted,
        "Streams": Streams,
        "Timed": Timed,
        "Wakes": Wakes,
    }
)

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
        "L": "erasure",
        "Q": "resources",
        "T": "time",
        "W": "waking",
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
        needs: what a store must offer for it to be asked, all of it.
    """

    id: str
    name: str
    claim: str
    rule: Rule
    needs: tuple[Need, ...]
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

    def unmet(self, store: Store, *, files: bool = False) -> str | None:
        """Return why a store is not asked, by what it declares; None where it is.

        Args:
            store: of any URL.
            files: whether there is a way to look at its files.
        """
        outlives = bool(store.durable or store.multi_process)  # the end of one process is not that of the store
        offered = offers(store) | {"files": files, "outlives": outlives}
        return next((UNMET[need] for need in self.needs if not offered[need]), None)

    def blame(self) -> str:
        """Return what a failure of this case means, and where that is explained."""
        return f"{self}: {self.claim} This breaks {self.rule}; see {self.rule.explained}"


def case(
    number: str, rule: Rule, *, needs: Need | tuple[Need, ...] = ()
) -> Callable[[Callable[["Bench"], None]], Case]:
    """Make a case of a function; its docstring is the claim."""
    needed = needs if isinstance(needs, tuple) else (needs,)

    def made(run: Callable[["Bench"], None]) -> Case:
        return Case(number, run.__name__, " ".join((run.__doc__ or "").split()), rule, needed, run)

    return made


def offers(store: object) -> dict[str, bool]:
    """Return what a store, or the class of one, says of itself: its parts, by their methods, and its flags."""
    flags = {flag: bool(getattr(store, flag, False)) for flag in ("durable", "multi_process", "multi_pilot")}
    parts = {name: isinstance(store, part) for name, part in _PARTS.items()}
    parts["Streams"] &= flags["multi_pilot"]  # what takes one pilot at a time has nothing to stream
    return parts | flags
