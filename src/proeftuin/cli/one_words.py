"""What the command says of one thing, where it says something else of several: by the word of the latter and `/1`."""

from collections.abc import Mapping

ONE: Mapping[str, tuple[str, str]] = {
    "a-actions/1": ("To do, 1 day ahead", "Te doen, 1 dag vooruit"),
    "a-written/1": ("1 due day ahead, in {file}", "1 termijn die nog komt, in {file}"),
    "differing/1": (
        "1 was left alone, since its id or ref is taken by a pilot with another history: {pilots}",
        "1 is overgeslagen: nummer of kenmerk is van een proeftuin met een andere geschiedenis: {pilots}",
    ),
    "doctor-found/1": (
        "1 pilot; found: {missing} missing, {old} old",
        "1 proeftuin; gevonden: {missing} ontbreekt, {old} verouderd",
    ),
    "doctor-well/1": (
        "1 pilot, and nothing is missing or old.",
        "1 proeftuin; er ontbreekt niets, niets is verouderd.",
    ),
    "exported/1": ("1 pilot, whole, in {file}", "1 proeftuin, heel, in {file}"),
    "exported-as/1": ("1 pilot, as {format}, in {file}", "1 proeftuin, als {format}, in {file}"),
    "exported-seen/1": (
        "1 pilot, as far as this role sees it, in {file}",
        "1 proeftuin, voor zover deze rol die ziet, in {file}",
    ),
    "f-more/1": ("1 more pilot is open; --limit shows more.", "Nog 1 proeftuin loopt; --limit toont er meer."),
    "f-quiet/1": ("quiet for 1 day", "1 dag stil"),
    "f-written/1": (
        "The report is in {file}, with a page for 1 pilot; open it in a browser, or print it.",
        "Het rapport staat in {file}, met een pagina voor 1 proeftuin; open het in een browser, of print het.",
    ),
    "findings/1": ("1 finding", "1 bevinding"),
    "forgotten/1": ("forgotten in 1 pilot:", "vergeten in 1 proeftuin:"),
    "g-decide/1": ("1 pilot needs a decision", "over 1 proeftuin moet iets besloten worden"),
    "g-done/1": ("1 pilot moved to the new version", "1 proeftuin naar de nieuwe versie gebracht"),
    "g-fine/1": ("1 pilot can go on under the new version", "1 proeftuin kan verder onder de nieuwe versie"),
    "g-gone-on/1": (
        "1 pilot went on since, and stays under the new version",
        "1 proeftuin ging sindsdien verder, en blijft onder de nieuwe versie",
    ),
    "g-impossible/1": ("1 pilot cannot be moved", "1 proeftuin kan niet over"),
    "g-left/1": (
        "1 pilot stayed as it is; without --apply this command says why",
        "1 proeftuin bleef zoals die is; zonder --apply zegt dit commando waarom",
    ),
    "g-replayed/1": (
        "1 history; would have gone differently: {differing}",
        "1 geschiedenis; zou anders zijn gegaan: {differing}",
    ),
    "g-undone/1": ("1 pilot moved back", "1 proeftuin teruggebracht"),
    "known-pilots/1": ("1 was there already, with the same history", "1 was er al, met dezelfde geschiedenis"),
    "l-all-delivered/1": ("1 event delivered", "1 gebeurtenis bezorgd"),
    "l-delivered/1": ("{name}: 1 event delivered", "{name}: 1 gebeurtenis bezorgd"),
    "l-failed/1": (
        "1 delivery failed and is tried again later; `proeftuin lanes NAME` tells why",
        "1 keer is bezorgen mislukt; dat wordt later opnieuw geprobeerd. `proeftuin lanes NAAM` zegt waarom",
    ),
    "l-none-parked/1": (
        "Nothing is parked; 1 pilot has events that did not arrive yet.",
        "Niets is stilgezet; van 1 proeftuin is nog niet alles aangekomen.",
    ),
    "l-resent/1": ("1 lane is due now", "1 rij is nu aan de beurt"),
    "lint-found/1": (
        "faults {errors}, warnings {warnings}, in 1 file",
        "fouten {errors}, waarschuwingen {warnings}, in 1 bestand",
    ),
    "lint-ok/1": ("1 file without faults", "1 bestand zonder fouten"),
    "marked/1": ("the last version of 1 pilot, in {file}", "de laatste versie van 1 proeftuin, in {file}"),
    "mend-or-partly/1": (
        "Mend what was refused, and import again; or write the 1 pilot that holds with --partly.",
        "Verbeter wat geweigerd is, en importeer opnieuw; of schrijf met --partly de 1 die klopt.",
    ),
    "moved/1": ("1 pilot written, from {file}", "1 proeftuin geschreven, uit {file}"),
    "n-things/1": ("1 thing", "1 melding"),
    "played/1": ("1 step, as expected", "1 stap, zoals verwacht"),
    "not-drawn/1": (
        "1 pilot could not be read, and is not drawn",
        "1 proeftuin kon niet worden gelezen, en is niet getekend",
    ),
    "f-unread/1": (
        "not complete: 1 pilot could not be read, and is not in it; `proeftuin verify` names every place",
        "niet volledig: 1 proeftuin is niet te lezen, en ontbreekt; `proeftuin verify` noemt elke plaats",
    ),
    "rows/1": ("1 row: {told}.", "1 rij: {told}."),
    "s-paired/1": ("The same pilot, lived twice.", "Dezelfde proeftuin, twee keer geleefd."),
    "s-what/1": (
        "1 pilot under {workflow}, from {begins} until {ends}, seed {seed}, {calls}.",
        "1 proeftuin volgens {workflow}, van {begins} tot {ends}, seed {seed}, {calls}.",
    ),
    "taken-in/1": ("1 pilot written", "1 proeftuin geschreven"),
    "there-already/1": (
        "There is a store at {url} already, with 1 pilot.",
        "Er is al een opslag op {url}, met 1 proeftuin.",
    ),
    "ticked/1": ("what was due is done on 1 pilot", "wat moest gebeuren is gedaan bij 1 proeftuin"),
    "whole/1": ("Everything is whole: 1 pilot.", "Alles is heel: 1 proeftuin."),
    "not-ticked/1": (
        "1 pilot could not be read and was passed over; `proeftuin verify` names every place",
        "1 proeftuin kon niet worden gelezen en is overgeslagen; `proeftuin verify` noemt elke plaats",
    ),
    "would-take-in/1": (
        "Without --dry-run 1 pilot could be written.",
        "Zonder --dry-run kan 1 proeftuin geschreven worden.",
    ),
    "would-move/1": ("1 pilot is new, in {file}", "1 proeftuin is nieuw, in {file}"),
}
