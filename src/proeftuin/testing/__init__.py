"""The conformance kit: whether a store keeps what `proeftuin.spi` promises. Write one, and know.

    class TestMyStore(StoreContract):
        url = "mystore://scratch"

is a test class for pytest; `proeftuin conform mystore://scratch` and `conform` do the same without. A case is left
out only where a store itself says that it lacks the part or the flag that the case is about; every such skip is told.
`docs/write-a-store.md` explains each rule. The honest commits that the cases write are here for tests of your own.
"""

from typing import TYPE_CHECKING, Any

from proeftuin.testing.bench import Bench
from proeftuin.testing.case import Case
from proeftuin.testing.commits import (
    advance,
    begin,
    changed,
    crowd,
    everything,
    moved,
    opened,
    started,
    stored,
    versions,
    written,
)
from proeftuin.testing.expect import Broken
from proeftuin.testing.report import Report, Result
from proeftuin.testing.run import KIT_VERSION, conform

if TYPE_CHECKING:
    from proeftuin.testing.contract import StoreContract

__all__ = [
    "KIT_VERSION",
    "Bench",
    "Broken",
    "Case",
    "Report",
    "Result",
    "StoreContract",
    "advance",
    "begin",
    "changed",
    "conform",
    "crowd",
    "everything",
    "moved",
    "opened",
    "started",
    "stored",
    "versions",
    "written",
]


def __getattr__(name: str) -> Any:  # whatever the public name is
    """Import what needs pytest when it is asked for: `conform` does without."""
    if name != "StoreContract":
        message = f"module 'proeftuin.testing' has no attribute {name!r}"
        raise AttributeError(message)
    from proeftuin.testing.contract import StoreContract  # noqa: PLC0415  # the one name that needs pytest

    return StoreContract
