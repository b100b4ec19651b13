"""What becomes of what clocks told and fire: nothing lapses by surprise, and what was done is not done again."""

from datetime import timedelta

import pytest

from proeftuin import Actor
from tests.versions.offers import ANSWER, BEGAN, LEAD, SELLER, Case

WITHDRAW = "- {trigger: withdraw, from: %s, to: taken, while: %s, allow: [%s]}"
HASTY = (
    ("      - {trigger: back", f"      {WITHDRAW % ('made', 'any_open', 'system')}\n      - {{trigger: back"),
    ("clocks:\n", "clocks:\n  hasty: {since: offer.made, until: note, due: 9 days, fire: withdraw}\n"),
    ("words:\n", "words:\n  withdraw: {en: Withdraw, nl: Intrekken}\n"),
)


def offered(case: Case) -> Case:
    """Let there be an offer, and somebody who has looked at it."""
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    case.engine.fire("p", "look", track="alpha", actor=LEAD)
    return case


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("made", "any_open", "system"), ("[made, seen]", "any_open", "system")),
        (("[made, seen]", "open", "system"), ("[made, seen]", "any_open", "system")),
        (("made", "any_open", "system"), None),
    ],
)
def test_a_trigger_that_would_have_moved_nothing_here_is_put_off(
    before: tuple[str, str, str], after: tuple[str, str, str] | None
) -> None:
    """Where the same clock has a trigger fired from a state that it did not leave, a week goes by before it is."""
    first = (HASTY[0][0], f"      {WITHDRAW % before}\n      - {{trigger: back")
    edge = WITHDRAW % before
    second = f"{edge}\n      {WITHDRAW % ('seen', 'any_open', 'system')}" if after is None else WITHDRAW % after
    case = offered(Case((edge, second), first=(first, *HASTY[1:])))
    case.wait(8)
    assert BEGAN + timedelta(8 + 7) == case.migrate().laid["hasty:alpha"].fires
    case.wait(6)
    assert "seen" == case.engine.get("p").tracks["alpha"].state
    case.wait(1)
    assert "taken" == case.engine.get("p").tracks["alpha"].state


def test_a_trigger_that_moves_nothing_in_either_version_is_not_put_off() -> None:
    """What the new version has fired no sooner than the old one, and from no other state, is due when it was."""
    case = offered(Case(first=HASTY))
    case.wait(8)
    assert {} == case.migrate().laid
    case.wait(1)
    assert ("clock.fired", ("fire.withdraw",), BEGAN + timedelta(9)) == case.told()[-1]


OTHER_WORDS = (
    ("trigger: expire", "trigger: lapse"),
    ("fire: expire", "fire: lapse"),
    ("  expire: {en", "  lapse: {en"),
)


def test_what_was_fired_under_another_name_is_not_fired_again() -> None:
    """A trigger that led nowhere when its day came is not fired again as it has another name and leads further now."""
    case = offered(
        Case(
            ("trigger: withdraw, from: made", "trigger: retract, from: [made, seen]"),
            ("fire: withdraw", "fire: retract"),
            ("  withdraw: {en", "  retract: {en"),
            first=HASTY,
        )
    )
    case.wait(12)
    case.migrate("triggers: {withdraw: retract}\nclocks: {hasty: keep}")
    case.wait(10)
    assert ["fire.withdraw"] == [name for type_, names, _ in case.told() if type_ == "clock.fired" for name in names]
    assert "seen" == case.engine.get("p").tracks["alpha"].state


def test_a_trigger_under_another_name_is_fired_when_it_was_due() -> None:
    """A week goes by before what nobody could expect, and that it has another name surprises nobody."""
    case = Case(*OTHER_WORDS)
    case.wait(26)
    case.migrate("triggers: {expire: lapse}\nclocks: {answer: keep}")
    case.wait(2)
    assert ("clock.fired", ("fire.lapse",), BEGAN + timedelta(28)) == case.told()[-1]


@pytest.mark.parametrize("what", ["remind", "escalate"])
def test_who_was_told_is_not_told_again_under_another_name(what: str) -> None:
    """A role that has another name is not reminded anew of what it was reminded of, and of what lies ahead it is."""
    told = ANSWER.replace("remind", what)
    boss = (
        ("  buyer: {side", "  boss: {side"),
        ("sign: [lead, buyer]", "sign: [lead, boss]"),
        (told.replace("lead", "buyer"), told.replace("lead", "boss")),
    )
    case = Case(*boss, first=((ANSWER, told.replace("lead", "buyer")),))
    case.wait(15)
    case.migrate("roles: {buyer: boss}\nclocks: {answer: keep}")
    case.wait(7)
    assert [(f"{what}.buyer.14 days",), (f"{what}.boss.21 days",)] == [names for _, names, _ in case.told()]


@pytest.mark.parametrize("do", ["keep", "rebase"])
def test_who_was_told_may_still_put_it_off_under_another_name(do: str) -> None:
    """What a clock told a role it told the same people under the name that the role has now."""
    told = ANSWER.replace("lead", "buyer")
    boss = (
        ("  buyer: {side", "  boss: {side"),
        ("sign: [lead, buyer]", "sign: [lead, boss]"),
        (told, told.replace("buyer", "boss")),
    )
    edge = "{trigger: snooze, from: any_open, snooze: 14 days, progress: false, allow: [reminded], data: {%s}}"
    data = "clock: {type: text, required: true}, until: {type: date, required: true}"
    snooze = ("  - {trigger: pause", f"  - {edge % data}\n  - {{trigger: pause")
    words = ("words:\n", "words:\n  snooze: {en: Snooze, nl: Uitstellen}\n")
    case = Case(*boss, first=((ANSWER, told), snooze, words))
    case.wait(15)
    case.migrate(f"roles: {{buyer: boss}}\nclocks: {{answer: {do}}}")
    assert ("boss",) == case.engine.get("p").told["answer"].roles
    put_off = {"clock": "answer", "until": BEGAN + timedelta(18)}
    case.engine.fire("p", "snooze", actor=Actor("boss-1", roles={"boss"}), data=put_off)
