"""The terms of `tender`: section 3.1.5, each clock on exactly its days."""

from collections.abc import Mapping

from tests.domain.common.terms import TERMS as COMMON
from tests.domain.domain import Term
from tests.domain.people.terms import terms

TERMS: Mapping[str, Term] = {**COMMON, **terms("contract", "agreed")}
