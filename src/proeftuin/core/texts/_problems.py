"""What is wrong with a value: each follows on the name of its field."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

PROBLEMS: Mapping[str, Mapping[str, str]] = FrozenDict(
    {
        "after-today": said("lies after today", "ligt na vandaag"),
        "another-party": said(
            "would be another, or none, from its next move on", "zou vanaf de volgende stap een andere zijn, of geen"
        ),
        "before-last-move": said("lies before the last move", "ligt voor de laatste stap"),
        "before-that": said("lies before what it follows on", "ligt voor wat eraan voorafging"),
        "citizen": said(
            "holds what could be a citizen service number or a birth date (write a letter right before another number)",
            "bevat wat een BSN of geboortedatum kan zijn (zet bij een ander nummer een letter er direct voor)",
        ),
        "control-character": said("holds a character that cannot be kept", "bevat een teken dat niet bewaard kan"),
        "form": said("does not have the right form", "heeft niet de juiste vorm"),
        "identity": said("looks as if it points at a person", "lijkt naar een persoon te verwijzen"),
        "interval": said("does not fit with the first and last day", "past niet bij de eerste en laatste dag"),
        "listed": said("is listed here already", "staat hier al in het aanbod"),
        "missing": said("is missing", "ontbreekt"),
        "no-such-record": said("is not known here, or is closed", "is hier niet bekend, of is afgesloten"),
        "no-such-workflow": said("is not installed here", "is hier niet ingericht"),
        "no-such-track": said("is not a track of this pilot", "is geen spoor van deze proeftuin"),
        "not-a-choice": said("is not one of the choices", "is geen van de keuzes"),
        "not-a-date": said("is not a day, as in 2026-03-31", "is geen datum, zoals 2026-03-31"),
        "not-a-list": said("is not a list", "is geen lijst"),
        "not-a-map": said("is not a set of names with values", "is geen reeks namen met waarden"),
        "not-a-number": said("is not a number in this form", "is geen getal in deze vorm"),
        "not-a-row": said("is not a row of fields", "is geen rij met velden"),
        "not-a-text": said("is not text", "is geen tekst"),
        "not-a-url": said("is not a web address", "is geen webadres"),
        "not-a-yes-or-no": said("is not a plain yes or no", "is geen ja of nee"),
        "not-after-today": said("must lie after today", "moet na vandaag liggen"),
        "not-allowed": said("holds something that is not asked for", "bevat iets wat niet gevraagd wordt"),
        "not-in-the-table": said("is none of those in this table of values", "is geen van die in deze waardetabel"),
        "not-running": said(
            "is not a clock that told you of something still to be done",
            "is geen termijn die je iets liet weten dat nog open staat",
        ),
        "not-every-track-once": said(
            "must name each supplier once, this one included", "moet elke leverancier één keer noemen, ook deze"
        ),
        "not-the-winner": said(
            "is not who won; a contract is with the winner", "is niet de winnaar; een contract is met de winnaar"
        ),
        "renewed-instead": said("is renewed, not corrected", "wordt vernieuwd, niet verbeterd"),
        "sum": said("does not add up to the hours a week", "telt niet op tot de uren per week"),
        "taken": said("is taken", "is al in gebruik"),
        "too-few": said("holds too few", "bevat er te weinig"),
        "too-large": said("is too large", "is te groot"),
        "too-late": said("lies too far ahead", "ligt te ver weg"),
        "too-long": said("is too long", "is te lang"),
        "too-many": said("holds too many", "bevat er te veel"),
        "too-short": said("is too short", "is te kort"),
        "too-small": said("is too small", "is te klein"),
        "two-values": said("would get two values", "zou twee waarden krijgen"),
    }
)
