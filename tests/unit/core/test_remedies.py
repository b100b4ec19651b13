from proeftuin.core import remedies
from proeftuin.core.commands import Blocker, Need, Remedy
from proeftuin.core.frozen import FrozenDict
from tests.unit.core.small import Play, a_track, edge, small


def test_a_blocker_gets_the_trigger_that_it_refuses() -> None:
    """The facts of a blocker name the trigger, unless they do already."""
    play = Play(small(edge("go")))
    one, two = remedies.explain(
        play.table, play.attempt("go"), (Blocker("a"), Blocker("b", FrozenDict(trigger="other")))
    )
    assert ("go", "other") == (one.params["trigger"], two.params["trigger"])


def test_what_a_guard_names_itself_comes_first() -> None:
    """Remedies that a guard gives are kept, before those that are found for its needs."""
    play = Play(small(edge("go")))
    own = Remedy("call")
    (done,) = remedies.explain(play.table, play.attempt("go"), (Blocker("a", missing=(own,)),))
    assert (own,) == done.missing


def test_a_blocker_keeps_its_own_track() -> None:
    """The code of a use and the track fired at are filled in only where they say something new."""
    plain, own = Blocker("a"), Blocker("a", track="own")
    assert plain is remedies.coded(plain, None, None)
    assert own is remedies.coded(own, None, a_track())
    assert ("b", "own") == (remedies.coded(own, "b", a_track()).code, remedies.coded(own, "b", a_track()).track)
    assert "acme" == remedies.coded(plain, None, a_track()).track


def test_what_nothing_can_bring_about_is_never() -> None:
    """A state that no trigger leads to any more is told as never, and one that can be reached as it was."""
    play = Play(small(edge("go"), edge("on", "first", "second")))
    far = Blocker("wrong-state", FrozenDict(state="first"), needs=(Need("reach", states=("third",)),))
    near = Blocker("wrong-state", FrozenDict(state="first"), needs=(Need("reach", states=("second",)),))
    told = remedies.explain(play.table, play.attempt("go"), (far, near))
    assert [(True, 0), (None, 1)] == [(one.params.get("never"), len(one.missing)) for one in told]


def test_every_blocker_has_words() -> None:
    """Whatever is refused is explained in each language."""
    (blocker,) = Play(small(edge("go", "second"), edge("on", "first", "second"))).refuse("go")
    assert {"en", "nl"} == set(blocker.texts)
