import json
import subprocess
import sys
from importlib import import_module

import pytest

import proeftuin

HEAVY = ("alembic", "cattrs", "cyclopts", "msgspec", "rich", "ruamel", "sqlalchemy", "structlog", "transitions")


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after this code."""
    code += "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_list_of_public_names_is_sorted_and_whole() -> None:
    """The public names are sorted, each once, have each a home, and no home is left out."""
    assert sorted(set(proeftuin.__all__)) == proeftuin.__all__
    assert set(proeftuin.__all__) == set(proeftuin._HOME)


@pytest.mark.parametrize("name", proeftuin.__all__)
def test_a_public_name_is_what_its_home_holds(name: str) -> None:
    """Each public name can be imported, is documented, and is shown under the name of the package."""
    found = getattr(proeftuin, name)
    assert getattr(import_module(f"proeftuin.{proeftuin._HOME[name]}"), name) is found
    assert found.__doc__
    if isinstance(found, type):
        assert f"proeftuin.{name}" == f"{found.__module__}.{found.__qualname__}"


def test_every_error_is_public() -> None:
    """All errors can be imported from the package itself."""
    from proeftuin import errors  # noqa: PLC0415  # the module, not its names

    kinds = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)}
    assert set() == kinds - set(proeftuin.__all__)


def test_a_name_that_there_is_not_is_an_attribute_error() -> None:
    """A misspelt name is told as of any module."""
    with pytest.raises(AttributeError, match="module 'proeftuin' has no attribute 'Enginge'"):
        proeftuin.Enginge  # noqa: B018  # the attribute is the point


def test_the_names_are_offered_before_they_are_loaded() -> None:
    """Listing the package shows its public names, in a fresh interpreter too."""
    assert set(proeftuin.__all__) <= set(dir(proeftuin))
    assert {"Engine", "__version__"} <= set(dir(proeftuin))


def test_importing_the_package_loads_nothing() -> None:
    """`import proeftuin` loads no library and no part of its own."""
    found = loaded("import proeftuin")
    assert set() == found & set(HEAVY)
    assert {"proeftuin"} == {one for one in found if one.split(".")[0] == "proeftuin"}


def test_an_engine_in_memory_loads_no_database_and_no_screen() -> None:
    """Opening an engine in memory loads neither SQLAlchemy nor rich, and no YAML before a workflow is needed."""
    found = loaded("from proeftuin import Engine; Engine.open('memory://')")
    assert set() == found & {"alembic", "cattrs", "cyclopts", "rich", "ruamel", "sqlalchemy", "structlog"}


def test_firing_in_memory_loads_no_database_either() -> None:
    """A pilot in memory can be started and moved without SQLAlchemy, rich or, while nobody listens, structlog."""
    found = loaded(
        "from proeftuin import Actor, Engine\n"
        "lead = Actor('a', roles={'coordinator'})\n"
        "with Engine.open('memory://') as on:\n"
        "    on.start('existing-contract', actor=lead, data={'title': 'T', 'organisation': 'O'})"
    )
    assert set() == found & {"alembic", "cyclopts", "rich", "sqlalchemy", "structlog"}


def test_the_version_is_that_of_the_installation() -> None:
    """The version in the package is the one that pip knows."""
    from importlib.metadata import version  # noqa: PLC0415  # the one use here

    assert version("proeftuin") == proeftuin.__version__
