"""Reads behaviour files: a `Behaviour`, or every fault at once, each with its line and what to do.

All names are looked up in the workflow: triggers, roles, states, fields, types of records. What a file says of a name
that the workflow does not have would never happen, and nobody would notice.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from proeftuin.core.faults import Fault, did_you_mean
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.table import Rule, Table
from proeftuin.definitions._sources import text_of
from proeftuin.definitions._tree import BROKEN, compose
from proeftuin.definitions.catalogue import bundled_folder
from proeftuin.errors import BadArgument, DefinitionError
from proeftuin.simulation import _stands
from proeftuin.simulation._behaviour import NUDGES, PILOT, Act, Behaviour, Calls, Facilitators, Opening, Slow, Stay
from proeftuin.simulation._draws import Spread
from proeftuin.simulation._values import SURE, At, Reading

KEYS = (
    "behaviour", "workflow", "begins", "ends", "arrivals", "start", "facilitators", "calls", "nudges", "slow", "draws",
    "acts", "pilot", "tracks", "records",
)  # fmt: skip
NEEDED = ("behaviour", "workflow", "begins", "ends", "arrivals", "start", "facilitators", "calls", "nudges", "pilot")
ACT = ("fire", "by", "after", "likely", "times", "data", "signed", "steady")
STAY = ("next", "meanwhile", "again", "patience", "at_last")


def behaviour_folder() -> Path:
    """Return the folder of the bundled behaviour files, `<workflow>.yaml`."""
    return bundled_folder() / "behaviours"


def bundled_behaviour(workflow: str) -> Path:
    """Return the file of the behaviour that is bundled for a workflow.

    Raises:
        BadArgument: there is none.
    """
    found = {path.stem: path for path in sorted(behaviour_folder().glob("*.yaml"))}
    if workflow not in found:
        known = ", ".join(found) or "none"
        raise BadArgument("behaviour", f"none is bundled for {workflow} (bundled: {known}); name a file of your own")
    return found[workflow]


def load_behaviour(source: Path | str, table: Table) -> Behaviour:
    """Return the behaviour of a file or a text.

    Args:
        source: a path; a `str` is the text itself where it holds a new line, and a path otherwise. UTF-8, YAML 1.2.
        table: the workflow that it is about, compiled.

    Raises:
        DefinitionError: with every fault, in the order of the text.
    """
    inline = isinstance(source, str) and "\n" in source
    name = "<text>" if inline else str(source)
    tree = compose(str(source) if inline else _text(Path(source)), "a behaviour")
    reading = Reading(name, tree, [_named(fault, name) for fault in tree.faults])
    found = _Sections(reading, table).behaviour() if isinstance(tree.value, dict) else None
    if found is None and not reading.faults:
        reading.fault("wrong-type", "a behaviour is a mapping that begins with `behaviour: NAME`")
    if found is None or reading.faults:
        raise DefinitionError(sorted(reading.faults, key=lambda one: (one.line, one.column, one.text)))
    return found


def _named(fault: Fault, name: str) -> Fault:
    return Fault(fault.code, fault.text, fault.path, file=name, line=fault.line, column=fault.column)


def _text(path: Path) -> str:
    try:
        return text_of(path)
    except OSError as error:
        text = f"the file cannot be read ({type(error).__name__}); give its path"
    except ValueError:
        text = "the file is not in UTF-8; save it so"
    raise DefinitionError([Fault("unreadable", text, file=str(path), line=1, column=1)])


@frozen
class _Sections:
    """Reads a file, section by section."""

    reading: Reading
    table: Table

    def behaviour(self) -> Behaviour:
        """Return all of it; where there are faults, what is returned means nothing."""
        reading = self.reading
        top = reading.mapping(reading.tree.value, keys=KEYS, needs=NEEDED)
        workflow = reading.word(top.get("workflow", ""), (self.table.workflow.name,), "workflow", "workflow")
        every, over = self._arrivals(top.get("arrivals", BROKEN))  # what is missing was said
        facilitators = self._facilitators(top)
        draws = reading.mapping(top.get("draws", {}), "draws")
        soon, nudges = self._nudges(top)
        found = Behaviour(
            name=reading.text(top.get("behaviour", "-"), "behaviour"),
            workflow=workflow,
            begins=reading.day(top.get("begins", "2000-01-01"), "begins"),
            ends=reading.day(top.get("ends", "2001-01-01"), "ends"),
            every=every,
            over=over,
            start=self._start(top),
            facilitators=facilitators,
            calls=self._calls(top, facilitators.role),
            soon=soon,
            nudges=FrozenDict(nudges),
            slow=FrozenDict(self._slow(top)),
            draws=FrozenDict({name: reading.draws(one, "draws", name) for name, one in draws.items()}),
            acts=FrozenDict(self._acts(top)),
            stays=self._stays(top),
            openings=FrozenDict(self._openings()),
            records=FrozenDict(self._records(top)),
        )
        if found.begins >= found.ends and "bad-day" not in {one.code for one in reading.faults}:
            reading.fault("bad-day", "the simulation must end after it begins; make `ends` later", "ends")
        for name, at in reading.drawn:
            reading.word(name, found.draws, "draw", *at, key=True)
        return found

    # -- who there are, and when they come -----------------------------------------------------------------------------

    def _arrivals(self, value: object) -> tuple[Spread | None, int]:
        given = self.reading.mapping(value, "arrivals", keys=("every", "over"))
        if isinstance(value, dict) and len({"every", "over"} & value.keys()) != 1:
            text = "say either `every` (how long from one pilot to the next) or `over` (in how long all begin)"
            self.reading.fault("missing-key", text, "arrivals")
        if "every" in given:
            return self.reading.long(given["every"], "arrivals", "every"), 0
        over = self.reading.long(given.get("over", BROKEN), "arrivals", "over")
        if over.kind != "fixed" or over.unit != "days":
            self.reading.fault("bad-spread", "all begin within a number of days, as in `365 days`", "arrivals", "over")
        return None, over.numbers[0]

    def _start(self, top: Mapping[str, Any]) -> Act:
        at = ("start",)
        given = self.reading.mapping(top.get("start", {}), *at, keys=("by", "data"), needs=("by", "data"))
        role = self.reading.word(given.get("by", ""), self.table.start.allowed, "role", *at, "by")
        data = self._data(given.get("data", {}), (self.table.start,), *at, "data", whole=True)
        return Act("start", role, Spread("fixed", (0,), "days"), data=data)

    def _facilitators(self, top: Mapping[str, Any]) -> Facilitators:
        at, reading = ("facilitators",), self.reading
        given = reading.mapping(
            top.get("facilitators", {}), *at, keys=("role", "number", "pilots_each", "calls_a_week"),
            needs=("role", "calls_a_week"),
        )  # fmt: skip
        said = top.get("facilitators", {})  # what is broken was said too
        if given and ("number" in said) == ("pilots_each" in said):
            reading.fault("missing-key", "say either `number` or `pilots_each`", *at)
        return Facilitators(
            role=reading.word(given.get("role", ""), self.table.workflow.roles, "role", *at, "role"),
            calls_a_week=reading.whole(given.get("calls_a_week", 1), *at, "calls_a_week"),
            number=reading.whole(given["number"], *at, "number") if "number" in given else 0,
            pilots_each=reading.whole(given.get("pilots_each", 1), *at, "pilots_each"),
        )

    def _calls(self, top: Mapping[str, Any], role: str) -> Calls:
        at, reading = ("calls",), self.reading
        given = reading.mapping(
            top.get("calls", {}), *at, keys=("every", "silent", "fire", "data"), needs=("every", "fire")
        )
        trigger, rules = self._trigger(given.get("fire", ""), None, *at, "fire")
        every = reading.long(given.get("every", "7 days"), *at, "every").numbers[0]
        silent = reading.long(given.get("silent", "0 days"), *at, "silent").numbers[0]
        if every < 1:
            reading.fault("bad-number", "a call comes every day at most", *at, "every")
        if role in self.table.workflow.roles:
            self._role(role, rules, trigger, "facilitators", "role")
        return Calls(every, silent, trigger, self._data(given.get("data", {}), rules, *at, "data", whole=True))

    def _nudges(self, top: Mapping[str, Any]) -> tuple[int, dict[str, float]]:
        """Return within how many days who is nudged acts, and how likely that is per kind of nudge."""
        given, reading = self.reading.mapping(top.get("nudges", {}), "nudges", keys=("within", *NUDGES)), self.reading
        shares = {name: reading.share(given[name], "nudges", name) if name in given else 0.0 for name in NUDGES}
        return max(1, reading.long(given.get("within", "7 days"), "nudges", "within").numbers[0]), shares

    def _slow(self, top: Mapping[str, Any]) -> dict[str, Slow]:
        reading, known = self.reading, (PILOT, *self.table.workflow.tracks)
        found = {}
        for name, one in reading.mapping(top.get("slow", {}), "slow", keys=known).items():
            given = reading.mapping(one, "slow", name, keys=("share", "times"), needs=("share", "times"))
            share = reading.share(given.get("share", "0%"), "slow", name, "share")
            found[name] = Slow(share, reading.times(given.get("times", 1), "slow", name, "times"))
        return found

    # -- what they do --------------------------------------------------------------------------------------------------

    def _acts(self, top: Mapping[str, Any]) -> dict[str, Act]:
        found = {}
        for name, one in self.reading.mapping(top.get("acts", {}), "acts").items():
            self.reading.word(name, self.table.triggers, "trigger", "acts", name, key=True)
            given = {"fire": name, **one} if isinstance(one, dict) else one
            found[name] = self._act(given, None, "acts", name)
        return found

    def _stays(self, top: Mapping[str, Any]) -> dict[tuple[str, str], Stay]:
        workflow, reading = self.table.workflow, self.reading
        kinds: dict[str, tuple[At, Any, Mapping[str, Any]]] = {
            PILOT: (("pilot",), top.get("pilot", {}), workflow.states)
        }
        for name, one in reading.mapping(top.get("tracks", {}), "tracks", keys=workflow.tracks).items():
            kinds[name] = (("tracks", name), one, {"opens": None, **workflow.tracks[name].states})
        found = {}
        for kind, (at, given, states) in kinds.items():
            for state, one in reading.mapping(given, *at).items():
                reading.word(state, states, "state", *at, state, key=True)
                if state != "opens" or kind == PILOT:
                    found[kind, state] = self._stay(one, None if kind == PILOT else kind, *at, state)
        return found

    def _stay(self, value: object, kind: str | None, *at: str | int) -> Stay:
        reading = self.reading
        given = reading.mapping(value, *at, keys=STAY)
        moves = self._several(given.get("next", []), kind, *at, "next")
        if sum(one.likely for one in moves) > SURE:
            reading.fault("bad-share", "what comes next is likelier than 100% together; lower it", *at, "next")
        last = self._act(given["at_last"], kind, *at, "at_last") if "at_last" in given else None
        return Stay(
            next=moves,
            meanwhile=self._several(given.get("meanwhile", []), kind, *at, "meanwhile", whole=True),
            again=reading.long(given.get("again", "14 days"), *at, "again"),
            patience=reading.whole(given.get("patience", 8), *at, "patience", least=0),
            at_last=last,
        )

    def _openings(self) -> dict[str, Opening]:
        reading, found = self.reading, {}
        tracks = self.reading.tree.value.get("tracks", {})
        for kind, one in tracks.items() if isinstance(tracks, dict) else ():
            if not isinstance(one, dict) or "opens" not in one or kind not in self.table.workflow.tracks:
                continue
            at: At = ("tracks", kind, "opens")
            given = reading.mapping(one["opens"], *at, keys=("count", "in", *ACT), needs=("count", "in", "fire", "by"))
            states = tuple(
                reading.word(state, self.table.workflow.states, "state", *at, "in", place)
                for place, state in enumerate(reading.items(given.get("in", []), *at, "in"))
            )
            act = self._act({name: each for name, each in given.items() if name in ACT}, kind, *at, whole=True)
            found[kind] = Opening(act, reading.many(given.get("count", 1), *at, "count"), states)
        return found

    def _records(self, top: Mapping[str, Any]) -> dict[str, tuple[Act, ...]]:
        given = self.reading.mapping(top.get("records", {}), "records", keys=self.table.workflow.records)
        return {name: self._several(one, None, "records", name, whole=True) for name, one in given.items()}

    def _several(self, value: object, kind: str | None, *at: str | int, whole: bool = False) -> tuple[Act, ...]:
        items = self.reading.items(value, *at)
        return tuple(self._act(one, kind, *at, place, whole=whole) for place, one in enumerate(items))

    def _act(self, value: object, kind: str | None, *at: str | int, whole: bool = False) -> Act:
        reading = self.reading
        given = reading.mapping(value, *at, keys=ACT, needs=("fire", "by"))
        trigger, rules = self._trigger(given.get("fire", ""), kind, *at, "fire")
        return Act(
            trigger=trigger,
            by=self._role(given.get("by", ""), rules, trigger, *at, "by"),
            after=reading.long(given.get("after", "0 days"), *at, "after"),
            likely=reading.share(given.get("likely", "100%"), *at, "likely"),
            times=reading.many(given.get("times", 1), *at, "times"),
            data=self._data(given.get("data", {}), rules, *at, "data", whole=whole),
            signed=reading.long(given.get("signed", "7 days"), *at, "signed"),
            steady=reading.flag(given.get("steady", False), *at, "steady"),
        )

    def _trigger(self, value: object, kind: str | None, *at: str | int) -> tuple[str, tuple[Rule, ...]]:
        """Return a trigger with its edges: those of this track kind or of the pilot, or all where none is meant."""
        trigger = self.reading.word(value, self.table.triggers, "trigger", *at)
        rules = tuple(rule for rule in self.table.every if rule.edge.trigger == trigger)
        if rules and kind is not None and not any(rule.kind in {kind, None} or rule.opener for rule in rules):
            self.reading.fault("unknown-trigger", f"`{trigger}` cannot be fired on a {kind}", *at)
        return trigger, rules

    def _role(self, value: object, rules: tuple[Rule, ...], trigger: str, *at: str | int) -> str:
        role = self.reading.word(value, self.table.workflow.roles, "role", *at)
        allowed = tuple(dict.fromkeys(one for rule in rules for one in rule.allowed))
        if role in self.table.workflow.roles and allowed and role not in allowed:
            text = f"`{role}` may not fire `{trigger}`; it can be done by {', '.join(allowed)}"
            self.reading.fault("forbidden-role", text, *at)
        return role

    def _data(self, value: object, rules: tuple[Rule, ...], *at: str | int, whole: bool = False) -> FrozenDict:
        """Return data; where it is `whole`, nobody completes it by what a refusal says would help."""
        given = self.reading.mapping(value, *at)
        known = {name for rule in rules for name in rule.fields}
        unknown = [name for name in given if rules and name not in known]
        for name in unknown:
            text = f"`{name}` is no field of `{rules[0].edge.trigger}`{did_you_mean(name, known)}"
            self.reading.fault("unknown-field", text, *at, name, key=True)
        for name in known if whole and isinstance(value, dict) and not unknown else ():  # a slip is one fault, not two
            if name not in given and all(name in rule.fields and rule.fields[name].required for rule in rules):
                self.reading.fault("missing-field", f"`{rules[0].edge.trigger}` needs `{name}`; add it", *at)
        for place in _stands.found(given):
            self._stands(place, *at)
        return freeze(given) if given else EMPTY

    def _stands(self, place: _stands.Place, *at: str | int) -> None:
        if place.word not in _stands.WORDS:
            shown = [f"${one}" for one in _stands.WORDS]
            text = f"`${place.word}` stands for nothing{did_you_mean(f'${place.word}', shown)}"
            self.reading.fault("unknown-word", text, *at)
        elif (place.name is None) != (place.word not in {"person", "draw"}):
            text = f"write `$person.ROLE` and `$draw.NAME`, and the other words alone, not `${place.word}`"
            self.reading.fault("unknown-word", text, *at)
        elif place.word == "person":
            self.reading.word(place.name, self.table.workflow.roles, "role", *at, key=True)
        elif place.word == "draw":
            self.reading.drawn.append((str(place.name), at))
