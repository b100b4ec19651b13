from tests.contract.scratch import OnScratch


class TestMemory(OnScratch):
    kind = "memory"
