"""The pages that show the examples."""

import re
from pathlib import Path

import pytest

from proeftuin.receiving import new_secret
from tests.examples.programs import ROOT, copied

INCLUDED = re.compile(r"^```\{literalinclude\} \.\./examples/(\S+)", re.MULTILINE)
AS_DJANGO_WRITES_THEM = {"manage.py", "hr/migrations/0001_initial.py"}
EMPTY = {"hr/__init__.py", "hr/migrations/__init__.py"}


@pytest.mark.parametrize("framework", ["fastapi", "django", "celery"])
def test_a_page_shows_every_file_of_its_example(framework: str) -> None:
    """Who copies what a page shows has the whole program, for its files are included as they are."""
    folder = ROOT / "examples" / f"{framework}_hr"
    shown = {Path(one).relative_to(folder.name).as_posix() for one in INCLUDED.findall(_page(framework))}
    files = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.suffix in {".py", ".toml"}}
    assert files - EMPTY - AS_DJANGO_WRITES_THEM == shown


@pytest.mark.parametrize("framework", ["fastapi", "django", "celery"])
def test_no_file_is_longer_than_a_page(framework: str) -> None:
    """What has to be read at once fits a page."""
    folder = ROOT / "examples" / f"{framework}_hr"
    lines = {one.name: len(one.read_text(encoding="utf-8").splitlines()) for one in folder.rglob("*.py")}
    assert {} == {name: number for name, number in lines.items() if number > 100}


def test_the_shell_on_the_page_of_django_says_what_is_shown(tmp_path: Path) -> None:
    """What is typed in the shell of a new site gives what the page shows."""
    site = copied("django_hr", tmp_path, DJANGO_SECRET_KEY=new_secret())
    site.done("manage.py", "migrate")
    (typed,) = re.findall(r"^```pycon\n(.*?)^```", _page("django"), re.MULTILINE | re.DOTALL)
    (site.folder / "typed").write_text(typed, encoding="utf-8")
    site.done("manage.py", "shell", "-c", "import doctest; assert (0, 12) == doctest.testfile('typed', False)")


def _page(framework: str) -> str:
    return (ROOT / "docs" / f"embed-{framework}.md").read_text(encoding="utf-8")
