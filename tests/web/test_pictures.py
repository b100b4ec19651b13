"""The screenshots of the docs show the board as it is."""

from tests.browser.pictures import FOLDER, MADE_OF, NAMES, made_of

SIGNATURE = b"\x89PNG"
LARGEST = 200_000


def test_the_screenshots_are_of_these_pages() -> None:
    """Since the screenshots were made, no template, style or word of the pages was changed."""
    assert made_of() == MADE_OF.read_text(encoding="utf-8").strip(), "run python -m tests.browser.pictures"


def test_the_screenshots_are_there_and_small() -> None:
    """Each screenshot that the docs show is a PNG below 200 kB."""
    for name in NAMES:
        body = (FOLDER / f"{name}.png").read_bytes()
        assert body.startswith(SIGNATURE)
        assert len(body) < LARGEST
