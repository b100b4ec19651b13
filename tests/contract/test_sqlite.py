from tests.contract.scratch import OnScratch


class TestSqlite(OnScratch):
    kind = "sqlite"
