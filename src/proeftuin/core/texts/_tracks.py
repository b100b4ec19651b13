"""How far the suppliers are."""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._said import said

TRACKS: Mapping[str, FrozenDict] = {
    "missing-signature": said(
        "No supplier has come far enough yet: an agreement signed by both sides is needed. Next: {what}, by {who}.",
        "Nog geen leverancier is zover: er is een afspraak nodig die beide partijen ondertekenen."
        " Eerstvolgende: {what}, door {who}.",
    ),
    "undecided-tracks": said(
        "Still undecided: {tracks}. They may join later; that stops nothing.",
        "Nog niet beslist: {tracks}. Zij kunnen later aansluiten; dat houdt niets tegen.",
    ),
    "open-tracks": said(
        'The track {track} is still "{state}". Bring it to an end first: {what}, by {who}.',
        'Het spoor {track} is nog "{state}". Rond het eerst af: {what}, door {who}.',
    ),
    "nothing-implemented": said(
        "In this round nobody was placed and no result was delivered, so there is nothing to evaluate."
        " What would do: {what}, by {who}.",
        "In deze ronde is niemand geplaatst en geen resultaat geleverd; er valt nog niets te evalueren."
        " Wat kan: {what}, door {who}.",
    ),
    "missing-placement-plan": said(
        "People are still placed ({count}). Say what happens with them, in the plan that is asked for.",
        "Er zijn nog mensen geplaatst ({count}). Beschrijf in het gevraagde plan hoe het met hen verder gaat.",
    ),
    "placements-active": said(
        "Placements still run ({count}). End them, or name those that go on outside the pilot; that can be done by:"
        " {who} ({what}).",
        "Er lopen nog plaatsingen ({count}). Beëindig ze, of noem die buiten de proeftuin doorgaan; dat kan door:"
        " {who} ({what}).",
    ),
    "capacity-exceeded": said(
        "{kind}: places agreed with {track}: {places}; taken: {active}. More is welcome; agree on it first:"
        " {what}, by {who}.",
        "{kind}: afgesproken plekken met {track}: {places}; bezet: {active}. Meer mag; spreek het eerst af:"
        " {what}, door {who}.",
    ),
    "overlap": said(
        "This person has another placement on one of these days ({other}). One at a time, or one bundled job."
        " What would help: {what}, by {who}.",
        "Deze persoon heeft op een van deze dagen al een plaatsing ({other}). Eén tegelijk, of een gebundelde baan."
        " Wat helpt: {what}, door {who}.",
    ),
}
