"""What things are known by in logs: two tenants may have pilots of one id, and their logs can be put together.

The name of a tenant, but for `default`, stands before what is known by the id of a pilot or a party.
"""

from urllib.parse import quote

from proeftuin.spi.sinks import DEFAULT_TENANT


def own(tenant: str, name: str) -> str:
    """Return what a pilot or an event of a tenant is known by."""
    return name if tenant == DEFAULT_TENANT else f"{quote(tenant, safe='')}:{name}"


def identity(kind: str, tenant: str, *parts: str) -> str:
    """Return the id of an object of a tenant; whatever the parts are, no two objects share it."""
    named = parts if tenant == DEFAULT_TENANT else (tenant, *parts)
    return "/".join((kind, *(one.replace("%", "%25").replace("/", "%2F") for one in named)))
