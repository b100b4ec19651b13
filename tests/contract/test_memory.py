from proeftuin.testing.bench import Lab
from proeftuin.testing.courier import Courier
from proeftuin.testing.opening import Address
from tests.contract.scratch import OnScratch
from tests.scale import scaled


class TestMemory(OnScratch):
    kind = "memory"
    steps = scaled(100_000)

    def test_a_token_is_good_for_one_claim_only(self) -> None:
        """A claim from before its subscriber left settles nothing when a subscriber of that name has come back."""
        with Lab(Address("memory://")).bench() as bench:
            courier = Courier(bench)
            courier.subscribe()
            bench.begin()
            courier.fan_out()
            claim = courier.claimed("p1")
            assert courier.lanes.unsubscribe(bench.tenant, courier.name)
            courier.subscribe(beginning=True)
            again = courier.claimed("p1")
            assert not courier.settle(claim)
            assert courier.settle(again)
