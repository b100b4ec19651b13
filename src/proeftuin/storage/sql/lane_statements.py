"""The statements on subscriptions and lanes, compiled when lanes are first asked for.

MariaDB assigns from left to right and reads what it has just assigned; so what depends on a column is set before it.
"""

from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import (
    BigInteger,
    Insert,
    Integer,
    String,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal_column,
    null,
    select,
    true,
    update,
)
from sqlalchemy.sql import ColumnElement, Select

from proeftuin.storage.sql.statements import ZERO, Statement, Statements

LANE = ("pilot_id", "delivered", "target", "attempts", "due", "claimed", "parked", "error")
CLAIM = ("pilot_id", "delivered", "target", "attempts")

KEYS = ("tenant", "subscriber", "pilot_id")
COLUMNS = (*KEYS, "delivered", "target", "attempts", "due", "token", "claimed", "parked")


class LaneStatements:
    """The text of each statement; values are given as a dict by name."""

    def __init__(self, statements: Statements) -> None:
        self._text = statements.text
        self._dialect = statements.dialect.name
        self._pilots = statements.tables.pilots
        self._lanes = statements.tables.lanes
        self._subscriptions = statements.tables.subscriptions
        self.lanes = lru_cache(maxsize=8)(self._some_lanes)
        self.resend = lru_cache(maxsize=2)(self._resend)

    # -- subscriptions ---------------------------------------------------------------------------------------------

    @property
    def _named(self) -> ColumnElement[bool]:
        table = self._subscriptions
        return (table.c.tenant == bindparam("at_tenant")) & (table.c.name == bindparam("at_name"))

    @cached_property
    def subscriptions(self) -> Statement:
        """All of a tenant, in order of name."""
        table = self._subscriptions
        wanted = table.c.tenant == bindparam("at_tenant")
        return self._text(select(table.c.name, table.c.body).where(wanted).order_by(table.c.name))

    @cached_property
    def change_subscription(self) -> Statement:
        """Give a subscription another body."""
        return self._text(update(self._subscriptions).where(self._named).values(body=bindparam("body")))

    @cached_property
    def add_subscription(self) -> Statement:
        """Keep a new subscription."""
        return self._text(insert(self._subscriptions))

    @cached_property
    def drop_subscription(self) -> Statement:
        """Forget a subscription."""
        return self._text(delete(self._subscriptions).where(self._named))

    @cached_property
    def drop_lanes(self) -> Statement:
        """Forget the lanes of a subscription."""
        return self._text(delete(self._lanes).where(self._of_subscriber))

    @cached_property
    def seed_at_end(self) -> Statement:
        """Make a lane on each pilot, with nothing to deliver."""
        return self._text(self._seed(self._pilots.c.version, null()))

    @cached_property
    def seed_at_beginning(self) -> Statement:
        """Make a lane on each pilot, with everything to deliver."""
        return self._text(self._seed(ZERO, bindparam("now", type_=BigInteger)))

    def _seed(self, delivered: ColumnElement[Any], due: ColumnElement[Any], *wanted: ColumnElement[bool]) -> Insert:
        pilots, name = self._pilots, bindparam("at_name", type_=String)
        rows = select(*_row(pilots.c.tenant, name, pilots.c.id, delivered, pilots.c.version, due)).where(
            pilots.c.tenant == bindparam("at_tenant"), *wanted
        )
        return insert(self._lanes).from_select(COLUMNS, rows)

    @cached_property
    def catch_up(self) -> Statement:
        """Make lanes on the pilots that were begun while a subscription was made."""
        known = exists().where(self._of_subscriber, self._lanes.c.pilot_id == self._pilots.c.id)
        return self._text(self._seed(ZERO, bindparam("now", type_=BigInteger), ~known))

    @cached_property
    def wake_behind(self) -> Statement:
        """Wake the lanes of the pilots that went on while a subscription was made."""
        lanes, pilots = self._lanes, self._pilots
        same = (pilots.c.tenant == lanes.c.tenant) & (pilots.c.id == lanes.c.pilot_id)
        version = select(pilots.c.version).where(same).scalar_subquery()
        behind = exists().where(same, pilots.c.version > lanes.c.target)
        due = func.coalesce(lanes.c.due, bindparam("now", type_=BigInteger))
        woken = case((lanes.c.parked, lanes.c.due), else_=due)
        return self._text(update(lanes).where(self._of_subscriber, behind).values(due=woken, target=version))

    # -- fanning out -----------------------------------------------------------------------------------------------

    @property
    def _news(self) -> ColumnElement[bool]:
        return (self._pilots.c.tenant == bindparam("at_tenant")) & self._pilots.c.undelivered_since.is_not(None)

    @property
    def _seen(self) -> ColumnElement[bool]:
        """The pilots with news that wait at least as long as the last one that was looked at."""
        pilots, last = self._pilots, bindparam("last", type_=BigInteger)
        longer = pilots.c.undelivered_since < last
        as_long = (pilots.c.undelivered_since == last) & (pilots.c.id <= bindparam("last_id"))
        return self._news & (longer | as_long)

    @cached_property
    def news(self) -> Statement:
        """The pilots with news, those that wait longest first."""
        pilots = self._pilots
        order = (pilots.c.undelivered_since, pilots.c.id)
        wanted = select(pilots.c.id, pilots.c.version, pilots.c.undelivered_since).where(self._news)
        return self._text(wanted.order_by(*order).limit(bindparam("limit")).offset(ZERO))

    @cached_property
    def fan_out(self) -> Statement:
        """Make or wake a lane for each subscription, on each pilot that was looked at."""
        pilots, subscriptions = self._pilots, self._subscriptions
        due = bindparam("now", type_=BigInteger)
        rows = (
            select(*_row(pilots.c.tenant, subscriptions.c.name, pilots.c.id, ZERO, pilots.c.version, due))
            .select_from(pilots.join(subscriptions, subscriptions.c.tenant == pilots.c.tenant))
            .where(self._seen)
            .order_by(subscriptions.c.name, pilots.c.id)  # two at once take the same locks in one order
        )
        return self._text(self._upsert(rows))

    def _upsert(self, rows: "Select[Any]") -> Insert:
        lanes, maria = self._lanes, self._dialect == "mariadb"
        # only that of the database itself: to load PostgreSQL's takes a sixth of the time in which a file is opened
        dialect: Any = import_module(f"sqlalchemy.dialects.{'mysql' if maria else self._dialect}")
        added = dialect.insert(lanes).from_select(COLUMNS, rows)
        given = added.inserted if maria else added.excluded
        new = {"due": self._woken(given), "target": _later(lanes.c.target, given.target)}
        upsert: Insert
        if maria:
            upsert = added.on_duplicate_key_update(list(new.items()))
        else:
            upsert = added.on_conflict_do_update(index_elements=KEYS, set_=new)
        return upsert

    def _woken(self, given: Any) -> ColumnElement[Any]:  # noqa: ANN401  # the columns of the row that was refused
        """Return when a lane is due after a look at its pilot: as before where it was, or where there is no news."""
        lanes = self._lanes
        as_before = lanes.c.parked | (given.target <= lanes.c.target)
        return case((as_before, lanes.c.due), else_=func.coalesce(lanes.c.due, given.due))

    @cached_property
    def free(self) -> Statement:
        """Lock those pilots with news that nobody else holds, and name them."""
        return self._text(select(self._pilots.c.id).where(self._seen).with_for_update(skip_locked=True))

    @cached_property
    def clear(self) -> Statement:
        """Take the mark of a pilot away, where its version is still the one that was seen."""
        pilots = self._pilots
        seen = (pilots.c.id == bindparam("at_id")) & (pilots.c.version == bindparam("seen"))
        return self._text(update(pilots).where(self._news, seen).values(undelivered_since=null()))

    # -- claims ----------------------------------------------------------------------------------------------------

    @property
    def _of_subscriber(self) -> ColumnElement[bool]:
        lanes = self._lanes
        return (lanes.c.tenant == bindparam("at_tenant")) & (lanes.c.subscriber == bindparam("at_name"))

    @property
    def _one(self) -> ColumnElement[bool]:
        return self._of_subscriber & (self._lanes.c.pilot_id == bindparam("at_id"))

    @property
    def _held(self) -> ColumnElement[bool]:
        return self._one & self._lanes.c.claimed & (self._lanes.c.token == bindparam("at_token"))

    @cached_property
    def due(self) -> Statement:
        """Lock those lanes that are due and that nobody else holds, and read them."""
        lanes = self._lanes
        wanted = select(*(lanes.c[name] for name in CLAIM)).where(self._of_subscriber, lanes.c.due <= bindparam("now"))
        ordered = wanted.order_by(lanes.c.due, lanes.c.pilot_id).limit(bindparam("limit")).offset(ZERO)
        return self._text(ordered.with_for_update(skip_locked=True))

    @cached_property
    def claim(self) -> Statement:
        """Take a lane that was locked."""
        held = {"token": bindparam("token"), "due": bindparam("until"), "claimed": true()}
        return self._text(update(self._lanes).where(self._one).values(held))

    @cached_property
    def renew(self) -> Statement:
        """Hold a lane longer."""
        lasts = self._lanes.c.due > bindparam("now")
        return self._text(update(self._lanes).where(self._held, lasts).values(due=bindparam("until")))

    @cached_property
    def settle(self) -> Statement:
        """Note what came of a claim."""
        lanes = self._lanes
        delivered = bindparam("delivered", type_=BigInteger)
        arrived = case((delivered > lanes.c.delivered, ZERO), else_=lanes.c.attempts)
        behind = (lanes.c.target > delivered) & ~bindparam("parked", type_=lanes.c.parked.type)
        return self._text(
            update(lanes)
            .where(self._held)
            .ordered_values(
                (lanes.c.attempts, arrived + bindparam("failed", type_=Integer)),
                (lanes.c.due, case((behind, bindparam("again", type_=BigInteger)), else_=null())),
                (lanes.c.delivered, delivered),
                (lanes.c.claimed, false()),
                (lanes.c.parked, bindparam("parked")),
                (lanes.c.error, bindparam("error")),
            )
        )

    def _resend(self, moved: bool) -> Statement:  # noqa: FBT001  # the key of a cache
        """Wake a lane, from behind a version where that is given."""
        lanes = self._lanes
        after = bindparam("after", type_=BigInteger)
        delivered = case((lanes.c.target < after, lanes.c.target), else_=after) if moved else lanes.c.delivered
        behind = lanes.c.target > delivered
        return self._text(
            update(lanes)
            .where(self._one)
            .ordered_values(
                (lanes.c.due, case((behind, bindparam("now", type_=BigInteger)), else_=null())),
                (lanes.c.delivered, delivered),
                (lanes.c.token, bindparam("token")),
                (lanes.c.attempts, ZERO),
                (lanes.c.claimed, false()),
                (lanes.c.parked, false()),
                (lanes.c.error, null()),
            )
        )

    # -- looking ---------------------------------------------------------------------------------------------------

    def _some_lanes(self, after: bool, parked: bool) -> Statement:  # noqa: FBT001  # the key of a cache
        """Return the statement for lanes behind an id, parked or not, where that is asked."""
        lanes = self._lanes
        wanted = select(*(lanes.c[name] for name in LANE)).where(self._of_subscriber)
        if after:
            wanted = wanted.where(lanes.c.pilot_id > bindparam("after"))
        if parked:
            wanted = wanted.where(lanes.c.parked == bindparam("parked"))
        return self._text(wanted.order_by(lanes.c.pilot_id).limit(bindparam("limit")).offset(ZERO))

    @cached_property
    def lag(self) -> Statement:
        """How many lanes there are, how many are behind, how many are parked."""
        lanes = self._lanes
        one: ColumnElement[int] = literal_column("1")
        behind = func.count(case((lanes.c.target > lanes.c.delivered, one)))
        parked = func.count(case((lanes.c.parked, one)))
        return self._text(select(func.count(), behind, parked).select_from(lanes).where(self._of_subscriber))


def _row(*given: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Return a new lane, of which are given: tenant, subscriber, pilot, delivered, target, due."""
    tenant, subscriber, pilot, delivered, target, due = given
    return [
        value.label(name)
        for name, value in zip(
            COLUMNS, (tenant, subscriber, pilot, delivered, target, ZERO, due, ZERO, false(), false()), strict=True
        )
    ]


def _later(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one > other, one), else_=other)
