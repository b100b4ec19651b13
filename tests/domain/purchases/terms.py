"""The terms of `small-purchases`: section 3.1.5, each clock on exactly its days."""

from collections.abc import Mapping

from tests.domain.common.terms import TERMS as COMMON
from tests.domain.common.terms import on_track
from tests.domain.domain import Term

# Months: 2 February 2027 is day 337; 2 March 2027 is day 365.
TERMS: Mapping[str, Term] = {
    **COMMON,
    "refresh": Term(
        on_track("category", "draft", "open"), ((337, "reminded", "procurement"), (365, "refresh_due", ""))
    ),
}
