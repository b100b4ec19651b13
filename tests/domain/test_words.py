"""Every refusal and warning says in English and in Dutch what is the matter, to people who know none of our codes."""

import re

import pytest

from proeftuin import Blocker
from proeftuin.core.texts import TEXTS
from proeftuin.definitions import Catalogue
from tests.domain.life import Life
from tests.domain.refusals import CASES, uses
from tests.domain.remedy import HELPLESS, Order
from tests.domain.test_missing import EVERY, NOTHING_HELPS, asked, told

WORKFLOW = Catalogue().get("existing-contract")
ENGINE = HELPLESS | {"wrong-state", "paused", "limit-reached", "guard-error"}
CODES = sorted(ENGINE | {one.code for one in uses(WORKFLOW)})

# An identifier of ours, such as `contract_manager` or `missing-pair`, is no word for a reader.
OURS = re.compile(r"[a-z]+_[a-z_]+|\{|\}|None")


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_text_in_both_languages(code: str) -> None:
    """A code that can come out has its own sentence in each language, in the library or in the workflow file."""
    template = WORKFLOW.codes.get(code) or TEXTS[code]
    assert {"en", "nl"} == set(template)
    assert template["en"] != template["nl"]
    assert all(len(text) > len(code) and code not in text for text in template.values())


def check(blocker: Blocker) -> None:
    english, dutch = blocker.text("en"), blocker.text("nl")
    for text in (english, dutch):
        assert text
        assert text.strip() == text
        assert blocker.code not in text
        assert not OURS.search(text), text
        assert "  " not in text, text
    assert english != dutch
    if blocker.missing:
        assert not english.endswith("nobody."), english
        assert "by nobody" not in english, english


@pytest.mark.parametrize("name", [f"{label}-{code}" for label, codes in CASES.items() for code in codes])
def test_real_refusals_of_guards_read_well(name: str) -> None:
    """What is said on a real pilot has no gaps, no codes and no names of fields in it, and a text per language."""
    label, _, code = name.partition("-")
    life, order = CASES[label][code]()
    for blocker in told(life, order):
        check(blocker)


@pytest.mark.parametrize("name", NOTHING_HELPS)
def test_real_refusals_of_the_engine_read_well(name: str) -> None:
    """The engine's own refusals read as well as those of guards."""
    life, order = NOTHING_HELPS[name][0](), NOTHING_HELPS[name][1]
    for blocker in told(life, order):
        check(blocker)


@pytest.mark.parametrize("order", [one for _, one in EVERY], ids=[name for name, _ in EVERY])
def test_not_yet_and_on_hold_read_well(order: Order) -> None:
    """Whatever is asked too early, or of a pilot on hold, is answered in words that can be acted on."""
    life = Life().supplier("alpha", "identified")
    life.pause()
    for blocker in told(life, asked(life, order)[1]):
        check(blocker)
    for outsider in ("monitor", "supplier_hr@gamma"):
        for blocker in told(life, Order(outsider, order.trigger, order.data, order.track)):
            check(blocker)
