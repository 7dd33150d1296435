"""Which day it is where the places of the clinic do not agree about it."""

from datetime import UTC, date, datetime

import pytest

from clinic.days import earliest_day, first_place_day, latest_day
from tests import factories

pytestmark = pytest.mark.django_db
EVENING = datetime(
    2026, 3, 2, 4, 30, tzinfo=UTC
)  # half past nine in Denver, the day before


def test_each_question_has_its_place():
    for slug, zone in [
        ("denver", "America/Denver"),
        ("sydney", "Australia/Sydney"),
        ("honolulu", "Pacific/Honolulu"),
    ]:
        factories.LocationFactory(slug=slug, zone=zone, equipment=False)
    tokyo_midnight = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)

    assert first_place_day(EVENING) == date(2026, 3, 1)
    assert earliest_day(tokyo_midnight) == date(2026, 3, 1)  # Honolulu
    assert first_place_day(tokyo_midnight) == date(2026, 3, 2)
    assert latest_day(datetime(2026, 3, 1, 14, tzinfo=UTC)) == date(2026, 3, 2)


def test_without_a_place_it_is_that_of_greenwich():
    for today in (first_place_day, earliest_day, latest_day):
        assert today(EVENING) == date(2026, 3, 2)
