"""The pictures, measured by a real browser: alone, all of them on one page, and with hostile words."""

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


def shown() -> str:
    """A page with every picture of the docs."""
    return page(*(file.read_text(encoding="utf-8") for file in FILES))


@pytest.mark.parametrize("family", ["system-ui", "Liberation Sans"])
def test_no_words_of_a_picture_touch_in_a_browser(browser: Browser, family: str) -> None:
    """In the letters of this machine as in others, no two lines of text of a picture overlap, and none is cut off."""
    svgs = shown().replace("system-ui,sans-serif", f"{family!r},sans-serif")
    with opened(browser, svgs, width=1920) as found:
        assert ([], []) == (overlaps(found), clipped(found))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pictures_on_one_page_break_no_rule(browser: Browser, dark: bool) -> None:  # noqa: FBT001  # as the browser has it
    """By light and by dark, all pictures on one page break no rule of axe-core, and nothing is asked for."""
    with opened(browser, shown(), width=1920, dark=dark) as found:
        assert ([], []) == (violations(found), requests(found))


def test_a_picture_stands_alone(browser: Browser) -> None:
    """A file is drawn without a page around it, and asks for nothing."""
    with opened(browser, FILES[0], width=1920) as found:
        assert ([], "svg") == (requests(found), found.evaluate("document.documentElement.tagName"))


def test_no_word_changes_the_tree_of_a_page(browser: Browser) -> None:
    """Whatever everything in a life is called, the browser builds the same tags with the same attributes."""
    life = lived(*STEPS)

    def built(*labels: str) -> list[str]:
        svgs = (drawn(called(life, one), LATER).svg(prefix=f"p{number}") for number, one in enumerate(labels))
        with opened(browser, page(*svgs), width=1000) as found:
            return tree(found)

    assert built(*("w" for _ in HOSTILE)) == built(*HOSTILE)
