"""The report as a reader sees it: on a telephone, on a wide screen, on paper, in the dark, in both languages."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from proeftuin import Engine
from proeftuin.cli.demo_pilots import fill
from proeftuin.report import write_report
from tests.browser.chromium import opened
from tests.browser.measure import clipped, overlaps, requests, tree, violations
from tests.domain.planted import Planted
from tests.unit.report.reading import LABEL, Hostile, filled

TODAY = date(2027, 3, 1)
LANGUAGES = ("nl", "en")
ID = re.compile(r' id="[^"]*"')  # those of pictures are made from what they show
SIZES: dict[str, dict[str, Any]] = {"telephone": {"width": 360}, "wide": {"width": 1920}, "paper": {"paper": True}}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report on the pilots of the demo, per language."""
    folder = tmp_path_factory.mktemp("reports")
    fill(f"sqlite:///{folder}/demo.db", TODAY)
    with Engine.open(f"sqlite:///{folder}/demo.db") as engine:
        for lang in LANGUAGES:
            write_report(engine, folder / f"{lang}.html", language=lang)
    return {file.stem: file for file in folder.glob("*.html")}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps_and_nothing_is_cut_off(
    browser: Browser, files: dict[str, Path], lang: str, size: str
) -> None:
    """No two boxes overlap, no label is clipped, and nothing is asked from elsewhere, whatever it is read on."""
    with opened(browser, files[lang], **SIZES[size]) as page:
        assert ([], [], []) == (overlaps(page), clipped(page), requests(page))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nobody_is_kept_out(browser: Browser, files: dict[str, Path], lang: str, *, dark: bool) -> None:
    """Axe-core finds nothing on any page that keeps a reader out, by day or in the dark."""
    with opened(browser, files[lang], dark=dark) as page:
        assert [] == violations(page)


def test_hostile_words_change_no_tag_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """In a browser the page of hostile words, pictures included, has the tags and attributes of the plain one."""
    trees = []
    for kind, ending in ((Planted, ""), (Hostile, LABEL)):
        write_report(filled(kind, ending, "existing-contract").engine, tmp_path / "report.html")
        with opened(browser, tmp_path / "report.html") as page:
            trees.append([ID.sub(" id", line) for line in tree(page)])
            assert [] == requests(page)
    assert trees[0] == trees[1]
