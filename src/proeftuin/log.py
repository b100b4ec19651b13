"""The one door to structlog: one event per accepted, refused and conflicted command.

Events go to the standard logger `proeftuin`, as its message with the facts as fields, so that a host's own set-up
decides what becomes of them. No personal data and no secret is ever given: ids, words and codes only. structlog is
imported with the first event that anybody listens to (measured: its import takes longer than ten thousand decisions).
"""

import logging
from functools import cache
from typing import Any

_LOGGER = logging.getLogger("proeftuin")
_LOGGER.addHandler(logging.NullHandler())  # so that nothing is printed unless the host says where to
_EVENTS = logging.getLogger("proeftuin.events")  # a child, for who wants these alone


@cache
def _structured(logger: logging.Logger = _LOGGER) -> Any:  # noqa: ANN401  # structlog's own lazy proxy
    import structlog  # noqa: PLC0415  # on first use only, see above

    return structlog.wrap_logger(
        logger,
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def info(event: str, **facts: object) -> None:
    """Log what happened in the ordinary course."""
    if _LOGGER.isEnabledFor(logging.INFO):
        _structured().info(event, **facts)


def event(kind: str, **facts: object) -> bool:
    """Log an event of a pilot's history, for the sink that does only that; tell whether anybody listens."""
    if not _EVENTS.isEnabledFor(logging.INFO):
        return False
    _structured(_EVENTS).info(kind, **facts)
    return True


def warning(event: str, **facts: object) -> None:
    """Log what somebody should look at."""
    if _LOGGER.isEnabledFor(logging.WARNING):
        _structured().warning(event, **facts)
