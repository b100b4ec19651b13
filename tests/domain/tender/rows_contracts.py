"""A contract beside what people at work have in common: an instrument afterwards, and the ledger of section 3.9."""

from typing import Any

from tests.domain.rows import Row, fine, no, warn
from tests.domain.tender.rows_procurements import CHOICES, NUMBERS

ALL = ("agreed", "delivering", "completed", "withdrawn")
EFFORT: dict[str, Any] = {"table": "ours", "group": "wia", "hours_base": "36", "hours": "24", "months": "12"}

CONTRACTS = (
    Row(
        "3.1.2 after contracting",
        "agree_instrument",
        "supplier_lead client_owner",
        ("agreed", "delivering"),
        "signed by supplier_lead; add instrument@alpha change_check=It changes little",
        data={
            "instrument": "social_return_condition",
            "rationale": "It fits",
            "share": "5",
            "points": "20",
            "text": "Two places",
            "check": "It changes little",
        },
        key="alpha",
        signed="client_owner",
        checks=(
            *NUMBERS,
            *(fine(data={"instrument": name}) for name in CHOICES if name != "none"),
            fine(data={"instrument": "social_return_award"}),
            no("bad-value", data={"instrument": "none"}),
            no("missing-field", data={"check": None}),
        ),
    ),
    Row(
        "3.1.2 after contracting, again",
        "agree_instrument",
        "supplier_lead client_owner",
        ("agreed", "delivering"),
        "signed by supplier_lead; end instrument-2 on=2026-03-02; add instrument@alpha change_check=It changes little",
        data={"instrument": "pso", "rationale": "It fits", "check": "It changes little"},
        key="alpha",
        signed="client_owner",
        facts="pso_elsewhere agreed_instrument lots_on_alpha",
    ),
    Row(
        "3.9",
        "record_effort",
        "contract_manager supplier_lead",
        ALL,
        "add effort@alpha",
        data={**EFFORT, "invoice": "100", "bonus": "10", "from": "2026-01-05", "evidence": "evidence-1"},
        key="alpha",
        facts="proof_of_work",
        checks=(
            no("missing-field", data={"table": None}),
            no("missing-field", data={"months": None}),
            no("missing-field", data={"hours": None}),
            no("missing-field", data={"group": None, "invoice": None, "bonus": None}),
            fine(data={"group": None, "hours": None, "months": None, "bonus": None}),
            fine(data={"group": None, "hours": None, "months": None, "invoice": None}),
            fine(data={"hours_base": None, "from": None, "evidence": None}),
            no("bad-reference", data={"evidence": "evidence-2"}),
            *(no("bad-value", data={name: "-1"}) for name in ("hours", "months", "invoice", "bonus")),
            *(no("bad-value", data={name: "60.5"}) for name in ("hours", "hours_base")),
            no("bad-value", data={"hours_base": "0"}),
        ),
    ),
    Row(
        "3.9",
        "accept_effort",
        "contract_manager",
        ALL,
        "end effort-1 on=2026-03-02 status=accepted",
        data={"effort": "effort-1"},
        key="alpha",
        facts="effort effort_too",
        checks=(
            no("bad-reference", "+effort_of_beta", data={"effort": "effort-3"}),
            no("bad-reference", "+answered", data={"effort": "effort-3"}),
            warn("proof-expired", "-effort -effort_too +proof_until_february +proved_effort"),
            warn("", "-effort -effort_too +proof_of_work +proved_effort"),
            no("missing-field", data={"effort": None}),
        ),
    ),
    Row(
        "3.9",
        "return_effort",
        "contract_manager",
        ALL,
        "end effort-1 on=2026-03-02 reason=No proof status=returned",
        data={"effort": "effort-1", "reason": "No proof"},
        key="alpha",
        facts="effort effort_too",
        checks=(
            no("bad-reference", "+effort_of_beta", data={"effort": "effort-3"}),
            no("missing-field", data={"effort": None}),
            no("missing-field", data={"reason": None}),
        ),
    ),
)
