"""The form for one trigger: what it takes, what stands in its way, and what became of it.

1. A form carries a key and the version that was looked at. The key makes it act once, however often it is sent; the
   version makes the loser of a race read what happened before anything of theirs is recorded.
2. Whatever goes wrong, what was filled in stands there again.
"""

from collections.abc import Iterable, Iterator
from uuid import uuid4

from attrs import frozen
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from proeftuin.core.commands import Blocker, Option
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.workflow import Workflow
from proeftuin.errors import (
    BadArgument,
    Conflict,
    KeyReused,
    OutcomeUnknown,
    PilotExists,
    ProeftuinError,
    Refused,
    StoreBusy,
    StoreFull,
    StoreUnavailable,
)
from proeftuin.views import Row, timeline
from proeftuin.web.pages.correcting import Correcting, correcting
from proeftuin.web.pages.fields import Maker, Widget, errors_of, name_of
from proeftuin.web.pages.form import Form, known, sent, typed, version
from proeftuin.web.pages.page import Page
from proeftuin.web.pages.pilot import title_of
from proeftuin.web.pages.reasons import reasons
from proeftuin.web.pages.taking import taken

LATER = (StoreBusy, StoreFull, StoreUnavailable, OutcomeUnknown)
SAID = (BadArgument, KeyReused, PilotExists, *LATER)
"""What is told in a sentence above the form, which stays as it was filled in."""
TOLD = 20
_FORM = frozenset({"missing-field", "bad-value"})
_TRACK = str.maketrans({" ": "-", "&": "-", "/": "-"})


@frozen
class Said:
    """What is told in a sentence above a form.

    Attributes:
        which: the word of the page for it.
        why: what stands beside it in English, on any page: for a call that was made wrongly there are no other words.
    """

    which: str
    why: str = ""


@frozen
class Ask:
    """What a form is about.

    Attributes:
        begins: whether it begins a track.
    """

    page: Page
    pilot: Pilot
    flow: Workflow
    trigger: str
    track: str | None
    begins: bool

    @property
    def opens(self) -> bool:
        """Whether it begins a track whose key is asked for; a supplier's own track has that of its party."""
        return self.begins and self.page.desk.actor.party is None

    @property
    def query(self) -> dict[str, object]:
        """What the address says of it, with what it says of the data."""
        preset = {name: one for name, one in self.page.request.query_params.items() if name.startswith("p.")}
        return {"id": self.pilot.id, "trigger": self.trigger, "track": self.track, **preset}


def _ask(request: Request) -> Ask:
    page = Page(request)
    pilot = page.desk.view.get(page.asked("id") or "")
    flow = page.desk.workflow(pilot.workflow)
    trigger, track = page.asked("trigger") or "", page.asked("track")
    edges = [edge for edge in flow.all_edges if edge.trigger == trigger]
    if not edges:
        raise HTTPException(404)
    begins = any(edge.opener is not None for edge in edges) and track not in pilot.tracks
    return Ask(page, pilot, flow, trigger, track, begins)


def form_page(request: Request, _body: bytes) -> Response:
    """Show the form for a trigger."""
    ask = _ask(request)
    form = _signing(ask, known(request))
    return _shown(ask, form, key=uuid4().hex)


def _signing(ask: Ask, form: Form) -> Form:
    """Return what is known beforehand: what others have signed, if anybody has."""
    waiting = [one for one in ask.pilot.signatures if (one.trigger, one.track) == (ask.trigger, ask.track)]
    if not waiting:
        return form
    return Form(list(typed(waiting[0].data, "d.")))


def act(request: Request, body: bytes) -> Response:
    """Fire what a form holds; where that cannot be, show it again with the reason."""
    ask, form = _ask(request), sent(request, body)
    key = form.one("_key")[:64] or uuid4().hex
    if not ask.page.genuine(form.one("_token")):
        return _shown(ask, form, key=key, status=403, said=Said("token"))
    if form.one("_more") or ((mends := _mends(ask, form)) is not None and mends.other(form)):
        return _shown(ask, form, key=key)
    form = form.closed()
    expect = version(form.one("_expect")) or 0  # there is none such, where it brought none
    try:
        _fire(ask, form, key, expect)
    except Refused as refused:
        return _shown(ask, form, key=key, status=422, blockers=refused.blockers)
    except Conflict:
        return _shown(ask, form, key=key, status=409, raced=expect)
    except SAID as error:
        status, said = failed(error)
        return _shown(ask, form, key=key_after(error, key), status=status, said=said)
    return ask.page.go("pilot", id=ask.pilot.id, done=expect)


def _fire(ask: Ask, form: Form, key: str, expect: int) -> None:
    mends = _mends(ask, form)
    fields = _option(ask, form, mends).fields
    data = taken(fields, form) if fields else _choices(form)
    if data and mends is not None:
        data = mends.changed(data, form)
    on = form.one("_on") or None
    ask.page.desk.fire(ask.pilot.id, ask.trigger, data=data, track=_track(ask, form), key=key, expect=expect, on=on)


def failed(error: ProeftuinError) -> tuple[int, Said]:
    """Return the status of an error after which a form is shown again, and what is said of it."""
    if isinstance(error, BadArgument):
        return 422, Said("wrong-call", str(error))
    return (503, Said("busy")) if isinstance(error, LATER) else (409, Said("key-reused"))


def key_after(error: ProeftuinError, key: str) -> str:
    """Return the key of a form that is shown again: another one only where the first is surely of something else."""
    return uuid4().hex if isinstance(error, (KeyReused, PilotExists)) else key


def _mends(ask: Ask, form: Form) -> Correcting | None:
    return correcting(ask.flow, ask.pilot, ask.page.desk.actor, ask.trigger, form)


def _option(ask: Ask, form: Form, mends: Correcting | None) -> Option:
    """Return what the trigger takes here; of a correction, what the record that was picked takes."""
    option = _judged(ask, form)
    return option if mends is None or not option.fields else mends.option(option)


def _judged(ask: Ask, form: Form) -> Option:
    """Return what the trigger takes, with the choice that picks its edge."""
    view, track = ask.page.desk.view, _track(ask, form)
    choices = _choices(form)
    option = view.explain(ask.pilot.id, ask.trigger, data=choices, track=track)
    if choices and not option.fields and not _of_call(option.blockers):
        return option  # what was picked may not be done here; without it this would be another edge
    return view.explain(ask.pilot.id, ask.trigger, data=taken(option.fields, form) or None, track=track)


def _of_call(blockers: Iterable[Blocker]) -> bool:
    """Whether blockers only say that there are words on a form that nothing takes."""
    return all(one.code == "unknown-field" for one in blockers)


def _choices(form: Form) -> dict[str, object] | None:
    """Return the words of a form that could pick an edge."""
    return {
        name[2:]: form.one(name) for name in form if name.startswith("d.") and form.one(name) and "." not in name[2:]
    } or None


def _track(ask: Ask, form: Form) -> str | None:
    if not ask.opens:
        return ask.page.desk.actor.party if ask.track is None and ask.begins else ask.track
    typed = form.one("_track") or form.one("d.supplier").translate(_TRACK)
    kept = "".join(one for one in typed if one.isascii() and (one.isalnum() or one in ".-_")).strip(".-_")
    return kept[:64] or f"track-{1 + len(ask.pilot.tracks)}"


def _shown(
    ask: Ask,
    form: Form,
    *,
    key: str,
    status: int = 200,
    blockers: tuple[Blocker, ...] | None = None,
    said: Said | None = None,
    raced: int | None = None,
) -> Response:
    page, pilot = ask.page, ask.pilot
    if (mends := _mends(ask, form)) is not None:
        form = mends.shown(form, _was(ask, form, mends))
    option = _option(ask, form, mends)
    found = blockers if blockers is not None else tuple(one for one in option.blockers if not _of_form(one, option))
    errors = errors_of(blockers or (), option.fields, page.lang)
    widgets = Maker(page, ask.flow, pilot, form, errors).all(option.fields)
    others = [one for one in (mends.told(found) if mends else found) if name_of(one, option.fields) is None]
    return page.render(
        "act.html",
        status=status,
        title=str(option.label.get(page.lang) or ask.trigger),
        pilot=pilot,
        pilot_title=title_of(pilot),
        ask=ask,
        widgets=widgets,
        carried=() if option.fields else tuple((_choices(form) or {}).items()),
        wrong=[(one, text) for one in leaves(widgets) for text in one.errors],
        refused=blockers is not None,
        reasons=reasons(page, ask.flow, pilot.id, others),
        advice=reasons(page, ask.flow, pilot.id, option.warnings),
        said=said,
        since=None if raced is None else _since(ask, raced),
        signing=any((one.trigger, one.track) == (ask.trigger, ask.track) for one in pilot.signatures),
        mends=mends,
        key=key,
        form=form,
        action=page.at("act", **ask.query),
        stream=page.at("pilot/events", id=pilot.id),
    )


def _was(ask: Ask, form: Form, mends: Correcting) -> Record | None:
    """Return the picked record as it was when a form was filled; None where nothing happened since."""
    filled = version(form.one("_expect"))
    if mends.chosen is None or not filled or filled >= ask.pilot.version:
        return None
    stood = ask.page.desk.view.get(ask.pilot.id, version=filled)
    return next((one for one in stood.records(mends.chosen.type) if one.id == mends.chosen.id), None)


def leaves(widgets: Iterable[Widget]) -> Iterator[Widget]:
    """Give fields, and those of their rows."""
    for one in widgets:
        yield one
        for row in one.rows:
            yield from leaves(row)


def _of_form(blocker: Blocker, option: Option) -> bool:
    """Whether a blocker only says that a form is still empty."""
    return blocker.code in _FORM and name_of(blocker, option.fields) is not None


def _since(ask: Ask, version: int) -> tuple[Row, ...]:
    """Return what happened since a version, in words."""
    events = ask.page.desk.view.history(ask.pilot.id, after=min(max(version, 0), ask.pilot.version))
    return timeline(ask.flow, events, lang=ask.page.lang)[-TOLD:]
