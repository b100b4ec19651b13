"""What a reader would see on a page, as a list of complaints each: an empty list is a good page.

Text that is for a screen reader only is left out where it is hidden in the usual way: a box of one pixel that clips.
Slanted text counts by the upright box around it. In print nothing scrolls, so there what is scrolled to is cut off.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.chromium import requests

__all__ = ["clipped", "overlaps", "requests", "tree", "violations"]


def overlaps(page: Page) -> list[str]:
    """The pairs of boxes that share more than a pixel both ways: lines of text in HTML or SVG, controls, pictures."""
    return _measured(page, "overlaps")


def clipped(page: Page) -> list[str]:
    """Text that a box, an SVG or the page cuts off, or that is wider than its box; and a page that scrolls sideways."""
    return _measured(page, "clipped")


def tree(page: Page) -> list[str]:
    """The tags and attributes of the page without its text, a line each, indented; for comparing two versions."""
    return _measured(page, "tree")


def violations(page: Page) -> list[str]:
    """The rules of axe-core that the page breaks, with where."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def _measured(page: Page, what: str) -> list[str]:
    found: list[str] = page.evaluate(f"() => {_script()}.{what}()")
    return found


@cache
def _script() -> str:
    return (Path(__file__).parent / "measure.js").read_text(encoding="utf-8").strip()
