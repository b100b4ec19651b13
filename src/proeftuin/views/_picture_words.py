"""The words of pictures, in two languages."""

from collections.abc import Mapping

from proeftuin.core.workflow import LANGUAGES
from proeftuin.views.words import counted, filled, plain

# In English and in Dutch.
WORDS: Mapping[str, tuple[str, str]] = {
    "pilot": ("Pilot", "Proeftuin"),
    "start": ("Start", "Start"),
    "now": ("now", "nu"),
    "since": ("since {one}", "sinds {one}"),
    "paused": ("on hold", "gepauzeerd"),
    "outcome": ("outcome: {one}", "uitkomst: {one}"),
    "next": ("Next: {one}", "Volgende stap: {one}"),
    "can": ("This can be done now.", "Dit kan nu."),
    "nothing": ("There is no next step.", "Er is geen volgende stap."),
    "more": ("and {one} more", "en nog {one}"),
    "before": ("{one} before these", "{one} daarvoor"),
    "workflow": ("Lifecycle: {one}", "Levensloop: {one}"),
    "of-workflow": (
        "States and the ways between them. A double edge is an end.",
        "Standen en de wegen ertussen. Een dubbele rand is een einde.",
    ),
    "of-pilot": (
        "{one}: {two}. A thick line and a tick are the way it came.",
        "{one}: {two}. Een dikke lijn en een vinkje zijn de weg die is gegaan.",
    ),
    "portfolio": ("Pilots in each state: {one}", "Proeftuinen per stand: {one}"),
    "of-portfolio": (
        "How many pilots are in each state, and for how long half of them have been there at least.",
        "Hoeveel proeftuinen er in elke stand zijn, en hoe lang de helft daarvan er minstens is.",
    ),
    "pilots": ("{one} pilots", "{one} proeftuinen"),
    "pilots/1": ("1 pilot", "1 proeftuin"),
    "none": ("no pilots", "geen proeftuinen"),
    "withheld": ("not shown", "niet getoond"),
    "days": ("{one} days", "{one} dagen"),
    "days/1": ("1 day", "1 dag"),
    "median": ("median {one} days", "mediaan {one} dagen"),
    "median/1": ("median 1 day", "mediaan 1 dag"),
    "h-of": ("Of", "Van"),
    "h-from": ("From", "Uit"),
    "h-since": ("From", "Van"),
    "h-to": ("To", "Naar"),
    "h-what": ("What", "Wat"),
    "h-when": ("When", "Wanneer"),
    "h-state": ("State", "Stand"),
    "h-pilots": ("Pilots", "Proeftuinen"),
    "h-days": ("Median days in it", "Mediaan dagen erin"),
    "h-blocked": ("What is in the way", "Wat in de weg staat"),
    "title": ("The life of {one}", "De levensloop van {one}"),
    "text": (
        "{one}: {two} as of {three}. Above the states, below that each track, and what happened.",
        "{one}: {two} per {three}. Bovenaan de standen, daaronder elk spoor, en wat er gebeurde.",
    ),
    "programme/1": ("The life of 1 pilot", "De levensloop van 1 proeftuin"),
    "programme": ("The lives of {one} pilots", "De levensloop van {one} proeftuinen"),
    "of-programme": (
        "Each pilot with the states that it was in, one after another, as of {three}.",
        "Elke proeftuin met de standen waarin die achtereenvolgens was, per {three}.",
    ),
    "today": ("as of {one}", "per {one}"),
    "hold": ("On hold", "Gepauzeerd"),
    "decisions": ("Decisions", "Besluiten"),
    "talks": ("Talks", "Gesprekken"),
    "talk": ("talk", "gesprek"),
    "agreement": ("agreement", "afspraak"),
    "placement": ("placement", "plaatsing"),
    "decision": ("decision", "besluit"),
    "ended": ("taken back", "ingetrokken"),
    "reminders": ("Reminders", "Herinneringen"),
    "reminded": ("reminder", "herinnering"),
    "escalated": ("escalated", "opgeschaald"),
    "fired": ("ran out", "verstreken"),
    "due": ("Due", "Te doen"),
    "over": ("Overdue", "Te laat"),
    "later": ("and {one} later", "en nog {one} later"),
    "end": ("end", "einde"),
    "signal": ("signal", "signaal"),
    "h-row": ("Row", "Regel"),
    "h-until": ("Until", "Tot"),
}


def tell(lang: str, which: str, **given: object) -> str:
    """Return words of a picture, with what is given in its places."""
    which = counted(WORDS, which, given.get("one"))
    return filled(WORDS[which][LANGUAGES.index(lang)], {name: plain(one) for name, one in given.items()})
