"""The core against raw `transitions`: a step, and taking in a pilot."""

from collections.abc import Iterator

from benchmarks.lifecycles import (
    WORKER,
    Model,
    existing_contract,
    first_event,
    our_step,
    plain,
    raw_machine,
    raw_step,
)
from benchmarks.measure import Ratio, in_turns
from proeftuin import Actor
from proeftuin.core.evolve import evolve
from proeftuin.definitions import Catalogue

MOVES = ("complete_exploration", "open_supplier_talks")


def ratios() -> Iterator[Ratio]:
    """Give the ratios of the core."""
    table, pilot = plain()
    pair = (our_step(table, pilot, WORKER, "advance"), raw_step(table.workflow, "advance"))
    ours, floor = in_turns(pair)
    yield Ratio("decide + evolve, nine plain states", ours, floor, must=2, aim=1)

    table, pilot, owner = existing_contract()
    both = (our_step(table, pilot, owner, *MOVES), raw_step(table.workflow, *MOVES))
    ours, floor = in_turns(both)
    yield Ratio("decide + evolve, existing-contract with 20 records", ours / 2, floor / 2, must=4, aim=2)

    coordinator = Actor("coordinator-1", roles={"coordinator"})
    workflow = Catalogue().get("existing-contract")
    _, event = first_event(workflow, coordinator, title="Catering", organisation="An organisation")
    machine = raw_machine(workflow, None)
    taking = (lambda: evolve(None, event), lambda: machine.add_model(Model()))
    ours, floor = in_turns(taking, number=10)
    yield Ratio("folding pilot.started, against add_model", ours, floor, must=1 / 20, aim=1 / 20)
