"""One browser for all tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium, running
from tests.conftest import needed


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; it closes with the folder, as its loop would be in the way of tests that have one of their own."""
    with running(needed("chromium", chromium)) as one:
        yield one
