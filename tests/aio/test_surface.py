"""Every call of the plain engine is there, with the same parameters; one that is added and forgotten here fails."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from proeftuin import AsyncEngine, Engine
from proeftuin.aio import AsyncView
from proeftuin.engine import Options
from proeftuin.seen import View
from tests.unit.test_engine_tenants import public
from tests.unit.test_public import loaded

PAIRS = ((Engine, AsyncEngine), (View, AsyncView))
# What asks the store nothing, or is another thing here; each is tested by itself.
BY_HAND = {"close", "for_tenant", "listen", "open", "run", "seen_by", "using"}
METHODS = [
    pytest.param(getattr(plain, name), getattr(other, name), id=f"{other.__name__}.{name}")
    for plain, other in PAIRS
    for name in sorted(public(other) - BY_HAND)
]


@pytest.mark.parametrize(("plain", "other"), PAIRS)
def test_every_call_is_there(plain: type, other: type) -> None:
    """The public names of both engines, and of both views, are the same; `run` alone is new."""
    assert set() == public(plain) - public(other), "each needs a line in proeftuin.aio: `awaited` or `iterated`"
    assert public(other) - public(plain) <= {"run"}


@pytest.mark.parametrize(("plain", "other"), METHODS)
def test_a_call_is_that_of_the_plain_engine(plain: Callable[..., Any], other: Callable[..., Any]) -> None:
    """It has the name, the parameters and the words of the plain one, and calls that one."""
    assert inspect.signature(plain) == inspect.signature(other)
    assert (plain.__name__, plain.__doc__) == (other.__name__, other.__doc__)
    assert plain is inspect.unwrap(other)


@pytest.mark.parametrize(("plain", "other"), METHODS)
def test_what_is_iterated_there_is_iterated_here(plain: Callable[..., Any], other: Callable[..., Any]) -> None:
    """What returns an iterator gives an asynchronous one; everything else is awaited."""
    returned = inspect.signature(plain).return_annotation
    iterates = "Iterator" in str(returned)
    assert iterates == inspect.isasyncgenfunction(other)
    assert iterates != inspect.iscoroutinefunction(other)


def test_it_takes_the_options_of_the_plain_engine() -> None:
    """The options of `Engine` and those that `AsyncEngine` passes on are the same, by name."""
    taken = set(inspect.signature(Engine).parameters) - {"store"}
    assert taken == set(Options.__annotations__)


def test_who_does_not_use_it_does_not_load_it() -> None:
    """Opening and using the plain engine loads neither asyncio nor what runs on it."""
    found = loaded("from proeftuin import Engine; Engine.open('memory://')")
    assert set() == found & {"asyncio", "concurrent.futures", "proeftuin.aio"}
