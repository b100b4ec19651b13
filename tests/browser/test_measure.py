"""What measures a page, measured: each fault of a page is noticed, and a page without it passes."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import servers
from tests.browser.chromium import NAMED, asked, chromium, opened
from tests.browser.measure import clipped, overlaps, requests, tree, violations
from tests.conftest import needed
from tests.serving import Missing

LONG = "Werkervaringsplaatsenovereenkomst" * 4
NARROW = "width: 60px; overflow: hidden; white-space: nowrap"
STYLE = "<style>body { margin: 8px; font: 16px/1.2 sans-serif } p { margin: 0 }</style>"
SVG = '<svg width="200" height="60"><text x="{}" y="30">Aanmelding</text><text x="{}" y="{}">Intake</text></svg>'
GOOD = f"""<!doctype html><html lang="nl"><head><title>Goed</title>{STYLE}</head><body><main><h1>Proef</h1>
<p>Een regel <b>met nadruk</b> en nog een<br>en een tweede regel.</p>
<button>Leg vast</button> <input aria-label="Naam" value="{LONG}">
<div style="overflow-x: auto; width: 90px" tabindex="0" role="region" aria-label="Tabel">
<p style="width: 300px">{"ruim " * 9}</p></div>
<div style="position: absolute; width: 1px; height: 1px; overflow: hidden; white-space: nowrap">voor wie luistert</div>
<p hidden>{LONG}</p><details><summary>Meer</summary><p>{LONG}</p></details>
<svg role="img" aria-label="Plaatje" width="200" height="60"><rect width="200" height="60" fill="#eee"/>
<text x="10" y="20">Aanmelding</text><text x="10" y="50">Intake</text></svg></main></body></html>"""


def page_of(body: str) -> str:
    return f'<!doctype html><html lang="nl"><head><title>T</title>{STYLE}</head><body>{body}</body></html>'


def test_a_good_page_has_no_complaint(browser: Browser) -> None:
    """Text in lines, controls, scrollers, hidden text and a drawing that are as they should be pass every measure."""
    with opened(browser, GOOD, width=600) as page:
        assert ([], [], [], []) == (overlaps(page), clipped(page), violations(page), requests(page))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<p>onder</p><p style="margin-top: -12px">boven</p>', '"boven"'),
        ('<p>tekst</p><button style="position: absolute; top: 8px; left: 20px">Knop</button>', "<button>"),
        (SVG.format(10, 40, 32), '"Intake"'),
        (f'<p style="position: relative; top: 20px">tekst</p>{SVG.format(10, 10, 50)}', "<svg>"),
        ('<p style="line-height: 8px">een<br>twee</p>', '"twee"'),
    ],
    ids=["text", "control", "svg", "picture", "lines"],
)
def test_boxes_that_overlap_are_noticed(browser: Browser, body: str, text: str) -> None:
    """Text over text, a control, a picture, or over other text within a drawing is named."""
    with opened(browser, page_of(body)) as page:
        assert any(text in one for one in overlaps(page)), overlaps(page)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f'<p style="{NARROW}">een lange regel</p>', "cut off by the p"),
        (f'<p style="{NARROW}; text-overflow: ellipsis">een lange regel</p>', "cut off by the p"),
        ('<div style="height: 10px; overflow: hidden">hoog</div>', "hides a part"),
        (f'<div style="width: 90px">{LONG[:30]}</div>', "wider than its"),
        (f"<p>{LONG}</p>", "in a window of"),
        ('<p style="position: absolute; left: -20px">links</p>', "cut off by the page"),
        (SVG.format(150, 10, 50), "cut off by the svg"),
        (f'<button style="{NARROW}">Leg de afspraak vast</button>', "cut off by the button"),
    ],
    ids=["hidden", "ellipsis", "height", "box", "sideways", "left", "svg", "button"],
)
def test_text_that_is_cut_off_is_noticed(browser: Browser, body: str, text: str) -> None:
    """Text that a box, a drawing or the page cuts off is named, as is text that is wider than its box."""
    with opened(browser, page_of(body), width=400) as page:
        assert any(text in one for one in clipped(page)), clipped(page)


def test_what_scrolls_on_a_screen_is_cut_off_on_paper(browser: Browser) -> None:
    """Text that a reader can scroll to passes on a screen, and not on a sheet of A4."""
    body = '<div style="width: 90px; overflow: auto"><p style="white-space: nowrap">een lange regel tekst</p></div>'
    found = []
    for paper in (False, True):
        with opened(browser, page_of(body), paper=paper) as page:
            found.append(clipped(page))
    assert [] == found[0]
    assert found[1]


def test_what_keeps_a_reader_out_is_noticed(browser: Browser) -> None:
    """A picture without a text, and text that is too pale in the dark only, are named by axe-core."""
    pale = "<style>@media (prefers-color-scheme: dark) { p { color: #eee } }</style><main><h1>T</h1><p>bleek</p></main>"
    with opened(browser, page_of(f'{pale}<img src="data:," width="9" height="9">')) as page:
        assert ["image-alt", "region"] == [one.partition(":")[0] for one in violations(page)]
    with opened(browser, page_of(pale), dark=True) as page:
        assert ["color-contrast"] == [one.partition(":")[0] for one in violations(page)]


def test_a_request_to_elsewhere_is_noticed(browser: Browser, tmp_path: Path) -> None:
    """A page in a file asks for itself only, and a style, a picture or a file beside it is told."""
    file = tmp_path / "page.html"
    file.write_text(page_of('<img alt="" src="data:,">'), encoding="utf-8")
    with opened(browser, file) as page:
        assert ([], file.as_uri()) == (requests(page), asked(page)[0])
    file.write_text(
        page_of('<link rel="stylesheet" href="beside.css"><p style="background: url(http://127.0.0.1:9/x.png)">x</p>'),
        encoding="utf-8",
    )
    with opened(browser, file) as page:
        assert [(tmp_path / "beside.css").as_uri(), "http://127.0.0.1:9/x.png"] == sorted(requests(page))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ('<p title="ander">Andere tekst &lt;b&gt;</p><svg><text>y</text></svg>', True),
        ('<p title="een">Een <b>tekst</b></p><svg><text>x</text></svg>', False),
        ('<p title="een" onclick="x">Een tekst</p><svg><text>x</text></svg>', False),
        ('<p title="een">Een tekst<!-- x --></p><svg><text>x</text></svg>', False),
        ('<p title="een">Een tekst</p><svg><text>x<script>1</script></text></svg>', False),
        ('<p title="een" class="a">Een tekst</p><svg><text>x</text></svg>', False),
    ],
    ids=["text", "tag", "attribute", "comment", "svg", "class"],
)
def test_a_tree_that_differs_is_noticed(browser: Browser, other: str, same: bool) -> None:  # noqa: FBT001  # what is expected
    """Two pages have the same tree where only their text differs, also in an attribute, and not with one tag more."""
    with opened(browser, page_of('<p title="een">Een tekst</p><svg><text>x</text></svg>')) as page:
        one = tree(page)
        page.set_content(page_of(other))
        assert same == (one == tree(page))
    assert "  P title" in one


@pytest.mark.parametrize("named", ["/no/such/program", "."])
def test_a_browser_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """A named browser that is none is missing, and a missing one skips the tests unless it is required."""
    monkeypatch.setenv(NAMED, named)
    with pytest.raises(Missing, match="no program"):
        chromium()
    monkeypatch.setenv(servers.REQUIRE, "redis")
    with pytest.raises(pytest.skip.Exception, match=NAMED):
        needed("chromium", chromium)
    monkeypatch.setenv(servers.REQUIRE, "chromium")
    with pytest.raises(pytest.fail.Exception, match=NAMED):
        needed("chromium", chromium)


def test_no_browser_is_told_and_none_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no browser is named nor on the path, the reason says how to name one."""
    monkeypatch.delenv(NAMED, raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Missing, match="no chromium is installed"):
        chromium()
