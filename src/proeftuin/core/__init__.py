"""The functional core: no IO, no clock, no log, no randomness."""
