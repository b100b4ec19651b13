from collections.abc import Iterator

import pytest

from tests.telemetry import Told


@pytest.fixture
def told() -> Iterator[Told]:
    """OpenTelemetry, which is told to memory."""
    made = Told()
    yield made
    made.close()
