import json
from collections.abc import Callable
from typing import Any

from attrs import frozen

from proeftuin import Actor

COORDINATOR = ("--as", "lead-1", "--role", "coordinator")
BOARD = ("--as", "board-1", "--role", "board")
SUPPLIER = ("--as", "account-1", "--role", "supplier_lead", "--party", "sodexo")


@frozen
class Answer:
    """What one command gave: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def problem(self) -> Any:
        return json.loads(self.err)


Run = Callable[..., Answer]


def lead() -> Actor:
    """Who acts in COORDINATOR."""
    return Actor("lead-1", roles={"coordinator"})
