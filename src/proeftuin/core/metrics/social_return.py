"""Metrics of tenders: the instruments in use, and what contractors did of what they owe.

The building-block method values an effort by a table: EUR for a year of full hours, in proportion to the hours a week
and the months. Tables differ from one organisation to the next, so amounts of two tables do not add up.

Source of an instrument per assignment, several at once: the interview with HHNK in Maatwerk voor Mensen (2020).
"""

from collections.abc import Iterator
from fractions import Fraction

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Amount, Definition, Facts, Share, exact, holding, said
from proeftuin.core.metrics._refusals import unknown_group, unknown_table
from proeftuin.core.pilot import Record

CONTRACT, PROCUREMENT = "contract", "procurement"
CONDITION, NO_INSTRUMENT = "social_return_condition", "none"
WITHDRAWN, ACCEPTED = "withdrawn", "accepted"
MONTHS = 12


def _instruments(facts: Facts) -> Iterator[Share]:
    """Give each instrument that is in use: open on the day, on a track that was not withdrawn by then."""
    for one in facts.open("instrument"):
        if facts.tracks.get(str(one.track), WITHDRAWN) != WITHDRAWN:
            name = str(one.data.get("instrument"))
            if name != NO_INSTRUMENT:
                yield Share(1, track=one.track, name=name)


def _accepted(facts: Facts) -> Iterator[Record]:
    """Give the efforts that the client had accepted by the day; what was only submitted or returned does not count."""
    for one in facts.kept("effort"):
        if one.data.get("status") == ACCEPTED and one.ended is not None and one.ended <= facts.day:
            yield one


def _value(facts: Facts, effort: Record) -> Fraction:
    """Return what an effort is worth in EUR, exact."""
    data = effort.data
    value = sum((exact(data[name]) for name in ("invoice", "bonus") if name in data), Fraction(0))
    group = data.get("group")
    if group is None:
        return value
    table = facts.settings.table(data["table"])
    if table is None:
        raise unknown_table(facts, data["table"])
    if group not in table.values:
        raise unknown_group(facts, table.id, group, table.values)
    full = exact(data.get("hours_base") or table.hours)
    return value + exact(table.values[group]) * exact(data["hours"]) / full * exact(data["months"]) / MONTHS


def _values(facts: Facts) -> Iterator[Share]:
    return (Share(_value(facts, one), track=one.track, name=one.data["table"]) for one in _accepted(facts))


def _obligations(facts: Facts) -> Iterator[tuple[str, Fraction]]:
    """Give each contract of which it is known what is owed: a share of its value, in EUR.

    What was agreed on the contract since comes before what was agreed at the signing, and that before the tender.
    """
    for key in facts.tracks:
        track = facts.pilot.tracks[key]
        if track.kind == CONTRACT:
            source = facts.pilot.tracks.get(str(track.data.get(PROCUREMENT)))
            value = track.data.get("value") or (None if source is None else source.data.get("value"))
            tendered = _condition(facts, track.data.get(PROCUREMENT))
            share = _condition(facts, key) or track.data.get("share") or tendered
            if value is not None and share is not None:
                yield key, exact(value) * exact(share) / 100


def _condition(facts: Facts, track: str | None) -> str | None:
    """Return the share that the last special performance condition on a track names on the day, in per cent."""
    found = None
    for one in facts.open("instrument"):
        if one.track == track and one.data.get("instrument") == CONDITION:
            found = one.data.get("share") or found
    return None if found is None else str(found)


def _fulfilments(facts: Facts) -> Iterator[Share]:
    """Give what is owed and what was done of it; beside it both in EUR, and what is short on each contract."""
    done: dict[str | None, Amount] = {}
    owed = dict(_obligations(facts))
    for share in _values(facts):
        if share.track in owed:
            done[share.track] = done.get(share.track, 0) + share.amount
            yield share
            yield Share(share.amount, "value_eur", track=share.track, name=share.name)
            yield Share(0, "short", track=share.track, name=share.name)
    for key, obligation in owed.items():
        yield Share(0, of=obligation, track=key)
        yield Share(obligation, "obligation", track=key)
        yield Share(max(obligation - done.get(key, 0), Fraction(0)), "short", track=key)


_TABLES = said(
    "Valued by a table of the organisation; efforts that the client accepted alone.",
    "Bepaald met een waardetabel van de organisatie; alleen inspanningen die de opdrachtgever heeft goedgekeurd.",
)
_METHOD = "the building-block method, as regions publish it; the table of the organisation"

SOCIAL_RETURN = (
    Definition(
        "instruments_in_use",
        "instruments",
        _instruments,
        said("Instruments in use", "Instrumenten in gebruik"),
        shape="distinct",
        note=said(
            "Each counted once, however often it was chosen; of procurements that were not withdrawn.",
            "Elk één keer geteld, hoe vaak het ook gekozen is; van aanbestedingen die niet zijn ingetrokken.",
        ),
        reports=holding("instrument"),
        source="HHNK in Maatwerk voor Mensen: the instrument that fits each assignment",
    ),
    Definition(
        "sroi_value",
        "EUR",
        _values,
        said("Value of social return", "Waarde van social return"),
        apart="sroi_value",
        note=_TABLES,
        reports=holding("effort"),
        source=_METHOD,
    ),
    Definition(
        "sroi_fulfilment",
        "percent",
        _fulfilments,
        said("Social return done of what is owed", "Social return geleverd van wat is afgesproken"),
        shape="ratio",
        apart="sroi_value",
        beside=FrozenDict(obligation="EUR", value_eur="EUR", short="EUR"),
        note=said(
            f"{_TABLES['en']} Of contracts of which the value and the share are known.",
            f"{_TABLES['nl']} Van contracten waarvan de waarde en het percentage bekend zijn.",
        ),
        reports=lambda facts: next(_obligations(facts), None) is not None,
        source=_METHOD,
    ),
)
