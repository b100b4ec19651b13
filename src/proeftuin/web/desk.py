"""The engine for one seat: everything that pages and answers are made from, and nothing that this actor may not see.

Reading goes through `view`, which is `Engine.seen_by`. Writing goes through here: what somebody may not see is not
there for a command either, and a refusal tells a supplier of its own affairs alone.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from proeftuin.bulk import Answer, Fire
from proeftuin.core.commands import Actor, Command
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine
from proeftuin.errors import BadArgument, CorruptStore, ProeftuinError, Refused, UnknownPilot
from proeftuin.result import Result
from proeftuin.spi import Summary
from proeftuin.views.days import day_in
from proeftuin.web.seats import Seat

if TYPE_CHECKING:
    from proeftuin.seen import View

Titles = OrderedDict[tuple[str | None, Actor, str, int], str]
TITLES = 20_000
"""How many titles are remembered."""


class Desk:
    """An engine, as one seat may use it.

    Attributes:
        seat: whose it is; `actor` is that of the seat.
        view: what this actor sees.
        engine: unfiltered; for calls that only an operator's seat may make.
    """

    def __init__(self, engine: Engine, seat: Seat, titles: Titles) -> None:
        self.seat = seat
        self._titles = titles
        self.actor = seat.actor
        self.engine = engine if seat.tenant is None else engine.for_tenant(seat.tenant)
        self.view: View = self.engine.seen_by(seat.actor)

    def title(self, one: Summary) -> str:
        """Return what a pilot is called, which its summary does not tell; it is asked for once for each version."""
        key = (self.seat.tenant, self.actor, one.id, one.version)
        title = self._titles.get(key)
        if title is None:
            data = self.view.get(one.id).data
            title = self._titles[key] = str(data.get("title") or one.ref or one.id)
            while len(self._titles) > TITLES:
                self._titles.popitem(last=False)
        return title

    def workflow(self, name: str) -> Workflow:
        """Return a workflow by its name or `name@version`; what a lifecycle is, is no secret."""
        return self.engine.workflow(name)

    def today(self, workflow: Workflow) -> date:
        """Return the day that it is for pilots of a workflow, by the clock that the engine goes by."""
        now = self.engine._reader.now()  # noqa: SLF001  # what a page calls today is the day that a command is judged on
        return day_in(workflow, now)

    def start(self, workflow: str, *, data: Mapping[str, object] | None, **given: Any) -> Result:  # noqa: ANN401  # those of `Engine.start`
        """Begin a pilot as this actor; see `Engine.start`."""
        return self.view.result(self.engine.start(workflow, actor=self.actor, data=data, **given))

    def fire(
        self,
        pilot_id: str,
        trigger: str,
        *,
        data: Mapping[str, object] | None = None,
        track: str | None = None,
        **given: Any,  # noqa: ANN401  # the others of `Engine.fire`
    ) -> Result:
        """Do one thing to a pilot as this actor; see `Engine.fire`. What comes of it is what this actor sees of that.

        Raises:
            UnknownPilot: for a pilot of which this actor sees nothing.
            Refused: with the reasons as this actor may know them.
        """
        self.view.get(pilot_id)
        try:
            came = self.engine.fire(pilot_id, trigger, actor=self.actor, data=data, track=track, **given)
        except Refused as refused:
            raise self.view.refusal(refused, data=data, track=track) from None
        return self.view.result(came)

    def batch(self, pilot_id: str, commands: Sequence[Command], **given: Any) -> Result:  # noqa: ANN401  # the others of `Engine.batch`
        """Do several things to a pilot as this actor, all or none; see `Engine.batch`, and `fire` here."""
        self.view.get(pilot_id)
        try:
            came = self.engine.batch(pilot_id, commands, actor=self.actor, **given)
        except Refused as refused:
            raise self._told(refused, commands[refused.blockers[0].command or 0]) from None
        return self.view.result(came)

    def fire_many(self, commands: Sequence[Fire]) -> tuple[Answer, ...]:
        """Do many things to many pilots as this actor; see `Engine.fire_many`, and `fire` here."""
        seen = [self._sees(one.pilot_id) for one in commands]
        came = iter(self.engine.fire_many(one for one, known in zip(commands, seen, strict=True) if known is None))
        return tuple(
            self._shown(next(came) if known is None else known, one) for one, known in zip(commands, seen, strict=True)
        )

    def _sees(self, pilot_id: str) -> ProeftuinError | None:
        """Return why nothing can be done to a pilot, None where something can."""
        try:
            self.view.get(pilot_id)
        except (UnknownPilot, BadArgument, CorruptStore) as error:
            return error
        return None

    def _shown(self, answer: Answer, command: Command | Fire) -> Answer:
        if isinstance(answer, Result):
            return self.view.result(answer)
        return self._told(answer, command) if isinstance(answer, Refused) else answer

    def _told(self, refused: Refused, command: Command | Fire) -> Refused:
        return self.view.refusal(refused, data=command.data, track=command.track)
