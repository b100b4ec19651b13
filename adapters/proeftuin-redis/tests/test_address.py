import pytest
from redis.connection import parse_url

from proeftuin.errors import BadArgument
from proeftuin_redis._address import DEFAULT_TIMEOUT, Address, read_url


@pytest.mark.parametrize(
    ("url", "driver", "place"),
    [
        ("redis://", "redis://localhost/0", "redis://localhost:6379/0"),
        ("redis://db.example", "redis://db.example/0", "redis://db.example:6379/0"),
        ("redis://db.example:7000/3", "redis://db.example:7000/3", "redis://db.example:7000/3"),
        ("valkey://db.example/1?prefix=x", "redis://db.example/1", "redis://db.example:6379/1"),
        ("redis://[::1]:7000/1", "redis://[::1]:7000/1", "redis://[::1]:7000/1"),
        ("redis://ann:s%40t@db/0", "redis://ann:s%40t@db/0", "redis://db:6379/0"),
        ("valkeys://db?timeout=2&ssl_ca_certs=/a%26b", "rediss://db/0?ssl_ca_certs=/a%26b", "redis://db:6379/0"),
    ],
)
def test_a_url_says_where(url: str, driver: str, place: str) -> None:
    """The driver is given what is its own, and people are shown neither a user nor a password."""
    found = read_url(url)
    assert (driver, place) == (found.url, found.place)


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("ssl_ca_certs=/a/b.pem", {"ssl_ca_certs": "/a/b.pem"}),
        ("ssl%5Fca%5Fcerts=/a/b.pem", {"ssl_ca_certs": "/a/b.pem"}),
        ("prefix=x&%73sl_check_hostname=no&ssl_certfile=a", {"ssl_check_hostname": False, "ssl_certfile": "a"}),
        ("ssl_keyfile=/a%20b%2Bc%26d%2541", {"ssl_keyfile": "/a b+c&d%41"}),
    ],
)
def test_the_driver_reads_what_was_written(query: str, options: dict[str, object]) -> None:
    """However an option of TLS is escaped, its name too, the driver gets it, and each value as it was meant."""
    read = parse_url(read_url(f"rediss://db/0?{query}").url)  # type: ignore[no-untyped-call]  # the driver does not say what it gives
    assert options == {name: value for name, value in read.items() if name.startswith("ssl_")}


def test_options_are_ours() -> None:
    """Prefix, timeout and what is required of the server are read; each has a value where it is not given."""
    found = read_url("redis://db/2?prefix=a.b-c_1&timeout=2.5&durable=required")
    assert Address("redis://db/2", "redis://db:6379/2", "a.b-c_1", 2.5, must_last=True) == found
    assert Address("redis://db/2", "redis://db:6379/2", "proeftuin", DEFAULT_TIMEOUT) == read_url("redis://db/2")


@pytest.mark.parametrize(
    ("url", "argument"),
    [
        ("mongo://db", "url"),
        ("redis://db:port/0", "url"),
        ("redis://db:99999/0", "url"),
        ("redis://[db/0", "url"),
        ("redis://db/zero", "url"),
        ("redis://db/-1", "url"),
        ("redis://db/0#part", "url"),
        ("redis://db/0?prefx=a", "url"),
        ("redis://db/0?prefix=a&prefix=b", "url"),
        ("redis://db/0?retry_on_timeout=yes", "url"),
        ("redis://db/0?ssl_ca_certs=/a", "url"),
        ("redis://db/0?prefix=", "prefix"),
        ("rediss://db/0?ssl_ca_certs=", "ssl_ca_certs"),
        ("rediss://db/0?ssl_keyfile=a&ssl%5Fkeyfile=b", "url"),
        ("redis://db/0?prefix=a/b", "prefix"),
        (f"redis://db/0?prefix={'a' * 65}", "prefix"),
        ("redis://db/0?timeout=0", "timeout"),
        ("redis://db/0?timeout=-1", "timeout"),
        ("redis://db/0?timeout=1e3", "timeout"),
        ("redis://db/0?timeout=3601", "timeout"),
        ("redis://db/0?durable=yes", "durable"),
        ("redis://db/0?durable=", "durable"),
    ],
)
def test_a_wrong_url_is_told(url: str, argument: str) -> None:
    """What cannot be read, or is no option, is a bad argument that is named."""
    with pytest.raises(BadArgument) as told:
        read_url(url)
    assert argument == told.value.argument


@pytest.mark.parametrize("url", ["redis://ann:canary@db:port/0", "redis://ann:canary@[db", "redis://ann:canary@db/x"])
def test_no_password_is_told(url: str) -> None:
    """Neither the error of a wrong URL nor its cause holds the password that stood in it."""
    with pytest.raises(BadArgument) as told:
        read_url(url)
    assert "canary" not in f"{told.value} {told.value.__cause__}"
    assert "canary" not in repr(read_url("redis://ann:canary@db/0"))
