"""The one door to uvicorn: the board, served by this process until it is told to stop."""

import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette

GRACE = 3
"""For how many seconds what was asked is still answered, once it is told to stop."""


class _Server(uvicorn.Server):
    """One whose streams end when it is told to stop; it would wait for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self.config.app.state.news.end()  # type: ignore[union-attr]  # it is the board
        super().handle_exit(sig, frame)


def serve(board: Starlette, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the board until SIGINT or SIGTERM.

    Args:
        board: what `proeftuin.web.app` made.
        host: where it listens.
        port: likewise; 0 means any that is free.
        ready: is told the address, once it can be opened.

    Raises:
        OSError: where it cannot listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{listening.getsockname()[1]}/")
        settings = uvicorn.Config(
            board, access_log=False, lifespan="off", log_level="warning", timeout_graceful_shutdown=GRACE, ws="none"
        )
        _Server(settings).run([listening])
