"""The words that a client, a workflow and a worker agree on; those in histories of Temporal's must stay."""

PILOT = "proeftuin-pilot"
DECIDE = "proeftuin-decide"
BRING = "proeftuin-bring"
QUEUE = "proeftuin"
PAGE = 500
"""How many events a query gives at once."""


def workflow_id(pilot_id: str) -> str:
    """Return the id of the workflow that is this pilot."""
    return f"pilot:{pilot_id}"


def pilot_id(workflow_id: str) -> str:
    """Return the id of the pilot that a workflow is."""
    return workflow_id.partition(":")[2]
