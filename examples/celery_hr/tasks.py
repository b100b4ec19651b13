"""A timer for pilots: beat asks for `tick` and `deliver` again and again, and any worker does them.

    celery --app tasks worker --beat

Both may be late, doubled, or run at once on any number of machines: what was done is not done again.
"""

import os
from functools import cache
from typing import Any

from celery import Celery
from celery.utils.log import get_task_logger

from proeftuin import Engine
from proeftuin.sinks import open_sink
from proeftuin.spi import Sink

SOURCE = "urn:nld:oin:00000001823288444000:systeem:pilots"
EVERY = float(os.environ.get("HR_EVERY", "60"))  # seconds; nothing is due by the minute, but others like to hear soon

log = get_task_logger(__name__)
app = Celery("tasks", broker=os.environ["HR_BROKER"])
app.conf.task_ignore_result = True  # what came of it is in the history, and in the lanes
app.conf.broker_connection_retry_on_startup = True
app.conf.beat_schedule = {
    name: {"task": f"tasks.{name}", "schedule": EVERY, "options": {"expires": 10 * EVERY}}  # later ones do its work
    for name in ("tick", "deliver")
}


@cache
def engine() -> Engine:
    """Return the engine of this process: opened after the worker made it, never before."""
    opened = Engine.open(os.environ["PROEFTUIN_STORE"])
    opened.subscribe("hr", start="beginning")  # said again, it changes nothing
    return opened


@cache
def webhook() -> Sink:
    """Return where events go."""
    options: dict[str, Any] = {"source": SOURCE, "secrets": [os.environ["HR_SECRET"]]}
    if port := os.environ.get("HR_LOCAL_PORT"):  # to try it out on one machine, by http
        options |= {"ports": [int(port)], "insecure_loopback": True}
    return open_sink(os.environ["HR_HOOK"], options)


@app.task
def tick() -> None:
    """Do what is due on every pilot."""
    work = engine().tick()
    log.info("%s pilots, %s could not be read", work.done, work.failed)


@app.task
def deliver() -> None:
    """Deliver what is due; a failure is tried again by the schedule of its lane, not by Celery."""
    work = engine().deliver({"hr": webhook()})
    log.info("%s events arrived, %s deliveries failed", work.done, work.failed)
