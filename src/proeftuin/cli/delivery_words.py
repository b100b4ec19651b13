"""What the commands around delivery say, in both languages."""

from collections.abc import Mapping

DELIVERY: Mapping[str, tuple[str, str]] = {
    "l-delivered": ("{name}: {count} events delivered", "{name}: {count} gebeurtenissen bezorgd"),
    "l-all-delivered": ("{count} events delivered", "{count} gebeurtenissen bezorgd"),
    "l-nothing": ("There was nothing to deliver.", "Er was niets te bezorgen."),
    "l-failed": (
        "{count} deliveries failed and are tried again later; `proeftuin lanes NAME` tells why",
        "{count} keer is bezorgen mislukt; dat wordt later opnieuw geprobeerd. `proeftuin lanes NAAM` zegt waarom",
    ),
    "l-more": ("There is more to deliver.", "Er is nog meer te bezorgen."),
    "l-working": (
        "events are delivered to {names} every {seconds} seconds",
        "elke {seconds} seconden worden gebeurtenissen bezorgd bij {names}",
    ),
    "l-nobody": (
        "say to whom: --to NAME=URL, or a file with --sinks",
        "zeg aan wie: --to NAAM=URL, of een bestand met --sinks",
    ),
    "l-bad-to": (
        "{given} is no NAME=URL; write for instance --to hr=log:///var/log/pilots.jsonl",
        "{given} is geen NAAM=URL; schrijf bijvoorbeeld --to hr=log:///var/log/pilots.jsonl",
    ),
    "l-twice": ("{name} is given twice", "{name} is twee keer gegeven"),
    "l-bad-file": ("{file} is no usable TOML: {problem}", "{file} is geen bruikbare TOML: {problem}"),
    "l-no-table": (
        "{file}: {name} must be a table with a url",
        "{file}: {name} moet een tabel met een url zijn",
    ),
    "l-no-env": (
        "{file}: {name} takes its value from {variable}, which is not set",
        "{file}: {name} haalt zijn waarde uit {variable}, en die is niet gezet",
    ),
    "l-no-text": (
        "{file}: {name} takes its value from {source}, which is no text in UTF-8",
        "{file}: {name} haalt zijn waarde uit {source}, en dat is geen tekst in UTF-8",
    ),
    "l-not-subscribed": (
        "nobody subscribed as {name}; `proeftuin subscribe {name}` does",
        "niemand is geabonneerd als {name}; `proeftuin subscribe {name}` doet dat",
    ),
    "l-in-no-tenant": (
        "no tenant that has pilots subscribed as {name} yet",
        "nog geen organisatie met proeftuinen is geabonneerd als {name}",
    ),
    "l-subscribed": ("{name} gets {what}, from {start}", "{name} krijgt {what}, vanaf {start}"),
    "l-now": ("now on", "nu"),
    "l-beginning": ("the beginning", "het begin"),
    "l-next": (
        "`proeftuin deliver --to {name}=URL` brings it; `proeftuin work --to {name}=URL` goes on doing so.",
        "`proeftuin deliver --to {name}=URL` bezorgt het; `proeftuin work --to {name}=URL` blijft dat doen.",
    ),
    "l-everything": ("every event", "elke gebeurtenis"),
    "l-types": ("the events {types}", "de gebeurtenissen {types}"),
    "l-of-workflows": ("of {workflows}", "van {workflows}"),
    "l-of-party": ("on the tracks of {party}", "op de sporen van {party}"),
    "l-unsubscribed": ("{name} gets nothing any more", "{name} krijgt niets meer"),
    "l-no-subscriptions": (
        "Nobody subscribed; `proeftuin subscribe NAME` does.",
        "Niemand is geabonneerd; `proeftuin subscribe NAAM` doet dat.",
    ),
    "l-name": ("name", "naam"),
    "l-what": ("gets", "krijgt"),
    "l-lanes": ("pilots", "proeftuinen"),
    "l-behind": ("behind", "achter"),
    "l-parked": ("parked", "stilgezet"),
    "l-pilot": ("pilot", "proeftuin"),
    "l-reached": ("delivered", "bezorgd"),
    "l-attempts": ("failures", "mislukt"),
    "l-due": ("next try", "volgende poging"),
    "l-error": ("what went wrong", "wat misging"),
    "l-is-parked": ("parked", "stilgezet"),
    "l-is-claimed": ("under way", "onderweg"),
    "l-up-to-date": ("Everything that is known has arrived.", "Alles wat bekend is, is aangekomen."),
    "l-none-parked": (
        "Nothing is parked; {count} pilots have events that did not arrive yet.",
        "Niets is stilgezet; van {count} proeftuinen is nog niet alles aangekomen.",
    ),
    "l-how-to-resend": (
        "`proeftuin resend {name}` tries every parked lane again, `proeftuin resend {name} PILOT` one.",
        "`proeftuin resend {name}` probeert alles wat stilgezet is opnieuw, `proeftuin resend {name} PROEFTUIN` één.",
    ),
    "l-resent": ("{count} lanes are due now", "{count} rijen zijn nu aan de beurt"),
    "l-nothing-resent": (
        "There was nothing to send again.",
        "Er was niets om opnieuw te sturen.",
    ),
}
