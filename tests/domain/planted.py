"""A pilot in which every field of every record of a workflow holds a word of its own, on every kind of track.

It is written straight into the store, as no one who acts could fill all of it. `Planted.words` says where each word was
put: on the pilot, on a track of the own party, of a rival, or of nobody; in which type of record; and in which field.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from attrs import Factory, define, frozen

from proeftuin import Actor, Engine, Workflow
from proeftuin.core.events import Event
from proeftuin.core.frozen import freeze
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Field
from proeftuin.drafts import Draft
from tests.domain.life import Clock

PILOT, OWN, RIVAL, NOBODY = "pilot", "own", "rival", "nobody"
PARTIES = {OWN: "party-own", RIVAL: "party-rival", NOBODY: None}
FIRST = date(2026, 1, 5)
LATER = 500
"""Days after which every clock has had something to say."""


@frozen
class Word:
    """A word that was planted, and where.

    Attributes:
        place: whose it is; `where` is what it lies in: a type of record, `data`, `set`, `signature`, `erased`.
    """

    text: str
    place: str
    where: str
    field: str


@define
class Planted:
    """A workflow's pilot, as it is being filled."""

    workflow: Workflow
    engine: Engine
    words: list[Word] = Factory(list)
    id: str = "planted"
    table: Table = Factory(lambda self: compile_workflow(self.workflow), takes_self=True)
    numbers: Iterator[int] = Factory(lambda: count(1))
    subjects: Iterator[int] = Factory(lambda: count(101))
    drafted: Draft | None = None

    @property
    def pilot(self) -> Pilot:
        """As it is stored."""
        return self.engine.get(self.id)

    # -- values ----------------------------------------------------------------------------------------------------

    def word(self, place: str, where: str, field: str, prefix: str = "zq") -> str:
        """A word that is nowhere else."""
        text = f"{prefix}{next(self.numbers):04}x"
        self.words.append(Word(text, place, where, field))
        return text

    def value(self, place: str, where: str, name: str, field: Field, key: str | None) -> Any:
        """A value of the type of a field, with a word in it where that is possible."""
        kind = field.type
        if kind == "list":
            if isinstance(field.of, Mapping):
                return [self.row(place, where, field.of, key)]
            inner = Field("choice", of=field.of) if isinstance(field.of, tuple) else Field(field.of or "text")  # type: ignore[arg-type]  # a type by its name
            return [self.value(place, where, name, inner, key)]
        if kind == "map":
            if field.of is None:
                return {"any": self.word(place, where, name)}
            return {(field.keys or ("any",))[0]: self.value(place, where, name, Field(field.of), key)}  # type: ignore[arg-type]  # a type by its name
        if kind == "subject":
            subject = f"s{next(self.subjects)}"
            self.words.append(Word(subject, place, where, name))
            return subject
        plain: dict[str, Any] = {
            "integer": 3,
            "decimal": "4",
            "date": FIRST,
            "boolean": True,
            "url": f"https://example.org/{self.word(place, where, name)}" if kind == "url" else "",
            "choice": field.of[0] if isinstance(field.of, tuple) else "",
            "track": key,
            "new_track": key,
            "party": PARTIES.get(place),
            "record": self.record(place, field.record),
        }
        return plain[kind] if kind in plain else self.word(place, where, name)

    def record(self, place: str, kind: str | None) -> str | None:
        """The last record of this type there, None where there is none."""
        ids = [one.text for one in self.words if (one.place, one.where, one.field) == (place, kind, "id")]
        return ids[-1] if ids else None

    def row(self, place: str, where: str, fields: Mapping[str, Field], key: str | None) -> dict[str, Any]:
        """A value for every field."""
        found = {name: self.value(place, where, name, field, key) for name, field in fields.items()}
        return {name: value for name, value in found.items() if value is not None}

    # -- events ----------------------------------------------------------------------------------------------------

    def add(self, type_: str, data: Mapping[str, Any], track: str | None = None, trigger: str = "planted") -> None:
        """Add an event."""
        before = self.drafted.pilot.version if self.drafted else 0
        at = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(seconds=before)
        event = Event(self.id, before + 1, type_, at, FIRST, "somebody", "coordinator", trigger, track, freeze(data))
        assert self.drafted is not None
        self.drafted.add([event])

    def write(self) -> "Planted":
        """Fill the pilot, and store it."""
        start = self.workflow.start
        begun = self.engine.start(
            self.workflow.name, actor=self._starter(), data={"title": "T", "organisation": "O"}, id=self.id
        ).pilot
        self.drafted = Draft(self.table, begun, begun.version)
        self._records(PILOT, None)
        for kind in self.workflow.tracks:
            for place in (OWN, RIVAL, NOBODY):
                self._track(kind, place)
        left = {name: one for rule in self._rules(None) for name, one in rule.items()}
        rival = next((f"{RIVAL}.{kind}" for kind in self.workflow.tracks), None)
        self.add("pilot.changed", {"set": self.row(PILOT, "data", {**start.data, **left}, rival)})
        self.add("data.erased", {"subjects": ["s101"], "reason": self.word(PILOT, "erased", "reason")})
        self._store()
        return self

    def _starter(self) -> Actor:
        names = [self.workflow.groups.get(one, (one,)) for one in self.workflow.start.allow]
        return Actor("somebody", roles={names[0][0]})

    def _rules(self, kind: str | None) -> Iterator[Mapping[str, Field]]:
        """Give the fields that edges of a lifecycle leave on the pilot or the track."""
        for rule in self.table.every:
            if rule.kind == kind:
                yield {name: one for name, one in rule.fields.items() if name not in rule.consumed}

    def _track(self, kind: str, place: str) -> None:
        key, states = f"{place}.{kind}", list(self.workflow.tracks[kind].states)
        fields = {name: one for rule in self._rules(kind) for name, one in rule.items()}
        self.add("track.opened", {"kind": kind, "to": states[0], "party": PARTIES[place], "set": {}}, key)
        data = {"from": states[0], "to": states[0], "set": self.row(place, "set", fields, key)}
        self.add("track.moved", data, key)
        self._records(place, key)
        for rule in self.table.every:
            if rule.kind == kind and rule.edge.sign:
                vote = {"role": rule.edge.sign[0], "state": states[0], "data": {"w": self.word(place, "signature", "")}}
                self.add("signature.added", vote, key, rule.edge.trigger)

    def _records(self, place: str, key: str | None) -> None:
        assert self.drafted is not None
        for kind, declared in self.workflow.records.items():
            record = f"{kind}-{1 + self.drafted.pilot.counts.get(kind, 0)}"
            self.words.append(Word(record, place, kind, "id"))
            fields = self.row(place, kind, declared.fields, key)
            data = {"record": kind, "id": record, "fields": fields, "since": FIRST.isoformat()}
            fields.pop("end", None)
            subjects = [word.text for word in self.words if word.place == place and word.text.startswith("s1")]
            new = {"commitments": dict.fromkeys(subjects, "0" * 64)} if kind == "placement" else {}
            self.add("record.added", {**data, **new}, key)

    def _store(self) -> None:
        assert self.drafted is not None
        self.engine._writer._append_all((), (self.drafted,))


def planted(workflow: Workflow, url: str = "memory://") -> Planted:
    """A filled pilot, after everything that its clocks have to say."""
    clock = Clock(FIRST)
    made = Planted(workflow, Engine.open(url, workflows=[workflow], time=clock)).write()
    clock.day = FIRST + timedelta(days=LATER)
    made.engine.tick()
    return made
