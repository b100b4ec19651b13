"""Which browser is used, and how a page is opened in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urldefrag, urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.serving import Missing

NAMED = "PROEFTUIN_TEST_CHROMIUM"
NAMES = ("chromium", "chromium-browser")
A4 = {"width": 718, "height": 1047}  # pixels at 96 an inch, within margins of a centimetre
INSIDE = ("about:", "blob:", "data:")

_asked: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def chromium() -> str:
    """The program: what the environment names, or what Debian installs; raises Missing, and downloads nothing."""
    if named := os.environ.get(NAMED):
        if not os.access(named, os.X_OK) or Path(named).is_dir():
            raise Missing(f"{NAMED} names {named}, which is no program")
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise Missing(f"no chromium is installed, and {NAMED} is not set")
    return found


@contextmanager
def running(program: str) -> Iterator[Browser]:
    """The browser, while it runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser,
    where: str | Path,
    *,
    width: int = 1280,
    height: int = 900,
    dark: bool = False,
    paper: bool = False,
    scripts: bool = True,
    language: str = "nl-NL",
    who: str | None = None,
) -> Iterator[Page]:
    """A page in a window, as a visitor who was never here sees it: a file, an address, or the text of a page.

    With `paper` it is laid out as on a sheet of A4, which the width of the window then has no say in. With `who` it is
    asked for by that person, as a proxy that signs people in would tell.
    """
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    context = browser.new_context(
        viewport=A4 if paper else {"width": width, "height": height},  # type: ignore[arg-type]  # a constant is no literal to mypy
        color_scheme=scheme,
        java_script_enabled=scripts,
        locale=language,
        reduced_motion="reduce",
        extra_http_headers=None if who is None else {"remote-user": who},
    )
    try:
        page = context.new_page()
        _asked[page] = []
        page.on("request", _note(_asked[page]))
        page.emulate_media(media="print" if paper else "screen")
        _show(page, where)
        yield page
    finally:
        context.close()


def _show(page: Page, where: str | Path) -> None:
    if isinstance(where, Path):
        page.goto(where.resolve().as_uri())
    elif where.startswith(("http://", "https://")):
        page.goto(where)
    else:
        page.set_content(where)


def _note(asked: list[str]) -> Callable[[Request], None]:
    return lambda request: asked.append(request.url)


def asked(page: Page) -> list[str]:
    """What the page asked of the network, itself included, in order."""
    return list(_asked[page])


def requests(page: Page) -> list[str]:
    """What the page asked from elsewhere: for a file that is all but itself, for a served page all of other servers."""
    return [url for url in asked(page) if not url.startswith(INSIDE) and not _own(url, page.url)]


def _own(url: str, page: str) -> bool:
    one, other = urlsplit(url), urlsplit(page)
    if other.scheme == "file":
        return urldefrag(url).url == urldefrag(page).url
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)
