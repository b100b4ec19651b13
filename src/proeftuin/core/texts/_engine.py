"""What the engine itself says no to."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

ENGINE: Mapping[str, FrozenDict] = {
    "forbidden-role": said(
        "Your role may not do this here. Who may: {roles}.",
        "Met uw rol kan dit hier niet. Wie het wel kan: {roles}.",
    ),
    "forbidden-role/excluded": said(
        "You act in this pilot as {held}; the same person may not decide this too. Who may: {roles}.",
        "U bent in deze proeftuin {held}; dezelfde persoon mag dit niet ook beslissen. Wie het wel kan: {roles}.",
    ),
    "forbidden-role/party": said(
        "This belongs to another supplier. Who may, for their own part: {roles}.",
        "Dit hoort bij een andere leverancier. Wie het kan, voor het eigen deel: {roles}.",
    ),
    "forbidden-role/signed": said(
        "You have signed this already; the other signature must be somebody else's. Who may: {roles}.",
        "U hebt dit al ondertekend; de andere handtekening moet van een ander zijn. Wie het kan: {roles}.",
    ),
    "unilateral": said(
        "This is for the other party to do, not for you on their behalf. Who may: {roles}.",
        "Dit is aan de andere partij; u kunt het niet namens hen doen. Wie het wel kan: {roles}.",
    ),
    "wrong-state": said(
        'Not yet: this can be done from "{needed}", and it is now "{state}". First: {what}, by {who}.',
        'Nog niet: dit kan vanuit "{needed}", en de stand is nu "{state}". Eerst: {what}, door {who}.',
    ),
    "wrong-state/never": said(
        'This can no longer be done: it is now "{state}", and no way leads from there to where it could be.',
        'Dit kan niet meer: de stand is nu "{state}", en van daar leidt geen weg naar waar het wel kan.',
    ),
    "paused": said(
        "The pilot is on hold, until {resume_by} at the latest. It can be taken up again by: {who} ({what}).",
        "De proeftuin is gepauzeerd, uiterlijk tot {resume_by}. Te hervatten door: {who} ({what}).",
    ),
    "unknown-trigger": said(
        '"{trigger}" is nothing that can be done here. Look at the options for what can.',
        '"{trigger}" is niet iets wat hier gedaan kan worden. Kijk bij de opties wat wel kan.',
    ),
    "unknown-track": said(
        'For "{trigger}", say which track it is about; "{key}" is not a track of this pilot.',
        'Geef bij "{trigger}" aan om welk spoor het gaat; "{key}" is geen spoor van deze proeftuin.',
    ),
    "unknown-track/none": said(
        'For "{trigger}", say which track it is about.',
        'Geef bij "{trigger}" aan om welk spoor het gaat.',
    ),
    "track-exists": said(
        'There is a track "{key}{field}" already. Go on with that one, or choose another key.',
        'Er is al een spoor "{key}{field}". Ga daarmee verder, of kies een andere sleutel.',
    ),
    "unknown-field": said(
        '"{field}" is not asked for here. What can be given: {fields}.',
        '"{field}" wordt hier niet gevraagd. Wat gegeven kan worden: {fields}.',
    ),
    "missing-field": said("{field} is required. Please give it.", "{field} is verplicht. Vul het in."),
    "bad-value": said("{field} {problem}. Please mend it.", "{field} {problem}. Verbeter dit."),
    "bad-reference": said(
        "{field} {problem}. Choose one that this pilot has.",
        "{field} {problem}. Kies er een van deze proeftuin.",
    ),
    "future-dated": said(
        "{field} lies in the future. Record it once it has happened.",
        "{field} ligt in de toekomst. Leg het vast als het gebeurd is.",
    ),
    "privacy-violation": said(
        "Refused to protect participants, and not kept: {field} {problem}. Give only what is asked for, and for a"
        " participant only the reference that your own system issued.",
        "Geweigerd om deelnemers te beschermen, en niet bewaard: {field} {problem}. Geef alleen wat gevraagd wordt,"
        " en van een deelnemer alleen de verwijzing uit uw eigen systeem.",
    ),
    "guard-error": said(
        'The check "{guard}" failed ({error}), so nothing was done. Ask whoever manages this tool to mend it.',
        'De controle "{guard}" is mislukt ({error}), dus er is niets gedaan. Vraag de beheerder dit te herstellen.',
    ),
    "limit-reached": said(
        "This pilot holds as much as it can. Finish something first: {what}, by {who}.",
        "Deze proeftuin kan niet meer bevatten. Rond eerst iets af: {what}, door {who}.",
    ),
}
