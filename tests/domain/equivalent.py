"""What can be removed from a workflow without any pilot behaving otherwise, and why it is in the file all the same."""

from collections.abc import Mapping

WITHDRAWN = "a withdrawn story leaves the head, so a story that is there is open"

COMMON: Mapping[str, str] = {
    "pilot.conclude.embedded guard parameter has state": WITHDRAWN,
    "pilot.conclude.follow_up guard parameter has state": WITHDRAWN,
    "pilot.resume paused allowed": "resuming is judged by the hold alone; the file lists it with what goes on",
}


def at_work(kind: str) -> Mapping[str, str]:
    """The same of agreements and placements, on a kind of track."""
    return {
        f"{kind}.amend_agreement op part end agreement same track": "an op of a track ends what is on it anyhow",
        "records.agreement number by_engine": "the op that numbers takes the field out of the data",
        "records.placement contributions min": "the guard on bundles wants two suppliers as well",
    }
