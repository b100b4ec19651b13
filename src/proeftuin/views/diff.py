"""Mermaid text (flowchart) of what differs between two versions of a workflow: both lifecycles, laid over one another.

1. What is new has a thick line and `+` in its label, what is gone a dotted line and `-`, what changed a dashed line and
   `~`; a word says it too. So the drawing can be read without colours, and the text without the drawing.
2. It is a flowchart, as the arrows of a state diagram have one kind of line. Ids and labels are made as in `diagram`.
3. A state changed where anything is told of it, a trigger where anything but words is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import Factory, define

from proeftuin.core.diff import COSMETIC, Change, diff
from proeftuin.core.graph import lifecycle
from proeftuin.core.workflow import State, Workflow
from proeftuin.views.diagram import START, Way, escape, ways_of
from proeftuin.views.words import said, word

Mark = Literal["added", "removed", "changed", "same"]
MARKS: tuple[Mark, ...] = ("same", "changed", "added", "removed")

_WORDS = {
    "en": {"pilot": "Pilot", "start": "Start", "added": "+ new", "removed": "- gone", "changed": "~ changed"},
    "nl": {"pilot": "Proeftuin", "start": "Start", "added": "+ nieuw", "removed": "- weg", "changed": "~ gewijzigd"},
}
_ARROWS: Mapping[Mark, str] = {"same": "-->", "changed": "-->", "added": "==>", "removed": "-.->"}
_DASHED = "stroke-dasharray:8 3"
_STYLES: Mapping[Mark, str] = {
    "added": "fill:#d8f0e0,color:#10331f,stroke:#0d3d20,stroke-width:4px",
    "removed": "fill:#f6dcdc,color:#4a1010,stroke:#7a1f1f,stroke-dasharray:2 4",
    "changed": f"fill:#fdf2d0,color:#4a3800,stroke:#7a5c00,{_DASHED}",
}


@define
class _Drawing:
    """One flowchart on its way to lines.

    Attributes:
        changes: by the path of the element that they are about.
        classes: the ids of states, by their mark; `dashed` the numbers of arrows.
    """

    old: Workflow
    new: Workflow
    lang: str
    changes: Mapping[str, Sequence[Change]]
    classes: dict[Mark, list[str]] = Factory(dict)
    dashed: list[str] = Factory(list)
    arrows: int = 0

    def group(self, kind: str | None, prefix: str) -> Iterator[str]:
        """Give the lines of one lifecycle: its states, those that are gone last, and the ways between them."""
        olds, news = (_states(one, kind) for one in (self.old, self.new))
        states = {**news, **{name: state for name, state in olds.items() if name not in news}}
        ids = {name: f"{prefix}_{number}" for number, name in enumerate(states)}
        yield f'    subgraph {prefix}["{escape(self._title(kind))}"]'
        begin = f"{prefix}_begin"
        yield f'        {begin}(("{escape(_WORDS[self.lang]["start"])}"))'
        for name, state in states.items():
            mark = self._mark(name in olds, name in news, f"{_before(kind)}states.{name}")
            self.classes.setdefault(mark, []).append(ids[name])
            one, other = ("([", "])") if state.final or state.done else ("(", ")")
            yield f'        {ids[name]}{one}"{self._label([self._word(name, name in news)], mark)}"{other}'
        for (source, target), mark, words in self._ways(kind):
            yield self._arrow(begin if source is None else ids[source], ids[target], mark, words)
        yield "    end"

    def _ways(self, kind: str | None) -> Iterator[tuple[Way, Mark, list[str]]]:
        olds, news = (ways_of(one, kind) if _has(one, kind) else {} for one in (self.old, self.new))
        for way in {**news, **olds}:
            before, after = olds.get(way, {}), news.get(way, {})
            marked: dict[Mark, list[str]] = {}
            for trigger in {**after, **before}:
                mark = self._mark(trigger in before, trigger in after, f"{_before(kind)}edges.{trigger}", words=False)
                begins = way[0] is None and kind is None and trigger == START
                text = _WORDS[self.lang]["start"] if begins else self._word(trigger, trigger in after)
                marked.setdefault(mark, []).append(text)
            yield from ((way, mark, marked[mark]) for mark in MARKS if mark in marked)

    def _mark(self, before: bool, after: bool, path: str, *, words: bool = True) -> Mark:  # noqa: FBT001  # two of a kind
        if not (before and after):
            return "added" if after else "removed"
        told = self.changes.get(path, ())
        return "changed" if any(words or one.effect != COSMETIC for one in told) else "same"

    def _arrow(self, source: str, target: str, mark: Mark, words: Iterable[str]) -> str:
        if mark == "changed":
            self.dashed.append(str(self.arrows))
        self.arrows += 1
        return f'        {source} {_ARROWS[mark]}|"{self._label(words, mark)}"| {target}'

    def _label(self, words: Iterable[str], mark: Mark) -> str:
        text = " / ".join(escape(one) for one in words)
        return text if mark == "same" else f"{text} \u00b7 {escape(_WORDS[self.lang][mark])}"

    def _word(self, name: str, still: bool) -> str:  # noqa: FBT001  # private, which version it is from
        return word(self.new if still else self.old, name, self.lang)

    def _title(self, kind: str | None) -> str:
        if kind is None:
            return _WORDS[self.lang]["pilot"]
        return said((self.new if _has(self.new, kind) else self.old).tracks[kind].label, self.lang)

    def styles(self) -> Iterator[str]:
        """Give the lines that say how what differs is drawn."""
        for mark, style in _STYLES.items():
            if mark in self.classes:
                yield f"    classDef {mark} {style}"
                yield f"    class {','.join(self.classes[mark])} {mark}"
        if self.dashed:
            yield f"    linkStyle {','.join(self.dashed)} {_DASHED}"


def diff_diagram(old: Workflow, new: Workflow, *, lang: str = "en") -> str:
    """Return the Mermaid text of two versions of a workflow in one: what is new, gone and changed is marked.

    Args:
        old: the version before.
        new: the version after.
        lang: of the labels, `en` or `nl`.
    """
    told: dict[str, list[Change]] = {}
    for change in diff(old, new):
        told.setdefault(_element(change.path), []).append(change)
    drawing = _Drawing(old, new, lang, told)
    kinds = (None, *new.tracks, *(kind for kind in old.tracks if kind not in new.tracks))
    lines = ["flowchart TB", f"    accTitle: {escape(f'{old.id} - {new.id}')}"]
    for number, kind in enumerate(kinds):
        lines += drawing.group(kind, f"track{number}" if number else "pilot")
    return "\n".join((*lines, *drawing.styles())) + "\n"


def _element(path: str) -> str:
    """Return the path of the state or trigger that a change is about."""
    parts = path.split(".")
    length = 4 if parts[0] == "tracks" else 2
    return ".".join(parts[:length]).partition("[")[0]


def _before(kind: str | None) -> str:
    return "" if kind is None else f"tracks.{kind}."


def _has(workflow: Workflow, kind: str | None) -> bool:
    return kind is None or kind in workflow.tracks


def _states(workflow: Workflow, kind: str | None) -> Mapping[str, State]:
    return lifecycle(workflow, kind)[0] if _has(workflow, kind) else {}
