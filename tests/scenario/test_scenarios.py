"""Every bundled scenario, played through the public API on each kind of store."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from proeftuin import Engine
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Played, Player, load_scenario, play
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.property.kinds import opened

FILES = sorted(scenario_folder().glob("*.yaml"))
TOLD = {"clock.reminded", "clock.escalated"}
STORES = ("memory", "sqlite", "postgresql", "mariadb")


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module", params=STORES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store of each kind for all scenarios, as to make one on a server takes longer than to play them all."""
    with ExitStack() as stack:
        yield opened(request.param, stack, tmp_path_factory.mktemp("scenarios"))


def histories(file: Path, url: str) -> dict[str, list[tuple[bytes, str]]]:
    """Play a file, and return every pilot's events exactly as stored."""
    store = open_store(url)
    player = Player(load_scenario(file), partial(Engine, store))
    with player.engine:
        assert [] == [outcome.explain(file.name) for outcome in player.run() if not outcome.ok]
        return {
            pilot: [(entry.body, entry.digest) for entry in store.history("default", pilot)] for pilot in player.pilots
        }


def test_scenarios_are_bundled() -> None:
    """The story of DJI and Sodexo is among the bundled scenarios."""
    assert "dji-sodexo" in [path.stem for path in FILES]


def test_a_bundled_scenario_comes_out_as_it_says(file: Path, store: Store) -> None:
    """Every step of a bundled scenario is accepted or refused as the file says, on each kind of store."""
    scenario = load_scenario(file)
    played = play(scenario, lambda **options: Engine(store, **options).for_tenant(file.stem))
    assert "" == played.explanation
    assert len(scenario.steps) == len(played.outcomes)


def test_two_runs_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    """With the same time and ids a scenario leaves the same history, byte for byte, whatever the store."""
    first = histories(file, "memory://")
    assert first == histories(file, "memory://")
    assert first == histories(file, f"sqlite:///{tmp_path}/pilots.db")


def test_every_history_of_a_scenario_is_whole(file: Path) -> None:
    """After a scenario, chain, versions and head of every pilot agree."""
    player = Player(load_scenario(file), partial(Engine.open, "memory://"))
    with player.engine as engine:
        assert all(outcome.ok for outcome in player.run())
        assert () == engine.verify()


def test_no_participant_is_named_in_what_the_log_keeps(file: Path) -> None:
    """The refs that a scenario gives to participants are in none of its events."""
    scenario = load_scenario(file)
    refs = {str(step.data["participant"]) for step in scenario.steps if step.data and "participant" in step.data}
    bodies = b"".join(body for entries in histories(file, "memory://").values() for body, _ in entries)
    assert set() == {ref for ref in refs if ref.encode() in bodies}


def played(file: Path) -> Played:
    return play(load_scenario(file), partial(Engine.open, "memory://"))


@pytest.mark.parametrize("name", ["stalled", "eight-suppliers"])
def test_every_reminder_of_a_story_about_terms_is_checked(name: str) -> None:
    """In the stories of silence nobody is told anything by a clock that the step, which compares, does not name."""
    outcomes = played(scenario_folder() / f"{name}.yaml").outcomes
    told = [(one.step.number, event, {*map(clock_of, one.step.told)}) for one in outcomes for event in one.due]
    told = [(number, event, named) for number, event, named in told if event.type in TOLD]
    assert len(told) > 20
    assert [] == [
        (number, event.data["clock"]) for number, event, named in told if clock_of(event.data["clock"]) not in named
    ]


def clock_of(term: str) -> str:
    return term.partition(":")[0]


def test_every_refusal_of_a_scenario_has_words(file: Path) -> None:
    """Each blocker and warning in a scenario is told in both languages, with nothing left to fill in."""
    told = [one for outcome in played(file).outcomes for one in (*outcome.came.blockers, *outcome.came.warnings)]
    wrong = {
        one.code for one in told for lang in ("en", "nl") if one.text(lang) in {"", one.code} or "{" in one.text(lang)
    }
    assert set() == wrong
