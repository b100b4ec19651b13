"""What stands in front of the board: who is let in, from where, how much, and what a browser may do with a page."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from proeftuin import Actor, BadArgument, Engine
from proeftuin.web import Limits, Seat, app
from proeftuin.web.limits import KNOWN, Buckets, Streams
from proeftuin.web.pages import routes
from tests.web.boards import BEGIN, FORM, LEAD, client, engine, filled

PAGES = ["/", "/pilot?id=canteen", "/act?id=canteen&trigger=assign", "/start", "/agenda", "/portfolio", "/events"]
PAGES += ["/pilot/history?id=canteen", "/pilot/pictures?id=canteen", "/pilot/events?id=canteen"]
API = ["/api/v1/openapi.json", "/api/v1/pilots", "/api/v1/nothing"]


def through(answer: Any) -> TestClient:
    """A board whose host answers so."""
    return TestClient(app(engine(), authorize=answer), follow_redirects=False)


def test_every_page_is_tried() -> None:
    """The addresses that are tried below are all there are, but for the forms that are sent."""
    assert {one.path for one in routes()} == {one.partition("?")[0] for one in PAGES} | {"/static/pictures.css"}


@pytest.mark.parametrize("where", [*PAGES, *API, "/nothing"])
def test_without_an_actor_nothing_is_served(where: str) -> None:
    """No page, stream or answer is given to nobody, and none says whether there is such a thing."""
    answer = through(lambda _: None).get(where)
    assert answer.status_code == 401
    assert "canteen" not in answer.text
    assert "Catering" not in answer.text
    kind = "application/problem+json" if where in API else "text/html; charset=utf-8"
    assert kind == answer.headers["content-type"]


@pytest.mark.parametrize("where", ["/act?id=canteen&trigger=assign", "/start?workflow=existing-contract"])
def test_without_an_actor_nothing_is_done(where: str) -> None:
    """A form that nobody sends changes nothing, whatever is in it."""
    on = engine()
    action, fields = filled(client(on), where, BEGIN)
    assert client(on, who="nobody").post(action, data=fields).status_code == 401
    assert (1, 1) == (on.get("canteen").version, len(on.find().items))


def test_files_are_served_to_anybody_and_pages_are_not() -> None:
    """What draws a page is no secret; nothing else is below that address, and nothing can be sent to it."""
    visitor = through(lambda _: None)
    for name in ("board.css", "board.js", "htmx-2.0.11.min.js", "htmx-LICENSE.txt", "icon.svg", "pictures.css"):
        assert visitor.get(f"/static/{name}").status_code == 200
    assert visitor.get("/static/../app.py").status_code in {401, 404}
    assert visitor.post("/static/board.css").status_code == 401


@pytest.mark.parametrize("answer", ["lead", {"id": "lead"}, True, ("lead", ())])
def test_an_answer_that_is_no_actor_lets_nobody_in(answer: Any) -> None:
    """Whatever the host's function gives that is neither an actor, a seat nor a response counts as nobody."""
    assert through(lambda _: answer).get("/").status_code == 401


def test_a_function_that_fails_lets_nobody_in() -> None:
    """Where the host's function raises, nothing is served; its own way to say no is kept."""

    def broken(_: object) -> None:
        raise LookupError("canteen")

    def own(_: object) -> None:
        raise HTTPException(403)

    def odd(_: object) -> None:
        raise HTTPException(499, "gone")

    assert [401, 403, 499] == [through(each).get("/").status_code for each in (broken, own, odd)]


def test_who_the_host_keeps_out_is_not_told_of_foreign_pages() -> None:
    """A 403 of the host's own function has a code and words of its own; what comes of another site has its own too."""

    def no(_: object) -> None:
        raise HTTPException(403)

    kept, ours = through(no), client(engine())
    assert "urn:proeftuin:not-allowed" == kept.get("/api/v1/pilots").json()["type"]
    foreign = ours.post("/api/v1/pilots", headers={"sec-fetch-site": "cross-site"})
    assert (403, "urn:proeftuin:foreign-page") == (foreign.status_code, foreign.json()["type"])
    pages = kept.get("/?lang=nl").text, ours.post("/start", headers={"sec-fetch-site": "cross-site"}).text
    assert [(True, False), (False, True)] == [
        ("U mag hier niet komen." in page, "vanaf onze eigen pagina" in page) for page in pages
    ]


def test_the_host_may_answer_instead() -> None:
    """A response of the host's function is sent as it is, such as the way to its own sign-in page."""
    answer = through(lambda _: RedirectResponse("/sign-in")).get("/")
    assert (307, "/sign-in") == (answer.status_code, answer.headers["location"])


def test_a_coroutine_may_say_who_it_is() -> None:
    """The host's function may be plain or a coroutine."""

    async def asked(_: object) -> Seat:  # what is tested is that it may be one
        return Seat(LEAD, name="Lotte")

    answer = through(asked).get("/")
    assert answer.status_code == 200
    assert "Lotte" in answer.text


def test_what_cannot_be_called_is_refused() -> None:
    """A board without somebody who says who asks is not made."""
    with pytest.raises(BadArgument):
        app(engine(), authorize=None)  # type: ignore[arg-type]  # this is what is tested


def test_a_seat_has_its_own_tenant() -> None:
    """Who is of another tenant sees that tenant's pilots, and none of the first."""
    on = engine()
    on.for_tenant("other").start("existing-contract", actor=LEAD, data={**BEGIN, "title": "Elsewhere"}, id="other")
    page = TestClient(app(on, authorize=lambda _: Seat(LEAD, tenant="other"))).get("/").text
    assert "Elsewhere" in page
    assert "Catering" not in page


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": "http://testserver"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
    ],
)
def test_a_form_is_taken_from_our_own_pages_alone(headers: dict[str, str], status: int) -> None:
    """What a browser says was sent from another site is refused, and nothing is recorded."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, "/act?id=canteen&trigger=assign", {"duty": "hr", "person": "hans"})
    assert status == visitor.post(action, data=fields, headers=headers).status_code
    assert (2 if status == 303 else 1) == on.get("canteen").version


@pytest.mark.parametrize("token", ["", "0" * 64, "\u00e9"])
def test_a_form_without_our_token_is_not_taken(token: str) -> None:
    """A form that we did not give to this person changes nothing, and loses nothing of what was typed."""
    on = engine()
    visitor = client(on)
    action, fields = filled(visitor, "/act?id=canteen&trigger=assign", {"duty": "hr", "person": "hans"})
    answer = visitor.post(action, data={**fields, "_token": token})
    assert (403, 1) == (answer.status_code, on.get("canteen").version)
    assert 'value="hans"' in answer.text


def test_a_token_is_of_one_person() -> None:
    """The token of somebody else's form is none."""
    on = engine()
    _, others = filled(client(on, who="owner"), "/act?id=canteen&trigger=assign", {})
    visitor = client(on)
    action, fields = filled(visitor, "/act?id=canteen&trigger=assign", {"duty": "hr", "person": "hans"})
    assert visitor.post(action, data={**fields, "_token": others["_token"]}).status_code == 403


@pytest.mark.parametrize("where", [*PAGES[:6], "/nothing", "/static/board.css", *API])
def test_every_answer_binds_the_browser(where: str) -> None:
    """Every answer forbids scripts and styles but our own files, framing, guessing at types, and keeping it."""
    headers = client(engine()).get(where).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert ("nosniff", "DENY") == (headers["x-content-type-options"], headers["x-frame-options"])
    assert ("public, max-age=3600" if "static" in where else "no-store") == headers["cache-control"]


def test_a_page_holds_no_script_and_no_style() -> None:
    """No page has a script, a style or a handler of its own in it, which the policy would not let run."""
    visitor = client(engine())
    for where in PAGES[:6] + PAGES[7:9]:
        page = visitor.get(where).text
        assert "<style" not in page
        assert ' style="' not in page
        assert " onclick" not in page
        assert page.count("<script") == page.count("<script src=")


def test_too_much_is_not_taken_in() -> None:
    """A form larger than the limit is refused, whether or not it says how large it is."""
    visitor = client(engine(), limits=Limits(body=2000))
    much = b"d.text=" + b"x" * 3000
    assert (
        visitor.post("/act?id=canteen&trigger=add_lesson", content=much, headers={"content-type": FORM}).status_code
        == 413
    )

    def pieces() -> Any:
        yield from (much[:1500], much[1500:])

    said = visitor.post("/act?id=canteen&trigger=add_lesson", content=pieces(), headers={"content-type": FORM})
    assert said.status_code == 413


def test_who_asks_too_much_waits_and_others_do_not() -> None:
    """Beyond what one person may ask at once the answer is 429, with when to come back; another person is served."""
    inside = app(
        engine(),
        authorize=lambda request: Actor(request.headers["who"], roles={"coordinator"}),
        limits=Limits(burst=2, minute=1),
    )
    visitor = TestClient(inside)
    assert [200, 200, 429] == [visitor.get("/start", headers={"who": "a"}).status_code for _ in range(3)]
    assert "60" >= visitor.get("/start", headers={"who": "a"}).headers["retry-after"]
    assert visitor.get("/start", headers={"who": "b"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "number"), [("minute", 0), ("burst", 0), ("body", 0), ("streams", -1), ("minute", 0.5), ("burst", True)]
)
def test_limits_that_let_nobody_in_are_no_limits(name: str, number: Any) -> None:
    """A limit is a whole number of 1 or more, but for live pages, of which there may be none."""
    with pytest.raises(BadArgument, match=name):
        Limits(**{name: number})
    assert not Streams(Limits(streams=0)).take("a")


def test_a_bucket_fills_again() -> None:
    """So many requests are added a minute, up to the burst, and whoever is forgotten begins anew."""
    now = [0.0]
    buckets = Buckets(Limits(burst=2, minute=60), lambda: now[0])
    assert [0, 0, 1] == [buckets.take("a") for _ in range(3)]
    now[0] = 1.0
    assert [0, 1] == [buckets.take("a") for _ in range(2)]
    now[0] = 100.0
    assert [0, 0, 1] == [buckets.take("a") for _ in range(3)]
    for number in range(KNOWN):
        buckets.take(number)
    assert buckets.take("a") == 0


def test_so_many_streams_are_open_at_once() -> None:
    """One person has a number of streams, and a closed one makes room."""
    streams = Streams(Limits(streams=1))
    assert [True, False, True] == [streams.take("a"), streams.take("a"), streams.take("b")]
    streams.give("a")
    assert streams.take("a")


@pytest.mark.parametrize(
    "where", ["//elsewhere.example", "/pilot?id=//elsewhere.example", "/?lang=//elsewhere.example"]
)
def test_no_address_leads_elsewhere(where: str) -> None:
    """No answer sends a browser to another site, whatever is asked."""
    answer = client(engine()).get(where)
    assert "location" not in answer.headers
    assert 'href="//' not in answer.text


def test_it_is_mounted_under_any_path() -> None:
    """Under another application every link, form and file leads to where the board is."""
    outer = Starlette(routes=[Mount("/deep/board", app(engine(), authorize=lambda _: LEAD)), Route("/", _outside)])
    visitor = TestClient(outer)
    page = visitor.get("/deep/board/pilot?id=canteen").text
    assert 'href="/deep/board/static/board.css' in page
    assert 'href="/deep/board/act?id=canteen' in page
    assert 'href="/act' not in page
    assert visitor.get("/deep/board/static/board.css").status_code == 200
    assert "outside" == visitor.get("/").text


def _outside(_: object) -> Response:
    return PlainTextResponse("outside")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"d.a=%ff", FORM, 400), (b"\xff", FORM, 400), (b"{}", "application/json", 415), (b"a=1&" * 3000, FORM, 400)],
)
def test_what_no_form_of_ours_sends_is_refused(body: bytes, kind: str, status: int) -> None:
    """Bytes that are no text, another type, and more fields than any form has, are told as such."""
    answer = client(engine()).post("/act?id=canteen&trigger=assign", content=body, headers={"content-type": kind})
    assert status == answer.status_code


def test_what_fails_inside_is_told_without_what_it_was() -> None:
    """An error of the store is a page with a status of its own, which says nothing of what is inside."""

    class Broken(Engine):
        def seen_by(self, actor: Actor) -> Any:
            raise OSError("/secret/place")

    on = Broken.open("memory://")
    answer = TestClient(app(on, authorize=lambda _: LEAD), raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
