"""The board in a real browser: a server on loopback, and a visitor who has a keyboard and nothing else."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Page
from starlette.requests import Request

from proeftuin import Actor, Engine
from proeftuin.web import app

LEAD = Actor("lead-1", roles={"coordinator"})
OWNER = Actor("owner-1", roles={"client_owner"})
STEPS = 150
NAME = """() => { const one = document.activeElement, said = one.labels && one.labels.length ? one.labels[0] : one;
  const text = said.innerText || one.getAttribute("aria-label") || ""; return text.replace(/\\s+/g, " ").trim(); }"""


def authorize(request: Request) -> Actor:
    """Who opens it is the coordinator, and the owner where a test says so."""
    return OWNER if request.headers.get("remote-user") == OWNER.id else LEAD


@contextmanager
def serving(on: Engine, who: Callable[[Request], Actor | None] = authorize) -> Iterator[str]:
    """The address of a board, while it is served."""
    board = app(on, authorize=who)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = _Server(uvicorn.Config(board, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            board.state.news.end()
            server.should_exit = True
            thread.join()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are those of the test run."""
        yield


class Keyboard:
    """Somebody who cannot use a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Press Tab until what has the focus is called so, or begins with it."""
        passed = []
        for _ in range(STEPS):
            self.page.keyboard.press("Tab")
            passed.append(str(self.page.evaluate(NAME)))
            if passed[-1].startswith(name):
                return
        raise AssertionError(f"{name!r} cannot be reached with Tab; passed {list(dict.fromkeys(passed))}")

    def press(self, name: str) -> None:
        """Go to a link or button, press Enter, and wait for the page that comes."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, name: str, text: str) -> None:
        """Go to a field, and type; in a list of choices that picks what begins so."""
        self.to(name)
        self.page.keyboard.type(text)

    def pick(self, name: str) -> None:
        """Go to a choice that is shown among others, and pick it: with Tab to the first, then by its arrows."""
        for _ in range(STEPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("() => document.activeElement.type") == "radio":
                break
        self.page.keyboard.press("Space")
        for _ in range(STEPS):
            if str(self.page.evaluate(NAME)) == name:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"there is no choice {name!r}")
