import pytest

from proeftuin.views._letters import broken, fitted, width

LONG = "Samen met leveranciers banen maken voor mensen met een afstand tot de arbeidsmarkt"


@pytest.mark.parametrize("room", [40, 90, 200, 1000])
@pytest.mark.parametrize("text", [LONG, "w" * 200, "\u6f22" * 40, "a b", ""])
def test_no_line_is_wider_than_its_room(text: str, room: float) -> None:
    """Text is broken into at most so many lines, each of which fits; a mark tells that something was left out."""
    lines = broken(text, room, 13, lines=3, bold=True)
    assert [] == [one for one in lines if width(one, 13, bold=True) > room]
    kept = "".join(lines).replace(" ", "")
    assert len(lines) <= 3
    assert kept == text.replace(" ", "") or kept.endswith("\u2026")


def test_words_are_not_broken_where_they_fit() -> None:
    """Text is broken between words, and a word only where it fits on no line."""
    assert ("Draagvlak en", "commitment") == broken("Draagvlak en commitment", 120, 13, lines=2)
    assert "".join(broken("a" * 30, 60, 13, lines=9)) == "a" * 30


def test_text_that_fits_is_whole() -> None:
    """Where there is room for all of it, nothing is left out; where there is for no letter, all is."""
    assert ("Start", "St\u2026", "") == (fitted("Start", 60, 13), fitted("Start", 30, 13), fitted("Start", 5, 13))


def test_letters_have_the_width_of_the_letter_below_their_marks() -> None:
    """A letter with a mark is as wide as one without, a mark alone takes no room, and what is unknown takes much."""
    assert width("e", 10) == width("\u00e9", 10) == width("e\u0301", 10)
    assert width("\u6f22", 10) > width("\u05e9", 10) > width("m", 10) * 0.8
