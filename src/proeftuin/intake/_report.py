"""What came of a sheet: a verdict on each row, and what was written."""

from typing import Literal

from attrs import frozen

from proeftuin.core.commands import Blocker
from proeftuin.core.workflow import Workflow

What = Literal["accepted", "warning", "refused", "not-reached", "there"]


@frozen
class Verdict:
    """The verdict on one row.

    Attributes:
        row: its number, as the spreadsheet shows it; the headings are row 1.
        pilot: the host's own reference; empty for what is about the sheet itself.
        what: `accepted`; `warning`, accepted with something to think of; `refused`; `not-reached`, behind a refused row
            of the same pilot; `there`, done by an earlier import.
        trigger: the word of the workflow, None where none is known.
        blockers, warnings: each with a code, a text in either language, and what would help.
        pending: the roles that are still to sign, where no later row does it.
        workflow: what the pilot follows, None where that is not known.
    """

    row: int
    pilot: str
    what: What
    trigger: str | None = None
    track: str | None = None
    blockers: tuple[Blocker, ...] = ()
    warnings: tuple[Blocker, ...] = ()
    pending: tuple[str, ...] = ()
    workflow: Workflow | None = None


@frozen
class Report:
    """What came of a sheet.

    Attributes:
        verdicts: one a row, in order; those on the headings first.
        sound: the pilots, by the host's reference, all rows of which hold and that are not there yet.
        written: the pilots that were written.
        taken: pilots that somebody else began between the judgement and the writing; nothing of them was written.
    """

    verdicts: tuple[Verdict, ...]
    sound: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no row was refused, and nothing was taken meanwhile."""
        return not self.taken and all(one.what != "refused" for one in self.verdicts)

    def count(self, what: What) -> int:
        """Return how many rows have a verdict."""
        return sum(one.what == what and one.row > 1 for one in self.verdicts)
