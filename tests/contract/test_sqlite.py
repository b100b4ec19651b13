from tests.contract.scratch import OnScratch
from tests.scale import scaled


class TestSqlite(OnScratch):
    kind = "sqlite"
    steps = scaled(10_000)
