"""Gauges: how things stand, asked of the engine whenever somebody collects.

Each question is a read of the store, in the thread of whoever collects. A store that fails then gives no figure, which
a monitor sees as a gap; nothing else comes of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from proeftuin import Engine
from proeftuin.errors import ProeftuinError
from proeftuin.spi import Time
from proeftuin_otel import _api as api
from proeftuin_otel import _names as names
from proeftuin_otel._deliveries import SystemTime

Figures = Iterator[tuple[float, dict[str, str]]]
Engines = tuple[tuple[Engine, dict[str, str]], ...]


def observe(
    engine: Engine,
    *,
    tenants: Iterable[str] = (),
    overdue: bool = True,
    meter_provider: api.MeterProvider | None = None,
    time: Time | None = None,
) -> None:
    """Have the gauges ask this engine. Call it once, in one process of those that share a store.

    Args:
        engine: what is asked; it stays open for as long as figures are collected.
        tenants: ask these instead of the engine's own, each told by its name.
        overdue: also count pilots with a term past its day; each pilot that may have one is then looked at.
        meter_provider: where figures go; the global one by default.
        time: has `now()`; give the one that the engine has. The system's clock by default.
    """
    meter, clock = api.meter(meter_provider), time or SystemTime()
    asked: Engines = tuple((engine.for_tenant(one), {names.TENANT: one}) for one in tenants) or ((engine, {}),)
    gauges: dict[names.Metric, Callable[[Engine], Figures]] = {
        names.TICK_LAG: lambda on: _tick_lag(on, clock),
        names.LANES: _lanes,
        names.PILOTS: _pilots,
        **({names.OVERDUE: _overdue} if overdue else {}),
    }
    for metric, ask in gauges.items():
        api.gauge(meter, metric, _asking(asked, ask))


def _asking(asked: Engines, ask: Callable[[Engine], Figures]) -> Callable[[], list[tuple[float, Mapping[str, str]]]]:
    def found() -> list[tuple[float, Mapping[str, str]]]:
        figures: list[tuple[float, Mapping[str, str]]] = []
        for engine, tenant in asked:
            try:
                figures += [(value, {**tenant, **values}) for value, values in ask(engine)]
            except ProeftuinError:  # no figure: a store that is away, or that offers no such part
                continue
        return figures

    return found


def _tick_lag(engine: Engine, clock: Time) -> Figures:
    due = engine.due()
    yield (max(0.0, (clock.now() - due[0].at).total_seconds()) if due else 0.0), {}


def _lanes(engine: Engine) -> Figures:
    for one in engine.subscriptions():
        lag = engine.lag(one.name)
        stand = {"current": lag.lanes - lag.behind, "behind": lag.behind - lag.parked, "parked": lag.parked}
        for state, count in stand.items():
            yield count, {names.DESTINATION: one.name, names.LANE_STATE: state}


def _pilots(engine: Engine) -> Figures:
    for one in engine.count():
        yield one.pilots, {names.PHASE: one.phase, names.STATE: one.state}


def _overdue(engine: Engine) -> Figures:
    yield sum(one.pilots for one in engine.count(overdue=True)), {}
