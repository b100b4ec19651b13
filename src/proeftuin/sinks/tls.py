"""TLS as a configuration names it: which certificates are trusted, and with which we prove who we are."""

import ssl
from collections.abc import Mapping
from pathlib import Path

from proeftuin.errors import BadArgument

FILES = ("authority", "certificate", "key")
"""The options of a sink that goes over TLS."""


def context(files: Mapping[str, str]) -> ssl.SSLContext:
    """Return how TLS is done: certificates and the names of hosts are always verified.

    Args:
        files: `authority`, a file of certificates to trust instead of the system's; `certificate` and `key`, files with
            which we prove who we are. Other names are passed over.

    Raises:
        BadArgument: for a file that is not there, or cannot be used.
    """
    files = {name: files[name] for name in FILES if name in files}
    for name, file in files.items():
        if not Path(file).is_file():
            raise BadArgument(name, "there is no such file")
    if "key" in files and "certificate" not in files:
        raise BadArgument("key", "a key belongs to a `certificate`")
    name = "authority"
    try:
        made = ssl.create_default_context(cafile=files.get(name))
        if "certificate" in files:
            name = "certificate"
            made.load_cert_chain(files[name], files.get("key"), password=lambda: b"")
    except (ssl.SSLError, OSError):
        raise BadArgument(name, "it cannot be used for TLS") from None
    return made
