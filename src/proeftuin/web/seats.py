"""Who sits at the board: what the host's `authorize` says of a request, once for each request."""

from attrs import field, frozen

from proeftuin.core.commands import Actor
from proeftuin.errors import BadArgument


@frozen
class Seat:
    """Somebody whom the host let in.

    Args:
        actor: who acts and looks; the host vouches for it.
        tenant: whose pilots; None means those of the engine that was given.
        operator: whether the calls of who runs the tool are open too: ticking, delivering, erasing, migrating.
        name: what to call this person on a page; the id, where there is none.
    """

    actor: Actor
    tenant: str | None = field(default=None, kw_only=True)
    operator: bool = field(default=False, kw_only=True)
    name: str | None = field(default=None, kw_only=True)

    @property
    def called(self) -> str:
        """What this person is called on a page."""
        return self.name or self.actor.id


def seated(answer: object) -> Seat | None:
    """Return the seat that an answer of `authorize` gives, None where it lets nobody in.

    Raises:
        BadArgument: for an answer that is neither; nothing is served then.
    """
    if answer is None or isinstance(answer, Seat):
        return answer
    if isinstance(answer, Actor):
        return Seat(answer)
    raise BadArgument("authorize", "must return an Actor, a Seat, a response, or None")
