"""The rules that the cases prove, each with the place where it is explained in `docs/write-a-store.md`."""

from attrs import frozen

PAGE = "docs/write-a-store.md"


@frozen
class Rule:
    """One promise of a store.

    Attributes:
        number: as in the docstring of `proeftuin.spi`; None for what stands with the methods themselves.
        title: the heading under which it is explained.
        text: the promise.
    """

    number: int | None
    title: str
    text: str

    @property
    def explained(self) -> str:
        """The page and the heading."""
        return f"{PAGE}#{self.title.lower().replace(' ', '-')}"

    def __str__(self) -> str:
        return self.text if self.number is None else f"rule {self.number}, {self.text}"


COMPARE = Rule(1, "Compare and append", "of several writers at one version exactly one wins")
WHOLE = Rule(2, "All or nothing", "an append is written whole or not at all")
VERSIONS = Rule(3, "Versions and order", "versions are 1 to n without gaps, and order is by version")
RECEIPTS = Rule(4, "Receipts", "receipts live as long as the pilot, and keys are compared exactly")
EXACT = Rule(5, "Exact values", "what is given comes back exactly, or is refused before it is looked at")
DELIVERY = Rule(6, "No delivery is skipped", "no delivery is skipped, in whatever order commits were made")
CLAIMS = Rule(7, "Claims", "a claim is exclusive until its instant, and a stale token settles nothing")
TENANTS = Rule(8, "Tenants apart", "tenants never see each other")
OPENING = Rule(9, "Opening", "a store opens again, and for several at once, as what it was")
ANSWERS = Rule(None, "Answers", "each question is answered as its method says")
ERRORS = Rule(None, "Errors", "every error is one of ours, says what to do, and holds no secret")
HOSTED = Rule(None, "The transaction of the host", "what is written in the transaction of the host shares its fate")
PROOF = Rule(None, "The proof in the history", "whatever was done to a stored history can be found")
ERASURE = Rule(None, "Erasure", "what is forgotten is gone, and nothing else is")
HINTS = Rule(None, "Hints", "whoever listens hears that there may be news, and nobody waits for that")
RESOURCES = Rule(None, "Resources", "nothing leaks, and no call costs more as the history grows")

RULES = (
    COMPARE, WHOLE, VERSIONS, RECEIPTS, EXACT, DELIVERY, CLAIMS, TENANTS, OPENING,
    ANSWERS, ERRORS, HOSTED, PROOF, ERASURE, HINTS, RESOURCES,
)  # fmt: skip
