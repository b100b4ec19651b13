import pytest

from proeftuin.views._letters import BOLD, PLAIN

LONG = "Samen met leveranciers banen maken voor mensen met een afstand tot de arbeidsmarkt"


@pytest.mark.parametrize("room", [40, 90, 200, 1000])
@pytest.mark.parametrize("text", [LONG, "w" * 200, "\u6f22" * 40, "a b"])
def test_no_line_is_wider_than_its_room(text: str, room: float) -> None:
    """Text is broken into at most so many lines, each of which fits; a mark tells that something was left out."""
    lines = BOLD.lines(text, room, most=3)
    assert [] == [one for one in lines.shown if BOLD.width(one) > room]
    kept = "".join(lines.shown).replace(" ", "")
    assert len(lines.shown) <= 3
    assert kept == text.replace(" ", "") or kept.endswith("\u2026")


def test_words_are_not_broken_where_they_fit() -> None:
    """Text is broken between words, and a word only where it fits on no line; nothing to see is a dash."""
    assert ("Draagvlak en", "commitment") == PLAIN.lines("Draagvlak en commitment", 120).shown
    assert "".join(PLAIN.lines("a" * 30, 60, most=9).shown) == "a" * 30
    assert ("-",) == PLAIN.lines("\u202e", 60).shown


def test_text_that_fits_is_whole() -> None:
    """Where there is room for all of it, nothing is left out; where there is for no letter, all is."""
    assert ("Start", "St\u2026", "") == tuple(PLAIN.fitted("Start", room) for room in (60, 30, 5))


def test_letters_have_the_width_of_the_letter_below_their_marks() -> None:
    """A letter with a mark is as wide as one without, a mark alone takes no room, and what is unknown takes much."""
    assert PLAIN.width("e") == PLAIN.width("\u00e9") == PLAIN.width("e\u0301")
    assert PLAIN.width("\u6f22") > PLAIN.width("\u05e9") > PLAIN.width("m") * 0.8
