"""How a tender stands."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

TENDERS: Mapping[str, FrozenDict] = {
    "instrument-missing": said(
        "Nobody has chosen yet how this assignment is to create work, or that it need not, and why."
        " It can be chosen by: {who} ({what}).",
        "Nog niemand heeft gekozen hoe deze opdracht werk moet opleveren, of dat dat niet hoeft, en waarom."
        " Te kiezen door: {who} ({what}).",
    ),
    "instrument-missing/text": said(
        'What the documents say about "{kind}" has not been written down: its text, percentage or points.'
        " It can be added by: {who} ({what}).",
        'Wat er in de stukken staat over "{kind}" is nog niet vastgelegd: de tekst, het percentage of de punten.'
        " Aan te vullen door: {who} ({what}).",
    ),
    "instrument-missing/share": said(
        "A share of {share} % was published, and this contract carries less. Take over at least what was published.",
        "Er is {share} % bekendgemaakt, en dit contract bevat minder. Neem minstens over wat bekendgemaakt is.",
    ),
    "instrument-conflict": said(
        '"{instrument}" does not go with "{other}". Drop that choice first; that can be done by: {who} ({what}).',
        '"{instrument}" gaat niet samen met "{other}". Laat die keuze eerst vallen; dat kan door: {who} ({what}).',
    ),
    "instrument-after-publication": said(
        "Bidders have read what was published, so it cannot change any more. Only by tendering anew: {who} ({what}).",
        "Inschrijvers hebben gelezen wat bekendgemaakt is, dus dat ligt vast. Het kan alleen door opnieuw aan te"
        " besteden: {who} ({what}).",
    ),
    "label-without-equivalent": said(
        'This text asks for a certain label, and that may not be required. Add "or equivalent".',
        'Deze tekst vraagt om een bepaald keurmerk, en dat mag niet geëist worden. Voeg "of gelijkwaardig" toe.',
    ),
    "findings-unpublished": said(
        "The market was consulted about this assignment {count} time(s). Publish what came of it with the documents,"
        " so that all bidders know the same.",
        "Over deze opdracht is {count} keer de markt geraadpleegd. Publiceer de uitkomst bij de stukken, zodat alle"
        " inschrijvers hetzelfde weten.",
    ),
    "equal-treatment": said(
        "The tender of {about} is running: a talk about it with one bidder alone would not be fair to the others."
        " Talk about something else, invite all, or wait for the award decision: {who} ({what}).",
        "De aanbesteding van {about} loopt: een gesprek daarover met één inschrijver is niet eerlijk tegenover de"
        " anderen. Praat over iets anders, nodig iedereen uit, of wacht op het gunningsbesluit: {who} ({what}).",
    ),
    "no-direct-award": said(
        "A reserved assignment is not awarded directly: those who are admitted compete for it. Next: {what}, by {who}.",
        "Een voorbehouden opdracht wordt niet rechtstreeks gegund: wie is toegelaten, dingt ernaar mee."
        " Eerstvolgende: {what}, door {who}.",
    ),
    "limit-exceeded": said(
        "EUR {amount} is above the limit of EUR {limit} ({source}). Do not split it up. Next: {what}, by {who}.",
        "EUR {amount} ligt boven de grens van EUR {limit} ({source}). Splits het niet op."
        " Eerstvolgende: {what}, door {who}.",
    ),
    "not-eligible": said(
        "There is no valid proof that at least {share} % of the winner's workers have a distance to the labour market."
        " It can be added by: {who} ({what}).",
        "Er is geen geldig bewijs dat minstens {share} % van de mensen van de winnaar een afstand tot de arbeidsmarkt"
        " heeft. Aan te leveren door: {who} ({what}).",
    ),
    "proof-expired": said(
        "The proof of this effort was valid until {until}, before the effort began. Look at it, or return the effort.",
        "Het bewijs bij deze inspanning was geldig tot en met {until}, voordat de inspanning begon. Kijk ernaar, of"
        " geef de inspanning terug.",
    ),
    "standstill-running": said(
        "Other bidders may object until {last}, {days} days after the award decision. Sign from {earliest} on.",
        "Andere inschrijvers kunnen tot en met {last} bezwaar maken, {days} dagen na het gunningsbesluit."
        " Onderteken vanaf {earliest}.",
    ),
    "wrong-state/procedure": said(
        'The procurement {track} is "{state}": its legal terms run, and do not wait. First: {what}, by {who}.',
        'De opdracht {track} staat op "{state}": de wettelijke termijnen lopen door. Eerst: {what}, door {who}.',
    ),
}
