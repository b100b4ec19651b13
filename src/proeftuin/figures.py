"""Figures over pilots: which pilots are looked at, whose figures are shown, and what is refused.

Pilots are read many in one go, added up (`core.metrics`) and let go of.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from proeftuin import door
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.metrics import Metric, Unmeasurable, measure
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.errors import BadArgument, ProeftuinError, Refused
from proeftuin.gathering import Missed
from proeftuin.reading import Reader

ASKED = "metrics"
WITHOUT_ONE = FrozenDict(
    en="1 pilot that cannot be read is not in it.", nl="1 proeftuin die niet kan worden gelezen telt niet mee."
)
WITHOUT = FrozenDict(
    en="{n} pilots that cannot be read are not in it.",
    nl="{n} proeftuinen die niet kunnen worden gelezen tellen niet mee.",
)
Ids = str | Iterable[str] | None
Filters = Mapping[str, Any]


def listed(pilots: Ids) -> str | tuple[str, ...] | None:
    """Return the ids that were asked for, so that they can be gone through more than once."""
    return pilots if pilots is None or isinstance(pilots, str) else tuple(door.several("pilots", pilots))


def flows(reader: Reader, pilots: Ids, filters: Filters) -> dict[str, str]:
    """Return the workflows that the pilots asked about follow, each with the first pilot that does."""
    found: dict[str, str] = {}
    for one in reader.each(**filters) if pilots is None else reader.looked_at(pilots, filters):
        found.setdefault(one.workflow, one.id)
    return found


def looked_at(
    reader: Reader, pilots: Ids, filters: Filters, among: Collection[str] | None, missed: Missed
) -> Iterable[tuple[Workflow, Pilot]]:
    """Give pilots with their workflows; of these workflows alone, where they are given."""
    found = reader.looked_at(pilots, filters, missed)
    return ((reader.shown(one.workflow).workflow, one) for one in found if among is None or one.workflow in among)


def missing(reader: Reader, missed: Missed, among: Collection[str] | None) -> int:
    """Return how many of the pilots that could not be read the figures are without.

    Where nobody knows the roles of a workflow, its pilots count: what may be incomplete is told to be.
    """
    return sum(among is None or one in among or reader.judged(one) is None for one in missed.values())


def without(metric: Metric, number: int) -> Metric:
    """Return a figure that tells how many pilots it is without, as a number and in words."""
    if not number:
        return metric
    words = WITHOUT_ONE if number == 1 else WITHOUT
    note = {lang: " ".join(filter(None, (metric.note.get(lang), words[lang].format(n=number)))) for lang in words}
    return evolve(metric, missing=number, note=FrozenDict(note))


def figures(
    reader: Reader,
    names: Sequence[str],
    *,
    pilots: Ids,
    among: Collection[str] | None = None,
    filters: Filters = EMPTY,
    strict: bool = True,
    **asked: Any,  # noqa: ANN401  # those of `measured`
) -> Mapping[str, Metric]:
    """Return metrics; see `Engine.metrics`. Of pilots under the workflows `among` alone, where these are given."""
    one = pilots if isinstance(pilots, str) else None
    wanted = listed(pilots)
    known = flows(reader, wanted, filters) if among is None and not names else among or ()
    declared = (name for flow in known for name in (reader.judged(flow) or reader.shown(flow)).workflow.metrics)
    chosen, lenient = names or tuple(dict.fromkeys(declared)), not (names and strict)
    missed = Missed()
    found = looked_at(reader, wanted, filters, among, missed) if chosen else ()
    made = measured(found, chosen, now=reader.now(), settings=reader.settings, lenient=lenient, pilot=one, **asked)
    number = missing(reader, missed, among)
    return FrozenDict({name: without(metric, number) for name, metric in made.items()})


def measured(
    found: Iterable[tuple[Workflow, Pilot]],
    names: Sequence[str],
    *,
    as_of: date | str | None = None,
    since: date | str | None = None,
    by: Sequence[str] = (),
    pilot: str | None = None,
    **asked: Any,  # noqa: ANN401  # the others of `measure`
) -> Mapping[str, Metric]:
    """Return metrics of pilots that come one after another; see `measure`.

    Args:
        found: the pilots with their workflows.
        names: which metrics.
        as_of: the day that they hold for, or its text; `since` likewise.
        since: the first day of the period.
        by: the field to break down by, alone or in a list.
        pilot: the id of the one pilot that was asked about.
        asked: what else is asked.

    Raises:
        BadArgument: for an unknown metric, part, field or day.
        Refused: for a figure that cannot be given.
    """
    fields = (by,) if isinstance(by, str) else tuple(door.several("by", by))
    day, begins = door.as_of(as_of), door.day("since", since)
    try:
        return measure(found, names, as_of=day, since=begins, by=fields, **asked)
    except ProeftuinError:
        raise  # it says what it is: of a pilot or a workflow that is unknown
    except LookupError as error:
        raise BadArgument("metrics", str(error.args[0])) from None
    except Unmeasurable as refused:
        raise Refused(pilot, ASKED, refused.blockers) from None
