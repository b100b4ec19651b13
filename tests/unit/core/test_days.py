from datetime import UTC, date, datetime

import pytest

from proeftuin.core.days import day_of, day_or_moment_of


def test_a_day_is_read_in_one_form() -> None:
    """A text YYYY-MM-DD is that day, up to the first and last that there are."""
    days = (date(2026, 3, 2), date(2024, 2, 29), date.min, date.max)
    assert list(days) == [day_of(one.isoformat()) for one in days]


@pytest.mark.parametrize(
    "odd",
    [
        "20260302",
        "2026-W10-1",
        "2026W101",
        "2026-W10",
        "2026-061",
        "2026-3-2",
        "2026-02-30",
        "0000-01-01",
        "2026-03-02T09:00",
        " 2026-03-02",
        "2026-03-02\n",
        "２０２６-03-02",  # noqa: RUF001  # digits that are none of ASCII's
        "",
        20260302,
        None,
        date(2026, 3, 2),
        b"2026-03-02",
    ],
)
def test_other_forms_are_no_day(odd: object) -> None:
    """The other forms of ISO 8601, which the standard library takes, are none: whoever writes them may mean another."""
    assert day_of(odd) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T09:00", datetime(2026, 3, 2, 9)),  # noqa: DTZ001  # as it is written
        ("2026-03-02T09:00+00:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        *(
            (odd, None)
            for odd in ("20260302", "20260302T0900", "2026-W10-1", "2026-02-30", "2026-03-02T25:00", "x", "")
        ),
    ],
)
def test_a_moment_is_a_day_with_a_time_behind_it(text: str, found: date | None) -> None:
    """A day stays a day, with a time behind it it is a moment, and anything else is neither."""
    came = day_or_moment_of(text)
    assert (type(found), found) == (type(came), came)
