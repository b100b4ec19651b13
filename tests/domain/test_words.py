"""Every refusal and warning says in English and in Dutch what is the matter, to people who know none of our codes."""

import re
from collections.abc import Iterator

import pytest

from proeftuin import Blocker
from proeftuin.core.texts import TEXTS
from tests.domain.asking import asked, every, named_cases, told
from tests.domain.domain import Domain, each
from tests.domain.domains import DOMAINS
from tests.domain.refusals import uses
from tests.domain.remedy import HELPLESS, Order

ENGINE = HELPLESS | {"wrong-state", "paused", "limit-reached", "guard-error"}

# An identifier of ours, such as `contract_manager` or `missing-pair`, is no word for a reader.
OURS = re.compile(r"[a-z]+_[a-z_]+|\{|\}|None")


def codes(domain: Domain) -> Iterator[str]:
    return iter(sorted(ENGINE | {one.code for one in uses(domain.workflow)}))


@pytest.mark.parametrize(("domain", "code"), each(DOMAINS, codes), ids=str)
def test_every_code_has_a_text_in_both_languages(domain: Domain, code: str) -> None:
    """A code that can come out has its own sentence in each language, in the library or in the workflow file."""
    template = domain.workflow.codes.get(code) or TEXTS[code]
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


@pytest.mark.parametrize(("domain", "name"), each(DOMAINS, lambda domain: iter(named_cases(domain))), ids=str)
def test_real_refusals_of_guards_read_well(domain: Domain, name: str) -> None:
    """What is said on a real pilot has no gaps, no codes and no names of fields in it, and a text per language."""
    life, order = named_cases(domain)[name]()
    for blocker in told(life, order):
        check(blocker)


@pytest.mark.parametrize(("domain", "name"), each(DOMAINS, lambda domain: iter(domain.helpless)), ids=str)
def test_real_refusals_of_the_engine_read_well(domain: Domain, name: str) -> None:
    """The engine's own refusals read as well as those of guards."""
    life, order = domain.helpless[name]()
    for blocker in told(life, order):
        check(blocker)


@pytest.mark.parametrize(("domain", "order"), each(DOMAINS, every), ids=str)
def test_not_yet_and_on_hold_read_well(domain: Domain, order: Order) -> None:
    """Whatever is asked too early, or of a pilot on hold, is answered in words that can be acted on."""
    life = domain.asked[order.kind].begin()
    life.pause()
    for blocker in told(life, asked(domain, life, order)[1]):
        check(blocker)
    for outsider in ("monitor", "supplier_hr@gamma"):
        for blocker in told(life, Order(outsider, order.trigger, order.data, order.track)):
            check(blocker)
