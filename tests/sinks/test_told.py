"""What is secret or personal is planted everywhere, and looked for in all that is sent, logged, kept and printed."""

import logging
import sqlite3
import traceback
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve

from proeftuin import Engine
from proeftuin.cli import main
from proeftuin.receiving import verify
from proeftuin.sinks.webhook import Webhook
from proeftuin.spi import NotDelivered
from tests.sinks.parcels import OLD, SECRET, SOURCE, parcel
from tests.sinks.servers import Receiver, receiver
from tests.unit.engines import DATA, LEAD, REF, SELLER, TODAY, engine

TOKEN = "TOKEN-MARKER"  # noqa: S105  # no secret
SECRETS = (SECRET, SECRET.removeprefix("whsec_"), OLD, TOKEN, "QUERY-MARKER")


def webhook(to: Receiver) -> Webhook:
    options = {"ports": (to.port,), "insecure_loopback": True, "token": TOKEN}
    return Webhook(to.url, source=SOURCE, secrets=[SECRET, OLD], **options)  # type: ignore[arg-type]  # each as it should be


def test_a_participant_is_in_no_delivery() -> None:
    """The ref under which the host knows a participant is in no body and no header of what is delivered."""
    on = engine()
    on.start("talks", actor=LEAD, data=DATA, id="p")
    on.fire("p", "identify", actor=LEAD, track="acme")
    placed = {"participant": REF, "start": TODAY, "kind": "training"}
    on.fire("p", "place", actor=SELLER, track="acme", data=placed)
    on.subscribe("hr", start="beginning")
    with receiver() as end:
        assert 0 == on.deliver({"hr": webhook(end)}).failed
        assert 3 == len(end.requests)
        assert {"s1"} == {
            verify(one.headers, one.body, SECRET).data["fields"]["participant"] for one in end.requests[2:]
        }
    assert not [one for one in end.requests if REF.encode() in one.body or REF in str(one.headers)]


def test_nothing_secret_is_logged_or_kept(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever an endpoint does, logs at DEBUG, lanes and errors with their tracebacks hold no secret or payload."""
    on = engine()
    on.start("talks", actor=LEAD, data={**DATA, "title": "PAYLOAD-MARKER"}, id="p")
    on.subscribe("hr", start="beginning")
    told: list[str] = []
    with caplog.at_level(logging.DEBUG), receiver() as end:
        for status in (200, 302, 401, 410, 500, 503):
            end.usual = status
            on.resend("hr", "p", after=0)
            on.deliver({"hr": webhook(end)})
            told += [str(lane) for lane in on.lanes("hr")]
            if status != 200:
                with pytest.raises(NotDelivered) as caught:
                    webhook(end).send(evolve(parcel(), events=parcel().events[:1]))
                told += ["".join(traceback.format_exception(caught.value)), repr(vars(caught.value))]
        assert TOKEN in end.requests[0].headers["authorization"]
    told += [str({**vars(one), "args": one.args, "text": one.getMessage()}) for one in caplog.records]
    assert caplog.records
    assert not [one for one in told for secret in (*SECRETS, "PAYLOAD-MARKER", "acme") if secret in one]


def test_a_command_delivers_by_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a TOML file, with its secrets in the environment, events arrive signed; no secret is printed or stored."""
    store, file = tmp_path / "pilots.db", tmp_path / "sinks.toml"
    monkeypatch.setenv("HR_SECRET", SECRET)
    monkeypatch.setenv("HR_TOKEN", TOKEN)
    with Engine.open(f"sqlite:///{store}") as on:
        on.subscribe("hr")
        data = {"title": "Catering", "organisation": "DJI"}
        on.start("existing-contract", actor=evolve(LEAD, roles=frozenset({"coordinator"})), data=data)
    with receiver() as end:
        file.write_text(
            f'[hr]\nurl = "{end.url}"\nsource = "{SOURCE}"\nports = [{end.port}]\ninsecure_loopback = true\n'
            'secrets = [{env = "HR_SECRET"}]\ntoken = {env = "HR_TOKEN"}\n'
        )
        command = ("deliver", "--sinks", str(file), "--store", f"sqlite:///{store}", "--json")
        end.usual = 500
        assert 1 == main(command)
        end.usual = 204
        assert 0 == main(("resend", "hr", "--store", f"sqlite:///{store}"))
        assert 0 == main(command)
        assert "pilot.started" == verify(end.requests[-1].headers, end.requests[-1].body, SECRET).type
    told = capsys.readouterr()
    with closing(sqlite3.connect(store)) as kept:
        everything = [told.out, told.err, *kept.iterdump()]
    assert not [one for one in everything for secret in SECRETS if secret in one]
