"""The report of the kit on every store of ours, as a page: `python -m tests.contract.conformance` runs it anew."""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from proeftuin.spi import SPI_VERSION, Store
from proeftuin.testing import KIT_VERSION, conform
from proeftuin.testing.case import GROUPS, Case
from proeftuin.testing.cases import CASES
from tests.contract.scratch import Kind, scratch

Verdicts = Mapping[str, str]

KINDS: tuple[Kind, ...] = get_args(Kind)
PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
WORDS = {"passed": "yes", "skipped": "·", "failed": "**no**"}

HEAD = """# What the kit says of our stores

Written by a run of the kit (version {kit}, ports version {spi}) on each store, in an empty tenant and beside a thousand
other pilots. *Yes*: it holds in both. A dot: the store says that it does not offer what the case is about, so it is not
asked. [Write a store](write-a-store.md) explains the rules; `proeftuin conform URL` says the same of any store.

| | holds | not asked | fails |
|---|---|---|---|
"""
TABLE = """
## {letter}: {title}

| case | what is asked | rule | {names} |
|---|---|---|{lines}
"""


def verdicts(kind: Kind) -> Verdicts:
    """What a run of the kit says of a store: the worst verdict of each case, by its name."""
    with scratch(kind) as url:
        found: dict[str, str] = {}
        for one in conform(url, told=lambda one: print(kind, one.case, one.size, one.verdict)).results:  # noqa: T201  # a long run
            before = found.get(str(one.case), one.verdict)
            found[str(one.case)] = "failed" if "failed" in (before, one.verdict) else one.verdict
    return found


def declared(store: Store, *, files: bool) -> Verdicts:
    """What a run says where every case that a store does not decline holds, with its files in reach or without."""
    return {str(one): "skipped" if one.unmet(store, files=files) else "passed" for one in CASES}


def _row(case: Case, stores: Mapping[Kind, Verdicts]) -> str:
    told = " | ".join(WORDS[stores[kind][str(case)]] for kind in stores)
    return f"| {case.id} | {case.claim} | {case.rule.title} | {told} |\n"


def page(stores: Mapping[Kind, Verdicts]) -> str:
    """The page for what a run said of each store."""
    text = HEAD.format(kit=KIT_VERSION, spi=SPI_VERSION)
    for kind, found in stores.items():
        counts = [sum(one == verdict for one in found.values()) for verdict in WORDS]
        text += f"| {kind} | {' | '.join(map(str, counts))} |\n"
    for letter, title in GROUPS.items():
        text += TABLE.format(letter=letter, title=title, names=" | ".join(stores), lines="---|" * len(stores))
        text += "".join(_row(one, stores) for one in CASES if one.group == letter)
    return text


def main() -> None:
    """Run the kit on each store, and write the page."""
    PAGE.write_text(page({kind: verdicts(kind) for kind in KINDS}), encoding="utf-8")


if __name__ == "__main__":
    main()
