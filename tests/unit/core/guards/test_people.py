from datetime import timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.guards import Answer, Question, people
from proeftuin.core.pilot import Record
from proeftuin.core.structs import replace
from tests.unit.core.small import TODAY, a_pilot, a_track, codes_of, question, record

YESTERDAY = (TODAY - timedelta(1)).isoformat()
TOMORROW = (TODAY + timedelta(1)).isoformat()


def session(*present: tuple[str, str], type: str = "joint_session", number: int = 1, **more: Any) -> Record:  # noqa: A002  # the field's own word
    rows = [{"person": person, "role": role} for person, role in present]
    return record("activity", number, **{"type": type, "present": rows, **more})


def duty(name: str, person: str = "x", number: int = 1, **more: Any) -> Record:
    days = {name: more.pop(name) for name in ("until",) if name in more}  # of the duty, not of the record
    held = record("assignment", number, **{"duty": name, "person": person, **more})
    return replace(held, data=freeze({**held.data, **days}))


def asked(*records: Record, params: Any = None, **parts: Any) -> Question:
    return question(
        a_pilot(*records, tracks=parts.pop("tracks", ()), **parts.pop("pilot", {})), params=params or {}, **parts
    )


PAIR = {"roles": ("lead", "board")}


def needs(answer: Answer) -> tuple[str | None, FrozenDict]:
    found = codes_of(answer)
    assert 1 == len(found)
    blocker = answer if not isinstance(answer, (list, tuple)) else answer[0]
    return blocker.needs[0].record, blocker.needs[0].data  # type: ignore[union-attr]  # a blocker, as just counted


@pytest.mark.parametrize(
    "held",
    [
        session(("a", "lead"), ("b", "board")),
        session(("a", "lead"), ("a", "board"), ("c", "lead")),
        session(("a", "lead"), ("b", "board"), type="workshop"),
    ],
)
def test_a_joint_session_has_each_role_by_another_person(held: Record) -> None:
    """One session with different people in each of the roles is enough."""
    assert None is people.joint_session(asked(held, params=PAIR))


@pytest.mark.parametrize(
    "held",
    [
        (),
        (session(("a", "lead"), ("a", "board")),),
        (session(("a", "lead")), session(("b", "board"), number=2)),
        (session(("a", "lead"), ("b", "board"), type="coffee"),),
    ],
)
def test_one_person_or_two_sessions_make_no_joint_session(held: tuple[Record, ...]) -> None:
    """The roles must be there at the same session, in a session that counts, and as different people."""
    answer = people.joint_session(asked(*held, params=PAIR))
    assert ("missing-pair",) == codes_of(answer)
    rows = ({"person": "lead", "role": "lead"}, {"person": "board", "role": "board"})
    assert ("activity", {"type": "joint_session", "present": rows}) == needs(answer)


def test_which_activities_count_as_sessions_can_be_chosen() -> None:
    """The types of session may be given, and the remedy names the first."""
    params = {**PAIR, "types": ("coffee",)}
    assert None is people.joint_session(asked(session(("a", "lead"), ("b", "board"), type="coffee"), params=params))
    assert "coffee" == needs(people.joint_session(asked(params=params)))[1]["type"]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (session(("a", "lead"), ("b", "board")), ()),
        (session(("a", "lead"), ("b", "watcher")), ()),
        (session(("a", "lead"), ("a", "watcher")), ("missing-pair",)),
        (session(("a", "board"), ("b", "watcher")), ("missing-pair",)),
        (session(("a", "lead")), ("missing-pair",)),
    ],
)
def test_one_of_several_roles_may_make_the_pair(held: Record, expected: tuple[str, ...]) -> None:
    """Beside the roles that must be there, one of the others is enough, as another person; the first is proposed."""
    answer = people.joint_session(asked(held, params={"roles": ("lead",), "one_of": ("board", "watcher")}))
    assert expected == codes_of(answer)
    if expected:
        assert ["lead", "board"] == [row["role"] for row in needs(answer)[1]["present"]]


def test_somebody_attended_in_a_role() -> None:
    """The role at one of the sessions is enough, and its absence is told."""
    params = {"role": "lead"}
    assert None is people.attended(asked(session(("a", "lead")), params=params))
    answer = people.attended(
        asked(session(("a", "board")), session(("a", "lead"), type="coffee", number=2), params=params)
    )
    assert ("no-contract-manager",) == codes_of(answer)
    assert "activity" == needs(answer)[0]


@pytest.mark.parametrize(
    ("held", "params", "expected"),
    [
        ((duty("lead", "a"), duty("board", "b", 2)), {}, ()),
        ((duty("lead", "a"), session(("b", "board"))), {}, ()),
        ((duty("lead", "a"), duty("board", "b", 2), session(("c", "board"))), {}, ()),
        ((duty("lead", "a"), session(("a", "board"))), {}, ("coalition-of-one",)),
        ((duty("lead", "a"), duty("other", "b", 2)), {}, ("coalition-of-one",)),
        ((duty("lead", "a"), duty("board", "b", 2, until=TODAY.isoformat())), {}, ()),
        ((duty("lead", "a"), duty("board", "b", 2, until="2026-03-01")), {}, ("coalition-of-one",)),
        ((duty("lead", "a"), duty("board", "b", 2)), {"min": 3}, ("coalition-of-one",)),
        ((), {"min": 0}, ()),
    ],
)
def test_a_coalition_counts_people(held: tuple[Record, ...], params: Any, expected: tuple[str, ...]) -> None:
    """Different people in one of the roles count, assigned or present, and each once."""
    assert expected == codes_of(people.coalition(asked(*held, params={**PAIR, **params})))


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (("lead", "seller"), ()),
        (("lead", "watcher"), ("missing-counterpart",)),
        (("seller",), ("missing-counterpart",)),
        (("unheard",), ("missing-counterpart",)),
        ((), ("missing-counterpart",)),
    ],
)
def test_both_sides_were_there(roles: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Somebody of each side must be among the people named; roles without a side, or unknown, count for none."""
    rows = [{"person": role, "role": role} for role in roles]
    assert expected == codes_of(people.present_sides(asked(data={"present": rows})))


def test_the_remedy_names_somebody_of_each_side() -> None:
    """What helps is the same trigger with somebody of each side, in the field that the file names."""
    answer = people.present_sides(asked(params={"field": "who"}))
    assert {"who": ({"person": "lead", "role": "lead"}, {"person": "seller", "role": "seller"})} == needs(answer)[1]


def party_to(*rows: dict[str, str], **more: Any) -> Record:
    return record("activity", **{"type": "workshop", "present": rows, **more})


ACME = a_track("acme")


@pytest.mark.parametrize(
    ("held", "role", "track", "expected"),
    [
        (duty("board"), "board", None, True),
        (duty("board", until=TODAY.isoformat()), "board", None, True),
        (duty("board", until=YESTERDAY), "board", None, False),
        (duty("lead"), "board", None, False),
        (session(("b", "board")), "board", None, True),
        (session(("b", "board"), cycle=2), "board", None, False),
        (duty("seller", track="acme"), "seller", ACME, True),
        (duty("seller"), "seller", ACME, True),
        (duty("seller", track="other"), "seller", ACME, False),
        (duty("board", track="other"), "board", ACME, True),
        (duty("unheard"), "unheard", ACME, True),
        (party_to({"person": "s", "role": "seller", "party": "acme"}), "seller", ACME, True),
        (party_to({"person": "s", "role": "seller", "party": "other"}), "seller", ACME, False),
        (party_to({"person": "s", "role": "seller"}, track="acme"), "seller", ACME, True),
        (party_to({"person": "s", "role": "seller"}, tracks=("acme",)), "seller", ACME, True),
        (party_to({"person": "s", "role": "seller"}), "seller", ACME, False),
        (party_to({"person": "s", "role": "seller"}), "seller", None, True),
        (party_to({"person": "b", "role": "lead"}), "board", None, False),
    ],
)  # fmt: skip
def test_the_other_role_takes_part(held: Record, role: str, track: Any, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """A role takes part by an assignment that still holds or an activity of this cycle; a supplier's, for its track."""
    answer = people.together(asked(held, params={"roles": ("lead", role)}, track=track, tracks=[ACME]))
    assert (() if expected else ("missing-counterpart",)) == codes_of(answer)


@pytest.mark.parametrize(
    ("party", "more", "expected"),
    [
        ("acme", {}, True),
        ("c1", {}, False),  # the track's key is nobody's name
        ("other", {"tracks": ("c1",)}, False),  # somebody else was there
        (None, {"tracks": ("c1",)}, True),
        (None, {}, False),
    ],
)
def test_a_supplier_takes_part_by_its_party(party: str | None, more: Any, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """A supplier was there for a track where a row names its party, whatever the key, or none at something about it."""
    row = {"person": "a", "role": "seller", **({} if party is None else {"party": party})}
    contract = a_track("c1", party="acme")
    held = record("activity", present=[row], **more)
    answer = people.together(asked(held, params={"roles": ("seller",)}, track=contract, tracks=[contract]))
    assert (() if expected else ("missing-counterpart",)) == codes_of(answer)


def test_who_fires_need_not_take_part_twice() -> None:
    """The role that fires counts as taking part, and the others are told with the track that it is about."""
    (blocker,) = people.together(asked(params={"roles": ("lead", "board")}, track=ACME))  # type: ignore[misc]  # a list
    assert ("board", "acme") == (blocker.params["role"], blocker.needs[0].track)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (duty("owner"), ()),
        (duty("owner", until=TOMORROW), ()),
        (duty("owner", until=YESTERDAY), ("missing-duty",)),
        (duty("owner", ended=TODAY), ("missing-duty",)),
        (duty("other"), ("missing-duty",)),
    ],
)
def test_somebody_holds_the_duty(held: Record, expected: tuple[str, ...]) -> None:
    """An open assignment that still holds is enough."""
    assert expected == codes_of(people.assigned(asked(held, params={"duty": "owner"})))


def test_duties_are_held_on_the_pilot_and_per_track() -> None:
    """Each duty must be held, and on each track in one of the states the duties per track, for that track."""
    params = {"duties": ("a", "b"), "per_track": ("c",), "states": ("agreed",)}
    tracks = [a_track("acme", "agreed"), a_track("other", "agreed"), a_track("third", "seen")]
    held = (duty("a"), duty("c", number=2, track="other"))
    answer = people.roles_filled(asked(*held, params=params, tracks=tracks))
    assert isinstance(answer, list)
    assert [("b", None), ("c", "acme")] == [(one.params["duty"], one.track) for one in answer]
    assert [] == people.roles_filled(asked(duty("a"), params={"duties": ("a",)}, tracks=tracks))


def test_a_duty_that_nobody_holds_is_told_with_who_would_do() -> None:
    """What helps is to assign the duty: for the pilot, or for the track that lacks it."""
    params = {"duties": ("a",), "per_track": ("c",), "states": ("agreed",)}
    answer = people.roles_filled(asked(params=params, tracks=[a_track("acme", "agreed")]))
    assert isinstance(answer, list)
    wanted = [("a", None), ("c", "acme")]
    assert [Blocker("missing-roles", FrozenDict(duty=name), track) for name, track in wanted] == answer
    assert [(Need("add", record="assignment", data=FrozenDict(duty=name), track=track),) for name, track in wanted] == [
        one.needs for one in answer
    ]


def test_a_duty_held_for_a_track_is_held_on_the_pilot() -> None:
    """Whoever holds it for one track holds it, and where none is asked per track none is missed."""
    params = {"duties": ("a",), "states": ("agreed",)}
    held = duty("a", track="acme")
    assert [] == people.roles_filled(asked(held, params=params, tracks=[a_track("acme", "agreed")]))


def test_who_was_present_is_told_by_rows() -> None:
    """An activity without anybody has no rows."""
    assert () == people.present(record("activity"))
