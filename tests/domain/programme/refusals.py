"""How the refusals of a programme come about."""

from tests.domain.common.refusals import STORY, each, merged, recording
from tests.domain.programme.life import Life
from tests.domain.remedy import Order


def fresh() -> Life:
    """A programme of a day old: whatever is asked for, everything is still missing."""
    life = Life()
    life.assign("coordinator", "coordinator", by="contract_manager")
    return life


def _told() -> tuple[Life, Order]:
    life = fresh()
    life.do("coordinator", "share_story", {**STORY, "consent": "C-1"})
    fields = {"consent": "jan@example.org"}
    return life, Order("coordinator", "correct", {"record": "story-1", "fields": fields, "reason": "A slip"})


CASES = merged(
    {"conclude": each(fresh, "coordinator", "conclude", "missing-report")},
    recording(fresh),
    {"correct": {"privacy-violation": _told}},
)
