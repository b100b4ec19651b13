"""One printable page about a workflow, for a board to approve: states, who does what, conditions in words, terms.

1. The page is HTML that needs nothing else: no script, no other file, no network. It is made for one sheet of A4:
   the letters are as large as what there is to say allows. A lifecycle of many tracks may take a second sheet.
2. Every word of the file is text: it is escaped, and cannot be markup.
3. At its foot stands the hash of the content, so that what is signed is what an engine runs.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from proeftuin.core.frozen import EMPTY
from proeftuin.core.guards import Guard
from proeftuin.core.workflow import State, TrackKind, Workflow
from proeftuin.views._sheet_fit import COLUMNS, fitting, shown
from proeftuin.views._sheet_rows import Recording, Rows, Step, Term
from proeftuin.views.conditions import named
from proeftuin.views.words import plain, said

_Section = tuple[str, Mapping[str, State], list[str]]  # a heading, states, paragraphs

_WORDS: Mapping[str, tuple[str, str]] = {
    "kind": ("Lifecycle of a pilot, for approval", "Verloop van een proeftuin, ter vaststelling"),
    "pilot": ("The pilot", "De proeftuin"),
    "step": ("Step", "Stap"),
    "way": ("From \u2192 to", "Van \u2192 naar"),
    "who": ("Who", "Wie"),
    "takes": ("What it takes", "Voorwaarden"),
    "recorded": ("What is recorded along the way", "Wat onderweg wordt vastgelegd"),
    "terms": ("Terms", "Termijnen"),
    "from": ("{one}, from {two}", "{one}, vanaf {two}"),
    "told": ("reminder to {one}", "herinnering aan {one}"),
    "comes": ("then {one}", "daarna {one}"),
    "read": (
        "A step can be taken only when all its conditions are met. What stands in italics is advice: it stops nothing.",
        "Een stap kan alleen als aan alle voorwaarden is voldaan. Wat cursief staat is advies: dat houdt niets tegen.",
    ),
    "formal": ("Whatever identifies a person is refused.", "Wat een persoon herkenbaar maakt, wordt geweigerd."),
    "apart": ("Never one person in one pilot: {one}.", "Nooit \u00e9\u00e9n persoon in dezelfde proeftuin: {one}."),
    "begin": ("Begun by: {one}.", "Te starten door: {one}."),
    "approved": ("Approved", "Vastgesteld"),
    "day": ("Date", "Datum"),
    "name": ("Name and position", "Naam en functie"),
    "signature": ("Signature", "Handtekening"),
    "content": ("{one}, content {two}", "{one}, inhoud {two}"),
}

_STYLE = """
@page { size: A4 portrait; margin: 8mm }
* { box-sizing: border-box }
body { margin: 0; color: #16211b; background: #fff; font: var(--size)/1.19 Arial, "Liberation Sans", Arimo, Helvetica,
  sans-serif; -webkit-print-color-adjust: exact; print-color-adjust: exact }
header { display: flex; justify-content: space-between; align-items: flex-end; gap: 6mm; padding-bottom: 1mm;
  border-bottom: .7mm solid #1b6e3c }
h1 { font-size: 2.1em; line-height: 1.1; margin: 0; white-space: nowrap }
header p { margin: 0; color: #41524a }
header > p { text-align: right; text-wrap: balance }
h2 { font-size: 1.25em; margin: 1.6mm 0 .6mm; color: #1b6e3c; break-after: avoid }
ol { list-style: none; display: flex; flex-wrap: wrap; gap: .8mm 0; margin: 0 0 1mm; padding: 0 }
li { background: #e3f1e8; padding: .5mm 1.6mm .5mm 3.2mm; margin-right: -.4mm;
  clip-path: polygon(0 0, calc(100% - 1.6mm) 0, 100% 50%, calc(100% - 1.6mm) 100%, 0 100%, 1.6mm 50%) }
li:first-child { padding-left: 1.8mm;
  clip-path: polygon(0 0, calc(100% - 1.6mm) 0, 100% 50%, calc(100% - 1.6mm) 100%, 0 100%) }
.more li { padding: .2mm 1.6mm .2mm 2.4mm }
li.end { background: #1b6e3c; color: #fff }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin-bottom: 1mm }
th, td { text-align: left; vertical-align: top; padding: .35mm 2mm .35mm 0; border-bottom: .1mm solid #b9c7bf;
  overflow-wrap: break-word }
th { font-weight: 600; color: #41524a }
tbody th { color: #16211b }
tr, p { break-inside: avoid }
em { color: #41524a }
p { margin: 0 0 .55mm }
.more span { color: #14552f }
.more { columns: 3; column-gap: 5mm }
.more p { padding-left: 2mm; text-indent: -2mm; hyphens: auto; overflow-wrap: break-word }
.more h2 { break-after: avoid }
footer { display: grid; grid-template-columns: auto 1fr 2fr 2fr; gap: 2.5mm; align-items: end; margin-top: 2.5mm;
  break-inside: avoid }
footer b { color: #1b6e3c; font-size: 1.25em }
footer div { border-bottom: .2mm solid #16211b; height: 8mm; color: #41524a }
footer small { grid-column: 1 / -1; color: #41524a; overflow-wrap: anywhere }
@media screen { html { background: #dfe5e1 } body { width: 210mm; min-height: 297mm; margin: 6mm auto; padding: 9mm;
  box-shadow: 0 .5mm 3mm #0004 } }
@media screen and (max-width: 800px) {
  body { width: auto; margin: 0; padding: 4mm; font-size: 11pt } .more { columns: 1 }
  header, footer { display: block } h1 { white-space: normal } header > p { text-align: left; margin-top: 2mm }
  colgroup, thead { display: none } table, tbody, tr, td, tbody th { display: block; border: 0; padding: 0 }
  tr { border-bottom: .1mm solid #b9c7bf; padding: 1.5mm 0 } }
"""


def workflow_sheet(workflow: Workflow, *, lang: str = "nl", guards: Mapping[str, Guard] = EMPTY) -> str:
    """Return one printable page about a workflow, as HTML.

    Args:
        workflow: any workflow.
        lang: `nl` or `en`.
        guards: those of the host that it uses; one without words in the file is told by its docstring.
    """
    return _Sheet(Rows(workflow, lang, guards)).html()


class _Sheet:
    """The page, from rows to HTML."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.workflow, self.lang = rows, rows.workflow, rows.lang
        self.table = [(escape(one.label), escape(_way(one)), escape(one.who), _takes(one)) for one in rows.steps(None)]
        self.rules = [escape(self._rules())]
        self.more = [self._track(kind, track) for kind, track in self.workflow.tracks.items()]
        self.more.append((self.tell("recorded"), {}, [_recording(one) for one in rows.recordings()]))
        self.more.append((self.tell("terms"), {}, [self._term(one) for one in rows.terms()]))

    def tell(self, which: str, one: str = "", two: str = "") -> str:
        return _WORDS[which][self.lang == "nl"].replace("{one}", one).replace("{two}", two)

    def _track(self, kind: str, track: TrackKind) -> _Section:
        return plain(said(track.label, self.lang)), track.states, [_in_line(one) for one in self.rows.steps(kind)]

    def size(self) -> float:
        """Return the size of the letters, in points: as large as lets all of it on one sheet."""
        rows = [[shown(cell) for cell in row] for row in self.table]
        more = [(self._labels(states), [shown(one) for one in texts]) for _, states, texts in self.more]
        return fitting((self._labels(self.workflow.states), [shown(one) for one in self.rules]), rows, more)

    def _labels(self, states: Mapping[str, State]) -> list[str]:
        return [self.rows.state(name, states) for name in states]

    def html(self) -> str:
        title = escape(plain(said(self.workflow.label, self.lang)))
        return "\n".join(
            [
                "<!doctype html>",
                f'<html lang="{self.lang}">',
                f'<head><meta charset="utf-8"><title>{title}</title>',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f"<style>:root {{ --size: {self.size():.2f}pt }}{_STYLE}</style></head>",
                "<body>",
                *self._body(title),
                "</body>",
                "</html>",
                "",
            ]
        )

    def _body(self, title: str) -> Iterator[str]:
        yield f"<header><div><h1>{title}</h1><p>{escape(self.tell('kind'))}</p></div>"
        yield f"<p>{escape(self.workflow.id)}<br>{escape(self.tell('read'))}</p></header>"
        yield f"<section><h2>{escape(self.tell('pilot'))}</h2>{self._strip(self.workflow.states)}"
        yield f"{self._table()}{_paragraphs(self.rules)}</section>"
        yield '<div class="more">'
        for head, states, texts in self.more:
            yield f"<section><h2>{escape(head)}</h2>{self._strip(states)}{_paragraphs(texts)}</section>"
        yield "</div>"
        yield self._approval()

    def _strip(self, states: Mapping[str, State]) -> str:
        items = (
            f"<li{' class=end' if one.final or one.done else ''}>{escape(self.rows.state(name, states))}</li>"
            for name, one in states.items()
        )
        return f"<ol>{''.join(items)}</ol>" if states else ""

    def _table(self) -> str:
        columns = "".join(f'<col style="width:{width}%">' for width in COLUMNS)
        head = "".join(f'<th scope="col">{escape(self.tell(one))}</th>' for one in ("step", "way", "who", "takes"))
        body = "".join(
            f'<tr><th scope="row">{label}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
            for label, *cells in self.table
        )
        return f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _rules(self) -> str:
        people = [named(self.workflow, one, self.lang) for one in self.workflow.start.allow]
        rules = [self.tell("begin", ", ".join(people))]
        if self.rows.exclusions:
            rules.append(self.tell("apart", "; ".join(self.rows.exclusions)))
        if self.rows.private:
            rules.append(self.tell("formal"))
        return " ".join(rules)

    def _term(self, term: Term) -> str:
        told = [self.tell("told", ", ".join(term.told))] if term.told else []
        comes = [self.tell("comes", ", ".join(term.comes))] if term.comes else []
        when = self.tell("from", term.due, term.since) if term.since else term.due
        return f"<b>{escape(term.label)}</b> {escape('; '.join((when, *told, *comes)))}"

    def _approval(self) -> str:
        boxes = "".join(f"<div>{escape(self.tell(one))}</div>" for one in ("day", "name", "signature"))
        content = self.tell("content", self.workflow.id, self.workflow.hash)
        return f"<footer><b>{escape(self.tell('approved'))}</b>{boxes}<small>{escape(content)}</small></footer>"


def _way(step: Step) -> str:
    return f"{step.sources} \u2192 {step.target}" if step.target else step.sources


def _takes(step: Step) -> str:
    """Return conditions, and advice in italics, in one line."""
    told = [escape(one) for one in step.conditions] + [f"<em>{escape(one)}</em>" for one in step.advice]
    return " \u00b7 ".join(told)


def _in_line(step: Step) -> str:
    takes = _takes(step)
    who = f"<span>{escape(step.who)}</span>{': ' if takes else ''}"
    return f"<b>{escape(step.label)}</b> {escape(_way(step))} \u00b7 {who}{takes}"


def _recording(one: Recording) -> str:
    things = [f"{what} ({', '.join(takes)})" if takes else what for what, takes in one.what]
    return f"<span>{escape(one.who)}</span>: {escape(', '.join(things))}"


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{one}</p>" for one in texts)
