"""The pictures, measured by a real browser: each alone, all of them on one page, and with hostile words."""

from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from proeftuin.views import PICTURE_STYLE
from tests.browser.chromium import opened
from tests.browser.measure import clipped, overlaps, requests, tree, violations
from tests.drawings import FOLDER
from tests.unit.views.pictures import HOSTILE
from tests.unit.views.test_timelines import LATER, called, drawn, lived

FILES = sorted(FOLDER.glob("*.svg"))
STEPS = (
    ("02-01", "decide"), ("02-02", "talk"), ("02-10", "open", "isa"), ("02-20", "finish", "isa"),
    ("03-01", "hold"), ("03-02", "resume"), ("04-01", "stop"),
)  # fmt: skip


def page(*pictures: str) -> str:
    """A page with these pictures, whose rules are its own."""
    style = f"<style>{PICTURE_STYLE} main {{overflow-x: auto}} svg.pt {{max-width: none}} body {{margin: 0}}</style>"
    shown = "".join(f"<div>{one}</div>" for one in pictures)
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pictures</title>{style}</head>'
    return f'{head}<body><main tabindex="0"><h1>Pictures</h1>{shown}</main></body></html>'


@pytest.mark.parametrize("family", ["system-ui", "Liberation Sans", "DejaVu Sans"])
def test_no_words_of_a_picture_touch_in_a_browser(browser: Browser, family: str) -> None:
    """In the letters of this machine as in others, no two lines of text of a picture overlap, and none is cut off."""
    for file in FILES:
        svg = file.read_text(encoding="utf-8").replace("system-ui,sans-serif", f"'{family}',sans-serif")
        with opened(browser, page(svg), width=1920) as found:
            assert (file.name, [], []) == (file.name, overlaps(found), clipped(found))


def test_pictures_on_one_page_break_no_rule(browser: Browser) -> None:
    """By light and by dark, all pictures on one page break no rule of axe-core, and nothing is asked for."""
    shown = [file.read_text(encoding="utf-8") for file in FILES]
    for dark in (False, True):
        with opened(browser, page(*shown), width=1920, dark=dark) as found:
            assert ([], []) == (violations(found), requests(found))


def test_a_picture_stands_alone(browser: Browser, tmp_path: Path) -> None:
    """A file is drawn without a page around it, and asks for nothing."""
    for file in FILES:
        with opened(browser, file, width=1920) as found:
            assert ([], "svg") == (requests(found), found.evaluate("document.documentElement.tagName"))


def test_no_word_changes_the_tree_of_a_page(browser: Browser) -> None:
    """Whatever everything in a life is called, the browser builds the same tags with the same attributes."""
    life = lived(*STEPS)

    def names(label: str) -> list[str]:
        with opened(browser, page(drawn(called(life, label), LATER).svg()), width=1000) as found:
            return [line.split("=")[0] for line in tree(found)]

    plain = names("w")
    assert {} == {escape(one): found for one in HOSTILE if (found := names(one)) != plain}
