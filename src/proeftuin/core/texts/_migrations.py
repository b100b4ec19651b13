"""What speaks against moving a pilot to another version of its workflow, and what to do about it."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

MIGRATIONS: Mapping[str, FrozenDict] = {
    "state-gone": said(
        'The new version has no state "{state}". Say in the plan which state takes its place, or which one this pilot'
        " goes to.",
        'De nieuwe versie kent de stand "{state}" niet. Zet in het plan welke stand ervoor in de plaats komt, of waar'
        " deze proeftuin heen gaat.",
    ),
    "would-close": said(
        'This would close the pilot: "{to}" is an end. Close it first, or choose a state that is open.',
        'Hiermee zou de proeftuin sluiten: "{to}" is een einde. Sluit haar eerst, of kies een stand die open is.',
    ),
    "kind-gone": said(
        'The new version has no tracks of the kind "{kind}", or the plan does not say which kind this one becomes.'
        " Say so in the plan.",
        'De nieuwe versie kent geen sporen van de soort "{kind}", of het plan zegt niet welke soort dit spoor wordt.'
        " Zet dat in het plan.",
    ),
    "record-gone": said(
        'The new version keeps no "{record}", and this pilot has {count}. Say in the plan what they become.',
        'De nieuwe versie bewaart geen "{record}", en deze proeftuin heeft er {count}. Zet in het plan wat ze worden.',
    ),
    "data-misfits": said(
        "{field} of {kind} {record} does not fit the new version: it {problem}. Mend it in the plan, with `rename`,"
        " `replace`, `set` or `drop`, or accept it.",
        "{field} van {kind} {record} past niet in de nieuwe versie: het {problem}. Herstel het in het plan, met"
        " `rename`, `replace`, `set` of `drop`, of accepteer het.",
    ),
    "day-misfits": said(
        "{field} of {kind} {record} is no day, and the new version counts days from it. Mend it in the plan,"
        " with `replace` or `drop`, or on the pilot before; this cannot be accepted.",
        "{field} van {kind} {record} is geen datum, en de nieuwe versie telt er dagen vanaf. Herstel het in het plan,"
        " met `replace` of `drop`, of eerst bij de proeftuin zelf; dit kan niet geaccepteerd worden.",
    ),
    "clock-undecided": said(
        "The term {clock} is not what it was. Say in the plan what becomes of those that run: keep, rebase, restart or"
        " drop.",
        "De termijn {clock} is niet meer wat zij was. Zet in het plan wat er met lopende termijnen gebeurt: keep,"
        " rebase, restart of drop.",
    ),
    "clock-undecided/added": said(
        "The term {clock} is new. Say in the plan what it does on pilots that run: keep, rebase, restart or drop.",
        "De termijn {clock} is nieuw. Zet in het plan wat zij bij lopende proeftuinen doet: keep, rebase, restart of"
        " drop.",
    ),
    "clock-undecided/removed": said(
        "The term {clock} is gone. Say in the plan which one goes on for those that run, or drop.",
        "De termijn {clock} is er niet meer. Zet in het plan welke termijn er voor lopende in de plaats komt, of drop.",
    ),
    "clock-gone": said(
        "The new version has no term {clock}. Name the one that goes on for it, or drop it.",
        "De nieuwe versie kent geen termijn {clock}. Noem de termijn die haar vervangt, of laat haar vervallen.",
    ),
    "clock-mingled": said(
        "The term {clock} cannot go on as {to}: another term has one of these names, in the old version or the new."
        " Decide on both under their own names.",
        "De termijn {clock} kan niet verdergaan als {to}: een andere termijn heeft een van die namen, in de oude versie"
        " of de nieuwe. Beslis over beide onder hun eigen naam.",
    ),
    "clock-dated": said(
        "The term {clock} has the day that a field names, and cannot begin anew. Keep, rebase or drop it.",
        "De termijn {clock} heeft de dag die een veld noemt, en kan niet opnieuw beginnen. Kies keep, rebase of drop.",
    ),
    "clock-lost": said(
        "The term {clock} runs on this pilot, and would run no more in the new version. Drop it in the plan, or"
        " accept that it ends here.",
        "De termijn {clock} loopt bij deze proeftuin, en zou in de nieuwe versie niet meer lopen. Laat haar in het plan"
        " vervallen, of accepteer dat zij hier eindigt.",
    ),
    "gate-jumped": said(
        'From "{from}" to "{to}" the new version asks what this pilot does not have ({gate}). Supply it first, or'
        " accept that it came there without.",
        'Van "{from}" naar "{to}" vraagt de nieuwe versie wat deze proeftuin niet heeft ({gate}). Zorg daar eerst'
        " voor, of accepteer dat zij er zonder is gekomen.",
    ),
    "join-unmet": said(
        'The new version waits for a track of the kind {kind} that is "{states}", and none of this pilot can get'
        " there. Move a track, or accept that there is another way on.",
        'De nieuwe versie wacht op een spoor van de soort {kind} dat "{states}" is, en geen spoor van deze proeftuin'
        " komt daar. Verplaats een spoor, of accepteer dat het anders verder moet.",
    ),
    "never-reached": said(
        'No pilot under the new version comes to "{state}". Choose another state.',
        'Onder de nieuwe versie komt geen proeftuin in de stand "{state}". Kies een andere stand.',
    ),
    "no-way-out": said(
        'From "{state}" the new version leads to no end. Choose another state.',
        'Van "{state}" leidt de nieuwe versie naar geen einde. Kies een andere stand.',
    ),
    "signature-voided": said(
        'The signature of {role} under "{trigger}" does not count any more: what is signed changed. It has to be asked'
        " for again.",
        'De handtekening van {role} onder "{trigger}" telt niet meer: wat getekend wordt is veranderd. Vraag haar'
        " opnieuw.",
    ),
}
