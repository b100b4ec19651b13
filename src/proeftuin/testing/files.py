"""How the kit looks at the files of a store, to see whether what was forgotten is gone from them.

A store keeps its files where it likes, so its author names a function that finds them: it takes the URL, and returns
the paths of all files in which the store keeps anything, or None where they are out of reach, as those of a server are.
The one here knows the stores that come with proeftuin.
"""

from collections.abc import Callable
from pathlib import Path

Files = Callable[[str], tuple[Path, ...] | None]

NEARBY = f"{__name__}:nearby"
SQLITE = "sqlite:///"


def nearby(url: str) -> tuple[Path, ...] | None:
    """Return the database file of SQLite at a URL, and what SQLite keeps beside it; None for any other store."""
    if not url.startswith(SQLITE):
        return None
    path = Path(url.removeprefix(SQLITE).partition("?")[0]).absolute()
    return tuple(sorted(path.parent.glob(f"{path.name}*")))
