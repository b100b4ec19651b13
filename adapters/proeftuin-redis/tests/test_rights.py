import re
import shlex
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from proeftuin.errors import StoreUnavailable
from proeftuin.spi import Query, Subscription
from proeftuin.testing import begin, changed, versions, written
from proeftuin_redis import open_redis
from tests.own_servers import OwnRedis

Asked = Callable[..., object]
Started = Callable[..., OwnRedis]


def rights() -> list[list[str]]:
    """The commands that the README gives for a user with no more rights than it takes."""
    page = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    return [shlex.split(line) for line in re.findall("^ACL SETUSER .*$", page, re.MULTILINE)]


def test_the_rights_of_the_readme_are_enough(started: Started, asked: Asked) -> None:
    """A user with the rights that the README names can do all there is to do, and is told of nothing else's keys."""
    server = started()
    (words,) = rights()
    asked(server.url, *words)
    name, secret = words[2], next(one for one in words if one.startswith(">"))[1:]
    opened = open_redis(server.url.replace("redis://", f"redis://{name}:{secret}@") + "?durable=required")
    pilot = begin(opened)
    opened.subscribe("default", Subscription("log", b""), now=pilot.updated_at)
    opened.append(written(pilot, changed(pilot))[0], recorded=lambda _: None)
    assert 1 == opened.fan_out("default", now=pilot.updated_at)
    (claim,) = opened.claim("default", "log", now=pilot.updated_at, until=pilot.updated_at + timedelta(hours=1))
    assert (claim.delivered, [1, 2]) == (1, versions(opened))
    opened.put_workflow("plain", 1, "h", b"")
    opened.scrub()
    assert (("default",), ["p1"]) == (opened.tenants(), [one.id for one in opened.find(Query("default")).items])
    opened.close()
    with pytest.raises(StoreUnavailable, match="does not let this user"):
        open_redis(server.url.replace("redis://", f"redis://{name}:{secret}@") + "?prefix=theirs")
