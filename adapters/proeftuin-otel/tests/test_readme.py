import re
from importlib import import_module
from pathlib import Path

import pytest

from proeftuin import Fire, Refused, UnknownPilot
from proeftuin.spi import NotDelivered, Parcel
from proeftuin_otel import _names, observe
from tests.telemetry import Told
from tests.unit.engines import engine
from tests.unit.test_engine_races import Losing
from tests.unit.ticking import LEAD, Play

PAGE = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
KINDS = {"create": "event", "send": "delivery"}


def rows(section: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(cell: str) -> tuple[str, ...]:
    return tuple(re.findall("`([^`]+)`", cell))


def test_every_metric_is_in_the_readme() -> None:
    """The table of metrics has each one with its kind, unit and attributes, and no other."""
    assert [(one.name, one.kind, one.unit, one.attributes) for one in _names.METRICS] == [
        (*words(name), kind, *words(unit), words(attributes)) for name, kind, unit, attributes, _ in rows("Metrics")
    ]


def test_every_attribute_is_in_the_readme() -> None:
    """The table of attributes has each one with the kinds of spans that may carry it, and no other."""
    told = {
        (name, kind) for names, kinds, _ in rows("Attributes") for name in words(names) for kind in kinds.split(", ")
    }
    assert {(name, kind) for kind, names in _names.ATTRIBUTES.items() for name in names} == told


def test_words_of_others_are_those_of_the_conventions() -> None:
    """Each attribute and metric that is not our own has a name that OpenTelemetry's conventions have."""
    home = "opentelemetry.semconv"
    places = (
        "attributes.error_attributes",
        "_incubating.attributes.messaging_attributes",
        "_incubating.metrics.messaging_metrics",
    )
    modules = [import_module(f"{home}.{one}") for one in places]
    known = {value for one in modules for name, value in vars(one).items() if name.isupper()}
    used = {one for names in _names.ATTRIBUTES.values() for one in names} | {one.name for one in _names.METRICS}
    theirs = {one for one in used if not one.startswith("proeftuin.")}
    assert len(theirs) > 8
    assert theirs <= known


def lived(told: Told) -> None:
    """All that can be told: each outcome, a race, a tick, many at once, deliveries that fail and that arrive."""
    store = Losing(engine()._store, 0)
    play = Play(engine()._store, options={"hooks": [told.commands()]})
    on = play.engine
    observe(on, tenants=["default"], meter_provider=told.meters, time=play.clock)
    on.subscribe("hr", start="beginning")
    pilot = play.asked()
    on.fire(pilot, "talk", actor=LEAD)
    with pytest.raises(Refused):
        on.fire(pilot, "talk", actor=LEAD)
    with pytest.raises(UnknownPilot):
        on.fire("nobody", "talk", actor=LEAD)
    on.fire_many([Fire(pilot, "note", LEAD, {"text": "x"}), Fire(pilot, "talk", LEAD)])
    play.tick(40)
    racing = engine(store, hooks=[told.commands()])
    other = racing.start("talks", actor=LEAD, data={"title": "x"}).pilot.id
    store.times = 1
    racing.fire(other, "talk", actor=LEAD)

    class Sink:
        batch, fails = 3, True

        def send(self, parcel: Parcel) -> None:
            if self.fails:
                raise NotDelivered("closed")

    sink = Sink()
    on.deliver({"hr": told.traced(sink)})
    sink.fails = False
    on.resend("hr", pilot)
    on.deliver({"hr": told.traced(sink)})
    for _ in range(2):  # the first one also clears a signal
        on.fire(pilot, "note", actor=LEAD, data={"text": "y"})
        on.deliver({"hr": told.traced(sink)})


def test_what_is_told_is_in_the_readme_and_nothing_else(told: Told) -> None:
    """Of a life with everything in it each metric and attribute of the tables is told, and none besides."""
    lived(told)
    attributes: dict[str, set[str]] = {kind: set() for kind in _names.ATTRIBUTES}
    for span in told.spans():
        attributes[KINDS.get(span.name.partition(" ")[0], "command")] |= set(span.attributes or {})
        for link in span.links:
            attributes["link"] |= set(link.attributes or {})
    assert {kind: set(names) for kind, names in _names.ATTRIBUTES.items()} == attributes
    points = {name: {key for one in found for key in one.attributes or {}} for name, found in told.points().items()}
    assert {one.name: set(one.attributes) for one in _names.METRICS} == points
