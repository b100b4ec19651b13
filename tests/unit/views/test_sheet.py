"""The sheet: one page about a workflow that a board can read, and that is nothing but a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from proeftuin import Blocker, Question, guard
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import BUILT_IN
from proeftuin.core.workflow import ANY_OPEN, Edge, Falls, GuardUse, Offset, Opens, Signal, Starts, Workflow
from proeftuin.definitions import Catalogue, load_workflow
from proeftuin.views import word, workflow_sheet
from proeftuin.views._sheet_fit import LARGEST, PAGE, ROOM, SMALLEST, fitting, height
from proeftuin.views._sheet_rows import Rows
from proeftuin.views.conditions import CONDITIONS, condition

DATA = Path(__file__).parents[2] / "data"
BUNDLED = Catalogue().ids()
SMALL = load_workflow(DATA / "small.yaml")
EVERY = load_workflow(DATA / "every.yaml")
VOID = {"meta", "col", "br"}


class Page(HTMLParser):
    """What a browser would make of a page: elements that open and close in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert [] == self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def bundled(name: str) -> Workflow:
    return Catalogue().get(name)


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_sheet_names_all_that_there_is(name: str, lang: str) -> None:
    """Every state, every step, every term, and the hash of the content stand on the sheet, in its language."""
    workflow = bundled(name)
    page = Page(workflow_sheet(workflow, lang=lang))
    assert ("html", {"lang": lang}) in page.seen
    labels = [workflow.label, *(one.label for one in workflow.states.values())]
    for kind in workflow.tracks.values():
        labels += [kind.label, *(one.label for one in kind.states.values())]
    labels += [clock.label for clock in workflow.clocks.values() if clock.label]
    assert [] == [label for label in labels if label[lang] not in page.text]
    triggers = {edge.trigger for edge in workflow.edges if edge.snooze is None}
    assert [] == [one for one in triggers if word(workflow, one, lang).lower() not in page.text.lower()]
    assert workflow.hash in page.text


@pytest.mark.parametrize("name", BUNDLED)
def test_the_sheet_is_all_in_words(name: str) -> None:
    """No name of the file is left on the sheet where people have a word for it."""
    text = Page(workflow_sheet(bundled(name))).text
    assert [] == re.findall(
        r"[a-z]+_[a-z_]+|\{|\}|\[|\]", text.partition("Bestaande contracten")[2].rpartition("inhoud")[0]
    )


def test_the_sheet_needs_nothing_else() -> None:
    """The page has no script, no link and no reference to anything outside itself."""
    html = workflow_sheet(bundled("existing-contract"))
    tags = Page(html).seen
    assert {"script", "link", "img", "iframe", "object", "a", "form"}.isdisjoint({tag for tag, _ in tags})
    assert not {name for _, named in tags for name in named} & {"src", "href", "onload", "onclick"}
    assert not re.search(r"url\(|@import|https?:", html)


def test_the_sheet_is_in_dutch_where_nobody_says_otherwise() -> None:
    """Without a language the sheet is in Dutch."""
    assert workflow_sheet(SMALL) == workflow_sheet(SMALL, lang="nl") != workflow_sheet(SMALL, lang="en")


def test_a_label_is_text() -> None:
    """What a file calls things cannot be markup."""
    label = "</style><script>alert(1)</script>&amp;<b>"
    states = {**SMALL.states, "idle": attrs.evolve(SMALL.states["idle"], label=FrozenDict(nl=label))}
    workflow = attrs.evolve(SMALL, label=FrozenDict(nl=label), states=FrozenDict(states))
    page = Page(workflow_sheet(workflow))
    assert 4 <= page.text.count(label)
    assert "script" not in {tag for tag, _ in page.seen}


def test_more_text_makes_smaller_letters() -> None:
    """The letters are as large as the sheet allows, within bounds."""
    size = re.compile(r"--size: ([0-9.]+)pt")
    sizes = [float(size.findall(workflow_sheet(one))[0]) for one in (SMALL, bundled("existing-contract"))]
    assert SMALLEST < sizes[1] < sizes[0] <= LARGEST
    many = attrs.evolve(EVERY, edges=EVERY.edges * 1_000)
    many = attrs.evolve(many, edges=tuple(attrs.evolve(one, trigger=f"t{n}") for n, one in enumerate(many.edges)))
    assert [f"{SMALLEST:.2f}"] == size.findall(workflow_sheet(many))


def test_the_letters_are_the_largest_that_fit() -> None:
    """A step larger than what is chosen would be too high; more rows, paragraphs or states make the page higher."""
    top, rows, more = (["a"] * 5, ["x" * 200]), [["x" * 20] * 4] * 25, [(["b"] * 9, ["y" * 300] * 18)]
    size = fitting(top, rows, more)
    room = PAGE[1] * ROOM
    assert height(top, rows, more, size) <= room < height(top, rows, more, size + 0.05)
    assert height(top, rows, more, size) < height((["a"] * 200, []), rows, more, size)
    assert height(top, rows, more, size) < height(top, [*rows, [""] * 4], more, size)
    assert height(top, rows, more, size) < height(top, rows, [*more, ([], [""])], size)
    assert LARGEST == fitting(([], []), [], [])


def test_every_built_in_guard_has_its_words() -> None:
    """Each guard of the library says in both languages what it asks, by parameters that it has."""
    named = {name.partition("/")[0]: texts for name, texts in CONDITIONS.items()}
    assert BUILT_IN.keys() == named.keys()
    for name, texts in named.items():
        for text in texts:
            assert set(re.findall(r"\{([a-z_]+)\}", text)) <= BUILT_IN[name].params.keys(), name
        assert texts[0] != texts[1]


@pytest.mark.parametrize(
    ("use", "nl", "en"),
    [
        (
            GuardUse("commitment"),
            "het principebesluit van het bestuur geldt",
            "the board's decision in principle stands",
        ),
        (
            GuardUse("has", FrozenDict(record="evidence", where=FrozenDict(type="report"), cycle="current")),
            "er is: evaluatierapport, van deze ronde",
            "there is: evaluation report, of this round",
        ),
        (
            GuardUse("has", FrozenDict(record="endorsement", months=6)),
            "er is: publieke steun, van de laatste 6 maanden",
            "there is: public endorsement, of the last 6 months",
        ),
        (
            GuardUse("has", FrozenDict(record="activity", where=FrozenDict(type=("coffee", "call"), note="x"))),
            "er is: koffie of telefoongesprek, toelichting x",
            "there is: coffee or call, note x",
        ),
        (
            GuardUse("joint_session", FrozenDict(roles=("hr",), one_of=("procurement", "policy_officer"))),
            "HR-professional en inkoper of beleidsambtenaar zaten samen aan tafel, ieder een ander mens",
            "HR professional and procurement officer or policy officer have sat at one table, each a different person",
        ),
        (
            GuardUse("tracks_reached", FrozenDict(kind="supplier", states=("agreed", "delivering"))),
            "minstens 1 leverancier: afgesproken of levert plekken",
            "at least 1 supplier: agreed or delivering",
        ),
        (
            GuardUse("choice", FrozenDict(bound="min")),
            "genoeg ondernemingen om uit te kiezen",
            "enough enterprises to choose from",
        ),
        (GuardUse("within", FrozenDict(field="until")), "tot: na vandaag", "until: after today"),
        (
            GuardUse("within", FrozenDict(field="resume_by", weeks=26)),
            "hervatten voor: na vandaag, binnen 26 weken",
            "resume by: after today, within 26 weeks",
        ),
        (
            GuardUse("at_most", FrozenDict(field="hours", setting="threshold", instead=("x",))),
            "uren is hoogstens de drempel voor een aanbesteding",
            "hours is at most the threshold for a tender",
        ),
        (
            GuardUse("roles_filled", FrozenDict(duties=("contact_client",))),
            "aangewezen: contactpersoon opdrachtgever",
            "named: contact at the client",
        ),
        (GuardUse("somewhere_else", FrozenDict(x=1)), "somewhere else", "somewhere else"),
    ],
    ids=lambda one: one.name if isinstance(one, GuardUse) else "",
)
def test_a_condition_in_words(use: GuardUse, nl: str, en: str) -> None:
    """A guard with its parameters is said as what has to be so, in both languages."""
    workflow = bundled("existing-contract")
    assert (nl, en) == (condition(workflow, use, "nl"), condition(workflow, use, "en"))


@guard()
def paid_up(question: Question) -> Blocker | None:
    """The invoices are paid."""
    return None


def test_a_guard_of_the_host_is_told_by_the_file() -> None:
    """A guard of the host is told by its word in the file, and otherwise by its docstring."""
    use, guards = GuardUse("paid_up"), {"paid_up": paid_up}
    assert "The invoices are paid." == condition(SMALL, use, "nl", guards)
    words = FrozenDict({**SMALL.words, "paid_up": FrozenDict(nl="De rekeningen zijn betaald")})
    workflow = attrs.evolve(SMALL, words=words)
    assert "De rekeningen zijn betaald" == condition(workflow, use, "nl", guards)
    edges = (*workflow.edges, Edge("pay", allow=("lead",), sources=("idle",), to="planned", require=(use,)))
    assert "De rekeningen zijn betaald" in Page(workflow_sheet(attrs.evolve(workflow, edges=edges), guards=guards)).text


def step(edge: Edge, workflow: Workflow = EVERY) -> tuple[str, str, str, tuple[str, ...]]:
    """How an edge of the pilot stands on the sheet: from, to, who, and what it takes."""
    rows = Rows(attrs.evolve(workflow, edges=(edge,)), "en")
    one = rows.steps(None)[0]
    return one.sources, one.target, one.who, one.conditions


def test_what_an_edge_does_is_told() -> None:
    """Holds, signatures, ways back, new pilots, tracks beside and edges that say no each have their words."""
    kind = next(iter(EVERY.tracks))
    first = next(iter(EVERY.tracks[kind].states))
    state, label = next((name, one.label["en"]) for name, one in EVERY.states.items())
    two = tuple(EVERY.roles)[:2]
    assert ("at any time", "on hold", "", ()) == step(Edge("hold", sources=(ANY_OPEN,), hold="pause"))
    assert "goes on" == step(Edge("hold", sources=(ANY_OPEN,), hold="resume"))[1]
    assert "both sign" in step(Edge("sign", sign=two, sources=(state,)))[2]
    assert (label, "a new pilot") == step(Edge("more", sources=(state,), starts=Starts("other")))[:2]
    assert "always, also after closing" == step(Edge("x", sources=("any",), starts=Starts("other")))[0]
    beside = step(Edge("open", sources=(state,), opens=Opens(kind, "key", first)))[1]
    assert EVERY.tracks[kind].states[first].label["en"] in beside
    assert ("not possible",) == step(Edge("no", sources=(state,), to="x", refuse="never-so"))[3]
    falls = Edge("fall", sources=(state,), to="previous", falls=Falls(state, (GuardUse("commitment"),)))
    assert "back to where it was" == step(falls)[1]
    assert "otherwise back to" in step(falls)[3][0]


def test_edges_that_differ_in_whence_alone_are_one_step() -> None:
    """Two edges of a trigger that take and do the same are told once."""
    edges = [Edge("go", allow=("lead",), sources=(one,), to="done") for one in ("running", "judged")]
    rows = Rows(attrs.evolve(SMALL, edges=tuple(edges)), "nl")
    assert ["Bezig / Beoordeeld"] == [one.sources for one in rows.steps(None)]


def test_a_choice_that_picks_an_edge_is_named() -> None:
    """An edge that is picked by one to three choices says which; of more, or none, only the trigger is named."""
    workflow = bundled("existing-contract")
    labels = [one.label for kind in (None, "supplier") for one in Rows(workflow, "en").steps(kind)]
    assert {"Conclude the pilot: structurally embedded", "Conclude the pilot: follow-up or ended"} <= set(labels)
    assert {"Decline", "Decline: not suitable"} <= set(labels)
    edge = Edge("go", sources=("idle",), to="done", when=FrozenDict(upheld=(True,), back_to=("planned", "asked")))
    (step,) = Rows(attrs.evolve(SMALL, edges=(edge,)), "nl").steps(None)
    assert "go: upheld ja, gepland of gevraagd" == step.label


@pytest.mark.parametrize(
    ("offset", "nl", "en"),
    [
        (Offset(1, "days"), "1 dag", "1 day"),
        (Offset(2, "weeks"), "2 weken", "2 weeks"),
        (Offset(3, "working_days"), "3 werkdagen", "3 working days"),
        (Offset(0, "days", "after due"), "op de dag zelf", "on the day itself"),
        (Offset(0, "days"), "meteen", "at once"),
        (Offset(6, "months", "before due"), "6 maanden vooraf", "6 months before"),
        (Offset(1, "weeks", "after due"), "1 week daarna", "1 week later"),
    ],
)
def test_a_length_of_time_in_words(offset: Offset, nl: str, en: str) -> None:
    """Lengths of time are said as people say them."""
    assert (nl, en) == (Rows(SMALL, "nl").length(offset), Rows(SMALL, "en").length(offset))


def test_terms_in_words() -> None:
    """A term says what it counts from, when it is due, who hears of it, and what comes of it."""
    terms = {one.label: one for one in Rows(bundled("existing-contract"), "nl").terms()}
    assert ("het laatste levensteken", "7 dagen") == (terms["Levensteken"].since, terms["Levensteken"].due)
    assert ("projectleider (8 dagen, 14 dagen)",) == terms["Levensteken"].told
    assert "\u26a0 stilgevallen (28 dagen, procesbegeleider)" in terms["Levensteken"].comes
    assert "de pauze" == terms["Hervatdatum"].since
    assert "begindatum, per plaatsing" == terms["Nog aan het werk"].since
    assert "doel" == terms["Doel met een datum"].since
    assert "\u2192 verlopen" in terms["Antwoord op de uitnodiging"].comes
    assert "sessie aanbestedingskalender" == terms["Volgende kalendersessie"].since
    assert "principebesluit" == terms["Herijking van het besluit"].since
    assert "het laatste levensteken in leverancier \u201clevert plekken\u201d" in {one.since for one in terms.values()}


def test_a_sheet_of_every_key_there_is() -> None:
    """The workflow that uses every key of the format has a sheet, and so has one without labels, tracks and terms."""
    assert EVERY.hash in Page(workflow_sheet(EVERY, lang="en")).text
    clocks = {
        name: attrs.evolve(one, label=None, signal=Signal("x", Offset(1, "days"))) for name, one in EVERY.clocks.items()
    }
    bare = attrs.evolve(EVERY, tracks=EMPTY, clocks=FrozenDict(clocks), words=EMPTY)
    assert "\u26a0 x" in Page(workflow_sheet(bare)).text
