"""What an agenda and a notice have in common: who holds a duty, and what people call a term."""

from datetime import date

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.moments import said
from proeftuin.core.pilot import Pilot
from proeftuin.core.wording import label
from proeftuin.core.workflow import LANGUAGES, Offset, Workflow

# unit -> per language one, and several
_UNITS = {
    "days": {"en": ("day", "days"), "nl": ("dag", "dagen")},
    "weeks": {"en": ("week", "weeks"), "nl": ("week", "weken")},
    "months": {"en": ("month", "months"), "nl": ("maand", "maanden")},
    "working_days": {"en": ("working day", "working days"), "nl": ("werkdag", "werkdagen")},
}


def holders(workflow: Workflow, pilot: Pilot, duty: str, track: str | None, day: date) -> tuple[str, ...]:
    """Return the persons who hold a duty on a day, in order of assignment, each once.

    Args:
        workflow: the one that the pilot follows.
        pilot: whose assignments count.
        duty: a role, or another duty of the workflow.
        track: what it is about. Who is assigned to another track does not count. A supplier's duty counts only on its
            own track, as one supplier may not see another.
        day: an assignment counts up to and on its `until`.
    """
    role = workflow.roles.get(duty)
    strict = role is not None and role.side == "supplier"
    held = [one for one in pilot.assigned(day) if one.data.get("duty") == duty]
    fitting = [one for one in held if one.track == track or (one.track is None and not strict)]
    if track is None and not strict:
        fitting = fitting or held
    return tuple(dict.fromkeys(str(one.data["person"]) for one in fitting))


def clock_label(workflow: Workflow, key: str) -> FrozenDict:
    """Return what people call a term, per language; of a clock with several due days, which of them it is.

    Args:
        workflow: whose clock.
        key: of the term, such as `retention:placement-3:26 weeks`.
    """
    name = key.partition(":")[0]
    clock = workflow.clocks.get(name)
    own = (clock.label if clock is not None else None) or label(workflow, name) or {}
    texts = {lang: str(own.get(lang) or own.get("en") or name.replace("_", " ")) for lang in LANGUAGES}
    if clock is not None and isinstance(clock.due, tuple) and len(clock.due) > 1:
        which = next((one for one in clock.due if said(one) == key.rpartition(":")[2]), None)
        if which is not None:
            texts = {lang: f"{text} ({_length(which, lang)})" for lang, text in texts.items()}
    return FrozenDict(texts)


def _length(offset: Offset, lang: str) -> str:
    return f"{offset.amount} {_UNITS[offset.unit][lang][offset.amount != 1]}"
