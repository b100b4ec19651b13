"""What is typed becomes the data of a command: of the type of its field where it can be, and as typed where not."""

from typing import Any

import pytest

from proeftuin.web.pages.form import Form
from proeftuin.web.pages.taking import taken

ROWS = {"type": "list", "of": {"who": {"type": "text"}, "hours": {"type": "decimal"}}}


@pytest.mark.parametrize(
    ("shape", "typed", "expected"),
    [
        ({"type": "text"}, ["  Begin klein "], "Begin klein"),
        ({"type": "text"}, ["  "], None),
        ({"type": "text"}, [], None),
        ({"type": "text"}, ["een\r\ntwee"], "een\ntwee"),
        ({"type": "integer"}, ["12"], 12),
        ({"type": "integer"}, ["-3"], -3),
        ({"type": "integer"}, ["1.5"], "1.5"),
        ({"type": "integer"}, ["9" * 40], "9" * 40),
        ({"type": "integer"}, ["\u0663"], "\u0663"),
        ({"type": "decimal"}, ["25,5"], "25.5"),
        ({"type": "decimal"}, ["25.5"], "25.5"),
        ({"type": "decimal"}, ["1.000,50"], "1.000,50"),
        ({"type": "boolean"}, ["true"], True),
        ({"type": "boolean"}, ["false"], False),
        ({"type": "boolean"}, ["maybe"], "maybe"),
        ({"type": "choice", "choices": (13, 26)}, ["26"], 26),
        ({"type": "choice", "choices": (True, "yes")}, ["true"], True),
        ({"type": "choice", "choices": ("a", "b")}, ["c"], "c"),
        ({"type": "date"}, ["2026-02-30"], "2026-02-30"),
        ({"type": "list", "of": "text"}, ["een\ntwee\n\n"], ["een", "twee"]),
        ({"type": "list", "of": ("a", "b")}, ["a", "b"], ["a", "b"]),
        ({"type": "list", "of": "track"}, ["acme", "groen"], ["acme", "groen"]),
        ({"type": "list", "of": "text"}, [""], None),
        ({"type": "map", "of": "decimal"}, ["prijs: 7,5\nkwaliteit: 8\n"], {"prijs": "7.5", "kwaliteit": "8"}),
        ({"type": "map"}, ["zonder"], {"zonder": ""}),
        ({"type": "map"}, [""], None),
        ({"type": "map", "keys": ("a", "b")}, ["a: 1"], None),
    ],
)
def test_a_field_is_taken_as_its_type(shape: dict[str, Any], typed: list[str], expected: object) -> None:
    """Each type of field is read from what was typed; what does not look like it is handed on untouched."""
    found = taken({"x": shape}, Form([("d.x", one) for one in typed]))
    assert ({} if expected is None else {"x": expected}) == found


def test_rows_are_taken_in_order_without_the_empty_ones() -> None:
    """Rows of a list keep their order, whatever was left empty falls out, and numbers that are none are no rows."""
    typed = {
        "d.x.0.who": "hans",
        "d.x.2.who": "anna",
        "d.x.2.hours": "8,5",
        "d.x.1.who": "",
        "d.x.z.who": "no",
        "d.x.9999.who": "no",
    }
    assert {"x": [{"who": "hans"}, {"who": "anna", "hours": "8.5"}]} == taken({"x": ROWS}, Form(list(typed.items())))
    assert {} == taken({"x": ROWS}, Form([("d.x.0.who", " ")]))


def test_a_map_of_known_keys_is_taken_from_a_field_for_each() -> None:
    """Each key that a map may have is a field of its own; an empty one is left out, another one is not seen."""
    shape = {"type": "map", "of": "integer", "keys": ("jobs", "places")}
    typed = [("d.x.jobs", "2"), ("d.x.places", " "), ("d.x.others", "9")]
    assert {"x": {"jobs": 2}} == taken({"x": shape}, Form(typed))
    assert {"x": {"places": "veel"}} == taken({"x": shape}, Form([("d.x.places", "veel")]))
