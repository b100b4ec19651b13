"""`subscribe`, `deliver`, `lanes`, `resend`, and `work` that delivers: what they print, and their exit codes."""

import json
import logging
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from proeftuin import Engine, StoreUnavailable
from proeftuin.cli import time as working
from proeftuin.cli.app import COMMANDS
from proeftuin.delivery import Deliverer
from proeftuin.errors import BadArgument, CorruptStore
from proeftuin.sinks import GROUP
from proeftuin.spi import NotDelivered, Parcel
from tests.unit.cli.running import COORDINATOR, Run, lead

DATA = {"title": "Catering", "organisation": "DJI"}


class Closed:
    """A sink that fails."""

    closed = 0

    def send(self, parcel: Parcel) -> None:
        raise NotDelivered("the door is closed", permanent=parcel.events[0].version > 1)

    def close(self) -> None:
        Closed.closed += 1


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> type[Closed]:
    """The sink `closed://`, which is told its options and fails."""

    def opener(url: str, options: Any) -> Closed:
        del url
        for name in options:
            raise BadArgument(name, f"is {options[name]!r}")
        return Closed()

    point = SimpleNamespace(name="closed", value="here", group=GROUP, load=lambda: opener)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [point] if group == GROUP else [])
    Closed.closed = 0
    return Closed


@pytest.fixture
def subscribed(run: Run, store: Path) -> Path:
    """A store with a subscription, and a pilot of two versions."""
    assert 0 == run("subscribe", "hr").code
    run("start", "existing-contract", "title=Catering", "organisation=DJI", "--id", "canteen", *COORDINATOR)
    run("fire", "canteen", "add_lesson", "text=planted", *COORDINATOR)
    return store


def test_a_subscription_is_told_in_words(run: Run, store: Path) -> None:
    """Who gets what, from when, and what to do next is said; again, and it goes on from where it was."""
    del store
    options = ("--type", "track.moved", "--type", "track.opened", "--workflow", "existing-contract")
    told = run("subscribe", "pay", *options, "--of-party", "sodexo", "--from-beginning").out
    assert "pay gets the events track.moved, track.opened of existing-contract" in " ".join(told.split())
    assert "on the tracks of sodexo, from the beginning" in " ".join(told.split())
    assert "proeftuin deliver --to pay=URL" in " ".join(told.split())
    assert "pay gets every event, from now on" in run("subscribe", "pay", "--from-beginning").out
    assert {"name": "pay", "types": None, "workflows": None, "party": None, "new": False} == run(
        "subscribe", "pay", "--json"
    ).json


def test_a_subscription_that_makes_no_sense_is_refused(run: Run, store: Path) -> None:
    """A misspelt type and an unknown workflow are told, with what was meant."""
    del store
    assert (2, True) == _answered(run("subscribe", "hr", "--type", "track.move"), "did you mean 'track.moved'?")
    assert (3, True) == _answered(run("subscribe", "hr", "--workflow", "tender2"), "tender2")


def _answered(answer: Any, words: str) -> tuple[int, bool]:
    return answer.code, words in answer.err


def test_subscriptions_are_listed_and_forgotten(run: Run, subscribed: Path) -> None:
    """Each is listed with how far it is behind, until it is forgotten."""
    del subscribed
    run("deliver", "--to", "hr=log://")
    assert ["hr", "every", "event", "1", "0", "0"] == run("subscriptions").out.splitlines()[1].split()
    assert [
        {"name": "hr", "types": None, "workflows": None, "party": None, "lanes": 1, "behind": 0, "parked": 0}
    ] == run("subscriptions", "--json").json
    assert "+ hr gets nothing any more\n" == run("unsubscribe", "hr").out
    assert "nobody subscribed as hr" in run("unsubscribe", "hr").out
    assert {"name": "hr", "was": False} == run("unsubscribe", "hr", "--json").json
    assert "Nobody subscribed; `proeftuin subscribe NAME` does.\n" == run("subscriptions").out


def test_a_delivery_to_the_log_shows_what_happened(run: Run, subscribed: Path) -> None:
    """With log:// a line is written for each event, of words and ids, and then how many there were."""
    del subscribed
    lines = run("deliver", "--to", "hr=log://").out.splitlines()
    assert ["canteen 1 pilot.started (coordinator)", "canteen 2 record.added (coordinator)"] == [
        line.partition(" ")[2] for line in lines[:2]
    ]
    assert "+ 2 events delivered" == lines[2]
    again = run("deliver", "--to", "hr=log://")
    assert (0, "There was nothing to deliver.\n") == (again.code, again.out)
    assert [] == logging.getLogger("proeftuin.events").handlers


def test_a_delivery_answers_scripts_in_json(run: Run, subscribed: Path) -> None:
    """As JSON there is nothing but the count, and what log:// shows goes to the error output."""
    del subscribed
    answer = run("deliver", "--to", "hr=log://", "--json")
    assert {"done": 2, "failed": 0, "more": False} == answer.json
    assert ["canteen 1 pilot.started (coordinator)", "canteen 2 record.added (coordinator)"] == [
        line.partition(" ")[2] for line in answer.err.splitlines()
    ]


def test_a_delivery_to_a_file_writes_whole_envelopes(run: Run, subscribed: Path, tmp_path: Path) -> None:
    """With log:///FILE each event is a line of JSON there."""
    del subscribed
    run("deliver", "--to", f"hr=log://{tmp_path}/pilots.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "pilots.jsonl").read_text().splitlines()]
    assert ["canteen-1", "canteen-2"] == [one["id"] for one in lines]
    assert "planted" == lines[1]["data"]["fields"]["text"]


def test_a_limit_leaves_the_rest(run: Run, subscribed: Path) -> None:
    """So many lanes are brought, and it is told that there is more."""
    del subscribed
    run("start", "existing-contract", "title=Green", "organisation=DJI", "--id", "green", *COORDINATOR)
    assert "There is more to deliver." in run("deliver", "--limit", "1", "--to", "hr=log://").out
    assert {"done": 1, "failed": 0, "more": True} == run("deliver", "--limit", "1", "--to", "hr=log://", "--json").json


def test_every_tenant_is_delivered_to(run: Run, subscribed: Path) -> None:
    """With --all-tenants each tenant that subscribed gets its own, and who only has no pilots yet is told of."""
    with Engine.open(f"sqlite:///{subscribed}", tenant="other") as other:
        other.subscribe("hr", start="beginning")
        other.subscribe("pay")
        other.start("existing-contract", actor=lead(), data=DATA)
    with Engine.open(f"sqlite:///{subscribed}", tenant="third") as third:
        third.start("existing-contract", actor=lead(), data=DATA)
        third.for_tenant("fourth").subscribe("new")
    answer = run("deliver", "--all-tenants", *(f"--to={name}=log://" for name in ("hr", "pay", "new")), "--json")
    assert {"done": 4, "failed": 0, "more": False} == answer.json
    assert "no tenant that has pilots subscribed as new yet\n" in answer.err


def test_what_failed_is_told_and_can_be_sent_again(run: Run, subscribed: Path, closed: type[Closed]) -> None:
    """A failure exits with 1, `lanes` tells why, and `resend` makes it due again."""
    del subscribed
    failed = run("deliver", "--to", "hr=closed://x")
    assert (1, 1, True) == (failed.code, closed.closed, "1 delivery failed" in failed.out)
    lane = run("lanes", "hr").out.splitlines()[1].split()
    assert ["canteen", "0/2", "1"] == lane[:3]
    assert "the door is closed" in run("lanes", "hr").out
    assert "Nothing is parked; 1 pilot has events that did not arrive yet." in run("lanes", "hr", "--parked").out
    told = run("resend", "hr", "canteen")
    assert (0, "+ 1 lane is due now\n") == (told.code, told.out)
    assert 2 == run("deliver", "--to", "hr=log://", "--json").json["done"]


def test_what_is_parked_is_shown_and_resent(run: Run, subscribed: Path, closed: type[Closed]) -> None:
    """A parked lane stands in the table as such, beside what to do about it, and `resend` wakes them all."""
    del subscribed
    run("deliver", "--to", "hr=log://", "--json")
    run("fire", "canteen", "add_lesson", "text=more", *COORDINATOR)
    assert {"done": 0, "failed": 1, "more": False} == run("deliver", "--to", "hr=closed://x", "--json").json
    shown = run("lanes", "hr", "--parked").out
    assert ("parked" in shown, "`proeftuin resend hr`" in " ".join(shown.split())) == (True, True)
    found = run("lanes", "hr", "--json").json
    assert {"name": "hr", "lanes": 1, "behind": 1, "parked": 1} == {key: found[key] for key in found if key != "items"}
    assert {
        "pilot": "canteen",
        "delivered": 2,
        "target": 3,
        "failures": 1,
        "due": None,
        "claimed": False,
        "parked": True,
        "error": "the door is closed",
    } == found["items"][0]
    assert {"name": "hr", "lanes": 1} == run("resend", "hr", "--json").json
    assert "There was nothing to send again.\n" == run("resend", "hr").out
    assert closed.closed == 1


def test_a_history_is_sent_again_by_command(run: Run, subscribed: Path) -> None:
    """With --after the events behind a version are due again."""
    del subscribed
    run("deliver", "--to", "hr=log://")
    run("resend", "hr", "canteen", "--after", "0")
    assert 2 == run("deliver", "--to", "hr=log://", "--json").json["done"]


def test_lanes_that_are_under_way_or_done_can_be_seen(run: Run, subscribed: Path) -> None:
    """A claim that is out shows as such; what has arrived is shown with --all, so many as was asked."""
    run("deliver", "--to", "hr=log://")
    assert "Everything that is known has arrived." in run("lanes", "hr").out
    assert "2/2" in run("lanes", "hr", "--all").out
    assert 2 == run("lanes", "hr", "--all", "--limit", "0").code
    run("resend", "hr", "canteen", "--after", "0")
    with Engine.open(f"sqlite:///{subscribed}") as engine:
        now = engine._reader.now()
        engine._store.claim("default", "hr", now=now, until=now.replace(year=now.year + 1))  # type: ignore[attr-defined]  # the store has lanes
    assert "under way" in run("lanes", "hr").out


@pytest.mark.parametrize("command", [("lanes",), ("resend",), ("deliver",)])
def test_a_name_that_nobody_subscribed_as_is_told(run: Run, subscribed: Path, command: tuple[str, ...]) -> None:
    """An unknown name is an error with what would help."""
    del subscribed
    given = ("--to", "pay=log://") if command == ("deliver",) else ("pay",)
    assert (2, True) == _answered(run(*command, *given), "nobody subscribed as")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ((), "say to whom"),
        (("--to", "log://"), "is no NAME=URL"),
        (("--to", "=log://"), "is no NAME=URL"),
        (("--to", "hr=log://", "--to", "hr=log://"), "hr is given twice"),
        (("--to", "hr=ftp://x"), "no sink is installed for ftp://"),
        (("--sinks", "nowhere.toml"), "nowhere.toml"),
        (("--to", "hr=log://", "--limit", "0"), "limit"),
    ],
    ids=str,
)
def test_whom_to_deliver_to_must_be_said_rightly(run: Run, subscribed: Path, given: tuple[str, ...], why: str) -> None:
    """No name, a name without a URL, one that is given twice and an unknown scheme are told."""
    del subscribed
    answer = run("deliver", *given)
    assert (True, True) == (answer.code in {2, 5}, why in answer.err)


def test_sinks_come_from_a_file_with_secrets_from_elsewhere(
    run: Run, subscribed: Path, closed: type[Closed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table names the URL and the options; a secret is taken from the environment or a file of its own."""
    del subscribed, closed
    (tmp_path / "secret").write_text(" from a file\n")
    monkeypatch.setenv("HR_SECRET", "from outside ")
    secrets = f'[{{env = "HR_SECRET"}}, {{file = "{tmp_path / "secret"}"}}, "itself", {{at = {{env = "HR_SECRET"}}}}]'
    file = tmp_path / "sinks.toml"
    file.write_text(f'[hr]\nurl = "closed://x"\nsecrets = {secrets}\n')
    expected = "secrets: is ['from outside', 'from a file', 'itself', {'at': 'from outside'}]"
    assert (2, True) == _answered(run("deliver", "--sinks", str(file)), expected)
    monkeypatch.setenv("PROEFTUIN_SINKS", str(file))
    assert (2, True) == _answered(run("deliver"), expected)
    monkeypatch.delenv("HR_SECRET")
    assert (2, True) == _answered(run("deliver"), "hr.secrets takes its value from HR_SECRET, which is not set")
    file.write_text('[hr]\nurl = "log://"\n')
    assert 2 == run("deliver", "--json").json["done"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[hr]\nurl = "log://"\nx = {file = 3}', "hr.x takes its value from 3, which is no text"),
        ('[hr]\nurl = "log://"\nx = [{env = true}]', "hr.x takes its value from True, which is no text"),
        ('[hr]\nurl = "log://"\nx = {file = "latin1"}', "hr.x takes its value from latin1, which is no text in UTF-8"),
        ('[hr]\nurl = "log://"\nx = {file = "nul\\u0000"}', "hr.x takes its value from nul, which is no text"),
        ("[hr", "no usable TOML"),
        ("hr = 5", "hr must be a table with a url"),
        ("[hr]\nurl = 5", "hr must be a table with a url"),
        ("[hr]", "hr must be a table with a url"),
        ("", "say to whom"),
    ],
)
def test_a_file_of_sinks_that_makes_no_sense_is_refused(
    run: Run, subscribed: Path, tmp_path: Path, text: str, why: str
) -> None:
    """A file that is no TOML, or has something else than tables with a URL, is told by name."""
    del subscribed
    (tmp_path / "latin1").write_bytes(b"caf\xe9")
    (tmp_path / "sinks.toml").write_text(text)
    assert (2, True) == _answered(run("deliver", "--sinks", "sinks.toml"), why)


def test_the_words_are_there_in_dutch(run: Run, subscribed: Path) -> None:
    """What the commands say is said in Dutch where that is asked."""
    del subscribed
    assert "2 gebeurtenissen bezorgd" in run("deliver", "--to", "hr=log://", "--lang", "nl").out
    assert "elke gebeurtenis" in run("subscriptions", "--lang", "nl").out
    assert {"subscribe", "unsubscribe", "subscriptions", "deliver", "lanes", "resend"} <= COMMANDS.keys()


# -- work --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def until(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Send the process a SIGTERM once a file has so many lines; the list holds the file and the number."""
    wanted: list[str] = []
    real = working.Stop.wait

    def wait(stop: working.Stop, seconds: float) -> None:
        file, lines = Path(wanted[0]), int(wanted[1])
        if not file.exists() or len(file.read_text().splitlines()) < lines:
            real(stop, 0.01)
        elif not stop.asked:
            os.kill(os.getpid(), signal.SIGTERM)
            real(stop, 60)

    monkeypatch.setattr(working.Stop, "wait", wait)
    return wanted


@pytest.mark.parametrize("form", ["words", "json"])
def test_a_worker_delivers_beside_what_is_due(
    run: Run, subscribed: Path, until: list[str], tmp_path: Path, form: str
) -> None:
    """`work` with a subscriber brings its events too, tells how many, and ends well on SIGTERM."""
    del subscribed
    until += [str(tmp_path / "pilots.jsonl"), "2"]
    options = ("--json",) if form == "json" else ()
    answer = run("work", "--deliver-every", "1", "--to", f"hr=log://{until[0]}", *options)
    assert (0, "") == (answer.code, answer.err)
    if form == "json":
        assert {"subscriber": "hr", "delivered": 2, "failed": 0} == json.loads(answer.out)
    else:
        assert "events are delivered to hr every 1 seconds" in answer.out
        assert "+ hr: 2 events delivered" in answer.out


@pytest.mark.parametrize(
    "error",
    [
        StoreUnavailable("gone for a while"),
        BadArgument("name", "gone for a while"),
        RuntimeError("can't start new thread"),
    ],
)
def test_a_worker_goes_on_when_a_round_fails(
    error: Exception, run: Run, subscribed: Path, until: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails for a while, whatever it is, is told on the error output, and the events come afterwards."""
    until += [str(subscribed.parent / "pilots.jsonl"), "2"]
    failed: list[int] = []
    real = Deliverer.deliver

    def deliver(self: Deliverer, *given: Any) -> Any:
        if not failed:
            failed.append(1)
            raise error
        return real(self, *given)

    monkeypatch.setattr(Deliverer, "deliver", deliver)
    answer = run("work", "--deliver-every", "1", "--to", f"hr=log://{until[0]}")
    told = "error: RuntimeError" if isinstance(error, RuntimeError) else "gone for a while"
    assert (0, True) == (answer.code, told in answer.err)
    assert 2 == len(Path(until[0]).read_text().splitlines())


def test_what_is_wrong_with_one_tenant_keeps_no_other_waiting(
    run: Run, subscribed: Path, until: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the pilots of one tenant cannot be read that is told, and those of the next are delivered."""
    until += [str(subscribed.parent / "pilots.jsonl"), "1"]
    with Engine.open(f"sqlite:///{subscribed}", tenant="other") as other:
        other.subscribe("hr", start="beginning")
        other.start("existing-contract", actor=lead(), data=DATA, id="elsewhere")
    real = Deliverer.deliver

    def deliver(self: Deliverer, *given: Any) -> Any:
        if self._tenant == "default":
            raise CorruptStore("the head of pilot 'canteen' cannot be read")
        return real(self, *given)

    monkeypatch.setattr(Deliverer, "deliver", deliver)
    answer = run("work", "--all-tenants", "--to", f"hr=log://{until[0]}")
    assert (0, True) == (answer.code, "canteen" in answer.err)
    assert ["elsewhere-1"] == [json.loads(line)["id"] for line in Path(until[0]).read_text().splitlines()]


def test_a_worker_tells_what_failed(
    run: Run, subscribed: Path, until: list[str], closed: type[Closed], tmp_path: Path
) -> None:
    """Beside a subscriber that is served, one that fails is named."""
    run("subscribe", "pay", "--from-beginning")
    until += [str(tmp_path / "pilots.jsonl"), "2"]
    (tmp_path / "sinks.toml").write_text('[pay]\nurl = "closed://x"\n')
    answer = run("work", "--sinks", "sinks.toml", "--to", f"hr=log://{until[0]}")
    assert (0, 1) == (answer.code, closed.closed)
    with Engine.open(f"sqlite:///{subscribed}") as engine:
        assert (0, 1) == (engine.lag("hr").behind, engine.lag("pay").behind)


def test_a_worker_refuses_a_name_that_nobody_subscribed_as(run: Run, subscribed: Path) -> None:
    """A worker does not begin with a subscriber that there is not."""
    del subscribed
    assert (2, True) == _answered(run("work", "--to", "pay=log://"), "nobody subscribed as pay")
