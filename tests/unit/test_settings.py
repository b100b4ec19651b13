from datetime import date
from typing import Any

import pytest

from proeftuin import Blocker, Dated, Guard, Question, Refused, Settings
from proeftuin.core.frozen import FrozenDict
from tests.unit.engines import DATA, GUARDED, LEAD, MONITOR, engine, placed, start

SINCE = date(2015, 1, 1)


def dated(**numbers: str) -> Settings:
    return Settings({name: [Dated(value, SINCE, "test")] for name, value in numbers.items()})


def test_an_organisation_has_its_own_limit_of_small_groups() -> None:
    """Figures hide groups below the number that the organisation sets."""
    for settings, expected in ((None, "<5"), (dated(small_cell="2"), 3), (dated(small_cell="9"), "<9")):
        on = engine(settings=settings)
        pilot = start(on)
        on.fire(pilot, "identify", actor=LEAD, track="acme")
        for number in range(3):
            placed(on, pilot, f"ref-number-{number}")
        assert expected == on.seen_by(MONITOR).metrics("persons_placed")["persons_placed"].value


def test_an_organisation_has_its_own_limit_of_records() -> None:
    """A pilot holds as many records as the organisation allows, and the next one is refused."""
    on = engine(settings=dated(kept_records="2"))
    pilot = start(on)
    for _ in range(2):
        on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    with pytest.raises(Refused) as no:
        on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert ("limit-reached",) == no.value.codes


def test_guards_of_the_host_get_the_settings() -> None:
    """A guard sees the numbers of the organisation, on the day that it is asked."""

    def check(question: Question) -> Blocker:
        return Blocker("host-no", FrozenDict(hours=str(question.settings.number("job_hours", question.today))))

    numbers = Settings({"job_hours": [Dated("36", SINCE, "a"), Dated("32", date(2026, 3, 2), "b")]})
    guards: Any = {"host_guard": check}
    on = engine(text=GUARDED, known={"host_guard": Guard("host_guard", check)}, guards=guards, settings=numbers)
    pilot = on.start("guarded", actor=LEAD, data=DATA).pilot.id
    with pytest.raises(Refused) as no:
        on.fire(pilot, "talk", actor=LEAD)
    assert "32" == no.value.blockers[0].params["hours"]


def test_two_engines_have_their_own_settings() -> None:
    """There are no settings but those of the engine: another one on the same store keeps to its own."""
    one = engine(settings=dated(kept_records="1"))
    pilot = start(one)
    one.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    two = engine(one._store)
    two.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    with pytest.raises(Refused):
        one.fire(pilot, "note", actor=LEAD, data={"text": "x"})
