"""The screenshots of docs/board.md, made of the demo portfolio: `python -m tests.browser.pictures` makes them anew.

Letters and lines of a browser differ from machine to machine, so no test compares pixels. What a screenshot is made of
can be compared: beside them stands the hash of the templates, the style and the words that they show. Whoever changes
one of these makes them anew, and looks at them.
"""

import hashlib
import tempfile
from datetime import date
from pathlib import Path

from proeftuin import Engine, web
from proeftuin.cli.demo_pilots import fill
from tests.browser.boards import serving
from tests.browser.chromium import chromium, opened, running

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
MADE_OF = FOLDER / "board.sha256"
SOURCES = ("static/board.css", "pages/words.py", "templates/*.html")
NAMES = ("board", "board-pilot", "board-refused", "board-phone")


def made_of() -> str:
    """The hash of what the screenshots show, but for the pilots themselves."""
    found = hashlib.sha256()
    for pattern in SOURCES:
        for one in sorted(Path(web.__file__).parent.glob(pattern)):
            found.update(one.name.encode() + one.read_bytes())
    return found.hexdigest()


def picture(folder: Path) -> None:
    """Make them."""
    with tempfile.TemporaryDirectory() as kept:
        url = f"sqlite:///{kept}/pilots.db"
        fill(url, date.today())  # noqa: DTZ011  # the board runs on the system's clock
        with Engine.open(url) as on, serving(on) as address, running(chromium()) as browser:
            one = next(found.id for found in on.find().items if found.state == "committing")
            with opened(browser, f"{address}/?lang=en", width=1180, height=760, language="en-GB") as page:
                page.screenshot(path=folder / "board.png")
                page.goto(f"{address}/pilot?id={one}")
                page.screenshot(path=folder / "board-pilot.png")
                page.goto(f"{address}/act?id={one}&trigger=open_supplier_talks")
                page.locator("form.act button").last.click()
                page.screenshot(path=folder / "board-refused.png")
            with opened(browser, f"{address}/pilot?id={one}", width=360, height=760, dark=True) as page:
                page.screenshot(path=folder / "board-phone.png")
    (folder / MADE_OF.name).write_text(f"{made_of()}\n", encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    picture(FOLDER)
