"""The core against raw `transitions`: a step, and taking in a pilot."""

from collections.abc import Iterator

from benchmarks.lifecycles import (
    EVERYBODY,
    MOVES,
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
from proeftuin.core.evolve import evolve


def ratios() -> Iterator[Ratio]:
    """Give the ratios of the core."""
    draft = plain()
    pair = (our_step(draft.table, draft.pilot, WORKER, "advance"), raw_step(draft.table.workflow, "advance"))
    ours, floor = in_turns(pair)
    yield Ratio("decide + evolve, nine plain states", ours, floor, must=2, aim=1)

    draft = existing_contract()
    workflow = draft.table.workflow
    both = (our_step(draft.table, draft.pilot, EVERYBODY, *MOVES), raw_step(workflow, *MOVES))
    ours, floor = in_turns(both)
    yield Ratio("decide + evolve, existing-contract with 20 records", ours / 2, floor / 2, must=4, aim=2)

    event = first_event(draft.table, "pilot-1", EVERYBODY, title="Catering", organisation="An organisation")
    machine = raw_machine(workflow, None)
    taking = (lambda: evolve(None, event), lambda: machine.add_model(Model()))
    ours, floor = in_turns(taking, number=10)
    yield Ratio("folding pilot.started, against add_model", ours, floor, must=1 / 20, aim=1 / 20)
