from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Conflict, Engine, KeyReused, PilotExists, Refused, UnknownPilot, heads
from proeftuin.errors import StoreBusy, StoreError, StoreFull, StoreUnavailable
from proeftuin.spi import UNTIMED, Commit, Conflicted, Head, Loaded, Recorded, Store
from proeftuin.storage import open_store
from tests.unit.engines import BOARD, DATA, LEAD, Clock, Counting, Wrapped, engine, everything, sqlite_url, start, types


@pytest.fixture(params=[heads.SURE, 0], ids=["reading", "relying"], autouse=True)
def sure(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a head must have been the stored one, until it is written on without a look: seldom reached, or 0."""
    monkeypatch.setattr(heads, "SURE", request.param)
    return int(request.param)


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "sqlite"])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with engine("memory://" if request.param == "memory" else sqlite_url(tmp_path)) as made:
        yield made


def test_a_key_acts_once(on: Engine) -> None:
    """The same command under one key gives the first result again, also after other commands, and writes nothing."""
    pilot = start(on)
    first = on.fire(pilot, "talk", actor=LEAD, key="k")
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    before = everything(on._store)
    again = on.fire(pilot, "talk", actor=LEAD, key="k")
    assert (True, first.pilot, first.events, first.warnings) == (
        again.duplicate,
        again.pilot,
        again.events,
        again.warnings,
    )
    assert (False, before) == (first.duplicate, everything(on._store))


def test_a_key_gives_the_warnings_with_their_remedies_again(on: Engine) -> None:
    """What a duplicate warns of is the same, remedies and texts included."""
    pilot = start(on)
    first = on.fire(pilot, "talk", actor=LEAD, key="k").warnings
    again = on.fire(pilot, "talk", actor=LEAD, key="k").warnings
    assert first == again
    assert [one.missing for one in first] == [one.missing for one in again]
    assert [one.text("nl") for one in first] == [one.text("nl") for one in again]


@pytest.mark.parametrize(
    "change",
    [
        {"trigger": "note"},
        {"data": {"sector": "b"}},
        {"actor": type(LEAD)("lead-2", roles={"lead"})},
    ],
)
def test_a_key_belongs_to_one_command(on: Engine, change: dict[str, Any]) -> None:
    """Another trigger, other data or another actor under a used key is refused, and nothing is written."""
    pilot = start(on)
    call: dict[str, Any] = {"trigger": "details", "data": {"sector": "a"}, "actor": LEAD, "key": "k"}
    on.fire(pilot, **call)
    before = everything(on._store)
    with pytest.raises(KeyReused, match="'k' was used for another command") as reused:
        on.fire(pilot, **{**call, **change})
    assert (pilot, "k") == (reused.value.pilot_id, reused.value.key)
    assert before == everything(on._store)


def test_a_key_on_another_track_is_another_command(on: Engine) -> None:
    """The track is part of what a key stands for."""
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="a", key="k")
    with pytest.raises(KeyReused):
        on.fire(pilot, "identify", actor=LEAD, track="b", key="k")


def test_a_date_and_its_text_are_one_command(on: Engine) -> None:
    """The form in which data came does not make it another command."""
    from datetime import date  # noqa: PLC0415  # the one use here

    pilot = start(on)
    on.fire(pilot, "note", actor=LEAD, data={"text": "x", "day": date(2026, 3, 1)}, key="k")
    assert on.fire(pilot, "note", actor=LEAD, data={"day": "2026-03-01", "text": "x"}, key="k").duplicate


def test_a_key_is_the_pilots_own(on: Engine) -> None:
    """Keys on two pilots do not meet, and are compared exactly."""
    one, two = start(on, id="a"), start(on, id="b")
    on.fire(one, "talk", actor=LEAD, key="k")
    assert not on.fire(two, "talk", actor=LEAD, key="k").duplicate
    assert not on.fire(two, "note", actor=LEAD, data={"text": "x"}, key="K").duplicate
    assert not on.fire(two, "note", actor=LEAD, data={"text": "x"}, key="k ").duplicate


def test_a_refusal_uses_no_key(on: Engine) -> None:
    """A key under which a command was refused is free for another one."""
    pilot = start(on)
    with pytest.raises(Refused):
        on.fire(pilot, "finish", actor=BOARD, key="k")
    assert "talking" == on.fire(pilot, "talk", actor=LEAD, key="k").pilot.state


def test_a_signature_uses_its_key(on: Engine) -> None:
    """A vote under a key is pending again for that key."""
    pilot = start(on)
    on.fire(pilot, "seal", actor=LEAD, data={"terms": "a"}, key="k")
    again = on.fire(pilot, "seal", actor=LEAD, data={"terms": "a"}, key="k")
    assert (True, ("board",)) == (again.duplicate, again.pending)


def test_a_key_outlives_the_head_that_it_was_made_on(on: Engine) -> None:
    """A key comes before the version that the caller expects: a retry after a lost answer is no conflict."""
    pilot = start(on)
    on.fire(pilot, "talk", actor=LEAD, key="k", expect=1)
    assert on.fire(pilot, "talk", actor=LEAD, key="k", expect=1).duplicate


def test_a_participant_under_a_key_is_the_same_command(on: Engine) -> None:
    """A retried placement is a duplicate, although the reference was unknown the first time."""
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    data = {"participant": "ref-planted-0001", "start": "2026-03-01", "kind": "training"}
    on.fire(pilot, "place", actor=LEAD, track="acme", data=data, key="k")
    assert on.fire(pilot, "place", actor=LEAD, track="acme", data=data, key="k").duplicate
    with pytest.raises(KeyReused):
        on.fire(pilot, "place", actor=LEAD, track="acme", data={**data, "participant": "ref-other-0002"}, key="k")


# -- starting under a key ----------------------------------------------------------------------------------------------


def test_the_id_of_a_pilot_follows_from_its_key(on: Engine) -> None:
    """Started twice under a key there is one pilot, in whichever process, and another tenant gets another."""
    first = on.start("talks", actor=LEAD, data=DATA, key="k")
    again = on.start("talks", actor=LEAD, data=DATA, key="k")
    assert (first.pilot, True, 1) == (again.pilot, again.duplicate, len(on.find().items))
    other = engine(on._store, tenant="other").start("talks", actor=LEAD, data=DATA, key="k")
    assert first.pilot.id != other.pilot.id


@pytest.mark.parametrize("change", [{"data": {**DATA, "title": "x"}}, {"ref": "r"}])
def test_a_start_under_a_used_key_is_the_same_start(on: Engine, change: dict[str, Any]) -> None:
    """Other data or another reference under the key is refused."""
    on.start("talks", actor=LEAD, data=DATA, key="k")
    with pytest.raises(KeyReused):
        on.start("talks", **{"actor": LEAD, "data": DATA, "key": "k", **change})


def test_a_key_with_an_id_of_the_hosts_own(on: Engine) -> None:
    """With both, the id is the host's and the key tells a retry from a pilot that is in the way."""
    on.start("talks", actor=LEAD, data=DATA, id="a", key="k")
    assert on.start("talks", actor=LEAD, data=DATA, id="a", key="k").duplicate
    with pytest.raises(PilotExists):
        on.start("talks", actor=LEAD, data=DATA, id="a", key="other")


def test_two_starts_at_once_under_a_key_make_one_pilot() -> None:
    """Who loses the race to start finds what the other wrote, and gives it."""

    class Late(Wrapped):
        """Another process starts the same pilot just before the first append."""

        def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
            if not self.calls.count("append"):
                self.calls.append("append")
                engine(self.inner).start("talks", actor=LEAD, data=DATA, key="k")
            super().append(*commits, recorded=recorded)

    on_late = engine(Late(open_store("memory://")))
    assert on_late.start("talks", actor=LEAD, data=DATA, key="k").duplicate
    assert 1 == len(on_late.find().items)


# -- expect ------------------------------------------------------------------------------------------------------------


def test_an_expected_version_must_be_the_stored_one(on: Engine) -> None:
    """With `expect` another version is a conflict that names both, before anything is judged."""
    pilot = start(on)
    assert 2 == on.fire(pilot, "note", actor=LEAD, data={"text": "x"}, expect=1).pilot.version
    with pytest.raises(Conflict, match="at version 2, not 1") as lost:
        on.fire(pilot, "nonsense", actor=LEAD, expect=1)
    assert (pilot, 1, 2) == (lost.value.pilot_id, lost.value.expected, lost.value.actual)


# -- lost races --------------------------------------------------------------------------------------------------------


class Losing(Wrapped):
    """A store in which another writer comes first, the given number of times."""

    def __init__(self, inner: Store, times: int) -> None:
        super().__init__(inner)
        self.times = times
        self.rival = engine(inner)

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        if self.times and commits[0].expected:
            self.times -= 1
            self.rival.fire(commits[0].pilot_id, "note", actor=LEAD, data={"text": "first"})
        super().append(*commits, recorded=recorded)


def losing(times: int, **more: Any) -> tuple[Engine, Losing, str]:
    store = Losing(open_store("memory://"), 0)
    made = engine(store, **more)
    pilot = start(made)
    store.times = times
    return made, store, pilot


@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_lost_race_is_decided_anew(times: int) -> None:
    """Who loses up to four times decides again on what is then stored, and wins."""
    made, _, pilot = losing(times)
    result = made.fire(pilot, "talk", actor=LEAD)
    assert (2 + times, "talking") == (result.pilot.version, result.pilot.state)
    assert [*["record.added"] * times, "pilot.moved"] == types(list(made.history(pilot))[1:])


def test_after_five_lost_races_it_is_a_conflict(sure: int) -> None:
    """The fifth lost race is told, with the version that won; a head that was relied on, and lost, is none of them."""
    made, store, pilot = losing(9)
    with pytest.raises(Conflict) as lost:
        made.fire(pilot, "talk", actor=LEAD)
    lost_before = int(sure == 0)
    assert (5 + lost_before, 6 + lost_before, 4 - lost_before) == (lost.value.expected, lost.value.actual, store.times)
    assert "open" == made.get(pilot).state


def test_with_expect_a_lost_race_is_told_at_once() -> None:
    """Who named a version is not retried behind their back."""
    made, store, pilot = losing(1)
    with pytest.raises(Conflict):
        made.fire(pilot, "talk", actor=LEAD, expect=1)
    assert (0, 2) == (store.times, made.get(pilot).version)


def test_a_race_may_end_in_a_refusal() -> None:
    """What was allowed when read may be refused when decided anew on what the winner stored."""
    made, store, pilot = losing(0)

    class Watching:
        def conflicted(self, moment: Conflicted) -> None:
            assert 1 == moment.attempt

    made = engine(store, hooks=[Watching()])
    made.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    rival = engine(store.inner)

    class Moving(Losing):
        def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
            if self.times:
                self.times -= 1
                rival.fire(pilot, "talk", actor=LEAD)
            Wrapped.append(self, *commits, recorded=recorded)

    late = engine(Moving(store.inner, 1))
    with pytest.raises(Refused) as no:
        late.fire(pilot, "talk", actor=LEAD)
    assert ("wrong-state",) == no.value.codes


def test_subjects_are_issued_anew_at_each_attempt() -> None:
    """A participant named in a lost attempt gets the subject that is free when it is decided again."""

    class Placing(Losing):
        def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
            if self.times and commits[0].personal:
                self.times -= 1
                data = {"participant": "ref-rival-0001", "start": "2026-03-01", "kind": "training"}
                self.rival.fire(commits[0].pilot_id, "place", actor=LEAD, track="acme", data=data)
            Wrapped.append(self, *commits, recorded=recorded)

    made = engine(Placing(open_store("memory://"), 1))
    pilot = start(made)
    made.fire(pilot, "identify", actor=LEAD, track="acme")
    data = {"participant": "ref-planted-0001", "start": "2026-03-01", "kind": "training"}
    made.fire(pilot, "place", actor=LEAD, track="acme", data=data)
    assert ("s1", "s2") == (made.subject(pilot, "ref-rival-0001"), made.subject(pilot, "ref-planted-0001"))
    assert {"placement": 2, "subject": 2} == made.get(pilot).counts
    assert () == made.verify()


# -- what is relied on -------------------------------------------------------------------------------------------------


class Told:
    """A hook that keeps what it is told, each as its name."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def before(self, _: Any) -> None:
        self.heard.append("before")

    def committed(self, _: Any) -> None:
        self.heard.append("committed")

    def refused(self, _: Any) -> None:
        self.heard.append("refused")

    def conflicted(self, _: Any) -> None:
        self.heard.append("conflicted")


def told(**more: Any) -> tuple[Engine, Engine, Wrapped, Told, str]:
    """An engine with one pilot, of which it keeps the head, and another one on the same store."""
    store, hook = Wrapped(open_store("memory://")), Told()
    made = engine(store, hooks=[hook], **more)
    pilot = start(made)
    store.calls.clear()
    hook.heard.clear()
    return made, engine(store.inner, ids=Counting(9), **more), store, hook, pilot


def test_a_head_is_read_before_it_is_written_on_unless_it_is_relied_on(sure: int) -> None:
    """Once as many heads as need be turned out to be the stored ones, a command is one append."""
    made, _, store, hook, pilot = told()
    for _ in range(heads.SURE):
        made.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert ["load", "append"] * sure == store.calls
    store.calls.clear()
    made.fire(pilot, "note", actor=LEAD, data={"text": "y"})
    assert (["append"], ["before", "committed"] * (sure + 1)) == (store.calls, hook.heard)


def test_who_relied_on_a_head_that_others_wrote_on_reads_and_decides_anew(sure: int) -> None:
    """A head that is not the stored one any more costs an append that writes nothing, told to nobody but `before`."""
    made, other, store, hook, pilot = told()
    other.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    came = made.fire(pilot, "talk", actor=LEAD)
    assert (3, "talking") == (came.pilot.version, came.pilot.state)
    relied = sure == 0
    assert ["append"] * relied + ["load", "append"] == store.calls
    assert ["before"] * relied + ["before", "committed"] == hook.heard


def test_a_refusal_on_a_head_that_is_relied_on_is_judged_once(sure: int) -> None:
    """Where a read tells that the head is the stored one, what was refused on it is refused, and told once."""
    made, _, store, hook, pilot = told()
    with pytest.raises(Refused) as no:
        made.fire(pilot, "finish", actor=BOARD)
    assert (("wrong-state", "missing-note"), ["load"], ["refused"]) == (no.value.codes, store.calls, hook.heard)


def test_a_refusal_on_a_head_that_is_not_the_stored_one_counts_for_nothing() -> None:
    """What is refused on a head that others wrote on is decided on what is stored, and told to nobody."""
    made, other, _, hook, pilot = told()
    other.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    other.fire(pilot, "talk", actor=LEAD)
    assert "closed" == made.fire(pilot, "finish", actor=BOARD).pilot.state
    assert ["before", "committed"] == hook.heard


def test_a_used_key_is_found_behind_a_head_that_is_relied_on() -> None:
    """A key that was used gives what it gave, whether the command would be accepted once more, or refused."""
    made, _, _, hook, pilot = told()
    noted = made.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="accepted")
    moved = made.fire(pilot, "talk", actor=LEAD, key="refused")
    assert noted.events == made.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="accepted").events
    assert moved.events == made.fire(pilot, "talk", actor=LEAD, key="refused").events
    assert (2, 3, 2) == (hook.heard.count("committed"), made.get(pilot).version, len(list(made.history(pilot))) - 1)


def test_a_hook_that_raises_what_a_store_may_raise_is_called_once() -> None:
    """Where a `recorded` hook cannot reach something of its own, its error is raised on, and it is not called again."""

    class Away:
        heard = 0

        def recorded(self, moment: Recorded) -> None:
            if moment.pilot.version > 2:
                self.heard += 1
                raise StoreUnavailable("the host's own tables cannot be reached")

    hook = Away()
    made = engine(hooks=[hook])
    pilot = start(made)
    made.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    with pytest.raises(StoreUnavailable, match="own tables"):
        made.fire(pilot, "note", actor=LEAD, data={"text": "y"})
    assert (1, 2) == (hook.heard, made.get(pilot).version)


def test_a_pilot_that_is_gone_is_unknown_to_who_relied_on_it() -> None:
    """A store that was emptied meanwhile, as by a restore, has no such pilot, also for who keeps its head."""
    made, _, store, _, pilot = told()
    store.inner = open_store("memory://")
    with pytest.raises(UnknownPilot):
        made.fire(pilot, "talk", actor=LEAD)


class Late(RuntimeError):
    """What may come out of anything, as a time limit does."""


class Odd(Wrapped):
    """A store of which appends go wrong, before or after they were made."""

    def __init__(self, inner: Store, error: Exception, *, made: bool) -> None:
        super().__init__(inner)
        self.error, self.made = error, made

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        if self.made:
            super().append(*commits, recorded=recorded)
        raise self.error


def test_what_goes_wrong_after_a_commit_is_raised_on_and_not_done_twice() -> None:
    """Whatever comes out once a commit was made is raised, and the command is not carried out again."""
    made, _, store, _, pilot = told()
    store.inner = Odd(store.inner, Late(), made=True)
    with pytest.raises(Late):
        made.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert 2 == made.get(pilot).version


def test_what_a_recorded_hook_raises_is_raised_on() -> None:
    """What undoes a commit is raised, also where another one writes right after it, and the hook is asked once."""
    asked: list[int] = []

    class Undoing:
        def recorded(self, moment: Recorded) -> None:
            asked.append(moment.pilot.version)
            raise Late

    class Rivalled(Wrapped):
        def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
            try:
                super().append(*commits, recorded=recorded)
            finally:
                engine(self.inner).fire(pilot, "note", actor=LEAD, data={"text": "x"})

    store = Rivalled(open_store("memory://"))
    pilot = start(engine(store.inner))
    made = engine(store, hooks=[Undoing()])
    made.get(pilot)
    with pytest.raises(Late):
        made.fire(pilot, "talk", actor=LEAD)
    assert ([2], "open", 2) == (asked, made.get(pilot).state, made.get(pilot).version)


@pytest.mark.parametrize("error", [StoreBusy, StoreFull, StoreUnavailable])
def test_a_used_key_is_recalled_where_nothing_can_be_written(error: type[StoreError]) -> None:
    """A retry under its key gives the first result from a store that cannot be written; without one it is told."""
    made, _, store, _, pilot = told()
    first = made.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="k")
    store.inner = Odd(store.inner, error("not just now"), made=False)
    again = made.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="k")
    assert (True, first.events) == (again.duplicate, again.events)
    with pytest.raises(error):
        made.fire(pilot, "note", actor=LEAD, data={"text": "y"}, key="other")
    with pytest.raises(error):
        made.fire(pilot, "note", actor=LEAD, data={"text": "y"})


def test_a_used_key_takes_no_trust_from_a_head_that_is_current(sure: int) -> None:
    """A conflict because of a key says nothing against the head, which is written on as before."""
    made, _, store, _, pilot = told()
    for _ in range(2):
        made.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="k")
    store.calls.clear()
    made.fire(pilot, "talk", actor=LEAD)
    assert (["load"] * (sure > 0) + ["append"]) == store.calls


# -- the cache ---------------------------------------------------------------------------------------------------------


def test_a_refusal_is_judged_on_what_is_now_stored(tmp_path: Path) -> None:
    """Two engines on one file see each other's commits at once: what was cached is never trusted."""
    url = sqlite_url(tmp_path)
    with engine(url) as one, engine(url, ids=Counting(9)) as two:
        pilot = start(one)
        assert "open" == two.get(pilot).state
        one.fire(pilot, "talk", actor=LEAD)
        with pytest.raises(Refused) as no:
            two.fire(pilot, "talk", actor=LEAD)
        assert "talking" == no.value.blockers[0].params["state"]
        two.fire(pilot, "seal", actor=LEAD, data={"terms": "a"})
        assert () == one.fire(pilot, "seal", actor=BOARD).pending
        assert two.get(pilot) == one.get(pilot)


def test_a_head_that_is_known_is_not_read_again() -> None:
    """Where the stored version is the one that is cached, the head is not decoded anew, and is the same object."""
    store = Wrapped(open_store("memory://"))
    made = engine(store)
    pilot = start(made)
    assert made.get(pilot) is made.get(pilot)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_the_cache_is_bounded_and_changes_no_answer(size: int) -> None:
    """However few heads are kept, the answers are the same."""
    made = engine(cache=size)
    pilots = [start(made, id=name) for name in "abc"]
    for pilot in pilots * 2:
        made.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert [3, 3, 3] == [made.get(pilot).version for pilot in pilots]
    assert size >= len(made._reader._heads._cache)


def test_what_was_used_longest_ago_is_let_go_of() -> None:
    """Of a full cache the head that was used longest ago makes room."""
    made = engine(cache=2)
    a, b = start(made, id="a"), start(made, id="b")
    kept = made.get(a)
    made.fire(a, "note", actor=LEAD, data={"text": "x"})
    start(made, id="c")
    assert ["a", "c"] == list(made._reader._heads._cache)
    assert kept.version + 1 == made.get(a).version
    assert 1 == made.get(b).version


def test_a_slow_reader_does_not_put_an_old_head_back() -> None:
    """A head that was read before another commit does not replace the newer one in the cache."""
    made = engine()
    pilot = start(made)
    old = made.get(pilot)
    new = made.fire(pilot, "talk", actor=LEAD).pilot
    made._reader._heads.put(old, UNTIMED)
    assert new is made.get(pilot)


# -- heads of other rules, and stores that are not whole ---------------------------------------------------------------


class Altered(Wrapped):
    """A store whose answers a test changes."""

    alter: Callable[[Loaded], Loaded] = staticmethod(lambda loaded: loaded)

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        loaded = super().load(tenant, pilot_id, key=key, have=None)
        return None if loaded is None else self.alter(loaded)


def test_a_head_of_other_fold_rules_is_folded_anew() -> None:
    """A head made by another version of the rules is not decoded: the history makes it again."""
    store = Altered(open_store("memory://"))
    made = engine(store, cache=0)
    pilot = start(made)
    made.fire(pilot, "talk", actor=LEAD)
    expected = made.get(pilot)
    store.alter = _other_rules
    assert expected == made.get(pilot)


def _other_rules(loaded: Loaded) -> Loaded:
    assert loaded.head is not None
    return Loaded(loaded.version, Head(b"of another age", 0, loaded.head.summary))


def test_a_store_that_forgets_heads_or_history_is_corrupt() -> None:
    """A pilot without a head, or a head without a history, is told as damage and not guessed at."""
    from proeftuin import CorruptStore  # noqa: PLC0415  # the one use here

    store = Altered(open_store("memory://"))
    made = engine(store, cache=0)
    pilot = start(made)
    store.alter = lambda loaded: Loaded(loaded.version, None)
    with pytest.raises(CorruptStore, match="no head"):
        made.get(pilot)
    store.alter = lambda loaded: Loaded(0, _other_rules(loaded).head)
    with pytest.raises(CorruptStore, match="no history"):
        made.get(pilot)


def test_time_is_read_once_per_call() -> None:
    """One command has one moment, whatever it takes to decide it."""

    class Ticking(Clock):
        reads = 0

        def now(self) -> Any:
            Ticking.reads += 1
            return super().now()

    made, _, pilot = losing(3, time=Ticking())
    Ticking.reads = 0
    made.fire(pilot, "talk", actor=LEAD)
    assert 1 == Ticking.reads
