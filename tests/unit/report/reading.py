"""Reports made for tests, and what is read from them: the cells of their tables, their text, their tags."""

import json
from collections.abc import Iterator
from functools import cache, partial
from html.parser import HTMLParser
from itertools import count
from typing import Any

from attrs import Factory, define

from proeftuin import Engine, Workflow
from proeftuin.core.workflow import LANGUAGES
from proeftuin.definitions import Catalogue, dump, load_workflow, scenario_folder
from proeftuin.report import report
from proeftuin.scenario import Player, load_scenario
from tests.domain.planted import Planted, planted

EVIL = "</td></svg></style>\"'><script>alert(1)</script><!-- &lt;b&gt; {{ 1 }} {% x %} \u202e\x1b[2J"
LABEL = "\"'><script>1</script></svg>{{ 1 }}\u202e"
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Hostile(Planted):
    """A pilot whose every word tries to be more than text."""

    def word(self, place: str, where: str, field: str, prefix: str = "zq") -> str:
        return f"{super().word(place, where, field, prefix)}{EVIL}"


def relabelled(workflow: Workflow, ending: str) -> Workflow:
    """The workflow of a file in which everything has a label of its own in each language, and all of these end so."""
    numbers = count(1)

    def other(given: Any) -> Any:
        if isinstance(given, list):
            return [other(one) for one in given]
        if not isinstance(given, dict):
            return given
        if given and set(given) <= set(LANGUAGES):
            number = next(numbers)
            return {lang: f"{lang}{number}{ending}" for lang in LANGUAGES}
        return {name: other(one) for name, one in given.items()}

    return load_workflow(json.dumps(other(json.loads(dump(workflow))), indent=0, ensure_ascii=False))


def filled(kind: type[Planted], ending: str, name: str) -> Planted:
    """A pilot of which every field of every record is filled, under a workflow with such labels."""
    workflow = relabelled(Catalogue().get(name), ending)
    return kind(workflow, Engine.open("memory://", workflows=[workflow])).write()


@cache
def fifteen(ending: str | None = None) -> Engine:
    """The story of fifteen pilots, played; with an ending, under workflows of which all labels end so."""
    flows = Catalogue()
    known = None if ending is None else [relabelled(flows.get(one), ending) for one in flows.names()]
    story = load_scenario(scenario_folder() / "fifteen-pilots.yaml")
    player = Player(story, partial(Engine.open, "memory://"), workflows=known)
    assert all(outcome.ok for outcome in player.run())
    return player.engine


@cache
def of_fifteen(**asked: Any) -> str:
    """A report on them, made once: it takes a second or two."""
    return text_of(fifteen(), **asked)


@cache
def of_few() -> Engine:
    """A pilot in which so few people take part that a monitor may not know how many."""
    return planted(Catalogue().get("existing-contract")).engine


def text_of(engine: Engine, **asked: Any) -> str:
    return "".join(report(engine, **asked))


@define
class Reading(HTMLParser):
    """What a report holds.

    Attributes:
        cells: (figure, part, value) for every number in a table.
        drawn: per figure whether there is a drawing beside its table.
        tags: every tag with the names of its attributes, in order.
        words: all text.
    """

    cells: list[tuple[str, str, str]] = Factory(list)
    shown: list[str] = Factory(list)
    drawn: dict[str, bool] = Factory(dict)
    tags: list[tuple[str, ...]] = Factory(list)
    words: list[str] = Factory(list)
    stack: list[dict[str, str]] = Factory(list)
    chart: bool = False

    def __attrs_post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, *found))
        if tag == "figure":
            self.chart = False
        self.chart |= tag == "svg" and found.get("class") == "chart"
        if tag not in VOID:
            self.stack.append(found)
        if "data-figure" in found:
            self.drawn[found["data-figure"]] = self.chart
        if tag == "data":
            self.cells.append((self._last("data-figure"), self._last("data-part"), found["value"]))

    def _last(self, name: str) -> str:
        return next(one[name] for one in reversed(self.stack) if name in one)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}",))
        if tag not in VOID:
            self.stack.pop()

    def told(self, text: str) -> int:
        """How often a text can be read."""
        return sum(one.count(text) for one in self.words)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.stack and "value" in self.stack[-1]:
            self.shown.append(data)


def read(text: str) -> Reading:
    found = Reading()
    found.feed(text)
    found.close()
    return found


def cells_of(found: Reading, *figures: str) -> Iterator[tuple[str, str, str]]:
    return (one for one in found.cells if one[0] in figures)
