"""Somebody who does through the pages what a step of a scenario says, with the keyboard alone, by what the pages say.

1. One person for each actor, each in a browser of their own. Where a page offers what is to be done, they go there with
   Tab; where it does not, they open the address, as from a colleague's message.
2. A field is found by its name and filled by its kind. Of a record they know what a page told them when it was made.
3. What a form has no room for cannot be told: `Came.unsaid` names it, and nothing is sent.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

from attrs import define, field, frozen
from playwright.sync_api import Browser, Page

from proeftuin import Workflow
from proeftuin.scenario import Step
from proeftuin.views import word
from tests.browser.boards import STEPS, Keyboard
from tests.browser.chromium import opened

LANG = "nl"
SUBJECT = re.compile(r"\bs[0-9]+\b")
"""What pages call a participant."""
PICTURES = "**/pilot/pictures*"
OFFERED = """() => [...document.querySelectorAll("main a[href*='/act?'], main details.blocked > summary")]
  .filter(one => one.checkVisibility()).map(one => one.innerText.replace(/\\s+/g, " ").trim())"""
TOLD = """one => ({ name: one.name || "", value: one.value || "", checked: !!one.checked, at: one.selectedIndex,
  kind: one.tagName === "SELECT" ? "select" : one.type || one.tagName.toLowerCase(),
  label: (one.labels && one.labels.length ? one.labels[0] : one).innerText.replace(/\\s+/g, " ").trim(),
  texts: one.options ? [...one.options].map(each => each.text) : [] })"""
FOCUSED = f"() => ({TOLD})(document.activeElement)"
AHEAD = f"""() => {{ const now = document.activeElement, found = [], groups = new Set([now.type === "radio" ? now.name : ""]);
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {{
    const behind = now === document.body || now.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (!behind || one.type === "hidden" || !one.checkVisibility()) {{ continue; }}
    if (one.type === "radio") {{
      if (groups.has(one.name)) {{ continue; }}
      groups.add(one.name); }}
    found.push(({TOLD})(one)); }}
  return found; }}"""
ROOM = """() => { const found = {}; for (const one of document.querySelectorAll("form.act [name^='d.']")) {
  const texts = found[one.name] = found[one.name] || [];
  if (one.options) { texts.push(...[...one.options].map(each => each.text)); }
  if (one.type === "radio" || one.type === "checkbox") { texts.push(one.labels[0].innerText.trim()); } } return found; }"""
REASONS = """() => { const own = one => one.childNodes[0].textContent.trim(), found = [];
  for (const one of document.querySelectorAll("#problem > ul > li")) {
    found.push(one.firstElementChild && one.firstElementChild.tagName === "A" ? one.innerText : own(one)); }
  return found; }"""
ADVICE = "() => [...document.querySelectorAll('section.advice > ul > li')].map(one => one.childNodes[0].textContent.trim())"


@frozen
class Came:
    """What somebody read after a step.

    Attributes:
        done: what the page says was done; empty where it was refused.
        refused: every reason, in the order of the page.
        advice: what the form gave to think of.
        unsaid: what the form has no room for; then nothing was sent.
        offered: whether the page led there by itself.
    """

    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    offered: bool = True


@define
class Walkers:
    """Everybody of a scenario, at one board."""

    browser: Browser
    url: str
    flow: Workflow
    stack: ExitStack
    title: str = ""
    known: dict[str, str] = field(factory=dict)
    pages: dict[str, Page] = field(factory=dict)
    marked: dict[str, str] = field(factory=dict)

    def take(self, step: Step, pilot: str | None) -> Came:
        """Do what a step says, and tell what was read."""
        assert step.actor is not None
        page, who = self._page(step.actor.id), step.actor.id
        one = Walker(page, self.flow, self.known)
        if step.kind == "start":
            self.title = str(step.data["title"]) if step.data else ""
            came = one.begin(step)
        else:
            if who not in self.marked:
                one.press(self.title)
                self.marked[who] = page.url
            came = one.act(step, f"{self.url}/act?{urlencode([*_asked(step, str(pilot))])}")
        if step.keep is not None and came.done:
            self.known[step.keep] = SUBJECT.findall(" ".join(came.done))[0]
        page.goto("about:blank")  # a page that is left open would be brought up to date by all that others do
        return came

    def _page(self, who: str) -> Page:
        """Return somebody's page: at the board the first time, and then at the bookmark of the pilot."""
        if who not in self.pages:
            self.pages[who] = self.stack.enter_context(opened(self.browser, "about:blank", who=who))
            self.pages[who].route(PICTURES, lambda route: route.abort())  # nobody looks at them here
        self.pages[who].goto(self.marked.get(who, f"{self.url}/"))
        return self.pages[who]


def _asked(step: Step, pilot: str) -> Iterator[tuple[str, str]]:
    """Give what the address of a step's form asks for, with what picks one of several edges of its trigger."""
    yield "id", pilot
    yield "trigger", step.trigger
    yield from (("track", one) for one in step.tracks)
    yield from ((f"p.{name}", one) for name, one in (step.data or {}).items() if isinstance(one, str) and one[0] != "$")


class Walker(Keyboard):
    """One person, at the board."""

    def __init__(self, page: Page, flow: Workflow, known: Mapping[str, str]) -> None:
        super().__init__(page)
        self._flow = flow
        self._known = known

    def to(self, name: str) -> None:
        """Go to what is called so, or begins with it: behind the menu with its link, then with as many Tabs as it takes."""
        self._behind_the_menu()
        ahead = self.page.evaluate(AHEAD)
        place = next((at for at, one in enumerate(ahead) if one["label"].startswith(name)), None)
        assert place is not None, f"{name!r} is not ahead; there are {[one['label'] for one in ahead]}"
        for before in [{}, *ahead[:place]]:
            self._tab(before)
        self._is_at(ahead[place])

    def _tab(self, before: Mapping[str, Any]) -> None:
        """Press Tab, also through the parts of a day."""
        self.page.keyboard.press("Tab")
        while before.get("kind") == "date" and self.page.evaluate(FOCUSED)["name"] == before["name"]:
            self.page.keyboard.press("Tab")

    def _behind_the_menu(self) -> None:
        if self.page.evaluate("() => document.activeElement === document.body"):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")

    def _is_at(self, expected: Mapping[str, Any]) -> Mapping[str, Any]:
        now: Mapping[str, Any] = self.page.evaluate(FOCUSED)
        assert (now["name"], now["kind"]) == (expected["name"], expected["kind"]), f"{expected} was to have the focus"
        assert now["kind"] == "radio" or now["label"] == expected["label"], f"{expected} was to have the focus"
        return now

    def begin(self, step: Step) -> Came:
        """Begin a pilot."""
        super().to("Proeftuin starten")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.press(self._flow.label[LANG])
        return self._sent(step, "Starten")

    def act(self, step: Step, address: str) -> Came:
        """Go from the page of the pilot to the form, and send it."""
        offered = self._goes(step)
        if offered:
            came = self._sent(step, "Uitvoeren")
        if not offered or (came.unsaid and "forbidden-role" in (step.refused or ())):
            self.page.goto(address)
            came = self._sent(step, "Uitvoeren")
            offered = False
        return Came(came.done, came.refused, came.advice, came.unsaid, offered)

    def _goes(self, step: Step) -> bool:
        """Go to the form of a step by what the page offers; False where it offers none."""
        label, track = word(self._flow, step.trigger, LANG), "".join(f" {one}" for one in step.tracks)
        fits = re.compile(rf"{re.escape(label)}(: .*)?{re.escape(track)}")
        here = [one for one in self.page.evaluate(OFFERED) if fits.fullmatch(one)]
        if not here:
            return False
        self.to(here[0])
        if self.page.evaluate("() => document.activeElement.tagName") == "A":
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
            return True
        if not self.page.evaluate("() => document.activeElement.parentElement.open"):
            self.page.keyboard.press("Enter")
        self.press("Toch naar het formulier")
        return True

    def _sent(self, step: Step, button: str) -> Came:
        advice = tuple(self.page.evaluate(ADVICE))
        wanted = dict(self._wanted(step.data or {}, "d."))
        self._rows(wanted)
        room = self.page.evaluate(ROOM)
        unsaid = tuple(name for name, given in wanted.items() if not self._has_room(room.get(name), given))
        if unsaid and room:
            return Came(advice=advice, unsaid=unsaid)
        self._fill({name: wanted[name] for name in wanted if name in room}, button, signs=step.data is None)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        done = self.page.locator("#done li").all_inner_texts()
        return Came(tuple(done), tuple(self.page.evaluate(REASONS)), advice)

    def _wanted(self, data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, list[str]]]:
        """Give what each field of the form is to hold, in words."""
        for name, one in data.items():
            if isinstance(one, Mapping):
                yield from self._wanted(one, f"{prefix}{name}.")
            elif isinstance(one, tuple) and one and isinstance(one[0], Mapping):
                for number, row in enumerate(one):
                    yield from self._wanted(row, f"{prefix}{name}.{number}.")
            else:
                yield prefix + name, [self._words(each) for each in (one if isinstance(one, tuple) else (one,))]

    def _has_room(self, texts: list[str] | None, given: list[str]) -> bool:
        """Whether there is a field, and where it offers choices, all that are meant are among them."""
        meant = [word(self._flow, one, LANG) for one in given]
        return texts is not None and (not texts or all(any(_means(text, one) for text in texts) for one in meant))

    def _words(self, one: object) -> str:
        if isinstance(one, bool):
            return "Ja" if one else "Nee"
        return self._known[one[1:]] if isinstance(one, str) and one.startswith("$") else str(one)

    def _rows(self, wanted: Mapping[str, list[str]]) -> None:
        """Ask for rows until there is room for every one."""
        for name in {".".join(one.split(".")[:2]) for one in wanted if re.fullmatch(r"d\.\w+\.\d+\.\w+", one)}:
            last = max(int(one.split(".")[2]) for one in wanted if one.startswith(f"{name}."))
            while not self.page.locator(f"[name^='{name}.{last}.']").count():
                self.press("Nog een rij")

    def _fill(self, wanted: dict[str, list[str]], button: str, *, signs: bool) -> None:
        """Go through the form with Tab, fill what is to be filled, empty the rest, and stop at its button."""
        self._behind_the_menu()
        left, before = set(wanted), dict[str, Any]()
        for one in self.page.evaluate(AHEAD):
            self._tab(before)
            before = one
            if one["kind"] == "submit" and one["label"].startswith(button):
                assert not left, f"Tab did not come by {sorted(left)}"
                self._is_at(one)
                return
            given = wanted.get(one["name"], [])
            left.discard(one["name"])
            if one["name"].startswith("d.") and not (signs and not given) and self._differs(one, given):
                self._set(self._is_at(one), [self._label(one, each) for each in given])
        raise AssertionError(f"the button {button!r} cannot be reached with Tab")

    def _differs(self, one: Mapping[str, Any], given: list[str]) -> bool:
        """Whether a field holds something else than it is to hold."""
        if one["kind"] == "checkbox":
            return bool(one["checked"]) != any(_means(one["label"], self._label(one, each)) for each in given)
        return one["kind"] in {"select", "radio"} or one["value"] != "".join(given)

    def _label(self, now: Mapping[str, Any], given: str) -> str:
        """Return what the form calls a value, where it offers some to choose from."""
        return word(self._flow, given, LANG) if now["kind"] in {"select", "radio", "checkbox"} else given

    def _set(self, now: Mapping[str, Any], given: list[str]) -> None:
        press, kind = self.page.keyboard.press, now["kind"]
        if kind == "select":
            to = next(place for place, text in enumerate(now["texts"]) if not given or _means(text, given[0]))
            for _ in range(abs(to - now["at"])):
                press("ArrowDown" if to > now["at"] else "ArrowUp")
        elif kind == "checkbox":
            press("Space")
        elif kind == "radio":
            self._radio(given)
        elif kind == "date":
            self._day(given[0] if given else "")
        else:
            press("ControlOrMeta+a")
            self.page.keyboard.type(given[0]) if given else press("Delete")

    def _radio(self, given: list[str]) -> None:
        if not given:
            return
        self.page.keyboard.press("Space")
        for _ in range(STEPS):
            if self.page.evaluate(FOCUSED)["label"] == given[0]:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"there is no choice {given[0]!r}")

    def _day(self, given: str) -> None:
        """Type a day as its field takes it: this browser asks for the month first."""
        year, month, day = given.split("-") if given else ("", "", "")
        self.page.keyboard.type(f"{month}{day}{year}") if given else self.page.keyboard.press("Delete")
        now = self.page.evaluate(FOCUSED)["value"]
        assert now == given, f"the day became {now!r}, not {given!r}"


def _means(text: str, given: str) -> bool:
    """Whether a choice is what is meant: called so, or telling of it among more."""
    return text == given or bool(re.search(rf"(^{re.escape(given)} \(|\b{re.escape(given)}\b(?=,))", text))

