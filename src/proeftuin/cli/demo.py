"""The demo: a scenario on a SQLite file, told as it goes, with a look at what could be done halfway and at the end."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.text import Text

from proeftuin.cli.ask import NOT_ALLOWED, show_why, without_data
from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.look import show_metrics, show_pilot, show_rows
from proeftuin.cli.options import sqlite_file
from proeftuin.cli.reasons import label
from proeftuin.cli.screen import BAD, GOOD, HEAD, SOFT, Screen
from proeftuin.cli.story import Story
from proeftuin.core.commands import Actor, Option
from proeftuin.definitions import Catalogue, scenario_folder
from proeftuin.engine import Engine
from proeftuin.errors import ProeftuinError
from proeftuin.scenario import Outcome, Player, load_scenario
from proeftuin.views import fold, pilot_diagram, plain, timeline, word
from proeftuin.views.words import said

SCENARIO = "dji-sodexo.yaml"
PAUSE_AFTER = "complete_exploration"
ASK = "open_supplier_talks"
FIGURES_AFTER = "start_evaluation"
ROLES_HALFWAY = ("coordinator", "board", "supplier_lead")
ROLES_AT_END = ("coordinator", "supplier_lead")
NAMED = 4
DRAWN = ".mmd"
DIAGRAM = b"stateDiagram-v2\n    accTitle: "


class Demo:
    """One run of the demo.

    Args:
        store: a `sqlite:///` URL.
        screen: where the story is told.
    """

    def __init__(self, store: str, screen: Screen) -> None:
        self.store = store
        self.screen = screen
        self.scenario = load_scenario(scenario_folder() / SCENARIO)
        self.workflow = Catalogue().get(self.scenario.workflow)

    def run(self) -> int:
        """Tell it all, and leave the file and the diagram behind."""
        file = self._cleared()
        player = Player(self.scenario, partial(Engine.open, self.store, hooks=()))
        with player.engine as engine:
            last = self._told(player, engine)
            pilot_id = player.pilots[0]
            drawn = file.with_suffix(DRAWN)
            pilot = engine.get(pilot_id)
            drawn.write_text(
                pilot_diagram(self.workflow, pilot, engine.history(pilot_id), lang=self.screen.lang), "utf-8"
            )
            if self.screen.json:
                self.screen.data(
                    {"ok": last.ok, "store": self.store, "diagram": str(drawn), "pilot": pilot_id, "state": pilot.state}
                )
            else:
                self._looked_back(engine, pilot_id)
                self._where(drawn)
        return OK if last.ok else REFUSED

    def _cleared(self) -> Path:
        """Return the file, which is not there any more.

        Raises:
            Usage: it is there, and something else than the demo made it; it is left alone.
        """
        file = sqlite_file(self.store)
        if file is None:
            raise Usage("demo-file")
        if file.exists() and not self._is_ours():
            raise Usage("not-a-demo", file=file)
        drawn = file.with_suffix(DRAWN)
        if drawn.exists() and not drawn.read_bytes().startswith(DIAGRAM):
            raise Usage("not-a-demo", file=drawn)
        for tail in ("", "-wal", "-shm"):
            Path(f"{file}{tail}").unlink(missing_ok=True)
        return file

    def _is_ours(self) -> bool:
        """Whether the store holds the pilot of an earlier run, begun when the scenario begins, and nothing else."""
        begun = self.scenario.steps[0].at.date()
        try:
            with Engine.open(self.store, hooks=()) as engine:
                found = [(one.id, one.created_at.date()) for one in engine.each()]
        except ProeftuinError:
            return False
        ours = re.compile(rf"{re.escape(self.scenario.name)}-[0-9]+")
        return bool(found) and all(ours.fullmatch(name) and day == begun for name, day in found)

    def _told(self, player: Player, engine: Engine) -> Outcome:
        screen = self.screen
        if not screen.json:
            screen.show(Text(plain(said(self.scenario.label, screen.lang)), HEAD))
            screen.show(screen.tell("d-intro"), style=SOFT)
        story = Story(screen, self.workflow)
        shown: set[str] = set()
        looks = {PAUSE_AFTER: self._halfway, FIGURES_AFTER: self._figures}
        for outcome in player.run():
            trigger = outcome.step.trigger
            if not screen.json:
                story.tell(outcome)
                if trigger in looks and trigger not in shown and not outcome.came.refused:
                    shown.add(trigger)
                    story.flush()
                    looks[trigger](engine, player.pilots[0], outcome)
        story.flush()
        return outcome

    def _actors(self, roles: Sequence[str]) -> list[Actor]:
        known = self.scenario.actors.values()
        return [next(one for one in known if role in one.roles) for role in roles]

    def _halfway(self, engine: Engine, pilot_id: str, outcome: Outcome) -> None:
        screen = self.screen
        screen.show()
        screen.show(Text(screen.tell("d-halfway", day=outcome.step.at.date()), HEAD))
        self._what_can_be_done(engine, pilot_id, ROLES_HALFWAY)
        asker = self._actors(("coordinator",))[0]
        option = without_data(engine.explain(pilot_id, ASK, actor=asker))
        screen.head(screen.tell("d-why"))
        show_why(screen, self.workflow, option, asker)
        screen.head(screen.tell("d-goes-on"))

    def _figures(self, engine: Engine, pilot_id: str, outcome: Outcome) -> None:
        del outcome
        show_metrics(self.screen, self.workflow, engine.metrics(pilots=pilot_id))

    def _what_can_be_done(
        self, engine: Engine, pilot_id: str, roles: Sequence[str], *, everything: bool = False
    ) -> None:
        for actor in self._actors(roles):
            role = next(iter(sorted(actor.roles)))
            self._for_one(role, engine.options(pilot_id, actor=actor, all=everything))

    def _for_one(self, role: str, found: Sequence[Option]) -> None:
        """Write what one role may do in a few lines: what is equally impossible is taken together."""
        screen = self.screen
        screen.head(screen.tell("d-for", role=word(self.workflow, role, screen.lang)))
        for head, kind in (("h-now", "move"), ("h-record", "record")):
            names = [label(one, screen.lang) for one in found if one.allowed and one.kind == kind]
            if names:
                screen.item(Text("+", GOOD), f"{screen.tell(head)}: {', '.join(dict.fromkeys(names))}")
        reasons: dict[str, dict[str, None]] = {}
        for one in found:
            if not one.allowed:
                reasons.setdefault(self._reason(one), {})[label(one, screen.lang)] = None
        for reason, named in reasons.items():
            names = list(named)
            more = f", {screen.tell('d-rest', count=len(names) - NAMED)}" if len(names) > NAMED else ""
            screen.item(Text("x", BAD), Text(", ".join(names[:NAMED]) + more).append(f": {reason}", SOFT))

    def _reason(self, option: Option) -> str:
        """Return the first reason in words, and how many more there are."""
        first, *more = option.blockers
        if first.code in NOT_ALLOWED:
            return self.screen.tell("d-not-yours")
        text = plain(first.text(self.screen.lang))
        return f"{text} {self.screen.tell('d-more', count=len(more))}" if more else text

    def _looked_back(self, engine: Engine, pilot_id: str) -> None:
        screen, pilot = self.screen, engine.get(pilot_id)
        screen.head(screen.tell("d-timeline"))
        show_rows(screen, fold(timeline(self.workflow, engine.history(pilot_id), lang=screen.lang)))
        screen.show()
        show_pilot(screen, self.workflow, pilot)
        show_metrics(screen, self.workflow, engine.metrics(pilots=pilot_id))
        screen.head(screen.tell("d-now"))
        self._what_can_be_done(engine, pilot_id, ROLES_AT_END, everything=True)

    def _where(self, drawn: Path) -> None:
        screen = self.screen
        screen.head(screen.tell("d-files"))
        store = "" if self.store == "sqlite:///proeftuin.db" else f" --store {self.store}"
        rows = [(screen.tell("d-store"), str(sqlite_file(self.store))), (screen.tell("d-diagram"), str(drawn))]
        screen.table(["", ""], rows)
        for command in ("history", "options", "show"):
            screen.show(f"proeftuin {command} {self.scenario.name}{store}", indent=2)
        screen.show(f"proeftuin verify{store}", indent=2)
