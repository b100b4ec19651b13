"""The command's words about files, of workflows and of exports, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

FILES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no-workflow-name": (
            "`{name}` is no name of a workflow; write it with a-z, 0-9 and -, beginning with a letter",
            "`{name}` is geen naam van een workflow; schrijf die met a-z, 0-9 en -, met een letter vooraan",
        ),
        "no-such-form": (
            "a sheet is a page (HTML), and --pilots is drawn as svg or png; leave --format out, or give another",
            "een blad is een pagina (HTML), en --pilots een tekening: svg of png; laat --format weg, of geef een ander",
        ),
        "no-such-life": (
            "the life of a pilot is drawn as svg or png; name the file so, or give --format",
            "de levensloop van een proeftuin is een tekening: svg of png; noem het bestand zo, of geef --format",
        ),
        "no-such-ending": (
            "{file}: its name ends in none of {endings}; name it so, or give --format",
            "{file}: de naam eindigt op geen van {endings}; noem het zo, of geef --format",
        ),
        "png-out": (
            "a PNG is nothing to read; give a file with --out, such as --out picture.png",
            "een PNG is niet te lezen; geef met --out een bestand, bijvoorbeeld --out plaat.png",
        ),
        "seen-alone": (
            "--seen goes with jsonl alone; leave --format out",
            "--seen gaat alleen met jsonl; laat --format weg",
        ),
        "reason-alone": ("--reason goes with --personal alone", "--reason gaat alleen met --personal"),
        "not-drawn": (
            "{count} pilots could not be read, and are not drawn",
            "{count} proeftuinen konden niet worden gelezen, en zijn niet getekend",
        ),
        "drawn": ("drawn, in {file}", "getekend, in {file}"),
        "own-name": (
            "give it a name of its own: {name} is what it builds on",
            "geef het een eigen naam: {name} is waar het op bouwt",
        ),
        "file-there": (
            "there is a file {file} already; give another with --out",
            "er is al een bestand {file}; geef met --out een ander",
        ),
        "not-beside": (
            "a file builds on one in the same folder; {file} and {out} are in two",
            "een bestand bouwt op een bestand in dezelfde map; {file} en {out} staan in twee mappen",
        ),
        "lint-ok": ("{count} files without faults", "{count} bestanden zonder fouten"),
        "lint-found": (
            "faults {errors}, warnings {warnings}, in {count} files",
            "fouten {errors}, waarschuwingen {warnings}, in {count} bestanden",
        ),
        "workflow-made": ("{file} is there, on top of {base}.", "{file} staat klaar, boven op {base}."),
        "next-lint": (
            "proeftuin lint {file}             faults, and what differs",
            "proeftuin lint {file}             fouten, en wat anders is",
        ),
        "next-sheet": (
            "proeftuin diagram {file} --sheet  a page for the board to approve",
            "proeftuin diagram {file} --sheet  een blad dat het bestuur kan vaststellen",
        ),
        "error/workflow-changed": (
            "{workflow} was changed without a new version: the store keeps it as it was; give the change the next one",
            "{workflow} is gewijzigd zonder nieuwe versie: de opslag bewaart het zoals het was; geef een volgende",
        ),
        "doctor-well": (
            "{count} pilots, and nothing is missing or old.",
            "{count} proeftuinen; er ontbreekt niets, en niets is verouderd.",
        ),
        "doctor-found": (
            "{count} pilots; found: {missing} missing, {old} old",
            "{count} proeftuinen; gevonden: {missing} ontbreekt, {old} verouderd",
        ),
        "publish-what": (
            "there is no folder {file} here; name a workflow file, or a folder of them",
            "er is hier geen map {file}; noem een workflowbestand, of een map met zulke bestanden",
        ),
        "published": (
            "{count} published; keep workflows.lock beside the files, and let `proeftuin lint --locked` watch over it.",
            "{count} gepubliceerd; bewaar workflows.lock bij de bestanden, en laat `proeftuin lint --locked` waken.",
        ),
        "published-nothing": ("All of it was published already.", "Alles was al gepubliceerd."),
        "on-top": ("{file}, on top of {base}", "{file}, boven op {base}"),
        "on-top-same": ("{file}, the same as {base}", "{file}, hetzelfde als {base}"),
        "diff-head": ("{old} -> {new}: {what}", "{old} -> {new}: {what}"),
        "diff-same": ("nothing differs", "niets is anders"),
        "diff-cosmetic": (
            "cosmetic, so nothing that is decided, counted or due depends on it",
            "cosmetisch: niets wat besloten, geteld of verwacht wordt hangt ervan af",
        ),
        "diff-widening": (
            "widening, so what was allowed stays allowed, and more may be",
            "verruimend: wat mocht blijft mogen, en er kan meer mogen",
        ),
        "diff-narrowing": (
            "narrowing, so what was allowed may be refused, do something else, or fall due on another day",
            "beperkend: wat mocht kan geweigerd worden, iets anders doen, of op een andere dag verwacht worden",
        ),
        "cosmetic": ("cosmetic", "cosmetisch"),
        "widening": ("widening", "verruimend"),
        "narrowing": ("narrowing", "beperkend"),
        "added": ("added", "toegevoegd"),
        "changed": ("changed", "gewijzigd"),
        "left-out": ("left out", "weggelaten"),
        "e-role": ("role", "rol"),
        "e-group": ("group", "groep"),
        "e-record": ("record", "gegeven"),
        "e-state": ("state", "stand"),
        "e-trigger": ("trigger", "handeling"),
        "e-track": ("track", "spoor"),
        "e-clock": ("term", "termijn"),
        "e-word": ("word", "woord"),
        "e-code": ("code", "code"),
        "e-label": ("its label", "de naam"),
        "e-timezone": ("time zone", "tijdzone"),
        "e-calendar": ("calendar", "kalender"),
        "e-start": ("the start", "het begin"),
        "e-metrics": ("figures", "cijfers"),
    }
)
