"""A pilot as a Temporal workflow.

1. The state is one value, `Carried`: the whole pilot. It is the argument that the workflow begins with, be it at the
   start or as it continues as new.
2. An update is judged by its validator, so a refusal leaves nothing in the history. One that passes is decided by a
   local activity, whose outcome is written into the history as it is. So a replay decides nothing: it takes what was
   decided then, whatever a later version of the library, a guard or a number would make of it now.
3. One timer runs, to the earliest instant at which something is due, and is set anew where that instant changes. When
   it goes off, `tick` is decided in the same way. A worker with other rules wakes nobody: the timer runs on until
   something happens to the pilot, or `recount` comes.
4. Each subscriber has a place in the pilot's history and an activity that brings what lies behind it, one at a time.
5. The workflow never ends: also a closed pilot can be corrected, and forgets its participants in time. It continues as
   new when Temporal suggests that, and at once when somebody was forgotten, so that what named them goes with the old
   run.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, CancelledError, FailureError

from proeftuin import ProeftuinError, wire
from proeftuin_temporal import _faults
from proeftuin_temporal._asking import answer
from proeftuin_temporal._life import Carried, Step, propose
from proeftuin_temporal._names import BRING, DECIDE, PILOT, workflow_id
from proeftuin_temporal._rules import Rules

ONCE = RetryPolicy(maximum_attempts=1)
PATIENT = RetryPolicy(maximum_interval=timedelta(hours=1))
AT_ONCE = timedelta(0)
ONE_AT_A_TIME = "one-delivery-at-a-time"
"""Where a run began with an update `subscribe`, histories from before this patch have two deliveries at once."""


class Pilot:
    """The workflow of a pilot; `pilot_workflow` gives it its rules.

    Args:
        facts: `offset`, in seconds; `places`: how far each subscriber is; `parked`: which are set aside, and why.
        carried: the pilot, packed.
    """

    rules: Rules

    @workflow.init
    def __init__(self, facts: dict[str, Any], carried: bytes) -> None:
        self._pilot = wire.unpack(Carried, carried)
        self._offset = timedelta(seconds=facts.get("offset", 0))
        self._places: dict[str, int] = dict(facts.get("places", {}))
        self._parked: dict[str, str] = dict(facts.get("parked", {}))
        self._bringing: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._forgot = False

    def _now(self) -> datetime:
        return workflow.now() + self._offset

    @workflow.run
    async def run(self, facts: dict[str, Any], carried: bytes) -> None:  # noqa: ARG002  # `__init__` has them
        """Live."""
        for name in sorted(self._places):
            if name in self._bringing and workflow.patched(ONE_AT_A_TIME):  # an update comes before the first step here
                continue
            self._bring_on(name)
        while not self._leaving():
            await self._until(self._pilot.head.timing.due)
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(args=[self._facts(), wire.pack(self._pilot)])

    def _facts(self) -> dict[str, Any]:
        return {"offset": self._offset.total_seconds(), "places": self._places, "parked": self._parked}

    def _leaving(self) -> bool:
        return self._forgot or workflow.info().is_continue_as_new_suggested()

    # -- clocks ----------------------------------------------------------------------------------------------------

    async def _until(self, due: datetime | None) -> None:
        """Wait until something is due, and do it; or until that is another instant."""
        left = None if due is None else due - self._now()
        if left is None or left > AT_ONCE:
            try:
                await workflow.wait_condition(
                    lambda: self._pilot.head.timing.due != due or self._leaving(), timeout=left
                )
            except TimeoutError:
                return
        else:
            await self._tick(due)

    async def _tick(self, due: datetime | None) -> None:
        async with self._turn:
            if self._pilot.head.timing.due != due:
                return
            try:
                await self._decided({"do": "tick"})
            except CancelledError:
                raise
            except FailureError as odd:  # also that no worker had time for it: raised as it is, it would end the pilot
                raise RuntimeError(f"what is due could not be done: {odd.message}") from odd  # the task is tried again
            if self._pilot.head.timing.due == due:
                raise RuntimeError("what is due could not be done: this worker lacks a guard that the workflow names")

    @workflow.update
    async def recount(self) -> None:
        """Do what is due by the rules of this worker, and count by them when the next thing is."""
        async with self._turn:
            await self._decided({"do": "tick"})

    # -- commands --------------------------------------------------------------------------------------------------

    @workflow.update
    async def fire(self, call: dict[str, Any]) -> bytes:
        """Do one thing to the pilot, or several in one commit."""
        return await self._done(call)

    @workflow.update
    async def erase(self, call: dict[str, Any]) -> bytes:
        """Forget a participant."""
        return await self._done(call)

    @workflow.update
    async def look_up(self, call: dict[str, Any]) -> bytes:
        """Note that somebody looked up a participant."""
        return await self._done(call)

    @fire.validator
    def _may_fire(self, call: dict[str, Any]) -> None:
        self._judged(call)

    @erase.validator
    def _may_erase(self, call: dict[str, Any]) -> None:
        self._judged(call)

    @look_up.validator
    def _may_look_up(self, call: dict[str, Any]) -> None:
        self._judged(call)

    def _judged(self, call: dict[str, Any]) -> None:
        try:
            propose(self._pilot, call, self.rules, self._now(), call["seed"])
        except ProeftuinError as error:
            raise _faults.told(error) from None  # its cause would travel too, with whatever its words hold

    async def _done(self, call: dict[str, Any]) -> bytes:
        async with self._turn:
            step = await self._decided(call)
        return step.answer

    async def _decided(self, call: dict[str, Any]) -> Step:
        """Have a call decided, and take what it writes; begin the pilots that begin with it."""
        given = [wire.pack(self._pilot), call, self._now().isoformat()]
        try:
            packed = await workflow.execute_local_activity(
                DECIDE, args=given, result_type=bytes, schedule_to_close_timeout=timedelta(minutes=1), retry_policy=ONCE
            )
        except ActivityError as odd:
            raise odd.cause or odd from odd
        step = wire.unpack(Step, packed)
        self._pilot = self._pilot.after(step)
        self._forgot |= bool(step.erased)
        for one in step.begun:
            await self._begin(one)
        return step

    async def _begin(self, other: Carried) -> None:
        facts = {"offset": self._offset.total_seconds(), "places": dict.fromkeys(self._places, 0)}
        await workflow.start_child_workflow(
            PILOT,
            args=[facts, wire.pack(other)],
            id=workflow_id(other.id),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )

    # -- questions -------------------------------------------------------------------------------------------------

    def _answer(self, question: str, asked: dict[str, Any]) -> bytes:
        return answer(self._pilot, self.rules, self._now(), question, asked)

    @workflow.query
    def get(self, asked: dict[str, Any]) -> bytes:
        """Return the pilot."""
        return self._answer("get", asked)

    @workflow.query
    def history(self, asked: dict[str, Any]) -> bytes:
        """Return a page of its events."""
        return self._answer("history", asked)

    @workflow.query
    def options(self, asked: dict[str, Any]) -> bytes:
        """Return what somebody may do."""
        return self._answer("options", asked)

    @workflow.query
    def explain(self, asked: dict[str, Any]) -> bytes:
        """Return what an update would answer."""
        return self._answer("explain", asked)

    @workflow.query
    def known(self, asked: dict[str, Any]) -> bytes:
        """Return the subject of a ref, or the ref of a subject."""
        return self._answer("known", asked)

    @workflow.query
    def carried(self, asked: dict[str, Any]) -> bytes:
        """Return the whole pilot."""
        return self._answer("carried", asked)

    @workflow.query
    def lanes(self) -> dict[str, Any]:
        """Return how far each subscriber is, and which are set aside, with the reason."""
        return {"places": self._places, "parked": self._parked, "version": self._pilot.version}

    # -- subscribers -----------------------------------------------------------------------------------------------

    @workflow.update
    async def subscribe(self, name: str, after: int | None) -> None:
        """Bring events to a subscriber from behind a version on; None means from now on."""
        self._places[name] = self._pilot.version if after is None else min(max(after, 0), self._pilot.version)
        self._parked.pop(name, None)
        if name in self._bringing:
            self._bringing.pop(name).cancel()
        self._bring_on(name)

    def _bring_on(self, name: str) -> None:
        if name not in self._parked:
            self._bringing[name] = asyncio.create_task(self._bring(name))

    async def _bring(self, name: str) -> None:
        """Bring what is new to a subscriber, again and again."""
        while True:
            await workflow.wait_condition(lambda: self._places[name] < self._pilot.version)
            given = [name, self._pilot.id, self._places[name]]
            try:
                place = await workflow.execute_activity(
                    BRING,
                    args=given,
                    result_type=int,
                    start_to_close_timeout=timedelta(minutes=2),
                    retry_policy=PATIENT,
                )
            except ActivityError as odd:
                if self._is_brought_by_this_task(name):
                    self._parked[name] = str(odd.cause or odd)
                return
            if not self._is_brought_by_this_task(name):
                return
            self._places[name] = place

    def _is_brought_by_this_task(self, name: str) -> bool:
        """Whether nobody asked for the subscriber anew, which cancels what was under way, and gives it a place."""
        return self._bringing.get(name) is asyncio.current_task()


def pilot_workflow(rules: Rules) -> type[Pilot]:
    """Return the Temporal workflow that decides by these rules, for a `Worker` or a `Replayer`.

    Note:
        It runs outside Temporal's sandbox, which would load the library anew for each pilot: what decides is pure, and
        the sandbox takes no class that was made for some rules.
    """
    made = type(Pilot.__name__, (Pilot,), {"rules": rules, "__module__": __name__})
    return workflow.defn(name=PILOT, sandboxed=False)(made)
