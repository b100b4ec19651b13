"""Somebody who does through the pages what a step of a scenario says, with the keyboard alone, by what the pages say.

1. One person for each actor, each in a browser of their own. Where a page offers what is to be done, they go there with
   Tab; where it does not, they open the address, as from a colleague's message.
2. A field is filled by its kind, and only where it is called what the workflow calls it. Of a record they know what a
   page told them when it was made.
3. What a form has no room for cannot be told: `Came.unsaid` names it, and nothing is sent.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from attrs import define, evolve, field, frozen
from playwright.sync_api import Browser, Page

from proeftuin import Workflow
from proeftuin.scenario import Step
from proeftuin.views import word
from tests.browser.boards import STEPS, Keyboard
from tests.browser.chromium import opened

LANG = "nl"
SUBJECT = re.compile(r"\bs[0-9]+\b")
"""What pages call a participant."""
MORE = "Nog een rij"
SCRIPT = Path(__file__).with_name("walker.js")


@frozen
class Came:
    """What somebody read after a step.

    Attributes:
        done: what the page says was done; empty where it was refused.
        refused: every reason, in the order of the page.
        advice: what the form gave to think of.
        unsaid: what the form has no room for; then nothing was sent.
        offered: whether the page led there by itself.
        state: where the pilot is then, by the page that came; empty where that is no page of a pilot.
        unsigned: what that page says still waits for signatures.
    """

    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    offered: bool = True
    state: str = ""
    unsigned: tuple[str, ...] = ()


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
    last: Step | None = None

    def take(self, step: Step, pilot: str | None) -> Came:
        """Do what a step says, and tell what was read."""
        assert step.actor is not None
        page, who = self._page(step, step.actor.id), step.actor.id
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
        self.last = step
        return came

    def _page(self, step: Step, who: str) -> Page:
        """Return somebody's page: where they just did something, or else at the bookmark of the pilot."""
        before = self.last
        at_once = before is not None and (before.actor, before.at) == (step.actor, step.at)
        if at_once and who in self.marked and "/pilot?" in self.pages[who].url:
            return self.pages[who]
        if before is not None and before.actor is not None:  # left open it would be brought up to date all the time
            self.pages[before.actor.id].goto("about:blank")
        if who not in self.pages:
            window = opened(self.browser, "about:blank", who=who, width=480, height=400)  # little to draw, 200 times
            self.pages[who] = self.stack.enter_context(window)
            self.pages[who].add_init_script(path=SCRIPT)
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

    def _read(self, what: str) -> Any:
        return self.page.evaluate(f"() => walk.{what}()")

    def to(self, name: str) -> None:
        """Go to what is called so, or begins with it: past the menu by its link, then with as many Tabs as it takes."""
        self._behind_the_menu()
        ahead = self._read("ahead")
        place = next((at for at, one in enumerate(ahead) if one["label"].startswith(name)), None)
        assert place is not None, f"{name!r} is not ahead; there are {[one['label'] for one in ahead]}"
        for before in [{}, *ahead[:place]]:
            self._tab(before)
        self._is_at(ahead[place])

    def _tab(self, before: Mapping[str, Any]) -> None:
        """Press Tab, also through the parts of a day."""
        self.page.keyboard.press("Tab")
        while before.get("kind") == "date" and self._read("focused")["name"] == before["name"]:
            self.page.keyboard.press("Tab")

    def _behind_the_menu(self) -> None:
        if self.page.evaluate("() => document.activeElement === document.body"):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")

    def _is_at(self, expected: Mapping[str, Any]) -> Mapping[str, Any]:
        now: Mapping[str, Any] = self._read("focused")
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
        came = self._sent(step, "Uitvoeren") if self._goes(step) else None
        if came is not None and not (came.unsaid and "forbidden-role" in (step.refused or ())):
            return came
        self.page.goto(address)
        return evolve(self._sent(step, "Uitvoeren"), offered=False)

    def _goes(self, step: Step) -> bool:
        """Go to the form of a step by what the page offers; False where it offers none."""
        label, track = word(self._flow, step.trigger, LANG), "".join(f" {one}" for one in step.tracks)
        fits = re.compile(rf"{re.escape(label)}(: .*)?{re.escape(track)}")
        here = [one for one in self._read("offered") if fits.fullmatch(one)]
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
        advice = tuple(self._read("advice"))
        wanted, room = dict(self._wanted(step.data or {}, "d.")), self._read("room")
        unsaid = tuple(name for name, given in wanted.items() if not self._has_room(room.get(_first(name)), given))
        if unsaid and room:
            return Came(advice=advice, unsaid=unsaid)
        self._fill({} if unsaid else wanted, button, signs=step.data is None)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        done, read = self._read("done"), self._read
        state = read("state") if done else ""
        return Came(tuple(done), tuple(read("reasons")), advice, state=state, unsigned=tuple(read("unsigned")))

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

    def _fill(self, wanted: dict[str, list[str]], button: str, *, signs: bool) -> None:
        """Go through the form with Tab, fill what is to be filled, empty the rest, and stop at its button."""
        self._behind_the_menu()
        left = set(wanted)
        while (more := self._through(wanted, left, button, signs=signs)) is not None:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
            row = self._read("focused")  # the first field of the new row
            assert row["name"] in left, f"{row} has the focus, and is no field of a new row of {more}"
            self._give(row, wanted, left, signs=signs)
        assert not left, f"Tab did not come by {sorted(left)}"

    def _through(self, wanted: dict[str, list[str]], left: set[str], button: str, *, signs: bool) -> str | None:
        """Fill what is ahead, up to the button of the form, or to the one for more rows where they are needed."""
        before = self._read("focused")
        for one in self._read("ahead"):
            self._tab(before)
            before = one
            if one["label"].startswith(button) and one["kind"] == "submit":
                self._is_at(one)
                return None
            if one["label"] == MORE and any(name.startswith(f"{one['value']}.") for name in left):
                return str(self._is_at(one)["value"])
            self._give(one, wanted, left, signs=signs)
        raise AssertionError(f"the button {button!r} cannot be reached with Tab")

    def _give(self, one: Mapping[str, Any], wanted: dict[str, list[str]], left: set[str], *, signs: bool) -> None:
        given = wanted.get(one["name"], [])
        left.discard(one["name"])
        if one["name"].startswith("d.") and not (signs and not given) and self._differs(one, given):
            heading = one["heading"].removesuffix("verplicht").strip().lower()
            assert heading in called(self._flow, one["name"].rpartition(".")[2]), f"{one['name']} is called {heading!r}"
            self._set(self._is_at(one), [self._label(one, each) for each in given])

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
            if self._read("focused")["label"] == given[0]:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"there is no choice {given[0]!r}")

    def _day(self, given: str) -> None:
        """Type a day as its field takes it, which depends on the browser's own language and not on the page's."""
        assert given, "a day that is filled in is to be emptied"
        year, month, day = given.split("-")
        for parts in ((month, day, year), (day, month, year), (year, month, day)):
            self.page.keyboard.type("".join(parts))
            if self._read("focused")["value"] == given:
                return
            for _ in parts:
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"the day did not become {given}")


@cache
def called(flow: Workflow, name: str) -> frozenset[str]:
    """What a workflow calls a field, or one of the kinds in it, in small letters."""
    edges = (*flow.edges, *(edge for kind in flow.tracks.values() for edge in kind.edges))
    places = (flow.start.data, *(one.fields for one in flow.records.values()), *(edge.data for edge in edges))
    fields = [held[name] for held in places if name in held]
    labels = [one.label[LANG] for one in fields if one.label]
    return frozenset(one.lower() for one in (*labels, word(flow, f".{name}", LANG), word(flow, name, LANG)))


def _first(name: str) -> str:
    """Return the name of a field of rows as it is in the first one."""
    return re.sub(r"\.[0-9]+\.", ".0.", name)


def _means(text: str, given: str) -> bool:
    """Whether a choice is what is meant: called so, or telling of it among more."""
    return text == given or bool(re.search(rf"(^{re.escape(given)} \(|\b{re.escape(given)}\b(?=,))", text))
