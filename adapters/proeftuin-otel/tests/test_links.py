import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from proeftuin import Actor, Engine
from proeftuin.spi import Committed, NotDelivered, Parcel, Recorded
from proeftuin_otel import _commands
from tests import servers
from tests.conftest import needed
from tests.forked import held, in_child
from tests.telemetry import Told
from tests.unit.engines import LEAD, engine, everything, sqlite_url, start

ANNA = Actor("anna", roles={"coordinator"})
FACTS = {"title": "Canteen", "organisation": "Voorbeeld"}
ELSEWHERE = """
import json, sys
from proeftuin import Engine
from tests.telemetry import Told
told = Told()
class Sink:
    def send(self, parcel):
        pass
with Engine.open(sys.argv[1]) as engine:
    engine.deliver({"hr": told.traced(Sink())})
print(json.dumps([[link.context.trace_id, link.attributes["messaging.message.id"]]
                  for span in told.spans("send hr") for link in span.links]))
"""


class Taking:
    """A sink that takes everything, or nothing."""

    refuses = False

    def send(self, parcel: Parcel) -> None:
        if self.refuses:
            raise NotDelivered("not now")


def linked(span: ReadableSpan) -> list[int]:
    return [link.context.trace_id for link in span.links]


def traces(spans: list[ReadableSpan]) -> list[int]:
    return [one.context.trace_id for one in spans if one.context]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store that two processes can share."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/pilots.db"
        return
    with servers.fresh_postgresql(needed("postgresql", lambda: servers.server_url("postgresql"))) as fresh:
        subprocess.run([sys.executable, "-m", "proeftuin", "db", "upgrade", "--store", fresh], check=True)
        yield fresh


def test_a_delivery_by_another_process_leads_to_the_command(told: Told, url: str) -> None:
    """Each event that another process delivers links to a trace, in which a span links to the command behind it."""
    with Engine.open(url, hooks=[told.commands()]) as on:
        on.subscribe("hr")
        on.start("existing-contract", actor=ANNA, data=FACTS, id="canteen")
        on.fire("canteen", "add_lesson", actor=ANNA, data={"text": "Ask first"})
    spans = told.spans()
    done = subprocess.run([sys.executable, "-c", ELSEWHERE, url], capture_output=True, text=True, check=True)
    sent = json.loads(done.stdout)
    assert ["canteen-1", "canteen-2"] == [event for _, event in sent]
    for (trace, event), name in zip(sent, ("start start", "fire add_lesson"), strict=True):
        (created,) = [one for one in spans if one.context and one.context.trace_id == trace]
        (command,) = [one for one in spans if traces([one]) == linked(created)]
        assert (event, name) == ((created.attributes or {})["messaging.message.id"], command.name)
        assert [trace] == linked(command)


def test_the_trace_of_an_event_is_in_its_digest(told: Told) -> None:
    """The ids are the first digits of the digest, at each attempt and for each subscriber, a supplier's too."""
    on = engine(hooks=[told.commands()])
    pilot = start(on)
    digest = on.fire(pilot, "identify", actor=LEAD, track="acme").events[0].digest
    on.subscribe("all", start="beginning", types=["track.opened"])
    on.subscribe("acme", start="beginning", types=["track.opened"], party="acme")
    sink = Taking()
    for refuses in (True, False):
        sink.refuses = refuses
        on.resend("all", pilot)
        on.resend("acme", pilot)
        on.deliver({"all": told.traced(sink), "acme": told.traced(sink)})
    links = [link.context for span in told.spans("send") for link in span.links]
    assert 4 == len(links)
    assert {(digest[:32], digest[32:48])} == {(f"{one.trace_id:032x}", f"{one.span_id:016x}") for one in links}


def test_what_is_stored_is_the_same_without_it(told: Told) -> None:
    """With the hook and without it the store holds the same bytes, so no digest depends on a trace."""
    held = []
    for hooks in ([], [told.commands()]):
        on = engine(hooks=hooks)
        pilot = start(on)
        on.fire(pilot, "talk", actor=LEAD, key="k")
        held.append(everything(on._store))
    assert held[0] == held[1]


def hosted(told: Told, folder: Path, end: Callable[[sqlite3.Connection], None]) -> None:
    """Fire inside a transaction of the host, which ends one way or the other, and tell the hooks where it commits."""
    waiting: list[Callable[[], None]] = []
    with engine(sqlite_url(folder), hooks=[told.commands()]) as on:
        pilot = start(on)
        told.spans()
        connection = sqlite3.connect(folder / "pilots.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        on.using(connection, on_commit=waiting.append).fire(pilot, "talk", actor=LEAD)
        end(connection)
        if end is sqlite3.Connection.commit:
            for tell in waiting:
                tell()
        connection.close()


def test_inside_the_hosts_transaction_links_are_laid_at_its_commit(told: Told, tmp_path: Path) -> None:
    """The event's span, which comes with the host's commit, links to the span of the command that ended before."""
    hosted(told, tmp_path, sqlite3.Connection.commit)
    command, created = told.spans()
    assert ("fire talk", "create pilot.moved") == (command.name, created.name)
    assert traces([command]) == linked(created)


def test_a_commit_of_the_host_inside_another_command_is_not_taken_for_its_own(told: Told, tmp_path: Path) -> None:
    """Where a hook commits a transaction of the host meanwhile, each event still leads to the command behind it."""

    class Host:
        def committed(self, moment: Committed) -> None:
            if moment.events[0].trigger != "talk":
                return
            waiting: list[Callable[[], None]] = []
            connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            on.using(connection, on_commit=waiting.append).fire(other, "details", actor=LEAD, data={"n": 1})
            connection.commit()
            connection.close()
            for tell in waiting:
                tell()

    with engine(sqlite_url(tmp_path), hooks=[told.commands(), Host()]) as on:
        pilot, other = start(on), start(on)
        told.spans()
        on.fire(pilot, "talk", actor=LEAD)
    spans = {one.name: one for one in told.spans()}
    assert traces([spans["create pilot.moved"]]) == linked(spans["fire talk"])
    assert {"create pilot.moved": "fire talk", "create pilot.changed": "fire details"} == {
        name: next(one.name for one in spans.values() if one.context == span.links[0].context)
        for name, span in spans.items()
        if name.startswith("create")
    }


def test_a_host_that_rolls_back_leaves_no_span_of_an_event(told: Told, tmp_path: Path) -> None:
    """Of a commit that never came there is the command's span alone, and it links to nothing."""
    hosted(told, tmp_path, sqlite3.Connection.rollback)
    (command,) = told.spans()
    assert ("fire talk", []) == (command.name, linked(command))


def test_a_commit_that_is_undone_lays_no_link(told: Told) -> None:
    """Where a hook undoes the commit, the span says so, and there is none of the event."""

    class Undoing:
        def recorded(self, moment: Recorded) -> None:
            if moment.events[0].trigger == "talk":
                raise LookupError("the host cannot book this")

    on = engine(hooks=[told.commands(), Undoing()])
    pilot = start(on)
    told.spans()
    with pytest.raises(LookupError):
        on.fire(pilot, "talk", actor=LEAD)
    (command,) = told.spans()
    assert ("LookupError", []) == ((command.attributes or {})["error.type"], linked(command))


def test_what_waits_for_a_host_is_bounded(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of commands that no host ever commits only the last ones are remembered."""
    monkeypatch.setattr(_commands, "WAITING", 3)
    hook = told.commands()
    with engine(sqlite_url(tmp_path), hooks=[hook]) as on:
        pilots = [start(on) for _ in range(5)]
        connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        inside = on.using(connection, on_commit=lambda _: None)
        digests = [inside.fire(one, "talk", actor=LEAD).pilot.digest for one in pilots]
        connection.rollback()
        connection.close()
    assert digests[-3:] == list(hook._waiting)


def test_a_child_of_a_fork_waits_for_no_thread_of_its_parent(told: Told) -> None:
    """A command in a child that was forked off while another thread noted something comes to its end, and is told."""
    hook = told.commands()

    def command() -> None:
        with Engine.open("memory://", hooks=[hook]) as engine:
            engine.start("existing-contract", actor=ANNA, data=FACTS)
        assert told.spans("create ")

    with held(hook._lock):
        assert 0 == in_child(command)
