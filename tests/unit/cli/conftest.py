from pathlib import Path
from shutil import copyfile

import pytest

from proeftuin import Engine
from proeftuin.cli import main
from tests.unit.cli.running import Answer, Run, lead


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command, in a folder of its own, on a screen of 80 columns that shows no colours."""
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "TENANT", "LANG", "AS", "ROLE", "PARTY"):
        monkeypatch.delenv(f"PROEFTUIN_{name}", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def command(*arguments: str) -> Answer:
        capsys.readouterr()
        code = main(arguments)
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stores to copy, an empty one and one with a pilot, since making a store takes longer than most tests."""
    folder = tmp_path_factory.mktemp("stores")
    for name in ("empty", "one"):
        with Engine.open(f"sqlite:///{folder}/{name}.db") as engine:
            if name == "one":
                data = {"title": "Catering", "organisation": "DJI"}
                engine.start("existing-contract", actor=lead(), data=data, ref="C-1")
    return folder


@pytest.fixture
def store(run: Run, stores: Path, tmp_path: Path) -> Path:
    """A new store in the folder in which the command runs."""
    del run  # has moved there
    return Path(copyfile(stores / "empty.db", tmp_path / "proeftuin.db"))


@pytest.fixture
def pilot(run: Run, stores: Path, tmp_path: Path) -> str:
    """A pilot in a store in the folder in which the command runs: catering at DJI, with the ref C-1."""
    copyfile(stores / "one.db", tmp_path / "proeftuin.db")
    return str(run("list", "--json").json["items"][0]["id"])
