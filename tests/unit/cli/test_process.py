"""What only a process of its own shows: what is imported, who reads, who interrupts, which colours there are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from proeftuin import __version__
from proeftuin.cli import main


def _python(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PROEFTUIN_", "NO_COLOR"))}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**known, "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_the_version_is_told_without_importing_anything(tmp_path: Path) -> None:
    """`--version` loads neither the parser nor the engine, so that it costs next to nothing."""
    done = _python(
        "import sys; from proeftuin.cli import main; main(['--version'])\n"
        "heavy = {'attrs', 'cyclopts', 'rich', 'proeftuin.cli.app', 'proeftuin.core'}\n"
        "print(sorted(heavy & set(sys.modules)))",
        tmp_path,
    )
    assert f"proeftuin {__version__}\n[]\n" == done.stdout


def test_without_its_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    """Where only the library was installed, the command names the extras that it needs, without a traceback."""
    done = _python(
        "import sys; sys.modules['cyclopts'] = None  # as if it were not there\n"
        "from proeftuin.cli import main; print(main(['list']))",
        tmp_path,
    )
    assert ("2\n", 1) == (done.stdout, done.stderr.count("\n")), done.stderr
    assert 'pip install "proeftuin[cli,sql]"' in done.stderr


def test_the_arguments_of_the_process_are_the_default(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without arguments `main` takes those of the process."""
    monkeypatch.setattr(sys, "argv", ["proeftuin", "--version"])
    assert 0 == main()
    assert f"proeftuin {__version__}\n" == capsys.readouterr().out


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """When the output is a pipe that nobody reads any more, the command ends quietly with 0."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "proeftuin", "diagram", "existing-contract"],
        cwd=tmp_path,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (0, "") == (done.returncode, done.stderr)


def test_an_interrupt_is_130(tmp_path: Path) -> None:
    """Who presses ctrl-C sees one word, not a traceback, and scripts see 130."""
    done = _python(
        "import sys; from proeftuin.cli import draw, main\n"
        "def interrupted(*_, **__): raise KeyboardInterrupt\n"
        "draw.workflow_diagram = interrupted\n"
        "sys.exit(main(['diagram', 'existing-contract', '--lang', 'nl']))",
        tmp_path,
    )
    assert (130, "gestopt\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_that_want_them(
    tmp_path: Path, environment: dict[str, str], coloured: object
) -> None:
    """Where there are colours a warning is drawn in one, and with NO_COLOR it is not."""
    code = "from proeftuin.cli.screen import Screen; Screen(lang='en').show('x', style='green')"
    shown = _python(code, tmp_path, FORCE_COLOR="1", TERM="xterm-256color", **environment).stdout
    assert coloured is ("\x1b[32m" in shown)


def test_a_terminal_that_knows_ascii_alone_is_no_error(tmp_path: Path) -> None:
    """Letters that the terminal does not have are replaced; nothing is raised."""
    done = _python(
        "import sys; from proeftuin.cli import main; sys.exit(main(['diagram', 'existing-contract', '--lang', 'nl']))",
        tmp_path,
        PYTHONIOENCODING="ascii",
    )
    assert (0, "") == (done.returncode, done.stderr)
