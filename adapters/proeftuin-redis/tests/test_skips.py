import pytest

from proeftuin.testing import conform
from tests.servers import fresh_redis

HOSTED = {"B05", "B06", "B07"}
LASTING = {"A11"}
APART = {"B12", "W01", "W02", "W03", "W04"}  # what is streamed, and hints
TIMED = {"T01", "T02", "T03", "T04", "T05", "T06"}  # what is due is not asked of it


def left_out(url: str, *only: str) -> set[str]:
    """Run the kit on a store, of which nothing may fail, and return which cases it leaves out."""
    with fresh_redis(url) as fresh:
        report = conform(f"{fresh}?prefix=other.name", only=only, sizes=("small",))
    assert [] == [one.reason for one in report.failed]
    return {one.case.id for one in report.results if one.verdict == "skipped"}


def test_a_server_that_keeps_is_asked_all_that_is_offered(lasting_url: str) -> None:
    """On a server that keeps what it acknowledges only what is about parts that it does not offer is left out."""
    assert HOSTED | TIMED | APART == left_out(lasting_url, "A", "B", *HOSTED, *TIMED, *APART)


def test_a_server_that_forgets_is_asked_all_but_lasting(forgetful_url: str) -> None:
    """On a server that writes nothing to its disk the kit passes too, but for what is about lasting."""
    found = left_out(forgetful_url)
    always = HOSTED | LASTING | TIMED | APART
    assert always <= found <= always | {"L01"}


@pytest.mark.parametrize("scheme", ["redis", "valkey"])
def test_the_kit_finds_the_store_by_its_scheme(lasting_url: str, scheme: str) -> None:
    """The entry point of each scheme opens the same store."""
    assert set() == left_out(lasting_url.replace("redis://", f"{scheme}://"), "A00")
