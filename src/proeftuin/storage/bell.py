"""A bell: the hints of a store that reach listeners in this process alone."""

from threading import Condition

from proeftuin import forks


class Bell:
    """Rung by whoever commits, heard by whoever listens."""

    def __init__(self) -> None:
        self.rung = 0
        self.renew()
        forks.renewed(self)

    def renew(self) -> None:
        """Let go of those who wait: in a child of a fork there are none."""
        self.gate = Condition()

    def ring(self) -> None:
        """Send a hint."""
        with self.gate:
            self.rung += 1
            self.gate.notify_all()

    def listen(self) -> "BellListener":
        """Return a listener."""
        return BellListener(self)


class BellListener:
    """Whoever listens to a bell; see `proeftuin.spi.Listener`."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._heard = bell.rung
        self._stopped = False

    def wait(self, seconds: float) -> bool:
        """See `proeftuin.spi.Listener.wait`."""
        bell = self._bell
        with bell.gate:
            bell.gate.wait_for(lambda: self._stopped or bell.rung > self._heard, seconds)
            before, self._heard = self._heard, bell.rung
        return bell.rung > before

    def stop(self) -> None:
        """See `proeftuin.spi.Listener.stop`."""
        with self._bell.gate:
            self._stopped = True
            self._bell.gate.notify_all()

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""
