"""Guards on tenders up to the award: instruments, publication, equal treatment.

What tender law asks is asked in the form that the sources give. None of it is legal advice, and none of it replaces the
tender documents.
"""

import re
from collections.abc import Iterator
from datetime import date

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.guards.people import present
from proeftuin.core.pilot import Record, Track
from proeftuin.core.workflow import Role

FIXED = ("social_return_condition", "social_return_minimum", "social_return_award")
SAID = ("text", "share", "points")
LABELS = ("pso", "pso30", "prestatieladder", "trede", "keurmerk", "label")
OPEN_TO_ALL = ("gelijkwaardig", "gelijkwaardige", "equivalent", "equal", "vergelijkbaar", "vergelijkbare")
EQUIVALENT = "of gelijkwaardig"


def own(question: Question, type: str) -> list[Record]:  # noqa: A002  # the field's own word
    """Return the open records of a type on the track fired at."""
    key = question.track.key if question.track else None
    return [one for one in question.pilot.kept.get(type, ()) if one.track == key and one.ended is None]


@guard(codes=("instrument-missing",), record=Param("text", refers="record", default="instrument"))
def instrument_chosen(question: Question) -> Answer:
    """An instrument has been chosen, or `none`, with a rationale; one that tells bidders something says what.

    Note:
        Per assignment, and fixed at publication. Source: PIANOo (social return is a minimum requirement, an award
        criterion or a special performance condition, announced in the notice or the documents); De Normaalste Zaak and
        PIANOo, interview in Maatwerk voor Mensen (the instrument is chosen per assignment).
    """
    kind = question.params["record"]
    chosen = own(question, kind)
    key = question.track.key if question.track else None
    if not chosen:
        return Blocker("instrument-missing", track=key, needs=(Need("add", record=kind, track=key),))
    return list(_unsaid(kind, chosen))


def _unsaid(kind: str, chosen: list[Record]) -> Iterator[Blocker]:
    for one in chosen:
        which = one.data.get("instrument")
        if which in FIXED and not any(one.data.get(name) for name in SAID):
            data = FrozenDict({**one.data, "text": "..."})
            need = Need("add", record=kind, data=data, track=one.track)
            yield Blocker("instrument-missing", FrozenDict({"because": "text", "kind": which}), needs=(need,))


@guard(
    reads=("instrument",),
    codes=("instrument-conflict",),
    record=Param("text", refers="record", default="instrument"),
    alone=Param("text", default="none"),
)
def instrument_alone(question: Question) -> Answer:
    """To choose no instrument, on purpose, goes with no other choice.

    Note:
        The project's own choice.
    """
    kind, alone = question.params["record"], question.params["alone"]
    new = question.data.get("instrument")
    others = [one for one in own(question, kind) if (one.data.get("instrument") == alone) != (new == alone)]
    return [
        Blocker(
            "instrument-conflict",
            FrozenDict({"other": one.data.get("instrument"), "instrument": new}),
            needs=(Need("end", record=kind, ids=(one.id,)),),
        )
        for one in others
    ]


@guard(codes=("instrument-after-publication",), states=Param("names", required=True, refers="state"))
def before_publication(question: Question) -> Answer:
    """The track is in one of these states: what has been published stays as it is.

    Note:
        Source: Handboek ISGV on article 2.80 Aanbestedingswet 2012 (a special performance condition is announced in
        the notice or the tender documents).
    """
    track, states = question.track, question.params["states"]
    if track is None or track.state in states:
        return None
    needs = (Need("reach", track=track.key, states=states),)
    return Blocker("instrument-after-publication", FrozenDict({"state": track.state}), needs=needs)


@guard(
    reads=("$field",),
    codes=("label-without-equivalent",),
    field=Param("text", refers="field", default="text"),
    labels=Param("names", default=LABELS),
    unless=Param("names", default=OPEN_TO_ALL),
)
def label_equivalent(question: Question) -> Answer:
    """A text that names a label says that an equivalent will do.

    Note:
        Source: Europa decentraal (one may not require a specific social label; its specifications may be used).
    """
    name = question.params["field"]
    text = str(question.data.get(name, ""))
    words = {one.lower() for one in re.findall(r"[^\W_]+", text)}
    if words.isdisjoint(question.params["labels"]) or not words.isdisjoint(question.params["unless"]):
        return None
    data = FrozenDict({**question.data, name: f"{text} ({EQUIVALENT})"})
    return Blocker("label-without-equivalent", FrozenDict({"field": name}), needs=(Need("again", data=data),))


@guard(
    reads=("findings",),
    codes=("findings-unpublished",),
    record=Param("text", refers="record", default="activity"),
    types=Param("names", default=("market_consultation",)),
)
def findings_published(question: Question) -> Answer:
    """What a market consultation about this procurement found is published with the documents.

    Note:
        Source: Platform31 (hold a market consultation); that all bidders may read its findings is the project's own
        choice, and advice.
    """
    key = question.track.key if question.track else None
    held = [
        one
        for one in question.pilot.kept.get(question.params["record"], ())
        if one.data.get("type") in question.params["types"] and key in _about(one)
    ]
    if not held or question.data.get("findings"):
        return None
    need = Need("again", data=FrozenDict({**question.data, "findings": "..."}))
    return Blocker("findings-unpublished", FrozenDict({"count": len(held)}), needs=(need,))


@guard(
    reads=("about", "tracks", "present", "date", "fields"),
    codes=("equal-treatment",),
    states=Param("names", required=True, refers="state"),
    decided=Param("text", required=True, refers="state"),
    record=Param("text", refers="record", default="activity"),
)
def equal_treatment(question: Question) -> Answer:
    """While bids can be made, nobody talks with one bidder alone about that procurement.

    Note:
        A talk with several at once, one inside the organisation, one from before the publication, and one about another
        contract remain possible. Source: the principle of equal treatment in the Aanbestedingswet 2012; that it lasts
        from publication to the award decision is the project's own choice.
    """
    kind = question.params["record"]
    talks = [*question.adding, *(change.after for change in question.changing)]
    return [blocker for one in talks if one.type == kind for blocker in _partial(question, one)]


def _partial(question: Question, talk: Record) -> Iterator[Blocker]:
    """Say what one talk has against it, if it was with one bidder alone about a tender that runs."""
    roles = question.workflow.roles
    outside = [row for row in present(talk) if row.get("party") or _across(roles.get(str(row.get("role"))))]
    if len({row.get("party") for row in outside}) == 1:
        for key in _about(talk):
            track = question.pilot.tracks.get(key)
            if track is not None and track.state in question.params["states"] and not _before(talk, track):
                needs = (Need("reach", track=key, states=(question.params["decided"],)),)
                yield Blocker("equal-treatment", FrozenDict({"about": key, "state": track.state}), needs=needs)


def _about(talk: Record) -> tuple[str, ...]:
    """Return the tracks that a talk was about, or is linked with."""
    named = (talk.data.get("about"), *talk.data.get("tracks", ()))
    return tuple(dict.fromkeys(str(key) for key in named if key is not None))


def _before(talk: Record, track: Track) -> bool:
    """Whether a talk was held before the publication."""
    held, published = talk.day("date"), track.data.get("published_on")
    return held is not None and published is not None and held < date.fromisoformat(published)


def _across(role: Role | None) -> bool:
    return role is not None and role.side == "supplier"
