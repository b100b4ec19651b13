"""transitions on an SQLAlchemy ORM row, with a row of history and a row of receipt beside it, as one writes it by hand.

The rows stay in one session and on one shared machine, so that neither loading objects nor binding models is measured;
after each commit the session reads the row anew, as another process may have changed it.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Engine, ForeignKey, create_engine, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from transitions import Machine

from benchmarks.peers.work import ACTOR, Line, Peer

DOES = "history, audit and receipt (the key alone): rows of one's own; roles: none; find: by any column"


class Base(DeclarativeBase):
    """The tables."""

    type_annotation_map = {dict[str, Any]: JSON}  # noqa: RUF012  # read once, by SQLAlchemy


class Pilot(Base):
    """A pilot with its state, the version that guards it, and its records."""

    __tablename__ = "pilots"
    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column()
    records: Mapped[dict[str, Any]]
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # read once, by SQLAlchemy


class Moved(Base):
    """One move."""

    __tablename__ = "moves"
    pilot: Mapped[str] = mapped_column(ForeignKey(Pilot.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    trigger: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    actor: Mapped[str]


class Receipt(Base):
    """The key of one command."""

    __tablename__ = "receipts"
    pilot: Mapped[str] = mapped_column(ForeignKey(Pilot.id), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class OrmRow:
    """A session over a file, and a machine whose models are rows."""

    does = DOES

    def __init__(self, path: Path, line: Line) -> None:
        self._engine = create_engine(f"sqlite:///{path}")
        _immediate(self._engine)
        Base.metadata.create_all(self._engine)
        self._session = Session(self._engine)
        self._line = line
        self._machine = Machine(
            model=None, states=list(line.states), initial=line.states[0], auto_transitions=False, send_event=True
        )
        for trigger, here, there in line.edges:
            self._machine.add_transition(trigger, here, there, conditions=self._may)

    def _may(self, moment: Any) -> bool:  # noqa: ANN401  # the library's own event
        return self._line.may(moment.event.name, moment.model.records)

    def begin(self, pilot: str) -> None:
        """Add a row and bind it to the machine."""
        row = Pilot(id=pilot, state=self._line.states[0], records=dict(self._line.records))
        self._session.add(row)
        self._session.commit()
        self._machine.add_model(row, initial=self._line.states[0])
        self._session.commit()

    def fire(self, pilot: str, trigger: str, key: str) -> None:
        """Read, judge, write three rows, commit."""
        session = self._session
        row = session.get_one(Pilot, pilot)
        source = row.state
        assert row.trigger(trigger)  # type: ignore[attr-defined]  # bound by the machine
        number = row.version
        move = Moved(pilot=pilot, number=number, trigger=trigger, source=source, target=row.state, actor=ACTOR)
        session.add_all((move, Receipt(pilot=pilot, key=key, number=number)))
        session.commit()

    def stored(self, pilot: str) -> tuple[str, int]:
        """Read the row and count its moves."""
        state = self._session.get_one(Pilot, pilot).state
        number = self._session.scalar(select(func.count()).where(Moved.pilot == pilot))
        self._session.commit()
        return state, number or 0

    def close(self) -> None:
        """Close the session and its connection."""
        self._session.close()
        self._engine.dispose()


def _immediate(engine: Engine) -> None:
    """Let SQLite write as ours does: WAL, FULL, and the lock taken at the beginning."""

    def connected(connection: Any, _: object) -> None:  # noqa: ANN401  # the driver's
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def open_peer(path: Path, line: Line) -> Peer:
    """Open a new file."""
    return OrmRow(path, line)
