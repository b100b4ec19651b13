from tests.contract.scratch import OnScratch
from tests.scale import scaled


class TestPostgresql(OnScratch):
    kind = "postgresql"
    steps = scaled(10_000)
