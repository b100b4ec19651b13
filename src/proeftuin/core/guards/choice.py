"""Guards on small purchases: a choice for whoever buys, and limits to what may be bought without a tender.

A category offers a choice of social enterprises (its listings). Whoever needs something chooses among them, or buys
elsewhere; both are recorded, and only the first counts as social. Enterprises go by their names, compared without
regard to case and surplus blanks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate

from proeftuin.core.calendar import add_months, later
from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.guards.tracks import standing
from proeftuin.core.pilot import Pilot, Record

YEAR = 12
CENT = Decimal("0.01")
TENDER = Need("begin", data=FrozenDict({"workflow": "tender"}))


def same_name(one: object, other: object) -> bool:
    """Whether two names mean one enterprise."""
    return _name(one) == _name(other)


def _name(value: object) -> str:
    return " ".join(str(value).split()).casefold()


def enterprises(listings: Iterable[Record], track: str | None, day: date | None = None) -> frozenset[str]:
    """Return the distinct enterprises that a category lists now, or on a day, by their names as compared."""
    return frozenset(
        _name(one.data.get("enterprise"))
        for one in listings
        if one.track == track and (one.ended is None if day is None else one.active(day))
    )


def is_social(pilot: Pilot, purchase: Record) -> bool:
    """Whether the supplier of a purchase was listed in its category on the day of the purchase."""
    day = purchase.dated
    return any(
        one.track == purchase.track
        and one.active(day)
        and same_name(one.data.get("enterprise"), purchase.data.get("supplier"))
        for one in pilot.kept.get("listing", ())
    )


def _key(question: Question) -> str | None:
    return question.track.key if question.track is not None else None


def _made(question: Question, kind: str) -> Iterator[Record]:
    """Give the records of a type that the command adds or mends."""
    yield from (one for one in question.adding if one.type == kind)
    yield from (one.after for one in question.changing if one.after.type == kind and one.after.ended is None)


# -- the choice --------------------------------------------------------------------------------------------------------


@guard(
    codes=("choice-out-of-bounds",),
    bound=Param("text", values=("min", "max")),
    listing=Param("text", refers="record", default="listing"),
)
def choice(question: Question) -> Answer:
    """The category lists no fewer and no more enterprises than make a choice; with `bound` one of both is asked.

    Note:
        From `choice_min` to `choice_max` of the settings (2 and 5, the project's own choice). Source: De Normaalste
        Zaak, Kleine producten sociaal inkopen: who buys wants to decide, and too much choice brings standstill.
    """
    kind, bound = question.params["listing"], question.params.get("bound")
    found = len(enterprises(question.records(kind), _key(question)))
    least, most = (question.settings.whole(name, question.today) for name in ("choice_min", "choice_max"))
    few = found < least and bound != "max"
    if not few and (found <= most or bound == "min"):
        return None
    params = {"count": found, "min": least, "max": most, **({} if few else {"because": "many"})}
    return Blocker("choice-out-of-bounds", FrozenDict(params), needs=_nearer(question, kind, more=few))


@guard(codes=("off-target-choice",), listing=Param("text", refers="record", default="listing"))
def choice_target(question: Question) -> Answer:
    """The category lists as many enterprises as work best.

    Note:
        `choice_target` of the settings (3). Source: De Normaalste Zaak, Kleine producten sociaal inkopen, where three
        is the example.
    """
    kind = question.params["listing"]
    found = len(enterprises(question.records(kind), _key(question)))
    target = question.settings.whole("choice_target", question.today)
    if found == target:
        return None
    needs = _nearer(question, kind, more=found < target)
    return Blocker("off-target-choice", FrozenDict({"count": found, "target": target}), needs=needs)


def _nearer(question: Question, kind: str, *, more: bool) -> tuple[Need, ...]:
    key = _key(question)
    if more:
        return (Need("add", record=kind, track=key),)
    listed = [one for one in question.pilot.kept.get(kind, ()) if one.track == key and one.ended is None]
    return tuple(Need("end", record=kind, ids=(one.id,)) for one in listed)


@guard(
    reads=("evidence", "conflict_of_interest", "fields"),
    codes=("not-eligible",),
    listing=Param("text", refers="record", default="listing"),
)
def eligible_listing(question: Question) -> Answer:
    """A listing says what shows that the enterprise is a social one, and its maker has no interest in it.

    Note:
        Source: the project's own choice; that social enterprises are hard to recognise is told by Platform31 and by
        PIANOo.
    """
    kind = question.params["listing"]
    evidence = question.workflow.records[kind].fields["evidence"].of
    blockers = []
    for one in _made(question, kind):
        if one.data.get("evidence") is None and isinstance(evidence, tuple):
            blockers.append(_ineligible("evidence", _with(question, evidence=evidence[0])))
        if one.data.get("conflict_of_interest"):
            blockers.append(_ineligible("conflict", _with(question, conflict_of_interest=False)))
    return blockers


def _ineligible(why: str, again: FrozenDict) -> Blocker:
    return Blocker("not-eligible", FrozenDict({"because": why}), needs=(Need("again", data=again),))


def _with(question: Question, **new: object) -> FrozenDict:
    """Return the data of the command with other values, which a correction has among its fields."""
    corrected = question.data.get("fields")
    more = {"fields": FrozenDict({**corrected, **new})} if isinstance(corrected, FrozenDict) else new
    return FrozenDict({**question.data, **more})


@guard(reads=("enterprise", "fields"), codes=("bad-value",), listing=Param("text", refers="record", default="listing"))
def listed_once(question: Question) -> Answer:
    """An enterprise stands in a category once."""
    kind = question.params["listing"]
    for one in _made(question, kind):
        for other in question.records(kind):
            if (
                other.id != one.id
                and other.track == one.track
                and other.ended is None
                and same_name(other.data.get("enterprise"), one.data.get("enterprise"))
            ):
                return Blocker("bad-value", FrozenDict({"field": "enterprise", "problem": "listed"}))
    return None


@guard(
    codes=("category-not-open",),
    kind=Param("text", required=True, refers="track_kind"),
    states=Param("names", required=True, refers="state"),
)
def category_open(question: Question) -> Answer:
    """At least one category is open to whoever wants to buy."""
    kind, states = question.params["kind"], question.params["states"]
    if standing(question.pilot, kind, states):
        return None
    need = Need("reach", kind=kind, states=states)
    return Blocker("category-not-open", needs=(need,))


# -- purchases ---------------------------------------------------------------------------------------------------------


@guard(
    reads=("supplier", "date"),
    codes=("category-not-open",),
    states=Param("names", required=True, refers="state"),
    purchase=Param("text", refers="record", default="purchase"),
)
def still_listed(question: Question) -> Answer:
    """But for in these states of a category, only those that it lists are bought from."""
    states = question.params["states"]
    if question.track is None or question.track.state in states:
        return None
    for one in _made(question, question.params["purchase"]):
        if not is_social(question.pilot, one):
            needs = (Need("reach", track=question.track.key, states=states),)
            return Blocker("category-not-open", FrozenDict({"because": "refresh"}), needs=needs)
    return None


@guard(
    reads=("amount_ex_vat", "supplier", "date", "fields"),
    codes=("limit-exceeded",),
    purchase=Param("text", refers="record", default="purchase"),
)
def purchase_limit(question: Question) -> Answer:
    """An order lies within the organisation's own limit, and a supplier's orders of a year below the EU threshold.

    Note:
        `small_purchase_limit` of the settings, in EUR excluding VAT, is the project's own choice; `threshold` is law,
        and which one holds is for the organisation to say.
    """
    for one in _made(question, question.params["purchase"]):
        threshold = _number(question, one, "threshold")
        limit = min(_number(question, one, "small_purchase_limit"), threshold)
        if _amount(one) > limit:
            again = Need("again", data=_with(question, amount_ex_vat=str(limit)))
            params = FrozenDict({"amount": str(_amount(one)), "limit": str(limit), "because": "order"})
            return Blocker("limit-exceeded", params, needs=(TENDER, again))
        if found := _over(question, one, threshold, "limit-exceeded"):
            return found
    return None


@guard(
    reads=("amount_ex_vat", "supplier", "date", "fields"),
    codes=("splitting-suspected",),
    purchase=Param("text", refers="record", default="purchase"),
)
def splitting(question: Question) -> Answer:
    """What one supplier got in a category in twelve months lies within the limit of a single order.

    Note:
        Advice: many small orders may be one large one. That an assignment may not be split so as to stay below a
        threshold is law; the limit is the organisation's own.
    """
    for one in _made(question, question.params["purchase"]):
        limit = _number(question, one, "small_purchase_limit")
        if _amount(one) <= limit and (found := _over(question, one, limit, "splitting-suspected")):
            return found
    return None


def _amount(purchase: Record) -> Decimal:
    return purchase.number("amount_ex_vat") or Decimal(0)


def _number(question: Question, purchase: Record, setting: str) -> Decimal:
    return question.settings.number(setting, purchase.dated)


def _over(question: Question, one: Record, most: Decimal, code: str) -> Blocker | None:
    """Return a blocker where some twelve months with this purchase come to more than so much.

    It says what would fit: a smaller order, or the same one on the first day on which there is room again.
    """
    others = _Spent((other.dated, _amount(other)) for other in question.records(one.type) if _beside(one, other))
    before = max(others.years(one.dated))
    room = most - before
    if _amount(one) <= room:
        return None
    if room >= CENT:
        again = Need("again", data=_with(question, amount_ex_vat=str(room)))
    else:
        day = others.first(one.dated, most - _amount(one))
        again = Need("again", data=_with(question, date=day.isoformat()), day=day)
    params = {"amount": str(before + _amount(one)), "limit": str(most), "because": "year"}
    return Blocker(code, FrozenDict(params), needs=(TENDER, again))


def _beside(one: Record, other: Record) -> bool:
    """Whether another purchase is from the same supplier in the same category."""
    same = same_name(one.data.get("supplier"), other.data.get("supplier"))
    return other.id != one.id and other.track == one.track and same


class _Spent:
    """What was spent, by day: asked for each order, of which there may be a thousand."""

    def __init__(self, bought: Iterable[tuple[date, Decimal]]) -> None:
        found = sorted(bought)
        self.days = [day for day, _ in found]
        self.sums = [Decimal(0), *accumulate(amount for _, amount in found)]

    def until(self, end: date) -> Decimal:
        """Return what was spent in the twelve months up to and including a day."""
        since = add_months(end, -YEAR)
        return self.sums[bisect_right(self.days, end)] - self.sums[bisect_right(self.days, since)]

    def years(self, day: date) -> Iterator[Decimal]:
        """Give what was spent in each twelve months that a day is among: up to that day, or to a later purchase."""
        yield self.until(day)
        after = bisect_left(self.days, add_months(day, YEAR))
        yield from (self.until(end) for end in self.days[bisect_right(self.days, day) : after])

    def first(self, day: date, most: Decimal) -> date:
        """Return the first later day that is in no twelve months in which more than so much was spent."""
        ends = sorted({later(add_months(one, YEAR), more) for one in self.days for more in (0, 1)})  # more: a leap day
        return next(end for end in ends if end > day and all(spent <= most for spent in self.years(end)))


@guard(
    codes=("nothing-implemented",),
    purchase=Param("text", refers="record", default="purchase"),
    listing=Param("text", refers="record", default="listing"),
)
def bought_social(question: Question) -> Answer:
    """At least one purchase was made from an enterprise that its category listed on that day."""
    kind, listing = question.params["purchase"], question.params["listing"]
    if any(is_social(question.pilot, one) for one in question.pilot.kept.get(kind, ())):
        return None
    listed = {one.track: one.data for one in question.pilot.kept.get(listing, ()) if one.ended is None}
    buy = (
        Need("add", record=kind, data=FrozenDict({"supplier": data.get("enterprise")}), track=track)
        for track, data in listed.items()
    )
    needs = tuple(buy) or (Need("add", record=listing),)
    return Blocker("nothing-implemented", FrozenDict({"because": "purchase"}), needs=needs)
