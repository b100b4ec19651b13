"""What `migrate` and `replay` say, in both languages."""

from collections.abc import Mapping

MIGRATION: Mapping[str, tuple[str, str]] = {
    "g-one-of-two": ("give --apply or --undo, not both", "geef --apply of --undo, niet allebei"),
    "g-plan-first": (
        "write the plan with --out first, and carry it out with --plan FILE once people have seen it",
        "schrijf eerst het plan met --out, en voer het met --plan BESTAND uit als mensen het gezien hebben",
    ),
    "g-why": (
        "say who does it and why: --as ID --reason TEXT",
        "zeg wie het doet en waarom: --as ID --reason TEKST",
    ),
    "g-same-version": (
        "{file} is version {version} itself; give the file of the new one, and with --from the number of the old one",
        "{file} is zelf versie {version}; noem het bestand van de nieuwe versie, en met --from het nummer van de oude",
    ),
    "g-nobody": ("no pilot runs under {workflow}", "onder {workflow} loopt geen proeftuin"),
    "g-written": ("plan written to {file}", "plan geschreven naar {file}"),
    "g-fine": (
        "{count} pilots can go on under the new version",
        "{count} proeftuinen kunnen verder onder de nieuwe versie",
    ),
    "g-decide": ("{count} pilots need a decision", "over {count} proeftuinen moet iets besloten worden"),
    "g-impossible": ("{count} pilots cannot be moved", "{count} proeftuinen kunnen niet over"),
    "g-done": ("{count} pilots moved to the new version", "{count} proeftuinen naar de nieuwe versie gebracht"),
    "g-undone": ("{count} pilots moved back", "{count} proeftuinen teruggebracht"),
    "g-left": (
        "{count} pilots stayed as they are; without --apply this command says why",
        "{count} proeftuinen bleven zoals ze zijn; zonder --apply zegt dit commando waarom",
    ),
    "g-no-histories": (
        "{given} holds no histories; `proeftuin export --out FILE.jsonl` writes them",
        "in {given} staan geen geschiedenissen; `proeftuin export --out BESTAND.jsonl` schrijft ze",
    ),
    "g-none-of-it": (
        "none of the pilots in {given} follows a version of {workflow}, so nothing was compared",
        "geen van de proeftuinen in {given} volgt een versie van {workflow}, dus er is niets vergeleken",
    ),
    "g-replayed": (
        "{count} histories, of which {differing} would have gone differently",
        "{count} geschiedenissen, waarvan er {differing} anders zouden zijn gegaan",
    ),
    "g-gone-on": (
        "{count} pilots went on since, and stay under the new version",
        "{count} proeftuinen gingen sindsdien verder, en blijven onder de nieuwe versie",
    ),
}
