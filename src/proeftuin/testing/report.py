"""What a run of the kit came to: per case, per group, in words and as plain data."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from proeftuin.testing.case import GROUPS, Case

Verdict = Literal["passed", "failed", "skipped"]
VERDICTS: tuple[Verdict, ...] = ("passed", "failed", "skipped")


@frozen
class Result:
    """What one case came to, in one size.

    Attributes:
        size: `small` in a tenant of its own, `crowded` beside a thousand other pilots.
        reason: why it failed, or which declaration it was skipped by.
        seconds: how long it took.
        error: what was raised, for whoever wants the whole of it.
    """

    case: Case
    size: str
    verdict: Verdict
    reason: str = ""
    seconds: float = 0.0
    error: BaseException | None = field(default=None, repr=False, eq=False)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "case": self.case.id,
            "name": self.case.name,
            "size": self.size,
            "verdict": self.verdict,
            "reason": self.reason,
            "seconds": round(self.seconds, 4),
            "claim": self.case.claim,
            "rule": str(self.case.rule),
            "explained": self.case.rule.explained,
        }


@frozen
class Report:
    """A whole run.

    Attributes:
        kit: the version of the kit.
        spi: the version of the ports.
        store: the class of the store and the package that it is from, never its URL.
        offers: what it says of itself: its parts and flags.
        stopped: why the run went no further, None where it did.
    """

    kit: int
    spi: int
    store: str
    offers: Mapping[str, bool]
    results: tuple[Result, ...]
    seconds: float
    stopped: str | None = None

    @property
    def ok(self) -> bool:
        """Whether all that was asked holds."""
        return not self.failed and self.stopped is None

    @property
    def failed(self) -> tuple[Result, ...]:
        """The failures."""
        return tuple(one for one in self.results if one.verdict == "failed")

    @property
    def skipped(self) -> tuple[Result, ...]:
        """What was skipped by declaration."""
        return tuple(one for one in self.results if one.verdict == "skipped")

    def counts(self, group: str | None = None) -> dict[Verdict, int]:
        """Return how many passed, failed and were skipped, in one group or in all."""
        counted = Counter(one.verdict for one in self.results if group in (None, one.case.group))
        return {verdict: counted[verdict] for verdict in VERDICTS}

    def groups(self) -> tuple[str, ...]:
        """Return the letters of the groups that were run, in order."""
        run = {one.case.group for one in self.results}
        return tuple(letter for letter in GROUPS if letter in run)

    def closing(self) -> str:
        """Return the last line of the report."""
        counted = self.counts()
        return f"passed {counted['passed']}, failed {counted['failed']}, skipped by declaration {counted['skipped']}"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kit": self.kit,
            "spi": self.spi,
            "store": self.store,
            "offers": dict(self.offers),
            "passed": self.counts()["passed"],
            "failed": self.counts()["failed"],
            "skipped": self.counts()["skipped"],
            "stopped": self.stopped,
            "seconds": round(self.seconds, 3),
            "groups": {letter: self.counts(letter) for letter in self.groups()},
            "cases": [one.as_dict() for one in self.results],
        }
