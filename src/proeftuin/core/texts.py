"""Placeholder until the words are written."""
from proeftuin.core.frozen import FrozenDict
TEXTS = FrozenDict()
PROBLEMS = FrozenDict()
