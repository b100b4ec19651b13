"""The words of the report itself, in both languages, and how it shows days and numbers."""

import re
from collections.abc import Mapping
from datetime import date

from proeftuin.core.workflow import LANGUAGES
from proeftuin.views import days
from proeftuin.views.words import counted, filled

_NUMBER = re.compile(r"(-?)([0-9]+)(\.[0-9]+)?")

# word -> (English, Dutch)
WORDS: Mapping[str, tuple[str, str]] = {
    "kind": ("Progress report", "Voortgangsrapportage"),
    "all": ("All pilots", "Alle proeftuinen"),
    "as-of": ("As of {day}", "Stand op {day}"),
    "made": ("made on {day}", "gemaakt op {day}"),
    "contents": ("Contents", "Inhoud"),
    "glance": ("At a glance", "In één oogopslag"),
    "where": ("Where the pilots are", "Waar de proeftuinen staan"),
    "results": ("Results", "Resultaten"),
    "suppliers": ("Suppliers and tracks", "Leveranciers en sporen"),
    "still": ("Falling still, and being spurred on", "Stilvallen en aansporen"),
    "learned": ("Learned and told", "Geleerd en verteld"),
    "next": ("The coming weeks", "De komende weken"),
    "other": ("Other figures", "Overige cijfers"),
    "pilots": ("The pilots, one by one", "De proeftuinen, één voor één"),
    "pilot": ("Pilot", "Proeftuin"),
    "sum-none": ("There are no pilots on this day.", "Er zijn op deze dag geen proeftuinen."),
    "sum-one": ("One pilot has begun; {open} still running.", "Eén proeftuin is begonnen; er loopt er nog {open}."),
    "sum-many": (
        "{count} pilots have begun; {open} still running.",
        "{count} proeftuinen zijn begonnen; er lopen er nog {open}.",
    ),
    "sum-ended": ("How the others ended: {told}.", "Zo eindigden de andere: {told}."),
    "sum-overdue": ("On {count} a term has passed.", "Bij {count} is een termijn verstreken."),
    "incomplete/1": (
        "Not complete: 1 pilot that cannot be read is missing here.",
        "Niet volledig: 1 proeftuin die niet kan worden gelezen ontbreekt hier.",
    ),
    "incomplete": (
        "Not complete: {count} pilots that cannot be read are missing here.",
        "Niet volledig: {count} proeftuinen die niet kunnen worden gelezen ontbreken hier.",
    ),
    "unreadable": (
        "Missing: {ids}; `proeftuin verify` tells what is wrong.",
        "Wat ontbreekt: {ids}; `proeftuin verify` zegt wat er mis is.",
    ),
    "tile-pilots": ("Pilots begun", "Proeftuinen begonnen"),
    "tile-open": ("Still running", "Lopen nog"),
    "tile-overdue": ("With a term that has passed", "Met een verstreken termijn"),
    "of-target": ("target {target}", "doel {target}"),
    "flow": ("Pilots per phase, month by month", "Proeftuinen per fase, maand na maand"),
    "flow-note": (
        "How many pilots lay in each phase at the end of the month; the last column is the day of this report.",
        "Hoeveel proeftuinen aan het eind van de maand in elke fase lagen; de laatste kolom is de dag van dit rapport.",
    ),
    "targets": ("Results beside what goals want", "Resultaten naast de doelen"),
    "targets-note": (
        "Per figure the targets of all pilots that set one, added up, beside what these same pilots reached.",
        "Per cijfer de doelen van alle proeftuinen die er een stelden, opgeteld, naast wat die proeftuinen haalden.",
    ),
    "no-targets": ("No pilot set a target in numbers.", "Geen enkele proeftuin stelde een doel in een getal."),
    "figure": ("Figure", "Cijfer"),
    "what": ("What", "Wat"),
    "value": ("Value", "Waarde"),
    "target": ("Target", "Doel"),
    "reached": ("Reached", "Bereikt"),
    "share": ("Share", "Aandeel"),
    "of": ("{above} of {below}", "{above} van {below}"),
    "n": ("of {n}", "van {n}"),
    "basis": ("Basis", "Basis"),
    "on-basis": ("{reported} of {pilots} pilots reported", "{reported} van {pilots} proeftuinen meldden iets"),
    "source": ("Definition {number}. Source: {source}.", "Definitie {number}. Bron: {source}."),
    "period": ("From {since} up to and including {day}.", "Van {since} tot en met {day}."),
    "bound": ("at most", "ten hoogste"),
    "counted": ("Counted: {names}.", "Geteld: {names}."),
    "table": ("Numbers", "Getallen"),
    "no-numbers": ("Nothing to show yet.", "Nog niets te tonen."),
    "withheld": (
        "Not shown, since a number in it rests on so few persons that it could point at somebody.",
        "Niet getoond, omdat een getal erin op zo weinig mensen berust dat het naar iemand kan wijzen.",
    ),
    "waiting": ("Quietest first: what is waited for", "De stilste eerst: waarop het wacht"),
    "quiet": ("quiet for {days} days", "{days} dagen stil"),
    "quiet-one": ("quiet for 1 day", "1 dag stil"),
    "quiet-no": ("active today", "vandaag iets gedaan"),
    "move": ("Next: {move}", "Volgende stap: {move}"),
    "may": ("nothing stands in the way", "niets staat in de weg"),
    "more": ("and {count} more", "en nog {count}"),
    "told-today": (
        "What is waited for and what is due next is told of today alone; this report is of an earlier day.",
        "Waarop gewacht wordt en wat er aankomt, wordt alleen van vandaag verteld; dit rapport is van een eerdere dag.",
    ),
    "told-pilots": (
        "Of single pilots nothing is shown to this reader.",
        "Van losse proeftuinen wordt aan deze lezer niets getoond.",
    ),
    "stories": ("Stories told with consent", "Verhalen, verteld met toestemming"),
    "no-stories": ("No story was shared with consent yet.", "Er is nog geen verhaal met toestemming gedeeld."),
    "lessons": ("The latest lessons", "De laatste lessen"),
    "no-lessons": ("No lesson was recorded yet.", "Er is nog geen les vastgelegd."),
    "no-agenda": ("Nothing is due.", "Er komt niets aan."),
    "late": ("{days} days late", "{days} dagen te laat"),
    "late-one": ("1 day late", "1 dag te laat"),
    "today": ("today", "vandaag"),
    "ahead": ("in {days} days", "over {days} dagen"),
    "ahead-one": ("tomorrow", "morgen"),
    "decided": ("What was decided, and on what", "Wat is besloten, en waarop"),
    "by": ("by {who}", "door {who}"),
    "on": ("on", "op grond van"),
    "earlier/1": ("1 more step in between is left out here.", "1 tussenstap is hier weggelaten."),
    "earlier": ("{count} more steps in between are left out here.", "{count} tussenstappen zijn hier weggelaten."),
    "phase": ("Phase", "Fase"),
    "since": ("since {day}", "sinds {day}"),
    "organisation": ("Organisation", "Organisatie"),
    "programme": ("Programme", "Programma"),
    "workflow": ("Workflow", "Verloop"),
    "signals": ("Signals", "Signalen"),
    "outcome": ("Outcome", "Uitkomst"),
    "tracks": ("Tracks", "Sporen"),
    "paused": ("on hold", "gepauzeerd"),
    "goals": ("Goals", "Doelen"),
    "until": ("by {day}", "uiterlijk {day}"),
    "back": ("Back to the front", "Terug naar de voorkant"),
    "how": ("How to read this", "Hoe dit te lezen"),
    "how-sums": (
        "Each figure follows from what was recorded; it is summed over all pilots first, and rounded once.",
        "Elk cijfer volgt uit wat is vastgelegd; het is eerst over alle proeftuinen opgeteld, en één keer afgerond.",
    ),
    "how-basis": (
        "The basis is how many pilots recorded anything about it. A pilot that stopped stays in every count.",
        "De basis is hoeveel proeftuinen er iets over vastlegden. Een gestopte proeftuin blijft overal meetellen.",
    ),
    "how-few": (
        "Numbers on few persons are hidden from readers outside the pilot team.",
        "Getallen over weinig mensen blijven verborgen voor lezers buiten het team.",
    ),
    "how-pages": (
        "The pages of pilots tell of steps and roles, and nothing of participants.",
        "De pagina's van proeftuinen vertellen over stappen en rollen, en niets over deelnemers.",
    ),
}


def tell(lang: str, which: str, **facts: object) -> str:
    """Return words of the report, with facts filled in."""
    which = counted(WORDS, which, facts.get("count"))
    return filled(WORDS[which][LANGUAGES.index(lang)], facts)


def day(lang: str, given: date) -> str:
    """Return a day as people write it."""
    return days.day_text(given, lang, short=True)


def month(lang: str, given: date) -> str:
    """Return the short name of a month."""
    return days.month(given, lang, short=True)


def number(lang: str, given: object) -> str:
    """Return a number with the marks of a language; anything else as it is."""
    found = _NUMBER.fullmatch(str(given))
    if found is None:
        return str(given)
    sign, whole, rest = found.groups(default="")
    apart, point = (".", ",") if lang == "nl" else (",", ".")
    return f"{sign}{int(whole):,}".replace(",", apart) + rest.replace(".", point)
