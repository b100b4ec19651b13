import copy
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.structs import replace
from tests.unit.core.small import a_pilot


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.__setitem__("a", 2),
        lambda held: held.__delitem__("a"),
        lambda held: held.__ior__({"a": 2}),
        lambda held: held.clear(),
        lambda held: held.pop("a"),
        lambda held: held.popitem(),
        lambda held: held.setdefault("b", 2),
        lambda held: held.update(a=2),
    ],
)
def test_a_frozen_mapping_refuses_every_change(change: Callable[[Any], object]) -> None:
    """No method of dict can change a frozen mapping, and the refusal says what to do."""
    held = FrozenDict(a=1)
    with pytest.raises(TypeError, match="copy it with dict"):
        change(held)
    assert {"a": 1} == held


def test_a_frozen_mapping_is_hashed_by_its_items() -> None:
    """Equal frozen mappings have one hash, whatever the order of their keys."""
    assert 1 == len({FrozenDict(a=1, b=FrozenDict(c=2)), FrozenDict(b=FrozenDict(c=2), a=1)})


def test_copies_of_a_frozen_mapping_are_itself() -> None:
    """A copy of what cannot change is the thing itself."""
    held = FrozenDict(a=FrozenDict(b=1))
    assert held is copy.copy(held)
    assert held is copy.deepcopy(held)


def test_a_frozen_mapping_survives_pickling() -> None:
    """Pickled and read back, a frozen mapping is equal and still frozen."""
    again = pickle.loads(pickle.dumps(FrozenDict(a=FrozenDict(b=1))))  # noqa: S301  # our own bytes
    assert FrozenDict(a=FrozenDict(b=1)) == again
    assert FrozenDict is type(again["a"])


def test_a_frozen_mapping_reads_as_a_dict() -> None:
    """Its repr is that of a plain dict."""
    assert "{'a': 1}" == repr(FrozenDict(a=1))


def test_freezing_keeps_values_as_the_log_keeps_them() -> None:
    """Dates and decimals become text, mappings and lists immutable, and exact values stay what they are."""
    given = {
        "day": date(2026, 3, 2),
        "hours": Decimal("1.10"),
        "rows": [{"n": 1}, ("x", True)],
        "none": None,
    }
    expected = FrozenDict(day="2026-03-02", hours="1.10", rows=(FrozenDict(n=1), ("x", True)), none=None)
    frozen = freeze(given)
    assert expected == frozen
    assert FrozenDict is type(frozen["rows"][0])


class Mood(StrEnum):
    GOOD = "good"


class Level(IntEnum):
    HIGH = 3


def test_an_enumeration_is_the_value_that_it_stands_for() -> None:
    """Members of the host's enumerations are kept as plain text and numbers."""
    frozen = freeze([Mood.GOOD, Level.HIGH, True])
    assert ("good", 3, True) == frozen
    assert [str, int, bool] == [type(one) for one in frozen]


@pytest.mark.parametrize("value", [1.5, b"x", Decimal("Infinity"), datetime(2026, 3, 2, tzinfo=UTC), {1, 2}])
def test_freezing_leaves_what_it_does_not_know(value: object) -> None:
    """What the log cannot keep is handed on as it is, for the data check to refuse."""
    assert value is freeze(value)


def test_replace_changes_only_what_is_named() -> None:
    """A replaced value differs in the named fields and leaves the original alone."""
    pilot = a_pilot()
    assert ("second", "p1") == (replace(pilot, state="second").state, replace(pilot, state="second").id)
    assert "first" == pilot.state


def test_the_empty_mapping_is_empty() -> None:
    """The shared empty mapping has no items."""
    assert {} == EMPTY


def test_the_refusal_of_a_change_is_said_whole() -> None:
    """Who changes a recorded fact is told what it is, and how to get one that can be changed."""
    with pytest.raises(TypeError) as refused:
        FrozenDict(a=1)["a"] = 2
    message = "this mapping is part of a recorded fact and cannot be changed; copy it with dict(...)"
    assert message == str(refused.value)


@pytest.mark.parametrize(
    ("value", "expected"), [("1E+3", "1000"), ("1E-3", "0.001"), ("1.10", "1.10"), ("-0.5", "-0.5"), ("12E0", "12")]
)
def test_a_decimal_is_kept_without_exponent(value: str, expected: str) -> None:
    """However a host writes a decimal, the log keeps its digits as they are read, with every one of its places."""
    assert expected == freeze(Decimal(value))
