"""What guards ask of the data of a command, given by a supplier each: a function of `Wanted` that gives fields.

What a remedy knows it says itself; here is what no remedy can know, such as a name that is not in use yet. A supplier
leaves what fits as it is, so that random commands stay random.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import frozen

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Field

WEEK = timedelta(days=7)
SMALL = "1000"


@frozen
class Wanted:
    """What a supplier is asked for.

    Attributes:
        pilot, track: on which pilot, and the key of the track that is fired at.
        today: the day in the workflow's zone.
        data: what the command holds so far.
        params: of this use of the guard.
        fields: every field that the edge takes.
    """

    pilot: Pilot
    track: str | None
    today: date
    data: Mapping[str, Any]
    params: FrozenDict
    fields: Mapping[str, Field]


Supplier = Callable[[Wanted], Mapping[str, Any]]


def _within(wanted: Wanted) -> Mapping[str, Any]:
    weeks = wanted.params.get("weeks")
    ahead = WEEK if weeks is None else min(WEEK, timedelta(weeks=weeks))
    return {wanted.params["field"]: (wanted.today + ahead).isoformat()}


def _period(wanted: Wanted) -> Mapping[str, Any]:
    start, end = wanted.params["start"], wanted.params["end"]
    if end not in wanted.data:
        return EMPTY
    first = date.fromisoformat(wanted.data.get(start) or wanted.today.isoformat())
    return {end: (first + timedelta(days=365)).isoformat()}


def _privacy(wanted: Wanted) -> Mapping[str, Any]:
    return {name: "REF-A" for name in wanted.params["fields"] if name in wanted.data}


def _listed_once(wanted: Wanted) -> Mapping[str, Any]:
    """An enterprise that the category does not have yet."""
    listed = {
        str(one.data.get("enterprise")).casefold()
        for one in wanted.pilot.kept.get(wanted.params["listing"], ())
        if one.track == wanted.track and one.ended is None
    }
    given = wanted.data.get("enterprise")
    if given is None or given.casefold() not in listed:
        return EMPTY
    return {
        "enterprise": next(
            name for number in range(1, 1000) if (name := f"Enterprise {number}").casefold() not in listed
        )
    }


def _at_most(wanted: Wanted) -> Mapping[str, Any]:
    """A small amount, where the track does not say one."""
    name = wanted.params["field"]
    track = wanted.pilot.tracks.get(str(wanted.track))
    known = name in wanted.data or (track is not None and name in track.data)
    return EMPTY if known else {name: SMALL}


def _scores_given(wanted: Wanted) -> Mapping[str, Any]:
    return EMPTY if wanted.data.get("scores") else {"scores": {"alpha": "8", "beta": "6"}}


def _winner_signs(wanted: Wanted) -> Mapping[str, Any]:
    track = wanted.pilot.tracks.get(str(wanted.track))
    return EMPTY if track is None or track.party is None else {"supplier": track.party}


def _effort_told(wanted: Wanted) -> Mapping[str, Any]:
    """An invoice, and the hours and months of somebody who is told of."""
    if wanted.data.get("group") is not None:
        return {name: "8" for name in ("hours", "months") if wanted.data.get(name) is None}
    return EMPTY if wanted.data.get("bonus") is not None else {"invoice": wanted.data.get("invoice", SMALL)}


SUPPLY: Mapping[str, Supplier] = {
    "within": _within,
    "period": _period,
    "privacy": _privacy,
    "listed_once": _listed_once,
    "at_most": _at_most,
    "scores_given": _scores_given,
    "winner_signs": _winner_signs,
    "effort_told": _effort_told,
}
"""Those of the built-in guards, by the guard's name."""
