from datetime import timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.guards import Change, Question, tenders
from proeftuin.core.pilot import Record, Track, Visit
from proeftuin.core.structs import replace
from tests.unit.core.small import TODAY, a_pilot, a_track, codes_of, question, record

PUBLISHED = TODAY - timedelta(days=7)


def lot(at: str = "preparing", key: str = "c1", **data: object) -> Track:
    """A procurement in a state, nobody's yet."""
    return replace(a_track(key, at, kind="procurement"), party=None, trail=(Visit(at, TODAY, freeze(data)),))


def chosen(instrument: str, number: int = 1, track: str = "c1", **more: Any) -> Record:
    return record("instrument", number, track=track, instrument=instrument, rationale="It fits", **more)


def asked(*held: Record, at: str = "preparing", params: Any = None, **parts: Any) -> Question:
    track = parts.pop("track", lot(at))
    return question(a_pilot(*held, tracks=[track] if track else ()), track=track, params=params or {}, **parts)


def only(answer: object) -> Blocker:
    (blocker,) = answer if isinstance(answer, (list, tuple)) else (answer,)
    assert isinstance(blocker, Blocker)
    return blocker


# -- instruments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), ("instrument-missing",)),
        ((chosen("none"),), ()),
        ((chosen("reserved"),), ()),
        ((chosen("reserved", track="c2"),), ("instrument-missing",)),
        ((replaced := replace(chosen("reserved"), ended=TODAY),), ("instrument-missing",)),
        ((replaced, chosen("lots", 2)), ()),
        ((chosen("social_return_condition"),), ("instrument-missing",)),
        ((chosen("social_return_condition", text="Work"),), ()),
        ((chosen("social_return_condition", share="5"),), ()),
        ((chosen("social_return_award", points="20"),), ()),
        ((chosen("social_return_award"), chosen("social_return_minimum", 2)), ("instrument-missing",) * 2),
    ],
)
def test_an_instrument_is_chosen_and_says_what_it_asks(held: tuple[Record, ...], expected: tuple[str, ...]) -> None:
    """The lot has an open choice of its own; what the documents must say about it is written down."""
    assert expected == codes_of(tenders.instrument_chosen(asked(*held)))


def test_what_is_missing_of_an_instrument_is_chosen() -> None:
    """Without a choice any will do; where its text is missing the same is chosen again, with one."""
    assert (Need("add", record="instrument", track="c1"),) == only(tenders.instrument_chosen(asked())).needs
    blocker = only(tenders.instrument_chosen(asked(chosen("social_return_minimum"))))
    assert ("text", "social_return_minimum") == (blocker.params["because"], blocker.params["kind"])
    data = {"instrument": "social_return_minimum", "rationale": "It fits", "text": "..."}
    assert (Need("add", record="instrument", data=FrozenDict(data), track="c1"),) == blocker.needs


def test_of_the_pilot_itself_an_instrument_is_asked_too() -> None:
    """Fired at no track, the choice is that of the pilot, which no track can make for it."""
    assert ("instrument-missing",) == codes_of(tenders.instrument_chosen(asked(chosen("reserved"), track=None)))
    assert [] == tenders.instrument_chosen(question(a_pilot(record("instrument", instrument="reserved"))))


@pytest.mark.parametrize(
    ("held", "new", "others"),
    [
        ((), "none", []),
        ((), "reserved", []),
        ((chosen("none"),), "none", []),
        ((chosen("lots"),), "reserved", []),
        ((chosen("none"),), "reserved", ["none"]),
        ((chosen("lots"), chosen("reserved", 2)), "none", ["lots", "reserved"]),
        ((chosen("lots", track="c2"),), "none", []),
    ],
)
def test_no_instrument_goes_with_no_other(held: tuple[Record, ...], new: str, others: list[str]) -> None:
    """Each choice on the same lot that does not go with the new one is named, and can be dropped."""
    answer = tenders.instrument_alone(asked(*held, data={"instrument": new}))
    assert isinstance(answer, list)
    assert others == [one.params["other"] for one in answer]
    assert [(one.id,) for one in held if others] == [one.needs[0].ids for one in answer]
    assert {"instrument-conflict"} >= {one.code for one in answer}


def test_what_was_published_stays() -> None:
    """In one of the states it can still change; from another it can after a way back."""
    params = {"states": ("preparing",)}
    assert None is tenders.before_publication(asked(params=params))
    assert None is tenders.before_publication(asked(params=params, track=None))
    blocker = only(tenders.before_publication(asked(at="tendering", params=params)))
    assert ("instrument-after-publication", "tendering") == (blocker.code, blocker.params["state"])
    assert (Need("reach", track="c1", states=("preparing",)),) == blocker.needs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PSO trede 2 required", True),
        ("A certificate (PSO-trede 2)", True),
        ("PSO trede 2 or equivalent", False),
        ("Prestatieladder, of gelijkwaardig", False),
        ("PSO or equal", False),
        ("Een KEURMERK is vereist", True),
        ("Two places for work experience", False),
        ("psoriasis", False),
        (None, False),
    ],
)
def test_a_label_goes_with_or_equivalent(text: str | None, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """A text that names a label needs to say that an equivalent will do; whole words count, in any case."""
    answer = tenders.label_equivalent(asked(data={} if text is None else {"text": text}))
    assert (("label-without-equivalent",) if expected else ()) == codes_of(answer)


def test_the_label_is_mended_by_the_words_that_make_it_open() -> None:
    """What helps is the same command with the text made open; which words count is the file's choice."""
    blocker = only(tenders.label_equivalent(asked(data={"text": "PSO", "share": "5"})))
    assert {"text": "PSO (of gelijkwaardig)", "share": "5"} == blocker.needs[0].data
    params = {"field": "what", "labels": ("acme",), "unless": ("alike",)}
    assert ("label-without-equivalent",) == codes_of(
        tenders.label_equivalent(asked(data={"what": "Acme"}, params=params))
    )
    assert None is tenders.label_equivalent(asked(data={"what": "Acme or alike"}, params=params))


# -- the market --------------------------------------------------------------------------------------------------------


def talk(number: int = 1, kind: str = "coffee", **more: Any) -> Record:
    data = {"type": kind, "date": TODAY.isoformat(), "about": "c1", **more}
    return record("activity", number, **{name: value for name, value in data.items() if value is not None})


@pytest.mark.parametrize(
    ("held", "findings", "expected"),
    [
        ((), None, 0),
        ((talk(kind="market_consultation"),), None, 1),
        ((talk(kind="market_consultation", about=None, tracks=("c1",)),), None, 1),
        ((talk(kind="market_consultation", about="c2"),), None, 0),
        ((talk(kind="coffee"),), None, 0),
        ((talk(kind="market_consultation"), talk(2, "market_consultation")), None, 2),
        ((talk(kind="market_consultation"),), "Day cleaning is possible", 0),
    ],
)
def test_findings_go_with_the_documents(held: tuple[Record, ...], findings: str | None, expected: int) -> None:
    """Where the market was asked about this lot, what it said is published."""
    answer = tenders.findings_published(asked(*held, data={} if findings is None else {"findings": findings}))
    assert (("findings-unpublished",) if expected else ()) == codes_of(answer)
    if expected:
        assert expected == only(answer).params["count"]
        assert {"findings": "..."} == only(answer).needs[0].data


def test_findings_of_no_track_are_those_of_talks_about_none() -> None:
    """Fired at no track, talks about a lot ask for nothing."""
    assert None is tenders.findings_published(asked(talk(kind="market_consultation"), track=None))


FIRM = {"person": "b", "role": "seller", "party": "acme"}
OTHER = {"person": "c", "role": "seller", "party": "other"}
OWN = {"person": "a", "role": "lead"}
UNNAMED = {"person": "d", "role": "seller"}
GUEST = {"person": "e", "role": "watcher", "party": "acme"}
STRANGER = {"person": "f", "role": "stranger"}
RUNNING = {"states": ("tendering",), "decided": "awarded"}


def talking(*talks: Record, at: str = "tendering", **parts: Any) -> Question:
    track = lot(at, published_on=PUBLISHED.isoformat())
    pilot = a_pilot(tracks=[track, lot("tendering", "c2")])
    return question(pilot, params=RUNNING, adding=talks, **parts)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ((OWN, FIRM), True),
        ((OWN, UNNAMED), True),
        ((OWN, GUEST), True),
        ((FIRM,), True),
        ((OWN, FIRM, OTHER), False),
        ((OWN, FIRM, UNNAMED), False),
        ((OWN,), False),
        ((OWN, STRANGER), False),
        ((), False),
    ],
)
def test_nobody_talks_with_one_bidder_alone(present: tuple[Any, ...], expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """A talk about a tender that runs is not held with one party from outside; with several, or inside, it may be."""
    assert (("equal-treatment",) if expected else ()) == codes_of(
        tenders.equal_treatment(talking(talk(present=present)))
    )


@pytest.mark.parametrize(
    ("about", "at", "day", "expected"),
    [
        ("c1", "tendering", TODAY, True),
        ("c1", "tendering", PUBLISHED, True),
        ("c1", "tendering", PUBLISHED - timedelta(days=1), False),
        ("c1", "preparing", TODAY, False),
        ("c1", "awarded", TODAY, False),
        ("c2", "preparing", PUBLISHED, True),
        ("c3", "tendering", TODAY, False),
        (None, "tendering", TODAY, False),
    ],
)
def test_equal_treatment_lasts_from_publication_to_award(
    about: str | None,
    at: str,
    day: Any,
    expected: bool,  # noqa: FBT001  # the expected answer
) -> None:
    """It is about this lot, while its tender runs, and not about what was said before the publication."""
    one = talk(about=about, date=day.isoformat(), present=(OWN, FIRM))
    assert (("equal-treatment",) if expected else ()) == codes_of(tenders.equal_treatment(talking(one, at=at)))


def test_a_talk_that_is_mended_is_judged_as_well() -> None:
    """What a correction makes of a talk counts, and another record does not; the award decision ends it."""
    before, after = talk(about=None, present=(OWN, FIRM)), talk(present=(OWN, FIRM))
    blocker = only(tenders.equal_treatment(talking(changing=(Change(before, after),))))
    assert (Need("reach", track="c1", states=("awarded",)),) == blocker.needs
    assert ("c1", "tendering") == (blocker.params["about"], blocker.params["state"])
    assert [] == tenders.equal_treatment(talking(record("note", about="c1", present=(OWN, FIRM))))


def test_a_talk_that_is_linked_with_a_tender_is_about_it() -> None:
    """A track that a talk names besides counts as well, each tender once."""
    one = talk(tracks=("c1", "c2"), present=(OWN, FIRM))
    assert ["c1", "c2"] == [each.params["about"] for each in tenders.equal_treatment(talking(one)) or ()]  # type: ignore[union-attr]  # several blockers


def test_a_talk_without_a_day_is_held_now() -> None:
    """Where the record has no date, it counts as within the tender."""
    one = talk(date=None, present=(OWN, FIRM))
    assert ("equal-treatment",) == codes_of(tenders.equal_treatment(talking(one)))
