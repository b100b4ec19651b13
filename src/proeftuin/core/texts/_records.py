"""What has not been recorded."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

RECORDS: Mapping[str, FrozenDict] = {
    "missing-record": said(
        "This is still missing: {record}. It can be added by: {who} ({what}).",
        "Dit ontbreekt nog: {record}. Aan te leveren door: {who} ({what}).",
    ),
    "open-records": said(
        "Still open: {count} of {record}. They can be closed by: {who} ({what}).",
        "Nog open: {count} keer {record}. Af te sluiten door: {who} ({what}).",
    ),
    "missing-goals": said(
        "A goal is missing: {kind}. A pilot has one that is due soon and one on the horizon."
        " It can be set by: {who} ({what}).",
        "Er ontbreekt een doel: {kind}. Een proeftuin heeft er één dat gauw speelt en één aan de horizon."
        " Te stellen door: {who} ({what}).",
    ),
    "no-next-step": said(
        "No open step is due within {days} days. What is the next thing to do? It can be planned by: {who} ({what}).",
        "Er staat geen stap open voor de komende {days} dagen. Wat is het eerstvolgende? Te plannen door:"
        " {who} ({what}).",
    ),
    "stuck-twice": said(
        "This pilot is stuck, {count} times in a row, and whoever commissioned it is told. What may help: ask the"
        " facilitator, an exchange with another pilot, a pause, or stopping with lessons.",
        "Deze proeftuin zit vast, {count} keer achter elkaar, en de opdrachtgever hoort dat. Wat kan helpen: vraag de"
        " procesbegeleider, wissel uit met een andere proeftuin, pauzeer, of stop met geleerde lessen.",
    ),
    "mission-link-missing": said(
        "Nothing links this pilot to the organisation's own mission yet. It may go on; the link wins people over."
        " It can be added by: {who} ({what}).",
        "Nog nergens staat hoe dit past bij de missie van de organisatie. Doorgaan mag; het verband haalt mensen"
        " over. Toe te voegen door: {who} ({what}).",
    ),
    "missing-commitment": said(
        "The board has not decided in principle yet. It can be recorded by: {who} ({what}).",
        "Het bestuur heeft nog geen principebesluit genomen. Vast te leggen door: {who} ({what}).",
    ),
    "commitment-withdrawn": said(
        "The board has withdrawn its decision in principle. A new one lifts this; it can be recorded by:"
        " {who} ({what}).",
        "Het bestuur heeft zijn principebesluit ingetrokken. Een nieuw besluit heft dit op; vast te leggen door:"
        " {who} ({what}).",
    ),
}
