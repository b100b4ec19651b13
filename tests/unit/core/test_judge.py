"""What guards are asked: all of it, when, and about the pilot as which moment has it."""

from datetime import date, timedelta

import pytest

from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import Answer, Guard, Question, guard
from proeftuin.core.judge import objections
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.workflow import Edge, Falls, Field
from tests.unit.core.days import Days, clock, timed
from tests.unit.core.small import BOARD, LEAD, NOW, TODAY, Play, Watch, edge, kind, op, opener, small, supplier, use

SETTINGS = Settings({"small_cell": [Dated("7", date(2026, 1, 1), "ours")]})
JOB = kind("Job", interval=("start", "end"), start=Field("date"), end=Field("date"))
NUMBERS = FrozenDict(n=Field("integer"), many=Field("list", of="integer"))


def moving(watch: Watch, *more: Edge, **parts: object) -> Play:
    """A pilot with a supplier where one job gives way to the next, and a guard that watches."""
    replace = edge(
        "replace",
        "seen",
        "talking",
        during=("any_open",),
        allow=("lead", "board"),
        records=(op(end="job"), op(add="job")),
        data=FrozenDict(why=Field("text")),
        **parts,
    )
    place = edge("place", "seen", during=("any_open",), records=(op(add="job"),))
    play = Play(
        small(
            *more, records={"job": JOB}, tracks={"supplier": supplier(opener("identify", "seen"), place, replace)}
        ),
        guards=(watch.guard, nay),
        settings=SETTINGS,
    )  # fmt: skip
    play.accept("identify", track="acme")
    play.accept("place", {"start": "2026-02-20"}, track="acme")
    return play


def test_a_guard_is_asked_with_all_that_there_is_to_know() -> None:
    """A question has the workflow, the pilot as it is, who acts as what, the day, the numbers, and the whole plan."""
    watch = Watch()
    play = moving(watch, require=(use("watch"),))
    pilot = play.pilot
    play.accept("replace", {"why": "x", "start": "2026-03-02"}, track="acme", by=BOARD, now=NOW + timedelta(days=1))
    (asked,) = watch.asked
    assert (play.table.workflow, pilot, pilot.tracks["acme"], {"why": "x", "start": "2026-03-02"}) == (
        asked.workflow,
        asked.pilot,
        asked.track,
        asked.data,
    )
    assert (BOARD, "board", TODAY + timedelta(days=1), SETTINGS, "replace") == (
        asked.actor,
        asked.role,
        asked.today,
        asked.settings,
        asked.trigger,
    )
    old, new = play.pilot.kept["job"]
    assert ((new,), [(pilot.kept["job"][0], old)]) == (
        asked.adding,
        [(one.before, one.after) for one in asked.changing],
    )


def test_whether_a_track_falls_is_asked_of_what_the_edge_leaves_behind() -> None:
    """The pilot that such a guard sees holds the records as they will be, each once, and nothing is still to come."""
    watch = Watch()
    play = moving(watch, falls=Falls("gone", (use("watch"),)))
    before = play.pilot
    play.accept("replace", {"start": "2026-03-02"}, track="acme")
    (asked,) = watch.asked
    after = play.pilot.kept["job"]
    assert (after, (), ()) == (asked.pilot.kept["job"], asked.adding, asked.changing)
    assert (list(after), before.state, before.tracks) == (asked.records("job"), asked.pilot.state, asked.pilot.tracks)


@guard(codes=("no",))
def nay(question: Question) -> Answer:
    """Never."""
    del question
    return Blocker("no")


@guard(reads=("n",), codes=("odd",))
def even(question: Question) -> Answer:
    """The number is even."""
    return Blocker("odd") if question.data.get("n", 1) % 2 else None


@guard(reads=("many",), codes=("few",))
def plenty(question: Question) -> Answer:
    """There are many numbers."""
    return Blocker("few") if len(question.data.get("many", ())) < 5 else None


calm = Guard("calm", lambda question: None)  # it has nothing against anything
broken = Guard("broken", lambda question: Blocker(question.nope))  # type: ignore[attr-defined]  # there is no such thing


def guarded(*guards: Guard) -> Play:
    uses = tuple(use(one.name) for one in guards)
    return Play(small(edge("go", "first", "second", require=uses, data=NUMBERS)), guards=guards)


def test_a_guard_that_lets_pass_speaks_for_itself_alone() -> None:
    """Guards after one that has nothing against it are asked too."""
    assert ("no", "few") == guarded(calm, nay, calm, plenty).codes("go")


@pytest.mark.parametrize(("data", "codes"), [({"many": ["x"]}, ("bad-value",)), ({"many": [1]}, ("few",))])
def test_a_guard_is_not_asked_about_a_list_of_which_a_part_was_refused(
    data: dict[str, object], codes: tuple[str, ...]
) -> None:
    """Where one item of a list is refused the whole field is, so that guards that read it abstain."""
    assert codes == guarded(plenty).codes("go", data)


def test_before_there_is_any_data_no_guard_is_asked_that_reads_some() -> None:
    """In a list of what may be done, a guard that reads fields says nothing, as what these will hold is unknown."""
    play = guarded(even, calm, nay)
    (option,) = (one for one in play.options(by=LEAD, everything=True) if one.trigger == "go")
    assert ("no",) == tuple(one.code for one in option.blockers)
    assert ("odd", "no") == play.codes("go")


def test_a_guard_of_what_a_clock_fires_is_asked_with_the_numbers_of_the_organisation() -> None:
    """What a clock fires is judged by the same settings as what a person does, as the system, without any key."""
    watch = Watch()
    lapse = edge("lapse", "first", "second", allow=("system",), require=(use("watch"),))
    play = Days(timed(lapse, act=clock("5 days", since="progress", fire="lapse")), guards=(watch.guard,),
                settings=SETTINGS)  # fmt: skip
    assert ["5 fired act lapse", "5 moved p1 to second"] == play.tick(6)
    (asked,) = watch.asked
    assert (SETTINGS, "system", "system", "lapse") == (asked.settings, asked.actor.id, asked.role, asked.trigger)
    assert [None] * len(play.events) == [one.key for one in play.events]


def test_what_is_wrong_with_the_place_or_the_choice_is_told_whole() -> None:
    """A key that no track can have, and a choice that no edge is for, are told with their field and what is wrong."""
    how = FrozenDict(how=Field("choice", of=("well", "badly")))
    go = edge("go", when=FrozenDict(how=("well",)), data=how)
    play = Play(small(go, tracks={"supplier": supplier(opener("identify", "seen"))}))
    (blocker,) = play.refuse("identify", track="No such key")
    assert {"field": "track", "problem": "form", "trigger": "identify"} == blocker.params
    (blocker,) = play.refuse("go", {"how": "badly"})
    assert {"field": "how", "problem": "not-a-choice", "trigger": "go"} == blocker.params


def test_advice_comes_with_a_signature_too() -> None:
    """What is advised against is told to whoever signs first, and asked about the data as it was checked."""
    watch = Watch()
    advice = Guard("advice", lambda question: Blocker("mind", FrozenDict(n=question.data.get("n"))))
    number = FrozenDict(n=Field("integer"))
    seal = edge("seal", sign=("lead", "board"), advise=(use("advice"), use("watch")), data=number)
    play = Play(small(seal), guards=(advice, watch.guard))
    (warning,) = play.sign("seal", {"n": 3}).warnings
    assert ("mind", 3) == (warning.code, warning.params["n"])
    assert 3 == watch.asked[-1].data["n"]


def test_advice_that_breaks_is_told_as_such_and_refuses_nothing() -> None:
    """A guard that raises where it only advises is a warning that says which guard it was."""
    play = Play(small(edge("go", advise=(use("broken"),))), guards=(broken,))
    (warning,) = play.accept("go").warnings
    assert ("guard-error", "broken") == (warning.code, warning.params["guard"])


def test_what_is_asked_of_what_an_edge_leaves_behind_hides_no_other_reason() -> None:
    """Where a track might fall, everything else that is against the edge is told too."""
    play = moving(Watch(), require=(use("nay"),), falls=Falls("gone", (use("watch"),)))
    assert ("no",) == play.codes("replace", {"start": "2026-03-02"}, track="acme")


def test_objections_can_be_asked_for_wherever_a_pilot_stands() -> None:
    """What guards have against a pilot is asked of it as it is, without a plan, for its track and in a role."""
    watch = Watch()
    play = moving(watch, require=(use("watch"),))
    (rule,) = play.table.rules["supplier", "replace"]
    attempt = play.attempt("replace", {"why": "x"}, track="acme", by=BOARD, now=NOW.replace(hour=23))
    for role, more in (("system", ()), ("board", ("board",))):
        assert () == objections(play.table, attempt, rule, rule.require, *more)
        asked = watch.asked.pop()
        assert (play.table.workflow, play.pilot, play.pilot.tracks["acme"], {"why": "x"}, BOARD, role) == (
            asked.workflow, asked.pilot, asked.track, asked.data, asked.actor, asked.role,
        )  # fmt: skip
        assert (TODAY + timedelta(days=1), SETTINGS, "replace", (), ()) == (
            asked.today, asked.settings, asked.trigger, asked.adding, asked.changing,
        )  # fmt: skip
    objections(play.table, play.attempt("replace"), rule, rule.require)
    assert (None, EMPTY) == (watch.asked[-1].track, watch.asked[-1].data)


def test_objections_are_told_and_without_data_only_those_that_read_none() -> None:
    """Every guard that has something against it is told; one that breaks is; one that reads data needs some."""
    play = guarded(even, nay, broken)
    (rule,) = play.table.rules[None, "go"]
    blind = objections(play.table, play.attempt("go"), rule, rule.require)
    assert ("no", "guard-error") == tuple(one.code for one in blind)
    found = objections(play.table, play.attempt("go", {"n": 3}), rule, rule.require)
    assert ("odd", "no", "guard-error") == tuple(one.code for one in found)
    assert {"guard": "broken", "error": "AttributeError"} == found[-1].params
