from tests.contract.scratch import OnScratch
from tests.scale import scaled


class TestMariadb(OnScratch):
    kind = "mariadb"
    steps = scaled(10_000)
