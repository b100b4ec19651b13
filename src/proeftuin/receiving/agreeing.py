"""Whether somebody may send us anything: the answer to the question with which a sender begins."""

from collections.abc import Iterable, Mapping

from proeftuin.errors import BadArgument


def agree(headers: Mapping[str, str], origins: Iterable[str]) -> dict[str, str]:
    """Return the headers with which a request with the method OPTIONS is answered, status 200 or 204.

    A sender that was given an `origin` asks so before it sends anything, and again each day.

    Args:
        headers: of the request, as your framework gives them; the case of their names does not matter.
        origins: the DNS names of the systems that may send, such as `pilots.city.example`. No name stands for all.

    Returns:
        Headers by which the sender may call us; none, where who asks is not one of them.

    Raises:
        BadArgument: for one text instead of several, of which each letter would be a name.

    Note:
        It proves nothing about who asks; that a delivery is genuine is for `verify` to say.
    """
    if isinstance(origins, str):
        raise BadArgument("origins", "give a set of names, such as {'pilots.city.example'}")
    asked = {str(name).lower(): str(value) for name, value in headers.items()}.get("webhook-request-origin", "").strip()
    if not asked or asked.lower() not in {one.lower() for one in origins}:
        return {}
    return {"Allow": "OPTIONS, POST", "WebHook-Allowed-Origin": asked, "WebHook-Allowed-Rate": "*"}
