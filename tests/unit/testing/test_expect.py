import pytest

from proeftuin.errors import BadArgument, Conflict, StoreBusy
from proeftuin.testing.expect import Broken, holds, present, refused, same


def raising(error: BaseException) -> object:
    raise error


def test_equal_values_pass_and_others_are_told() -> None:
    """What differs is told with what was expected, what came, and where two sequences part."""
    same([1, 2], [1, 2])
    with pytest.raises(
        Broken, match=r"^versions: expected \[1, 2\], found \[1, 3, 4\]; .* from place 1 on, of 2 and 3"
    ):
        same([1, 2], [1, 3, 4], "versions")
    with pytest.raises(Broken, match="of 1 and 2"):
        same([1], [1, 2])


def test_a_long_value_is_cut_and_a_strange_one_spelt_out() -> None:
    """A message stays readable whatever was stored: long values are cut, and what cannot be seen is escaped."""
    with pytest.raises(Broken) as caught:
        same("x" * 5000, "\u202e")
    assert "5002 characters" in str(caught.value)
    assert "\\u202e" in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_a_condition_is_told_in_words() -> None:
    """A condition that does not hold, and a thing that is missing, are told by their names."""
    holds(True, "this holds")  # noqa: FBT003  # the condition itself
    with pytest.raises(Broken, match="not hold that it rains"):
        holds([], "it rains")
    with pytest.raises(Broken, match="pilot 'p1' is missing"):
        present(None, "pilot 'p1'")
    assert 0 == present(0)


def test_the_error_that_was_expected_is_returned() -> None:
    """A refusal gives its error to look at; another refusal, or none, is broken; a strange error is raised on."""
    error = refused((Conflict, StoreBusy), lambda: raising(Conflict("p", 1, 2)))
    assert isinstance(error, Conflict)
    with pytest.raises(Broken, match="expected Conflict, was refused as BadArgument: x: y"):
        refused(Conflict, lambda: raising(BadArgument("x", "y")))
    with pytest.raises(Broken, match="expected Conflict or StoreBusy, but it was accepted and gave 7"):
        refused((Conflict, StoreBusy), lambda: 7)
    with pytest.raises(ZeroDivisionError):
        refused(Conflict, lambda: 1 // 0)
