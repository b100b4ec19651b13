"""Small disks for a server's tables, and writing until there is no room."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from proeftuin.core.pilot import Pilot
from proeftuin.errors import StoreError
from proeftuin.spi import Store
from tests.stores import advance, begin

MEGABYTE = 2**20


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of this size in a folder; the test is skipped where the account may not mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607  # the system's own


def incompressible(seed: int, size: int) -> str:
    """Text that no database makes smaller."""
    return random.Random(seed).randbytes(size // 2).hex()


def until_it_fails(store: Store, *, size: int, most: int = 2000) -> tuple[Pilot, StoreError]:
    """Write until a commit fails; the pilot as it was last acknowledged, and the error."""
    pilot = begin(store)
    for number in range(most):
        try:
            pilot = advance(store, pilot, blob=incompressible(number, size))
        except StoreError as error:
            return pilot, error
    raise AssertionError("it was never full")
