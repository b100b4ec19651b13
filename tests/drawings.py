"""The pictures in the docs, drawn from the demo portfolio: `python -m tests.drawings` draws them anew."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from proeftuin import Engine, Pilot
from proeftuin.cli.demo_pilots import PROGRAMME, fill
from proeftuin.definitions import Catalogue
from proeftuin.scenario._time import ScenarioTime
from proeftuin.views import (
    Picture,
    pilot_picture,
    pilot_timeline_picture,
    portfolio_picture,
    programme_timeline_picture,
    state_cells,
    workflow_picture,
)

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
TODAY = date(2026, 6, 1)  # the stories of the portfolio end the day before
SHOWN = "Five assignments at once"
PILOT, LIFE = "Furniture", "Catering with ex-detainees"


def drawings() -> dict[str, Picture]:
    """Every picture of the docs, by the name of its file."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.db"
        fill(url, TODAY)
        with Engine.open(url, time=ScenarioTime(datetime(2026, 6, 1, 9, tzinfo=UTC))) as engine:
            return dict(_drawn(engine))


def _drawn(engine: Engine) -> Iterator[tuple[str, Picture]]:
    pilots = {str(one.data["title"]): one for one in map(engine.get, (one.id for one in engine.each()))}
    flow = Catalogue().get("existing-contract")
    yield "workflow", workflow_picture(flow)
    yield "workflow-nl", workflow_picture(Catalogue().get("small-purchases"), lang="nl")
    yield "pilot", _pilot(engine, pilots[PILOT])
    yield "tracks", _pilot(engine, pilots[SHOWN])
    own = [one for one in pilots.values() if one.workflow == flow.id]
    yield "portfolio", portfolio_picture(flow, state_cells(flow, own, TODAY))
    yield "timeline", _life(engine, pilots[LIFE])
    yield "due", _life(engine, pilots[SHOWN])
    lives = sorted(pilots.values(), key=lambda one: (one.path[0].since, str(one.data["title"])))
    told = [(engine.workflow(one.workflow), one) for one in lives]
    yield "programme", programme_timeline_picture(told, as_of=TODAY, title=PROGRAMME)


def _pilot(engine: Engine, pilot: Pilot) -> Picture:
    (waiting,) = engine.portfolio(pilots=pilot.id).waiting
    return pilot_picture(engine.workflow(pilot.workflow), pilot, engine.history(pilot.id), waiting=waiting)


def _life(engine: Engine, pilot: Pilot) -> Picture:
    due = engine.deadlines(pilots=pilot.id).items
    workflow = engine.workflow(pilot.workflow)
    return pilot_timeline_picture(workflow, pilot, engine.history(pilot.id), as_of=TODAY, due=due)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in FOLDER.glob("*.svg"):
        one.unlink()
    for name, picture in drawings().items():
        (FOLDER / f"{name}.svg").write_text(picture.svg() + "\n", encoding="utf-8")
