from pathlib import Path

import pytest

from proeftuin.cli import main
from tests.unit.cli.running import COORDINATOR, Answer, Run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command, in a folder of its own, on a screen of 80 columns that shows no colours."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "PROEFTUIN_STORE",
        "PROEFTUIN_LANG",
        "PROEFTUIN_AS",
        "PROEFTUIN_ROLE",
        "PROEFTUIN_PARTY",
        "FORCE_COLOR",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def command(*arguments: str) -> Answer:
        capsys.readouterr()
        code = main(arguments)
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture
def pilot(run: Run) -> str:
    """A pilot in a new store: catering at DJI, with the ref C-1."""
    assert 0 == run("init").code
    start = ("start", "existing-contract", "title=Catering", "organisation=DJI", "--ref", "C-1", "--json", *COORDINATOR)
    return str(run(*start).json["pilot"])
