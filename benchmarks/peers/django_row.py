"""django-fsm-2 on a model, with a row of history and a row of receipt beside it, on Django's SQLite back-end.

The lock is taken at the beginning of the transaction, so no second look at the version is needed; only the state is
written, as the records do not change.
"""

from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connections, models, transaction
from django_fsm import FSMField, FSMModelMixin, transition

from benchmarks.peers.work import ACTOR, Line, Peer

DOES = "history, audit and receipt (the key alone): rows of one's own; roles: none; find: by any column"
APP = "benchmarks.peers"


class DjangoFsm:
    """Models made for one lifecycle, on a database of their own."""

    does = DOES

    def __init__(self, path: Path, line: Line) -> None:
        self._alias = _database(path)
        self._line = line
        self._pilots, self._moves, self._receipts = _models(self._alias, line)
        with connections[self._alias].schema_editor() as editor:
            for model in (self._pilots, self._moves, self._receipts):
                editor.create_model(model)

    def begin(self, pilot: str) -> None:
        """Insert a row."""
        self._pilots.objects.using(self._alias).create(id=pilot, records=dict(self._line.records))

    def fire(self, pilot: str, trigger: str, key: str) -> None:
        """Read, judge, write three rows, commit."""
        with transaction.atomic(using=self._alias):
            row = self._pilots.objects.using(self._alias).get(pk=pilot)
            source = row.state
            getattr(row, trigger)()
            row.version += 1
            row.save(update_fields=("state", "version"))
            moved = {"pilot_id": pilot, "number": row.version, "trigger": trigger, "source": source}
            self._moves.objects.using(self._alias).create(**moved, target=row.state, actor=ACTOR)
            self._receipts.objects.using(self._alias).create(pilot_id=pilot, key=key, number=row.version)

    def stored(self, pilot: str) -> tuple[str, int]:
        """Read the row and count its moves."""
        row = self._pilots.objects.using(self._alias).get(pk=pilot)
        return row.state, self._moves.objects.using(self._alias).filter(pilot_id=pilot).count()

    def close(self) -> None:
        """Close the connection."""
        connections[self._alias].close()


def _database(path: Path) -> str:
    """Add a database to Django's settings, which are made at the first call."""
    if not settings.configured:
        settings.configure(DATABASES={"default": {}}, INSTALLED_APPS=[], USE_TZ=True)
        django.setup()
    alias = f"db_{len(connections.settings)}"
    connections.settings[alias] = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }
    return alias


def _models(alias: str, line: Line) -> tuple[Any, Any, Any]:
    """Make the models; the methods that the transitions decorate are as many as the lifecycle has triggers."""
    pilots = _model(
        f"Pilot_{alias}",
        {
            "id": models.CharField(primary_key=True, max_length=255),
            "version": models.IntegerField(default=0),
            "records": models.JSONField(),
            "state": FSMField(default=line.states[0], protected=True),
            **{trigger: _method(line, trigger) for trigger in line.triggers},
        },
        FSMModelMixin,
    )
    moves = _model(
        f"Moved_{alias}",
        {
            "pilot": models.ForeignKey(pilots, models.CASCADE, db_index=False, related_name="+"),
            "number": models.IntegerField(),
            "trigger": models.CharField(max_length=255),
            "source": models.CharField(max_length=255),
            "target": models.CharField(max_length=255),
            "actor": models.CharField(max_length=255),
        },
        unique=("pilot", "number"),
    )
    receipts = _model(
        f"Receipt_{alias}",
        {
            "pilot": models.ForeignKey(pilots, models.CASCADE, db_index=False, related_name="+"),
            "key": models.CharField(max_length=255),
            "number": models.IntegerField(),
        },
        unique=("pilot", "key"),
    )
    return pilots, moves, receipts


def _model(name: str, members: dict[str, Any], *mixins: type, unique: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  # Django's own
    inner: dict[str, Any] = {"app_label": "bench"}
    if unique:
        inner["constraints"] = [models.UniqueConstraint(fields=unique, name=f"{name}_unique".lower())]
    return type(name, (*mixins, models.Model), {"__module__": __name__, "Meta": type("Meta", (), inner), **members})


def _method(line: Line, trigger: str) -> Any:  # noqa: ANN401  # Django's own
    def may(row: Any) -> bool:  # noqa: ANN401  # the model
        return line.may(trigger, row.records)

    def move(self: Any) -> None:  # noqa: ANN401  # the model; the library sets its state
        """Move on."""

    move.__name__ = trigger
    decorated = move
    for name, here, there in line.edges:
        if name == trigger:
            decorated = transition(field="state", source=here, target=there, conditions=[may])(decorated)
    return decorated


def open_peer(path: Path, line: Line) -> Peer:
    """Open a new file."""
    return DjangoFsm(path, line)
