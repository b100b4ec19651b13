"""Hooks that installed packages offer: which engines call them, and what one that is broken comes to."""

import asyncio
from collections.abc import Callable
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from proeftuin import BadArgument, Engine
from proeftuin.aio import AsyncEngine
from proeftuin.cli.options import At
from proeftuin.hooks import GROUP
from proeftuin.spi import Committed
from proeftuin.storage import open_store
from tests.unit.engines import DATA, FLOW, LEAD, start

HERE = "tests.unit.test_hooks_installed"
HEARD: list[str] = []


class Heard:
    """A hook that notes its name, and can be called itself."""

    def __init__(self, name: str = "made") -> None:
        self.name = name

    def committed(self, moment: Committed) -> None:
        HEARD.append(f"{self.name} {moment.events[0].trigger}")

    def __call__(self) -> None:
        raise AssertionError("a hook is no maker of one")


READY = Heard("ready")
NOTHING = 1


def make() -> Heard:
    return Heard("built")


def fail() -> Heard:
    raise OSError("no configuration")


Installs = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Installs:
    """Install hooks by name, as `module:attribute` each; nothing of another group is there."""
    HEARD.clear()

    def installs(**named: str) -> None:
        values = {name: value if ":" in value else f"{HERE}:{value}" for name, value in named.items()}
        points = [EntryPoint(name, value, GROUP) for name, value in values.items()]
        monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == GROUP else [])

    return installs


def test_an_opened_engine_calls_what_is_installed(install: Installs) -> None:
    """A hook, what a class makes and what a function makes are called, in order of the names of their entry points."""
    install(c="READY", b="Heard", a="make")
    with Engine.open("memory://", workflows=[FLOW]) as engine:
        start(engine.for_tenant("b"))
    assert ["built start", "made start", "ready start"] == HEARD


def test_the_command_calls_what_is_installed(install: Installs, tmp_path: Path) -> None:
    """The engine of a command does what one of a program does, since a command can be given no hooks."""
    install(a="READY")
    (tmp_path / "talks.yaml").write_text(FLOW, "utf-8")
    with At(store="memory://").engine(workflow=tmp_path / "talks.yaml") as engine:
        start(engine)
    assert ["ready start"] == HEARD


def test_an_asynchronous_engine_calls_what_is_installed(install: Installs) -> None:
    """It opens its engine by the same door."""
    install(a="READY")

    async def begun() -> None:
        async with AsyncEngine.open("memory://", workflows=[FLOW]) as engine:
            await engine.start("talks", actor=LEAD, data=DATA)

    asyncio.run(begun())
    assert ["ready start"] == HEARD


@pytest.mark.parametrize(
    ("opened", "heard"),
    [
        (partial(Engine.open, "memory://", hooks=()), []),
        (partial(Engine.open, "memory://", hooks=[Heard("given")]), ["given start"]),
        (lambda **options: Engine(open_store("memory://"), **options), []),
    ],
)
def test_who_says_which_hooks_gets_those_alone(
    install: Installs, opened: Callable[..., Engine], heard: list[str]
) -> None:
    """With hooks given, none too, and on a store that the program made, no installed package is even loaded."""
    install(a="fail")
    with opened(workflows=[FLOW]) as engine:
        start(engine)
    assert heard == HEARD


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("no.such.module:hook", "cannot be loaded: ModuleNotFoundError: No module named 'no'"),
        ("absent", "cannot be loaded: AttributeError: "),
        ("fail", "makes no hook: OSError: no configuration"),
        ("NOTHING", "makes no hook: TypeError: 'int' object is not callable"),
        ("builtins:dict", "cannot be used: a dict has none of the methods before, recorded, "),
    ],
)
def test_a_broken_one_is_named(install: Installs, value: str, problem: str) -> None:
    """Nothing is opened with a rule of the house left out: what cannot be loaded, made or called is named."""
    install(mine=value)
    with pytest.raises(BadArgument) as caught:
        Engine.open("memory://")
    assert "hooks" == caught.value.argument
    assert caught.value.problem.startswith("mine = ")
    assert f", which is installed as one of proeftuin.hooks, {problem}" in caught.value.problem
