"""The same calls for programs, as JSON."""

from starlette.routing import Route


def routes() -> list[Route]:
    """Return what is below `/api/v1`."""
    return []
