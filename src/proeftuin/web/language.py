"""In which language somebody reads: what was chosen on a page, or else what the browser asks for first."""

from collections.abc import Iterator

from starlette.requests import Request

from proeftuin.core.workflow import LANGUAGES

COOKIE = "proeftuin_lang"


def chosen(request: Request) -> str | None:
    """Return the language that the address asks for, None where it asks for none of ours."""
    asked = request.query_params.get("lang")
    return asked if asked in LANGUAGES else None


def language(request: Request) -> str:
    """Return `en` or `nl`."""
    kept = request.cookies.get(COOKIE)
    if (asked := chosen(request)) is not None:
        return asked
    if kept in LANGUAGES:
        return kept
    return next(_preferred(request.headers.get("accept-language", "")), "en")


def _preferred(header: str) -> Iterator[str]:
    """Give those of ours that a browser accepts, the best first."""
    weighed: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        name, *rest = (one.strip().lower() for one in part.split(";"))  # there may be blanks around each
        try:
            weight = float(next((one[2:] for one in rest if one.startswith("q=")), 1))
        except ValueError:
            continue
        weighed.append((-weight, name.split("-")[0]))
    yield from (name for weight, name in sorted(weighed, key=lambda one: one[0]) if name in LANGUAGES and weight)
