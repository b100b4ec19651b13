from tests.contract.scratch import OnScratch
from tests.scale import scaled


class TestMemory(OnScratch):
    kind = "memory"
    steps = scaled(10_000)
