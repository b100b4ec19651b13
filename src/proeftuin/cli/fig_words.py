"""What `metrics` and `portfolio` say, in both languages."""

from collections.abc import Mapping

FIGURES: Mapping[str, tuple[str, str]] = {
    "f-as-of": ("As of {day}. Pilots: {count}.", "Stand op {day}. Proeftuinen: {count}."),
    "f-period": ("Figures over a period run from {since} up to and including {day}.",
                 "Cijfers over een periode lopen van {since} tot en met {day}."),
    "f-nothing": ("No figures were asked for; name some, or say --all.",
                  "Er zijn geen cijfers gevraagd; noem er een paar, of geef --all."),
    "f-coverage": (
        "Told by: how many pilots report anything that the figure is made of. No.: the number of its definition.",
        "Opgave door: hoeveel van de proeftuinen iets melden waar het cijfer uit bestaat. Nr.: van de definitie.",
    ),
    "f-unread": (
        "not complete: {count} pilots could not be read, and are not in it; `proeftuin verify` names every place",
        "niet volledig: {count} proeftuinen zijn niet te lezen, en ontbreken; `proeftuin verify` noemt elke plaats",
    ),
    "c-figure": ("figure", "cijfer"),
    "c-value": ("value", "waarde"),
    "c-unit": ("unit", "eenheid"),
    "c-of": ("of", "van"),
    "c-told": ("told by", "opgave door"),
    "c-number": ("no.", "nr."),
    "f-ratio": ("{above} of {below}", "{above} van {below}"),
    "f-n": ("n = {n}", "n = {n}"),
    "f-told": ("{reported} of {pilots}", "{reported} van {pilots}"),
    "f-bound": ("at most", "hoogstens"),
    "demo-not-empty": (
        "{url} holds pilots already ({count}); the demo wants a store of its own, as with --store sqlite:///demo.db",
        "{url} bevat al proeftuinen ({count}); de demo wil een eigen opslag, bijvoorbeeld --store sqlite:///demo.db",
    ),
    "demo-tenant": ("the demo has no tenants; leave --tenant out", "de demo kent geen tenants; laat --tenant weg"),
    "filled": (
        "A programme of {count} pilots is ready at {url}; all of it is made up. Look around:",
        "Een programma van {count} proeftuinen staat klaar op {url}; alles is verzonnen. Kijk rond:",
    ),
    "f-two-forms": ("give --csv or --json, not both", "geef --csv of --json, niet allebei"),
    "f-writing": ("Writing the report", "Het rapport wordt geschreven"),
    "f-written": (
        "The report is in {file}, with a page for {count} pilots; open it in a browser, or print it.",
        "Het rapport staat in {file}, met een pagina voor {count} proeftuinen; open het in een browser, of print het.",
    ),
    "f-open": (
        "Open: {open}. With a term that is due now: {overdue}.",
        "Nog niet afgesloten: {open}. Met een termijn die nu verstreken is: {overdue}.",
    ),
    "f-only-open": ("Open: {open}.", "Nog niet afgesloten: {open}."),
    "f-targets": ("What goals want", "Wat de doelen vragen"),
    "f-target": ("target", "doel"),
    "f-share": ("%", "%"),
    "f-pilots": ("pilots", "proeftuinen"),
    "f-waiting": ("What pilots wait for, the quietest first", "Waar proeftuinen op wachten, de stilste eerst"),
    "f-quiet": ("quiet for {count} days", "{count} dagen stil"),
    "f-next": ("next: {move}", "volgende: {move}"),
    "f-may": ("nothing stands in the way", "niets staat in de weg"),
    "f-no-move": ("no move ahead", "geen volgende stap"),
    "f-more": (
        "{count} more pilots are open; --limit shows more.",
        "Nog {count} proeftuinen lopen; --limit toont er meer.",
    ),
}  # fmt: skip
