"""Labs with a pilot in them, somewhere in its life."""

from typing import Any

from proeftuin.testing import Lab

START = {"title": "Canteen", "organisation": "Voorbeeld"}


def begun(**options: Any) -> Lab:
    """A lab with a pilot in it."""
    lab = Lab(**options)
    lab.start("coordinator", START)
    return lab


def engaging(lab: Lab, *tracks: str) -> Lab:
    """Take a pilot to its talks, with suppliers in view."""
    lab.fire("coordinator", "log_activity", session(lab))
    lab.fire("hr", "add_evidence", paper(lab, "inventory"))
    lab.fire("coordinator", "choose_route", {"route": "existing-contract", "rationale": "It fits"})
    lab.fire("coordinator", "complete_exploration")
    lab.fire("board", "record_decision", {"date": lab.today, "reference": "BD-1"})
    lab.fire("coordinator", "assign", {"duty": "client_owner", "person": "client_owner"})
    lab.fire("coordinator", "add_evidence", paper(lab, "action_plan"))
    lab.fire("coordinator", "set_goal", {"kind": "short", "text": "Two met", "due": lab.day(90)})
    lab.fire("coordinator", "set_goal", {"kind": "horizon", "text": "Everywhere"})
    lab.fire("client_owner", "open_supplier_talks")
    for key in tracks:
        lab.fire("supplier_lead", "propose", {"supplier": key.title()}, track=key)
        lab.fire("contract_manager", "invite", track=key)
    return lab


def session(lab: Lab) -> dict[str, Any]:
    present = lab.present("hr", "procurement", "supplier_lead@alpha")
    return {"type": "joint_session", "date": lab.today, "present": present}


def paper(lab: Lab, kind: str) -> dict[str, Any]:
    return {"type": kind, "date": lab.today, "reference": f"DOC-{kind}"}
