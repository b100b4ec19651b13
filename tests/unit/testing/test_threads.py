import sys
from functools import partial
from threading import Barrier, Event

import pytest

from proeftuin.testing import threads
from proeftuin.testing.expect import Broken
from proeftuin.testing.threads import Aside, all_well, together


def test_acts_run_at_once_and_answer_in_order() -> None:
    """Acts that wait for each other all come through, and each answer stands in its place."""
    meeting = Barrier(4)

    def meet(number: int) -> int:
        meeting.wait(10)
        return number

    assert [0, 1, 2, 3] == all_well(together([partial(meet, number) for number in range(4)]))


def test_what_an_act_raises_is_its_outcome() -> None:
    """An error in one thread is given back as its outcome, an interrupt too, and raised by who wants all to be well."""
    outcomes = together([lambda: 1, lambda: sys.exit(3)])
    assert (1, SystemExit) == (outcomes[0], type(outcomes[1]))
    with pytest.raises(SystemExit):
        all_well(outcomes)
    with pytest.raises(ZeroDivisionError):
        Aside(lambda: 1 // 0).result()


def test_threads_take_turns_as_often_as_before_when_all_is_done() -> None:
    """The interval between two turns is put back."""
    before = sys.getswitchinterval()
    (inside,) = all_well(together([sys.getswitchinterval]))
    assert [True, before] == [inside < before, sys.getswitchinterval()]


def test_a_thread_that_never_comes_back_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that waits for ever fails its case, and does not stop the run."""
    monkeypatch.setattr(threads, "PATIENCE", 0.01)
    monkeypatch.setattr(threads, "A_MOMENT", 0.01)
    never = Event()
    aside = Aside(never.wait)
    assert not aside.gets_through()
    with pytest.raises(Broken, match="waits for ever"):
        aside.outcome()
    never.set()
