"""Inside Django's transactions, as a view has them: `atomic`, savepoints, `on_commit`."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import django
import pytest
from attrs import define, field
from django.conf import settings
from django.db import connections, transaction
from sqlalchemy.engine import make_url

from proeftuin import Actor, BadArgument, Engine
from proeftuin.spi import Committed
from proeftuin.storage.sql import upgrade

LEAD = Actor("ann", roles={"coordinator"})
DATA = {"title": "Canteen", "organisation": "Voorbeeld"}
ALIAS = "pilots"


@define
class Listener:
    """A hook that writes down what was committed."""

    heard: list[int] = field(factory=list)

    def committed(self, moment: Committed) -> None:
        self.heard.append(moment.pilot.version)


@define
class Site:
    """A Django site on the database of the engine, with a table of its own."""

    engine: Engine
    listener: Listener

    @property
    def connection(self) -> Any:
        return connections[ALIAS]

    def inside(self) -> Engine:
        return self.engine.using(self.connection, on_commit=partial(transaction.on_commit, using=ALIAS))

    def hire(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("INSERT INTO people VALUES ('Bea')")

    def people(self) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people")
            return int(cursor.fetchone()[0])

    def lessons(self) -> list[str]:
        return [one.data["text"] for one in self.engine.get("p1").records("lesson")]


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    url = f"sqlite:///{tmp_path / 'pilots.db'}"
    if request.param != "sqlite":
        url = request.getfixturevalue(f"{request.param}_url")
        upgrade(url)
    if not settings.configured:
        settings.configure(USE_TZ=True)
        django.setup()
    address = make_url(url)
    named = {"NAME": address.database, "USER": address.username, "HOST": address.host, "PORT": address.port}
    kind = {"sqlite": "sqlite3"}.get(request.param, request.param)
    given = {"ENGINE": f"django.db.backends.{kind}", "PASSWORD": address.password or "", **named}
    connections.databases[ALIAS] = connections.configure_settings({"default": {}, ALIAS: given})[ALIAS]
    listener = Listener()
    with Engine.open(url, hooks=[listener]) as engine:
        made = Site(engine, listener)
        with made.connection.cursor() as cursor:
            cursor.execute("CREATE TABLE people (name VARCHAR(40))")
        engine.start("existing-contract", actor=LEAD, data=DATA, id="p1")
        listener.heard.clear()
        yield made
        made.connection.close()
        del connections[ALIAS], connections.databases[ALIAS]


def broken_view(site: Site, words: str) -> None:
    with transaction.atomic(using=ALIAS):
        tell(site.inside(), words)
        site.hire()
        raise RuntimeError


def tell(engine: Engine, words: str) -> None:
    engine.fire("p1", "add_lesson", actor=LEAD, data={"text": words})


def test_atomic_keeps_both_or_neither(site: Site) -> None:
    """A block that succeeds keeps the lesson and the row, one that raises neither, and hooks hear of the first."""
    with transaction.atomic(using=ALIAS):
        tell(site.inside(), "kept")
        site.hire()
        assert ([], []) == (site.lessons(), site.listener.heard)
    with pytest.raises(RuntimeError):
        broken_view(site, "lost")
    assert (["kept"], 1, [2]) == (site.lessons(), site.people(), site.listener.heard)
    assert () == site.engine.verify()


def test_a_savepoint_takes_ours_with_it(site: Site) -> None:
    """An inner block that raises takes its lesson, its row and its call with it, and nothing of the outer one."""
    with transaction.atomic(using=ALIAS):
        tell(site.inside(), "before")
        with pytest.raises(RuntimeError):
            broken_view(site, "inside")
        tell(site.inside(), "after")
    assert (["before", "after"], 0, [2, 3]) == (site.lessons(), site.people(), site.listener.heard)


def test_outside_a_block_django_commits_each_statement(site: Site) -> None:
    """Without `atomic` around it, the engine says what is missing, and writes nothing."""
    with pytest.raises(BadArgument, match=r"transaction\.atomic"):
        site.inside()
    assert [] == site.lessons()


# -- as the documentation shows it
def hire(engine: Engine, pilot_id: str, name: str) -> None:
    """A view: a candidate is hired in tables of the site, and the pilot learns of it, or neither."""
    with transaction.atomic(using=ALIAS):
        pilots = engine.using(connections[ALIAS], on_commit=partial(transaction.on_commit, using=ALIAS))
        pilots.fire(pilot_id, "add_lesson", actor=LEAD, data={"text": f"{name} came through the caterer"})
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("INSERT INTO people VALUES (%s)", [name])


# -- end


def test_the_view_of_the_documentation_works(site: Site) -> None:
    """The view that the documentation shows writes the lesson and the row, and hooks hear of it once."""
    hire(site.engine, "p1", "Bea")
    assert (["Bea came through the caterer"], 1, [2]) == (site.lessons(), site.people(), site.listener.heard)
