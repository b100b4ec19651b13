from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.frozen import FrozenDict


def test_one_role_may_be_given_as_text() -> None:
    """A single role given as text is that role, not its letters."""
    assert frozenset({"lead"}) == Actor("a", roles="lead").roles


def test_roles_are_a_set_whatever_they_came_in() -> None:
    """Roles given in a list, twice, are kept once."""
    assert frozenset({"lead"}) == Actor("a", roles=["lead", "lead"]).roles


def test_a_blocker_speaks_the_language_asked_for() -> None:
    """A blocker has its text per language, falls back to English, and then to its code."""
    assert "nee" == Blocker("no", texts=FrozenDict(en="no", nl="nee")).text("nl")
    assert "no" == Blocker("no", texts=FrozenDict(en="no")).text("fr")
    assert "some-code" == Blocker("some-code").text()


def test_a_blocker_without_words_in_a_language_is_said_in_english() -> None:
    """English stands in for a language that a blocker has no text in, also where that text is empty, never its code."""
    for texts in (FrozenDict(en="Not now."), FrozenDict(en="Not now.", nl="")):
        blocker = Blocker("some-code", texts=texts)
        assert ["Not now."] * 3 == [blocker.text("nl"), blocker.text("en"), blocker.text()]
