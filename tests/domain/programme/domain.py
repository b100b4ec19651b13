"""All that the domain says of `programme`, as one value."""

from attrs import evolve

from tests.domain.common.fields import FIELDS as COMMON_FIELDS
from tests.domain.common.helpless import helpless
from tests.domain.common.terms import TERMS as COMMON_TERMS
from tests.domain.common.terms import entered
from tests.domain.domain import Asked, Domain
from tests.domain.equivalent import COMMON as COMMON_EQUIVALENT
from tests.domain.programme.facts import AHEAD, DETAILS, FACTS, PHASES, TOLD
from tests.domain.programme.life import Life
from tests.domain.programme.refusals import CASES, fresh
from tests.domain.programme.rows import ROWS
from tests.domain.programme.stories import STORIES, each_term_is_due_on_its_day

MET = {**COMMON_FIELDS["log_activity"], "organisations": ["text"], "topics": ["text"]}
TERMS = {name: term for name, term in COMMON_TERMS.items() if name not in {"check_in", "report"}}

PROGRAMME = Domain(
    name="programme",
    life=Life,
    phases=PHASES,
    ahead=AHEAD,
    kinds={},
    usual="running",
    details=DETAILS,
    facts=FACTS,
    told=TOLD,
    rows=ROWS,
    fields={
        **COMMON_FIELDS,
        "begin": {},
        "conclude": {"outcome": ("follow_up", "ended")},
        "stop": {"reason*": "text"},
        "log_activity": MET,
    },
    cases=CASES,
    equivalent={
        "pilot.resume paused allowed": COMMON_EQUIVALENT["pilot.resume paused allowed"],
        "pilot.assign op part end assignment same track": "a programme has no tracks; its duties are as elsewhere",
        "pilot.log_activity.coffee when type": "the edge before it takes the sessions; overlaps are lint's",
    },
    asked={None: Asked(fresh)},
    helpless=helpless(fresh, "choose_route"),
    terms={**TERMS, "after_closing": evolve(TERMS["after_closing"], begins=entered("concluded"))},
    stories=STORIES,
    days=each_term_is_due_on_its_day,
    first="planned",
)
