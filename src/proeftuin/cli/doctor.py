"""What pilots need that is missing or old: `doctor`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import OK, REFUSED
from proeftuin.cli.options import At, Store
from proeftuin.cli.screen import BAD, CARE, GOOD, Screen
from proeftuin.cli.time import AllTenants, engines_of
from proeftuin.doctor import Symptom
from proeftuin.engine import Engine
from proeftuin.views import plain


def doctor(
    *,
    strict: Annotated[bool, Parameter(negative=())] = False,
    all_tenants: AllTenants = False,
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Tell which pilots need something that is missing or old, and what to do.

    Looked at are the workflow that each follows, the guards of a host, the calendar, and the rules that made its head.
    Nothing is written. Exits with 1 where something is missing.

    Args:
        strict: exit with 1 also where something is only old.
        all_tenants: for every tenant of the store, instead of one.
        at: where pilots are kept.
    """
    screen = at.screen
    codes, levels = Counter[str](), Counter[str]()
    told: list[dict[str, Any]] = []
    with at.engine() as engine:
        engines = engines_of(engine, at, all_tenants=all_tenants)
        for tenant, one in _symptoms(engines):
            codes[one.code] += 1
            levels[one.level] += 1
            if screen.json:
                told.append(_plain(tenant, one, screen.lang))
            else:
                _show(screen, one, tenant if all_tenants else "")
        count = sum(tally.pilots for other in engines.values() for tally in other.count())
    if screen.json:
        screen.data({"pilots": count, "codes": dict(codes), **_levels(levels), "symptoms": told})
    else:
        _show_counts(screen, count, codes, levels)
    return REFUSED if levels["missing"] or (strict and levels["old"]) else OK


def _symptoms(engines: Mapping[str, Engine]) -> Iterator[tuple[str, Symptom]]:
    for tenant, engine in engines.items():
        for one in engine.doctor():
            yield tenant, one


def _levels(levels: Counter[str]) -> dict[str, int]:
    return {level: levels[level] for level in ("missing", "old")}


def _plain(tenant: str, one: Symptom, lang: str) -> dict[str, Any]:
    named = {"tenant": tenant, "pilot": one.pilot_id, "workflow": one.workflow, "code": one.code, "level": one.level}
    return {**named, "text": one.text(lang), "params": one.params}


def _show(screen: Screen, one: Symptom, tenant: str) -> None:
    sign = Text("x", BAD) if one.level == "missing" else Text("-", CARE)
    pilot = f"{tenant}/{one.pilot_id}" if tenant else one.pilot_id
    screen.item(sign, f"{plain(pilot)}: {plain(one.text(screen.lang))}  {one.code}")


def _show_counts(screen: Screen, count: int, codes: Counter[str], levels: Counter[str]) -> None:
    for code, number in sorted(codes.items()):
        screen.raw(f"{number:7} {code}\n")
    if not codes:
        screen.show(screen.tell("doctor-well", count=count), style=GOOD)
        return
    style = BAD if levels["missing"] else CARE
    screen.show(screen.tell("doctor-found", count=count, **_levels(levels)), style=style)
