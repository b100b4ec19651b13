"""The worker: the process in which pilots live, between their being woken up and their falling asleep."""

from collections.abc import Mapping
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from proeftuin_temporal._activities import Activities, Brings
from proeftuin_temporal._names import QUEUE
from proeftuin_temporal._rules import Rules
from proeftuin_temporal._workflow import pilot_workflow


def pilot_worker(
    client: Client,
    rules: Rules | None = None,
    *,
    subscribers: Mapping[str, Brings] | None = None,
    task_queue: str = QUEUE,
    **options: Any,  # noqa: ANN401  # those of `Worker`
) -> Worker:
    """Return a Temporal worker for pilots; any number of them may run, on any machines.

    Args:
        client: connected to Temporal; its namespace is the tenant.
        rules: what decides, alike on every worker of a version; None means the bundled workflows, and nothing else.
        subscribers: `Delivery`s and `Projection`s, by the names under which pilots know them.
        task_queue: where it works.
        options: others of `temporalio.worker.Worker`, such as `deployment_config`.
    """
    rules = rules or Rules()
    rules.ready()
    doing = Activities(client, rules, subscribers or {})
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[pilot_workflow(rules)],
        activities=[doing.decide, doing.bring],
        **options,
    )
