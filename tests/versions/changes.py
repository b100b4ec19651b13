"""The twelve ways in which a published workflow is changed here, and what each does to pilots that run under it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from proeftuin.core.guards import BUILT_IN
from proeftuin.core.lint import lint
from proeftuin.core.metrics import METRICS
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue, dump, parse

NAME = "existing-contract"
ONE = Catalogue().get(NAME)
LATER = ("implementing", "evaluating")
Told = Callable[[Pilot], Mapping[str, str]]
"""The codes of what speaks against moving a pilot, each with the track that it is about (or nothing)."""


def changed(edit: Callable[[dict[str, Any]], None], version: int = 2) -> Workflow:
    """The workflow after an edit of its file, as its next version, without a fault of its own."""
    values = json.loads(dump(ONE))
    edit(values)
    made = parse(json.dumps({**values, "version": version}).encode())
    assert not [one for one in lint(made, BUILT_IN, metrics=METRICS) if one.level == "error"]
    return made


def edges(values: dict[str, Any], trigger: str, kind: str | None = None) -> list[dict[str, Any]]:
    """The edges of a trigger, as they stand in the file."""
    place = values if kind is None else values["tracks"][kind]
    return [one for one in place["edges"] if one["trigger"] == trigger]


def label(values: dict[str, Any]) -> None:
    values["states"]["engaging"]["label"] = {"en": "Talking", "nl": "In gesprek"}


def new_state(values: dict[str, Any]) -> None:
    values["states"]["checking"] = {"phase": "evaluation", "label": {"en": "Checking", "nl": "Nakijken"}}
    values["edges"].append(
        {"trigger": "look_again", "from": ["evaluating"], "to": "checking", "allow": ["coordinator"]}
    )
    values["edges"].append({"trigger": "looked", "from": ["checking"], "to": "evaluating", "allow": ["coordinator"]})


def removed_state(values: dict[str, Any]) -> None:
    """Exploring and committing become one: what was asked in between is asked at its end."""
    del values["states"]["committing"]
    (explored,), (opened,) = edges(values, "complete_exploration"), edges(values, "open_supplier_talks")
    values["edges"].remove(explored)
    opened["from"] = ["exploring"]
    for one in values["edges"]:
        one["from"] = [state for state in one["from"] if state != "committing"]


def renamed_trigger(values: dict[str, Any]) -> None:
    for one in edges(values, "sign_agreement", "supplier"):
        one["trigger"] = "conclude_agreement"
    values["words"]["conclude_agreement"] = values["words"].pop("sign_agreement")


def stricter_guard(values: dict[str, Any]) -> None:
    (opened,) = edges(values, "open_supplier_talks")
    opened["require"].append({"has": {"record": "sponsorship", "code": "missing-sponsorship"}})


def new_required_field(values: dict[str, Any]) -> None:
    theme = {"type": "choice", "of": ["start", "work", "end"], "required": True}
    values["records"]["obstacle"]["fields"]["theme"] = theme


def changed_clock(values: dict[str, Any]) -> None:
    values["clocks"]["invitation"]["due"] = ["14 days"]
    values["clocks"]["invitation"]["remind"] = {"contract_manager": ["7 days"]}


def changed_join(values: dict[str, Any]) -> None:
    (begun,) = edges(values, "start_implementation")
    (join,) = (one for one in begun["require"] if "tracks_reached" in one)
    join["tracks_reached"] = {"kind": "supplier", "states": ["agreed", "delivering"], "min": 9}


def new_signature(values: dict[str, Any]) -> None:
    for one in edges(values, "sign_agreement", "supplier"):
        one["sign"] = [*one["sign"], "budget_holder"]


def split_kind(values: dict[str, Any]) -> None:
    """Suppliers that proposed themselves get a lifecycle of their own."""
    kinds = values["tracks"]
    text = json.dumps(kinds["supplier"])
    kinds["proposer"] = {**json.loads(text), "label": {"en": "Proposer", "nl": "Voorsteller"}}
    for name, gone in (("supplier", "propose"), ("proposer", "identify")):
        kinds[name]["edges"] = [one for one in kinds[name]["edges"] if one["trigger"] != gone]
    for one in kinds["proposer"]["edges"]:
        if one.get("opens"):
            one["opens"] = "proposer"


def removed_role(values: dict[str, Any]) -> None:
    """Nobody is a budget holder any more: the client owner decides on money."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(one) for key, one in value.items() if key != "budget_holder"}
        if isinstance(value, list):
            found = [without(one) for one in value if one != "budget_holder"]
            return found or ["client_owner"]
        return value

    values.update(without(values))


def new_end(values: dict[str, Any]) -> None:
    values["states"]["shelved"] = {"phase": "closed", "final": True, "label": {"en": "Shelved", "nl": "In de kast"}}
    edge = {"trigger": "shelve", "from": ["exploring"], "to": "shelved", "outcome": "shelved", "allow": ["coordinator"]}
    values["edges"].append(edge)


def nothing(pilot: Pilot) -> Mapping[str, str]:
    del pilot
    return {}


@frozen
class Change:
    """A change, what it does to a pilot while a plan says nothing, the lines with which all are fine, and its class."""

    edit: Callable[[dict[str, Any]], None]
    speaks: Callable[[Pilot], frozenset[str]]
    plan: str = ""
    undecided: tuple[str, ...] = ()
    effect: str = "narrowing"


def _none(pilot: Pilot) -> frozenset[str]:
    del pilot
    return frozenset()


def _codes(code: str, holds: Callable[[Pilot], bool]) -> Callable[[Pilot], frozenset[str]]:
    return lambda pilot: frozenset({code}) if holds(pilot) else frozenset()


def _came_by(pilot: Pilot, state: str) -> bool:
    return any(one.track is None and one.state == state for one in pilot.path)


CHANGES: Mapping[str, Change] = {
    "label": Change(label, _none, effect="cosmetic"),
    "new state": Change(new_state, _none, effect="widening"),
    "removed state": Change(
        removed_state, _codes("state-gone", lambda one: one.state == "committing"), "states: {committing: exploring}"
    ),
    "renamed trigger": Change(renamed_trigger, _none, "triggers: {sign_agreement: conclude_agreement}"),
    "stricter guard": Change(
        stricter_guard,
        _codes("gate-jumped", lambda one: _came_by(one, "engaging") and not one.records("sponsorship")),
        "accept: [missing-sponsorship]",
    ),
    "new required field": Change(
        new_required_field,
        _codes("data-misfits", lambda one: bool(one.records("obstacle"))),
        "records: {obstacle: {set: {theme: work}}}",
    ),
    "changed clock": Change(changed_clock, _none, "clocks: {invitation: rebase}", ("invitation",)),
    "changed join": Change(
        changed_join,
        lambda one: frozenset({"gate-jumped"}) if _came_by(one, "implementing") else frozenset(),
        "accept: [gate-jumped, join-unmet]",
    ),
    "new signature": Change(new_signature, _none),
    "track kind split": Change(
        split_kind,
        _none,
        "tracks: {supplier: {to: [{to: proposer, where: {origin: supplier}}, {to: supplier}]}}",
    ),
    "role removed": Change(
        removed_role,
        _codes("data-misfits", lambda one: any(a.data["duty"] == "budget_holder" for a in one.records("assignment"))),
        "records: {assignment: {replace: {duty: {budget_holder: client_owner}}}}",
    ),
    "final state added": Change(new_end, _none, effect="widening"),
}
