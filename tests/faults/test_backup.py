"""Copies made while writers fire, as docs/backup.md says: whole, restored, verified, and met by subscribers."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from attrs import frozen
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError

from proeftuin import Engine
from proeftuin.errors import SchemaTooOld
from proeftuin.spi import Claim, Entry, Store
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from proeftuin.storage.sql.tables import tables_in
from tests.conftest import needed
from tests.domain.existing.life import Life
from tests.domain.life import Clock, person
from tests.faults.conftest import SERVERS, plain, with_options
from tests.faults.copying import Site, commands, programs
from tests.faults.receiving import LEAD, Load, Relay, Subscriber, lesson
from tests.servers import Kind, fresh_mariadb, fresh_postgresql
from tests.serving import Missing, OwnServer, run_sql
from tests.stores import TENANT, begin, path_url

FRESH = {"postgresql": fresh_postgresql, "mariadb": fresh_mariadb}
STORY = "pilot-1"  # the one with a placement
LOADED = ("p1", "p2", "p3", "p4")
COMMITS = 5  # of each of these before a copy, in the middle of it, and after it
REF = "person-beyond-doubt"
LARGE = 3 * 2**20  # of the 4 MB that a body may have
OFFICER = person("privacy_officer")
WHOLE = "Everything is whole: 1 pilot"


@pytest.fixture
def site(kind: str, url: str, tmp_path: Path) -> Iterator[Site]:
    """A store of a kind, with the programs that copy it, and a place for the copy."""
    with ExitStack() as held:
        folder = programs_for(kind, url)
        restored = held.enter_context(FRESH[kind](url)) if kind in FRESH else path_url(tmp_path / "restored.db")
        yield Site(kind, url, plain(restored), tmp_path, folder)


def programs_for(kind: str, url: str) -> str:
    """The folder of the programs: without those of a server its tests are skipped, or fail where it is required."""
    servers: dict[str, Kind] = {"postgresql": "postgresql", "mariadb": "mariadb"}
    if kind in servers:
        return needed(servers[kind], lambda: programs(kind, url))
    try:
        return programs(kind, url)
    except Missing:
        return ""  # only the commands themselves need it


@frozen
class Drill:
    """A store that was copied under load, and what was restored from the copy.

    Attributes:
        before: what was acknowledged when the copy began, by pilot.
        middle: what was acknowledged before it was let go on.
        old: the store, in which commits were made after the copy too.
        new: the restored one; `engine` runs on it.
        all: who was sent all that was committed in the old store.
        early: who was sent the beginning, all of it before the copy was made.
        settled: how far this was noted by then, by pilot; of one pilot it was not.
        said: what `proeftuin verify` said.
    """

    before: dict[str, int]
    middle: dict[str, int]
    old: Store
    new: Store
    engine: Engine
    all: Subscriber
    early: Subscriber
    settled: dict[str, int]
    said: str

    def entries(self, store: Store) -> dict[str, list[Entry]]:
        """Every event of every pilot."""
        return {name: list(store.history(TENANT, name)) for name in (*LOADED, STORY)}

    def relay(self, to: Subscriber) -> Relay:
        """What delivers from the restored store, once the claims have lapsed that were out at the copy."""
        relay = Relay(self.new, to)
        relay.later()
        return relay


@pytest.fixture
def drill(site: Site) -> Iterator[Drill]:
    """A drill of each kind of database."""
    with ExitStack() as held:
        life = Life(url=site.url)
        held.callback(life.engine.close)
        life.reach("implementing").place(ref=REF)
        for name in LOADED:
            life.engine.start("existing-contract", actor=LEAD, data={"title": "Care", "organisation": "UU"}, id=name)
        old, seen = opened(held, site.url), list[dict[str, int]]()
        relay, early, load = (
            Relay(old, Subscriber("all")),
            Relay(old, Subscriber("early")),
            Load(life.engine, dict.fromkeys(LOADED, 1)),
        )
        relay.subscribe()
        early.subscribe()

        def meanwhile() -> None:
            load.progress(COMMITS)
            seen.append(load.told())

        with load.running(relay.drain):
            load.progress(COMMITS)
            first, *others = claimed(early)
            for one in (first, *others):
                early.send(one)
            assert all(early.settle(one) for one in others)
            settled, before = {one.pilot_id: one.target for one in others}, load.told()
            site.copy(meanwhile)
            assert early.settle(first)
            load.progress(COMMITS)
        assert [] == load.errors
        relay.later()
        relay.drain()
        said = site.restore()
        engine = held.enter_context(Engine.open(site.restored, time=Clock()))
        yield Drill(before, seen[0], old, opened(held, site.restored), engine, relay.to, early.to, settled, said)


def claimed(relay: Relay) -> list[Claim]:
    """A claim on each pilot; those that others are writing are passed over, so it may take several tries."""
    claims = list[Claim]()
    while {one.pilot_id for one in claims} < {*LOADED, STORY}:
        claims += relay.claim()
    return claims


def opened(held: ExitStack, url: str) -> Store:
    """A store that is closed in the end."""
    store = open_store(url)
    held.callback(store.close)
    return store


def test_a_copy_made_under_load_is_one_moment(drill: Drill, site: Site) -> None:
    """A copy has all that was acknowledged before it began, byte for byte; a younger checkpoint names what it lacks."""
    old, new = drill.entries(drill.old), drill.entries(drill.new)
    assert all(drill.before[name] <= len(new[name]) < drill.middle[name] < len(old[name]) for name in LOADED)
    assert {name: entries[: len(new[name])] for name, entries in old.items()} == new
    assert () == drill.engine.verify()
    assert f"Everything is whole: {len(new)} pilots" in drill.said
    with Engine.open(site.url, time=Clock()) as engine:
        checkpoint = list(engine.checkpoint())
    assert () == drill.engine.verify(against=list(drill.engine.checkpoint()))
    assert set(LOADED) == {one.pilot_id for one in drill.engine.verify(against=checkpoint)}


def test_a_restored_store_goes_on(drill: Drill) -> None:
    """Each pilot goes on, a key of the copy gives its first result, one that was lost acts now, and refs are there."""
    for name in LOADED:
        version = drill.engine.get(name).version
        kept, lost = (lesson(drill.engine, name, f"lesson-{number}") for number in (version - 1, version))
        assert (True, version) == (kept.duplicate, kept.pilot.version)
        assert (False, version + 1) == (lost.duplicate, lost.pilot.version)
    subject = drill.engine.subject(STORY, REF)
    assert subject is not None
    assert REF == drill.engine.ref(STORY, subject)
    assert () == drill.engine.verify()


def test_subscribers_meet_known_ids_or_new_ones(drill: Drill) -> None:
    """A restored store sends known ids with the same bytes, then the next; who was sent more knows those as others."""
    known, new = set(drill.early.known), drill.entries(drill.new)
    held = ids(new)
    unsettled = ids({name: entries[drill.settled.get(name, 0) :] for name, entries in new.items()})
    assert unsettled == set(drill.relay(drill.early).drain())
    assert known & unsettled
    assert (held, set()) == (set(drill.early.known), drill.early.differing)
    assert held >= set(drill.relay(drill.all).drain())
    assert set() == drill.all.differing
    following = {f"{name}-{lesson(drill.engine, name, 'after').pilot.version}" for name in LOADED}
    assert following == set(drill.relay(drill.early).drain()) == set(drill.relay(drill.all).drain())
    assert (set(), set()) == (following & known, drill.early.differing)
    assert following == drill.all.differing


def ids(entries: dict[str, list[Entry]]) -> set[str]:
    """The ids under which events are sent."""
    return {f"{name}-{one.version}" for name, some in entries.items() for one in some}


def test_an_erasure_is_done_again_after_a_restore(site: Site) -> None:
    """A ref that was erased after the copy comes back with it, is found by pilot and subject, and is erased again."""
    life = Life(url=site.url)
    with life.engine as engine:
        life.reach("implementing").place(ref=REF)
        subject = engine.subject(STORY, REF)
        assert subject is not None
        site.copy(lambda: None)
        engine.erase(REF, actor=OFFICER, reason="They asked for it")
        assert engine.ref(STORY, subject) is None
    site.restore()
    with Engine.open(site.restored, time=Clock()) as restored:
        back = restored.ref(STORY, subject)
        assert REF == back
        restored.erase(back, actor=OFFICER, reason="They asked for it; done again after a restore")
        assert (None, ()) == (restored.ref(STORY, subject), restored.verify())


# -- the commands of the page


def test_the_commands_of_the_page(site: Site) -> None:
    """The commands, as they stand there, give a copy that restores, verifies, and has large bodies byte for byte."""
    present(site.kind, site.url)
    with closing(open_store(site.url)) as store:
        begin(store, set={"title": "x" * LARGE})
        expected = list(store.history(TENANT, "p1"))
        site.run(commands(site.kind)[0])
    assert WHOLE in site.restore()
    with closing(open_store(site.restored)) as restored:
        assert expected == list(restored.history(TENANT, "p1"))


def present(kind: str, url: str) -> None:
    """Skip where the program of SQLite is missing; for a server the site has seen to that."""
    if kind == "sqlite":
        try:
            programs(kind, url)
        except Missing as error:
            pytest.skip(f"{error}")


@pytest.mark.parametrize("kind", SERVERS)
def test_our_tables_alone(site: Site) -> None:
    """The tables with a prefix are copied without what stands beside them, and restored they are a store."""
    with_prefix = with_options(site.url, prefix="pt_")
    upgrade(with_prefix)
    with closing(open_store(with_prefix)) as store, closing(open_store(site.url)) as neighbour:
        begin(store)
        begin(neighbour)
        begin(neighbour, "p2")
    copy, *rest = commands(site.kind)[0].splitlines()
    tables = tables_in("pt_")
    names = [*tables.metadata.tables, tables.version_table]
    if site.kind == "postgresql":
        copy = copy.replace(" postgresql://", " --table='pt_*' postgresql://")
    else:
        copy = copy.replace(" > ", f" {' '.join(names)} > ")
    site.run("\n".join([copy, *rest]))
    *restore, verify = commands(site.kind)[1].splitlines()
    site.empty()
    assert WHOLE in site.run("\n".join([*restore, f"{verify}?prefix=pt_"]))
    with pytest.raises(SchemaTooOld):
        open_store(site.restored)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_our_schema_alone(site: Site) -> None:
    """A schema is copied without what stands beside it, and made by the restore."""
    run_sql(site.url, "CREATE SCHEMA proeftuin")
    run_sql(site.url, "CREATE TABLE public.others (name text)")
    in_schema = with_options(site.url, schema="proeftuin")
    upgrade(in_schema)
    with closing(open_store(in_schema)) as store:
        begin(store)
    site.run(commands(site.kind)[0].replace(" postgresql://", " --schema=proeftuin postgresql://"))
    *restore, verify = commands(site.kind)[1].splitlines()
    site.empty()
    assert WHOLE in site.run("\n".join([*restore, f"{verify}?schema=proeftuin"]))
    with pytest.raises(ProgrammingError, match="others"):
        run_sql(site.restored, "SELECT * FROM public.others")


@pytest.mark.parametrize("kind", SERVERS)
def test_a_copy_that_was_cut_off_is_noticed(site: Site) -> None:
    """A copy that is not whole is refused by a command of the page: at once, or where it is restored."""
    with closing(open_store(site.url)) as store:
        begin(store)
    first, *others = commands(site.kind)[0].splitlines()
    site.run("\n".join([first, *others]))
    file = site.folder / first.partition(" > ")[2]
    os.truncate(file, file.stat().st_size // 2)
    if site.kind == "mariadb":
        assert 0 != site.ended("\n".join(others)).returncode
    else:
        site.empty()
        assert 0 != site.ended(commands(site.kind)[1]).returncode
        run_sql(site.restored, "SELECT 1")  # it was made, and has to be for the end of the test


# -- who may make one


MAKE = {
    "postgresql": ("CREATE ROLE keeper LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO keeper"),
    "mariadb": ("CREATE USER keeper@'127.0.0.1'", "GRANT SELECT ON proeftuin.* TO keeper@'127.0.0.1'"),
}


@pytest.mark.parametrize("kind", SERVERS)
def test_an_account_that_may_only_read_makes_a_copy(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The right to read our tables is enough to copy them whole."""
    server: OwnServer = request.getfixturevalue({"postgresql": "own_postgres", "mariadb": "own_mariadb"}[kind])
    folder = programs_for(kind, server.url)
    upgrade(server.url)
    with closing(open_store(server.url)) as store:
        begin(store)
    for one in MAKE[kind]:
        run_sql(server.url, one)
    restored = make_url(server.url).set(database="restored").render_as_string(hide_password=False)
    reader = make_url(server.url).set(username="keeper").render_as_string(hide_password=False)
    Site(kind, reader, restored, tmp_path, folder).run(commands(kind)[0])
    assert WHOLE in Site(kind, server.url, restored, tmp_path, folder).run(commands(kind)[1])
