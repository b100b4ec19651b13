"""Every state, edge, guard and clock of the bundled workflows is reached by a scenario, or by a story beside them."""

import pytest

from proeftuin.testing.covering import GROUPS
from tests.domain.domain import Domain, Story, each
from tests.domain.domains import DOMAINS
from tests.domain.telling import covered, told


@pytest.mark.parametrize(
    ("domain", "story"),
    each(DOMAINS, lambda domain: iter((*domain.stories, domain.days))),
    ids=lambda one: getattr(getattr(one, "func", one), "__name__", str(one)),
)
def test_what_no_scenario_tells(domain: Domain, story: Story) -> None:
    """Each story that is told beside the scenarios comes out as it says."""
    story()


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_all_of_the_workflow_is_reached(domain: Domain) -> None:
    """Together the bundled scenarios and the stories beside them exercise the workflow as a whole."""
    found = covered(domain, told(domain))
    assert {group: [] for group in GROUPS} == {group: found.missing(group) for group in GROUPS}
