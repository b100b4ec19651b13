"""decide: may this actor do this, now, to this pilot; and if so, what happens?

A pure function. It reads no clock, no store and no log; the shell reads the time once, loads, decides, appends.

Rules, in this order:

1. *What*: the word must be a trigger here. `unknown-trigger` and `unknown-track` stand alone: no edge can be judged.
2. *Which edge*: the first whose `from`, `while` and `when` hold. Where a choice field is absent or wrong, every edge
   that it could pick counts, and the first that the actor may fire is judged.
3. *Who, alone*: an actor without a role for it learns nothing else (`forbidden-role`, `unilateral`).
4. *Then everything*: state, hold, data and all guards, each judged, none hiding another. What looks like an identity is
   told alone, so that no answer repeats it.
5. *Not yet or never*: where no edge leaves the current state but a source can still be reached, `wrong-state` stands
   beside the failures of the nearest edge; where none can be reached it stands alone and nothing would help.
6. *Signatures*: guards are judged at each vote. A vote counts for exactly its content, and only while its track (for a
   pilot's trigger: the pilot) stays in the state in which it was cast.
7. *Fail closed*: a guard that raises is a blocker `guard-error`.

What is not here: time (`attempt.now` is given), subjects (the door has replaced refs), digests, versions in conflict.
"""

from proeftuin.core import remedies
from proeftuin.core.choose import choose
from proeftuin.core.commands import Accepted, Attempt, Blocker, Decision, Pending, Refusal
from proeftuin.core.effects import committed, effects, signature
from proeftuin.core.judge import judge
from proeftuin.core.table import Table


def decide(table: Table, attempt: Attempt) -> Decision:
    """Return what a command comes to: events, a signature that waits for others, or every reason why not."""
    chosen = choose(table, attempt)
    if isinstance(chosen, Blocker):
        return Refusal(remedies.explain(table, attempt, (chosen,)))
    judged = judge(table, attempt, chosen)
    if judged.blockers:
        return Refusal(remedies.explain(table, attempt, judged.blockers))
    warnings = remedies.explain(table, attempt, judged.warnings) if judged.warnings else ()
    if chosen.rule.edge.sign:
        signed, waiting = signature(attempt, judged)
        if waiting:
            return Pending(committed(attempt, signed), waiting, warnings)
        events, starts = effects(table, attempt, judged, signed)
        return Accepted(events, warnings, starts)
    events, starts = effects(table, attempt, judged)
    return Accepted(events, warnings, starts)
