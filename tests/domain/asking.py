"""What is asked of a pilot, and what is said against it: the commands of every edge, and the cases of every code."""

from collections.abc import Iterator, Mapping
from functools import cache

from proeftuin import Blocker
from tests.domain.domain import Case, Domain
from tests.domain.life import BaseLife
from tests.domain.remedy import Helper, Order
from tests.domain.rows import side


def told(life: BaseLife, order: Order) -> tuple[Blocker, ...]:
    """Everything that is said against a command, warnings included."""
    option = order.told(life)
    return (*option.blockers, *option.warnings)


def found(life: BaseLife, order: Order, code: str) -> list[Blocker]:
    """What is said of one code."""
    return [one for one in told(life, order) if one.code == code]


def _commands(domain: Domain) -> Iterator[Order]:
    """Every edge of a person, by somebody who may fire it, on the pilot or on the track of that kind."""
    for rule in domain.table.every:
        role = rule.allowed[0]
        if role not in {"system", "adder"} and rule.kind in domain.asked:
            place = domain.asked[rule.kind]
            track = place.opens if rule.edge.opener else place.key
            party = track if rule.edge.opener else place.party or place.key or "alpha"
            by = f"{role}@{party}" if side(role) == "supplier" else role
            data = {name: held[0] for name, held in rule.edge.when.items()}
            yield Order(by, rule.edge.trigger, data, track, rule.kind)


@cache
def _every(domain: Domain) -> tuple[Order, ...]:
    return tuple({str(one): one for one in _commands(domain)}.values())


def every(domain: Domain) -> Iterator[Order]:
    """Every edge of a person, each once."""
    return iter(_every(domain))


def asked(domain: Domain, life: BaseLife, order: Order) -> tuple[Helper, Order]:
    """Somebody who helps, and the command with all that it must be given."""
    helper = Helper(life, domain.table)
    return helper, order.with_data(helper.fill(order.trigger, order.data, order.track))


def named_cases(domain: Domain) -> Mapping[str, Case]:
    """Every case of a guard, by the edge and the code."""
    return {f"{label}-{code}": case for label, cases in domain.cases.items() for code, case in cases.items()}
