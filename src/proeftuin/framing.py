"""Commands for hosts that listen to `began` and `ended`: each is told when it begins and when it is over.

It is a writer of its own, which an engine without such a hook never makes, so that nobody else pays for it.
"""

from collections.abc import Sequence
from functools import partial

from proeftuin.core.commands import Actor, Command
from proeftuin.firing import FiringWriter
from proeftuin.result import Result
from proeftuin.spi import Began


class FramedWriter(FiringWriter):
    """Carries out commands as a `Writer` does, and tells of it before and after."""

    def start(
        self, workflow: str, command: Command, actor: Actor, *, key: str | None, given: str | None, ref: str | None
    ) -> Result:
        """Begin a pilot; see `Engine.start`."""
        call = partial(super().start, workflow, command, actor, key=key, given=given, ref=ref)
        return self._hooks.framed(Began("start", self._tenant, given, command.trigger, actor), call)

    def run(
        self, pilot_id: str, commands: Sequence[Command], actor: Actor, key: str | None, expect: int | None
    ) -> Result:
        """Carry out commands on one pilot, in one commit; see `Engine.fire` and `Engine.batch`."""
        call = partial(super().run, pilot_id, commands, actor, key, expect)
        verb = "fire" if len(commands) == 1 else "batch"
        return self._hooks.framed(Began(verb, self._tenant, pilot_id, commands[0].trigger, actor), call)
