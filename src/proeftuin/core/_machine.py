"""The one door to `transitions`: rows of a lifecycle become a machine, and the machine is read once.

`transitions` defines the machine and gives its semantics (which edges leave a state under a trigger, in which order),
never its run-time: no pilot is ever registered as a model. Measured reasons: a bound model costs 10-70 kB and 9-17 us a
step against 200 bytes and 1-3 us for the table; and a callback given as a dotted string is imported and called by
`transitions`, so `_Machine` resolves nothing at all.
"""

from collections.abc import Iterable
from typing import NoReturn

from transitions import Machine


class _Machine(Machine):
    """A machine that never turns a word into code."""

    @staticmethod
    def resolve_callable(func: object, event_data: object) -> NoReturn:
        """Refuse: the table is read, the machine is never run."""
        del event_data
        message = f"{func!r} is a word of a workflow file, not code"
        raise LookupError(message)


def machine(states: Iterable[str], edges: Iterable[tuple[str, str, str | None]]) -> Machine:
    """Return the `transitions` machine of (trigger, source, target or None) rows; conditions carry the row number."""
    built = _Machine(model=None, states=list(states), initial=None, auto_transitions=False, send_event=True)
    for number, (trigger, source, target) in enumerate(edges):
        built.add_transition(trigger, source, target, conditions=[str(number)])
    return built


def read(built: Machine) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return per (state, trigger) the row numbers of a machine, in the order in which it would try them."""
    return {
        (source, trigger): tuple(int(str(one.conditions[0].func)) for one in found)
        for trigger, event in built.events.items()
        for source, found in event.transitions.items()  # items(): subscripting would add an entry
    }
