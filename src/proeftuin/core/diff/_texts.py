"""What is said of a change: its kind, and why it has the effect that it has, in every language."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

KINDS: Mapping[str, Mapping[str, str]] = FrozenDict(
    {
        "added": said("added", "toegevoegd"),
        "removed": said("removed", "weggelaten"),
        "changed": said("changed", "gewijzigd"),
        "renamed": said("renamed", "hernoemd"),
    }
)

REASONS: Mapping[str, Mapping[str, str]] = FrozenDict(
    {
        "words": said("only what people read differs", "alleen wat mensen lezen is anders"),
        "order": said(
            "only the order differs, which decides nothing", "alleen de volgorde is anders, en die beslist niets"
        ),
        "order-counts": said(
            "the order differs in which things are done on one day",
            "de volgorde waarin dingen op één dag gebeuren is anders",
        ),
        "unknown": said(
            "the two cannot be compared, so it may do anything",
            "de twee zijn niet te vergelijken, dus het kan van alles doen",
        ),
        "new": said("nothing that is there depends on it", "niets wat er is hangt ervan af"),
        "gone": said(
            "pilots may have it or use it; say what becomes of it",
            "proeftuinen kunnen het hebben of gebruiken; geef aan wat ervan wordt",
        ),
        "renamed": said(
            "it was called {names} and is otherwise the same; who uses the old name is refused",
            "het heette {names} en is verder hetzelfde; wie de oude naam gebruikt wordt geweigerd",
        ),
        # Fields.
        "must-be-given": said(
            "it must be given where it need not be before", "het moet gegeven worden waar dat niet hoefde"
        ),
        "may-be-given": said("it may be given, and may be left out", "het mag gegeven worden, en mag wegblijven"),
        "may-be-left-out": said("it may be left out more often", "het mag vaker wegblijven"),
        "about-a-person": said(
            "it names a participant, so what stands beside it is checked more strictly and shown to fewer",
            "het wijst een deelnemer aan; wat ernaast staat wordt strenger gecontroleerd en aan minder mensen getoond",
        ),
        "meant-otherwise": said(
            "data of this name was taken already, and goes elsewhere now",
            "een veld met deze naam werd al aangenomen, en gaat nu ergens anders heen",
        ),
        "default": said("what is left out is kept as something else", "wat wegblijft wordt als iets anders bewaard"),
        "by-engine": said("who fills it in differs", "wie het invult is anders"),
        "type": said("its values are of another kind", "de waarden zijn van een andere soort"),
        "choice-gone": said("fewer values are accepted: not {names}", "minder waarden worden aangenomen: niet {names}"),
        "choice-more": said("more values are accepted: {names}", "meer waarden worden aangenomen: {names}"),
        "same-bound": said("the bound is the same number", "de grens is hetzelfde getal"),
        "bound-wider": said("the bound is wider", "de grens is ruimer"),
        "bound-narrower": said("the bound is narrower", "de grens is nauwer"),
        # People.
        "role-gone": said("{names} may no longer", "{names} mag niet meer"),
        "role-more": said("{names} may too", "{names} mag ook"),
        "same-roles": said("the same roles are meant", "dezelfde rollen zijn bedoeld"),
        "role-before": said(
            "{names} may too, and who holds several of the roles acts in another one; put it last",
            "{names} mag ook, en wie meer van de rollen heeft handelt in een andere; zet hem achteraan",
        ),
        "role-order": said(
            "who holds several of the roles acts in another one",
            "wie meer van de rollen heeft handelt in een andere",
        ),
        "unsigned": said(
            "all who had to sign may do it alone",
            "allen die moesten tekenen mogen het nu alleen",
        ),
        "signature-more": said("{names} must sign as well", "{names} moet ook tekenen"),
        "signature-gone": said(
            "{names} can no longer sign, and what the others signed is to be signed again",
            "{names} kan niet meer tekenen, en wat de anderen tekenden moet opnieuw getekend worden",
        ),
        "excludes-more": said(
            "one person may not also act as {names}", "één persoon mag niet ook handelen als {names}"
        ),
        "excludes-less": said("one person may also act as {names}", "één persoon mag ook handelen als {names}"),
        "side": said("it belongs to another side of the table", "de rol hoort bij een andere kant van de tafel"),
        # What is fired.
        "new-trigger": said("it was not there to fire", "het was er nog niet om te doen"),
        "trigger-gone": said("whoever fires it is refused", "wie het doet wordt geweigerd"),
        "new-edge": said("it can be fired where it could not be", "het kan waar het niet kon"),
        "edge-gone": said("it can no longer be fired there", "het kan daar niet meer"),
        "opens-instead": said(
            "it opens a track now, on tracks that had a trigger of this name",
            "het opent nu een spoor, op sporen die een handeling met deze naam hadden",
        ),
        "asked-first": said(
            "it may be meant where an edge behind it was; put it behind that one",
            "het kan bedoeld zijn waar dat een handeling erachter was; zet het daarachter",
        ),
        "place-gone": said("it can no longer be fired in {names}", "het kan niet meer in {names}"),
        "place-more": said("it can be fired in {names} too", "het kan ook in {names}"),
        "same-places": said("the same states are meant", "dezelfde standen zijn bedoeld"),
        "by-itself": said(
            "a term may have it fired where it could not, so pilots go on unasked",
            "een termijn kan het in gang zetten waar dat niet kon, dus proeftuinen gaan ongevraagd verder",
        ),
        "value-gone": said("it is meant for fewer values", "het is voor minder waarden bedoeld"),
        "value-more": said("it is meant for more values", "het is voor meer waarden bedoeld"),
        "guard-more": said("{names} must hold as well", "ook {names} moet kloppen"),
        "guard-gone": said("{names} need not hold", "{names} hoeft niet te kloppen"),
        "guard-changed": said("{names} asks something else", "{names} vraagt iets anders"),
        "advice": said(
            "it warns of something else, and refuses nothing", "het waarschuwt voor iets anders, en weigert niets"
        ),
        "not-refused": said("it is no longer refused", "het wordt niet meer geweigerd"),
        "refused": said("it is always refused: {names}", "het wordt altijd geweigerd: {names}"),
        "while-paused": said("it can be fired during a hold too", "het kan ook tijdens een pauze"),
        "not-while-paused": said("it cannot be fired during a hold", "het kan niet tijdens een pauze"),
        "does-other": said("it does something else", "het doet iets anders"),
        "proposed": said("only what is proposed differs", "alleen wat wordt voorgesteld is anders"),
        "progress": said(
            "whether it counts as a sign of life differs, and terms count from that",
            "of het als teken van leven telt is anders, en termijnen tellen daarvandaan",
        ),
        # States, tracks, terms, figures.
        "ends": said("whether something has ended there differs", "of iets daar is afgelopen is anders"),
        "whose": said("whose track it is comes from elsewhere", "van wie het spoor is komt ergens anders vandaan"),
        "kept": said(
            "what is kept at hand differs, and guards see only that",
            "wat bij de hand blijft is anders, en voorwaarden zien alleen dat",
        ),
        "figures": said("figures count it otherwise", "cijfers tellen het anders"),
        "figure-gone": said("{names} is no longer told", "{names} wordt niet meer gegeven"),
        "figure-more": said("{names} is told too", "{names} wordt ook gegeven"),
        "new-term": said(
            "running pilots get a term that they did not have, and may be late for it",
            "lopende proeftuinen krijgen een termijn die ze niet hadden, en kunnen die al voorbij zijn",
        ),
        "days": said("days are counted otherwise", "dagen worden anders geteld"),
        "told": said("others are told, or on other days", "anderen krijgen bericht, of op andere dagen"),
    }
)
