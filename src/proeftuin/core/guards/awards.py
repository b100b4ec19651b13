"""Guards on awards: who may win, what may be awarded directly, standstill, and the contract that comes of it.

What tender law asks is asked in the form that the sources give, with its numbers from the settings. None of it is legal
advice.
"""

from datetime import date, timedelta
from decimal import Decimal

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards._base import Answer, Param, Question, guard
from proeftuin.core.guards.records import matching
from proeftuin.core.guards.tenders import own
from proeftuin.core.guards.tracks import standing
from proeftuin.core.settings import DEFAULTS


def _held(question: Question, field: str) -> str | None:
    """Return what the data gives for a field, or else what the track holds."""
    value = question.data.get(field)
    if value is None and question.track is not None:
        value = question.track.data.get(field)
    return value


def _instead(question: Question) -> tuple[Need, ...] | None:
    """Return the next of the states that the other way leads through; None where it has led to the last of them."""
    track, way = question.track, question.params["instead"]
    if track is None:
        return ()
    left = way[way.index(track.state) + 1 :] if track.state in way else way
    return (Need("reach", track=track.key, states=left[:1]),) if left else None


@guard(
    codes=("no-direct-award",),
    record=Param("text", refers="record", default="instrument"),
    instead=Param("names", required=True, refers="state"),
)
def not_reserved(question: Question) -> Answer:
    """The lot is not reserved: a reserved one is awarded by a procedure too, among those who are admitted.

    Note:
        `instead` are the states through which such a procedure leads. Source: the state secretary's answers of 26
        September 2018 on article 2.82 Aanbestedingswet 2012, in Van Benthem & Keulen, legal update of 19 October 2018.
    """
    reserved = matching(own(question, question.params["record"]), FrozenDict({"instrument": "reserved"}))
    needs = _instead(question)
    return Blocker("no-direct-award", needs=needs) if reserved and needs is not None else None


@guard(
    reads=("$field",),
    codes=("limit-exceeded", "missing-field"),
    field=Param("text", required=True, refers="field", of=("decimal", "integer")),
    setting=Param("text", required=True, values=tuple(DEFAULTS)),
    instead=Param("names", required=True, refers="state"),
)
def at_most(question: Question) -> Answer:
    """The amount, of the data or else of the track, is at most what this setting says today.

    Note:
        `instead` are the states through which a higher amount goes.
    """
    name, needs = question.params["field"], _instead(question)
    amount = _held(question, name)
    if amount is None:
        return Blocker("missing-field", FrozenDict({"field": name}))
    limit = question.settings.dated(question.params["setting"], question.today)
    if needs is None or Decimal(amount) <= Decimal(limit.value):
        return None
    params = FrozenDict({"amount": amount, "limit": limit.value, "source": limit.source})
    return Blocker("limit-exceeded", params, needs=needs)


@guard(codes=("not-eligible",), record=Param("text", refers="record", default="instrument"))
def winner_eligible(question: Question) -> Answer:
    """Of the winner of a reserved lot there is proof that enough of its people have a distance to the labour market.

    Note:
        Evidence on this track, of this party or of none in particular, not run out, and not of a lower share than
        `reserved_share`. Source: article 2.82 Aanbestedingswet 2012, as VHA Advocaat and Van Benthem & Keulen tell it
        (at least 30 %).
    """
    track = question.track
    reserved = matching(own(question, question.params["record"]), FrozenDict({"instrument": "reserved"}))
    if track is None or not reserved:
        return None
    winner = question.data.get("winner")
    least = question.settings.number("reserved_share", question.today)
    asked = FrozenDict({"type": "thirty_percent"})
    for one in matching(question.pilot.kept.get("evidence", ()), asked):
        share, until = one.number("share"), one.day("valid_until")
        valid = (share is None or share >= least) and (until is None or until >= question.today)
        if valid and one.track == track.key and one.data.get("party") in {None, winner}:
            return None
    whose = {} if winner is None else {"party": winner}
    need = Need("add", record="evidence", data=FrozenDict({**asked, **whose}), track=track.key)
    return Blocker("not-eligible", FrozenDict({"share": str(least), "winner": winner}), needs=(need,))


@guard(
    reads=("scores",),
    codes=("missing-field",),
    record=Param("text", refers="record", default="instrument"),
    criterion=Param("text", default="social_return_award"),
)
def scores_given(question: Question) -> Answer:
    """Where social return is an award criterion, the award decision holds the scores.

    Note:
        Source: PIANOo on social return as an award criterion.
    """
    chosen = matching(
        own(question, question.params["record"]), FrozenDict({"instrument": question.params["criterion"]})
    )
    return (
        Blocker("missing-field", FrozenDict({"field": "scores"}))
        if chosen and not question.data.get("scores")
        else None
    )


@guard(codes=("standstill-running",), field=Param("text", refers="field", of=("date",), default="signed_on"))
def standstill(question: Question) -> Answer:
    """The standstill period after the award decision is over: today, and on the day of the signature.

    Note:
        `standstill_days` calendar days (20), of which the day after the decision is sent is the first. An extension for
        weekends and holidays is not built in. Source: article 2.127 Aanbestedingswet 2012, in the commentary of Sdu.
    """
    held = question.track.data if question.track else EMPTY
    sent = held.get("sent_on")
    if not held.get("standstill_required") or sent is None:
        return None
    days = question.settings.whole("standstill_days", question.today)
    last = date.fromisoformat(sent) + timedelta(days=days)
    name = question.params["field"]
    signed = question.data.get(name)
    if (question.today if signed is None else date.fromisoformat(signed)) > last:
        return None
    earliest = last + timedelta(days=1)
    data = FrozenDict({**question.data, name: earliest.isoformat()})
    params = FrozenDict({"days": days, "last": last.isoformat(), "earliest": earliest.isoformat()})
    return Blocker("standstill-running", params, needs=(Need("again", data=data, day=earliest),))


@guard(reads=("supplier",), codes=("bad-value",))
def winner_signs(question: Question) -> Answer:
    """The contract is with the winner."""
    track = question.track
    if track is None or question.data.get("supplier") == track.party:
        return None
    return Blocker("bad-value", FrozenDict({"field": "supplier", "problem": "not-the-winner"}))


@guard(reads=("share",), codes=("instrument-missing",), record=Param("text", refers="record", default="instrument"))
def instrument_carried(question: Question) -> Answer:
    """The contract carries the share of social return that was published, or more.

    Note:
        Source: Handboek ISGV on article 2.80 Aanbestedingswet 2012 (the condition becomes a clause of the contract).
    """
    given = question.data.get("share")
    shares = [Decimal(one.data["share"]) for one in own(question, question.params["record"]) if one.data.get("share")]
    most = max(shares, default=Decimal(0))
    if given is None or Decimal(given) >= most:
        return None
    need = Need("again", data=FrozenDict({**question.data, "share": str(most)}))
    return Blocker("instrument-missing", FrozenDict({"because": "share", "share": str(most)}), needs=(need,))


@guard(
    codes=("wrong-state",),
    kind=Param("text", required=True, refers="track_kind"),
    states=Param("names", required=True, refers="state"),
    ends=Param("names", required=True, refers="state"),
)
def none_in_procedure(question: Question) -> Answer:
    """No track of this kind is in one of these states: legal terms run, and do not wait for a pilot.

    Note:
        The project's own choice: a procedure is withdrawn first, on purpose, to one of the states `ends`.
    """
    kind, states, ends = (question.params[name] for name in ("kind", "states", "ends"))
    return [
        Blocker(
            "wrong-state",
            FrozenDict({"because": "procedure", "state": question.pilot.tracks[key].state, "needed": ends}),
            key,
            needs=(Need("reach", track=key, states=ends),),
        )
        for key in standing(question.pilot, kind, states)
    ]


@guard(reads=("table", "group", "hours", "months", "invoice", "bonus"), codes=("missing-field", "bad-value"))
def effort_told(question: Question) -> Answer:
    """An effort is somebody of a group, for so many hours and months; or an invoice; or a bonus.

    Note:
        The group is one of the table's, where the organisation has given that table; an effort that was accepted could
        otherwise never be valued. Source: the building-block method (bouwblokkenmethode) of Dutch municipalities, such
        as Utrecht and DZB Leiden.
    """
    given = {name for name in ("group", "hours", "months", "invoice", "bonus") if question.data.get(name) is not None}
    wanted = ("hours", "months") if "group" in given else () if given & {"invoice", "bonus"} else ("group",)
    faults = [Blocker("missing-field", FrozenDict({"field": name})) for name in wanted if name not in given]
    table = question.settings.table(question.data["table"])
    if table is not None and "group" in given and question.data["group"] not in table.values:
        faults.append(Blocker("bad-value", FrozenDict({"field": "group", "problem": "not-in-the-table"})))
    return faults


@guard(
    reads=("effort",),
    codes=("proof-expired",),
    effort=Param("text", refers="record", default="effort"),
    evidence=Param("text", refers="record", default="evidence"),
)
def proof_valid(question: Question) -> Answer:
    """The evidence of an effort, where it names any, was still valid when the effort began.

    Note:
        An effort without a first day began when it was recorded. Source: the project's own choice.
    """
    kept, params = question.pilot.kept, question.params
    wanted = question.data.get("effort")
    effort = next((one for one in kept.get(params["effort"], ()) if one.id == wanted), None)
    named = None if effort is None else effort.data.get("evidence")
    proof = next((one for one in kept.get(params["evidence"], ()) if one.id == named), None)
    until = None if proof is None else proof.day("valid_until")
    if effort is None or until is None or until >= (effort.day("from") or effort.on):
        return None
    return Blocker("proof-expired", FrozenDict({"until": until.isoformat()}))
