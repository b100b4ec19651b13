"""What `notify` says, in both languages."""

from collections.abc import Mapping

NOTIFY: Mapping[str, tuple[str, str]] = {
    "n-nothing": ("There is nothing to tell of {day}.", "Over {day} is er niets te melden."),
    "n-sent": ("{who}: sent, {count}", "{who}: verstuurd, {count}"),
    "n-would": ("{who}: would be sent, {count}", "{who}: zou verstuurd worden, {count}"),
    "n-things": ("{count} things", "{count} meldingen"),
    "n-thing": ("1 thing", "1 melding"),
    "n-unaddressed": (
        "{who}: has no address; add a line to {file}",
        "{who}: heeft geen adres; voeg een regel toe aan {file}",
    ),
    "n-failed": ("{who}: not sent. {problem}", "{who}: niet verstuurd. {problem}"),
    "n-again": (
        "The same command sends again; who has a message already can know it by its Message-ID.",
        "Dezelfde opdracht verstuurt opnieuw; wie het bericht al heeft, kan het herkennen aan de Message-ID.",
    ),
    "n-no-smtp": (
        "say by which mail server: PROEFTUIN_SMTP=smtp://USER:PASSWORD@HOST:587, or --smtp; or --dry-run",
        "zeg via welke mailserver: PROEFTUIN_SMTP=smtp://NAAM:WACHTWOORD@HOST:587, of --smtp; of --dry-run",
    ),
    "n-bad-sheet": (
        "{file}: it must be a CSV file with the headings who, address and language",
        "{file}: het moet een CSV-bestand zijn met de koppen who, address en language",
    ),
    "n-bad-who": (
        "{file}, line {line}: who is missing, or stands there twice",
        "{file}, regel {line}: who ontbreekt, of staat er twee keer",
    ),
    "n-bad-address": (
        "{file}, line {line}: the address is none; write name@example.org",
        "{file}, regel {line}: het adres is er geen; schrijf naam@voorbeeld.nl",
    ),
    "n-bad-language": ("{file}, line {line}: the language is nl or en", "{file}, regel {line}: de taal is nl of en"),
    "n-bad-day": ("{given} is no day; write 2026-03-02", "{given} is geen dag; schrijf 2026-03-02"),
}
