import pytest

from proeftuin.core.commands import Blocker, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts import PROBLEMS, TEXTS
from proeftuin.core.wording import label, say, texts
from proeftuin.core.workflow import LANGUAGES, Field
from tests.unit.core.small import BASE, edge, kind, opener, said, small, supplier

WORKFLOW = small(
    edge("go", label=said("Go on"), data=FrozenDict(why=Field("text", label=said("Reason")))),
    edge("bare"),
    records={"note": kind("Note", text=Field("text", label=said("Text")))},
    tracks={"supplier": supplier(opener("identify", "seen", label=said("Identify")))},
    words={"special": said("Special"), "go": said("Word wins")},
    codes={"host-no": FrozenDict(en="Not {why}.", nl="Niet {why}.")},
)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("special", "Special"),
        ("go", "Word wins"),
        ("lead", "Lead"),
        ("note", "Note"),
        ("supplier", "supplier"),
        ("first", "First"),
        ("seen", "Seen"),
        ("identify", "Identify"),
        (".why", "Reason"),
        (".text", "Text"),
        ("why", "Reason"),
        (".go", "Word wins"),
    ],
)
def test_a_word_is_called_what_the_workflow_calls_it(word: str, expected: str) -> None:
    """Words, roles, records, tracks, states, triggers and fields have their labels, and words of the file win."""
    found = label(WORKFLOW, word)
    assert found is not None
    assert expected == found["en"]


def test_a_word_without_a_label_has_none() -> None:
    """A word that nobody gave a label has none."""
    assert None is label(WORKFLOW, "bare")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("lead", "Lead (nl)"),
        (("lead", "board"), "Lead (nl) of Board (nl)"),
        (["x", 1], "x of 1"),
        (("lead", "board", "seller"), "Lead (nl), Board (nl) of Seller (nl)"),
        ("Catering", "Catering"),
        (None, ""),
        (7, "7"),
    ],
)
def test_a_value_is_said_in_words(value: object, expected: str) -> None:
    """Facts are said by their labels, alternatives with an *or*, nothing as nothing, and the rest as it is."""
    assert expected == say(WORKFLOW, value, "nl")


def test_a_refusal_says_who_can_do_what_about_it() -> None:
    """The text names the facts, the first remedy and the roles that can carry it out, in each language."""
    found = texts(WORKFLOW, Blocker("missing-commitment"), (Remedy("go", roles=("lead", "board")),))
    assert "Lead or Board" in found["en"]
    assert "Lead (nl) of Board (nl)" in found["nl"]
    assert "Word wins" in found["en"]


def test_a_refusal_that_nothing_helps_names_nobody() -> None:
    """Where there is no remedy the text says that nobody can."""
    assert "nobody" in texts(WORKFLOW, Blocker("missing-commitment"), ())["en"]


def test_what_is_wrong_with_a_value_is_said_in_words() -> None:
    """The problem of a value is said after the name of its field."""
    found = texts(WORKFLOW, Blocker("bad-value", FrozenDict(field="why", problem="too-long")), ())
    assert found["en"].startswith("Reason is too long")


def test_never_is_said_otherwise_than_not_yet() -> None:
    """What can no longer be done has a text of its own."""
    never = texts(BASE, Blocker("wrong-state", FrozenDict(state="first", never=True)), ())["en"]
    assert never.startswith("This can no longer be done")
    assert "First" in never


def test_a_workflow_gives_its_own_codes_their_words() -> None:
    """A code of the workflow is said in its words, filled by plain substitution."""
    blocker = Blocker("host-no", FrozenDict(why="{curly} %s {0}"))
    assert "Not {curly} %s {0}." == texts(WORKFLOW, blocker, ())["en"]


def test_a_code_without_words_is_said_as_it_is() -> None:
    """A code that nobody gave a text is its own text."""
    assert {"en": "odd-code", "nl": "odd-code"} == texts(BASE, Blocker("odd-code"), ())


def test_a_blocker_that_brings_its_words_keeps_them() -> None:
    """A host's blocker with its own texts is left alone."""
    own = FrozenDict(en="mine", nl="mijn")
    assert own is texts(BASE, Blocker("odd-code", texts=own), ())


@pytest.mark.parametrize("held", [TEXTS, PROBLEMS], ids=["codes", "problems"])
def test_everything_is_said_in_every_language(held: dict[str, FrozenDict]) -> None:
    """Each code and each problem has a text in each language, and none is empty."""
    assert [] == [name for name, one in held.items() if not all(one.get(lang) for lang in LANGUAGES)]


def test_a_field_that_shares_its_name_is_called_what_the_field_is_called() -> None:
    """The field of a blocker is said by the label of the field, though a trigger of that name has one of its own."""
    fields = FrozenDict(extend=Field("date", label=said("Extended until")))
    workflow = small(edge("extend", label=said("Extend it"), data=fields))
    found = texts(workflow, Blocker("bad-value", FrozenDict(field="extend", problem="too-long")), ())
    assert found["en"].startswith("Extended until is too long")
    assert found["nl"].startswith("Extended until (nl) ")
