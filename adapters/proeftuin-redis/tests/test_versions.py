"""A version never changes in Redis either: pilots outlive the file, and of two files one is kept."""

from contextlib import closing

from proeftuin_redis import RedisStore, open_redis
from tests.versioning import lives_on, race


def test_a_pilot_outlives_the_file_of_its_workflow(store: RedisStore) -> None:
    """With the file gone a pilot is still asked, moved, drawn, ticked, delivered and verified."""
    lives_on(store)


def test_of_two_files_of_one_version_one_is_kept(url: str) -> None:
    """Of two clients that begin by different files of one version at once, one begins and the other is told."""
    with closing(open_redis(url)) as one, closing(open_redis(url)) as other:
        race((one, other))
