"""The organisation's own numbers count in a migration, and where a history is held against another version."""

from datetime import date

import pytest

from proeftuin import Blocker, Engine, guard
from proeftuin.core.guards import Question
from proeftuin.core.settings import Dated, Settings
from proeftuin.definitions import load_workflow
from proeftuin.rehearsing import rehearse
from tests.versions.offers import FLOW, ONE, Case

TEXT = FLOW.replace("version: 1", "version: 2").replace("to: asked, allow", "to: asked, require: [small], allow")


@guard(codes=("too-large",))
def small(question: Question) -> Blocker | None:
    """The organisation keeps few records for each pilot."""
    return Blocker("too-large") if question.settings.whole("kept_records", question.today) > 100 else None


@pytest.mark.parametrize(("limit", "verdict", "what"), [("50", "fine", None), ("500", "decide", "guard")])
def test_guards_go_by_the_numbers_of_the_organisation(limit: str, verdict: str, what: str | None) -> None:
    """Whether a gate would have been passed depends on what this organisation decided, not on what is usual."""
    case = Case()
    settings = Settings({"kept_records": [Dated(limit, date(2015, 1, 1), "ours")]})
    two = load_workflow(TEXT, guards={"small": small})
    engine = Engine(case.engine._store, workflows=[ONE, two], guards=[small], time=case.clock, settings=settings)
    (judged,) = engine.plan_migration("offers@1", 2)
    assert verdict == judged.verdict
    ((_, found),) = rehearse(case.engine.export_pilots(), two, guards=[small], settings=settings)
    assert what == (None if found is None else found.what)
