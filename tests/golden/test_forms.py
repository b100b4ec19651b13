"""Events whose form has changed since: written in the old one, read in today's, whole and in order."""

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import msgspec
import pytest

from proeftuin import CorruptStore, Engine, Event, codec
from proeftuin.core import forms
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import replace
from tests.unit.engines import LEAD
from tests.unit.engines import engine as engine_at

CHANGED = "pilot.changed"


def renamed(event: Event, old: str, new: str) -> Event:
    return replace(event, data=FrozenDict({new if key == old else key: value for key, value in event.data.items()}))


def first(event: Event) -> Event:
    """From the form in which this test's earlier versions wrote what was set to the one after it."""
    return renamed(event, "values", "new")


def second(event: Event) -> Event:
    """From that to today's."""
    return renamed(event, "new", "set")


STEPS = (first, second)
WRITTEN = {1: "values", 2: "new"}
"""What each earlier form called the set of today."""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store to which three versions of this library wrote, each in its own form."""
    url = f"sqlite:///{tmp_path / 'pilots.db'}"
    encode = codec.encode_event
    for form in (1, 2, 3):
        with monkeypatch.context() as patch:
            patch.setattr(forms, "STEPS", MappingProxyType({CHANGED: STEPS[: form - 1]} if form > 1 else {}))
            if form in WRITTEN:
                patch.setattr(codec, "encode_event", lambda one, form=form: encode(told(one, form)))
            with engine_at(url) as engine:
                if form == 1:
                    engine.start("talks", id="p", actor=LEAD, data={"title": "T"})
                engine.fire("p", "details", actor=LEAD, data={"sector": f"s{form}", "n": form})
    monkeypatch.setattr(forms, "STEPS", MappingProxyType({CHANGED: STEPS}))
    return url


def told(event: Event, form: int) -> Event:
    """As an earlier version would have made it."""
    return renamed(event, "set", WRITTEN[form]) if event.type == CHANGED else event


@pytest.fixture
def engine(store: str) -> Iterator[Engine]:
    """Today's engine on that store."""
    with engine_at(store) as engine:
        yield engine


def bodies(engine: Engine) -> list[dict[str, object]]:
    return [msgspec.json.decode(one.body) for one in engine._store.history("default", "p")]


def test_each_was_written_in_its_own_form(engine: Engine) -> None:
    """The bytes say what they were written in, and the first form says nothing."""
    kept = [one for one in bodies(engine) if one["type"] == CHANGED]
    assert [None, 2, 3] == [one.get("form") for one in kept]
    assert ["values", "new", "set"] == [next(iter(one["data"])) for one in kept]  # type: ignore[call-overload]  # JSON


def test_all_are_read_in_the_same(engine: Engine) -> None:
    """Whoever reads a history meets today's form alone, and nothing that was said is lost."""
    changed = [one for one in engine.history("p") if one.type == CHANGED]
    assert [{"sector": f"s{form}", "n": form} for form in (1, 2, 3)] == [dict(one.data["set"]) for one in changed]


def test_the_chain_is_that_of_what_was_written(engine: Engine, tmp_path: Path) -> None:
    """The history verifies, makes the pilot that is kept, and goes on; moved elsewhere its bytes are the same."""
    assert () == engine.verify()
    assert engine.get("p") == replay(engine.history("p"))
    engine.fire("p", "talk", actor=LEAD)
    assert () == engine.verify()
    with engine_at(f"sqlite:///{tmp_path / 'other.db'}") as other:
        other.import_pilots(engine.export_pilots())
        assert bodies(engine) == bodies(other)
        assert (engine.get("p"), ()) == (other.get("p"), other.verify())


def test_a_form_of_a_later_version_is_not_guessed_at(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event in a form that this version does not know is refused by its place, and not read as something else."""
    for known, newest in ({CHANGED: STEPS[:1]}, 2), ({}, 1):
        monkeypatch.setattr(forms, "STEPS", MappingProxyType(known))
        with pytest.raises(CorruptStore, match=rf"of pilot 'p' .* form \d of `{CHANGED}`, .* up to {newest}"):
            list(engine.history("p"))
