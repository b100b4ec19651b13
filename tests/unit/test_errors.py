import inspect
import pickle
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

import proeftuin
from proeftuin import Blocker, Fault, Remedy, errors
from proeftuin.core.frozen import FrozenDict
from proeftuin.errors import ProeftuinError
from proeftuin.storage import open_store
from tests.unit.engines import LEAD, engine, start

TREE = {
    "ProeftuinError": "Exception",
    "Refused": "ProeftuinError",
    "UnknownPilot": "ProeftuinError LookupError",
    "PilotExists": "ProeftuinError",
    "UnknownWorkflow": "ProeftuinError LookupError",
    "DefinitionError": "ProeftuinError ValueError",
    "ScenarioError": "ProeftuinError ValueError",
    "BadArgument": "ProeftuinError ValueError",
    "Conflict": "ProeftuinError",
    "WorkflowChanged": "ProeftuinError",
    "KeyReused": "ProeftuinError",
    "Reentered": "ProeftuinError",
    "StoreError": "ProeftuinError",
    "StoreUnavailable": "StoreError",
    "StoreBusy": "StoreError",
    "OutcomeUnknown": "StoreError",
    "StoreFull": "StoreError",
    "SchemaTooNew": "StoreError",
    "SchemaTooOld": "StoreError",
    "CorruptStore": "StoreError",
}

BLOCKER = Blocker(
    "missing-note",
    FrozenDict(field="note"),
    "acme",
    (Remedy("note", FrozenDict(text="x"), "acme", ("lead",), date(2026, 3, 2)),),
    texts=FrozenDict(en="A note is missing.", nl="Er ontbreekt een notitie."),
)

STORE_ERRORS: list[type[errors.StoreError]] = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.StoreError)
]

EXAMPLES: list[ProeftuinError] = [
    errors.ProeftuinError("anything"),
    errors.Refused("p", "talk", [BLOCKER, Blocker("forbidden-role"), BLOCKER]),
    errors.Refused(None, "start", ()),
    errors.UnknownPilot("p"),
    errors.PilotExists("p"),
    errors.PilotExists("p", "r"),
    errors.UnknownWorkflow("w", ("a@1", "a@2")),
    errors.UnknownWorkflow("w"),
    errors.UnknownWorkflow("w", guards=("g",)),
    errors.WorkflowChanged("w@1", "a" * 64, "b" * 64),
    errors.DefinitionError([Fault("dead-end", "mend it", ("states", "a"), file="w.yaml", line=3, column=1)]),
    errors.ScenarioError("s.yaml", 7, "no such actor"),
    errors.BadArgument("key", "must have 1 to 255 characters"),
    errors.Conflict("p", 3, 4),
    errors.KeyReused("p", "k"),
    errors.Reentered("a guard"),
    *[kind("the disk is on holiday") for kind in STORE_ERRORS],
]


def test_the_tree_is_as_drawn() -> None:
    """The errors are those that are documented, each below the bases that it is documented with."""
    found = {
        name: " ".join(base.__name__ for base in kind.__bases__)
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, ProeftuinError)
    }
    assert TREE == found
    drawn = (errors.__doc__ or "").split("Each has")[0]
    assert [] == [name for name in TREE if name not in drawn]


def test_every_error_has_a_code_of_its_own() -> None:
    """Codes are stable words, one per error, made of small letters and dashes."""
    codes = {name: getattr(errors, name).code for name in TREE}
    assert len(TREE) == len(set(codes.values()))
    assert {"refused", "unknown-pilot", "key-reused", "store-busy", "outcome-unknown"} <= set(codes.values())
    assert all(code == code.lower() and " " not in code for code in codes.values())


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_crosses_a_process_border_whole(error: ProeftuinError) -> None:
    """Pickled and read back, an error has its type, message and attributes."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert (type(error), str(error), error.__dict__) == (type(again), str(again), again.__dict__)


def test_an_error_of_an_adapter_keeps_its_own_name() -> None:
    """A class that an integrator derives from ours is shown where it was made."""
    own = type("OurStoreError", (errors.StoreError,), {"__module__": "adapter"})
    assert "adapter" == own.__module__


def test_every_error_was_shown() -> None:
    """The examples leave out none of the errors."""
    assert set(TREE) == {type(one).__name__ for one in EXAMPLES}


def test_a_refusal_names_each_code_once() -> None:
    """The codes of a refusal are in order, each once, and its message has the words of every blocker."""
    refused = errors.Refused("p", "talk", [BLOCKER, Blocker("forbidden-role"), BLOCKER])
    assert ("missing-note", "forbidden-role") == refused.codes
    assert "talk refused: missing-note: A note is missing.; forbidden-role: forbidden-role" in str(refused)


def test_a_refusal_is_a_problem_for_the_web() -> None:
    """A refusal is given as RFC 9457 says, in the language asked for, with its remedies as plain data."""
    problem = errors.Refused("p", "talk", [BLOCKER]).as_problem("nl")
    assert {
        "type": "urn:proeftuin:refused",
        "title": "Geweigerd",
        "status": 409,
        "detail": "Er ontbreekt een notitie.",
        "pilot": "p",
        "trigger": "talk",
        "blockers": [
            {
                "code": "missing-note",
                "text": "Er ontbreekt een notitie.",
                "track": "acme",
                "params": {"field": "note"},
                "missing": [
                    {
                        "trigger": "note",
                        "track": "acme",
                        "data": {"text": "x"},
                        "roles": ["lead"],
                        "not_before": "2026-03-02",
                    }
                ],
            }
        ],
    } == problem
    assert "Refused" == errors.Refused("p", "talk", [Blocker("x", missing=(Remedy("y"),))]).as_problem()["title"]


@pytest.mark.parametrize(
    ("lang", "title"), [("nl", "Geweigerd"), ("en", "Refused"), ("en-gb", "Refused"), ("de", "Refused")]
)
def test_a_problem_in_a_language_that_is_not_known_is_in_english(lang: str, title: str) -> None:
    """What is told in no such language is told in English as a whole, the title and the words."""
    problem = errors.Refused("p", "talk", [BLOCKER]).as_problem(lang)
    words = {"nl": "Er ontbreekt een notitie."}.get(lang, "A note is missing.")
    assert (title, words) == (problem["title"], problem["detail"])


def test_a_problem_can_be_sent_as_json() -> None:
    """A real refusal with remedies is made of what JSON can hold."""
    import json  # noqa: PLC0415  # the one use here

    on = engine()
    pilot = start(on)
    with pytest.raises(proeftuin.Refused) as no:
        on.fire(pilot, "finish", actor=type(LEAD)("b", roles={"board"}))
    assert "wrong-state" in json.dumps(no.value.as_problem())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.UnknownPilot("p"), "proeftuin list"),
        (errors.PilotExists("p", "r"), "use another"),
        (errors.UnknownWorkflow("w"), "give its file in `workflows=`"),
        (errors.UnknownWorkflow("w", ("a", "b")), "known are a, b"),
        (errors.UnknownWorkflow("w", guards=("a", "b")), "needs the guards a, b; give them in `guards=`"),
        (errors.Conflict("p", 3, 4), "retry with expect=4"),
        (errors.KeyReused("p", "k"), "give each command its own"),
        (errors.Reentered("a guard"), "do it in a `committed` hook"),
        (errors.DefinitionError([Fault("x", "mend it", file="f", line=1, column=2)]), "f:1:2: x: mend it"),
    ],
)
def test_a_message_says_what_to_do(error: ProeftuinError, words: str) -> None:
    """The message of an error names the way out."""
    assert words in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "unheard://user:hunter2@host/db",
        "sqlite://user:hunter2@host/db",
        "sqlite:///x.db?key=hunter2",
        "memory://user:hunter2@host",
        "user:hunter2@host/db",
        "://hunter2",
        "sqlite://",
    ],
)
def test_no_message_repeats_a_secret(url: str) -> None:
    """A URL that cannot be opened is refused without the password in it, in message and attributes alike."""
    with pytest.raises(ProeftuinError) as caught:
        open_store(url)
    assert "hunter2" not in f"{caught.value} {caught.value.__dict__} {caught.value.__cause__ or ''}"


def test_a_traceback_says_the_public_name() -> None:
    """What a user reads in a traceback is the name that can be imported."""
    code = (
        "from proeftuin import Actor, Engine\n"
        "with Engine.open('memory://') as on:\n"
        "    on.start('existing-contract', actor=Actor('a', roles={'board'}), data={})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 1 == done.returncode
    assert "proeftuin.Refused: start refused: forbidden-role" in done.stderr


def test_every_error_says_its_public_name() -> None:
    """Each error is public, and is shown under the name of the package."""
    shown: dict[str, Any] = {name: getattr(proeftuin, name) for name in TREE}
    assert {f"proeftuin.{name}" for name in TREE} == {f"{kind.__module__}.{kind.__name__}" for kind in shown.values()}
