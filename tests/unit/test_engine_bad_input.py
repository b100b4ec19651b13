import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Engine, KeyReused, ProeftuinError, Refused, UnknownPilot, UnknownWorkflow
from tests.unit.engines import BOARD, DATA, LEAD, REF, SELLER, Clock, engine, everything, sqlite_url, start

Call = Callable[[Engine], object]


class Mood(StrEnum):
    GOOD = "good"


@pytest.fixture(params=["memory", "sqlite"])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine with one pilot, `p`, that has a track."""
    with engine("memory://" if request.param == "memory" else sqlite_url(tmp_path)) as made:
        start(made, id="p", ref="r")
        made.fire("p", "identify", actor=LEAD, track="acme")
        made.fire("p", "details", actor=LEAD, data={"n": 1}, key="used")
        yield made


def note(**data: object) -> Call:
    return lambda on: on.fire("p", "note", actor=LEAD, data={"text": "x", **data})


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def endless() -> dict[str, object]:
    value: dict[str, object] = {}
    value["again"] = value
    return value


FIRES: dict[str, tuple[Call, type[ProeftuinError], str]] = {
    "unknown pilot": (lambda on: on.fire("q", "talk", actor=LEAD), UnknownPilot, "there is no pilot 'q'"),
    "unknown workflow": (lambda on: on.start("nope", actor=LEAD, data=DATA), UnknownWorkflow, "known are talks"),
    "workflow of no version": (lambda on: on.workflow("talks@x"), UnknownWorkflow, "no workflow 'talks@x'"),
    "workflow of a far version": (lambda on: on.workflow(f"talks@{10**30}"), UnknownWorkflow, "no workflow"),
    "workflow that is no text": (lambda on: on.start(5, actor=LEAD, data=DATA), BadArgument, "name@version"),  # type: ignore[arg-type]  # what a host might pass
    "unknown trigger": (lambda on: on.fire("p", "fly", actor=LEAD), Refused, "unknown-trigger"),
    "trigger that is no text": (lambda on: on.fire("p", None, actor=LEAD), BadArgument, "name of a trigger"),  # type: ignore[arg-type]  # what a host might pass
    "trigger too long": (lambda on: on.fire("p", "x" * 256, actor=LEAD), BadArgument, "name of a trigger"),
    "unknown track": (lambda on: on.fire("p", "agree", actor=LEAD, track="nobody"), Refused, "unknown-track"),
    "no track": (lambda on: on.fire("p", "agree", actor=LEAD), Refused, "say which track it is about."),
    "track that is no text": (lambda on: on.fire("p", "agree", actor=LEAD, track=7), BadArgument, "must be text"),  # type: ignore[arg-type]  # what a host might pass
    "track with NUL": (lambda on: on.fire("p", "agree", actor=LEAD, track="a\0"), BadArgument, "control characters"),
    "unknown role": (
        lambda on: on.fire("p", "talk", actor=Actor("x", roles={"king"})),
        Refused,
        "Who may: Lead",
    ),
    "unknown field": (note(nope=1), Refused, "What can be given: text, day, hours, mood"),
    "missing field": (lambda on: on.fire("p", "note", actor=LEAD), Refused, "missing-field"),
    "number for text": (note(text=5), Refused, "is not text"),
    "text for a date": (note(day="tomorrow"), Refused, "is not a day, as in"),
    "text for a number": (note(hours="much"), Refused, "is not a number"),
    "not a choice": (note(mood="blue"), Refused, "is not one of the choices"),
    "future date": (note(day=date(2026, 3, 3)), Refused, "lies in the future"),
    "text too long": (note(text="x" * 10_001), Refused, "is too long"),
    "lone surrogate": (note(text="a\ud800b"), Refused, "cannot be kept"),
    "NUL in text": (note(text="a\0b"), Refused, "cannot be kept"),
    "float": (note(hours=0.5), BadArgument, "a float cannot be kept exactly; give a finite decimal"),
    "not a number": (note(hours=Decimal("NaN")), BadArgument, "give a finite decimal"),
    "infinity": (note(hours=Decimal("Infinity")), BadArgument, "give a finite decimal"),
    "datetime for a date": (note(day=datetime(2026, 3, 1, tzinfo=UTC)), BadArgument, "give a date"),
    "naive datetime": (note(day=datetime(2026, 3, 1)), BadArgument, "give a date"),  # noqa: DTZ001  # naive on purpose
    "bytes": (note(text=b"x"), BadArgument, "a bytes cannot be kept exactly"),
    "set": (note(text={"x"}), BadArgument, "a set cannot be kept exactly"),
    "huge integer": (note(hours=10**5000), BadArgument, "more than 64 bits"),
    "integer over 64 bits": (
        lambda on: on.fire("p", "details", actor=LEAD, data={"n": 2**63}),
        Refused,
        "is not a number",
    ),
    "keys that are no text": (note(text={1: "x"}), BadArgument, "keys must be text, not int"),
    "nested too deep": (note(text=nested(40)), BadArgument, "nested too deep"),
    "nested without end": (note(text=endless()), BadArgument, "nested too deep"),
    "nested beyond the stack": (note(text=nested(100_000)), BadArgument, "nested too deep"),
    "more than 64 kB": (
        lambda on: on.fire("p", "note", actor=LEAD, data={"text": "é" * 40_000}),
        BadArgument,
        "the data of one command may be 65536",
    ),
    "more than 64 kB in many fields": (
        note(**{f"f{number}": "x" * 900 for number in range(80)}),
        BadArgument,
        "the data of one command may be 65536",
    ),
    "more than 64 kB in a name": (note(**{"x" * 70_000: "y"}), BadArgument, "the data of one command may be 65536"),
    "data that is a list": (
        lambda on: on.fire("p", "note", actor=LEAD, data=["x"]),  # type: ignore[arg-type]  # what a host might pass
        BadArgument,
        "must be a mapping of fields, not list",
    ),
    "no actor": (lambda on: on.fire("p", "talk", actor=None), BadArgument, "must be an Actor, not NoneType"),  # type: ignore[arg-type]  # what a host might pass
    "actor that is text": (lambda on: on.fire("p", "talk", actor="lead"), BadArgument, "must be an Actor, not str"),  # type: ignore[arg-type]  # what a host might pass
    "the system by role": (
        lambda on: on.fire("p", "talk", actor=Actor("x", roles={"system", "lead"})),
        BadArgument,
        "nobody can claim to be the system",
    ),
    "the system by name": (
        lambda on: on.fire("p", "talk", actor=Actor("system", roles={"lead"})),
        BadArgument,
        "nobody can claim to be the system",
    ),
    "actor without id": (
        lambda on: on.fire("p", "talk", actor=Actor("", roles={"lead"})),
        BadArgument,
        "actor.id: must have 1 to 255",
    ),
    "actor with a role that is no text": (
        lambda on: on.fire("p", "talk", actor=Actor("x", roles={7})),  # type: ignore[arg-type]  # what a host might pass
        BadArgument,
        "must be names of roles, not int",
    ),
    "actor with an odd party": (
        lambda on: on.fire("p", "talk", actor=Actor("x", roles={"lead"}, party="\n")),
        BadArgument,
        "actor.party",
    ),
    "empty key": (lambda on: on.fire("p", "talk", actor=LEAD, key=""), BadArgument, "key: must have 1 to 255"),
    "blank key": (lambda on: on.fire("p", "talk", actor=LEAD, key="  "), BadArgument, "not all blank"),
    "key too long": (lambda on: on.fire("p", "talk", actor=LEAD, key="x" * 256), BadArgument, "1 to 255"),
    "key with NUL": (lambda on: on.fire("p", "talk", actor=LEAD, key="a\0"), BadArgument, "control characters"),
    "key with a surrogate": (lambda on: on.fire("p", "talk", actor=LEAD, key="\ud800"), BadArgument, "surrogates"),
    "key used otherwise": (
        lambda on: on.fire("p", "talk", actor=LEAD, key="used"),
        KeyReused,
        "give each command its own",
    ),
    "surrogate under a key": (
        lambda on: on.fire("p", "note", actor=LEAD, data={"text": "\ud800"}, key="new"),
        ProeftuinError,
        "",
    ),
    "expect that is no number": (
        lambda on: on.fire("p", "talk", actor=LEAD, expect="3"),  # type: ignore[arg-type]  # what a host might pass
        BadArgument,
        "expect: must be a whole number",
    ),
    "business date that is none": (lambda on: on.fire("p", "talk", actor=LEAD, on="soon"), BadArgument, "YYYY-MM-DD"),
    "business date with a time": (
        lambda on: on.fire("p", "talk", actor=LEAD, on=datetime(2026, 3, 1, tzinfo=UTC)),
        BadArgument,
        "must be a date",
    ),
    "business date ahead": (lambda on: on.fire("p", "talk", actor=LEAD, on="2026-03-03"), Refused, "lies after today"),
    "id too long": (lambda on: on.start("talks", actor=LEAD, data=DATA, id="x" * 256), BadArgument, "id: must have"),
    "empty id": (lambda on: on.start("talks", actor=LEAD, data=DATA, id=""), BadArgument, "id: must have"),
    "ref with NUL": (lambda on: on.start("talks", actor=LEAD, data=DATA, ref="a\0"), BadArgument, "ref: may not"),
    "start without data": (lambda on: on.start("talks", actor=LEAD, data=None), Refused, "missing-field"),
    "pilot id that is no text": (lambda on: on.fire(5, "talk", actor=LEAD), BadArgument, "pilot_id: must be text"),  # type: ignore[arg-type]  # what a host might pass
    "subject of a private person": (
        lambda on: on.fire(
            "p", "place", actor=SELLER, track="acme", data={"participant": "Jan Jansen", "kind": "training"}
        ),
        Refused,
        "privacy-violation",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRES)
def test_a_wrong_command_is_an_error_of_ours_and_writes_nothing(on: Engine, name: str) -> None:
    """Whatever is wrong with a command, the error is documented, says what to do, and the store stays as it was."""
    call, kind, message = FIRES[name]
    before = everything(on._store)
    with pytest.raises(kind) as caught:
        call(on)
    assert message in str(caught.value)
    assert before == everything(on._store)
    assert "Traceback" not in str(caught.value)
    assert on.fire("p", "talk", actor=LEAD).pilot.state == "talking"


ASKS: dict[str, tuple[Call, str]] = {
    "get of no text": (lambda on: on.get(None), "pilot_id: must be text"),  # type: ignore[arg-type]  # what a host might pass
    "version 0": (lambda on: on.get("p", version=0), "must be from 1 to 3"),
    "version ahead": (lambda on: on.get("p", version=4), "must be from 1 to 3"),
    "version that is text": (lambda on: on.get("p", version="1"), "must be from 1 to 3"),  # type: ignore[arg-type]  # what a host might pass
    "version and moment": (lambda on: on.get("p", version=1, at=datetime.now(UTC)), "not both"),
    "naive moment": (lambda on: on.get("p", at=datetime(2026, 3, 1)), "give it a time zone"),  # noqa: DTZ001  # naive on purpose
    "date for a moment": (lambda on: on.get("p", at=date(2026, 3, 1)), "give it a time zone"),  # type: ignore[arg-type]  # what a host might pass
    "moment beyond time": (
        lambda on: on.get("p", at=datetime.max.replace(tzinfo=timezone(-timedelta(hours=9)))),
        "between the years 1 and 9999",
    ),
    "history after text": (lambda on: on.history("p", after="1"), "after: must be a whole number"),  # type: ignore[arg-type]  # what a host might pass
    "history after nothing": (lambda on: on.history("p", after=None), "after: must be a whole number"),  # type: ignore[arg-type]  # what a host might pass
    "no limit": (lambda on: on.find(limit=0), "must be from 1 to 1000"),
    "limit too high": (lambda on: on.find(limit=1001), "must be from 1 to 1000"),
    "limit that is text": (lambda on: on.find(limit="5"), "must be from 1 to 1000"),  # type: ignore[arg-type]  # what a host might pass
    "state that is no text": (lambda on: on.find(state=5), "state: must be text, not int"),  # type: ignore[arg-type]  # what a host might pass
    "page after no text": (lambda on: on.find(after=5), "after: must be text, not int"),  # type: ignore[arg-type]  # what a host might pass
    "surrogate in a filter": (lambda on: on.find(organisation="\ud800"), "without NUL or lone surrogates"),
    "NUL in a filter": (lambda on: on.find(ref="a\0"), "without NUL or lone surrogates"),
    "filter too long": (lambda on: on.find(state="x" * 10_001), "at most 10000 characters"),
    "naive moment in a filter": (lambda on: on.find(updated_after=datetime(2026, 3, 1)), "give it a time zone"),  # noqa: DTZ001  # naive on purpose
    "workflow that is none": (lambda on: on.find(workflow="talks@x"), "neither a name nor name@version"),
    "each with a wrong filter": (lambda on: list(on.each(phase=5)), "phase: must be text"),
    "options for nobody": (lambda on: on.options("p", actor=None), "must be an Actor"),  # type: ignore[arg-type]  # what a host might pass
    "explain with a float": (lambda on: on.explain("p", "note", actor=LEAD, data={"hours": 0.5}), "finite decimal"),
    "view for nobody": (lambda on: on.seen_by("lead"), "must be an Actor, not str"),  # type: ignore[arg-type]  # what a host might pass
    "view for the system": (lambda on: on.seen_by(Actor("x", roles={"system"})), "claim to be the system"),
    "unknown metric": (lambda on: on.metrics("jobs"), "there is no metric 'jobs'"),
    "unknown part": (lambda on: on.metrics("stage_funnel", of="x"), "has no part 'x'"),
    "unknown breakdown": (lambda on: on.metrics("persons_placed", by=["x"]), "by may hold one of"),
    "two breakdowns": (lambda on: on.metrics("persons_placed", by=["kind", "track"]), "by may hold one of"),
    "breakdown that is no text": (lambda on: on.metrics("persons_placed", by=5), "by: must be one text or several"),  # type: ignore[arg-type]  # what a host might pass
    "pilots that are none": (lambda on: on.metrics("persons_placed", pilots=5), "pilots: must be one text or several"),  # type: ignore[arg-type]  # what a host might pass
    "pilots with a number": (lambda on: on.metrics("persons_placed", pilots=[5]), "pilot_id: must be text"),  # type: ignore[list-item]  # what a host might pass
    "day that is none": (lambda on: on.metrics("persons_placed", as_of="soon"), "YYYY-MM-DD"),
}


@pytest.mark.parametrize("name", ASKS)
def test_a_wrong_question_is_a_bad_argument(on: Engine, name: str) -> None:
    """Whatever is wrong with a question, the error names the argument and says what it must be."""
    ask, message = ASKS[name]
    with pytest.raises(BadArgument) as caught:
        ask(on)
    assert message in str(caught.value)


def test_a_clock_without_a_zone_is_refused() -> None:
    """The time of the host must be aware, or nothing is decided."""
    on = engine(time=Clock(datetime(2026, 3, 2, 9)))  # noqa: DTZ001  # naive on purpose
    with pytest.raises(BadArgument, match="time: must be an aware datetime"):
        start(on)
    assert () == on.find().items


def test_exact_values_come_back_as_they_went_in(on: Engine) -> None:
    """Decimals keep their digits, and text its every character, in whatever form they were given."""
    on.fire("p", "note", actor=LEAD, data={"text": " é🌱\r\n ", "hours": Decimal("1.10"), "day": date(2026, 3, 1)})
    assert {"text": " é🌱\r\n ", "hours": "1.10", "day": "2026-03-01"} == on.get("p").records("note")[0].data


def test_an_enumeration_of_the_host_may_be_given(on: Engine) -> None:
    """A member of an enumeration of texts is that text."""
    on.fire("p", "note", actor=LEAD, data={"text": "x", "mood": Mood.GOOD})
    assert "good" == on.get("p").records("note")[0].data["mood"]


def test_what_a_caller_keeps_is_not_what_is_stored(on: Engine) -> None:
    """Data that the caller changes afterwards does not change the pilot."""
    data = {"text": "before"}
    on.fire("p", "note", actor=LEAD, data=data)
    data["text"] = "after"
    assert "before" == on.get("p").records("note")[0].data["text"]


def test_an_actor_is_never_read_from_data(on: Engine) -> None:
    """An actor named in the data is an unknown field."""
    with pytest.raises(Refused) as no:
        on.fire("p", "details", actor=LEAD, data={"actor": "board-1", "role": "board"})
    assert ("unknown-field",) == no.value.codes
    assert BOARD.id not in {one.actor for one in on.history("p")}


def test_no_answer_repeats_what_may_point_at_a_person(on: Engine) -> None:
    """A refusal for a participant's data holds neither the reference nor what was said about the person."""
    data = {"participant": REF, "start": "2026-03-01", "kind": "training", "diagnosis": "secret-illness"}
    with pytest.raises(Refused) as no:
        on.fire("p", "place", actor=SELLER, track="acme", data=data)
    told = f"{no.value!r} {no.value} {no.value.as_problem()} {no.value.blockers!r}"
    assert not any(word in told for word in (REF, "secret-illness", "diagnosis"))
    assert ("privacy-violation",) == no.value.codes


def test_threads_share_one_engine(on: Engine) -> None:
    """Many threads at one pilot through one engine lose nothing: each command is written once, in some order."""
    gate = threading.Barrier(8)
    failed: list[BaseException] = []

    def work(number: int) -> None:
        gate.wait()
        try:
            on.fire("p", "note", actor=LEAD, data={"text": f"{number}"}, key=f"k{number}")
        except BaseException as error:  # noqa: BLE001  # told by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    lost = [error for error in failed if error.code != "conflict"]  # type: ignore[attr-defined]  # an error of ours
    assert [] == lost
    assert 8 - len(failed) == len(on.get("p").records("note"))
    assert () == on.verify()
