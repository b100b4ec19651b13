"""What a request brings is read strictly, and what is wrong with it is told in one sentence; nothing fails."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from proeftuin.errors import BadArgument
from proeftuin.web.api import given
from tests.web.api.served import client, served, with_pilots

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def asked() -> TestClient:
    return client(served(with_pilots()))


def post(raw: bytes, path: str = "pilots/one/commands", **headers: str) -> Callable[[TestClient], Any]:
    return lambda asked: asked.post(path, content=raw, headers={**JSON, **headers})


def get(path: str, **headers: str) -> Callable[[TestClient], Any]:
    return lambda asked: asked.get(path, headers=headers)


def note(data: bytes) -> Callable[[TestClient], Any]:
    return post(b'{"trigger": "add_lesson", "data": {"text": ' + data + b"}}")


DEEP = b"[" * 100_000 + b"]" * 100_000
WRONG: dict[str, tuple[Callable[[TestClient], Any], int, str, str]] = {
    "no JSON": (post(b"{"), 400, "body", "is no JSON"),
    "nothing": (post(b""), 400, "body", "is no JSON"),
    "a list": (post(b"[]"), 400, "body", "expected `object`"),
    "a text": (post(b'"x"'), 400, "body", "expected `object`"),
    "null": (post(b"null"), 400, "body", "expected `object`"),
    "no trigger": (post(b"{}"), 400, "body", "`trigger`"),
    "a trigger that is a number": (post(b'{"trigger": 5}'), 400, "trigger", "expected `str`"),
    "an unknown field": (post(b'{"trigger": "x", "actor": "bo"}'), 400, "actor", "is not known here"),
    "an unknown field in a list": (
        post(b'{"commands": [{"trigger": "x", "as": 1}]}', "pilots/one/batch"), 400, "commands[0].as", "not known here",
    ),
    "no commands": (post(b'{"commands": []}', "pilots/one/batch"), 400, "commands", "at least one"),
    "a key twice": (post(b'{"trigger": "x", "trigger": "y"}'), 400, "trigger", "twice"),
    "a key twice, deep": (note(b'{"a": {"b": 1, "b": 2}}'), 400, "b", "twice"),
    "a float": (note(b"1.5"), 400, "data.text", "finite decimal"),
    "a number without end": (note(b"1e999"), 400, "data.text", "finite decimal"),
    "NaN": (note(b"NaN"), 400, "body", "NaN is no number"),
    "Infinity": (note(b"-Infinity"), 400, "body", "-Infinity is no number"),
    "a large integer": (note(b"9" * 30), 400, "data.text", "64 bits"),
    "a number too long to read": (note(b"9" * 5_000), 400, "body", "too long"),
    "half a surrogate pair": (note(b'"\\ud800"'), 400, "body", "surrogate"),
    "half a surrogate pair as a name": (post(b'{"\\udfff": 1}'), 400, "body", "surrogate"),
    "no UTF-8": (note(b'"\xff"'), 400, "body", "UTF-8"),
    "UTF-16": (post('{"trigger": "x"}'.encode("utf-16")), 400, "body", "UTF-8"),
    "a mark in front": (post(b'\xef\xbb\xbf{"trigger": "x"}'), 400, "body", "is no JSON"),
    "nested without end": (note(DEEP), 400, "body", "nested"),
    "a day that is none": (post(b'{"trigger": "x", "on": "2026-02-30"}'), 400, "on", "date"),
    "a day that is a moment": (post(b'{"trigger": "x", "on": "2026-02-03T00:00:00Z"}'), 400, "on", "date"),
    "a trigger too long": (post(b'{"trigger": "' + b"x" * 300 + b'"}'), 400, "trigger", "name of a trigger"),
    "another media type": (post(b"{}", **{"content-type": "text/plain"}), 415, "", "application/json"),
    "a form": (post(b"trigger=x", **{"content-type": "application/x-www-form-urlencoded"}), 415, "", "json"),
    "another character set": (post(b"{}", **{"content-type": "application/json; charset=latin-1"}), 415, "", "UTF-8"),
    "a key that is blank": (post(b'{"trigger": "x"}', **{"idempotency-key": " "}), 400, "key", "1 to 255"),
    "a key too long": (post(b'{"trigger": "x"}', **{"idempotency-key": "k" * 256}), 400, "key", "1 to 255"),
    "a tag that is none": (post(b'{"trigger": "x"}', **{"if-match": "7"}), 400, "If-Match", "ETag"),
    "an unknown parameter": (get("pilots?colour=red"), 400, "colour", "is no parameter"),
    "a parameter twice": (get("pilots?state=a&state=b"), 400, "state", "twice"),
    "a day without an end": (get("portfolio?as_of=9999-12-31"), 400, "as_of", "5000 or before"),
    "a limit that is text": (get("pilots?limit=many"), 400, "limit", "whole number"),
    "a limit with a point": (get("pilots?limit=1.0"), 400, "limit", "whole number"),
    "a limit of other digits": (get("pilots?limit=\u0661"), 400, "limit", "whole number"),
    "no limit": (get("pilots?limit=0"), 400, "limit", "1 to 1000"),
    "too large a page": (get("pilots/one/history?limit=1001"), 400, "limit", "1 to 1000"),
    "a flag that is none": (get("pilots/one/options?all=1"), 400, "all", "true or false"),
    "not overdue": (get("pilots?overdue=false"), 400, "overdue", "must be True"),
    "a moment without a zone": (get("pilots?updated_after=2026-03-02T09:00:00"), 400, "updated_after", "time zone"),
    "a moment that is none": (get("pilots?updated_after=yesterday"), 400, "updated_after", "moment"),
    "a day of another form": (get("metrics?as_of=20260302"), 400, "as_of", "YYYY-MM-DD"),
    "a day that is not there": (get("metrics?as_of=2026-02-30"), 400, "as_of", "day"),
    "a version and a moment": (get("pilots/one?version=1&at=2026-03-02T09:00:00Z"), 400, "at", "not both"),
    "a version past the last": (get("pilots/one?version=99"), 400, "version", "from 1 to"),
    "a version before the first": (get("pilots/one?version=0"), 400, "version", "from 1 to"),
    "an unknown language": (get("pilots?lang=fr"), 400, "lang", "en, nl"),
    "an unknown figure": (get("metrics?name=luck"), 400, "metrics", "luck"),
    "NUL in a page's key": (get("pilots?after=%00"), 400, "after", "NUL"),
    "ids and filters": (get("metrics?pilot=one&state=exploring"), 400, "pilots", "not both"),
    "a parameter of a command": (post(b'{"trigger": "x"}', "pilots/one/commands?dry=1"), 400, "dry", "is no parameter"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(asked: TestClient, name: str) -> None:
    """A request that is wrong in itself gets a problem that says where, and why, whatever it is."""
    call, status, argument, says = WRONG[name]
    answer = call(asked)
    told = answer.json()
    assert (status, "application/problem+json") == (answer.status_code, answer.headers["content-type"]), answer.text
    assert argument == told.get("argument", "")
    assert says in told["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 404),
        ("nothing", 404),
        ("pilots/", 404),
        ("pilots//history", 404),
        ("pilots/one/commands", 405),
        ("tick", 405),
    ],
)
def test_what_is_not_there_is_a_problem_too(asked: TestClient, path: str, status: int) -> None:
    """An address with nothing at it, and a method that is none there, are told as problems; `Allow` says what goes."""
    answer = asked.get(path)
    assert (status, "application/problem+json") == (answer.status_code, answer.headers["content-type"])
    assert answer.json()["type"].startswith("urn:proeftuin:")
    assert (status == 405) == ("allow" in answer.headers)


def test_too_much_is_told(asked: TestClient) -> None:
    """A body that is longer than the limit is a problem of 413."""
    answer = asked.post("pilots/one/commands", content=b" " * 1_000_001, headers=JSON)
    assert (413, "urn:proeftuin:too-large") == (answer.status_code, answer.json()["type"])


def test_it_can_be_mounted_below_another_application() -> None:
    """Wherever it is mounted, ids, the document's own address and problems are right."""
    outer = Starlette(routes=[Mount("/tool/x", app=served(with_pilots()))])
    inside = TestClient(outer, base_url="http://testserver/tool/x/api/v1/", headers={"x-user": "anna"})
    assert "Gardens" == inside.get("pilots/a%2Fb").json()["data"]["title"]
    assert [{"url": "/tool/x/api/v1"}] == inside.get("openapi.json").json()["servers"]
    answers = [inside.get("no"), inside.get("pilots", headers={"x-user": "nobody"})]
    answers.append(inside.post("pilots/one/commands", content=b" " * 1_000_001, headers=JSON))
    assert [404, 401, 413] == [one.status_code for one in answers]
    assert {"application/problem+json"} == {one.headers["content-type"] for one in answers}


def test_an_id_may_hold_what_separates_a_path(asked: TestClient) -> None:
    """A pilot whose id holds a slash is found under the id as it is written in a path, and no other one is."""
    assert "Gardens" == asked.get("pilots/a%2Fb").json()["data"]["title"]
    assert 1 == len(asked.get("pilots/a%2Fb/history").json()["items"])
    assert 404 == asked.get("pilots/a/b").status_code
    begun = asked.post(
        "pilots",
        json={"workflow": "existing-contract", "data": {"title": "T", "organisation": "O"}, "id": "100% x?y#z/%2F"},
    )
    assert "100% x?y#z/%2F" == asked.get(begun.headers["location"]).json()["id"]


def test_who_sees_something_else_has_another_tag(asked: TestClient) -> None:
    """What one person holds of a pilot is not taken for what another one sees, and either tag tells the version."""
    anna, sofie = (asked.get("pilots/one", headers={"x-user": who}) for who in ("anna", "sofie"))
    tags = [one.headers["etag"] for one in (anna, sofie)]
    assert anna.json() != sofie.json()
    assert [304, 200] == [
        asked.get("pilots/one", headers={"x-user": who, "if-none-match": tags[0]}).status_code
        for who in ("anna", "sofie")
    ]
    assert [3, 3] == [found.expect(3) for one in tags if (found := given.tags(one)) is not None]


def test_a_head_is_a_get_without_its_body(asked: TestClient) -> None:
    """Whoever asks for the head alone gets the same headers."""
    answer = asked.head("pilots/one")
    assert (200, asked.get("pilots/one").headers["etag"]) == (answer.status_code, answer.headers["etag"])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("abc", "abc"),
        ('"abc"', "abc"),
        ('"a\\"b\\\\"', 'a"b\\'),
        ('"', '"'),
        ('""', ""),
    ],
)
def test_a_key_is_the_same_in_quotes(header: str | None, expected: str | None) -> None:
    """An idempotency key may stand in quotes, as the draft of IETF writes it, or by itself; it is the same key."""
    assert expected == given.key(header)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"7"', 7),
        ('"3", "7"', 7),
        ('"3","5"', 5),
        ('W/"7"', 0),
        ('"x7"', 0),
        ('"07"', 0),
        ("*", None),
    ],
)
def test_what_is_expected_of_a_pilot_at_version_7(header: str, expected: int | None) -> None:
    """One of several tags will do; a weak or a foreign one never does, and a star says that there is a pilot."""
    found = given.tags(header)
    assert found is not None
    assert expected == found.expect(7)


def test_no_precondition_expects_nothing() -> None:
    """Without `If-Match` nothing is expected; what is no entity tag is a fault."""
    assert given.tags(None) is None
    for header in ("", "7", '"7', '"7" "8"', '"7",'):
        with pytest.raises(BadArgument):
            given.tags(header)
