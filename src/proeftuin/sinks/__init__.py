"""Sinks: where events are delivered. `open_sink` finds one by the scheme of its URL.

A scheme is looked up among those that ship with the library, then among the entry points of the group
`proeftuin.sinks`: a function that takes the URL and a mapping of options, and returns a `proeftuin.spi.Sink`. Nothing
is imported before it is asked for.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from proeftuin import schemes
from proeftuin.errors import BadArgument
from proeftuin.spi.sinks import Sink, SinkOpener

GROUP = "proeftuin.sinks"
_WEBHOOK = ("proeftuin.sinks.webhook", "open_webhook")
BUILT_IN = MappingProxyType({"log": ("proeftuin.sinks.log", "open_log"), "https": _WEBHOOK, "http": _WEBHOOK})


def open_sink(url: str, options: Mapping[str, Any] = MappingProxyType({})) -> Sink:
    """Open the sink that a URL names.

    Args:
        url: `log://`, `https://...`, or one of an installed adapter.
        options: what the kind of sink knows beside its URL, such as secrets, which have no place in a URL.

    Raises:
        BadArgument: for what is no URL, a scheme that nothing installed can open, or an option that it does not know.
    """
    scheme, separator, _ = url.partition("://")
    if not separator:
        raise BadArgument("url", "it is no URL of a sink; write scheme://..., such as log://")
    opener = schemes.opener(scheme.lower(), BUILT_IN, GROUP)
    if opener is None:
        known = schemes.known(BUILT_IN, GROUP)
        raise BadArgument("url", f"no sink is installed for {scheme.lower()}://; there is {known}")
    return cast("SinkOpener", opener)(url, options)
