"""The engine, as this site uses it."""

from functools import cache

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction

from proeftuin import Actor, Engine


@cache
def engine() -> Engine:
    """Return the engine of this process, opened when it is first asked for."""
    return Engine.open(settings.PILOTS_STORE)


def inside() -> Engine:
    """Return it inside the transaction that `atomic` holds: what it writes and what the site writes are one."""
    return engine().using(connection, on_commit=transaction.on_commit)


def actor(user: User) -> Actor:
    """Return who acts: the groups of a user are the roles."""
    return Actor(user.username, roles=user.groups.values_list("name", flat=True))
