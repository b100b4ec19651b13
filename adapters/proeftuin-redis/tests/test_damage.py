"""What is told when somebody got at the keys of a store, and what is left of a ref that was forgotten."""

from collections.abc import Callable

import pytest

from proeftuin import Engine
from proeftuin.errors import CorruptStore, ProeftuinError
from proeftuin.spi import Personal, Query, Receipt, replace
from proeftuin.testing import begin, changed, started, versions, written
from proeftuin_redis import RedisStore, open_redis
from tests.own_servers import OwnRedis

Asked = Callable[..., object]
Started = Callable[..., OwnRedis]

PILOT, EVENTS = "proeftuin/pilot/7:default/2:p1", "proeftuin/events/7:default/2:p1"
REF = "person-4711-forgotten"


def load(store: RedisStore) -> object:
    return store.load("default", "p1")


def find(store: RedisStore) -> object:
    return store.find(Query("default"))


def personal(store: RedisStore) -> object:
    return store.personal("default", "p1")


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        (("HDEL", PILOT, "body"), (load, "the head of pilot 'p1'")),
        (("HSET", PILOT, "fold", "x"), (load, "the head of pilot 'p1'")),
        (("HDEL", PILOT, "state"), (find, "pilot 'p1'")),
        (("DEL", PILOT), (find, "pilot 'p1'")),
        (("SET", PILOT, "x"), (load, "pilot 'p1'")),
        (("LSET", EVENTS, "0", "x"), (versions, "the history of pilot 'p1' behind version 0")),
        (("SET", EVENTS, "x"), (versions, "the history of pilot 'p1'")),
        (("HSET", "proeftuin/personal/7:default/2:p1", "s1", "x"), (personal, "the subjects of pilot 'p1'")),
    ],
)
def test_what_cannot_be_read_is_told(
    url: str, store: RedisStore, asked: Asked, damage: tuple[str, ...], seen: tuple[Callable[[RedisStore], object], str]
) -> None:
    """What somebody damaged is told as such, with the place where it stands, and never as an error of Python's own."""
    store.append(replace(written(None, started("p1"))[0], personal=(Personal("s1", "r", b""),)))
    asked(url, *damage)
    act, place = seen
    with pytest.raises(CorruptStore, match=place):
        act(store)


def test_a_pilot_that_cannot_be_read_hides_no_other(url: str, store: RedisStore, asked: Asked) -> None:
    """A summary that somebody damaged is found with its pilot, and so is what is wrong with those behind it."""
    for name in ("p1", "p2"):
        store.append(written(None, started(name))[0])
    asked(url, "HDEL", PILOT, "state")
    asked(url, "HDEL", PILOT.replace("p1", "p2"), "body")
    with pytest.raises(CorruptStore) as caught:
        find(store)
    assert "p1" == caught.value.pilot_id
    assert ["p1", "p2"] == sorted({one.pilot_id for one in Engine(store).verify()})


@pytest.mark.parametrize("damage", [("RPOP", EVENTS), ("RPUSH", EVENTS, "x"), ("DEL", EVENTS)])
def test_nothing_is_written_behind_a_damaged_history(
    url: str, store: RedisStore, asked: Asked, damage: tuple[str, ...]
) -> None:
    """A commit on a pilot whose history has too few or too many events is refused, and so are all beside it."""
    pilot = begin(store)
    asked(url, *damage)
    commits = [written(None, started("p2"))[0], written(pilot, changed(pilot))[0]]
    with pytest.raises(CorruptStore, match="pilot 'p1' is at version 1"):
        store.append(*commits)
    assert store.load("default", "p2") is None


def forgotten(store: RedisStore) -> None:
    """Write a ref, and forget it."""
    commit, pilot = written(None, started("p1"))
    store.append(replace(commit, personal=(Personal("s1", REF, b"salt"), Personal("s2", "another", b"salt"))))
    store.append(replace(written(pilot, changed(pilot))[0], erased=("s1", "s9")))


def test_what_is_erased_is_in_no_key(url: str, store: RedisStore, asked: Asked) -> None:
    """A ref that was forgotten is found by nobody, is in no value and in no name of a key, and may be issued anew."""
    forgotten(store)
    found = asked(url, "KEYS", "*")
    assert isinstance(found, list)
    dumped = [asked(url, "HGETALL", name) for name in found if asked(url, "TYPE", name) == "hash"]
    assert (Personal("s2", "another", b"salt"),) == store.personal("default", "p1")
    assert () == store.holders("default", REF)
    assert REF not in f"{found}{dumped}"


def test_scrubbing_takes_it_from_the_files(started: Started) -> None:
    """After scrubbing no file of the server holds what was forgotten, neither its log nor its snapshot."""
    server = started("--save", "3600", "1")
    opened = open_redis(server.url)
    forgotten(opened)
    assert _held(server)
    opened.scrub()
    opened.close()
    server.stop()
    assert [] == _held(server)
    server.start()
    again = open_redis(server.url)
    assert [1, 2] == versions(again)
    again.close()


def _held(server: OwnRedis) -> list[str]:
    files = [path for path in server.folder.rglob("*") if path.is_file()]
    return [path.name for path in files if REF.encode() in path.read_bytes()]


def test_scrubbing_without_files_does_nothing(forgetful_url: str) -> None:
    """Where the server keeps no files there is nothing to scrub, and no file is made; a closed store says so."""
    opened = open_redis(forgetful_url)
    opened.scrub()
    opened.close()
    with pytest.raises(ProeftuinError, match="closed"):
        opened.scrub()


def test_receipts_come_in_order(store: RedisStore) -> None:
    """The receipts of a pilot come in order of key, over several parts, each as it was written."""
    commit, _ = written(None, started("p1"))
    given = [Receipt(f"k{number}", f"f{number}", b"\0%d\0" % number) for number in range(200)]
    store.append(replace(commit, receipts=tuple(given)))
    assert sorted(given, key=lambda one: one.key) == list(store.receipts("default", "p1"))
    assert [] == list(store.receipts("default", "p2"))
