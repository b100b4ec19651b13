"""To forget a participant: who may, what it does to the pilots that knew the ref, and what it leaves alone."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from proeftuin import (
    Actor,
    BadArgument,
    Command,
    Conflict,
    CorruptStore,
    Engine,
    Fire,
    KeyReused,
    Reentered,
    Refused,
    UnknownWorkflow,
)
from proeftuin.spi import Before, Commit, Erases, Holder
from proeftuin.storage import open_store
from tests.unit.engines import (
    DATA,
    FLOW,
    LEAD,
    OFFICER,
    REF,
    TODAY,
    Clock,
    Wrapped,
    engine,
    everything,
    placed,
    sqlite_url,
    start,
    types,
)
from tests.unit.test_engine_races import Losing
from tests.unit.test_hooks import Telling

OTHER = "ref-planted-0002"


@pytest.fixture(params=["memory", "sqlite"])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with engine("memory://" if request.param == "memory" else sqlite_url(tmp_path)) as made:
        yield made


def peopled(on: Engine, *refs: str, **more: Any) -> str:
    """A pilot in which these were placed."""
    pilot = start(on, **more)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    for ref in refs:
        placed(on, pilot, ref)
    return pilot


def erase(on: Engine, ref: str = REF, **more: Any) -> Any:
    return on.erase(ref, **{"actor": OFFICER, "reason": "asked by letter", **more})


# -- what it does ------------------------------------------------------------------------------------------------------


def test_the_ref_is_gone_and_the_history_says_so(on: Engine) -> None:
    """Each pilot that knew the ref knows it no more, and has one more event, which names the subject and the reason."""
    one, two, none = peopled(on, REF, OTHER), peopled(on, OTHER, REF), peopled(on, OTHER)
    erased = erase(on)
    assert ((one, two), True) == (erased.pilots, erased.scrubbed)
    for pilot, subject in ((one, "s1"), (two, "s2")):
        assert (None, None) == (on.subject(pilot, REF), on.ref(pilot, subject))
        event = list(on.history(pilot))[-1]
        assert ("data.erased", "officer-1", "privacy_officer") == (event.type, event.actor, event.role)
        assert {"subjects": (subject,), "reason": "asked by letter"} == event.data
        assert ["s1", "s2"] == [record.data["participant"] for record in on.get(pilot).records("placement")]
    assert ("s2", "s1", "s1") == tuple(on.subject(pilot, OTHER) for pilot in (one, two, none))
    assert 3 == on.get(none).version
    assert () == on.verify()


def test_figures_and_counts_stand(on: Engine) -> None:
    """Every metric, every count and every record is the same before and after."""
    pilot = peopled(on, REF, OTHER)
    peopled(on, REF)

    def told() -> object:
        held = on.get(pilot)
        return on.metrics(), on.metrics(pilots=pilot, by=("kind",)), on.count(), held.kept, held.counts, held.tracks

    before = told()
    erase(on)
    assert before == told()


def test_a_second_time_there_is_nothing_to_do(on: Engine) -> None:
    """Asked again it finds no pilot, and writes nothing."""
    peopled(on, REF)
    erase(on)
    before = everything(on._store)
    assert () == erase(on).pilots
    assert before == everything(on._store)


def test_of_an_unknown_ref_nothing_is_done(on: Engine) -> None:
    """A ref that is known nowhere, or to another tenant alone, leaves all as it is."""
    peopled(on, OTHER)
    there = on.for_tenant("elsewhere")
    pilot = peopled(there, REF)
    before = everything(on._store), everything(on._store, "elsewhere")
    for ref in (REF, REF.upper(), f"{REF} ", REF[:-1], f"{REF}x"):
        assert () == erase(on, ref).pilots
    assert before == (everything(on._store), everything(on._store, "elsewhere"))
    assert "s1" == there.subject(pilot, REF)


def test_more_pilots_than_are_asked_for_at_once(on: Engine) -> None:
    """A ref in more pilots than a store names at once is forgotten in all of them."""
    names = [peopled(on) for _ in range(230)]
    facts = {"participant": REF, "start": TODAY, "kind": "training"}
    on.fire_many(Fire(name, "place", LEAD, facts, "acme") for name in names)
    assert sorted(names) == list(erase(on).pilots)
    assert {None} == {on.subject(name, REF) for name in names}


def test_subjects_of_one_ref_are_forgotten_together(on: Engine) -> None:
    """Where a ref has several subjects in a pilot, as after an earlier erasure, all that are known are forgotten."""
    pilot = peopled(on, REF)
    erase(on)
    placed(on, pilot)
    assert "s2" == on.subject(pilot, REF)
    assert (pilot,) == erase(on).pilots
    assert [("s1",), ("s2",)] == [one.data["subjects"] for one in on.history(pilot) if one.type == "data.erased"]


# -- afterwards --------------------------------------------------------------------------------------------------------


def test_the_same_ref_is_somebody_new(on: Engine) -> None:
    """Whoever comes back under the same ref is another subject, and the one before is not found by it."""
    pilot = peopled(on, REF)
    erase(on)
    fields = placed(on, pilot)
    assert ("s2", "s2", None) == (fields["participant"], on.subject(pilot, REF), on.ref(pilot, "s1"))
    assert ["s1", "s2"] == [one.data["participant"] for one in on.get(pilot).records("placement")]
    assert () == on.verify()


@pytest.mark.parametrize("how", ["fire", "batch", "many"])
def test_an_old_key_gives_no_ref_back(on: Engine, how: str) -> None:
    """A command that named the ref cannot be told from another one under its key; that is said, and nothing is kept."""
    pilot = peopled(on)
    facts = {"participant": REF, "start": TODAY, "kind": "training"}

    def call() -> object:
        if how == "fire":
            return on.fire(pilot, "place", actor=LEAD, track="acme", data=facts, key="k")
        if how == "batch":
            return on.batch(pilot, [Command("place", facts, "acme"), Command("talk")], actor=LEAD, key="k")
        return on.fire_many([Fire(pilot, "place", LEAD, facts, "acme", key="k")])[0]

    call()
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="other")
    erase(on)
    before = everything(on._store)
    if how == "many":
        assert isinstance(call(), KeyReused)
    else:
        with pytest.raises(KeyReused):
            call()
    assert on.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="other").duplicate
    assert before == everything(on._store)


def test_an_erasure_is_no_move(on: Engine) -> None:
    """State, phase, last move and who acted in which role are as they were; the pilot goes on."""
    pilot = peopled(on, REF)
    before = on.get(pilot)
    erase(on)
    after = on.get(pilot)
    names = ("state", "phase", "hold", "outcome", "cycle", "last_move", "since", "data", "signatures")
    assert [getattr(before, name) for name in names] == [getattr(after, name) for name in names]
    assert "talking" == on.fire(pilot, "talk", actor=LEAD).pilot.state


def test_its_moment_never_runs_backwards() -> None:
    """An erasure by a clock that was set back is dated no earlier than the event before it."""
    clock = Clock()
    on = engine(time=clock)
    pilot = peopled(on, REF)
    clock.pass_(days=-3)
    erase(on)
    moments = [event.at for event in on.history(pilot)]
    assert sorted(moments) == moments


# -- who and why -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LEAD, Actor("x", roles=()), Actor("x", roles={"privacy officer", "system_officer"})])
def test_anybody_else_is_refused(on: Engine, actor: Actor) -> None:
    """Without the role of privacy officer it is refused, hooks hear of it, and nothing is done."""
    hook = Telling()
    peopled(on, REF)
    made = engine(on._store, hooks=[hook])
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        erase(made, actor=actor)
    assert ((None, "erase", ("forbidden-role",)), ["refused"]) == (
        (no.value.pilot_id, no.value.trigger, no.value.codes),
        hook.log,
    )
    assert REF not in repr(no.value.blockers) + str(no.value)
    assert before == everything(on._store)


@pytest.mark.parametrize("reason", ["", "  ", None, 5, "x" * 1001, "a\0b", f"for {REF}", f"for {REF.upper()} here"])
def test_a_reason_says_why_and_not_who(on: Engine, reason: Any) -> None:
    """A reason is a text of up to a thousand characters that does not hold the ref, as it is kept for good."""
    peopled(on, REF)
    with pytest.raises(BadArgument, match="reason") as no:
        erase(on, reason=reason)
    assert REF not in str(no.value)
    assert "s1" == on.subject("pilot-1", REF)


@pytest.mark.parametrize("wrong", [{"ref": ""}, {"ref": None}, {"actor": "ann"}, {"actor": None}])
def test_a_call_that_is_wrong_in_itself_does_nothing(on: Engine, wrong: dict[str, Any]) -> None:
    """An empty ref, or an actor that is none, is a wrong call."""
    with pytest.raises(BadArgument):
        erase(on, **wrong)


def test_a_store_that_cannot_forget_says_so() -> None:
    """On a store without that part nothing is erased, and the caller is told."""
    made = engine(Wrapped(open_store("memory://")))
    peopled(made, REF)
    with pytest.raises(BadArgument, match="cannot erase"):
        erase(made)


def test_a_hook_may_not_erase() -> None:
    """From inside a hook that may not write, an erasure is refused as a command is."""
    told: list[type] = []

    class Erasing:
        def before(self, moment: Before) -> None:
            try:
                erase(made)
            except Reentered as error:
                told.append(type(error))

    made = engine(hooks=[Erasing()])
    start(made)
    assert [Reentered] == told


# -- with others -------------------------------------------------------------------------------------------------------


class LosingErases(Losing):
    """A store that can forget, in which another writer comes first the given number of times."""

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        assert isinstance(self.inner, Erases)
        return self.inner.holders(tenant, ref, limit=limit)

    def scrub(self) -> None:
        self.calls.append("scrub")


def raced(times: int, instead: Callable[[Engine], object] | None = None) -> tuple[Engine, LosingErases, str]:
    store = LosingErases(open_store("memory://"), 0)
    made = engine(store)
    pilot = peopled(made, REF)
    store.times = times
    if instead is not None:
        rival = store.rival
        store.rival = type("Rival", (), {"fire": lambda *_, **__: instead(rival)})()
    return made, store, pilot


@pytest.mark.parametrize("times", [1, 4])
def test_a_lost_race_is_tried_again(times: int) -> None:
    """Who loses up to four times forgets the ref on what is then stored."""
    made, _, pilot = raced(times)
    assert (pilot,) == erase(made).pilots
    assert [*["record.added"] * (times + 1), "data.erased"] == types(made.history(pilot, after=2))


def test_after_five_lost_races_it_is_a_conflict_and_can_be_asked_again() -> None:
    """The fifth lost race is told; the next call finishes it."""
    made, store, pilot = raced(5)
    with pytest.raises(Conflict):
        erase(made)
    assert "s1" == made.subject(pilot, REF)
    assert (pilot,) == erase(made).pilots
    assert "scrub" in store.calls


def test_who_was_second_to_erase_has_nothing_to_do() -> None:
    """Of two that erase one ref at once, one writes the event and the other finds it done."""
    made, _, pilot = raced(1, erase)
    assert () == erase(made).pilots
    assert ["record.added", "data.erased"] == types(made.history(pilot, after=2))


def test_while_the_file_is_read_it_is_not_scrubbed(tmp_path: Path) -> None:
    """While somebody reads the file it is said that bytes may be left, and when they are gone they can be scrubbed."""
    url = f"{sqlite_url(tmp_path)}?busy_timeout=0.05"
    with engine(url) as on:
        pilot = peopled(on, REF)
        with closing(sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)) as link:
            link.execute("BEGIN")
            link.execute("SELECT count(*) FROM personal").fetchone()
            erased = erase(on)
            assert ((pilot,), False) == (erased.pilots, erased.scrubbed)
        assert ((), True) == ((again := erase(on)).pilots, again.scrubbed)
        assert not any(REF.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_inside_the_hosts_transaction_it_is_the_hosts(tmp_path: Path) -> None:
    """What is erased inside a transaction of the host is back after its rollback, and left to be scrubbed later."""
    with engine(sqlite_url(tmp_path)) as on:
        pilot = peopled(on, REF)
        for ends, known in (("ROLLBACK", "s1"), ("COMMIT", None)):
            with closing(sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)) as link:
                link.execute("BEGIN IMMEDIATE")
                erased = erase(on.using(link))
                assert ((pilot,), False) == (erased.pilots, erased.scrubbed)
                link.execute(ends)
            assert known == on.subject(pilot, REF)
        on._store.scrub()  # type: ignore[attr-defined]  # it can forget
        assert not any(REF.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_the_commit_that_forgets_names_the_subjects() -> None:
    """The event and the deletion are one commit, so that neither is there without the other."""
    commits: list[Commit] = []

    class Watched(LosingErases):
        def append(self, *given: Commit, recorded: Callable[[object], None] | None = None) -> None:
            commits.extend(given)
            super().append(*given, recorded=recorded)

    made = engine(Watched(open_store("memory://"), 0))
    peopled(made, REF)
    erase(made)
    assert (("s1",), ["data.erased"]) == (commits[-1].erased, [one.type for one in commits[-1].entries])


def test_a_pilot_that_cannot_be_read_keeps_no_other_one(tmp_path: Path) -> None:
    """Of a damaged pilot the error is raised at the end: the others have forgotten by then, and the files are clean."""
    with engine(sqlite_url(tmp_path)) as on:
        pilots = [peopled(on, REF) for _ in range(3)]
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
        connection.execute("UPDATE pilots SET body = x'00' WHERE id = ?", (pilots[0],))
    with engine(sqlite_url(tmp_path)) as on:
        with pytest.raises(CorruptStore, match=pilots[0]):
            erase(on)
        assert [None, None] == [on.subject(one, REF) for one in pilots[1:]]
        assert ["data.erased"] * 2 == [types(on.history(one))[-1] for one in pilots[1:]]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_pilot_that_was_taken_away_keeps_no_other_one(tmp_path: Path, place: int) -> None:
    """Of a pilot that is gone, though not its refs, it is told at the end; the others have forgotten by then."""
    with engine(sqlite_url(tmp_path)) as on:
        pilots = [peopled(on, REF, id=name) for name in ("a", "m", "z")]
    gone = pilots.pop(place)
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
        connection.execute("DELETE FROM pilots WHERE id = ?", (gone,))
        connection.execute("DELETE FROM events WHERE pilot_id = ?", (gone,))
    with engine(sqlite_url(tmp_path)) as on:
        with pytest.raises(CorruptStore, match=f"a ref is kept for pilot '{gone}', which is not there") as told:
            erase(on)
        assert REF not in str(told.value)
        assert [None, None] == [on.subject(one, REF) for one in pilots]


@pytest.mark.parametrize(
    ("harm", "error"),
    [("DELETE FROM workflows", UnknownWorkflow), ("UPDATE workflows SET body = x'00'", CorruptStore)],
)
def test_a_workflow_that_cannot_be_read_keeps_no_other_pilot(tmp_path: Path, harm: str, error: type[Exception]) -> None:
    """Of a pilot whose workflow is gone or damaged the error is raised at the end: others have forgotten by then."""
    with engine(sqlite_url(tmp_path), FLOW.replace("workflow: talks", "workflow: other")) as on:
        on.start("other", actor=LEAD, data=DATA, id="m")
        on.fire("m", "identify", actor=LEAD, track="acme")
        placed(on, "m")
    with engine(sqlite_url(tmp_path)) as on:
        pilots = [peopled(on, REF, id=name) for name in ("a", "z")]
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
        connection.execute(f"{harm} WHERE name = 'other'")
    with engine(sqlite_url(tmp_path)) as on:
        with pytest.raises(error):
            erase(on)
        assert [None, None, "s1"] == [on.subject(one, REF) for one in (*pilots, "m")]
