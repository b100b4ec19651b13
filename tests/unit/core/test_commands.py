from proeftuin.core.commands import Actor, Blocker, Need, Remedy
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


def test_a_guard_of_a_host_need_not_know_how_mappings_are_kept() -> None:
    """Parameters, data and texts may be given as any mapping, with lists in it, and are frozen."""
    given, kept = {"ids": ["a", "b"]}, FrozenDict(ids=("a", "b"))
    blocker = Blocker("no", given, needs=(Need("add", data=given),), missing=(Remedy("go", given),), texts={"en": "No"})
    assert (kept, kept, kept, FrozenDict(en="No")) == (
        blocker.params,
        blocker.needs[0].data,
        blocker.missing[0].data,
        blocker.texts,
    )
    assert {FrozenDict} == {type(one) for one in (blocker.params, blocker.needs[0].data, blocker.texts)}
