"""Small purchases: what a category offers, and what may be bought in it."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

PURCHASES: Mapping[str, FrozenDict] = {
    "choice-out-of-bounds": said(
        "Enterprises listed in this category: {count}. Whoever buys must have something to choose: at least {min}."
        " One can be added by: {who} ({what}).",
        "Ondernemingen in deze categorie: {count}. Wie koopt moet iets te kiezen hebben: minstens {min}."
        " Aan te vullen door: {who} ({what}).",
    ),
    "choice-out-of-bounds/many": said(
        "Enterprises listed in this category: {count}. Too much choice brings standstill: at most {max}."
        " One can be taken off by: {who} ({what}).",
        "Ondernemingen in deze categorie: {count}. Te veel keuze leidt tot stilstand: hooguit {max}."
        " Er een afhalen kan door: {who} ({what}).",
    ),
    "off-target-choice": said(
        "Enterprises listed in this category: {count}; {target} works best. It may go on. It can be changed by:"
        " {who} ({what}).",
        "Ondernemingen in deze categorie: {count}; {target} werkt het best. Doorgaan mag. Aan te passen door:"
        " {who} ({what}).",
    ),
    "not-eligible/evidence": said(
        "Nothing shows yet that this is a social enterprise. Say what does: a register, a PSO certificate, a sheltered"
        " workshop, or its own declaration. That can be done by: {who} ({what}).",
        "Nog nergens blijkt uit dat dit een sociale onderneming is. Geef aan waaruit wel: een register, een"
        " PSO-certificaat, een SW-bedrijf, of een eigen verklaring. Dat kan door: {who} ({what}).",
    ),
    "not-eligible/conflict": said(
        "Whoever has an interest in an enterprise does not list it. A colleague without one can: {who} ({what}).",
        "Wie een belang heeft bij een onderneming, zet die niet zelf in het aanbod. Een collega zonder belang kan dat:"
        " {who} ({what}).",
    ),
    "category-not-open": said(
        "No category is open yet, so there is nothing to choose from. Next: {what}, by {who}.",
        "Nog geen categorie is open; er valt dus niets te kiezen. Eerstvolgende: {what}, door {who}.",
    ),
    "category-not-open/refresh": said(
        "This category is being refreshed; until it is open again, only those that it still lists are bought from, and"
        " this supplier is not one of them. Next: {what}, by {who}.",
        "Deze categorie wordt ververst; tot zij weer open is, wordt alleen gekocht bij wie er nog in staat, en"
        " deze leverancier staat er niet in. Eerstvolgende: {what}, door {who}.",
    ),
    "no-choice": said(
        "The supplier was picked by a system. Whoever needs something chooses; that can be done by: {who} ({what}).",
        "De leverancier is door een systeem gekozen. Wie iets nodig heeft, kiest zelf; dat kan door: {who} ({what}).",
    ),
    "limit-exceeded/order": said(
        "EUR {amount} is more than a small purchase may come to (EUR {limit}). This is work for a tender: {what}, by"
        " {who}. Do not split the order.",
        "EUR {amount} is meer dan een kleine inkoop mag zijn (EUR {limit}). Dit hoort in een aanbesteding: {what}, door"
        " {who}. Splits de bestelling niet.",
    ),
    "limit-exceeded/year": said(
        "With this order its supplier gets EUR {amount} in twelve months, above the European threshold (EUR {limit})."
        " This is work for a tender: {what}, by {who}.",
        "Met deze bestelling krijgt de leverancier EUR {amount} in twaalf maanden, boven de Europese drempel"
        " (EUR {limit}). Dit hoort in een aanbesteding: {what}, door {who}.",
    ),
    "splitting-suspected": said(
        "With this order its supplier gets EUR {amount} in twelve months, more than a single order may be"
        " (EUR {limit}). Is it one assignment in parts? Then a tender fits better: {what}, by {who}.",
        "Met deze bestelling krijgt de leverancier EUR {amount} in twaalf maanden, meer dan één bestelling mag zijn"
        " (EUR {limit}). Is dit één opdracht in delen? Dan past een aanbesteding beter: {what}, door {who}.",
    ),
    "nothing-implemented/purchase": said(
        "Nothing was bought yet from an enterprise that was listed, so there is nothing to evaluate. Next: {what}, by"
        " {who}.",
        "Er is nog niets gekocht bij een onderneming uit het aanbod; er valt nog niets te evalueren. Eerstvolgende:"
        " {what}, door {who}.",
    ),
    "missing-requester": said(
        "Nobody who buys small things has been heard yet. Whoever spoke with one can log it ({what}).",
        "Er is nog niemand gehoord die kleine inkopen doet. Wie zo iemand sprak, kan dat vastleggen ({what}).",
    ),
    "missing-communication": said(
        "Colleagues have not been told yet that there is something to choose from. Whoever told them can log it"
        " ({what}).",
        "Collega's weten nog niet dat er iets te kiezen valt. Wie het hun vertelde, kan dat vastleggen ({what}).",
    ),
}
