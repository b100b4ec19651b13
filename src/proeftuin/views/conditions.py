"""The conditions of an edge in words, said as what has to be so: for who reads a lifecycle, not for who was refused.

Each built-in guard has its sentence here; the guards of a host have theirs under their name in `words` of the workflow
file. A name in braces is a parameter of the guard, in words; what stands in brackets is left out where there is none.
"""

import re
from collections.abc import Mapping, Sequence

from proeftuin.core.frozen import EMPTY
from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.texts import RELATED
from proeftuin.core.wording import label
from proeftuin.core.workflow import Field, GuardUse, Workflow
from proeftuin.views.words import plain, said, word

_AND = {"en": " and ", "nl": " en "}
_OR = {"en": " or ", "nl": " of "}

# Guard, or guard and the `bound` that it is given -> English and Dutch. The record of `has` is told by `_record`.
CONDITIONS: Mapping[str, tuple[str, str]] = {
    "joint_session": (
        "{roles} have sat at one table, each a different person",
        "{roles} zaten samen aan tafel, ieder een ander mens",
    ),
    "attended": ("{role} was at such a session", "{role} was bij zo'n sessie"),
    "coalition": ("at least {min} people take part", "minstens {min} mensen doen mee"),
    "present_sides": ("somebody of each side was there", "van elke kant was er iemand bij"),
    "together": ("{roles} take part together", "{roles} doen samen mee"),
    "assigned": ("named: {duty}", "aangewezen: {duty}"),
    "roles_filled": ("named: {duties}[, {per_track}]", "aangewezen: {duties}[, {per_track}]"),
    "has": (
        "there is: {record}[, of this {cycle}][, of the last {months} months]",
        "er is: {record}[, van deze {cycle}][, van de laatste {months} maanden]",
    ),
    "none_open": ("none is open: {record}", "niet meer open: {record}"),
    "goals": ("a goal for soon, and one on the horizon", "een doel voor binnenkort en een aan de horizon"),
    "step_due": ("a next step within {days} days", "een volgende stap binnen {days} dagen"),
    "not_stuck": (
        "not stuck {times} times in a row without help",
        "niet {times} keer achter elkaar vast zonder hulp",
    ),
    "mission_link": ("the link with the mission is laid", "het verband met de missie is gelegd"),
    "outcome_was": ("the outcome was: {outcome}", "de uitkomst was: {outcome}"),
    "tracks_reached": ("at least {min} {kind}: {states}", "minstens {min} {kind}: {states}"),
    "tracks_decided": ("no {kind} is still: {undecided}", "geen {kind} is nog: {undecided}"),
    "tracks_done": ("every track is finished, or goes on by name", "elk spoor is af, of gaat met name genoemd mee"),
    "implemented": (
        "somebody was placed in this round, or a result delivered",
        "in deze ronde is iemand geplaatst of iets geleverd",
    ),
    "placement_plan": ("a plan for whoever is placed", "een plan voor wie geplaatst is"),
    "no_active": (
        "nobody is still placed, but for who was handed over",
        "niemand is nog geplaatst, behalve wie is overgedragen",
    ),
    "commitment": ("the board's decision in principle stands", "het principebesluit van het bestuur geldt"),
    "capacity": ("an agreed place is free", "een afgesproken plek is vrij"),
    "placed_on": ("{states}, each supplier involved", "{states}, elke betrokken leverancier"),
    "places_cover": ("a place remains for everybody placed", "wie geplaatst is houdt een plek"),
    "overlap": ("one placement at a time for each person", "één plaatsing tegelijk per persoon"),
    "bundle": (
        "a bundled job: two suppliers, hours that add up",
        "gebundelde baan: twee leveranciers, uren die kloppen",
    ),
    "within": ("{field}: after today[, within {weeks} weeks]", "{field}: na vandaag[, binnen {weeks} weken]"),
    "period": ("{end} lies after {start}", "{end} ligt na {start}"),
    "not_before": ("{field} is not before {after}", "{field} is niet voor {after}"),
    "privacy": ("nothing that identifies a person", "niets dat een persoon herkenbaar maakt"),
    "instrument_chosen": ("an instrument is chosen, with a rationale", "een instrument is gekozen, met onderbouwing"),
    "instrument_alone": ("no instrument: then no other either", "geen instrument: dan ook geen ander ernaast"),
    "before_publication": ("not published yet", "nog niet gepubliceerd"),
    "label_equivalent": (
        'a label is asked for with "or equivalent"',
        'een keurmerk wordt gevraagd met "of gelijkwaardig"',
    ),
    "findings_published": (
        "findings of the market consultation are published too",
        "bevindingen uit de marktconsultatie gaan mee",
    ),
    "equal_treatment": (
        "no talk with one bidder alone during the procedure",
        "tijdens de procedure geen gesprek met één inschrijver",
    ),
    "not_reserved": ("the lot is not a reserved one", "het perceel is niet voorbehouden"),
    "at_most": ("{field} is at most the {setting}", "{field} is hoogstens de {setting}"),
    "winner_eligible": ("a reserved lot: proof that the winner may have it", "voorbehouden: bewijs dat de winnaar mag"),
    "scores_given": ("the scores, where social return counted", "de scores, als social return meetelde"),
    "standstill": ("the standstill period is over", "de opschortende termijn is voorbij"),
    "winner_signs": ("the contract is with the winner", "het contract is met de winnaar"),
    "instrument_carried": (
        "the contract holds the share that was published",
        "het contract bevat het gepubliceerde aandeel",
    ),
    "none_in_procedure": ("no {kind} is: {states}", "geen {kind} is: {states}"),
    "proof_valid": ("the proof was still valid", "het bewijs was nog geldig"),
    "effort_told": ("who, how long; or an invoice; or a bonus", "wie en hoe lang; of een factuur; of een bonus"),
    "choice": (
        "enough enterprises to choose from, and not too many",
        "genoeg ondernemingen om te kiezen, en niet te veel",
    ),
    "choice/max": ("not too many enterprises to choose from", "niet te veel ondernemingen om uit te kiezen"),
    "choice/min": ("enough enterprises to choose from", "genoeg ondernemingen om uit te kiezen"),
    "choice_target": ("as many enterprises as works best", "zoveel ondernemingen als het beste werkt"),
    "eligible_listing": (
        "proof of a social enterprise, from somebody without an interest in it",
        "bewijs van een sociale onderneming, door iemand zonder belang erbij",
    ),
    "listed_once": ("the enterprise is not listed yet", "de onderneming staat er nog niet in"),
    "category_open": ("at least one {kind}: {states}", "minstens één {kind}: {states}"),
    "still_listed": (
        "bought from an enterprise that is still listed, unless: {states}",
        "bij een onderneming die er nog in staat, behalve bij: {states}",
    ),
    "purchase_limit": (
        "within the limit for a small purchase, and below the threshold in a year",
        "binnen de grens voor een kleine inkoop, en per jaar onder de drempel",
    ),
    "splitting": ("no larger order cut into small ones", "geen grotere opdracht in stukjes geknipt"),
    "bought_social": ("at least one social purchase was made", "er is minstens één keer sociaal ingekocht"),
}
# Settings that a condition may name, and what else is told in words of ours.
_WORDS: Mapping[str, tuple[str, str]] = {
    "threshold": ("threshold for a tender", "drempel voor een aanbesteding"),
    "purchase_limit": ("limit for a purchase without a tender", "grens voor een inkoop zonder aanbesteding"),
    "current": ("round", "ronde"),
}
_ANY_OF = {"states", "undecided"}  # one of these is enough
_OPTIONAL = re.compile(r"\[([^][]*)\]")
_NAME = re.compile(r"\{([a-z_]+)\}")
_LANGUAGES = ("en", "nl")


def condition(workflow: Workflow, use: GuardUse, lang: str, guards: Mapping[str, Guard] = EMPTY) -> str:
    """Return what a guard asks, as it is used here, in words.

    Args:
        workflow: whose words.
        use: the guard with its parameters.
        lang: `en` or `nl`.
        guards: those of a host, which say what they ask in their docstring where the file has no words for it.
    """
    guard = BUILT_IN.get(use.name) or guards.get(use.name)
    if guard is None or use.name not in CONDITIONS:
        known = label(workflow, use.name)
        return plain(said(known, lang) if known else guard.summary if guard else use.name.replace("_", " "))
    told = {name: _told(workflow, guard, use, name, lang) for name in guard.filled(use.params)}
    if use.name == "has":
        told["record"] = _record(workflow, use.params, lang)
    if "one_of" in told:
        told["roles"] += f"{_AND[lang]}{told['one_of']}"
    template = _OPTIONAL.sub(
        lambda part: part[1] if all(name in told for name in _NAME.findall(part[1])) else "",
        CONDITIONS.get(f"{use.name}/{use.params.get('bound')}", CONDITIONS[use.name])[_LANGUAGES.index(lang)],
    )
    return plain(_NAME.sub(lambda name: told.get(name[1], ""), template))


def lower(text: str) -> str:
    """Return a label within a sentence: without its capital, unless it is an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or len(text) == 1 else text


def named(workflow: Workflow, name: str, lang: str) -> str:
    """Return what people call a role, a group, a relation or another word, within a sentence.

    A field may be asked for as `.name`, where something else has its name too.
    """
    return lower(said(RELATED[name], lang) if name in RELATED else word(workflow, name, lang).lstrip("."))


def listed(words: Sequence[str], lang: str, *, any_of: bool = False) -> str:
    """Return words as a list in a sentence: all of them, or any."""
    last = (_OR if any_of else _AND)[lang]
    return last.join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _told(workflow: Workflow, guard: Guard, use: GuardUse, name: str, lang: str) -> str:
    """Return a parameter of a guard in words."""
    value = guard.filled(use.params)[name]
    param = guard.params.get(name)
    refers = param.refers if param else None
    values = value if isinstance(value, tuple) else (value,)
    kind = next((use.params.get(one) for one, its in guard.params.items() if its.refers == "track_kind"), None)
    words = [_word(workflow, refers, one, kind, lang) for one in values]
    return listed(words, lang, any_of=name in _ANY_OF or name == "one_of")


def _word(workflow: Workflow, refers: str | None, value: object, kind: object, lang: str) -> str:
    """Return a word by what it refers to: a state and a role may have the same name."""
    if not isinstance(value, str):
        return str(value)
    if value in _WORDS:
        return _WORDS[value][_LANGUAGES.index(lang)]
    if refers == "track_kind" and value in workflow.tracks:
        return lower(plain(said(workflow.tracks[value].label, lang)))
    if refers == "state" and kind in workflow.tracks and value in workflow.tracks[str(kind)].states:
        return lower(plain(said(workflow.tracks[str(kind)].states[value].label, lang)))
    return named(workflow, f".{value}" if refers == "field" else value, lang)


def _record(workflow: Workflow, params: Mapping[str, object], lang: str) -> str:
    """Return the record that has to be there: by the choices that it has to hold, and otherwise by its name."""
    where, name = params.get("where"), str(params["record"])
    if not isinstance(where, Mapping):
        return named(workflow, name, lang)
    fields = workflow.records[name].fields if name in workflow.records else EMPTY
    return ", ".join(_held(workflow, field, fields.get(field), value, lang) for field, value in where.items())


def _held(workflow: Workflow, name: str, field: Field | None, value: object, lang: str) -> str:
    values = value if isinstance(value, tuple) else (value,)
    words = listed([_word(workflow, None, one, None, lang) for one in values], lang, any_of=True)
    return words if field is not None and field.type == "choice" else f"{named(workflow, f'.{name}', lang)} {words}"
