from pathlib import Path
from typing import Any

import pytest

from proeftuin import BadArgument, Command, Conflict, Engine, Fire, KeyReused, Refused
from proeftuin.core.frozen import FrozenDict
from proeftuin.spi import Before, Committed, Recorded
from tests.unit.engines import BOARD, LEAD, REF, engine, everything, sqlite_url, start, types


@pytest.fixture(params=["memory", "sqlite"])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with engine("memory://" if request.param == "memory" else sqlite_url(tmp_path)) as made:
        yield made


NOTE = Command("note", {"text": "x"})


def test_a_batch_is_one_commit(on: Engine) -> None:
    """Several commands are decided in turn, each on the result of the one before, and written together."""
    pilot = start(on)
    result = on.batch(pilot, [NOTE, Command("talk"), Command("identify", track="acme")], actor=LEAD)
    assert (["record.added", "pilot.moved", "track.opened"], 4, ()) == (
        types(result.events),
        result.pilot.version,
        result.warnings,
    )


def test_the_same_command_on_each_track(on: Engine) -> None:
    """Tracks may be worked through in one batch, and a signature in it is pending for all."""
    pilot = start(on)
    on.batch(pilot, [Command("identify", track=key) for key in ("a", "b")], actor=LEAD)
    result = on.batch(pilot, [Command("agree", {"terms": "t"}, key) for key in ("a", "b")], actor=LEAD)
    assert (("seller", "seller"), 2) == (result.pending, len(result.pilot.signatures))


def test_a_batch_is_all_or_none(on: Engine) -> None:
    """Where one command is refused nothing is written, and each blocker names its command."""
    pilot = start(on)
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        on.batch(pilot, [NOTE, Command("talk"), Command("talk", {"x": 1})], actor=LEAD)
    assert ("talk", {2}, ("wrong-state",)) == (
        no.value.trigger,
        {one.command for one in no.value.blockers},
        no.value.codes,
    )
    assert before == everything(on._store)


def test_a_batch_of_one_is_a_command(on: Engine) -> None:
    """A batch of one needs no number on its blockers, and is the same command under a key."""
    pilot = start(on)
    with pytest.raises(Refused) as no:
        on.batch(pilot, [Command("finish")], actor=LEAD)
    assert None is no.value.blockers[0].command
    on.fire(pilot, "note", actor=LEAD, data={"text": "x"}, key="k")
    assert on.batch(pilot, [NOTE], actor=LEAD, key="k").duplicate


def test_a_key_stands_for_the_whole_batch(on: Engine) -> None:
    """The same batch under a key is a duplicate with the same events; another order is another batch."""
    pilot = start(on)
    commands = [NOTE, Command("talk")]
    first = on.batch(pilot, commands, actor=LEAD, key="k")
    again = on.batch(pilot, commands, actor=LEAD, key="k")
    assert (True, first.events) == (again.duplicate, again.events)
    with pytest.raises(KeyReused):
        on.batch(pilot, commands[::-1], actor=LEAD, key="k")


def test_a_batch_may_expect_a_version(on: Engine) -> None:
    """The version that is expected is that before the first command."""
    pilot = start(on)
    on.batch(pilot, [NOTE, NOTE], actor=LEAD, expect=1)
    with pytest.raises(Conflict):
        on.batch(pilot, [NOTE], actor=LEAD, expect=1)


def test_commands_of_a_batch_have_their_own_days(on: Engine) -> None:
    """Each command of a batch counts for its own business date."""
    pilot = start(on, on="2026-02-01")
    result = on.batch(pilot, [Command("talk", on="2026-02-03"), NOTE], actor=LEAD)
    assert ["2026-02-03", "2026-03-02"] == [one.on.isoformat() for one in result.events]


def test_participants_of_one_batch_share_their_subjects(on: Engine) -> None:
    """A reference named twice in a batch is one subject, and two references are two."""
    pilot = start(on)
    on.fire(pilot, "identify", actor=LEAD, track="acme")
    commands = [
        Command("place", {"participant": ref, "start": "2026-03-01", "kind": "training"}, "acme")
        for ref in (REF, "ref-other-0002", REF)
    ]
    result = on.batch(pilot, commands, actor=LEAD)
    assert ["s1", "s2", "s1"] == [one.data["fields"]["participant"] for one in result.events]
    assert ({"s1", "s2"}, 2) == (
        set(result.events[0].data["commitments"]) | set(result.events[1].data["commitments"]),
        result.pilot.counts["subject"],
    )
    assert () == on.verify()


@pytest.mark.parametrize(
    ("commands", "message"),
    [
        ([], "at least one command"),
        (["talk"], "must hold Commands, not str"),
        ([None], "must hold Commands, not NoneType"),
        (5, "must be one text or several, not int"),
        ([Command("note", {"text": 0.5})], "a float cannot be kept exactly"),
    ],
)
def test_a_batch_holds_commands(on: Engine, commands: Any, message: str) -> None:
    """What is no command, or no batch at all, is refused before anything is looked at."""
    pilot = start(on)
    with pytest.raises(BadArgument, match=message):
        on.batch(pilot, commands, actor=LEAD)


# -- two pilots in one append ------------------------------------------------------------------------------------------


def closed(on: Engine) -> str:
    pilot = start(on)
    on.batch(pilot, [NOTE, Command("talk")], actor=LEAD)
    on.fire(pilot, "finish", actor=BOARD)
    return pilot


def test_a_follow_up_is_begun_in_the_same_commit(on: Engine) -> None:
    """The edge that begins another pilot links both, gives the new id, and copies what it says."""
    pilot = closed(on)
    result = on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"})
    assert result.started is not None
    new = on.get(result.started)
    assert ({"title": "Next", "organisation": "UU", "follow_up_of": pilot}, "open") == (new.data, new.state)
    assert (FrozenDict(pilot=new.id, relation="follow"),) == on.get(pilot).data["linked"]
    assert () == on.verify()


def test_a_follow_up_under_a_key_is_begun_once(on: Engine) -> None:
    """A duplicate names the pilot that was begun the first time."""
    pilot = closed(on)
    first = on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"}, key="k")
    again = on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"}, key="k")
    assert (True, first.started, 2) == (again.duplicate, again.started, len(on.find().items))


def test_the_key_of_a_follow_up_is_that_of_the_pilot_fired_at(on: Engine) -> None:
    """The pilot that was begun has used no key yet."""
    pilot = closed(on)
    new = on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"}, key="k").started
    assert new is not None
    assert not on.fire(new, "note", actor=LEAD, data={"text": "x"}, key="k").duplicate


def test_a_follow_up_that_may_not_begin_leaves_neither(on: Engine) -> None:
    """Where the second pilot is refused nothing of the first is written, and the other way round."""
    pilot = closed(on)
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        on.fire(pilot, "follow", actor=LEAD)
    assert (pilot, ("missing-field",)) == (no.value.pilot_id, no.value.codes)
    assert before == everything(on._store)
    told = on.explain(pilot, "follow", actor=LEAD)
    (option,) = [one for one in on.options(pilot, actor=LEAD) if one.trigger == "follow"]
    assert no.value.blockers == told.blockers == option.blockers
    assert (False, False) == (told.allowed, option.allowed)


LOTS = Path(__file__).parents[1] / "data" / "lots.yaml"


def test_a_workflow_that_is_not_there_is_told_as_what_is_wrong() -> None:
    """Where the pilot to begin would follow a workflow that the engine does not have, whoever asks is told so."""
    with Engine.open("memory://", workflows=[LOTS]) as on:
        pilot = on.start("lots", actor=LEAD, data={"title": "T"}).pilot.id
        data = {"workflow": "other", "rationale": "x"}
        with pytest.raises(Refused) as no:
            on.fire(pilot, "reroute", actor=LEAD, data=data)
        (answer,) = on.fire_many([Fire(pilot, "reroute", LEAD, data)])
        assert isinstance(answer, Refused)
        told = on.explain(pilot, "reroute", actor=LEAD, data=data)
        assert no.value.blockers == answer.blockers == told.blockers
        assert (False, ("bad-value",)) == (told.allowed, no.value.codes)
        assert "not installed here" in str(no.value)
        moved = on.fire(pilot, "reroute", actor=LEAD, data={**data, "workflow": "lots"})
        assert moved.started is not None
        assert ("closed", "open") == (moved.pilot.state, on.get(moved.started).state)


@pytest.mark.parametrize("url", ["memory", "sqlite"])
def test_both_pilots_are_written_or_none(url: str, tmp_path: Path) -> None:
    """What a hook raises in the transaction undoes both pilots, and each is told to the hooks."""
    told: list[str] = []

    class Breaking:
        broken = True

        def before(self, moment: Before) -> None:
            told.append(f"before {moment.pilot.id} {len(moment.events)}")

        def recorded(self, moment: Recorded) -> None:
            told.append(f"recorded {moment.pilot.id}")
            if self.broken and moment.pilot.id != "pilot-1":
                message = "no room for a second"
                raise OSError(message)

        def committed(self, moment: Committed) -> None:
            told.append(f"committed {moment.pilot.id}")

    hook = Breaking()
    with engine("memory://" if url == "memory" else sqlite_url(tmp_path), hooks=[hook]) as on:
        hook.broken = False
        pilot = closed(on)
        hook.broken = True
        before = everything(on._store)
        with pytest.raises(OSError, match="no room"):
            on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"})
        assert before == everything(on._store)
        hook.broken = False
        told.clear()
        new = on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"}).started
        assert [
            f"before {pilot} 1",
            f"before {new} 1",
            f"recorded {pilot}",
            f"recorded {new}",
            f"committed {pilot}",
            f"committed {new}",
        ] == told


def test_a_veto_on_the_second_pilot_leaves_neither() -> None:
    """A hook may refuse the second pilot, and the first is then left as it was."""

    class Second:
        def before(self, moment: Before) -> Any:
            from proeftuin import Blocker  # noqa: PLC0415  # the one use here

            return Blocker("one-is-enough") if moment.pilot.version == 0 and moment.pilot.id != "pilot-1" else None

    on = engine(hooks=[Second()])
    pilot = closed(on)
    before = everything(on._store)
    with pytest.raises(Refused) as no:
        on.fire(pilot, "follow", actor=LEAD, data={"title": "Next"})
    assert (None, ("one-is-enough",)) == (no.value.pilot_id, no.value.codes)
    assert before == everything(on._store)
