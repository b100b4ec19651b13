"""What the pages say themselves, in both languages; what pilots and workflows say comes from them."""

from collections.abc import Mapping

from proeftuin.views.words import counted

PHASES = ("exploration", "commitment", "supplier_talks", "implementation", "evaluation", "closed")

WORDS: Mapping[str, tuple[str, str]] = {
    # around every page
    "skip": ("Skip to the content", "Naar de inhoud"),
    "site": ("Pilots", "Proeftuinen"),
    "menu": ("Main menu", "Hoofdmenu"),
    "board": ("Board", "Bord"),
    "agenda": ("Agenda", "Agenda"),
    "portfolio": ("Results", "Resultaten"),
    "start": ("Begin a pilot", "Proeftuin starten"),
    "other-language": ("Nederlands", "English"),
    "seat": ("Signed in as {who}", "Aangemeld als {who}"),
    "news": ("This page was brought up to date: something happened.", "Deze pagina is bijgewerkt: er is iets gebeurd."),
    "news-form": (
        "Something happened to this pilot while you were writing. What you wrote stays here.",
        "Er is iets met deze proeftuin gebeurd terwijl u schreef. Wat u schreef blijft hier staan.",
    ),
    # phases
    "exploration": ("Exploration", "Verkenning"),
    "commitment": ("Commitment", "Draagvlak"),
    "supplier_talks": ("Supplier talks", "Gesprekken"),
    "implementation": ("Implementation", "Uitvoering"),
    "evaluation": ("Evaluation", "Evaluatie"),
    "closed": ("Closed", "Afgesloten"),
    "phases": ("Phases", "Fasen"),
    "now-here": ("now here", "nu hier"),
    "done-before": ("done", "geweest"),
    # the board
    "unreadable": (
        "{id} (cannot be read; tell who runs this tool)",
        "{id} (kan niet worden gelezen; meld het de beheerder)",
    ),
    "incomplete/1": (
        "Not complete: 1 pilot that cannot be read is missing here",
        "Niet volledig: 1 proeftuin die niet kan worden gelezen ontbreekt hier",
    ),
    "incomplete": (
        "Not complete: {n} pilots that cannot be read are missing here",
        "Niet volledig: {n} proeftuinen die niet kunnen worden gelezen ontbreken hier",
    ),
    "incomplete-tell": ("Tell who runs this tool.", "Meld het de beheerder."),
    "filters": ("Show only", "Toon alleen"),
    "workflow": ("Route", "Route"),
    "organisation": ("Organisation", "Organisatie"),
    "programme": ("Programme", "Programma"),
    "state": ("State", "Stand"),
    "signal": ("Signal", "Signaal"),
    "overdue": ("Only with overdue terms", "Alleen met verlopen termijnen"),
    "all": ("All", "Alle"),
    "apply": ("Show", "Tonen"),
    "clear": ("Show everything", "Alles tonen"),
    "none-here": ("No pilots", "Geen proeftuinen"),
    "nothing-found": (
        "There are no pilots for you to see here. Begin one, or show everything.",
        "Er zijn hier geen proeftuinen die u kunt zien. Start er een, of toon alles.",
    ),
    "more": ("Show more: {what}", "Meer tonen: {what}"),
    "next-page": ("Next page", "Volgende pagina"),
    "at-least": ("{n} or more", "{n} of meer"),
    "on-hold": ("On hold", "Gepauzeerd"),
    "changed": ("changed {day}", "gewijzigd {day}"),
    # a pilot
    "can-do": ("What can be done now", "Wat nu kan"),
    "not-yet": ("Not yet, and why", "Nog niet, en waarom"),
    "record": ("Record something", "Iets vastleggen"),
    "nothing-to-do": (
        "There is nothing that you can do here now.",
        "Er is hier nu niets dat u kunt doen.",
    ),
    "open-form": ("To the form all the same", "Toch naar het formulier"),
    "helps": ("What helps", "Wat helpt"),
    "by": ("by {who}", "door {who}"),
    "from-day": ("from {day} on", "vanaf {day}"),
    "advice": ("Worth thinking of", "Om aan te denken"),
    "tracks": ("Suppliers and tracks", "Leveranciers en sporen"),
    "no-tracks": ("None yet.", "Nog geen."),
    "since": ("since {day}", "sinds {day}"),
    "people": ("Who does what", "Wie doet wat"),
    "records": ("What is recorded", "Wat is vastgelegd"),
    "ended": ("ended {day}", "be\u00ebindigd {day}"),
    "about": ("About this pilot", "Over deze proeftuin"),
    "signals": ("Signals", "Signalen"),
    "to-sign": ("Waiting for signatures", "Wacht op handtekeningen"),
    "signed-by": ("{what}: signed as {who}", "{what}: getekend als {who}"),
    "history": ("History", "Verloop"),
    "latest": ("What happened last", "Wat er het laatst gebeurde"),
    "whole-history": ("The whole history", "Het hele verloop"),
    "done": ("Done", "Gelukt"),
    "cycle": ("Round {n}", "Ronde {n}"),
    "to-state": ("leads to: {what}", "leidt tot: {what}"),
    "picture": ("Where it is", "Waar de proeftuin is"),
    "pictures": ("Pictures", "Beeld"),
    "see-pictures": ("See it as a diagram and a timeline", "Bekijk als diagram en tijdlijn"),
    "as-table": ("The same as text and table", "Hetzelfde als tekst en tabel"),
    "timeline": ("Its life until now", "Het verloop tot nu"),
    # doing something
    "do": ("Do this", "Uitvoeren"),
    "cancel": ("Back, and change nothing", "Terug, zonder iets te wijzigen"),
    "required": ("required", "verplicht"),
    "choose": ("Choose", "Kies"),
    "yes": ("Yes", "Ja"),
    "no": ("No", "Nee"),
    "unknown": ("Not known", "Onbekend"),
    "lines": ("One on each line.", "E\u00e9n per regel."),
    "pairs": ("One on each line, as in: name: value", "E\u00e9n per regel, zoals: naam: waarde"),
    "show-record": ("Show what it says", "Tonen wat er staat"),
    "says": ("What it says", "Wat er staat"),
    "as-recorded": (
        "As it was recorded. Change what was wrong; what you empty is taken away.",
        "Zoals het is vastgelegd. Wijzig wat niet klopt; wat u leegmaakt, wordt weggehaald.",
    ),
    "mend": ("Correct this", "Verbeteren"),
    "row": ("Row {n}", "Rij {n}"),
    "add-row": ("One more row", "Nog een rij"),
    "new-track": ("Short name of the new track", "Korte naam van het nieuwe spoor"),
    "new-track-hint": (
        "Letters, digits, dots and dashes. Left empty, it is made from the supplier's name.",
        "Letters, cijfers, punten en streepjes. Leeg gelaten wordt hij van de naam van de leverancier gemaakt.",
    ),
    "on": ("Day on which it happened", "Dag waarop het gebeurde"),
    "on-hint": ("Only where that was not today.", "Alleen als dat niet vandaag was."),
    "day-hint": ("Day, month, year", "Dag, maand, jaar"),
    "refused": ("This cannot be done yet", "Dit kan nog niet"),
    "stands": ("This already stands in the way", "Dit staat nu al in de weg"),
    "in-form": ("Look at these fields", "Kijk naar deze velden"),
    "raced": ("Somebody was just before you", "Iemand was u net voor"),
    "raced-text": (
        "The pilot changed after you opened this page; nothing of yours was recorded yet. Read what happened first.",
        "De proeftuin is gewijzigd sinds u deze pagina opende; er is nog niets vastgelegd. Lees eerst wat er gebeurde.",
    ),
    "raced-again": (
        "What you filled in stands below. If it still holds, send it again.",
        "Wat u invulde staat hieronder nog. Klopt het nog, verstuur het dan opnieuw.",
    ),
    "token": (
        "This form was open for too long to be taken. What you filled in still stands below; send it again.",
        "Dit formulier stond te lang open. Wat u invulde staat er nog; verstuur het opnieuw.",
    ),
    "key-reused": (
        "This form was sent before with something else in it. Look at the history, and send it again if need be.",
        "Dit formulier is al eens verstuurd met iets anders erin. Kijk in het verloop; verstuur het zo nodig opnieuw.",
    ),
    "busy": (
        "It could not be recorded just now. What you filled in still stands below; send it again.",
        "Het kon nu even niet worden vastgelegd. Wat u invulde staat er nog; verstuur het opnieuw.",
    ),
    "wrong-call": ("This cannot be taken.", "Dit kan niet worden aangenomen."),
    "pending-text": (
        "Others have signed this content. Leave it as it is to sign the same.",
        "Anderen hebben deze inhoud getekend. Laat haar zo om hetzelfde te tekenen.",
    ),
    # beginning
    "start-what": ("Which route does it take?", "Welke route volgt de proeftuin?"),
    "start-none": ("No route can be begun here.", "Er kan hier geen route worden gestart."),
    "begin": ("Begin", "Starten"),
    # agenda
    "agenda-days": ("The coming {n} days, and what is overdue", "De komende {n} dagen, en wat verlopen is"),
    "nothing-due": ("Nothing is due.", "Er is niets aan de beurt."),
    "calls": ("Whom to call", "Wie te bellen"),
    "horizon": ("Further ahead", "Verder vooruit"),
    "today": ("today", "vandaag"),
    "in-days": ("in {n} days", "over {n} dagen"),
    "in-day": ("tomorrow", "morgen"),
    "late-days": ("{n} days late", "{n} dagen te laat"),
    "late-day": ("1 day late", "1 dag te laat"),
    "silent/1": ("silent for 1 day", "1 dag stil"),
    "silent": ("silent for {n} days", "{n} dagen stil"),
    "who": ("Who", "Wie"),
    "what": ("What", "Wat"),
    "when": ("When", "Wanneer"),
    "pilot": ("Pilot", "Proeftuin"),
    "track": ("Track", "Spoor"),
    # portfolio
    "figures": ("Figures", "Cijfers"),
    "as-of/1": ("As of {day}, over 1 pilot", "Per {day}, over 1 proeftuin"),
    "as-of": ("As of {day}, over {n} pilots", "Per {day}, over {n} proeftuinen"),
    "figure": ("Figure", "Cijfer"),
    "part": ("Part", "Deel"),
    "value": ("Value", "Waarde"),
    "based-on": ("Based on", "Op basis van"),
    "waiting": ("What pilots wait for", "Waar proeftuinen op wachten"),
    "days-quiet/1": ("1 day quiet", "1 dag stil"),
    "days-quiet": ("{n} days quiet", "{n} dagen stil"),
    "show-phase": ("Only this phase", "Alleen deze fase"),
}  # fmt: skip


def tell(lang: str, which: str, **facts: object) -> str:
    """Return what a page says, filled with facts."""
    text = WORDS[counted(WORDS, which, facts.get("n"))][lang == "nl"]
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
