"""Runs the pilots of proeftuin on Temporal: each pilot is a workflow there."""

from proeftuin_temporal._activities import Delivery, Projection
from proeftuin_temporal._engine import TemporalEngine
from proeftuin_temporal._rules import Rules
from proeftuin_temporal._worker import pilot_worker
from proeftuin_temporal._workflow import pilot_workflow

__all__ = ["Delivery", "Projection", "Rules", "TemporalEngine", "pilot_worker", "pilot_workflow"]
