"""The command's own words, in both languages. Templates are filled by plain substitution of `{name}`."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from proeftuin.cli.delivery_words import DELIVERY
from proeftuin.cli.fig_words import FIGURES
from proeftuin.cli.file_words import FILES
from proeftuin.cli.migrate_words import MIGRATION
from proeftuin.cli.notify_words import NOTIFY
from proeftuin.cli.one_words import ONE
from proeftuin.cli.serve_words import SERVE
from proeftuin.cli.sim_words import SIMULATION
from proeftuin.views import plain

_PLACE = re.compile(r"\{([a-z_]+)\}")

# word -> (English, Dutch)
WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # What went wrong.
        "error": ("error", "fout"),
        "refused": ("refused", "geweigerd"),
        "usage": ("see `proeftuin {command} --help`", "zie `proeftuin {command} --help`"),
        "who": (
            "say who acts: --as ID --role ROLE, and for a supplier --party PARTY",
            "geef aan wie handelt: --as ID --role ROL, en voor een leverancier --party PARTIJ",
        ),
        "ambiguous": (
            "{count} pilots begin with {pilot}: {pilots}; give more of the id",
            "{count} proeftuinen beginnen met {pilot}: {pilots}; geef meer van het nummer",
        ),
        "no-store": (
            "there is no store at {url}; `proeftuin init` makes one, or say with --store where it is",
            "er is geen opslag op {url}; `proeftuin init` maakt er een, of geef met --store waar die staat",
        ),
        "no-track": ("there is no track {track} here", "er is hier geen spoor {track}"),
        "no-file": ("there is no file {file}", "er is geen bestand {file}"),
        "no-workflows": ("there are no workflow files in {file}", "er staan geen workflowbestanden in {file}"),
        "os-error": ("{file}: {problem}", "{file}: {problem}"),
        "bad-json": (
            "{place} is no JSON that can be used: {problem}",
            "{place} is geen bruikbare JSON: {problem}",
        ),
        "bad-field": (
            "{field} is no field=value; write for instance date=2026-03-02",
            "{field} is geen veld=waarde; schrijf bijvoorbeeld date=2026-03-02",
        ),
        "two-data": ("{field} is given twice", "{field} is twee keer gegeven"),
        "needs-object": (
            '--data must be a JSON object, {"field": ...}',
            '--data moet een JSON-object zijn, {"veld": ...}',
        ),
        "one-diagram": (
            "name a workflow, or a pilot with --pilot; --sheet and --pilots are of a workflow, one at a time",
            "noem een workflow, of met --pilot een proeftuin; --sheet en --pilots zijn van een workflow, een tegelijk",
        ),
        "pilot-only": ("--store goes with --pilot", "--store hoort bij --pilot"),
        "not-a-demo": (
            "{file} was not made by the demo, and is left alone; remove it, or give another with --store",
            "{file} is niet door de demo gemaakt en blijft zoals het is; verwijder het, of geef met --store een ander",
        ),
        "demo-file": (
            "the demo needs a file: --store sqlite:///FILE",
            "de demo heeft een bestand nodig: --store sqlite:///BESTAND",
        ),
        "stopped": ("stopped", "gestopt"),
        "error/unknown-pilot": (
            'there is no pilot "{pilot_id}" here; `proeftuin list` shows which there are',
            'er is hier geen proeftuin "{pilot_id}"; `proeftuin list` laat zien welke er zijn',
        ),
        "error/unknown-workflow": (
            "there is no workflow {workflow}; known are: {known}. Name one of your own by its file, as ./own.yaml",
            "er is geen workflow {workflow}; bekend zijn: {known}. Noem een eigen bij het bestand: ./eigen.yaml",
        ),
        "error/pilot-exists": (
            "there is a pilot {pilot_id} already; give another id, or go on with that pilot",
            "er is al een proeftuin {pilot_id}; geef een ander nummer, of ga met die verder",
        ),
        "error/pilot-exists-ref": (
            "there is a pilot with the ref {ref} or the id {pilot_id} already; give another, or go on with that pilot",
            "er is al een proeftuin met kenmerk {ref} of nummer {pilot_id}; geef een ander, of ga met die verder",
        ),
        "error/conflict": (
            "somebody else was first: the pilot is at version {actual}, not {expected}; look at it again, then retry",
            "iemand was u voor: de proeftuin is bij versie {actual}, niet {expected}; bekijk hem eerst opnieuw",
        ),
        "error/key-reused": (
            "key {key} was used for another command on this pilot; give each command its own",
            "sleutel {key} is al gebruikt voor een andere opdracht aan deze proeftuin; geef elke opdracht een eigen",
        ),
        "error/no-store": (
            "there is no store at {url}; `proeftuin init` makes one, or say with --store where it is",
            "er is geen opslag op {url}; `proeftuin init` maakt er een, of geef met --store waar die staat",
        ),
        # Answers to a command.
        "made": ("A store is ready at {url}.", "Er staat een opslag klaar op {url}."),
        "there-already": (
            "There is a store at {url} already, with {count} pilots.",
            "Er is al een opslag op {url}, met {count} proeftuinen.",
        ),
        "db-upgraded": ("{url}: schema {found} -> {present}", "{url}: schema {found} -> {present}"),
        "db-current": ("{found}", "{found}"),
        "db-fine": ("{url} has schema {present}, as it should.", "{url} heeft schema {present}, zoals het hoort."),
        "db-needs": (
            "{url} has schema {found} and needs {present}; run `proeftuin db upgrade --store URL`",
            "{url} heeft schema {found} en {present} is nodig; geef `proeftuin db upgrade --store URL`",
        ),
        "db-none": ("none", "geen"),
        "next": ("Next:", "Verder:"),
        "next-start": (
            "proeftuin start existing-contract title=Catering organisation=DJI \\\n    --as ann --role coordinator",
            "proeftuin start existing-contract title=Catering organisation=DJI \\\n    --as ann --role coordinator",
        ),
        "next-demo": (
            "proeftuin demo          a whole life in a second",
            "proeftuin demo          een heel leven in een seconde",
        ),
        "next-workflows": (
            "proeftuin workflows     which lifecycles there are",
            "proeftuin workflows     welke levenslopen er zijn",
        ),
        "next-options": ("what can be done now: proeftuin options {pilot}", "wat kan nu: proeftuin options {pilot}"),
        "next-why": (
            "how to get there: proeftuin why {pilot} {trigger}",
            "hoe het wel kan: proeftuin why {pilot} {trigger}",
        ),
        "started": ("begun: {title}, pilot {pilot}", "begonnen: {title}, proeftuin {pilot}"),
        "again": (
            "done before under this key; nothing was done twice",
            "onder deze sleutel al gedaan; niets is dubbel gedaan",
        ),
        "waits": ("signed; waits for {roles}", "getekend; wacht op {roles}"),
        "begun": ("began pilot {pilot}", "begon proeftuin {pilot}"),
        "note": ("note", "let op"),
        "none": ("none", "geen"),
        "nobody": ("nobody", "niemand"),
        "no-pilots": ("There are no pilots that fit.", "Er zijn geen proeftuinen die hieraan voldoen."),
        "unreadable": ("cannot be read", "kan niet worden gelezen"),
        "more": ("more: the same command with --after {id}", "meer: hetzelfde commando met --after {id}"),
        "whole": ("Everything is whole: {count} pilots.", "Alles is heel: {count} proeftuinen."),
        "whole-one": ("Everything is whole.", "Alles is heel."),
        "findings": ("{count} findings", "{count} bevindingen"),
        "played": ("{count} steps, all as expected", "{count} stappen, alle zoals verwacht"),
        "differs": ("step {number} came out differently", "stap {number} kwam anders uit"),
        # Keeping, moving, forgetting.
        "exported": ("{count} pilots, whole, in {file}", "{count} proeftuinen, heel, in {file}"),
        "exported-seen": (
            "{count} pilots, as far as this role sees them, in {file}",
            "{count} proeftuinen, voor zover deze rol ze ziet, in {file}",
        ),
        "exported-as": ("{count} pilots, as {format}, in {file}", "{count} proeftuinen, als {format}, in {file}"),
        "exporting": ("Writing pilots", "Proeftuinen schrijven"),
        "no-text": (
            "{format} is no text to look at; name a file with --out, or send it on with a pipe",
            "{format} is geen tekst om te bekijken; noem met --out een bestand, of stuur het door een pipe",
        ),
        "personal-why": (
            "to export the refs of participants, say who does it and why: --as ID --reason TEXT",
            "zeg wie de verwijzingen van deelnemers exporteert en waarom: --as ID --reason TEKST",
        ),
        "no-privacy-log": ("Nothing was noted.", "Er is niets genoteerd."),
        "p-erased": ("forgotten", "vergeten"),
        "p-exported": ("ref exported", "verwijzing geëxporteerd"),
        "p-looked_up": ("looked up", "opgezocht"),
        "p-outlived": ("the time after closing is over", "de bewaartermijn na afsluiting is voorbij"),
        "personal-or-seen": (
            "--personal goes with whole pilots alone: leave out --seen, and --format but jsonl",
            "--personal hoort alleen bij hele proeftuinen: laat --seen weg, en elk --format behalve jsonl",
        ),
        "with-refs": (
            "The refs of participants are in it, so it is personal data: move it safely, and delete it afterwards.",
            "De verwijzingen van deelnemers staan erin: persoonsgegevens dus. Vervoer het veilig, en wis het daarna.",
        ),
        "without-refs": (
            "Without the refs of participants; a store that must know them again needs --personal.",
            "Zonder de verwijzingen naar deelnemers; wie die opnieuw moet kennen, heeft --personal nodig.",
        ),
        "marked": (
            "the last versions of {count} pilots, in {file}",
            "de laatste versies van {count} proeftuinen, in {file}",
        ),
        "keep-hash": (
            "Have another party keep the file, or at least this hash; then proeftuin verify --against FILE",
            "Laat een ander het bestand bewaren, of in elk geval deze hash; dan proeftuin verify --against BESTAND",
        ),
        "moved": ("{count} pilots written, from {file}", "{count} proeftuinen geschreven, uit {file}"),
        "would-move": ("{count} pilots are new, in {file}", "{count} proeftuinen zijn nieuw, in {file}"),
        "known-pilots": (
            "{count} were there already, with the same history",
            "{count} waren er al, met dezelfde geschiedenis",
        ),
        "differing": (
            "{count} were left alone, since their id or ref is taken by a pilot with another history: {pilots}",
            "{count} zijn overgeslagen: nummer of kenmerk is van een proeftuin met een andere geschiedenis: {pilots}",
        ),
        "not-imported": ("{file}: {problem}. Nothing was written.", "{file}: {problem}. Er is niets geschreven."),
        "nothing-written": ("Nothing was written.", "Er is niets geschreven."),
        "forgotten": ("forgotten in {count} pilots:", "vergeten in {count} proeftuinen:"),
        "forgotten-nowhere": (
            "This ref is known in no pilot; there was nothing to do.",
            "Deze verwijzing is in geen proeftuin bekend; er was niets te doen.",
        ),
        "files-anew": (
            "The files of the store were written anew, as far as it can do that itself.",
            "De bestanden van de opslag zijn opnieuw geschreven, voor zover die dat zelf kan.",
        ),
        "files-not-anew": (
            "The files of the store may still hold it: run `proeftuin db scrub` when nobody else reads them.",
            "De bestanden van de opslag kunnen het nog bevatten: geef `proeftuin db scrub` als niemand ze leest.",
        ),
        "copies": (
            "Back-ups and exports made before may hold it too.",
            "Reservekopieën en exports van eerder kunnen het ook bevatten.",
        ),
        "scrubbed": (
            "{url}: what was erased is gone from its files too.",
            "{url}: wat gewist is, staat ook niet meer in de bestanden.",
        ),
        # What is due.
        "ticked": ("what was due is done on {count} pilots", "wat moest gebeuren is gedaan bij {count} proeftuinen"),
        "nothing-due": ("Nothing was due.", "Er hoefde niets te gebeuren."),
        "not-ticked": (
            "{count} pilots could not be read and were passed over; `proeftuin verify` names every place",
            "{count} proeftuinen konden niet worden gelezen en zijn overgeslagen; `proeftuin verify` noemt elke plaats",
        ),
        "more-due": ("There is more that is due.", "Er moet nog meer gebeuren."),
        "working": (
            "{url}: what is due is done every {seconds} seconds; Ctrl-C stops it.",
            "{url}: elke {seconds} seconden gebeurt wat moet gebeuren; Ctrl-C stopt.",
        ),
        "work-ended": ("Stopped; what was begun is finished.", "Gestopt; wat begonnen was is af."),
        "bad-months": (
            "{given} is no number of months from 1 to 999999",
            "{given} is geen aantal maanden van 1 tot en met 999999",
        ),
        "bad-closure": (
            "{given} is no day of closure; write a day, 2026-05-15, or the first and the last, 2026-12-24..2027-01-01",
            "{given} is geen sluitingsdag; schrijf een dag, 2026-05-15, of eerste en laatste, 2026-12-24..2027-01-01",
        ),
        # What is next.
        "a-actions": ("To do, {count} days ahead", "Te doen, {count} dagen vooruit"),
        "a-nothing": ("Nothing is due.", "Er staat niets open."),
        "a-late": ("{days} days late", "{days} dagen te laat"),
        "a-yesterday": ("1 day late", "1 dag te laat"),
        "a-today": ("today", "vandaag"),
        "a-tomorrow": ("tomorrow", "morgen"),
        "a-ahead": ("in {days} days", "over {days} dagen"),
        "a-self": ("yourself", "uzelf"),
        "a-calls": ("Who to call", "Wie te bellen"),
        "a-day": ("{days} day", "{days} dag"),
        "a-days": ("{days} days", "{days} dagen"),
        "a-horizon": ("On the horizon", "Aan de horizon"),
        "a-written": ("{count} due days ahead, in {file}", "{count} termijnen die nog komen, in {file}"),
        "c-when": ("when", "wanneer"),
        "c-as": ("as", "als"),
        "c-silent": ("silent", "stil"),
        "c-mood": ("how it goes", "hoe het gaat"),
        "c-call": ("call", "bel"),
        "c-goal": ("goal", "doel"),
        "c-owner": ("owner", "eigenaar"),
        # A spreadsheet.
        "c-row": ("row", "rij"),
        "c-verdict": ("verdict", "oordeel"),
        "c-phase": ("phase", "fase"),
        "c-pilots": ("pilots", "proeftuinen"),
        "total": ("together", "samen"),
        "row-accepted": ("accepted", "goed"),
        "row-warning": ("accepted, with a note", "goed, met een opmerking"),
        "row-refused": ("refused", "geweigerd"),
        "row-not-reached": ("not reached", "niet bereikt"),
        "row-there": ("there already", "er al"),
        "rows": ("{count} rows: {told}.", "{count} rijen: {told}."),
        "taken-in": ("{count} pilots written", "{count} proeftuinen geschreven"),
        "would-take-in": (
            "Without --dry-run {count} pilots could be written.",
            "Zonder --dry-run kunnen {count} proeftuinen geschreven worden.",
        ),
        "mend": (
            "Mend what was refused, and import again.",
            "Verbeter wat geweigerd is, en importeer opnieuw.",
        ),
        "mend-or-partly": (
            "Mend what was refused, and import again; or write the {count} pilots that hold with --partly.",
            "Verbeter wat geweigerd is, en importeer opnieuw; of schrijf met --partly de {count} die kloppen.",
        ),
        "taken-meanwhile": (
            "begun by somebody else meanwhile, and left alone: {pilots}",
            "intussen door een ander begonnen, en overgeslagen: {pilots}",
        ),
        # Why not.
        "did-you-mean": ("did you mean {words}?", "bedoelde u {words}?"),
        "can": ("{what}: this can be done now.", "{what}: dit kan nu."),
        "cannot": ("{what}: not now.", "{what}: nu niet."),
        "asked-as": ("asked as {roles}", "gevraagd als {roles}"),
        "to-give": ("To give:", "Te geven:"),
        "by": ("by {roles}", "door {roles}"),
        "on-track": ("on {track}", "op {track}"),
        "from-day": ("from {day}", "vanaf {day}"),
        "with": ("with {data}", "met {data}"),
        "or-more": ("{roles} or {count} others", "{roles} of {count} anderen"),
        "or": (" or ", " of "),
        "and": (" and ", " en "),
        # Heads.
        "h-now": ("Can be done now", "Kan nu"),
        "h-not-yet": ("Not yet, and why", "Nog niet, en waarom"),
        "h-record": ("Can be recorded", "Kan worden vastgelegd"),
        "h-cannot": ("Cannot be done", "Kan niet"),
        "h-tracks": ("Tracks", "Sporen"),
        "h-chain": ("What follows on what", "Wat op wat volgt"),
        "h-records": ("Kept", "Vastgelegd"),
        "h-duties": ("Who does what", "Wie doet wat"),
        "h-signatures": ("Waiting for a signature", "Wacht op een handtekening"),
        "h-metrics": ("Figures", "Cijfers"),
        "h-history": ("What happened", "Wat er gebeurde"),
        "c-pilot": ("pilot", "proeftuin"),
        "c-title": ("title", "titel"),
        "c-organisation": ("organisation", "organisatie"),
        "c-state": ("state", "stand"),
        "c-changed": ("changed", "gewijzigd"),
        "c-workflow": ("workflow", "workflow"),
        "c-label": ("what it is", "wat het is"),
        "c-states": ("states", "standen"),
        "c-tracks": ("tracks", "sporen"),
        "c-what": ("what", "wat"),
        "c-trigger": ("trigger", "trigger"),
        "c-who": ("who", "wie"),
        "c-reason": ("reason", "reden"),
        "c-date": ("date", "datum"),
        "c-give": ("to give (* required)", "te geven (* verplicht)"),
        "paused": ("on hold", "gepauzeerd"),
        "since": ("since {day}", "sinds {day}"),
        "round": ("round {cycle}", "ronde {cycle}"),
        "outcome": ("outcome: {outcome}", "uitkomst: {outcome}"),
        "version": ("version {version}", "versie {version}"),
        "leads-to": ("-> {state}", "-> {state}"),
        "of": ("{part} of {whole}", "{part} van {whole}"),
        "pilot": ("pilot", "proeftuin"),
        # Stores, and whether they keep their promises.
        "k-group": ("group", "groep"),
        "k-passed": ("passed", "geslaagd"),
        "k-failed": ("failed", "mislukt"),
        "k-skipped": ("skipped", "overgeslagen"),
        "k-skip": ("skipped: {cases}, as {reason}", "overgeslagen: {cases}; reden: {reason}"),
        "k-stopped": (
            "the kit stopped there: no other case can be judged before that one holds",
            "de toets hield daar op: zolang dat niet klopt, zegt geen ander geval iets",
        ),
        "k-store": ("{store}, kit {kit}, ports {spi}", "{store}, toets {kit}, poorten {spi}"),
        "k-closing": (
            "passed {passed}, failed {failed}, skipped by declaration {skipped}",
            "geslaagd {passed}, mislukt {failed}, volgens eigen opgave overgeslagen {skipped}",
        ),
        "k-unknown": ("only an open one can tell", "alleen een geopende kan het zeggen"),
        "k-scheme": ("URL", "URL"),
        "k-from": ("from", "uit"),
        "k-parts": ("parts", "onderdelen"),
        "k-flags": ("flags", "eigenschappen"),
        # The demo.
        "d-intro": (
            "A whole life in a real database file. A plus was accepted; a cross was refused, and changed nothing.",
            "Een heel leven in een echte database. Een plus is aanvaard; een kruis is geweigerd en veranderde niets.",
        ),
        "d-asks": ("asks: {metric}", "vraagt: {metric}"),
        "d-halfway": (
            "The tale pauses: what can be done on {day}, by whom, and why not the rest?",
            "Het verhaal pauzeert: wat kan op {day}, door wie, en waarom de rest niet?",
        ),
        "d-for": ("For the {role}", "Voor: {role}"),
        "d-why": ("Every no is a to-do list", "Elk nee is een lijst van wat er te doen is"),
        "d-goes-on": ("The tale goes on", "Het verhaal gaat verder"),
        "d-timeline": ("The pilot's timeline", "De tijdlijn van de proeftuin"),
        "d-now": ("What can be done now, and why not the rest", "Wat kan nu, en waarom de rest niet"),
        "d-rest": ("and {count} more", "en nog {count}"),
        "d-not-yours": ("not for this role.", "niet voor deze rol."),
        "d-more": ("(and {count} more)", "(en nog {count})"),
        "d-files": ("Look for yourself", "Kijk zelf"),
        "d-store": ("the store", "de opslag"),
        "d-diagram": ("the diagram (Mermaid)", "het diagram (Mermaid)"),
        **FILES,
        **FIGURES,
        **SIMULATION,
        **DELIVERY,
        **MIGRATION,
        **SERVE,
        **NOTIFY,
        **ONE,
    }
)


def tell(lang: str, which: str, **facts: object) -> str:
    """Return words in a language, filled; facts lose what cannot be shown. Of one thing it has words of its own."""
    known = {name: plain(one) for name, one in facts.items() if one is not None}
    single = f"{which}/1" if known.get("count") == "1" else which
    template = WORDS[single if single in WORDS else which][lang == "nl"]
    return _PLACE.sub(lambda found: known.get(found[1], ""), template)
