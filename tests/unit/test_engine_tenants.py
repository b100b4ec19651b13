"""One store, many tenants: whatever is asked of the engine of one, nothing of another is in the answer."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proeftuin import (
    Actor,
    BadArgument,
    Blocker,
    Command,
    Engine,
    Fire,
    ProeftuinError,
    Refused,
    Result,
    UnknownPilot,
    load_workflow,
)
from proeftuin.definitions import dump
from proeftuin.seen import View
from proeftuin.spi import Definitions, Parcel
from proeftuin.storage import open_store
from tests.unit.engines import FLOW, LEAD, OFFICER, TODAY, Counting, engine, everything, sqlite_url, start

TENANTS = [f"tenant-{number:02}" for number in range(50)]
MANAGER = Actor("manager-1", roles={"workflow_manager"})
MARK = "planted"
Call = Callable[[Any, str], object]


class Marked(Counting):
    """Ids with the mark of a tenant, which no other tenant has."""

    def __init__(self, tenant: str) -> None:
        super().__init__()
        self.tenant = tenant

    def pilot_id(self) -> str:
        return f"{super().pilot_id()}-{MARK}-{self.tenant}"


def place(tenant: str) -> dict[str, Any]:
    return {"participant": f"ref-{MARK}-{tenant}", "start": TODAY, "kind": "training"}


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Fifty tenants in one store, each with a pilot `same` and one of its own, all of it marked."""
    folder = tmp_path_factory.mktemp("tenants")
    store = open_store("memory://" if request.param == "memory" else sqlite_url(folder))
    two = load_workflow(FLOW.replace("version: 1", "version: 2"))
    assert isinstance(store, Definitions)
    store.put_workflow(two.name, two.version, two.hash, dump(two))
    made = {name: engine(store, tenant=name, ids=Marked(name)) for name in TENANTS}
    for name, on in made.items():
        mark = f"{MARK}-{name}"
        data = {"title": mark, "organisation": mark, "programme": mark}
        for pilot_id in ("same", None):
            pilot = start(on, id=pilot_id, ref=f"{pilot_id}-{mark}", data=data, key="begin" if pilot_id else None)
            on.fire(pilot, "identify", actor=LEAD, track="acme", key="open")
            on.fire(pilot, "place", actor=LEAD, track="acme", data=place(name), key="place")
            on.fire(pilot, "note", actor=LEAD, data={"text": mark})
    yield made
    store.close()


def other(tenant: str) -> str:
    """The pilot that only another tenant has."""
    following = TENANTS[(TENANTS.index(tenant) + 1) % len(TENANTS)]
    return f"pilot-1-{MARK}-{following}"


NEWS = "news"
NEXT = FLOW.replace("version: 1", "version: 2")


class Catching:
    """A sink that keeps what it gets."""

    batch, seconds = 100, 10.0

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []

    def send(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)


def subscribed(on: Engine) -> object:
    """Somebody wants to hear of every pilot from its beginning."""
    return on.subscribe(NEWS, start="beginning")


def delivered(on: Engine) -> object:
    """What a subscriber gets."""
    subscribed(on)
    sink = Catching()
    return on.deliver({NEWS: sink}), sink.parcels


def moved(on: Engine, pilot: str) -> object:
    """A pilot goes on under another version, and back."""
    plan = on.plan_migration("talks@1", 2)
    why: dict[str, Any] = {"actor": MANAGER, "reason": "new rules"}
    return [on.migrate(plan, pilots=pilot, **why), on.undo_migration(plan, pilots=pilot, **why)]


def listened(on: Engine) -> object:
    """What whoever waits for news is told."""
    with on.listen() as waits:
        on.fire("same", "note", actor=LEAD, data={"text": "news"})
        return waits, waits.wait(0), vars(waits)


# Each way to ask the engine something, about the pilot that all have and about one that only another tenant has.
ASKED: dict[str, Call] = {
    "agenda": lambda on, pilot: on.agenda(actor=LEAD, days=400),
    "batch": lambda on, pilot: on.batch(pilot, [Command("note", {"text": 1})], actor=LEAD),
    "chain": lambda on, pilot: on.chain(pilot),
    "checkpoint": lambda on, pilot: list(on.checkpoint()),
    "count": lambda on, pilot: on.count(),
    "deadlines": lambda on, pilot: on.deadlines(),
    "deliver": lambda on, pilot: delivered(on),
    "doctor": lambda on, pilot: list(engine(on._store, NEXT, tenant=on._parts["tenant"]).doctor()),
    "dossiers": lambda on, pilot: [
        [(one.pilot, list(one.events())) for one in (*on.dossiers(), *on.dossiers(pilots=pilot))],
        on.deadlines(pilots=pilot),
    ],
    "due": lambda on, pilot: on.due(limit=1000),
    "each": lambda on, pilot: list(on.each()),
    "erase": lambda on, pilot: on.erase(f"ref-{pilot[8:]}", actor=OFFICER, reason="asked"),
    "explain": lambda on, pilot: on.explain(pilot, "place", actor=LEAD, data=place("nobody"), track="acme"),
    "export_pilots": lambda on, pilot: list(on.export_pilots(personal=True, actor=OFFICER, reason="moved")),
    "find": lambda on, pilot: [on.find(), on.find(limit=1, after=""), on.find(ref=f"None-{pilot[8:]}")],
    "fire": lambda on, pilot: on.fire(pilot, "finish", actor=LEAD),
    "fire_many": lambda on, pilot: on.fire_many([Fire(pilot, "finish", LEAD), Fire(pilot, "note", LEAD, key="open")]),
    "get": lambda on, pilot: [on.get(pilot), on.get(pilot, version=1), on.get(pilot, at=on.get(pilot).updated_at)],
    "history": lambda on, pilot: list(on.history(pilot)),
    "import_pilots": lambda on, pilot: on.import_pilots(on.export_pilots(pilot)),
    "lag": lambda on, pilot: [subscribed(on), on.lag(NEWS)],
    "lanes": lambda on, pilot: [delivered(on), on.lanes(NEWS)],
    "listen": lambda on, pilot: listened(on),
    "look_up": lambda on, pilot: [on.look_up(pilot, "s1", actor=OFFICER, reason="asked")],
    "migrate": moved,
    "notices": lambda on, pilot: on.notices(on.get(pilot).updated_at.date()),
    "metrics": lambda on, pilot: [on.metrics(), on.metrics(pilots=pilot, by=("kind",))],
    "options": lambda on, pilot: on.options(pilot, actor=LEAD, all=True),
    "plan_migration": lambda on, pilot: [(one.pilot_id, one.verdict) for one in on.plan_migration("talks@1", 2)],
    "portfolio": lambda on, pilot: [on.portfolio(), on.portfolio(pilots=pilot)],
    "privacy_log": lambda on, pilot: [
        list(on.export_pilots(pilot, personal=True, actor=OFFICER, reason="moved")),
        list(on.privacy_log(actor=OFFICER)),
        list(on.privacy_log(actor=OFFICER, pilots=pilot)),
    ],
    "ref": lambda on, pilot: [on.ref(pilot, f"s{number}") for number in range(4)],
    "resend": lambda on, pilot: [delivered(on), on.resend(NEWS, pilot, after=0), delivered(on)],
    "start": lambda on, pilot: on.start("talks", actor=LEAD, data={"title": "x"}, id=pilot),
    "subscribe": lambda on, pilot: subscribed(on),
    "subscriptions": lambda on, pilot: [subscribed(on), on.subscriptions()],
    "subject": lambda on, pilot: [on.subject(pilot, place(name)["participant"]) for name in TENANTS],
    "tick": lambda on, pilot: on.tick(),
    "undo_migration": moved,
    "unsubscribe": lambda on, pilot: [subscribed(on), on.unsubscribe(NEWS), on.subscriptions()],
    "verify": lambda on, pilot: on.verify(),
    "workflow": lambda on, pilot: on.workflow("talks"),
    "workflows": lambda on, pilot: on.workflows(),
}


def refused(view: Any, pilot: str) -> Refused:
    """What stands in the way of ending a pilot, as an actor may know it."""
    told: Refused = view.refusal(Refused(pilot, "finish", [Blocker("missing-note")]))
    return told


def came(view: Any, pilot: str) -> Result:
    """What came of the last command on a pilot, as an actor may know it."""
    events = tuple(view.history(pilot))
    told: Result = view.result(Result(view.get(pilot), events[-1:]))
    return told


# What makes another engine, or ends one; what these give is asked as all others are.
MADE = {"close", "for_tenant", "open", "seen_by", "tenants", "using"}
SEEN: dict[str, Call] = {
    name: ASKED[name]
    for name in ("chain", "count", "deadlines", "dossiers", "each", "find", "get", "history", "metrics")
} | {
    "export": lambda view, pilot: [list(view.export()), list(view.export(pilot))],
    "agenda": lambda view, pilot: view.agenda(days=400),
    "options": lambda view, pilot: view.options(pilot, all=True),
    "portfolio": lambda view, pilot: [view.portfolio(), view.portfolio(pilots=pilot)],
    "explain": lambda view, pilot: view.explain(pilot, "note", data={"text": "x"}),
    "refusal": refused,
    "result": came,
}  # fmt: skip


def public(kind: type) -> set[str]:
    """The public methods of a class, inherited ones too."""
    return {name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")}


def test_every_call_is_asked() -> None:
    """Each public method of an engine and of a view is among those that are asked: a new one without a case fails."""
    assert public(Engine) == set(ASKED) | MADE
    assert public(View) == set(SEEN)


def answer(call: Call, on: object, pilot: str) -> str:
    """All that an answer or an error says."""
    try:
        return repr(call(on, pilot))
    except ProeftuinError as error:
        return repr(error) + str(error) + repr(vars(error))


@pytest.mark.parametrize("name", [one for one in ASKED if one not in {"erase", "start"}])
def test_no_answer_holds_a_mark_of_another(engines: dict[str, Engine], name: str) -> None:
    """Asked of one tenant after another, no call gives a word of another; what only others have is unknown."""
    for tenant, on in list(engines.items())[::3]:
        for pilot in ("same", f"pilot-1-{MARK}-{tenant}"):
            said = answer(ASKED[name], on, pilot).replace(f"{MARK}-{tenant}", "")
            assert MARK not in said, f"{tenant}: {said[said.index(MARK) - 200 :][:400]}"
        theirs = answer(ASKED[name], on, other(tenant)).replace(other(tenant), "")
        assert MARK not in theirs.replace(f"{MARK}-{tenant}", ""), tenant


@pytest.mark.parametrize("name", SEEN)
def test_no_view_holds_a_mark_of_another(engines: dict[str, Engine], name: str) -> None:
    """What an actor may see is of their own tenant, and of the others not even what there is."""
    for tenant, on in list(engines.items())[:10]:
        view = on.seen_by(LEAD)
        said = answer(SEEN[name], view, "same").replace(f"{MARK}-{tenant}", "")
        assert MARK not in said
        assert MARK not in answer(SEEN[name], view, other(tenant)).replace(other(tenant), "").replace(
            f"{MARK}-{tenant}", ""
        )


@pytest.mark.parametrize("name", ["fire", "get", "history", "options", "explain", "ref", "subject", "metrics", "batch"])
def test_a_pilot_of_another_is_unknown(engines: dict[str, Engine], name: str) -> None:
    """A pilot that only another tenant has is told as one that there is not."""
    tenant, on = next(iter(engines.items()))
    with pytest.raises(UnknownPilot):
        ASKED[name](on, other(tenant))


def test_writing_changes_nothing_of_another(engines: dict[str, Engine]) -> None:
    """The same id, the same ref and the same key are free in every other tenant, and an erasure is of one alone."""
    mine, theirs = engines[TENANTS[0]], engines[TENANTS[1]]
    store, before = mine._store, everything(mine._store, TENANTS[1])
    assert not mine.start("talks", actor=LEAD, data={"title": "x"}, id=other(TENANTS[0]), ref=f"same-{MARK}").duplicate
    assert not mine.fire("same", "note", actor=LEAD, data={"text": "y"}, key="a key").duplicate
    assert () == mine.erase(place(TENANTS[1])["participant"], actor=OFFICER, reason="asked").pilots
    assert before == everything(store, TENANTS[1])
    assert not theirs.fire("same", "note", actor=LEAD, data={"text": "z"}, key="a key").duplicate


# -- engines for tenants -----------------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "sqlite"])
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with engine("memory://" if request.param == "memory" else sqlite_url(tmp_path)) as made:
        yield made


def test_an_engine_for_another_tenant_is_the_same_but_for_that(on: Engine) -> None:
    """It has the same workflows, clock and guards, and writes for its own tenant."""
    there = on.for_tenant("elsewhere")
    pilot = start(there)
    assert ((), 1) == (tuple(on.each()), len(list(there.each())))
    with pytest.raises(UnknownPilot):
        on.get(pilot)
    assert there.get(pilot) == on.for_tenant("elsewhere").get(pilot)
    assert on.workflow("talks") is there.workflow("talks")


def test_a_cached_head_is_of_one_tenant(on: Engine) -> None:
    """A pilot of the same id in two tenants is read as what it is in each, however often."""
    there = on.for_tenant("elsewhere")
    for made, title in ((on, "here"), (there, "there")):
        start(made, id="p", data={"title": title})
    for _ in range(2):
        assert ("here", "there") == (on.get("p").data["title"], there.get("p").data["title"])


def test_the_tenants_are_those_with_pilots(on: Engine) -> None:
    """Tenants are named in order, whoever asks, and one without a pilot is none."""
    names = ["b", "a", "default", "ä", "A", "a ", "z" * 255]
    for name in names:
        start(on.for_tenant(name))
    on.for_tenant("nobody")
    assert tuple(sorted(names)) == on.tenants() == on.for_tenant("nobody").tenants()


def test_more_tenants_than_a_store_names_at_once(on: Engine) -> None:
    """Two thousand tenants and more are all named, each once."""
    names = [f"t{number:04}" for number in range(2100)]
    for name in names[:: 1 if not on._store.durable else 21]:
        start(on.for_tenant(name), id="p")
    assert tuple(names[:: 1 if not on._store.durable else 21]) == on.tenants()


@pytest.mark.parametrize("name", ["", " ", None, 5, "x" * 256, "a\0b"])
def test_a_tenant_has_a_name(on: Engine, name: Any) -> None:
    """A tenant's name is a text of 1 to 255 characters."""
    with pytest.raises(BadArgument, match="tenant"):
        on.for_tenant(name)


def test_closing_it_leaves_the_store_open(on: Engine) -> None:
    """The first engine closes the store, and no other."""
    with on.for_tenant("elsewhere") as there:
        start(there)
    assert ("elsewhere",) == on.tenants()
    on.close()
    with pytest.raises(ProeftuinError, match="closed"):
        there.find()
