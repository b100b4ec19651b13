"""A worker by itself: `python -m proeftuin_temporal temporal://127.0.0.1:7233`, until it is interrupted."""

import asyncio
import signal
import sys

from temporalio.client import Client

from proeftuin import BadArgument
from proeftuin_temporal._engine import address
from proeftuin_temporal._worker import pilot_worker


async def work(url: str) -> None:
    """Run a worker by the bundled workflows until this process is told to end."""
    target, namespace, queue = address(url)
    client = await Client.connect(target, namespace=namespace)
    over = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, over.set)
    async with pilot_worker(client, task_queue=queue):
        print(f"working on {queue} of {namespace} at {target}", flush=True)  # noqa: T201  # the one thing it says
        await over.wait()


def main(url: str = "temporal://127.0.0.1:7233") -> None:
    """Run it, and end with a line that says why where it cannot."""
    try:
        asyncio.run(work(url))
    except BadArgument as odd:
        sys.exit(str(odd))
    except RuntimeError as odd:  # the client's, also for a namespace that is not there
        sys.exit(f"no worker can run at {url}: {odd}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
