"""The lifecycle of a supplier until there is an agreement: rows TR1 to TR9 of section 3.1.1, with 3.9."""

from typing import Any

from tests.domain.people.rows import SIGNED
from tests.domain.rows import COMMIT, FUTURE, Row, fine, no

TALK: dict[str, Any] = {
    "date": "2026-03-02",
    "present": (
        {"person": "a", "role": "contract_manager"},
        {"person": "b", "role": "supplier_lead", "party": "alpha"},
    ),
}

NAMED = (
    fine(data={"contract": None}),
    no("missing-field", data={"supplier": None}),
    no("bad-value", data={"contract_jobs": "-1"}),
)

TRACKS = (
    Row(
        "TR1 identify",
        "identify",
        "procurement contract_manager coordinator",
        (),
        "track >identified contract=C-1 origin=client supplier=Gamma",
        data={"supplier": "Gamma", "contract": "C-1"},
        key="gamma",
        opens=True,
        checks=NAMED,
    ),
    Row(
        "TR1 propose",
        "propose",
        "supplier_lead",
        (),
        "track >identified contract=C-1 origin=supplier supplier=Gamma",
        data={"supplier": "Gamma", "contract": "C-1"},
        key="gamma",
        opens=True,
        checks=NAMED,
    ),
    Row(
        "TR2",
        "invite",
        "contract_manager procurement coordinator",
        ("identified",),
        "track identified>invited",
        key="alpha",
        during=("engaging", "implementing"),
        facts="decision",
        checks=COMMIT,
    ),
    Row(
        "TR3",
        "start_talk",
        "coordinator contract_manager procurement supplier_lead",
        ("invited",),
        "add activity@alpha type=exploratory_talk; track invited>talking",
        data=TALK,
        key="alpha",
        during=("engaging", "implementing"),
        checks=(
            no("missing-counterpart", data={"present": TALK["present"][:1]}),
            no("missing-counterpart", data={"present": TALK["present"][1:]}),
            no("missing-field", data={"present": None}),
            no("future-dated", data=FUTURE),
        ),
    ),
    Row("TR4", "express_willingness", "supplier_lead", ("talking",), "track talking>willing", key="alpha"),
    Row(
        "TR5",
        "decline",
        "supplier_lead",
        ("invited", "talking", "willing"),
        "track {here}>declined reason=capacity",
        data={"reason": "capacity"},
        key="alpha",
        checks=(
            *(
                fine(data={"reason": reason})
                for reason in ("contract_ends", "no_suitable_work", "no_agreement", "not_suitable", "other")
            ),
            *(
                no("unilateral", data={"reason": reason}, by="client_owner")
                for reason in ("capacity", "contract_ends", "no_suitable_work", "no_agreement", "other")
            ),
            no("missing-field", data={"reason": None}),
            no("bad-value", data={"reason": "no_time"}),
        ),
    ),
    Row(
        "TR5 by the owner",
        "decline",
        "supplier_lead client_owner",
        ("invited", "talking", "willing"),
        "track {here}>declined reason=not_suitable",
        data={"reason": "not_suitable"},
        key="alpha",
    ),
    Row("TR6", "lapse", "system", ("invited", "talking"), "track {here}>lapsed", key="alpha"),
    Row(
        "TR7",
        "park",
        "coordinator supplier_lead",
        ("invited", "talking", "willing"),
        "track {here}>parked until=2026-06-01",
        data={"until": "2026-06-01"},
        key="alpha",
        checks=(no("bad-value", data={"until": "2026-03-02"}), no("missing-field", data={"until": None})),
    ),
    Row("TR7 back", "unpark", "coordinator supplier_lead", ("parked",), "track parked>talking", key="alpha"),
    Row(
        "TR8",
        "reinvite",
        "coordinator",
        ("declined", "lapsed", "parked"),
        "track {here}>invited",
        key="alpha",
        facts="decision",
        checks=COMMIT,
    ),
    Row(
        "TR9",
        "sign_agreement",
        "supplier_lead client_owner",
        ("willing",),
        "signed by supplier_lead; add agreement@alpha number=1; track willing>agreed",
        data=SIGNED,
        key="alpha",
        facts="decision",
        signed="client_owner",
        checks=(
            *COMMIT,
            no("bad-value", data={"places": {"employment": 0}}),
            no("bad-value", data={"places": {"internship": 1}}),
            no("missing-field", data={"places": {}}),
            no("bad-value", data={"hours": "-1"}),
            no("bad-value", data={"until": "2026-03-01"}),
            fine(data={"until": "2027-03-01"}),
            no("missing-field", data={"from": None}),
            no("privacy-violation", data={"conditions": "Only for Jan, jan@example.org"}),
        ),
    ),
)
