"""The blockers of the engine itself, and how every blocker gets its remedies (`ways`) and its words (`wording`)."""

from collections.abc import Iterable

from attrs import evolve

from proeftuin.core.commands import Attempt, Blocker, Need, Remedy
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import PAUSED, Track
from proeftuin.core.table import Rule, Table


def never(attempt: Attempt, track: Track | None) -> Blocker:
    """Return the blocker of what can no longer be done: nothing would help."""
    state, key = (track.state, track.key) if track is not None else (attempt.pilot.state, None)
    return Blocker("wrong-state", FrozenDict({"state": state, "never": True}), key)


def not_yet(attempt: Attempt, rule: Rule) -> Blocker:
    """Return the blocker of what cannot be done from here, but could be after other moves."""
    pilot, key = attempt.pilot, attempt.command.track
    needs: list[Need] = []
    track = pilot.tracks.get(key) if key is not None and rule.opener is None else None
    needed: tuple[str, ...] = ()
    if track is not None and track.state not in rule.sources:
        needed += tuple(rule.sources)
        needs.append(Need("reach", track=key, states=tuple(sorted(rule.sources))))
    wanted = rule.sources if rule.kind is None and rule.opener is None else rule.during
    if pilot.state not in wanted:
        needed += tuple(wanted)
        needs.append(Need("reach", states=tuple(sorted(wanted)), data=_outcome(rule)))
    state = track.state if track is not None and track.state not in rule.sources else pilot.state
    params = FrozenDict({"state": state, "needed": tuple(sorted(set(needed))), "never": False})
    return Blocker("wrong-state", params, track.key if track else None, needs=tuple(needs))


def _outcome(rule: Rule) -> FrozenDict:
    """Return the outcome that a pilot must have been closed with: another end would not bring it closer."""
    uses = (one.params for one in rule.require if one.guard.name == "outcome_was")
    return next((FrozenDict({"outcome": params["outcome"]}) for params in uses), EMPTY)


def refused(table: Table, attempt: Attempt, rule: Rule) -> Blocker:
    """Return the blocker of an edge that is there to say no: the same again, with a choice that another edge is for."""
    data = attempt.command.data or EMPTY
    same = (one for one in table.every if (one.kind, one.edge.trigger) == (rule.kind, rule.edge.trigger))
    others = (one for one in same if one.edge.refuse is None)
    needs = tuple(
        Need("again", data=FrozenDict({**data, **{name: held[0] for name, held in one.edge.when.items()}}))
        for one in others
        if one.edge.when
    )
    return Blocker(str(rule.edge.refuse), needs=needs)


def paused(attempt: Attempt) -> Blocker:
    """Return the blocker of a pilot that is on hold."""
    return Blocker("paused", FrozenDict({"resume_by": attempt.pilot.data.get("resume_by")}), needs=(Need("resume"),))


def not_paused(attempt: Attempt) -> Blocker:
    """Return the blocker of resuming a pilot that runs: it would have to be paused first."""
    params = FrozenDict({"state": attempt.pilot.state, "needed": (PAUSED,), "never": False})
    return Blocker("wrong-state", params, needs=(Need("resume", data=FrozenDict({"hold": "pause"})),))


def full(table: Table, attempt: Attempt) -> Blocker:
    """Return the blocker of a head that may hold no more records: end some that it lets go of, or close the pilot."""
    kinds = [name for name, one in table.workflow.records.items() if one.keep == "open"]
    open_ones = [one for name in kinds for one in attempt.pilot.kept.get(name, ()) if one.ended is None]
    needs: tuple[Need, ...] = tuple(Need("end", record=one.type, ids=(one.id,)) for one in open_ones[:3])
    if not needs:
        final = tuple(name for name, state in table.workflow.states.items() if state.final)
        needs = (Need("reach", states=final),)
    return Blocker("limit-reached", needs=needs)


def coded(blocker: Blocker, code: str | None, track: Track | None) -> Blocker:
    """Return a guard's blocker with the code and track of this use of it."""
    if code is None and (blocker.track is not None or track is None):
        return blocker
    return evolve(blocker, code=code or blocker.code, track=blocker.track or (track.key if track else None))


def explain(table: Table, attempt: Attempt, blockers: Iterable[Blocker]) -> tuple[Blocker, ...]:
    """Return blockers with their remedies and their words in every language.

    Note:
        Where no way leads to the states of the edge after all, `wrong-state` means never, and stands alone.
    """
    from proeftuin.core import ways, wording  # noqa: PLC0415  # only a refusal needs them

    done: list[Blocker] = []
    for blocker in blockers:
        found: dict[Remedy, None] = {}
        for need in blocker.needs:
            found.update(dict.fromkeys(ways.find(table, attempt, need)))
        missing = blocker.missing + tuple(found)
        alone = False
        if blocker.code == "wrong-state" and not missing and not blocker.params.get("never"):
            alone = "never" in blocker.params  # of the edge's own states: a guard's says nothing of it
            blocker = evolve(blocker, params=FrozenDict({**blocker.params, "never": True}))  # noqa: PLW2901  # the same one
        params = (
            blocker.params
            if "trigger" in blocker.params
            else FrozenDict({**blocker.params, "trigger": attempt.command.trigger})
        )
        texts = wording.texts(table.workflow, blocker, missing)
        told = evolve(blocker, params=params, missing=missing, needs=(), texts=texts)
        if alone:
            return (told,)
        done.append(told)
    return tuple(done)
