"""The codes that nothing helps against, each brought about: those that any pilot can give."""

from collections.abc import Mapping

from tests.domain.common.refusals import STOP, Begin, on
from tests.domain.domain import Case
from tests.domain.life import BaseLife
from tests.domain.remedy import Order


def helpless(begin: Begin, move: str = "complete_exploration") -> Mapping[str, Case]:
    """What any pilot can give; `move` is what the coordinator, and nobody else, does first with one that begins."""

    def closed() -> tuple[BaseLife, Order]:
        life = begin()
        life.do("hr", "add_lesson", {"text": "Begin small"})
        life.do("client_owner", "stop", STOP)
        return life, Order("coordinator", move)

    step = {"what": "Call", "who": "jo"}
    return {
        "unknown-trigger": on(begin, "coordinator", "fly"),
        "forbidden-role": on(begin, "hr", move),
        "unilateral": on(begin, "supplier_lead@alpha", move),
        "bad-value": on(begin, "hr", "plan_step", {**step, "due": "soon"}),
        "missing-field": on(begin, "hr", "plan_step", step),
        "unknown-field": on(begin, "hr", "add_lesson", {"text": "Begin small", "colour": "red"}),
        "bad-reference": on(begin, "hr", "finish_step", {"step": "step-1"}),
        "future-dated": on(begin, "hr", "log_activity", {"type": "coffee", "date": "2026-01-06"}),
        "privacy-violation": on(
            begin,
            "coordinator",
            "share_story",
            {
                "title": "A",
                "url": "https://example.org/",
                "scope": "web",
                "consent_date": "2026-01-05",
                "consent": "111222333",
            },
        ),
        "wrong-state": closed,
    }


def on_tracks(
    begin: Begin, trigger: tuple[str, str], opening: tuple[str, str, Mapping[str, object]]
) -> Mapping[str, Case]:
    """What a workflow with tracks gives besides: a trigger on no track, and an opening of one that is there."""
    by, fired = trigger
    who, opens, data = opening
    return {
        "unknown-track": on(begin, by, fired, {}, "nobody"),
        "track-exists": on(begin, who, opens, data, "alpha"),
    }
