"""`manage.py tick`, for a timer: once a day at least."""

from django.core.management.base import BaseCommand, CommandError

from hr.pilots import engine


class Command(BaseCommand):
    """Does what is due."""

    help = "Does what is due on every pilot, once."

    def handle(self, **_: object) -> None:
        """Tell how many pilots there was something due on."""
        work = engine().tick()
        self.stdout.write(f"{work.done} pilots")
        if work.failed:
            raise CommandError(f"{work.failed} pilots could not be read; the log says why")
