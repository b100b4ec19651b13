"""Plans: what they say of clocks, signatures and tracks, what is refused, and that to judge writes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve, fields

from proeftuin import BadArgument, DefinitionError, Engine, Refused, UnknownPilot, UnknownWorkflow
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.migration.declared import Migration, Steps, Version
from proeftuin.core.workflow import Scalar
from proeftuin.definitions import load_migration, migration_text
from proeftuin.storage import open_store, upgrade_schema
from tests.versions.offers import ANSWER, BEGAN, BUYER, HEAD, LEAD, ONE, SELLER, Case, shorter
from tests.versions.pilots import WHY

UNDECIDED = "undecided  # changed"

# -- clocks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        ("clocks: {answer: keep}", BEGAN + timedelta(28)),
        ("clocks: {answer: rebase}", BEGAN + timedelta(20)),
        ("clocks: {answer: restart}", BEGAN + timedelta(10 + 20)),
        ("clocks: {answer: drop}", None),
    ],
)
def test_a_running_term_goes_on_as_the_plan_says(lines: str, due: date | None) -> None:
    """Kept, it is due when it was; rebased, by the new length; restarted, counted from the day; dropped, not at all."""
    case = Case(shorter("20 days"))
    case.wait(10)
    case.migrate(lines)
    assert due == case.due().get("answer")


def test_a_clock_that_changed_must_be_decided() -> None:
    """A clock that changed, came or went is named, and nothing is applied before the plan says what becomes of it."""
    case = Case(
        shorter("20 days"),
        ("  look: {since: offer.made, due: 10 days, remind: {lead: 5 days}}\n", ""),
        ("clocks:\n", "clocks:\n  quiet: {since: progress, due: 7 days}\n"),
    )
    plan = case.plan()
    changes = {one.params["clock"]: one.params["because"] for one in plan.undecided}
    assert {"answer": "changed", "look": "removed", "quiet": "added"} == changes
    said = {one.params["clock"]: one.text("nl") for one in plan.undecided}
    assert ("nieuw" in said["quiet"], "er niet meer" in said["look"], "wat zij was" in said["answer"]) == (True,) * 3
    with pytest.raises(Refused) as caught:
        case.engine.migrate(plan, **WHY)
    assert {"clock-undecided"} == set(caught.value.codes)
    assert "offers@1" == case.engine.get("p").workflow
    assert () == case.plan("clocks: {answer: keep, look: drop, quiet: restart}").undecided


@pytest.mark.parametrize(("line", "code"), [("{look: keep}", "clock-gone"), ("{goal: restart}", "clock-dated")])
def test_what_cannot_be_is_told(line: str, code: str) -> None:
    """A clock that is gone cannot be kept, and one with the day that a field names cannot begin anew."""
    case = Case(
        (
            "  look: {since: offer.made, due: 10 days, remind: {lead: 5 days}}\n",
            "  goal: {per: note, due: {field: day}}\n",
        ),
        ("mark: {type: integer}", "mark: {type: integer}, day: {type: date}"),
    )
    assert code in {one.code for one in case.plan(f"clocks: {line}").undecided}


def test_a_clock_may_get_another_name() -> None:
    """Under its new name the term is due when it was, and what it told it does not tell again."""
    case = Case((ANSWER, ANSWER.replace("answer", "reply")))
    case.wait(15)
    assert [("clock.reminded", ("remind.lead.14 days",), BEGAN + timedelta(14))] == case.told()
    pilot = case.migrate("clocks: {answer: {do: keep, to: reply}}")
    assert ({"reply": BEGAN + timedelta(28)}, ["reply"]) == (case.due(), list(pilot.told))
    case.wait(3)
    assert 1 == len(case.told())


def test_what_is_overdue_reminds_and_fires_a_week_later() -> None:
    """A term that the new version would have ended long ago reminds at once, and fires only seven days later."""
    case = Case(shorter("9 days"))
    case.wait(10)
    case.migrate("clocks: {answer: rebase}")
    assert BEGAN + timedelta(9) == case.due()["answer"]
    case.wait(6)
    assert [("clock.reminded", ("remind.lead.7 days",), BEGAN + timedelta(7))] == case.told()
    case.wait(1)
    assert ("clock.fired", ("fire.expire",), BEGAN + timedelta(17)) == case.told()[-1]
    assert "lapsed" == case.engine.get("p").state


def test_a_term_that_fires_as_it_would_have_is_not_put_off() -> None:
    """What was due in three days anyway is due in three days."""
    case = Case((ANSWER, ANSWER.replace("[14 days, 21 days]", "[14 days]")))
    case.wait(25)
    case.migrate("clocks: {answer: rebase}")
    case.wait(3)
    assert ("clock.fired", ("fire.expire",), BEGAN + timedelta(28)) == case.told()[-1]


def test_a_hold_stops_what_was_kept() -> None:
    """A kept term is put off by holds before and after the migration, as it would have been."""
    case = Case(shorter("20 days"))
    case.wait(2)
    case.engine.fire("p", "pause", actor=LEAD)
    case.wait(3)
    case.migrate("clocks: {answer: keep}")
    assert case.due()["answer"] is None
    case.wait(2)
    case.engine.fire("p", "resume", actor=LEAD)
    assert BEGAN + timedelta(28 + 5) == case.due()["answer"]


def test_what_was_laid_down_ends_with_the_term() -> None:
    """Anchored anew, a term is as the new version says, and another migration keeps what the first laid down."""
    case = Case(
        shorter("20 days"),
        (
            "allow: [lead]}\n  - {trigger: expire",
            "allow: [lead]}\n  - {trigger: unask, from: asked, to: open, allow: [lead]}\n  - {trigger: expire",
        ),
        ("words:", "words:\n  unask: {en: Take back, nl: Terugnemen}"),
    )
    case.migrate("clocks: {answer: keep}")
    three = evolve(case.two, version=3)
    engine = Engine(case.engine._store, workflows=[ONE, case.two, three], time=case.clock)
    plan = engine.plan_migration("offers@2", 3)
    assert 1 == engine.migrate(plan, **WHY).done
    assert BEGAN + timedelta(28) == case.due()["answer"]
    case.wait(1)
    case.engine.fire("p", "unask", actor=LEAD)
    case.engine.fire("p", "ask", actor=LEAD)
    assert BEGAN + timedelta(1 + 20) == case.due()["answer"]


# -- tracks and signatures ---------------------------------------------------------------------------------------------


def test_a_term_that_would_be_lost_needs_a_decision() -> None:
    """Where tracks become another kind, a clock of the old kind that ran on them does not end unseen."""
    case = Case(
        ("tracks:\n  offer:", "tracks:\n  bid:"),
        ("opens: offer", "opens: bid"),
        ("  look: {since: offer.made", "  look: {since: bid.seen"),
    )
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    lines = "tracks: {offer: {to: bid}}\nclocks: {look: %s}"
    assert ("decide", ("clock-lost",)) == ((judged := case.judge(lines % "rebase")).verdict, judged.codes)
    assert "fine" == case.judge(lines % "drop").verdict
    assert "fine" == case.judge(lines % "keep" + "\naccept: [clock-lost]").verdict
    assert ("bid", "made") == ((track := case.migrate(lines % "drop").tracks["alpha"]).kind, track.state)


def test_a_state_on_a_tracks_way_may_go() -> None:
    """What the way there had set stays; to turn back leads to what is still there."""
    case = Case(
        ("      made: {label: {en: Made, nl: Gedaan}}\n", "      new: {label: {en: New, nl: Nieuw}}\n"),
        ("to: made", "to: new"),
        ("from: made", "from: new"),
        ("offer.made", "offer.new"),
    )
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    case.engine.fire("p", "look", track="alpha", actor=LEAD)
    case.migrate("tracks: {offer: {states: {made: new}}}\nclocks: {look: drop}")
    case.engine.fire("p", "back", track="alpha", actor=LEAD)
    track = case.engine.get("p").tracks["alpha"]
    assert ("new", {"origin": "seller"}) == (track.state, track.data)


def test_one_pilot_may_be_decided_for_alone() -> None:
    """What is said of one pilot or of one of its tracks goes before what is said of all."""
    case = Case(
        ("      seen: {label: {en: Seen, nl: Gezien}}\n", "      read: {label: {en: Read, nl: Gelezen}}\n"),
        ("to: seen", "to: read"),
        ("from: seen", "from: read"),
    )
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    case.engine.fire("p", "look", track="alpha", actor=LEAD)
    judged = case.judge()
    assert [("state-gone", "alpha")] == [(one.code, one.track) for one in judged.findings]
    with pytest.raises(DefinitionError, match="state-gone"):
        case.judge("accept: [state-gone]")
    assert "made" == case.migrate("pilots: {p: {tracks: {alpha: {state: made}}}}").tracks["alpha"].state


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ("records: {note: {set: {aside: BSN 123456782}}}", "aside"),
        ("records: {note: {rename: {text: aside}, replace: {aside: {seen: BSN 123456782}}}}", "aside"),
        ("data: {set: {motto: BSN 123456782}}", "motto"),
    ],
)
def test_no_plan_writes_a_citizen_service_number(lines: str, field: str) -> None:
    """What nobody may tell no plan may write, whatever it accepts, and its answer does not repeat it."""
    case = Case(
        ("fields: {text: {type: text, required: true}", "fields: {aside: {type: text}, text: {type: text}"),
        ("data: {price: {type: integer}}", "data: {price: {type: integer}, motto: {type: text}}"),
    )
    case.engine.fire("p", "note", actor=LEAD, data={"text": "seen"})
    judged = case.judge(f"{lines}\naccept: [data-misfits]")
    assert ("decide", ("privacy-violation",)) == (judged.verdict, judged.codes)
    assert {field} == {one.params["field"] for one in judged.findings}
    assert "123456782" not in "".join(repr(one) + one.text() + one.text("nl") for one in judged.findings)


@pytest.mark.parametrize(
    ("edit", "lines", "counts"),
    [
        (("label: {en: Offers, nl: Aanbiedingen}", "label: {en: Bids, nl: Biedingen}"), "", True),
        (("trigger: finish", "trigger: close"), "triggers: {finish: close}", True),
        (("trigger: finish", "trigger: close"), "", False),
        (("sign: [lead, buyer]", "sign: [lead, buyer, seller]"), "", False),
        (("price: {type: integer}", "price: {type: integer, min: 1}"), "", False),
    ],
)
def test_a_signature_counts_for_what_was_signed(edit: tuple[str, str], lines: str, counts: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Where trigger, signers and fields are the same it counts on; where not it is voided, and the history names it."""
    case = Case(edit, ("  finish: {en", "  close: {en: Close, nl: Sluiten}\n  finish: {en"))
    case.engine.fire("p", "finish", actor=LEAD, data={"price": 7})
    assert (("signature-voided",) if not counts else ()) == tuple(one.code for one in case.judge(lines).notes)
    pilot = case.migrate(lines)
    assert counts is bool(pilot.signatures)
    event = list(case.engine.history("p"))[-1]
    assert counts is ("voided" not in event.data)
    if counts:
        trigger = pilot.signatures[0].trigger
        assert "done" == case.engine.fire("p", trigger, actor=BUYER).pilot.state
    else:
        assert ({"trigger": "finish", "role": "lead"},) == event.data["voided"]


def test_nobody_is_moved_into_an_end() -> None:
    """A state that becomes a final one is impossible: a pilot is closed by a trigger, with its outcome."""
    case = Case()
    judged = case.judge("states: {asked: done}")
    assert ("impossible", ("would-close",)) == (judged.verdict, judged.codes)


# -- who, and on what --------------------------------------------------------------------------------------------------


def test_another_role_moves_nothing() -> None:
    """Who does not manage workflows is refused, to apply and to undo, and told who may."""
    case = Case()
    for do in (case.engine.migrate, case.engine.undo_migration):
        with pytest.raises(Refused) as caught:
            do(case.plan(), actor=LEAD, reason="because")
        assert ("forbidden-role",) == caught.value.codes
        assert ("workflow_manager",) == caught.value.blockers[0].params["roles"]


def test_bad_calls_are_told() -> None:
    """A version that is not said, the same one, an unknown one, a pilot that is not there, no reason, no plan."""
    engine = Case().engine
    long = "9" * 5_000
    for flow, to in (("offers", 2), ("offers@1", 1), ("offers@1", True), ("offers@1", 0), (f"offers@{long}", 2)):
        with pytest.raises(BadArgument):
            engine.plan_migration(flow, to)
    with pytest.raises(BadArgument):
        engine.plan_migration("offers@1", 10**5_000)
    with pytest.raises(UnknownWorkflow):
        engine.plan_migration("offers@1", 7)
    plan = engine.plan_migration("offers@1", 2)
    with pytest.raises(UnknownPilot):
        engine.migrate(plan, pilots="nobody", **WHY)
    with pytest.raises(BadArgument, match="reason"):
        engine.migrate(plan, actor=WHY["actor"], reason=" ")
    with pytest.raises(BadArgument, match="plan_migration"):
        engine.migrate(plan.migration, **WHY)  # type: ignore[arg-type]  # on purpose


def test_a_plan_is_read_strictly() -> None:
    """Every word that its versions do not have is told with its line, and so is what is no plan."""
    case = Case()
    with pytest.raises(DefinitionError) as caught:
        case.plan(
            "states: {wondering: asked, asked: answered}\ntracks: {offer: {states: {made: gone}}, bid: {to: offer}}\n"
            "records: {story: {}}\nclocks: {answr: keep}\ntriggers: {ask: beg}\nroles: {king: lead}\nmood: bad"
        )
    words = {fault.text.split("`")[1] for fault in caught.value.faults}
    assert {"mood"} == words, "what is no plan at all is told first"
    with pytest.raises(DefinitionError) as caught:
        case.plan(
            "states: {wondering: asked, asked: answered}\ntracks: {offer: {states: {made: gone}}, bid: {to: offer}}\n"
            "records: {story: {}}\nclocks: {answr: keep}\ntriggers: {ask: beg}\nroles: {king: lead}"
        )
    words = {fault.text.split("`")[1] for fault in caught.value.faults}
    assert {"wondering", "answered", "gone", "bid", "story", "answr", "beg", "king"} == words
    assert "did you mean `answer`?" in str(caught.value)
    assert all(4 <= fault.line <= 9 for fault in caught.value.faults)


def test_the_plan_on_the_page_is_one() -> None:
    """What the documentation shows of all that a plan can say is read as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "change-a-workflow.md").read_text(encoding="utf-8")
    text = page.rsplit("```yaml\n", 1)[1].split("```", 1)[0]
    plan = load_migration(text, lambda _: ())
    assert all(vars_of(plan).values()), "something is left out"
    assert plan == load_migration(migration_text(plan, {}), lambda _: ())


@pytest.mark.parametrize(
    "value",
    [
        *("True", "FALSE", "Null", "NULL", "true", "on", "-", "it's", " a ", 'say "so"', "a: b", "# x", "~", "1"),
        *("a\nb", "a\n\n b", "tab\tx", 'a\n"b\\"', "\u2028x", "\xa0", "\U000f0000\n", "\N{OFFICE BUILDING}"),
        *("undecided", "undecided  # x", 5, -5, True, False),
    ],
)
def test_a_plan_comes_back_from_its_text(value: Scalar) -> None:
    """Whatever value a plan writes is the same value when its file is read."""
    steps = FrozenDict(note=Steps(set=FrozenDict(text=value)))
    plan = Migration("offers", Version(1), Version(2), records=steps)
    again = load_migration(migration_text(plan, {"answer": "changed"}).replace(UNDECIDED, "keep"), lambda _: ())
    back = again.records["note"].set["text"]
    assert (type(value), value) == (type(back), back)
    assert {"answer": "keep"} == again.clocks


def test_each_line_of_a_note_is_a_comment() -> None:
    """A note of several lines, or of none, stands above the plan and is no part of it."""
    plan = Migration("offers", Version(1), Version(2), clocks=FrozenDict(answer="keep"))
    text = migration_text(plan, {}, ["for the board:\nto decide on\n\nin May", ""])
    assert ["# for the board:", "# to decide on", "#", "# in May", "#", "migrate: offers"] == text.splitlines()[:6]
    assert plan == load_migration(text, lambda _: ())


def vars_of(plan: Migration) -> dict[str, object]:
    """Its attributes."""
    return {one.name: getattr(plan, one.name) for one in fields(Migration)}


def test_a_plan_is_for_what_it_was_made_for(tmp_path: Path) -> None:
    """A plan of other versions, or of another content of these, is refused; its own text is taken again."""
    case = Case(shorter("20 days"))
    made = case.engine.plan_migration("offers@1", 2)
    assert "answer: undecided  # changed" in made.text()
    with pytest.raises(DefinitionError, match="keep"):
        case.engine.plan_migration("offers@1", 2, made.text())
    file = tmp_path / "plan.yaml"
    file.write_text(made.text(["for the board"]).replace("undecided  # changed", "keep"), encoding="utf-8")
    again = case.engine.plan_migration("offers@1", 2, file)
    assert () == again.undecided
    assert again.text() == case.engine.plan_migration("offers@1", 2, again.text()).text()
    for old, new in (("version: 2", "version: 3"), (case.two.hash, "0" * 64), ("migrate: offers", "migrate: bids")):
        with pytest.raises(BadArgument):
            case.engine.plan_migration("offers@1", 2, again.text().replace(old, new))


def test_what_happened_since_is_not_undone() -> None:
    """A pilot that went on stays under the new version, and says so; others go back."""
    case = Case()
    case.engine.start("offers@1", id="q", actor=LEAD, data={"title": "Flowers"})
    plan = case.plan()
    assert 2 == case.engine.migrate(plan, **WHY).done
    case.engine.fire("q", "ask", actor=LEAD)
    came = case.engine.undo_migration(plan, **WHY)
    assert (1, 1) == (came.done, came.gone_on)
    assert ["offers@1", "offers@2"] == [one.workflow for one in case.engine.each()]


def test_two_at_once_move_each_pilot_once(tmp_path: Path) -> None:
    """Several engines that apply one plan at the same time add one event to each pilot, and lose none."""
    url = f"sqlite:///{tmp_path / 'pilots.db'}"
    case = Case(url=url)
    for number in range(40):
        case.engine.start("offers@1", id=f"q-{number}", actor=LEAD, data={"title": "Flowers"})
    plan = case.plan()

    def apply(_: int) -> int:
        with Engine(open_store(url), workflows=[ONE, case.two], time=case.clock) as engine:
            return engine.migrate(plan, **WHY).done

    with ThreadPoolExecutor(4) as pool:
        assert 41 == sum(pool.map(apply, range(4)))
    assert [2 + (one.id == "p") for one in case.engine.each()] == [one.version for one in case.engine.each()]
    case.engine.close()


def test_to_judge_writes_nothing(postgresql_url: str) -> None:
    """Every pilot is judged over a connection that may only read, with a version that the store never saw."""
    upgrade_schema(postgresql_url)
    case = Case(shorter("20 days"), url=postgresql_url)
    case.engine.close()
    sign = "&" if "?" in postgresql_url else "?"
    store = open_store(f"{postgresql_url}{sign}options=-c%20default_transaction_read_only%3Don")
    with Engine(store, workflows=[ONE, case.two], time=case.clock) as engine:
        assert ["fine"] == [
            one.verdict for one in engine.plan_migration("offers@1", 2, f"{HEAD}clocks: {{answer: keep}}\n")
        ]
