"""Holidays by jurisdiction, also where the package knows none."""

from datetime import date

import pytest

from clinic.public_holidays import holidays_in


@pytest.mark.parametrize(
    ("jurisdiction", "day", "is_holiday"),
    [
        ("US-UT", date(2026, 7, 24), True),  # Pioneer Day, in Utah only
        ("US-AZ", date(2026, 7, 24), False),
        ("US-UT", date(2026, 11, 26), True),  # the fourth Thursday
        ("US-UT", date(2026, 7, 3), True),  # the Fourth is a Saturday
        ("US", date(2026, 7, 24), False),
        ("US-XX", date(2026, 11, 26), True),  # no such part: those of the country
        ("GB-SCT", date(2026, 11, 30), True),  # St. Andrew's Day
        ("GB-SCT", date(2026, 4, 6), False),  # Easter Monday, not in Scotland
        ("DE-BE", date(2026, 10, 3), True),
        ("ZZ-YY", date(2026, 12, 25), False),
        ("ZZ", date(2026, 12, 25), False),
        ("", date(2026, 12, 25), False),
        ("*", date(2026, 12, 25), False),
    ],
)
def test_days_that_are_and_days_that_are_not(jurisdiction, day, is_holiday):
    assert (day in holidays_in(jurisdiction, day.year)) is is_holiday


def test_names_are_in_english():
    assert holidays_in("DE-BE", 2026)[date(2026, 10, 3)] == "German Unity Day"
    assert holidays_in("US-UT", 2026)[date(2026, 11, 26)] == "Thanksgiving Day"


def test_only_days_of_the_year_asked_for():
    assert {day.year for day in holidays_in("US-UT", 2027)} == {2027}
