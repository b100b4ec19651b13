"""For tests: the lab, where pilots are lived through in virtual time, and the conformance kit for stores.

    def test_a_supplier_joins(lab):
        lab.start("coordinator", {"title": "Canteen", "organisation": "Voorbeeld"})

`lab` is a fixture of the pytest plugin that comes with this package; see `docs/testing.md`. Of the kit,

    class TestMyStore(StoreContract):
        url = "mystore://scratch"

is a test class for pytest; `proeftuin conform mystore://scratch` and `conform` do the same without. A case is left
out only where a store itself says that it lacks the part or the flag that the case is about; every such skip is told.
`docs/write-a-store.md` explains each rule. The honest commits that the cases write are here for tests of your own.
`SinkContract` is the same for sinks; see `docs/write-a-sink.md`.

Names are imported on first use: pytest loads the plugin, and so this package, in every project where it is installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from proeftuin.testing.contract import StoreContract
    from proeftuin.testing.expect import Broken
    from proeftuin.testing.lab import Lab
    from proeftuin.testing.people import People
    from proeftuin.testing.report import Report, Result
    from proeftuin.testing.run import KIT_VERSION, conform
    from proeftuin.testing.sink_contract import SinkContract

_HOMES = {
    "bench": ("Bench",),
    "case": ("Case",),
    "commits": (
        "advance",
        "begin",
        "changed",
        "crowd",
        "everything",
        "moved",
        "opened",
        "started",
        "stored",
        "versions",
        "written",
    ),
    "contract": ("StoreContract",),
    "expect": ("Broken",),
    "lab": ("Lab",),
    "people": ("People",),
    "report": ("Report", "Result"),
    "run": ("KIT_VERSION", "conform"),
    "sink_contract": ("SinkContract",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "KIT_VERSION",
    "Bench",
    "Broken",
    "Case",
    "Lab",
    "People",
    "Report",
    "Result",
    "SinkContract",
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
    """Import a public name on first use."""
    home = _HOME.get(name)
    if home is None:
        message = f"module 'proeftuin.testing' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"proeftuin.testing.{home}"), name)
    globals()[name] = value
    return value
