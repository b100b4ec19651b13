"""J: a store opens again, and for several at once. What concerns the tables of a database is not for every store."""

from functools import partial

from proeftuin.errors import StoreUnavailable
from proeftuin.spi import Personal, Store
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import RECEIPT
from proeftuin.testing.commits import begin, started, stored
from proeftuin.testing.expect import holds, refused, same
from proeftuin.testing.rules import ERRORS, OPENING
from proeftuin.testing.threads import all_well, together


@case("J01", OPENING)
def opening_again_changes_nothing(bench: Bench) -> None:
    """Opening what is there already leaves it as it is, and closing one client leaves the others open."""
    bench.write(None, started("p1", ref="r"), receipt=RECEIPT, personal=(Personal("s1", "x", b"salt"),))
    before = bench.everything("p1"), bench.found()
    for _ in range(3):
        other = bench.second()
        same(before, (bench.everything("p1", store=other), bench.found()))
        bench.leave(other)
    same(before, (bench.everything("p1"), bench.found()))
    bench.advance(bench.stored())


@case("J02", OPENING)
def several_open_at_once(bench: Bench) -> None:
    """Clients that are opened at once, also by several processes, all work, on the same data where they share any."""
    errand = {"pilot_id": "p9", "writers": 1, "wins": 2}
    bench.begin("p9")
    if bench.store.multi_process:
        with bench.elsewhere("contend", **errand) as one, bench.elsewhere("contend", **errand) as other:
            one.go()
            other.go()
            same(4, len(one.result() + other.result()))
    clients = all_well(together([bench.second] * 4))
    for number, client in enumerate(clients):
        begin(client, f"p{number}", bench.tenant)
    for number in range(len(clients)):
        same(f"p{number}", getattr(stored(clients[-1 - number], f"p{number}", bench.tenant), "id", None))


@case("A12", ERRORS)
def closing_while_others_work(bench: Bench) -> None:
    """Closing a client in the middle of its work ends each call with an answer, or as closed; what was told stays."""
    other = bench.second()
    pilot = bench.begin("p9")
    outcomes = together([partial(_work, other, bench.tenant, number) for number in range(4)] + [other.close])
    told = [one for one in outcomes if isinstance(one, BaseException)]
    holds(all(isinstance(one, StoreUnavailable) for one in told), f"only the closing is told, not {told!r}")
    refused(StoreUnavailable, partial(other.load, bench.tenant, "p9"))
    if other is not bench.store:
        same(["p9"], [name for name in bench.ids(workflow="plain") if name == "p9"])
        bench.advance(pilot)


def _work(store: Store, tenant: str, number: int) -> None:
    for turn in range(5):
        name = f"p{number}-{turn}"
        begin(store, name, tenant)
        same(name, getattr(stored(store, name, tenant), "id", None))
