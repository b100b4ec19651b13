from typing import Any

import pytest

from proeftuin.cli.data import gather, typed
from proeftuin.cli.options import At, Who, short_ids, sqlite_file


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("12", {"type": "integer"}, 12),
        ("-3", {"type": "integer"}, -3),
        ("twelve", {"type": "integer"}, "twelve"),
        ("9" * 30, {"type": "integer"}, "9" * 30),
        ("ja", {"type": "boolean"}, True),
        ("False", {"type": "boolean"}, False),
        ("perhaps", {"type": "boolean"}, "perhaps"),
        ("13", {"type": "choice", "choices": (13, 26)}, 13),
        ("yes", {"type": "choice", "choices": ("yes", "no")}, "yes"),
        ("1.10", {"type": "decimal"}, "1.10"),
        ("a, b,", {"type": "list"}, ["a", "b"]),
        ('["a", 1.50]', {"type": "list"}, ["a", "1.50"]),
        ("", {"type": "list"}, []),
        ('{"a": 1}', {"type": "map"}, {"a": 1}),
        ("", {"type": "map"}, ""),
        ("[not json", {"type": "text"}, "[not json"),
        ("007", {}, "007"),
    ],
)
def test_what_is_typed_becomes_the_type_of_the_field(text: str, field: dict[str, Any], expected: object) -> None:
    """A field decides what typed text means; what does not fit is left as text for the engine to explain."""
    assert expected == typed("field", text, field)


def test_no_data_is_not_the_same_as_empty_data() -> None:
    """Nothing given is None, so that a missing party signs what is pending; an empty object is an empty object."""
    assert gather((), None, {}) is None
    assert {} == gather((), "{}", {})
    assert {"a": "b=c"} == gather(("a=b=c",), None, {})


def test_short_ids_are_as_short_as_they_can_be() -> None:
    """An id is shown by its shortest beginning of at least eight characters that no other has."""
    ids = ["aaaaaaaaaa-1", "aaaaaaaaaa-2", "bbbbbbbbbbbb", "c"]
    assert {
        "aaaaaaaaaa-1": "aaaaaaaaaa-1",
        "aaaaaaaaaa-2": "aaaaaaaaaa-2",
        "bbbbbbbbbbbb": "bbbbbbbb",
        "c": "c",
    } == short_ids(ids)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///pilots.db", "pilots.db"),
        ("sqlite:////var/pilots.db", "/var/pilots.db"),
        ("sqlite:///pilots.db?busy_timeout=1", "pilots.db"),
        ("memory://", None),
        ("sqlite://", None),
        ("sqlite://host/pilots.db", None),
        ("pilots.db", None),
        ("http://[", None),
    ],
)
def test_the_file_of_a_url(url: str, path: str | None) -> None:
    """Only a SQLite URL with a path names a file."""
    assert path == (None if (found := sqlite_file(url)) is None else str(found))


def test_a_question_needs_no_name_but_a_command_does() -> None:
    """A role is enough to ask for; who acts must be named."""
    assert "somebody" == Who(role=("hr",)).asker().id  # type: ignore[union-attr]  # a role was given
    assert Who().asker() is None
    assert ("ann", "sodexo") == ((one := Who("ann", ("hr",), "sodexo").actor()).id, one.party)
    assert "sqlite:///proeftuin.db" == At().store
