"""A, continued: what `find` finds, page by page, and the workflows that a store may keep."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations, cycle, product
from random import Random
from typing import Any, cast

from proeftuin.codec import summary
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument
from proeftuin.spi import Definitions, Query, Store, Summary, Tally
from proeftuin.spi.checks import MAX_INTEGER, micros
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import LONG, NAMED
from proeftuin.testing.commits import BEGAN, begin, changed, moved, opened, signalling, started
from proeftuin.testing.expect import holds, refused, same
from proeftuin.testing.rules import ANSWERS, EXACT, OPENING
from proeftuin.testing.threads import together

ROUNDS, WRITERS = 5, 6
NAIVE = datetime(2026, 1, 5)  # noqa: DTZ001  # a moment without a zone is what is refused


@case("A15", ANSWERS)
def filters(bench: Bench) -> None:
    """Each filter finds exactly its pilots, several filters all hold, and what is found is what was written."""
    data = {"a1": {"organisation": "UU", "programme": "north"}, "a2": {"organisation": "HvA"}, "a3": {}}
    pilots = {
        name: bench.begin(name, ref=f"ref {name}", workflow="plain@2" if name == "a3" else "plain@1", set=words)
        for name, words in data.items()
    }
    pilots["a1"] = bench.write(pilots["a1"], moved(pilots["a1"], "talking_to", "talks"))
    for track, state in (("acme", "agreed"), ("beta", "in_talks")):
        pilots["a2"] = bench.write(pilots["a2"], opened(pilots["a2"], track, state))

    same(sorted([*bench.others, *pilots]), bench.ids())
    same(["a1", "a2", "a3"], bench.ids(workflow="plain"))
    same(["a1", "a2"], bench.ids(workflow="plain@1"))
    same([["a3"]] * 2, [bench.ids(workflow="plain@2"), bench.ids(ref="ref a3")])
    same([["a1"]] * 3, [bench.ids(state="talking_to"), bench.ids(phase="talks"), bench.ids(programme="north")])
    found = [bench.ids(organisation="HvA"), bench.ids(track_state="agreed"), bench.ids(track_state="in_talks")]
    same([["a2"]] * 3, found)
    same(["a1", "a2"], bench.ids(updated_after=pilots["a3"].updated_at))
    same(["a2"], bench.ids(updated_after=pilots["a1"].updated_at))
    same(["a2"], bench.ids(workflow="plain@1", state="exploring", track_state="agreed", organisation="HvA"))
    same([], bench.ids(state="talking_to", organisation="HvA"))
    same([summary(one) for one in pilots.values()], bench.found(workflow="plain"))


@case("A15", EXACT)
def filters_are_exact(bench: Bench) -> None:
    """Wild cards, another case, parts, spaces and quotes find nothing, and no name finds what only begins with it."""
    pilot = bench.begin(ref="r")
    for track, state in (("acme", "in_talks"), ("beta", "agreed")):
        pilot = bench.write(pilot, opened(pilot, track, state))
    for name, workflow in (("p12", "plain@12"), ("plainer", "plainer@1")):
        bench.begin(name, workflow=workflow)
    wrong: list[dict[str, Any]] = [
        *({"track_state": text} for text in ("inXtalks", "IN_TALKS", "in_talk", "talks", 'in_talks","agreed', "%", "")),
        *({"state": text} for text in ("EXPLORING", "exploring ", "explor", "%", "")),
        *({"organisation": text} for text in ("%", "' OR 1=1 --", "uu", "U", "")),
        *({"workflow": text} for text in ("plai_", "plain@2", "plain@123", "PLAIN", "plain%", "plaine", "")),
        *({"ref": text} for text in ("", "R", "r ", "%")),
        *({"phase": text} for text in ("_xploration", "")),
        {"programme": ""},
        {"after": "zzzz"},
    ]
    for given in wrong:
        same([], bench.ids(**given), f"find({given})")
    for workflow, found in (("plain", ["p1", "p12"]), ("plain@1", ["p1"]), ("plain@12", ["p12"])):
        same(found, bench.ids(workflow=workflow), f"find({workflow=})")
        counted = bench.store.count(Query(bench.tenant, workflow=workflow))
        same(len(found), sum(one.pilots for one in counted), f"count({workflow=})")


@case("A15", EXACT)
def what_was_said_before_is_replaced(bench: Bench) -> None:
    """All that a commit says of a pilot takes the place of what was said before, by which it is found no more."""
    words = ("first", "second", "third")
    pilot: Pilot | None = None
    for number, word in enumerate(words):
        rare = None if number == 1 else word  # what may be missing is, in between
        listed = () if rare is None else (rare,)
        said: dict[str, Any] = dict.fromkeys(NAMED, word) | dict.fromkeys(("outcome", *LONG), rare)
        said |= {"workflow": f"{word}@1", "track_states": listed, "signals": listed}
        said["updated_at"] = BEGAN - timedelta(days=number)  # its id, its ref and when it was created stay
        commit, pilot = bench.written(pilot, started("p1", ref="r") if pilot is None else changed(pilot))
        head = replace(commit.head, fold=number, summary=replace(commit.head.summary, **said))
        bench.append(replace(commit, head=head))
        same((head, [head.summary]), (bench.load().head, bench.found(ref="r")), f"what is said after commit {number}")
        asked = dict.fromkeys(("workflow", "state", "phase"), word)
        for name, value in (asked | dict.fromkeys((*LONG, "track_state", "signal"), rare)).items():
            found = {one: bench.ids(**{name: one}) for one in words}
            same({one: ["p1"] if one == value else [] for one in words}, found, f"by {name} after commit {number}")


@case("A15", EXACT)
def a_signal_that_is_up_is_found(bench: Bench) -> None:
    """Pilots are found and counted by a signal that is up, wholly as it is called, until it is up no more."""
    words = ("stalled", "stall", "STALLED", 'st"all', "installed")
    up = {f"p{number}": tuple(sorted({words[number % 5], words[number * 3 % 5]})) for number in range(10)}
    pilots = {name: _signalling(bench, None, started(name), *signals) for name, signals in up.items()}
    up |= {"p1": (), "p2": ("stalled",)}
    for name in ("p1", "p2"):
        _signalling(bench, pilots[name], changed(pilots[name]), *up[name])
    for word in (*words, "alled", "stalle_", ""):
        wanted = [name for name, signals in up.items() if word in signals]
        same(wanted, bench.ids(signal=word), word)
        same(len(wanted), sum(one.pilots for one in bench.store.count(Query(bench.tenant, signal=word))), word)
    same(["p2"], bench.ids(signal="stalled", updated_after=pilots["p2"].updated_at))
    same(up, {one.id: one.signals for one in bench.found(workflow="plain")})


@case("A15", ANSWERS)
def pages_neither_skip_nor_repeat(bench: Bench) -> None:
    """Pilots come in order of id, page by page, each once, also while others are added before and behind."""
    names = sorted({f"{number * 7 % 40:02}\u00e9" for number in range(40)} | {"\U0001f600", "\uffff", "Z", "a"})
    for name in names:
        bench.begin(name)
    expected, found = sorted([*bench.others, *names]), list[str]()
    after: str | None = None
    while True:
        page = bench.store.find(Query(bench.tenant, limit=7, after=after))
        found += [one.id for one in page.items]
        bench.begin(f"\x21\x21{len(found)}")  # before all others, so before the page that comes
        if page.next is None:
            break
        after = page.next
    same(expected, [one for one in found if not one.startswith("!!")])
    same(len(found), len(set(found)), "how many came, and how many of them once")


@case("A15", ANSWERS)
def the_last_page_says_so(bench: Bench) -> None:
    """A page that holds all that is left has no next, also where it is just full."""
    for name in ("a", "b"):
        bench.begin(name)
    asked = {limit: bench.store.find(Query(bench.tenant, workflow="plain", limit=limit)) for limit in (1, 2, 3)}
    same({1: "a", 2: None, 3: None}, {limit: page.next for limit, page in asked.items()})
    rest = bench.store.find(Query(bench.tenant, workflow="plain", limit=1, after="a"))
    same((["b"], None), ([one.id for one in rest.items], rest.next))


@case("A15", ANSWERS)
def a_question_without_an_answer_is_refused(bench: Bench) -> None:
    """A limit below one or beyond 64 bits, half a version and a naive moment are bad arguments."""
    bench.begin()
    for wrong in (
        *({"limit": limit} for limit in (0, -1, 10**30)),
        *({"workflow": text} for text in ("plain@", "plain@x", "plain@01", "plain@-1", "plain@1@1")),
        {"updated_after": NAIVE},
    ):
        query = Query(bench.tenant, **wrong)  # type: ignore[arg-type]  # each is of its own type
        refused(BadArgument, partial(bench.store.find, query), f"find({wrong})")
        refused(BadArgument, partial(bench.store.count, query), f"count({wrong})")
    same(["p1"], bench.ids(workflow="plain", limit=MAX_INTEGER), "find, with the highest limit that there is")


@case("A16", EXACT)
def absent_null_and_empty_stay_apart(bench: Bench) -> None:
    """A missing value, null, an empty text, list and mapping come back as what they were."""
    data: dict[str, Any] = {"title": "", "null": None, "list": [], "map": {}, "organisation": "", "programme": None}
    bench.begin(set=data)
    same(data | {"list": ()}, bench.stored().data)
    (found,) = bench.found(organisation="")
    same(("", None, None, ()), (found.organisation, found.programme, found.ref, found.track_states))
    same([], bench.ids(programme=""))


@case("A17", ANSWERS)
def pages_and_filters_agree_on_counts(bench: Bench) -> None:
    """For every filter, and every two, the pages together hold what a plain look at all pilots picks out."""
    summaries = _varied(bench)
    for given in _combined():
        wanted = [one.id for one in summaries if _fits(one, given)]
        same(wanted, [one.id for one in bench.paged(**given)], f"find({given})")


@case("A17", ANSWERS)
def counts_are_those_of_a_plain_look(bench: Bench) -> None:
    """For every filter, and every two, the counts by phase and state are those of the pilots that fit."""
    summaries = _varied(bench)
    begin(bench.store, "p00", bench.fresh("tenant"), state="even")  # which is no pilot of ours
    for given in _combined():
        query = Query(bench.tenant, limit=1, after="p15", **given)
        same(_tallies([one for one in summaries if _fits(one, given)]), bench.store.count(query), f"count({given})")
    same(_tallies(bench.found()), bench.store.count(Query(bench.tenant)), "the count of all")
    same((), bench.store.count(Query(bench.fresh("tenant"))), "the count of none")


@case("A17", ANSWERS)
def counts_come_in_order(bench: Bench) -> None:
    """Phases and states that look alike are counted apart, in order of their characters."""
    words = ("Talks", "talks", "talks ", "t\u00e4lks", "ta", "Z", "\uffff", "\U0001f600")
    expected = [Tally(phase, state, 1 + place % 3) for place, (phase, state) in enumerate(product(words, words[:5]))]
    for one in expected:
        for number in range(one.pilots):
            bench.begin(f"{one.phase}|{one.state}|{number}", phase=one.phase, state=one.state, workflow="words@1")
    same(tuple(sorted(expected)), bench.store.count(Query(bench.tenant, workflow="words")))


def _signalling(bench: Bench, before: Pilot | None, event: Event, *signals: str) -> Pilot:
    commit, pilot = bench.written(before, event)
    bench.append(signalling(commit, *signals))
    return pilot


def _combined() -> list[dict[str, Any]]:
    """Return every filter, and every two of them."""
    asked: dict[str, list[Any]] = {
        "workflow": ["plain", "plain@1", "other@2"],
        "state": ["even", "odd", "none"],
        "phase": ["exploration", "talks"],
        "track_state": ["agreed", "lapsed", "none"],
        "organisation": ["UU", "HvA", ""],
        "programme": ["north"],
        "ref": ["ref 3"],
        "signal": ["stalled", "silent", "none"],
        "updated_after": [BEGAN + timedelta(hours=3), BEGAN + timedelta(hours=4, microseconds=2)],
    }
    single = [{name: value} for name, values in asked.items() for value in values]
    return [*single, *({**one, **two} for one, two in combinations(single, 2) if one.keys() != two.keys())]


def _tallies(found: list[Summary]) -> tuple[Tally, ...]:
    counted = Counter((one.phase, one.state) for one in found)
    return tuple(sorted(Tally(*place, pilots) for place, pilots in counted.items()))


def _varied(bench: Bench) -> list[Summary]:
    chance, made = Random(17), list[Summary]()  # the same at every run
    for number in range(30):
        pilot = bench.begin(
            f"p{number:02}",
            workflow=chance.choice(["plain@1", "plain@2", "other@2"]),
            state=chance.choice(["even", "odd"]),
            ref=f"ref {number}",
            set={"organisation": chance.choice(["UU", "HvA", ""]), "programme": chance.choice(["north", None])},
        )
        for track in range(chance.randrange(3)):
            pilot = bench.write(pilot, opened(pilot, f"t{track}", chance.choice(["agreed", "lapsed"])))
        last = moved(pilot, "even", "talks") if chance.random() < 1 / 3 else changed(pilot)
        commit, _ = bench.written(pilot, last)
        made.append(signalling(commit, *chance.sample(["stalled", "silent"], chance.randrange(3))).head.summary)
        bench.append(replace(commit, head=replace(commit.head, summary=made[-1])))
    return made


def _fits(one: Summary, given: dict[str, Any]) -> bool:
    """Whether a plain look says that a pilot fits."""
    for name, value in given.items():
        if name == "workflow":
            fits = value in (one.workflow, one.workflow.partition("@")[0])
        elif name in {"track_state", "signal"}:
            fits = value in (one.track_states if name == "track_state" else one.signals)
        elif name == "updated_after":
            fits = micros(name, one.updated_at) > micros(name, value)
        else:
            fits = getattr(one, name) == value
        if not fits:
            return False
    return True


@case("A18", EXACT, needs="Definitions")
def a_workflow_is_kept_once(bench: Bench) -> None:
    """A definition comes back byte for byte, again it changes nothing, and another one of its name is refused."""
    keeper, name = bench.definitions, bench.fresh("plain")
    same(None, keeper.get_workflow(name, 1))
    for body in (b"one\xff\0", b"one\xff\0"):
        keeper.put_workflow(name, 1, "h" * 64, body)
    for digest, body in (("i" * 64, b"two"), ("h" * 64, b"two"), ("i" * 64, b"one\xff\0")):
        refused(BadArgument, partial(keeper.put_workflow, name, 1, digest, body))
    keeper.put_workflow(name, 2, "i" * 64, b"two" * 100_000)
    same([b"one\xff\0", b"two" * 100_000, None], [keeper.get_workflow(name, number) for number in (1, 2, 3)])
    same([None, None], [keeper.get_workflow(other, 1) for other in (name.upper(), f"{name} ")])


@case("A18", EXACT, needs="Definitions")
def of_many_definitions_one_is_kept(bench: Bench) -> None:
    """Of different definitions of one version, put at the same time, one is kept for all; the others are refused."""
    clients = [bench.store, bench.second()]
    for _ in range(ROUNDS):
        name = bench.fresh("plain")
        bodies = [b"definition %d" % number for number in range(WRITERS)]
        puts = [
            partial(_keeper(client).put_workflow, name, 1, "h" * 64, body)
            for client, body in zip(cycle(clients), bodies, strict=False)
        ]
        outcomes = together(puts)
        kept = [body for body, came in zip(bodies, outcomes, strict=True) if came is None]
        others = [came for came in outcomes if came is not None]
        same([kept] * 2, [[_keeper(client).get_workflow(name, 1)] for client in clients])
        same([BadArgument] * (WRITERS - 1), [type(came) for came in others])


@case("A18", OPENING, needs="Definitions")
def a_definition_survives_a_restart(bench: Bench) -> None:
    """A definition is there in every client at once and, in a store that is durable, after it is opened again."""
    name = bench.fresh("plain")
    bench.definitions.put_workflow(name, 1, "h" * 64, b"one")
    same(b"one", _keeper(bench.second()).get_workflow(name, 1))
    if bench.offers("durable"):
        bench.reopen()
    same(b"one", bench.definitions.get_workflow(name, 1))


def _keeper(client: Store) -> Definitions:
    holds(isinstance(client, Definitions), "a second client of the store keeps definitions too")
    return cast("Definitions", client)
