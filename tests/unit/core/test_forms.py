"""Events of earlier forms, read in today's."""

import pytest

from proeftuin.core import forms
from proeftuin.core.events import Event
from proeftuin.core.forms import form_of, raised
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from tests.unit.core.small import NOW, TODAY

EVENT = Event("p", 1, "pilot.changed", NOW, TODAY, "lead-1", "lead", "change", None, FrozenDict(way=()))


def stepped(number: int) -> forms.Step:
    """A step that says that it was there."""
    return lambda event: replace(event, data=FrozenDict(way=(*event.data["way"], number)))


@pytest.fixture(autouse=True)
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two changes of form of one type of event."""
    monkeypatch.setattr(forms, "STEPS", {"pilot.changed": (stepped(1), stepped(2))})


def test_a_type_has_a_form_more_than_it_has_steps() -> None:
    """What was never changed is written in its first form."""
    assert (3, 1) == (form_of("pilot.changed"), form_of("pilot.started"))


@pytest.mark.parametrize(("form", "way"), [(1, (1, 2)), (2, (2,)), (3, ())])
def test_an_event_has_the_steps_that_it_has_not_had(form: int, way: tuple[int, ...]) -> None:
    """Of the steps of its type those behind its form are applied, in their order."""
    assert way == raised(EVENT, form).data["way"]


def test_an_event_of_a_type_without_steps_stays_as_it_is() -> None:
    """Where nothing has changed its form, nothing is done."""
    other = replace(EVENT, type="pilot.started")
    assert other is raised(other, 1)


@pytest.mark.parametrize("form", [0, 4])
def test_a_form_that_there_is_not_yet_is_refused(form: int) -> None:
    """The error names the form, the type, and how far this version reads."""
    with pytest.raises(ValueError, match=rf"^it has form {form} of `pilot\.changed`, and this version reads up to 3$"):
        raised(EVENT, form)
