"""Events of every earlier form, read in today's.

1. An event is hashed as it was written, so it keeps its form for ever: a history is never rewritten, only read anew.
2. A change of form is a *step*, declared here for its type: a pure function from the event in one form to the same one
   in the next. Reading applies the steps that an event has not had, so all that is above reads one form.
3. An event of a type that has steps says its form in its body; one that says none is of form 1. A type that has none
   says none, and costs nothing.
4. Steps are added at the end and never changed or taken away. A step keeps the type of the event: words of the log are
   never renamed. What it cannot know from the event it leaves out, so `evolve` reads it as absent.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from proeftuin.core.events import Event

Step = Callable[[Event], Event]

STEPS: Mapping[str, tuple[Step, ...]] = MappingProxyType({})
"""Per type of event what made each of its forms the next; none has changed its form so far."""


def form_of(type_: str) -> int:
    """Return the number of the form in which events of this type are written today, from 1."""
    return 1 + len(STEPS.get(type_, ()))


def raised(event: Event, form: int) -> Event:
    """Return an event that was written in this form as it would be written today.

    Raises:
        ValueError: for a form that only a later version can read.
    """
    newest = form_of(event.type)
    if not 1 <= form <= newest:
        raise ValueError(f"it has form {form} of `{event.type}`, and this version reads up to {newest}")
    for step in STEPS.get(event.type, ())[form - 1 :]:
        event = step(event)
    return event
