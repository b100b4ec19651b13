"""Each broken store is caught, and by a case that is named for its fault."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from tempfile import TemporaryDirectory
from types import MappingProxyType

import pytest

from proeftuin.testing import Report, conform
from proeftuin.testing.cases import CASES
from tests.kit import (
    answers,
    appends,
    claiming,
    commits,
    delivering,
    forgetting,
    keeping,
    over_sqlite,
    overlooked,
    streaming,
    telling,
    timing,
    values,
    verifying,
    waking,
)
from tests.kit.mutant import InMemory, OnSqlite

Kind = type[InMemory] | type[OnSqlite]
MODULES = (
    appends, commits, values, answers, delivering, claiming, telling, over_sqlite, verifying, keeping, forgetting,
    timing, waking, overlooked, streaming,
)  # fmt: skip
ELSEWHERE = MappingProxyType(
    {
        "M44": "there is no checkpoint yet that a shortened chain could be held against",
        "M46": "the schema of a database is no matter of the port: tests/schema cuts every upgrade off half-way",
        "M48": "no kill shows it: what SQLite reads back of its pragmas at open is asserted there",
    }
)


def _kinds() -> Iterator[Kind]:
    for module in MODULES:
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, InMemory | OnSqlite) and vars(one).get("named"):
                yield one


MUTANTS: MappingProxyType[str, Kind] = MappingProxyType({one.__name__: one for one in _kinds()})


WHOLE = (
    "Forgetful",
    "Trusting",
)  # so broken that every case is asked of them, but the first, at which a run would stop
REST = tuple({one.id for one in CASES} - {"A00"})


def run(kind: Kind, *only: str) -> Report:
    """What the kit says of a broken store."""
    work: AbstractContextManager[None] = kind.at_work() if hasattr(kind, "at_work") else nullcontext()
    with TemporaryDirectory() as folder, work:
        url = f"sqlite:///{folder}/broken.db" if issubclass(kind, OnSqlite) else "memory://"
        return conform(url, opener=f"{kind.__module__}:{kind.__qualname__}.open", only=only, sizes=["small"])


@cache
def report(name: str) -> Report:
    """What the kit says of a broken store: its named cases, or all where nothing holds."""
    return run(MUTANTS[name], *(REST if name in WHOLE else MUTANTS[name].named))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught_by_a_case_that_is_named_for_it(name: str) -> None:
    """The kit fails a broken store, and a case that is named for the fault is among those that fail."""
    found = report(name)
    assert not found.ok
    assert set() < {one.case.id for one in found.failed} & set(MUTANTS[name].named)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_failure_names_the_rule_and_where_it_is_explained(name: str) -> None:
    """Each failure gives the case, what it claims, the rule that is broken, and a heading to read about it."""
    for one in report(name).failed:
        assert one.reason.startswith(f"{one.case.id} {one.case.name}: {one.case.claim} This breaks ")
        assert f"see docs/write-a-store.md#{one.case.rule.title.lower().replace(' ', '-')} " in one.reason


def test_every_case_can_fail() -> None:
    """There is no case that all broken stores pass."""
    failed = {str(one.case) for name in MUTANTS for one in report(name).failed}
    assert set() == {str(one) for one in CASES} - failed


def test_all_mutants_are_accounted_for() -> None:
    """Of the forty-eight faults each is either a mutant here or said to belong elsewhere, and none is both."""
    numbered = {name for name in MUTANTS if name[0] == "M" and name[1:].isdigit()}
    assert {f"M{number:02}" for number in range(1, 49)} == numbered | set(ELSEWHERE)
    assert set() == numbered & set(ELSEWHERE)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_says_what_is_wrong_with_it(name: str) -> None:
    """Each mutant says what it does wrong, and names cases of the kit."""
    assert MUTANTS[name].__doc__
    assert set() < set(MUTANTS[name].named) <= {one.id for one in CASES}


@pytest.mark.release
@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_never_stops_the_whole_kit(name: str) -> None:
    """Whatever is wrong with a store the kit comes to its end, and fails it."""
    found = run(MUTANTS[name])
    assert not found.ok
    assert found.stopped or len(CASES) == len(found.results)
