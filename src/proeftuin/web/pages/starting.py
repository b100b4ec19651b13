"""Beginning a pilot: which route, and what is told at the start."""

from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from proeftuin.core.commands import Blocker
from proeftuin.core.options import shape
from proeftuin.core.workflow import Workflow, expand_roles
from proeftuin.errors import Refused
from proeftuin.web.pages.acting import SAID, Said, failed, key_after, leaves
from proeftuin.web.pages.board import known, said
from proeftuin.web.pages.fields import Maker, errors_of, name_of
from proeftuin.web.pages.form import Form, sent
from proeftuin.web.pages.page import Page
from proeftuin.web.pages.reasons import Reason
from proeftuin.web.pages.taking import Shape, taken


def start_page(request: Request, _body: bytes) -> Response:
    """Show which routes can be begun, or the form of one."""
    page = Page(request)
    flows = _open(page)
    name = page.asked("workflow")
    if name is None:
        routes = [(page.at("start", workflow=one), said(page, flow.label)) for one, flow in flows.items()]
        return page.render("start.html", title=page.tell("start"), routes=routes)
    return _shown(page, _flow(flows, name), name, Form([]), uuid4().hex)


def start(request: Request, body: bytes) -> Response:
    """Begin a pilot with what a form holds."""
    page, form = Page(request), sent(request, body)
    name = page.asked("workflow") or ""
    flow = _flow(_open(page), name)
    key = form.one("_key")[:64] or uuid4().hex
    if not page.genuine(form.one("_token")):
        return _shown(page, flow, name, form, key, status=403, told=Said("token"))
    if form.one("_more"):
        return _shown(page, flow, name, form, key)
    form = form.closed()
    try:
        result = page.desk.start(name, data=taken(_fields(flow), form), key=key)
    except Refused as refused:
        return _shown(page, flow, name, form, key, status=422, blockers=refused.blockers)
    except SAID as error:
        status, told = failed(error)
        return _shown(page, flow, name, form, key_after(error, key), status=status, told=told)
    return page.go("pilot", id=result.pilot.id, done=0)


def _open(page: Page) -> dict[str, Workflow]:
    """Return the workflows that this actor may begin a pilot under."""
    roles = page.desk.actor.roles
    return {name: flow for name, flow in known(page).items() if roles & {*expand_roles(flow, flow.start.allow)}}


def _flow(flows: dict[str, Workflow], name: str) -> Workflow:
    if name not in flows:
        raise HTTPException(404)
    return flows[name]


def _fields(flow: Workflow) -> dict[str, Shape]:
    return {name: shape(flow, name, one) for name, one in flow.start.data.items() if not one.by_engine}


def _shown(
    page: Page,
    flow: Workflow,
    name: str,
    form: Form,
    key: str,
    *,
    status: int = 200,
    blockers: tuple[Blocker, ...] = (),
    told: Said | None = None,
) -> Response:
    fields = _fields(flow)
    widgets = Maker(page, flow, None, form, errors_of(blockers, fields, page.lang)).all(fields)
    others = [Reason(one.text(page.lang), ()) for one in blockers if name_of(one, fields) is None]
    return page.render(
        "begin.html",
        status=status,
        title=f"{page.tell('start')}: {said(page, flow.label)}",
        widgets=widgets,
        wrong=[(one, text) for one in leaves(widgets) for text in one.errors],
        refused=bool(blockers),
        reasons=others,
        said=told,
        key=key,
        action=page.at("start", workflow=name),
    )
