"""The judge of histories is judged itself: by hand-made ones, good and bad, and by trying out every order."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.linear import Call, Told, overlapping, violations
from tests.scale import scaled


def wrote(client: str, span: tuple[int, int], value: str, version: int, expected: int | None = None) -> Call:
    return Call(client, *span, "ok", value, writes=True, expected=expected, version=version)


def lost(client: str, span: tuple[int, int], value: str, expected: int, actual: int) -> Call:
    return Call(client, *span, "fail", value, writes=True, expected=expected, version=actual)


def refused(client: str, span: tuple[int, int], value: str) -> Call:
    return Call(client, *span, "fail", value, writes=True)


def unknown(client: str, span: tuple[int, int], value: str, expected: int | None = None) -> Call:
    return Call(client, *span, "info", value, writes=True, expected=expected)


def repeated(client: str, span: tuple[int, int], value: str, version: int) -> Call:
    return Call(client, *span, "ok", value, writes=True, version=version, again=True)


def read(client: str, span: tuple[int, int], value: str, version: int) -> Call:
    return Call(client, *span, "ok", value, version=version)


A, B, C = "a", "b", "c"

GOOD = {
    "one after the other": ("0ab", [wrote(A, (1, 2), "a", 2, 1), wrote(B, (3, 4), "b", 3, 2)]),
    "at once, in either order": ("0ba", [wrote(A, (1, 9), "a", 3), wrote(B, (1, 9), "b", 2)]),
    "one wins, the other is told so": ("0a", [wrote(A, (1, 9), "a", 2, 1), lost(B, (1, 9), "b", 1, 2)]),
    "a read during a write gives either": (
        "0a",
        [wrote(A, (1, 9), "a", 2), read(B, (2, 3), "0", 1), read(B, (4, 5), "a", 2), read(C, (2, 8), "0", 1)],
    ),
    "an unknown write happened": ("0a", [unknown(A, (1, 2), "a", 1), read(B, (3, 4), "a", 2)]),
    "an unknown write did not happen": ("0", [unknown(A, (1, 2), "a", 1), read(B, (3, 4), "0", 1)]),
    "an unknown write happened later": (
        "0a",
        [unknown(A, (1, 2), "a", 1), read(B, (3, 4), "0", 1), read(B, (5, 6), "a", 2)],
    ),
    "a retry finds that the first try was written": ("0a", [unknown(A, (1, 2), "a"), repeated(A, (3, 4), "a", 2)]),
    "a retry writes what the first try did not": ("0a", [unknown(A, (1, 2), "a"), wrote(A, (3, 4), "a", 2)]),
    "a retry after a refusal": ("0a", [refused(A, (1, 2), "a"), wrote(A, (3, 4), "a", 2)]),
    "a repeat long after others have written": (
        "0ab",
        [wrote(A, (1, 2), "a", 2), wrote(B, (3, 4), "b", 3), repeated(C, (5, 6), "a", 2)],
    ),
    "nobody did anything": ("0", []),
}

BAD = {
    "a lost update": ("0b", [wrote(A, (1, 9), "a", 2, 1), wrote(B, (1, 9), "b", 2, 1)]),
    "an acknowledged write is gone": ("0", [wrote(A, (1, 2), "a", 2, 1)]),
    "a stale read": ("0a", [wrote(A, (1, 2), "a", 2), read(B, (3, 4), "0", 1)]),
    "a reader goes back": ("0a", [wrote(A, (1, 9), "a", 2), read(B, (2, 3), "a", 2), read(B, (4, 5), "0", 1)]),
    "two readers see two orders": (
        "0a",
        [unknown(A, (1, 2), "a"), read(B, (3, 4), "a", 2), read(C, (5, 6), "0", 1)],
    ),
    "a read before it was written": ("0a", [read(B, (1, 2), "a", 2), wrote(A, (3, 4), "a", 2)]),
    "a read of what never was": ("0a", [wrote(A, (1, 2), "a", 2), read(B, (3, 4), "x", 2)]),
    "a read of a version that is not there": ("0", [read(B, (3, 4), "x", 2)]),
    "written twice": ("0aa", [unknown(A, (1, 2), "a"), wrote(A, (3, 4), "a", 3)]),
    "acknowledged twice as new": ("0a", [wrote(A, (1, 9), "a", 2), wrote(B, (1, 9), "a", 2)]),
    "an unknown write rose when its version was gone": (
        "0ba",
        [unknown(A, (1, 2), "a", 1), wrote(B, (3, 4), "b", 2, 1)],
    ),
    "a refused write was written": ("0a", [refused(A, (1, 2), "a")]),
    "a lost write was written": ("0a", [lost(A, (1, 2), "a", 1, 2)]),
    "a repeat of what was refused": ("0a", [refused(A, (1, 2), "a"), repeated(A, (3, 4), "a", 2)]),
    "a repeat of what was not yet begun": ("0a", [repeated(A, (1, 2), "a", 2), wrote(B, (3, 4), "a", 2)]),
    "nobody wrote it": ("0a", [read(A, (1, 2), "a", 2)]),
    "the order of two acknowledged writes is turned": ("0ba", [wrote(A, (1, 2), "a", 3), wrote(B, (3, 4), "b", 2)]),
    "on another version than expected": ("0ab", [wrote(A, (1, 2), "a", 2), wrote(B, (3, 4), "b", 3, 1)]),
    "lost to the version that it expected": ("0", [lost(A, (1, 2), "a", 1, 1)]),
    "lost to a version that came later": ("0a", [lost(B, (1, 2), "b", 1, 2), wrote(A, (3, 4), "a", 2)]),
    "lost to a version that was passed": (
        "0ab",
        [wrote(A, (1, 2), "a", 2), wrote(A, (3, 4), "b", 3), lost(B, (5, 6), "c", 1, 2)],
    ),
    "acknowledged without a version": ("0a", [Call(A, 1, 2, "ok", "a", writes=True)]),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_history_that_can_have_happened_is_good(name: str) -> None:
    """Whatever calls at once or of unknown outcome may come to is no violation."""
    log, calls = GOOD[name]
    assert [] == violations(list(log), calls)


@pytest.mark.parametrize("name", BAD)
def test_a_history_that_cannot_have_happened_is_bad(name: str) -> None:
    """Lost, doubled, stale, resurrected, invented and turned writes are each found."""
    log, calls = BAD[name]
    assert [] != violations(list(log), calls)


# -- by trying out every order -------------------------------------------------------------------------------------


def possible(log: str, calls: Sequence[Call]) -> bool:
    """Whether some order of the calls, each at a moment of its own between beginning and end, gives what was told."""
    return any(plays(order, log) for order in orders(calls))


def orders(calls: Sequence[Call]) -> Iterator[tuple[Call, ...]]:
    """The orders in which no call comes before one that had ended when it began; unknown ones come last or never."""
    certain = [call for call in calls if call.told != "info"]
    maybe = [call for call in calls if call.told == "info"]
    for chosen in range(2 ** len(maybe)):
        happened = [call for number, call in enumerate(maybe) if chosen >> number & 1]
        for order in permutations([*certain, *happened]):
            if all(until(call) >= then.began for place, then in enumerate(order) for call in order[place + 1 :]):
                yield order


def until(call: Call) -> float:
    return inf if call.told == "info" else call.ended


def plays(order: Sequence[Call], log: str) -> bool:
    """Whether a plain log, given the calls in this order, answers as they were told and ends as it did."""
    held = log[0]
    for call in order:
        fits = call.expected is None or call.expected == len(held)
        if call.told == "fail":
            if call.version is not None and (call.version != len(held) or call.version == call.expected):
                return False
        elif not call.writes:
            if (call.version, call.value) != (len(held), held[-1]):
                return False
        elif call.again:
            if call.version != held.find(str(call.value)) + 1:
                return False
        elif call.told == "info" and str(call.value) in held:
            pass  # its key was there already
        elif fits and call.version in {len(held) + 1, None} and str(call.value) not in held:
            held += str(call.value)
        else:
            return False
    return held == log


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Call]]:
    """Small histories, many of them almost right: what a call is told is often what the log says."""
    log = "0" + "".join(draw(st.permutations("ab")))[: draw(st.integers(0, 2))]
    calls = [draw(one_call(log)) for _ in range(draw(st.integers(1, 5)))]
    return log, calls


@st.composite
def one_call(draw: st.DrawFn, log: str) -> Call:
    began = draw(st.integers(0, 8))
    ended = began + draw(st.integers(0, 4))
    version = draw(st.integers(1, len(log)))
    told: Told = draw(st.sampled_from(["ok", "ok", "ok", "fail", "info"]))
    if told == "ok" and draw(st.booleans()):
        return Call("c", began, ended, "ok", log[version - 1], version=version)
    value = draw(st.sampled_from("ab"))
    expected = draw(st.sampled_from([None, 1, 2]))
    if told == "info":
        return Call("c", began, ended, "info", value, writes=True, expected=expected)
    if told == "fail":
        return Call("c", began, ended, "fail", value, writes=True, expected=expected, version=version)
    place = log.index(value) + 1 if value in log else version
    again = draw(st.booleans())
    expected = draw(st.sampled_from([None, place - 1]))
    return Call("c", began, ended, "ok", value, writes=True, expected=expected, version=place, again=again)


@settings(max_examples=scaled(600))
@given(histories())
def test_the_judge_agrees_with_trying_out_every_order(history: tuple[str, list[Call]]) -> None:
    """A history is good exactly where some order of its calls, tried on a plain log, gives what was told and stored."""
    log, calls = history
    assert possible(log, calls) == ([] == violations(list(log), calls))


def test_calls_that_overlap_are_counted() -> None:
    """Of three calls the one that began while another was out is counted."""
    assert 1 == overlapping([read(A, (1, 4), "0", 1), read(B, (3, 5), "0", 1), read(C, (6, 7), "0", 1)])


# -- larger ones ---------------------------------------------------------------------------------------------------


@st.composite
def runs(draw: st.DrawFn) -> tuple[str, list[Call]]:
    """What up to thirty calls one after the other came to, each told as having taken longer than it did."""
    log, calls, unused = "0", list[Call](), iter("abcdefghijklmnopqrstuvwxyz")
    for number in range(draw(st.integers(3, 30))):
        moment = 10 * number
        span = moment - draw(st.integers(0, 40)), moment + draw(st.integers(0, 40))
        what = draw(st.sampled_from(["read", "write", "write on it", "unknown", "lose", "repeat"]))
        version = len(log)
        if what == "read":
            calls.append(read(A, span, log[-1], version))
        elif what == "lose":
            calls.append(lost(A, span, f"lost {number}", draw(st.integers(0, version - 1)), version))
        elif what == "repeat" and version > 1:
            again = draw(st.integers(2, version))
            calls.append(repeated(A, span, log[again - 1], again))
        elif (value := next(unused, None)) is not None:
            log += value
            known = wrote(A, span, value, version + 1, version if what == "write on it" else None)
            calls.append(unknown(A, span, value) if what == "unknown" else known)
    return log, calls


@settings(max_examples=scaled(100))
@given(runs())
def test_what_happened_one_after_the_other_is_good_however_calls_overlap(run: tuple[str, list[Call]]) -> None:
    """A history of calls that were done one by one stays good when each is said to have taken longer."""
    log, calls = run
    assert [] == violations(list(log), calls)


@settings(max_examples=scaled(100))
@given(runs(), st.data())
def test_what_happened_and_is_told_otherwise_is_bad(run: tuple[str, list[Call]], data: st.DataObject) -> None:
    """The same history with a write lost or doubled, a read of another value, or a late stale read is bad."""
    log, calls = run
    values = list(log)
    later = max((one.ended for one in calls), default=0) + 1
    lies = [(values[:-1], calls)] if any(one.version == len(values) and one.told == "ok" for one in calls) else []
    if len(values) > 1:
        first = data.draw(st.integers(1, len(values) - 1))
        lies.append(([*values, values[first]], calls))
        lies.append((values, [*calls, read(B, (later, later + 1), values[first], len(values) + 1)]))
        if any(one.told == "ok" and (one.version or 0) > first for one in calls):  # or it may be written after all else
            lies.append((values, [*calls, read(B, (later, later + 1), values[first - 1], first)]))
            lies.append((values, [*calls, wrote(B, (later, later + 1), values[first], first + 1)]))
    for told, those in lies:
        assert [] != violations(told, those)
