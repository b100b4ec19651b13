"""Whether what clients were told fits what an engine wrote: a history of commits made ready for `linear` to judge.

`linear` takes a log of one value a version. An engine writes several versions in a commit: before a command the moves
that had fallen due, behind it what was left to be said; and a clock writes without a client that could tell of it. So:

1. the last version of a command's commit has the command's key for a value, every other version its digest;
2. a reader saw no version in the middle of a commit;
3. a command that named the version it expected was written on it, with nothing but what had fallen due in between;
4. what was written in a command's commit was written while it was called, and what a clock wrote, after the instant
   that stands in it.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import define, evolve

from proeftuin import Event, codec
from proeftuin.spi import Store
from tests.faults.linear import Call, violations
from tests.faults.terms import Quick
from tests.stores import TENANT

Spans = Mapping[str, tuple[int, int]]
"""Of each key the version behind which its events begin, and its last version."""


def spans(store: Store, pilot_id: str, history: Sequence[Event]) -> Spans:
    """Read where the commands of a pilot lie from their receipts."""
    found = dict[str, tuple[int, int]]()
    for key in {one.key for one in history if one.key}:
        receipt = store.receipt(TENANT, pilot_id, key)
        if receipt is not None:
            kept = codec.decode(receipt.body, place=pilot_id)
            found[key] = kept["after"], kept["upto"]
    return found


def amiss(history: Sequence[Event], spans: Spans, calls: Sequence[Call], clock: Quick) -> list[str]:
    """Say what cannot have happened on one pilot."""
    fitting = _Fitting(history, spans, calls, clock)
    found = list(fitting.faults())
    return found or violations(fitting.log, [*fitting.fitted(), *fitting.written()])


@define
class _Fitting:
    _history: Sequence[Event]
    _spans: Spans
    _calls: Sequence[Call]
    _clock: Quick

    @property
    def log(self) -> list[str]:
        """The value of each version."""
        log = [one.digest for one in self._history]
        for key, (_, last) in self._spans.items():
            log[last - 1] = key
        return log

    def faults(self) -> Iterator[str]:
        """Find what `linear` does not look at."""
        inner = {number for first, last, _ in self._commits() for number in range(first + 1, last)}
        for call in self._calls:
            if not call.writes and call.version in inner:
                yield f"{call} is in the middle of a commit"
        for key in {one.key for one in self._history if one.key} - self._spans.keys():
            yield f"{key!r} was written without its receipt"
        for key, expected in self._expecting().items():
            after = self._spans[key][0]
            between = self._history[expected:after]
            if expected > after or any(one.key or one.actor != "system" for one in between):
                yield f"{key!r} expected {expected}, and was written on {after}"

    def fitted(self) -> Iterator[Call]:
        """Give the calls in the words of `linear`."""
        log = self.log
        for call in self._calls:
            if call.writes:
                yield call if call.told == "fail" else evolve(call, expected=None)
            elif call.version and call.version <= len(log) and call.value == self._history[call.version - 1].digest:
                yield evolve(call, value=log[call.version - 1])
            else:
                yield call

    def written(self) -> Iterator[Call]:
        """Give for each version that no client tells of a write at a time at which it can have been."""
        began = {number: self._clock.read_at(one.at) for number, one in enumerate(self._history, start=1)}
        for first, last, asked in self._commits():
            began |= dict.fromkeys(range(first + 1, last), asked)
        told = {last for _, last in self._spans.values()}
        for version, value in enumerate(self.log, start=1):
            if version not in told:
                yield Call("engine", began[version], began[version], "info", value, writes=True)

    def _commits(self) -> Iterator[tuple[int, int, int]]:
        """Give for each key behind which version its commit begins, as far as is known; its last; when it was called.

        What had fallen due stands before the command in the same commit, or in one of a clock's own just before it.
        Which, is known where the command said what it expected.
        """
        asked = dict[str | None, int]()
        for one in self._calls:
            if one.writes:
                asked[one.value] = min(one.began, asked.get(one.value, one.began))
        expecting = self._expecting()
        for key, (after, last) in self._spans.items():
            yield expecting.get(key, after), last, asked.get(key, 0)

    def _expecting(self) -> dict[str, int]:
        """Of each key that was written with a version expected: that version."""
        writes = (one for one in self._calls if one.writes and one.value in self._spans)
        return {f"{one.value}": one.expected for one in writes if one.expected is not None}
