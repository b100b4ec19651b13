"""The kit under pytest: one class to inherit from, which makes a test of every case in every size."""

from typing import ClassVar

import pytest

from proeftuin.testing.bench import Lab
from proeftuin.testing.case import Case
from proeftuin.testing.cases import CASES
from proeftuin.testing.commits import CROWD
from proeftuin.testing.files import NEARBY
from proeftuin.testing.hosts import SQLALCHEMY
from proeftuin.testing.model import check_model
from proeftuin.testing.opening import Address
from proeftuin.testing.run import SIZES

PARTS = 10  # of the calls side by side, so that no test takes long


class StoreContract:
    """What every store must do; inherit from it, and say where a store is.

    Attributes:
        url: a scratch database; what the cases write stays in it. With `{}` in it each test gets a store of its own. Or
            override the fixture `store_url`, which gives one.
        opener: `module:function` that opens the URL, for a store that is not installed.
        host: `module:function` that begins a transaction of a host on it; see `proeftuin.testing.hosts`.
        files: `module:function` that finds the files of the store; see `proeftuin.testing.files`.
        steps: how many calls are made on it and on the reference side by side.
        crowd: how many other pilots stand beside those of a case, in the size `crowded`.
    """

    url: ClassVar[str] = ""
    opener: ClassVar[str | None] = None
    host: ClassVar[str] = SQLALCHEMY
    files: ClassVar[str] = NEARBY
    steps: ClassVar[int] = 1000
    crowd: ClassVar[int] = CROWD

    @pytest.fixture
    def store_url(self) -> str:
        """The URL of the store, which a class may also give by overriding this fixture."""
        if not self.url:
            pytest.fail(f"{type(self).__name__} names no store; give it a `url`", pytrace=False)
        return self.url

    @pytest.mark.parametrize("case", CASES, ids=str)
    @pytest.mark.parametrize("size", SIZES)
    def test_case(self, store_url: str, size: str, case: Case) -> None:
        """Each case of the kit holds for this store."""
        address = Address(store_url, self.opener)
        lab = Lab(address, min(SIZES[size], self.crowd), self.host, self.files)
        with lab.bench() as bench:
            reason = lab.unmet(case, bench.store)
            if reason:
                pytest.skip(f"{case}: {reason}")
            try:
                case.run(bench)
            except Exception as error:
                error.add_note(case.blame())
                raise

    @pytest.mark.parametrize("part", range(PARTS))
    def test_model(self, store_url: str, part: int) -> None:
        """Whatever is called in whatever order, this store gives what the reference gives."""
        del part  # each has other calls
        check_model(store_url, opener=self.opener, steps=self.steps // PARTS)
