"""When the participants of a closed pilot are forgotten: so many months after it was closed, whatever else goes on.

Nothing of it is stored beforehand. The day is computed from the day of closing and the number in force on that day.
The pilot remembers for how many of its subjects it was done (`Told`): who is named in a correction after that has a new
one.

Source: GDPR article 5(1)(e), no longer than is needed; the number of months is the project's own choice.
"""

from datetime import date

from proeftuin.core.calendar import add_months
from proeftuin.core.evolve import FORGOTTEN
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import Table

SETTING = "retention_months"


def due(table: Table, pilot: Pilot, settings: Settings) -> date | None:
    """Return the first day on which participants are to be forgotten.

    None while the pilot is open, where nobody took part in it, and where it was done.
    """
    if not table.workflow.states[pilot.state].final:
        return None
    told = pilot.told.get(FORGOTTEN)
    done = int(told.done[-1]) if told is not None else 0
    if pilot.counts.get("subject", 0) <= done:
        return None
    return add_months(pilot.since, settings.whole(SETTING, pilot.since))


def facts(pilot: Pilot, subjects: tuple[str, ...]) -> FrozenDict:
    """Return what the event says: who is forgotten, since when that counts, and for how many subjects it was done."""
    upto = pilot.counts.get("subject", 0)
    return FrozenDict({"subjects": subjects, "anchor": pilot.since.isoformat(), "upto": upto})
