"""Coverage over a run of pytest: it watches, gathers what the workers saw, reports, and fails below a threshold."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from proeftuin.core.workflow import Workflow
from proeftuin.definitions import ENDINGS, Catalogue, load_workflow
from proeftuin.errors import DefinitionError, UnknownWorkflow
from proeftuin.testing.covering import GROUPS, SHORT, Covered, Names
from proeftuin.testing.covering_watch import Recorder, watching

SENT = "proeftuin_cov"


class Session:
    """One run, or one worker of it.

    Args:
        config: with the options that name the workflows.

    Raises:
        pytest.UsageError: for a file that cannot be read.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._named: list[str] = []  # names that are not bundled: whatever is met under them counts
        self._found: dict[tuple[str, str], Covered] = {}
        for word in dict.fromkeys(config.getoption("proeftuin_cov")):
            workflow = _known(word)
            if workflow is None:
                self._named.append(word)
            else:
                self._found[workflow.id, workflow.hash] = _empty(workflow)
        self._unwritten = ""
        self._recorder = Recorder(self._wanted)
        self._stack = ExitStack()
        self._stack.enter_context(watching(self._recorder))

    def _wanted(self, workflow: Workflow) -> bool:
        return (workflow.id, workflow.hash) in self._found or bool({workflow.name, workflow.id} & set(self._named))

    def pytest_unconfigure(self) -> None:
        """Stop watching."""
        self._stack.close()

    # -- from the workers ------------------------------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take in what a worker saw."""
        for told in getattr(node, "workeroutput", {}).get(SENT, ()):
            self._take_in(told)

    def _take_in(self, told: dict[str, Any]) -> None:
        key = told["workflow"], told["hash"]
        self._found.setdefault(key, Covered(*key, told["items"])).take_in(told)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send what was seen, in a worker; otherwise judge it."""
        told = [one.told() for one in self._recorder.all()]
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[SENT] = told
            return
        for one in told:
            self._take_in(one)
        self._write()
        well = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
        if well and (self._short() or self._unwritten):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    # -- the report ------------------------------------------------------------------------------------------------

    def _all(self) -> list[Covered]:
        """Return what is reported: every workflow that was named, also one that no test used."""
        met = {name for one in self._found.values() for name in (one.workflow, one.workflow.partition("@")[0])}
        unused = [Covered(name, "", {group: [] for group in GROUPS}) for name in self._named if name not in met]
        return [*self._found.values(), *unused]

    def _short(self) -> list[Covered]:
        least = self._config.getoption("proeftuin_cov_fail_under")
        return [one for one in self._all() if least is not None and one.percent < least]

    def _write(self) -> None:
        path = self._config.getoption("proeftuin_cov_json")
        if path:
            text = json.dumps([one.report() for one in self._all()], indent=2, ensure_ascii=False)
            try:
                Path(path).write_text(f"{text}\n", encoding="utf-8")
            except OSError as error:  # the run is over: what it found is told all the same
                self._unwritten = f"{path} cannot be written ({type(error).__name__}); name a file that can be"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print it."""
        for one in self._all():
            known = f" ({one.hash[:SHORT]})" if one.hash else ""
            terminalreporter.section(f"lifecycle coverage: {one.workflow}{known}")
            if not one.hash:
                terminalreporter.line("no test used a workflow of this name")
            else:
                for line in one.lines():
                    terminalreporter.line(line)
        for one in self._short():
            least = self._config.getoption("proeftuin_cov_fail_under")
            terminalreporter.line(f"FAIL {one.workflow}: {one.percent:.1f}% is below {least:g}%", red=True)
        if self._unwritten:
            terminalreporter.line(f"FAIL {self._unwritten}", red=True)


def _empty(workflow: Workflow) -> Covered:
    return Covered(workflow.id, workflow.hash, Names(workflow).all())


def _known(word: str) -> Workflow | None:
    """Return the workflow of a file, or the bundled one of a name; None for another name."""
    try:
        return load_workflow(word) if Path(word).suffix in ENDINGS else Catalogue().get(word)
    except UnknownWorkflow:
        return None
    except DefinitionError as error:
        raise pytest.UsageError(
            f"--proeftuin-cov: {error}\nwhere the file names guards of your own, give the name of the workflow instead"
        ) from error
