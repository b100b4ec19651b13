"""The site on Django: its commands as processes, and its views by Django's own client, on SQLite and on a server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from attrs import frozen
from sqlalchemy import create_engine, text

from proeftuin import Actor, Engine
from proeftuin.receiving import new_secret, verify
from tests import servers
from tests.conftest import needed
from tests.examples.programs import Past, Program, copied
from tests.sinks.servers import Receiver, receiver

CLIENT = str(Path(__file__).with_name("django_client.py"))
ANNA = ("anna", ["coordinator"])
BOARD = ("bert", ["board"])


@frozen
class Site:
    """The site, and an engine on its database that looks on."""

    program: Program
    store: str
    engine: Engine

    def post(self, *requests: tuple[tuple[str, list[str]], str, dict[str, str]]) -> list[tuple[int, Any]]:
        """Post forms, one after the other, each by somebody."""
        lines = "".join(f"{json.dumps([*who, path, fields])}\n" for who, path, fields in requests)
        return [tuple(json.loads(line)) for line in self.program.done(CLIENT, given=lines).splitlines()]

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What is in the tables of the site."""
        database = create_engine(self.store)
        with database.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(question))]
        database.dispose()
        return found

    def evidence(self, name: str) -> list[str]:
        """What the pilot of a department noted."""
        (pilot,) = self.engine.find(ref=name).items
        return [one.data["reference"] for one in self.engine.get(pilot.id).records("evidence")]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'hr.db'}"
    else:
        with servers.fresh_postgresql(needed("postgresql", lambda: servers.server_url("postgresql"))) as url:
            yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with its tables and ours, made by `manage.py migrate` alone."""
    folder = tmp_path_factory.mktemp("site")
    with database(request.param, folder) as store:
        settings = {"DJANGO_SETTINGS_MODULE": "settings", "DJANGO_SECRET_KEY": "of this test", "PYTHONPATH": "."}
        program = copied("django_hr", folder, PROEFTUIN_STORE=store, **settings)
        program.done("manage.py", "migrate")
        with Engine.open(store) as engine:
            yield Site(program, store, engine)


def test_the_tables_are_those_of_the_models(site: Site) -> None:
    """Django finds no change to a model that is without its migration."""
    site.program.done("manage.py", "makemigrations", "--check", "--dry-run")


def test_a_view_keeps_both_or_neither(site: Site) -> None:
    """Where the engine refuses or the database does, neither the site's rows nor the pilot's events are kept."""
    offers = "/departments/canteen/vacancies"
    came = site.post(
        (ANNA, "/departments", {"name": "canteen", "hours": "20"}),
        (ANNA, offers, {"title": "Cook", "hours": "12"}),
        (BOARD, offers, {"title": "Refused by the engine", "hours": "2"}),
        (ANNA, offers, {"title": "More hours than there are", "hours": "12"}),
        (ANNA, offers, {"title": "Waiter", "hours": "8"}),
    )
    assert [201, 201, 409, 409, 201] == [status for status, _ in came]
    assert ["forbidden-role"] == [one["code"] for one in came[2][1]["blockers"]]
    assert [("Cook",), ("Waiter",)] == site.rows("SELECT title FROM hr_vacancy ORDER BY id")
    assert [(0,)] == site.rows("SELECT hours FROM hr_department WHERE name = 'canteen'")
    assert [f"vacancy-{came[place][1]['vacancy']}" for place in (1, 4)] == site.evidence("canteen")
    assert () == site.engine.verify()


def test_a_department_comes_with_its_pilot_or_not_at_all(site: Site) -> None:
    """A department is kept where its pilot begins, and not where that is refused or its ref is another pilot's."""
    begun(site, "kitchen", days=0)
    came = site.post(
        (("zoe", []), "/departments", {"name": "garden", "hours": "20"}),
        (ANNA, "/departments", {"name": "kitchen", "hours": "20"}),
        (ANNA, "/departments", {"name": "garden", "hours": "many"}),
        (ANNA, "/departments", {"name": "garden", "hours": "20"}),
        (ANNA, "/departments", {"name": "garden", "hours": "20"}),
    )
    assert [409, 409, 422, 201, 422] == [status for status, _ in came]
    assert [("garden",)] == site.rows("SELECT name FROM hr_department WHERE name IN ('garden', 'kitchen')")
    assert 1 == len(site.engine.find(ref="garden").items)


def test_a_reader_of_any_dutch_is_refused_in_dutch(site: Site) -> None:
    """Who reads Dutch, of whatever country, is refused in Dutch, and everybody else in English."""
    lines = """
from django.test import RequestFactory
from hr.problems import Problems
from proeftuin import Refused
for read in ("nl", "nl-BE", "en-GB", "de"):
    told = Problems(None).process_exception(RequestFactory().get("/", HTTP_ACCEPT_LANGUAGE=read), Refused("p", "x", ()))
    print(told.content.decode())
"""
    told = [json.loads(one) for one in site.program.done("manage.py", "shell", "-c", lines).splitlines()[-4:]]
    assert ["Geweigerd", "Geweigerd", "Refused", "Refused"] == [one["title"] for one in told]


def test_what_is_due_is_done_and_delivered_by_commands(site: Site) -> None:
    """`manage.py tick` does what is due and `manage.py deliver` brings it to a receiver, each of it once."""
    pilot = begun(site, "silent", days=40)
    site.program.done("manage.py", "tick")
    kept = [(one.version, one.type) for one in site.engine.history(pilot)]
    assert "clock.reminded" in {word for _, word in kept}
    with receiver() as hook:
        told = delivering(site.program, hook)
        assert "0 events" not in told.done("manage.py", "deliver")
        assert "0 events" in told.done("manage.py", "deliver")
        secret = told.environment["HOOK_SECRET"]
        events = [verify(one.headers, one.body, secret) for one in hook.requests]
    assert kept == [(one.version, one.type) for one in events if one.pilot == pilot]


def test_what_happened_is_logged_by_the_site_itself(site: Site) -> None:
    """With the site's own settings `manage.py deliver` writes a line for each event to the log."""
    pilot = begun(site, "logged", days=0)
    told = site.program.run("manage.py", "deliver")
    assert (0, True) == (told.returncode, f" {pilot} 1 pilot.started (coordinator)" in told.stderr)


def test_a_delivery_that_fails_is_told(site: Site) -> None:
    """Where the receiver does not take it, `manage.py deliver` says so and ends with 1."""
    begun(site, "unheard", days=0)
    with receiver() as hook:
        hook.usual = 500
        came = delivering(site.program, hook).run("manage.py", "deliver")
    assert (1, True) == (came.returncode, "will be tried again" in came.stderr)


def test_the_board_is_for_who_is_signed_in_to_the_site(site: Site) -> None:
    """Under ASGI the board is for the user of a session, as their groups allow, and for nobody else; the site stays."""
    pilot = begun(site, "library", days=0)
    anna, zoe = signed_in(site, *ANNA), signed_in(site, "zoe", [])
    with (
        site.program.served("asgi:application") as port,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as visitor,
    ):
        asked = {name: cookie(name) for name in (anna, zoe, "made-up", "")}
        assert [200, 200, 401, 401] == [visitor.get("/pilots/", headers=one).status_code for one in asked.values()]
        page = visitor.get(f"/pilots/pilot?id={pilot}", headers=asked[anna])
        assert (200, True) == (page.status_code, "trigger=choose_route" in page.text)
        assert 404 == visitor.get(f"/pilots/pilot?id={pilot}", headers=asked[zoe]).status_code
        assert 405 == visitor.get("/departments").status_code


def signed_in(site: Site, name: str, roles: list[str]) -> str:
    """Sign somebody in to the site, and return the session."""
    lines = f"""
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
user, _ = User.objects.get_or_create(username={name!r})
user.groups.set([Group.objects.get_or_create(name=role)[0] for role in {roles!r}])
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
print(session.session_key)
"""
    return site.program.done("manage.py", "shell", "-c", lines).splitlines()[-1]


def cookie(session: str) -> dict[str, str]:
    return {"cookie": f"sessionid={session}"} if session else {}


def begun(site: Site, name: str, days: int) -> str:
    """Begin a pilot so many days ago, by another program on the same database."""
    data = {"title": name, "organisation": "Voorbeeld"}
    with Engine.open(site.store, time=Past(days)) as engine:
        return engine.start("existing-contract", actor=Actor(*ANNA[:1], roles=ANNA[1]), data=data, ref=name).pilot.id


def delivering(program: Program, hook: Receiver) -> Program:
    """The same site, with settings by which it delivers to a receiver."""
    options = {"source": "urn:nld:oin:00000001823288444000:systeem:pilots", "secrets": [secret := new_secret()]}
    local = {"ports": [hook.port], "insecure_loopback": True}
    sinks = {"hr": (hook.url, {**options, **local})}
    lines = f"from settings import *\n\nPILOTS_SINKS = {sinks!r}\n"
    (program.folder / "told.py").write_text(lines, encoding="utf-8")
    environment = {**program.environment, "DJANGO_SETTINGS_MODULE": "told", "HOOK_SECRET": secret}
    return Program(program.folder, environment)
