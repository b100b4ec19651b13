"""Hints: the part `Wakes` of a store, by which a worker hears that there may be something to deliver.

1. A hint is sent after a commit, and says nothing but that there may be news: no pilot, no tenant. It is never needed.
   Whoever waits for one waits for a while at most, and then looks; so a hint may be lost, be sent too early or come for
   nothing, and all is delivered as it would be without.
2. A hint is not part of what is committed, and takes no part in a transaction. It waits for nobody.
3. A listener hears what is sent from the moment it was made; several hints that were not heard yet count as one.
"""

from typing import Protocol, runtime_checkable


class Listener(Protocol):
    """Whoever listens for hints. One thread waits; any other may stop it."""

    def wait(self, seconds: float) -> bool:
        """Wait for a hint, for so many seconds at most; return whether there was one since the last wait.

        Raises:
            StoreError: where no more hints can be heard; it is closed then, and another one made.
        """

    def stop(self) -> None:
        """End the wait, and every later one at once."""

    def close(self) -> None:
        """Let go of everything; called by the thread that waits, and once."""


@runtime_checkable
class Wakes(Protocol):
    """The optional part of a store that passes hints on, to listeners in this process or in any."""

    def wake(self) -> None:
        """Send a hint, where that can be done at once.

        Raises:
            StoreError: where it could not be sent; the caller goes on as if it had been.
        """

    def listen(self) -> Listener:
        """Return a listener.

        Raises:
            StoreError: where the store cannot be reached.
        """
