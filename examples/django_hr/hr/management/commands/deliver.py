"""`manage.py deliver`, for a timer: as often as others should hear of the pilots."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hr.pilots import engine
from proeftuin.sinks import open_sink


class Command(BaseCommand):
    """Delivers."""

    help = "Delivers to each sink in the settings what it has not had, once."

    def handle(self, **_: object) -> None:
        """Tell how many events arrived."""
        for name in settings.PILOTS_SINKS:
            engine().subscribe(name, start="beginning")  # said again, it changes nothing
        sinks = {name: open_sink(url, options) for name, (url, options) in settings.PILOTS_SINKS.items()}
        work = engine().deliver(sinks)
        self.stdout.write(f"{work.done} events")
        if work.failed:
            raise CommandError(f"{work.failed} deliveries failed, and will be tried again; the log says why")
