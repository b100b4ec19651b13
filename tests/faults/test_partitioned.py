"""A log in several parts on PostgreSQL, divided by pilot as docs/scale.md says: everything goes on as before."""

import re
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from proeftuin.delivery import Schedule
from proeftuin.spi import Parcel
from proeftuin.storage import open_store
from tests.faults.terms import LAST_DAY, LEAD, Still, begin, engine_on, moments, promised

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
PILOTS = [f"p{number}" for number in range(20)]


class Taking:
    """A sink that counts."""

    batch = 100
    taken = 0

    def send(self, parcel: Parcel) -> None:
        self.taken += len(parcel.events)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_log_that_is_divided_by_pilot_goes_on(url: str) -> None:
    """Commands, keys, ticks, deliveries and verify work on a log that was divided, with what stood in it before."""
    clock, sink = Still(), Taking()
    with engine_on(open_store(url), clock) as engine:
        for name in PILOTS:
            begin(engine, name)
            engine.fire(name, "note", actor=LEAD, data={"text": "before"}, key="k")
        engine.subscribe("hr", start="beginning")
    (script,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as link:
        for one in filter(str.strip, script.split(";")):
            link.exec_driver_sql(one)
        parts = [link.exec_driver_sql(f"SELECT count(*) FROM events_{part}").scalar_one() for part in (0, 1)]  # noqa: S608  # our own names
    assert all(parts)
    with engine_on(open_store(url), clock) as engine:
        assert all(engine.fire(name, "note", actor=LEAD, data={"text": "before"}, key="k").duplicate for name in PILOTS)
        clock.day = LAST_DAY
        engine.tick()
        for name in PILOTS:
            engine.fire(name, "note", actor=LEAD, data={"text": "after"}, key="l")
            assert promised() <= moments(engine.history(name)).keys()
        work = engine.deliver({"hr": sink}, schedule=Schedule())
        assert (sum(engine.get(name).version for name in PILOTS), 0) == (sink.taken, work.failed)
        assert () == engine.verify()
