"""The kit for sinks under pytest: one class to inherit from, which makes a test of every case."""

import pytest

from proeftuin.testing.sinks import CASES, SinkBench, SinkCase


class SinkContract(SinkBench):
    """What every sink must do; inherit from it, and fill in what `SinkBench` asks for.

    A case that calls for a method which is not given is skipped, with the reason.
    """

    @pytest.mark.parametrize("case", CASES, ids=str)
    def test_case(self, case: SinkCase) -> None:
        """Each case of the kit holds for this sink."""
        reason = case.unmet(self)
        if reason is not None:
            pytest.skip(f"{case}: {reason}")
        try:
            case.run(self)
        except Exception as error:
            error.add_note(f"{case}: {case.claim} See docs/write-a-sink.md")
            raise
