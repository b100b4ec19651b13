"""What all our plain values have in common."""

import attrs

from proeftuin.core.commands import Actor
from proeftuin.core.pilot import Pause
from proeftuin.core.structs import names


def test_the_fields_of_a_class_are_named_whatever_made_it() -> None:
    """Those of a struct, of a class of attrs, and none of any other."""
    assert ("since", "until") == names(Pause)[:2]
    assert attrs.has(Actor)
    assert ("id", "roles", "party") == names(Actor)[:3]
    assert () == names(int)
