"""Words planted where people write of people: no log, figure, table, diagram, notice or error gives them away."""

import io
import json
import logging
import pickle
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Conflict, KeyReused, ProeftuinError, Refused
from proeftuin.cli import main
from proeftuin.core.metrics import FIELDS, METRICS
from proeftuin.digests import Digests, Find, Lang, Recipient
from proeftuin.sinks.email import Mailer
from proeftuin.sinks.log import LogSink
from proeftuin.views import pilot_diagram, timeline
from proeftuin.views.ics import ics
from tests.digests.posts import in_full, office
from tests.domain.existing.life import Life
from tests.domain.life import person
from tests.sinks.servers import receiver
from tests.sinks.test_webhook import MODES, webhook
from tests.unit.engines import sqlite_url

REF, OTHER, BAD = "zqref-0001-aaaa", "zqref-0002-aaaa", "zqbad@example.org"
NOTE, OBSTACLE, PLAN, CONSENT, SCOPE = "zqnote", "zqobstacle", "zqplan", "zqconsent", "zqscope"
LANGS: tuple[Lang, ...] = ("en", "nl")
WORDS = (REF, OTHER, BAD, NOTE, OBSTACLE, PLAN, CONSENT, SCOPE)
HR = "supplier_hr@alpha"


class Told:
    """A life with the words in it, its log, and everything that went wrong on the way."""

    def __init__(self, folder: Path) -> None:
        self.url = sqlite_url(folder)
        self.life = Life(url=self.url)
        self.errors: list[ProeftuinError] = []

    def wrong(self, call: Callable[[], object], kind: type[ProeftuinError] = Refused) -> None:
        """Do what is refused, and keep what is said of it."""
        with pytest.raises(kind) as raised:
            call()
        self.errors.append(raised.value)

    def live(self) -> "Told":
        """Plant the words, and do a hundred things wrong with them."""
        life = self.life.reach("implementing")
        placed = life.place("alpha", REF)
        life.do("hr", "log_activity", {"type": "call", "date": life.today, "note": NOTE})
        life.do("hr", "add_obstacle", {"text": OBSTACLE, "direction": OBSTACLE})
        self.story = {"title": "A job", "url": f"https://example.org/{SCOPE}", "consent": CONSENT, "scope": SCOPE}
        life.do("coordinator", "share_story", {**self.story, "consent_date": life.today})
        self.refused(placed)
        life.do("client_owner", "pause", {"reason": NOTE, "resume_by": life.day(30)})
        self.refused(placed)  # on hold, which stands beside the other reasons
        life.later(60)
        life.engine.tick()
        life.do("client_owner", "resume")
        self.misused()
        life.do("hr", "add_lesson", {"text": "Begin small"})
        self.wrong(lambda: life.do("client_owner", "stop", {"reason": NOTE}))
        life.do("client_owner", "stop", {"reason": NOTE, "placement_plan": PLAN})
        life.later(740)
        life.engine.tick()
        return self

    def refused(self, placed: str) -> None:
        """What the engine says no to, for reasons of every kind."""
        life = self.life
        start: list[dict[str, Any]] = [
            life.placement(REF),
            life.placement(BAD),
            life.placement(OTHER, kind="training"),
            life.placement(OTHER, diagnosis=NOTE),
            life.placement(OTHER, employer=f"{NOTE} {BAD}"),
            life.placement(OTHER, kind=NOTE, weekly_hours=NOTE, start=NOTE, paid=NOTE),
            life.placement(OTHER, **life.bundle("alpha", NOTE)),
        ]
        for data in start:
            for by in (HR, "facilitator", "supplier_hr@beta"):
                self.wrong(lambda by=by, data=data: life.do(by, "start_placement", data, "alpha"))  # type: ignore[misc]  # bound at once
        mend = {"record": placed, "fields": {"participant": BAD, "employer": NOTE}, "reason": NOTE}
        self.wrong(lambda: life.do(HR, "correct", mend))
        self.wrong(lambda: life.do("hr", "correct", {**mend, "record": NOTE}))
        self.wrong(lambda: life.do("coordinator", "share_story", {**self.story, "consent": BAD, "consent_date": NOTE}))
        self.wrong(lambda: life.do("client_owner", "stop", {"reason": BAD, "placement_plan": f"{PLAN} {BAD}"}))
        self.wrong(lambda: life.do(HR, "withdraw", {"reason": NOTE, "placement_plan": PLAN}, "alpha"))
        self.wrong(lambda: life.do("monitor", "add_obstacle", {"text": OBSTACLE}))
        self.wrong(lambda: life.do("hr", "add_obstacle", {"text": {OBSTACLE: OBSTACLE}, "direction": 7}))
        self.wrong(lambda: life.do("hr", "add_lesson", {"text": [OBSTACLE]}))

    def misused(self) -> None:
        """What cannot even be judged."""
        life, hr = self.life, person("hr")
        fire = life.engine.fire
        for data in ({"text": 1.5, "direction": OBSTACLE}, {"text": b"x", "direction": NOTE}, {"text": NOTE * 20_000}):
            self.wrong(lambda data=data: fire(life.id, "add_obstacle", actor=hr, data=data), BadArgument)  # type: ignore[misc]  # bound at once
        fire(life.id, "add_obstacle", actor=hr, data={"text": OBSTACLE}, key="once")
        self.wrong(lambda: fire(life.id, "add_obstacle", actor=hr, data={"text": NOTE}, key="once"), KeyReused)
        self.wrong(lambda: fire(life.id, "add_obstacle", actor=hr, data={"text": NOTE}, expect=1), Conflict)
        officer = Actor("o-1", roles={"privacy_officer"})
        self.wrong(lambda: life.engine.erase(REF, actor=officer, reason=f"as {REF} asked"), BadArgument)
        self.wrong(lambda: life.engine.erase(REF, actor=hr, reason="asked"))
        self.wrong(lambda: life.engine.look_up(life.id, REF, actor=hr, reason=NOTE))


@pytest.fixture(scope="module")
def logged() -> Iterator[list[str]]:
    """Every record of every logger, with all that hangs on it, at the lowest level."""
    lines: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {vars(record)}")

    handler, root, ours = Keeps(), logging.getLogger(), logging.getLogger("proeftuin")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, logged: list[str]) -> Told:
    assert logged == []
    return Told(tmp_path_factory.mktemp("planted")).live()


def given_away(text: str, words: tuple[str, ...] = WORDS) -> list[str]:
    return [one for one in words if one in text]


def test_the_words_are_there(told: Told) -> None:
    """What no door below gives away is in the history, or was in the store: nothing here is true by itself."""
    text = repr(list(told.life.engine.history(told.life.id)))
    assert [NOTE, OBSTACLE, PLAN, CONSENT, SCOPE] == given_away(text)
    assert 60 <= len(told.errors)


def test_no_log_gives_them_away(told: Told, logged: list[str]) -> None:
    """Down to the lowest level, with every fact on every record, delivered events included."""
    told.life.engine.subscribe("log", start="beginning")
    assert told.life.engine.deliver({"log": LogSink()}).done
    assert len(logged) > 100
    assert [] == given_away("\n".join(logged))


@pytest.mark.parametrize("mode", MODES)
def test_no_delivery_gives_them_away(told: Told, mode: str) -> None:
    """No request holds a ref, in body or header; one to a supplier holds nothing of what the client's side wrote."""
    engine = told.life.engine
    posted: dict[str, str] = {}
    for name, party in (("hr", None), ("alpha", "alpha"), ("beta", "beta")):
        engine.subscribe(f"{name}-{mode}", start="beginning", party=party)
        with receiver() as end:
            assert 0 == engine.deliver({f"{name}-{mode}": webhook(end, mode=mode)}).failed
            posted[name] = "\n".join(f"{one.path} {one.headers} {one.body!r}" for one in end.requests)
    assert [NOTE, OBSTACLE, PLAN, CONSENT, SCOPE] == given_away(posted["hr"])
    assert "track.opened" in posted["alpha"]
    assert [] == given_away(posted["alpha"], (REF, OTHER, BAD, OBSTACLE, PLAN, CONSENT, SCOPE))
    assert "" == posted["beta"]


def test_no_mail_gives_them_away(told: Told) -> None:
    """Of all days on which there was something to tell, in both languages, no message holds one of them."""
    engine, langs = told.life.engine, LANGS
    found: list[Find] = [partial(_somebody, Recipient("somebody@city.example", lang)) for lang in langs]
    with office() as post:
        mailer = Mailer.at(f"smtp+plain://127.0.0.1:{post.port}")
        for find in found:
            digests = Digests(engine, sender="pilots@city.example", of_person=find, of_role=find)
            for day in sorted({one.at.date() for one in engine.history(told.life.id)}):
                assert () == digests.send(day, mailer).failed
        assert set(langs) == {str(one["Content-Language"]) for one in post.messages}
        assert [] == given_away("\n".join(in_full(one) for one in post.messages))


def _somebody(one: Recipient, _name: str) -> Recipient:
    return one


def test_no_error_gives_them_away(told: Told) -> None:
    """Not as text, as a value, as a problem for a web page in either language, nor pickled."""
    for error in told.errors:
        said = [str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error))]
        if isinstance(error, Refused):
            said += [json.dumps(error.as_problem(lang), default=str) for lang in ("en", "nl")]
        assert [] == given_away("\n".join(said)), (error, said)


def test_no_figure_gives_them_away(told: Told) -> None:
    """No metric, whole or broken down, nor the portfolio with all that it waits for."""
    engine = told.life.engine
    texts = [repr(engine.portfolio())]
    for name in METRICS:
        for field in (None, *FIELDS):
            try:
                texts.append(repr(engine.metrics(name, by=[] if field is None else [field])))
            except (BadArgument, Refused) as error:
                texts.append(repr(error))
    assert [] == given_away("\n".join(texts))


def test_no_view_gives_them_away(told: Told) -> None:
    """A diagram, a calendar, a notice, an agenda and the deadlines hold none; a timeline holds no ref."""
    engine, life = told.life.engine, told.life
    pilot, flow = engine.get(life.id), engine.workflow("existing-contract")
    events = list(engine.history(life.id))
    texts: list[str] = [pilot_diagram(flow, pilot, events, lang=lang) for lang in ("en", "nl")]
    texts += [ics(engine.deadlines(), lang="nl"), repr(engine.deadlines())]
    texts += [repr(engine.notices(day)) for day in {one.at.date() for one in events}]
    texts += [repr(engine.agenda(actor=person(role), days=5000)) for role in ("coordinator", "hr", "facilitator")]
    assert [] == given_away("\n".join(texts))
    rows = [one for lang in ("en", "nl") for one in timeline(flow, events, lang=lang)]
    assert [] == given_away(repr(rows), (REF, OTHER, BAD))


COMMANDS = {
    "show": ("show", "{}"),
    "show in JSON": ("show", "{}", "--json"),
    "history": ("history", "{}", "--each"),
    "diagram": ("diagram", "--pilot", "{}"),
    "list": ("list",),
    "counts": ("counts", "--json"),
    "options": ("options", "{}", "--all"),
    "calendar": ("calendar", "--out", "-"),
    "export": ("export", "--out", "-"),
    "privacy log": ("privacy", "log", "--as", "o-1"),
    "verify": ("verify",),
}
QUIET = ("show", "diagram", "list", "counts", "options", "calendar", "privacy log", "verify")


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_gives_them_away(told: Told, name: str) -> None:
    """No command tells a ref; what shows no texts tells none of the others either."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*(one.replace("{}", told.life.id) for one in COMMANDS[name]), "--store", told.url])
    assert (0, True) == (code, bool(out.getvalue())), err.getvalue()
    assert [] == given_away(out.getvalue() + err.getvalue(), WORDS if name in QUIET else (REF, OTHER, BAD))


@pytest.mark.parametrize("actor", [Actor("f", roles={"facilitator"}), Actor("x", roles={"supplier_hr"}, party="alpha")])
def test_a_timeline_of_others_holds_no_plan(told: Told, actor: Actor) -> None:
    """What becomes of people who are placed is in no timeline of a facilitator, and in none of a supplier's pilot."""
    view = told.life.engine.seen_by(actor)
    rows = timeline(told.life.engine.workflow("existing-contract"), view.history(told.life.id))
    assert [] == given_away(repr(rows), (REF, OTHER, BAD, PLAN))
