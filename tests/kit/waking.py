"""Stores whose hints are not heard, or heard for ever, or in somebody's way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from unittest.mock import patch

from proeftuin.spi import Listener
from proeftuin.storage.bell import Bell, BellListener
from proeftuin.testing import threads
from tests.kit.mutant import InMemory


class OtherListeners(InMemory):
    """Has listeners that listen in another way."""

    kind: type[BellListener]

    @staticmethod
    @contextmanager
    def at_work() -> Iterator[None]:
        """Wait for less long, as what waits for ever here would do so for a minute each time."""
        with patch.object(threads, "PATIENCE", 0.5):
            yield

    def listen(self) -> Listener:
        return self.kind(self._bell)


class HeardByThoseWhoWait(OtherListeners):
    """Wakes those who wait, and is not heard by whoever waits a moment later."""

    named: ClassVar[tuple[str, ...]] = ("W01",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        def wait(self, seconds: float) -> bool:
            self._heard = self._bell.rung
            return super().wait(seconds)


class HeardByOne(OtherListeners):
    """Gives each hint to the one listener that comes first."""

    named: ClassVar[tuple[str, ...]] = ("W01",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        taken: ClassVar[dict[Bell, int]] = {}

        def wait(self, seconds: float) -> bool:
            self._heard = max(self._heard, self.taken.get(self._bell, 0))
            told = super().wait(seconds)
            self.taken[self._bell] = self._heard
            return told


class LooksWhenTimeIsOver(OtherListeners):
    """Waits its whole time, and then looks whether there was a hint."""

    named: ClassVar[tuple[str, ...]] = ("W01",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        def wait(self, seconds: float) -> bool:
            with self._bell.gate:
                self._bell.gate.wait_for(lambda: self._stopped, seconds)
            return super().wait(0)


class WokenUntold(OtherListeners):
    """Ends a wait at a hint, and says that there was none."""

    named: ClassVar[tuple[str, ...]] = ("W01",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        def wait(self, seconds: float) -> bool:
            return super().wait(seconds) and seconds < 1


class EachByItself(OtherListeners):
    """Keeps all hints, and tells one at each wait."""

    named: ClassVar[tuple[str, ...]] = ("W02",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        def wait(self, seconds: float) -> bool:
            before = self._heard
            told = super().wait(seconds)
            self._heard = before + told
            return told


class AlwaysTold(OtherListeners):
    """Says at once that there was a hint, whenever it is asked."""

    named: ClassVar[tuple[str, ...]] = ("W02",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        def wait(self, seconds: float) -> bool:
            return True


class StopsInTime(OtherListeners):
    """Notices that it was stopped when its wait is over."""

    named: ClassVar[tuple[str, ...]] = ("W03",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        def stop(self) -> None:
            self._stopped = True


class StopsOnce(OtherListeners):
    """Ends one wait when it is stopped, and waits again."""

    named: ClassVar[tuple[str, ...]] = ("W03",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        def wait(self, seconds: float) -> bool:
            told = super().wait(seconds)
            self._stopped = False
            return told


class StopsAll(OtherListeners):
    """Stops every listener where one is stopped."""

    named: ClassVar[tuple[str, ...]] = ("W03",)

    class kind(BellListener):  # noqa: N801  # the attribute that it fills
        deaf: ClassVar[set[Bell]] = set()

        def wait(self, seconds: float) -> bool:
            told = super().wait(seconds)
            return told and self._bell not in self.deaf

        def stop(self) -> None:
            self.deaf.add(self._bell)
            super().stop()


class WaitsForItsTurn(OtherListeners):
    """Sends a hint when nobody writes."""

    named: ClassVar[tuple[str, ...]] = ("W04",)
    kind = BellListener

    def wake(self) -> None:
        with self._lock:
            super().wake()


class RingsWhenClosed(InMemory):
    """Sends hints although it was closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def wake(self) -> None:
        self._bell.ring()


class ListensWhenClosed(InMemory):
    """Listens although it was closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def listen(self) -> Listener:
        return BellListener(self._bell)
