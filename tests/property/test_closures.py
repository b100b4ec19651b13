"""Days of closure: a new one moves the terms that run over it, by a working day, and no other."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen
from hypothesis import given, note, settings

from proeftuin.core.calendar import Weekdays, later, plus
from proeftuin.core.clocks import Term, terms
from proeftuin.core.pilot import RUNNING, Pilot
from proeftuin.core.structs import replace
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Offset
from proeftuin.definitions import bundled_files, dump, load_workflow, parse
from tests.property.pilots import BEGAN
from tests.property.source import Source, sources
from tests.property.test_time import lived
from tests.scale import scaled

YEAR = 365
NEXT = Offset(1, "working_days")


@frozen
class Closed:
    """Weekdays without some days."""

    days: frozenset[date]

    @property
    def fingerprint(self) -> str:
        return ",".join(sorted(map(str, self.days)))

    def works(self, day: date) -> bool:
        return Weekdays().works(day) and day not in self.days


def counted_in_working_days() -> Table:
    """The bundled workflow, with every term of so many days made one of working days."""
    whole = json.loads(dump(load_workflow(bundled_files()["existing-contract", 1])))
    changed = re.sub(r"\b(\d+) days\b", r"\1 working days", json.dumps(whole["clocks"]))
    assert 20 < len(re.findall("working days", changed))
    return compile_workflow(parse(json.dumps({**whole, "clocks": json.loads(changed)}).encode()))


TABLE = counted_in_working_days()


def day_of(source: Source) -> date:
    return BEGAN.date() + timedelta(days=source.between(-10, YEAR))


def _pairs(pilot: Pilot, before: Closed, after: Closed) -> Iterator[tuple[Term, Term]]:
    """Every term on both calendars; one that an answer ends on the one calendar alone is no pair."""
    one, other = ({term.key: term for term in terms(TABLE, pilot, calendar)} for calendar in (before, after))
    assert [] == [key for key in one.keys() ^ other.keys() if not (one.get(key) or other[key]).wheel.lasts]
    return ((one[key], other[key]) for key in one.keys() & other.keys())


def _expected(term: Term, before: Closed, after: Closed, closed: date) -> date | None:
    """When a term is due that was due on another day, by the rule alone."""
    due = term.due()
    if due is None or term.offset.unit != "working_days":
        return due
    over = before.works(closed) and term.base < closed <= due
    return plus(due, NEXT, after) if over else due


def _near(term: Term) -> set[date]:
    """The days at the ends of a term, and beside them."""
    ends = [one for one in (term.base, term.due()) if one is not None]
    return {later(one, beside) for one in ends for beside in (-1, 0, 1)}


@given(sources(700), sources(40))
@settings(max_examples=scaled(25))
def test_a_new_day_of_closure_moves_exactly_the_terms_it_touches(life: Source, days: Source) -> None:
    """A term of working days that runs over the new day is due a working day later; all other days stay."""
    pilot = replace(lived(life)[0].pilot, pauses=(), hold=RUNNING)
    before = Closed(frozenset(day_of(days) for _ in range(days.below(8))))
    running = list(terms(TABLE, pilot, before))
    for new in sorted({day_of(days)}.union(*map(_near, running))):
        note(f"closed on {sorted(map(str, before.days))}, and now on {new}")
        after = Closed(before.days | {new})
        for was, becomes in _pairs(pilot, before, after):
            assert _expected(was, before, after, new) == becomes.due(), was.key


@given(sources(700), sources(40))
@settings(max_examples=scaled(15))
def test_holds_let_no_other_term_move(life: Source, days: Source) -> None:
    """Where a pilot was on hold too, a new day moves but what is counted in working days and began no later."""
    pilot, before = lived(life)[0].pilot, Closed(frozenset())
    for new in sorted({day_of(days)}.union(*map(_near, terms(TABLE, pilot, before)))):
        for was, becomes in _pairs(pilot, before, Closed(frozenset({new}))):
            if was.due() != becomes.due():
                assert "working_days" == was.offset.unit, was.key
                assert was.base <= new, was.key
                assert before.works(new), was.key
