"""Why a figure cannot be given."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

METRICS: Mapping[str, FrozenDict] = {
    "not-additive": said(
        "These amounts were valued by different tables ({tables}), so they do not add up. Ask for them per table.",
        "Deze bedragen zijn met verschillende waardetabellen bepaald ({tables}) en tellen niet op. Vraag ze per tabel.",
    ),
    "unknown-potential": said(
        'How many jobs could suit is known for {known}, and not for "{category}". Your organisation can set a rate of'
        " its own.",
        'Hoeveel banen geschikt kunnen zijn, is bekend voor {known}, en niet voor "{category}". Uw organisatie kan een'
        " eigen percentage instellen.",
    ),
    "unknown-table": said(
        'The value table "{table}" is not known here. Whoever manages this tool can add it to the settings.',
        'De waardetabel "{table}" is hier niet bekend. De beheerder kan die aan de instellingen toevoegen.',
    ),
    "unknown-group": said(
        'The value table "{table}" has no amount for "{group}"; it has: {known}. Correct the effort, or give the right'
        " table.",
        'De waardetabel "{table}" heeft geen bedrag voor "{group}"; wel voor: {known}. Verbeter de inspanning, of geef'
        " de juiste tabel.",
    ),
}
