"""What a refusal or warning says, per code and language, in words for who has to act on it.

A template is filled by plain substitution: `{name}` is a fact of the blocker, in words where it has a label; `{track}`
and `{trigger}` are what was fired; `{what}` is the first thing that would help, and `{who}` the roles that can do it. A
name that a blocker does not have leaves nothing behind. A code with `/never` is said where nothing would help any more.

The texts of codes that a workflow gives itself, by `code`, are in its file. `PROBLEMS` are the words for what is wrong
with a value: each follows on the name of its field.
"""

from collections.abc import Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.texts._engine import ENGINE
from proeftuin.core.texts._metrics import METRICS
from proeftuin.core.texts._migrations import MIGRATIONS
from proeftuin.core.texts._people import PEOPLE
from proeftuin.core.texts._problems import PROBLEMS
from proeftuin.core.texts._purchases import PURCHASES
from proeftuin.core.texts._records import RECORDS
from proeftuin.core.texts._said import said
from proeftuin.core.texts._tenders import TENDERS
from proeftuin.core.texts._tracks import TRACKS

__all__ = ["PROBLEMS", "RELATED", "TEXTS"]

TEXTS: Mapping[str, Mapping[str, str]] = FrozenDict(
    {**ENGINE, **MIGRATIONS, **METRICS, **PEOPLE, **RECORDS, **TRACKS, **TENDERS, **PURCHASES}
)

# Who somebody is to a pilot or a record, where no role says it.
RELATED: Mapping[str, Mapping[str, str]] = FrozenDict(
    {
        "starter": said("whoever started the pilot", "wie de proeftuin heeft gestart"),
        "adder": said("whoever recorded it", "wie het heeft vastgelegd"),
        "reminded": said("whoever was reminded", "wie de herinnering kreeg"),
    }
)
