"""Who is missing."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

PEOPLE: Mapping[str, FrozenDict] = {
    "missing-pair": said(
        "No one session was attended by every one of these roles, as different people: {roles}."
        " Whoever was at such a session can log it ({what}).",
        "Bij geen enkele sessie waren al deze rollen aanwezig, als verschillende mensen: {roles}."
        " Wie bij zo'n sessie was, kan die vastleggen ({what}).",
    ),
    "no-contract-manager": said(
        "No session had this role at the table: {role}. That makes the step from contract to practice harder.",
        "Bij geen sessie zat deze rol aan tafel: {role}. Dat maakt de stap van contract naar praktijk lastiger.",
    ),
    "coalition-of-one": said(
        "So far {count} of at least {min} people of the client take part. One person does not carry a pilot."
        " More can be named by: {who} ({what}).",
        "Tot nu toe doen {count} van minstens {min} mensen van de opdrachtgever mee. Een proeftuin draagt niemand"
        " alleen. Anderen zijn aan te wijzen door: {who} ({what}).",
    ),
    "missing-counterpart": said(
        "This is done together, and nothing shows that the other takes part: {role}{side}."
        " Name them or meet; that can be done by: {who} ({what}).",
        "Dit doet u samen, en nergens blijkt dat de ander meedoet: {role}{side}."
        " Wijs iemand aan of spreek elkaar; dat kan door: {who} ({what}).",
    ),
    "missing-duty": said(
        "Nobody holds this duty: {duty}. Somebody can be named by: {who} ({what}).",
        "Niemand heeft deze taak: {duty}. Iemand is aan te wijzen door: {who} ({what}).",
    ),
    "missing-roles": said(
        "Nobody holds this duty yet: {duty} {track}. Somebody can be named by: {who} ({what}).",
        "Niemand heeft deze taak nog: {duty} {track}. Iemand is aan te wijzen door: {who} ({what}).",
    ),
}
