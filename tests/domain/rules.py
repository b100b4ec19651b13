"""The rules of the domain as tables, written down by hand from its description and not from the workflow file."""

from tests.domain.rows import AFTER_CLOSING, WHILE_PAUSED, Check, Row, fine, no, warn
from tests.domain.rules_pilot import MOVES
from tests.domain.rules_records import RECORDS
from tests.domain.rules_tracks import TRACKS

__all__ = ["AFTER_CLOSING", "TABLE", "WHILE_PAUSED", "Check", "Row", "fine", "no", "warn"]

TABLE = (*MOVES, *RECORDS, *TRACKS)
