"""What is counted as exercised, and what is not."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from proeftuin import Actor, Command, Engine, Fire, load_workflow
from proeftuin.core.commands import Blocker
from proeftuin.core.workflow import Workflow
from proeftuin.testing import Lab
from proeftuin.testing.covering import GROUPS, Covered, Names
from proeftuin.testing.covering_watch import Recorder, watching
from tests.stores import path_url
from tests.unit.engines import FLOW, sqlite_url
from tests.unit.testing.labs import begun as begun_lab
from tests.unit.testing.labs import engaging

WORKFLOW = load_workflow(FLOW)
LEAD, BOARD = Actor("lead", roles="lead"), Actor("board", roles="board")
DATA = {"title": "A"}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Somebody who watches every engine of the test."""
    with watching(Recorder(lambda workflow: workflow.name != "unwanted")) as one:
        yield one


def seen(recorder: Recorder, group: str) -> set[str]:
    """What of the one watched workflow was exercised."""
    (found,) = recorder.all()
    assert found.seen[group] <= set(found.items[group])
    return found.seen[group]


def opened(store: str = "memory://", workflow: Workflow = WORKFLOW, **options: Any) -> Engine:
    return Engine.open(store, workflows=[workflow], **options)


def begun(engine: Engine) -> str:
    return engine.start("talks", actor=LEAD, data=DATA).pilot.id


# -- what there is -------------------------------------------------------------------------------------------------


def test_every_part_of_the_bundled_workflow_has_a_name_of_its_own() -> None:
    """No two states, edges, guards or moments of clocks are called the same."""
    items = Names(Lab().workflow).all()
    assert set(GROUPS) == set(items)
    for names in items.values():
        assert len(set(names)) == len(names) > 10
    assert {"exploring", "supplier: lapsed"} <= set(items["states"])
    assert {"conclude [outcome=embedded]", "supplier: start_placement from agreed"} <= set(items["edges"])
    assert {"conclude [outcome=embedded]: has missing-report blocked", "supplier: invite: commitment passed"} <= set(
        items["guards"]
    )
    assert {"retention:26 weeks: remind supervisor 7 days after due", "invitation: fire lapse"} <= set(items["clocks"])


def test_alike_parts_are_numbered() -> None:
    """Edges and guards that nothing in the file tells apart are told apart by a number."""
    remark = next(line for line in FLOW.splitlines() if "trigger: remark" in line)
    twice = [remark.replace("while: any_open", f"while: {state}") for state in ("open", "talking")]
    text = FLOW.replace(remark, "\n".join(twice))
    text = text.replace(
        "advise: [has: {record: note, code: no-note}]", "advise: [has: {record: note}, has: {record: placement}]"
    )
    names = Names(load_workflow(text))
    assert {"talk: has", "talk: has (2)"} <= set(names.guards.values())
    assert 2 == len([one for one in names.edges.values() if one.startswith("supplier: remark from")])


# -- commands ------------------------------------------------------------------------------------------------------


def test_a_command_counts_once_it_is_committed(recorder: Recorder) -> None:
    """An accepted command exercises its edge, the state that it leads to, and each guard as it answered."""
    with opened() as engine:
        pilot = begun(engine)
        assert {"start"} == seen(recorder, "edges")
        engine.fire(pilot, "talk", actor=LEAD)
        assert {"start", "talk"} == seen(recorder, "edges")
        assert {"open", "talking"} == seen(recorder, "states")
        assert {"talk: has no-note blocked"} == seen(recorder, "guards")


def test_a_refused_command_counts_for_its_guards_alone(recorder: Recorder) -> None:
    """A refusal exercises what blocked and what passed, and no edge."""
    with Lab(WORKFLOW) as lab:
        lab.start("lead", DATA)
        lab.fire("lead", "talk")
        with lab.refused("missing-note"):
            lab.fire("board", "finish")
        assert "finish" not in seen(recorder, "edges")
        assert "finish: has missing-note blocked" in seen(recorder, "guards")
        lab.fire("lead", "note", {"text": "Met"})
        lab.fire("board", "finish")
        assert "finish" in seen(recorder, "edges")
        assert "finish: has missing-note passed" in seen(recorder, "guards")


def test_a_question_counts_for_nothing(recorder: Recorder) -> None:
    """`explain` and `options` judge, but nobody did anything; not even when a command follows."""
    with opened() as engine:
        pilot = begun(engine)
        engine.explain(pilot, "talk", actor=LEAD)
        engine.options(pilot, actor=LEAD, all=True)
        engine.seen_by(LEAD).options(pilot)
        engine.fire(pilot, "details", actor=LEAD, data={"sector": "B"})
        assert {"start", "details"} == seen(recorder, "edges")
        assert set() == seen(recorder, "guards")


def test_one_signature_of_two_is_no_edge(recorder: Recorder) -> None:
    """An edge that all must sign was taken when the last one has."""
    with Lab(WORKFLOW) as lab:
        lab.start("lead", DATA)
        lab.fire("lead", "seal", {"terms": "As agreed"})
        assert "seal" not in seen(recorder, "edges")
        lab.fire("board", "seal")
        assert "seal" in seen(recorder, "edges")


def test_a_batch_counts_for_each_of_its_commands_or_for_none(recorder: Recorder) -> None:
    """All commands of a batch that was written count; of one that was undone only what its guards answered."""
    with opened() as engine:
        pilot = begun(engine)
        with pytest.raises(Exception, match="missing-note"):
            engine.batch(pilot, [Command("talk"), Command("finish")], actor=Actor("both", roles=("lead", "board")))
        assert {"start"} == seen(recorder, "edges")
        assert {"finish: has missing-note blocked"} == seen(recorder, "guards")
        engine.batch(pilot, [Command("note", {"text": "Met"}), Command("talk")], actor=LEAD)
        assert {"start", "note", "talk"} == seen(recorder, "edges")


def test_many_commands_count_too(recorder: Recorder) -> None:
    """What `fire_many` writes and refuses counts like what `fire` does."""
    with opened() as engine:
        pilots = [begun(engine) for _ in range(2)]
        engine.fire_many([*(Fire(one, "talk", LEAD) for one in pilots), Fire(pilots[0], "finish", BOARD)])
        assert {"start", "talk"} == seen(recorder, "edges")
        assert {"talk: has no-note blocked", "finish: has missing-note blocked"} == seen(recorder, "guards")


def test_a_refusal_counts_beside_what_the_same_person_did_next(recorder: Recorder) -> None:
    """In one chunk somebody is refused, and accepted later: each counts for what its guards answered."""
    both = Actor("both", roles=("lead", "board"))
    with opened() as engine:
        pilot = begun(engine)
        said = [("talk", None), ("finish", None), ("note", {"text": "Met"}), ("finish", None)]
        engine.fire_many([Fire(pilot, trigger, both, data) for trigger, data in said])
        assert {"start", "talk", "note", "finish"} == seen(recorder, "edges")
        assert {"finish: has missing-note blocked", "finish: has missing-note passed"} <= seen(recorder, "guards")


def test_a_refusal_does_not_count_for_a_question_about_another_track(recorder: Recorder) -> None:
    """What was asked of one supplier is not exercised by what is refused at another one."""
    with engaging(begun_lab(), "alpha", "beta") as lab:
        asked = {"date": lab.day(), "present": lab.present("contract_manager", "supplier_lead@alpha")}
        manager = lab.person("contract_manager")
        assert lab.engine.explain(lab.id, "start_talk", actor=manager, data=asked, track="alpha").allowed
        with lab.refused("missing-counterpart"):
            told = {"date": lab.day(), "present": lab.present("contract_manager")}
            lab.fire("contract_manager", "start_talk", told, track="beta")
        talks = {one for one in seen(recorder, "guards") if "start_talk" in one}
        assert {"supplier: start_talk: present_sides blocked"} == talks


def test_a_veto_counts_for_the_guards_that_passed(recorder: Recorder) -> None:
    """What a hook of the host refuses was judged, and no edge was taken; the host's own hooks are called as ever."""

    class Never:
        told = 0

        def before(self, moment: Any) -> Blocker | None:
            return Blocker("never") if moment.command.trigger == "talk" else None

        def refused(self, moment: Any) -> None:
            self.told += 1

    hook = Never()
    with opened(hooks=[hook]) as engine:
        pilot = begun(engine)
        with pytest.raises(Exception, match="never"):
            engine.fire(pilot, "talk", actor=LEAD)
        assert {"start"} == seen(recorder, "edges")
        assert {"talk: has no-note blocked"} == seen(recorder, "guards")
        assert 1 == hook.told


def test_what_the_clocks_do_counts(recorder: Recorder) -> None:
    """Each reminder, escalation and signal counts when it comes, and so does an edge that a clock takes."""
    with Lab() as lab:
        lab.start("coordinator", {"title": "A", "organisation": "B"})
        lab.advance(days=8)
        assert {"check_in: remind coordinator 8 days"} == seen(recorder, "clocks")
        lab.advance(weeks=3)
        assert {
            "check_in: remind coordinator 8 days",
            "check_in: remind coordinator 14 days",
            "check_in: escalate client_owner 21 days",
            "check_in: signal stalled",
        } == seen(recorder, "clocks")


# -- engines -------------------------------------------------------------------------------------------------------


def test_other_engines_of_the_same_store_are_watched(recorder: Recorder, tmp_path: Path) -> None:
    """An engine for another tenant, and one in the host's own transaction, are watched like the one they came of."""
    with opened(sqlite_url(tmp_path)) as engine:
        other = engine.for_tenant("other")
        other.fire(begun(other), "talk", actor=LEAD)
        assert {"start", "talk"} == seen(recorder, "edges")
        pilot = begun(engine)
        host = create_engine(path_url(tmp_path / "pilots.db"))
        with host.begin() as connection:
            engine.using(connection).fire(pilot, "note", actor=LEAD, data={"text": "Met"})
        host.dispose()
        assert {"start", "talk", "note"} == seen(recorder, "edges")


def test_threads_do_not_mix(recorder: Recorder) -> None:
    """Commands of several threads at once count each for what it was."""
    with opened() as engine:
        pilots = [begun(engine) for _ in range(8)]
        threads = [threading.Thread(target=engine.fire, args=(one, "talk"), kwargs={"actor": LEAD}) for one in pilots]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert {"start", "talk"} == seen(recorder, "edges")


def test_only_what_is_wanted_is_watched(recorder: Recorder) -> None:
    """A workflow that nobody asked for leaves no trace, and one with other content is kept apart."""
    with opened(workflow=load_workflow(FLOW.replace("workflow: talks", "workflow: unwanted"))) as engine:
        engine.start("unwanted", actor=LEAD, data=DATA)
    assert () == recorder.all()
    for text in (FLOW, FLOW.replace("en: Talking", "en: In talks")):
        with opened(workflow=load_workflow(text)) as engine:
            begun(engine)
    assert 2 == len({one.hash for one in recorder.all()})


def test_nothing_is_left_behind() -> None:
    """After watching engines are made as before, and those made meanwhile are seen no more by nobody else."""
    before = Engine.__dict__["_assemble"]
    with watching(Recorder(lambda _: True)) as recorder:
        assert before is not Engine.__dict__["_assemble"]
    assert before is Engine.__dict__["_assemble"]
    with opened() as engine:
        begun(engine)
    assert () == recorder.all()


def test_watching_changes_no_answer() -> None:
    """A watched life leaves the same digests, refusals and warnings as one that nobody watches."""

    def life() -> list[Any]:
        with Lab(WORKFLOW) as lab:
            lab.start("lead", DATA)
            warned = lab.fire("lead", "talk").warnings
            with lab.refused("missing-note") as no:
                lab.fire("board", "finish")
            return [warned, no.blockers, [one.digest for one in lab.events()]]

    plain = life()
    with watching(Recorder(lambda _: True)):
        assert plain == life()


def test_the_report_is_short() -> None:
    """What is missing stands together by edge or clock, in lines that fit a screen."""
    items = Names(Lab().workflow).all()
    nothing = Covered("existing-contract@1", "", items)
    lines = list(nothing.lines())
    assert "  invitation: remind contract_manager 14 days, fire lapse" in lines
    assert max(map(len, lines)) <= 130
    assert len(lines) < 100
    assert 0 == nothing.percent
    nothing.take_in({"seen": items})
    assert 100 == nothing.percent
    assert 5 == len(list(nothing.lines()))
