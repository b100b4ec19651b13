"""An HR tool around pilots: what may be done and why not, and one verb to do it. Run it with `uvicorn app:app`.

Endpoints are plain functions: FastAPI runs each in a thread, and an engine may be called from any thread.
"""

import os
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse

import hooks
from proeftuin import Actor, Engine, ProeftuinError, Refused

STATUS = {
    "unknown-pilot": 404,
    "conflict": 412,  # another version than the one in If-Match
    "bad-argument": 422,
    "key-reused": 422,
    "not-verified": 401,
    "gap": 409,
}
LATER = {"store-busy", "store-unavailable", "outcome-unknown"}  # may be sent again, with the same key
PEOPLE = {
    "anna": Actor("anna", roles={"coordinator"}),
    "sofie": Actor("sofie", roles={"supplier_lead"}, party="greens"),
}

engine = Engine.open(os.environ["PROEFTUIN_STORE"])
app = FastAPI()
app.include_router(hooks.router)


def authorize(remote_user: Annotated[str, Header()]) -> Actor:
    """Return who asks. Yours to replace: here a proxy signs people in, and nobody comes in but through that proxy."""
    return PEOPLE.get(remote_user) or Actor(remote_user, roles=())


def language(request: Request) -> str:
    """Return the language in which reasons are told."""
    return "nl" if request.headers.get("accept-language", "").startswith("nl") else "en"


Who = Annotated[Actor, Depends(authorize)]
Language = Annotated[str, Depends(language)]


@app.exception_handler(ProeftuinError)
def problem(request: Request, error: ProeftuinError) -> JSONResponse:
    """Answer with what is wrong, by RFC 9457; a refusal brings every reason, and what would lift it."""
    if isinstance(error, Refused):
        told = error.as_problem(language(request))
    else:
        status = STATUS.get(error.code, 503 if error.code in LATER else 500)
        told = {"type": f"urn:proeftuin:{error.code}", "title": error.code, "status": status, "detail": str(error)}
    return JSONResponse(told, told["status"], media_type="application/problem+json")


@app.get("/pilots")
def pilots(who: Who, after: str | None = None) -> dict[str, Any]:
    """List the pilots that this person may see, a page at a time."""
    page = engine.seen_by(who).find(after=after)
    return {"items": [{"id": one.id, "state": one.state} for one in page.items], "next": page.next}


@app.get("/pilots/{pilot}/options")
def options(pilot: str, who: Who, lang: Language, response: Response) -> list[dict[str, Any]]:
    """List what this person may do now, and what not yet, with every reason as a refusal would tell it."""
    seen = engine.seen_by(who)
    response.headers["ETag"] = f'"{seen.get(pilot).version}"'
    return [
        {"trigger": one.trigger, "track": one.track, "label": one.label[lang], "allowed": one.allowed, "blockers": why}
        for one in seen.options(pilot)
        for why in [Refused(pilot, one.trigger, one.blockers).as_problem(lang)["blockers"]]
    ]


@app.post("/pilots/{pilot}/{trigger}")
def fire(  # noqa: PLR0917  # FastAPI gives every argument by its name
    pilot: str,
    trigger: str,
    who: Who,
    response: Response,
    idempotency_key: Annotated[str, Header()],
    data: dict[str, Any] | None = None,
    track: str | None = None,
    if_match: Annotated[str | None, Header(pattern=r'^"\d{1,9}"$')] = None,
) -> dict[str, Any]:
    """Do one thing, once for each key; with If-Match only to the version that was looked at."""
    seen = engine.seen_by(who)
    expect = int(if_match.strip('"')) if if_match else None
    seen.get(pilot)  # what somebody may not see is not there
    try:
        result = engine.fire(pilot, trigger, actor=who, data=data, track=track, key=idempotency_key, expect=expect)
    except Refused as no:
        raise seen.refusal(no, data=data, track=track) from None  # a supplier hears of its own affairs alone
    response.headers["ETag"] = f'"{result.pilot.version}"'
    return {"state": result.pilot.state, "pending": result.pending, "duplicate": result.duplicate}
