"""The tables of the pilots come and change with `manage.py migrate`, as those of the site do."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate

from proeftuin.storage import upgrade_schema


class HrConfig(AppConfig):
    """The app."""

    name = "hr"

    def ready(self) -> None:
        """Have our tables made, or brought to the present version."""
        post_migrate.connect(upgrade, sender=self)


def upgrade(**_: Any) -> None:  # noqa: ANN401  # what Django tells is of no use here
    """Do so."""
    upgrade_schema(settings.PILOTS_STORE)
