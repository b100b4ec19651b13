"""How hard the suite tries: quick on every change, ten times as hard before a release."""

import os

RELEASE = os.environ.get("PROEFTUIN_PROFILE") == "release"


def scaled(count: int) -> int:
    """The number of examples, mutations or kills for this run, where `count` is that of the quick suite."""
    return count * 10 if RELEASE else count
