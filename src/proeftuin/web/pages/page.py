"""One page: who looks, in which language, where we are mounted; and how it is filled and sent."""

import hashlib
import hmac
from functools import cached_property, partial
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from proeftuin.core.workflow import LANGUAGES, Workflow
from proeftuin.templates import Templates
from proeftuin.views import plain, word
from proeftuin.views.words import value
from proeftuin.web.asking import desk_of
from proeftuin.web.days import day_text
from proeftuin.web.language import COOKIE, chosen, language
from proeftuin.web.pages.words import PHASES, tell

FOLDER = Path(__file__).parents[1]
YEAR = 365 * 24 * 3600
MENU = ("board", "agenda", "portfolio", "start")


def _stamp(folder: Path) -> str:
    """Return what changes with our files, so that a browser keeps none that is old."""
    found = hashlib.sha256()
    for one in sorted(folder.iterdir()):
        found.update(one.read_bytes())
    return found.hexdigest()[:12]


TEMPLATES = Templates(
    FOLDER / "templates", {"stamp": _stamp(FOLDER / "static"), "phases": PHASES, "menu": MENU}, {"plain": plain}
)


class Page:
    """What a handler of a page begins with.

    Attributes:
        desk: the engine, as who asks may use it.
        lang: `en` or `nl`.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.desk = desk_of(request)
        self.lang = language(request)
        self.tell = partial(tell, self.lang)
        self._root: str = request.scope.get("root_path", "").rstrip("/")

    def at(self, page: str = "", /, **query: object) -> str:
        """Return the address of one of our pages; what is None is left out."""
        given = [(name, one) for name, one in query.items() if one is not None]
        return f"{self._root}/{page}" + (f"?{urlencode(given)}" if given else "")

    def asked(self, name: str) -> str | None:
        """Return a word of the address's query, None where it is not there or empty."""
        return self.request.query_params.get(name) or None

    @cached_property
    def token(self) -> str:
        """What a form of ours brings back, and nobody else knows: it is bound to the seat."""
        seat = self.desk.seat
        text = f"{seat.tenant or ''}\0{seat.actor.id}".encode()
        return hmac.new(self.request.app.state.key, text, hashlib.sha256).hexdigest()

    def genuine(self, token: str) -> bool:
        """Whether a form is one that we gave to this seat."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def word(self, workflow: Workflow, name: object) -> str:
        """Return what people call a word of a workflow."""
        return word(workflow, name, self.lang)

    def value(self, workflow: Workflow, given: object) -> str:
        """Return a value of a field in words."""
        return day_text(given, self.lang) or value(workflow, given, self.lang)

    def render(self, template: str, *, status: int = 200, **facts: object) -> HTMLResponse:
        """Return a template, filled, as an answer; the language that was chosen in it is kept."""
        text = TEMPLATES.render(
            template,
            page=self,
            t=self.tell,
            at=self.at,
            lang=self.lang,
            day=partial(day_text, lang=self.lang),
            other=self._other(),
            **facts,
        )
        answer = HTMLResponse(text, status)
        if (asked := chosen(self.request)) is not None:
            answer.set_cookie(COOKIE, asked, max_age=YEAR, path=f"{self._root}/", httponly=True, samesite="lax")
        return answer

    def _other(self) -> str:
        """Return the address of the same page in the other language."""
        query = {name: one for name, one in self.request.query_params.items() if name not in {"lang", "done"}}
        path = self.request.url.path.removeprefix(f"{self._root}/")
        return self.at(path, **query, lang=next(one for one in LANGUAGES if one != self.lang))

    def go(self, page: str, **query: object) -> RedirectResponse:
        """Return the way to another page of ours, and to nowhere else."""
        return RedirectResponse(self.at(page, **query), 303)
