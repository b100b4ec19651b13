"""Metrics of small purchases: what part goes to social enterprises, and how many categories offer a choice.

Source: De Normaalste Zaak, Kleine producten sociaal inkopen: a broad offer in every category, for example three.
"""

from collections.abc import Iterator

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards.choice import enterprises, is_social
from proeftuin.core.metrics._base import Definition, Facts, Share, exact, holding, said
from proeftuin.core.pilot import Record

CATEGORY, OPEN = "category", "open"


def _bought(facts: Facts) -> Iterator[tuple[Record, bool]]:
    """Give each purchase up to the day, and whether its supplier was listed in its category on the day of it."""
    for one in facts.pilot.kept.get("purchase", ()):
        if one.dated <= facts.day:
            yield one, is_social(facts.pilot, one)


def _spend(facts: Facts) -> Iterator[Share]:
    return (Share(exact(one.data["amount_ex_vat"]), track=one.track) for one, social in _bought(facts) if social)


def _by_value(facts: Facts) -> Iterator[Share]:
    for one, social in _bought(facts):
        amount = exact(one.data["amount_ex_vat"])
        yield Share(amount if social else 0, of=amount, track=one.track)


def _by_number(facts: Facts) -> Iterator[Share]:
    return (Share(int(social), of=1, track=one.track) for one, social in _bought(facts))


def _choices(facts: Facts) -> Iterator[Share]:
    """Give each category, and whether it is open with neither too few nor too many to choose from."""
    least, most, best = (facts.settings.whole(f"choice_{name}", facts.day) for name in ("min", "max", "target"))
    listings = tuple(one for one in facts.kept("listing") if one.on <= facts.day)
    for key, state in facts.tracks.items():
        if facts.pilot.tracks[key].kind == CATEGORY:
            offered = len(enterprises(listings, key, facts.day)) if state == OPEN else 0
            yield Share(int(least <= offered <= most), of=1, track=key)
            if offered == best:
                yield Share(1, "on_target", track=key)


_LISTED = said(
    "Social is a purchase from an enterprise that was listed in its category on that day.",
    "Sociaal is een aankoop bij een onderneming die op die dag in de categorie stond.",
)
_SOURCE = "De Normaalste Zaak, Kleine producten sociaal inkopen"

PURCHASES = (
    Definition(
        "social_spend",
        "EUR",
        _spend,
        said("Bought from social enterprises", "Ingekocht bij sociale ondernemingen"),
        note=_LISTED,
        reports=holding("purchase"),
        source=_SOURCE,
    ),
    Definition(
        "social_share_value",
        "percent",
        _by_value,
        said("Social share of small purchases, by value", "Aandeel sociaal in kleine inkopen, naar waarde"),
        shape="ratio",
        note=_LISTED,
        reports=holding("purchase"),
        source=_SOURCE,
    ),
    Definition(
        "social_share_count",
        "percent",
        _by_number,
        said("Social share of small purchases, by number", "Aandeel sociaal in kleine inkopen, naar aantal"),
        shape="ratio",
        note=_LISTED,
        reports=holding("purchase"),
        source=_SOURCE,
    ),
    Definition(
        "choice_coverage",
        "percent",
        _choices,
        said("Categories with a choice", "Categorieën met keuze"),
        shape="ratio",
        beside=FrozenDict(on_target="categories"),
        note=said(
            "Open categories with two to five social enterprises, of all categories; on target are those with three.",
            "Open categorieën met twee tot vijf sociale ondernemingen, van alle; op doel zijn die met drie.",
        ),
        reports=lambda facts: any(facts.pilot.tracks[key].kind == CATEGORY for key in facts.tracks),
        source=_SOURCE,
    ),
)
