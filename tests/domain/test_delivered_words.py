"""Words planted in every field of every bundled workflow, and what is delivered of them: posted, logged and mailed."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from attrs import Factory, define

from proeftuin import log
from proeftuin.core.events import Event
from proeftuin.definitions import Catalogue
from proeftuin.digests import Digests, Recipient, letters
from proeftuin.sight import Sight
from proeftuin.sinks.email import Mailer
from proeftuin.sinks.log import LogSink
from proeftuin.spi import Parcel, Sink
from tests.digests.posts import in_full, office
from tests.domain.planted import NOBODY, OWN, PARTIES, PILOT, RIVAL, Planted, planted
from tests.domain.test_seen_words import NAMES, flows, hidden_from_supplier
from tests.sinks.servers import Request, receiver
from tests.sinks.test_webhook import MODES, webhook

SUPPLIED = [one for one in flows("supplier_lead") if Catalogue().get(one).tracks]


@define
class Delivered:
    """What was delivered of a pilot.

    Attributes:
        posted: the requests to each subscriber, as text, headers included.
        logged: the records of every logger, with all that hangs on them.
        mailed: each message as it was received, decoded, with its headers; and to which person or role it went.
    """

    made: Planted
    posted: dict[str, str] = Factory(dict)
    logged: list[str] = Factory(list)
    mailed: list[tuple[str, str]] = Factory(list)

    def post(self, **parties: str | None) -> None:
        """Deliver to an endpoint for each subscriber, in both modes; to the log beside them."""
        for mode in MODES:
            for name, party in parties.items():
                self.made.engine.subscribe(f"{name}-{mode}", start="beginning", party=party)
                with receiver() as end, logged(self.logged):
                    self._deliver(f"{name}-{mode}", webhook(end, mode=mode))
                self.posted[f"{name}-{mode}"] = "\n".join(as_text(one) for one in end.requests)
        self.made.engine.subscribe("log", start="beginning")
        with logged(self.logged):
            self._deliver("log", LogSink())

    def _deliver(self, name: str, sink: Sink) -> None:
        work = self.made.engine.deliver({name: sink})
        assert (True, 0, False) == (work.done > 0, work.failed, work.more)

    def mail(self) -> None:
        """Send the digests of every day on which there was something to tell, in both languages."""
        engine, known = self.made.engine, dict[str, str]()
        with office() as post, logged(self.logged):
            mailer = Mailer.at(f"smtp+plain://127.0.0.1:{post.port}")
            for lang in ("en", "nl"):

                def find(who: str, lang: Any = lang) -> Recipient:
                    return Recipient(f"{known.setdefault(who, f'number-{len(known)}')}@city.example", lang)

                digests = Digests(engine, sender="pilots@city.example", of_person=find, of_role=find)
                for day in sorted({one.at.date() for one in engine.history(self.made.id)}):
                    assert () == digests.send(day, mailer).failed
        who = {f"{address}@city.example": name for name, address in known.items()}
        self.mailed = [(who[f"{one['To']}"], in_full(one)) for one in post.messages]


def as_text(request: Request) -> str:
    return f"{request.path} {dict(request.headers)} {request.body.decode()}"


@contextmanager
def logged(lines: list[str]) -> Iterator[None]:
    """Keep every record of every logger, at the lowest level; not those of the mail server, which logs what it gets."""

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name != "mail.log":
                lines.append(f"{record.getMessage()} {vars(record)}")

    loggers, handler = (logging.getLogger(), logging.getLogger("proeftuin")), Keeps()
    before = [one.level for one in loggers]
    loggers[0].addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        loggers[0].removeHandler(handler)
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)


def deliver(name: str) -> Delivered:
    made = Delivered(planted(Catalogue().get(name)))
    suppliers = {"own": PARTIES[OWN], "rival": PARTIES[RIVAL]} if name in SUPPLIED else {}
    made.post(hr=None, **suppliers)
    made.mail()
    return made


@cache
def delivered(name: str) -> Delivered:
    return deliver(name)


def told(text: str, words: list[str]) -> list[str]:
    """Those of these words that a text tells."""
    tokens = set(re.findall(r"(?<![\w-])\w[\w.-]*", text))
    parts = {one[: end.end()] for one in tokens for end in re.finditer(r"\w(?!\w)", one)}
    return [one for one in words if one in parts]


def for_others(made: Planted) -> list[str]:
    """What the own party must never be told."""
    hidden = [one.text for one in made.words if hidden_from_supplier(made, one)]
    tracks = [key for key in made.pilot.tracks if not key.startswith(OWN)]
    return [*hidden, *tracks, f"{PARTIES[RIVAL]}"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SUPPLIED)
def test_a_suppliers_subscription_carries_its_own_tracks_alone(name: str, mode: str) -> None:
    """No request to a supplier holds a word of another one, or of the pilot's records; all of its own are there."""
    came = delivered(name)
    assert [] == told(came.posted[f"own-{mode}"], for_others(came.made))
    own = [one.text for one in came.made.words if one.place == OWN and not hidden_from_supplier(came.made, one)]
    assert own == told(came.posted[f"own-{mode}"], own)
    assert [] == told(came.posted[f"rival-{mode}"], own)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_is_delivered_to_who_may_have_them_all(name: str) -> None:
    """A subscription of the client's own holds every word: nothing here is true because nothing was there."""
    came = delivered(name)
    words = [one.text for one in came.made.words]
    for mode in MODES:
        assert words == told(came.posted[f"hr-{mode}"], words)


@pytest.mark.parametrize("name", NAMES)
def test_no_log_tells_a_word(name: str) -> None:
    """Whatever is delivered, to whom, or mailed: no record of any logger holds one word of a field."""
    came = delivered(name)
    assert len(came.logged) > came.made.pilot.version
    assert [] == told("\n".join(came.logged), [one.text for one in came.made.words])


@pytest.mark.parametrize("name", NAMES)
def test_a_digest_tells_a_pilots_title_alone(name: str) -> None:
    """No message in either language holds a word of a field, in headers or parts, but what the pilot is called."""
    came = delivered(name)
    title = [one.text for one in came.made.words if (one.where, one.field) == ("data", "title")]
    texts = [text for _, text in came.mailed]
    assert {"en", "nl"} == {text.partition("Content-Language: ")[2][:2] for text in texts}
    assert title == told("\n".join(texts), [one.text for one in came.made.words])


@pytest.mark.parametrize("name", SUPPLIED)
def test_who_is_named_by_a_supplier_is_told_of_its_tracks_alone(name: str) -> None:
    """A person whom only a supplier's own records name is mailed of no other supplier's track."""
    came = delivered(name)
    persons = {one.text for one in came.made.words if one.place == OWN}
    tracks = list(came.made.pilot.tracks)
    found = {one for who, text in came.mailed if who in persons for one in told(text, tracks)}
    assert found
    assert [] == [one for one in found if not one.startswith(OWN)]


# -- and where something is broken -------------------------------------------------------------------------------------


def _whole(_sight: Sight, event: Event, _before: Sight | None = None) -> Event:
    return event


@pytest.mark.parametrize("mode", MODES)
def test_a_filter_that_lets_through_is_noticed(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a supplier got all that happens to a pilot, words of the pilot and of every other track would be found."""
    monkeypatch.setattr(Sight, "event", _whole)
    came = deliver("existing-contract")
    hidden = {one.text: one.place for one in came.made.words if hidden_from_supplier(came.made, one)}
    assert {PILOT, RIVAL, NOBODY} == {hidden[one] for one in told(came.posted[f"own-{mode}"], list(hidden))}


def test_a_log_that_tells_data_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the log sink gave an event's data, every word would be found."""

    def send(_sink: LogSink, parcel: Parcel) -> None:
        for one in parcel.events:
            log.event(one.type, data=one.data)

    monkeypatch.setattr(LogSink, "send", send)
    came = deliver("existing-contract")
    words = [one.text for one in came.made.words]
    assert words == told("\n".join(came.logged), words)


def test_a_digest_that_names_a_record_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a letter named the record that a term is about, that would be found."""
    real = letters._sentence
    monkeypatch.setattr(letters, "_sentence", lambda item, *rest: f"{real(item, *rest)} {item.key}")
    came = deliver("existing-contract")
    texts = "\n".join(text for _, text in came.mailed)
    assert told(texts, [one.text for one in came.made.words if one.field == "id"])
