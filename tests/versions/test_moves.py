"""What becomes of pilots in rarer lives: states become one, types are emptied, signals go, and two moves in a row."""

from datetime import timedelta

import pytest
from attrs import evolve

from proeftuin import BadArgument, DefinitionError, Engine, Pilot
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.migration.declared import Do, Migration, Version
from proeftuin.core.migration.moving import Judged
from proeftuin.core.workflow import Edge, Workflow
from tests.versions.offers import BEGAN, FLOW, LEAD, SELLER, Case, shorter
from tests.versions.pilots import WHY, bare

MEMO = (
    ("  note: {label: {en: Note, nl: Notitie}", "  memo: {label: {en: Memo, nl: Memo}"),
    ("{add: note}", "{add: memo}"),
)


def undone(case: Case, lines: str = "") -> Pilot:
    """Move the pilot, hold what is kept against its history, and move it back to what it was."""
    before = case.engine.get("p")
    moved = case.migrate(lines)
    assert moved == replay(case.engine.history("p"))
    assert 1 == case.engine.undo_migration(case.plan(lines), **WHY).done
    assert bare(before) == bare(case.engine.get("p"))
    assert case.engine.get("p") == replay(case.engine.history("p"))
    assert () == case.engine.verify()
    return moved


# -- records -----------------------------------------------------------------------------------------------------------


def test_records_of_a_type_with_another_name_keep_their_names() -> None:
    """What is kept goes on under its own id, a new record takes one that none ever had, and undoing restores all."""
    case = Case(*MEMO)
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one"})
    undone(case, "records: {note: {to: memo}}")
    case.migrate("records: {note: {to: memo}}")
    case.engine.fire("p", "note", actor=LEAD, data={"text": "two"})
    assert ["note-1", "memo-1"] == [one.id for one in case.engine.get("p").records("memo")]


ENDED = (
    ("fields: {text: {type: text, required: true}", "keep: open, fields: {text: {type: text, required: true}"),
    (
        "  - {trigger: pause",
        "  - {trigger: forget, from: any_open, allow: [lead], records: [{end: note}]}\n  - {trigger: pause",
    ),
    ("words:\n", "words:\n  forget: {en: Forget, nl: Vergeten}\n"),
    (
        "  note: {label",
        "  tip: {label: {en: Tip, nl: Tip}, fields: {text: {type: text, required: true}}}\n  note: {label",
    ),
    (
        "  - {trigger: pause",
        "  - {trigger: tell, from: any_open, allow: [lead], records: [{add: tip}]}\n  - {trigger: pause",
    ),
    ("words:\n", "words:\n  tell: {en: Tell, nl: Vertellen}\n"),
)


@pytest.mark.parametrize("to", ["memo", "tip"])
def test_a_type_of_which_none_is_left_stands_in_nobodys_way(to: str) -> None:
    """Gone from the new version it asks for no decision, and undoing gives it back."""
    goes = (*MEMO, ("{end: note}", "{end: memo}"))
    case = Case(*(goes if to == "memo" else ()), first=ENDED)
    for text in ("one", "two"):
        case.engine.fire("p", "note", actor=LEAD, data={"text": text})
        case.engine.fire("p", "forget", actor=LEAD)
    case.engine.fire("p", "tell", actor=LEAD, data={"text": "ask early"})
    assert {"note": (), "tip": case.engine.get("p").records("tip")} == case.engine.get("p").kept
    assert "fine" == case.judge().verdict
    undone(case)
    lines = "records: {note: {to: memo}}" if to == "memo" else "records: {tip: {to: note}}"
    assert 1 == len(undone(case, lines).records("tip" if to == "memo" else "note"))


def test_what_a_plan_fills_in_may_name_no_citizen() -> None:
    """What was recorded is not judged again, but a plan may write no citizen's number into a record."""
    case = Case()
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one"})
    found = case.judge("records: {note: {replace: {text: {one: '123456782'}}}}")
    assert ("decide", "citizen") == (found.verdict, found.findings[0].params["problem"])


def test_what_the_new_version_has_no_place_for_is_told() -> None:
    """A record or a track of a kind that is gone needs a place to go, which has to be one that there is."""
    case = Case(
        *MEMO, ("tracks:\n  offer:", "tracks:\n  bid:"), ("opens: offer", "opens: bid"), ("offer.made", "bid.made")
    )
    case.engine.fire("p", "note", actor=LEAD, data={"text": "one"})
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    assert ("decide", {"record-gone", "kind-gone"}) == ((one := case.judge()).verdict, set(one.codes))
    with pytest.raises(DefinitionError, match="`mamo` is not there; did you mean `memo`"):
        case.judge("records: {note: {to: mamo}}")
    lines = "records: {note: {to: memo}}\ntracks: {offer: {to: bid}}\nclocks: {look: rebase}\naccept: [clock-lost]"
    moved = undone(case, lines)
    assert ("bid", 1) == (moved.tracks["alpha"].kind, len(moved.records("memo")))


@pytest.mark.parametrize(
    ("source", "lost"), [("key", False), ("nobody", True), ("origin", True), ("bidder", True), ("maker", False)]
)
def test_whose_a_track_is_does_not_change_unseen(source: str, lost: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """A track that would be another's or nobody's from its next move on needs a decision, which accepting it is."""
    made = "opens: offer, to: made, allow: [seller], data: {maker: {type: text}}"
    first = (
        ("opens: offer, to: made, allow: [seller]", made),
        ("from: made, to: seen, allow: [lead]", "from: made, to: seen, allow: [lead], data: {bidder: {type: text}}"),
    )
    case = Case(("    states:\n      made", f"    party_from: {source}\n    states:\n      made"), first=first)
    case.engine.fire("p", "offer", track="alpha", actor=SELLER, data={"maker": "alpha"})
    found = case.judge()
    assert ([("data-misfits", "alpha")] if lost else []) == [(one.code, one.track) for one in found.findings]
    case.migrate("accept: [data-misfits]" if lost else "")
    moved = case.engine.fire("p", "look", track="alpha", actor=LEAD).pilot
    assert lost == (moved.tracks["alpha"].party != "alpha")


def test_a_kind_of_track_becomes_two_by_what_its_tracks_hold() -> None:
    """The first branch that a track answers to says what it becomes, and one that answers to none has no place."""
    offer = FLOW[FLOW.index("  offer:\n    label") : FLOW.index("clocks:\n")]
    other = offer.replace("  offer:", "  bid:").replace("trigger: offer, opens: offer", "trigger: bid, opens: bid")
    case = Case(("clocks:\n", f"{other}clocks:\n"), ("words:\n", "words:\n  bid: {en: Bid, nl: Bieden}\n"))
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    lines = "tracks: {{offer: {{to: [{{to: bid, where: {{origin: {}}}}}]}}}}"
    assert ("decide", ("kind-gone",)) == ((one := case.judge(lines.format("buyer"))).verdict, one.codes)
    moved = undone(case, f"{lines.format('seller')}\naccept: [clock-lost]")
    assert "bid" == moved.tracks["alpha"].kind


# -- states ------------------------------------------------------------------------------------------------------------

THIRD = (
    ("      taken: {done", "      read: {label: {en: Read, nl: Gelezen}}\n      taken: {done"),
    (
        "      - {trigger: take, from: seen",
        """      - {trigger: read, from: seen, to: read, allow: [lead], set: {mark: read}}
      - {trigger: take, from: [seen, read]""",
    ),
    ("words:\n", "words:\n  read: {en: Read, nl: Lezen}\n"),
)


def test_a_state_that_two_became_is_on_a_tracks_way_once() -> None:
    """What lay between is no way back any more, what was set there stays, and undoing gives the whole way back."""
    case = Case(first=THIRD)
    for trigger, actor in (("offer", SELLER), ("look", LEAD), ("read", LEAD)):
        case.engine.fire("p", trigger, track="alpha", actor=actor)
        case.wait(1)
    track = undone(case, "tracks: {offer: {states: {read: made}}}\naccept: [clock-lost]").tracks["alpha"]
    assert ([("made", BEGAN + timedelta(2))], "made") == ([(one.state, one.since) for one in track.trail], track.state)
    assert {"origin": "seller", "mark": "read"} == track.data


def test_a_way_that_two_states_less_are_on_leads_through_what_there_is() -> None:
    """Where a track would have come further at once, the moves in between are those of the new version."""
    gate = "from: made, to: seen, require: [{has: {record: note, code: missing-note}}], allow"
    code = "words:\n", "codes:\n  missing-note: {en: No note, nl: Geen notitie}\nwords:\n"
    case = Case(("from: made, to: seen, allow", gate), code, first=THIRD)
    for trigger, actor in (("offer", SELLER), ("look", LEAD), ("read", LEAD)):
        case.engine.fire("p", trigger, track="alpha", actor=actor)
    judged = case.judge("tracks: {offer: {states: {seen: made, read: taken}}}\naccept: [clock-lost]")
    (found,) = judged.findings
    assert ("gate-jumped", "missing-note", "taken") == (found.code, found.params["gate"], found.params["to"])


def test_the_phases_of_the_new_version_are_those_of_the_path() -> None:
    """A state that lies in another phase now lies there on the path too, so figures of a day agree with the pilot."""
    moved = undone(Case(("asked: {phase: supplier_talks", "asked: {phase: evaluation")))
    assert (moved.state, moved.phase) == (moved.path[-1].state, moved.path[-1].phase)
    assert "evaluation" == moved.phase


def test_the_path_leads_to_where_one_pilot_was_put() -> None:
    """Where a plan says of one pilot or track to which state it goes, its path says so too, and figures with it."""
    case = Case()
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    lines = "pilots: {p: {state: open, tracks: {alpha: {state: seen}}, accept: [clock-lost]}}"
    moved = undone(case, lines)
    assert [("open", None), ("open", None), ("seen", "alpha")] == [(one.state, one.track) for one in moved.path]
    assert {"exploration"} == {one.phase for one in moved.path if one.track is None}


def test_a_state_on_the_way_that_is_gone_leaves_what_it_set() -> None:
    """Where no state takes its place, the way begins with what is still there, and holds what was set before."""
    made = "      made: {label: {en: Made, nl: Gedaan}}\n"
    case = Case(
        (made, ""),
        ("to: made", "to: seen"),
        ("      - {trigger: look, from: made, to: seen, allow: [lead]}\n", ""),
        ("offer.made", "offer.seen"),
    )
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    case.engine.fire("p", "look", track="alpha", actor=LEAD)
    track = undone(case, "clocks: {look: drop}").tracks["alpha"]
    assert (["seen"], {"origin": "seller"}) == ([one.state for one in track.trail], track.data)


def judged(case: Case, version: Workflow) -> Judged:
    """What a move to a version would do that was made in Python, past what a file may say."""
    (found,) = Engine(case.engine._store, workflows=[case.one, version], time=case.clock).plan_migration("offers@1", 2)
    return found


def without(edges: tuple[Edge, ...], *triggers: str) -> tuple[Edge, ...]:
    return tuple(one for one in edges if one.trigger not in triggers)


def test_what_can_never_be_is_impossible() -> None:
    """A state to which no way leads, and one from which a pilot or a track comes to no end, are no place to go on."""
    case = Case()
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    offer = case.two.tracks["offer"]
    stuck = FrozenDict(offer=evolve(offer, edges=without(offer.edges, "take")))
    for version, code, track in (
        (evolve(case.two, edges=without(case.two.edges, "ask")), "never-reached", None),
        (evolve(case.two, edges=without(case.two.edges, "finish", "expire")), "no-way-out", None),
        (evolve(case.two, tracks=stuck), "no-way-out", "alpha"),
    ):
        found = judged(case, version)
        assert ("impossible", [(code, track)]) == (found.verdict, [(one.code, one.track) for one in found.findings])


def test_a_join_that_nobody_can_meet_any_more_needs_a_decision() -> None:
    """Where new tracks can begin no more, one that may still get there is enough; without it somebody decides."""
    join = "require: [{tracks_reached: {kind: offer, states: [taken], min: 1}}], outcome: done"
    case = Case(("outcome: done", join), ("to: made, allow", "to: made, while: open, allow"))
    assert ("decide", ("join-unmet",)) == ((one := case.judge()).verdict, one.codes)
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    assert "fine" == case.judge().verdict


def test_a_gate_that_stands_twice_on_the_way_is_told_once() -> None:
    """A pilot that would not pass the same new gate on two moves needs one decision, with the first of them."""
    gate = "require: [{has: {record: note, code: missing-note}}]"
    code = "words:\n", "codes:\n  missing-note: {en: No note, nl: Geen notitie}\nwords:\n"
    again = (
        ("  - {trigger: pause", "  - {trigger: unask, from: asked, to: open, allow: [lead]}\n  - {trigger: pause"),
        ("words:\n", "words:\n  unask: {en: Take back, nl: Terugnemen}\n"),
    )
    new = (
        ("to: asked, ", f"to: asked, {gate}, "),
        ("to: open, allow: [lead]}", f"to: open, {gate}, allow: [lead]}}"),
        code,
    )
    case = Case(*new, first=again)
    case.engine.fire("p", "unask", actor=LEAD)
    (found,) = case.judge().findings
    assert ("gate-jumped", "missing-note", "asked") == (found.code, found.params["gate"], found.params["to"])
    assert "fine" == case.judge("accept: [missing-note]").verdict


# -- clocks ------------------------------------------------------------------------------------------------------------


def test_what_is_overdue_is_done_before_it_is_judged() -> None:
    """A pilot whose term is over closes under its own version: it is not told to be impossible, nor counted as left."""
    case = Case()
    case.clock.at += timedelta(days=40)
    assert [] == list(case.plan())
    came = case.engine.migrate(case.plan(), **WHY)
    assert (0, 0) == (came.done, came.left)
    case.engine.tick()
    assert ("lapsed", "offers@1") == ((pilot := case.engine.get("p")).state, pilot.workflow)


@pytest.mark.parametrize(
    "line", ["{answer: {do: keep, to: look}}", "{look: {do: drop, to: reply}, answer: {do: keep, to: reply}}"]
)
def test_two_clocks_do_not_become_one(line: str) -> None:
    """A clock that goes on under the name of another, or leaves its own to another, is told and nothing is applied."""
    case = Case(("clocks:\n", "clocks:\n  reply: {since: progress, due: 7 days}\n"))
    assert "clock-mingled" in {one.code for one in case.plan(f"clocks: {line}").undecided}


def test_what_was_put_off_is_put_off_once() -> None:
    """A second migration keeps the day until which the first put off what a clock fires."""
    case = Case(shorter("9 days"))
    case.wait(10)
    case.migrate("clocks: {answer: rebase}")
    case.wait(3)
    three = evolve(case.two, version=3)
    engine = Engine(case.engine._store, workflows=[case.one, case.two, three], time=case.clock)
    said: tuple[dict[str, Do], ...] = ({}, {"answer": "keep"})
    for clocks in said:
        plan = engine.plan_migration("offers@2", 3, Migration("offers", Version(2), Version(3), clocks=clocks))
        assert 1 == engine.migrate(plan, **WHY).done
        assert BEGAN + timedelta(17) == engine.get("p").laid["answer"].fires
        assert 1 == engine.undo_migration(plan, **WHY).done


def test_what_was_told_goes_with_the_term_that_told_it() -> None:
    """A term that is dropped or begins anew leaves nothing told behind, and undoing gives it back."""
    case = Case(shorter("20 days"))
    case.wait(15)
    assert ["answer"] == list(case.engine.get("p").told)
    for do in ("drop", "restart"):
        assert {} == undone(case, f"clocks: {{answer: {do}}}").told


def test_a_clock_that_is_new_fires_a_week_from_now() -> None:
    """Where nobody could expect a trigger, as its clock did not run, a week goes by before it is fired."""
    case = Case(("  look: {since", "  late: {since: asked, due: 3 days, fire: expire}\n  look: {since"))
    case.wait(10)
    assert BEGAN + timedelta(17) == undone(case, "clocks: {late: rebase}").laid["late"].fires


STALLED = "quiet: {since: progress, due: 5 days, signal: {stalled: 5 days, tell: [lead]}}"
SIGNAL = (
    ("clocks:\n", f"clocks:\n  {STALLED}\n"),
    ("words:\n", "words:\n  stalled: {en: Stalled, nl: Stil}\n  quiet: {en: Quiet, nl: Stil}\n"),
)


@pytest.mark.parametrize(
    ("edit", "lines", "up"),
    [
        ((), "", True),
        (
            ((STALLED, STALLED.replace("quiet", "calm")), ("  quiet: {en", "  calm: {en")),
            "clocks: {quiet: {do: keep, to: calm}}",
            True,
        ),
        (((f"  {STALLED}\n", ""),), "clocks: {quiet: drop}", False),
        (((STALLED, STALLED.replace("5 days", "9 days")),), "clocks: {quiet: rebase}", False),
        (((STALLED, STALLED.replace("5 days", "4 days")),), "clocks: {quiet: restart}", False),
    ],
)
def test_a_signal_goes_with_what_raised_it(edit: tuple[tuple[str, str], ...], lines: str, up: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """It is up for as long as the term that raised it says so under the new version, and undoing gives it back."""
    case = Case(*edit, first=SIGNAL)
    case.wait(6)
    assert ["stalled"] == [one.signal for one in case.engine.get("p").signals]
    moved = undone(case, lines)
    assert up is bool(moved.signals)
    assert up is (moved.episodes[0].until is None)
    case.migrate(lines)
    case.wait(1)
    assert up is bool(case.engine.get("p").signals)
    assert 1 == len(case.engine.get("p").episodes)


# -- signatures --------------------------------------------------------------------------------------------------------


def test_two_signers_that_became_one_sign_anew() -> None:
    """Where one role now stands for both, what one of them signed is not what the other did: it is voided."""
    three = "sign: [lead, buyer, boss]"
    boss = ("  seller: {", "  boss: {side: client, label: {en: Boss, nl: Baas}}\n  seller: {")
    case = Case((three, "sign: [lead, buyer]"), first=(("sign: [lead, buyer]", three), boss))
    case.engine.fire("p", "finish", actor=LEAD, data={"price": 7})
    assert ["signature-voided"] == [one.code for one in case.judge("roles: {boss: buyer}").notes]
    assert () == undone(case, "roles: {boss: buyer}").signatures


# -- plans -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("accept: [gate-jmped]", "gate-jmped"),
        ("pilots: {p: {accept: [nonsense]}}", "nonsense"),
        ("pilots: {nobody: {state: open}}", "nobody"),
        ("pilots: {p: {state: opne}}", "opne"),
        ("pilots: {p: {tracks: {beta: {state: made}}}}", "beta"),
        ("pilots: {p: {tracks: {alpha: {state: maed}}}}", "maed"),
        ("pilots: {p: {tracks: {alpha: {kind: bid}}}}", "bid"),
        ("records: {note: {rename: {txet: text}}}", "txet"),
        ("records: {note: {rename: {text: txet}}}", "txet"),
        ("records: {note: {drop: [mork]}}", "mork"),
        ("records: {note: {set: {mork: 1}}}", "mork"),
        ("records: {note: {replace: {mork: {a: b}}}}", "mork"),
        ("data: {rename: {titel: title}}", "titel"),
        ("data: {rename: {title: titel}}", "titel"),
        ("data: {drop: [sektor]}", "sektor"),
        ("data: {set: {sektor: care}}", "sektor"),
        ("data: {replace: {sektor: {a: b}}}", "sektor"),
    ],
)
def test_what_a_plan_says_of_what_is_not_there_is_told(lines: str, word: str) -> None:
    """A finding, pilot, track, state, kind or field that nobody knows is told with its line, and not passed over."""
    case = Case()
    case.engine.fire("p", "offer", track="alpha", actor=SELLER)
    with pytest.raises(DefinitionError, match=f"`{word}` is not there") as caught:
        case.plan(lines)
    assert [4] == [one.line for one in caught.value.faults]


def test_a_plan_that_is_no_file_is_held_to_the_same() -> None:
    """A migration that is made in Python with a word that is not there is refused like a file."""
    case = Case()
    with pytest.raises(BadArgument, match="opne"):
        case.engine.plan_migration("offers@1", 2, Migration("offers", Version(1), Version(2), states={"opne": "open"}))
    said = Migration("offers", Version(1), Version(2), clocks={"answer": "restart"})
    assert ["fine"] == [one.verdict for one in case.engine.plan_migration("offers@1", 2, said)]


def test_what_was_moved_on_and_back_has_gone_on() -> None:
    """Of a pilot that another migration moved and that was moved back, it is told that the first is not undone."""
    case = Case()
    case.migrate()
    three = evolve(case.two, version=3)
    engine = Engine(case.engine._store, workflows=[case.one, case.two, three], time=case.clock)
    on = engine.plan_migration("offers@2", 3)
    assert (1, 1) == (engine.migrate(on, **WHY).done, engine.undo_migration(on, **WHY).done)
    came = engine.undo_migration(engine.plan_migration("offers@1", 2), **WHY)
    assert (0, 1) == (came.done, came.gone_on)
