"""What a refusal or warning says, per code and language, in words for who has to act on it.

A template is filled by plain substitution: `{name}` is a fact of the blocker, in words where it has a label; `{track}`
and `{trigger}` are what was fired; `{what}` is the first thing that would help, and `{who}` the roles that can do it. A
name that a blocker does not have leaves nothing behind. A code with `/never` is said where nothing would help any more.

The texts of codes that a workflow gives itself, by `code`, are in its file. `PROBLEMS` are the words for what is wrong
with a value: each follows on the name of its field.
"""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict


def _said(en: str, nl: str) -> FrozenDict:
    return FrozenDict(en=en, nl=nl)


_ENGINE = {
    "forbidden-role": _said(
        "Your role may not do this here. Who may: {roles}.",
        "Met uw rol kan dit hier niet. Wie het wel kan: {roles}.",
    ),
    "forbidden-role/excluded": _said(
        "You act in this pilot as {held}; the same person may not decide this too. Who may: {roles}.",
        "U bent in deze proeftuin {held}; dezelfde persoon mag dit niet ook beslissen. Wie het wel kan: {roles}.",
    ),
    "forbidden-role/party": _said(
        "This belongs to another supplier. Who may, for their own part: {roles}.",
        "Dit hoort bij een andere leverancier. Wie het kan, voor het eigen deel: {roles}.",
    ),
    "forbidden-role/signed": _said(
        "You have signed this already; the other signature must be somebody else's. Who may: {roles}.",
        "U hebt dit al ondertekend; de andere handtekening moet van een ander zijn. Wie het kan: {roles}.",
    ),
    "unilateral": _said(
        "This is for the other party to do, not for you on their behalf. Who may: {roles}.",
        "Dit is aan de andere partij; u kunt het niet namens hen doen. Wie het wel kan: {roles}.",
    ),
    "wrong-state": _said(
        'Not yet: this can be done from "{needed}", and it is now "{state}". First: {what}, by {who}.',
        'Nog niet: dit kan vanuit "{needed}", en de stand is nu "{state}". Eerst: {what}, door {who}.',
    ),
    "wrong-state/never": _said(
        'This can no longer be done: it is now "{state}", and no way leads from there to where it could be.',
        'Dit kan niet meer: de stand is nu "{state}", en van daar leidt geen weg naar waar het wel kan.',
    ),
    "paused": _said(
        "The pilot is on hold, until {resume_by} at the latest. It can be taken up again by: {who} ({what}).",
        "De proeftuin is gepauzeerd, uiterlijk tot {resume_by}. Te hervatten door: {who} ({what}).",
    ),
    "unknown-trigger": _said(
        '"{trigger}" is nothing that can be done here. Look at the options for what can.',
        '"{trigger}" is niet iets wat hier gedaan kan worden. Kijk bij de opties wat wel kan.',
    ),
    "unknown-track": _said(
        'For "{trigger}", say which track it is about; "{key}" is not a track of this pilot.',
        'Geef bij "{trigger}" aan om welk spoor het gaat; "{key}" is geen spoor van deze proeftuin.',
    ),
    "track-exists": _said(
        'There is a track "{key}{field}" already. Go on with that one, or choose another key.',
        'Er is al een spoor "{key}{field}". Ga daarmee verder, of kies een andere sleutel.',
    ),
    "unknown-field": _said(
        '"{field}" is not asked for here. What can be given: {fields}.',
        '"{field}" wordt hier niet gevraagd. Wat gegeven kan worden: {fields}.',
    ),
    "missing-field": _said("{field} is required. Please give it.", "{field} is verplicht. Vul het in."),
    "bad-value": _said("{field} {problem}. Please mend it.", "{field} {problem}. Verbeter dit."),
    "bad-reference": _said(
        "{field} {problem}. Choose one that this pilot has.",
        "{field} {problem}. Kies er een van deze proeftuin.",
    ),
    "future-dated": _said(
        "{field} lies in the future. Record it once it has happened.",
        "{field} ligt in de toekomst. Leg het vast als het gebeurd is.",
    ),
    "privacy-violation": _said(
        "Refused to protect participants, and not kept: {field} {problem}. Give only what is asked for, and for a"
        " participant only the reference that your own system issued.",
        "Geweigerd om deelnemers te beschermen, en niet bewaard: {field} {problem}. Geef alleen wat gevraagd wordt,"
        " en van een deelnemer alleen de verwijzing uit uw eigen systeem.",
    ),
    "guard-error": _said(
        'The check "{guard}" failed ({error}), so nothing was done. Ask whoever manages this tool to mend it.',
        'De controle "{guard}" is mislukt ({error}), dus er is niets gedaan. Vraag de beheerder dit te herstellen.',
    ),
    "limit-reached": _said(
        "This pilot holds as much as it can. Finish something first: {what}, by {who}.",
        "Deze proeftuin kan niet meer bevatten. Rond eerst iets af: {what}, door {who}.",
    ),
}

_PEOPLE = {
    "missing-pair": _said(
        "No one session was attended by every one of these roles, as different people: {roles}."
        " Whoever was at such a session can log it ({what}).",
        "Bij geen enkele sessie waren al deze rollen aanwezig, als verschillende mensen: {roles}."
        " Wie bij zo'n sessie was, kan die vastleggen ({what}).",
    ),
    "no-contract-manager": _said(
        "No session had this role at the table: {role}. That makes the step from contract to practice harder.",
        "Bij geen sessie zat deze rol aan tafel: {role}. Dat maakt de stap van contract naar praktijk lastiger.",
    ),
    "coalition-of-one": _said(
        "So far {count} of at least {min} people of the client take part. One person does not carry a pilot."
        " More can be named by: {who} ({what}).",
        "Tot nu toe doen {count} van minstens {min} mensen van de opdrachtgever mee. Een proeftuin draagt niemand"
        " alleen. Anderen zijn aan te wijzen door: {who} ({what}).",
    ),
    "missing-counterpart": _said(
        "This is done together, and nothing shows that the other takes part: {role}{side}."
        " Name them or meet; that can be done by: {who} ({what}).",
        "Dit doet u samen, en nergens blijkt dat de ander meedoet: {role}{side}."
        " Wijs iemand aan of spreek elkaar; dat kan door: {who} ({what}).",
    ),
    "missing-duty": _said(
        "Nobody holds this duty: {duty}. Somebody can be named by: {who} ({what}).",
        "Niemand heeft deze taak: {duty}. Iemand is aan te wijzen door: {who} ({what}).",
    ),
    "missing-roles": _said(
        "Nobody holds this duty yet: {duty} {track}. Somebody can be named by: {who} ({what}).",
        "Niemand heeft deze taak nog: {duty} {track}. Iemand is aan te wijzen door: {who} ({what}).",
    ),
}

_RECORDS = {
    "missing-record": _said(
        "This is still missing: {record}. It can be added by: {who} ({what}).",
        "Dit ontbreekt nog: {record}. Aan te leveren door: {who} ({what}).",
    ),
    "open-records": _said(
        "Still open: {count} of {record}. They can be closed by: {who} ({what}).",
        "Nog open: {count} keer {record}. Af te sluiten door: {who} ({what}).",
    ),
    "missing-goals": _said(
        "A goal is missing: {kind}. A pilot has one that is due soon and one on the horizon."
        " It can be set by: {who} ({what}).",
        "Er ontbreekt een doel: {kind}. Een proeftuin heeft er één dat gauw speelt en één aan de horizon."
        " Te stellen door: {who} ({what}).",
    ),
    "no-next-step": _said(
        "No open step is due within {days} days. What is the next thing to do? It can be planned by: {who} ({what}).",
        "Er staat geen stap open voor de komende {days} dagen. Wat is het eerstvolgende? Te plannen door:"
        " {who} ({what}).",
    ),
    "mission-link-missing": _said(
        "Nothing links this pilot to the organisation's own mission yet. It may go on; the link wins people over."
        " It can be added by: {who} ({what}).",
        "Nog nergens staat hoe dit past bij de missie van de organisatie. Doorgaan mag; het verband haalt mensen"
        " over. Toe te voegen door: {who} ({what}).",
    ),
    "missing-commitment": _said(
        "The board has not decided in principle yet. It can be recorded by: {who} ({what}).",
        "Het bestuur heeft nog geen principebesluit genomen. Vast te leggen door: {who} ({what}).",
    ),
    "commitment-withdrawn": _said(
        "The board has withdrawn its decision in principle. A new one lifts this; it can be recorded by:"
        " {who} ({what}).",
        "Het bestuur heeft zijn principebesluit ingetrokken. Een nieuw besluit heft dit op; vast te leggen door:"
        " {who} ({what}).",
    ),
}

_TRACKS = {
    "missing-signature": _said(
        "No supplier has come far enough yet: an agreement signed by both sides is needed. Next: {what}, by {who}.",
        "Nog geen leverancier is zover: er is een afspraak nodig die beide partijen ondertekenen."
        " Eerstvolgende: {what}, door {who}.",
    ),
    "undecided-tracks": _said(
        "Still undecided: {tracks}. They may join later; that stops nothing.",
        "Nog niet beslist: {tracks}. Zij kunnen later aansluiten; dat houdt niets tegen.",
    ),
    "open-tracks": _said(
        'The track {track} is still "{state}". Bring it to an end first: {what}, by {who}.',
        'Het spoor {track} is nog "{state}". Rond het eerst af: {what}, door {who}.',
    ),
    "nothing-implemented": _said(
        "In this round nobody was placed and no result was delivered, so there is nothing to evaluate."
        " What would do: {what}, by {who}.",
        "In deze ronde is niemand geplaatst en geen resultaat geleverd; er valt nog niets te evalueren."
        " Wat kan: {what}, door {who}.",
    ),
    "missing-placement-plan": _said(
        "{count} people are still placed. Say what happens with them, in the plan that is asked for.",
        "Er zijn nog {count} mensen geplaatst. Beschrijf in het gevraagde plan hoe het met hen verder gaat.",
    ),
    "placements-active": _said(
        "{count} placements still run. End them, or name those that go on outside the pilot; that can be done by:"
        " {who} ({what}).",
        "Er lopen nog {count} plaatsingen. Beëindig ze, of noem die buiten de proeftuin doorgaan; dat kan door:"
        " {who} ({what}).",
    ),
    "capacity-exceeded": _said(
        "{kind}: {places} places agreed with {track}, and {active} are taken. More is welcome; agree on it first:"
        " {what}, by {who}.",
        "{kind}: {places} plekken afgesproken met {track}, en {active} zijn bezet. Meer mag; spreek het eerst af:"
        " {what}, door {who}.",
    ),
    "overlap": _said(
        "This person has another placement on one of these days ({other}). One at a time, or one bundled job."
        " What would help: {what}, by {who}.",
        "Deze persoon heeft op een van deze dagen al een plaatsing ({other}). Eén tegelijk, of een gebundelde baan."
        " Wat helpt: {what}, door {who}.",
    ),
}

TEXTS: Mapping[str, Mapping[str, str]] = FrozenDict({**_ENGINE, **_PEOPLE, **_RECORDS, **_TRACKS})

# Who somebody is to a pilot or a record, where no role says it.
RELATED: Mapping[str, Mapping[str, str]] = FrozenDict(
    {
        "starter": _said("whoever started the pilot", "wie de proeftuin heeft gestart"),
        "adder": _said("whoever recorded it", "wie het heeft vastgelegd"),
        "reminded": _said("whoever was reminded", "wie de herinnering kreeg"),
    }
)

PROBLEMS: Mapping[str, Mapping[str, str]] = FrozenDict(
    {
        "after-today": _said("lies after today", "ligt na vandaag"),
        "before-last-move": _said("lies before the last move", "ligt voor de laatste stap"),
        "control-character": _said("holds a character that cannot be kept", "bevat een teken dat niet bewaard kan"),
        "form": _said("does not have the right form", "heeft niet de juiste vorm"),
        "identity": _said("looks as if it points at a person", "lijkt naar een persoon te verwijzen"),
        "interval": _said("does not fit with the first and last day", "past niet bij de eerste en laatste dag"),
        "missing": _said("is missing", "ontbreekt"),
        "no-such-record": _said("is not known here, or is closed", "is hier niet bekend, of is afgesloten"),
        "no-such-track": _said("is not a track of this pilot", "is geen spoor van deze proeftuin"),
        "not-a-choice": _said("is not one of the choices", "is geen van de keuzes"),
        "not-a-date": _said("is not a day, as in 2026-03-31", "is geen datum, zoals 2026-03-31"),
        "not-a-list": _said("is not a list", "is geen lijst"),
        "not-a-map": _said("is not a set of names with values", "is geen reeks namen met waarden"),
        "not-a-number": _said("is not a number in this form", "is geen getal in deze vorm"),
        "not-a-row": _said("is not a row of fields", "is geen rij met velden"),
        "not-a-text": _said("is not text", "is geen tekst"),
        "not-a-url": _said("is not a web address", "is geen webadres"),
        "not-a-yes-or-no": _said("is not a plain yes or no", "is geen ja of nee"),
        "not-after-today": _said("must lie after today", "moet na vandaag liggen"),
        "not-allowed": _said("holds something that is not asked for", "bevat iets wat niet gevraagd wordt"),
        "not-every-track-once": _said(
            "must name each supplier once, this one included", "moet elke leverancier één keer noemen, ook deze"
        ),
        "renewed-instead": _said("is renewed, not corrected", "wordt vernieuwd, niet verbeterd"),
        "sum": _said("does not add up to the hours a week", "telt niet op tot de uren per week"),
        "taken": _said("is taken", "is al in gebruik"),
        "too-few": _said("holds too few", "bevat er te weinig"),
        "too-large": _said("is too large", "is te groot"),
        "too-late": _said("lies too far ahead", "ligt te ver weg"),
        "too-long": _said("is too long", "is te lang"),
        "too-many": _said("holds too many", "bevat er te veel"),
        "too-short": _said("is too short", "is te kort"),
        "too-small": _said("is too small", "is te klein"),
    }
)
