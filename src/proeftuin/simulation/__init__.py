"""Simulation: pilots that live in a made-up world, on a real engine, to see what a programme may come to.

    simulate         pilots, a seed and a behaviour -> figures with intervals, and a history that is a real one
    compare          the same pilots twice, with the weekly call and without it, and what it changed
    load_behaviour   a behaviour file, against a compiled workflow -> `Behaviour`, or every fault with its line

What people do, how likely and how soon, is told by a behaviour file, and is assumption. What they may do is told by the
workflow, and decided by the engine. `simpy` drives the engine's clock. The same seed gives the same bytes.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proeftuin.simulation._behaviour import Behaviour
    from proeftuin.simulation._estimates import Estimate
    from proeftuin.simulation._figures import Effect, Figures, Phase, Row
    from proeftuin.simulation._reader import bundled_behaviour, load_behaviour
    from proeftuin.simulation._run import Compared, Simulated, compare, simulate

__all__ = [
    "Behaviour",
    "Compared",
    "Effect",
    "Estimate",
    "Figures",
    "Phase",
    "Row",
    "Simulated",
    "bundled_behaviour",
    "compare",
    "load_behaviour",
    "simulate",
]

_HOMES = {
    "_behaviour": ("Behaviour",),
    "_estimates": ("Estimate",),
    "_figures": ("Effect", "Figures", "Phase", "Row"),
    "_reader": ("bundled_behaviour", "load_behaviour"),
    "_run": ("Compared", "Simulated", "compare", "simulate"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the name is
    """Import a name on first use: a behaviour can be read without `simpy`."""
    from importlib import import_module  # noqa: PLC0415  # only where a name is asked for

    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        message = f"module 'proeftuin.simulation' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"proeftuin.simulation.{home}"), name)
