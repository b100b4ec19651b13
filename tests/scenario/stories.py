"""Reads `stories.txt`: each story becomes the text of a scenario file, with the people that all of them share."""

from collections.abc import Mapping
from pathlib import Path

ACTORS = """\
scenario: story
workflow: existing-contract
actors:
  board: {id: board-1, roles: [board]}
  owner: {id: owner-1, roles: [client_owner]}
  lead: {id: lead-1, roles: [coordinator]}
  hr: {id: hr-1, roles: [hr]}
  buyer: {id: buyer-1, roles: [procurement]}
  manager: {id: manager-1, roles: [contract_manager]}
  budget: {id: budget-1, roles: [budget_holder]}
  coach: {id: coach-1, roles: [supervisor]}
  guide: {id: guide-1, roles: [facilitator]}
  anna: {id: anna-1, roles: [supplier_lead], party: anna}
  anna_hr: {id: anna-2, roles: [supplier_hr], party: anna}
  bo: {id: bo-1, roles: [supplier_lead], party: bo}
  bo_hr: {id: bo-2, roles: [supplier_hr], party: bo}
steps:
"""


def _read(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """Every piece and story as its steps, in order, and the names of those that are stories."""
    found: dict[str, list[str]] = {}
    stories: list[str] = []
    steps: list[str] = []
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark in {":", "="}:
            steps = found[rest] = []
            stories += [rest] if mark == "=" else []
        elif mark == "+":
            steps += found[rest]
        elif line.startswith("  "):
            steps[-1] += f"\n    {line}"
        elif line and mark != "#":
            steps.append(line)
    return found, stories


def _stories() -> Mapping[str, str]:
    found, stories = _read(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))
    return {name: ACTORS + "".join(f"  - {{{step}}}\n" for step in found[name]) for name in stories}


STORIES = _stories()
