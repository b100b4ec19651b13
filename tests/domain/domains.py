"""What the domain says of each bundled workflow; `domain.py` tells how one is added."""

from tests.domain.domain import Domain
from tests.domain.existing.domain import EXISTING_CONTRACT
from tests.domain.programme.domain import PROGRAMME
from tests.domain.purchases.domain import SMALL_PURCHASES
from tests.domain.tender.domain import TENDER

DOMAINS: tuple[Domain, ...] = (EXISTING_CONTRACT, TENDER, SMALL_PURCHASES, PROGRAMME)
