"""The pytest plugin: the fixture `lab`, and the coverage of a lifecycle.

    def test_it(lab): ...                       a pilot in virtual time; see `Lab`
    @pytest.mark.lab("ours.yaml", at="2026-03-02")   under another workflow, from another day; what `Lab` takes
    pytest --proeftuin-store=URL                all labs on that store
    pytest --proeftuin-cov=existing-contract    which states, edges, guards and clocks the tests exercised

pytest loads this in every project where the package is installed. So nothing of the library is imported here before a
test asks for the lab, or the command line for coverage.
"""

import sys
from argparse import ArgumentTypeError
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from proeftuin.testing.lab import Lab

STORE = "memory://"
WORKFLOW = "existing-contract"
GROUP = "proeftuin"


def _percent(text: str) -> float:
    """Read a number from 0 to 100: below `nan` nothing lies, so it would let every run pass."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:  # noqa: PLR2004  # percent
        raise ArgumentTypeError(f"{text!r} is no number from 0 to 100")
    return number


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup(GROUP, "proeftuin: pilots in virtual time")
    group.addoption(
        "--proeftuin-store", metavar="URL", default=None, help="the store of every `lab`; {} becomes a word of its own"
    )
    group.addoption(
        "--proeftuin-cov",
        metavar="WORKFLOW",
        action="append",
        default=[],
        help="tell what of a workflow, by name or file, the tests exercised; may be given again",
    )
    group.addoption(
        "--proeftuin-cov-fail-under", metavar="N", type=_percent, default=None, help="fail below so many percent"
    )
    group.addoption("--proeftuin-cov-json", metavar="FILE", default=None, help="write the report as JSON too")


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the mark, and begin to watch where coverage is asked for."""
    config.addinivalue_line(
        "markers", "lab(workflow, **options): how the fixture `lab` is made; the arguments of proeftuin.testing.Lab"
    )
    if config.getoption("proeftuin_cov"):
        from proeftuin.testing.covering_session import Session  # noqa: PLC0415  # only where it is asked for

        config.pluginmanager.register(Session(config), "proeftuin-cov")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Show the timeline of the pilot below the report of a test that failed with a `lab`."""
    outcome = yield
    report = outcome.get_result()
    lab = getattr(item, "funcargs", {}).get("lab")
    if report.failed and lab is not None and "proeftuin.testing.lab" in sys.modules:
        told = _timeline(lab)
        if told and "timeline of pilot" not in str(report.longrepr):
            report.sections.append(("lab", told))


def _timeline(lab: object) -> str:
    from proeftuin.errors import ProeftuinError  # noqa: PLC0415  # where a lab was used, it is loaded already
    from proeftuin.testing.lab import Lab  # noqa: PLC0415  # the same

    try:
        return lab.timeline() if isinstance(lab, Lab) and lab.id else ""
    except ProeftuinError as error:
        return f"the pilot cannot be shown: {error}"


def _marked(request: pytest.FixtureRequest) -> tuple[tuple[Any, ...], dict[str, Any]]:
    mark = request.node.get_closest_marker("lab")
    return (mark.args, dict(mark.kwargs)) if mark is not None else ((), {})


@pytest.fixture
def lab_workflow(request: pytest.FixtureRequest) -> Any:
    """Which workflow the `lab` follows: that of its mark, or `existing-contract`; override it for a whole project."""
    args, _ = _marked(request)
    return args[0] if args else WORKFLOW


@pytest.fixture
def lab_store(request: pytest.FixtureRequest) -> str:
    """Where the `lab` keeps its pilots: the URL of its mark, of `--proeftuin-store`, or in memory; to be overridden."""
    _, options = _marked(request)
    return str(options.get("store") or request.config.getoption("proeftuin_store") or STORE)


@pytest.fixture
def lab(request: pytest.FixtureRequest, lab_workflow: Any, lab_store: str) -> "Iterator[Lab]":
    """Pilots in virtual time, on a store of their own; `@pytest.mark.lab(...)` gives the arguments of `Lab`."""
    from proeftuin.testing.lab import Lab  # noqa: PLC0415  # only where a test asks for it

    _, options = _marked(request)
    with Lab(lab_workflow, **{**options, "store": lab_store}) as made:
        yield made
